"""Who belongs to which segment, and with what weight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.statistics.skewness import reach
from forwhom.tables.weights import is_counting

Floats = NDArray[np.float64]


#: Most customers whose influence is computed; more do not change an interval.
MOST_CUSTOMERS = 20_000
#: Segments that overlap (their customers tell less of the size than this share of them would for
#: sure) and of which so few sure members would tell as much. Their fit itself is often far from the
#: truth: in simulations 80 % of the intervals of such sizes held it, 86 % of effects that are told.
OVERLAP, LEAST_MEMBERS = 0.75, 40.0
#: Their errors are so many times as large: then 96 and 94 % hold.
WIDER = 1.9


class Learned(Protocol):
    """What is known of segments that were learned from the same customers."""

    @property
    def customers(self) -> NDArray[np.int64]:
        """The customers whose influence is computed, shape (m,)."""

    def variance(self, k: int, inside: Floats, outside: Floats, about: str = "") -> Floats:
        """Return the variances of R statistics of a segment, shape (R,)."""

    def slopes(self, k: int, pulls: Floats, about: str = "") -> Floats:
        """Return how R statistics change with what was learned, shape (parameters, R)."""

    def moved(self, slopes: Floats, about: str = "") -> Floats:
        """Return what each customer changes by what was learned of it, shape (m, R)."""

    def covariance(self, influence: Floats) -> Floats:
        """Return the covariance (R, R) of statistics from their influences (m, R)."""

    def averaged(self, seed: int = 0) -> Floats:
        """Return memberships over what is not known of the segments, shape (m, K)."""

    def left_out(self) -> Floats:
        """Return each customer's membership by all others alone, shape (m, K)."""


@dataclass(frozen=True)
class Membership:
    """The responsibilities and weights of n customers in K segments."""

    #: probability of each segment, shape (n, K); a row of zeros belongs to none
    responsibilities: Floats
    weights: Floats  # survey weights, shape (n,); ones when there are none
    #: how the segments were learned; None where they are cut points or rules
    learned: Learned | None = None

    @classmethod
    def of(
        cls,
        responsibilities: Floats,
        weights: Floats | None = None,
        learned: Learned | None = None,
    ) -> Membership:
        """Check the arrays and put them together."""
        probabilities = np.asarray(responsibilities, dtype=np.float64)
        if probabilities.ndim != 2 or probabilities.shape[1] < 1:
            raise DataError(
                f"Responsibilities have the shape {probabilities.shape}.",
                "Expected one row per customer and one column per segment.",
            )
        n = len(probabilities)
        given = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
        if given.shape != (n,):
            raise DataError(
                f"There are {len(given)} weights for {n} customers.", "Expected one per customer."
            )
        if not np.all(np.isfinite(given)) or np.any(given < 0):
            raise DataError(
                "A weight is negative, missing or infinite.", "Expected numbers of at least 0."
            )
        return cls(probabilities, given, learned)

    @property
    def n(self) -> int:
        """How many customers there are."""
        return len(self.weights)

    @property
    def k(self) -> int:
        """How many segments there are."""
        return int(self.responsibilities.shape[1])

    @cached_property
    def mass(self) -> Floats:
        """Weight of each customer in each segment, then in the sample; shape (K + 1, n).

        Who is in no segment is not in the sample either: few would be what it has besides them.
        """
        out = np.empty((self.k + 1, self.n))
        np.multiply(self.responsibilities.T, self.weights, out=out[:-1])
        np.multiply(self.mode >= 0, self.weights, out=out[-1])
        return out

    @cached_property
    def mode(self) -> NDArray[np.int64]:
        """Most likely segment from 0, or -1 for none; shape (n,)."""
        best = np.argmax(self.responsibilities, axis=1)
        top = self.responsibilities[np.arange(self.n), best]
        return np.where(top > 0, best, -1)

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Members by most likely segment; shape (K,)."""
        return self.tally(self.mode)

    def tally(self, modes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count these customers, given by their segment, in each segment; shape (K,)."""
        return np.bincount(modes + 1, minlength=self.k + 1)[1:].astype(np.int64)

    @cached_property
    def sampled(self) -> NDArray[np.int64]:
        """The customers whose influence on a statistic makes its error, shape (m,)."""
        if self.learned is not None:
            return self.learned.customers
        return np.unique(np.linspace(0, self.n - 1, min(self.n, MOST_CUSTOMERS)).astype(np.int64))

    @cached_property
    def worth(self) -> Floats:
        """How many surely placed customers would tell as much about each segment's size, (K,).

        Without knowledge of how segments were learned, only their shares count as unknown.
        """
        total = float(self.weights.sum())
        n = total**2 / max(float(self.weights @ self.weights), 1e-300)
        found = np.full(self.k, n)
        for k in range(self.k):
            share = min(max(float(self.mass[k].sum()) / max(total, 1e-300), 0.0), 1.0)
            binomial = share * (1 - share)
            if binomial <= 1e-12:
                continue
            if self.learned is None:
                off = (self.responsibilities[:, k] - share) ** 2
                found[k] = n * min(float(self.weights @ off) / total / binomial, 1.0)
                continue
            one = np.ones((len(self.sampled), 1))
            [variance] = self.learned.variance(k, one * (1 - share) / total, one * -share / total)
            found[k] = min(binomial / max(float(variance), 1e-300), n)
        return found

    @cached_property
    def wider(self) -> Floats:
        """How many times as large as they seem the errors of each segment are, shape (K,)."""
        if self.learned is None or self.k == 1:
            return np.ones(self.k)
        total = float(self.weights.sum())
        n = total**2 / float(self.weights @ self.weights)
        members = self.worth * self.mass[:-1].sum(axis=1) / total
        doubtful = (self.worth < OVERLAP * n) & (members < LEAST_MEMBERS)
        return np.asarray(np.where(doubtful, WIDER, 1.0))

    def errors(self, k: int, inside: Floats, outside: Floats, about: str = "") -> Floats:
        """Return the standard errors of R statistics of segment k, shape (R,).

        ``inside`` and ``outside``, both (m, R), are the influence on each statistic of the sampled
        customers if they are in the segment and if they are not, per unit of weight; ``about``
        names the variable. Where segments were learned, so was who is in them; see `wider`.
        """
        if self.learned is not None:
            variances = self.learned.variance(k, inside, outside, about)
            variances = np.asarray(variances * self.wider[k] ** 2)
        else:
            w = self.weights[self.sampled]
            r = self.responsibilities[self.sampled, k][:, None]
            factor = self.weights.sum() / w.sum()
            variances = factor * (w**2 @ (r * inside + (1 - r) * outside) ** 2)
        errors: Floats = np.sqrt(variances)
        return errors

    def reach(
        self, k: int, inside: Floats, outside: Floats, about: str = "", n: float = math.inf
    ) -> tuple[float, float]:
        """Return how far below and above a statistic of segment k its 95 % interval reaches.

        Arguments as in `errors`, for one statistic in which ``n`` customers have part.
        """
        w, r = self.weights[self.sampled], self.responsibilities[self.sampled, k][:, None]
        influence = r * inside + (1 - r) * outside
        if self.learned is not None:
            slopes = self.learned.slopes(k, w[:, None] * (inside - outside), about)
            influence = influence + self.learned.moved(slopes, about)
        [error] = self.errors(k, inside, outside, about).tolist()
        counting = is_counting(self.weights)
        each = influence[:, 0] if counting else w * influence[:, 0]
        down, up = reach(each, w if counting else None, n)
        return error * down, error * up

    def covariance(self, influence: Floats) -> Floats:
        """Return the covariance (R, R) of statistics of which sampled customers have (m, R).

        The influence is per unit of weight, what was learned of the segments included.
        """
        if self.learned is not None:
            return self.learned.covariance(influence)
        w = self.weights[self.sampled]
        squares = w if is_counting(self.weights) else w**2
        factor = self.weights.sum() / max(w.sum(), 1e-300)
        scaled = np.sqrt(factor * squares)[:, None] * influence
        return np.asarray(scaled.T @ scaled)

    @cached_property
    def _effective_of_all(self) -> tuple[Floats, Floats]:
        return self._effective(np.ones(self.n))

    def effective(self, observed: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return effective numbers of customers inside and outside each segment, shape (K,).

        Kish's effective sample size: ``(Σ w r)² / Σ w² r`` over the customers with a value,
        the expected number of members when all weights are equal.
        """
        if observed.all():
            return self._effective_of_all
        return self._effective(observed.astype(np.float64))

    def _effective(self, observed: Floats) -> tuple[Floats, Floats]:
        sums = sums_of(self.mass, observed)
        squares = sums_of(self.mass, self.weights * observed)
        inside, outside = sums[:-1], sums[-1] - sums[:-1]
        inside2, outside2 = squares[:-1], squares[-1] - squares[:-1]
        return _kish(inside, inside2), _kish(outside, outside2)


def sums_of(mass: Floats, values: Floats) -> Floats:
    """Return the weighted sums of values, one for each row of mass.

    The same to the last digit whatever the number of threads, which a library for matrices does
    not promise, and no thread waits for another on a busy machine.
    """
    sums: Floats = np.einsum("kn,n->k", mass, values)
    return sums


def _kish(sums: Floats, squares: Floats) -> Floats:
    # What is left of a difference of two equal sums is rounding, not customers.
    return np.where(squares > 1e-9, sums**2 / np.maximum(squares, 1e-300), 0.0)
