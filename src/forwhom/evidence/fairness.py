"""Whom segments and decisions favor: protected attributes against segments, choices and answers.

Counted are the segments that customers are most likely in, since those decide what they get. Each
verdict has three ends; simulated, it is wrong in fewer than one of twenty samples
(``benchmarks/fairness.py``). Source of the four fifths: Uniform Guidelines on Employee Selection
Procedures, 29 CFR 1607.4 D (1978); of rates, their ratio and difference as measures of fairness:
S. Barocas, M. Hardt and A. Narayanan, *Fairness and Machine Learning* (2023), chapter 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from forwhom.documents.fairness import (
    ASSOCIATED,
    FOUR_FIFTHS,
    GIVES_AWAY,
    OFF,
    Association,
    Fairness,
    GroupRate,
    Selection,
    Unanswered,
    Verdict,
)
from forwhom.documents.ids import in_id
from forwhom.documents.privacy import withheld_cells
from forwhom.documents.segmentation import Evidence, Interval, Variable
from forwhom.evidence.items import fingerprint
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import Rate, association, difference, ratio
from forwhom.tables.columns import Column
from forwhom.wording import number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Bands that a number is cut into, with about as many customers in each.
BANDS, BINS = 4, 5


@dataclass(frozen=True)
class Groups:
    """The groups of one attribute: which group each of n customers is in, -1 for none."""

    variable: Variable
    names: tuple[str, ...]
    codes: Ints

    @classmethod
    def of(cls, variable: Variable, column: Column, threshold: int) -> Groups:
        """Return the groups with enough people; a number is cut into bands."""
        if column.levels is None:
            names, codes = _bands(np.asarray(column.values, dtype=np.float64), BANDS)
        else:
            names, codes = column.levels, np.asarray(column.values, dtype=np.int64)
        n = np.bincount(codes[codes >= 0], minlength=len(names))
        kept = np.flatnonzero(n >= max(threshold, 1))
        place = np.full(len(names) + 1, -1)
        place[kept] = np.arange(len(kept))
        return cls(variable, tuple(names[i] for i in kept), place[codes])

    def counted(self, other: Ints, width: int, weights: Floats, threshold: int = 1) -> Floats:
        """Return effective numbers of customers, a row for each group, a column for each code.

        Lines are left out until no cell has fewer customers than the threshold, unless nobody.
        """
        both = (self.codes >= 0) & (other >= 0)
        at = self.codes[both], other[both]
        table, counts = np.zeros((2, len(self.names), width))
        np.add.at(table, at, weights[both])
        np.add.at(counts, at, 1.0)
        total, squares = float(weights[both].sum()), float(weights[both] @ weights[both])
        rows, columns = _told_lines(counts, threshold)
        return table[np.ix_(rows, columns)] * (total / squares if squares > 0 else 1.0)


def _told_lines(counts: Floats, threshold: int) -> tuple[Ints, Ints]:
    """Return the rows and columns that are left when those with small cells go, worst first.

    A measure of a whole table would tell a count that is withheld, where the sums are known.
    """
    rows, columns = (np.arange(n) for n in counts.shape)
    while True:
        small = (counts[np.ix_(rows, columns)] > 0) & (counts[np.ix_(rows, columns)] < threshold)
        if not small.any():
            return rows, columns
        by_row, by_column = small.mean(axis=1), small.mean(axis=0)
        if by_row.max() >= by_column.max():
            rows = np.delete(rows, by_row.argmax())
        else:
            columns = np.delete(columns, by_column.argmax())


def _bands(values: Floats, most: int) -> tuple[tuple[str, ...], Ints]:
    """Cut a number at its quantiles, at borders of few digits."""
    there = values[np.isfinite(values)]
    if len(there) == 0:
        return (), np.full(len(values), -1)
    cuts = np.quantile(there, np.arange(1, most) / most, method="inverted_cdf")
    borders = np.unique([float(f"{cut:.2g}") for cut in cuts])
    borders = borders[borders < there.max()]
    codes = np.where(np.isfinite(values), np.searchsorted(borders, values, side="left"), -1)
    told = [number(border) for border in borders]
    inner = [f"over {low} to {high}" for low, high in pairwise(told)]
    names = (f"up to {told[0]}", *inner, f"over {told[-1]}") if told else ("all",)
    return names, codes.astype(np.int64)


def audit(
    columns: Mapping[str, Column],
    variables: Sequence[Variable],
    member: Membership,
    *,
    noun: str = "segment",
    threshold: int = 10,
) -> Fairness:
    """Return what protected attributes have to do with segments, variables and missing answers.

    ``variables`` are all of the study; only those with a use of ``protected`` and ``active`` are
    looked at. Columns have n rows each, as has the membership.
    """
    active = [v for v in variables if v.use == "active" and v.name in columns]
    there = [v for v in variables if v.use == "protected" and v.name in columns]
    every = [Groups.of(v, columns[v.name], threshold) for v in there]
    known = [groups for groups in every if len(groups.names) > 1]
    weights = member.weights
    return Fairness(
        threshold=threshold,
        associations=_with_segments(known, member, noun, threshold),
        proxies=[p for g in known for p in _proxies(g, active, columns, weights, threshold)],
        answers=[a for g in known for a in _unanswered(g, active, columns, weights, threshold)],
        notes=[
            f"{g.variable.label}: fewer than two groups have {threshold} people, so that nothing "
            "can be said of fairness."
            for g in every
            if g not in known
        ],
    )


def _with_segments(
    known: Sequence[Groups], member: Membership, noun: str, threshold: int
) -> list[Association]:
    tables = ((g, g.counted(member.mode, member.k, member.weights, threshold)) for g in known)
    found = ((groups, association(table)) for groups, table in tables)
    return [
        _association(groups, "segments", f"{noun}s", told, ASSOCIATED)
        for groups, told in found
        if not math.isnan(told[0])
    ]


def _association(
    groups: Groups, other: str, label: str, found: tuple[float, float, float], enough: float
) -> Association:
    value, low, high = (round(x, 2) for x in found)
    return Association(
        attribute=groups.variable.name,
        label=groups.variable.label,
        other=other,
        other_label=label,
        value=value,
        interval=Interval(low=low, high=high),
        verdict="apart" if low > enough else "alike" if high < enough else "unknown",
    )


def _proxies(
    groups: Groups,
    active: Sequence[Variable],
    columns: Mapping[str, Column],
    weights: Floats,
    threshold: int,
) -> list[Association]:
    """Return how much each variable tells of the attribute, strongest first."""
    level = 1 - 0.05 / max(len(active), 1)
    found = []
    for variable in active:
        codes, width = _coded(columns[variable.name])
        table = groups.counted(codes, width, weights, threshold)
        told = association(table, level)
        if not math.isnan(told[0]):
            found.append(_association(groups, variable.name, variable.label, told, GIVES_AWAY))
    return sorted(found, key=lambda one: -one.value)


def _coded(column: Column) -> tuple[Ints, int]:
    if column.levels is not None:
        return np.asarray(column.values, dtype=np.int64), len(column.levels)
    names, codes = _bands(np.asarray(column.values, dtype=np.float64), BINS)
    return codes, max(len(names), 1)


def _unanswered(
    groups: Groups,
    active: Sequence[Variable],
    columns: Mapping[str, Column],
    weights: Floats,
    threshold: int,
) -> Iterator[Unanswered]:
    """Yield the variables of which one group surely has fewer answers."""
    for variable in active:
        missing = columns[variable.name].missing
        rates = _rates(groups, missing, weights, threshold)
        pairs = list(permutations(rates, 2))
        z = bonferroni(len(pairs) // 2 * len(active))
        told = [(a, b, difference(rates[a], rates[b], z)) for a, b in pairs]
        most, least, (_, low, high) = max(told, key=lambda t: t[2][1], default=("", "", (0, 0, 0)))
        if low > OFF:
            yield Unanswered(
                attribute=groups.variable.name,
                label=groups.variable.label,
                variable=variable.name,
                variable_label=variable.label,
                most=most,
                least=least,
                rates=(round(rates[most].share, 2), round(rates[least].share, 2)),
                difference_interval=_interval(low, high),
            )


def selection(
    groups: Groups, chosen: Bools, weights: Floats, what: str, threshold: int = 10
) -> Selection:
    """Return how often the people of each group are chosen, and whether some are less often.

    ``chosen`` has shape (n,). The verdict is *apart* where the interval of a ratio, wide enough for
    all pairs of groups together, ends below four fifths, and *alike* where those of all pairs begin
    above.
    """
    rates = _rates(groups, chosen, weights, threshold)
    told = Selection(
        attribute=groups.variable.name,
        label=groups.variable.label,
        what=what,
        rates=[_told(name, rates.get(name)) for name in groups.names],
        verdict="unknown",
    )
    if len(rates) < 2 or not any(rate.share > 0 for rate in rates.values()):
        return told
    least, most, verdict = _extremes(rates)
    z = bonferroni(len(rates) * (len(rates) - 1) // 2)
    times, low, high = ratio(rates[least], rates[most], z)
    off, below, above = difference(rates[least], rates[most], z)
    return told.model_copy(
        update={
            "least": least,
            "most": most,
            "ratio": round(times, 2),
            "ratio_interval": _interval(low, high),
            "difference": round(off, 2),
            "difference_interval": _interval(below, above),
            "verdict": verdict,
        }
    )


def _extremes(rates: Mapping[str, Rate]) -> tuple[str, str, Verdict]:
    """Return the two groups that are told of, and the verdict on all of them."""
    z = bonferroni(len(rates) * (len(rates) - 1) // 2)
    pairs = [(a, b) for a, b in permutations(rates, 2) if rates[b].share > 0]
    surest = min(pairs, key=lambda p: ratio(rates[p[0]], rates[p[1]], z)[2])
    if ratio(rates[surest[0]], rates[surest[1]], z)[2] < FOUR_FIFTHS:
        return (*surest, "apart")
    least = min(rates, key=lambda name: rates[name].share)
    most = max((name for name in rates if name != least), key=lambda name: rates[name].share)
    # Each pair by itself: all of them must pass.
    alike = all(ratio(rates[a], rates[b])[1] > FOUR_FIFTHS for a, b in pairs)
    return (
        least,
        most,
        "alike" if alike and len(pairs) == len(rates) * (len(rates) - 1) else "unknown",
    )


def _rates(groups: Groups, chosen: Bools, weights: Floats, threshold: int) -> dict[str, Rate]:
    """Return the share of each group that is chosen, of those that may be told."""
    inside = groups.codes >= 0
    counts = np.zeros((len(groups.names), 2), dtype=np.int64)
    np.add.at(counts, (groups.codes[inside], chosen[inside].astype(int)), 1)
    hidden = withheld_cells(counts.tolist(), threshold, totals=True) if threshold > 1 else []
    found = {}
    for g, name in enumerate(groups.names):
        w = weights[groups.codes == g]
        total = float(w.sum())
        if total > 0 and not (hidden and any(hidden[g])):
            share = float(w @ chosen[groups.codes == g]) / total
            found[name] = Rate(min(max(share, 0.0), 1.0), total**2 / float(w @ w))
    return found


def _told(name: str, rate: Rate | None) -> GroupRate:
    if rate is None:
        return GroupRate(group=name, rate=None)
    return GroupRate(group=name, rate=round(rate.share, 2), interval=_interval(*rate.interval()))


def bonferroni(many: int) -> float:
    """Return the standard errors on each side of intervals that hold together, so many."""
    return -float(ndtri(0.025 / many)) if many > 1 else Z95


def _interval(low: float, high: float) -> Interval:
    """Return an interval that a document can hold: numbers that are finite."""
    return Interval(low=round(low, 2), high=round(min(high, 999.0), 2))


def fairness_evidence(found: Fairness, *, n: int, source: str) -> list[Evidence]:
    """Return what was found as evidence: attributes with segments, proxies, and missing answers."""
    items = [
        _item(
            f"fairness.{in_id(one.attribute)}",
            str(one),
            one.value,
            one.interval,
            n,
            source,
            one.verdict,
        )
        for one in found.associations
    ]
    items += [
        _item(
            f"fairness.{in_id(p.attribute)}.proxy.{in_id(p.other)}",
            str(p),
            p.value,
            p.interval,
            n,
            source,
            p.verdict,
        )
        for p in found.proxies
        if p.verdict == "apart"
    ]
    return items + [
        _item(
            f"fairness.{in_id(a.attribute)}.missing.{in_id(a.variable)}",
            str(a),
            round(a.rates[0] - a.rates[1], 2),
            a.difference_interval,
            n,
            source,
            "apart",
            method="difference of two shares, intervals for all variables and pairs together",
        )
        for a in found.answers
    ]


def _item(
    id_: str,
    statement: str,
    value: float,
    interval: Interval,
    n: int,
    source: str,
    verdict: Verdict,
    method: str = "Cramér's V, interval by the noncentral chi-square distribution",
) -> Evidence:
    mark = fingerprint(id_, value, interval, n, method)
    return Evidence(
        id=id_, statement=statement, value=value, interval=interval, n=n, method=method,
        source=source, verdict=verdict, fingerprint=mark,
    )  # fmt: skip
