"""What an experiment needs, and what it can tell: customers and power, by segment and overall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forwhom.documents.experiment import ExperimentPlan, Overall, PlannedSegment
from forwhom.languages.catalog import tr
from forwhom.statistics.samplesizes import Design


@dataclass(frozen=True)
class Size:
    """What so many customers of a segment, or of all, can tell."""

    label: str
    baseline: float
    arms: tuple[int, int]  # customers of the control arm and of the other
    power: float  # chance that the verdict is "supported", if the effect is the planned one
    needed: int  # customers in all arms for the power that is asked for

    @property
    def customers(self) -> int:
        """In both arms."""
        return sum(self.arms)


@dataclass(frozen=True)
class Sizes:
    """The sizes of a plan: of each segment, and of all together."""

    segments: list[Size]
    overall: Size


def sizes_of(plan: ExperimentPlan) -> Sizes:
    """Return the customers that a plan gives or needs, and the power with them.

    Each segment is looked at as if it were the first of Holm's steps, with its part of alpha.
    """
    several = max(len(plan.segments), 1)
    segments = [_size(plan, one.label, [one], one.customers, several) for one in plan.segments]
    total = plan.overall.customers
    if plan.segments:
        total = sum(one.customers for one in segments)
    label = tr("All segments together") if plan.segments else tr("All customers")
    weights = [one.customers for one in segments]
    return Sizes(segments, _size(plan, label, plan.segments, total, 1, weights))


def with_sizes(plan: ExperimentPlan, sizes: Sizes) -> ExperimentPlan:
    """Return a plan that names its customers and its power."""
    segments = [
        one.model_copy(update={"customers": size.customers, "power": round(size.power, 3)})
        for one, size in zip(plan.segments, sizes.segments, strict=True)
    ]
    overall = Overall(customers=sizes.overall.customers, power=round(sizes.overall.power, 3))
    return plan.model_copy(update={"segments": segments, "overall": overall})


def _size(
    plan: ExperimentPlan,
    label: str,
    segments: Sequence[PlannedSegment],
    customers: int | None,
    several: int,
    weights: Sequence[int] = (),
) -> Size:
    baseline, variances = _expected(plan, segments, weights or [1] * len(segments))
    design = Design(
        baseline,
        plan.sign * plan.effect,
        plan.sign * plan.threshold,
        variances,
        plan.shares,
        plan.alpha / several,
        tuple(plan.looks),
    )
    needed = design.customers(plan.power)
    given = needed if customers is None else customers
    return Size(label, baseline, design.arms(given), design.power(given), needed)


def _expected(
    plan: ExperimentPlan, segments: Sequence[PlannedSegment], weights: Sequence[int]
) -> tuple[float, tuple[float, float] | None]:
    """Return the level of the control arm, and the variance of both arms unless of a share."""
    outcome, total = plan.outcome, sum(weights)
    levels = [outcome.baseline if s.baseline is None else s.baseline for s in segments]
    if not levels:
        levels, weights, total = [outcome.baseline], [1], 1
    level = sum(w * x for w, x in zip(weights, levels, strict=True)) / total
    if outcome.is_share:
        return level, None
    own = [s.deviation for s in segments] or [None]
    both = [_variances(plan, one, x) for one, x in zip(own, levels, strict=True)]
    # Segments differ in level, and that is part of how all customers differ.
    apart = sum(w * (x - level) ** 2 for w, x in zip(weights, levels, strict=True)) / total
    control, treated = (
        apart + sum(w * pair[arm] for w, pair in zip(weights, both, strict=True)) / total
        for arm in (0, 1)
    )
    return level, (control, treated)


def _variances(plan: ExperimentPlan, deviation: float | None, level: float) -> tuple[float, float]:
    deviation = deviation or plan.outcome.deviation
    if deviation is not None:
        return deviation**2, deviation**2
    # A count without a spread of its own is as if by chance.
    return level, max(level + plan.sign * plan.effect, 1e-9)
