"""Looks at an experiment while it runs: bounds that keep the chance of a wrong verdict.

Sources: K. K. G. Lan and D. L. DeMets, Biometrika 70 (1983) 659-663, for spending it bit by bit, in
the shape of P. C. O'Brien and T. R. Fleming, Biometrics 35 (1979) 549-556; P. Armitage, C. K.
McPherson and B. C. Rowe, JRSS A 132 (1969) 235-244, for the recursion; Q. Liu and K. M. Anderson,
JASA 103 (2008) 1621-1630, for the p-value of several looks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

#: Bounds beyond this many standard errors are as good as infinite.
_FAR = 8.5
#: Points of the integral over where the sum may stand, at least and at most.
_LEAST, _MOST = 120, 1200


def spent(alpha: float, fractions: Sequence[float]) -> Floats:
    """Return the chance of a wrong verdict, on one side, that may be used up by each look.

    ``fractions`` are the parts of the planned customers that are there; from 1 on, all is spent.
    """
    t = np.clip(np.asarray(fractions, dtype=np.float64), 1e-9, 1.0)
    return np.asarray(2 * ndtr(ndtri(alpha / 2) / np.sqrt(t)), dtype=np.float64)


@cache
def _quadrature(n: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return nodes, weights


class _Walk:
    """Where the sum of what was seen stands, of those that crossed no bound so far."""

    def __init__(self, drift: float) -> None:
        self._drift, self._time = drift, 0.0
        self._at, self._mass = np.zeros(1), np.ones(1)

    def crossing(self, bound: float, time: float) -> float:
        """Return the chance to cross a bound at the next look."""
        step = time - self._time
        far = bound * math.sqrt(time) - self._at - self._drift * step
        return float(self._mass @ ndtr(-far / math.sqrt(step)))

    def pass_by(self, bound: float, time: float) -> None:
        """Go on with those that stay below the bound."""
        step = time - self._time
        middle, root = self._drift * time, math.sqrt(time)
        low, high = middle - _FAR * root, min(bound * root, middle + _FAR * root)
        n = int(np.clip(3 * (high - low) / math.sqrt(step), _LEAST, _MOST))
        nodes, weights = _quadrature(-(-n // _LEAST) * _LEAST)
        at = low + (high - low) * (nodes + 1) / 2
        apart = (at[:, None] - self._at[None, :] - self._drift * step) / math.sqrt(step)
        density = np.exp(-0.5 * apart**2) @ self._mass / math.sqrt(2 * math.pi * step)
        self._at, self._mass = at, density * weights * (high - low) / 2
        self._time = time


def bounds_of(alpha: float, fractions: Sequence[float], *, over: bool = False) -> Floats:
    """Return how many standard errors each look must find, on one side, to be a verdict.

    ``over`` says that no customer follows the last look, so that it may spend what is left.

    Examples
    --------
    >>> bounds_of(0.025, [0.2, 0.4, 0.6, 0.8, 1.0]).round(3).tolist()
    [4.877, 3.357, 2.68, 2.29, 2.031]
    """
    return np.array(_bounds(alpha, tuple(fractions), over))


@lru_cache(maxsize=512)
def _bounds(alpha: float, fractions: tuple[float, ...], over: bool) -> list[float]:
    using = spent(alpha, fractions)
    if over:
        using[-1] = alpha
    walk, found, before = _Walk(0.0), [], 0.0
    for time, by_now in zip(fractions, using, strict=True):
        due, before = by_now - before, by_now
        bound = math.inf
        if due > 1e-15:
            bound = brentq(lambda b, t=time, d=due: walk.crossing(b, t) - d, -_FAR, _FAR)
        found.append(bound)
        walk.pass_by(bound, time)
    return found


def chance_to_cross(
    bounds: Sequence[float] | Floats, fractions: Sequence[float], drift: float
) -> float:
    """Return the chance that one of the looks crosses its bound.

    ``drift`` is what the last look, with all customers, finds on average in standard errors.
    """
    walk, total = _Walk(drift), 0.0
    for bound, time in zip(bounds, fractions, strict=True):
        total += walk.crossing(bound, time)
        walk.pass_by(bound, time)
    return total


def p_of_looks(z: Sequence[float], fractions: Sequence[float], *, over: bool = False) -> float:
    """Return the least two-sided chance of a wrong verdict at which any of the looks gives one."""
    found = np.abs(np.asarray(z, dtype=np.float64))
    if len(found) == 1 and (over or fractions[0] >= 1):
        return float(2 * ndtr(-found[0]))

    def short(log_alpha: float) -> float:
        bounds = bounds_of(math.exp(log_alpha) / 2, fractions, over=over)
        return float(np.max(found - bounds))

    low, high = math.log(1e-12), math.log(1.0 - 1e-9)
    if short(low) >= 0:
        return 1e-12
    if short(high) <= 0:
        return 1.0
    return math.exp(brentq(short, low, high, xtol=1e-4))
