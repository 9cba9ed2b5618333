"""Codes for no answer among numbers: -99, 99, 999 and the like, told from where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from forwhom.tables.frames import Kind, Table, kinds
from forwhom.tables.ordering import level_name
from forwhom.tables.spellings import ways
from forwhom.wording import listed

#: Numbers that survey programs and databases write where there is no answer.
_UNDER = frozenset({-1, -2, -3, -7, -8, -9, -66, -77, -88, -97, -98, -99, -777, -888, -999,
                    -9999, -99999})  # fmt: skip
_OVER = frozenset({8, 9, 66, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999,
                   99999, 999999, 9999999})  # fmt: skip
#: Codes beside a code, such as 98 (refused) beside 99 (does not know), are at most so many.
_MOST_CODES = 3
#: A code has at least so many rows, and this share of them.
_LEAST_ROWS, _LEAST_SHARE = 3, 0.005
#: Among measurements, a code stands this far beyond the others, in parts of their range.
_APART = 0.25
#: Among few whole numbers, so many rows at the end are no tail of a count.
_TAIL = 0.02
#: The widest scale; a scale with a zero and negative steps is no scale with codes.
_WIDEST = 10

#: Values of one column that stand for no answer, as a person writes them.
Codes = Sequence[int | float | str]


def codes_for_no_answer(
    values: NDArray[np.float64], counts: NDArray[np.int64], *, codes: bool
) -> tuple[float, ...]:
    """Return the numbers that stand for no answer among counted values, ascending.

    ``codes`` says that the name of the column marks codes, of which large ones may be real.
    """
    finite = np.isfinite(values)
    order = np.argsort(values[finite])
    x, rows = values[finite][order], counts[finite][order]
    often = (rows >= _LEAST_ROWS) & (rows >= _LEAST_SHARE * rows.sum())
    below = 0
    while below < min(_MOST_CODES, len(x) - 2) and x[below] in _UNDER and often[below]:
        below += 1
    if below and not _is_under(x, below):
        below = 0
    above = 0
    while above < min(_MOST_CODES, len(x) - below - 2) and x[-1 - above] in _OVER:
        above += 1
    while above and (codes or not _is_over(x[below:], rows[below:], often[below:], above)):
        above -= 1
    return (*x[:below].tolist(), *x[len(x) - above :].tolist())


def _is_under(x: NDArray[np.float64], below: int) -> bool:
    """Whether negative numbers stand apart from what is otherwise not negative."""
    low, high = x[below], x[-1]
    if low < 0:
        return False
    if x[below - 1] <= -7:
        return True
    # 0 to 3 with -1 may be the upper half of a scale; -1 beside 1 to 5, or 0 to 30, is none.
    return bool(low > 0 or high > 3)


def _is_over(
    x: NDArray[np.float64], rows: NDArray[np.int64], often: NDArray[np.bool_], above: int
) -> bool:
    """Whether the highest numbers stand apart from the others."""
    rest, top = x[:-above], x[-above:]
    if not often[-above:].any():  # beside one that is usual, a code may be rare
        return False
    low, high = rest[0], rest[-1]
    whole = bool(np.all(rest == np.floor(rest)))
    if whole and high <= _WIDEST and top[0] - high >= 2:
        # Of a count, 9 is the end of a tail: a code is more than what stands before it.
        falls = rows[-above] <= rows[-above - 1] if top[0] < _WIDEST else False
        return not falls or bool(rows[-above] > _TAIL * rows.sum())
    return bool(top[0] >= 66 and top[0] - high > _APART * (high - low))


def nulled(table: Table, codes: Mapping[str, Codes]) -> Table:
    """Count codes for no answer as missing."""
    here = {name: some for name, some in codes.items() if some and name in table.columns}
    if not here:
        return table
    types = kinds(table)
    empty = [_empty(name, types[name], some) for name, some in here.items()]
    return replace(table, frame=table.frame.with_columns(*empty))


def _empty(name: str, kind: Kind, codes: Codes) -> nw.Expr:
    column = nw.col(name)
    if kind == "number":
        numbers = [number for code in codes if (number := _number(code)) is not None]
        stands = column.cast(nw.Float64).is_in(numbers)
    else:
        printed = {way for code in codes for way in (str(code), *ways(str(code)))}
        stands = column.cast(nw.String).is_in(sorted(printed))
    return nw.when(~stands.fill_null(False)).then(column).alias(name)


def _number(code: float | str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


def missing_notes(table: str, codes: Mapping[str, Codes]) -> list[str]:
    """Say which codes count as missing, of all columns with the same ones together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, some in codes.items():
        alike.setdefault(tuple(map(level_name, some)), []).append(name)
    return [
        f"{table}: {some[0]} stands for no answer in {listed(names, most=5)}, by its place apart "
        "from the other numbers, and counts as missing. If it is an answer, write 'missing: []' "
        "under the variable in the study."
        if len(some) == 1
        else f"{table}: {listed(list(some))} stand for no answer in {listed(names, most=5)}, by "
        "their places apart from the other numbers, and count as missing. If they are answers, "
        "write 'missing: []' under the variable in the study."
        for some, names in alike.items()
    ]
