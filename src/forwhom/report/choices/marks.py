"""Marks that several drawings share: numbered dots that do not cover each other, lines of text."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.svg import circle, element, line, rect, stacked
from forwhom.wording import number

#: How a numbered dot looks: who stands behind it.
Look = Literal["solid", "hollow", "guessed"]

RADIUS = 10
#: Distance of the middles of two dots that do not touch.
_APART = 2 * RADIUS + 2
LINE = 16


@dataclass(frozen=True)
class Spot:
    """Where a dot belongs, and where it is drawn so that it covers no other."""

    x: float
    y: float
    drawn_x: float
    drawn_y: float

    @property
    def moved(self) -> bool:
        """Whether it is drawn beside its place."""
        return (self.x, self.y) != (self.drawn_x, self.drawn_y)


def spread_out(
    places: Sequence[tuple[float, float]], left: float, top: float, side: float
) -> list[Spot]:
    """Return where to draw dots of a square: at their place, or near it where that is taken."""
    spots: list[Spot] = []
    for x, y in places:
        free = next(
            (
                (a, b)
                for a, b in _around(x, y)
                if left <= a <= left + side
                and top <= b <= top + side
                and all(math.dist((a, b), (s.drawn_x, s.drawn_y)) >= _APART for s in spots)
            ),
            (x, y),
        )
        spots.append(Spot(x, y, *free))
    return spots


def _around(x: float, y: float) -> list[tuple[float, float]]:
    """Return the place itself, then rings of places around it, near ones first."""
    found = [(x, y)]
    for ring in range(1, 8):
        radius = ring * (_APART + 2)
        steps = 8 * ring
        found += [
            (
                x + radius * math.cos(2 * math.pi * step / steps),
                y - radius * math.sin(2 * math.pi * step / steps),
            )
            for step in range(steps)
        ]
    return found


def dot(label: str, x: float, y: float, look: Look, color: int | None = None) -> Markup:
    """Return a dot with a number: round when others gave the numbers, square for a guess.

    A color is the number of one of the accents, as segments have it on the board.
    """
    class_ = look if color is None else f"{look} color-{color}"
    if look == "guessed":
        shape = rect(x - RADIUS + 1, y - RADIUS + 1, 2 * RADIUS - 2, 2 * RADIUS - 2, class_=class_)
    else:
        shape = circle(x, y, RADIUS, class_=class_)
    inside = "on-solid" if look == "solid" else "on-hollow"
    return element("g", shape, element("text", label, x=x, y=y + 4, class_=inside))


def moved_dot(label: str, spot: Spot, look: Look, color: int | None = None) -> list[Markup]:
    """Return a dot, with a line to its place where it is drawn beside it."""
    parts = []
    if spot.moved:
        parts.append(line(spot.x, spot.y, spot.drawn_x, spot.drawn_y, "leader"))
        parts.append(circle(spot.x, spot.y, 2.5, class_="spot"))
    return [*parts, dot(label, spot.drawn_x, spot.drawn_y, look, color)]


def paragraph(
    text: str,
    x: float,
    y: float,
    width: float,
    *,
    lines: int = 3,
    size: float = 13,
    class_: str | None = None,
) -> tuple[list[Markup], float]:
    """Return text in lines, and where the next line would stand."""
    texts = wrapped(text, width, size, lines)
    return stacked(texts, x, y, LINE, class_=class_), y + LINE * len(texts)


def square_axes(left: float, top: float, side: float, across: str, upward: str) -> list[Markup]:
    """Return a square from 0 to 10 both ways, with its scale and what the axes are."""
    parts = [rect(left, top, side, side, class_="axis")]
    for mark in range(0, 11, 2):
        x, y = left + side * mark / 10, top + side * (1 - mark / 10)
        parts.append(line(x, top, x, top + side, "grid"))
        parts.append(line(left, y, left + side, y, "grid"))
        parts.append(element("text", number(mark), x=x, y=top + side + 18, class_="faint middle"))
        parts.append(element("text", number(mark), x=left - 8, y=y + 4, class_="faint end"))
    middle = left + side / 2
    parts.append(element("text", across, x=middle, y=top + side + 38, class_="strong middle"))
    height = top + side / 2
    parts.append(
        element(
            "text",
            upward,
            x=left - 34,
            y=height,
            class_="strong middle",
            transform=f"rotate(-90 {left - 34:g} {height:g})",
        )
    )
    return parts
