"""How far out a number may be and still be like those that were seen.

A bin at the end has no end: a value beyond all others is in it as well. So the largest and the
smallest values of a number are fitted by a generalized Pareto distribution (Pickands 1975; Davison
and Smith 1990), which holds light, exponential and heavy tails, and its limits are those that a new
customer passes with a given probability. Few values tell little about a tail; the probability is
therefore averaged over all tails that go with them (a predictive distribution).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Floats = NDArray[np.float64]

#: Part of the customers that is the tail, the fewest of them that show it, and the most used.
TAIL = 0.02
FEWEST = 50
MOST = 200
#: The tail is no more than this part of the customers, however few there are.
WIDEST = 0.1

#: Shapes that are tried, and what is known of them before the data: from bounded (-1) to so heavy
#: that there is no mean (1), most often near exponential.
_SHAPES = np.linspace(-1.0, 1.0, 21)
_PRIOR = -0.5 * ((_SHAPES - 0.1) / 0.25) ** 2
#: Scales that are tried, in mean excesses.
_SCALES = np.geomspace(0.2, 5.0, 31)


def upper_limit(values: Floats, weights: Floats, chance: float) -> float:
    """Return the value that a customer like these passes with probability ``chance``.

    ``values`` has no missing ones; each has a weight, which counts customers.
    """
    values, weights = values[weights > 0], weights[weights > 0]
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    above = np.cumsum(weights[::-1])[::-1]
    total = above[0]
    wanted = max(TAIL * total, min(FEWEST, WIDEST * total), 1.0)
    start = values[min(int(np.searchsorted(-above, -wanted, side="right")), len(values) - 1)]
    beyond = values > start
    if not beyond.any():  # many customers have the largest value: it is the tail
        if start == values[0]:
            return float(start)
        start = values[values < start][-1]
        beyond = values > start
    excess, mass = values[beyond] - start, weights[beyond]
    # A count has no values between two: what is next to the limit is not beyond it.
    step = float(np.median(np.diff(np.unique(excess), prepend=0.0)))
    if len(excess) > MOST:
        excess, mass = _thinned(excess, mass)
    share = mass.sum() / total
    if chance >= share:
        return float(start)
    return float(start + step + _quantile(excess, mass, chance / share))


def _thinned(excess: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """Put neighbors together: as many customers, in fewer values."""
    first = np.linspace(0, len(excess), MOST, endpoint=False).astype(np.int64)
    together = np.add.reduceat(mass, first)
    return np.add.reduceat(mass * excess, first) / together, together


def _quantile(excess: Floats, mass: Floats, chance: float) -> float:
    """Excess that is passed with probability ``chance``, over all tails that go with the data."""
    mean = float(mass @ excess / mass.sum())
    tails = _posterior(excess / mean, mass)
    low, high = 0.0, 1.0
    while _passed(high, *tails) > chance:
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = 0.5 * (low + high)
        if _passed(middle, *tails) > chance:
            low = middle
        else:
            high = middle
    return mean * high


def _posterior(excess: Floats, mass: Floats) -> tuple[Floats, Floats, Floats]:
    """Probability of each shape and scale, given excesses with mean 1."""
    shapes, scales = (grid.ravel() for grid in np.meshgrid(_SHAPES, _SCALES, indexing="ij"))
    density = _log_density(excess / scales[:, None], shapes[:, None]) @ mass
    logs = np.repeat(_PRIOR, len(_SCALES)) + density - mass.sum() * np.log(scales)
    logs -= logsumexp(logs)
    kept = logs > logs.max() - 20.0
    return np.exp(logs[kept]), shapes[kept], scales[kept]


def _passed(value: float, chances: Floats, shapes: Floats, scales: Floats) -> float:
    """Probability of more than ``value``."""
    z, near = value / scales, np.abs(shapes) < 1e-9
    shapes = np.where(near, 1.0, shapes)
    beyond = np.maximum(1.0 + shapes * z, 0.0) ** (-1.0 / shapes)
    return float(chances @ np.where(near, np.exp(-z), beyond))


def _log_density(z: Floats, shapes: Floats) -> Floats:
    """Log of ``(1 + shape z) ** -(1 / shape + 1)``."""
    near = np.abs(shapes) < 1e-9
    shapes = np.where(near, 1.0, shapes)
    inside = shapes * z > -1.0
    logs = -(1.0 / shapes + 1.0) * np.log1p(np.where(inside, shapes * z, 0.0))
    return np.where(near, -z, np.where(inside, logs, -np.inf))
