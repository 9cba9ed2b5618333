"""A drawing as PNG or PDF: its shapes are a picture, and the typesetter sets its words.

In the text of a picture, letters of other writing systems fall apart; what the typesetter sets is
shaped as it must be, and can be searched and copied in a PDF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from forwhom.report.drawing.lettering import SANS, right_to_left
from forwhom.report.drawing.mirroring import EMBED, POP, moved
from forwhom.report.typefaces import BROUGHT
from forwhom.report.typesetting import SHEET, typeset

_SPACE = "{http://www.w3.org/2000/svg}"
#: What a text has from those around it where it says nothing itself.
_GIVEN = {
    "font-size": "16", "font-weight": "400", "font-style": "normal", "fill": "#000000",
    "text-anchor": "start", "font-family": "sans-serif", "paint-order": "normal", "stroke": "none",
}  # fmt: skip
_BACK = {"start": 0.0, "middle": 0.5, "end": 1.0}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
#: Points of a pixel.
_UNIT = 0.75


def picture_of(svg: str, kind: Literal["pdf", "png"]) -> bytes:
    """Turn a drawing (SVG) into a picture or a page of its size."""
    from lxml import etree

    drawing = etree.fromstring(svg.encode())
    wide, high = (float(drawing.get(side) or 0) for side in ("width", "height"))
    words = list(_words(drawing))
    named = {name: drawing.findtext(f"{_SPACE}{name}") or "" for name in ("title", "desc")}
    sheet = {
        "title": named["title"],
        "alt": f"{named['title']}. {named['desc']}",
        "lang": "en",
        "paper": {"width": wide * _UNIT, "height": high * _UNIT},
        "fill": "#ffffff",
        "unit": _UNIT,
        "left": 0,
        "top": 0,
        "width": wide,
        "words": words,
    }
    files = {
        "sheet.json": json.dumps(sheet, ensure_ascii=False).encode(),
        "shapes.svg": etree.tostring(drawing),
    }
    return typeset(SHEET, kind, files)


def _words(drawing: Any) -> Iterator[dict[str, Any]]:
    """Take the words out of a drawing; those that are turned or in parts stay in it."""
    rules = tuple(_rules("".join(drawing.itertext(f"{_SPACE}style"))))
    for text in list(drawing.iter(f"{_SPACE}text")):
        place = _place(text)
        if place is None or len(text) or not (text.text or "").strip():
            continue
        look = _look(text, rules)
        text.getparent().remove(text)
        said, marked = text.text.strip(EMBED + POP), text.text.startswith(EMBED)
        yield {
            "text": said,
            "x": place[0],
            "y": place[1],
            "size": float(look["font-size"].removesuffix("px")),
            "weight": {"bold": 700, "normal": 400}.get(look["font-weight"])
            or int(look["font-weight"]),
            "style": look["font-style"],
            "fill": look["fill"],
            "font": [*_families(look["font-family"]), *SANS, *BROUGHT],
            "rtl": marked or right_to_left(said),
            "back": _BACK[look["text-anchor"]],
            "halo": look["stroke"] if look["paint-order"] == "stroke" else None,
        }


def _place(text: Any) -> tuple[float, float] | None:
    """Return where a text stands on the whole drawing; nothing where it is turned."""
    by = None if text.get("transform") else moved(text)
    if by is None:
        return None
    return by[0] + float(text.get("x", 0)), by[1] + float(text.get("y", 0))


def _look(
    text: Any, rules: tuple[tuple[str, frozenset[str], dict[str, str]], ...]
) -> dict[str, str]:
    """Return how a text looks: by its attributes, by the style sheet, by those around it."""
    look: dict[str, str] = {}
    one = text
    while one is not None:
        own = {name: one.get(name) for name in _GIVEN if one.get(name)}
        inline = _declared(one.get("style") or "")
        classes = frozenset((one.get("class") or "").split())
        tag = one.tag.removeprefix(_SPACE)
        for wanted, names, declared in rules:
            if wanted in ("", tag) and names <= classes and (wanted or names):
                own |= {k: v for k, v in declared.items() if k in _GIVEN}
        look = own | inline | look
        one = one.getparent()
    return _GIVEN | look


@cache
def _rules(style: str) -> tuple[tuple[str, frozenset[str], dict[str, str]], ...]:
    """Return what each rule is for, by tag and classes of its last part, and what it says."""
    found = []
    for selectors, declared in _RULE.findall(style.partition("@media")[0]):
        said = _declared(declared)
        for selector in selectors.split(","):
            tag, *classes = selector.split()[-1].split(".")
            found.append((tag, frozenset(classes), said))
    # A rule for classes counts for more than one for a tag, whatever stands last.
    return tuple(sorted(found, key=lambda rule: len(rule[1])))


def _declared(text: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in text.split(";") if ":" in one)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _families(said: str) -> list[str]:
    generic = ("sans-serif", "serif")
    names = (name.strip().strip("'\"") for name in said.split(","))
    return [name for name in names if name not in generic]
