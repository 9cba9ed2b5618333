"""Drawings turned around, for languages that are read from the right.

Shapes are mirrored as one; each text moves to the mirrored place and ends where it began. In a
drawing as wide as the room that it has, every place across is turned by itself.
"""

import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from forwhom.report.drawing.lettering import right_to_left
from forwhom.report.drawing.svg import across

#: Marks that make a line read from the right, also where a program knows no ``direction``.
EMBED, POP = "\u202b", "\u202c"
#: Which classes of texts stand around their place, and which before it; all others begin there.
_MIDDLE, _END = frozenset({"middle", "on-solid", "on-hollow"}), frozenset({"end"})
_TURNED = {"start": "end", "middle": "middle", "end": "start"}
_MOVED = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")
_ROTATED = re.compile(r"rotate\(([-\d.]+) ([-\d.]+) ([-\d.]+)\)")
#: What is no shape: it stays where it is.
_APART = frozenset({"title", "desc", "style"})


def mirrored(svg: str) -> Markup:
    """Return a drawing of our own that is turned around."""
    from lxml import etree

    drawing = etree.fromstring(svg.encode())
    # A page around it may be read from the right: then "start" would be another end of a text.
    drawing.set("direction", "ltr")
    if drawing.get("width") == "100%":
        _turn_across(drawing)
        return Markup(etree.tostring(drawing, encoding="unicode"))
    width = float(drawing.get("width") or 0)
    texts = list(_texts(drawing, width))
    space = drawing.tag.removesuffix("svg")
    turned = drawing.makeelement(f"{space}g", {"transform": f"matrix(-1 0 0 1 {width:g} 0)"})
    for part in list(drawing):
        if part.tag.removeprefix(space) not in _APART:
            turned.append(part)
    drawing.append(turned)
    drawing.extend(texts)
    # Every text was escaped when the drawing was made, and is again.
    return Markup(etree.tostring(drawing, encoding="unicode") + "\n")


def moved(text: Any) -> tuple[float, float] | None:
    """Return how far the groups around a text move it; nothing where one of them turns it."""
    x = y = 0.0
    one = text.getparent()
    while one is not None:
        if said := one.get("transform"):
            found = _MOVED.fullmatch(said)
            if found is None:
                return None
            x, y = x + float(found[1]), y + float(found[2])
        one = one.getparent()
    return x, y


def _texts(drawing: Any, width: float) -> Iterator[Any]:
    """Take the texts out of a drawing, and yield each where it stands in the mirrored one."""
    for text in [one for one in drawing.iter() if str(one.tag).endswith("text")]:
        by = moved(text)
        turn = _ROTATED.fullmatch(text.get("transform") or "rotate(0 0 0)")
        if by is None or turn is None:
            continue
        parent, tail = text.getparent(), text.tail
        parent.remove(text)
        text.tail = tail
        text.set("x", f"{width - by[0] - float(text.get('x') or 0):g}")
        text.set("y", f"{by[1] + float(text.get('y') or 0):g}")
        if text.get("transform"):
            about = f"{width - by[0] - float(turn[2]):g} {by[1] + float(turn[3]):g}"
            text.set("transform", f"rotate({turn[1]} {about})")
        else:
            _turn_anchor(text)
        _embed(text)
        yield text


def _turn_across(drawing: Any) -> None:
    """Turn a drawing around whose places across are percentages of the room that it has."""
    for one in drawing.iter():
        for key in ("x", "cx", "x1", "x2"):
            if (said := one.get(key)) is not None:
                wide = float((one.get("width") or "0").rstrip("%")) if key == "x" else 0.0
                one.set(key, across(100 - float(said.rstrip("%")) - wide))
        if str(one.tag).endswith("text"):
            _turn_anchor(one)
            _embed(one)


def _embed(text: Any) -> None:
    """Let a text be read from the right; a number alone keeps its sign before it."""
    if text.text and right_to_left(text.text, mirrored=any(map(str.isalpha, text.text))):
        text.text = f"{EMBED}{text.text}{POP}"


def _turn_anchor(text: Any) -> None:
    """Let a text end where it began; by an attribute, as pages allow no style at an element."""
    turned = _TURNED[_anchor(text)]
    if turned != "middle":
        if text.get("class"):
            kept = [name for name in text.get("class").split() if name not in _END]
            text.set("class", " ".join(kept))
        text.set("text-anchor", turned)


def _anchor(text: Any) -> str:
    classes = frozenset((text.get("class") or "").split())
    if said := text.get("text-anchor"):
        return str(said)
    return "middle" if classes & _MIDDLE else "end" if classes & _END else "start"
