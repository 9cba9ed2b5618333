"""Whether two kinds of customers deal with each other: by a table of what they did together."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.market import BOTH, CHOOSES, LARGEST, Market, Sides
from forwhom.documents.privacy import coarse_count, is_small
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.evidence.items import fingerprint
from forwhom.statistics.rates import Rate
from forwhom.wording import few, percent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def sides_of_interactions(
    first: Ints, second: Ints, names: tuple[str, str], *, threshold: int = 10
) -> Sides:
    """Say whether interactions are those of a market with two sides.

    It has two sides where hardly anybody stands on both, on each side more than half of those who
    came back deal with more than one of the other, and nobody takes part in half of everything: a
    shop with its customers has one side, and neighbors who lend to each other have one, too.

    Parameters
    ----------
    first, second
        Who dealt with whom, by numbers that mean the same person on both sides; shape (m,).
    names
        What the sides are called.
    threshold
        A side of fewer is none.
    """
    people = np.union1d(first, second)
    doubled = np.intersect1d(first, second)
    both = Rate(len(doubled) / max(len(people), 1), float(len(people)))
    sides = [_side(first, second), _side(second, first)]
    members = [len(np.unique(one)) for one in (first, second)]
    verdict, why = _verdict(both, sides, members, names, threshold)
    told = _told(both, threshold)
    chooses = [_told(side[0], threshold) for side in sides]
    return Sides(
        names=names,
        members=(
            coarse_count(members[0], len(people), threshold),
            coarse_count(members[1], len(people), threshold),
        ),
        interactions=len(first),
        both=round(told.share, 2),
        both_interval=_interval(told),
        chooses=(round(chooses[0].share, 2), round(chooses[1].share, 2)),
        chooses_intervals=(_interval(chooses[0]), _interval(chooses[1])),
        dominated=(_dominated(sides[0][1]), _dominated(sides[1][1])),
        verdict=verdict,
        why=why,
    )


def _told(rate: Rate, threshold: int) -> Rate:
    """Return a share of people as one of a multiple of the threshold; of few, nothing."""
    n = round(rate.n)
    if n == 0 or is_small(n, threshold):
        return Rate(0.0, 0.0)
    return Rate(coarse_count(round(rate.share * n), n, threshold) / n, rate.n)


def _dominated(largest: Rate) -> bool | None:
    """Return whether one takes part in most of it: in how much, would tell what one person did."""
    low, high = largest.interval() if largest.n else (0.0, 1.0)
    return True if low > LARGEST else False if high < LARGEST else None


def _side(own: Ints, other: Ints) -> tuple[Rate, Rate]:
    """Return how many of those who came back have several partners, and the part of the largest."""
    if not len(own):
        return Rate(0.0, 0.0), Rate(0.0, 0.0)
    _, who, times = np.unique(own, return_inverse=True, return_counts=True)
    pairs = np.unique(np.stack([who, other]), axis=1)[0]
    partners = np.bincount(pairs, minlength=len(times))
    back = times > 1
    n = int(back.sum())
    share = float((partners[back] > 1).mean()) if n else 0.0
    return Rate(share, float(n)), Rate(float(times.max()) / len(own), float(len(own)))


def _verdict(
    both: Rate, sides: list[tuple[Rate, Rate]], members: list[int], names: tuple[str, str],
    threshold: int,
) -> tuple[Literal["yes", "no", "unknown"], str]:  # fmt: skip
    for name, n in zip(names, members, strict=True):
        if n == 0 or is_small(n, threshold):
            return "no", f"There are {few(n, threshold)} on the side of {name!r}: no market."
    low, high = both.interval()
    on_both = _told(both, threshold)
    if low > BOTH:
        return "no", f"{percent(on_both.share)} of the people stand on both sides: it is one side."
    for name, (_, largest) in zip(names, sides, strict=True):
        if _dominated(largest):
            return "no", f"One of {name!r} takes part in more than half of everything."
    for name, (chooses, _) in zip(names, sides, strict=True):
        share = percent(_told(chooses, threshold).share)
        if chooses.n >= threshold and chooses.interval()[1] < CHOOSES:
            told = f"Of {name!r} who came back, {share} deal with more than one"
            return "no", f"{told}: each belongs to one of the other side, and chooses nobody."
    for name, (chooses, _) in zip(names, sides, strict=True):
        if chooses.n < threshold:
            return "unknown", f"Too few of {name!r} came back to tell whether they choose."
    sure = all(
        chooses.interval()[0] > CHOOSES and _dominated(largest) is False
        for chooses, largest in sides
    )
    here, there = (percent(_told(chooses, threshold).share) for chooses, _ in sides)
    told = (
        f"Of those who came back, {here} of {names[0]!r} and {there} of {names[1]!r} deal with "
        "more than one of the other side"
    )
    if sure and high < BOTH:
        return "yes", f"{told}, and {percent(on_both.share)} stand on both: they need each other."
    return "unknown", f"{told}; that is too near the border, or too few, to call it two sides."


def _interval(rate: Rate) -> Interval:
    low, high = rate.interval() if rate.n else (0.0, 1.0)
    return Interval(low=round(low, 2), high=round(high, 2))


def market_evidence(market: Market, *, n: int, source: str) -> list[Evidence]:
    """Return what is known of the market as evidence: its type, and the number that decides."""
    near = market.near[0] if market.near else None
    method = "number of groups, what they need, and who deals with whom; conventions of forwhom"
    value = None if near is None else near.value
    interval = None if near is None else near.interval
    statement = " ".join([market.model_copy(update={"claimed": None}).headline, *market.why])
    told = market.type or ", ".join(market.possible)
    mark = fingerprint("market.type", value, interval, n, f"{method}: {told}")
    return [
        Evidence(
            id="market.type", statement=statement, value=value, interval=interval, n=n,
            method=method, source=source, verdict=told, fingerprint=mark,
        )
    ]  # fmt: skip
