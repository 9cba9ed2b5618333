"""Features as a query on events that are somewhere else, such as in a warehouse.

The query is written from the same expressions that compute features here, over a table of which
nothing but the columns is known. So it says what to do with everything that may occur: returns,
lines without an amount and lines without an order are told apart, whether there are any or not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.documents.study import Events
from forwhom.features.counts import Counted, EventReport, cutoff_of
from forwhom.features.customers import assembled, levels_of, named_as_told
from forwhom.features.definitions import definitions, prefixed
from forwhom.features.lines import BOUGHT, TIME, Lines, read_lines
from forwhom.features.purchases import DAY, End, Plan, period_of, usable_lines
from forwhom.tables import Table
from forwhom.tables.times import END_OF_MOMENTS, with_day_number
from forwhom.tables.written import Holds, query_of, tables_elsewhere

#: Stand in a query for the end of the time that the table itself shows.
LAST = End(day=990_000_001, period=990_000_002)
#: Decimals of amounts that are kept.
_DIGITS = 8
_NO_SHARES: dict[str, Any] = {"category": [], "item": None, "channel": None}
_NO_MONEY: dict[str, Any] = {"amount": None, "quantity": None, "price": None, "order": None}


@dataclass(frozen=True)
class FeaturesQuery:
    """Features in DuckDB's SQL; tables are called as the study calls them."""

    features: str  # one row per customer: the id, named as in the events, and the features
    #: one row with ``day`` and ``period``, which ``LAST`` stands for; None: the end is given
    end: str | None
    #: table -> its columns, and what they hold
    columns: Mapping[str, Mapping[str, Holds]]


def features_query(spec: Events, only: Collection[str]) -> FeaturesQuery:
    """Write the query that computes some features, by their full names, for a stored study.

    The levels of categories, and what each lookup brings, are those of the study.
    """
    spec = spec.model_copy(update={"duplicates": "keep"})
    found = definitions(plan := _plan(spec), levels_of(plan, spec.levels))
    wanted = [one for one in found if prefixed(one.feature, spec.name).name in only]
    needed = _without_unused(spec, {one.source for one in wanted})
    tables = tables_elsewhere(columns_of(needed))
    plan = _plan(needed, tables)
    bare = _lines(needed.model_copy(update=_NO_SHARES), tables)
    frame = assembled(plan, bare, wanted, levels_of(plan, needed.levels))
    return FeaturesQuery(
        query_of(named_as_told(frame, needed, wanted)),
        _end(needed, tables) if plan.end == LAST else None,
        columns_of(needed),
    )


def features_of(spec: Events) -> list[str]:
    """Return the full names of all features that a stored study allows."""
    plan = _plan(spec.model_copy(update={"duplicates": "keep"}))
    found = definitions(plan, levels_of(plan, spec.levels))
    return [prefixed(one.feature, spec.name).name for one in found]


def columns_of(spec: Events) -> dict[str, dict[str, Holds]]:
    """Return what features need: table -> its columns, and what they hold."""
    numbers = [spec.amount, spec.quantity, spec.price if spec.amount is None else None]
    keys = [spec.customer, spec.order, spec.item, spec.channel, *spec.category]
    held: dict[str, Holds] = {name: "key" for name in keys if name is not None}
    held |= {name: "number" for name in numbers if name is not None}
    held[spec.time] = "moment"
    lookups = {
        lookup.table: (lookup.on, [name for name in lookup.columns or () if name in held])
        for lookup in spec.lookups
    }
    brought = {name for _, names in lookups.values() for name in names}
    tables: dict[str, dict[str, Holds]] = {
        spec.table: {name: kind for name, kind in held.items() if name not in brought}
    }
    for table, (on, names) in lookups.items():
        if names:
            tables[spec.table].setdefault(on, "key")
            tables[table] = {name: held.get(name, "key") for name in (on, *names)}
    return tables


def _plan(spec: Events, tables: Mapping[str, Table] | None = None) -> Plan:
    cutoff = cutoff_of(spec)
    end = LAST if cutoff is None else End.of(cutoff, spec.time_unit)
    lines = _lines(spec, tables or tables_elsewhere(columns_of(spec)))
    return Plan(lines, _anything(lines, spec, cutoff or END_OF_MOMENTS), spec, end)


def _lines(spec: Events, tables: Mapping[str, Table]) -> Lines:
    here = [lookup for lookup in spec.lookups if lookup.table in tables]
    return read_lines(tables[spec.table], spec.model_copy(update={"lookups": here}), tables)


def _anything(lines: Lines, spec: Events, cutoff: datetime) -> Counted:
    """Return counts of lines of which some are whatever lines can be."""
    some = int(BOUGHT in lines.columns)
    report = EventReport(
        table=spec.table, rows=2, used=1,
        missing_customer=1, missing_time=1, unreadable_time=1, after_cutoff=1,
        missing_order=1, refunds=some, zeros=some, missing_amount=some,
        first=cutoff, last=cutoff, cutoff=cutoff, time_zone=spec.time_zone,
    )  # fmt: skip
    # A clock that shows midnight shows a date without a time.
    return Counted(
        report, _DIGITS, has_times=True, dated=(0,), several_channels=True, weekends_vary=True
    )


def _without_unused(spec: Events, sources: Collection[str]) -> Events:
    """Return the events without the columns of which no wanted feature is a share or a count."""
    return spec.model_copy(
        update={
            "category": [column for column in spec.category if column in sources],
            "item": spec.item if "items" in sources else None,
            "channel": spec.channel if "channels" in sources else None,
        }
    )


def _end(spec: Events, tables: Mapping[str, Table]) -> str:
    """Write the query of the day after the last event, and of the last period."""
    plan = _plan(spec.model_copy(update=_NO_SHARES | _NO_MONEY), tables)
    frame = with_day_number(usable_lines(plan), TIME, name=DAY)
    day, period = (nw.col(DAY) + 1).max(), period_of(plan).max()
    return query_of(frame.select(day.alias("day"), period.alias("period")))
