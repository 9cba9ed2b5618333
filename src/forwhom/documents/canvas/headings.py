"""Headings of blocks as people write them, and the topics that they stand for."""

import re
import unicodedata
from functools import cache
from importlib import resources

from forwhom.documents.yamlfile import parse_yaml

_FOLDER = "forwhom.documents.canvas"
#: A number, a letter with a bracket, or a sign, before a heading.
_NUMBERED = re.compile(r"^\W*(?:(?:no|nr)\W+)?(?:\d+|[a-z](?=[).:]))?\W*", re.IGNORECASE)
#: Between two names of one block: "Costs & expenses".
_TWO = re.compile(r"[/&+|,]|\s(?:and|und|et|y|e)\s", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[{（][^)\]}）]*[)\]}）]?")


def topic_of(heading: str) -> str | None:
    """Return the topic that a heading stands for; None where nobody calls a block that."""
    known = _known().get(heading_key(heading))
    if known is not None:
        return known
    parts = [_known().get(heading_key(part)) for part in _TWO.split(heading)]
    return parts[0] if len(set(parts) - {None}) == 1 and parts[0] is not None else None


def heading_key(heading: str) -> str:
    """Return a heading as it is compared: ``"2. Customer Segments (who?):"`` has customersegments.

    >>> heading_key("2. Customer Segments (who?):") == heading_key("customer_segments")
    True
    """
    text = _NUMBERED.sub("", _IN_BRACKETS.sub(" ", heading.replace("_", " ")))
    text = re.sub(r"\s*(?:&|\+)\s*", " and ", text)
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    return "".join(sign for sign in plain if sign.isalpha())


@cache
def _known() -> dict[str, str]:
    # The frameworks read their files with the errors that ask for these names.
    from forwhom.documents.canvas.frameworks import framework_names, read_framework

    known: dict[str, str] = {}
    for name in ("business-model-canvas", "lean-canvas", *framework_names()):
        for block in read_framework(name).blocks:
            known.setdefault(heading_key(block.name), block.topics[0])
        for topic in read_framework(name).topics:
            known.setdefault(heading_key(topic), topic)
    text = (resources.files(_FOLDER) / "headings.yaml").read_text(encoding="utf-8")
    for topic, languages in parse_yaml(text, "headings.yaml").data.items():
        for heading in [one for names in languages for one in names]:
            known.setdefault(heading_key(heading), topic)
    return known
