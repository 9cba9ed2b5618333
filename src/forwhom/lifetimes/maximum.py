"""Maximum likelihood of positive parameters, by Newton's method on their logarithms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtri

Floats = NDArray[np.float64]

#: Standard errors on each side of a 95 % interval.
Z95 = float(ndtri(0.975))
#: A parameter beyond e to this power, or below its inverse, has no best finite value in the data.
FAR = 8.0
#: Parameters are looked for up to e to this power.
_FARTHEST = 14.0
#: Curvature, relative to the largest, under which the data do not bound a direction.
_LEAST_BOUND = 1e-12
#: The same under which a direction says nothing of what is expected of customers: what is computed
#: of slopes along it is rounding.
_LEAST_TELLING = 1e-8
#: Slope of the log-likelihood per customer under which the top is reached.
_FLAT = 1e-9


class Terms(NamedTuple):
    """A log-likelihood at some parameters, with its slopes and curvatures there."""

    value: float
    gradient: Floats  # (p,)
    hessian: Floats  # (p, p)


Likelihood = Callable[[Floats], Terms]


class Prior(NamedTuple):
    """A normal distribution of the logarithms of parameters."""

    center: Floats  # (p,)
    precision: Floats  # (p, p)
    common: Maximum | None = None  # the fit that the center is of; None: the center is known


@dataclass(frozen=True)
class Maximum:
    """Where a log-likelihood, with a prior if there is one, is largest."""

    parameters: Floats  # (p,)
    log_likelihood: float  # without the prior
    information: Floats  # minus the curvature over the logarithms, with the prior; (p, p)
    converged: bool
    prior: Prior | None = None

    @property
    def covariance(self) -> Floats:
        """Covariance of the logarithms; infinite where the data do not bound them."""
        values, vectors = np.linalg.eigh(self.information)
        if values[0] <= _LEAST_BOUND * values[-1]:
            return np.full_like(self.information, np.inf)
        return np.asarray((vectors / values) @ vectors.T)

    def variance(self, slope: Floats) -> float:
        """Return the variance of a quantity with a slope over the logarithms of parameters.

        Along a direction that the data do not bound, what is expected of customers stays the same,
        whatever becomes of single parameters: it is left out.
        """
        return float(slope @ self.response(slope))

    def response(self, slope: Floats) -> Floats:
        """Return how a quantity with a slope answers to a unit of score; as in ``variance``."""
        values, vectors = np.linalg.eigh(self.information)
        bound = values > _LEAST_TELLING * values[-1]
        return np.asarray(vectors[:, bound] @ ((vectors.T @ slope)[bound] / values[bound]))

    @property
    def far(self) -> list[int]:
        """The parameters without a best finite value."""
        return [i for i, value in enumerate(np.log(self.parameters)) if abs(value) > FAR]

    def intervals(self) -> Floats:
        """Return 95 % intervals of the parameters, shape (p, 2)."""
        errors = np.sqrt(np.diag(self.covariance))
        logs = np.log(self.parameters)
        with np.errstate(over="ignore"):
            return np.exp(np.stack([logs - Z95 * errors, logs + Z95 * errors], axis=1))


def maximize(
    likelihood: Likelihood,
    starts: Sequence[Sequence[float] | Floats],
    total: float,
    *,
    prior: Prior | None = None,
    max_iter: int = 200,
) -> Maximum:
    """Find the largest of the tops that ``starts`` lead to, for ``total`` customers."""
    found = [_climb(likelihood, np.log(start), total, prior, max_iter) for start in starts]
    return max(found, key=lambda one: _penalized(one, prior))


def _penalized(one: Maximum, prior: Prior | None) -> float:
    away = 0.0 if prior is None else _away(np.log(one.parameters), prior)
    return one.log_likelihood - away


def _away(logs: Floats, prior: Prior) -> float:
    return float((logs - prior.center) @ prior.precision @ (logs - prior.center)) / 2


def _climb(
    likelihood: Likelihood, start: Floats, total: float, prior: Prior | None, max_iter: int
) -> Maximum:
    seen: dict[bytes, Terms] = {}

    def at(logs: Floats) -> Terms:
        key = logs.tobytes()
        if key not in seen:
            if len(seen) > 2:
                seen.clear()
            seen[key] = _on_logarithms(likelihood, logs, prior)
        return seen[key]

    found = minimize(
        lambda logs: -at(logs).value / total,
        start,
        jac=lambda logs: -at(logs).gradient / total,
        hess=lambda logs: -at(logs).hessian / total,
        method="trust-exact",
        options={"gtol": _FLAT, "maxiter": max_iter},
    )
    top = at(found.x)
    away = 0.0 if prior is None else _away(found.x, prior)
    # Rounding may stop the search a hair before the slope is flat enough.
    flat = bool(np.abs(top.gradient).max() <= 1e-6 * total)
    return Maximum(np.exp(found.x), top.value + away, -top.hessian, flat, prior)


def _on_logarithms(likelihood: Likelihood, logs: Floats, prior: Prior | None) -> Terms:
    """Return the terms over the logarithms of parameters; nothing lies beyond the farthest."""
    if np.abs(logs).max() > _FARTHEST:
        size = len(logs)
        return Terms(-np.inf, np.zeros(size), -np.eye(size))
    natural = np.exp(logs)
    value, gradient, hessian = likelihood(natural)
    gradient = gradient * natural
    hessian = hessian * np.outer(natural, natural) + np.diag(gradient)
    if prior is not None:
        value -= _away(logs, prior)
        gradient = gradient - prior.precision @ (logs - prior.center)
        hessian = hessian - prior.precision
    return Terms(float(value), gradient, hessian)
