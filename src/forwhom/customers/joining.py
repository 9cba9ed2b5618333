"""Columns of several tables, side by side for the same customers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forwhom.tables.columns import Column


def all_ids(several: list[pa.Array]) -> pa.Array:
    """Return the ids of several tables, each once, in ascending order."""
    if len(several) == 1:
        return several[0]
    alike = _alike(several)
    joined = pa.concat_arrays(alike).unique()
    return joined.take(pc.sort_indices(joined))


def positions(base: pa.Array, ids: pa.Array) -> NDArray[np.int64]:
    """Return where each id of ``base`` is in ``ids``, -1 where it is not; shape (len(base),)."""
    base, ids = _alike([base, ids])
    found = pc.index_in(base, value_set=ids)
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def take(column: Column, where: NDArray[np.int64]) -> Column:
    """Return a column's values at positions; missing where the position is -1."""
    absent = where < 0
    if len(column) == 0:
        values = np.full(len(where), -1 if column.levels is not None else np.nan)
        values = values.astype(column.values.dtype)
        return Column(column.name, values, column.levels, column.unseen)
    values = column.values[where]
    values[absent] = -1 if column.levels is not None else np.nan
    return Column(column.name, values, column.levels, column.unseen)


def _alike(several: list[pa.Array]) -> list[pa.Array]:
    # 17, 17.0 and "17" are one customer: tables from different places write ids differently.
    kinds = {array.type for array in several}
    if len(kinds) == 1:
        return several
    # What is unsigned may be larger than any signed number.
    if all(pa.types.is_signed_integer(kind) for kind in kinds):
        return [array.cast(pa.int64()) for array in several]
    return [_as_text(array) for array in several]


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_floating(array.type):
        whole = pc.and_(pc.equal(array, pc.floor(array)), pc.less(pc.abs(array), 2.0**63))
        numbers = pc.if_else(whole, array, None).cast(pa.int64(), safe=False).cast(pa.string())
        return pc.if_else(whole, numbers, array.cast(pa.string()))
    return array.cast(pa.string())


def differ_only_in(base: pa.Array, ids: pa.Array) -> str:
    """Return what keeps ids from being found: "capitals", "leading zeros"; empty when nothing."""
    mine, theirs = _as_text(base), _as_text(ids)
    found = pc.is_in(mine, value_set=theirs)
    missing = mine.filter(pc.invert(found))
    plain = {
        "capitals": pc.utf8_lower,
        "leading zeros": lambda text: pc.utf8_ltrim(text, "0"),
        "accents written in another way": lambda text: pc.utf8_normalize(text, "NFC"),
    }
    for what, same in plain.items():
        if pc.any(pc.is_in(same(missing), value_set=same(theirs))).as_py():
            return what
    return ""
