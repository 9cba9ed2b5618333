"""Bins of a number, chosen by the data: finer in the tails, and one for each value often met."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

#: Bins of equal share, and those at both ends, where few customers weigh much.
EQUAL = 15
TAILS = (0.005, 0.02)
#: A value that so many customers have is a bin of its own; no bin is to have fewer customers.
OFTEN = 1 / 30
LEAST = 10.0
#: With few customers, this part of them.
LEAST_PART = 0.1


class Bins(NamedTuple):
    """Upper cuts of all bins but the last, ascending; a value at a cut belongs below it."""

    cuts: Floats
    scores: Floats  # mean normal score of a bin, variance 1 over the customers
    centers: Floats  # middle value of a bin's customers, one that was seen


def bin_codes(cuts: Floats, values: Floats) -> NDArray[np.int32]:
    """Return the bin of each value; -1 where missing."""
    found = np.searchsorted(cuts, values, side="left")
    return np.where(np.isnan(values), -1, found).astype(np.int32)


def bins_of(values: Floats, weights: Floats) -> Bins:
    """Cut numbers without missing ones, (n,), each with its weight, into bins."""
    different, where = np.unique(values, return_inverse=True)
    mass = np.bincount(where, weights=weights)
    kept = mass > 0
    different, mass = different[kept], mass[kept]
    ends = _last_of_each(mass / mass.sum(), mass.sum())
    first = np.concatenate([[0], ends[:-1] + 1])
    shares = np.add.reduceat(mass, first) / mass.sum()
    below = np.cumsum(mass)
    half = np.searchsorted(below, below[ends] - 0.5 * shares * mass.sum())
    return Bins(
        _between(different, ends[:-1]),
        normal_scores(shares),
        different[np.clip(half, first, ends)],
    )


def _last_of_each(shares: Floats, n: float) -> NDArray[np.int64]:
    """Index of the last different value of each bin."""
    below = np.cumsum(shares)
    wanted = np.linspace(0.0, 1.0, EQUAL + 1)[1:-1]
    least = min(LEAST, LEAST_PART * n) - 1e-9
    tails = [t for t in TAILS if t * n >= LEAST]
    levels = np.unique(np.concatenate([wanted, tails, [1.0 - t for t in tails]]))
    # The value at which a share is reached or, in the upper half, the one before: spikes at the
    # ends stay apart from what is next to them.
    ends = set(np.searchsorted(below, levels - 1e-12).tolist())
    for often in np.flatnonzero(shares >= OFTEN).tolist():
        ends |= {often - 1, often}
    inner = sorted(end for end in ends if 0 <= end < len(shares) - 1)
    return _large_enough(np.array([*inner, len(shares) - 1], dtype=np.int64), below * n, least)


def _large_enough(ends: NDArray[np.int64], below: Floats, least: float) -> NDArray[np.int64]:
    """Drop cuts that leave a bin with too few customers."""
    kept: list[int] = []
    start, total = 0.0, below[-1]
    for end in ends[:-1].tolist():
        if below[end] - start >= least and total - below[end] >= least:
            kept.append(end)
            start = below[end]
    return np.array([*kept, int(ends[-1])], dtype=np.int64)


def _between(different: Floats, ends: NDArray[np.int64]) -> Floats:
    """Cut halfway between a bin's last value and the next; at the value where digits end."""
    low, high = different[ends], different[ends + 1]
    middle = low + (high - low) / 2
    return np.where(middle < high, middle, low)


def normal_scores(shares: Floats) -> Floats:
    """Return the mean of a normal variable over each bin's quantiles, scaled to variance 1."""
    if len(shares) == 1:
        return np.zeros(1)
    edges = ndtri(np.concatenate([[0.0], np.minimum(np.cumsum(shares)[:-1], 1.0), [1.0]]))
    density = np.exp(-0.5 * edges**2) / np.sqrt(2 * np.pi)
    scores = (density[:-1] - density[1:]) / shares
    return np.asarray(scores / np.sqrt(shares @ scores**2))
