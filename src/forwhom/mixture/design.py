"""The design: customers as joint codes and numbers, the rows of the matrix T that is never built.

Every measure becomes categorical items, numeric columns, or both:

========== =============================================================================
binary     an item with two levels
nominal    an item with a level per category
ordinal    an item whose segments differ by one slope on the level scores
count      a Poisson column
continuous a Gaussian column
positive   a Gaussian column of log x where x > 0, and an item "any" where zeros occur
========== =============================================================================

A missing answer is one more code with factor 1, or NaN in a column: full information maximum
likelihood needs nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.mixture import kernels
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]

#: Joint codes of a group fit one byte; its table of probabilities fits the first-level cache.
GROUP_CODES = 256
#: Most possible rows for which a table finds equal ones sooner than a sort.
KEY_TABLE = 2**22
#: About as many rows are looked at to decide whether collapsing equal rows is worth while.
PROBE_ROWS = 8192


@dataclass(frozen=True)
class Item:
    """A categorical variable: its levels and how its segments may differ."""

    variable: str
    levels: tuple[str, ...]
    ordinal: bool = False
    any_of: bool = False  # the "any" indicator of a positive variable


@dataclass(frozen=True)
class NumericColumn:
    """A numeric variable, as the kernels see it: (x - center) / scale."""

    variable: str
    poisson: bool = False
    log: bool = False
    center: float = 0.0
    scale: float = 1.0
    has_missing: bool = False


@dataclass(frozen=True)
class Groups:
    """Which items share a joint code, in the flat form that the kernels take."""

    first: NDArray[np.int64]  # (items,) row of each item's first level
    size: NDArray[np.int64]  # (items,) number of levels
    codes: NDArray[np.int64]  # (items,) levels, plus one where answers are missing
    group_first: NDArray[np.int64]  # (groups + 1,) first item of each group
    table_size: int  # joint codes of the largest group

    @property
    def n_levels(self) -> int:
        """Levels of all items together: the height of the one-hot matrix."""
        return int(self.size.sum())


@dataclass(frozen=True)
class Design:
    """Customers, ready for the engine.

    Parameters
    ----------
    items, numerics
        What the joint codes and the numeric columns mean.
    groups
        How items are packed.
    packed
        Joint codes, shape (rows, groups); uint8, or uint16 for an item with over 255 levels.
    numeric
        Standardized numbers, shape (columns, rows), NaN where missing.
    weights
        Weight of each row, shape (rows,), or empty when all are 1.
    base
        Log-likelihood that no parameter changes: Jacobians and factorials.
    n
        Customers (sum of the weights).
    rows, first
        Row of ``packed`` for each customer, shape (customers,), and the first customer of each
        row, shape (rows,); None when rows were not collapsed.
    measures
        Measure of each variable, in the order given.
    """

    items: tuple[Item, ...]
    numerics: tuple[NumericColumn, ...]
    groups: Groups
    packed: NDArray[np.uint8] | NDArray[np.uint16]
    numeric: Floats
    weights: Floats
    base: float
    n: float
    rows: NDArray[np.int64] | None
    first: NDArray[np.int64] | None
    measures: Mapping[str, Measure]

    @property
    def n_rows(self) -> int:
        """Rows that the engine works on: customers, or distinct patterns of answers."""
        return len(self.packed)

    @property
    def row_weights(self) -> Floats:
        """Weights of the rows, shape (rows,), written out."""
        return self.weights if len(self.weights) else np.ones(self.n_rows)

    def take(self, index: NDArray[np.int64]) -> Design:
        """Keep some rows, as a design of its own (for starts on a subsample)."""
        weights = self.weights[index] if len(self.weights) else self.weights
        return replace(
            self,
            packed=self.packed[index],
            numeric=np.ascontiguousarray(self.numeric[:, index]),
            weights=weights,
            n=float(weights.sum()) if len(weights) else float(len(index)),
            rows=None,
            first=None,
        )

    def hashes(self) -> NDArray[np.uint64]:
        """Hash of each row's content, shape (rows,): the same in any order of rows.

        Numbers are rounded to single precision: they were standardized, and the sums behind that
        differ in the last digit when rows are ordered or weighted otherwise.
        """
        rounded = self.numeric.astype(np.float32).view(np.uint32)
        return np.asarray(kernels.hash_rows(self.packed, rounded))

    def item_codes(self, item: int) -> NDArray[np.int64]:
        """Unpack one item's codes, shape (rows,); -1 where missing."""
        group = int(np.searchsorted(self.groups.group_first, item, side="right")) - 1
        stride = math.prod(int(c) for c in self.groups.codes[self.groups.group_first[group] : item])
        codes = self.packed[:, group].astype(np.int64) // stride % self.groups.codes[item]
        return np.where(codes == self.groups.size[item], -1, codes)


def build_design(
    columns: Sequence[Column],
    measures: Mapping[str, Measure],
    weights: Floats | None = None,
    *,
    collapse: bool = True,
) -> Design:
    """Encode columns for the engine.

    Parameters
    ----------
    columns
        The variables that form segments, all of the same length.
    measures
        Measure of each column by name.
    weights
        Non-negative weight of each customer, shape (customers,); a weight of 2 counts as two
        equal customers.
    collapse
        Whether equal rows become one row with a count; exact, and fast where it pays.

    Raises
    ------
    DataError
        A value does not fit its measure, or there is nothing to fit.

    Examples
    --------
    >>> import numpy as np
    >>> codes = Column("likes", np.array([0, 1, 1, 0], dtype=np.int32), ("no", "yes"))
    >>> build_design([codes], {"likes": "binary"}).n_rows
    2
    """
    if not columns or len(columns[0]) == 0:
        raise DataError("There is nothing to fit.", "Give at least one variable and one row.")
    items: list[Item] = []
    item_codes: list[NDArray[np.integer]] = []
    numerics: list[NumericColumn] = []
    numeric: list[Floats] = []
    base = 0.0
    row_weights = _check_weights(weights, len(columns[0]))
    for column in columns:
        for part, values, constant in _encode(column, measures[column.name], row_weights):
            base += constant
            if isinstance(part, Item):
                items.append(part)
                item_codes.append(values.astype(np.int32, copy=False))
            else:
                numerics.append(part)
                numeric.append(np.asarray(values, dtype=np.float64))
    groups, packed = _pack(items, item_codes, len(columns[0]))
    design = Design(
        items=tuple(items),
        numerics=tuple(numerics),
        groups=groups,
        packed=packed,
        numeric=np.stack(numeric) if numeric else np.empty((0, len(packed))),
        weights=row_weights,
        base=base,
        n=float(row_weights.sum()) if len(row_weights) else float(len(packed)),
        rows=None,
        first=None,
        measures={c.name: measures[c.name] for c in columns},
    )
    return _collapse(design) if collapse else design


def _check_weights(weights: Floats | None, n: int) -> Floats:
    if weights is None:
        return np.empty(0)
    weights = np.ascontiguousarray(weights, dtype=np.float64)
    if weights.shape != (n,):
        raise DataError(
            f"There are {weights.size} weights for {n} customers.", "Give one weight each."
        )
    bad = ~np.isfinite(weights) | (weights < 0)
    if bad.any():
        raise DataError(
            f"{int(bad.sum())} weights are negative or not a number, first in row "
            f"{int(np.argmax(bad)) + 1}.",
            "Weights must be 0 or more.",
        )
    if weights.sum() <= 0:
        raise DataError("All weights are 0.", "At least one customer must count.")
    return np.empty(0) if (weights == 1.0).all() else weights


Part = tuple[Item | NumericColumn, NDArray[np.int32] | Floats, float]


def _encode(column: Column, measure: Measure, weights: Floats) -> Iterator[Part]:
    """Turn one column into its parts, each with the log-likelihood its coding costs."""
    if column.missing.all():
        raise DataError(f"{column.name!r} has no value at all.", "Leave it out.")
    if column.levels is not None:
        yield Item(column.name, column.levels, measure == "ordinal"), column.values, 0.0
        return
    values = np.asarray(column.values, dtype=np.float64)
    if measure == "continuous":
        yield _standardize(NumericColumn(column.name), values, weights)
    elif measure == "count":
        yield _poisson(column.name, values, weights)
    elif measure == "positive":
        yield from _positive(column.name, values, weights)
    else:
        raise DataError(
            f"{column.name!r} is {measure}, but holds numbers without levels.",
            "Give its values as levels, or choose another measure.",
        )


def _standardize(numeric: NumericColumn, values: Floats, weights: Floats) -> Part:
    seen = ~np.isnan(values)
    w = weights[seen] if len(weights) else np.ones(int(seen.sum()))
    x = values[seen]
    if not len(x) or w.sum() <= 0:
        raise DataError(f"{numeric.variable!r} has no value at all.", "Leave it out.")
    center = float(np.average(x, weights=w))
    scale = math.sqrt(float(np.average((x - center) ** 2, weights=w)))
    # A constant column still has a density in a model without priors only by its floor.
    scale = scale if scale > 1e-12 * max(1.0, abs(center)) else 1.0
    part = replace(numeric, center=center, scale=scale, has_missing=not bool(seen.all()))
    return part, (values - center) / scale, -float(w.sum()) * math.log(scale)


def _poisson(name: str, values: Floats, weights: Floats) -> Part:
    from scipy.special import gammaln

    seen = ~np.isnan(values)
    x = values[seen]
    bad = (x < 0) | (x != np.floor(x))
    if bad.any():
        raise DataError(
            f"{name!r} is a count, but {int(bad.sum())} values are negative or not whole.",
            "Counts are 0, 1, 2, …; use 'continuous' or 'positive' for other numbers.",
        )
    w = weights[seen] if len(weights) else np.ones(len(x))
    part = NumericColumn(name, poisson=True, has_missing=not bool(seen.all()))
    return part, values, -float(w @ gammaln(x + 1.0))


def _positive(name: str, values: Floats, weights: Floats) -> Iterator[Part]:
    seen = ~np.isnan(values)
    if (values[seen] < 0).any():
        raise DataError(
            f"{name!r} is positive, but {int((values[seen] < 0).sum())} values are negative.",
            "Use 'continuous', or correct the values.",
        )
    above = seen & (values > 0)
    if not above.any():
        raise DataError(f"{name!r} has no value above zero.", "Leave it out.")
    if (seen & ~above).any():
        codes = np.where(seen, above, -1).astype(np.int32)
        yield Item(name, ("zero", "above zero"), any_of=True), codes, 0.0
    logs = np.full(len(values), np.nan)
    np.log(values, out=logs, where=above)
    part, standardized, constant = _standardize(NumericColumn(name, log=True), logs, weights)
    w = weights[above] if len(weights) else np.ones(int(above.sum()))
    yield part, standardized, constant - float(w @ logs[above])


def _pack(
    items: Sequence[Item], codes: Sequence[NDArray[np.integer]], n: int
) -> tuple[Groups, NDArray[np.uint8] | NDArray[np.uint16]]:
    """Pack items, in their order, into groups of at most ``GROUP_CODES`` joint codes."""
    size = np.array([len(i.levels) for i in items], dtype=np.int64)
    with_missing = np.array(
        [s + (c.min(initial=0) < 0) for s, c in zip(size, codes, strict=True)], dtype=np.int64
    )
    group_first, table_size, width = [0], 1, 1
    for j, n_codes in enumerate(with_missing):
        if width * n_codes > GROUP_CODES and j > group_first[-1]:
            group_first.append(j)
            width = 1
        width *= int(n_codes)
        table_size = max(table_size, width)
    if items:
        group_first.append(len(items))
    if table_size > np.iinfo(np.uint16).max:
        raise DataError(
            "A variable has more than 65,535 levels.", "It identifies customers: leave it out."
        )
    packed = np.zeros(
        (n, len(group_first) - 1), dtype=np.uint8 if table_size <= GROUP_CODES else np.uint16
    )
    for g in range(len(group_first) - 1):
        column, stride = np.zeros(n, dtype=packed.dtype), 1
        for j in range(group_first[g], group_first[g + 1]):
            kernels.pack_column(codes[j], size[j], stride, column)
            stride *= int(with_missing[j])
        packed[:, g] = column
    first = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64) if items else size
    groups = Groups(first, size, with_missing, np.array(group_first, dtype=np.int64), table_size)
    return groups, packed


def _collapse(design: Design) -> Design:
    """Merge equal rows into one row with their weight, where many are equal."""
    if not _worth_collapsing(design):
        return design
    first, rows = _equal_rows(design)
    if not _same_rows(design, first, rows):  # two different rows with one hash: never seen
        return design
    weights = np.bincount(rows, weights=design.weights if len(design.weights) else None)
    return replace(
        design.take(first),
        weights=weights.astype(np.float64),
        n=design.n,
        rows=rows,
        first=first,
    )


def _equal_rows(design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First customer of each distinct row, and the distinct row of each customer."""
    keys, n_keys = _row_keys(design)
    if n_keys > KEY_TABLE:
        _, first, rows = np.unique(keys, return_index=True, return_inverse=True)
        return first.astype(np.int64), rows.astype(np.int64)
    # Few possible keys: a table instead of a sort.
    first_of = np.full(n_keys, -1, dtype=np.int64)
    first_of[keys[::-1]] = np.arange(design.n_rows - 1, -1, -1)
    present = first_of >= 0
    return first_of[present], (np.cumsum(present) - 1)[keys]


def _worth_collapsing(design: Design) -> bool:
    if design.n_rows <= PROBE_ROWS:
        return True  # it costs nothing, and starts cannot tell a weight of 2 from two rows
    # Equal rows have equal hashes, so a range of hashes has all copies of what it has. Some rows
    # drawn at random would rarely meet a second copy of one that has ten.
    hashes = design.hashes()
    probe = hashes[hashes <= np.uint64(2**64 * PROBE_ROWS / design.n_rows)]
    return len(np.unique(probe)) <= 0.7 * len(probe)


def _row_keys(design: Design) -> tuple[NDArray[np.integer], int]:
    """One integer per row, and how many there can be: exact, or a 64-bit hash of the content."""
    groups = design.groups
    widths = [
        math.prod(int(c) for c in groups.codes[a:b])
        for a, b in zip(groups.group_first[:-1], groups.group_first[1:], strict=True)
    ]
    n_keys = math.prod(widths)
    if len(design.numeric) or n_keys > 2**62:
        return np.asarray(kernels.hash_rows(design.packed, design.numeric.view(np.uint64))), 2**64
    keys = np.zeros(design.n_rows, dtype=np.int64)
    for g, width in enumerate(widths):
        keys *= width
        keys += design.packed[:, g]
    return keys, n_keys


def _same_rows(design: Design, index: NDArray[np.integer], rows: NDArray[np.integer]) -> bool:
    back = index[rows]
    if not np.array_equal(design.packed, design.packed[back]):
        return False
    return all(np.array_equal(c, c[back], equal_nan=True) for c in design.numeric)
