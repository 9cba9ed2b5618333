"""Intervals of means and sums of skewed numbers: few large values make them, and their error.

A few customers bring most of the money. Then the error of a mean is itself known from few
(`widened`), its distribution is skewed (`reach`), and the largest amounts of the population are
mostly not in the sample (`Tail`).

Sources: P. Hall, JRSS B 54 (1992) 221-228, for the cubic transform that takes the skewness away;
X.-H. Zhou and S. Gao, Health Economics 9 (2000) 611-622, who compare it for costs; F. E.
Satterthwaite, Biometrics Bulletin 2 (1946) 110-114, for degrees of freedom; D. R. Cox (in C. E.
Land, Technometrics 14 (1972) 145-158), for the mean of a log-normal number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from forwhom.statistics.effects import Z95

Floats = NDArray[np.float64]

#: So many members, times the square of the variance of their logarithms, show the tail themselves.
_ENOUGH = 100.0


def widened(influence: Floats, times: Floats | None = None, n: float = math.inf) -> float:
    """Return by how much an error is widened, as it is itself learned from few customers.

    Where few make most of it, its degrees of freedom are few (by their kurtosis, and by ``n``, the
    customers who have part in it): the quantile of Student's t beside that of the normal
    distribution. ``times`` says how many customers have each influence, one where it is left out.
    """
    each = np.ones(len(influence)) if times is None else times
    squares = float(each @ influence**2)
    fourth = float(each @ influence**4) - squares**2 / min(float(each.sum()), n)
    freedom = n - 1 if not fourth > 0 else min(2 * squares**2 / fourth, n - 1)
    if math.isinf(freedom):
        return 1.0
    corrected = math.sqrt(n / (n - 1)) if 1 < n < math.inf else 1.0
    quantile = float(stdtrit(max(freedom, 1.0), 0.975))
    return corrected * quantile / Z95


def reach(
    influence: Floats, times: Floats | None = None, n: float = math.inf
) -> tuple[float, float]:
    """Return how far below and above an estimate its 95 % interval reaches, in standard errors.

    Arguments as in `widened`.
    """
    each = np.ones(len(influence)) if times is None else times
    far = Z95 * widened(influence, times, n)
    squares = float(each @ influence**2)
    if not squares > 0:
        return far, far
    skew = float(each @ influence**3) / squares**1.5
    if abs(skew) < 1e-6:
        return far, far

    def inverse(q: float) -> float:
        root = math.cbrt(1 + skew * (q - skew / 6))
        return float(3 / skew * (root - 1))

    return inverse(far), -inverse(-far)


@dataclass(frozen=True)
class Tail:
    """By how much, in the logarithm, a mean lies above that of members who show no tail yet."""

    above: float  # the mean of a log-normal number with their median and spread, beside their mean
    variance: float  # of that mean, in the logarithm

    @classmethod
    def of(cls, values: Floats, mass: Floats, n: float) -> Tail | None:
        """Look at numbers of which none is below zero, of members worth ``n`` of equal weight.

        The upper half says how the largest values may lie: if as those of a log-normal number, the
        largest of many more are not in the sample. None where there are enough members.
        """
        there = (values > 0) & (mass > 0)
        if not there.any():
            return None
        order = np.argsort(values[there])
        logs, each = np.log(values[there][order]), mass[there][order]
        median = logs[int(np.searchsorted(np.cumsum(each), each.sum() / 2))]
        upper = logs >= median
        spread = float(each[upper] @ (logs[upper] - median) ** 2 / each[upper].sum())
        share = float(each.sum() / mass.sum())
        n_upper = n * float(each[upper].sum() / mass.sum())
        if not n * share < _ENOUGH * spread**2:
            return None
        mean = math.log(float(mass @ values) / float(mass.sum()))
        variance = (math.pi / 2 * spread / share + (1 - share) / share) / n
        variance += spread**2 / (2 * n_upper)
        return cls(math.log(share) + float(median) + spread / 2 - mean, variance)

    def end(self, more: float = 0.0) -> float:
        """Return how far above, in the logarithm, the mean may lie, with ``more`` variance."""
        return self.above + Z95 * math.sqrt(self.variance + more)
