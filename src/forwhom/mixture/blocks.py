"""Customers in packed blocks: coded as others were, written to files, and mapped into memory.

The engine reads rows in their order, so they need not be in memory: the operating system reads a
mapped file ahead, and takes its pages back when others need them. A customer takes a byte for each
group of items (twenty answers are about seven groups), and eight for each number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.mixture.collapsing import KEY_TABLE, keys_of, widths_of
from forwhom.mixture.design import Design, Joint
from forwhom.mixture.families import family_named
from forwhom.mixture.families.family import Part
from forwhom.mixture.packing import code_type, groups_of, joint_codes
from forwhom.tables.columns import Column
from forwhom.tables.weights import counting_weights

Floats = NDArray[np.float64]

#: Rows that are looked at together once they are packed.
_AT_A_TIME = 1 << 22


def header_of(design: Design) -> Design:
    """Return what the rows of a design mean, without any; every item has a code for missing.

    Among other customers somebody may lack an answer that nobody of these does.
    """
    empty = design.take(np.arange(0))
    groups = groups_of(design.items, [True] * len(design.items))
    return replace(
        empty,
        numerics=tuple(replace(one, has_missing=True) for one in design.numerics),
        groups=groups,
        packed=np.empty((0, len(groups.group_first) - 1), code_type(groups)),
        weights=np.empty(0),
        base=0.0,
        n=0.0,
    )


def coded_as(
    header: Design, columns: Mapping[str, Column], weights: Floats | None = None
) -> Design:
    """Code customers as those were to whom a header belongs; weights count as they are."""
    n = len(next(iter(columns.values())))
    own = np.empty(0) if weights is None else weights
    codes: list[Any] = [None] * len(header.items)
    numbers: list[Any] = [None] * len(header.numerics)
    base = 0.0
    for one in header.modeled:
        parts: list[Part] = [header.items[i] for i in one.items]
        parts += [header.numerics[j] for j in one.numerics]
        places = [*((codes, i) for i in one.items), *((numbers, j) for j in one.numerics)]
        values = [columns[name] for name in one.variables]
        coded = family_named(one.family).encode(parts, values, own)
        for (held, at), (found, constant) in zip(places, coded, strict=True):
            held[at] = found
            base += constant
    return replace(
        header,
        packed=joint_codes(header.groups, codes, n),
        numeric=np.stack(numbers) if numbers else np.empty((0, n)),
        weights=own,
        base=base,
        n=float(n) if weights is None else float(own.sum()),
    )


@dataclass
class Blocks:
    """Customers, coded like those of a design, in files of a folder.

    ``n`` is how many there will be.
    """

    like: Design
    n: int
    folder: Path
    is_weighted: bool = False
    _at: int = field(default=0, init=False)
    _base: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._header = header_of(self.like)
        groups = self._header.packed.shape[1]
        self._codes: Joint = _mapped(
            self.folder / "codes", self._header.packed.dtype.type, (self.n, groups)
        )
        self._numbers: Floats = _mapped(
            self.folder / "numbers", np.float64, (len(self._header.numerics), self.n)
        )
        weights = (self.n if self.is_weighted else 0,)
        self._weights: Floats = _mapped(self.folder / "weights", np.float64, weights)

    def add(self, columns: Mapping[str, Column], weights: Floats | None = None) -> None:
        """Write the next customers."""
        part = coded_as(self._header, columns, weights)
        rows = slice(self._at, self._at + part.n_rows)
        if rows.stop > self.n:
            raise self._other_number(rows.stop)
        self._codes[rows] = part.packed
        self._numbers[:, rows] = part.numeric
        if self.is_weighted:
            self._weights[rows] = part.weights
        self._base += part.base
        self._at = rows.stop

    def design(self) -> Design:
        """Return all customers; equal rows are one where few can differ."""
        if self._at != self.n:
            raise self._other_number(self._at)
        weights = counting_weights(self._weights)
        scale = weights.sum() / self._weights.sum() if self.is_weighted else 1.0
        packed = replace(
            self._header,
            packed=self._codes,
            numeric=self._numbers,
            weights=weights,
            base=self._base * scale,
            n=float(weights.sum()) if self.is_weighted else float(self.n),
        )
        return _tallied(packed)

    def _other_number(self, found: int) -> DataError:
        return other_number(self.n, found)


def other_number(counted: int, read: int) -> DataError:
    """Refuse customers who became more or fewer between two looks at them."""
    return DataError(
        f"there were {counted:,} customers when they were counted, and {read:,} or more when "
        "they were read.",
        "Does another program write to the table? Try again when it is done.",
    )


def _mapped(path: Path, kind: type[Any], shape: tuple[int, ...]) -> Any:
    """Return an array in a file; the kernels take it for any other one."""
    if math.prod(shape) == 0:
        return np.empty(shape, kind)
    return np.asarray(np.memmap(path, kind, "w+", shape=shape))


def _tallied(design: Design) -> Design:
    """Make one row with a count of equal rows, where a table of all possible ones is small."""
    widths = widths_of(design.groups)
    n_keys = math.prod(widths)
    if len(design.numeric) or n_keys > min(KEY_TABLE, design.n_rows):
        return design
    counts = np.zeros(n_keys)
    for rows in _slices(design.n_rows):
        own = design.weights[rows] if len(design.weights) else None
        counts += np.bincount(keys_of(design.packed[rows], widths), own, n_keys)
    keys = np.flatnonzero(counts)
    packed = np.empty((len(keys), len(widths)), design.packed.dtype)
    left = keys
    for g, width in reversed(list(enumerate(widths))):
        packed[:, g] = left % width
        left = left // width
    return replace(design, packed=packed, numeric=np.empty((0, len(keys))), weights=counts[keys])


def _slices(n: int) -> Iterator[slice]:
    for first in range(0, n, _AT_A_TIME):
        yield slice(first, min(first + _AT_A_TIME, n))
