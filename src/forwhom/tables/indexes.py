"""What names or numbers the rows of a table: the index of a data frame, saved or not."""

import json
import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.errors import DataError
from forwhom.wording import listed

#: What first columns without a name are called: here, and by pandas, Arrow, R and Spark.
_UNNAMED = re.compile(
    r"row|unnamed: ?\d+([._]\d+|_level_\d+)*|__index_level_\d+__|\.\.\.1|_c0|", re.IGNORECASE
)


def with_index(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], table: str
) -> tuple[nw.DataFrame[Any] | nw.LazyFrame[Any], tuple[str, ...], tuple[str, ...]]:
    """Make columns of the named keys in the index of a pandas frame.

    Return the frame, the names of these columns, and what to say about them.
    """
    native: Any = frame.to_native()
    names = [*getattr(native.index, "names", [native.index.name])]
    if names == [None]:
        return frame, (), ()
    if len(names) > 1 and (None in names or len(set(names)) < len(names)):
        note = (
            f"{table}: the index has {len(names)} keys without names of their own; it is left out."
        )
        return frame, (), (note,)
    clashing = [key for key in names if key in native.columns]
    if clashing:
        if all(native.index.get_level_values(key).equals(_index(native, key)) for key in clashing):
            return nw.from_native(native.reset_index(drop=True)), (), ()
        raise DataError(
            f"{table}: the index of the frame is called {clashing[0]!r}, and so is a column with "
            "other values.",
            "Rename one of the two, or drop the index: reset_index(drop=True).",
        )
    shown = listed([repr(str(key)) for key in names])
    if len(names) == 1:
        note = f"{table}: the index of the frame, {shown}, is a column here; it can be the id."
    else:
        note = (
            f"{table}: the index of the frame has {len(names)} keys, {shown}, which are columns "
            "here; a customer needs one key, so if none of them is unique, every row counts as one."
        )
    return nw.from_native(native.reset_index()), tuple(map(str, names)), (note,)


def _index(native: Any, key: object) -> Any:
    return native.set_index(key).index


def index_columns(columns: Sequence[str], schema: object = None) -> tuple[str, ...]:
    """Return the columns that hold a saved index, by their names and what pandas told of them."""
    first = takewhile(_UNNAMED.fullmatch, columns)
    saved = [name for name in columns if name.startswith("__index_level_")]
    return tuple(dict.fromkeys([*first, *saved, *_told(columns, schema)]))


def _told(columns: Sequence[str], schema: object) -> list[str]:
    if not isinstance(schema, pa.Schema) or b"pandas" not in (schema.metadata or {}):
        return []
    try:
        told = json.loads(schema.metadata[b"pandas"]).get("index_columns", [])
    except (ValueError, AttributeError):
        return []
    return [name for name in told if isinstance(name, str) and name in columns]
