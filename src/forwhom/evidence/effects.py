"""How far two segments are apart in one variable, and what that says against a minimum.

An effect is a vector that is zero where two segments are alike: a difference in standard
deviations, one of shares on the arcsine scale, or one for each level. Its length is what is tested:
that of a single number is normal, that of several a non-central chi-square with the same mean and
variance (as Satterthwaite does at zero). Two one-sided tests against the minimum give a verdict of
three: different, equivalent, undecided (Schuirmann 1987).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chndtr, chndtrinc, ndtr

from forwhom.statistics.effects import Z95

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Vectors (P, L) of P pairs, from the statistics of both segments, (P, C) each.
Measuring = Callable[[Floats, Floats], Floats]

#: Beyond this a non-central chi-square is normal on the scale of its root.
_LARGE = 2000.0
_STEP = 1e-6


@dataclass(frozen=True)
class Apart:
    """How far pairs of segments are apart, each of shape (P,)."""

    effect: Floats  # signed where it is one number; NaN where nothing can be said
    low: Floats
    high: Floats
    p_different: Floats  # two-sided, of a difference no larger than the minimum
    p_equivalent: Floats  # two-sided, of a difference no smaller than the minimum


def apart(
    measuring: Measuring, values: Floats, covariance: Floats, pairs: Ints, minimum: float
) -> Apart:
    """Compare pairs (P, 2) of segments by statistics (K, C) with their covariance (K C, K C)."""
    k, c = values.shape
    first, second = pairs[:, 0], pairs[:, 1]
    a, b = values[first], values[second]
    with np.errstate(all="ignore"):
        vectors = measuring(a, b)
        slopes = np.stack([_slope(measuring, a, b, j) for j in range(2 * c)], axis=2)  # (P, L, 2 C)
        blocks = covariance.reshape(k, c, k, c)
        both = np.concatenate(
            [
                np.concatenate([blocks[first, :, first], blocks[first, :, second]], axis=2),
                np.concatenate([blocks[second, :, first], blocks[second, :, second]], axis=2),
            ],
            axis=1,
        )
        spread = slopes @ both @ np.swapaxes(slopes, 1, 2)
        known = np.isfinite(vectors).all(axis=1) & np.isfinite(spread).all(axis=(1, 2))
        spread = np.where(known[:, None, None], spread, np.eye(spread.shape[1]))
        found = _single(vectors[:, 0], spread[:, 0, 0], minimum)
        if vectors.shape[1] > 1:
            found = _several(np.where(known[:, None], vectors, 0.0), spread, minimum)
    parts = (found.effect, found.low, found.high, found.p_different, found.p_equivalent)
    sure = known & (np.trace(spread, axis1=1, axis2=2) > 0)
    return Apart(*(np.where(sure, part, np.nan) for part in parts))


def _slope(measuring: Measuring, a: Floats, b: Floats, j: int) -> Floats:
    """Return how the vectors move with one of the statistics of either segment, shape (P, L)."""
    step = np.zeros(2 * a.shape[1])
    scale = np.abs(np.hstack([a, b])[:, j]).max(initial=1e-12)
    step[j] = _STEP * max(float(scale), 1e-12)
    own, other = step[: a.shape[1]], step[a.shape[1] :]
    change = measuring(a + own, b + other) - measuring(a - own, b - other)
    return np.asarray(change / (2 * step[j]))


def _single(value: Floats, variance: Floats, minimum: float) -> Apart:
    error = np.sqrt(np.maximum(variance, 1e-300))
    size = np.abs(value)
    # Where the truth is the minimum, on either side of zero.
    inside = ndtr((size - minimum) / error) - ndtr((-size - minimum) / error)
    return Apart(
        value,
        value - Z95 * error,
        value + Z95 * error,
        np.minimum(2 * (1 - inside), 1.0),
        np.minimum(2 * inside, 1.0),
    )


def _several(vectors: Floats, spread: Floats, minimum: float) -> Apart:
    trace = np.trace(spread, axis1=1, axis2=2)
    squares = np.maximum((spread**2).sum(axis=(1, 2)), 1e-300)
    length = (vectors**2).sum(axis=1)
    # Mean and variance of the squared length are those of the chi-square: far from zero, what
    # counts is the variance in the direction of the vector.
    far = np.maximum(length - trace, 0.0)
    along = np.einsum("pl,plm,pm->p", vectors, spread, vectors) * far / np.maximum(length, 1e-300)
    scale = (squares + 2 * along) / np.maximum(trace + 2 * far, 1e-300)
    degrees = trace / scale
    x, beyond = length / scale, minimum**2 / scale
    inside = _below(x, degrees, beyond)
    return Apart(
        np.sqrt(far),
        np.sqrt(center_of(x, degrees, 0.975) * scale),
        np.sqrt(center_of(x, degrees, 0.025) * scale),
        np.minimum(2 * (1 - inside), 1.0),
        np.minimum(2 * inside, 1.0),
    )


def _below(x: Floats, degrees: Floats, center: Floats) -> Floats:
    """Return the probability of less than x."""
    large = np.maximum(x, center) > _LARGE
    exact = chndtr(np.minimum(x, _LARGE), degrees, np.minimum(center, _LARGE))
    root = np.sqrt(x) - np.sqrt(center + degrees - 1)
    return np.asarray(np.where(large, ndtr(root), exact))


def center_of(x: Floats, degrees: Floats, probability: float) -> Floats:
    """Return the centers under which less than x has this probability; 0 where none has."""
    large, normal = x > _LARGE, Z95 if probability < 0.5 else -Z95
    there = chndtr(np.minimum(x, _LARGE), degrees, 0.0) > probability
    exact = chndtrinc(np.minimum(x, _LARGE), degrees, probability)
    exact = np.where(there & np.isfinite(exact), exact, 0.0)
    root = np.maximum(np.sqrt(x) + normal, 0.0) ** 2 - (degrees - 1)
    return np.asarray(np.where(large, np.maximum(root, 0.0), exact))


def in_deviations(sizes: Floats, pairs: Ints) -> Measuring:
    """Return the difference of means in pooled standard deviations, from means and mean squares."""
    weights = sizes[pairs]

    def measure(a: Floats, b: Floats) -> Floats:
        variances = np.stack([one[:, 1] - one[:, 0] ** 2 for one in (a, b)], axis=1)
        pooled = (weights * variances).sum(axis=1) / weights.sum(axis=1)
        pooled = np.where(pooled > 0, pooled, np.nan)
        return np.asarray(((a[:, 0] - b[:, 0]) / np.sqrt(pooled))[:, None])

    return measure


def on_the_arcsine_scale(a: Floats, b: Floats) -> Floats:
    """Return Cohen's h of shares."""
    angles = [2 * np.arcsin(np.sqrt(np.clip(one, 1e-9, 1 - 1e-9))) for one in (a, b)]
    return np.asarray(angles[0] - angles[1])


def of_levels(a: Floats, b: Floats) -> Floats:
    """Return a vector of the length of Cramér's V, as if both segments were as large.

    Otherwise V would be small only because one of the two segments is.
    """
    together = np.maximum(a + b, 1e-4)
    return np.asarray((a - b) / np.sqrt(2 * together))


def of_proportions(a: Floats, b: Floats) -> Floats:
    """Return the same of what each amount is of the sum: a shape without its level."""
    shares = [one / one.sum(axis=1, keepdims=True) for one in (a, b)]
    return of_levels(shares[0], shares[1])


def of_profiles(sizes: Floats, pairs: Ints) -> Measuring:
    """Return differences of several means less their mean, in standard deviations.

    Statistics are the means of A aspects, then their mean squares; the length is the root of the
    mean square.
    """
    weights = sizes[pairs]

    def measure(a: Floats, b: Floats) -> Floats:
        half = a.shape[1] // 2
        variances = [one[:, half:] - one[:, :half] ** 2 for one in (a, b)]
        pooled = weights[:, :1] * variances[0] + weights[:, 1:] * variances[1]
        pooled = pooled / weights.sum(axis=1, keepdims=True)
        apart = (a[:, :half] - b[:, :half]) / np.sqrt(np.where(pooled > 0, pooled, np.nan))
        return np.asarray((apart - apart.mean(axis=1, keepdims=True)) / np.sqrt(half))

    return measure
