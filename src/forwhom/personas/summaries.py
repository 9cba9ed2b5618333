"""Weighted summaries of one variable, in each segment and in the sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.privacy import coarse_count, is_small, withheld_cells
from forwhom.statistics.membership import Floats, Membership, sums_of
from forwhom.tables.columns import Column

Bools = NDArray[np.bool_]

#: The quantiles of a NumberSummary.
QUANTILES = np.array([0.1, 0.25, 0.5, 0.75, 0.9])


@dataclass(frozen=True)
class Groups:
    """Who has a value of a variable, and of whom it may be shown."""

    #: customers with a value in each segment (by most likely segment), shape (K,)
    n: NDArray[np.int64]
    #: whether a summary of each segment, then of the sample, may be published; shape (K + 1,)
    shown: Bools
    #: ``effective``, ``effective_rest``: effective customers with a value inside and outside
    #: each segment; shape (K,)
    effective: Floats
    effective_rest: Floats


@dataclass(frozen=True)
class Numbers:
    """A number in K segments, and in the sample as the last row."""

    groups: Groups  # who has a value
    total: Floats  # weight of the customers with a value, shape (K + 1,)
    #: ``mean``, ``sd``, ``zeros``: weighted mean, standard deviation and share of exact zeros,
    #: shape (K + 1,)
    mean: Floats
    sd: Floats
    zeros: Floats
    quantiles: Floats  # weighted quantiles, shape (K + 1, 5)
    #: ``below``, ``above``: values between which a quantile stands for as many customers as the
    #: threshold; shape (K + 1, 5)
    below: Floats
    above: Floats
    rest_median: Floats  # weighted median outside each segment, shape (K,)


@dataclass(frozen=True)
class Levels:
    """The levels of a variable in K segments, and in the sample as the last row."""

    groups: Groups  # who has a value
    names: tuple[str, ...]  # the L levels
    total: Floats  # weight of each level, shape (K + 1, L)
    told: Floats  # the same, without what is less than half a customer and nobody's
    shown: Bools  # whether each share may be published, shape (K + 1, L)

    @property
    def shares(self) -> Floats:
        """Share of each level among those with a value, shape (K + 1, L)."""
        return _divide(self.total, self.total.sum(axis=1, keepdims=True))

    @property
    def rest_shares(self) -> Floats:
        """Share of each level outside each segment, shape (K, L)."""
        return _rest(self.total)

    @property
    def said(self) -> tuple[Floats, Floats]:
        """Shares and those outside each segment as they are said: all of 35 are all."""
        return _divide(self.told, self.told.sum(axis=1, keepdims=True)), _rest(self.told)


def summarize_numbers(values: Floats, member: Membership, threshold: int) -> Numbers:
    """Summarize a number, not finite where missing, in every segment and in the sample."""
    observed = np.isfinite(values)
    groups = _groups(observed, member, threshold, _alone(values, member, threshold))
    whole = bool(observed.all())
    kept = values if whole else values[observed]
    mass = member.mass if whole else member.mass[:, observed]
    total = mass.sum(axis=1)
    mean = _divide(sums_of(mass, kept), total)
    center = mean[-1] if len(kept) else 0.0
    told = _in_steps(mean, _step(kept), _members(groups.n, member, threshold))
    offset = mean - center
    sd = np.sqrt(np.maximum(_divide(sums_of(mass, (kept - center) ** 2), total) - offset**2, 0.0))
    order = np.argsort(kept)
    ordered, cumulative = kept[order], np.cumsum(mass[:, order], axis=1)
    quantiles, rest_median = _quantiles(ordered, cumulative)
    n = np.append(groups.n, groups.n.sum())
    below, above = _around(ordered, cumulative, n, threshold)
    zeros = _divide(sums_of(mass, (kept == 0).astype(np.float64)), total)
    return Numbers(groups, total, told, sd, zeros, quantiles, below, above, rest_median)


def summarize_levels(column: Column, member: Membership, threshold: int) -> Levels:
    """Summarize a variable with levels in every segment and in the sample."""
    names = column.levels or ()
    codes = np.asarray(column.values, dtype=np.int64)
    groups = _groups(codes >= 0, member, threshold)
    total = _tabulate(codes, len(names), member.mass)
    shown = shown_levels(codes, total, member, threshold)
    total = _coarse_total(total, groups.n, _members(groups.n, member, threshold))
    return Levels(groups, names, total, _of_somebody(codes, total, member), shown)


def _members(n: NDArray[np.int64], member: Membership, threshold: int) -> NDArray[np.int64] | None:
    """Return how many are said to have a value, shape (K + 1,).

    ``None`` where no segment has few without one. A share of so many digits that it is one of
    whole numbers of customers would tell how many those are.
    """
    without = (member.sizes - n).tolist()
    if not any(is_small(few, threshold) for few in without):
        return None
    sizes = zip(member.sizes.tolist(), without, strict=True)
    said = [size - coarse_count(few, size, threshold) for size, few in sizes]
    return np.maximum([*said, sum(said)], 1)


def _coarse_total(total: Floats, n: NDArray[np.int64], members: NDArray[np.int64] | None) -> Floats:
    """Return weights of levels that are those of a whole number of members."""
    if members is None:
        return total
    sums = total[:-1].sum(axis=1, keepdims=True)
    own = np.round(np.nan_to_num(_divide(total[:-1], sums)) * members[:-1, None])
    rows, most = np.arange(len(own)), own.argmax(axis=1)
    own[rows, most] += np.where(own.sum(axis=1) > 0, members[:-1] - own.sum(axis=1), 0.0)
    own *= sums / np.maximum(n, 1)[:, None]  # what a customer weighs
    return np.append(own, [own.sum(axis=0)], axis=0)


def _step(values: Floats) -> float:
    """Return 1 for whole numbers, 0.01 for cents, and 0 for what has no smallest part."""
    for step in (1.0, 0.01):
        if len(values) and np.allclose(values / step, np.round(values / step), rtol=0, atol=1e-6):
            return step
    return 0.0


def _in_steps(means: Floats, step: float, members: NDArray[np.int64] | None) -> Floats:
    """Return means of which the sum over so many members is a multiple of a step."""
    if members is None or step == 0:
        return means
    return np.asarray(np.round(means * members / step) * step / members)


def _of_somebody(codes: NDArray[np.int64], total: Floats, member: Membership) -> Floats:
    """Return the weight of levels without what is less than half a customer, and nobody's."""
    counts = _counts(codes, total.shape[1], member)
    n = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    said = np.nan_to_num(_divide(total[:-1], total[:-1].sum(axis=1, keepdims=True))) * n
    kept = np.where((counts == 0) & (said < 0.5), 0.0, total[:-1])
    return np.append(kept, [kept.sum(axis=0)], axis=0)


def shown_levels(
    codes: NDArray[np.int64], total: Floats, member: Membership, threshold: int
) -> Bools:
    """Return which shares of levels may be published, in segments and sample.

    ``codes`` are the level of each customer, -1 where missing; ``total`` is the weight of each
    level in each segment and in the sample, shape (K + 1, L).
    """
    n_levels = total.shape[1]
    counts = _counts(codes, n_levels, member)
    with_total = np.append(counts, [counts.sum(axis=0)], axis=0)
    # A share is a mean over probabilities and weights: what it says must not be few either.
    said = _divide(total, total.sum(axis=1, keepdims=True)) * with_total.sum(axis=1, keepdims=True)
    expected = _tabulate(codes, n_levels, member.responsibilities.T)
    few = (said >= 0.5) & (said < threshold) & (threshold > 1)
    few[:-1] |= (expected >= 0.5) & (expected < threshold) & (threshold > 1)
    mask = withheld_cells(counts.tolist(), threshold, totals=True, also=few.tolist())
    return ~np.array(mask, dtype=bool).reshape(member.k + 1, n_levels)


def _counts(codes: NDArray[np.int64], n_levels: int, member: Membership) -> NDArray[np.int64]:
    """Count members with each level, by most likely segment; shape (K, L)."""
    placed = (codes >= 0) & (member.mode >= 0)
    cells = member.mode[placed] * n_levels + codes[placed]
    return np.bincount(cells, minlength=member.k * n_levels).reshape(member.k, n_levels)


def _tabulate(codes: NDArray[np.int64], n_levels: int, mass: Floats) -> Floats:
    """Return the mass of each level, rows of mass × levels."""
    shifted = codes + 1
    rows = [np.bincount(shifted, row, n_levels + 1)[1 : n_levels + 1] for row in mass]
    return np.array(rows, dtype=np.float64).reshape(len(mass), n_levels)


def _alone(values: Floats, member: Membership, threshold: int) -> Bools:
    """Return where fewer customers than the threshold differ from what all others have.

    A mean and a spread would tell of those few. Shape (K + 1,), segments and sample.
    """
    few = []
    for k in range(member.k + 1):
        inside = member.mode == k if k < member.k else member.mode >= 0
        own = values[inside & np.isfinite(values)]
        differ = int((own != np.median(own)).sum()) if len(own) else 0
        few.append(is_small(differ, threshold))
    return np.array(few)


def _groups(
    observed: Bools, member: Membership, threshold: int, alone: Bools | None = None
) -> Groups:
    n = member.tally(member.mode[observed])
    also = None if alone is None else alone[:, None].tolist()
    mask = withheld_cells([[int(count)] for count in n], threshold, totals=True, also=also)
    hidden = np.array(mask, dtype=bool)[:, 0]
    enough = np.append(n, n.sum()) >= max(threshold, 1)
    inside, outside = member.effective(observed)
    return Groups(n, ~hidden & enough, inside, outside)


def _quantiles(ordered: Floats, cumulative: Floats) -> tuple[Floats, Floats]:
    """Return quantiles of each row of mass, and the medians of the last row without each."""
    k = len(cumulative) - 1
    if not len(ordered):
        return np.full((k + 1, len(QUANTILES)), np.nan), np.full(k, np.nan)
    quantiles = np.array([weighted_quantiles(ordered, row, QUANTILES) for row in cumulative])
    half = QUANTILES[2:3]
    rest = [weighted_quantiles(ordered, cumulative[-1] - row, half)[0] for row in cumulative[:-1]]
    return quantiles, np.array(rest)


def _around(
    ordered: Floats, cumulative: Floats, n: NDArray[np.int64], threshold: int
) -> tuple[Floats, Floats]:
    """Return between which values a quantile may be, so that it is the value of no single one."""
    if not len(ordered) or threshold <= 1:
        nothing = np.full((len(cumulative), len(QUANTILES)), np.nan)
        return nothing, nothing
    half = threshold / 2 / np.maximum(n, 1)
    low, high = (
        np.array([
            weighted_quantiles(ordered, row, np.clip(QUANTILES + sign * part, 0.0, 1.0))
            for row, part in zip(cumulative, half, strict=True)
        ])
        for sign in (-1, 1)
    )  # fmt: skip
    return low, high


def weighted_quantiles(ordered: Floats, cumulative: Floats, wanted: Floats) -> Floats:
    """Return quantiles of ascending values with these cumulative weights.

    The inverse of the distribution function, averaged where it jumps, so that a weight of two
    is the same as a customer twice (Hyndman and Fan's type 2).
    """
    total = cumulative[-1]
    if not total > 1e-9:
        return np.full(len(wanted), np.nan)
    aim = wanted * total
    last = len(ordered) - 1
    lower = np.searchsorted(cumulative, aim * (1 - 1e-9), side="left")
    upper = np.searchsorted(cumulative, aim * (1 + 1e-9), side="right")
    quantiles: Floats = (ordered[np.minimum(lower, last)] + ordered[np.minimum(upper, last)]) / 2
    return quantiles


def _rest(total: Floats) -> Floats:
    rest = np.maximum(total[-1] - total[:-1], 0.0)
    return _divide(rest, rest.sum(axis=1, keepdims=True))


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with NaN where there is nothing to divide by."""
    safe: Floats = np.where(denominator > 1e-12, denominator, np.nan)
    quotient: Floats = numerator / safe
    return quotient
