"""Segments whose shares depend on covariates: one step, everything estimated together.

The probability of a segment is a multinomial logit of the covariates, and variables have the same
distribution in a segment whatever the covariates are (Dayton and Macready 1988, "concomitant
variables").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.distribution import SMALLEST
from forwhom.mixture.families.scores import Floats, RowScores
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.information import Joint
from forwhom.mixture.logit import chances_of, fit_logit, information_of, scores_of
from forwhom.mixture.maximization import mstep
from forwhom.mixture.parameters import Parameters
from forwhom.tables.weights import is_counting

#: Newton steps of the logit in each pass of EM.
_STEPS = 2


@dataclass(frozen=True)
class Concomitant:
    """What EM came to."""

    data: Expectation
    parameters: Parameters
    coefficients: Floats  # (K - 1, q), of the design of covariates
    chances: Floats  # probability of each segment, given variables and covariates; (n, K)
    log_likelihood: float
    converged: bool
    n_iter: int

    def scores(self, design: Floats, prior: float) -> tuple[Floats, Floats]:
        """Return the scores of all free parameters (n, P), and the inverse of their information.

        The coefficients come first, segment by segment.
        """
        weights = self.data.design.row_weights
        weighted = weights[:, None] * self.chances
        shares, k = chances_of(design, self.coefficients), self.chances.shape[1]
        size = self.coefficients.size
        each = np.stack([information_of(design, shares, weighted[:, t]) for t in range(k)])
        index = np.tile(np.arange(size), (k, 1))

        def compute(segment: int, rows: slice) -> Floats:
            one = np.zeros_like(shares[rows])
            one[:, segment] = 1.0
            return scores_of(design[rows], one, shares[rows])

        columns = [RowScores((), index, each, compute)]
        parts = zip(self.data.layout.distributions[1:], self.parameters.parts[1:], strict=True)
        columns += [one for d, p in parts for one in d.scored(p, weighted, prior)]  # type: ignore[misc]
        joint = Joint(columns, self.chances, weights)
        return joint.scores, joint.inverse


def fit_concomitant(
    start: FittedMixture, design: Floats, *, prior: float, tol: float = 1e-11, max_iter: int = 5000
) -> Concomitant:
    """Fit a mixture again with shares that depend on a design of covariates (n, q).

    Each customer of ``start`` is a row of its own.
    """
    data, parameters = start.data, start.parameters
    weights, chances = data.design.row_weights, start.responsibilities()
    coefficients = fit_logit(design, chances, weights)
    before, converged, passes = -np.inf, False, 0
    while passes < max_iter and not converged:
        passes += 1
        chances, value = _expected(data, parameters, design, coefficients)
        converged, before = abs(value - before) < tol * weights.sum(), value
        coefficients = fit_logit(design, chances, weights, coefficients, _STEPS)
        sums = data.sums_of((weights[:, None] * chances)[None])
        parameters = mstep(data, sums, parameters, prior)
    return Concomitant(data, parameters, coefficients, chances, value, converged, passes)


def _expected(
    data: Expectation, parameters: Parameters, design: Floats, coefficients: Floats
) -> tuple[Floats, float]:
    """Return the probabilities of segments, and the log-likelihood of the customers."""
    plain = np.maximum(data.responsibilities(parameters), SMALLEST)
    ratio = chances_of(design, coefficients) / parameters.weights[0]
    joint = plain * ratio
    total = joint.sum(axis=1)
    gained = float(data.design.row_weights @ np.log(total))
    return joint / total[:, None], float(data.sums(parameters).loglik[0]) + gained


def sandwich(scores: Floats, inverse: Floats, weights: Floats) -> Floats:
    """Return the covariance of all parameters that also holds where the model does not."""
    squares = weights if is_counting(weights) else weights**2
    return np.asarray(inverse @ (scores.T @ (squares[:, None] * scores)) @ inverse)
