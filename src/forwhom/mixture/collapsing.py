from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture import coding
from forwhom.mixture.design import Design, Groups, Joint

#: Most possible rows for which a table finds equal ones sooner than a sort.
KEY_TABLE = 2**22
#: About as many rows are looked at to decide whether collapsing equal rows is worth while.
PROBE_ROWS = 8192


def collapsed(design: Design) -> Design:
    """Merge equal rows into one row with their weight, where many are equal."""
    if not _worth_collapsing(design):
        return design
    first, rows = _equal_rows(design)
    if not _same_rows(design, first, rows):  # two different rows with one hash: never seen
        return design
    weights = np.bincount(rows, weights=design.weights if len(design.weights) else None)
    return replace(
        design.take(first),
        weights=weights.astype(np.float64),
        n=design.n,
        base=design.base,
        rows=rows,
        first=first,
    )


def _equal_rows(design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First customer of each distinct row, and the distinct row of each customer."""
    keys, n_keys = _row_keys(design)
    if n_keys > KEY_TABLE:
        _, first, rows = np.unique(keys, return_index=True, return_inverse=True)
        return first.astype(np.int64), rows.astype(np.int64)
    # Few possible keys: a table instead of a sort.
    first_of = np.full(n_keys, -1, dtype=np.int64)
    first_of[keys[::-1]] = np.arange(design.n_rows - 1, -1, -1)
    present = first_of >= 0
    return first_of[present], (np.cumsum(present) - 1)[keys]


def _worth_collapsing(design: Design) -> bool:
    if design.n_rows <= PROBE_ROWS:
        return True  # it costs nothing, and starts cannot tell a weight of 2 from two rows
    # Equal rows have equal hashes, so a range of hashes has all copies of what it has. Some rows
    # drawn at random would rarely meet a second copy of one that has ten.
    hashes = design.hashes()
    probe = hashes[hashes <= np.uint64(2**64 * PROBE_ROWS / design.n_rows)]
    return len(np.unique(probe)) <= 0.7 * len(probe)


def _row_keys(design: Design) -> tuple[NDArray[np.integer], int]:
    """One integer per row, and how many there can be: exact, or a 64-bit hash of the content."""
    widths = widths_of(design.groups)
    n_keys = math.prod(widths)
    if len(design.numeric) or n_keys > 2**62:
        return np.asarray(coding.hash_rows(design.packed, design.numeric.view(np.uint64))), 2**64
    return keys_of(design.packed, widths), n_keys


def widths_of(groups: Groups) -> list[int]:
    """Return how many joint codes each group of items has."""
    return [
        math.prod(int(c) for c in groups.codes[a:b])
        for a, b in zip(groups.group_first[:-1], groups.group_first[1:], strict=True)
    ]


def keys_of(packed: Joint, widths: Sequence[int]) -> NDArray[np.int64]:
    """Return one number for each row of joint codes."""
    keys = np.zeros(len(packed), dtype=np.int64)
    for g, width in enumerate(widths):
        keys *= width
        keys += packed[:, g]
    return keys


def _same_rows(design: Design, index: NDArray[np.integer], rows: NDArray[np.integer]) -> bool:
    back = index[rows]
    if not np.array_equal(design.packed, design.packed[back]):
        return False
    return all(np.array_equal(c, c[back], equal_nan=True) for c in design.numeric)
