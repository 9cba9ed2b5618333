"""The M-step of all distributions, and the prior that it maximizes with."""

from __future__ import annotations

import numpy as np

from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.distribution import Floats, Sums
from forwhom.mixture.parameters import Parameters

#: M-steps that describe a partition as well as more would.
STEPS = 6


def mstep(data: Expectation, sums: Sums, current: Parameters, prior: float) -> Parameters:
    """Return the parameters that maximize the penalized expected log-likelihood.

    Prior customers are spread evenly over the segments of every start; ``current`` is where
    distributions without a closed form begin.
    """
    parts = zip(data.layout.distributions, current.parts, data.marginals, strict=True)
    return Parameters(
        tuple(d.mstep(sums, arrays, marginal, prior) for d, arrays, marginal in parts)
    )


def fit_partition(data: Expectation, responsibilities: Floats, prior: float) -> Parameters:
    """Return the parameters that describe given probabilities (rows, K), which say who is where.

    Tilts are fitted by steps: a few M-steps are one.
    """
    weighted = responsibilities * data.design.row_weights[:, None]
    sums = data.sums_of(weighted[None])
    k = responsibilities.shape[1]
    parts = zip(data.layout.distributions, data.marginals, strict=True)
    found = Parameters(tuple(d.neutral(1, k, marginal) for d, marginal in parts))
    for _ in range(STEPS):
        found = mstep(data, sums, found, prior)
    return found


def penalty(data: Expectation, p: Parameters, prior: float) -> Floats:
    """Log density of the prior at each start's parameters, up to a constant; shape (S,)."""
    total = np.zeros(p.n_starts)
    if prior > 0:
        for d, arrays, marginal in zip(
            data.layout.distributions, p.parts, data.marginals, strict=True
        ):
            total += d.penalty(arrays, marginal, prior)
    return total
