"""Whether a distribution changed: the population stability index with its sampling error.

The index of two samples of the same customers is not zero: it is about ``(B - 1) (1/n + 1/m)`` for
B bins, which is taken off, and it is a chi-square divided by ``1/n + 1/m``, which gives a test and
an interval. The customary limits of 0.1 and 0.25 alone call small samples changed and large ones
the same. Source: B. Yurdakul and J. Naranjo, Journal of Risk Model Validation 14 (2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from forwhom.documents.refresh import LEVEL, MUCH, Shifted
from forwhom.evidence.effects import center_of

Floats = NDArray[np.float64]
#: Half a customer in every bin, so that an empty one has a logarithm.
_HALF = 0.5


@dataclass(frozen=True)
class Stability:
    """A population stability index."""

    raw: float
    value: float  # less its expectation where nothing changed
    low: float
    high: float
    p: float  # of no change
    bins: int

    def verdict(self, p: float) -> Shifted:
        """Return what it says, with p as it is among several."""
        if p < LEVEL:
            return "much" if self.low > MUCH else "changed"
        return "same" if self.high < MUCH else "unknown"


def stability_index(before: Floats, now: Floats, n: float, m: float) -> Stability:
    """Return the index of two distributions (B,) of n and of m customers.

    Examples
    --------
    >>> same = stability_index(np.array([0.5, 0.5]), np.array([0.52, 0.48]), 1000, 1000)
    >>> round(same.raw, 4), round(same.p, 2)
    (0.0016, 0.37)
    """
    p, q = _filled(before, n), _filled(now, m)
    error, b = 1 / n + 1 / m, len(p)
    raw = float(((p - q) * np.log(p / q)).sum())
    # Pearson's statistic has the same limit, and holds its level where bins hold few.
    mean = (n * p + m * q) / (n + m)
    pearson = float(((p - q) ** 2 / mean).sum()) / error
    low, high = (center * error for center in centers(raw / error, b - 1))
    return Stability(raw, raw - (b - 1) * error, low, high, float(chdtrc(b - 1, pearson)), b)


def index_of_sizes(before: Floats, now: Floats, spread: Floats, p: float) -> Stability:
    """Return the index of shares of segments, of whose difference the covariance is known."""
    old, new = np.maximum(before, 1e-9), np.maximum(now, 1e-9)
    raw = float(((old - new) * np.log(old / new)).sum())
    # Where memberships are in doubt, shares vary more than counts of as many customers.
    expected = float((np.diag(spread) / ((old + new) / 2)).sum())
    error = expected / (len(old) - 1)
    low, high = (center * error for center in centers(raw / error, len(old) - 1))
    return Stability(raw, raw - expected, low, high, p, len(old))


def _filled(shares: Floats, n: float) -> Floats:
    found = shares + _HALF / n
    return np.asarray(found / found.sum())


def centers(x: float, degrees: int) -> tuple[float, float]:
    """Return the 95 % interval of the center of a non-central chi-square that came out as x."""
    # Less than chance gives is no sign of less than nothing.
    ends = np.array([x, max(x, float(degrees))])
    low, high = (center_of(ends, np.full(2, float(degrees)), p) for p in (0.975, 0.025))
    return float(low[0]), float(high[1])
