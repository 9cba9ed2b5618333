"""Values of customers: which numbers can be used, and how columns hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.tables.columns import LARGEST, Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Rows evaluated at a time: the arrays of one block stay in the processor's cache.
ROWS_AT_A_TIME = 16_384


def is_number(x: Floats) -> Bools:
    """Return where a value is a finite number that can be computed with."""
    number: Bools = np.abs(x) <= LARGEST
    return number


def is_not_negative(x: Floats) -> Bools:
    """Return where a value is finite and at least 0: what a positive variable can be."""
    positive: Bools = x >= 0.0
    return is_number(x) & positive


def is_count(x: Floats) -> Bools:
    """Return where a value is 0, 1, 2, …: what a count can be."""
    whole: Bools = np.floor(x) == x
    return is_not_negative(x) & whole


def number_column(columns: Mapping[str, Column], name: str) -> Floats | None:
    """Return a column's numbers, or None when it is not there; DataError when it holds levels."""
    column = columns.get(name)
    if column is None:
        return None
    if column.levels is not None:
        raise DataError(
            f"Column {name!r} holds levels, but the segmentation was made with numbers.",
            "Give the column as numbers, as it was when the segments were discovered.",
        )
    return np.asarray(column.values, dtype=np.float64)


def level_column(columns: Mapping[str, Column], name: str) -> Column | None:
    """Return a column of levels, or None when it is not there; DataError when it holds numbers."""
    column = columns.get(name)
    if column is not None and column.levels is None:
        raise DataError(
            f"Column {name!r} holds numbers, but the segmentation was made with levels.",
            "Give the column as levels, as it was when the segments were discovered.",
        )
    return column


def row_count(columns: Mapping[str, Column]) -> int:
    """Return how many customers the columns hold; DataError when they differ, or there is none."""
    lengths = {name: len(column) for name, column in columns.items()}
    if not lengths:
        raise DataError(
            "There is no column to score.",
            "At least one variable of the segmentation must be in the table.",
        )
    if len(set(lengths.values())) > 1:
        shortest, longest = (
            min(lengths, key=lengths.__getitem__),
            max(lengths, key=lengths.__getitem__),
        )
        raise DataError(
            f"Column {shortest!r} has {lengths[shortest]:,} rows, but {longest!r} has "
            f"{lengths[longest]:,}.",
            "All columns must describe the same customers, in the same order.",
        )
    return next(iter(lengths.values()))


def row_blocks(n: int) -> Iterator[slice]:
    """Yield ranges that cover rows 0 to n."""
    for start in range(0, n, ROWS_AT_A_TIME):
        yield slice(start, min(start + ROWS_AT_A_TIME, n))
