import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.segmentation import TypicalMember, Variable
from forwhom.personas import concepts
from forwhom.personas.profiles import Summary
from forwhom.personas.summaries import Levels, weighted_quantiles
from forwhom.statistics.membership import Floats, Membership, sums_of
from forwhom.tables.columns import Column
from forwhom.wording import quantity

#: The part of the members, nearest to the middle, that a typical member is built from.
_NEAREST = 0.25
#: No more than this many are needed for a median.
_ENOUGH = 1000
#: Digits of a value: a typical member is rounded, as nobody's record is.
_DIGITS = 2
#: A level is typical when at least this share of the nearest have it.
_TYPICAL = 1 / 3


@dataclass(frozen=True)
class _Nearest:
    """The members that are nearest to the middle of their segment."""

    rows: NDArray[np.intp]
    weights: Floats


def typical_members(
    variables: Sequence[Variable],
    columns: Mapping[str, Column],
    summaries: Mapping[str, Summary],
    member: Membership,
    threshold: int,
) -> list[TypicalMember | None]:
    """Return a made-up member for each segment, from medians and modes of near-typical ones.

    Near-typical are the quarter of the members that are nearest to the middle of their segment
    in the active variables, among those whose membership is at least as sure as that of half of
    the members. Each value is taken by itself, from at least ``threshold`` customers, and
    rounded; a level must be shared by that many and by a third of them.
    """
    shown = [v for v in variables if v.use != "protected"]
    distance = _distances(shown, columns, summaries, member)
    typical: list[TypicalMember | None] = []
    for k in range(member.k):
        nearest = _nearest(distance, member, k, threshold)
        values = {}
        if nearest is not None:
            for variable in shown:
                text = _typical_value(variable, columns[variable.name], nearest, threshold)
                if text is not None:
                    values[variable.name] = text
        based_on = 0 if nearest is None else len(nearest.rows)
        typical.append(TypicalMember(based_on=based_on, values=values) if values else None)
    return typical


def _distances(
    variables: Sequence[Variable],
    columns: Mapping[str, Column],
    summaries: Mapping[str, Summary],
    member: Membership,
) -> Floats:
    """Return how far each customer is from the middle of their own segment, shape (n,)."""
    distance = np.zeros(member.n)
    for variable in variables:
        if variable.use != "active":
            continue
        summary, values = summaries[variable.name], columns[variable.name].values
        if isinstance(summary, Levels):
            distance += _level_distance(values.astype(np.int64), summary, member)
        else:
            distance += _number_distance(variable, values.astype(np.float64), member)
    return np.round(distance, 9)


def _number_distance(variable: Variable, values: Floats, member: Membership) -> Floats:
    """Return squared distances from the own segment's mean, in variances of the sample."""
    scaled = values
    if variable.measure == "positive":
        scaled = np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), np.nan)
        # Somebody with none of it is as far from those with any as its smallest amount.
        least = np.nanmin(scaled) if (values > 0).any() else 0.0
        scaled = np.where(values <= 0, least, scaled)
    observed = np.isfinite(scaled)
    filled = np.where(observed, scaled, 0.0)
    seen = observed.astype(np.float64)
    total = np.maximum(sums_of(member.mass, seen), 1e-12)
    center = sums_of(member.mass, filled) / total
    spread = float(sums_of(member.mass[-1:], seen * (filled - center[-1]) ** 2)[0]) / total[-1]
    if not spread > 0:
        return np.zeros(member.n)
    # A missing value is as far as values are on average, so that it attracts nobody.
    return np.where(observed, (filled - center[member.mode]) ** 2 / spread, 1.0)


def _level_distance(codes: NDArray[np.int64], levels: Levels, member: Membership) -> Floats:
    """Return twice the share of the own segment that has another level."""
    shares = np.nan_to_num(levels.shares)
    lookup = np.append(shares, np.full((len(shares), 1), 0.5), axis=1)
    unlike: Floats = 2.0 * (1.0 - lookup[member.mode, codes])
    return unlike


def _nearest(distance: Floats, member: Membership, k: int, threshold: int) -> _Nearest | None:
    least = max(threshold, 1)
    rows = np.flatnonzero(member.mode == k)
    if len(rows) < least:
        return None
    sure = member.responsibilities[rows, k]
    half = np.sort(sure)[::-1][max(len(rows) // 2, least) - 1]
    rows = rows[sure >= half]
    wanted = min(max(math.ceil(_NEAREST * member.sizes[k]), least), max(_ENOUGH, least), len(rows))
    # Ties at the edge are all taken, so that the order of the rows does not matter.
    cut = np.partition(distance[rows], wanted - 1)[wanted - 1]
    rows = rows[distance[rows] <= cut]
    return _Nearest(rows, member.weights[rows])


def _typical_value(
    variable: Variable, column: Column, nearest: _Nearest, threshold: int
) -> str | None:
    values = column.values[nearest.rows]
    observed = values >= 0 if column.levels is not None else np.isfinite(values)
    if observed.sum() < max(threshold, 1) or observed.sum() < len(values) / 2:
        return None
    weights = nearest.weights[observed]
    if column.levels is not None:
        level = _mode(values[observed].astype(np.int64), weights, column.levels, threshold)
        return concepts.answer(variable, level) if level is not None else None
    return _median(variable, values[observed].astype(np.float64), weights)


def _mode(
    codes: NDArray[np.int64],
    weights: Floats,
    levels: Sequence[str],
    threshold: int,
) -> str | None:
    counts = np.bincount(codes, minlength=len(levels))
    sums = np.bincount(codes, weights, len(levels))
    best = int(np.argmax(sums))
    if counts[best] < max(threshold, 1) or sums[best] < _TYPICAL * sums.sum():
        return None
    return levels[best]


def _median(variable: Variable, values: Floats, weights: Floats) -> str | None:
    order = np.argsort(values, kind="stable")
    median = weighted_quantiles(values[order], np.cumsum(weights[order]), np.array([0.5]))[0]
    if not math.isfinite(median):
        return None
    if variable.measure == "count":
        median = math.floor(median + 0.5)
    # "Orders per month: 0.8" needs no unit after it.
    unit = None if variable.unit and variable.unit == variable.label.lower() else variable.unit
    if concepts.is_share(variable) and 0 <= median <= 1:
        unit = "share"
    return quantity(float(median), unit, _DIGITS)
