"""Events to one row per customer: the features, the dictionary and the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.documents.base import expect
from forwhom.documents.study import Events
from forwhom.errors import DataError, OptionError, nearest
from forwhom.features.counts import EventReport, count_lines
from forwhom.features.definitions import Definition, definitions, prefixed
from forwhom.features.dictionary import Feature
from forwhom.features.lines import CUSTOMER, Lines, read_lines
from forwhom.features.purchases import End, Plan, per_customer
from forwhom.features.shares import Levels, category_shares, channels, distinct_items, find_levels
from forwhom.tables import Table
from forwhom.tables.rows import count_duplicates


@dataclass(frozen=True)
class CustomerFeatures:
    """Features of customers, computed from their events."""

    #: lazy, one row per customer: the customer id, named as in the events, then the features
    table: Table
    dictionary: list[Feature]  # what each feature means, in the order of the columns
    #: category column -> the levels that have a share of their own; give them to
    #: :func:`customer_features` to get the same columns from another period
    levels: dict[str, tuple[str, ...]]
    #: lookup table, as the events name it -> the columns that it brought
    brought: dict[str, tuple[str, ...]]
    _counted: EventReport = field(repr=False)
    _events: Table = field(repr=False)

    @cached_property
    def report(self) -> EventReport:
        """What was found in the events and what was done about it."""
        # Looking for duplicates reads every column, so it waits until somebody asks.
        duplicates = count_duplicates(self._events)
        dropped = duplicates if self._counted.duplicates_dropped else 0
        rows = self._counted.rows + dropped
        return replace(self._counted, duplicates=duplicates, rows=rows)


def customer_features(
    events: Table,
    spec: Events,
    *,
    lookups: Mapping[str, Table] | None = None,
    through: date | None = None,
    levels: Mapping[str, Sequence[str]] | None = None,
    only: Collection[str] | None = None,
    least: int = 1,
) -> CustomerFeatures:
    """Turn transactions, visits or tickets into one row per customer.

    Parameters
    ----------
    events
        One row per line of an order, per visit or per ticket.
    spec
        Which column is what; cut-off, time zone and time unit.
    lookups
        Lookup tables by the name that ``spec`` gives them; others are opened by that name.
    through
        The last day that is used; replaces the cut-off of ``spec``.
    levels
        Category column -> its levels, largest first; found from the events when left out.
    only
        Names of features (without the prefix) to compute; all when left out.
    least
        Customers who must have bought a level of a category so that it has a feature of its own.

    Returns
    -------
    CustomerFeatures
        A lazy table, a dictionary of its columns, and a report about the events. Customers
        whose events are all left out (after the cut-off, say) have no row; customers with
        returns alone have one, in which what needs a purchase is missing.

    Raises
    ------
    DataError
        If no event can be used, a column has the wrong type, or a lookup repeats a key.
    ColumnMissing
        If a column of ``spec`` is neither in the events nor in a lookup.
    OptionError
        If ``only`` names no feature, or the time zone is not known.

    Notes
    -----
    ``clv_*`` are the statistics of Fader, Hardie and Lee (2005), "Counting your customers" the
    easy way, Marketing Science 24(2), as the usual packages define them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datetime import date
    >>> from forwhom.documents.study import Events
    >>> from forwhom.tables import collect, open_table
    >>> sales = pa.table({
    ...     "who": ["a", "a", "b"],
    ...     "when": [date(2024, 1, 1), date(2024, 1, 29), date(2024, 1, 31)],
    ...     "paid": [10.0, 20.0, 5.0],
    ... })
    >>> spec = Events(table="sales", customer="who", time="when", amount="paid")
    >>> found = customer_features(
    ...     open_table(sales), spec, only=["recency", "frequency", "monetary_value"]
    ... )
    >>> sorted(collect(found.table).to_pylist(), key=lambda row: row["who"])[0]
    {'who': 'a', 'recency': 3.0, 'frequency': 2, 'monetary_value': 30.0}
    """
    expect(events, Table, "An open table", "forwhom.tables.open_table")
    expect(spec, Events, "What the columns of events are", "forwhom.documents.study.Events")
    lines = read_lines(events, spec, lookups)
    habits = only is None or any(name.endswith("_share") for name in only)
    counted = count_lines(lines, spec, through, habits=habits)
    plan = Plan(lines, counted, spec, End.of(counted.report.cutoff, spec.time_unit))
    found = levels_of(plan, levels or {}, only, least)
    wanted = chosen(definitions(plan, found), only)
    frame = assembled(plan, _bare(plan, events, lookups), wanted, found)
    dictionary = [prefixed(d.feature, spec.name) for d in wanted]
    named = named_as_told(frame, spec, wanted)
    name = f"features of {events.name}"
    table = replace(lines.table, name=name, frame=named, levels={}, labels={}, stored=False)
    return CustomerFeatures(
        table,
        dictionary,
        {each.column: tuple(each.names) for each in found},
        lines.brought,
        counted.report,
        events,
    )


def levels_of(
    plan: Plan,
    known: Mapping[str, Sequence[str]],
    only: Collection[str] | None = None,
    least: int = 1,
) -> list[Levels]:
    """Return the levels of each category column that the wanted features are about."""
    skip = only is not None and not any("_share_" in n or n.startswith("distinct_") for n in only)
    if skip:
        return []
    return [find_levels(plan, c, known.get(c), least) for c in plan.lines.categories]


def chosen(found: list[Definition], only: Collection[str] | None) -> list[Definition]:
    """Return the definitions of the wanted features, of those that the events allow."""
    names = [d.feature.name for d in found]
    if only is None:
        return found
    for name in only:
        if name not in names:
            raise OptionError(
                f"There is no feature {name!r}.",
                nearest(name, names) or f"These events allow: {', '.join(names)}.",
            )
    return [d for d in found if d.feature.name in only]


def _bare(plan: Plan, events: Table, lookups: Mapping[str, Table] | None) -> Lines:
    """Return the lines without what only shares need, so that no lookup is joined in vain."""
    if not plan.lines.matched:
        return plan.lines
    bare = plan.spec.model_copy(update={"category": [], "item": None, "channel": None})
    return read_lines(events, bare, lookups)


def assembled(
    plan: Plan, bare: Lines, wanted: list[Definition], levels: list[Levels]
) -> nw.LazyFrame[Any]:
    """Return one row per customer with all that the wanted features are computed from."""
    needs = frozenset[str]().union(*(d.needs for d in wanted))
    frame = per_customer(replace(plan, lines=bare, needs=needs))
    sources = {d.source for d in wanted}
    parts = [category_shares(plan, each) for each in levels if each.column in sources]
    if "items" in sources:
        parts.append(distinct_items(plan))
    if "channels" in sources:
        parts.append(channels(plan))
    for part in parts:
        frame = frame.join(part, on=CUSTOMER, how="left")
    return frame


def named_as_told(
    frame: nw.LazyFrame[Any], spec: Events, wanted: list[Definition]
) -> nw.LazyFrame[Any]:  # fmt: skip
    """Return the features of each customer, and the id, under the names that people see."""
    names = [prefixed(d.feature, spec.name).name for d in wanted]
    if spec.customer in names:
        raise DataError(
            f"The customer column {spec.customer!r} is called like a feature.",
            "Give the events a 'name', which becomes the prefix of their features.",
        )
    return frame.select(
        nw.col(CUSTOMER).alias(spec.customer),
        *(d.expression.alias(name) for d, name in zip(wanted, names, strict=True)),
    )
