"""Types that only pandas knows, made plain before any engine sees them."""

from typing import Any

import narwhals.stable.v2 as nw


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
