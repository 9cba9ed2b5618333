"""The design: customers as joint codes and numbers, the rows of the matrix T that is never built.

Every variable becomes coded items, numeric columns, or both; its family decides which
(:mod:`forwhom.mixture.families`). A missing answer is one more code with factor 1, or NaN in a
column: full information maximum likelihood needs nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture import coding

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Joint = NDArray[np.uint8] | NDArray[np.uint16]

#: With so many levels or fewer, where a segment stands says nearly all that a slope can say.
SPREAD_FROM = 3


@dataclass(frozen=True)
class CodedItem:
    """Something that is one of several levels: a discrete variable, or a part of another one."""

    variable: str
    levels: tuple[str, ...]
    #: Where the levels stand on a line, one number each; empty where they have no order.
    scores: tuple[float, ...] = ()
    #: Upper cuts of the bins of a number, one fewer than levels.
    cuts: tuple[float, ...] = ()


@dataclass(frozen=True)
class NumericColumn:
    """A number, as the kernels see it: (x - center) / scale."""

    variable: str
    center: float = 0.0
    scale: float = 1.0
    has_missing: bool = False


@dataclass(frozen=True)
class Modeled:
    """Variables that a family models together, and where what they became stands."""

    family: str
    variables: tuple[str, ...]
    items: tuple[int, ...] = ()
    numerics: tuple[int, ...] = ()
    whole: str = ""  # what the variables are the parts of, and the last one the items of


@dataclass(frozen=True)
class Whole:
    """Variables that are the parts of one whole, and the column with the number of its items."""

    name: str
    parts: tuple[str, ...]
    items: str


@dataclass(frozen=True)
class Groups:
    """Which items share a joint code, in the flat form that the kernels take."""

    first: Ints  # (items,) row of each item's first level
    size: Ints  # (items,) number of levels
    codes: Ints  # (items,) levels, plus one where answers are missing
    group_first: Ints  # (groups + 1,) first item of each group
    table_size: int  # joint codes of the largest group

    @property
    def n_levels(self) -> int:
        """Levels of all items together: the height of the one-hot matrix."""
        return int(self.size.sum())


@dataclass(frozen=True)
class Design:
    """Customers, ready for the engine."""

    modeled: tuple[Modeled, ...]  # the variables in the order given, each with its family
    #: ``items``, ``numerics``: what the joint codes and the numeric columns mean
    items: tuple[CodedItem, ...]
    numerics: tuple[NumericColumn, ...]
    groups: Groups  # how items are packed
    #: joint codes, shape (rows, groups); uint8, or uint16 for an item with over 255 levels
    packed: Joint
    numeric: Floats  # standardized numbers, shape (columns, rows), NaN where missing
    weights: Floats  # weight of each row, shape (rows,), or empty when all are 1
    base: float  # log-likelihood that no parameter changes: Jacobians and factorials
    n: float  # effective number of customers (sum of the weights)
    #: ``rows``, ``first``: row of ``packed`` for each customer, shape (customers,), and the
    #: first customer of each row, shape (rows,); None when rows were not collapsed
    rows: Ints | None
    first: Ints | None

    @property
    def n_rows(self) -> int:
        """Rows that the engine works on: customers, or distinct patterns of answers."""
        return len(self.packed)

    @property
    def has_spread(self) -> bool:
        """Whether levels on a line are so many that segments can differ in their spread."""
        return any(len(item.scores) > SPREAD_FROM for item in self.items)

    @property
    def row_weights(self) -> Floats:
        """Weights of the rows, shape (rows,), written out."""
        return self.weights if len(self.weights) else np.ones(self.n_rows)

    def take(self, index: Ints) -> Design:
        """Keep some rows, as a design of its own (for starts on a subsample)."""
        weights = self.weights[index] if len(self.weights) else self.weights
        n = float(weights.sum()) if len(weights) else float(len(index))
        return replace(
            self,
            packed=self.packed[index],
            numeric=np.ascontiguousarray(self.numeric[:, index]),
            weights=weights,
            n=n,
            base=self.base * n / self.n,
            rows=None,
            first=None,
        )

    def hashes(self) -> NDArray[np.uint64]:
        """Hash of each row's content, shape (rows,): the same in any order of rows.

        Numbers are rounded to single precision: they were standardized, and the sums behind that
        differ in the last digit when rows are ordered or weighted otherwise.
        """
        rounded = self.numeric.astype(np.float32).view(np.uint32)
        return np.asarray(coding.hash_rows(self.packed, rounded))

    def item_codes(self, item: int) -> Ints:
        """Unpack one item's codes, shape (rows,); -1 where missing."""
        group = int(np.searchsorted(self.groups.group_first, item, side="right")) - 1
        stride = math.prod(int(c) for c in self.groups.codes[self.groups.group_first[group] : item])
        codes = self.packed[:, group].astype(np.int64) // stride % self.groups.codes[item]
        return np.where(codes == self.groups.size[item], -1, codes)

    def level_rows(self, item: int) -> slice:
        """Return the rows of an item's levels in a table over the levels of all items."""
        first = int(self.groups.first[item])
        return slice(first, first + int(self.groups.size[item]))
