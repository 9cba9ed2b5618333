"""How far the segments overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def overlap_matrix(
    responsibilities: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> list[list[float]]:
    """Return the mean probability of segment j among the members of segment i.

    Parameters
    ----------
    responsibilities
        Probability of each segment, shape (n, K); members are those most likely in a
        segment, and a row of zeros is a member of none.
    weights
        Survey weights, shape (n,).

    Examples
    --------
    >>> overlap_matrix(np.array([[0.9, 0.1], [0.7, 0.3], [0.0, 1.0]]))
    [[0.8, 0.2], [0.0, 1.0]]
    """
    probabilities = np.asarray(responsibilities, dtype=np.float64)
    n, k = probabilities.shape
    given = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    mode = np.argmax(probabilities, axis=1)
    placed = probabilities.max(axis=1) > 0
    rows = []
    for i in range(k):
        inside = (mode == i) & placed
        total = given[inside].sum()
        mean = given[inside] @ probabilities[inside] / total if total > 0 else np.zeros(k)
        rows.append([round(float(share), 6) for share in mean])
    return rows
