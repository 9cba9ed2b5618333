"""Some of the customers, drawn by the hash of what they are: the same ones in any order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design

Floats = NDArray[np.float64]
Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

#: The step of splitmix64 from one number to the next.
_STEP = np.uint64(0x9E3779B97F4A7C15)
#: Hashes of customers that are held at a time.
_AT_A_TIME = 1 << 22


def subsample(design: Design, rows: int, hashes: Hashes) -> Design:
    """Draw ``rows`` rows by their hashes, and return their design in the order of hashes.

    Rows with a weight, such as the number of customers that share it, are drawn by priority
    sampling (Duffield, Lund and Thorup 2007): heavy rows come for certain with their own weight,
    light ones by chance with the weight of the threshold, so that sums stay unbiased. Weights
    then add up to the number of equally weighted rows that would say as much (Kish 1965).
    """
    return _taken(design, *draw_rows(design, rows, hashes))


def _taken(design: Design, index: Ints, weights: Floats | None) -> Design:
    part = design.take(index)
    if weights is None:
        return part
    n = float(weights.sum())
    return replace(part, weights=weights, n=n, base=design.base * n / design.n)


def draw_rows(design: Design, rows: int, hashes: Hashes) -> tuple[Ints, Floats | None]:
    """Return the rows of :func:`subsample`, and their weights where these are not their own."""
    index = np.flatnonzero(design.row_weights > 0)
    if len(index) <= rows:
        return index[np.argsort(hashes[index], kind="stable")], None
    own = np.empty(0) if not len(design.weights) else design.weights[index]
    drawn = apart(hashes[index], own)
    if not len(own):
        first = np.argpartition(drawn, rows - 1)[:rows]
        return index[first[np.argsort(drawn[first], kind="stable")]], None
    priority = own / ((drawn + 1.0) / 2.0**64)
    top = np.argpartition(-priority, rows)
    weights = np.maximum(own[top[:rows]], priority[top[rows]])
    weights *= weights.sum() / (weights**2).sum()
    order = np.argsort(drawn[top[:rows]], kind="stable")
    return index[top[:rows]][order], weights[order]


def apart(hashes: Hashes, weights: Floats) -> Hashes:
    """Give copies of a row hashes of their own, in the order of their weights.

    One answer that many customers gave would else be in a sample with all of them, or not at all.
    """
    order = np.lexsort((weights, hashes)) if len(weights) else np.argsort(hashes)
    ordered = hashes[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    if first.all():
        return hashes
    begun = np.flatnonzero(first)
    copy = np.arange(len(order)) - np.repeat(begun, np.diff([*begun, len(order)]))
    found = hashes.copy()
    later = copy > 0
    found[order[later]] = _mixed(ordered[later] + copy[later].astype(np.uint64) * _STEP)
    return found


def _mixed(z: Hashes) -> Hashes:
    """Mix numbers so that near ones are far apart (splitmix64)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def sample_of(design: Design, rows: int) -> tuple[Design, Ints]:
    """Return a design of at most so many rows, drawn by their hashes, and which they are."""
    index, weights = draw_rows(design, rows, design.hashes())
    return _taken(design, index, weights), index


class Drawn(NamedTuple):
    """Some of the customers."""

    design: Design
    rows: Ints  # of all customers' design, one for each row of this one
    n: int  # how many customers: more than rows, where some answered alike


def customers_of(design: Design, rows: int) -> Drawn:
    """Draw customers until they fill so many rows.

    Every customer has the same chance, also where many share a row, so that what is counted in the
    sample is as if nobody else had been asked. A row weighs as much as those who were drawn of it.
    """
    index = np.flatnonzero(design.row_weights > 0)
    rows = min(rows, len(index))
    hashes = design.hashes()[index]
    if design.rows is None:
        hashes = apart(hashes, design.weights[index] if len(design.weights) else design.weights)
        kept = np.argpartition(hashes, rows - 1)[:rows]
        index = index[kept[np.argsort(hashes[kept], kind="stable")]]
        return Drawn(design.take(index), index, rows)
    counts = np.bincount(design.rows, minlength=design.n_rows)[index]
    blocks = _keys(hashes, counts)
    first = np.concatenate([np.minimum.reduceat(keys, begins) for keys, begins in blocks])
    limit = np.partition(first, rows - 1)[rows - 1]
    kept = np.flatnonzero(first <= limit)
    kept = kept[np.argsort(first[kept], kind="stable")]
    blocks = _keys(hashes[kept], counts[kept])
    times = np.concatenate([np.add.reduceat(keys <= limit, begins) for keys, begins in blocks])
    weights = design.weights[index[kept]] * times / counts[kept]
    return Drawn(_taken(design, index[kept], weights), index[kept], int(times.sum()))


def _keys(hashes: Hashes, counts: Ints) -> Iterator[tuple[Hashes, Ints]]:
    """Yield hashes of all customers, block by block, and where each row's customers begin."""
    blocks = np.cumsum(counts) // _AT_A_TIME
    for rows in np.split(np.arange(len(counts)), np.flatnonzero(np.diff(blocks)) + 1):
        begins = np.concatenate([[0], np.cumsum(counts[rows])[:-1]])
        copy = np.arange(counts[rows].sum()) - np.repeat(begins, counts[rows])
        keys = np.repeat(hashes[rows], counts[rows])
        later = copy > 0
        keys[later] = _mixed(keys[later] + copy[later].astype(np.uint64) * _STEP)
        yield keys, begins
