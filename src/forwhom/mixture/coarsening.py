"""Parameters of a model, made so coarse that they tell of no small group.

A probability times the size of its segment is a number of customers. Where that is under the
threshold, it is replaced by half the threshold, and the same level in the other segments becomes a
multiple of the threshold, or else the small number were what they lack of all. Spreads have two
digits: of a sum of squares, one customer may have the most.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import (
    CategoricalItem,
    DirichletMultinomialItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import KMeansModel
from forwhom.documents.privacy import cut_between, rounded_within
from forwhom.mixture.values import is_number, number_column
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
    ``chances`` are the probabilities of the segments, (customers, K): where customers have weights,
    a cell of few can weigh as much as one of many.
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
    if isinstance(item, GaussianItem):
        return item.model_copy(update={"sds": _two_digits(item.sds)})
    if isinstance(item, GaussianBlock):
        return _coarse_block(item)
    if isinstance(item, PositiveItem):
        return _coarse_amounts(item, sizes, threshold)
    if isinstance(item, DirichletMultinomialItem) and chances is not None:
        return _coarse_shares(item, threshold, columns, chances)
    if not isinstance(item, CategoricalItem) or sizes is None:
        return item
    people = None if chances is None else _people(columns[item.variable], chances)
    found = coarse(np.asarray(item.probabilities), sizes, threshold, people)
    if chances is not None and people is not None:
        found = _in_steps(found, sizes, chances.sum(axis=0) - people.sum(axis=1), threshold)
    return item.model_copy(update={"probabilities": found.tolist()})


def _in_steps(probabilities: Floats, sizes: Floats, missing: Floats, threshold: int) -> Floats:
    """Return probabilities that are those of whole numbers of members, where few have no answer.

    With all digits, they would tell of how many members they are the shares.
    """
    if not ((missing >= 0.5) & (missing < threshold)).any():
        return probabilities
    members = np.maximum(np.round(sizes), 1.0)[:, None]
    counts = probabilities * members
    digits = np.array([[float(f"{p:.0e}") for p in row] for row in probabilities])
    found = np.where(counts < 0.5, digits, np.round(counts) / members)
    rows, most = np.arange(len(found)), found.argmax(axis=1)
    found[rows, most] += 1.0 - found.sum(axis=1)
    return np.asarray(found)


def _two_digits(spreads: Sequence[float]) -> list[float]:
    return [float(f"{spread:.1e}") for spread in spreads]


def coarse_limits(items: Sequence[Item]) -> list[Item]:
    """Return items with limits that are rounded outwards: a tail is one of few customers."""
    return [_rounded_limits(item) if isinstance(item, TiltItem) else item for item in items]


def _rounded_limits(item: TiltItem) -> TiltItem:
    if item.low is None or item.high is None or item.high <= item.low:
        return item
    unit = 10.0 ** (math.floor(math.log10(item.high - item.low)) - 2)
    low, high = (
        float(f"{side(value / unit) * unit:.9g}")
        for side, value in ((math.floor, item.low), (math.ceil, item.high))
    )
    return item.model_copy(update={"low": low, "high": high})


def two_digits_below(value: float) -> float:
    """Return a number of two digits that is no higher.

    Examples
    --------
    >>> two_digits_below(-50.387), two_digits_below(-3.0)
    (-51.0, -3.0)
    """
    if value == 0.0:
        return value
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return float(f"{math.floor(round(value / unit, 9)) * unit:.1e}")


def _coarse_amounts(item: PositiveItem, sizes: Floats | None, threshold: int) -> PositiveItem:
    update = {"log_sds": _two_digits(item.log_sds)}
    if item.any is not None and sizes is not None:
        some = np.asarray(item.any)
        found = coarse(np.column_stack([1.0 - some, some]), sizes, threshold)
        update["any"] = found[:, 1].tolist()
    return item.model_copy(update=update)


def _coarse_block(item: GaussianBlock) -> GaussianBlock:
    """Round the spreads of a block; its correlations stay, so that each matrix stays one."""
    found = []
    for matrix in map(np.asarray, item.covariances):
        sds = np.sqrt(np.diag(matrix))
        scale = np.asarray(_two_digits(sds.tolist())) / sds
        found.append((matrix * np.outer(scale, scale)).tolist())
    return item.model_copy(update={"covariances": found})


def _coarse_shares(
    item: DirichletMultinomialItem,
    threshold: int,
    columns: Mapping[str, Column],
    chances: Floats,
) -> DirichletMultinomialItem:
    """Replace shares of what few customers of a segment have by what half the threshold has."""
    n = len(chances)
    sizes = coarse(np.array([item.sizes]), np.array([n]), threshold)[0]
    values = [number_column(columns, name) for name in item.variables]
    parts = np.array([np.zeros(n) if one is None else np.nan_to_num(one) for one in values])
    people, members = (parts > 0) @ chances, np.maximum(chances.sum(axis=0), threshold)
    usual = parts.sum(axis=1) / np.maximum((parts > 0).sum(axis=1), 1)
    small = (people >= 0.5) & (people < threshold)
    half = usual[:, None] * threshold / 2 / members
    shares = np.where(small, half, np.asarray(item.shares).T)
    update = {"sizes": sizes.tolist(), "shares": (shares / shares.sum(axis=0)).T.tolist()}
    return item.model_copy(update=update)


def coarse_scales(means: Sequence[float], sds: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return means and spreads with few digits, to measure distances with."""
    spreads = _two_digits(sds)
    near = [
        rounded_within(mean, mean - spread / 20, mean + spread / 20)
        for mean, spread in zip(means, spreads, strict=True)
    ]
    return near, spreads


def coarse_centers(
    model: KMeansModel,
    columns: Mapping[str, Column],
    chances: Floats,
    weights: Floats | None = None,
) -> KMeansModel:
    """Return the model with the means of these columns in each segment, to few digits.

    ``chances`` say who is in which segment, (customers, K).
    """
    mass = chances if weights is None else chances * weights[:, None]
    centers = []
    for name, mean, sd in zip(model.variables, model.means, model.sds, strict=True):
        values = number_column(columns, name)
        assert values is not None
        z = np.where(is_number(values), (values - mean) / sd, 0.0)
        centers.append(np.round(z @ mass / np.maximum(mass.sum(axis=0), 1e-300), 2))
    return model.model_copy(update={"centers": np.column_stack(centers).tolist()})


def cuts_between(ordered: Floats, at: Sequence[int], threshold: int) -> list[float]:
    """Return cuts near these places of ascending values, with as few digits as stay near.

    Each stands for as many customers around it as the threshold.
    """
    half, last = threshold // 2, len(ordered) - 1
    ends = [(max(i - half, 0), min(i + half, last)) for i in at]
    return [
        rounded_within(float(ordered[i]), float(ordered[low]), float(ordered[high]))
        for i, (low, high) in zip(at, ends, strict=True)
    ]


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
        between(item.cuts[at], seen, edge, threshold)
        for at, edge in zip(kept, edges[1:], strict=False)
    ]
    middles = [
        rounded_within(float(np.median(own)), *np.quantile(own, (0.25, 0.75), method="nearest"))
        for own in (seen[low:high] for low, high in pairwise(edges))
    ]
    joined = np.add.reduceat(np.asarray(item.probabilities), first, axis=1)
    update = {"cuts": cuts, "centers": middles, "probabilities": joined.tolist()}
    return item.model_copy(update=update)


def between(cut: float, ordered: Floats, at: int, threshold: int) -> float:
    """Return a cut of few digits that is nobody's value, below the one at ``at`` of all values."""
    low, high = float(ordered[at - 1]), float(ordered[at])
    return cut_between(
        cut, low, high,
        many_low=at - int(np.searchsorted(ordered, low)) >= threshold,
        many_high=int(np.searchsorted(ordered, high, side="right")) - at >= threshold,
    )  # fmt: skip


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
