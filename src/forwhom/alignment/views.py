"""Items in a view: classes, how probable they are, and how much a misalignment weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment.cells import Table
from forwhom.alignment.classes import CLASSES, Extremes, classify, extremes, level_of, weighed
from forwhom.alignment.ratings import Flags, Numbers
from forwhom.alignment.resampling import intervals
from forwhom.documents.alignment import (
    AlignmentClass,
    ItemAlignment,
    RatedItem,
    RatedSegment,
    Severity,
    View,
    ViewName,
)
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.canvas.words import Buti
from forwhom.documents.segmentation import Interval

#: Which two roles a view sets against each other.
ROLES: dict[ViewName, tuple[Buti, Buti]] = {
    "adoption": ("buyer", "user"),
    "sustainability": ("buyer", "target-impact"),
}
#: Numbers of replicates that are held at once.
_HELD = 3_000_000


@dataclass(frozen=True)
class Exercise:
    """What was rated, and how its classes are set."""

    segments: Sequence[RatedSegment]
    items: Sequence[RatedItem]
    thresholds: Thresholds

    @property
    def importance(self) -> Numbers:
        """Of every item, 0 to 1; 1 where nobody said."""
        said = [1.0 if i.importance is None else i.importance for i in self.items]
        return np.array(said, dtype=np.float64)

    @property
    def power(self) -> Numbers:
        """Of every segment, 0 to 1."""
        return np.array([s.power for s in self.segments], dtype=np.float64)


def views(exercise: Exercise, table: Table) -> list[View]:
    """Return the view of all segments, and those of adoption and sustainability where there are.

    A view sets two roles against each other: it is there when each of them has a segment with
    ratings, and they are not one and the same.
    """
    rated: Flags = np.any(table.rated, axis=0)
    found = [_view("all", exercise, table, rated, ())]
    for name, roles in ROLES.items():
        sides = [_has(exercise, role) for role in roles]
        chosen = (sides[0] | sides[1]) & rated
        if chosen.sum() >= 2 and all((side & rated).any() for side in sides):
            found.append(_view(name, exercise, table, chosen, sides))
    return found


def classes_of(exercise: Exercise, medians: Numbers) -> list[AlignmentClass]:
    """Return the class of every item from medians alone, over all segments."""
    everybody = np.ones(len(exercise.segments), dtype=bool)
    rated = ~np.isnan(medians)
    codes = classify(extremes(medians[:, :, None], rated), exercise.thresholds)[:, 0]
    there = _comparable(rated, everybody, ())
    return [CLASSES[code] if ok else "not-compared" for code, ok in zip(codes, there, strict=True)]


def _has(exercise: Exercise, role: Buti) -> Flags:
    return np.array([role in segment.buti for segment in exercise.segments], dtype=bool)


def _comparable(rated: Flags, chosen: Flags, sides: Sequence[Flags]) -> Flags:
    """Whether an item has ratings for two segments of the view, and for both of its roles."""
    enough = (rated & chosen).sum(axis=1) >= 2
    for side in sides:
        enough &= (rated & side).any(axis=1)
    return np.asarray(enough)


def _view(
    name: ViewName, exercise: Exercise, table: Table, chosen: Flags, sides: Sequence[Flags]
) -> View:
    comparable = _comparable(table.rated, chosen, sides)
    places = np.flatnonzero(chosen).tolist()
    part = Table(table.medians[:, places], table.replicates[:, places], table.sure[:, places])
    own = Exercise([exercise.segments[p] for p in places], exercise.items, exercise.thresholds)
    items = [one for block in _blocks(part) for one in _items(own, part, comparable, block)]
    return View(name=name, segments=[segment.id for segment in own.segments], items=items)


def _blocks(table: Table) -> Iterator[slice]:
    items, segments, replicates = table.replicates.shape
    step = max(1, _HELD // max(1, segments * replicates))
    for start in range(0, items, step):
        yield slice(start, min(start + step, items))


def _items(
    exercise: Exercise, table: Table, comparable: Flags, block: slice
) -> Iterator[ItemAlignment]:
    rated = table.rated[block]
    medians, drawn = table.medians[block][:, :, None], table.replicates[block]
    importance, power = exercise.importance[block], exercise.power
    point = extremes(medians, rated)
    shares = _shares(classify(extremes(drawn, rated), exercise.thresholds))
    shares[(rated & ~table.sure[block]).any(axis=1)] = np.nan
    numbers = _Numbers(
        medians[:, :, 0],
        point,
        classify(point, exercise.thresholds)[:, 0],
        shares,
        weighed(medians, rated, importance, power)[:, :, 0],
        intervals(weighed(drawn, rated, importance, power).max(axis=1)),
    )
    ids = [segment.id for segment in exercise.segments]
    for row, item in enumerate(exercise.items[block]):
        there = [ids[p] for p in np.flatnonzero(rated[row])]
        if comparable[block][row]:
            yield numbers.item(row, item.id, there, ids, exercise.thresholds)
        else:
            yield ItemAlignment(item=item.id, segments=there, alignment="not-compared")


@dataclass(frozen=True)
class _Numbers:
    """What was computed for the items of one block, a row each."""

    medians: Numbers
    point: Extremes
    codes: NDArray[np.int8]
    shares: Numbers
    weights: Numbers
    ranges: list[Interval | None]

    def item(
        self, row: int, name: str, there: list[str], ids: list[str], thresholds: Thresholds
    ) -> ItemAlignment:
        found = CLASSES[self.codes[row]]
        known = bool(np.isfinite(self.shares[row]).all())
        chances = dict(zip(CLASSES, map(float, self.shares[row]), strict=True)) if known else {}
        chance = chances.get(found)
        return ItemAlignment(
            item=name,
            segments=there,
            gap=float(self.point.gap[row, 0]),
            conflict=float(self.point.conflict[row, 0]),
            alignment=found,
            probabilities=chances,
            probability=chance,
            undecided=chance is not None and chance < thresholds.certain,
            severity=self.severity(row, found, ids, thresholds, known),
        )

    def severity(
        self, row: int, found: AlignmentClass, ids: list[str], thresholds: Thresholds, known: bool
    ) -> Severity:
        # Of several with the same weight, the one that wants it least.
        worst = int(np.lexsort((self.medians[row], -self.weights[row]))[0])
        value = float(self.weights[row, worst])
        return Severity(
            value=value,
            interval=self.ranges[row] if known else None,
            level=level_of(value, thresholds) if found == "misaligned" else None,
            opposed=ids[worst] if self.point.gap[row, 0] > 0 else None,
        )


def _shares(codes: NDArray[np.int8]) -> Numbers:
    """Return the share of replicates in each class, NaN where most have none."""
    valid = (codes >= 0).sum(axis=1)
    counts = np.stack([(codes == code).sum(axis=1) for code in range(len(CLASSES))], axis=1)
    enough = 2 * valid > codes.shape[1]
    return np.where(enough[:, None], counts / np.maximum(valid, 1)[:, None], np.nan)
