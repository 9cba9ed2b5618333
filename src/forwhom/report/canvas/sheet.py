"""A sheet to draw on: shapes and text, mirrored where a language is read from the right.

Everything is placed as if the sheet were read from the left; a mirrored sheet turns the places
around, so that no layout is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup, escape

from forwhom.report.drawing.lettering import SANS, SERIF, Line
from forwhom.report.drawing.mirroring import EMBED, POP
from forwhom.report.drawing.palette import colors
from forwhom.report.drawing.svg import SPACE, Attribute, circle, element, rect, text_alternative
from forwhom.wording import clean

#: Which end of words stands at their place.
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Style:
    """How text looks: size and distance of lines in pixels, weight, color, family."""

    size: float
    leading: float
    color: str = "ink"
    bold: bool = False
    serif: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def moved(self, x: float, y: float) -> Box:
        """Return it elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True)
class Words:
    """Words in one line at a place of the sheet."""

    text: str
    x: float
    y: float
    style: Style
    anchor: Anchor
    right_to_left: bool


@dataclass
class Sheet:
    """A drawing in the making."""

    width: float
    height: float
    mirrored: bool = False
    shapes: list[Markup] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def across(self, x: float) -> float:
        """Return a place across the sheet, turned around where it is mirrored."""
        return self.width - x if self.mirrored else x

    def box(self, box: Box, fill: str | None = None, **attributes: Attribute) -> None:
        """Draw a rectangle; ``fill`` and ``stroke`` are names of colors."""
        x = self.width - box.right if self.mirrored else box.x
        self.shapes.append(
            rect(
                float(x),
                float(box.y),
                float(box.width),
                float(box.height),
                fill=_color(fill) or "none",
                **_colored(attributes),
            )
        )

    def line(self, line: Line, x: float, y: float, style: Style) -> None:
        """Write one line; ``x`` is where reading starts, ``y`` the line that letters stand on."""
        anchor: Anchor = "end" if self.mirrored else "start"
        self.words.append(Words(line.text, self.across(x), y, style, anchor, line.right_to_left))

    def middle(self, text: str, x: float, y: float, style: Style) -> None:
        """Write a short text around a place."""
        self.words.append(Words(clean(text), self.across(x), y, style, "middle", False))

    def lines(self, lines: list[Line], x: float, y: float, style: Style) -> float:
        """Write lines below ``y``; returns where they end."""
        for line in lines:
            self.line(line, x, y + 0.5 * (style.leading + 0.72 * style.size), style)
            y += style.leading
        return y

    def disc(self, number: str, x: float, y: float, color: str, title: str, radius: float) -> None:
        """Draw a colored disc with a number; its title says what the number stands for."""
        disc = circle(float(self.across(x)), float(y), float(radius), fill=_color(color))
        self.shapes.append(element("g", element("title", title), disc))
        style = Style(1.25 * radius, 0, color="on-accent", bold=True)
        self.middle(number, x, y + 0.44 * radius, style)

    def draw(self, tag: str, *children: str, **attributes: Attribute) -> None:
        """Draw any other element; places in it are not turned around."""
        self.shapes.append(element(tag, *children, **_colored(attributes)))

    def svg(self, title: str, description: str, language: str, *, words: bool = True) -> str:
        """Return the whole drawing with its text alternative; without words: its shapes alone."""
        named, labels = text_alternative(title, description, ("title", "description"))
        inside = (
            *named,
            element("rect", width="100%", height="100%", fill=_color("paper")),
            *self.shapes,
            *(_written(one) for one in self.words if words),
        )
        size = f"0 0 {round(self.width)} {round(self.height)}"
        made = element(
            "svg", *inside, xmlns=SPACE, width=round(self.width), height=round(self.height),
            viewBox=size, role="img", lang=language, **labels,
            font_family=_families(SANS, "sans-serif"),
        )  # fmt: skip
        return f"{made}\n"


def _written(one: Words) -> Markup:
    text = f"{EMBED}{one.text}{POP}" if one.right_to_left else one.text
    style = one.style
    return element(
        "text",
        Markup(escape(text)),  # our own marks of direction stay; all else was cleaned before
        x=float(one.x),
        y=float(one.y),
        font_size=style.size,
        font_weight=700 if style.bold else None,
        font_style="italic" if style.italic else None,
        font_family=_families(SERIF, "serif") if style.serif else None,
        text_anchor=None if one.anchor == "start" else one.anchor,
        fill=_color(style.color),
    )


def _families(names: tuple[str, ...], generic: str) -> str:
    return ", ".join([*(f"'{n}'" if " " in n else n for n in names), generic])


def _color(name: str | None) -> str | None:
    return name if name is None or name == "none" else colors().get(name, name)


def _colored(attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    return {
        key: _color(str(value)) if key in ("fill", "stroke") and value is not None else value
        for key, value in attributes.items()
    }
