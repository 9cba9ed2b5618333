"""A sample of customers that does not depend on the order of the rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def shuffled_rows(*parts: NDArray[Any], seed: int = 0) -> NDArray[np.intp]:
    """Return all rows in an order that looks random and depends on their content alone.

    Rows are ordered by a hash of their values (to six decimals); equal rows lie side by side,
    so that every second row is a fair half of them too. What is known of n rows is in arrays of
    shape (n,) or (n, K).
    """
    key = np.full(len(parts[0]), np.uint64(seed & 0xFFFFFFFFFFFFFFFF), dtype=np.uint64)
    for part in parts:
        for column in np.atleast_2d(part.T):
            # Adding zero turns a negative zero into a positive one.
            rounded = np.round(column.astype(np.float64), 6) + 0.0
            rounded[np.isnan(rounded)] = np.nan
            key = _mix(key + _GOLDEN + rounded.view(np.uint64))
    return np.argsort(key, kind="stable")


def sample_rows(*parts: NDArray[Any], size: int = 20_000, seed: int = 0) -> NDArray[np.intp]:
    """Return at most ``size`` rows, evenly spaced through `shuffled_rows`."""
    rows = shuffled_rows(*parts, seed=seed)
    if len(rows) <= size:
        return rows
    return rows[np.arange(size) * len(rows) // size]


def _mix(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread every bit over the whole number (the finalizer of SplitMix64)."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))
