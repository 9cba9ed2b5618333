"""Segments of a few customers would tell of those: then fewer segments are sought."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from forwhom.customers.tries import Tries
from forwhom.pipeline.methods import Found
from forwhom.wording import count


def without_few(
    find: Callable[[Tries, int | None], Found], tries: Tries, k: int | None, threshold: int
) -> Found:
    """Find segments, each with at least ``threshold`` customers; the number is lowered until so.

    Grids and rules have no number to lower; what finds them sees to it that none is smaller.
    """
    found = find(tries, k)
    first = _size(found)
    while _size(found) > 1 and _too_few(found, threshold):
        fewer = _size(found) - 1
        ks = tuple(one for one in tries.ks if one <= fewer) if len(tries.ks) > 1 else (fewer,)
        tries, k = replace(tries, ks=ks or (fewer,)), None if k is None else fewer
        found = find(tries, k)
    if _size(found) == first:
        return found
    note = (
        f"With {count(first, 'segment')}, one would have fewer than {threshold} customers, whose "
        f"values it would tell; so there are no more than {_size(found)}."
    )
    return replace(found, notes=[*found.notes, note])


def _size(found: Found) -> int:
    return int(found.responsibilities.shape[1])


def _too_few(found: Found, threshold: int) -> bool:
    if found.fit.method not in ("mixture", "kmeans"):
        return False
    chances = found.responsibilities
    placed = chances.argmax(axis=1)[chances.max(axis=1) > 0]
    sizes = np.bincount(placed, minlength=_size(found))
    return bool(threshold > 1 and sizes.min() < threshold)
