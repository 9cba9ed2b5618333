"""An exercise: what is rated, for whom, by whom, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.ratings import HIGHEST, LOWEST
from forwhom.documents.canvas.value import TOP, Need
from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking
from forwhom.report.workshop.agenda import LONGEST, SHORTEST
from forwhom.report.workshop.plan import asked, rated_segments

Kind = Literal["alignment", "needs", "weights"]
Way = Literal["group", "alone"]
Stage = Literal["gathering", "rating", "revealed", "closed"]
#: How a participant stands to a segment: one of its members, or somebody who speaks for it.
Voice = Literal["direct", "proxy"]
Measure = Literal["desirable", "importance", "satisfaction", "weight"]

#: What each kind asks of an item.
MEASURES: Mapping[Kind, tuple[Measure, ...]] = {
    "alignment": ("desirable",),
    "needs": ("importance", "satisfaction"),
    "weights": ("weight",),
}
#: Most rounds, and most cells for one person: an exercise of more is none.
MOST_ROUNDS, MOST_CELLS = 9, 300
#: How many needs of a segment are chosen when nobody chose.
_TOP = 3


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Part):
    """What is rated, in the words in which it is asked."""

    id: str
    text: str
    #: Whose need it is: the name of a segment; empty where it is nobody's.
    of: str = ""


class Side(_Part):
    """A segment that is rated for, and who may do so; None: members and others."""

    id: str
    name: str
    voice: Voice | None = None


class Setup(_Part):
    """What a facilitator settles before anybody rates."""

    canvas: str
    kind: Kind
    title: str
    language: str
    items: tuple[Item, ...]
    sides: tuple[Side, ...] = ()
    way: Way = "group"
    rounds: int = Field(default=2, ge=1, le=MOST_ROUNDS)
    #: Length of the workshop, and of a round, in minutes.
    minutes: int = Field(default=60, ge=SHORTEST, le=LONGEST)
    timer: int = Field(default=10, ge=1, le=LONGEST)
    anonymous: bool = True
    #: From when until when it takes ratings; empty: from now, and until it is closed.
    opens: str = ""
    closes: str = ""


class State(_Part):
    """An exercise and how far it has come."""

    setup: Setup
    stage: Stage = "gathering"
    round: int = 0
    #: When the timer of the round ends; empty where there is none.
    ends: str = ""

    def is_open(self, moment: str) -> bool:
        """Whether it takes ratings at a moment."""
        setup = self.setup
        over = setup.closes != "" and moment >= setup.closes
        return self.round > 0 and self.stage != "closed" and moment >= setup.opens and not over

    def cells(self, speaks: Mapping[str, Voice]) -> Iterator[Cell]:
        """Yield what somebody is asked who speaks for some segments."""
        measures = MEASURES[self.setup.kind]
        segments = [""] if self.setup.kind == "weights" else [s.id for s in self.setup.sides]
        for item in self.setup.items:
            for segment in segments:
                if segment == "" or segment in speaks:
                    for measure in measures:
                        yield Cell(segment, item.id, measure)


class Cell(NamedTuple):
    """One question: an item, for a segment, in one respect."""

    segment: str
    item: str
    measure: str


class Given(BaseModel):
    """A rating as it comes from a phone; ``value`` is None for "don't know"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=8, max_length=40)
    round: int
    segment: str = Field(max_length=200)
    item: str = Field(max_length=200)
    measure: str = Field(max_length=20)
    value: int | None = Field(default=None, strict=True)

    @property
    def cell(self) -> Cell:
        """What it answers."""
        return Cell(self.segment, self.item, self.measure)


@dataclass(frozen=True)
class Participant:
    """Somebody who takes part, known by a token in their browser."""

    id: str
    number: int
    name: str
    speaks: Mapping[str, Voice]


def ends_of(kind: Kind) -> tuple[int, int]:
    """Return the lowest and the highest value of a scale."""
    return (int(LOWEST), int(HIGHEST)) if kind == "alignment" else (0, int(TOP))


def begun(setup: Setup) -> State:
    """Return the state in which an exercise opens: alone, people rate at once."""
    if not setup.items:
        raise OptionError(
            later("There is nothing to rate yet."), later("Choose at least one item.")
        )
    if setup.kind != "weights" and not setup.sides:
        raise OptionError(later("There is nobody to rate for."), later("Choose a segment."))
    if setup.closes and setup.closes <= setup.opens:
        raise OptionError(
            later("It would close before it opens."), later("Choose a later day for its end.")
        )
    state = State(setup=setup)
    if setup.way == "alone":
        state = State(setup=setup, stage="rating", round=1)
    if len(list(state.cells(dict.fromkeys((s.id for s in setup.sides), "proxy")))) > MOST_CELLS:
        raise OptionError(
            later("These are too many ratings for one person."),
            later("Choose fewer items, or fewer segments."),
        )
    return state


def voices(setup: Setup, wanted: Mapping[str, str]) -> dict[str, Voice]:
    """Return for whom a participant speaks and how, as the facilitator allows it."""
    found: dict[str, Voice] = {}
    for side in setup.sides:
        voice = wanted.get(side.id, "")
        if voice == "direct" and side.voice != "proxy":
            found[side.id] = "direct"
        elif voice == "proxy" and side.voice != "direct":
            found[side.id] = "proxy"
    if not found and setup.kind != "weights":
        raise OptionError(
            later("Nobody knows yet for whom you speak."), later("Choose at least one segment.")
        )
    return found


def sides_of(canvas: Canvas) -> list[Side]:
    """Return the segments that can be rated for: those with a role, or all where few have one."""
    rated = rated_segments(canvas)
    return [Side(id=s.id, name=s.name) for s in (rated if len(rated) > 1 else canvas.segments)]


def items_of(canvas: Canvas, kind: Kind) -> list[Item]:
    """Return what can be rated: needs, as people are asked about them, or criteria."""
    if kind == "weights":
        criteria = canvas.decision.criteria if canvas.decision is not None else []
        return [Item(id=one.id, text=one.name) for one in criteria]
    names = {s.id: s.name for s in canvas.segments}
    with speaking(canvas.language):
        return [
            Item(
                id=need.id,
                text=asked(need) if kind == "alignment" else need.statement,
                of=names.get(need.segments[0], "") if need.segments else "",
            )
            for need in canvas.needs
        ]


def top_items(canvas: Canvas) -> frozenset[str]:
    """Return the needs that the canvas names for the exercise, or the top ones of each segment."""
    if canvas.alignment is not None and canvas.alignment.items:
        return frozenset(canvas.alignment.items)
    return frozenset(
        need.id
        for side in sides_of(canvas)
        for need in _first(need for need in canvas.needs if side.id in need.segments)
    )


def _first(needs: Iterator[Need]) -> list[Need]:
    return sorted(needs, key=lambda need: -(need.importance or 0))[:_TOP]
