"""Is it still true: what a later period says, as page and terminal show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forwhom.documents.refresh import Move, Range, Refresh, Shift, Transitions
from forwhom.documents.segmentation import Segmentation
from forwhom.report.segmentation.cards import Card
from forwhom.wording import between, count, decimal, listed, percent, percent_range

_NOTHING = "–"
#: Rows of the tables of moves and of variables.
_ROWS = 12


@dataclass(frozen=True)
class Refreshed:
    """The later period in sentences, tables and what the plot of flows needs."""

    headline: str
    when: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    sizes: tuple[tuple[Card | str, ...], ...]
    moves: tuple[tuple[Card | str, ...], ...]
    shifts: tuple[tuple[str, ...], ...]
    flows: Transitions | None
    names: dict[int, str]
    went: tuple[tuple[Card | str, ...], ...]
    went_headings: tuple[str, ...]

    @property
    def briefly(self) -> str:
        """The verdict in a line."""
        return f"{self.headline} ({self.when})"


def refreshed(segmentation: Segmentation, cards: Sequence[Card]) -> Refreshed | None:
    """Return what the latest refresh says; ``None`` without one."""
    told = segmentation.refreshed
    if told is None:
        return None
    known = {card.id: card for card in cards}
    return Refreshed(
        headline=told.headline,
        when=f"{count(told.n, 'customer')} of {listed([s.name for s in told.sources])}, as of "
        f"{told.day}",
        sentences=tuple(told.sentences),
        notes=tuple(told.notes),
        sizes=tuple(_sizes(told, known)),
        moves=tuple(_move(move, known) for move in told.moves[:_ROWS]),
        shifts=tuple(_shift(one) for one in told.shifts[:_ROWS]),
        flows=told.transitions,
        names={segment.id: segment.name for segment in segmentation.segments},
        went=tuple(_went(told.transitions, known)) if told.transitions else (),
        went_headings=_went_headings(told.transitions) if told.transitions else (),
    )


def _sizes(told: Refresh, known: dict[int, Card]) -> list[tuple[Card | str, ...]]:
    return [
        (
            known[one.segment],
            _share(one.before),
            _share(one.now),
            _NOTHING if one.refitted is None else _share(one.refitted),
            "not shown" if one.placed is None else f"{one.placed:,}",
        )
        for one in told.sizes
    ]


def _share(one: Range) -> str:
    return f"{percent(one.value)} ({percent_range(one.low, one.high)})"


def _move(move: Move, known: dict[int, Card]) -> tuple[Card | str, ...]:
    sign = move.kind == "d"
    return (
        known[move.segment],
        move.label,
        f"{decimal(move.effect, sign=sign)} ({move.kind})",
        between(decimal(move.low, sign=sign), decimal(move.high, sign=sign)),
        _NOTHING if move.refitted is None else decimal(move.refitted, sign=sign),
        "moved" if move.moved else "no large move" if move.excluded else "we cannot tell",
    )


def _shift(one: Shift) -> tuple[str, ...]:
    said = {
        "much": "changed much", "changed": "changed", "same": "as it was",
        "unknown": "we cannot tell",
    }  # fmt: skip
    return (
        one.label,
        decimal(one.psi.value),
        between(decimal(one.psi.low), decimal(one.psi.high)),
        said[one.verdict],
    )


def _went_headings(told: Transitions) -> tuple[str, ...]:
    return ("From", *(str(s) if s else "None" for s in told.segments), "No longer there")


def _went(told: Transitions, known: dict[int, Card]) -> list[tuple[Card | str, ...]]:
    rows: list[tuple[Card | str, ...]] = []
    for start, row, left in zip(told.segments, told.table, told.left, strict=True):
        name = known[start] if start else "None of these"
        rows.append((name, *map(_cell, row), _cell(left)))
    return [*rows, ("Not there before", *map(_cell, told.new), "")]


def _cell(n: int | None) -> str:
    return "·" if n is None else f"{n:,}"
