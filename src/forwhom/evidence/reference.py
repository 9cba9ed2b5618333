"""What the customers were like who formed segments: bins, shares, and where segments stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.privacy import coarse_count
from forwhom.documents.reference import Reference
from forwhom.documents.segmentation import Segment, Variable
from forwhom.mixture.coarsening import between
from forwhom.mixture.families.bins import bins_of, normal_scores
from forwhom.statistics.membership import Learned, Membership
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: No bin has a smaller part of the customers: finer ones would need more of them to be compared.
LEAST_BIN = 0.05
#: What is described, and can be held against later customers.
DESCRIBED = ("active", "descriptor", "protected")


def references_of(
    columns: Mapping[str, Column],
    variables: Sequence[Variable],
    member: Membership,
    segments: Sequence[Segment],
    threshold: int,
) -> list[Reference]:
    """Describe every variable in bins or levels, among all customers and in every segment.

    ``segments`` say in their profiles which shares of levels are withheld.
    """
    described = [v for v in variables if v.use in DESCRIBED and v.name in columns]
    without = _LeftOut.of(member)
    found = []
    for variable in described:
        column = columns[variable.name]
        if column.levels is None:
            one = _of_number(column, member, without, threshold)
        else:
            one = _of_levels(column, without, segments)
        if one is not None:
            found.append(one)
    return found


class _LeftOut:
    """Means in segments, of which the influence of each customer on the segments is taken back."""

    def __init__(self, member: Membership, rows: Ints, changed: Floats) -> None:
        self.member, self.rows, self.changed = member, rows, changed

    @classmethod
    def of(cls, member: Membership) -> _LeftOut:
        learned: Learned | None = member.learned
        if learned is None or member.k < 2:
            return cls(member, np.zeros(0, dtype=np.int64), np.zeros((0, member.k)))
        return cls(member, learned.customers, learned.left_out())

    def means(self, codes: Ints, scores: Floats) -> Floats:
        """Return the means in every segment of scores (levels, C) of codes, -1 missing; (K, C)."""
        member, rows = self.member, self.rows
        found = _means(member.mass[:-1], codes, scores)
        if len(rows):
            some, weights = codes[rows], member.weights[rows]
            found = found + _means(self.changed.T * weights, some, scores)
            found -= _means(member.mass[:-1, rows], some, scores)
        return found


def _means(mass: Floats, codes: Ints, scores: Floats) -> Floats:
    levels = np.array([np.bincount(codes + 1, row, len(scores) + 1)[1:] for row in mass])
    total = np.maximum(levels.sum(axis=1), 1e-300)
    return np.asarray(levels @ scores / total[:, None])


def _of_number(
    column: Column, member: Membership, without: _LeftOut, threshold: int
) -> Reference | None:
    values = np.asarray(column.values, dtype=np.float64)
    known = np.isfinite(values) & (member.weights > 0)
    if known.sum() < max(threshold, 2) or values[known].min() == values[known].max():
        return None
    cuts = _cuts(values[known], member.weights[known], threshold)
    if not len(cuts):
        return None
    codes = np.searchsorted(cuts, values[known], side="left")
    mass = np.bincount(codes, member.weights[known], len(cuts) + 1)
    shares = _in_steps(mass / mass.sum(), len(values), int((~known).sum()), threshold)
    places = np.full(len(values), -1, dtype=np.int64)
    places[known] = codes
    means = without.means(places, _normal(shares)[:, None])
    enough = member.tally(np.where(known, member.mode, -1)) >= max(threshold, 1)
    inside = [
        [round(float(mean), 3) if shown else None]
        for mean, shown in zip(means[:, 0], enough, strict=True)
    ]
    return Reference(
        variable=column.name, cuts=cuts.tolist(), shares=list(shares.tolist()), inside=inside
    )


def scores_of(values: Floats, cuts: Floats, shares: Floats) -> Floats:
    """Return the normal score of the bin of each value, NaN where missing; shape (n, 1)."""
    codes = np.searchsorted(cuts, values, side="left")
    return np.where(np.isfinite(values), _normal(shares)[codes], np.nan)[:, None]


def _normal(shares: Floats) -> Floats:
    """Return normal scores of bins with these shares."""
    return normal_scores(np.maximum(shares, 1e-12) / np.maximum(shares, 1e-12).sum())


def _cuts(values: Floats, weights: Floats, threshold: int) -> Floats:
    """Return cuts between bins that hold enough customers, with as few digits as set them apart."""
    cuts = bins_of(values, weights).cuts
    codes = np.searchsorted(cuts, values, side="left")
    people = np.bincount(codes, minlength=len(cuts) + 1)
    parts = np.bincount(codes, weights, len(cuts) + 1) / weights.sum()
    kept: list[int] = []
    n, part = 0, 0.0
    for at in range(len(cuts)):
        n, part = n + int(people[at]), part + float(parts[at])
        rest, left = int(people[at + 1 :].sum()), float(parts[at + 1 :].sum())
        if min(n, rest) >= max(threshold, 1) and min(part, left) >= LEAST_BIN:
            kept.append(at)
            n, part = 0, 0.0
    ordered = np.sort(values)
    upper = np.searchsorted(ordered, cuts[kept], side="right").tolist()
    return np.unique(
        [
            between(cut, ordered, at, threshold)
            for cut, at in zip(cuts[kept].tolist(), upper, strict=True)
        ]
    )


def _in_steps(shares: Floats, n: int, missing: int, threshold: int) -> Floats:
    """Return shares that do not tell how many of the customers have no value, where those are few.

    With many digits they would be shares of only one whole number of customers.
    """
    said = max(n - coarse_count(missing, n, threshold), 1)
    found = np.round(shares * said) / said
    return np.round(found, 6)


def _of_levels(
    column: Column, without: _LeftOut, segments: Sequence[Segment]
) -> Reference | None:  # fmt: skip
    told = [
        next((p for p in s.profile if p.variable == column.name), None) for s in segments
    ]  # fmt: skip
    if any(one is None or not one.levels for one in told) or column.levels is None:
        return None
    codes = np.asarray(column.values, dtype=np.int64)
    means = np.clip(without.means(codes, np.eye(len(column.levels))), 0.0, 1.0)
    inside = [
        [
            None if level.inside is None else round(float(mean), 4)
            for level, mean in zip(one.levels, row, strict=True)
        ]
        for one, row in zip([one for one in told if one is not None], means, strict=True)
    ]
    first = told[0]
    shares = [] if first is None else [level.sample for level in first.levels]
    return Reference(variable=column.name, levels=list(column.levels), shares=shares, inside=inside)
