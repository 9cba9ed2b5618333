"""What changed from one round to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from forwhom.alignment.cells import groups_of, is_sure, median_of
from forwhom.alignment.dispersion import consensus
from forwhom.alignment.ratings import Codes, Numbers, Ratings
from forwhom.alignment.resampling import Group, intervals
from forwhom.alignment.views import Exercise, classes_of
from forwhom.documents.results.alignment import Change, ClassChange


@dataclass(frozen=True)
class Step:
    """A cell in two rounds that follow each other, with the raters who rated in both."""

    cell: int
    rounds: tuple[int, int]
    before: Group
    after: Group


def steps_of(ratings: Ratings) -> list[Step]:
    """Return every cell and pair of rounds in which the same raters rated it."""
    found = []
    rated = np.unique(np.stack([ratings.cell, ratings.round]), axis=1)
    rounds = np.unique(ratings.round)
    if len(rounds) < 2:
        return []
    by_round = {int(r): groups_of(ratings.where(ratings.round == r)) for r in rounds}
    for cell in np.unique(rated[0]):
        for first, second in pairwise(rated[1][rated[0] == cell].tolist()):
            before, after = by_round[first][cell], by_round[second][cell]
            both = np.intersect1d(before.rater, after.rater)
            if len(both):
                kept = [_of(group, both) for group in (before, after)]
                found.append(Step(int(cell), (first, second), *kept))
    return found


def _of(group: Group, raters: Codes) -> Group:
    kept = np.isin(group.rater, raters)
    return Group(group.rater[kept], group.value[kept])


def changes_of(
    ratings: Ratings, steps: Sequence[Step], replicates: Numbers, strata: Codes
) -> list[Change]:
    """Return the changes, from medians before and after of each step in turn."""
    ranges = intervals(replicates[1::2] - replicates[0::2])
    found = []
    for step, interval in zip(steps, ranges, strict=True):
        item, segment = divmod(step.cell, len(ratings.segments))
        found.append(
            Change(
                item=ratings.items[item],
                segment=ratings.segments[segment],
                before_round=step.rounds[0],
                after_round=step.rounds[1],
                raters=len(step.before.value),
                moved=int(np.count_nonzero(step.before.value != step.after.value)),
                before=median_of(step.before),
                after=median_of(step.after),
                interval=interval if is_sure(step.before, strata) else None,
                consensus_before=consensus(step.before.value),
                consensus_after=consensus(step.after.value),
            )
        )
    return found


def class_changes(exercise: Exercise, ratings: Ratings) -> list[ClassChange]:
    """Return the items whose class is another one than before the last round."""
    earlier = ratings.where(ratings.round < ratings.round.max())
    if len(earlier) == 0:
        return []
    before, after = (
        classes_of(exercise, _medians(part.current().counted())) for part in (earlier, ratings)
    )
    return [
        ClassChange(item=item.id, before=old, after=new)
        for item, old, new in zip(exercise.items, before, after, strict=True)
        if old not in (new, "not-compared")
    ]


def _medians(ratings: Ratings) -> Numbers:
    medians = np.array([median_of(group) for group in groups_of(ratings)])
    return medians.reshape(len(ratings.items), len(ratings.segments))
