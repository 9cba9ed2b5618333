"""Two arms of an experiment: how far they are apart, by any number that one may ask about.

Sources: O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985) 213-226, for two shares, with
the closed form of C. P. Farrington and G. Manning, Statistics in Medicine 9 (1990) 1447-1454; B. L.
Welch, Biometrika 34 (1947) 28-35, for two means.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri, stdtr, stdtrit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Beyond this many standard errors a chance is 0 for all that is said.
_FAR = 37.0


@dataclass(frozen=True)
class Apart:
    """The difference of two arms, treated less control.

    Parameters
    ----------
    value, error
        The difference and its standard error.
    levels
        The mean or share of the control arm and of the treated arm.
    n
        Customers of the control arm and of the treated arm.
    z
        How many standard errors of a normal distribution the difference is above another.
    interval
        The interval whose ends are so many standard errors away.
    """

    value: float
    error: float
    levels: tuple[float, float]
    n: tuple[int, int]
    z: Callable[[float], float]
    interval: Callable[[float], tuple[float, float]]


def apart(outcome: Floats, treated: Bools, *, share: bool) -> Apart:
    """Compare a number, or a share of zeros and ones, of the treated and of the control arm."""
    one, other = outcome[treated], outcome[~treated]
    if share:
        return shares_apart(int(one.sum()), len(one), int(other.sum()), len(other))
    means = (float(other.mean()), float(one.mean()))
    spreads = tuple(float(x.var(ddof=1)) if len(x) > 1 else math.nan for x in (other, one))
    return means_apart(means, (spreads[0], spreads[1]), (len(other), len(one)))


def shares_apart(k1: int, n1: int, k0: int, n0: int) -> Apart:
    """Compare ``k1`` of ``n1`` treated customers with ``k0`` of ``n0`` others.

    Examples
    --------
    >>> low, high = shares_apart(56, 70, 48, 80).interval(1.959964)
    >>> round(low, 4), round(high, 4)
    (0.0528, 0.3382)
    """
    p1, p0 = k1 / n1, k0 / n0
    value = p1 - p0
    # One customer more of each kind in each arm: nobody is no proof of never.
    a1, a0 = (k1 + 1) / (n1 + 2), (k0 + 1) / (n0 + 2)
    error = math.sqrt(a1 * (1 - a1) / (n1 + 2) + a0 * (1 - a0) / (n0 + 2))

    def z(gap: float) -> float:
        return _score(p1, n1, p0, n0, gap)

    def interval(at: float) -> tuple[float, float]:
        if not math.isfinite(at):
            return -1.0, 1.0
        low = -1.0 if z(-1.0) <= at else float(brentq(lambda g: z(g) - at, -1.0, value))
        high = 1.0 if z(1.0) >= -at else float(brentq(lambda g: z(g) + at, value, 1.0))
        return low, high

    return Apart(value, error, (p0, p1), (n0, n1), z, interval)


def _score(p1: float, n1: int, p0: float, n0: int, gap: float) -> float:
    """Return the score of a difference, with the variance that it would have were it the gap."""
    variance = restricted_variance(p1, n1, p0, n0, gap) * (n1 + n0) / (n1 + n0 - 1)
    off = p1 - p0 - gap
    if variance <= 1e-15:
        return math.copysign(_FAR, off) if abs(off) > 1e-12 else 0.0
    return min(max(off / math.sqrt(variance), -_FAR), _FAR)


def restricted_variance(p1: float, n1: float, p0: float, n0: float, gap: float) -> float:
    """Return the variance of a difference of two shares, if the true difference were the gap."""
    ratio = n0 / n1
    a = 1 + ratio
    b = -(1 + ratio + p1 + ratio * p0 + gap * (ratio + 2))
    c = gap * gap + gap * (2 * p1 + ratio + 1) + p1 + ratio * p0
    d = -p1 * gap * (1 + gap)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = math.copysign(math.sqrt(max((b / (3 * a)) ** 2 - c / (3 * a), 0.0)), v)
    cosine = min(max(v / u**3, -1.0), 1.0) if u else 0.0
    w = (math.pi + math.acos(cosine)) / 3
    q1 = min(max(2 * u * math.cos(w) - b / (3 * a), 0.0, gap), 1.0, 1.0 + gap)
    q0 = min(max(q1 - gap, 0.0), 1.0)
    return q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0


def means_apart(
    means: tuple[float, float], variances: tuple[float, float], n: tuple[int, int]
) -> Apart:
    """Compare the means of the control arm and the treated arm, whose variances may differ."""
    parts = [variance / size for variance, size in zip(variances, n, strict=True)]
    error = math.sqrt(sum(parts))
    value = means[1] - means[0]
    df = welch_df(variances, n)

    def z(gap: float) -> float:
        if not error > 0:  # nothing varies, or an arm has one customer
            return math.copysign(_FAR, value - gap) if error == 0 and value != gap else 0.0
        t = (value - gap) / error
        return math.copysign(min(-float(ndtri(stdtr(df, -abs(t)))), _FAR), t)

    def interval(at: float) -> tuple[float, float]:
        if not math.isfinite(at) or math.isnan(error):
            return -math.inf, math.inf
        half = -float(stdtrit(df, ndtr(-at))) * error if error > 0 else 0.0
        return value - half, value + half

    return Apart(value, error, means, n, z, interval)


def welch_df(variances: tuple[float, float], n: tuple[float, float]) -> float:
    """Return the degrees of freedom of a difference of two means."""
    parts = [variance / size for variance, size in zip(variances, n, strict=True)]
    if not sum(parts) > 0 or min(n) < 2:
        return math.nan
    return sum(parts) ** 2 / sum(p * p / (size - 1) for p, size in zip(parts, n, strict=True))
