"""Pack discrete items into joint codes, so that a row takes few bytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.mixture import coding
from forwhom.mixture.design import CodedItem, Groups

#: Joint codes of a group fit one byte; its table of probabilities fits the first-level cache.
GROUP_CODES = 256


def pack(
    items: Sequence[CodedItem], codes: Sequence[NDArray[np.integer]], n: int
) -> tuple[Groups, NDArray[np.uint8] | NDArray[np.uint16]]:
    """Pack items, in their order, into groups of at most ``GROUP_CODES`` joint codes."""
    size = np.array([len(i.levels) for i in items], dtype=np.int64)
    with_missing = np.array(
        [s + (c.min(initial=0) < 0) for s, c in zip(size, codes, strict=True)], dtype=np.int64
    )
    group_first, table_size, width = [0], 1, 1
    for j, n_codes in enumerate(with_missing):
        if width * n_codes > GROUP_CODES and j > group_first[-1]:
            group_first.append(j)
            width = 1
        width *= int(n_codes)
        table_size = max(table_size, width)
    if items:
        group_first.append(len(items))
    if table_size > np.iinfo(np.uint16).max:
        raise DataError(
            "A variable has more than 65,535 levels.", "It identifies customers: leave it out."
        )
    packed = np.zeros(
        (n, len(group_first) - 1), dtype=np.uint8 if table_size <= GROUP_CODES else np.uint16
    )
    for g in range(len(group_first) - 1):
        column, stride = np.zeros(n, dtype=packed.dtype), 1
        for j in range(group_first[g], group_first[g + 1]):
            coding.pack_column(codes[j], size[j], stride, column)
            stride *= int(with_missing[j])
        packed[:, g] = column
    first = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64) if items else size
    groups = Groups(first, size, with_missing, np.array(group_first, dtype=np.int64), table_size)
    return groups, packed
