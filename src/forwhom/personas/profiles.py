"""The profile of every variable in every segment, with small groups withheld."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from forwhom.documents.privacy import coarse_count, rounded_within
from forwhom.documents.segmentation import (
    Interval,
    LevelShare,
    NumberSummary,
    Variable,
    VariableProfile,
)
from forwhom.personas.summaries import Levels, Numbers, summarize_levels, summarize_numbers
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import wilson
from forwhom.statistics.skewness import Tail
from forwhom.tables.columns import Column

Summary = Numbers | Levels

#: What is described: everything that says something about a customer.
DESCRIBED = ("active", "descriptor", "protected")


def summarize(column: Column, member: Membership, threshold: int) -> Summary:
    """Summarize one variable in every segment and in the sample."""
    if column.levels is not None:
        return summarize_levels(column, member, threshold)
    return summarize_numbers(np.asarray(column.values, dtype=np.float64), member, threshold)


def described(variables: Sequence[Variable], columns: Mapping[str, Column]) -> list[Variable]:
    """Return the variables that are there and say something about a customer."""
    return [v for v in variables if v.use in DESCRIBED and v.name in columns]


#: A mean that is less certain than by this power of e is not known at all.
_FARTHEST = 20.0


def profile(
    column: Column, summary: Summary, member: Membership, threshold: int
) -> list[VariableProfile]:
    """Return the profile of one variable, one per segment."""
    return [_profile(column, summary, member, k, threshold) for k in range(member.k)]


def _profile(
    column: Column, summary: Summary, member: Membership, k: int, threshold: int
) -> VariableProfile:
    members, n = int(member.sizes[k]), int(summary.groups.n[k])
    without = coarse_count(members - n, members, threshold)
    enough = n >= max(threshold, 1) and members - without >= max(threshold, 1)
    inside, sample, levels = None, None, []
    if isinstance(summary, Numbers):
        sample = _number_summary(summary, member.k, threshold)
        inside = _number_summary(summary, k, threshold)
        if inside is not None and member.k > 1:
            interval = interval_of_mean(column, summary, member, k)
            inside = inside.model_copy(update={"mean_interval": interval})
    else:
        levels = _level_shares(summary, k, _intervals_of_shares(column, summary, member, k))
    return VariableProfile(
        variable=column.name,
        n=members - without if enough else None,
        missing=round(without / members, 6) if members else 0.0,
        inside=inside,
        sample=sample,
        levels=levels,
    )


def significant(value: float, digits: int = 6) -> float:
    """Round to significant digits: what is beyond them is noise of the arithmetic."""
    return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else value


def _number_summary(numbers: Numbers, group: int, threshold: int) -> NumberSummary | None:
    if not numbers.groups.shown[group] or not math.isfinite(numbers.mean[group]):
        return None
    k = len(numbers.groups.n)
    n = int(numbers.groups.n.sum() if group == k else numbers.groups.n[group])
    zeros = coarse_count(round(float(numbers.zeros[group]) * n), n, threshold) / n
    q10, q25, median, q75, q90 = (
        significant(rounded_within(q, low, high, 4), 4)
        for q, low, high in zip(
            numbers.quantiles[group].tolist(),
            numbers.below[group].tolist(),
            numbers.above[group].tolist(),
            strict=True,
        )
    )
    return NumberSummary(
        mean=significant(float(numbers.mean[group])),
        # A spread is a sum of squares, of which one customer may have the most: few digits of it.
        sd=significant(float(numbers.sd[group]), 2 if threshold > 1 else 6),
        q10=q10,
        q25=q25,
        median=median,
        q75=q75,
        q90=q90,
        zeros=round(zeros, 6),
    )


def interval_of_mean(column: Column, numbers: Numbers, member: Membership, k: int) -> Interval:
    """Return the 95 % interval of a segment's mean.

    Few large values may make it (`statistics.skewness`). Where no value is below zero, no mean is,
    and it reaches as far up as a tail that few members do not show.
    """
    mean, total = float(numbers.mean[k]), float(numbers.total[k])
    n = float(numbers.groups.effective[k])
    values = np.asarray(column.values, dtype=np.float64)[member.sampled]
    seen = np.isfinite(values)
    off = np.where(seen, values - mean, 0.0)[:, None] / total
    down, up = member.reach(k, off, np.zeros_like(off), column.name, n)
    low, high = mean - down, mean + up
    if mean > 0 and not (values < 0).any():
        mass = member.mass[k, member.sampled]
        tail = Tail.of(values[seen], mass[seen], n)
        low = max(low, 0.0)
        high = high if tail is None else max(high, mean * math.exp(min(tail.end(), _FARTHEST)))
    return Interval(low=significant(low, 3), high=significant(high, 3))


def _intervals_of_shares(
    column: Column, levels: Levels, member: Membership, k: int
) -> list[Interval | None]:
    """Return Wilson's intervals with the number of customers that the variance is worth."""
    shares, total = levels.shares[k], float(levels.total[k].sum())
    if member.k == 1 or not total > 0:
        return [None] * len(shares)
    codes = np.asarray(column.values, dtype=np.int64)[member.sampled, None]
    off = np.where(codes >= 0, (codes == np.arange(len(shares))) - shares, 0.0) / total
    variances = member.errors(k, off, np.zeros_like(off), column.name) ** 2
    most = float(levels.groups.effective[k])
    found: list[Interval | None] = []
    for share, variance in zip(shares.tolist(), variances.tolist(), strict=True):
        n = min(share * (1 - share) / variance, most) if variance > 1e-12 else most
        low, high = wilson(share, n)
        found.append(Interval(low=round(low, 3), high=round(high, 3)))
    return found


def _level_shares(levels: Levels, k: int, intervals: Sequence[Interval | None]) -> list[LevelShare]:
    shares, _ = levels.said
    enough = levels.groups.n[k] > 0
    return [
        LevelShare(
            level=name,
            inside=_share(shares[k, c], bool(levels.shown[k, c]) and bool(enough)),
            sample=_share(shares[-1, c], bool(levels.shown[-1, c])),
            interval=intervals[c] if levels.shown[k, c] and enough else None,
        )
        for c, name in enumerate(levels.names)
    ]


def _share(share: float, shown: bool) -> float | None:
    return round(float(share), 6) if shown and math.isfinite(share) else None
