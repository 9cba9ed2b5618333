"""The normal distribution of several numbers at once, missing values included.

Small matrices and BLAS do this well, so it is plain NumPy. Rows are grouped by which variables
are missing; the density of a row is that of its observed part, and the M-step uses the expected
first and second moments of the missing part (Ghahramani and Jordan 1994).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.families.distribution import (
    SMALLEST,
    Arrays,
    Distribution,
    Floats,
    Ints,
    Sums,
    Terms,
)
from forwhom.mixture.families.gaussian import units
from forwhom.mixture.families.scores import RowScores, Scores, numbered

#: Rows of one block, so that its whitened copies stay in the cache.
BLOCK_ROWS = 2048
#: Smallest eigenvalue of a covariance matrix of standardized variables.
EIGENVALUE_FLOOR = 1e-6


@dataclass(frozen=True)
class Pattern:
    """Rows that have the same variables observed."""

    rows: Ints
    observed: Ints
    missing: Ints
    values: Floats  # (rows, observed)


class MultivariateNormal(Distribution):
    """Means (S, c, K) and lower Cholesky factors (S, c, c, K) of the covariance matrices."""

    dense = True
    #: Whether all segments have one matrix.
    tied: ClassVar[bool] = False

    def blank(self, n_starts: int, k: int) -> Arrays:
        c = len(self.columns)
        identity = np.broadcast_to(np.eye(c)[:, :, None], (n_starts, c, c, k))
        return np.zeros((n_starts, c, k)), identity.copy()

    def around(self, neutral: Arrays, chosen: Ints, pull: Floats) -> Arrays:
        values = self.design.numeric[self.columns][:, chosen]
        return np.nan_to_num(np.moveaxis(values, 0, 1)), neutral[1]

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        return rng.standard_normal(neutral[0].shape), neutral[1]

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        shift = np.where(copies > 1, rng.normal(0.0, 0.7, size=arrays[0].shape), 0.0)
        return arrays[0] + shift, arrays[1]

    def comparable(self) -> Floats:
        return self.design.numeric[self.columns]

    @cached_property
    def patterns(self) -> list[Pattern]:
        """Rows, grouped by which of the variables are missing."""
        values = self.design.numeric[self.columns]
        masks = np.isnan(values)
        unique, inverse = np.unique(masks.T, axis=0, return_inverse=True)
        found = []
        for i, mask in enumerate(unique):
            rows = np.flatnonzero(inverse.ravel() == i)
            observed = np.flatnonzero(~mask)
            part = values[np.ix_(observed, rows)].T.copy()
            found.append(Pattern(rows, observed, np.flatnonzero(mask), part))
        return found

    def fill(self, arrays: Arrays, terms: Terms) -> None:
        assert terms.dense is not None
        for s, factors in enumerate(_by_segment(arrays[1])):
            terms.dense[s] += log_densities(arrays[0][s], factors, self.patterns)

    def moments(self, arrays: Arrays, resp: Floats) -> Arrays:
        """Expected moments (S, c, K) and (S, c, c, K), from weighted responsibilities."""
        firsts, seconds = zip(
            *(
                block_sums(means, factors, self.patterns, r)
                for means, factors, r in zip(arrays[0], _by_segment(arrays[1]), resp, strict=True)
            ),
            strict=True,
        )
        return np.stack(firsts), np.moveaxis(np.stack(seconds), 1, -1)

    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        first, second = sums.moments
        segments = sums.segments
        means = np.where(
            segments[:, None, :] > 0, first / np.maximum(segments, SMALLEST)[:, None, :], 0.0
        )
        outer = np.einsum("sik,sjk,sk->skij", means, means, segments)
        cov = self._shrunk(_by_segment(second) - outer, segments, prior)
        return means, np.moveaxis(_factor(_keep_positive(cov)), 1, -1)

    def _shrunk(self, scatter: Floats, segments: Floats, prior: float) -> Floats:
        """Covariance matrices (S, K, c, c), with the prior customers' unit matrices."""
        extra = prior / segments.shape[1]
        weight = np.maximum(segments + extra, SMALLEST)[:, :, None, None]
        return np.asarray((scatter + extra * np.eye(len(self.columns))) / weight)

    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        factors = _by_segment(arrays[1])
        log_det = 2 * np.log(np.diagonal(factors, axis1=2, axis2=3)).sum(axis=2)
        inverse = np.linalg.inv(factors)
        trace = np.einsum("skij,skij->sk", inverse, inverse)
        # A tied matrix takes all prior customers once: K equal terms of prior / K each.
        return np.asarray(-0.5 * (prior / factors.shape[1]) * (log_det + trace).sum(axis=1))

    def coordinates(self, arrays: Arrays) -> Arrays:
        diagonal = np.arange(len(self.columns))
        factors = arrays[1].copy()
        factors[:, diagonal, diagonal] = np.log(factors[:, diagonal, diagonal])
        return arrays[0], factors

    def parameters(self, coordinates: Arrays) -> Arrays:
        means, factors = coordinates
        diagonal = np.arange(len(self.columns))
        lower = np.tril(np.ones(factors.shape[1:3], dtype=bool))[:, :, None]
        factors = np.where(lower, np.clip(factors, -1e3, 1e3), 0.0)
        factors[:, diagonal, diagonal] = np.exp(np.clip(factors[:, diagonal, diagonal], -7, 7))
        return means, factors

    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        spread = np.einsum("sijk,sijk->sik", arrays[1], arrays[1])
        w = weights[:, None, :]
        return np.sqrt(w / spread), np.sqrt(w[:, None]) + 0 * arrays[1]

    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Means, and variances and covariances, which segments share where they are tied."""
        means, factors = arrays[0][0], _by_segment(arrays[1])[0]
        c, k = means.shape
        covariances = factors @ np.swapaxes(factors, 1, 2)
        pair = np.triu_indices(c)
        index = numbered(k, 0, c + len(pair[0]))
        if self.tied:
            index = np.roll(numbered(k, len(pair[0]), c), c, axis=1)
        information = np.zeros((k, index.shape[1], index.shape[1]))
        precisions = []
        for pattern in self.patterns:
            o = pattern.observed
            inverse = np.zeros((k, c, c))
            inverse[:, o[:, None], o] = np.linalg.inv(covariances[:, o[:, None], o])
            precisions.append(inverse)
            complete = prior / k if len(o) == c else 0.0
            known = weights[pattern.rows].sum(axis=0) + complete
            information += known[:, None, None] * _of_one(inverse, pair)
        compute = partial(_block_scores, means, self.patterns, precisions, pair, len(weights))
        names = tuple(self.design.numerics[j].variable for j in self.columns.tolist())
        return [RowScores(names, index, information, compute)]

    def degenerate(self, arrays: Arrays) -> NDArray[np.bool_]:
        smallest = np.linalg.svd(_by_segment(arrays[1]), compute_uv=False).min(axis=(1, 2))
        return np.asarray(smallest**2 <= 1.5 * EIGENVALUE_FLOOR)

    def n_parameters(self, k: int, marginal: Floats) -> int:
        c = len(self.columns)
        return k * c + (1 if self.tied else k) * c * (c + 1) // 2

    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        """Means (c, K) and covariance matrices (K, c, c)."""
        center, scale = units(self.design, columns)
        factors = _by_segment(arrays[1])[0]
        covariances = factors @ np.swapaxes(factors, 1, 2)
        return center + scale * arrays[0][0], covariances * (scale * scale.T)


class TiedNormal(MultivariateNormal):
    """One covariance matrix for all segments, which is repeated."""

    tied = True

    def _shrunk(self, scatter: Floats, segments: Floats, prior: float) -> Floats:
        total = (segments.sum(axis=1) + prior)[:, None, None, None]
        pooled = scatter.sum(axis=1, keepdims=True) + prior * np.eye(len(self.columns))
        return np.repeat(pooled / total, segments.shape[1], axis=1)


def _by_segment(matrices: Floats) -> Floats:
    """Put the segments before the matrices, as linear algebra takes them: (S, K, c, c)."""
    return np.ascontiguousarray(np.moveaxis(matrices, -1, 1))


def _of_one(precisions: Floats, pair: tuple[Ints, Ints]) -> Floats:
    """Information of one customer about means and covariances, from precisions (K, c, c)."""
    i, j = pair
    k, c, _ = precisions.shape
    basis = np.zeros((len(i), c, c))
    basis[np.arange(len(i)), i, j] = basis[np.arange(len(i)), j, i] = 1.0
    moved = np.einsum("kab,pbd->kpad", precisions, basis)
    found = np.zeros((k, c + len(i), c + len(i)))
    found[:, :c, :c] = precisions
    found[:, c:, c:] = 0.5 * np.einsum("kpab,kqba->kpq", moved, moved)
    return found


def _block_scores(
    means: Floats,
    patterns: Sequence[Pattern],
    precisions: Sequence[Floats],
    pair: tuple[Ints, Ints],
    n: int,
    segment: int,
    rows: slice,
) -> Floats:
    """Scores of the rows' observed parts, shape (rows, c + pairs)."""
    (i, j), c = pair, len(means)
    out = np.zeros((n, c + len(i)))
    twice = np.where(i == j, 0.5, 1.0)  # a covariance stands on both sides of the diagonal
    for pattern, inverse in zip(patterns, precisions, strict=True):
        o, own = pattern.observed, inverse[segment]
        pull = (pattern.values - means[o, segment]) @ own[o]
        out[pattern.rows, :c] = pull
        out[pattern.rows, c:] = twice * (pull[:, i] * pull[:, j] - own[i, j])
    return out[rows]


def log_densities(means: Floats, factors: Floats, groups: list[Pattern]) -> Floats:
    """Log density of each row's observed part, shape (n, K), for one start.

    ``means`` (c, K) and lower Cholesky ``factors`` (K, c, c).
    """
    out = np.zeros((sum(len(group.rows) for group in groups), means.shape[1]))
    covariances = factors @ np.swapaxes(factors, 1, 2)
    for group in groups:
        o = group.observed
        part = factors
        if len(group.missing):
            part = _factor(covariances[:, o[:, None], o])
        whitening = np.linalg.inv(part)
        shift = np.einsum("kij,jk->ki", whitening, means[o])
        constant = np.log(np.diagonal(whitening, axis1=1, axis2=2)).sum(axis=1)
        constant -= 0.5 * len(o) * math.log(2 * math.pi)
        for lo in range(0, len(group.rows), BLOCK_ROWS):
            z = group.values[lo : lo + BLOCK_ROWS] @ np.swapaxes(whitening, 1, 2)
            z -= shift[:, None, :]
            square = np.einsum("knc,knc->nk", z, z)
            out[group.rows[lo : lo + BLOCK_ROWS]] = constant - 0.5 * square
    return out


def _factor(covariances: Floats) -> Floats:
    """Cholesky factors; a matrix that rounding made singular is lifted to the floor first."""
    try:
        return np.asarray(np.linalg.cholesky(covariances))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.cholesky(_keep_positive(covariances)))


def block_sums(
    means: Floats, factors: Floats, groups: list[Pattern], resp: Floats
) -> tuple[Floats, Floats]:
    """Expected moments of one start: (c, K) and (K, c, c). ``resp`` (n, K) holds the weights."""
    c, k = means.shape
    first, second = np.zeros((c, k)), np.zeros((k, c, c))
    for segment in range(k):
        cov = factors[segment] @ factors[segment].T
        for filled, extra, rows in _completed(groups, means[:, segment], cov):
            r = resp[rows, segment]
            weighted = filled * r[:, None]
            first[:, segment] += weighted.sum(axis=0)
            second[segment] += weighted.T @ filled + r.sum() * extra
    return first, second


def _completed(
    groups: list[Pattern], mean: Floats, cov: Floats
) -> Iterator[tuple[Floats, Floats, Ints]]:
    """Rows with missing values replaced by their expectation, and the covariance left over."""
    c = len(mean)
    for group in groups:
        o, m = group.observed, group.missing
        filled = np.empty((len(group.rows), c))
        filled[:, o] = group.values
        extra = np.zeros((c, c))
        if len(m):
            regression = (
                np.linalg.solve(cov[np.ix_(o, o)], cov[np.ix_(o, m)])
                if len(o)
                else np.zeros((0, len(m)))
            )
            filled[:, m] = mean[m] + (group.values - mean[o]) @ regression
            extra[np.ix_(m, m)] = cov[np.ix_(m, m)] - cov[np.ix_(m, o)] @ regression
        yield filled, extra, group.rows


def _keep_positive(cov: Floats) -> Floats:
    values, vectors = np.linalg.eigh(0.5 * (cov + np.swapaxes(cov, -1, -2)))
    if values.min() >= EIGENVALUE_FLOOR:
        return cov
    # Relative to the largest, so that rounding cannot make the lifted matrix singular again.
    values = np.maximum(values, np.maximum(EIGENVALUE_FLOOR, 1e-13 * values[..., -1:]))
    return np.asarray(np.einsum("...ij,...j,...kj->...ik", vectors, values, vectors))
