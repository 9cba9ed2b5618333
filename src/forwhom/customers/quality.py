"""Responses of a survey that nobody gave much thought to: too fast, or the same answer to all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa

from forwhom.customers.placement import View
from forwhom.tables import VariableProfile, collect
from forwhom.tables.toolmarks import is_duration
from forwhom.wording import count, percent

#: Whoever needs less than this share of the usual time has hardly read the questions.
TOO_FAST = 1 / 3
#: The same answer to so many questions of one scale, one after the other, says nothing.
FEWEST_ALIKE = 5
#: With fewer responses, there is no usual time.
_ENOUGH = 20


def quality_notes(view: View) -> Iterator[str]:
    """Yield how many responses were given too fast, and how many answer a whole grid alike."""
    columns = view.profile.columns
    if not any(column.of_tool for column in columns):
        return
    for column in columns:
        timed = column.of_tool and column.type == "number" and is_duration(column.name)
        if timed and column.n >= _ENOUGH:
            yield from _too_fast(view, column.name)
    for grid in _grids(columns):
        yield from _straight(view, grid)


def _too_fast(view: View, column: str) -> Iterator[str]:
    values = _values(view, [column])[column].to_numpy(zero_copy_only=False).astype(float)
    values = values[np.isfinite(values)]
    usual = float(np.median(values))
    if fast := int((values < TOO_FAST * usual).sum()):
        who = count(fast, "response was", "responses were")
        yield (
            f"{view.short}: {who} given in less than a third of the usual time ({usual:,.0f} in "
            f"{column!r}), {percent(fast / len(values), decimals=1)}. Leave them out if that is "
            "too fast to read the questions."
        )


def _grids(columns: Sequence[VariableProfile]) -> Iterator[list[str]]:
    """Yield neighbors that are answered on one scale."""
    scaled = groupby(columns, key=lambda c: c.levels if c.measure == "ordinal" else ())
    for levels, several in scaled:
        names = [column.name for column in several]
        if levels and len(names) >= FEWEST_ALIKE:
            yield names


def _straight(view: View, grid: Sequence[str]) -> Iterator[str]:
    rows = _values(view, grid)
    said = [["" if v is None else str(v) for v in rows[c].to_pylist()] for c in grid]
    answers = np.array(said)
    complete = (answers != "").all(axis=0)
    alike = int((complete & (answers == answers[0]).all(axis=0)).sum())
    if alike:
        who = count(alike, "response has", "responses have")
        yield (
            f"{view.short}: {who} the same answer to all {len(grid)} questions from {grid[0]} to "
            f"{grid[-1]}, {percent(alike / max(1, int(complete.sum())), decimals=1)}. Look whether "
            "these are meant."
        )


def _values(view: View, names: Sequence[str]) -> pa.Table:
    frame = view.table.frame.select(*(nw.col(name) for name in names))
    return collect(replace(view.table, frame=frame))
