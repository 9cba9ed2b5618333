"""Items in a view: classes, how probable they are, and how much a misalignment weighs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment.cells import Table
from forwhom.alignment.classes import CLASSES, classify, weighed
from forwhom.alignment.ratings import Flags, Numbers
from forwhom.alignment.resampling import intervals
from forwhom.documents.canvas.kinds import Buti
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.misalignment import Opposition, class_of, conflict, level_of, risks
from forwhom.documents.results.alignment import (
    AlignmentClass,
    ItemAlignment,
    RatedItem,
    RatedSegment,
    Severity,
    View,
    ViewName,
)
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

    @property
    def target_impact(self) -> Flags:
        """Which segments are there to benefit: harm to them counts fully, whatever their power."""
        return _has(self, "target-impact")


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
    return [class_of(row[~np.isnan(row)].tolist(), exercise.thresholds) for row in medians]


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
    rated, drawn = table.rated[block], table.replicates[block]
    shares = _shares(classify(drawn, rated, exercise.thresholds))
    shares[(rated & ~table.sure[block]).any(axis=1)] = np.nan
    importance, harmed = exercise.importance[block], exercise.target_impact
    adoption = weighed(drawn, rated, importance, exercise.power).max(axis=1)
    harm = weighed(drawn, rated & harmed, importance, harmed.astype(np.float64), rated).max(axis=1)
    ranges = [intervals(part) for part in (adoption, harm, np.maximum(adoption, harm))]
    ids = [segment.id for segment in exercise.segments]
    for row, item in enumerate(exercise.items[block]):
        said = zip(ids, table.medians[block][row].tolist(), strict=True)
        medians = {segment: median for segment, median in said if not np.isnan(median)}
        if comparable[block][row]:
            known = [found[row] for found in ranges]
            yield _item(exercise, item, medians, shares[row], known)
        else:
            yield ItemAlignment(item=item.id, segments=[*medians], alignment="not-compared")


def _item(
    exercise: Exercise,
    item: RatedItem,
    medians: dict[str, float],
    shares: Numbers,
    ranges: Sequence[Interval | None],
) -> ItemAlignment:
    thresholds = exercise.thresholds
    high, low = max(medians.values()), min(medians.values())
    found = class_of(medians.values(), thresholds)
    known = bool(np.isfinite(shares).all())
    chances = dict(zip(CLASSES, shares.tolist(), strict=True)) if known else {}
    chance = chances.get(found)
    at_risk = risks(
        medians,
        item.importance,
        {segment.id: segment.power for segment in exercise.segments},
        {segment.id for segment in exercise.segments if "target-impact" in segment.buti},
    )

    def severity(one: Opposition, interval: Interval | None) -> Severity:
        return Severity(
            value=one.severity,
            interval=interval if known else None,
            level=level_of(one.severity, thresholds) if found == "misaligned" else None,
            opposed=one.segment if high > low else None,
        )

    harm = at_risk.sustainability
    return ItemAlignment(
        item=item.id,
        segments=[*medians],
        gap=high - low,
        conflict=conflict(high, low),
        alignment=found,
        probabilities=chances,
        probability=chance,
        undecided=chance is not None and chance < thresholds.certain,
        adoption=severity(at_risk.adoption, ranges[0]),
        sustainability=severity(harm, ranges[1]) if harm else None,
        severity=severity(at_risk.heavier, ranges[2]),
    )


def _shares(codes: NDArray[np.int8]) -> Numbers:
    """Return the share of replicates in each class, NaN where most have none."""
    valid = (codes >= 0).sum(axis=1)
    counts = np.stack([(codes == code).sum(axis=1) for code in range(len(CLASSES))], axis=1)
    enough = 2 * valid > codes.shape[1]
    return np.where(enough[:, None], counts / np.maximum(valid, 1)[:, None], np.nan)
