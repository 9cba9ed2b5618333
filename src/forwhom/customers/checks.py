"""Which variables can form segments, and which only repeat another."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.statistics.correlation import correlations, ranks
from forwhom.tables.columns import Column
from forwhom.tables.weights import effective_size
from forwhom.wording import count

#: Two active variables that move together this closely count the same thing twice.
NEAR_DUPLICATE = 0.95

#: Weights that leave less than this share of the customers leave a few to decide.
LEAST_EFFECTIVE = 0.1

#: Ranks of this many customers settle the question; more would only take longer.
RANKED_ROWS = 20_000


def uninformative(column: Column) -> str:
    """Return why a column says nothing about customers; empty when it does say something."""
    present = column.values[~column.missing]
    if len(present) == 0:
        return "it has no values"
    if np.all(present == present[0]):
        return "it has the same value for everyone"
    return ""


def repeats_ids(column: Column, ids: pa.Array) -> bool:
    """Return whether a column of numbers is a copy of the ids."""
    if column.levels is not None or not pa.types.is_integer(ids.type):
        return False
    return bool(np.array_equal(column.values, ids.to_numpy(zero_copy_only=False)))


def near_duplicates(
    columns: Sequence[Column], wholes: Mapping[str, str] = MappingProxyType({})
) -> dict[str, tuple[str, float]]:
    """Return which numbers repeat an earlier one, with it and their rank correlation.

    Columns come in order of precedence; those with levels are passed over. Shares of one whole, of
    which ``wholes`` names that of each column, are not compared with each other.
    """
    numbers = [column for column in columns if column.levels is None]
    if not numbers:
        return {}
    step = 1 + len(numbers[0]) // RANKED_ROWS
    rows = [ranks(np.asarray(column.values[::step], dtype=float)) for column in numbers]
    together = np.round(correlations(np.array(rows)), 12)
    repeated: dict[str, tuple[str, float]] = {}
    kept: list[int] = []
    for place, column in enumerate(numbers):
        whole = wholes.get(column.name)
        same = [
            other
            for other in kept
            if abs(together[place, other]) >= NEAR_DUPLICATE
            and (whole is None or wholes.get(numbers[other].name) != whole)
        ]
        if same:
            repeated[column.name] = numbers[same[0]].name, float(together[place, same[0]])
        else:
            kept.append(place)
    return repeated


def check_weights(values: NDArray[np.float64], name: str) -> list[str]:
    """Refuse weights that cannot weigh; return what weakens an answer with them."""
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
            f"With the weight {name!r}, {count(len(values), 'customer')} say no more than "
            f"{effective:,.0f} with equal weights would: a few count for most of the answer."
        ]
    return []
