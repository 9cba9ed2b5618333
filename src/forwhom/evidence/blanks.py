"""Missing answers by group: how many there are, and whom they would place elsewhere.

What blanks do is tried, not argued: customers who answered everything lose the answers that people
of a group left out, as often as these did, and are placed again. Those who move would move by the
blanks alone. Each verdict holds for all pairs of groups together; how often it is wrong is in
``benchmarks/blanks.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.fairness import ASSOCIATED, OFF, Blanks, BlanksOfGroup, Verdict
from forwhom.documents.ids import in_id
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.evidence.fairness import Groups, bonferroni
from forwhom.evidence.items import fingerprint
from forwhom.statistics.rates import Rate, association, difference

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Places customers (m,) again without some of their answers (m, V): the segments, as the modes are.
Replace = Callable[[Ints, Bools], Ints]
#: Customers who are placed again for a group, at most.
MOST = 4_000


@dataclass(frozen=True)
class Placing:
    """Who is placed where, and what it was known by."""

    mode: Ints  # the segment of each customer from 0, -1 for none
    k: int
    weights: Floats
    missing: Bools  # (n, V): which answers that form segments each has not given
    replace: Replace


def blanks(
    groups: Groups, unknown: Bools, placing: Placing, *, noun: str = "segment", threshold: int = 10
) -> Blanks:
    """Return what missing answers do; ``unknown`` are those without the attribute itself."""
    told = _of_groups(groups, placing, threshold)
    lacking = {name: one for name, (one, _) in told.items()}
    moved = {name: one for name, (_, one) in told.items() if one is not None}
    share, spread, verdict = _unknown(groups, unknown, placing, threshold)
    most, least, between, lacks = _apart(lacking)
    mover, stayer, moves, moving = _apart(moved)
    return Blanks(
        attribute=groups.variable.name,
        label=groups.variable.label,
        noun=noun,
        unknown=share,
        spread=spread,
        unknown_verdict=verdict,
        groups=[
            BlanksOfGroup(
                group=name,
                missing=round(lacking[name].share, 2) if name in lacking else None,
                moved=round(moved[name].share, 2) if name in moved else None,
            )
            for name in groups.names
        ],
        most=most, least=least, difference_interval=between, verdict=lacks,
        mover=mover, stayer=stayer, moved_interval=moves, moved_verdict=moving,
    )  # fmt: skip


def blanks_evidence(found: Iterable[Blanks], *, n: int, source: str) -> list[Evidence]:
    """Return what missing answers do as evidence, of each attribute that has to do with some."""
    return [item for one in found for item in _told(one, n, source)]


def _told(one: Blanks, n: int, source: str) -> Iterator[Evidence]:
    begin = f"fairness.{in_id(one.attribute)}"
    if one.unknown:
        yield _item(
            f"{begin}.unknown", one.of_attribute, one.unknown, None, one.unknown_verdict, n, source,
            "share without the attribute; Cramér's V with the segments",
        )  # fmt: skip
    known = {group.group: group for group in one.groups}
    if one.most and one.least and any(group.missing for group in one.groups):
        first, second = known[one.most].missing or 0.0, known[one.least].missing or 0.0
        yield _item(
            f"{begin}.blanks", one.of_answers, round(first - second, 2), one.difference_interval,
            one.verdict, n, source, "difference of two shares, intervals for all pairs together",
        )  # fmt: skip
    if one.mover and one.stayer and one.of_places:
        first, second = known[one.mover].moved or 0.0, known[one.stayer].moved or 0.0
        yield _item(
            f"{begin}.blanks-move", one.of_places, round(first - second, 2), one.moved_interval,
            one.moved_verdict, n, source,
            "customers who answered everything, placed again without the answers that people of a "
            "group left out; difference of two shares, intervals for all pairs together",
        )  # fmt: skip


def _item(
    id_: str, statement: str, value: float, interval: Interval | None, verdict: Verdict, n: int,
    source: str, method: str,
) -> Evidence:  # fmt: skip
    return Evidence(
        id=id_, statement=statement, value=value, interval=interval, n=n, method=method,
        source=source, verdict=verdict, fingerprint=fingerprint(id_, value, interval, n, method),
    )  # fmt: skip


def _of_groups(
    groups: Groups, placing: Placing, threshold: int
) -> dict[str, tuple[Rate, Rate | None]]:
    """Return, by group, the part of its answers that is missing, and who moves by such blanks."""
    whole = np.flatnonzero(~placing.missing.any(axis=1) & (placing.mode >= 0))
    found = {}
    for g, name in enumerate(groups.names):
        inside = np.flatnonzero(groups.codes == g)
        lacking = placing.missing[inside].mean(axis=1)
        incomplete = int((lacking > 0).sum())
        if 0 < min(incomplete, len(inside) - incomplete) < threshold:
            continue  # the few would be told
        weights = placing.weights[inside]
        found[name] = (
            _rate(lacking, weights),
            _moved(inside, whole, placing, seed=g) if len(whole) >= threshold else None,
        )
    return found


def _rate(values: Floats, weights: Floats) -> Rate:
    """Return a mean of parts as a share of so many customers as it varies like."""
    total = float(weights.sum())
    share = float(weights @ values) / total
    variance = float(weights**2 @ (values - share) ** 2) / total**2
    n = total**2 / float(weights @ weights)
    if variance > 0 and 0 < share < 1:
        n = share * (1 - share) / variance
    return Rate(share, n)


def _moved(inside: Ints, whole: Ints, placing: Placing, seed: int) -> Rate:
    """Return how many of those who answered everything move with the blanks of a group."""
    rng = np.random.default_rng(seed)
    rows = whole if len(whole) <= MOST else np.sort(rng.choice(whole, MOST, replace=False))
    weights = placing.weights[inside] / placing.weights[inside].sum()
    taken = placing.missing[rng.choice(inside, len(rows), p=weights)]
    moved = np.zeros(len(rows), dtype=bool)
    some = taken.any(axis=1)
    if some.any():
        at = rows[some]
        # Both are placed by the model, which may say of a few what their own segments do not.
        as_they_are = placing.replace(at, np.zeros_like(taken[some]))
        moved[some] = placing.replace(at, taken[some]) != as_they_are
    # The blanks are those of so many people, and they are tried on so many others.
    return Rate(float(moved.mean()), float(1 / (1 / len(rows) + 1 / len(inside))))


def _apart(
    rates: Mapping[str, Rate],
) -> tuple[str | None, str | None, Interval | None, Verdict]:
    """Return the two groups that surely differ most, or else those that seem to."""
    pairs = list(permutations(rates, 2))
    if not pairs:
        return None, None, None, "unknown"
    z = bonferroni(len(pairs) // 2)
    told = {(a, b): difference(rates[a], rates[b], z) for a, b in pairs}
    surest = max(told, key=lambda pair: told[pair][1])
    if told[surest][1] > OFF:
        return (*surest, _interval(told[surest]), "apart")
    seeming = max(told, key=lambda pair: told[pair][0])
    # Each pair by itself: all of them must pass.
    alike = all(difference(rates[a], rates[b])[2] < OFF for a, b in pairs)
    return (*seeming, _interval(told[seeming]), "alike" if alike else "unknown")


def _interval(found: tuple[float, float, float]) -> Interval:
    return Interval(low=round(found[1], 2), high=round(found[2], 2))


def _unknown(
    groups: Groups, unknown: Bools, placing: Placing, threshold: int
) -> tuple[float | None, Interval | None, Verdict]:
    """Return how many do not tell the attribute, and whether they are spread evenly."""
    n = int(unknown.sum())
    if n == 0:
        return 0.0, None, "alike"
    if min(n, len(unknown) - n) < threshold:
        return None, None, "unknown"
    share = round(float(placing.weights @ unknown / placing.weights.sum()), 2)
    two = Groups(groups.variable, ("known", "unknown"), unknown.astype(np.int64))
    table = two.counted(placing.mode, placing.k, placing.weights, threshold)
    value, low, high = association(table)
    if math.isnan(value):
        return share, None, "unknown"
    verdict: Verdict = "apart" if low > ASSOCIATED else "alike" if high < ASSOCIATED else "unknown"
    return share, _interval((value, low, high)), verdict
