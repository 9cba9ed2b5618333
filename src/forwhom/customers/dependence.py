"""What others determine: a total beside its parts, a product beside its factors, a copy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forwhom.tables.columns import Column
from forwhom.wording import listed

Floats = NDArray[np.float64]

#: A number is determined when others leave less than this of its variance.
UNEXPLAINED = 1e-4
#: Others that matter less than this, in standard deviations, take no part.
NEGLIGIBLE = 0.02
#: Coefficients that are as near to 1 as this make a plain sum or product.
PLAIN = 0.01
#: Levels that follow from others do so in at least so many rows for each of the others.
ROWS_EACH_LEVEL = 10
#: Rows that decide, and the fewest of them for each number.
ROWS = 20_000
ROWS_EACH = 5
#: Rows that tell of most pairs that neither follows from the other.
_FEW_ROWS = 500


class Determined(NamedTuple):
    """A number with the others that determine it."""

    name: str
    others: tuple[str, ...]
    how: str

    @property
    def said(self) -> str:
        """How it follows from the others."""
        return f"it is {self.how} {listed(self.others)}"


def following_levels(columns: Sequence[Column], named: Collection[str]) -> list[Determined]:
    """Return variables with levels that another one determines: a copy, or a coarser form.

    Of two copies the later one follows, unless the study names it and not the other.
    """
    found: list[Determined] = []
    kept: list[Column] = []
    for column in sorted(
        (c for c in columns if c.levels is not None), key=lambda c: c.name not in named
    ):
        how = next(((other, how) for other in kept if (how := _follows(column, other))), None)
        if how is not None and column.name not in named:
            found.append(Determined(column.name, (how[0].name,), how[1]))
            continue
        coarser = [c for c in kept if c.name not in named and _follows(c, column)]
        found += [Determined(c.name, (column.name,), "a coarser form of") for c in coarser]
        kept = [*(c for c in kept if c not in coarser), column]
    return found


def _follows(column: Column, other: Column) -> str:
    """Return how the levels of a column follow from those of another; empty if they do not."""
    step = 1 + len(column) // ROWS
    mine, theirs = column.values[::step].astype(np.int64), other.values[::step].astype(np.int64)
    n, levels = int(((mine >= 0) & (theirs >= 0)).sum()), len(other.levels or ())
    if n < max(ROWS_EACH_LEVEL * levels, len(mine) / 2):
        return ""
    shape = (levels, len(column.levels or ()))
    # Of most pairs, a few rows show that neither follows.
    if not _is_function(_met(mine[:_FEW_ROWS], theirs[:_FEW_ROWS], shape)):
        return ""
    met = _met(mine, theirs, shape)
    here, there = int(met.any(axis=0).sum()), int(met.any(axis=1).sum())
    if here < 2 or not _is_function(met):
        return ""
    return "a copy of" if here == there else "a coarser form of"


def _met(
    mine: NDArray[np.int64], theirs: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return which levels of two columns meet in a row, shape (levels of theirs, of mine)."""
    both = (mine >= 0) & (theirs >= 0)
    pairs = theirs[both] * shape[1] + mine[both]
    return np.bincount(pairs, minlength=shape[0] * shape[1]).reshape(shape) > 0


def _is_function(met: NDArray[np.bool_]) -> bool:
    """Whether each level of theirs meets one of mine at most."""
    return bool((met.sum(axis=1) <= 1).all())


def _as_numbers(column: Column) -> Floats | None:
    """Return a variable as numbers where its levels are numbers, or no and yes."""
    if column.levels is None:
        return np.asarray(column.values, dtype=np.float64)
    try:
        steps = [{"false": 0.0, "true": 1.0}.get(x.casefold()) for x in column.levels]
        known = [float(x) if y is None else y for x, y in zip(column.levels, steps, strict=True)]
    except ValueError:
        return None
    return np.array([*known, np.nan], dtype=np.float64)[column.values]


class _Relation(NamedTuple):
    """Coefficients of standardized columns that add up to nearly 0, and those as they are."""

    members: tuple[int, ...]
    standardized: Floats
    raw: Floats


def determined_numbers(columns: Sequence[Column], named: Collection[str]) -> list[Determined]:
    """Return numbers that at least two others determine, by addition or by multiplication.

    Each has the one that the others add up to, or multiply to, unless its name is in ``named``:
    then the last of the others that is not, and where all are, the one all the same.
    """
    known = [(column, values) for column in columns if (values := _as_numbers(column)) is not None]
    if len(known) < 3:
        return []
    numbers = [column for column, _ in known]
    table = np.array([values for _, values in known])
    found: list[Determined] = []
    gone: set[int] = set()
    for logs in (False, True):
        usable = [
            j
            for j, values in enumerate(table)
            if j not in gone and (not logs or bool(np.all(values[~np.isnan(values)] > 0)))
        ]
        values = np.log(table[usable]) if logs else table[usable]
        names = [numbers[j].name for j in usable]
        for relation, out in _relations(values, names, named):
            others = tuple(names[j] for j in relation.members if j != out)
            found.append(Determined(names[out], others, _how(relation, out, logs=logs)))
            gone.add(usable[out])
    return found


def _relations(
    values: Floats, names: Sequence[str], named: Collection[str]
) -> Iterator[tuple[_Relation, int]]:
    """Yield relations between rows of ``values``, each with the row that is left out for it."""
    complete = values[:, np.isfinite(values).all(axis=0)]
    complete = complete[:, :: 1 + complete.shape[1] // ROWS]
    if complete.shape[1] < ROWS_EACH * len(values):
        return
    spread = complete.std(axis=1)
    standard = (complete - complete.mean(axis=1)[:, None]) / np.where(spread > 0, spread, 1.0)[
        :, None
    ]
    together = standard @ standard.T / standard.shape[1]
    kept: list[int] = []
    for j in np.flatnonzero(spread > 0).tolist():
        beta = _explaining(together, kept, j)
        if beta is None:
            kept.append(j)
            continue
        relation = _relation(beta, spread, kept, j)
        if relation is None:  # a copy of one other: it tells nothing more of the rest
            continue
        out = _left_out(relation, names, named)
        yield relation, out
        kept = [i for i in [*kept, j] if i != out]


def _explaining(together: Floats, kept: list[int], j: int) -> Floats | None:
    """Return the coefficients with which the rows that are kept determine row j, if they do."""
    if not kept:
        return None
    found = np.linalg.solve(together[np.ix_(kept, kept)], together[kept, j])
    beta = np.asarray(found, dtype=np.float64)
    left = together[j, j] - beta @ together[kept, j]
    return beta if left < UNEXPLAINED else None


def _relation(beta: Floats, spread: Floats, kept: list[int], j: int) -> _Relation | None:
    """Return how row j follows from at least two of the rows that are kept."""
    matters = np.abs(beta) > NEGLIGIBLE
    members = np.append(np.array(kept)[matters], j)
    if len(members) < 3:
        return None
    standardized = np.append(beta[matters], -1.0)
    return _Relation(tuple(members.tolist()), standardized, standardized / spread[members])


def _left_out(relation: _Relation, names: Sequence[str], named: Collection[str]) -> int:
    """Choose the member whose sign stands alone: the total, or else the last."""
    signs = np.sign(relation.standardized)
    alone = [s for s in (-1.0, 1.0) if int((signs == s).sum()) == 1]
    total = relation.members[int(np.flatnonzero(signs == alone[0])[0]) if alone else -1]
    order = [total, *reversed([m for m in relation.members if m != total])]
    return next((m for m in order if names[m] not in named), total)


def _how(relation: _Relation, out: int, *, logs: bool) -> str:
    at = relation.members.index(out)
    others = np.delete(relation.raw, at) / -relation.raw[at]
    if np.abs(others - 1).max() < PLAIN:
        return "the product of" if logs else "the sum of"
    return "determined by"
