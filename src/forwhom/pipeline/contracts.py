"""Contracts of customers: when each began and ended, and how often it was renewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.joining import positions
from forwhom.customers.newcomers import gather_newcomers, open_newcomers, place_newcomers
from forwhom.customers.opening import Part
from forwhom.documents.base import Measure
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import TimeUnit
from forwhom.errors import DataError, nearest
from forwhom.lifetimes import Histories
from forwhom.pipeline.known import Known, Reading
from forwhom.statistics.membership import Membership
from forwhom.tables import Table, row_count
from forwhom.tables.collecting import collect_columns
from forwhom.tables.times import DAY_ZERO, local_moment, with_day_number, with_local_time
from forwhom.wording import few_of, listed

Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]

_LOCAL, _DAY = "forwhom_local {}", "forwhom_day {}"


@dataclass(frozen=True)
class Contract:
    """Which columns tell of a contract, and how long it lasts until it is renewed."""

    start: str
    end: str  # of the last day; empty, or later than what is looked at: it goes on
    price: str | None  # money of a period
    period: TimeUnit


@dataclass(frozen=True)
class _Terms:
    """The contracts of customers whose first day (and price) is known."""

    ids: pa.Array
    started: Days
    ended: Days  # NaT: it goes on
    price: Floats | None
    notes: list[str]


def contracts_of(
    segmentation: Segmentation, data: object, contract: Contract, cutoff: date | datetime | None
) -> Reading:
    """Return what reads contracts as they were known before a moment.

    Left out, it is the day after the last start or end.
    """

    def read(until: date | datetime | None) -> Known:
        until = cutoff if until is None else until
        parts = open_newcomers(segmentation, data, None)
        if until is not None and any(part.features is not None for part in parts):
            parts = open_newcomers(segmentation, data, until)
        return _known(segmentation, parts, contract, until)

    return read


def _known(
    segmentation: Segmentation,
    parts: Sequence[Part],
    contract: Contract,
    until: date | datetime | None,
) -> Known:
    """Read and place the customers whose contract began before a moment."""
    part = _part(parts, contract)
    gathered = gather_newcomers(segmentation, parts)
    terms = _terms(part, contract, segmentation.threshold)
    moment = _moment(part, terms, until)
    day = np.datetime64(moment, "D")
    at = positions(gathered.ids, terms.ids)
    begun = (at >= 0) & (terms.started[at] < day)
    if not begun.any():
        raise DataError(
            f"{part.name}: no contract began before {moment:%Y-%m-%d}.",
            f"{contract.start!r} was read as the first day; give another column, or a later "
            "cut-off.",
        )
    rows = at[begun]
    histories = histories_of_contracts(terms.started[rows], terms.ended[rows], day, contract.period)
    if terms.price is not None:
        histories = replace(histories, spend=terms.price[rows])
    return Known(
        first=_as_datetime(terms.started[rows].min()), last=moment, cutoff=moment,
        unit=contract.period,
        money=next((v.unit for v in segmentation.variables if v.name == contract.price), None),
        source="" if part.source is None else part.source.fingerprint,
        ids=gathered.ids.filter(pa.array(begun)), histories=histories,
        member=Membership.of(place_newcomers(segmentation, gathered).probabilities[begun]),
        notes=[
            *gathered.notes, *gathered.warnings, *terms.notes,
            f"Contracts are told as of {moment:%Y-%m-%d}; '--cutoff' names another day.",
        ],
    )  # fmt: skip


def _part(parts: Sequence[Part], contract: Contract) -> Part:
    """Return the table that has the columns of contracts."""
    of_customers = [part for part in parts if part.features is None]
    wanted = [c for c in (contract.start, contract.end, contract.price) if c is not None]
    for part in of_customers:
        if set(wanted) <= set(part.table.columns):
            return part
    known = [column for part in of_customers for column in part.table.columns]
    lost = [column for column in wanted if column not in known]
    names = listed([part.name for part in parts])
    if not lost:
        raise DataError(
            f"{names}: {listed([repr(c) for c in wanted])} are not columns of one table.",
            "Give one table with one row per customer that has all of them.",
        )
    raise DataError(
        f"{names}: there is no column {lost[0]!r}.",
        nearest(lost[0], known) or "Contracts stand in a table with one row per customer.",
    )


def _terms(part: Part, contract: Contract, threshold: int) -> _Terms:
    table, wanted = part.table, dict[str, Measure]()
    for column in (contract.start, contract.end):
        table = _with_day(table, column)
        wanted[_DAY.format(column)] = "continuous"
    if contract.price is not None:
        wanted[contract.price] = "positive"
    ids, columns = collect_columns(table, wanted, id_column=part.id)
    ids = pa.array(np.arange(1, row_count(part.table) + 1)) if ids is None else ids
    started, ended = (_days(columns[_DAY.format(c)].values) for c in (contract.start, contract.end))
    price = None if contract.price is None else _prices(part, columns[contract.price].values)
    known = ~np.isnat(started)
    if price is not None:
        known &= np.isfinite(price)
    backward = int((ended[known] < started[known]).sum())
    if backward:
        told = few_of(backward, "contract ends", "contracts end", threshold)
        raise DataError(
            f"{part.name}: {told} before it began.",
            f"{contract.start!r} is taken for the first day and {contract.end!r} for the last.",
        )
    if not known.any():
        raise DataError(
            f"{part.name}: nobody has a first day in {contract.start!r}.", "Is it the right column?"
        )
    notes = []
    if not known.all():
        told = few_of(int((~known).sum()), "customer is", "customers are", threshold)
        what = "first day" if price is None else "first day or no price"
        notes.append(f"{part.name}: {told} left out, of whom no {what} is known.")
    kept = None if price is None else price[known]
    return _Terms(ids.filter(pa.array(known)), started[known], ended[known], kept, notes)


def _prices(part: Part, values: NDArray[np.generic]) -> Floats:
    prices = np.asarray(values, dtype=np.float64)
    if (prices < 0).any():
        raise DataError(
            f"{part.name}: prices are negative.", "Give the money that a customer pays a period."
        )
    return prices


def _with_day(table: Table, column: str) -> Table:
    """Add the number of a column's day; one that cannot be read is refused: it is no open end."""
    import narwhals.stable.v2 as nw

    local, day = _LOCAL.format(column), _DAY.format(column)
    frame, notes = with_local_time(table.frame, column, "UTC", name=local, where=table.name)
    odd = ~nw.col(column).is_null() & nw.col(local).is_null()
    if isinstance(frame.collect_schema()[column], nw.String):
        odd = odd & (nw.col(column).str.strip_chars() != nw.lit(""))
    if n := row_count(replace(table, frame=frame.filter(odd))):
        raise DataError(
            f"{table.name}: {few_of(n, 'day')} in {column!r} cannot be read.",
            "Write them as 2024-12-31; of a contract that goes on, leave the cell empty.",
        )
    frame = with_day_number(frame, local, name=day)
    return replace(table, frame=frame, notes=(*table.notes, *notes))


def _days(values: NDArray[np.generic]) -> Days:
    numbers = np.asarray(values, dtype=np.float64)
    known = np.isfinite(numbers)
    days = np.datetime64(DAY_ZERO, "D") + np.where(known, numbers, 0).astype("m8[D]")
    return np.where(known, days, np.datetime64("NaT", "D"))


def _as_datetime(day: np.datetime64) -> datetime:
    return datetime.combine(day.astype("M8[D]").item(), datetime.min.time())


def _moment(part: Part, terms: _Terms, until: date | datetime | None) -> datetime:
    if until is not None:
        return local_moment(until, "UTC")
    ended = terms.ended[~np.isnat(terms.ended)]
    last = _as_datetime(max([terms.started.max(), *([ended.max()] if len(ended) else [])]))
    if last > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        raise DataError(
            f"{part.name}: contracts begin or end in the future, up to {last:%Y-%m-%d}.",
            "Say as of which day they are told, with '--cutoff'.",
        )
    return last + timedelta(days=1)


def histories_of_contracts(
    started: Days, ended: Days, day: np.datetime64, period: TimeUnit
) -> Histories:
    """Return renewals made, the last of them, and those due before a day.

    Who ended within a period leaves at its end, and before the day of a renewal did not renew.
    """
    over = ended < day
    made = anniversaries(started, np.where(over, ended, day), period)
    return Histories(made, made, made + over)


def anniversaries(started: Days, until: Days, period: TimeUnit) -> Floats:
    """Return how many whole periods have passed, the day of the last one not counted."""
    if period in ("day", "week"):
        passed = ((until - started).astype(np.int64) - 1) // (7 if period == "week" else 1)
        return np.maximum(passed, 0).astype(np.float64)
    first, last = (days.astype("M8[M]") for days in (started, until))
    end_of_month = ((last + 1).astype("M8[D]") - last.astype("M8[D]")).astype(np.int64)
    due = np.minimum((started - first).astype(np.int64) + 1, end_of_month)
    reached = (until - last).astype(np.int64) + 1 > due
    months = (last - first).astype(np.int64) - ~reached
    whole = months // (12 if period == "year" else 1)
    return np.asarray(np.maximum(whole, 0), dtype=np.float64)
