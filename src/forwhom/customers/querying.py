"""From a segmentation that was made of events to SQL: purchases, features, segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePath

from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import COLUMNS_OF_EVENTS, Events, Study
from forwhom.errors import DataError, OptionError, nearest
from forwhom.features.queries import LAST, FeaturesQuery, features_of, features_query
from forwhom.mixture.sql_made import (
    CUSTOMERS,
    END,
    WITH_MEDIAN,
    Made,
    check_dialect,
    statement_of,
)
from forwhom.mixture.sql_text import identifier, table_name
from forwhom.wording import listed

#: What a study says of exports in which fields of an order stand on one of its lines.
_PREPARED = ("fill", "leave_out", "discount", "order_amount", "refunded", "returned", "returns")
_HOLDS = {"key": "of any type", "number": "a number", "moment": "DATE or TIMESTAMP"}


def features_sql(
    segmentation: AnySegmentation,
    tables: str | Mapping[str, str] | None = None,
    *,
    dialect: str = "duckdb",
    cutoff: date | datetime | None = None,
    view: str | None = None,
) -> str:
    """Write the way from purchases to segments as one SQL statement.

    The statement computes the features that the segmentation needs from events (transactions,
    visits, tickets) and places each customer, as `forwhom.score` does. It keeps the id of the
    customer. A heading says which tables and columns it reads.

    Parameters
    ----------
    segmentation
        A Segmentation that was made of events, its file, or the folder of a run.
    tables
        The table of the events; or, by the name that the study has for it, every table. Those
        that are left out are called as the file of the study, without its suffix.
    dialect
        The SQL to write: ``duckdb``, ``postgres``, ``sqlite``, ``bigquery``, ``snowflake``, …
    cutoff
        Use only events before this moment; left out: as the stored study says, or else just after
        the last event in the table.
    view
        Create a view of this name, which places customers by the events that are there whenever
        it is read; left out, the statement is a query. A view that is there is not replaced.

    Returns
    -------
    str
        One row per customer: the id, and what :func:`scoring_sql` gives.

    Raises
    ------
    DataError
        The segmentation was not made of events alone, or needs a feature that cannot be written.
    OptionError
        The dialect or a table is not known, or the view has no name or that of a table.
    """
    found = segmentation_of(segmentation)
    check_dialect(dialect)
    spec = _events_of(found)
    if cutoff is not None:
        spec = spec.model_copy(update={"cutoff": cutoff})
    _check_names(found, spec)
    needed = _needed(found, spec, dialect)
    query = features_query(spec, needed)
    places = _places(query, spec, tables)
    made = Made(
        queries=_queries(found, spec, query),
        tables=dict(_read(places, spec)),
        values=_values() if query.end is not None else {},
        heading=_heading(spec, query, places),
        reads=list(places.values()),
        view=view,
    )
    return statement_of(made, dialect, found)


def _events_of(segmentation: Segmentation) -> Events:
    """Return the events that a segmentation was made of, or refuse."""
    advice = (
        "'forwhom sql' without --features scores a table with one row per customer; 'forwhom "
        "features' makes one."
    )
    study = Study.model_validate(segmentation.study) if segmentation.study else None
    if study is None or not study.events:
        raise DataError(
            "this segmentation was made of a table with one row per customer, so there is nothing "
            "to turn into features, and no id of a customer in events.",
            advice,
        )
    if len(study.events) > 1:
        raise DataError("this segmentation was made of several tables of events.", advice)
    spec = study.events[0]
    prepared = [name for name in _PREPARED if getattr(spec, name)]
    if prepared:
        raise DataError(
            f"the study prepares the orders of a shop ({listed(prepared)}), and the SQL does not.",
            "Use a view with one row per line of an order, its own money and its own customer.",
        )
    if spec.currencies is not None:
        raise DataError(
            f"the amounts in {spec.amount or spec.price!r} are in several currencies.",
            "Let the SQL read a view with amounts in one currency, and a study of such a table.",
        )
    if spec.lookups and any(lookup.columns is None for lookup in spec.lookups):
        raise DataError(
            "the segmentation does not say which columns come from which table.",
            "It was made by an earlier forwhom; run 'forwhom discover' again.",
        )
    return spec


def _check_names(segmentation: Segmentation, spec: Events) -> None:
    """Refuse events with columns that have another name in the table that the SQL reads."""
    named = {getattr(spec, key) for key in COLUMNS_OF_EVENTS} | {*spec.category}
    for source in segmentation.sources:
        for here, there in source.renamed.items():
            if here in named:
                raise DataError(
                    f"the column {there!r} of {source.name} is called {here!r} here, and the SQL "
                    "would not find it.",
                    f"Let the SQL read a view in which it is called {here!r}, and a study of such "
                    "a table.",
                )


def _needed(segmentation: Segmentation, spec: Events, dialect: str) -> list[str]:
    """Return the features that place a customer; refuse by name what cannot be written."""
    known, wanted = features_of(spec), [v.name for v in segmentation.deciding]
    strange = [name for name in wanted if name not in known]
    if strange:
        raise DataError(
            f"{listed(strange)}: no feature of events, but needed to place a customer.",
            "Join features and the other columns into one table ('forwhom features' does it), and "
            "write the SQL without --features.",
        )
    prefix = f"{spec.name}_" if spec.name else ""
    median = f"{prefix}median_gap"
    if median in wanted and dialect not in WITH_MEDIAN:
        raise DataError(
            f"{median!r} cannot be computed in {dialect}, which has no median of a group.",
            f"Let it describe segments instead ('use: descriptor' in the study), or write one of "
            f"{listed(sorted(WITH_MEDIAN), most=None, last='or')}.",
        )
    return wanted


def _places(
    query: FeaturesQuery, spec: Events, tables: str | Mapping[str, str] | None
) -> dict[str, str]:
    """Return where each table is found in the database, quoted."""
    given = {spec.table: tables} if isinstance(tables, str) else dict(tables or {})
    stems = {PurePath(name).stem: name for name in query.columns}
    named = {name if name in query.columns else stems.get(name, name): place
             for name, place in given.items()}  # fmt: skip
    for name in named:
        if name not in query.columns:
            raise OptionError(
                f"the SQL reads no table {name!r}.",
                nearest(name, query.columns) or f"It reads {listed(list(query.columns))}.",
            )
    return {name: table_name(named.get(name, PurePath(name).stem)) for name in query.columns}


def _queries(segmentation: Segmentation, spec: Events, query: FeaturesQuery) -> dict[str, str]:
    own, asked = identifier(spec.customer), identifier(segmentation.id_column or spec.customer)
    steps = {} if query.end is None else {END: query.end}
    steps["forwhom_features"] = query.features
    steps[CUSTOMERS] = (
        f"SELECT {own} AS {asked}, "
        + ", ".join(
            identifier(v.name) for v in segmentation.deciding
        )
        + ' FROM "forwhom_features"'
    )  # fmt: skip
    return steps


def _read(places: Mapping[str, str], spec: Events) -> list[tuple[str, str]]:
    """Return what each table of the study is read from."""
    distinct = spec.duplicates == "drop"
    return [
        (name, f"(SELECT DISTINCT * FROM {place})" if distinct and name == spec.table else place)
        for name, place in places.items()
    ]


def _values() -> dict[int, str]:
    return {
        LAST.day: f'(SELECT "day" FROM "{END}")',
        LAST.period: f'(SELECT "period" FROM "{END}")',
    }


def _heading(spec: Events, query: FeaturesQuery, places: Mapping[str, str]) -> Sequence[str]:
    until = "just after the last event in the table"
    if spec.cutoff is not None:
        until = f"{spec.cutoff}, and later events are left out"
    lines = [
        f"From events to segments, one row per {spec.customer}; written by forwhom.",
        f"Features are as of {until}.",
        "It reads:",
    ]
    for name, columns in query.columns.items():
        lines.append(f"  {places[name]} ({name} in the study)")
        lines += [f"    {identifier(c)}: {_HOLDS[holds]}{_zone(spec, c)}"
                  for c, holds in columns.items()]  # fmt: skip
    return lines


def _zone(spec: Events, column: str) -> str:
    if column != spec.time:
        return ""
    return f", as the clock shows it in {spec.time_zone} (no TIMESTAMP WITH TIME ZONE)"
