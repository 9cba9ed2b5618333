"""The features of one table of events: what each means, what it needs, how it is computed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import narwhals.stable.v2 as nw

from forwhom.documents.base import Criterion, Measure, Role, Use
from forwhom.features import purchases as p
from forwhom.features.dictionary import Feature
from forwhom.features.lines import AMOUNT, CHANNEL, ITEM, ORDER, QUANTITY
from forwhom.features.purchases import Plan
from forwhom.features.shares import Levels, distinct_name
from forwhom.languages.catalog import later

#: Average length of a month, in days.
MONTH = 30.4375
#: Habits (weekend, part of day, main channel) say nothing with fewer orders than this.
HABIT = 3
#: Returns are active from this share of the lines.
RETURNS_MATTER = 0.005

#: What the events are called.
_PURCHASE = later("purchase")
_ORDERS = (later("order"), later("orders"))
_EVENTS = (later("event"), later("events"))
_PURCHASE_DAYS = (later("purchase day"), later("purchase days"))
_ACTIVE_DAYS = (later("active day"), later("active days"))

_DAYS = {"day": 1.0, "week": 7.0, "month": MONTH, "year": 12 * MONTH}


@dataclass(frozen=True)
class Definition:
    """A feature and how it is computed from one row per customer."""

    feature: Feature  # what it means
    #: over the columns of :func:`forwhom.features.purchases.per_customer` and of the shares
    expression: nw.Expr
    #: sums and sequences to carry along for it
    needs: frozenset[str] = field(default_factory=frozenset)
    #: ``""``, or the table of shares that it comes from: ``"items"``, ``"channels"`` or a
    #: category column
    source: str = ""


@dataclass(frozen=True)
class Words:
    """What the events are called: a purchase and an order, or an event and an active day."""

    purchase: str
    order: str
    orders: str
    unit: str
    days: float
    rate: str
    rate_days: float
    money: str | None

    @classmethod
    def of(cls, plan: Plan) -> Words:
        """Choose the words by what the table has."""
        roles, unit = plan.lines.roles, plan.spec.time_unit
        buying = bool(roles & {AMOUNT, QUANTITY, ITEM})
        if ORDER in roles:
            order, orders = _ORDERS if buying else _EVENTS
        else:
            order, orders = _PURCHASE_DAYS if buying else _ACTIVE_DAYS
        rate = "month" if unit == "day" else unit  # a rate per day is hardly readable
        return cls(
            purchase=_PURCHASE if buying else _EVENTS[0],
            order=order,
            orders=orders,
            unit=f"{unit}s",
            days=_DAYS[unit],
            rate=rate,
            rate_days=_DAYS[rate],
            money=plan.spec.currency,
        )


def definitions(plan: Plan, levels: list[Levels]) -> list[Definition]:
    """Return the features that the columns of this table allow."""
    words, roles = Words.of(plan), plan.lines.roles
    found = _recency_frequency(plan, words)
    if AMOUNT in roles:
        found += _money(plan, words)
    found += _sequence(words) + _basket(plan, words)
    if ITEM in roles:
        found.append(_distinct_items())
    if AMOUNT in roles or QUANTITY in roles:
        found += _returns(plan)
    if plan.lines.categories:
        found.append(_lines(words))
    for i, found_levels in enumerate(levels):
        found += _category(found_levels, first=i == 0, money=AMOUNT in roles)
    if CHANNEL in roles:
        found += _channel(plan, words)
    found += _clock(plan, words) + _lifetime(plan, words)
    return found


def _define(
    name: str,
    label: str,
    unit: str | None,
    measure: Measure,
    use: Use,
    criterion: Criterion | None,
    definition: str,
    expression: nw.Expr,
    *needs: str,
    source: str = "",
    role: Role | None = None,
    whole: str | None = None,
    items: str | None = None,
) -> Definition:
    feature = Feature(
        name, label, unit, measure, use, criterion, definition, role, whole=whole, items=items
    )
    return Definition(feature, expression, frozenset(needs), source)


def _recency_frequency(plan: Plan, w: Words) -> list[Definition]:
    orders = nw.col("orders").cast(nw.Float64)
    known = (plan.end.day - nw.col("first_day")).cast(nw.Float64)
    exposure = nw.when(known > w.rate_days).then(known / w.rate_days).otherwise(nw.lit(1.0))
    rate = nw.when(~nw.col("first_day").is_null()).then(orders / exposure)
    since = f"in {w.unit}, from its day to the cut-off; missing for customers with returns alone."
    return [
        _define(
            "recency", f"Time since last {w.purchase}", w.unit, "positive", "active",
            "relationship", f"Time since the last {w.purchase}, {since}",
            (plan.end.day - nw.col("last_day")) / w.days, role="recency",
        ),
        _define(
            "frequency", f"Number of {w.orders}", w.orders, "count", "descriptor",
            "relationship", f"Number of distinct {w.orders} before the cut-off"
            + (" (all lines of a day are one)." if w.order.endswith("day") else "."),
            nw.col("orders").cast(nw.Int64), role="frequency",
        ),
        _define(
            "tenure", f"Time since first {w.purchase}", w.unit, "positive", "descriptor",
            "relationship", f"Time since the first {w.purchase} (T), {since}", known / w.days,
        ),
        _define(
            f"orders_per_{w.rate}", f"{w.orders.capitalize()} per {w.rate}",
            f"{w.orders} per {w.rate}", "positive", "active", "relationship",
            f"Number of {w.orders} per {w.rate} since the first one; the time counts as one"
            f" {w.rate} at least, so that newcomers are not overrated.", rate,
        ),
    ]  # fmt: skip


def _money(plan: Plan, w: Words) -> list[Definition]:
    net = plan.spec.refunds == "net" and plan.has_returns
    total, orders = p.NET if net else p.GROSS, nw.col("orders").cast(nw.Float64)
    needs = [p.PRICED] if plan.counted.report.missing_amount else []
    spend, bought = _scaled(plan, total), _scaled(plan, p.GROSS)
    what = "less the money of returns" if plan.spec.refunds == "net" else "returns left out"
    return [
        _define(
            "monetary_value", later("Total spend"), w.money, "continuous" if net else "positive",
            "descriptor", "profitability",
            f"Sum of the amounts before the cut-off, {what}. (The lifetime-value definition is"
            " clv_monetary_value.)", spend, total, *needs, role="revenue",
        ),
        _define(
            "average_order_value", f"Average {w.order} value", w.money, "positive", "active",
            "profitability", f"Sum of the amounts of purchases, returns left out, per {w.order}.",
            nw.when(orders > 0).then(bought / orders), p.GROSS, *needs,
        ),
    ]  # fmt: skip


def _scaled(plan: Plan, column: str) -> nw.Expr:
    """Return money in its own unit again; missing where no amount is known."""
    money = nw.col(column) / float(10**plan.counted.digits)
    if plan.counted.report.missing_amount == 0:
        return money
    return nw.when(nw.col(p.PRICED) > 0).then(money)


def _sequence(w: Words) -> list[Definition]:
    gaps = nw.col("days").cast(nw.Float64) - 1
    span = (nw.col("last_day") - nw.col("first_day")).cast(nw.Float64)
    # Sums of whole days are exact, and n·Σg² − (Σg)² is never negative.
    spread = (gaps * nw.col("gap_squares") - span * span) / (gaps * (gaps - 1))
    several = nw.when(gaps >= 2)
    variation = several.then(spread).otherwise(nw.lit(0.0)).sqrt() / (span / gaps)
    between = f"time between successive days with a {w.purchase}, in {w.unit}"
    judged = nw.col(p.LATE) + nw.col(p.EARLY)
    return [
        _define(
            "mean_gap", f"Mean time between {w.purchase}s", w.unit, "positive", "descriptor",
            "relationship", f"Mean {between}; missing with fewer than two such days.",
            nw.when(gaps >= 1).then(span / gaps / w.days), p.GAPS,
        ),
        _define(
            "median_gap", f"Median time between {w.purchase}s", w.unit, "positive", "descriptor",
            "relationship", f"Median {between}; missing with fewer than two such days.",
            nw.col("gap_median") / w.days, p.MEDIAN,
        ),
        _define(
            "gap_variation", f"Irregularity of {w.purchase}s", None, "positive", "descriptor",
            "relationship", "Coefficient of variation (standard deviation / mean) of the"
            f" {between}: 0 is like clockwork, 1 is random; missing with fewer than three such"
            " days.",
            nw.when(gaps >= 2).then(variation), p.GAPS,
        ),
        _define(
            "trend", later("Trend"), None, "continuous", "active", "relationship",
            f"(late − early) / (late + early): {w.orders} in the later and in the earlier half of"
            f" the time from the first {w.purchase} to the cut-off, the first day left out because"
            " it starts that time; from −1 (fading) to 1 (growing); missing with fewer than two.",
            nw.when(judged >= 2).then((nw.col(p.LATE) - nw.col(p.EARLY)) / judged), p.TREND,
        ),
    ]  # fmt: skip


def _basket(plan: Plan, w: Words) -> list[Definition]:
    orders = nw.col("orders").cast(nw.Float64)
    use: Use = "descriptor" if AMOUNT in plan.lines.roles else "active"
    found = [
        _define(
            "lines_per_order", f"Lines per {w.order}", "lines", "positive", use, "offer",
            f"Lines per {w.order}, returns left out.",
            nw.when(orders > 0).then(nw.col(p.LINES) / orders), p.LINES,
        )
    ]  # fmt: skip
    if QUANTITY in plan.lines.roles:
        found.append(
            _define(
                "units_per_order",
                f"Units per {w.order}",
                "units",
                "positive",
                "descriptor",
                "offer",
                f"Units per {w.order}, returns left out.",
                nw.when(orders > 0).then(nw.col(p.UNITS) / orders),
                p.UNITS,
            )
        )
    return found


def _distinct_items() -> Definition:
    return _define(
        "distinct_items", later("Distinct items"), "items", "count", "descriptor", "offer",
        "Number of distinct items bought before the cut-off.",
        nw.col("distinct_items").fill_null(0), source="items",
    )  # fmt: skip


def _returns(plan: Plan) -> list[Definition]:
    report = plan.counted.report
    use: Use = "active" if report.refunds >= RETURNS_MATTER * report.used else "descriptor"
    returns, lines = (nw.col(p.RETURNS), nw.col(p.LINES)) if plan.has_returns else (
        nw.lit(0.0), nw.col(p.LINES))  # fmt: skip
    needs = [p.RETURNS] if plan.has_returns else []
    found = [
        _define(
            "return_share", "Share of lines returned", None, "positive", use, "relationship",
            "Lines with a negative amount or quantity, of all lines.",
            returns / (returns + lines), p.LINES, *needs,
        ),
        _define(
            "any_return", later("Ever returned something"), None, "binary", "descriptor",
            "relationship", "1 if any line is a return, else 0.",
            nw.when(returns > 0).then(nw.lit(1)).otherwise(nw.lit(0)), *(needs or [p.LINES]),
        ),
    ]  # fmt: skip
    if AMOUNT in plan.lines.roles:
        gross, back = nw.col(p.GROSS), nw.col(p.RETURNED) if plan.has_returns else nw.lit(0.0)
        found.append(
            _define(
                "return_money_share",
                "Share of money returned",
                None,
                "positive",
                "descriptor",
                "profitability",
                "Money of returns, of the money of purchases; above 1 where more"
                " came back than was bought in the observed time; missing without purchases.",
                nw.when(gross > 0).then(back / gross),
                p.GROSS,
                *([p.RETURNED] if plan.has_returns else []),
            )
        )
    return found


def _lines(w: Words) -> Definition:
    return _define(
        "lines", later("Number of lines"), "lines", "count", "descriptor", "relationship",
        f"Number of lines of {w.orders} before the cut-off, returns left out: how many items the"
        " shares are of.", nw.col(p.LINES).fill_null(0).cast(nw.Int64), p.LINES,
    )  # fmt: skip


def _category(levels: Levels, *, first: bool, money: bool) -> list[Definition]:
    """Shares of the first category column are active; further ones mostly repeat them."""
    use: Use = "active" if first else "descriptor"
    of = "spend" if money else "lines"
    distinct = distinct_name(levels.column)
    column = levels.label
    found = [
        _define(
            distinct, f"Distinct levels of {column}", None, "count", use, "offer",
            f"Number of distinct levels of {levels.column!r} bought before the cut-off.",
            nw.col(distinct).fill_null(0), source=levels.column,
        )
    ]  # fmt: skip
    names = {name: f"{level} ({column})" for level, name in levels.names.items()}
    for id_, name in (names | {levels.other: f"other {column}"}).items():
        found.append(
            _define(
                id_,
                f"Share of {of}: {name}",
                None,
                "positive",
                use,
                "offer",
                f"Share of the customer's {of} in {name}, returns left out; missing without {of}.",
                nw.col(id_),
                source=levels.column,
                whole=levels.column,
                items="lines",
            )
        )
    return found


def _channel(plan: Plan, w: Words) -> list[Definition]:
    main, placed = nw.col("in_main_channel"), nw.col("in_channels")
    habit = nw.when(placed >= HABIT)
    use: Use = "active" if plan.counted.several_channels else "descriptor"
    scarce = f"missing with fewer than {HABIT} {w.orders}."
    return [
        _define(
            "channels", later("Number of channels"), "channels", "count", "descriptor", "channel",
            "Number of distinct stores or channels used.", nw.col("channels").fill_null(0),
            source="channels",
        ),
        _define(
            "main_channel_share", "Share in main channel", None, "continuous", "descriptor",
            "channel", f"Share of {w.orders} in the channel used most; {scarce}",
            habit.then(main / placed), source="channels",
        ),
        _define(
            "other_channels_share", "Share outside main channel", None, "positive", use,
            "channel", f"Share of {w.orders} outside the channel used most; {scarce}",
            habit.then((placed - main) / placed), source="channels",
        ),
    ]  # fmt: skip


def _clock(plan: Plan, w: Words) -> list[Definition]:
    orders = nw.col("orders").cast(nw.Float64)
    habit = nw.when(orders >= HABIT)
    scarce = f"missing with fewer than {HABIT} {w.orders}."
    use: Use = "active" if plan.counted.weekends_vary else "descriptor"
    found = [
        _define(
            "weekend_share", later("Weekend share"), None, "positive", use, "relationship",
            f"Share of {w.orders} on a Saturday or Sunday; {scarce}",
            habit.then(nw.col(p.WEEKEND) / orders), p.WEEKEND,
        )
    ]  # fmt: skip
    if not plan.counted.has_times:
        return found
    clocked = nw.col(p.CLOCKED)
    habit = nw.when(clocked >= HABIT)
    evening = clocked - nw.col(p.MORNING) - nw.col(p.AFTERNOON)
    of_which = " with a time of day" if plan.counted.dated else ""
    parts = {
        "morning": (later("Morning share"), nw.col(p.MORNING), later("from 4:00 to 12:00")),
        "afternoon": (later("Afternoon share"), nw.col(p.AFTERNOON), later("from 12:00 to 18:00")),
        "evening": (later("Evening share"), evening, later("from 18:00 to 4:00")),
    }
    return found + [
        _define(
            f"{part}_share", label, None, "positive", "descriptor",
            "relationship", f"Share of {w.orders}{of_which} placed {hours}; {scarce}",
            habit.then(placed / clocked), p.MORNING, p.AFTERNOON, p.CLOCKED,
            whole="part_of_day", items="frequency",
        )
        for part, (label, placed, hours) in parts.items()
    ]  # fmt: skip


def _lifetime(plan: Plan, w: Words) -> list[Definition]:
    """The sufficient statistics of BG/NBD and Gamma-Gamma (Fader, Hardie and Lee, 2005)."""
    unit, repeats = plan.spec.time_unit, nw.col("repeats")
    found = [
        _define(
            "clv_frequency", f"Repeat {unit}s with a {w.purchase}", f"{unit}s", "count",
            "descriptor", "relationship",
            f"Lifetime-value frequency x: calendar {unit}s with a {w.purchase}, minus the first.",
            nw.when(~nw.col("first_period").is_null()).then(repeats.cast(nw.Int64)), p.PERIODS,
        ),
        _define(
            "clv_recency", f"Time from first to last {w.purchase}", f"{unit}s", "positive",
            "descriptor", "relationship",
            f"Lifetime-value recency t_x: calendar {unit}s from the first to the last"
            f" {w.purchase}; 0 without a repeat. (Time since the last one is recency.)",
            nw.col("last_period") - nw.col("first_period"), p.PERIODS,
        ),
        _define(
            "clv_T", f"Time from first {w.purchase} to end", f"{unit}s", "positive",
            "descriptor", "relationship",
            f"Lifetime-value T: calendar {unit}s from the first {w.purchase} to the last observed"
            f" {unit}, the one before the cut-off.",
            plan.end.period - nw.col("first_period"), p.PERIODS,
        ),
    ]  # fmt: skip
    if AMOUNT in plan.lines.roles:
        found.append(_repeat_value(plan, w))
    return found


def _repeat_value(plan: Plan, w: Words) -> Definition:
    unit, repeats = plan.spec.time_unit, nw.col("repeats")
    later = (nw.col(p.GROSS) - nw.col("opening_gross")) / float(10**plan.counted.digits)
    mean = nw.when(repeats > 0).then(later / repeats).otherwise(nw.lit(0.0))
    return _define(
        "clv_monetary_value", f"Mean value of repeat {unit}s", w.money, "positive",
        "descriptor", "profitability",
        f"Lifetime-value monetary value: mean spend of the calendar {unit}s with a {w.purchase},"
        " the first left out, returns left out; 0 without a repeat.",
        nw.when(~nw.col("first_period").is_null()).then(mean), p.PERIODS, p.GROSS,
    )  # fmt: skip


def prefixed(feature: Feature, name: str) -> Feature:
    """Return the feature under the name of its table of events."""
    if not name:
        return feature
    return replace(
        feature,
        name=f"{name}_{feature.name}",
        label=f"{feature.label} ({name})",
        whole=feature.whole and f"{name}_{feature.whole}",
        items=feature.items and f"{name}_{feature.items}",
    )
