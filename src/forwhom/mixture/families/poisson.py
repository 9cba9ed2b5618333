"""Counts: a Poisson rate per segment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtr, xlogy

from forwhom.documents.items import PoissonItem
from forwhom.errors import DataError
from forwhom.mixture.design import Design, Modeled, NumericColumn
from forwhom.mixture.families.distribution import (
    LOG_2PI,
    SMALLEST,
    Arrays,
    Floats,
    Ints,
    NumericDistribution,
    Sums,
    Terms,
)
from forwhom.mixture.families.family import (
    Coded,
    Expected,
    NumberFamily,
    Part,
    numbers_of,
    weights_of,
)
from forwhom.mixture.families.scores import Scores, numbered
from forwhom.mixture.sql_text import LOG_ZERO, filled, log_factorial, number, when
from forwhom.tables.columns import Column

#: Rates above this are normal to within rounding; below it the distribution is summed.
_LARGE_RATE = 1e6
#: No rate is smaller.
_LEAST_RATE = 1e-12


class Rates(NumericDistribution):
    """Poisson rates, one array (S, columns, K)."""

    powers = (1,)

    def blank(self, n_starts: int, k: int) -> Arrays:
        return (np.ones((n_starts, len(self.columns), k)),)

    def marginal(self, sums: Sums) -> Floats:
        """Mean of each count, shape (columns,)."""
        counts, weights = self.design.numeric[self.columns], self.design.row_weights
        seen = ~np.isnan(counts)
        rates = np.where(seen, counts, 0.0) @ weights / np.maximum(seen @ weights, SMALLEST)
        return np.maximum(rates, _LEAST_RATE)

    def neutral(self, n_starts: int, k: int, marginal: Floats) -> Arrays:
        return (np.broadcast_to(marginal[:, None], (n_starts, len(marginal), k)).copy(),)

    def around(self, neutral: Arrays, chosen: Ints, pull: Floats) -> Arrays:
        [rates], counts = neutral, self.values(chosen)
        return (np.where(np.isnan(counts), rates, 0.5 * rates + 0.5 * np.nan_to_num(counts)),)

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        return (neutral[0] * (rng.gamma(2.0, 0.5, size=neutral[0].shape) + 0.05),)

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        noise = rng.normal(0.0, 0.5, size=arrays[0].shape)
        return (arrays[0] * np.exp(np.where(copies > 1, noise, 0.0)),)

    def comparable(self) -> Floats:
        """Square roots: their variance does not depend on the rate."""
        roots = np.sqrt(super().comparable())
        means, sds = np.nanmean(roots, axis=1), np.nanstd(roots, axis=1)
        return np.asarray((roots - means[:, None]) / np.maximum(sds, 1e-12)[:, None])

    def fill(self, arrays: Arrays, terms: Terms) -> None:
        terms.coefs[:, self.at[1]] = np.log(arrays[0])
        self.put_normalizer(terms, -arrays[0])

    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        extra = prior / sums.segments.shape[1]
        n, first = self.observed_weight(sums) + extra, sums.statistics[:, self.at[1]]
        numerator = first + extra * marginal[:, None]
        share = np.where(n > 0, numerator / np.maximum(n, SMALLEST), marginal[:, None])
        return (np.maximum(share, _LEAST_RATE),)

    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        [rates] = arrays
        logs = marginal[:, None] * np.log(rates) - rates
        return np.asarray(prior / rates.shape[2] * logs.sum(axis=(1, 2)))

    def coordinates(self, arrays: Arrays) -> Arrays:
        return (np.log(arrays[0]),)

    def parameters(self, coordinates: Arrays) -> Arrays:
        return (np.exp(np.clip(coordinates[0], -690.0, 40.0)),)

    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        return (np.sqrt(weights[:, None, :] * arrays[0]),)

    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Logarithms of the rates."""
        [rates], k = arrays[0], weights.shape[1]

        def unit(j: int) -> Floats:
            return np.asarray(rates[j][:, None, None])

        def scores(j: int, segment: int, x: Floats) -> Floats:
            return np.asarray((x - rates[j, segment])[:, None])

        return self.scored_numbers(weights, prior, numbered(k, 0, 1), unit, scores)

    def n_parameters(self, k: int, marginal: Floats) -> int:
        return k * len(self.columns)

    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        """Rates (columns, K)."""
        return (arrays[0][0, np.searchsorted(self.columns, columns)],)


class Poisson(NumberFamily[PoissonItem]):
    """``x log(rate) - rate - log x!``."""

    name = "poisson"
    item = PoissonItem
    numeric = Rates
    whole = True

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        [column] = columns
        has_missing = bool(np.isnan(numbers_of(column)).any())
        return [NumericColumn(column.name, has_missing=has_missing)]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        [column] = columns
        values = numbers_of(column)
        seen = ~np.isnan(values)
        x = values[seen]
        bad = (x < 0) | (x != np.floor(x))
        if bad.any():
            raise DataError(
                f"{column.name!r} is a count, but {int(bad.sum())} values are negative or not "
                "whole.",
                "Counts are 0, 1, 2, …; use 'continuous' or 'positive' for other numbers.",
            )
        yield values, -float(weights_of(weights, seen) @ gammaln(x + 1.0))

    def per_segment(self, column: Column) -> int:
        return 1

    def write(
        self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays
    ) -> PoissonItem:
        [name], [rates] = modeled.variables, numeric
        return PoissonItem(variable=name, rates=rates[0].tolist())

    def log_density(self, item: PoissonItem) -> Callable[[Floats], Floats]:
        rates = np.asarray(item.rates, dtype=np.float64)[:, None]
        return lambda x: xlogy(x, rates) - (gammaln(x + 1.0) + rates)

    def cumulative(self, item: PoissonItem) -> Callable[[Floats], Floats]:
        rates = np.array(item.rates)[:, None]
        return lambda x: np.where(x < 0, 0.0, pdtr(np.floor(np.maximum(x, 0.0)), rates))

    def expectation(self, item: PoissonItem) -> list[Expected]:
        centers, spreads = np.array([_of_rate(rate) for rate in item.rates]).T
        return [Expected(centers, spreads)]

    def numbers(
        self, item: PoissonItem, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> Floats:
        return rng.poisson(np.array(item.rates)[segments]).astype(np.float64)

    def filled_sql(self, name: str) -> list[str]:
        factorial = f"COALESCE({log_factorial(name)}, {number(0.0)}) AS y{name[1:]}"
        return [*filled(name), factorial]

    def log_density_sql(self, item: PoissonItem, name: str) -> list[str]:
        observed, factorial = f"o{name[1:]}", f"y{name[1:]}"
        return [
            f"{observed} * ({name} * {number(np.log(rate))} - {number(rate)} - {factorial})"
            if rate > 0.0
            else when(f"{name} > {number(0.0)}", number(LOG_ZERO), number(0.0))
            for rate in item.rates
        ]


def _of_rate(rate: float) -> tuple[float, float]:
    """Mean and variance of the log probability of a count."""
    if rate > _LARGE_RATE:
        return -0.5 * (LOG_2PI + np.log(rate) + 1.0), 0.5
    reach = 12.0 * np.sqrt(rate) + 40.0
    x = np.arange(max(0.0, np.floor(rate - reach)), np.ceil(rate + reach) + 1.0)
    logs = xlogy(x, rate) - rate - gammaln(x + 1.0)
    p = np.exp(logs)
    # Impossible counts (rate 0) have weight 0, and 0 × -inf must stay 0.
    logs = np.where(p > 0.0, logs, 0.0)
    center = float((p * logs).sum())
    return center, float((p * (logs - center) ** 2).sum())
