"""The tree: an outline has sections, a section has sentences, a picture, a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Protocol, TypeVar

from forwhom.languages.catalog import tr
from forwhom.report.deck import Points

T = TypeVar("T")


class Theirs(str):
    """Words that somebody wrote, in a language of their own."""

    __slots__ = ()


#: A line of text: ours, or ours and theirs one after the other.
Line = str | tuple[str, ...]


def plain(line: Line) -> str:
    """Return a line without saying whose words they are."""
    return line if isinstance(line, str) else "".join(line)


def around(said: str, **values: Line) -> Line:
    """Return words of ours with what stands in their places, ours and theirs kept apart.

    Examples
    --------
    >>> around("For {segment}", segment=Theirs("Families"))
    ('For ', 'Families')
    """
    parts: list[str] = []
    for before, name, _, _ in Formatter().parse(said):
        parts += [before] if before else []
        if name is not None:
            value = values[name]
            parts += [value] if isinstance(value, str) else value
    return tuple(parts)


class Picture(Protocol):
    """What a page can show."""

    def __html__(self) -> str:
        """Return it as a part of a page."""


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell says what a row is about.

    ``words`` are the headings of columns that hold words, not figures. ``ranks`` and ``numbers``
    are the rank of each row, and the number that it has on the board. ``briefly`` is what a
    terminal says of each row, where there is no place for a table.
    """

    label: str
    headings: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str = ""
    folded: str = ""
    words: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    briefly: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, items: Sequence[T], columns: Sequence[tuple[str, Callable[[T], Line]]], **more: Any
    ) -> Table:
        """Return a table of items: each column is a heading, and what it says of an item."""
        rows = tuple(tuple(said(item) for _, said in columns) for item in items)
        return cls(headings=tuple(heading for heading, _ in columns), rows=rows, **more)

    def counted(self) -> tuple[tuple[Line, ...], list[tuple[Line, ...]]]:
        """Return headings and rows with the rank and the number before what a row is about."""
        before = [(tr("Rank"), self.ranks), (tr("No."), [str(number) for number in self.numbers])]
        known = [(heading, cells) for heading, cells in before if cells]
        headings = (*(heading for heading, _ in known), *self.headings)
        rows = [
            (*(cells[index] for _, cells in known), *row) for index, row in enumerate(self.rows)
        ]
        return headings, rows


@dataclass(frozen=True)
class Section:
    """A part of an answer. Pages and Markdown say all of it, a terminal only the answer itself.

    ``sentences``, ``statement`` and ``notes`` are the answer; ``paragraphs``, ``items`` and what a
    table says of its rows beyond ``briefly`` are for who reads on. On a page, a section may have
    another heading and a line over it, and its sentences may open the page.
    """

    name: Line = ""
    heading: Line = ""
    over: Line = ""
    sentences: tuple[Line, ...] = ()
    opens: bool = False
    notes: tuple[Line, ...] = ()
    picture: Picture | None = None
    #: the same as a chart that can be edited, for a deck
    chart: Points | None = None
    pictured: str = ""
    #: A statement in pieces; what is missing in it is marked, and said in ``gaps``.
    statement: tuple[tuple[str, bool], ...] = ()
    gaps: tuple[Line, ...] = ()
    paragraphs: tuple[str, ...] = ()
    items: tuple[Line, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Outline:
    """A whole answer: what it is about, its sections, what weakens it, what ends its page."""

    title: str
    headline: str
    language: str
    sections: tuple[Section, ...]
    notes: tuple[Line, ...]
    foot: str
    #: the language of what people wrote, where it is another
    written: str = ""
