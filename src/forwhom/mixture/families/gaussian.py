"""Continuous variables: a normal distribution per segment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from forwhom.documents.items import GaussianItem
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
from forwhom.mixture.sql_text import number
from forwhom.tables.columns import Column

#: Smallest variance, as a share of the variance of the whole sample.
VARIANCE_FLOOR = 1e-6


class Normal(NumericDistribution):
    """Means and variances of standardized numbers, each (S, columns, K)."""

    powers = (1, 2)

    def blank(self, n_starts: int, k: int) -> Arrays:
        shape = (n_starts, len(self.columns), k)
        return np.zeros(shape), np.ones(shape)

    def around(self, neutral: Arrays, chosen: Ints, pull: Floats) -> Arrays:
        return np.nan_to_num(self.values(chosen)), neutral[1]

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        return rng.standard_normal(neutral[0].shape), neutral[1]

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        means, variances = arrays
        shift = np.where(copies > 1, rng.normal(0.0, 0.7, size=means.shape), 0.0)
        return means + shift * np.sqrt(variances), variances

    def fill(self, arrays: Arrays, terms: Terms) -> None:
        means, variances = arrays
        terms.coefs[:, self.at[1]] = means / variances
        terms.coefs[:, self.at[2]] = -0.5 / variances
        normalizer = -0.5 * np.log(2 * math.pi * variances) - 0.5 * means**2 / variances
        self.put_normalizer(terms, normalizer)

    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        extra = prior / sums.segments.shape[1]
        n = self.observed_weight(sums)
        first, second = sums.statistics[:, self.at[1]], sums.statistics[:, self.at[2]]
        means = np.where(n > 0, first / np.maximum(n, SMALLEST), 0.0)
        scatter = np.maximum(second - means * first, 0.0)
        # Columns are standardized: the variance of the whole sample is 1.
        variances = (scatter + extra) / np.maximum(n + extra, SMALLEST)
        return means, np.maximum(np.where(n + extra > 0, variances, 1.0), VARIANCE_FLOOR)

    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        variances = arrays[1]
        logs = np.log(variances) + 1 / variances
        return np.asarray(-0.5 * (prior / variances.shape[2]) * logs.sum(axis=(1, 2)))

    def coordinates(self, arrays: Arrays) -> Arrays:
        return arrays[0], np.log(arrays[1])

    def parameters(self, coordinates: Arrays) -> Arrays:
        return coordinates[0], np.exp(np.clip(coordinates[1], -40.0, 40.0))

    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        w, variances = weights[:, None, :], arrays[1]
        return np.sqrt(w / variances), np.sqrt(w / 2 + 0 * variances)

    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Means and logarithms of variances."""
        means, variances = arrays[0][0], arrays[1][0]

        def unit(j: int) -> Floats:
            return np.stack([np.diag([1 / v, 0.5]) for v in variances[j]])

        def scores(j: int, segment: int, x: Floats) -> Floats:
            distance, variance = x - means[j, segment], variances[j, segment]
            return np.stack([distance / variance, 0.5 * (distance**2 / variance - 1)], axis=1)

        index = numbered(weights.shape[1], 0, 2)
        return self.scored_numbers(weights, prior, index, unit, scores)

    def degenerate(self, arrays: Arrays) -> NDArray[np.bool_]:
        return np.asarray((arrays[1] <= 1.01 * VARIANCE_FLOOR).any(axis=(1, 2)))

    def n_parameters(self, k: int, marginal: Floats) -> int:
        return k * 2 * len(self.columns)

    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        """Means and standard deviations (columns, K)."""
        at = np.searchsorted(self.columns, columns)
        center, scale = units(self.design, columns)
        return center + scale * arrays[0][0, at], scale * np.sqrt(arrays[1][0, at])


class Gaussian(NumberFamily[GaussianItem]):
    """The normal density."""

    name = "gaussian"
    item = GaussianItem
    numeric = Normal

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        [column] = columns
        return [standard(column.name, numbers_of(column), weights)]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        [part], [column] = parts, columns
        yield standardized(part, numbers_of(column), weights)

    def per_segment(self, column: Column) -> int:
        return 2

    def write(
        self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays
    ) -> GaussianItem:
        [name], (means, sds) = modeled.variables, numeric
        return GaussianItem(variable=name, means=means[0].tolist(), sds=sds[0].tolist())

    def log_density(self, item: GaussianItem) -> Callable[[Floats], Floats]:
        return log_normal_density(item.variable, item.means, item.sds)

    def cumulative(self, item: GaussianItem) -> Callable[[Floats], Floats]:
        means, sds = np.array(item.means)[:, None], np.array(item.sds)[:, None]
        return cumulative_normal(means, sds)

    def expectation(self, item: GaussianItem) -> list[Expected]:
        return [term_of_sds(np.asarray(item.sds, dtype=np.float64))]

    def numbers(
        self, item: GaussianItem, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> Floats:
        return rng.normal(np.array(item.means)[segments], np.array(item.sds)[segments])

    def log_density_sql(self, item: GaussianItem, name: str) -> list[str]:
        return [
            f"o{name[1:]} * ({normal_sql(name, mean, sd)})"
            for mean, sd in zip(item.means, item.sds, strict=True)
        ]


def standard(name: str, values: Floats, weights: Floats) -> NumericColumn:
    """Return a column with its weighted mean and deviation: a part of the design."""
    seen = ~np.isnan(values)
    w, x = weights_of(weights, seen), values[seen]
    if not len(x) or w.sum() <= 0:
        raise DataError(f"{name!r} has no value at all.", "Leave it out.")
    center = float(np.average(x, weights=w))
    scale = math.sqrt(float(np.average((x - center) ** 2, weights=w)))
    # A constant column still has a density in a model without priors only by its floor.
    scale = scale if scale > 1e-12 * max(1.0, abs(center)) else 1.0
    return NumericColumn(name, center, scale, has_missing=not bool(seen.all()))


def standardized(part: Part, values: Floats, weights: Floats) -> Coded:
    """Standardize numbers by the mean and deviation of a column, and say what that costs."""
    assert isinstance(part, NumericColumn)
    observed = float(weights_of(weights, ~np.isnan(values)).sum())
    return (values - part.center) / part.scale, -observed * math.log(part.scale)


def units(design: Design, columns: Sequence[int]) -> tuple[Floats, Floats]:
    """Center and scale of numeric columns, both (columns, 1)."""
    chosen = [design.numerics[j] for j in columns]
    return np.array([[c.center] for c in chosen]), np.array([[c.scale] for c in chosen])


def log_normal_density(
    variable: str, means: Sequence[float], sds: Sequence[float]
) -> Callable[[Floats], Floats]:
    """Return the log density of normal distributions; DataError when they are none."""
    mean = np.asarray(means, dtype=np.float64)[:, None]
    sd = np.asarray(sds, dtype=np.float64)[:, None]
    if not (sd > 0.0).all():
        raise DataError(
            f"The model of {variable!r} has a standard deviation that is not above zero.",
            "Discover the segments again: nothing can be scored with this model.",
        )
    scale, log_norm = 1.0 / (np.sqrt(2.0) * sd), -0.5 * LOG_2PI - np.log(sd)

    def log_density(x: Floats) -> Floats:
        z = x - mean
        z *= scale
        z *= z
        return np.subtract(log_norm, z, out=z)

    return log_density


def cumulative_normal(means: Floats, sds: Floats) -> Callable[[Floats], Floats]:
    """Return the share of a normal variable that is below a value."""
    return lambda x: np.asarray(ndtr((x - means) / sds))


def term_of_sds(sd: Floats) -> Expected:
    """Mean and variance of a normal log density, from standard deviations (K,)."""
    return Expected(-0.5 * (LOG_2PI + 1.0) - np.log(sd), np.full_like(sd, 0.5))


def normal_sql(name: str, mean: float, sd: float) -> str:
    """Write the log density of one normal distribution."""
    distance = f"({name} - {number(mean)})"
    log_norm = number(-0.5 * LOG_2PI - np.log(sd))
    return f"{log_norm} - {number(0.5 / sd**2)} * {distance} * {distance}"
