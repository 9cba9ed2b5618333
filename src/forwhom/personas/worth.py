"""Who matters most: what each segment brings of the revenue and of the orders of all customers."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import expit, logit

from forwhom.documents.base import Role, is_number
from forwhom.documents.segmentation import Interval, Margin, Sum, Variable, Worth
from forwhom.personas.profiles import Summary, significant
from forwhom.personas.summaries import Numbers
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Floats, Membership
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
    amounts make most of a sum, so the interval is symmetric in the logarithm of the odds, and has
    the quantile of Student's t with the degrees of freedom that they leave.
    """
    if member.k == 1:
        return 1.0, 1.0
    known = values[member.sampled, None]
    known = np.where(np.isfinite(known), known, 0.0) / total
    sides = known * (1 - share), -known * share
    [error] = member.errors(k, *sides, name).tolist()
    far = Z95 * error * member.widened(k, *sides, name)
    ends = np.array([-far, far])
    if (values < 0).any() or not 0 < share < 1:
        low, high = (share + ends).tolist()
    else:
        low, high = expit(logit(share) + ends / (share * (1 - share))).tolist()
    return round(low, 4), round(high, 4)
