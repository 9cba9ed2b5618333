"""What is asked of a distribution: the parameters of all columns of its kind, for all starts.

Parameters are tuples of arrays. The first axis of every array runs over the starts and the last
over the segments; what segments share is repeated. So starts are columns of one product, and
picking, stacking and ordering are the same for all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design
from forwhom.mixture.families.scores import RowScores, Scores
from forwhom.mixture.shape import PLAIN, Shape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Arrays = tuple[Floats, ...]

LOG_2PI = float(np.log(2.0 * np.pi))

#: Probabilities and rates do not go below this: their logarithm must stay finite.
SMALLEST = 1e-300


@dataclass(frozen=True)
class Terms:
    """What the kernels turn into log densities; distributions write their part.

    Shapes: ``levels`` (S, L, K) factors of all items' levels, ``coefs`` (S, Q, K) of the
    statistics, ``const`` (S, K), and ``dense`` (S, rows, K) log densities, where there are any.
    """

    levels: Floats
    coefs: Floats
    const: Floats
    dense: Floats | None = None


@dataclass(frozen=True)
class Sums:
    """What one pass over the data leaves: S = (w R)' T, and the log-likelihood.

    Shapes: ``segments`` (S, K), ``levels`` (S, L, K), ``statistics`` (S, Q, K), ``loglik`` (S,);
    ``moments`` are the sums of the distribution that has no sufficient statistics, if any.
    """

    segments: Floats
    levels: Floats
    statistics: Floats
    moments: Arrays
    loglik: Floats


class Distribution(ABC):
    """The distribution of some columns of a design within segments.

    A prior of ``a`` adds ``a / K`` customers to each segment, spread like the whole sample (its
    ``marginal``), so that no probability reaches 0 or 1 and no variance 0 (Vermunt and Magidson's
    "Bayes constants"). With ``a = 0`` every M-step is plain maximum likelihood.
    """

    #: Whether log densities are computed for each row: no statistics are sufficient.
    dense: ClassVar[bool] = False
    #: Whether classes along a scale can bind its parameters.
    binds: ClassVar[bool] = False

    def __init__(
        self, design: Design, columns: Sequence[int], first: int, shape: Shape = PLAIN
    ) -> None:
        self.design = design
        self.shape = shape
        self.columns = np.array(columns, dtype=np.int64)
        self.first = first

    @property
    def statistics(self) -> list[tuple[int, int]]:
        """Numeric column and power of each sufficient statistic, from row ``first`` on."""
        return []

    @abstractmethod
    def blank(self, n_starts: int, k: int) -> Arrays:
        """Return parameters with nothing in them yet."""

    def marginal(self, sums: Sums) -> Floats:
        """Return what prior customers look like, from sums over the sample as one segment."""
        return np.empty(0)

    def neutral(self, n_starts: int, k: int, marginal: Floats) -> Arrays:
        """Return parameters with which every segment is like the whole sample."""
        return self.blank(n_starts, k)

    def around(self, neutral: Arrays, chosen: Ints, pull: Floats) -> Arrays:
        """Return segments around the rows ``chosen`` (S, K); ``pull`` (S, 1, 1) is how near."""
        return neutral

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        """Return random segments, scattered like the customers."""
        return neutral

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        """Return segments of which those with several ``copies`` (K,) are moved apart."""
        return arrays

    def comparable(self) -> Floats:
        """Return the numbers on one scale with those of others, shape (columns, rows)."""
        return np.empty((0, self.design.n_rows))

    @abstractmethod
    def fill(self, arrays: Arrays, terms: Terms) -> None:
        """Write the natural parameters."""

    @abstractmethod
    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        """Return the parameters that maximize the penalized expected log-likelihood.

        ``current`` is where a distribution without a closed form begins.
        """

    @abstractmethod
    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        """Return the log density of the prior, up to a constant, shape (S,)."""

    @abstractmethod
    def coordinates(self, arrays: Arrays) -> Arrays:
        """Return coordinates without bounds, of the same shapes."""

    @abstractmethod
    def parameters(self, coordinates: Arrays) -> Arrays:
        """Return the parameters of any coordinates, back within their bounds."""

    @abstractmethod
    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        """Return the square root of the complete-data information of each coordinate.

        It weighs a change of a parameter by what it means for the density of one customer.
        """

    @abstractmethod
    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Return what each column says about the first start's free parameters.

        ``weights`` (rows, K) are those of the rows times their responsibilities.
        """

    def moments(self, arrays: Arrays, resp: Floats) -> Arrays:
        """Return what a dense distribution sums over weighted responsibilities (S, rows, K)."""
        raise NotImplementedError

    def revived(self, arrays: Arrays, image: Arrays) -> Arrays | None:
        """Return parameters lifted from near zero where their M-step would let them grow."""
        return None

    def degenerate(self, arrays: Arrays) -> NDArray[np.bool_]:
        """Return which starts ended on a point mass, shape (S,)."""
        return np.zeros(len(arrays[0]), dtype=bool)

    @abstractmethod
    def n_parameters(self, k: int, marginal: Floats) -> int:
        """Return the number of free parameters with k segments."""

    @abstractmethod
    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        """Return the first start's parameters of some columns, in the units of the data."""


class NumericDistribution(Distribution):
    """A distribution whose statistics are powers of numbers, and the weight of those observed."""

    powers: ClassVar[tuple[int, ...]]

    def __init__(
        self, design: Design, columns: Sequence[int], first: int, shape: Shape = PLAIN
    ) -> None:
        super().__init__(design, columns, first, shape)
        self.at = {power: np.full(len(columns), -1) for power in (0, *self.powers)}
        for q, (column, power) in enumerate(self.statistics, first):
            self.at[power][columns.index(column)] = q

    @property
    def statistics(self) -> list[tuple[int, int]]:
        """Powers of each column, and 1 for the observed where some are missing."""
        found = []
        for j in self.columns.tolist():
            observed = (0,) if self.design.numerics[j].has_missing else ()
            found += [(j, power) for power in (*self.powers, *observed)]
        return found

    def put_normalizer(self, terms: Terms, normalizer: Floats) -> None:
        """Write (S, columns, K), for those who are observed only or, where all are, as constant."""
        partial = self.at[0] >= 0
        terms.coefs[:, self.at[0][partial]] = normalizer[:, partial]
        terms.const[:] += normalizer[:, ~partial].sum(axis=1)

    def observed_weight(self, sums: Sums) -> Floats:
        """Weight of the customers with a value, per column and segment; shape (S, columns, K)."""
        partial = self.at[0] >= 0
        n = np.repeat(sums.segments[:, None, :], len(self.columns), axis=1)
        n[:, partial] = sums.statistics[:, self.at[0][partial]]
        return np.asarray(n)

    def comparable(self) -> Floats:
        return self.design.numeric[self.columns]

    def values(self, chosen: Ints) -> Floats:
        """Return the numbers of the rows ``chosen`` (S, K), shape (S, columns, K)."""
        return np.moveaxis(self.design.numeric[self.columns][:, chosen], 0, 1)

    def scored_numbers(
        self,
        weights: Floats,
        prior: float,
        index: Ints,
        unit: Callable[[int], Floats],
        scores: Callable[[int, int, Floats], Floats],
    ) -> list[Scores]:
        """Return the scores of each column where numbers are observed.

        ``unit`` gives the information of one customer about a column, shape (K, c, c), and
        ``scores`` those of numbers (n,) under a segment, shape (n, c).
        """
        found: list[Scores] = []
        for j, column in enumerate(self.columns.tolist()):
            values = self.design.numeric[column]
            seen = ~np.isnan(values)
            known = seen @ weights + prior / weights.shape[1]
            compute = partial(_where_seen, np.where(seen, values, 0.0), seen, partial(scores, j))
            name = (self.design.numerics[column].variable,)
            found.append(RowScores(name, index, known[:, None, None] * unit(j), compute))
        return found


def _where_seen(
    values: Floats,
    seen: NDArray[np.bool_],
    scores: Callable[[int, Floats], Floats],
    segment: int,
    rows: slice,
) -> Floats:
    return np.asarray(scores(segment, values[rows]) * seen[rows, None])
