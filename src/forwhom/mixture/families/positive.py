"""Positive variables: log-normal above zero, and how likely that is where zeros occur."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from forwhom.documents.items import PositiveItem
from forwhom.errors import DataError
from forwhom.mixture.design import CodedItem, Design, Modeled
from forwhom.mixture.families.categorical import Multinomial, term_of_levels
from forwhom.mixture.families.distribution import Arrays, Floats
from forwhom.mixture.families.family import (
    Coded,
    Density,
    Expected,
    NumberDensity,
    NumberFamily,
    Part,
    numbers_of,
    weights_of,
)
from forwhom.mixture.families.gaussian import (
    Normal,
    log_normal_density,
    normal_sql,
    standard,
    standardized,
    term_of_sds,
)
from forwhom.mixture.sql_text import filled, logarithm, number, when
from forwhom.mixture.values import Bools, number_column
from forwhom.tables.columns import Column


def _logs(name: str, values: Floats) -> tuple[Floats, Bools]:
    """Return logarithms, missing where there is none, and which numbers are above zero."""
    negative = int((values < 0).sum())
    if negative:
        raise DataError(
            f"{name!r} is positive, but {negative} values are negative.",
            "Use 'continuous', or correct the values.",
        )
    above = values > 0
    logs = np.full(len(values), np.nan)
    np.log(values, out=logs, where=above)
    return logs, above


class Positive(NumberFamily[PositiveItem]):
    """Two parts: an item "zero or above", where zeros occur, and a normal column of logarithms."""

    name = "positive"
    item = PositiveItem
    coded = Multinomial
    numeric = Normal
    positive = True

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        [column] = columns
        values = numbers_of(column)
        logs, above = _logs(column.name, values)
        if not above.any():
            raise DataError(f"{column.name!r} has no value above zero.", "Leave it out.")
        zeros: list[Part] = [CodedItem(column.name, ("zero", "above zero"))]
        has_zeros = bool((~np.isnan(values) & ~above).any())
        return [*(zeros if has_zeros else []), standard(column.name, logs, weights)]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        [column] = columns
        values = numbers_of(column)
        logs, above = _logs(column.name, values)
        if len(parts) > 1:
            yield np.where(np.isnan(values), -1, above).astype(np.int32), 0.0
        z, constant = standardized(parts[-1], logs, weights)
        yield z, constant - float(weights_of(weights, above) @ logs[above])

    def per_segment(self, column: Column) -> int:
        return 2

    def write(
        self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays
    ) -> PositiveItem:
        [name], (means, sds) = modeled.variables, numeric
        return PositiveItem(
            variable=name,
            any=coded[0][1].tolist() if coded else None,
            log_means=means[0].tolist(),
            log_sds=sds[0].tolist(),
        )

    def density(self, item: PositiveItem, columns: Mapping[str, Column]) -> Density | None:
        values = number_column(columns, item.variable)
        if values is None:
            return None
        density = NumberDensity(values, self.usable, self.log_density(item))
        return PositiveDensity(density, values, asks_any=item.any is not None)

    def log_density(self, item: PositiveItem) -> Callable[[Floats], Floats]:
        log_normal = log_normal_density(item.variable, item.log_means, item.log_sds)
        above = _above(item)
        with np.errstate(divide="ignore"):
            log_any, log_none = np.log(above), np.log1p(-above)

        def log_density(x: Floats) -> Floats:
            y = np.log(np.where(x > 0.0, x, 1.0))
            out = log_normal(y) - y + log_any
            return out if (x > 0.0).all() else np.where(x > 0.0, out, log_none)

        return log_density

    def cumulative(self, item: PositiveItem) -> Callable[[Floats], Floats]:
        above = _above(item)
        means, sds = np.array(item.log_means)[:, None], np.array(item.log_sds)[:, None]

        def cdf(x: Floats) -> Floats:
            positive = ndtr((np.log(np.maximum(x, 1e-300)) - means) / sds)
            return np.asarray(np.where(x < 0, 0.0, 1 - above * (1 - positive)))

        return cdf

    def expectation(self, item: PositiveItem) -> list[Expected]:
        sd = np.asarray(item.log_sds, dtype=np.float64)
        center, spread = term_of_sds(sd)
        # log f(x) = log normal(y) - y with y = log x; the square in the first is uncorrelated with
        # y, because a normal distribution has no skewness, so the variances add up.
        value = Expected(center - np.asarray(item.log_means), spread + sd**2)
        if item.any is None:
            return [value]
        any_ = np.asarray(item.any, dtype=np.float64)
        return [term_of_levels(np.stack([any_, 1.0 - any_], axis=1)), value]

    def numbers(
        self, item: PositiveItem, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> Floats:
        means, sds = np.array(item.log_means)[segments], np.array(item.log_sds)[segments]
        numbers = rng.lognormal(means, sds)
        if item.any is not None:
            numbers[rng.random(len(segments)) >= np.array(item.any)[segments]] = 0.0
        return np.asarray(numbers)

    def filled_sql(self, name: str) -> list[str]:
        zero, one = number(0.0), number(1.0)
        return [
            *filled(name),
            f"{when(f'{name} > {zero}', one, zero)} AS a{name[1:]}",
            f"COALESCE({logarithm(name)}, {zero}) AS y{name[1:]}",
        ]

    def observed_sql(self, item: PositiveItem, name: str) -> list[str]:
        above = f"a{name[1:]}"
        return [above] if item.any is None else [f"o{name[1:]}", above]

    def log_density_sql(self, item: PositiveItem, name: str) -> list[str]:
        observed, above, log = (f"{letter}{name[1:]}" for letter in "oay")
        densities = []
        for share, mean, sd in zip(_above(item)[:, 0], item.log_means, item.log_sds, strict=True):
            with np.errstate(divide="ignore"):
                log_any, log_none = np.log(share), np.log1p(-share)
            value = f"{number(log_any)} + {normal_sql(log, mean, sd)} - {log}"
            densities.append(f"({observed} - {above}) * {number(log_none)} + {above} * ({value})")
        return densities


class PositiveDensity(Density):
    """The density of one number that has two terms: zero or not, and the value above zero."""

    def __init__(self, density: NumberDensity, values: Floats, *, asks_any: bool) -> None:
        self._density, self._values, self._asks_any = density, values, asks_any

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        out, [observed] = self._density.evaluate(rows)
        above = observed & (self._values[rows] > 0.0)
        return out, [observed, above] if self._asks_any else [above]


def _above(item: PositiveItem) -> Floats:
    """Probability of a value above zero, shape (K, 1); a model that never saw a zero is sure."""
    return np.asarray(item.any or [1.0] * len(item.log_means), dtype=np.float64)[:, None]
