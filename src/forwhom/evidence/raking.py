"""The sample against known shares of groups, and weights that give each group its due.

Source: W. E. Deming and F. F. Stephan, Annals of Mathematical Statistics 11 (1940) 427-444, for
raking; L. Kish, *Survey Sampling* (1965), for what weights cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.fairness import OFF, Margin, Raked
from forwhom.documents.segmentation import Interval
from forwhom.errors import DataError
from forwhom.evidence.fairness import Groups
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import Rate

Floats = NDArray[np.float64]

#: Largest step between two rounds that counts as none, and most rounds.
SETTLED, ROUNDS = 1e-9, 1000


def margins_of(
    groups: Groups, known: Mapping[str, float], weights: Floats, threshold: int = 10
) -> list[Margin]:
    """Return each group's share of the sample against its known share."""
    there = groups.codes >= 0
    w = weights[there]
    n = float(w.sum()) ** 2 / float(w @ w)
    found = []
    for name, due in known.items():
        count = int((groups.codes == groups.names.index(name)).sum()) if name in groups.names else 0
        told = count >= threshold and there.sum() - count >= threshold
        share = (
            float(w[groups.codes[there] == groups.names.index(name)].sum() / w.sum())
            if told
            else 0.0
        )
        low, high = Rate(share, n).interval()
        apart, alike = low > due + OFF or high < due - OFF, due - OFF < low and high < due + OFF
        found.append(
            Margin(
                attribute=groups.variable.name,
                label=groups.variable.label,
                group=name,
                known=round(due, 4),
                sample=round(share, 2) if told else None,
                interval=Interval(low=round(low, 2), high=round(high, 2)) if told else None,
                verdict="unknown"
                if not told
                else "apart"
                if apart
                else "alike"
                if alike
                else "unknown",
            )
        )
    return found


def rake(
    several: Sequence[Groups], known: Sequence[Mapping[str, float]], weights: Floats
) -> Floats:
    """Return weights (n,) with mean 1 that give every group its known share; 0 without an answer.

    They stay as near to ``weights`` as they can. DataError where a group that should be there has
    nobody, or margins contradict each other.
    """
    there = np.logical_and.reduce([groups.codes >= 0 for groups in several])
    raked = np.where(there, weights, 0.0)
    if not raked.sum() > 0:
        raise DataError("Nobody has an answer to all of the margins.", "Give fewer margins.")
    dues = [_dues(groups, shares, there) for groups, shares in zip(several, known, strict=True)]
    for _ in range(ROUNDS):
        moved = 0.0
        for groups, due in zip(several, dues, strict=True):
            mass = np.bincount(groups.codes[there], raked[there], minlength=len(due))
            factor = due * raked.sum() / np.where(mass > 0, mass, 1.0)
            raked[there] *= factor[groups.codes[there]]
            moved = max(moved, float(np.abs(factor[due > 0] - 1).max(initial=0.0)))
        if moved < SETTLED:
            return np.asarray(raked / raked[there].mean())
    raise DataError(
        "No weights give all margins at once their due: combinations of groups that it would take "
        "have nobody.",
        "Give fewer margins, or put small groups together.",
    )


def _dues(groups: Groups, shares: Mapping[str, float], there: NDArray[np.bool_]) -> Floats:
    counts = np.bincount(groups.codes[there], minlength=len(groups.names))
    due = np.array([shares.get(name, 0.0) for name in groups.names])
    empty = [n for n in shares if n not in groups.names and shares[n] > 0] + [
        name for name, c, d in zip(groups.names, counts, due, strict=True) if d > 0 and c == 0
    ]
    if empty:
        raise DataError(
            f"{groups.variable.label!r}: too few people are in the group {empty[0]!r} for weights.",
            "Put it together with another group, in the margins and in the data.",
        )
    return np.asarray(due / due.sum())


def raked_of(raked: Floats, member: Membership) -> Raked:
    """Say what weights cost, and what they do to the sizes of segments."""
    there = raked > 0
    w = raked[there] / raked[there].mean()
    before = member.weights @ member.responsibilities / member.weights.sum()
    after = raked @ member.responsibilities / raked.sum()
    return Raked(
        n=int(there.sum()),
        effective=round(float(w.sum()) ** 2 / float(w @ w), 1),
        largest=round(float(w.max()), 2),
        shares={
            k + 1: (round(float(b), 4), round(float(a), 4))
            for k, (b, a) in enumerate(zip(before, after, strict=True))
        },
    )
