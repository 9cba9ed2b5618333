"""Lines: the events with the columns that features need, under fixed names."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.documents.study import Events
from forwhom.errors import ColumnMissing, DataError
from forwhom.features.orders import divided, matches, short_orders, whole_orders, with_returns
from forwhom.tables import Table, collect, join_left, open_table
from forwhom.tables.columns import LARGEST, form_of
from forwhom.tables.rows import first_rows
from forwhom.tables.times import END_OF_MOMENTS, FIRST_MOMENT, local_literal, with_local_time

#: Fixed names of the roles: customer, local time, amount, quantity, price, order, item, channel.
CUSTOMER, TIME, AMOUNT, QUANTITY = "customer", "time", "amount", "quantity"
PRICE, ORDER, ITEM, CHANNEL = "price", "order", "item", "channel"
_WHOLLY = "forwhom_given_back"
#: 1 if the line is a purchase (not a return), and 1 if a time was given at all; else 0.
BOUGHT, TIMED = "bought", "timed"

#: Money off a line, of the whole order, and given back: they become part of the amount.
DISCOUNT, ORDER_AMOUNT, BACK = "discount", "order_amount", "back"

_NUMBERS = (AMOUNT, QUANTITY, PRICE, DISCOUNT, ORDER_AMOUNT, BACK)
#: What a return of money has in common with the order that it belongs to.
_OF_RETURNS = (CUSTOMER, TIME, TIMED, CHANNEL)


@dataclass(frozen=True)
class Lines:
    """Events under fixed names."""

    table: Table  # lazy; columns are the fixed names of the roles that are there
    roles: frozenset[str]  # the roles that are there; ``amount`` also where it is price × quantity
    categories: dict[str, str]  # column of the study -> its fixed name
    matched: dict[str, str]  # lookup table -> column that says whether the line found its row there
    brought: dict[str, tuple[str, ...]]  # lookup table, as the study names it -> its columns here
    events: Table  # the table that the lines were read from
    #: where a lookup says who the customer is: what lines without one lack, and the flag of a match
    unknown: tuple[str, str] | None = None

    @property
    def frame(self) -> nw.LazyFrame[Any]:
        """The rows."""
        return self.table.frame

    @property
    def columns(self) -> list[str]:
        """The fixed names that are there."""
        return self.table.columns


def read_lines(
    events: Table, spec: Events, lookups: Mapping[str, Table] | None = None
) -> Lines:  # fmt: skip
    """Bring events to fixed names, with lookups joined and times local."""
    events = whole_orders(events, spec, lookups)
    sources = _sources(spec)
    categories = {column: f"category_{i}" for i, column in enumerate(spec.category)}
    sources |= {name: column for column, name in categories.items()}
    deduplicated = _without_duplicates(events, spec)
    joined, matched, brought = _joined(deduplicated, spec, set(sources.values()), lookups or {})
    for column in sources.values():
        if column not in joined.columns:
            raise ColumnMissing.of(column, events.name, joined.columns, _where(spec))
    _check_numbers(joined, sources)
    local = "forwhom_local_time"
    timed, notes = with_local_time(
        joined.frame, spec.time, spec.time_zone, name=local, where=events.name
    )
    wholly = [matches(joined, column, values) for column, values in spec.returned.items()]
    frame = timed.select(
        nw.col(local).alias(TIME),
        as_number(~nw.col(spec.time).is_null()).alias(TIMED),
        *(nw.col(column).alias(role) for role, column in sources.items() if role != TIME),
        *(nw.col(flag) for flag in matched.values()),
        *([] if not wholly else [nw.any_horizontal(*wholly, ignore_nulls=True).alias(_WHOLLY)]),
    )
    roles = {role for role in sources if role not in categories.values()}
    frame, roles = _with_own_money(frame, roles)
    if {AMOUNT, ORDER, ORDER_AMOUNT} <= roles:
        notes += short_orders(replace(joined, frame=frame), AMOUNT, ORDER, ORDER_AMOUNT)
    frame, roles = _with_money(frame, roles)
    frame = _with_purchases(frame, roles)
    table = replace(joined, frame=frame, notes=(*joined.notes, *notes))
    unknown = _unknown(spec, lookups or {}, matched, brought)
    return Lines(table, frozenset(roles), categories, matched, brought, events, unknown)


def as_number(condition: nw.Expr) -> nw.Expr:
    """Return a condition as 1 or 0: not every database has columns of yes and no."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _with_own_money(
    frame: nw.LazyFrame[Any], roles: set[str]
) -> tuple[nw.LazyFrame[Any], set[str]]:
    """Work out the money that each line names by itself, after discounts."""
    if PRICE in roles:
        frame = frame.with_columns((_number(PRICE) * _number(QUANTITY)).alias(AMOUNT)).drop(PRICE)
        roles = (roles - {PRICE}) | {AMOUNT}
    if AMOUNT not in roles and roles & {ORDER_AMOUNT, BACK}:
        frame = frame.with_columns(nw.lit(0.0).alias(AMOUNT))
    if DISCOUNT in roles:
        off = _number(DISCOUNT).abs().fill_null(0.0)
        frame = frame.with_columns((_number(AMOUNT) - off).alias(AMOUNT)).drop(DISCOUNT)
    return frame, roles


def _with_money(frame: nw.LazyFrame[Any], roles: set[str]) -> tuple[nw.LazyFrame[Any], set[str]]:
    """Divide the money of orders among their lines, and say what was given back as returns."""
    order = ORDER if ORDER in roles else None
    if ORDER_AMOUNT in roles:
        frame = divided(frame.with_columns(_number(AMOUNT).alias(AMOUNT)), AMOUNT, order,
                        ORDER_AMOUNT)  # fmt: skip
        roles = roles | {AMOUNT}
    wholly = _WHOLLY in frame.collect_schema().names()
    if AMOUNT in roles and (wholly or BACK in roles):
        back = _number(BACK).abs().fill_null(0.0) if BACK in roles else nw.lit(0.0)
        if wholly:
            back = nw.when(nw.col(_WHOLLY)).then(nw.lit(float(LARGEST))).otherwise(back)
        frame = frame.with_columns(_number(AMOUNT).alias(AMOUNT), back.alias(BACK))
        frame = with_returns(frame, AMOUNT, order, BACK, [r for r in _OF_RETURNS if r in
                             frame.collect_schema().names()])  # fmt: skip
    return frame.drop(_WHOLLY) if wholly else frame, roles - {DISCOUNT, ORDER_AMOUNT, BACK}


def readable(frame: nw.LazyFrame[Any], time: str) -> nw.Expr:
    """Return whether a local time in a column was read and is no placeholder."""
    first, end = (local_literal(frame, moment) for moment in (FIRST_MOMENT, END_OF_MOMENTS))
    return (nw.col(time) >= first) & (nw.col(time) < end)


#: The last minute of a day, as an hour of which a date without a time may be in.
DAY_END = 24


def at_midnight(time: nw.Expr) -> nw.Expr:
    """Return whether a local time is midnight, or the second after it."""
    return (time.dt.hour() == 0) & (time.dt.minute() == 0) & (time.dt.second() <= 1)


def in_last_minute(time: nw.Expr) -> nw.Expr:
    """Return whether a local time is in the last minute of its day."""
    return (time.dt.hour() == 23) & (time.dt.minute() == 59)


def unreadable_rows(lines: Lines, spec: Events) -> str:
    """Return which rows have a time that cannot be read, as words; empty when none has."""
    events, local = lines.events, "forwhom_local_time"
    if spec.time not in events.columns:  # a lookup brings it
        return ""
    frame, _ = with_local_time(
        events.frame, spec.time, spec.time_zone, name=local, where=events.name
    )
    odd = ~nw.col(spec.time).is_null() & ~readable(frame, local).fill_null(False)
    return first_rows(frame, odd, spec.time, name=events.name)


def _where(spec: Events) -> str:
    return f"events {spec.name!r}" if spec.name else "events"


def _sources(spec: Events) -> dict[str, str]:
    """Return role -> column of the study."""
    if spec.price is not None and spec.amount is None and spec.quantity is None:
        raise DataError(
            f"{_where(spec)}: there is a price ({spec.price!r}), but no quantity.",
            "Name the column with the units, or the column with the money as 'amount'.",
        )
    named = {
        CUSTOMER: spec.customer,
        TIME: spec.time,
        AMOUNT: spec.amount,
        QUANTITY: spec.quantity,
        PRICE: spec.price if spec.amount is None else None,
        ORDER: spec.order,
        DISCOUNT: spec.discount,
        ORDER_AMOUNT: spec.order_amount,
        BACK: spec.refunded,
        ITEM: spec.item,
        CHANNEL: spec.channel,
    }
    return {role: column for role, column in named.items() if column is not None}


def _without_duplicates(events: Table, spec: Events) -> Table:
    if spec.duplicates == "keep":
        return events
    return replace(events, frame=events.frame.group_by(events.columns).agg())


def _unknown(
    spec: Events,
    lookups: Mapping[str, Table],
    matched: Mapping[str, str],
    brought: Mapping[str, tuple[str, ...]],
) -> tuple[str, str] | None:
    """Return what lines lack whose customer a lookup does not know, in words, and the flag."""
    for lookup, flag in zip(brought, matched.values(), strict=True):
        if spec.customer in brought[lookup]:
            on = next(one.on for one in spec.lookups if one.table == lookup)
            name = lookups[lookup].name if lookup in lookups else lookup
            return f"row in {name} with their {on}", flag
    return None


def _joined(
    events: Table, spec: Events, wanted: set[str], lookups: Mapping[str, Table]
) -> tuple[Table, dict[str, str], dict[str, tuple[str, ...]]]:
    """Join the lookups that bring a wanted column; return flags of a match and columns, too."""
    matched: dict[str, str] = {}
    brought: dict[str, tuple[str, ...]] = {}
    for lookup in spec.lookups:
        table = lookups.get(lookup.table) or open_table(lookup.table)
        if lookup.on not in table.columns:
            raise ColumnMissing.of(lookup.on, table.name, table.columns, _where(spec))
        offered = set(table.columns if lookup.columns is None else lookup.columns)
        news = sorted(wanted & offered & set(table.columns) - set(events.columns))
        if not news:
            continue
        flag = f"matched_{len(matched)}"
        frame = table.frame.filter(~nw.col(lookup.on).is_null()).select(
            nw.col(lookup.on), *(nw.col(c) for c in news), nw.lit(1).alias(flag)
        )
        events = join_left(events, replace(table, frame=frame), on=lookup.on)
        matched[table.name] = flag
        brought[lookup.table] = tuple(news)
    return events, matched, brought


def _check_numbers(table: Table, sources: Mapping[str, str]) -> None:
    schema = table.frame.collect_schema()
    for role in _NUMBERS:
        if role in sources and not schema[sources[role]].is_numeric():
            column = sources[role]
            where = f"{table.name}: the {role} column {column!r}"
            if not _has_values(table, column):
                raise DataError(f"{where} holds no values.", "Name another column, or none.")
            raise DataError(
                f"{where} is not a number ({str(schema[column]).lower()})"
                f"{_first_text(table, column)}.",
                "Correct the cells that are not numbers, or name another column.",
            )


def _has_values(table: Table, column: str) -> bool:
    counted = table.frame.select(nw.col(column).count().alias("n"))
    return bool(collect(replace(table, frame=counted))["n"][0].as_py())


def _first_text(table: Table, column: str) -> str:
    if table.frame.collect_schema()[column] != nw.String:
        return ""
    plain = r"^\s*[-+]?\d+([.,]\d+)?\s*$"
    values = nw.col(column)
    odd = table.frame.filter(~values.str.contains(plain)).select(values.min().alias("v"))
    value = collect(replace(table, frame=odd))["v"][0].as_py()
    return f", one of them {form_of(value)}" if value else ""


def _number(role: str) -> nw.Expr:
    """Return a number as float64; what is not finite is missing."""
    value = nw.col(role).cast(nw.Float64)
    return nw.when(value.abs() <= sys.float_info.max).then(value)


def _with_purchases(frame: nw.LazyFrame[Any], roles: set[str]) -> nw.LazyFrame[Any]:
    """Say which lines are purchases, and make the money of a return negative."""
    numbers = [role for role in (AMOUNT, QUANTITY) if role in roles]
    if not numbers:
        return frame
    frame = frame.with_columns(*(_number(role).alias(role) for role in numbers))
    returned = nw.any_horizontal(*(nw.col(role) < 0 for role in numbers), ignore_nulls=False)
    frame = frame.with_columns((1 - as_number(returned)).alias(BOUGHT))
    if numbers == [AMOUNT, QUANTITY]:
        # A return written as a positive amount of a negative quantity still takes money back.
        signed = nw.when(nw.col(BOUGHT) == 1).then(AMOUNT).otherwise(-nw.col(AMOUNT).abs())
        frame = frame.with_columns(signed.alias(AMOUNT))
    return frame
