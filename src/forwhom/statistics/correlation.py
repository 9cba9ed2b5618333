"""Which variables move together: ranks, and the correlations of all pairs at once."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Fewer rows that both variables have say nothing of how they move together.
_FEWEST = 3


def ranks(values: Floats) -> Floats:
    """Return ranks from 1, their mean where values are equal, NaN where one is not finite."""
    found = np.full(len(values), np.nan)
    there = np.isfinite(values)
    _, place, equals = np.unique(values[there], return_inverse=True, return_counts=True)
    found[there] = (np.cumsum(equals) - (equals - 1) / 2)[place]
    return found


def midranks(values: Floats, weights: Floats) -> Floats:
    """Return the share of the weight below each value, half of its equals counted; NaN for NaN."""
    found = np.full(len(values), np.nan)
    there = np.isfinite(values)
    _, place = np.unique(values[there], return_inverse=True)
    mass = np.bincount(place, weights[there])
    found[there] = ((np.cumsum(mass) - mass / 2) / max(float(mass.sum()), 1e-300))[place]
    return found


def correlations(values: Floats) -> Floats:
    """Return the correlations of all pairs of rows, each over the columns that both have.

    0 where fewer than three are there for both, or one of the two is constant among them. Sums of
    ranks, and of zeros and ones, are exact, so that no order of adding them changes the answer.
    """
    there = np.isfinite(values)
    seen = there.astype(np.float64)
    n = seen @ seen.T
    # Whole numbers near zero: twice a rank is one, and their squares add up below 2 ** 53.
    twice = np.where(there, 2 * values, 0.0)
    center = np.round(twice.sum(axis=1) / np.maximum(seen.sum(axis=1), 1.0))
    twice = np.where(there, twice - center[:, None], 0.0)
    sums = twice @ seen.T
    spread = n * (twice**2 @ seen.T) - sums**2
    scale = np.sqrt(np.maximum(spread, 0.0) * np.maximum(spread.T, 0.0))
    together = n * (twice @ twice.T) - sums * sums.T
    found: Floats = np.zeros_like(together)
    known = (n >= _FEWEST) & (scale > 0)
    np.divide(together, scale, out=found, where=known)
    return found
