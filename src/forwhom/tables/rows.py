"""Rows as a whole: how many repeat another one, and which ones are odd."""

from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from forwhom.tables.columns import form_of
from forwhom.tables.engine import arrow, quoted, reading
from forwhom.tables.frames import Table


def count_duplicates(table: Table) -> int:
    """Return how many rows repeat another one in every column.

    On DuckDB rows are compared by a 64-bit hash, which needs little memory.
    """
    native: Any = table.frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        cells = ", ".join(quoted(column) for column in table.columns)
        with reading(table.name):
            (row,) = native.aggregate(f"count(*) - count(DISTINCT hash({cells}))").fetchall()
        return int(row[0])
    total = table.frame.select(nw.len().alias("n"))
    distinct = table.frame.group_by(table.columns).agg().select(nw.len().alias("n"))
    counts = [arrow(frame, table.name)["n"][0].as_py() for frame in (total, distinct)]
    return int(counts[0] - counts[1])


def first_rows(
    frame: nw.LazyFrame[Any], odd: nw.Expr, shown: str, *, name: str, most: int = 3
) -> str:
    """Return which rows are odd, as words for a message: their numbers, and how one is written."""
    native: Any = frame.select(
        nw.col(shown).cast(nw.String).alias("forwhom_value"), odd.alias("forwhom_odd")
    ).to_native()
    if not isinstance(native, duckdb.DuckDBPyRelation):
        return ""
    numbered = native.select("row_number() OVER () AS forwhom_n, forwhom_value, forwhom_odd")
    with reading(name):
        found = numbered.filter("forwhom_odd").order("forwhom_n").limit(most + 1).fetchall()
    if not found:
        return ""
    listed = ", ".join(str(row[0]) for row in found[:most]) + (", ..." if found[most:] else "")
    return f"row {listed}, {form_of(str(found[0][1]))}"
