"""What single variables do by themselves: is only one being cut, does one fall into clumps?"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure, is_number
from forwhom.mixture import Column
from forwhom.mixture.design import Whole
from forwhom.statistics.dip import dip, spread
from forwhom.tables.weights import counting_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Variables, their measures, the weights of customers, and which variables make up one whole.
Margins = tuple[Mapping[str, Column], Mapping[str, Measure], Floats | None, Sequence[Whole]]

#: Both questions are answered with yes where chance would give it this rarely.
LEVEL = 0.01
#: Bins or levels of a variable that are told apart, and customers expected in each cell of a pair.
MOST_BINS, LEAST_EXPECTED = 6, 5.0
#: Share of what the segments tell that must be about one variable before only it is being cut.
ALONE = 0.8
#: Fewer different values are levels rather than a number that could have clumps.
LEAST_VALUES = 15
#: Customers, and the root of their number times the dip that one in a hundred uniform samples of
#: them exceeds: ``benchmarks/margins.py --limits --replicates 50000``.
LIMITS = {
    20: 0.4057,
    50: 0.4783,
    100: 0.5227,
    200: 0.5545,
    500: 0.5808,
    1_000: 0.5973,
    2_000: 0.6066,
}


def dependent(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    weights: Floats | None,
    wholes: Sequence[Whole] = (),
) -> bool:
    """Whether any two variables depend on each other, by χ² tests of all pairs (Bonferroni).

    The parts of one whole, and its number of items, are one variable: they are not tested against
    each other. Pairs with too few customers for two levels each are not tested.
    """
    codes = {name: _binned(columns[name], m) for name, m in measures.items()}
    counted = np.ones(_rows(columns)) if weights is None else counting_weights(weights)
    hot = {name: _hot(c) for name, c in codes.items()}
    found = []
    for one, other in combinations(measures, 2):
        if any(_within(whole, one) and _within(whole, other) for whole in wholes):
            continue
        table = (hot[one].T * counted) @ hot[other]
        p = _independence(table, measures[one] != "nominal", measures[other] != "nominal")
        found += [] if p is None else [p]
    return bool(found) and min(found) < LEVEL / len(found)


def only_cut(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    weights: Floats | None,
    wholes: Sequence[Whole],
    responsibilities: Floats,
) -> str | None:
    """Return the one variable whose values the segments cut, asked where none are ``dependent``.

    ``responsibilities`` (customers, K) are the segments' probabilities. None where the segments
    cut several, and where they divide a whole: its parts are several numbers, though one variable.
    """
    counted = np.ones(len(responsibilities)) if weights is None else counting_weights(weights)
    told = {
        name: _told((_hot(_binned(columns[name], m)).T * counted) @ responsibilities)
        for name, m in measures.items()
    }
    name = max(told, key=lambda n: told[n])
    if told[name] <= 0 or told[name] < ALONE * sum(told.values()):
        return None
    return None if any(name in whole.parts for whole in wholes) else name


def clumps(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    weights: Floats | None,
    wholes: Sequence[Whole] = (),
) -> list[str]:
    """Return the numbers that fall into two clumps (or more) by themselves, by the dip test."""
    parts = {name for whole in wholes for name in whole.parts}
    found = []
    for name, measure in measures.items():
        if not is_number(measure) or name in parts:
            continue
        seen = ~columns[name].missing
        values = np.asarray(columns[name].values, dtype=np.float64)[seen]
        if _clumped(values, None if weights is None else weights[seen]):
            found.append(name)
    return found


def _clumped(values: Floats, weights: Floats | None) -> bool:
    counted = (
        np.ones(len(values)) if weights is None or not len(values) else counting_weights(weights)
    )
    values, counted = values[counted > 0], counted[counted > 0]
    if len(np.unique(values)) < LEAST_VALUES:
        return False
    return dip_of(values, counted) > limit(float(counted.sum()))


def dip_of(values: Floats, weights: Floats) -> float:
    """Return the dip of values, those that are equal or rounded spread over the gaps between."""
    knots, share = spread(values, weights)
    return dip(knots, share, share)


def limit(n: float) -> float:
    """Return the dip that values of ``n`` customers with one mode rarely exceed."""
    sizes = np.log(list(LIMITS))
    return float(np.interp(np.log(n), sizes, list(LIMITS.values())) / np.sqrt(n))


def _rows(columns: Mapping[str, Column]) -> int:
    return len(next(iter(columns.values())))


def _within(whole: Whole, name: str) -> bool:
    return name in whole.parts or name == whole.items


def _binned(column: Column, measure: Measure) -> Ints:
    """Return at most six bins or levels, -1 where missing: rare levels join, equal values stay."""
    values, seen = np.asarray(column.values, dtype=np.float64), ~column.missing
    codes = np.full(len(values), -1)
    distinct, where, counts = np.unique(values[seen], return_inverse=True, return_counts=True)
    if len(distinct) <= MOST_BINS:
        codes[seen] = where
    elif measure == "nominal":
        rank = np.argsort(np.argsort(-counts, kind="stable"))
        codes[seen] = np.minimum(rank, MOST_BINS - 1)[where]
    else:
        middle = (np.cumsum(counts) - counts / 2) / counts.sum()
        codes[seen] = np.floor(MOST_BINS * middle).astype(np.int64)[where]
    return codes


def _hot(codes: Ints) -> Floats:
    """Return one column for each level that occurs; a row of zeros where it is missing."""
    return np.asarray(codes[:, None] == np.unique(codes[codes >= 0]), dtype=np.float64)


def _independence(table: Floats, *ordered: bool) -> float | None:
    """Return p of the χ² test of a table, sparse levels joined; None where too few are left."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    while table.size and min(table.shape) > 1:
        sums = table.sum(axis=1), table.sum(axis=0)
        if sums[0].min() * sums[1].min() >= LEAST_EXPECTED * table.sum():
            return _chi_squared(table, *sums)
        wide = [axis for axis in (0, 1) if table.shape[axis] > 2]
        if not wide:
            return None
        axis = min(wide, key=lambda a: sums[a].min())
        table = _joined(table, axis, ordered[axis])
    return None


def _joined(table: Floats, axis: int, ordered: bool) -> Floats:
    """Join the rarest level with its rarer neighbor, or with the next rarest one."""
    lines = np.moveaxis(table, axis, 0)
    sums = lines.sum(axis=1)
    i = int(sums.argmin())
    others = [j for j in ((i - 1, i + 1) if ordered else range(len(sums))) if 0 <= j < len(sums)]
    j = min((j for j in others if j != i), key=lambda j: sums[j])
    lines = lines.copy()
    lines[j] += lines[i]
    return np.moveaxis(np.delete(lines, i, axis=0), 0, axis)


def _chi_squared(table: Floats, rows: Floats, columns: Floats) -> float:
    from scipy.special import chdtrc

    expected = np.outer(rows, columns) / table.sum()
    degrees = (len(rows) - 1) * (len(columns) - 1)
    return float(chdtrc(degrees, ((table - expected) ** 2 / expected).sum()))


def _told(table: Floats) -> float:
    """Return what segments tell of the levels in a table, in nats, less what chance would tell."""
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    inside = table > 0
    information = float((table[inside] * np.log(table[inside] / expected[inside])).sum())
    chance: float = (table.shape[0] - 1) * (table.shape[1] - 1) / 2
    return max(information - chance, 0.0)
