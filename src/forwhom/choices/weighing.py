"""Weighted scores under one judge's weights and under thousands of random ones. Arrays only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.results import Frequency

Numbers = NDArray[np.float64]

#: Ends of the scale of scores.
WORST, BEST = 0.0, 10.0
#: How far weights near those of the judges are moved towards random ones.
MOVED = 0.25
#: Totals that differ by less than this are equal: what is left of the arithmetic.
_DIGITS = 9


@dataclass(frozen=True)
class Weights:
    """Draws of weights."""

    #: for each axis, weights of all criteria, 0 for those of the other axis; rows sum to 1.
    #: Shape (draws, criteria).
    by_axis: Mapping[str, Numbers]
    combined: Numbers  # both axes together; rows sum to 1


def random_weights(axes: Sequence[str], draws: int, rng: np.random.Generator) -> Weights:
    """Draw weights that favor nothing: Dirichlet(1, ..., 1) over the criteria of each axis.

    How much one axis counts against the other is drawn as well, uniformly (R. Lahdelma,
    J. Hokkanen, P. Salminen, "SMAA: stochastic multiobjective acceptability analysis", European
    Journal of Operational Research 106 (1998)).
    """
    by_axis = {}
    for axis in sorted(set(axes)):
        columns = _columns(axes, axis)
        weights = np.zeros((draws, len(axes)))
        weights[:, columns] = rng.dirichlet(np.ones(len(columns)), size=draws)
        by_axis[axis] = weights
    return _combined(by_axis, rng.random(draws))


def weights_near(
    given: Mapping[str, Numbers], random: Weights, rng: np.random.Generator
) -> Weights:
    """Mix the judges' weights at random, and move each mixture a quarter towards random weights.

    ``given`` are for each axis the weights of the judges, shape (judges, criteria); a row of NaN
    is a judge who gave none on that axis. At least one judge did on each axis.
    """
    draws = len(random.combined)
    n = len(next(iter(given.values())))
    shares = rng.dirichlet(np.ones(n), size=draws)
    by_axis = {}
    for axis, rows in given.items():
        known = ~np.isnan(rows).any(axis=1)
        of_these = shares[:, known] / shares[:, known].sum(axis=1, keepdims=True)
        by_axis[axis] = (1 - MOVED) * of_these @ rows[known] + MOVED * random.by_axis[axis]
    return _combined(by_axis, 0.5 * (1 - MOVED) + MOVED * rng.random(draws))


def _combined(by_axis: Mapping[str, Numbers], balance: Numbers) -> Weights:
    axes = sorted(by_axis)
    if len(axes) == 1:
        return Weights(by_axis, by_axis[axes[0]])
    first, second = (by_axis[axis] for axis in axes)
    return Weights(by_axis, balance[:, None] * first + (1 - balance)[:, None] * second)


def _columns(axes: Sequence[str], axis: str) -> list[int]:
    return [index for index, one in enumerate(axes) if one == axis]


def frequencies(weights: Numbers, ballots: Sequence[Numbers]) -> list[Frequency]:
    """Say how often each segment ranks first, second, and where on average.

    ``weights`` have shape (draws, criteria), and rows that sum to 1; ``ballots`` are the scores of
    each judge, shape (segments, criteria); NaN is a missing score, which can be anything on the
    scale.
    """
    tables = [_table(weights, scores) for scores in ballots]
    mean = np.mean(np.stack(tables), axis=0)
    return [Frequency(**dict(zip(_FIELDS, row, strict=True))) for row in mean.tolist()]


_FIELDS = ("first_low", "first_high", "top_two_low", "top_two_high", "rank_low", "rank_high")


def _table(weights: Numbers, scores: Numbers) -> Numbers:
    """Return the fields of each segment, shape (segments, 6), by one judge's scores."""
    missing = np.isnan(scores)
    low = np.round(weights @ np.where(missing, WORST, scores).T, _DIGITS)
    high = np.round(weights @ np.where(missing, BEST, scores).T, _DIGITS)
    rows = []
    for s in range(len(scores)):
        if not missing.any():
            above = (low > low[:, s : s + 1]).sum(axis=1)
            equal = (low == low[:, s : s + 1]).sum(axis=1)
            rows.append(_shared(above, equal))
            continue
        others = np.arange(len(scores)) != s
        surely = (low[:, others] > high[:, s : s + 1]).sum(axis=1)
        perhaps = (high[:, others] >= low[:, s : s + 1]).sum(axis=1)
        rows.append(_bounded(surely, perhaps))
    return np.array(rows)


def _shared(above: NDArray[np.int64], equal: NDArray[np.int64]) -> list[float]:
    """Return the fields of a segment whose place is known; those that tie share the places."""
    first = float((np.clip(1 - above, 0, equal) / equal).mean())
    two = float((np.clip(2 - above, 0, equal) / equal).mean())
    rank = float((1 + above + (equal - 1) / 2).mean())
    return [first, first, two, two, rank, rank]


def _bounded(surely: NDArray[np.int64], perhaps: NDArray[np.int64]) -> list[float]:
    """Return what holds whatever the missing scores are, and what is possible."""
    return [
        float((perhaps < 1).mean()),
        float((surely < 1).mean()),
        float((perhaps < 2).mean()),
        float((surely < 2).mean()),
        float(1 + surely.mean()),
        float(1 + perhaps.mean()),
    ]


def weighted(weights: Numbers, scores: Numbers) -> Numbers:
    """Return the weighted score of each segment; NaN where a score with a weight is missing."""
    counts = weights > 0
    totals: Numbers = scores[:, counts] @ weights[counts]
    return np.round(totals, _DIGITS)


@dataclass(frozen=True)
class Turn:
    """Where the winner changes: the weight of a criterion, and the segment that then leads."""

    weight: float
    winner: int


def turning_weight(criterion: Numbers, rest: Numbers, weight: float) -> Turn | None:
    """Return the nearest weight of one part at which another segment leads.

    ``criterion`` is what the part adds to each segment at weight 1, ``rest`` what everything else
    adds at weight 0 of the part, in its place.
    """
    totals = weight * criterion + (1 - weight) * rest
    leader = int(np.argmax(totals))
    best: Turn | None = None
    for other in range(len(totals)):
        # The lead is a straight line in the weight; where it is zero, the other catches up.
        slope = (criterion[leader] - criterion[other]) - (rest[leader] - rest[other])
        lead = totals[leader] - totals[other]
        if other == leader or abs(slope) < 10**-_DIGITS:
            continue
        crossing = round(float(weight - lead / slope), _DIGITS)
        if not 0 <= crossing <= 1 or not _overtakes(crossing, weight, slope):
            continue
        if best is None or abs(crossing - weight) < abs(best.weight - weight):
            best = Turn(crossing, other)
    return best


def _overtakes(crossing: float, weight: float, slope: float) -> bool:
    """Return whether there is room beyond the crossing for the other to lead."""
    if abs(crossing - weight) < 10**-_DIGITS:
        return (slope > 0 and weight > 0) or (slope < 0 and weight < 1)
    return crossing > 0 if crossing < weight else crossing < 1
