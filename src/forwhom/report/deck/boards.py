"""A board on a slide: blocks with their cards, as large as all of them allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forwhom.languages.catalog import tr_count
from forwhom.report.deck.measures import (
    BOTTOM,
    INNER,
    MARGIN,
    Lettering,
    board_lettering,
    rows_of_paragraph,
)
from forwhom.report.deck.pages import Board, Box, Text

#: Sizes of letters that are tried; at the last one, what has no room goes on elsewhere.
_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0)
#: Between blocks, and inside of each.
_BETWEEN, PADDING = 6.0, 7.0


@dataclass(frozen=True)
class PlacedBox:
    """A block with its place, and its paragraphs with how each looks."""

    x: float
    y: float
    width: float
    height: float
    name: str
    texts: tuple[tuple[Text, Lettering], ...]


def placed_board(
    board: Board, top: float
) -> tuple[list[PlacedBox], list[tuple[str, tuple[Text, ...]]]]:
    """Return the blocks below a place of the slide, and per block what had no room."""
    size = next((s for s in _SIZES if all(_fits(b, s, top) for b in board.boxes)), _SIZES[-1])
    made, left = [], []
    for box in board.boxes:
        kept = _kept(box, size, top)
        texts = [_heading(box), *(text for card in box.cards[:kept] for text in card)]
        if kept < len(box.cards):
            texts.append(_more(len(box.cards) - kept))
            rest = tuple(text for card in box.cards[kept:] for text in card)
            left.append((box.name, rest))
        x, y, width, height = _frame(box, top)
        look = tuple((t, board_lettering(t.look, size)) for t in texts)
        made.append(PlacedBox(x, y, width, height, box.name, look))
    return made, left


def _heading(box: Box) -> Text:
    return Text(box.name, "heading")


def _more(n: int) -> Text:
    return Text(tr_count("{n} more on a further slide", "{n} more on a further slide", n), "quiet")


def _frame(box: Box, top: float) -> tuple[float, float, float, float]:
    """Return where a block stands: left, top, width, height."""
    half = _BETWEEN / 2
    wide, high = INNER + _BETWEEN, BOTTOM - top + _BETWEEN
    return (
        MARGIN - half + box.x * wide + half,
        top - half + box.y * high + half,
        box.width * wide - _BETWEEN,
        box.height * high - _BETWEEN,
    )


def _fits(box: Box, size: float, top: float) -> bool:
    return _kept(box, size, top) == len(box.cards)


def _kept(box: Box, size: float, top: float) -> int:
    """Return how many cards have room, with the line that says how many have none."""
    _, _, width, height = _frame(box, top)
    room = height - 2 * PADDING
    used = _height([_heading(box)], size, width)
    heights = [_height(card, size, width) for card in box.cards]
    if used + sum(heights) <= room:
        return len(heights)
    used += _height([_more(99)], size, width)
    kept = 0
    while kept < len(heights) and used + heights[kept] <= room:
        used += heights[kept]
        kept += 1
    return kept


def _height(texts: Sequence[Text], size: float, width: float) -> float:
    total = 0.0
    for text in texts:
        letters = board_lettering(text.look, size)
        for line in text.text.splitlines() or [""]:
            one = replace(text, text=line)
            rows = rows_of_paragraph(one, width - 2 * PADDING, letters)
            total += letters.before + letters.leading * max(len(rows), 1)
    return total
