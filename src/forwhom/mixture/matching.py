"""Keep the labels of an old model when a new one finds nearly the same segments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]


def match_segments(old: Floats, new: Floats, weights: Floats | None = None) -> NDArray[np.int64]:
    """Order the new segments like the old ones that they share most customers with.

    Parameters
    ----------
    old, new
        Responsibilities of the same customers, shapes (n, K_old) and (n, K_new).
    weights
        Weight of each customer, shape (n,).

    Returns
    -------
    ndarray
        Shape (K_new,): position i holds the new segment that takes place i. Matched segments take
        the place of their old one as far as there are places; new ones follow, largest first.

    Notes
    -----
    The assignment with the largest shared weight (Kuhn 1955).

    Examples
    --------
    >>> old = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> match_segments(old, old[:, ::-1])
    array([1, 0])
    """
    w = np.ones(len(old)) if weights is None else weights
    shared = old.T @ (new * w[:, None])
    places, segments = linear_sum_assignment(shared, maximize=True)
    sizes = w @ new
    matched = [int(s) for _, s in sorted(zip(places, segments, strict=True))]
    rest = [int(s) for s in np.argsort(-sizes, kind="stable") if s not in set(matched)]
    return np.array([*matched, *rest], dtype=np.int64)
