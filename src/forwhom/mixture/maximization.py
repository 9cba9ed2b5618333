"""The M-step of all distributions, and the prior that it maximizes with."""

from __future__ import annotations

import numpy as np

from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.distribution import Floats, Sums
from forwhom.mixture.parameters import Parameters


def mstep(data: Expectation, sums: Sums, current: Parameters, prior: float) -> Parameters:
    """Return the parameters that maximize the penalized expected log-likelihood.

    Prior customers are spread evenly over the segments of every start; ``current`` is where
    distributions without a closed form begin.
    """
    parts = zip(data.layout.distributions, current.parts, data.marginals, strict=True)
    return Parameters(
        tuple(d.mstep(sums, arrays, marginal, prior) for d, arrays, marginal in parts)
    )


def penalty(data: Expectation, p: Parameters, prior: float) -> Floats:
    """Log density of the prior at each start's parameters, up to a constant; shape (S,)."""
    total = np.zeros(p.n_starts)
    if prior > 0:
        for d, arrays, marginal in zip(
            data.layout.distributions, p.parts, data.marginals, strict=True
        ):
            total += d.penalty(arrays, marginal, prior)
    return total
