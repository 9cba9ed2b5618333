"""What a phone shows of an exercise: questions, scales in words, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forwhom.languages.catalog import later, tr
from forwhom.report.alignment.summary import HeatRow, summarize_alignment
from forwhom.wording import decimal, number, signed
from forwhom.workspace.exercise import Cell, Kind, Participant, ends_of
from forwhom.workspace.exercises import Opened
from forwhom.workspace.outcomes import Outcome, middles

#: Groups of a scale: the first and the last value, and what they say.
_SCALES: Mapping[str, tuple[tuple[int, int, str], ...]] = {
    "desirable": (
        (-5, -1, later("They would rather not")),
        (0, 0, later("Makes no difference")),
        (1, 5, later("They want it")),
    ),
    "importance": (
        (0, 3, later("Not important")),
        (4, 6, later("Fairly important")),
        (7, 10, later("Very important")),
    ),
    "satisfaction": (
        (0, 3, later("Badly met today")),
        (4, 6, later("Partly met today")),
        (7, 10, later("Well met today")),
    ),
    "weight": (
        (0, 3, later("Counts little")),
        (4, 6, later("Counts")),
        (7, 10, later("Counts a lot")),
    ),
}
#: What is asked of an item in each respect.
_ASKED: Mapping[str, str] = {
    "desirable": later("How desirable is this?"),
    "importance": later("How important is this?"),
    "satisfaction": later("How well is this met today?"),
    "weight": later("How much should this count?"),
}
#: What single values of −5 to +5 are called, by how far they are from zero.
_WORDS = {
    -5: later("very undesirable"), -4: later("undesirable"), -3: later("undesirable"),
    -2: later("unwelcome"), -1: later("unwelcome"), 0: later("makes no difference"),
    1: later("welcome"), 2: later("welcome"), 3: later("desirable"), 4: later("desirable"),
    5: later("very desirable"),
}  # fmt: skip


@dataclass(frozen=True)
class Option:
    """A value that can be chosen."""

    value: str
    label: str
    word: str


@dataclass(frozen=True)
class Group:
    """Values beside each other, with what they say together."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Question:
    """One item for one segment, in one respect."""

    cell: Cell
    text: str
    of: str
    asked: str
    side: str
    #: Whether the person is one of the segment.
    own: bool
    groups: tuple[Group, ...]
    #: What was said in this round; None where nothing was, empty for "don't know".
    said: str | None
    #: What was said in the round before, in words.
    before: str

    @property
    def name(self) -> str:
        """The name of its field."""
        return "|".join(self.cell)


def questions_of(
    found: Opened,
    who: Participant,
    said: Mapping[Cell, int | None],
    before: Mapping[Cell, int | None],
) -> list[Question]:
    """Return what somebody is asked in this round, segment by segment."""
    items = {one.id: one for one in found.setup.items}
    names = {one.id: one.name for one in found.setup.sides}
    kind = found.setup.kind
    cells = sorted(found.state.cells(who.speaks), key=lambda cell: [*names, ""].index(cell.segment))
    return [
        Question(
            cell=cell,
            text=items[cell.item].text,
            of=items[cell.item].of,
            asked=tr(_ASKED[cell.measure]),
            side=names.get(cell.segment, ""),
            own=who.speaks.get(cell.segment) == "direct",
            groups=_scale(kind, cell.measure),
            said=_written(said[cell]) if cell in said else None,
            before=_shown(kind, before[cell]) if cell in before else "",
        )
        for cell in cells
    ]


def _scale(kind: Kind, measure: str) -> tuple[Group, ...]:
    return tuple(
        Group(
            tr(name),
            tuple(
                Option(str(value), _shown(kind, value), tr(_WORDS[value]) if signs else tr(name))
                for value in range(low, high + 1)
            ),
        )
        for low, high, name in _SCALES[measure]
        for signs in [kind == "alignment"]
    )


def _written(value: int | None) -> str:
    return "" if value is None else str(value)


def _shown(kind: Kind, value: int | None) -> str:
    if value is None:
        return tr("don’t know")
    return signed(value) if kind == "alignment" else number(value)


@dataclass(frozen=True)
class Row:
    """What came out of one item: in each segment, and what that means."""

    text: str
    cells: tuple[tuple[str, str], ...]
    verdict: str


def rows_of(found: Opened, outcome: Outcome) -> list[Row]:
    """Return what everybody may see: middles of groups that are large enough."""
    if found.setup.kind == "alignment":
        if outcome.result is None:
            return []
        summary = summarize_alignment(outcome.result)
        return [
            Row(
                row.statement,
                tuple(
                    (name, f"{cell.text} · {cell.stance}")
                    for name, cell in zip(summary.segments, row.cells, strict=True)
                ),
                " · ".join(p for p in _verdict(row) if p not in ("", "–")),
            )
            for row in summary.rows
        ]
    made = middles(outcome)
    names = {one.id: one.name for one in found.setup.sides}
    words = {
        "importance": tr("importance"), "satisfaction": tr("satisfaction"), "weight": tr("weight")
    }  # fmt: skip
    return [
        Row(
            item.text,
            tuple(
                (
                    " · ".join(p for p in (names.get(cell.segment, ""), words[cell.measure]) if p),
                    _middle(middle.median, middle.low, middle.high, middle.n),
                )
                for cell, middle in sorted(made.items())
                if cell.item == item.id
            ),
            "",
        )
        for item in found.setup.items
    ]


def _verdict(row: HeatRow) -> tuple[str, ...]:
    """Return what an item is, how sure that is, and how severe."""
    return row.class_name, row.sureness, row.severity_text


def _middle(median: float | None, low: int | None, high: int | None, n: int) -> str:
    return tr(
        "{median} (from {low} to {high}, {n} people)",
        median=decimal(median, 1), low=low, high=high, n=n,
    )  # fmt: skip


def scale_of(kind: Kind) -> str:
    """Return the ends of a scale."""
    low, high = ends_of(kind)
    return f"{_shown(kind, low)} … {_shown(kind, high)}"
