"""Several continuous variables together: a normal distribution with a covariance matrix."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from forwhom.documents.items import GaussianBlock
from forwhom.errors import DataError, OptionError
from forwhom.mixture.cells import Cells, cut
from forwhom.mixture.design import Design, Modeled
from forwhom.mixture.families.covariance import MultivariateNormal, TiedNormal
from forwhom.mixture.families.distribution import LOG_2PI, Arrays
from forwhom.mixture.families.family import (
    Coded,
    Density,
    Expected,
    Family,
    Part,
    count_unusable,
    numbers_of,
)
from forwhom.mixture.families.gaussian import cumulative_normal, standard, standardized
from forwhom.mixture.sql_text import ItemSql, as_number, filled, number, usable_number
from forwhom.mixture.values import Bools, Floats, is_number, number_column, row_count
from forwhom.tables.columns import Column

#: A block of d variables has 2^d - 1 patterns of missing values, each with its own formula.
LARGEST_BLOCK = 4


class Block(Family[GaussianBlock]):
    """The normal density of several variables at once, marginal over those that are missing."""

    name = "gaussian-block"
    item = GaussianBlock
    numeric = MultivariateNormal
    joint = True

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        return [standard(column.name, numbers_of(column), weights) for column in columns]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        for part, column in zip(parts, columns, strict=True):
            yield standardized(part, numbers_of(column), weights)

    def per_segment(self, column: Column) -> int:
        return 2

    def write(
        self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays
    ) -> GaussianBlock:
        means, covariances = numeric
        return GaussianBlock(
            variables=list(modeled.variables),
            tied=self.numeric.tied,
            means=means.T.tolist(),
            covariances=covariances.tolist(),
        )

    def density(self, item: GaussianBlock, columns: Mapping[str, Column]) -> Density | None:
        found = [number_column(columns, name) for name in item.variables]
        if all(values is None for values in found):
            return None
        return BlockDensity(item, found, row_count(columns))

    def expectation(self, item: GaussianBlock) -> list[Expected]:
        d = len(item.variables)
        _, log_norms = whitening_of(covariances_of(item), np.arange(d), item.variables)
        return [Expected(log_norms - 0.5 * d, np.full(len(log_norms), 0.5 * d))]

    def sql(
        self, item: GaussianBlock, names: Sequence[str], centers: Floats, spreads: Floats
    ) -> ItemSql:
        d, k = len(names), len(item.means)
        if d > LARGEST_BLOCK:
            raise OptionError(
                f"The segmentation has {d} correlated variables ({', '.join(item.variables)}), too "
                f"many for SQL: it can hold {LARGEST_BLOCK}.",
                "Score these customers with 'forwhom score', or leave covariances out.",
            )
        cases: list[list[str]] = [[] for _ in range(3 * k)]
        for dims in _margins(d):
            seen = " AND ".join(
                f"o{name[1:]} = {number(float(j in dims))}" for j, name in enumerate(names)
            )
            for position, value in enumerate(_margin(item, names, dims, centers[0], spreads[0])):
                cases[position].append(f"WHEN {seen} THEN {value}")
        written = [f"CASE {' '.join(branches)} ELSE {number(0.0)} END" for branches in cases]
        return ItemSql(
            names=list(names),
            read=[as_number(v, name) for v, name in zip(item.variables, names, strict=True)],
            usable=[f"{usable_number(name)} AS {name}" for name in names],
            filled=[column for name in names for column in filled(name)],
            densities=written[:k],
            centers=written[k : 2 * k],
            spreads=written[2 * k :],
        )

    def draw(
        self, item: GaussianBlock, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> dict[str, Column]:
        factors = np.linalg.cholesky(covariances_of(item))
        noise = rng.standard_normal((len(segments), len(item.variables)))
        values = np.array(item.means)[segments]
        values += np.einsum("nij,nj->ni", factors[segments], noise)
        return {v: Column(v, values[:, j].copy()) for j, v in enumerate(item.variables)}

    def cells(self, item: GaussianBlock, columns: Mapping[str, Column]) -> list[Cells]:
        means = np.array(item.means)
        sds = np.sqrt(np.diagonal(covariances_of(item), axis1=1, axis2=2))
        return [
            cut(name, columns, cumulative_normal(means[:, [j]], sds[:, [j]]))
            for j, name in enumerate(item.variables)
        ]

    def unusable(self, item: GaussianBlock, columns: Mapping[str, Column]) -> dict[str, int]:
        return count_unusable(item.variables, columns, is_number)


class TiedBlock(Block):
    """A block with one covariance matrix for all segments."""

    name = "tied-gaussian-block"
    numeric = TiedNormal


class BlockDensity(Density):
    """The log density of a block: of the part that is observed."""

    def __init__(self, item: GaussianBlock, columns: Sequence[Floats | None], n: int) -> None:
        self._n = n
        self._columns = columns
        self._means = np.asarray(item.means, dtype=np.float64)
        covariances = covariances_of(item)
        self._factors = cache(
            lambda dims: whitening_of(covariances, np.asarray(dims), item.variables)
        )

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        x, observed = self._values(rows)
        out = np.zeros((len(self._means), x.shape[1]))
        for where, dims in patterns(observed):
            whitening, log_norms = self._factors(tuple(dims.tolist()))
            for k, (whiten, log_norm) in enumerate(zip(whitening, log_norms, strict=True)):
                z = whiten @ (x[np.ix_(dims, where)] - self._means[k, dims, None])
                out[k, where] = log_norm - 0.5 * np.einsum("ij,ij->j", z, z)
        return out, [np.logical_and.reduce(observed, axis=0)]

    def partial(self, rows: slice) -> Expected | None:
        _, observed = self._values(rows)
        centers = np.zeros((len(self._means), observed.shape[1]))
        spreads = np.zeros_like(centers)
        for where, dims in patterns(observed):
            if len(dims) < len(observed):
                log_norms = self._factors(tuple(dims.tolist()))[1]
                centers[:, where] = (log_norms - 0.5 * len(dims))[:, None]
                spreads[:, where] = 0.5 * len(dims)
        return Expected(centers, spreads)

    def _values(self, rows: slice) -> tuple[Floats, Bools]:
        """Return the values (variables × rows), 0 where missing, and where they are observed."""
        height = len(range(*rows.indices(self._n)))
        x = np.zeros((len(self._columns), height))
        observed = np.zeros(x.shape, dtype=bool)
        for j, column in enumerate(self._columns):
            if column is not None:
                observed[j] = is_number(column[rows])
                x[j] = np.where(observed[j], column[rows], 0.0)
        return x, observed


def covariances_of(item: GaussianBlock) -> Floats:
    """Return the covariance matrices (K, d, d); a tied model may write its one matrix once."""
    covariances = np.asarray(item.covariances, dtype=np.float64)
    return np.broadcast_to(covariances, (len(item.means), *covariances.shape[1:]))


def whitening_of(
    covariances: Floats, dims: NDArray[np.intp], variables: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return inverse Cholesky factors (K, d, d) and log norming constants (K,) of a margin."""
    margin = covariances[:, dims[:, None], dims]
    try:
        lower = np.linalg.cholesky(margin)
    except np.linalg.LinAlgError as error:
        raise DataError(
            f"The model of {', '.join(variables)} has a covariance matrix that is not "
            "positive definite.",
            "Discover the segments again: nothing can be scored with this model.",
        ) from error
    identity = np.eye(len(dims))
    whitening = np.stack([solve_triangular(low, identity, lower=True) for low in lower])
    log_dets = np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    return whitening, -0.5 * len(dims) * LOG_2PI - log_dets


def patterns(observed: Bools) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the rows and the variables of each pattern of missing values (nothing: no yield)."""
    if observed.all():
        yield np.arange(observed.shape[1]), np.arange(observed.shape[0])
        return
    packed = np.packbits(observed, axis=0)
    unique, which = np.unique(packed, axis=1, return_inverse=True)
    for code in range(unique.shape[1]):
        rows = np.flatnonzero(which.ravel() == code)
        dims = np.flatnonzero(observed[:, rows[0]])
        if len(dims):
            yield rows, dims


def _margins(d: int) -> list[tuple[int, ...]]:
    sizes = range(d, 0, -1)
    return [dims for size in sizes for dims in itertools.combinations(range(d), size)]


def _margin(
    item: GaussianBlock, names: Sequence[str], dims: tuple[int, ...], center: Floats, spread: Floats
) -> list[str]:
    """Write densities, centers and spreads of all segments for one pattern of missing values."""
    whole = len(dims) == len(names)
    whitening, log_norms = whitening_of(covariances_of(item), np.asarray(dims), item.variables)
    densities = []
    for whiten, log_norm, mean in zip(whitening, log_norms, item.means, strict=True):
        squares = []
        for row in whiten:
            parts = [
                f"{number(weight)} * ({names[j]} - {number(mean[j])})"
                for j, weight in zip(dims, row, strict=True)
                if weight != 0.0
            ]
            squares.append(f"POWER({' + '.join(parts)}, 2)")
        densities.append(f"{number(log_norm)} - {number(0.5)} * ({' + '.join(squares)})")
    centers = center if whole else log_norms - 0.5 * len(dims)
    spreads = spread if whole else np.full(len(log_norms), 0.5 * len(dims))
    return [*densities, *map(number, centers), *map(number, spreads)]
