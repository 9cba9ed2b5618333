"""Parameters of S mixtures at once, and the natural-parameter matrices made from them.

The leading axis S runs over starts: all of them are columns of one product.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design, NumericColumn
from forwhom.mixture.kernels import LANES

Floats = NDArray[np.float64]
Covariance = Literal["diagonal", "full", "tied"]

#: Probabilities and rates do not go below this: their logarithm must stay finite.
SMALLEST = 1e-300


@dataclass(frozen=True)
class Layout:
    """Which numeric columns have which family, and where their statistics stand."""

    design: Design
    covariance: Covariance

    @cached_property
    def block(self) -> NDArray[np.int64]:
        """Continuous columns with a full or tied covariance matrix."""
        if self.covariance == "diagonal":
            return np.empty(0, dtype=np.int64)
        return self._where(lambda c: not c.poisson and not c.log)

    @cached_property
    def gaussian(self) -> NDArray[np.int64]:
        """Columns with a variance of their own: logs of positive variables are never in a block."""
        if self.covariance == "diagonal":
            return self._where(lambda c: not c.poisson)
        return self._where(lambda c: c.log)

    @cached_property
    def poisson(self) -> NDArray[np.int64]:
        """Columns of counts."""
        return self._where(lambda c: c.poisson)

    def _where(self, wanted: Callable[[NumericColumn], bool]) -> NDArray[np.int64]:
        return np.array([j for j, c in enumerate(self.design.numerics) if wanted(c)], np.int64)

    @cached_property
    def statistics(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Source column and power of every sufficient statistic, both of shape (Q,)."""
        pairs = []
        for j in np.concatenate([self.gaussian, self.poisson]):
            powers = [1] if self.design.numerics[j].poisson else [1, 2]
            pairs += [(j, p) for p in powers]
            if self.design.numerics[j].has_missing:
                pairs.append((j, 0))
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])

    def position(self, columns: NDArray[np.int64], power: int) -> NDArray[np.int64]:
        """Row of one power in the statistics for each column; -1 where it is not collected."""
        return np.array([self._rows.get((int(j), power), -1) for j in columns], dtype=np.int64)

    @cached_property
    def _rows(self) -> dict[tuple[int, int], int]:
        pairs = zip(*self.statistics, strict=True)
        return {(int(j), int(power)): q for q, (j, power) in enumerate(pairs)}


@dataclass(frozen=True)
class Parameters:
    """Mean parameters of S mixtures with K segments.

    Shapes: ``weights`` (S, K); ``probs`` (S, L, K) over the levels of all items; ``means`` and
    ``variances`` (S, columns, K); ``rates`` (S, columns, K); ``block_means`` (S, c, K) and
    ``block_factors`` (S, K, c, c), lower Cholesky factors of the covariance matrices.
    """

    weights: Floats
    probs: Floats
    means: Floats
    variances: Floats
    rates: Floats
    block_means: Floats
    block_factors: Floats

    def pick(self, index: NDArray[np.integer]) -> Parameters:
        """Keep some of the starts."""
        return Parameters(*(getattr(self, f.name)[index] for f in fields(self)))

    def order(self, segments: NDArray[np.integer]) -> Parameters:
        """Reorder the segments of every start."""
        return Parameters(
            self.weights[:, segments],
            self.probs[:, :, segments],
            self.means[:, :, segments],
            self.variances[:, :, segments],
            self.rates[:, :, segments],
            self.block_means[:, :, segments],
            self.block_factors[:, segments],
        )

    @property
    def n_starts(self) -> int:
        """S."""
        return len(self.weights)


def stack(parts: list[Parameters]) -> Parameters:
    """Put several sets of starts behind each other."""
    return Parameters(
        *(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Parameters))
    )


def natural(p: Parameters, layout: Layout) -> tuple[Floats, Floats]:
    """Coefficients (S, Q, K) of the statistics, and constants (S, K) with the log weights."""
    source, _ = layout.statistics
    coefs = np.zeros((p.n_starts, len(source), p.weights.shape[1]))
    const = np.log(np.maximum(p.weights, SMALLEST))
    if len(layout.gaussian):
        normalizer = -0.5 * np.log(2 * math.pi * p.variances) - 0.5 * p.means**2 / p.variances
        coefs[:, layout.position(layout.gaussian, 1)] = p.means / p.variances
        coefs[:, layout.position(layout.gaussian, 2)] = -0.5 / p.variances
        const += _place(coefs, layout.position(layout.gaussian, 0), normalizer)
    if len(layout.poisson):
        coefs[:, layout.position(layout.poisson, 1)] = np.log(p.rates)
        const += _place(coefs, layout.position(layout.poisson, 0), -p.rates)
    return coefs, const


def _place(coefs: Floats, position: NDArray[np.int64], normalizer: Floats) -> Floats:
    """Put log-normalizers on the observed column where there is one; return the others' sum."""
    partial = position >= 0
    coefs[:, position[partial]] = normalizer[:, partial]
    return np.asarray(normalizer[:, ~partial].sum(axis=1))


def tiles(array: Floats, fill: float) -> Floats:
    """Pad the last axis (segments) to whole tiles: (S, ..., K) becomes (S, T, ..., LANES)."""
    k = array.shape[-1]
    n_tiles = -(-k // LANES)
    padded = np.full((*array.shape[:-1], n_tiles * LANES), fill)
    padded[..., :k] = array
    split = padded.reshape(*array.shape[:-1], n_tiles, LANES)
    return np.ascontiguousarray(np.moveaxis(split, -2, 1))


def untile(array: Floats, k: int) -> Floats:
    """Undo :func:`tiles`: (S, T, ..., LANES) becomes (S, ..., K)."""
    joined = np.moveaxis(array, 1, -2)
    width = joined.shape[-2] * joined.shape[-1]
    return np.asarray(joined.reshape(*joined.shape[:-2], width)[..., :k])


def flatten(p: Parameters) -> Floats:
    """Coordinates without bounds, shape (S, P): logarithms, means and log-Cholesky factors."""
    s = p.n_starts
    diagonal = np.arange(p.block_factors.shape[-1])
    factors = p.block_factors.copy()
    factors[..., diagonal, diagonal] = np.log(factors[..., diagonal, diagonal])
    parts = (
        np.log(np.maximum(p.weights, SMALLEST)),
        np.log(np.maximum(p.probs, SMALLEST)),
        p.means,
        np.log(p.variances),
        np.log(p.rates),
        p.block_means,
        factors,
    )
    return np.concatenate([x.reshape(s, -1) for x in parts], axis=1)


def metric(p: Parameters) -> Floats:
    """Square root of the complete-data information of each coordinate, shape (S, P).

    It weighs a change of a parameter by what it means for the density of one customer.
    """
    w = p.weights[:, None, :]
    c = p.block_factors.shape[-1]
    spread = np.einsum("skij,skij->sik", p.block_factors, p.block_factors)
    parts = (
        np.sqrt(p.weights),
        np.sqrt(w * p.probs),
        np.sqrt(w / p.variances),
        np.sqrt(w / 2 + 0 * p.variances),
        np.sqrt(w * p.rates),
        np.sqrt(w / spread) if c else p.block_means,
        np.sqrt(p.weights)[:, :, None, None] + 0 * p.block_factors,
    )
    return np.concatenate([x.reshape(p.n_starts, -1) for x in parts], axis=1)


def unflatten(u: Floats, like: Parameters, layout: Layout) -> Parameters:
    """Parameters from coordinates; probabilities are normalized again."""
    s = len(u)
    shapes = [getattr(like, f.name).shape[1:] for f in fields(like)]
    cuts = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    w, probs, means, log_var, log_rates, block_means, factors = (
        x.reshape(s, *shape) for x, shape in zip(np.split(u, cuts, axis=1), shapes, strict=True)
    )
    w = np.exp(w - w.max(axis=1, keepdims=True))
    diagonal = np.arange(factors.shape[-1])
    factors = np.tril(np.clip(factors, -1e3, 1e3))
    factors[..., diagonal, diagonal] = np.exp(np.clip(factors[..., diagonal, diagonal], -7, 7))
    return Parameters(
        w / w.sum(axis=1, keepdims=True),
        normalize_levels(np.exp(np.clip(probs, -690.0, 300.0)), layout),
        means,
        np.exp(np.clip(log_var, -40.0, 40.0)),
        np.exp(np.clip(log_rates, -690.0, 40.0)),
        block_means,
        factors,
    )


def normalize_levels(probs: Floats, layout: Layout) -> Floats:
    """Divide the levels of each item by their sum; shape (S, L, K) stays."""
    groups = layout.design.groups
    if not len(groups.first):
        return probs
    totals = np.add.reduceat(probs, groups.first, axis=1)
    return np.asarray(probs / np.repeat(totals, groups.size, axis=1))
