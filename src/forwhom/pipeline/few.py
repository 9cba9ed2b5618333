"""Segments of a few customers would tell of those, or of chance: then fewer are sought."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.tries import Tries
from forwhom.pipeline.methods import Found
from forwhom.tables.weights import effective_size
from forwhom.wording import count

#: A segment whose weights are worth fewer equal customers is one or two who count for many: the
#: engine takes what they answered for a crowd of equal people.
LEAST_WORTH = 5


def without_few(
    find: Callable[[Tries, int | None], Found],
    tries: Tries,
    k: int | None,
    threshold: int,
    weights: NDArray[np.float64] | None = None,
) -> Found:
    """Find segments, each with at least ``threshold`` customers; the number is lowered until so.

    With weights, those of a segment are worth at least ``LEAST_WORTH`` customers as well. Grids and
    rules have no number to lower; what finds them sees to it that none is smaller.
    """
    found = find(tries, k)
    first = _size(found)
    why: str | None = None
    while _size(found) > 1 and (reason := _too_few(found, threshold, weights)):
        why, fewer = why or reason, _size(found) - 1
        ks = tuple(one for one in tries.ks if one <= fewer) if len(tries.ks) > 1 else (fewer,)
        tries, k = replace(tries, ks=ks or (fewer,)), None if k is None else fewer
        found = find(tries, k)
    if _size(found) == first:
        return found
    return replace(found, notes=[*found.notes, _note(why, first, threshold, _size(found))])


def _note(why: str | None, wanted: int, threshold: int, found: int) -> str:
    if why == "weight":
        return (
            f"With {count(wanted, 'segment')}, one would rest on a few customers who weigh as much "
            f"as many; so there are no more than {found}."
        )
    return (
        f"With {count(wanted, 'segment')}, one would have fewer than {threshold} customers, whose "
        f"values it would tell; so there are no more than {found}."
    )


def _size(found: Found) -> int:
    return int(found.responsibilities.shape[1])


def _too_few(
    found: Found, threshold: int, weights: NDArray[np.float64] | None
) -> Literal["number", "weight"] | None:
    """Return of what the smallest segment has too little, if it has."""
    if found.fit.method not in ("mixture", "kmeans"):
        return None
    chances = found.responsibilities
    placed = chances.argmax(axis=1)[chances.max(axis=1) > 0]
    if threshold > 1 and np.bincount(placed, minlength=_size(found)).min() < threshold:
        return "number"
    if weights is None:
        return None
    own = [chances[:, k] for k in range(_size(found)) if chances[:, k].any()]
    heavy = any(effective_size(weights * one) < LEAST_WORTH <= effective_size(one) for one in own)
    return "weight" if heavy else None
