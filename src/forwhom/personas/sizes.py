"""How large a segment is, with an interval."""

import numpy as np

from forwhom.documents.fitting import Certainty
from forwhom.documents.segmentation import Interval
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import wilson

#: A probability of membership from which on it counts as sure.
SURE = 0.8


def size(member: Membership, k: int) -> tuple[float, Interval]:
    """Return a segment's weighted share of the customers, with its 95 % interval.

    The share is the mean responsibility. Its variance is that of all parameters together, since
    each of them decides who belongs here; where memberships are given, it is that of a proportion.
    The interval is Wilson's (JASA 22, 1927) with the number of customers that has this variance,
    or fewer where the fit may be far off.
    """
    total = float(member.weights.sum())
    if total <= 0:
        return 0.0, Interval(low=0.0, high=1.0)
    share = min(max(float(member.mass[k].sum()) / total, 0.0), 1.0)
    if member.k == 1 and share > 1 - 1e-9:
        return 1.0, Interval(low=1.0, high=1.0)
    low, high = wilson(share, float(member.worth[k] / member.wider[k] ** 2))
    return round(share, 6), Interval(low=round(low, 6), high=round(high, 6))


def doubtful(member: Membership) -> list[int]:
    """Return the ids of the segments whose intervals are wider, as their fit may be far off."""
    return (np.flatnonzero(member.wider > 1) + 1).tolist()


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
