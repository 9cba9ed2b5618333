"""Which variables can form segments, and which only repeat another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.tables.columns import Column

#: Two active variables that move together this closely count the same thing twice.
NEAR_DUPLICATE = 0.95

#: Weights that leave less than this share of the customers leave a few to decide.
LEAST_EFFECTIVE = 0.1

#: Ranks of this many customers settle the question; more would only take longer.
RANKED_ROWS = 20_000


def uninformative(column: Column) -> str:
    """Return why a column says nothing about customers; empty when it does say something.

    Examples
    --------
    >>> uninformative(Column("visits", np.array([2.0, 2.0, np.nan])))
    'it has the same value for everyone'
    """
    present = column.values[~column.missing]
    if len(present) == 0:
        return "it has no values"
    if np.all(present == present[0]):
        return "it has the same value for everyone"
    return ""


def repeats_ids(column: Column, ids: pa.Array) -> bool:
    """Return whether a column of numbers is a copy of the ids.

    Examples
    --------
    >>> repeats_ids(Column("number", np.array([7.0, 9.0])), pa.array([7, 9]))
    True
    """
    if column.levels is not None or not pa.types.is_integer(ids.type):
        return False
    return bool(np.array_equal(column.values, ids.to_numpy(zero_copy_only=False)))


def near_duplicates(columns: Sequence[Column]) -> dict[str, tuple[str, float]]:
    """Find numbers that repeat an earlier one, by rank correlation.

    Parameters
    ----------
    columns
        Columns in order of precedence; those with levels are passed over.

    Returns
    -------
    dict
        Name of a repeating column to the column it repeats and their rank correlation.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 5.0, 4.0])
    >>> near_duplicates([Column("a", x), Column("b", 2 * x), Column("c", x[::-1].copy())])
    {'b': ('a', 1.0)}
    """
    ranks: dict[str, NDArray[np.float64]] = {}
    repeated: dict[str, tuple[str, float]] = {}
    for column in columns:
        if column.levels is not None:
            continue
        own = _ranks(np.asarray(column.values[:: 1 + len(column) // RANKED_ROWS], dtype=float))
        for name, other in ranks.items():
            together = _correlation(own, other)
            if abs(together) >= NEAR_DUPLICATE:
                repeated[column.name] = (name, together)
                break
        else:
            ranks[column.name] = own
    return repeated


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    ranks = np.full(len(values), np.nan)
    present = ~np.isnan(values)
    _, inverse, counts = np.unique(values[present], return_inverse=True, return_counts=True)
    ranks[present] = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return ranks


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    both = ~(np.isnan(a) | np.isnan(b))
    if both.sum() < 3:
        return 0.0
    a, b = a[both] - a[both].mean(), b[both] - b[both].mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return round(float(a @ b) / scale, 12) if scale > 0 else 0.0


def check_weights(values: NDArray[np.float64], name: str) -> list[str]:
    """Refuse weights that cannot weigh; return what weakens an answer with them.

    Raises
    ------
    DataError
        A weight is missing, infinite or negative, all are zero, or one outweighs all others.
    """
    bad = {
        "missing": np.isnan(values),
        "infinite": np.isinf(values),
        "negative": values < 0,
    }
    for what, where in bad.items():
        if where.any():
            raise DataError(
                f"the weight {name!r} is {what} for {int(where.sum())} of {len(values)} customers.",
                "A weight says how many customers a row stands for: zero or more, for every row.",
            )
    if not values.any():
        raise DataError(f"the weight {name!r} is zero for everyone.", "Give weights above zero.")
    effective = effective_size(values)
    if effective < 2 < len(values):
        raise DataError(
            f"with the weight {name!r}, one customer counts for more than all others.",
            "Correct the largest weights; they may hold a mistake.",
        )
    if effective < LEAST_EFFECTIVE * len(values):
        return [
            f"With the weight {name!r}, {len(values):,} customers say no more than "
            f"{effective:,.0f} with equal weights would: a few count for most of the answer."
        ]
    return []


def effective_size(weights: NDArray[np.float64]) -> float:
    """Return how many equal weights say as much (Kish).

    Examples
    --------
    >>> effective_size(np.array([2.0, 2.0, 0.0]))
    2.0
    """
    scaled = weights / weights.max()
    return float(scaled.sum() ** 2 / (scaled @ scaled))
