"""Rankings: columns in which each row's ranks are there once, all of them or the first few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forwhom.tables import Table, TableProfile, VariableProfile, collect_columns
from forwhom.wording import listed

#: A ranking orders so many things.
_LEAST, _MOST = 3, 30
#: Nearly every row holds each rank once; people make mistakes.
_ROWS = 0.98


def with_rankings(table: Table, profile: TableProfile) -> list[VariableProfile]:
    """Return the columns of a table, of which rankings describe and form no segments."""
    whys = {
        name: _why(items, values) for items, values in _rankings(table, profile) for name in items
    }
    return [
        replace(column, use="descriptor", why=whys[column.name])
        if column.name in whys and column.use == "active"
        else column
        for column in profile.columns
    ]


def is_ranking(column: object) -> bool:
    """Return whether a column is part of a ranking, by what was said of it."""
    return _SAID in str(getattr(column, "why", ""))


_SAID = "together they rank"


def _why(items: Sequence[str], values: NDArray[np.float64]) -> str:
    most = int(np.nanmax(values))
    ranks = f"the ranks 1 to {most} once" + ("" if most == len(items) else " at most")
    return (
        f"Each row holds {ranks} in {listed(items, most=4)}: {_SAID} {len(items)} things. One rank "
        "rules out the others, so that one by one they would form segments from chance; they "
        "describe. To form segments, make a column of the first choice."
    )


def _rankings(
    table: Table, profile: TableProfile
) -> Iterator[tuple[list[str], NDArray[np.float64]]]:
    for run in _runs(profile.columns):
        names = [column.name for column in run]
        _, columns = collect_columns(table, dict.fromkeys(names, "continuous"))
        values = np.stack([np.asarray(columns[name].values, dtype=np.float64) for name in names])
        for start, stop in _spans(len(names)):
            if _ranked(values[start:stop]):
                yield names[start:stop], values[start:stop]
                break


def _spans(n: int) -> Iterator[tuple[int, int]]:
    """Yield the whole run first, then what is left without columns at its ends."""
    for length in range(n, max(_LEAST, n - 3) - 1, -1):
        yield from ((start, start + length) for start in range(n - length + 1))


def _runs(columns: Sequence[VariableProfile]) -> Iterator[list[VariableProfile]]:
    """Yield columns that stand side by side and hold ranks, as far as one can tell alone."""
    run: list[VariableProfile] = []
    for column in [*columns, None]:
        if column is not None and _may_be_rank(column):
            run.append(column)
            continue
        if _LEAST <= len(run) <= _MOST:
            yield run
        run = []


def _may_be_rank(column: VariableProfile) -> bool:
    low, high = column.minimum, column.maximum
    numbers = column.type == "number" and isinstance(low, int | float)
    return bool(numbers and low in (0, 1) and isinstance(high, int | float) and high <= _MOST)


def _ranked(values: NDArray[np.float64]) -> bool:
    """Whether the ranks of each row are 1, 2, 3, ... without a gap, each once."""
    ranks = np.where(np.isnan(values), 0.0, values)  # what was not ranked is empty or 0
    most = int(ranks.max())
    if not 2 <= most <= len(values) or (ranks != np.floor(ranks)).any():
        return False
    given = ranks[:, (ranks > 0).any(axis=0)]
    number = (given > 0).sum(axis=0)
    once = [(given == rank).sum(axis=0) == (rank <= number) for rank in range(1, most + 1)]
    fits = np.logical_and.reduce(once)
    several = (number >= 2).mean() >= 0.5 if given.shape[1] else False
    return bool(several and given.shape[1] >= 10 and fits.mean() >= _ROWS)
