"""Are the segments separate? Every pair by the five criteria: different, equivalent, undecided.

A business has separate segments where they need another offer, are reached through other channels,
want another relationship, are worth more or less, or pay for other aspects (Osterwalder and Pigneur
2010). A difference counts from a minimum that is stated before; less than that is equivalent, and
what the customers cannot tell is undecided, never "no difference". Among the criteria of a pair,
Holm's method (1979) keeps the probability of any wrong verdict; among variables of one criterion,
Bonferroni does for a difference, and all must be equivalent for equivalence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from forwhom.documents.base import Criterion
from forwhom.documents.segmentation import Evidence, Interval, Variable
from forwhom.documents.separateness import (
    BY_WHAT_FORMED,
    UNLIKE,
    CriterionVerdict,
    PairVerdict,
    Separateness,
    Verdict,
)
from forwhom.documents.separating import (
    effect_words,
    pair_sentence,
    sentences_of,
    statement_of,
)
from forwhom.evidence.comparable import Compared, compared
from forwhom.evidence.effects import Apart, apart
from forwhom.evidence.items import fingerprint
from forwhom.evidence.threestep import Classification
from forwhom.statistics.membership import Learned, Membership
from forwhom.statistics.multiplicity import holm
from forwhom.tables.columns import Column
from forwhom.wording import listed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Probability of any wrong verdict on a pair.
LEVEL = 0.05
#: Members with a value that both segments need: fewer have no normal mean.
LEAST_MEMBERS = 20
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


def separateness_of(
    columns: Mapping[str, Column],
    variables: Sequence[Variable],
    responsibilities: Floats,
    weights: Floats | None = None,
    *,
    learned: Learned | None = None,
    threshold: int = 10,
    noun: str = "segment",
) -> Separateness | None:
    """Compare every two segments; None where there is one, or nothing speaks to a criterion."""
    member = Membership.of(responsibilities, weights, learned)
    # Matrices are narrow: threads of BLAS would only wait for each other.
    with threadpool_limits(limits=1, user_api="blas"):
        return _separateness(columns, variables, member, threshold, noun)


def _separateness(
    columns: Mapping[str, Column], variables: Sequence[Variable], member: Membership,
    threshold: int, noun: str,
) -> Separateness | None:  # fmt: skip
    tagged, notes = compared(variables, columns, threshold)
    if member.k < 2 or not tagged:
        return None
    given = Classification.of(member, cautious=True)
    if not given.is_sound:
        kept = [one for one in tagged if one.formed]
        notes.append(
            "The segments overlap so much that descriptors cannot be compared free of the error "
            "of assignment; they are left out."
        )
        tagged = kept
    pairs = np.array(list(combinations(range(member.k), 2)), dtype=np.int64)
    every = [_Found.of(one, given, pairs, max(threshold, LEAST_MEMBERS)) for one in tagged]
    silent = [c for c in CRITERIA if not any(one.compared.criterion == c for one in every)]
    if silent:
        notes.insert(0, f"Nothing speaks to {listed(silent, most=None)}.")
    told = [_pair(at, a + 1, b + 1, every, noun) for at, (a, b) in enumerate(pairs.tolist())]
    few = [str(k + 1) for k, n in enumerate(member.sizes) if n < max(threshold, LEAST_MEMBERS)]
    if few:
        notes.append(
            f"Too few customers to compare: {noun} {listed(few, most=None)} "
            f"(under {max(threshold, LEAST_MEMBERS)})."
        )
    merges = _merges(told, member.k)
    return Separateness(
        pairs=told, merges=merges, sentences=sentences_of(told, merges, noun), notes=notes
    )


@dataclass(frozen=True)
class _Found:
    """How far all pairs are apart in what is compared."""

    compared: Compared
    apart: Apart

    @classmethod
    def of(cls, one: Compared, given: Classification, pairs: Ints, least: int) -> _Found:
        member = given.member
        estimates = one.estimates(given)
        found = apart(
            one.measuring(given.sizes, pairs),
            estimates.values,
            estimates.covariance,
            pairs,
            one.minimum,
        )
        seen = np.isfinite(one.values).all(axis=1)
        counts = np.array([int((seen & (member.mode == k)).sum()) for k in range(member.k)])
        enough = (counts[pairs] >= least).all(axis=1)
        parts = (found.effect, found.low, found.high, found.p_different, found.p_equivalent)
        return cls(one, Apart(*(np.where(enough, part, np.nan) for part in parts)))

    def known(self, at: int) -> bool:
        return bool(np.isfinite(self.apart.effect[at]))


@dataclass(frozen=True)
class _Claim:
    """What would be said of a criterion, and how sure that is."""

    criterion: Criterion
    verdict: Verdict
    p: float
    leading: _Found
    variables: list[str]
    own: Sequence[_Found]  # all that was compared


def _pair(at: int, first: int, second: int, every: Sequence[_Found], noun: str) -> PairVerdict:
    claims = []
    for criterion in CRITERIA:
        own = [f for f in every if f.compared.criterion == criterion and f.known(at)]
        if own:
            claims.append(_claim(at, criterion, own))
    adjusted = holm([claim.p for claim in claims])
    told = [_verdict(at, claim, p) for claim, p in zip(claims, adjusted, strict=True)]
    return PairVerdict(
        first=first,
        second=second,
        criteria=told,
        sentence=pair_sentence(first, second, told, noun),
    )


def _claim(at: int, criterion: Criterion, own: Sequence[_Found]) -> _Claim:
    """Say of one criterion what is likelier: one variable differs, or all are equivalent."""
    different = [min(1.0, len(own) * float(one.apart.p_different[at])) for one in own]
    equivalent = [float(one.apart.p_equivalent[at]) for one in own]
    names = [v.name for one in own for v in one.compared.variables]
    if min(different) > max(equivalent):
        leading = own[int(np.argmax(equivalent))]
        return _Claim(criterion, "equivalent", max(equivalent), leading, names, own)
    # What did not form the segments proves more.
    order = sorted(
        range(len(own)),
        key=lambda i: (different[i] >= LEVEL, own[i].compared.formed, different[i], i),
    )
    return _Claim(criterion, "different", min(different), own[order[0]], names, own)


def _unlike(at: int, own: Sequence[_Found]) -> tuple[float, float, float]:
    """Return how unlike two segments are in all that was compared, with an interval.

    Ends are means of ends: they hold whatever variables have to do with each other.
    """
    found = []
    for one in own:
        border = UNLIKE[one.compared.kind]
        low, high = float(one.apart.low[at]) / border, float(one.apart.high[at]) / border
        effect = abs(float(one.apart.effect[at])) / border
        found.append((effect, max(low, -high, 0.0), max(abs(low), abs(high))))
    effect, low, high = np.mean(found, axis=0).tolist()
    return effect, low, high


def _verdict(at: int, claim: _Claim, p: float) -> CriterionVerdict:
    leading, found = claim.leading.compared, claim.leading.apart
    unlike, low, high = _unlike(at, claim.own)
    return CriterionVerdict(
        criterion=claim.criterion,
        verdict=claim.verdict if p < LEVEL else "undecided",
        variables=claim.variables,
        leading=[v.label for v in leading.variables],
        kind=leading.kind,
        effect=round(float(found.effect[at]), 4),
        low=round(float(found.low[at]), 4),
        high=round(float(found.high[at]), 4),
        minimum=leading.minimum,
        p=float(f"{p:.2g}"),
        formed=leading.formed,
        unlike=round(unlike, 4),
        unlike_low=round(low, 4),
        unlike_high=round(high, 4),
    )


def _merges(pairs: Sequence[PairVerdict], k: int) -> list[list[int]]:
    """Return groups of segments no two of which differ or may: each segment once."""
    alike = {
        (p.first, p.second)
        for p in pairs
        if p.criteria and all(one.verdict == "equivalent" for one in p.criteria)
    }
    left, found = list(range(1, k + 1)), []
    while left:
        group = [left.pop(0)]
        for one in list(left):
            if all((other, one) in alike for other in group):
                group.append(one)
                left.remove(one)
        if len(group) > 1:
            found.append(group)
    return found


def separateness_evidence(
    found: Separateness | None, sizes: Mapping[int, int], *, noun: str, source: str
) -> list[Evidence]:
    """Return an item for every criterion of every pair; ``sizes`` are customers of segments."""
    items = []
    for pair in found.pairs if found else ():
        for one in pair.criteria:
            id_ = f"segments-{pair.first}-{pair.second}.{one.criterion}"
            interval = Interval(low=one.low, high=one.high)
            n = sizes[pair.first] + sizes[pair.second]
            means = BY_WHAT_FORMED if one.formed else "BCH three-step"
            method = (
                f"{effect_words(one.kind)}, {means}; two one-sided tests against "
                f"{one.minimum:g}, Holm over the criteria: {one.verdict}"
            )
            items.append(
                Evidence(
                    id=id_,
                    statement=statement_of(pair, one, noun),
                    value=one.effect,
                    interval=interval,
                    n=n,
                    method=method,
                    source=source,
                    verdict=one.verdict,
                    fingerprint=fingerprint(id_, one.effect, interval, n, method),
                )
            )
    return items
