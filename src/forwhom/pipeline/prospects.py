"""What the segments of a run will bring, where there are purchases among its tables."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.opening import Tables, open_parts
from forwhom.customers.preparation import Customers
from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.study import Events
from forwhom.documents.value import SUBSTANTIAL, Value
from forwhom.errors import DataError
from forwhom.evidence.value import Checked, outlooks, value_evidence
from forwhom.lifetimes import BG_NBD, Horizon
from forwhom.pipeline.known import IN_MONTH, Known, Reading
from forwhom.pipeline.purchases import histories_of, known_in, purchases_in
from forwhom.pipeline.valued import value_of, without_dominating
from forwhom.pipeline.valuing import checked_on, formed_by_purchases
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

    def read(until: date | datetime | None) -> Known:
        parts = open_parts(study, tables, until, inferred=False)
        return known_in(segmentation, parts, purchases_in(parts))

    now = _now(customers, responsibilities, read)
    pooled = formed_by_purchases(segmentation)
    horizon = Horizon(AHEAD * IN_MONTH[now.unit])
    calm = without_dominating(now.histories, now.member, segmentation.threshold)
    prospects, _ = outlooks(calm, now.member, horizon, pooled=pooled, part=SUBSTANTIAL)
    shown = [one for one in prospects if one.n >= segmentation.threshold]
    evidence = value_evidence(
        shown, horizon, unit=now.unit, money=now.money, pooled=pooled, source=now.source,
        noun=segmentation.noun, threshold=segmentation.threshold,
    )  # fmt: skip
    progress("checking on time held back", 0.4)
    checked, held_back, unchecked = _checked(customers, read, now, pooled, segmentation.threshold)
    value = value_of(
        prospects, checked, BG_NBD, horizon, unit=now.unit, money=now.money, one_fit=pooled,
        threshold=segmentation.threshold, held_back=held_back, unchecked=unchecked,
    )  # fmt: skip
    return value, evidence


def _now(customers: Customers, responsibilities: NDArray[np.float64], read: Reading) -> Known:
    """What is known today: from features that are there, or else, as they say nothing, anew."""
    spec = _spec(customers)
    found = None if spec is None else histories_of(spec, customers.columns)
    if spec is None or found is None:
        return read(None)
    histories, seen = found
    if not seen.any():
        raise DataError(f"{spec.table}: nobody bought anything.", "Give the table of purchases.")
    assert customers.study is not None
    report = customers.events[customers.study.events.index(spec)]
    ids, member = customers.ids.filter(seen), Membership.of(responsibilities[seen])
    return Known(
        report.first, report.last, report.cutoff, spec.time_unit, spec.currency,
        customers.fingerprint, ids, histories, member, [],
    )  # fmt: skip


def _checked(
    customers: Customers, read: Reading, now: Known, pooled: bool, threshold: int
) -> tuple[list[Checked], float, str]:
    if sum(report.used for report in customers.events) > MOST_ROWS:
        return [], 0.0, "There are so many purchases that it takes long; 'forwhom value' does it."
    return checked_on(read, now, None, pooled, BG_NBD, threshold)
