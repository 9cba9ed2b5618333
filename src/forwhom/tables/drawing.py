"""Some rows of a table, drawn by the hash of a key: the same ones in any order of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from forwhom.tables.engine import quoted
from forwhom.tables.frames import Table, fetched, held, kinds
from forwhom.tables.spark import is_spark, spark_quoted

#: So many hexadecimal digits of a hash decide; it has 32.
_DIGITS = 12
#: Whole numbers up to this are the same text in every table, whatever their type.
_WHOLE = 2**53


def is_in_duckdb(table: Table) -> bool:
    """Whether DuckDB reads the table, so that its rows need not be in memory."""
    return isinstance(table.frame.to_native(), duckdb.DuckDBPyRelation)


def drawn(table: Table, key: str | None, share: float) -> Table:
    """Return about a share of the rows of a table: all with some keys, held here.

    The MD5 of a key decides, which is the same everywhere; without a key, that of the row's number.
    """
    rows: Any = table.frame.to_native()
    limit = format(int(share * 16**_DIGITS), f"0{_DIGITS}x")
    if key is not None and is_spark(table.frame):
        some = rows.filter(f"md5({_as_text_of_spark(table, key)}) < '{limit}'")
        return fetched(replace(table, frame=nw.from_native(some)), whole=False)
    if key is None:
        numbered = rows.project("*, row_number() OVER () AS forwhom_row")
        some = numbered.filter(f"md5(forwhom_row::VARCHAR) < '{limit}'")
        some = some.project("* EXCLUDE (forwhom_row)")
    else:
        some = rows.filter(f"md5({_as_text(table, key)}) < '{limit}'")
    return held(replace(table, frame=nw.from_native(some), stored=False))


def _as_text(table: Table, key: str) -> str:
    """Write a key so that 17, 17.0 and "17" are one."""
    name = quoted(key)
    if kinds(table)[key] != "number":
        return f"{name}::VARCHAR"
    is_whole = f"{name} = floor({name}) AND abs({name}) < {_WHOLE}"
    return f"CASE WHEN {is_whole} THEN {name}::BIGINT::VARCHAR ELSE {name}::VARCHAR END"


def _as_text_of_spark(table: Table, key: str) -> str:
    name = spark_quoted(key)
    if kinds(table)[key] != "number":
        return f"CAST({name} AS STRING)"
    is_whole = f"{name} = floor({name}) AND abs({name}) < {_WHOLE}"
    text = f"CAST(CAST({name} AS BIGINT) AS STRING)"
    return f"CASE WHEN {is_whole} THEN {text} ELSE CAST({name} AS STRING) END"
