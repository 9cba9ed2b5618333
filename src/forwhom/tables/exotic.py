"""Types that only pandas knows, made plain before any engine sees them."""

from datetime import date, datetime, time
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.errors import DataError
from forwhom.tables.columns import shortened
from forwhom.wording import listed

#: What Arrow raises where it cannot store a column.
UNSTORED = (pa.ArrowException, TypeError, ValueError, OverflowError)


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
        elif said == "object" and _are_moments(values):
            moments = values.map(_as_moment, na_action="ignore")
            changed[column] = moments.astype("datetime64[us]")
    return (nw.from_native(native.assign(**changed)) if changed else frame), bands


def unstored(frame: nw.DataFrame[Any], name: str) -> DataError:
    """Return an error that names the first column that cannot be stored, and types of its cells."""
    column = next(one for one in frame.iter_columns() if not _is_stored(one))
    shown = shortened(str(column.name))
    kinds = list(dict.fromkeys(type(cell).__name__ for cell in column.drop_nulls().to_list()))
    advice = "Turn it into text or into numbers first."
    if len(kinds) > 1:
        return DataError(
            f"{name}: column {shown!r} holds values of several types, which cannot be stored "
            f"together: {listed(kinds, most=5)}.",
            advice,
        )
    if kinds == ["int"]:
        return DataError(f"{name}: column {shown!r} holds whole numbers of over 64 bits.", advice)
    return DataError(
        f"{name}: column {shown!r} holds values of a type that is not read: {listed(kinds)}.",
        advice,
    )


def _is_stored(column: Any) -> bool:
    try:
        column.to_arrow()
    except UNSTORED:
        return False
    return True


def _are_moments(values: Any) -> bool:
    """Return whether a column of objects holds dates, and times among them, of no time zone."""
    if not isinstance(values.dropna().head(1).squeeze(), date):
        return False
    kinds = set(values.dropna().map(type))
    if not all(issubclass(kind, date) for kind in kinds):
        return False
    timed = [value for value in values.dropna() if isinstance(value, datetime)]
    return bool(timed) and all(value.tzinfo is None for value in timed)


def _as_moment(value: date) -> datetime:
    """Return a date as its midnight; dates and times in one column would all become dates."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())
