"""Is it still true: what a later period says, as page and terminal show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forwhom.documents.refresh import Move, Range, Refresh, Shift, Transitions
from forwhom.documents.segmentation import Segmentation
from forwhom.languages.catalog import later, tr, tr_count, tr_in, whole
from forwhom.report.segmentation.cards import Card
from forwhom.wording import apart, between, decimal, listed, percent, percent_range

_NOTHING = "–"
#: What is said of a variable in all customers.
_SHIFTED = {
    "much": later("changed much"),
    "changed": later("changed"),
    "same": later("as it was"),
    "unknown": later("we cannot tell"),
}
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
        when=_when(told),
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


def _when(told: Refresh) -> str:
    return tr_count(
        "{n} customer of {sources}, as of {day}",
        "{n} customers of {sources}, as of {day}",
        told.n,
        sources=listed([apart(source.name) for source in told.sources]),
        day=apart(told.day),
    )


def _sizes(told: Refresh, known: dict[int, Card]) -> list[tuple[Card | str, ...]]:
    return [
        (
            known[one.segment],
            _share(one.before),
            _share(one.now),
            _NOTHING if one.refitted is None else _share(one.refitted),
            tr("not shown") if one.placed is None else whole(one.placed),
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
        f"{apart(decimal(move.effect, sign=sign))} ({move.kind})",
        between(apart(decimal(move.low, sign=sign)), apart(decimal(move.high, sign=sign))),
        _NOTHING if move.refitted is None else decimal(move.refitted, sign=sign),
        _moved(move),
    )


def _moved(move: Move) -> str:
    if move.moved:
        return tr("moved")
    return tr("no large move") if move.excluded else tr("we cannot tell")


def _shift(one: Shift) -> tuple[str, ...]:
    return (
        one.label,
        decimal(one.psi.value),
        between(decimal(one.psi.low), decimal(one.psi.high)),
        tr(_SHIFTED[one.verdict]),
    )


def _went_headings(told: Transitions) -> tuple[str, ...]:
    numbers = (str(s) if s else tr("None") for s in told.segments)
    return (tr_in("place", "From"), *numbers, tr("No longer there"))


def _went(told: Transitions, known: dict[int, Card]) -> list[tuple[Card | str, ...]]:
    rows: list[tuple[Card | str, ...]] = []
    for start, row, left in zip(told.segments, told.table, told.left, strict=True):
        name = known[start] if start else tr("None of these")
        rows.append((name, *map(_cell, row), _cell(left)))
    return [*rows, (tr("Not there before"), *map(_cell, told.new), "")]


def _cell(n: int | None) -> str:
    return "·" if n is None else whole(n)
