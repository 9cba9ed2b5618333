"""Raters drawn again: medians of many cells in every replicate of the bootstrap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment.ratings import Codes, Numbers
from forwhom.documents.segmentation import Interval

LEVEL = 0.95
#: With fewer replicates, none would be outside of an end of an interval of this level.
FEWEST = 40
#: More say nothing more, and need hours.
MOST = 100_000
#: Weights that are held at once: raters times replicates.
_HELD = 4_000_000

Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """Ratings whose median is wanted: codes of their raters, and the ratings."""

    rater: Codes
    value: Numbers


def replicate_medians(
    groups: Sequence[Group], strata: Codes, replicates: int, seed: int
) -> Numbers:
    """Return the median of every group in every replicate, NaN where no rater of it was drawn.

    A replicate draws as many raters of each stratum as there are, with replacement; all ratings
    of a rater go together.
    """
    medians = np.full((len(groups), replicates), np.nan)
    together: dict[bytes, list[tuple[int, _Steps]]] = {}
    for row, group in enumerate(groups):
        if len(group.value):
            together.setdefault(group.rater.tobytes(), []).append((row, _Steps(group)))
    start = 0
    for weights in _drawn(strata, replicates, np.random.default_rng([seed, 0])):
        stop = start + weights.shape[1]
        for steps in together.values():
            drawn = weights[steps[0][1].rater]
            for row, step in steps:
                medians[row, start:stop] = step.medians(drawn)
        start = stop
    return medians


def _drawn(strata: Codes, replicates: int, rng: np.random.Generator) -> Iterator[Weights]:
    """Yield how often each rater is drawn, raters by replicates, some replicates at a time."""
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    size = max(1, _HELD // max(1, len(strata)))
    for start in range(0, replicates, size):
        count = min(size, replicates - start)
        weights = np.zeros((len(strata), count), dtype=np.float32)
        for rows in members:
            weights[rows] = times_drawn(len(rows), count, rng)
        yield weights


def times_drawn(n: int, replicates: int, rng: np.random.Generator) -> Weights:
    """Return how often each of ``n`` is drawn when ``n`` are drawn, shape (n, replicates)."""
    drawn = rng.integers(0, n, size=(replicates, n), dtype=np.int64)
    drawn += n * np.arange(replicates, dtype=np.int64)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n * replicates)
    return counts.reshape(replicates, n).T.astype(np.float32)


class _Steps:
    """The steps at which the cumulated weight of a group grows: one for each distinct rating."""

    def __init__(self, group: Group) -> None:
        self.rater = group.rater
        self.values = np.unique(group.value)
        # One product with the weights gives the weight at or below every distinct rating.
        self.below = (group.value <= self.values[:, None]).astype(np.float32)

    def medians(self, drawn: Weights) -> Numbers:
        """Return the median in every replicate; ``drawn`` has a row for each rater of it."""
        cumulated = self.below @ drawn
        total = cumulated[-1]
        half = total / 2
        last = len(self.values) - 1
        low = np.count_nonzero(cumulated < half, axis=0)
        high = np.minimum(np.count_nonzero(cumulated <= half, axis=0), last)
        middle = (self.values[low] + self.values[high]) / 2
        return np.where(total > 0, middle, np.nan)


def intervals(replicates: Numbers, level: float = LEVEL) -> list[Interval | None]:
    """Return the percentile interval of every row, None where most replicates are undefined."""
    tail = (1 - level) / 2
    found: list[Interval | None] = [None] * len(replicates)
    whole = np.isfinite(replicates).all(axis=1)
    rows = [(np.flatnonzero(whole), replicates[whole])] if whole.any() else []
    for row in np.flatnonzero(~whole):
        known = replicates[row][np.isfinite(replicates[row])]
        if 2 * len(known) > replicates.shape[1]:
            rows.append((np.array([row]), known[None, :]))
    for places, known in rows:
        ends = np.quantile(known, [tail, 1 - tail], axis=1)
        for place, low, high in zip(places, *ends, strict=True):
            found[place] = Interval(low=float(low), high=float(high), level=level)
    return found
