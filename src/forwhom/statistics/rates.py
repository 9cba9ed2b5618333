"""Shares of groups set side by side: differences, ratios, associations, each with an interval.

Sources: E. B. Wilson, JASA 22 (1927) 209-212, for a share; G. Y. Zou and A. Donner, Statistics in
Medicine 27 (2008) 1693-1702, for the difference and, on the logarithmic scale, the ratio of two
shares from their own intervals; M. Smithson, *Confidence Intervals* (2003), chapter 4, for
Cramér's V by the noncentral χ² distribution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chndtr

from forwhom.statistics.effects import Z95

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rate:
    """A share of ``n`` customers, or of so many equally weighted ones."""

    share: float
    n: float

    def interval(self, z: float = Z95) -> tuple[float, float]:
        """Return Wilson's interval."""
        return wilson(self.share, self.n, z)


def wilson(share: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's interval for a share of n customers."""
    if n < 1e-9:
        return 0.0, 1.0
    shrink = 1 + z**2 / n
    middle = (share + z**2 / (2 * n)) / shrink
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n * n)) / shrink
    return max(min(middle - half, share), 0.0), min(max(middle + half, share), 1.0)


def difference(one: Rate, other: Rate, z: float = Z95) -> tuple[float, float, float]:
    """Return the difference of two shares, and its interval."""
    (low, high), (low2, high2) = one.interval(z), other.interval(z)
    d = one.share - other.share
    return (
        d,
        d - math.hypot(one.share - low, high2 - other.share),
        d + math.hypot(high - one.share, other.share - low2),
    )


def ratio(one: Rate, other: Rate, z: float = Z95) -> tuple[float, float, float]:
    """Return the ratio of two shares, and its interval: 0 to infinity where nothing is known.

    Nobody of either is no ratio: NaN, with this interval.
    """
    if other.share <= 0:
        return (math.nan if one.share <= 0 else math.inf), _least_ratio(one, other, z), math.inf
    (low, high), (low2, high2) = one.interval(z), other.interval(z)
    if one.share <= 0:
        return 0.0, 0.0, high / low2 if low2 > 0 else math.inf
    d = math.log(one.share / other.share)
    below = math.hypot(_apart(one.share, low), _apart(high2, other.share))
    above = math.hypot(_apart(high, one.share), _apart(other.share, low2))
    return math.exp(d), math.exp(d - below), math.exp(min(d + above, 700.0))


def _least_ratio(one: Rate, other: Rate, z: float) -> float:
    return one.interval(z)[0] / other.interval(z)[1]


def _apart(more: float, less: float) -> float:
    return math.log(more / less) if less > 0 else math.inf


def association(table: Floats, level: float = 0.95) -> tuple[float, float, float]:
    """Return Cramér's V of a table of (effective) numbers of customers, and its interval.

    Lines with nobody are left out; NaN where fewer than two rows or columns are left.

    Examples
    --------
    >>> v, low, high = association(np.array([[30.0, 10.0], [10.0, 30.0]]))
    >>> round(v, 2), round(low, 2), round(high, 2)
    (0.5, 0.28, 0.72)
    """
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = kept.shape if kept.size else (0, 0)
    if min(rows, columns) < 2:
        return math.nan, math.nan, math.nan
    n = float(kept.sum())
    expected = np.outer(kept.sum(axis=1), kept.sum(axis=0)) / n
    chi2 = float(((kept - expected) ** 2 / expected).sum())
    df, most = (rows - 1) * (columns - 1), n * (min(rows, columns) - 1)
    tail = (1 - level) / 2
    low = _noncentrality(chi2, df, 1 - tail)
    # Less than chance gives is no sign of less than nothing: the upper end stays that of chance.
    high = _noncentrality(max(chi2, df), df, tail)
    v = [math.sqrt(min(max(x, 0.0) / most, 1.0)) for x in (chi2, low, high)]
    return v[0], v[1], max(v[2], 0.0)


def _noncentrality(chi2: float, df: int, share: float) -> float:
    """Return the noncentrality with which χ² stays below the one found in this share of samples."""
    if chndtr(chi2, df, 1e-12) < share:
        return 0.0
    most = chi2 + 40.0 * math.sqrt(chi2 + df) + 100.0
    return float(brentq(lambda x: chndtr(chi2, df, x) - share, 1e-12, most, xtol=1e-6))
