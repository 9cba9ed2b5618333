"""Rankings: columns in which each row's ranks are there, all of them or the first few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from forwhom.customers.placement import Placement
from forwhom.tables import Table, TableProfile, VariableProfile, collect, collect_columns
from forwhom.wording import listed

Floats = NDArray[np.float64]

#: A ranking orders so many things.
_LEAST, _MOST = 3, 60
#: Nearly every row holds the ranks; people make mistakes.
_ROWS = 0.98
#: With ties more rows do by chance: that many at most, once each column is shuffled.
_BY_CHANCE = 0.8
#: Rows that decide.
_SEEN = 5000


def rankings(table: Table, profile: TableProfile) -> Iterator[tuple[list[str], str]]:
    """Yield the names of columns that are a ranking together, and why they describe."""
    for run in _runs(profile.columns):
        names = [column.name for column in run]
        _, columns = collect_columns(table, dict.fromkeys(names, "continuous"))
        values = np.stack([np.asarray(columns[name].values, dtype=np.float64) for name in names])
        values = values[:, :: 1 + values.shape[1] // _SEEN]
        for start, stop in _spans(len(names)):
            span = values[start:stop]
            if (once := _ranked(span)) or _tied(span):
                yield names[start:stop], _why(names[start:stop], int(np.nanmax(span)), once=once)
                break


def _why(items: Sequence[str], most: int, *, once: bool) -> str:
    ranks = f"the ranks 1 to {most} once" + ("" if most == len(items) else " at most")
    if not once:
        ranks = f"the ranks 1 to {most}, some of them twice,"
    return (
        f"Each row holds {ranks} in {listed(items, most=4)}: together they rank {len(items)} "
        "things. One rank rules out the others, so that one by one they would form segments from "
        "chance; they describe. To form segments, make a column of the first choice."
    )


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
    if column.type != "number" or not isinstance(low, int | float):
        return False
    return 0 <= low < 2 and isinstance(high, int | float) and high <= _MOST


def _ranked(values: Floats) -> bool:
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


def _tied(values: Floats) -> bool:
    """Whether rows hold ranks with ties: 1, 1, 3 or 1, 1, 2 or 1.5, 1.5, 3 or 2, 2, 3."""
    if not _rows_fit(values[:, :200]):
        return False
    rng = np.random.default_rng(0)
    shuffled = np.stack([rng.permutation(column) for column in values])
    if not _rows_fit(values) or _rows_fit(shuffled, _BY_CHANCE):
        return False
    # A rating beside a ranking leaves no gap either; without one of the things there are gaps.
    return not any(_rows_fit(np.delete(values, j, axis=0)) for j in range(len(values)))


def _rows_fit(values: Floats, share: float = _ROWS) -> bool:
    """Whether such a share of the rows with different values hold ranks, which may be ties."""
    ranks = np.where(values > 0, values, np.nan)
    given = ~np.isnan(ranks)
    filled = np.where(given, ranks, np.inf)
    apart = given.any(axis=0) & (filled.min(axis=0) < np.where(given, ranks, -np.inf).max(axis=0))
    ranks, given = ranks[:, apart], given[:, apart]
    if ranks.shape[1] < 10:
        return False
    less = (ranks[:, None] > ranks[None]).sum(axis=1)
    same = (ranks[:, None] == ranks[None]).sum(axis=1)
    forms = (less + 1, less + same, less + (same + 1) / 2)
    fits = np.logical_or.reduce([((ranks == form) | ~given).all(axis=0) for form in forms])
    return bool((fits | _without_gaps(ranks)).mean() >= share)


def _without_gaps(ranks: Floats) -> NDArray[np.bool_]:
    """Whether the values of a row are 1, 2, 3, ..., each at least once."""
    ordered = np.sort(ranks, axis=0)  # those without a value are last
    steps = np.diff(ordered, axis=0)
    fits = np.isnan(steps) | (steps == 0) | (steps == 1)
    return np.asarray(fits.all(axis=0) & (ordered[0] == 1))


def with_found_rankings(placement: Placement) -> None:
    """Say that a person must turn a table in which each customer ranks things, a row for each."""
    if placement.undecided:
        return
    for view in placement.of_customers:
        found = None if view.id is None else _by_rows(view.table, view.profile, view.id)
        if found is not None:
            thing, rank = found
            placement.undecided = (
                f"{view.short}: each {view.id} ranks what stands in {thing!r} by {rank!r}, in a "
                "row for each thing"
            )
            placement.way_out = (
                f"Make one row for each {view.id}, with a column of ranks for each {thing}, or "
                "with one column that holds the first choice."
            )


def _by_rows(table: Table, profile: TableProfile, key: str) -> tuple[str, str] | None:
    """Return which column holds what is ranked and which the ranks, where rows are of both."""
    if profile[key].n < 2 * max(profile[key].distinct, 1):
        return None
    others = [column for column in profile.columns if column.name != key]
    things = [c.name for c in others if c.type == "text" and _LEAST <= c.distinct <= _MOST]
    numbers = [c for c in others if c.type == "number"]
    ranks = [c.name for c in numbers if _may_be_rank(c) and c.distinct >= _LEAST]
    if len(numbers) > 1:  # an amount, an answer: lines of orders, a panel, a survey
        return None
    pairs = ((thing, rank) for rank in ranks for thing in things)
    return next((pair for pair in pairs if _ranks_each(table, key, *pair)), None)


def _ranks_each(table: Table, key: str, thing: str, rank: str) -> bool:
    """Whether nearly every customer has the ranks 1, 2, 3, ... once, each of another thing.

    Customers rank as many things, and not all alike: a question's place in a survey is no rank.
    """
    placed = table.frame.group_by(thing).agg(nw.col(rank).n_unique().alias("places"))
    if (collect(replace(table, frame=placed))["places"].to_numpy() < 2).any():
        return False
    each = table.frame.drop_nulls([key, rank]).group_by(key).agg(
        nw.len().alias("rows"), nw.col(thing).n_unique().alias("things"),
        nw.col(rank).n_unique().alias("ranks"), nw.col(rank).max().alias("last"),
    )  # fmt: skip
    found = collect(replace(table, frame=each))
    rows, *same = (found[name].to_numpy() for name in ("rows", "things", "ranks", "last"))
    fits = np.logical_and.reduce([rows == one for one in same])
    usual = np.mean(rows == np.median(rows)) if len(rows) else 0.0
    return bool(len(rows) >= 10 and usual >= 0.5 and rows.max() > 1 and fits.mean() >= _ROWS)
