"""What a customer of each segment leaves after costs, and which segments leave more than others."""

from collections.abc import Mapping, Sequence

import numpy as np

from forwhom.documents.segmentation import Interval, Margin, Variable
from forwhom.personas.profiles import interval_of_mean, significant
from forwhom.personas.summaries import summarize_numbers
from forwhom.personas.worth import summed
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column


def margins(
    variables: Sequence[Variable],
    columns: Mapping[str, Column],
    member: Membership,
    threshold: int,
) -> list[Margin | None]:
    """Return the margin of each segment; ``None`` without revenue and cost of the same unit.

    Those are counted of whom both are known.
    """
    nothing: list[Margin | None] = [None] * member.k
    revenue, cost = (summed(role, variables) for role in ("revenue", "cost"))
    if (
        revenue is None
        or cost is None
        or (revenue.unit or cost.unit) != (cost.unit or revenue.unit)
    ):
        return nothing
    values = [np.asarray(columns[v.name].values, dtype=np.float64) for v in (revenue, cost)]
    left = values[0] - values[1]
    numbers = summarize_numbers(left, member, threshold)
    if not numbers.groups.shown[-1]:
        return nothing
    column = Column(f"{revenue.name} less {cost.name}", left)
    found: dict[int, tuple[float, Interval]] = {
        k: (significant(float(numbers.mean[k])), interval_of_mean(column, numbers, member, k))
        for k in range(member.k)
        if numbers.groups.shown[k] and numbers.total[k] > 0
    }
    return [None if k not in found else _margin(k, found, revenue, cost) for k in range(member.k)]


def _margin(
    k: int, found: Mapping[int, tuple[float, Interval]], revenue: Variable, cost: Variable
) -> Margin:
    """Compare a segment with all others: where two ranges overlap, nobody can tell."""
    mean, own = found[k]
    others = {other: one for other, (_, one) in found.items() if other != k}
    more = [other + 1 for other, one in others.items() if own.low > one.high]
    less = [other + 1 for other, one in others.items() if own.high < one.low]
    return Margin(
        revenue=revenue.name, cost=cost.name, mean=mean, interval=own, more_than=more,
        less_than=less, unsure=[other + 1 for other in others if other + 1 not in {*more, *less}],
    )  # fmt: skip
