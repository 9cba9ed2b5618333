"""Probabilities of levels, made so coarse that they tell of no small group.

A probability times the size of its segment is a number of customers. Where that is under the
threshold, it is replaced by half the threshold, and the same level in the other segments becomes a
multiple of the threshold, or else the small number were what they lack of all.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import CategoricalItem, Item

Floats = NDArray[np.float64]


def coarse_items(items: Sequence[Item], sizes: Sequence[float], threshold: int) -> list[Item]:
    """Return items whose small cells cannot be computed, given the size of each segment."""
    if threshold <= 1:
        return list(items)
    return [
        item.model_copy(
            update={
                "probabilities": coarse(
                    np.asarray(item.probabilities), np.asarray(sizes), threshold
                ).tolist()
            }
        )
        if isinstance(item, CategoricalItem)
        else item
        for item in items
    ]


def coarse(probabilities: Floats, sizes: Floats, threshold: int) -> Floats:
    """Return probabilities (K, levels) in which no cell under the threshold can be told."""
    counts = probabilities * sizes[:, None]
    small = (counts >= 0.5) & (counts < threshold)
    touched = np.atleast_1d(small.any(axis=0))
    if not touched.any():
        return probabilities
    rounded = np.maximum(threshold * np.round(counts / threshold), 0.0)
    rounded = np.where(small, threshold / 2, np.where(counts < 0.5, counts, rounded))
    found = np.array([_row(*one, touched) for one in zip(counts, rounded, strict=True)])
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _row(counts: Floats, rounded: Floats, touched: NDArray[np.bool_]) -> Floats:
    """Round levels of a segment; its most frequent one takes what remains."""
    by_size = np.argsort(-counts, kind="stable")
    most = by_size[0]
    fixed = touched.copy()
    if touched[most]:
        fixed[by_size[1]] = True
    fixed[most] = False
    row = np.where(fixed, rounded, counts)
    left = counts.sum() - row.sum() + row[most]
    if left > 0:
        row[most] = left
    return row
