"""Effect sizes of a group against the rest, with intervals.

Sources: J. Cohen, *Statistical Power Analysis for the Behavioral Sciences* (1988), chapters 2
and 6; the variance of d as in L. V. Hedges and I. Olkin, *Statistical Methods for Meta-Analysis*
(1985), chapter 5, with effective numbers of customers. That variance takes who belongs where as
known; the influence of each customer on an effect (F. R. Hampel, JASA 69 (1974) 383-393) lets
:meth:`~forwhom.statistics.membership.Membership.errors` add what is not known of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.segmentation import Interval

Floats = NDArray[np.float64]

#: Two-sided 95 % of the normal distribution.
Z95 = 1.959963984540054
#: Smaller effects are not worth a sentence (Cohen's "small").
SMALL = 0.2


@dataclass(frozen=True)
class Effect:
    """A signed effect size with its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> Interval:
        """The 95 % interval."""
        low, high = self.value - Z95 * self.error, self.value + Z95 * self.error
        return Interval(low=round(low, 4), high=round(high, 4))

    def with_error(self, error: float) -> Effect:
        """Return the effect with another standard error; its own where nothing varies."""
        return Effect(self.value, error if error > 1e-6 else self.error)

    @property
    def is_large(self) -> bool:
        """Whether the effect is worth saying."""
        return abs(self.value) >= SMALL

    @property
    def is_credible(self) -> bool:
        """Whether the effect is worth saying, and its interval is on one side of zero."""
        return self.is_large and abs(self.value) > Z95 * self.error


@dataclass(frozen=True)
class Moments:
    """What is known of a number in a group."""

    weight: float  # sum of weights
    mean: float  # ``mean``, ``variance``: weighted mean and variance
    variance: float
    n: float  # effective number of customers

    def without(self, part: Moments, n: float) -> Moments:
        """Return the moments of those who are not in a part of this group."""
        weight = self.weight - part.weight
        if weight <= 1e-9 * max(self.weight, 1e-300):
            return Moments(0.0, math.nan, math.nan, 0.0)
        mean = (self.weight * self.mean - part.weight * part.mean) / weight
        squares = self.weight * (self.variance + (self.mean - mean) ** 2)
        squares -= part.weight * (part.variance + (part.mean - mean) ** 2)
        return Moments(weight, mean, max(squares / weight, 0.0), n)


def cohens_d(group: Moments, rest: Moments) -> Effect | None:
    """Return the difference of two means in pooled standard deviations.

    ``None`` when a side is empty or the number is the same for everybody. Where neither side
    varies, the standard deviation is taken as a hundredth of the difference.
    """
    if group.n < 2 or rest.n < 2 or group.weight <= 0 or rest.weight <= 0:
        return None
    difference = group.mean - rest.mean
    pooled = group.weight * group.variance + rest.weight * rest.variance
    sd = max(math.sqrt(pooled / (group.weight + rest.weight)), abs(difference) / 100)
    if not math.isfinite(sd) or sd <= 1e-12 * abs(group.mean):  # the same but for rounding
        return None
    d = difference / sd
    total = group.n + rest.n
    return Effect(d, math.sqrt(total / (group.n * rest.n) + d * d / (2 * total)))


def cohens_h(group: float, rest: float, n_group: float, n_rest: float) -> Effect | None:
    """Return the difference of two shares on the arcsine scale.

    ``None`` when a side is empty.
    """
    if n_group <= 0 or n_rest <= 0 or math.isnan(group) or math.isnan(rest):
        return None
    angles = [2 * math.asin(math.sqrt(min(max(p, 0.0), 1.0))) for p in (group, rest)]
    return Effect(angles[0] - angles[1], math.sqrt(1 / n_group + 1 / n_rest))


def influence_on_d(
    values: Floats, group: Moments, rest: Moments, d: float
) -> tuple[Floats, Floats]:
    """Return what a unit of weight at each value adds to Cohen's d, in the group and in the rest.

    ``values`` (m,) are NaN where missing; both results have shape (m, 1).
    """
    total = group.weight + rest.weight
    pooled = (group.weight * group.variance + rest.weight * rest.variance) / total
    if pooled <= 0:
        return np.zeros((len(values), 1)), np.zeros((len(values), 1))
    found = []
    for side, sign in ((group, 1.0), (rest, -1.0)):
        off = values - side.mean
        spread = (off**2 - pooled) / total
        moved = sign * off / (side.weight * math.sqrt(pooled)) - 0.5 * d / pooled * spread
        found.append(np.where(np.isnan(values), 0.0, moved)[:, None])
    return found[0], found[1]


def influence_on_h(
    chosen: Floats, group: Floats, rest: Floats, weights: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return what a unit of weight adds to Cohen's h of R levels, in the group and in the rest.

    ``chosen`` (m, R) is 1 for those who have the level and NaN where missing, ``group`` and
    ``rest`` are shares (R,) and ``weights`` those of both sides; both results have shape (m, R).
    """
    found = []
    for shares, weight, sign in ((group, weights[0], 1.0), (rest, weights[1], -1.0)):
        steep = np.sqrt(np.maximum(shares * (1 - shares), 1e-12))
        found.append(np.nan_to_num(sign * (chosen - shares) / (weight * steep)))
    return found[0], found[1]
