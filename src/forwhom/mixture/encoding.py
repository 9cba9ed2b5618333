"""Encode customers for the engine: each variable by its family, then packed and collapsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.mixture.collapsing import collapsed
from forwhom.mixture.design import CodedItem, Design, Modeled, NumericColumn
from forwhom.mixture.families import DEFAULT, family_named
from forwhom.mixture.packing import pack
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]


def build_design(
    columns: Sequence[Column],
    measures: Mapping[str, Measure],
    weights: Floats | None = None,
    *,
    families: Mapping[str, str] | None = None,
    collapse: bool = True,
) -> Design:
    """Encode columns of the same length for the engine.

    ``families`` names families of distributions for columns that are not modeled as their measure
    suggests. A weight of 2, of ``weights`` of shape (customers,), counts as two equal customers.
    ``collapse`` makes one row with a count of equal rows: exact, and fast where it pays. DataError
    when a value does not fit its measure.

    Examples
    --------
    >>> import numpy as np
    >>> codes = Column("likes", np.array([0, 1, 1, 0], dtype=np.int32), ("no", "yes"))
    >>> build_design([codes], {"likes": "binary"}).n_rows
    2
    """
    if not columns or len(columns[0]) == 0:
        raise DataError("There is nothing to fit.", "Give at least one variable and one row.")
    n = len(columns[0])
    row_weights = _check_weights(weights, n)
    parts = _Parts()
    for family, together in _by_family(columns, measures, families or {}):
        parts.add(family, together, row_weights)
    groups, packed = pack(parts.items, parts.codes, n)
    design = Design(
        modeled=tuple(parts.modeled),
        items=tuple(parts.items),
        numerics=tuple(parts.numerics),
        groups=groups,
        packed=packed,
        numeric=np.stack(parts.numbers) if parts.numbers else np.empty((0, n)),
        weights=row_weights,
        base=parts.base,
        n=float(row_weights.sum()) if len(row_weights) else float(n),
        rows=None,
        first=None,
    )
    return collapsed(design) if collapse else design


def _by_family(
    columns: Sequence[Column], measures: Mapping[str, Measure], families: Mapping[str, str]
) -> list[tuple[str, list[Column]]]:
    """Put each column by itself, or with all others that name the same joint family."""
    found: list[tuple[str, list[Column]]] = []
    blocks: dict[str, list[Column]] = {}
    for column in columns:
        if column.missing.all():
            raise DataError(f"{column.name!r} has no value at all.", "Leave it out.")
        name = families.get(column.name) or DEFAULT[measures[column.name]]
        if name in blocks:
            blocks[name].append(column)
            continue
        found.append((name, [column]))
        if family_named(name).joint:
            blocks[name] = found[-1][1]
    return found


class _Parts:
    """What the columns became so far."""

    def __init__(self) -> None:
        self.modeled: list[Modeled] = []
        self.items: list[CodedItem] = []
        self.codes: list[NDArray[np.integer]] = []
        self.numerics: list[NumericColumn] = []
        self.numbers: list[Floats] = []
        self.base = 0.0

    def add(self, family: str, columns: Sequence[Column], weights: Floats) -> None:
        """Encode the columns of one item of the model."""
        items, numerics = len(self.items), len(self.numerics)
        for part, values, constant in family_named(family).encode(columns, weights):
            self.base += constant
            if isinstance(part, CodedItem):
                self.items.append(part)
                self.codes.append(np.asarray(values, dtype=np.int32))
            else:
                self.numerics.append(part)
                self.numbers.append(np.asarray(values, dtype=np.float64))
        self.modeled.append(
            Modeled(
                family,
                tuple(column.name for column in columns),
                tuple(range(items, len(self.items))),
                tuple(range(numerics, len(self.numerics))),
            )
        )


def _check_weights(weights: Floats | None, n: int) -> Floats:
    if weights is None:
        return np.empty(0)
    weights = np.ascontiguousarray(weights, dtype=np.float64)
    if weights.shape != (n,):
        raise DataError(
            f"There are {weights.size} weights for {n} customers.", "Give one weight each."
        )
    bad = ~np.isfinite(weights) | (weights < 0)
    if bad.any():
        raise DataError(
            f"{int(bad.sum())} weights are negative or not a number, first in row "
            f"{int(np.argmax(bad)) + 1}.",
            "Weights must be 0 or more.",
        )
    if weights.sum() <= 0:
        raise DataError("All weights are 0.", "At least one customer must count.")
    return np.empty(0) if (weights == 1.0).all() else weights
