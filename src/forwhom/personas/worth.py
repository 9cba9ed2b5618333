"""Who matters most: what each segment brings of the revenue and of the orders of all customers."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import expit

from forwhom.documents.base import Role, is_number
from forwhom.documents.segmentation import Interval, Margin, Sum, Variable, Worth
from forwhom.personas.profiles import Summary, significant
from forwhom.personas.summaries import Numbers
from forwhom.statistics.membership import Floats, Membership
from forwhom.statistics.skewness import Tail
from forwhom.tables.columns import Column

#: Averages and rates of customers add up to nothing.
_NO_SUM = re.compile(r"\b(average|avg|mean|median|per|share|rate)\b", re.IGNORECASE)
#: A total tells no single customer: so many digits of it.
_DIGITS = 3


def worths(
    variables: Sequence[Variable],
    columns: Mapping[str, Column],
    summaries: Mapping[str, Summary],
    member: Membership,
    left: Sequence[Margin | None],
) -> list[Worth | None]:
    """Return what each segment brings, and what is ``left``; ``None`` without any that adds up."""
    sums: dict[Role, list[Sum | None]] = {}
    for role in ("revenue", "frequency"):
        variable = summed(role, variables)
        summary = None if variable is None else summaries[variable.name]
        if variable is not None and isinstance(summary, Numbers):
            sums[role] = _sums(columns[variable.name], summary, member)
    nothing: list[Sum | None] = [None] * member.k
    every = zip(sums.get("revenue", nothing), sums.get("frequency", nothing), left, strict=True)
    return [
        Worth(revenue=revenue, orders=orders, margin=margin)
        if revenue or orders or margin
        else None
        for revenue, orders, margin in every
    ]


def summed(role: Role, variables: Sequence[Variable]) -> Variable | None:
    """Return the number with a role that adds up over customers: first one made of events."""
    found = [
        v
        for v in variables
        if v.role == role and v.use != "protected" and is_number(v.measure)
        and not _NO_SUM.search(f"{v.name} {v.label}".replace("_", " "))
    ]  # fmt: skip
    return next((v for v in found if v.definition), found[0] if found else None)


def _sums(column: Column, numbers: Numbers, member: Membership) -> list[Sum | None]:
    values = np.asarray(column.values, dtype=np.float64)
    every: list[Sum | None] = [None] * member.k
    total = float(numbers.total[-1] * numbers.mean[-1]) if numbers.total[-1] > 0 else 0.0
    if not total > 0 or not numbers.groups.shown[-1]:
        return every
    even = bool((member.weights == 1).all())
    for k in range(member.k):
        if not numbers.groups.shown[k] or not numbers.total[k] > 0:
            continue
        part = float(numbers.total[k] * numbers.mean[k])
        low, high = share_interval(column.name, values, part / total, total, member, k)
        every[k] = Sum(
            variable=column.name,
            share=round(part / total, 4),
            interval=Interval(low=low, high=high),
            total=significant(part, _DIGITS) if even else None,
        )
    return every


def share_interval(
    name: str, values: Floats, share: float, total: float, member: Membership, k: int
) -> tuple[float, float]:
    """Return the 95 % interval of a segment's share of a sum, a ratio, by the delta method.

    Customers are a sample, their amounts as well as who belongs where: both vary. A few large
    amounts make most of a sum (`statistics.skewness`), in the segment and in all others.
    """
    if member.k == 1:
        return 1.0, 1.0
    rows = member.sampled
    known = values[rows]
    known = np.where(np.isfinite(known), known, 0.0)
    parts = known[:, None] / total
    down, up = member.reach(k, parts * (1 - share), -parts * share, name)
    low, high = share - down, share + up
    if not (values < 0).any() and 0 < share < 1:
        own = member.mass[k, rows]
        above, below = _unseen(known, own, member.mass[-1, rows] - own, member.weights[rows])
        odds = share / (1 - share)
        low = max(min(low, float(expit(math.log(odds) - below))), 0.0)
        high = min(max(high, float(expit(math.log(odds) + above))), 1.0)
    return round(low, 4), round(high, 4)


def _unseen(values: Floats, own: Floats, rest: Floats, weights: Floats) -> tuple[float, float]:
    """Return how far tails that do not show may move the odds up, and down; in the logarithm."""
    variances, tails = [], []
    for mass in (own, rest):
        total, part = float(mass.sum()), float(mass @ values)
        each = mass / total * (values * total / part - 1)
        variances.append(float(each @ each))
        tails.append(Tail.of(values, mass, total**2 / float(mass @ weights)))
    ends = [
        0.0 if tail is None else max(tail.end(variance), 0.0)
        for tail, variance in zip(tails, reversed(variances), strict=True)
    ]
    return ends[0], ends[1]
