"""What each segment brings, as cards, tables and the terminal say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forwhom.documents.base import Role
from forwhom.documents.segmentation import Margin, Segment, Sum, Variable
from forwhom.languages.catalog import later, tr
from forwhom.wording import (
    apart,
    beside,
    joined,
    listed,
    lowered,
    percent,
    percent_range,
    quantity,
    quantity_range,
)

#: How it stands beside others: what a customer leaves is more, less, or nobody can tell.
_BESIDE = (
    later("more than in {others}"),
    later("less than in {others}"),
    later("beside {others} we cannot tell, as the ranges overlap"),
)
#: What an average customer is told by, in the order of the grid that marketing knows.
_AVERAGES: tuple[Role, ...] = ("recency", "frequency", "revenue")


@dataclass(frozen=True)
class Brought:
    """What a segment brings: money first, then orders, then averages of its customers."""

    revenue: str  # share of the revenue with its interval; empty where it is not known
    orders: str
    margin: str  # of a customer, with its interval; empty where no costs are known
    sentence: str
    averages: tuple[tuple[str, str], ...]  # label, mean with its interval


def brought(segment: Segment, variables: Mapping[str, Variable]) -> Brought | None:
    """Return what a segment brings in words; ``None`` where nothing adds up."""
    worth = segment.worth
    if worth is None:
        return None
    parts = [_part(one, variables) for one in (worth.revenue, worth.orders) if one is not None]
    left = worth.margin
    told = [tr("Brings {parts}", parts=listed(parts))] if parts else []
    told += [] if left is None else [_left(left, variables)]
    return Brought(
        revenue=_share(worth.revenue),
        orders=_share(worth.orders),
        margin="" if left is None else _amount(left, variables),
        sentence=beside(told),
        averages=tuple(_averages(segment, variables)),
    )


def _part(one: Sum, variables: Mapping[str, Variable]) -> str:
    """Say which part of a sum it is, and how much where that is known."""
    share, known = _share(one), variables.get(one.variable)
    what = apart(lowered(one.variable if known is None else known.label))
    if one.total is None:
        return tr("{share} of {what}", share=share, what=what)
    total = quantity(one.total, None if known is None else known.unit)
    return tr("{share} of {what}, {total}", share=share, what=what, total=total)


def _left(one: Margin, variables: Mapping[str, Variable]) -> str:
    """Say what a customer leaves, and than in which others that is more or less."""
    cost = apart(lowered(variables[one.cost].label) if one.cost in variables else one.cost)
    amount = _amount(one, variables)
    compared = [
        tr(said, others=listed([str(other) for other in others]))
        for said, others in zip(_BESIDE, (one.more_than, one.less_than, one.unsure), strict=True)
        if others
    ]
    if not compared:
        return tr("a customer leaves {amount} after {cost}", amount=amount, cost=cost)
    return tr(
        "a customer leaves {amount} after {cost}: {compared}",
        amount=amount, cost=cost, compared=joined(compared),
    )  # fmt: skip


def _amount(one: Margin, variables: Mapping[str, Variable]) -> str:
    known = [variables[name].unit for name in (one.revenue, one.cost) if name in variables]
    unit = next((unit for unit in known if unit), None)
    low, high = one.interval.low, one.interval.high
    return f"{quantity(one.mean, unit, 3)} ({quantity_range(low, high, unit)})"


def _share(one: Sum | None) -> str:
    if one is None:
        return ""
    return f"{percent(one.share)} ({percent_range(one.interval.low, one.interval.high)})"


def _averages(segment: Segment, variables: Mapping[str, Variable]) -> list[tuple[str, str]]:
    """Return the means of recency, frequency and money, as the table of profiles has them."""
    found = []
    profiles = {profile.variable: profile for profile in segment.profile}
    summed = () if segment.worth is None else (segment.worth.revenue, segment.worth.orders)
    chosen = {one.variable for one in summed if one is not None}
    for role in _AVERAGES:
        having = [v for v in variables.values() if v.role == role and v.use != "protected"]
        having = [v for v in having if v.name in chosen] or having
        for variable in having[:1]:
            profile = profiles.get(variable.name)
            inside = None if profile is None or profile.n is None else profile.inside
            if inside is None:
                continue
            text = quantity(inside.mean, variable.unit)
            if inside.mean_interval is not None:
                low, high = inside.mean_interval.low, inside.mean_interval.high
                text += f" ({quantity_range(low, high, variable.unit)})"
            found.append((variable.label, text))
    return found
