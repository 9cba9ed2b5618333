"""Blocks of continuous variables with a full or tied covariance matrix, missing values included.

Small matrices and BLAS do this well, so it is plain NumPy. Rows are grouped by which variables
are missing; the density of a row is that of its observed part, and the M-step uses the expected
first and second moments of the missing part (Ghahramani and Jordan 1994).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.parameters import Covariance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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


@dataclass(frozen=True)
class BlockSums:
    """Expected moments: ``first`` (S, c, K) and ``second`` (S, K, c, c)."""

    first: Floats
    second: Floats


def patterns(values: Floats) -> list[Pattern]:
    """Group the columns of ``values`` (c, n) by which variables are missing."""
    if not len(values):
        return []
    masks = np.isnan(values)
    unique, inverse = np.unique(masks.T, axis=0, return_inverse=True)
    found = []
    for i, mask in enumerate(unique):
        rows = np.flatnonzero(inverse.ravel() == i)
        observed = np.flatnonzero(~mask)
        found.append(
            Pattern(rows, observed, np.flatnonzero(mask), values[np.ix_(observed, rows)].T.copy())
        )
    return found


def log_densities(means: Floats, factors: Floats, groups: list[Pattern], n: int) -> Floats:
    """Log density of each row's observed part, shape (n, K), for one start.

    ``means`` (c, K) and lower Cholesky ``factors`` (K, c, c).
    """
    out = np.zeros((n, means.shape[1]))
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


def block_mstep(
    sums: BlockSums, segments: Floats, prior: float, covariance: Covariance
) -> tuple[Floats, Floats]:
    """Means (S, c, K) and Cholesky factors (S, K, c, c) from expected moments."""
    _, c, k = sums.first.shape
    if c == 0:
        return sums.first, sums.second
    safe = np.maximum(segments, 1e-300)
    means = np.where(segments[:, None, :] > 0, sums.first / safe[:, None, :], 0.0)
    outer = np.einsum("sik,sjk,sk->skij", means, means, segments)
    scatter = sums.second - outer
    identity = np.eye(c)
    if covariance == "tied":
        total = (segments.sum(axis=1) + prior)[:, None, None, None]
        pooled = (scatter.sum(axis=1, keepdims=True) + prior * identity) / total
        cov = np.repeat(pooled, k, axis=1)
    else:
        extra = prior / k
        weight = np.maximum(segments + extra, 1e-300)[:, :, None, None]
        cov = (scatter + extra * identity) / weight
    return means, _factor(_keep_positive(cov))


def _keep_positive(cov: Floats) -> Floats:
    values, vectors = np.linalg.eigh(0.5 * (cov + np.swapaxes(cov, -1, -2)))
    if values.min() >= EIGENVALUE_FLOOR:
        return cov
    # Relative to the largest, so that rounding cannot make the lifted matrix singular again.
    values = np.maximum(values, np.maximum(EIGENVALUE_FLOOR, 1e-13 * values[..., -1:]))
    return np.asarray(np.einsum("...ij,...j,...kj->...ik", vectors, values, vectors))


def block_penalty(factors: Floats, prior: float) -> Floats:
    """Log density of the prior at the covariance matrices, shape (S,)."""
    n_starts, k, c, _ = factors.shape
    if c == 0:
        return np.zeros(n_starts)
    log_det = 2 * np.log(np.diagonal(factors, axis1=2, axis2=3)).sum(axis=2)
    inverse = np.linalg.inv(factors)
    trace = np.einsum("skij,skij->sk", inverse, inverse)
    # A tied matrix takes all prior customers once: K equal terms of prior / K each.
    return np.asarray(-0.5 * (prior / k) * (log_det + trace).sum(axis=1))
