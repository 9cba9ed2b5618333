"""M-steps: from sums of responsibilities times statistics to mean parameters, by family.

A prior of ``a`` adds ``a / K`` customers to each segment, spread like the whole sample, so that
no probability reaches 0 or 1 and no variance 0 (Vermunt and Magidson's "Bayes constants"). With
``a = 0`` every M-step is plain maximum likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.covariance import BlockSums, block_mstep, block_penalty
from forwhom.mixture.ordinal import ordinal_mstep
from forwhom.mixture.parameters import SMALLEST, Layout, Parameters

Floats = NDArray[np.float64]

#: Smallest variance, as a share of the variance of the whole sample.
VARIANCE_FLOOR = 1e-6


@dataclass(frozen=True)
class Sums:
    """What one pass over the data leaves: S = (w R)' T, and the log-likelihood.

    Shapes: ``segments`` (S, K), ``levels`` (S, L, K), ``statistics`` (S, Q, K), ``loglik`` (S,).
    """

    segments: Floats
    levels: Floats
    statistics: Floats
    block: BlockSums
    loglik: Floats


@dataclass(frozen=True)
class Marginals:
    """The whole sample as one segment: what the prior customers look like."""

    levels: Floats  # (L,) share of each level among those who answered
    rates: Floats  # (columns,) mean of each count


def mstep(
    sums: Sums, current: Parameters, layout: Layout, marginals: Marginals, prior: float
) -> Parameters:
    """Return the parameters that maximize the penalized expected log-likelihood.

    Every start gets the weights ``prior / K`` for its prior customers. ``current`` is where
    families without a closed form (ordinal) begin.
    """
    k = sums.segments.shape[1]
    extra = prior / k
    weights = sums.segments + extra
    means, variances = _gaussian(sums, layout, extra)
    block_means, block_factors = block_mstep(sums.block, sums.segments, prior, layout.covariance)
    return Parameters(
        weights / weights.sum(axis=1, keepdims=True),
        _categorical(sums.levels, current.probs, layout, marginals.levels, extra),
        means,
        variances,
        _poisson(sums, layout, marginals.rates, extra),
        block_means,
        block_factors,
    )


def penalty(p: Parameters, marginals: Marginals, prior: float) -> Floats:
    """Log density of the prior at each start's parameters, up to a constant; shape (S,)."""
    if prior == 0:
        return np.zeros(p.n_starts)
    extra = prior / p.weights.shape[1]
    total = extra * np.log(np.maximum(p.weights, SMALLEST)).sum(axis=1)
    logs = np.log(np.maximum(p.probs, SMALLEST))
    total += extra * np.einsum("l,slk->s", marginals.levels, logs)
    total -= 0.5 * extra * (np.log(p.variances) + 1 / p.variances).sum(axis=(1, 2))
    rates = marginals.rates[:, None]
    total += extra * (rates * np.log(p.rates) - p.rates).sum(axis=(1, 2))
    return np.asarray(total + block_penalty(p.block_factors, prior))


def _categorical(
    levels: Floats, current: Floats, layout: Layout, marginal: Floats, extra: float
) -> Floats:
    counts = levels + extra * marginal[:, None]
    groups = layout.design.groups
    if not len(groups.first):
        return np.asarray(counts)
    totals = np.repeat(np.add.reduceat(counts, groups.first, axis=1), groups.size, axis=1)
    shares = np.broadcast_to(marginal[:, None], counts.shape).copy()
    probs = np.divide(counts, totals, out=shares, where=totals > 0)
    for j, item in enumerate(layout.design.items):
        if item.ordinal and len(item.levels) > 2:
            at = slice(int(groups.first[j]), int(groups.first[j] + groups.size[j]))
            probs[:, at] = ordinal_mstep(counts[:, at], current[:, at])
    return np.asarray(probs)


def observed_weight(sums: Sums, layout: Layout, columns: NDArray[np.int64]) -> Floats:
    """Weight of the customers with a value, per column and segment; shape (S, columns, K)."""
    position = layout.position(columns, 0)
    n = np.repeat(sums.segments[:, None, :], len(columns), axis=1)
    n[:, position >= 0] = sums.statistics[:, position[position >= 0]]
    return np.asarray(n)


def _gaussian(sums: Sums, layout: Layout, extra: float) -> tuple[Floats, Floats]:
    n = observed_weight(sums, layout, layout.gaussian)
    first = sums.statistics[:, layout.position(layout.gaussian, 1)]
    second = sums.statistics[:, layout.position(layout.gaussian, 2)]
    safe = np.maximum(n, SMALLEST)
    means = np.where(n > 0, first / safe, 0.0)
    scatter = np.maximum(second - means * first, 0.0)
    # Columns are standardized: the variance of the whole sample is 1.
    variances = np.where(n + extra > 0, (scatter + extra) / np.maximum(n + extra, SMALLEST), 1.0)
    return means, np.maximum(variances, VARIANCE_FLOOR)


def _poisson(sums: Sums, layout: Layout, rates: Floats, extra: float) -> Floats:
    n = observed_weight(sums, layout, layout.poisson)
    first = sums.statistics[:, layout.position(layout.poisson, 1)]
    numerator = first + extra * rates[:, None]
    share = np.where(n + extra > 0, numerator / np.maximum(n + extra, SMALLEST), rates[:, None])
    return np.maximum(share, 1e-12)
