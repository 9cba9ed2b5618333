"""Types that an engine does not know: made plain, or refused before any engine sees them."""

from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from forwhom.errors import DataError
from forwhom.tables.engine import connect

_MOST_DIGITS = 38


def plain_frame(
    frame: nw.DataFrame[Any],
) -> tuple[nw.DataFrame[Any], dict[str, tuple[str, ...]]]:
    """Return a frame of pandas with plain types, and the order of the bands in it.

    Periods are the dates that they begin with, intervals are ordered bands, sparse columns dense.
    """
    if not frame.implementation.is_pandas():
        return frame, {}
    native, bands = frame.to_native(), {}
    changed: dict[Any, Any] = {}
    for column in native.columns:
        values = native[column]
        kind = values.dtype
        held = getattr(getattr(kind, "categories", None), "dtype", kind)  # of categories: theirs
        said = str(held).partition("[")[0].lower()
        if said == "interval":
            known = kind.categories if held is not kind else values.dropna().unique()
            bands[str(column)] = tuple(map(str, sorted(known)))
            changed[column] = values.astype(object).map(str, na_action="ignore")
        elif said == "period":
            plain = values.astype(held) if held is not kind else values
            changed[column] = plain.dt.to_timestamp()
        elif said == "sparse":
            changed[column] = values.sparse.to_dense()
    return (nw.from_native(native.assign(**changed)) if changed else frame), bands


def readable(table: pa.Table, name: str) -> pa.Table:
    """Return a table that the engine can read; DataError names a column that it cannot."""
    for index, field in enumerate(table.schema):
        column = _plain(table.column(index))
        if column is not table.column(index):
            table = table.set_column(index, field.with_type(column.type), column)
        try:
            connect().from_arrow(table.select([index])).limit(0).fetchall()
        except (duckdb.Error, pa.ArrowException) as error:
            raise DataError(
                f"{name}: the column {field.name!r} holds values of the type {field.type}, which "
                "cannot be read.",
                "Turn it into numbers, text or dates first, or leave it out.",
            ) from error
    return table


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    if pa.types.is_decimal256(kind):
        fits = kind.precision <= _MOST_DIGITS
        return column.cast(pa.decimal128(kind.precision, kind.scale) if fits else pa.float64())
    if pa.types.is_run_end_encoded(kind):
        return pa.chunked_array(
            [pc.run_end_decode(chunk) for chunk in column.chunks], kind.value_type
        )
    return column
