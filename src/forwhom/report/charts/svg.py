"""Elements of SVG, escaped, and the frame that every picture has."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

from forwhom.report.words import clean

#: An attribute; ``None`` leaves it out.
Attribute = str | int | float | None


def element(tag: str, *children: str, **attributes: Attribute) -> Markup:
    """Return one element; text is escaped, ``class_`` is ``class`` and ``_`` becomes ``-``."""
    parts = [tag]
    for name, value in attributes.items():
        if value is not None:
            key = name if name == "viewBox" else name.rstrip("_").replace("_", "-")
            parts.append(f'{key}="{escape(_written(value))}"')
    inside = Markup("").join(c if isinstance(c, Markup) else clean(c) for c in children)
    # Every value above is escaped, and the names are our own.
    return Markup(f"<{' '.join(parts)}>{inside}</{tag}>")


def picture(
    name: str,
    title: str,
    description: str,
    height: int,
    *children: Markup,
    width: int | None = None,
    class_: str | None = None,
) -> Markup:
    """Return a whole picture with its text alternative.

    Parameters
    ----------
    name
        Unique on the page; the ids are made from it.
    title, description
        What it is, and what it shows, in words.
    height, width
        In CSS pixels; without a width the picture is as wide as its place.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", description, id=f"{name}-d"),
        *children,
        role="img",
        aria_labelledby=f"{name}-t",
        aria_describedby=f"{name}-d",
        class_=class_,
        width="100%" if width is None else width,
        height=height,
        viewBox=None if width is None else f"0 0 {width} {height}",
    )


def across(position: float) -> str:
    """Return a position across the picture, given in percent."""
    return f"{position:.2f}".rstrip("0").rstrip(".") + "%"


def _written(value: str | int | float) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return clean(str(value))


def wrapped(text: str, width: float, size: float, lines: int) -> list[str]:
    """Return text in at most ``lines`` lines of about ``width`` pixels, shortened with “…”."""
    rows: list[str] = [""]
    for word in clean(text).split():
        candidate = f"{rows[-1]} {word}".strip()
        if rows[-1] and text_width(candidate, size) > width:
            rows.append(word)
        else:
            rows[-1] = candidate
    kept = rows[:lines]
    if len(rows) > lines:
        kept[-1] += "…"
    return [_shortened(row, width, size) for row in kept]


def _shortened(text: str, width: float, size: float) -> str:
    if text_width(text, size) <= width:
        return text
    text = text.rstrip("…")
    # Letter by letter from the start: a word of ten thousand letters is not measured as often.
    room = width / size - _advance("…")
    for length, character in enumerate(text):
        room -= _advance(character)
        if room < 0:
            return f"{text[:length]}…"
    return f"{text}…"


def text_width(text: str, size: float) -> float:
    """Return about how wide text is, in pixels; no font is at hand to measure it."""
    return sum(_advance(c) for c in text) * size


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.68 if character.isupper() else 0.54
