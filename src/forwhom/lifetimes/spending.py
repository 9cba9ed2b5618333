"""Gamma-Gamma: what customers spend on a purchase. Arrays in and out.

Each customer's purchases are gamma(p, v of its own), and 1/scale is gamma(q, v) over customers;
Fader and Hardie (2013), The Gamma-Gamma model of monetary value.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, polygamma, psi

from forwhom.errors import DataError
from forwhom.lifetimes.maximum import Floats, Maximum, Prior, Terms, maximize
from forwhom.lifetimes.rows import Rows


class SpendLikelihood:
    """The log-likelihood of Gamma-Gamma for rows of (frequency, mean spend) with weights."""

    def __init__(self, rows: Rows, weight: Floats | None = None) -> None:
        self.x, self.m = rows.columns
        self.weight = rows.weight if weight is None else weight
        self.total = float(self.weight.sum())
        self.counts, level = np.unique(self.x, return_inverse=True)
        self.mass = np.bincount(level, self.weight, minlength=len(self.counts))
        self.logs = float(self.weight @ np.log(self.m))
        self.ups = self.weight @ (self.x * np.log(self.m * self.x)), self.weight @ self.x

    def __call__(self, parameters: Floats) -> Terms:
        """Return the log-likelihood, its gradient and its Hessian over (p, q, v)."""
        p, q, v = parameters
        x, mass, w, n = self.counts, self.mass, self.weight, self.total
        px, each = p * x, p * self.x + q
        under = v + self.x * self.m
        log_under, inverse = np.log(under), 1 / under
        value = (
            mass @ (gammaln(px + q) - gammaln(px)) + n * (q * np.log(v) - gammaln(q))
            + p * self.ups[0] - self.logs - w @ (each * log_under)
        )  # fmt: skip
        both, alone = psi(px + q), polygamma(1, px + q)
        gradient = np.array([
            mass @ (x * (both - psi(px))) + self.ups[0] - w @ (self.x * log_under),
            mass @ both + n * (np.log(v) - psi(q)) - w @ log_under,
            n * q / v - w @ (each * inverse),
        ])  # fmt: skip
        pp = mass @ (x**2 * (alone - polygamma(1, px)))
        pq, qq = mass @ (x * alone), mass @ alone - n * polygamma(1, q)
        pv, qv = -w @ (self.x * inverse), n / v - w @ inverse
        vv = -n * q / v**2 + w @ (each * inverse**2)
        hessian = np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])
        return Terms(float(value), gradient, hessian)


def fit_spend(rows: Rows, *, max_iter: int = 200) -> Maximum:
    """Fit Gamma-Gamma to rows of (frequency, mean spend), all of customers with repeats."""
    _, mean = rows.columns
    if len(mean) < 2:
        raise DataError(
            "All customers with repeat purchases spend the same.",
            "How spending differs can be learned only where it does; give more customers.",
        )
    likelihood = SpendLikelihood(rows)
    typical = float(rows.weight @ mean) / likelihood.total
    starts = [[p, q, typical * (q - 1) / p] for p, q in ((2.0, 3.0), (8.0, 4.0))]
    return maximize(likelihood, starts, likelihood.total, max_iter=max_iter)


def refit_spend(rows: Rows, weight: Floats, start: Floats, prior: Prior | None) -> Maximum:
    """Fit Gamma-Gamma to the same rows with other weights, from parameters that are near."""
    likelihood = SpendLikelihood(rows, weight)
    return maximize(likelihood, [start], likelihood.total, prior=prior)


def spend_scores(parameters: Floats, frequency: Floats, mean: Floats) -> Floats:
    """Return the slopes of each customer's log-likelihood over the logarithms of parameters."""
    p, q, v = parameters
    paying = (frequency > 0) & (mean > 0)
    x, m = np.where(paying, frequency, 1.0), np.where(paying, mean, 1.0)
    under, both = v + x * m, psi(p * x + q)
    slopes = (
        x * (both - psi(p * x) + np.log(m * x / under)),
        both - psi(q) + np.log(v / under),
        q / v - (p * x + q) / under,
    )
    return np.stack(slopes, axis=1) * parameters * paying[:, None]


def spend(parameters: Floats, frequency: Floats, mean: Floats) -> Floats:
    """Return the expected spend on a purchase, given the mean of ``frequency`` purchases.

    Who has none is expected to spend what all do on average: infinite where q is 1 or less.
    """
    p, q, v = parameters
    under = p * frequency + q - 1
    seen = np.where(frequency > 0, frequency * mean, 0.0)
    with np.errstate(divide="ignore"):
        return np.where(under > 0, p * (v + seen) / np.where(under > 0, under, 1.0), np.inf)
