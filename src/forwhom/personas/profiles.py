"""The profile of every variable in every segment, with small groups withheld."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from forwhom.documents.segmentation import LevelShare, NumberSummary, Variable, VariableProfile
from forwhom.personas.summaries import Levels, Numbers, summarize_levels, summarize_numbers
from forwhom.statistics.membership import Membership
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


def profile(
    variable: str, summary: Summary, member: Membership, threshold: int
) -> list[VariableProfile]:
    """Return the profile of one variable, one per segment."""
    return [_profile(variable, summary, member, k, threshold) for k in range(member.k)]


def _profile(
    variable: str, summary: Summary, member: Membership, k: int, threshold: int
) -> VariableProfile:
    members, n = int(member.sizes[k]), int(summary.groups.n[k])
    without = coarse_count(members - n, members, threshold)
    enough = n >= max(threshold, 1) and members - without >= max(threshold, 1)
    inside, sample, levels = None, None, []
    if isinstance(summary, Numbers):
        sample = _number_summary(summary, member.k, threshold)
        inside = _number_summary(summary, k, threshold)
    else:
        levels = _level_shares(summary, k)
    return VariableProfile(
        variable=variable,
        n=members - without if enough else None,
        missing=round(without / members, 6) if members else 0.0,
        inside=inside,
        sample=sample,
        levels=levels,
    )


def coarse_count(count: int, total: int, threshold: int) -> int:
    """Round a count to a multiple of the threshold, so that it tells of no smaller group."""
    if threshold <= 1:
        return count
    if total - count < count:
        return total - coarse_count(total - count, total, threshold)
    return min(threshold * ((2 * count + threshold) // (2 * threshold)), total)


def significant(value: float, digits: int = 6) -> float:
    """Round to significant digits: what is beyond them is noise of the arithmetic."""
    return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else value


def _number_summary(numbers: Numbers, group: int, threshold: int) -> NumberSummary | None:
    if not numbers.groups.shown[group] or not math.isfinite(numbers.mean[group]):
        return None
    k = len(numbers.groups.n)
    n = int(numbers.groups.n.sum() if group == k else numbers.groups.n[group])
    zeros = coarse_count(round(float(numbers.zeros[group]) * n), n, threshold) / n
    q10, q25, median, q75, q90 = (significant(float(q), 4) for q in numbers.quantiles[group])
    return NumberSummary(
        mean=significant(float(numbers.mean[group])),
        sd=significant(float(numbers.sd[group])),
        q10=q10,
        q25=q25,
        median=median,
        q75=q75,
        q90=q90,
        zeros=round(zeros, 6),
    )


def _level_shares(levels: Levels, k: int) -> list[LevelShare]:
    shares = levels.shares
    enough = levels.groups.n[k] > 0
    return [
        LevelShare(
            level=name,
            inside=_share(shares[k, c], bool(levels.shown[k, c]) and bool(enough)),
            sample=_share(shares[-1, c], bool(levels.shown[-1, c])),
        )
        for c, name in enumerate(levels.names)
    ]


def _share(share: float, shown: bool) -> float | None:
    return round(float(share), 6) if shown and math.isfinite(share) else None
