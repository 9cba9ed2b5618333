"""Rows as a whole: how many repeat another one."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw

from forwhom.tables.engine import arrow, quoted, reading
from forwhom.tables.frames import Table


def count_duplicates(table: Table) -> int:
    """Return how many rows repeat another one in every column.

    On DuckDB rows are compared by a 64-bit hash, which needs little memory.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forwhom.tables.frames import table_of
    >>> count_duplicates(table_of(pa.table({"a": [1, 1, 2], "b": ["x", "x", "y"]})))
    1
    """
    native: Any = table.frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        cells = ", ".join(quoted(column) for column in table.columns)
        with reading(table.name):
            answer = native.aggregate(f"count(*) - count(DISTINCT hash({cells}))").fetchone()
        return int(answer[0]) if answer else 0
    total = table.frame.select(nw.len().alias("n"))
    distinct = table.frame.group_by(table.columns).agg().select(nw.len().alias("n"))
    counts = [arrow(frame, table.name)["n"][0].as_py() for frame in (total, distinct)]
    return int(counts[0] - counts[1])
