"""How ids are made of texts."""

import re
import unicodedata
from collections.abc import Collection

from forwhom.documents.base import LONGEST_ID


def slug(text: str, most: int = 40, *, every_script: bool = False) -> str:
    """Return a text as small letters, digits and hyphens; empty where it has none of them.

    Letters are those of ASCII, as other formats ask for, or of ``every_script``.
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    if every_script:
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    else:
        plain = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[\W_]+", "-", plain)[:most].strip("-")


def in_id(name: str) -> str:
    """Return a name as part of the id of evidence, which a canvas can cite.

    >>> in_id("Revenue (EUR)"), in_id("spend"), in_id("?")
    ('Revenue-EUR', 'spend', 'variable')
    """
    return re.sub(r"[^\w-]+", "-", name.strip()).strip("-") or "variable"


def unused(wanted: str, taken: Collection[str]) -> str:
    """Return an id that is not taken: the wanted one, or with the first number that is free.

    A long one is cut, so that the number still fits into an id.
    """
    name, number = wanted[:LONGEST_ID].rstrip("-"), 2
    while name in taken:
        end = f"-{number}"
        name, number = wanted[: LONGEST_ID - len(end)].rstrip("-") + end, number + 1
    return name
