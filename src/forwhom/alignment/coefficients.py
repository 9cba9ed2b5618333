"""Agreement of raters beyond chance: Krippendorff's alpha, Gwet's AC2, Kendall's W.

Each takes a table of raters by units with NaN where a rating is missing. The bootstrap draws
units anew: to draw raters anew would count copies of a rater, who agree with themselves.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from forwhom.alignment.ratings import Flags, Numbers
from forwhom.alignment.resampling import times_drawn

AlphaMetric = Literal["ordinal", "interval", "nominal"]
WeightKind = Literal["identity", "linear", "quadratic", "ordinal"]

#: Raters times values that are held at once for ranks.
_COLUMNS = 1100
#: Weights of units that are held at once: replicates times units.
_HELD = 2_000_000


def krippendorff_alpha(table: ArrayLike, metric: AlphaMetric = "ordinal") -> float:
    """Return Krippendorff's alpha; NaN where it is not defined (no pair, or all ratings equal).

    ``table`` is raters by units, NaN where a rating is missing. Source: Krippendorff K (2019).
    Content Analysis: An Introduction to Its Methodology, 4th edition, chapter 12.
    """
    return float(alpha_replicates(table, metric, None)[0])


def gwet_ac2(
    table: ArrayLike,
    weights: WeightKind = "quadratic",
    categories: ArrayLike | None = None,
) -> float:
    """Return Gwet's AC2; with weights "identity" it is AC1. NaN where it is not defined.

    ``table`` is raters by units, NaN where a rating is missing. Source: Gwet KL (2014). Handbook of
    Inter-Rater Reliability, 4th edition, chapter 5.
    """
    return float(ac2_replicates(table, weights, categories, None)[0])


def kendall_w(table: ArrayLike) -> float:
    """Return Kendall's W, corrected for ties; NaN where it is not defined.

    Raters and units with missing ratings are left out (see :func:`complete`). Source: Kendall MG,
    Babington Smith B (1939). The problem of m rankings. Annals of Mathematical Statistics 10(3).
    """
    return float(w_replicates(table, None)[0])


def unit_weights(units: int, replicates: int, seed: int, part: int) -> Iterator[Numbers]:
    """Yield how often each unit is drawn, replicates by units, some replicates at a time."""
    rng = np.random.default_rng([seed, 1, part])
    size = max(1, _HELD // max(1, units))
    for start in range(0, replicates, size):
        drawn = times_drawn(units, min(size, replicates - start), rng)
        yield np.ascontiguousarray(drawn.T, dtype=np.float64)


class _Counts:
    """How many raters gave each value to each unit: shape (units, values)."""

    def __init__(self, table: ArrayLike, categories: ArrayLike | None = None) -> None:
        ratings = np.asarray(table, dtype=np.float64)
        known = ~np.isnan(ratings)
        given = ratings[known] if categories is None else np.asarray(categories, dtype=np.float64)
        self.values = np.unique(given)
        _, unit = np.nonzero(known)
        code = np.searchsorted(self.values, ratings[known])
        flat = np.bincount(
            unit * len(self.values) + code, minlength=ratings.shape[1] * len(self.values)
        )
        self.counts = flat.reshape(ratings.shape[1], len(self.values)).astype(np.float64)
        self.raters = self.counts.sum(axis=1)


def alpha_replicates(table: ArrayLike, metric: AlphaMetric, weights: Numbers | None) -> Numbers:
    """Return alpha for each row of unit weights; without weights, one value."""
    found = _Counts(table)
    paired = found.raters >= 2
    counts, raters = found.counts[paired], found.raters[paired]
    drawn = np.ones((1, len(raters))) if weights is None else weights[:, paired]
    total = drawn @ counts
    n = total.sum(axis=1)
    if metric == "nominal":
        apart = raters**2 - np.sum(counts**2, axis=1)
        observed = drawn @ (apart / (raters - 1))
        expected = n**2 - np.sum(total**2, axis=1)
        return _one_less((n - 1) * observed, expected, n)
    ordinal = np.cumsum(total, axis=1) - total / 2
    places = np.broadcast_to(found.values, total.shape) if metric == "interval" else ordinal
    # Sums over pairs of raters, written as sums over values, units and squares.
    spread = drawn @ (counts * (raters / (raters - 1))[:, None])
    sums = places @ (counts / np.sqrt(raters - 1)[:, None]).T
    observed = np.sum(spread * places**2, axis=1) - np.einsum("ru,ru,ru->r", drawn, sums, sums)
    expected = n * np.sum(total * places**2, axis=1) - np.sum(total * places, axis=1) ** 2
    return _one_less((n - 1) * observed, expected, n)


def _one_less(above: Numbers, below: Numbers, size: Numbers) -> Numbers:
    """Return 1 - above / below; NaN where all ratings are equal up to the noise of arithmetic."""
    defined = below > 1e-9 * np.maximum(size, 1) ** 2
    return np.where(defined, 1 - above / np.where(defined, below, 1.0), np.nan)


def ac2_replicates(
    table: ArrayLike,
    kind: WeightKind,
    categories: ArrayLike | None,
    weights: Numbers | None,
) -> Numbers:
    """Return AC2 for each row of unit weights; without weights, one value."""
    found = _Counts(table, categories)
    rated = found.raters >= 1
    counts, raters = found.counts[rated], found.raters[rated]
    drawn = np.ones((1, len(raters))) if weights is None else weights[:, rated]
    q = len(found.values)
    near = _nearness(found.values, kind)
    pairs = np.maximum(raters * (raters - 1), 1)
    agreed = np.sum(counts * (counts @ near - 1), axis=1) / pairs * (raters >= 2)
    paired = drawn @ (raters >= 2).astype(np.float64)
    shares = (drawn @ (counts / raters[:, None])) / np.maximum(drawn.sum(axis=1), 1)[:, None]
    if q < 2:
        return np.full(len(drawn), np.nan)
    chance = near.sum() / (q * (q - 1)) * np.sum(shares * (1 - shares), axis=1)
    observed = np.where(paired > 0, drawn @ agreed / np.maximum(paired, 1), np.nan)
    return np.asarray((observed - chance) / (1 - chance))


def _nearness(values: Numbers, kind: WeightKind) -> Numbers:
    """How much two values count as agreement, 0 to 1, shape (values, values)."""
    apart = np.abs(values[:, None] - values[None, :])
    if kind == "identity" or len(values) < 2:
        return np.eye(len(values))
    if kind == "ordinal":
        place = np.arange(len(values))
        steps = np.abs(place[:, None] - place[None, :]) + 1.0
        apart = steps * (steps - 1) / 2
    apart = apart / apart.max()
    return np.asarray(1 - (apart**2 if kind == "quadratic" else apart))


def complete(table: ArrayLike) -> tuple[Flags, Flags]:
    """Return which raters and which units take part in W, so that nothing is missing.

    The rater or unit with the largest share of missing ratings is left out, one after the other,
    until none is missing.
    """
    missing: Flags = np.isnan(np.asarray(table, dtype=np.float64))
    raters, units = ~np.all(missing, axis=1), ~np.all(missing, axis=0)
    of_rater = np.sum(missing & units, axis=1)
    of_unit = np.sum(missing & raters[:, None], axis=0)
    while raters.any() and units.any():
        of_raters = np.where(raters, of_rater / units.sum(), 0.0)
        of_units = np.where(units, of_unit / raters.sum(), 0.0)
        rater, unit = int(np.argmax(of_raters)), int(np.argmax(of_units))
        if of_raters[rater] == 0:
            break
        if of_raters[rater] >= of_units[unit]:
            raters[rater] = False
            of_unit -= missing[rater]
        else:
            units[unit] = False
            of_rater -= missing[:, unit]
    return raters, units


def w_replicates(table: ArrayLike, weights: Numbers | None) -> Numbers:
    """Return W for each row of unit weights; without weights, one value."""
    raters, units = complete(table)
    ratings = np.asarray(table, dtype=np.float64)[np.ix_(raters, units)]
    m = len(ratings)
    drawn = np.ones((1, ratings.shape[1])) if weights is None else weights[:, units]
    if m < 2 or ratings.shape[1] < 2:
        return np.full(len(drawn), np.nan)
    n = drawn.sum(axis=1)
    ranks, ties = _rank_sums(ratings, drawn)
    above = 12 * np.sum(drawn * ranks**2, axis=1) - 3 * m**2 * n * (n + 1) ** 2
    below = m**2 * (n**3 - n) - m * ties
    defined = below > 1e-9 * np.maximum(n, 1) ** 3
    return np.where(defined, above / np.where(defined, below, 1.0), np.nan)


def _rank_sums(ratings: Numbers, drawn: Numbers) -> tuple[Numbers, Numbers]:
    """Return the sum of the ranks of every unit, and how much raters tie, per replicate."""
    values, codes = np.unique(ratings, return_inverse=True)
    codes = codes.reshape(ratings.shape)
    weights = drawn.astype(np.float32)
    ranks, ties = np.zeros(drawn.shape), np.zeros(len(drawn))
    step = max(1, _COLUMNS // len(values))
    for start in range(0, len(codes), step):
        block = codes[start : start + step]
        has = np.zeros((block.shape[1], len(block), len(values)), dtype=np.float32)
        np.put_along_axis(has, block.T[:, :, None], 1.0, axis=2)
        flat = has.reshape(len(has), -1)
        # A unit that is drawn twice is tied with itself.
        alike = (weights @ flat).reshape(len(drawn), len(block), len(values))
        places = np.cumsum(alike, axis=2) - (alike - 1) / 2
        ranks += places.reshape(len(drawn), -1) @ flat.T
        ties += np.sum(alike * (alike**2 - 1), axis=(1, 2), dtype=np.float64)
    return ranks, ties
