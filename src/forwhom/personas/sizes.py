"""How large a segment is, with an interval."""

import numpy as np

from forwhom.documents.fitting import Certainty
from forwhom.documents.segmentation import Interval
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import wilson

#: Segments that overlap (their customers tell less of the size than this share of them would for
#: sure) and of which so few sure members would tell as much: in simulations 79% of the intervals of
#: such sizes held the truth, and 93% of all others.
OVERLAP, LEAST_MEMBERS = 0.75, 40.0
#: A probability of membership from which on it counts as sure.
SURE = 0.8


def size(member: Membership, k: int) -> tuple[float, Interval]:
    """Return a segment's weighted share of the customers, with its 95 % interval.

    The share is the mean responsibility. Its variance is that of all parameters together, since
    each of them decides who belongs here; where memberships are given, it is that of a proportion.
    The interval is Wilson's (JASA 22, 1927) with the number of customers that has this variance.
    """
    total = float(member.weights.sum())
    if total <= 0:
        return 0.0, Interval(low=0.0, high=1.0)
    share = min(max(float(member.mass[k].sum()) / total, 0.0), 1.0)
    if member.k == 1 and share > 1 - 1e-9:
        return 1.0, Interval(low=1.0, high=1.0)
    low, high = wilson(share, worth(member, k, share))
    return round(share, 6), Interval(low=round(low, 6), high=round(high, 6))


def worth(member: Membership, k: int, share: float) -> float:
    """Return how many surely placed customers would tell as much about the size of a segment.

    Without knowledge of how segments were learned, only their shares count as unknown.
    """
    total, binomial = float(member.weights.sum()), share * (1 - share)
    n = total**2 / float(member.weights @ member.weights)
    if binomial <= 1e-12:
        return n
    if member.learned is None:
        spread = float(member.weights @ (member.responsibilities[:, k] - share) ** 2) / total
        return n * min(spread / binomial, 1.0)
    one = np.ones((len(member.sampled), 1))
    [error] = member.errors(k, one * (1 - share) / total, one * -share / total)
    return min(binomial / max(float(error) ** 2, 1e-300), n)


def optimistic(member: Membership) -> list[int]:
    """Return the ids of the segments whose intervals are still too narrow."""
    if member.learned is None or member.k == 1:
        return []
    total = float(member.weights.sum())
    n, found = total**2 / float(member.weights @ member.weights), []
    for k in range(member.k):
        share = float(member.mass[k].sum()) / total
        sure = worth(member, k, share)
        if sure < OVERLAP * n and sure * share < LEAST_MEMBERS:
            found.append(k + 1)
    return found


def certainty(member: Membership, k: int) -> Certainty:
    """Return how sure the members of a segment belong to it; zeros when it has none."""
    rows = member.mode == k
    weights = member.weights[rows]
    if not weights.sum() > 0:
        return Certainty(mean_probability=0.0, sure=0.0)
    own = member.responsibilities[rows, k]
    return Certainty(
        mean_probability=round(float(weights @ own / weights.sum()), 6),
        sure=round(float(weights @ (own >= SURE) / weights.sum()), 6),
    )
