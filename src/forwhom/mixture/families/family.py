"""What is asked of a family of distributions: from values to a document, and back to answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import FittedItem, VariableItem
from forwhom.errors import DataError
from forwhom.mixture.cells import Cells, cut
from forwhom.mixture.design import CodedItem, Design, Modeled, NumericColumn
from forwhom.mixture.families.distribution import Arrays, Distribution
from forwhom.mixture.sql_text import (
    ItemSql,
    as_number,
    filled,
    usable_number,
    where_observed,
)
from forwhom.mixture.values import (
    Bools,
    Floats,
    is_count,
    is_not_negative,
    is_number,
    number_column,
)
from forwhom.tables.columns import Column

ItemT = TypeVar("ItemT", bound=FittedItem)
NumberT = TypeVar("NumberT", bound=VariableItem)

#: What a variable becomes: an item or a column of numbers.
Part = CodedItem | NumericColumn
#: Its codes (-1 is missing) or its numbers (NaN is missing), and the log-likelihood that coding
#: costs.
Coded = tuple[NDArray[np.int32] | Floats, float]


class Expected(NamedTuple):
    """Mean and variance of a log density under each segment, shape (K,) or (K, rows)."""

    center: Floats
    spread: Floats


class Density(ABC):
    """An item of a model with the columns that it reads, for a range of rows at a time.

    Arrays are segments × rows: NumPy is fast along the last axis, and there are many more rows
    than segments.
    """

    @abstractmethod
    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        """Return log densities, 0 where missing, and where each term of the item is observed."""

    def partial(self, rows: slice) -> Expected | None:
        """Return what is expected of the rows that have a part of a term only (others: 0)."""
        return None

    def outside(self, rows: slice) -> Bools | None:
        """Return which rows have a value beyond the limits of the item, if it has any."""
        return None


class Family(ABC, Generic[ItemT]):
    """A family of distributions.

    It says how its variables are encoded for the engine and which distributions hold them there;
    it writes what was fitted as an item of the document, and answers everything that is asked of
    such an item. It keeps nothing itself.
    """

    name: str
    #: The item of the document that it writes.
    item: type[ItemT]
    #: Distributions of the coded items and of the numeric columns that its variables become.
    coded: type[Distribution] | None = None
    numeric: type[Distribution] | None = None
    #: Whether all variables that name the family make one item.
    joint: ClassVar[bool] = False
    #: Whether a customer has one of its terms at most.
    exclusive: ClassVar[bool] = False
    #: Whether its items have limits, because their densities do not fall off beyond all values.
    bounded: ClassVar[bool] = False

    @abstractmethod
    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        """Return what columns become for the engine; DataError when it cannot have their values.

        ``weights`` has shape (customers,), or is empty when all are 1.
        """

    @abstractmethod
    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        """Code columns as what :meth:`parts` found in them, or in those of other customers."""

    @abstractmethod
    def per_segment(self, column: Column) -> int:
        """Return how many parameters a further segment has for a variable."""

    @abstractmethod
    def write(self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays) -> ItemT:
        """Return the item, from what the two distributions say about the variables' parts."""

    @abstractmethod
    def density(self, item: ItemT, columns: Mapping[str, Column]) -> Density | None:
        """Return the evaluator of an item, or None when none of its variables is there."""

    @abstractmethod
    def expectation(self, item: ItemT) -> list[Expected]:
        """Return what each segment expects of the log density of its own members, by term."""

    @abstractmethod
    def sql(self, item: ItemT, names: Sequence[str], centers: Floats, spreads: Floats) -> ItemSql:
        """Write the log densities for variables called ``names``, and their terms (terms, K)."""

    @abstractmethod
    def draw(
        self, item: ItemT, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> dict[str, Column]:
        """Draw customers of the given segments, without missing values."""

    @abstractmethod
    def cells(self, item: ItemT, columns: Mapping[str, Column]) -> list[Cells]:
        """Return the cells of each variable in which pairs are compared."""

    def limited(
        self, item: ItemT, columns: Mapping[str, Column], weights: Floats, chance: float
    ) -> ItemT:
        """Return the item with limits that customers like these pass with this probability."""
        return item

    def unusable(self, item: ItemT, columns: Mapping[str, Column]) -> dict[str, int]:
        """Count the numbers that the family cannot have, by variable."""
        return {}


class NumberFamily(Family[NumberT]):
    """A family of one variable that is a number.

    A child with one term says its log density, its distribution function and its draws; the rest
    is the same for all.
    """

    #: Which numbers it can have: any, from 0 on, or whole ones from 0 on.
    positive: ClassVar[bool] = False
    whole: ClassVar[bool] = False

    @abstractmethod
    def log_density(self, item: NumberT) -> Callable[[Floats], Floats]:
        """Return a function from usable numbers (rows,) to log densities (K, rows)."""

    @abstractmethod
    def cumulative(self, item: NumberT) -> Callable[[Floats], Floats]:
        """Return the distribution function, from numbers (n,) to probabilities (K, n)."""

    @abstractmethod
    def numbers(
        self, item: NumberT, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> Floats:
        """Draw a number for each customer."""

    @abstractmethod
    def log_density_sql(self, item: NumberT, name: str) -> list[str]:
        """Write the log density under each segment; ``name`` is 0 where ``o…`` is 0 (missing)."""

    def filled_sql(self, name: str) -> list[str]:
        """Write the columns that the log densities need."""
        return filled(name)

    def usable(self, x: Floats) -> Bools:
        """Return where a number is one that the family can have."""
        if self.whole:
            return is_count(x)
        return is_not_negative(x) if self.positive else is_number(x)

    def density(self, item: NumberT, columns: Mapping[str, Column]) -> Density | None:
        values = number_column(columns, item.variable)
        if values is None:
            return None
        return NumberDensity(values, self.usable, self.log_density(item))

    def sql(self, item: NumberT, names: Sequence[str], centers: Floats, spreads: Floats) -> ItemSql:
        [name] = names
        usable = usable_number(name, positive=self.positive or self.whole, whole=self.whole)
        seen = self.observed_sql(item, name)
        return ItemSql(
            names=[name],
            read=[as_number(item.variable, name)],
            usable=[f"{usable} AS {name}"],
            filled=self.filled_sql(name),
            densities=self.log_density_sql(item, name),
            centers=where_observed(seen, centers),
            spreads=where_observed(seen, spreads),
        )

    def observed_sql(self, item: NumberT, name: str) -> list[str]:
        """Return the columns that say which terms are observed."""
        return [f"o{name[1:]}"]

    def draw(
        self, item: NumberT, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> dict[str, Column]:
        return {item.variable: Column(item.variable, self.numbers(item, segments, rng))}

    def cells(self, item: NumberT, columns: Mapping[str, Column]) -> list[Cells]:
        return [cut(item.variable, columns, self.cumulative(item))]

    def unusable(self, item: NumberT, columns: Mapping[str, Column]) -> dict[str, int]:
        return count_unusable(item.names, columns, self.usable)


class NumberDensity(Density):
    """The log density of one number."""

    def __init__(
        self,
        values: Floats,
        usable: Callable[[Floats], Bools],
        log_density: Callable[[Floats], Floats],
    ) -> None:
        self._values, self._usable, self._log_density = values, usable, log_density

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        x = self._values[rows]
        observed = self._usable(x)
        out = self._log_density(np.where(observed, x, 0.0))
        out[:, ~observed] = 0.0
        return out, [observed]


def count_unusable(
    names: Sequence[str], columns: Mapping[str, Column], usable: Callable[[Floats], Bools]
) -> dict[str, int]:
    """Count the numbers that are there and not usable, by variable, where there are any."""
    found = {}
    for name in names:
        x = number_column(columns, name)
        if x is not None:
            found[name] = int((~usable(x) & ~np.isnan(x)).sum())
    return {name: n for name, n in found.items() if n}


def numbers_of(column: Column) -> Floats:
    """Return a column's numbers; DataError when it holds levels."""
    if column.levels is not None:
        raise DataError(
            f"{column.name!r} holds levels, not numbers.",
            "Give its values as numbers, or choose another measure.",
        )
    return np.asarray(column.values, dtype=np.float64)


def weights_of(weights: Floats, rows: Bools) -> Floats:
    """Return the weights of some rows; all are 1 when there are none."""
    return weights[rows] if len(weights) else np.ones(int(rows.sum()))
