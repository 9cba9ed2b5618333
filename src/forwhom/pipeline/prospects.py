"""What the segments of a run will bring, where there are purchases among its tables."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.opening import Part, Tables, open_parts
from forwhom.customers.preparation import Customers
from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.study import Events
from forwhom.documents.value import SUBSTANTIAL, Amount, CheckedValue, SegmentValue, Value
from forwhom.errors import DataError
from forwhom.evidence.value import Checked, Estimate, Prospect, outlooks, value_evidence
from forwhom.lifetimes import Horizon
from forwhom.pipeline.valuing import (
    MONTHS,
    Known,
    Opened,
    checked_on,
    formed_by_purchases,
    histories_of,
    known_in,
    purchases_in,
)
from forwhom.progress import Progress
from forwhom.statistics.membership import Membership

#: How far ahead, in months.
AHEAD = 12.0
#: With more purchases or customers than this, nothing is computed that nobody asked for.
MOST_ROWS, MOST_CUSTOMERS = 3_000_000, 200_000


def with_value(
    segmentation: Segmentation,
    customers: Customers,
    responsibilities: NDArray[np.float64],
    tables: Tables,
    progress: Progress,
) -> Segmentation:
    """Add what the segments are expected to bring; as it is where nobody's purchases are known."""
    if not customers.events or len(segmentation.segments) < 2:
        return segmentation
    if len(customers) > MOST_CUSTOMERS:
        why = "nothing was computed for so many customers; 'forwhom value' does it."
        return segmentation.model_copy(update={"value": Value(unknown=why)})
    progress("fitting lifetimes", 0.0)
    try:
        value, evidence = _valued(segmentation, customers, responsibilities, tables, progress)
    except DataError as error:
        return segmentation.model_copy(update={"value": Value(unknown=str(error))})
    every = [*segmentation.evidence, *evidence]
    return segmentation.model_copy(update={"value": value, "evidence": every})


def _spec(customers: Customers) -> Events | None:
    """The events whose features tell who bought how often: those with money first."""
    assert customers.study is not None
    found = [s for s in customers.study.events if histories_of(s, customers.columns)]
    return next((s for s in found if _has_money(s, customers)), found[0] if found else None)


def _has_money(spec: Events, customers: Customers) -> bool:
    found = histories_of(spec, customers.columns)
    return found is not None and found[0].spend is not None


def _valued(
    segmentation: Segmentation,
    customers: Customers,
    responsibilities: NDArray[np.float64],
    tables: Tables,
    progress: Progress,
) -> tuple[Value, list[Evidence]]:
    study = customers.study
    assert study is not None

    def opened(until: date | datetime | None) -> list[Part]:
        return open_parts(study, tables, until, inferred=False)

    now = _now(segmentation, customers, responsibilities, opened)
    spec, pooled = now.spec, formed_by_purchases(segmentation)
    horizon = Horizon(AHEAD * MONTHS[spec.time_unit])
    prospects, _ = outlooks(now.histories, now.member, horizon, pooled=pooled, part=SUBSTANTIAL)
    shown = [one for one in prospects if one.n >= segmentation.threshold]
    evidence = value_evidence(
        shown, horizon, unit=spec.time_unit, money=spec.currency, pooled=pooled, source=now.source,
        noun=segmentation.noun, threshold=segmentation.threshold,
    )  # fmt: skip
    progress("checking on time held back", 0.4)
    checked, held_back, unchecked = _checked(segmentation, customers, opened, now, pooled)
    totals = [one.total.value for one in prospects if one.total is not None]
    value = Value(
        unit=spec.time_unit,
        horizon=round(horizon.t, 2),
        money=spec.currency,
        one_fit=pooled,
        segments=[_told(one) for one in shown],
        at_least=_rounded(SUBSTANTIAL * sum(totals)) if totals else None,
        held_back=round(held_back, 2),
        checked=[_compared(one) for one in checked if one.n >= segmentation.threshold],
        unchecked=unchecked,
    )
    return value, evidence


def _now(
    segmentation: Segmentation,
    customers: Customers,
    responsibilities: NDArray[np.float64],
    opened: Opened,
) -> Known:
    """What is known today: from features that are there, or else, as they say nothing, anew."""
    spec = _spec(customers)
    found = None if spec is None else histories_of(spec, customers.columns)
    if spec is None or found is None:
        parts = opened(None)
        return known_in(segmentation, parts, purchases_in(parts))
    histories, seen = found
    if not seen.any():
        raise DataError(f"{spec.table}: nobody bought anything.", "Give the table of purchases.")
    assert customers.study is not None
    report = customers.events[customers.study.events.index(spec)]
    ids, member = customers.ids.filter(seen), Membership.of(responsibilities[seen])
    return Known(report, spec, customers.fingerprint, ids, histories, member, [])


def _checked(
    segmentation: Segmentation, customers: Customers, opened: Opened, now: Known, pooled: bool
) -> tuple[list[Checked], float, str]:
    if sum(report.used for report in customers.events) > MOST_ROWS:
        return [], 0.0, "There are so many purchases that it takes long; 'forwhom value' does it."
    return checked_on(segmentation, opened, now, None, pooled)


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
