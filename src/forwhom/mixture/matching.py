"""Keep the labels of an old model when a new one finds nearly the same segments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]


def match_segments(
    old: Floats, new: Floats, weights: Floats | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Order the new segments like the old ones that they share most customers with.

    From responsibilities of the same customers, (n, K_old) and (n, K_new), and their weights. Place
    i of ``order`` holds the new segment that takes it: matched segments in the order of their old
    ones, then the others, largest first. ``partner`` is the old segment of each place, -1 where
    there is none. The assignment is the one with the largest shared weight (Kuhn 1955).

    Examples
    --------
    >>> old = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> order, partner = match_segments(old, old[:, ::-1])
    >>> order, partner
    (array([1, 0]), array([0, 1]))
    """
    w = np.ones(len(old)) if weights is None else weights
    shared = old.T @ (new * w[:, None])
    places, segments = linear_sum_assignment(shared, maximize=True)
    sizes = w @ new
    rest = [int(s) for s in np.argsort(-sizes, kind="stable") if s not in set(segments)]
    # Rows come back in ascending order: matched segments are already in the order of the old.
    order = np.array([*segments, *rest], dtype=np.int64)
    partner = np.array([*places, *[-1] * len(rest)], dtype=np.int64)
    return order, partner
