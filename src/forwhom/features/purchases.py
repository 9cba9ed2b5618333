"""From lines to orders, from orders to days, from days to one row per customer.

One chain of aggregates without joins: each table is read once, and only what the wanted features
need is carried along. Rows without a day are orders of returns alone; they count for money and
returns, never for when and how often a customer buys.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import narwhals.stable.v2 as nw

from forwhom.documents.study import Events, TimeUnit
from forwhom.features.counts import Counted, usable
from forwhom.features.lines import (
    AMOUNT,
    BOUGHT,
    CUSTOMER,
    DAY_END,
    ORDER,
    QUANTITY,
    TIME,
    Lines,
    as_number,
    at_midnight,
    in_last_minute,
)
from forwhom.tables.times import day_number_of, next_midnight, with_day_number

DAY = "day"
#: Sums that are carried from lines to customers, by what they hold.
GROSS, NET, LINES, UNITS = "gross", "net", "lines", "units"
RETURNS, RETURNED, PRICED = "returns", "returned", "priced"
#: Orders by when they were placed.
WEEKEND, MORNING, AFTERNOON, EVENING = "weekend", "morning", "afternoon", "evening"
#: Orders of which a time of day is known, and that time.
CLOCKED, CLOCK = "clocked", "clock"
#: What needs the sequence of a customer's days.
GAPS, MEDIAN, PERIODS, TREND = "gaps", "median", "periods", "trend"
LATE, EARLY = "late", "early"

_SUMS = (GROSS, NET, LINES, UNITS, RETURNS, RETURNED, PRICED)
_PARTS = {MORNING: (4, 12), AFTERNOON: (12, 18)}
_SEQUENCE = frozenset({GAPS, MEDIAN, PERIODS, TREND, WEEKEND, *_PARTS, EVENING, CLOCKED})


@dataclass(frozen=True)
class End:
    """Where the observed time ends."""

    day: int  # the day number of the cut-off; one within a day counts that day as past
    period: int  # the number of the period that holds the last observed day

    @classmethod
    def of(cls, cutoff: datetime, unit: TimeUnit) -> Self:
        """Return where the time before a cut-off ends, in days, weeks, months or years."""
        day, last = day_number_of(next_midnight(cutoff)), next_midnight(cutoff) - timedelta(days=1)
        months = last.year * 12 + last.month
        periods = {"day": day - 1, "week": (day - 1) // 7, "month": months, "year": last.year}
        return cls(day, periods[unit])


@dataclass(frozen=True)
class Plan:
    """What to compute, and how times are counted."""

    lines: Lines  # the lines
    counted: Counted  # what is in them
    spec: Events  # time unit and the like
    end: End  # where the observed time ends
    needs: frozenset[str] = frozenset()  # sums and sequences that the wanted features use

    @property
    def has_returns(self) -> bool:
        """Whether any used line is a return."""
        return self.counted.report.refunds > 0


def usable_lines(plan: Plan) -> nw.LazyFrame[Any]:
    """Return the lines that features are computed from, with amounts as whole numbers."""
    frame, report = plan.lines.frame, plan.counted.report
    if report.used != report.rows:
        frame = frame.filter(usable(frame, report.cutoff))
    if AMOUNT in plan.lines.roles:
        scale = float(10**plan.counted.digits)
        frame = frame.with_columns((nw.col(AMOUNT) * scale).round(0).alias(AMOUNT))
    return frame


def purchase_lines(plan: Plan) -> nw.LazyFrame[Any]:
    """Return the usable lines that are purchases."""
    frame = usable_lines(plan)
    return frame.filter(nw.col(BOUGHT) == 1) if plan.has_returns else frame


def order_keys(plan: Plan, frame: nw.LazyFrame[Any]) -> tuple[nw.LazyFrame[Any], list[str]]:
    """Return the lines with the columns that, with the customer, make one order."""
    if ORDER not in plan.lines.roles:
        return with_day_number(frame, TIME, name=DAY), [DAY]
    if plan.counted.report.missing_order == 0:
        return frame, [ORDER]
    frame = with_day_number(frame, TIME, name=DAY)
    without = nw.when(nw.col(ORDER).is_null()).then(nw.col(DAY))
    return frame.with_columns(without.alias(DAY)), [ORDER, DAY]


def per_customer(plan: Plan) -> nw.LazyFrame[Any]:
    """Return one row per customer: first and last day, orders, and the sums that are needed."""
    orders = _per_order(plan)
    if not plan.needs & _SEQUENCE:
        frame = orders.group_by(CUSTOMER).agg(
            nw.col(TIME).min().alias("first"),
            nw.col(TIME).max().alias("last"),
            nw.col(TIME).count().alias("orders"),
            *_totals(plan),
        )
        frame = with_day_number(frame, "first", name="first_day")
        return with_day_number(frame, "last", name="last_day").drop("first", "last")
    return _from_days(plan, _with_sequence(plan, _per_day(plan, orders)))


def _per_order(plan: Plan) -> nw.LazyFrame[Any]:
    frame, keys = order_keys(plan, usable_lines(plan))
    time = nw.when(nw.col(BOUGHT) == 1).then(TIME) if plan.has_returns else nw.col(TIME)
    clock = {CLOCK: nw.when(_is_dated(plan) == 0).then(time).min()} if _clocks(plan) else {}
    return frame.group_by(CUSTOMER, *keys).agg(
        time.min().alias(TIME),
        *(first.alias(name) for name, first in clock.items()),
        *(total.alias(name) for name, total in _line_sums(plan).items()),
    )


def _clocks(plan: Plan) -> bool:
    """Return whether some orders have a time of day, and others a date only."""
    return CLOCKED in plan.needs and bool(plan.counted.dated)


def _is_dated(plan: Plan) -> nw.Expr:
    """Return 1 where a time is a date only, else 0."""
    time, clock = nw.col(TIME), nw.col(TIME).dt
    full_hour = (clock.minute() == 0) & (clock.second() == 0)
    edges = {0: at_midnight(time), DAY_END: in_last_minute(time)}
    dated = [edges.get(hour, (clock.hour() == hour) & full_hour) for hour in plan.counted.dated]
    return as_number(nw.any_horizontal(*dated, ignore_nulls=False))


def _line_sums(plan: Plan) -> dict[str, nw.Expr]:
    """Return, by name, what is added up over the lines of an order."""
    one, bought, amount = nw.lit(1.0), nw.col(BOUGHT) == 1, nw.col(AMOUNT)
    units = nw.col(QUANTITY)
    sums = {
        NET: amount.sum(),
        PRICED: nw.when(~amount.is_null()).then(one).sum(),
    }
    if plan.has_returns:
        sums[GROSS] = nw.when(bought).then(amount).sum()
        sums[LINES] = nw.when(bought).then(one).sum()
        sums[UNITS] = nw.when(bought).then(units).sum()
        sums[RETURNS] = nw.when(~bought).then(one).sum()
        sums[RETURNED] = nw.when(~bought).then(-amount).sum()
    else:
        sums |= {GROSS: amount.sum(), LINES: nw.len().cast(nw.Float64), UNITS: units.sum()}
    return {name: sums[name] for name in _SUMS if name in plan.needs}


def _totals(plan: Plan) -> list[nw.Expr]:
    return [nw.col(name).sum() for name in _SUMS if name in plan.needs]


def _per_day(plan: Plan, orders: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    clock = nw.col(CLOCK if _clocks(plan) else TIME)
    hour = clock.dt.hour()
    parts = {
        name: nw.when((hour >= start) & (hour < end)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
        for name, (start, end) in _PARTS.items()
        if name in plan.needs
    }
    if CLOCKED in plan.needs:
        parts[CLOCKED] = nw.when(~clock.is_null()).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    if parts:
        orders = orders.with_columns(**parts)
    orders = with_day_number(orders, TIME, name=DAY)
    return orders.group_by(CUSTOMER, DAY).agg(
        nw.col(TIME).min(),
        nw.col(TIME).count().cast(nw.Float64).alias("orders"),
        *(nw.col(name).sum() for name in parts),
        *_totals(plan),
    )


def _with_sequence(plan: Plan, days: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Add what a day says given the days before it."""
    day = nw.col(DAY)
    if PERIODS in plan.needs:
        days = days.with_columns(period_of(plan).alias("period"))
    added: dict[str, nw.Expr] = {}
    if plan.needs & {GAPS, MEDIAN}:
        before = day.shift(1).over(CUSTOMER, order_by=DAY)
        added["gap"] = (day - before).cast(nw.Float64)
    if TREND in plan.needs:
        added["opening"] = day.cum_min().over(CUSTOMER, order_by=DAY)
    if PERIODS in plan.needs:
        previous = nw.col("period").shift(1).over(CUSTOMER, order_by=DAY)
        added["previous"] = previous
        added["opening_period"] = nw.col("period").cum_min().over(CUSTOMER, order_by=DAY)
    days = days.with_columns(**added) if added else days
    return days.with_columns(**_halves(plan)) if TREND in plan.needs else days


def _halves(plan: Plan) -> dict[str, nw.Expr]:
    """Return the orders of a day in the later, and in the earlier half of the time since the first.

    They stand beside the day, before anything is added up: not every database takes a value of
    another table into a sum.
    """
    orders, twice = nw.col("orders"), 2 * (nw.col(DAY) - nw.col("opening"))
    span = plan.end.day - nw.col("opening")
    return {
        LATE: nw.when(twice > span).then(orders),
        EARLY: nw.when((twice > 0) & (twice < span)).then(orders),
    }


def period_of(plan: Plan) -> nw.Expr:
    """Return the number of the calendar day, week (from Monday), month or year."""
    if plan.spec.time_unit == "day":
        return nw.col(DAY)
    if plan.spec.time_unit == "week":
        # Days since a Monday, less those since the last one: weeks without a rest.
        return ((nw.col(DAY) - nw.col(DAY) % 7) / 7).cast(nw.Int64)
    year = nw.col(TIME).dt.year().cast(nw.Int64)
    if plan.spec.time_unit == "year":
        return year
    return year * 12 + nw.col(TIME).dt.month().cast(nw.Int64)


def _from_days(plan: Plan, days: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    day, orders = nw.col(DAY), nw.col("orders")
    wanted = {
        "first_day": day.min(),
        "last_day": day.max(),
        "orders": orders.sum(),
        "days": day.count(),
    }
    for name in (*_PARTS, CLOCKED):
        if name in plan.needs:
            wanted[name] = nw.col(name).sum()
    if WEEKEND in plan.needs:
        wanted[WEEKEND] = nw.when(day % 7 >= 5).then(orders).sum()
    if GAPS in plan.needs:
        wanted["gap_squares"] = (nw.col("gap") * nw.col("gap")).sum()
    if MEDIAN in plan.needs:
        wanted["gap_median"] = nw.col("gap").median()
    if TREND in plan.needs:
        wanted |= {half: nw.col(half).sum() for half in (LATE, EARLY)}
    if PERIODS in plan.needs:
        wanted |= _period_totals(money=GROSS in plan.needs)
    return days.group_by(CUSTOMER).agg(
        *(expression.alias(name) for name, expression in wanted.items()), *_totals(plan)
    )


def _period_totals(*, money: bool) -> dict[str, nw.Expr]:
    period, previous = nw.col("period"), nw.col("previous")
    totals = {
        "first_period": period.min(),
        "last_period": period.max(),
        "repeats": nw.when(period != previous).then(nw.lit(1.0)).sum(),
    }
    if money:
        opening = nw.when(period == nw.col("opening_period"))
        totals["opening_gross"] = opening.then(nw.col(GROSS)).sum()
    return totals
