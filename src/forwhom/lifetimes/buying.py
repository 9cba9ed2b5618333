"""BG/NBD: how often customers buy while they stay, and who is still there. Arrays in and out.

A customer buys at random at a rate of its own (gamma: r, alpha) and may leave after each purchase
with a chance of its own (beta: a, b); Fader, Hardie and Lee (2005), Marketing Science 24(2).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import expit, gammaln, polygamma, psi

from forwhom.errors import DataError
from forwhom.lifetimes.kernels import beta_geo_sums
from forwhom.lifetimes.maximum import Floats, Maximum, Prior, Terms, maximize
from forwhom.lifetimes.rows import Rows

#: Rows that the first search goes over; all of them are only for the last steps.
_FIRST = 5_000
#: Points of the chances to leave over which means are taken.
_POINTS = 48
#: Points in time at which what is discounted is computed.
_MOMENTS = 8
_UPPER = np.triu_indices(4)


class PurchaseLikelihood:
    """The log-likelihood of BG/NBD for rows of (frequency, recency, T) with weights."""

    def __init__(self, rows: Rows, weight: Floats | None = None) -> None:
        # What is not in one piece would be compiled for once more.
        self.x, self.t, self.T = map(np.ascontiguousarray, rows.columns)
        self.weight = np.ascontiguousarray(rows.weight if weight is None else weight)
        self.counts, self.level = np.unique(self.x, return_inverse=True)
        self.mass = np.bincount(self.level, self.weight, minlength=len(self.counts))
        self.total = float(self.weight.sum())

    def __call__(self, parameters: Floats) -> Terms:
        """Return the log-likelihood, its gradient and its Hessian over (r, alpha, a, b)."""
        r, alpha, a, b = parameters
        late = (b + np.maximum(self.counts, 1) - 1)[self.level]
        sums = beta_geo_sums(self.x, self.t, self.T, self.weight, late, r, alpha, a)
        gradient, hessian = sums[1:5].copy(), np.zeros((4, 4))
        hessian[_UPPER] = sums[5:]
        x, mass, n = self.counts, self.mass, self.total
        value = sums[0] + n * r * np.log(alpha) + mass @ (
            gammaln(r + x) - gammaln(r) + gammaln(a + b) + gammaln(b + x) - gammaln(b)
            - gammaln(a + b + x)
        )  # fmt: skip
        both = mass @ (psi(a + b) - psi(a + b + x))
        gradient[0] += n * np.log(alpha) + mass @ (psi(r + x) - psi(r))
        gradient[1] += n * r / alpha
        gradient[2] += both
        gradient[3] += both + mass @ (psi(b + x) - psi(b))
        curved = mass @ (polygamma(1, a + b) - polygamma(1, a + b + x))
        hessian[0, 0] += mass @ (polygamma(1, r + x) - polygamma(1, r))
        hessian[0, 1] += n / alpha
        hessian[1, 1] -= n * r / alpha**2
        hessian[2, 2] += curved
        hessian[2, 3] += curved
        hessian[3, 3] += curved + mass @ (polygamma(1, b + x) - polygamma(1, b))
        return Terms(float(value), gradient, hessian + np.triu(hessian, 1).T)


def fit_purchases(rows: Rows, *, max_iter: int = 200) -> Maximum:
    """Fit BG/NBD to rows of (frequency, recency, T)."""
    frequency, _, T = rows.columns
    if not frequency.any():
        raise DataError(
            "Nobody bought again: every frequency is 0.",
            "How often customers come back can be learned only where some do; observe them longer.",
        )
    likelihood = PurchaseLikelihood(rows)
    rate = (rows.weight @ frequency) / (rows.weight @ T)
    tried = ((0.5, 0.5, 2.0), (1.0, 1.0, 10.0))
    starts = [np.array([r, r / rate, a, b]) for r, a, b in tried]
    stride = -(-len(frequency) // _FIRST)
    if stride > 1:
        some = Rows(tuple(c[::stride] for c in rows.columns), rows.weight[::stride], rows.where)
        part = PurchaseLikelihood(some)
        found = maximize(part, starts, part.total, max_iter=max_iter)
        starts = [found.parameters]
    return maximize(likelihood, starts, likelihood.total, max_iter=max_iter)


def refit_purchases(
    rows: Rows, weight: Floats, start: Floats, prior: Prior | None
) -> Maximum:  # fmt: skip
    """Fit BG/NBD to the same rows with other weights, from parameters that are near."""
    likelihood = PurchaseLikelihood(rows, weight)
    return maximize(likelihood, [start], likelihood.total, prior=prior)


def alive(parameters: Floats, frequency: Floats, recency: Floats, T: Floats) -> Floats:
    """Return the probability that a customer still is one; 1 for who bought only once."""
    r, alpha, a, b = parameters
    repeats = np.maximum(frequency, 1.0)
    odds = np.log(a / (b + repeats - 1)) + (r + frequency) * np.log((alpha + T) / (alpha + recency))
    return np.asarray(np.where(frequency > 0, expit(-odds), 1.0))


def purchase_scores(parameters: Floats, frequency: Floats, recency: Floats, T: Floats) -> Floats:
    """Return the slopes of each customer's log-likelihood over the logarithms of parameters."""
    r, alpha, a, b = parameters
    x, gone = frequency, 1 - alive(parameters, frequency, recency, T)
    both = psi(a + b) - psi(a + b + x)
    logs = gone * np.log(alpha + recency) + (1 - gone) * np.log(alpha + T)
    inverse = gone / (alpha + recency) + (1 - gone) / (alpha + T)
    slopes = (
        psi(r + x) - psi(r) + np.log(alpha) - logs,
        r / alpha - (r + x) * inverse,
        both + gone / a,
        both + psi(b + x) - psi(b) - gone / (b + np.maximum(x, 1) - 1),
    )
    return np.stack(slopes, axis=1) * parameters


def purchases_of_new(parameters: Floats, t: Floats) -> Floats:
    """Return how often somebody new buys until each time t, the first purchase not counted."""
    r, alpha, a, b = parameters
    return _while_alive(r, a, b, t / alpha)


def purchases(
    parameters: Floats, t: float, frequency: Floats, recency: Floats, T: Floats
) -> Floats:
    """Return how often customers with a history are expected to buy in the next t units of time."""
    r, alpha, a, b = parameters
    expected = np.empty(len(frequency))
    for x in np.unique(frequency):
        of = frequency == x
        expected[of] = _while_alive(r + x, a, b + x, t / (alpha + T[of]))
    return np.asarray(expected * alive(parameters, frequency, recency, T))


def discounted_purchases(
    parameters: Floats, t: float, discount: float, frequency: Floats, recency: Floats, T: Floats
) -> Floats:
    """Return expected purchases of the next t units, each worth less by ``discount`` a unit.

    Summed over time by parts: what is bought until each moment, at the fall of its worth there.
    """
    force = np.log1p(discount)
    total = np.exp(-force * t) * purchases(parameters, t, frequency, recency, T)
    if force:
        nodes, weights = np.polynomial.legendre.leggauss(_MOMENTS)
        for node, weight in zip((nodes + 1) * t / 2, weights * t / 2, strict=True):
            fall = weight * force * np.exp(-force * node)
            total += fall * purchases(parameters, float(node), frequency, recency, T)
    return np.asarray(total)


def drawn_purchases(
    parameters: Floats, t: float, columns: tuple[Floats, ...], there: Floats,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Draw how often each customer buys in the next t units of time.

    Who is ``there`` (chances) has a rate of gamma(r + x, alpha + T) and leaves after a purchase
    with a chance of beta(a, b + x).
    """
    r, alpha, a, b = parameters
    x, _, T = columns
    rate = rng.gamma(r + x) / (alpha + T)
    leave = np.clip(rng.beta(a, b + x), 1e-9, 1.0)
    bought = np.minimum(rng.poisson(rate * t), rng.geometric(leave)).astype(np.float64)
    return np.where(rng.random(len(x)) < there, bought, 0.0)


def _while_alive(shape: float, a: float, b: float, ahead: Floats) -> Floats:
    """Return expected purchases of who is alive, with a rate of gamma(shape, 1) per unit of ahead.

    The mean of (1 - (1 + p ahead)^-shape) / p over the chance p to leave, which is beta(a, b). The
    closed form is a hypergeometric function that loses all digits near a = 1 and overflows.
    """
    p, weights = _points(a, b)
    powers = np.log1p(np.multiply.outer(np.asarray(ahead, dtype=np.float64), p))
    return np.asarray(-np.expm1(-shape * powers) @ (weights / p))


@lru_cache(maxsize=1024)
def _points(a: float, b: float) -> tuple[Floats, Floats]:
    """Return Gauss's points of a beta distribution, and their weights (Golub and Welsch, 1969)."""
    n = np.arange(1, _POINTS, dtype=np.float64)
    both, twice = a + b - 2, 2 * n + a + b - 2
    middle = np.empty(_POINTS)
    middle[0] = (a - b) / (a + b)
    middle[1:] = both * (a - b) / (twice * (twice + 2))
    beside = 4 * n * (n + b - 1) * (n + a - 1) * (n + both)
    beside[1:] /= (twice**2 * (twice + 1) * (twice - 1))[1:]
    beside[0] = 4 * a * b / ((a + b) ** 2 * (a + b + 1))
    values, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.clip((values + 1) / 2, 1e-300, 1.0), vectors[0] ** 2
