"""Customers who alone would show in a mean, a spread or a sum: they count as the next ones do.

A mean times a number of customers is a sum, and quantiles tell nearly all of the others. So where
one customer is farther from the middle than all others of the segment together (the second left
out, since that one knows the own value), what remains is the value of that customer. It is pulled
in to the next one's, where dominance rules of statistical offices withhold the whole cell.

Source: A. Hundepool et al., *Statistical Disclosure Control* (2012), section 4.2 (the p% rule).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forwhom.documents.privacy import is_small
from forwhom.statistics.membership import Floats, Membership
from forwhom.tables.columns import Column


def pulled_in(values: Floats, member: Membership, threshold: int) -> Floats:
    """Return the values, in each segment without one or two that dominate it; shape (n,).

    Where fewer than the threshold differ from all others, they stay: the cell is withheld.
    """
    found = values
    for k in range(member.k):
        rows = np.flatnonzero((member.mode == k) & np.isfinite(values) & (member.weights > 0))
        if len(rows) < 3:
            continue
        middle = float(np.median(values[rows]))
        offset = values[rows] - middle
        parts = member.weights[rows] * np.abs(offset)
        most = _most(parts)
        far = np.flatnonzero(parts > most)
        if len(far) and np.count_nonzero(offset) >= threshold:
            found = found.copy() if found is values else found
            at = rows[far]
            found[at] = middle + np.sign(offset[far]) * most / member.weights[at]
    return found


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


def tamed(weights: Floats, member: Membership) -> Floats:
    """Return weights of which none counts for more than all others of the segment together."""
    found = weights
    for k in range(member.k):
        rows = np.flatnonzero(member.mode == k)
        if len(rows) >= 3:
            most = _most(weights[rows])
            if (weights[rows] > most).any():
                found = found.copy() if found is weights else found
                found[rows] = np.minimum(weights[rows], most)
    return found


def without_outliers(
    columns: Mapping[str, Column], member: Membership, threshold: int
) -> tuple[dict[str, Column], Membership, list[str]]:
    """Return columns and weights of which no customer dominates a segment, and sentences on it."""
    weights = tamed(member.weights, member)
    member = member if weights is member.weights else replace(member, weights=weights)
    found = {name: _column(column, member, threshold) for name, column in columns.items()}
    notes = [
        f"{name!r}: one or two customers are farther from the others than all these together; in "
        "means, spreads and sums they count as the next ones do, or else it would tell of them."
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


def _most(parts: Floats) -> float:
    """Return the largest part that does not dominate all others but the second."""
    third, second, first = np.partition(parts, -3)[-3:].tolist()
    rest = float(parts.sum()) - first - second
    return float(next((one for one in (first, second) if one <= rest), third))
