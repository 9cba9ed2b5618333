"""Columns of which no single customer shows in a mean, a spread or a sum of a segment."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forwhom.documents.privacy import is_small
from forwhom.statistics.dominance import pulled_in, tamed
from forwhom.statistics.membership import Floats, Membership
from forwhom.tables.columns import Column


def settled(columns: Mapping[str, Column], member: Membership, threshold: int) -> dict[str, Column]:
    """Return columns whose means and spreads in each segment tell of no few, for a model.

    Who dominates a segment is pulled in; where fewer than the threshold differ from all others
    there, they count as these do. A table withholds such a cell, and a model has none to withhold.
    """
    found = dict(columns)
    for name, column in columns.items():
        if column.levels is None and threshold > 1:
            values = np.asarray(column.values, dtype=np.float64)
            calm = _without_few(pulled_in(values, member, threshold), member, threshold)
            found[name] = column if calm is values else replace(column, values=calm)
    return found


def _without_few(values: Floats, member: Membership, threshold: int) -> Floats:
    found = values
    for k in range(member.k):
        rows = np.flatnonzero((member.mode == k) & np.isfinite(values) & (member.weights > 0))
        if not len(rows):
            continue
        middle = np.partition(values[rows], len(rows) // 2)[len(rows) // 2]
        few = rows[values[rows] != middle]
        if is_small(len(few), threshold):
            found = found.copy() if found is values else found
            found[few] = middle
    return found


def without_outliers(
    columns: Mapping[str, Column], member: Membership, threshold: int
) -> tuple[dict[str, Column], Membership, list[str]]:
    """Return columns and weights of which no customer dominates a segment, and sentences on it."""
    weights = tamed(member.weights, member)
    member = member if weights is member.weights else replace(member, weights=weights)
    found = {name: _column(column, member, threshold) for name, column in columns.items()}
    notes = [
        f"{name!r}: one or two customers are so far from the others that means, spreads and sums "
        "would tell of them; there they count as the next ones do."
        for name, column in found.items()
        if column is not columns[name]
    ]
    return found, member, notes


def _column(column: Column, member: Membership, threshold: int) -> Column:
    if column.levels is not None:
        return column
    values = np.asarray(column.values, dtype=np.float64)
    found = pulled_in(values, member, threshold)
    return column if found is values else replace(column, values=found)
