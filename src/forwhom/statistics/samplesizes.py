"""How many customers an experiment needs, and what it can tell with those that there are.

Sources: C. P. Farrington and G. Manning, Statistics in Medicine 9 (1990) 1447-1454, for shares, of
which the textbook formula is the case of no threshold; the noncentral t distribution for means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import nctdtr, ndtr, ndtri, stdtrit

from forwhom.statistics.arms import restricted_variance, welch_df
from forwhom.statistics.sequential import bounds_of, chance_to_cross

#: More customers than there are.
_MOST = 10**10


@dataclass(frozen=True)
class Design:
    """What a comparison of two arms is to find out.

    Parameters
    ----------
    baseline, effect, threshold
        The control arm as it is expected, the true difference to be found, and the difference that
        must be surpassed; all of them signed, treated less control.
    variances
        Of the control arm and the treated arm, for a number; None for a share.
    shares
        The part of the customers that each arm gets.
    alpha
        The two-sided chance of a wrong verdict.
    looks
        Parts of the customers after which somebody looks, the last of them 1.
    """

    baseline: float
    effect: float
    threshold: float
    variances: tuple[float, float] | None
    shares: tuple[float, float]
    alpha: float
    looks: tuple[float, ...] = (1.0,)

    def arms(self, customers: int) -> tuple[int, int]:
        """Return how many customers each arm has, of so many in all."""
        control = round(customers * self.shares[0])
        return control, customers - control

    def power(self, customers: int) -> float:
        """Return the chance that so many customers show that the threshold is surpassed."""
        n = self.arms(customers)
        if min(n) < 2:
            return 0.0
        once = self._power_of_shares(n) if self.variances is None else self._power_of_means(n)
        if len(self.looks) == 1 or not 0 < once < 1:
            return once
        drift = float(ndtri(once)) - float(ndtri(self.alpha / 2))
        return chance_to_cross(bounds_of(self.alpha / 2, self.looks), self.looks, drift)

    def _power_of_shares(self, n: tuple[int, int]) -> float:
        p0 = self.baseline
        p1 = p0 + self.effect
        by_chance = math.sqrt(restricted_variance(p1, n[1], p0, n[0], self.threshold))
        error = math.sqrt(p1 * (1 - p1) / n[1] + p0 * (1 - p0) / n[0])
        gap = abs(self.effect - self.threshold)
        off = gap + float(ndtri(self.alpha / 2)) * by_chance
        return float(ndtr(off / error)) if error > 0 else float(off > 0)

    def _power_of_means(self, n: tuple[int, int]) -> float:
        assert self.variances is not None
        error = math.sqrt(self.variances[0] / n[0] + self.variances[1] / n[1])
        df = welch_df(self.variances, n)
        least = -float(stdtrit(df, self.alpha / 2))
        gap = abs(self.effect - self.threshold) / error
        # Far out the noncentral t is the normal distribution, and is computed badly.
        if df > 1e5 or gap > 30:
            return float(ndtr(gap - least))
        return float(1.0 - nctdtr(df, gap, least))

    def customers(self, power: float) -> int:
        """Return the fewest customers in all that give this power."""
        low, high = 4, 8
        while self.power(high) < power:
            low, high = high, 2 * high
            if high > _MOST:
                return _MOST
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.power(middle) >= power else (middle, high)
        return self._in_whole_arms(high)

    def _in_whole_arms(self, customers: int) -> int:
        """Return the customers if each arm is rounded up; equal arms stay equal."""
        return sum(math.ceil(round(customers * share, 6)) for share in self.shares)
