"""A table on slides: columns as wide as their words need, rows that go on with their headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forwhom.report.deck.measures import CELL_ACROSS, CELL_DOWN, TABLE, Lettering, rejoined, rows_of
from forwhom.report.deck.pages import Cell, Grid
from forwhom.report.drawing.lettering import text_width
from forwhom.wording import cut

#: No column is narrower, and the words of none count for more than this.
_NARROWEST, _WIDEST = 46.0, 420.0
#: What says of what a row is gets so much before anything else.
_ABOUT = 150.0
#: A heading that is longer is shortened; its words stand whole elsewhere.
_HEADING = 80


@dataclass(frozen=True)
class PlacedGrid:
    """A table with its place, the widths of its columns and the heights of its rows."""

    x: float
    y: float
    width: float
    height: float
    said: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    letters: Lettering

    def at(self, x: float, y: float) -> PlacedGrid:
        """Return it at another place."""
        return replace(self, x=x, y=y)


def tables_of(grid: Grid, width: float, scale: float = 1.0) -> Iterator[Table]:
    """Yield a table as those that fit a width: where columns are too many, some at a time."""
    if not grid.rows:
        return
    letters = TABLE.scaled(scale)
    columns = list(range(grid.lead, len(grid.headings)))
    for some in _parts(grid, columns, width, letters):
        chosen = [*range(grid.lead), *some]
        yield Table(
            grid.said,
            tuple(cut(grid.headings[i], _HEADING) for i in chosen),
            tuple(tuple(row[i] for i in chosen) for row in grid.rows),
            _widths(
                [_column(grid, i) for i in chosen],
                [_need(grid, i, letters) for i in chosen],
                width,
                letters,
            ),
            letters,
        )


def _parts(grid: Grid, columns: list[int], width: float, letters: Lettering) -> list[list[int]]:
    """Return columns in groups that have room beside the first one."""
    lead = sum(_need(grid, one, letters) for one in range(grid.lead))
    first = min(lead, width / 3)
    made: list[list[int]] = [[]]
    used = first
    for one in columns:
        need = _need(grid, one, letters)
        if made[-1] and used + need > width:
            made.append([])
            used = first
        made[-1].append(one)
        used += need
    # As many in each, so that the last group is no remainder.
    each = -(-len(columns) // len(made)) if columns else 1
    even = [columns[i : i + each] for i in range(0, len(columns), each)]
    return even if len(made) > 1 and len(even) == len(made) else made


def _need(grid: Grid, index: int, letters: Lettering) -> float:
    """Return how wide a column must be; what says of what a row is does not break after words."""
    texts = _column(grid, index)
    about = max(_longest(text, letters) for text in texts) if index == grid.lead - 1 else 0.0
    return max(_least(texts, letters), min(about, _ABOUT))


def _column(grid: Grid, index: int) -> list[str]:
    return [grid.headings[index], *(row[index].text for row in grid.rows)]


def _least(texts: Sequence[str], letters: Lettering) -> float:
    """Return how wide a column must be for its longest word, within reason."""
    words = (word for text in texts for word in text.split())
    longest = max((text_width(word, letters.size, bold=True) for word in words), default=0.0)
    return min(max(longest, _NARROWEST - 2 * CELL_ACROSS), 110.0) + 2 * CELL_ACROSS + 1


def _widths(
    columns: Sequence[Sequence[str]], least: Sequence[float], width: float, letters: Lettering
) -> tuple[float, ...]:
    """Return widths of columns: what they need at least, the rest by how much they hold."""
    if sum(least) > width:
        return tuple(one * width / sum(least) for one in least)
    wish = [
        max(0.0, min(max(_longest(t, letters) for t in texts), _WIDEST) - low)
        for texts, low in zip(columns, least, strict=True)
    ]
    spare = width - sum(least)
    if sum(wish) <= 0:
        return tuple(one + spare / len(least) for one in least)
    grown = [low + spare * more / sum(wish) for low, more in zip(least, wish, strict=True)]
    return tuple(grown)


def _longest(text: str, letters: Lettering) -> float:
    """Return how wide a text is that stands on lines of its own."""
    lines = (text_width(line, letters.size, bold=True) for line in text.splitlines())
    return max(lines, default=0.0) + 2 * CELL_ACROSS + 1


@dataclass(frozen=True)
class Table:
    """Rows that wait for a place, with the widths of their columns."""

    said: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    letters: Lettering

    @property
    def head(self) -> float:
        """Height of the headings."""
        bold = replace(self.letters, bold=True)
        most = max(
            len(rows_of(text, wide - 2 * CELL_ACROSS, bold))
            for text, wide in zip(self.headings, self.widths, strict=True)
        )
        return max(most, 1) * self.letters.leading + 2 * CELL_DOWN

    @property
    def least(self) -> float:
        """Height that must be there to begin: headings, and the first row if it is not huge."""
        return self.head + min(self._height(self.rows[0]), 120.0)

    def _lines(self, row: Sequence[Cell]) -> list[list[str]]:
        return [
            [r for line in cell.text.splitlines() or [""] for r in self._wrapped(line, wide)]
            for cell, wide in zip(row, self.widths, strict=True)
        ]

    def _wrapped(self, line: str, wide: float) -> list[str]:
        return rows_of(line, wide - 2 * CELL_ACROSS, self.letters) or [""]

    def _height(self, row: Sequence[Cell]) -> float:
        return max(map(len, self._lines(row))) * self.letters.leading + 2 * CELL_DOWN

    def parted(self, room: float) -> tuple[PlacedGrid, Table]:
        """Return the rows that have room, and those that are left."""
        used, heights = self.head, list[float]()
        for row in self.rows:
            height = self._height(row)
            if used + height > room:
                break
            heights.append(height)
            used += height
        rows, left = self.rows[: len(heights)], self.rows[len(heights) :]
        if not rows:  # one row is higher than a slide: its lines are parted
            now, later = self._parted_row(left[0], room - used)
            rows, left, heights = (now,), (later, *left[1:]), [room - used]
            used = room
        made = PlacedGrid(
            0, 0, sum(self.widths), used, self.said, self.headings, rows, self.widths,
            (self.head, *heights), self.letters,
        )  # fmt: skip
        return made, replace(self, rows=left)

    def _parted_row(
        self, row: Sequence[Cell], room: float
    ) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
        most = max(1, int((room - 2 * CELL_DOWN) // self.letters.leading))
        lines = self._lines(row)
        now = [replace(c, text=rejoined(r[:most])) for c, r in zip(row, lines, strict=True)]
        later = [replace(c, text=rejoined(r[most:])) for c, r in zip(row, lines, strict=True)]
        return tuple(now), tuple(later)
