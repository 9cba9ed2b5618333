"""Encode customers for the engine: each variable by its family, then packed and collapsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.mixture.collapsing import collapsed
from forwhom.mixture.design import CodedItem, Design, Modeled, NumericColumn, Whole
from forwhom.mixture.families import DEFAULT, family_named
from forwhom.mixture.families.dirichlet import NAME as PARTS
from forwhom.mixture.packing import pack
from forwhom.tables.columns import Column
from forwhom.tables.weights import counting_weights

Floats = NDArray[np.float64]


def build_design(
    columns: Sequence[Column],
    measures: Mapping[str, Measure],
    weights: Floats | None = None,
    *,
    families: Mapping[str, str] | None = None,
    wholes: Sequence[Whole] = (),
    collapse: bool = True,
) -> Design:
    """Encode columns of the same length for the engine.

    ``families`` names families of distributions for columns that are not modeled as their measure
    suggests. The parts of one of ``wholes`` are one variable together; a column that only holds its
    number of items has no measure. ``weights`` of shape (customers,) count as ``counting_weights``
    says: whole numbers are frequencies, others are sampling weights, which sum to their effective
    size.
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
    row_weights = check_weights(weights, n)
    parts = _Parts()
    for family, together, whole in _by_family(columns, measures, families or {}, wholes):
        parts.add(family, together, row_weights, whole)
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
    columns: Sequence[Column],
    measures: Mapping[str, Measure],
    families: Mapping[str, str],
    wholes: Sequence[Whole],
) -> Iterator[tuple[str, list[Column], str]]:
    """Yield the columns of each item of the model: its family, and what they are parts of.

    Each column is by itself, with the other parts of its whole, or with all others that name the
    same joint family.
    """
    by_name = {column.name: column for column in columns}
    wholes_of = {part: whole for whole in wholes for part in whole.parts}
    done: set[Whole | str] = set()
    for column in columns:
        if column.missing.all():
            raise DataError(f"{column.name!r} has no value at all.", "Leave it out.")
        whole = wholes_of.get(column.name)
        if whole is not None and whole not in done:
            done.add(whole)
            yield PARTS, [by_name[name] for name in (*whole.parts, whole.items)], whole.name
        if whole is not None or (column.name not in measures and column.name not in families):
            continue
        name = families.get(column.name) or DEFAULT[measures[column.name]]
        if not family_named(name).joint:
            yield name, [column], ""
        elif name not in done:
            done.add(name)
            yield name, [c for c in columns if families.get(c.name) == name], ""


class _Parts:
    """What the columns became so far."""

    def __init__(self) -> None:
        self.modeled: list[Modeled] = []
        self.items: list[CodedItem] = []
        self.codes: list[NDArray[np.integer]] = []
        self.numerics: list[NumericColumn] = []
        self.numbers: list[Floats] = []
        self.base = 0.0

    def add(self, family: str, columns: Sequence[Column], weights: Floats, whole: str = "") -> None:
        """Encode the columns of one item of the model."""
        items, numerics = len(self.items), len(self.numerics)
        own = family_named(family)
        parts = own.parts(columns, weights)
        for part, (values, constant) in zip(
            parts, own.encode(parts, columns, weights), strict=True
        ):
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
                whole,
            )
        )


def check_weights(weights: Floats | None, n: int) -> Floats:
    """Return the weights of n customers as they count, or an empty array when all are 1."""
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
    counting = counting_weights(weights)
    return np.empty(0) if (counting == 1.0).all() else counting
