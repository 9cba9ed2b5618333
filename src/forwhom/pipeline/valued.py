"""What segments will bring, as the file of a segmentation holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.study import TimeUnit
from forwhom.documents.value import SUBSTANTIAL, Amount, CheckedValue, SegmentValue, Value
from forwhom.evidence.value import Checked, Estimate, Prospect
from forwhom.lifetimes import Coming, Histories, Horizon
from forwhom.pipeline.known import IN_MONTH
from forwhom.statistics.dominance import pulled_in
from forwhom.statistics.membership import Membership

#: How ids of evidence on what will come end.
_AHEAD = ("purchases-ahead", "renewals-ahead", "value-ahead")


def without_dominating(histories: Histories, member: Membership, threshold: int) -> Histories:
    """Return histories of which none has so much that what a segment brings would tell of it.

    Who bought or paid far more than all others of the segment counts as the next one does.
    """
    if threshold <= 1:
        return histories
    often = np.minimum(histories.frequency, pulled_in(histories.frequency, member, 1))
    each = histories.spend
    if each is not None:
        each = pulled_in(each, member, 1)
        all_of_it = often * each
        near = pulled_in(all_of_it, member, 1)
        each = np.where(near < all_of_it, near / np.maximum(often, 1.0), each)
    as_before = np.array_equal(often, histories.frequency) and (
        each is None or np.array_equal(each, histories.spend)  # type: ignore[arg-type]
    )
    return histories if as_before else replace(histories, frequency=often, spend=each)


def with_this_value(
    segmentation: Segmentation, value: Value, evidence: Sequence[Evidence]
) -> Segmentation:
    """Return the segmentation with this value in place of the one that it had."""
    kept = [one for one in segmentation.evidence if not one.id.endswith(_AHEAD)]
    return segmentation.model_copy(update={"value": value, "evidence": [*kept, *evidence]})


def value_of(
    prospects: Sequence[Prospect], checked: Sequence[Checked], model: Coming, horizon: Horizon, *,
    unit: TimeUnit, money: str | None, one_fit: bool, threshold: int, held_back: float,
    unchecked: str, at_least: float | None = None,
) -> Value:  # fmt: skip
    """Return the value of segments; those with fewer customers than the threshold are left out."""
    totals = [one.total.value for one in prospects if one.total is not None]
    enough = SUBSTANTIAL * sum(totals) if at_least is None else at_least
    in_year = 12 * IN_MONTH[unit]
    return Value(
        model=model.name,
        unit=unit,
        horizon=round(horizon.t, 2),
        money=money,
        margin=horizon.margin,
        discount=round((1 + horizon.discount) ** in_year - 1, 6),
        one_fit=one_fit,
        segments=[_told(one) for one in prospects if one.n >= threshold],
        at_least=_rounded(enough) if totals else None,
        asked=at_least is not None,
        held_back=round(held_back, 2),
        checked=[_compared(one) for one in checked if one.n >= threshold],
        unchecked=unchecked,
    )


def _told(one: Prospect) -> SegmentValue:
    return SegmentValue(
        segment=one.segment,
        n=one.n,
        alive=round(one.alive, 4),
        purchases=_amount(one.purchases),
        value=None if one.value is None else _amount(one.value),
        share=None if one.share is None else round(one.share, 4),
        substantial=None if one.substantial is None else round(one.substantial, 4),
    )


def _compared(one: Checked) -> CheckedValue:
    return CheckedValue(
        segment=one.segment,
        n=one.n,
        predicted=_rounded(one.predicted),
        bought=_amount(one.actual),
        predicted_money=None if one.predicted_value is None else _rounded(one.predicted_value),
        spent=None if one.actual_value is None else _amount(one.actual_value),
    )


def _amount(one: Estimate) -> Amount:
    return Amount(value=_rounded(one.value), low=_rounded(one.low), high=_rounded(one.high))


def _rounded(number: float) -> float:
    """Return so many digits as a file needs: no more can be told from so few customers."""
    return float(f"{number:.4g}")
