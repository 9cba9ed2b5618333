"""What an exercise found: ratings as `align` reads them, with small groups withheld."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from forwhom.choices.strategies import new_strategy
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.ratings import Alignment, Rating
from forwhom.documents.cells import harmless
from forwhom.documents.ids import slug, unused
from forwhom.documents.privacy import is_small
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.errors import OptionError
from forwhom.languages.catalog import later
from forwhom.pipeline.aligning import align
from forwhom.workspace.canvases import Canvases, Version
from forwhom.workspace.changes import Change, Insert, Put
from forwhom.workspace.exercise import MEASURES, Cell, Participant
from forwhom.workspace.exercises import Exercises, Opened, Rated

#: Of fewer raters of one kind, an anonymous exercise shows nothing: of two, each knows the other.
FEWEST = 3
#: Answers that are kept computed.
_KEPT = 16


@dataclass(frozen=True)
class Middle:
    """The middle of what people said of one item in one respect, for a segment."""

    n: int
    #: None where too few said it, or nobody.
    median: float | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Outcome:
    """What may be shown of an exercise."""

    #: Whether members and others, or who said it, can be told apart: ratings that may be shown.
    shown: tuple[Rated, ...]
    people: tuple[Participant, ...]
    #: How many ratings are withheld, and how many came after their round was over.
    withheld: int
    late: int
    #: What `align` says of them; None of other kinds, and where there is nothing to show.
    result: AlignmentResult | None


class Outcomes:
    """What exercises found, each computed once."""

    def __init__(self, exercises: Exercises, canvases: Canvases) -> None:
        self._exercises = exercises
        self._canvases = canvases
        self._kept: OrderedDict[tuple[str, int, int], Outcome] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, found: Opened) -> Outcome:
        """Return what an exercise found, with the canvas as it is now."""
        head = self._canvases.head(found.canvas)
        key = found.id, found.moved, head.number
        with self._guard:
            if key not in self._kept:
                self._kept[key] = self._computed(found, head.canvas)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]

    def _computed(self, found: Opened, canvas: Canvas) -> Outcome:
        rated = self._exercises.ratings(found.id)
        people = tuple(self._exercises.participants(found.id))
        shown = showable(found, people, rated)
        kept = set(shown)
        withheld = sum(one.value is not None for one in rated if one not in kept)
        late = sum(one.late for one in rated)
        result = None
        if found.setup.kind == "alignment":
            held = with_ratings(canvas, found, people, shown)
            if held.alignment is not None and held.alignment.ratings:
                result = align(held)
        return Outcome(tuple(shown), people, withheld, late, result)


def showable(found: Opened, people: Sequence[Participant], rated: Sequence[Rated]) -> list[Rated]:
    """Return the ratings that may be shown: in an anonymous exercise, those of enough people."""
    if not found.setup.anonymous:
        return list(rated)
    speaks = {one.id: one.speaks for one in people}

    def group(one: Rated) -> tuple[Cell, int, str | None]:
        return one.cell, one.round, speaks[one.participant].get(one.cell.segment)

    sizes = Counter(group(one) for one in rated if one.value is not None)
    small = {kind for kind, n in sizes.items() if is_small(n, FEWEST)}
    return [one for one in rated if group(one) in sizes and group(one) not in small]


def rater_names(found: Opened, people: Sequence[Participant]) -> dict[str, str]:
    """Return what each participant is called in files: a code that nobody saw, or the name."""
    if found.setup.anonymous:
        # The number on a phone is known in the room; this one is not.
        return {p.id: f"r{hashlib.sha256(p.id.encode()).hexdigest()[:8]}" for p in people}
    often = Counter(one.name for one in people)
    return {p.id: p.name if often[p.name] == 1 else f"{p.name} {p.number}" for p in people}


def with_ratings(
    canvas: Canvas, found: Opened, people: Sequence[Participant], shown: Sequence[Rated]
) -> Canvas:
    """Return a canvas whose ratings are those of an exercise, and none else."""
    needs = {need.id for need in canvas.needs}
    segments = {segment.id for segment in canvas.segments}
    lines = [
        Rating(
            rater=rater, mode="direct" if mode == "direct" else "proxy", segment=one.cell.segment,
            item=one.cell.item, value=one.value, round=one.round,
        )
        for rater, mode, one in _lines(found, people, shown)
        if one.value is not None and one.cell.item in needs and one.cell.segment in segments
    ]  # fmt: skip
    rated = {one.item for one in lines}
    items = [item.id for item in found.setup.items if item.id in rated]
    own = canvas.alignment or Alignment()
    held = own.model_copy(update={"ratings": lines, "items": items, "file": ""})
    return canvas.model_copy(update={"alignment": held})


def _lines(
    found: Opened, people: Sequence[Participant], shown: Sequence[Rated]
) -> list[tuple[str, str, Rated]]:
    """Return who said it in which mode, in an order that does not tell who came first."""
    names = rater_names(found, people)
    speaks = {one.id: one.speaks for one in people}
    made = [
        (names[one.participant], speaks[one.participant].get(one.cell.segment, "proxy"), one)
        for one in shown
    ]
    return sorted(made, key=lambda line: (line[2].round, line[0], line[2].cell))


def ratings_csv(found: Opened, outcome: Outcome) -> str:
    """Return ratings as `align` reads them, needs as `canvas jobs` does, or weights."""
    lines = _lines(found, outcome.people, outcome.shown)
    if found.setup.kind == "needs":
        return _needs_csv(outcome, lines)
    if found.setup.kind == "weights":
        rows = [("round", "judge", "criterion", "weight")]
        rows += [(str(o.round), who, o.cell.item, _written(o.value)) for who, _, o in lines]
        return _csv(rows)
    table = [("round", "rater", "mode", "segment", "item", "value")]
    table += [
        (str(one.round), who, mode, one.cell.segment, one.cell.item, _written(one.value))
        for who, mode, one in lines
    ]
    return _csv(table)


def _needs_csv(outcome: Outcome, lines: Sequence[tuple[str, str, Rated]]) -> str:
    """Return a line for each respondent and need; who speaks for several segments is several."""
    several = {one.id for one in outcome.people if len(one.speaks) > 1}
    said: dict[tuple[str, str, str], dict[str, int | None]] = {}
    for who, _, one in lines:
        name = f"{who}.{one.cell.segment}" if one.participant in several else who
        # Rounds are in order: the last one counts.
        said.setdefault((name, one.cell.segment, one.cell.item), {})[one.cell.measure] = one.value
    rows = [("respondent", "segment", "need", *MEASURES["needs"])]
    rows += [(*key, *(_written(v.get(m)) for m in MEASURES["needs"])) for key, v in said.items()]
    return _csv(rows)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([harmless(c) for c in row] for row in rows)
    return out.getvalue()


def _written(value: int | None) -> str:
    return "" if value is None else str(value)


def middles(outcome: Outcome) -> dict[Cell, Middle]:
    """Return the middle of each cell in its last round."""
    last: dict[Cell, int] = {}
    for one in outcome.shown:
        last[one.cell] = max(last.get(one.cell, 0), one.round)
    values: dict[Cell, list[int]] = {}
    for one in outcome.shown:
        if one.value is not None and one.round == last[one.cell]:
            values.setdefault(one.cell, []).append(one.value)
    return {c: Middle(len(v), float(median(v)), min(v), max(v)) for c, v in values.items()}


def strategy_of(head: Version, item: str, said: Mapping[str, str]) -> Change:
    """Return the change that puts a strategy for a misalignment into a canvas."""
    if not said.get("action", "").strip():
        raise OptionError(
            later("It does not say yet what will be done."), later("Type the action.")
        )
    if item not in {need.id for need in head.canvas.needs}:
        raise OptionError(later("This item is not in the canvas any more."), "")
    made = new_strategy(head.canvas, item)
    made |= {key: said[key].strip() for key in ("block", "action", "owner") if key in said}
    made["due"] = said.get("due", "").strip() or None
    return Insert(at=("alignment", "strategies", len(head.canvas.strategies)), value=made)


def judges_of(head: Version, found: Opened, outcome: Outcome) -> list[Change]:
    """Return the changes that put weights into the decision matrix, each judge by a code name."""
    matrix = head.canvas.decision
    criteria = {one.id for one in matrix.criteria} if matrix is not None else set()
    weights: dict[str, dict[str, float]] = {}
    for who, _, one in _lines(found, outcome.people, outcome.shown):
        if one.value is not None and one.cell.item in criteria:
            weights.setdefault(who, {})[one.cell.item] = one.value
    judges = {} if matrix is None else {j.id: i for i, j in enumerate(matrix.judges)}
    changes: list[Change] = []
    new: set[str] = set()
    for who, given in weights.items():
        name = unused(slug(who) or "judge", new)
        new.add(name)
        if name in judges:
            changes.append(Put(at=("decision", "judges", judges[name], "weights"), value=given))
        else:
            place = len(judges) + sum(isinstance(one, Insert) for one in changes)
            value = {"id": name, "weights": given}
            changes.append(Insert(at=("decision", "judges", place), value=value))
    if not changes:
        raise OptionError(
            later("There are no weights that may be shown."),
            later("Weights of fewer than three people stay theirs where it is anonymous."),
        )
    return changes
