"""Probabilities of levels and bins, made so coarse that they tell of no small group.

A probability times the size of its segment is a number of customers. Where that is under the
threshold, it is replaced by half the threshold, and the same level in the other segments becomes a
multiple of the threshold, or else the small number were what they lack of all.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import CategoricalItem, Item, TiltItem
from forwhom.documents.privacy import rounded_within
from forwhom.mixture.values import is_number
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]


def coarse_items(
    items: Sequence[Item],
    sizes: Sequence[float] | None,
    threshold: int,
    columns: Mapping[str, Column],
    chances: Floats | None = None,
) -> list[Item]:
    """Return items whose small cells cannot be computed, given the size of each segment.

    Without sizes, probabilities of levels are left as they are: they are cells of nobody.
    ``chances`` are the probabilities of the segments, (customers, K), where customers have weights:
    then a cell of few can weigh as much as one of many.
    """
    if threshold <= 1:
        return list(items)
    known = None if sizes is None else np.asarray(sizes)
    return [_coarse_item(item, known, threshold, columns, chances) for item in items]


def _coarse_item(
    item: Item,
    sizes: Floats | None,
    threshold: int,
    columns: Mapping[str, Column],
    chances: Floats | None,
) -> Item:
    if isinstance(item, TiltItem):
        return coarse_bins(item, np.asarray(columns[item.variable].values, float), threshold)
    if not isinstance(item, CategoricalItem) or sizes is None:
        return item
    people = None if chances is None else _people(columns[item.variable], chances)
    found = coarse(np.asarray(item.probabilities), sizes, threshold, people)
    return item.model_copy(update={"probabilities": found.tolist()})


def _people(column: Column, chances: Floats) -> Floats:
    """Return how many customers are expected in each cell, (K, levels)."""
    codes, n = np.asarray(column.values, dtype=np.int64) + 1, len(column.levels or ())
    return np.array([np.bincount(codes, row, n + 1)[1:] for row in chances.T])


def coarse_bins(item: TiltItem, values: Floats, threshold: int) -> TiltItem:
    """Return bins of as many customers as the threshold, with cuts and middles of few digits."""
    seen = np.sort(values[is_number(values)])
    upper = np.searchsorted(seen, np.asarray(item.cuts), side="right")
    kept = _enough(upper.tolist(), len(seen), threshold)
    first = [0, *(at + 1 for at in kept)]
    edges = [0, *(int(upper[at]) for at in kept), len(seen)]
    cuts = [
        _between(item.cuts[at], float(seen[edge - 1]), float(seen[edge]))
        for at, edge in zip(kept, edges[1:], strict=False)
    ]
    middles = [
        rounded_within(float(np.median(own)), *np.quantile(own, (0.25, 0.75), method="nearest"))
        for own in (seen[low:high] for low, high in pairwise(edges))
    ]
    joined = np.add.reduceat(np.asarray(item.probabilities), first, axis=1)
    update = {"cuts": cuts, "centers": middles, "probabilities": joined.tolist()}
    return item.model_copy(update=update)


def _between(cut: float, low: float, high: float) -> float:
    """Return a cut of few digits that is nobody's value."""
    return rounded_within(cut, float(np.nextafter(low, np.inf)), float(np.nextafter(high, -np.inf)))


def _enough(upper: Sequence[int], n: int, threshold: int) -> list[int]:
    """Return the cuts to keep so that no bin has somebody, but too few."""
    kept: list[int] = []
    start = 0
    for at, edge in enumerate(upper):
        if edge - start >= threshold and n - edge >= threshold:
            kept.append(at)
            start = edge
    return kept


def coarse(
    probabilities: Floats, sizes: Floats, threshold: int, people: Floats | None = None
) -> Floats:
    """Return probabilities (K, levels) in which no cell under the threshold can be told.

    ``people`` are the customers expected in each cell, where weights make them another number.
    """
    counts = probabilities * sizes[:, None]
    small = (counts >= 0.5) & (counts < threshold)
    if people is not None:
        small |= (people >= 0.5) & (people < threshold)
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
