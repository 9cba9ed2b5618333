"""What a deck says, before anything has a place: pages of texts, tables, charts and boards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: How a paragraph looks.
Look = Literal["heading", "strong", "plain", "fact", "quiet", "doubt", "question"]


@dataclass(frozen=True)
class Text:
    """A paragraph; ``level`` is how far it is set in, ``marks`` the numbers of segments behind."""

    text: str
    look: Look = "plain"
    level: int = 0
    marks: tuple[int, ...] = ()

    @property
    def bullet(self) -> str:
        """What stands before it; what only adds to a paragraph above has nothing."""
        return "" if not self.level or self.look != "plain" else "•" if self.level == 1 else "–"

    @property
    def whole(self) -> str:
        """What stands there, with the numbers of segments."""
        return self.text + self.behind

    @property
    def behind(self) -> str:
        """The numbers of segments as they stand behind the words."""
        return f" ({', '.join(map(str, self.marks))})" if self.marks else ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``fill`` is the name of a color, ``strength`` how much of it is there."""

    text: str
    fill: str = ""
    strength: float = 0.0


@dataclass(frozen=True)
class Grid:
    """A table: what it shows in words, its headings, its rows."""

    said: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    #: Columns that stand again beside each part of a table that is too wide.
    lead: int = 1

    @classmethod
    def of(
        cls, said: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], lead: int = 1
    ) -> Grid:
        """Return a table of cells without colors."""
        return cls(said, headings, tuple(tuple(map(Cell, row)) for row in rows), lead)


@dataclass(frozen=True)
class Bars:
    """A chart of shares, a bar each; ``numbers`` say which accent a bar gets."""

    said: str
    series: str
    names: tuple[str, ...]
    shares: tuple[float, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Spot:
    """A point of a plot, with the number of its segment and its name."""

    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Points:
    """A plot of points on two axes from 0 to 10."""

    said: str
    across: str
    up: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Box:
    """A block of a board: its place as parts of the board, its name, and cards of paragraphs."""

    x: float
    y: float
    width: float
    height: float
    name: str
    cards: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Board:
    """Blocks side by side that fill a slide; cards that have no room go on a further one."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Break:
    """What follows stands in the next column, or on the next slide."""


Part = Text | Grid | Bars | Points | Board | Break


@dataclass(frozen=True)
class Page:
    """A title and what stands under it, in columns; it takes as many slides as it needs."""

    title: str
    parts: tuple[Part, ...]
    columns: int = 1


@dataclass(frozen=True)
class Deck:
    """A title slide and pages, in a language, which may be read from the right."""

    title: str
    under: tuple[Text, ...]
    language: str
    pages: tuple[Page, ...]
    mirrored: bool = False
