"""Customers who alone would show in a mean, a spread or a sum: they count as the next ones do.

A mean times a number of customers is a sum, and quantiles tell nearly all of the others. So where
one customer is farther from the middle than all others of the segment together (the second left
out, since that one knows the own value), what remains is the value of that customer. Of a spread,
which is a sum of squares, that is so much sooner: one of 120 at 50 times the usual distance has a
third of the sum, and nearly all of the squares. Such a customer is pulled in to the next one's
value, where dominance rules of statistical offices withhold the whole cell.

Source: A. Hundepool et al., *Statistical Disclosure Control* (2012), section 4.2 (the p% rule).
"""

from __future__ import annotations

import numpy as np

from forwhom.statistics.membership import Floats, Membership

#: The largest square may be estimated from the sum of all within this part of its distance.
_SURE = 0.15
#: How often the largest must be there among the others, by the power of the distance in a sum.
_OTHERS = {1: 1.0, 2: (1 + _SURE) ** 2 - 1}


def pulled_in(values: Floats, member: Membership, threshold: int) -> Floats:
    """Return the values, in each segment without one or two that dominate it; shape (n,).

    Where fewer than the threshold differ from all others, they stay: the cell is withheld.
    """
    found = values
    for k in range(member.k):
        rows = np.flatnonzero((member.mode == k) & np.isfinite(values) & (member.weights > 0))
        if len(rows) < 3:
            continue
        middle = float(np.median(values[rows]))
        offset = values[rows] - middle
        near = _near(offset, member.weights[rows])
        far = np.flatnonzero(near != offset)
        if len(far) and np.count_nonzero(offset) >= threshold:
            found = found.copy() if found is values else found
            found[rows[far]] = middle + near[far]
    return found


def _near(offset: Floats, weights: Floats) -> Floats:
    """Return distances of which none has too much of their sum, nor of the sum of squares."""
    found, unit = offset, float(np.abs(offset).max()) or 1.0  # squares must not overflow
    for power, others in _OTHERS.items():
        parts = weights * (np.abs(found) / unit) ** power
        most = _most(parts, others)
        far = parts > most
        if far.any():
            found = found.copy() if found is offset else found
            found[far] = np.sign(found[far]) * unit * (most / weights[far]) ** (1 / power)
    return found


def tamed(weights: Floats, member: Membership) -> Floats:
    """Return weights of which none counts for more than all others of the segment together."""
    found = weights
    for k in range(member.k):
        rows = np.flatnonzero(member.mode == k)
        if len(rows) >= 3:
            most = _most(weights[rows])
            if (weights[rows] > most).any():
                found = found.copy() if found is weights else found
                found[rows] = np.minimum(weights[rows], most)
    return found


def _most(parts: Floats, others: float = 1.0) -> float:
    """Return the largest part that all others but the second hold so often together."""
    third, second, first = np.partition(parts, -3)[-3:].tolist()
    rest = float(parts.sum()) - first - second
    return float(next((one for one in (first, second) if others * one <= rest), third))
