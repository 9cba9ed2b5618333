"""Headings of blocks as people write them, and the topics that they stand for."""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

from forwhom.documents.yamlfile import parse_yaml

_FOLDER, _FRAMEWORKS = "forwhom.documents", "forwhom.documents.frameworks"
#: A number, a letter with a bracket, or a sign, before a heading.
_NUMBERED = re.compile(r"^\W*(?:(?:no|nr)\W+)?(?:\d+|[a-z](?=[).:]))?\W*", re.IGNORECASE)
#: Between two names of one block: "Costs & expenses".
_TWO = re.compile(r"[/&+|,]|\s(?:and|und|et|y|e)\s", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(（][^)）]*[)）]?")


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
    known: dict[str, str] = {}
    for block in _blocks():
        known.setdefault(heading_key(block["name"]), block["topics"][0])
    for topic in [topic for block in _blocks() for topic in block["topics"]]:
        known.setdefault(heading_key(topic), topic)
    text = (resources.files(_FOLDER) / "headings.yaml").read_text(encoding="utf-8")
    for topic, languages in parse_yaml(text, "headings.yaml").data.items():
        for heading in [one for names in languages for one in names]:
            known.setdefault(heading_key(heading), topic)
    return known


@cache
def _blocks() -> list[dict[str, Any]]:
    """The blocks of all frameworks, those of the best known first."""
    files = [one for one in resources.files(_FRAMEWORKS).iterdir() if one.name.endswith(".yaml")]
    first = {"business-model-canvas.yaml": 0, "lean-canvas.yaml": 1}
    files.sort(key=lambda one: (first.get(one.name, 2), one.name))
    read = [parse_yaml(one.read_text(encoding="utf-8"), one.name).data for one in files]
    return [block for framework in read for block in framework["blocks"]]
