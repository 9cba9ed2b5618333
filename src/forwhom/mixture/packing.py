"""Pack discrete items into joint codes, so that a row takes few bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.mixture import coding
from forwhom.mixture.design import CodedItem, Groups, Joint

#: Joint codes of a group fit one byte; its table of probabilities fits the first-level cache.
GROUP_CODES = 256


def pack(
    items: Sequence[CodedItem], codes: Sequence[NDArray[np.integer]], n: int
) -> tuple[Groups, Joint]:
    """Pack items, in their order, into groups of at most ``GROUP_CODES`` joint codes."""
    groups = groups_of(items, [bool(c.min(initial=0) < 0) for c in codes])
    return groups, joint_codes(groups, codes, n)


def groups_of(items: Sequence[CodedItem], has_missing: Sequence[bool]) -> Groups:
    """Return which items share a joint code; where answers are missing, that is a code as well."""
    size = np.array([len(i.levels) for i in items], dtype=np.int64)
    with_missing = size + np.array(has_missing, dtype=np.int64)
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
    first = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64) if items else size
    return Groups(first, size, with_missing, np.array(group_first, dtype=np.int64), table_size)


def joint_codes(groups: Groups, codes: Sequence[NDArray[np.integer]], n: int) -> Joint:
    """Return the joint codes of n rows, shape (n, groups)."""
    group_first = groups.group_first
    packed = np.zeros((n, len(group_first) - 1), dtype=code_type(groups))
    for g in range(len(group_first) - 1):
        column, stride = np.zeros(n, dtype=packed.dtype), 1
        for j in range(group_first[g], group_first[g + 1]):
            # What is not in one piece would be compiled for once more.
            own = np.ascontiguousarray(codes[j])
            coding.pack_column(own, groups.size[j], stride, column)
            stride *= int(groups.codes[j])
        packed[:, g] = column
    return packed


def code_type(groups: Groups) -> type[Any]:
    """Return the type that holds every joint code."""
    return np.uint8 if groups.table_size <= GROUP_CODES else np.uint16
