"""Queries written instead of run: the SQL of a lazy frame over tables that are somewhere else."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import duckdb
import narwhals.stable.v2 as nw

from forwhom.tables.engine import connect, quoted
from forwhom.tables.frames import Table

#: What a column of a table elsewhere holds; a key is an id or a level, of whatever type.
Holds: TypeAlias = Literal["key", "number", "moment"]

_TYPES = {"key": "VARCHAR", "number": "DOUBLE", "moment": "TIMESTAMP"}


def tables_elsewhere(tables: Mapping[str, Mapping[str, Holds]]) -> dict[str, Table]:
    """Return empty tables with some columns, by name, to write queries on.

    A key of no letters is missing, as in every table that is read.
    """
    session, found = connect(), {}
    for name, columns in tables.items():
        declared = ", ".join(f"{quoted(c)} {_TYPES[holds]}" for c, holds in columns.items())
        session.execute(f"CREATE TEMP TABLE {quoted(name)} ({declared})")
        read = [
            duckdb.SQLExpression(
                f"CASE WHEN length(CAST({quoted(c)} AS VARCHAR)) > 0 THEN {quoted(c)} END"
                if holds == "key"
                else quoted(c)
            ).alias(c)
            for c, holds in columns.items()
        ]
        frame = nw.from_native(session.table(quoted(name)).select(*read))
        found[name] = Table(name, frame, session=session, at_home=True)
    return found


def query_of(frame: nw.LazyFrame[Any]) -> str:
    """Return the query that computes a frame over such tables, in DuckDB's SQL."""
    native: Any = nw.to_native(frame)
    return str(native.sql_query())
