"""Orders whose fields stand on one of several lines, and rows that are no business at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow.compute as pc

from forwhom.documents.study import Events, Returns
from forwhom.tables import Table, collect, held, join_left, row_count
from forwhom.tables.frames import as_key, check_column, says
from forwhom.wording import few_of, listed

#: Stands for any value in what is left out.
ANY = "*"

#: What a study says no longer once its events are whole orders.
DONE: dict[str, Any] = {"fill": [], "leave_out": {}, "returns": None}

_N = "forwhom_n"
_KEY, _WHO = "forwhom_key", "forwhom_who"
_OWN, _WHOLE = "forwhom_own", "forwhom_whole"

#: How far lines may be from their order by rounding: in the currency, and of the money.
_CENTS, _ROUNDED = 0.02, 0.005
#: Share of orders whose lines come to the order's money, where both are of one kind.
_AS_A_RULE = 0.8


def filled_down(table: Table, order: str, columns: Collection[str]) -> Table:
    """Give every line of an order what one of its lines says of the whole."""
    wanted = [column for column in columns if column != order]
    for column in (order, *wanted):
        check_column(table, column, "the events")
    if order in columns:
        table = _of_order_above(table, order)
    if not wanted:
        return table
    known = ~nw.col(order).is_null()
    filled = [
        nw.when(known).then(nw.col(column).max().over(order)).otherwise(nw.col(column))
        .alias(column) for column in wanted
    ]  # fmt: skip
    return held(replace(table, frame=table.frame.with_columns(*filled), stored=False))


def _of_order_above(table: Table, order: str) -> Table:
    """Give a line without an order the one above it, in the order of the source."""
    rows = collect(table)
    above = pc.fill_null_forward(rows[order].combine_chunks())
    rows = rows.set_column(rows.column_names.index(order), order, above)
    frame = nw.from_native(table.session.from_arrow(rows))
    return replace(table, frame=frame, at_home=True)


def with_returns_named(table: Table, spec: Events, returns: Returns) -> Table:
    """Give rows that give money back the customer and the name of the order that they name.

    They are left out where the order is, or is not there: whose money it was, nobody says.
    """
    assert spec.order is not None
    for column in (returns.order, *returns.rows):
        check_column(table, column, "'returns'")
    text = as_key(table, returns.order)
    another = text != as_key(table, spec.order)
    # Said which rows give back, those that were placed before are found again.
    gives = [another] if not returns.rows else [~nw.col(returns.order).is_null()]
    gives = [*gives, *(matches(table, *one) for one in returns.rows.items())]
    back = nw.all_horizontal(*gives, ignore_nulls=True).fill_null(False)
    own = without_rows(replace(table, frame=table.frame.filter(~back)), spec.leave_out, "business")
    orders = (
        own.frame.filter(~nw.col(spec.order).is_null())
        .group_by(spec.order)
        .agg(nw.col(spec.customer).max().alias(_WHO))
        .select(as_key(own, spec.order).alias(_KEY), spec.order, _WHO)
    )
    rows = table.frame.filter(back).drop(spec.order).with_columns(text.alias(_KEY))
    rows = rows.join(orders, on=_KEY, how="inner").with_columns(nw.col(_WHO).alias(spec.customer))
    counted = [row_count(replace(table, frame=frame)) for frame in (table.frame.filter(back), rows)]
    frame = nw.concat([own.frame, rows.select(table.columns)], how="vertical")
    return replace(table, frame=frame, notes=(*own.notes, *_told_of_returns(table.name, *counted)))


def _told_of_returns(name: str, all_of_them: int, placed: int) -> Iterator[str]:
    if placed:
        rows = few_of(placed, "row gives", "rows give")
        yield f"{name}: {rows} money of an earlier order back; taken off the customer's money."
    if lost := all_of_them - placed:
        rows = few_of(lost, "row gives", "rows give")
        yield f"{name}: {rows} money back of an order that is not used or not there; left out."


def without_rows(table: Table, left_out: Mapping[str, Sequence[str]], what: str) -> Table:
    """Leave out rows by what a column says, and note how many."""
    notes, kept = [], table.frame
    for column, values in left_out.items():
        check_column(table, column, "'leave_out'")
        out = matches(table, column, values)
        if n := row_count(replace(table, frame=kept.filter(out))):
            kept = kept.filter(~out)
            why = "is filled" if ANY in values else f"is {listed(list(values), last='or')}"
            rows = few_of(n, "row is", "rows are")
            notes.append(f"{table.name}: {rows} left out as no {what}: {column!r} {why}.")
    if not notes:
        return table
    return replace(table, frame=kept, notes=(*table.notes, *notes))


def matches(table: Table, column: str, values: Sequence[str]) -> nw.Expr:
    """Return whether a column says one of some values, or anything at all; never null."""
    return ~nw.col(column).is_null() if ANY in values else says(table, column, values)


def whole_orders(events: Table, spec: Events, lookups: Mapping[str, Table] | None = None) -> Table:
    """Return events in which each line knows its order, without the rows that are no business.

    Which rows these are may stand in a lookup: the state of an order in a table of orders.
    """
    table = events if spec.order is None else filled_down(events, spec.order, spec.fill)
    for lookup in spec.lookups:
        told = (lookups or {}).get(lookup.table)
        if told is None:
            continue
        wanted = [c for c in spec.leave_out if c in told.columns and c not in table.columns]
        if wanted:
            frame = told.frame.filter(~nw.col(lookup.on).is_null()).select(lookup.on, *wanted)
            table = join_left(table, replace(told, frame=frame), on=lookup.on)
    if spec.returns is not None:
        return with_returns_named(table, spec, spec.returns)
    return without_rows(table, spec.leave_out, "business")


def divided(
    frame: nw.LazyFrame[Any], amount: str, order: str | None, whole: str
) -> nw.LazyFrame[Any]:
    """Divide the money of whole orders among their lines, in proportion to the lines' own."""
    money = nw.col(whole).cast(nw.Float64)
    if order is None:
        return frame.with_columns(money.alias(amount)).drop(whole)
    frame = frame.with_columns(nw.lit(1.0).alias(_N), nw.col(amount).fill_null(0.0).alias(amount))
    total, own = money.max().over(order), nw.col(amount).sum().over(order)
    share = nw.when(own > 0).then(nw.col(amount) / own).otherwise(
        nw.col(_N) / nw.col(_N).sum().over(order)
    )  # fmt: skip
    in_order = ~nw.col(order).is_null()
    return frame.with_columns(
        nw.when(in_order).then(total * share).otherwise(money).alias(amount)
    ).drop(_N, whole)


def short_orders(table: Table, amount: str, order: str, whole: str) -> Iterator[str]:
    """Tell of orders whose lines come to less than the order: an export may be cut in the middle.

    Only where lines and orders agree as a rule; else prices and totals mean different things.
    """
    own, money = nw.col(_OWN), nw.col(_WHOLE)
    orders = (
        table.frame.filter(~nw.col(order).is_null())
        .group_by(order)
        .agg(
            nw.col(amount).cast(nw.Float64).fill_null(0.0).sum().alias(_OWN),
            nw.col(whole).cast(nw.Float64).max().alias(_WHOLE),
        )
        .filter(money > 0)
    )
    off = money - own
    missing, agreeing = off > _CENTS + money * _ROUNDED, off.abs() <= _CENTS + money * _ROUNDED
    counted = orders.select(
        *(nw.when(one).then(1).otherwise(0).sum().alias(name) for name, one in
          (("n", money > 0), ("alike", agreeing), ("short", missing)))
    )  # fmt: skip
    (found,) = collect(replace(table, frame=counted)).to_pylist()
    n, alike, short = (int(found[name] or 0) for name in ("n", "alike", "short"))
    if short and alike >= _AS_A_RULE * n:
        told = few_of(short, "order has", "orders have")
        yield (
            f"{table.name}: {told} lines for less money than the order itself: the export may be "
            "cut in the middle of an order. Export it again; the money of the whole order is used."
        )


def with_returns(
    frame: nw.LazyFrame[Any], amount: str, order: str | None, back: str, kept: Collection[str]
) -> nw.LazyFrame[Any]:
    """Add a return for each order of which money was given back: no more than was paid.

    ``back`` is that money; ``kept`` are the columns that a return has besides, the others are
    those of a line.
    """
    columns, schema = frame.collect_schema().names(), frame.collect_schema()
    orders = frame
    if order is not None:
        orders = frame.filter(~nw.col(order).is_null()).group_by(order).agg(
            nw.col(amount).sum(), *(nw.col(c).max() for c in (back, *kept))
        )  # fmt: skip
    taken = nw.when(nw.col(back) < nw.col(amount)).then(nw.col(back)).otherwise(nw.col(amount))
    blank = {*columns} - {order, amount, back, *kept}
    returns = orders.with_columns(
        nw.when(nw.col(back) > 0).then(-taken).alias(amount),
        *(nw.lit(None).cast(schema[c]).alias(c) for c in sorted(blank)),
    ).filter((nw.col(amount) < 0).fill_null(False))
    return nw.concat([frame, returns.select(columns)], how="vertical").drop(back)


def money_columns(spec: Events) -> list[str]:
    """Return the columns of events that hold money."""
    named = (spec.amount, spec.price, spec.discount, spec.order_amount, spec.refunded)
    return [column for column in named if column is not None]
