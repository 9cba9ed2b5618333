"""Where everything stands on a board: blocks grow with what they hold, nothing overlaps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from forwhom.report.canvas.board import Board, Panel
from forwhom.report.canvas.cards import Card, Look
from forwhom.report.canvas.sheet import Box, Style
from forwhom.report.drawing.lettering import Line, lines_of, text_width

#: How each part of a card is written.
LOOKS: dict[Look, Style] = {
    "strong": Style(14, 18, bold=True),
    "plain": Style(13, 17),
    "fact": Style(11.5, 15.5, bold=True),
    "quiet": Style(11.5, 15.5, color="muted"),
    "doubt": Style(11.5, 15.5, color="notice-line", bold=True),
}
HEADING = Style(15, 19, bold=True, serif=True)
QUESTION = Style(12.5, 17, color="muted", italic=True)
TITLE = Style(30, 36, bold=True, serif=True)
SUMMARY = Style(15, 21)
FACTS = Style(12.5, 17, color="muted")
MEMBER = Style(13, 17)
SMALL = Style(11.5, 16, color="muted")

MARGIN, GUTTER = 36.0, 10.0
#: Inside of a block, between cards, inside of a card.
PADDING, GAP, INSET = 12.0, 8.0, 10.0
#: The bar at the side of a card, the discs with numbers.
BAR, DISC = 5.0, 8.5
#: Cards are about this wide; the narrowest block, and the height of an empty row.
CARD, NARROWEST, ROW = 215.0, 240.0, 132.0
#: Height of the grid against the width of the sheet: no flatter, and if it can be, no taller.
FLATTEST, TALLEST = 0.5, 0.72
#: Sheets are tried from the narrowest on, each wider by this part of it.
_STEPS, _STEP = 16, 0.12


@dataclass(frozen=True)
class Block:
    """Lines in one style."""

    lines: tuple[Line, ...]
    style: Style

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * self.style.leading


@dataclass(frozen=True)
class PlacedCard:
    """A card with its place, its text, and the places of its discs."""

    card: Card
    box: Box
    texts: tuple[Block, ...]
    marks: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True)
class PlacedPanel:
    """A block with its place and everything in it, relative to the sheet."""

    panel: Panel
    box: Box
    heading: Block
    questions: tuple[Block, ...]
    cards: tuple[PlacedCard, ...]


@dataclass(frozen=True)
class Plan:
    """The whole sheet."""

    width: float
    height: float
    head: tuple[Block, ...]
    members: tuple[tuple[int, Box, Block], ...]
    panels: tuple[PlacedPanel, ...]
    elsewhere: tuple[PlacedPanel, ...]
    #: Where the heading above what stands elsewhere is, and where the foot begins.
    below: float
    foot_at: float
    foot: tuple[Block, ...]


def plan(board: Board, ratio: float | None = None) -> Plan:
    """Return where everything stands, on a sheet that is wider where more has to stand on it."""
    grid = _Grid(board)
    if ratio is None:
        widths = grid.chosen()
        return _planned(board, grid, widths, FLATTEST * grid.inner(widths))
    return _fitted(board, grid, ratio)


def _fitted(board: Board, grid: _Grid, ratio: float) -> Plan:
    """Return the plan that is largest on its paper; rows are stretched where it is too flat."""
    best: Plan | None = None
    for step in range(_STEPS):
        widths = grid.widths(grid.least * (1 + _STEP * step))
        made = _planned(board, grid, widths, 0.0)
        if best is None or _share(made, ratio) < _share(best, ratio):
            best = made
        missing = ratio * made.width - made.height
        if missing >= 0:
            return _planned(board, grid, widths, grid.height(widths) + missing)
    assert best is not None
    return best


def _share(made: Plan, ratio: float) -> float:
    """Return how wide the paper would have to be for a plan."""
    return max(made.width, made.height / ratio)


def column_widths(board: Board) -> list[float]:
    """Return the widths of the columns of the grid, in pixels, as a drawing has them."""
    return _Grid(board).chosen()


def text_block(
    text: str, width: float, style: Style, mirrored: bool = False, first: float | None = None
) -> Block:
    """Return text as lines of one style, no wider than ``width``; the first than ``first``."""
    made = lines_of(text, width, style.size, first=first, bold=style.bold, mirrored=mirrored)
    return Block(tuple(made), style)


def _planned(board: Board, grid: _Grid, widths: list[float], least: float) -> Plan:
    inner = grid.inner(widths)
    width = inner + 2 * MARGIN
    wide = min(inner, 900.0)
    head = tuple(
        text_block(text, wide, style, board.mirrored)
        for text, style in (
            (board.title, TITLE),
            (board.summary, SUMMARY),
            (" · ".join(board.facts), FACTS),
        )
        if text.strip()
    )
    top = MARGIN + sum(b.height for b in head) + GAP
    members, top = _members(board, inner, top)
    panels, bottom = grid.placed(widths, top + GAP, least)
    elsewhere, foot_at = _below(board, inner, bottom)
    foot = tuple(
        text_block(text, inner, SMALL, board.mirrored)
        for text in (board.more, board.framework.credited)
        if text.strip()
    )
    height = foot_at + sum(b.height for b in foot) + MARGIN
    return Plan(
        width, height, head, tuple(members), tuple(panels), tuple(elsewhere), bottom, foot_at, foot
    )


def _members(board: Board, inner: float, top: float) -> tuple[list[tuple[int, Box, Block]], float]:
    """Place the key: number and name of every segment, in as many rows as needed."""
    made: list[tuple[int, Box, Block]] = []
    x, tallest = MARGIN, 0.0
    for member in board.members:
        text = f"{member.name} ({member.status})"
        block = text_block(text, 380, MEMBER, board.mirrored)
        ink = max((_extent(line, MEMBER) for line in block.lines), default=0.0)
        size = 2 * DISC + 8 + ink
        if x > MARGIN and x + size > MARGIN + inner:
            x, top, tallest = MARGIN, top + tallest + 6, 0.0
        height = max(2 * DISC, block.height)
        made.append((member.number, Box(x, top, size, height), block))
        x, tallest = x + size + 22, max(tallest, height)
    return made, top + tallest + (GAP if made else 0)


def _extent(line: Line, style: Style) -> float:
    return text_width(line.text, style.size, style.bold)


class _Grid:
    """The blocks of a framework on sheets of any width; each block is measured once per width."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._measured: dict[tuple[str, int], PlacedPanel] = {}
        self.panels = [(p, p.place) for p in board.panels if p.place is not None]
        self.columns, self.rows = board.framework.columns, board.framework.rows
        self._narrow = min(place.width for _, place in self.panels)
        self.least = max(1240.0, self.columns * NARROWEST / self._narrow)

    def chosen(self) -> list[float]:
        """Return widths of columns for a sheet that is as narrow as it can be and not tall."""
        inner, widths = self.least, self.widths(self.least)
        for step in range(1, _STEPS):
            if self.height(widths) <= TALLEST * inner:
                break
            inner = self.least * (1 + _STEP * step)
            widths = self.widths(inner)
        return widths

    def inner(self, widths: list[float]) -> float:
        """Return how wide the grid is."""
        return sum(widths) + GUTTER * (self.columns - 1)

    def widths(self, inner: float) -> list[float]:
        """Return the widths of columns: those that hold much get what the others do not need."""
        total = inner - GUTTER * (self.columns - 1)
        least = (self.least - GUTTER * (self.columns - 1)) / self.columns
        spare = total - least * self.columns
        even = [total / self.columns] * self.columns
        best, lowest = even, self.height(even)
        for portions in (1, 2, 3) if spare > 1 else ():
            widths = [least] * self.columns
            for _ in range(portions):
                widths = min((self._widened(widths, b, spare / portions) for b in self._bands()),
                             key=self.height)  # fmt: skip
            if self.height(widths) < 0.95 * lowest:
                best, lowest = widths, self.height(widths)
        return best

    def _bands(self) -> list[tuple[int, int]]:
        """Return the first and the last column of each of the narrowest blocks."""
        narrow = {
            (p.column - 1, p.column - 2 + p.width)
            for _, p in self.panels
            if p.width == self._narrow
        }
        return sorted(narrow)

    @staticmethod
    def _widened(widths: list[float], band: tuple[int, int], by: float) -> list[float]:
        first, last = band
        share = by / (last - first + 1)
        return [w + (share if first <= i <= last else 0.0) for i, w in enumerate(widths)]

    def measured(self, widths: list[float]) -> list[PlacedPanel]:
        """Return the blocks, each as high as it must be with these widths of columns."""
        made = []
        for panel, place in self.panels:
            taken = widths[place.column - 1 : place.column - 1 + place.width]
            width = sum(taken) + GUTTER * (place.width - 1)
            key = (panel.id, round(10 * width))
            if key not in self._measured:
                self._measured[key] = _panel(panel, width, self._board.mirrored)
            made.append(self._measured[key])
        return made

    def heights(self, widths: list[float], least: float = 0.0) -> list[float]:
        """Return the heights of rows: each block fits, and together they are so high at least."""
        heights = [ROW] * self.rows
        sized = zip(self.measured(widths), self.panels, strict=True)
        for made, (_, place) in sorted(sized, key=lambda pair: pair[1][1].height):
            start, span = place.row - 1, place.height
            missing = made.box.height - sum(heights[start : start + span]) - GUTTER * (span - 1)
            if missing > 0:
                for row in range(start, start + span):
                    heights[row] += missing / span
        spare = least - sum(heights) - GUTTER * (self.rows - 1)
        return [h + max(spare, 0.0) / self.rows for h in heights]

    def height(self, widths: list[float]) -> float:
        """Return how high all rows are together."""
        return sum(self.heights(widths)) + GUTTER * (self.rows - 1)

    def placed(
        self, widths: list[float], top: float, least: float
    ) -> tuple[list[PlacedPanel], float]:
        """Return the blocks where they stand, together so high at least, and where they end."""
        xs = _starts(MARGIN, widths)
        ys = _starts(top, self.heights(widths, least))
        made = []
        for one, (_, place) in zip(self.measured(widths), self.panels, strict=True):
            y = ys[place.row - 1]
            height = ys[place.row - 1 + place.height] - GUTTER - y
            made.append(_moved(one, xs[place.column - 1], y, height))
        return made, ys[-1]


def _starts(first: float, sizes: Sequence[float]) -> list[float]:
    starts = [first]
    for size in sizes:
        starts.append(starts[-1] + size + GUTTER)
    return starts


def _panel(panel: Panel, width: float, mirrored: bool) -> PlacedPanel:
    """Return a block at the corner of the sheet, as high as it must be."""
    inner = width - 2 * PADDING
    heading = text_block(panel.name, inner, HEADING, mirrored)
    top = PADDING + heading.height + GAP
    questions: tuple[Block, ...] = ()
    if not panel.cards:
        questions = tuple(text_block(q, inner, QUESTION, mirrored) for q in panel.questions)
        height = top + sum(q.height + GAP for q in questions)
        return PlacedPanel(panel, Box(0, 0, width, height + PADDING - GAP), heading, questions, ())
    columns = max(1, math.floor((inner + GAP) / (CARD + GAP)))
    size = (inner - GAP * (columns - 1)) / columns
    sized = [_card(card, size, mirrored) for card in panel.cards]
    waiting, cards, lowest = iter(sized), list[PlacedCard](), top
    for column, count in enumerate(_dealt([one.box.height for one in sized], columns)):
        x, y = PADDING + column * (size + GAP), top
        for made in itertools.islice(waiting, count):
            cards.append(_moved_card(made, x, y))
            y += made.box.height + GAP
        lowest = max(lowest, y)
    box = Box(0, 0, width, lowest - GAP + PADDING)
    return PlacedPanel(panel, box, heading, (), tuple(cards))


def _dealt(heights: Sequence[float], columns: int) -> list[int]:
    """Return how many cards each column gets, in order, so that none is longer than must be."""
    low, high = max(heights), sum(heights) + GAP * len(heights)
    best = _filled(heights, columns, high) or [len(heights)]
    while high - low > 0.5:
        middle = (low + high) / 2
        found = _filled(heights, columns, middle)
        low, high, best = (middle, high, best) if found is None else (low, middle, found)
    return best


def _filled(heights: Sequence[float], columns: int, most: float) -> list[int] | None:
    """Return how many cards fill each column to a height; None where they need more columns."""
    counts, used = [0], -GAP
    for index, height in enumerate(heights):
        # What is left is spread over the columns that are left.
        alone = len(heights) - index <= columns - len(counts)
        if counts[-1] and (alone or used + GAP + height > most):
            counts.append(0)
            used = -GAP
        counts[-1] += 1
        used += GAP + height
    return counts if len(counts) <= columns else None


def _card(card: Card, width: float, mirrored: bool) -> PlacedCard:
    # A segment's own number stands before its name, like in the key; others' at the far side.
    few = len(card.marks) <= 2
    beside = (2 * DISC + 4) * len(card.marks) if few else 0.0
    inner = width - 2 * INSET - BAR
    texts = tuple(
        text_block(text, inner, LOOKS[look], mirrored, None if index else inner - beside)
        for index, (look, text) in enumerate(card.parts)
    )
    height = 2 * INSET + sum(b.height for b in texts) + 2 * max(len(texts) - 1, 0)
    marks: list[tuple[int, float, float]] = []
    if few:
        height = max(height, 2 * INSET + 2 * DISC)
        for index, mark in enumerate(reversed(card.marks)):
            x = width - INSET - DISC - index * (2 * DISC + 4)
            marks.insert(0, (mark, x, INSET + DISC))
    else:
        in_row = max(1, math.floor((width - 2 * INSET - BAR + 4) / (2 * DISC + 4)))
        for index, mark in enumerate(card.marks):
            row, place = divmod(index, in_row)
            x = BAR + INSET + DISC + place * (2 * DISC + 4)
            marks.append((mark, x, height - INSET + 6 + DISC + row * (2 * DISC + 4)))
        height = marks[-1][2] + DISC + INSET
    return PlacedCard(card, Box(0, 0, width, height), texts, tuple(marks))


def _moved_card(made: PlacedCard, x: float, y: float) -> PlacedCard:
    marks = tuple((number, mx + x, my + y) for number, mx, my in made.marks)
    return replace(made, box=made.box.moved(x, y), marks=marks)


def _moved(made: PlacedPanel, x: float, y: float, height: float) -> PlacedPanel:
    box = Box(x, y, made.box.width, height)
    return replace(made, box=box, cards=tuple(_moved_card(card, x, y) for card in made.cards))


def _below(board: Board, inner: float, top: float) -> tuple[list[PlacedPanel], float]:
    """Place what no block shows: in rows below the canvas, wider where it holds more."""
    if not board.elsewhere:
        return [], top + GAP
    top += 2 * GAP + HEADING.leading + SMALL.leading + GAP
    columns = max(1, math.floor((inner + GUTTER) / (NARROWEST + GUTTER)))
    column = (inner - GUTTER * (columns - 1)) / columns
    placed: list[PlacedPanel] = []
    used, tallest = 0, 0.0
    for panel in board.elsewhere:
        wide = min(columns, math.ceil(len(panel.cards) / 2))
        if used + wide > columns:
            used, top, tallest = 0, top + tallest + GUTTER, 0.0
        made = _panel(panel, wide * column + (wide - 1) * GUTTER, board.mirrored)
        x = MARGIN + used * (column + GUTTER)
        placed.append(_moved(made, x, top, made.box.height))
        used, tallest = used + wide, max(tallest, made.box.height)
    return placed, top + tallest + 2 * GAP
