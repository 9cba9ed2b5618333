"""What was observed of each customer: checked, and equal customers brought together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from forwhom.errors import DataError, OptionError
from forwhom.tables.weights import counting_weights
from forwhom.wording import count

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Distinct histories in ascending order, and how many customers have each."""

    columns: tuple[Floats, ...]  # each (m,)
    weight: Floats  # (m,)
    where: Ints  # the row of each customer, (n,)

    def each(self, values: Floats) -> Floats:
        """Return for each customer what was computed for its row."""
        return values[self.where]


def collapse(columns: tuple[Floats, ...], sample_weight: ArrayLike | None = None) -> Rows:
    """Bring customers with equal values together; without weights, each counts once."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        code, n = _codes(column)
        codes = _codes(codes * n + code)[0]
    first = np.full(int(codes.max(initial=-1)) + 1, len(codes))
    np.minimum.at(first, codes, np.arange(len(codes)))
    distinct = tuple(column[first] for column in columns)
    order = np.lexsort(distinct[::-1])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    weights = _weights(sample_weight, len(codes))
    weight = np.bincount(codes, weights, minlength=len(first))[order].astype(np.float64)
    return Rows(tuple(column[order] for column in distinct), weight, rank[codes])


def _codes(values: NDArray[np.generic]) -> tuple[Ints, int]:
    """Return a code from 0 for each value, and how many there are: hashed, as sorting is slow."""
    found = pa.array(values).dictionary_encode()
    return found.indices.to_numpy().astype(np.int64), len(found.dictionary)


def _weights(given: ArrayLike | None, n: int) -> Floats | None:
    if given is None:
        return None
    weights = np.asarray(given, dtype=np.float64)
    if weights.shape != (n,):
        raise DataError(
            f"sample_weight has the shape {weights.shape} for {n} customers.",
            "Give one weight for each customer.",
        )
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise DataError(
            "sample_weight holds numbers that are negative or not finite, or nothing but zeros.",
            "Give numbers of 0 or more.",
        )
    return counting_weights(weights)


def numbers(**given: ArrayLike) -> tuple[Floats, ...]:
    """Return columns of numbers of one length: all finite, none negative."""
    found = {name: _numbers(name, values) for name, values in given.items()}
    lengths = {name: len(values) for name, values in found.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {n}" for name, n in lengths.items())
        raise DataError(
            f"The columns have different lengths: {told}.", "Give one value for each customer."
        )
    if not next(iter(lengths.values())):
        raise DataError("There are no customers.", "Give at least one value in each column.")
    return tuple(found.values())


def _numbers(name: str, values: ArrayLike) -> Floats:
    try:
        found = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} holds something else than numbers.", "Give numbers.") from error
    if found.ndim != 1:
        raise DataError(
            f"{name} has the shape {found.shape}.", "Give one column, with a value per customer."
        )
    refuse(~np.isfinite(found), f"{name} is missing or not finite", "Leave these customers out.")
    refuse(found < 0, f"{name} is negative", "Give numbers of 0 or more.")
    return found


def refuse(wrong: NDArray[np.bool_], what: str, advice: str) -> None:
    """Refuse customers about whom something impossible is said; the first is named."""
    if wrong.any():
        n, first = int(wrong.sum()), int(wrong.argmax())
        raise DataError(f"{what} for {count(n, 'customer')} (the first in row {first}).", advice)


def whole(**given: Floats) -> None:
    """Refuse counts that are no whole numbers."""
    for name, values in given.items():
        refuse(values != np.floor(values), f"{name} is no whole number", "Give counts.")


def positive(**given: float) -> None:
    """Refuse options that are no positive numbers."""
    for name, value in given.items():
        if not (np.isfinite(value) and value > 0):
            raise OptionError(f"{name} is {value}.", "Give a number greater than 0.")
