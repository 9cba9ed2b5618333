"""Multinomial logit: which segment somebody is in, by covariates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

Floats = NDArray[np.float64]

#: Newton steps, and the gain of the objective per customer under which it has converged.
_STEPS, _GAIN = 100, 1e-13
#: Logits beyond this are those of covariates that separate segments without error.
LARGEST = 30.0


def chances_of(design: Floats, coefficients: Floats) -> Floats:
    """Return the probability of each segment, (n, K), from designs (n, q) and (K - 1, q).

    The first segment is the one that others are compared with.
    """
    logits = np.hstack([np.zeros((len(design), 1)), design @ coefficients.T])
    return np.asarray(softmax(logits, axis=1))


def scores_of(design: Floats, targets: Floats, chances: Floats) -> Floats:
    """Return the scores of customers, (n, (K - 1) q), segment by segment.

    ``targets`` (n, K) are parts of them in segments, which may be negative.
    """
    off = targets - targets.sum(axis=1, keepdims=True) * chances
    found = off[:, 1:, None] * design[:, None, :]
    return np.asarray(found.reshape(len(design), -1))


def information_of(design: Floats, chances: Floats, weights: Floats) -> Floats:
    """Return the information of the coefficients, shape ((K - 1) q, (K - 1) q)."""
    free, q = chances[:, 1:], design.shape[1]
    k = free.shape[1]
    found = np.empty((k, q, k, q))
    for s in range(k):
        for t in range(s, k):
            part = weights * free[:, s] * ((s == t) - free[:, t])
            found[s, :, t] = design.T @ (part[:, None] * design)
            found[t, :, s] = found[s, :, t].T
    return found.reshape(k * q, k * q)


def fit_logit(
    design: Floats,
    targets: Floats,
    weights: Floats,
    start: Floats | None = None,
    steps: int = _STEPS,
) -> Floats:
    """Return the coefficients (K - 1, q) that explain ``targets`` best, by Newton's method.

    Concave also with negative targets, as long as those of each customer add up to one.
    """
    shape = (targets.shape[1] - 1, design.shape[1])
    found = np.zeros(shape) if start is None else start
    value, total = _objective(design, targets, weights, found), float(weights.sum())
    for _ in range(steps):
        chances = chances_of(design, found)
        gradient = weights @ scores_of(design, targets, chances)
        information = information_of(design, chances, weights)
        ridge = 1e-10 * max(float(np.trace(information)) / len(information), 1e-12)
        step = np.linalg.solve(information + ridge * np.eye(len(information)), gradient)
        step = step.reshape(shape)
        for _ in range(30):
            next_value = _objective(design, targets, weights, found + step)
            if next_value >= value - 1e-12 * total:
                break
            step = step / 2
        found, gain = found + step, next_value - value
        value = next_value
        if gain < _GAIN * total or np.abs(found).max() > LARGEST:
            break
    return found


def _objective(design: Floats, targets: Floats, weights: Floats, coefficients: Floats) -> float:
    logs = np.log(np.maximum(chances_of(design, coefficients), 1e-300))
    return float(weights @ (targets * logs).sum(axis=1))
