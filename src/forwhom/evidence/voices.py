"""What people of one segment say more often than all others, with false discoveries controlled.

Counted are customers, not words. A statement is compared by who is assigned to the segment, given
how many say it at all (the hypergeometric distribution, mid-p), and of all statements and segments
together not more than one of twenty of those told is false (Y. Benjamini and Y. Hochberg, Journal
of the Royal Statistical Society B 57 (1995) 289-300). How many times as often it is said is
corrected for wrong assignments (see ``threestep``) and drawn toward what is true of all statements
(see ``shrinkage``), so that the interval holds although the largest were picked.

With sampling weights, customers count by their weight, and all of them together as so many as say
as much (Kish); the tail is that of the binomial distribution given how many say it, which is
defined between whole numbers, too, and a little more cautious.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

from forwhom.evidence.shrinkage import Effects
from forwhom.evidence.threestep import Classification
from forwhom.statistics.membership import Membership
from forwhom.tables.weights import is_counting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Share of what is told that may be false.
FALSE = 0.05
#: What is added to counts, so that one that is zero has a logarithm.
_PSEUDO = 0.5
#: Terms of a tail that are this part of it change nothing any more.
_SMALL = 1e-13


@dataclass(frozen=True)
class Apart:
    """How often R statements are made in K segments, and which set a segment apart."""

    counts: Floats  # customers assigned to the segment who make it, (R, K)
    p: Floats  # of no more in the segment than among all others, one-sided, (R, K)
    told: Bools  # which set a segment apart, (R, K)
    common: Floats  # part of all customers who make it, by weight, (R,)
    shares: Floats  # of the customers of a segment, free of wrong assignments, (R, K)
    others: Floats  # of all others, (R, K)
    ratios: Floats  # times as often as others, drawn toward all; (R, K), as are ``low``, ``high``
    low: Floats
    high: Floats


def sets_apart(
    statement: Ints, customer: Ints, statements: int, responsibilities: Floats,
    weights: Floats | None = None, *, least: int = 10,
) -> Apart:  # fmt: skip
    """Compare each segment with all others by what its customers say.

    Parameters
    ----------
    statement, customer
        Who made which statement, once each; shape (m,).
    statements
        How many there are, R.
    responsibilities
        Probability of each segment, of all n customers who said anything; shape (n, K). A row of
        zeros belongs to none, and is compared with nobody.
    weights
        How much each customer counts, (n,): whole numbers are copies, others sampling weights.
    least
        Fewer customers who say it in a segment are not told; among all others, they are counted as
        so many, so that what is told is less than what is true.
    """
    member = Membership.of(responsibilities, weights)
    k, placed = member.k, responsibilities.sum(axis=1) > 0
    assigned = np.where(placed, member.mode, -1)
    worth = _worth(member.weights, placed)
    sizes = np.bincount(assigned[placed], worth[placed], minlength=k).astype(np.float64)
    here = placed[customer]
    cell = statement[here] * k + assigned[customer[here]]
    shape, cells = (statements, k), statements * k
    counts = np.bincount(cell, minlength=cells).reshape(shape).astype(np.float64)
    weighed = np.bincount(cell, worth[customer[here]], minlength=cells).astype(np.float64)
    weighed = weighed.reshape(shape)
    whole = bool((worth == np.floor(worth)).all())
    even = np.ones((statements, 1))
    if not whole:
        squares = np.bincount(statement[here], worth[customer[here]] ** 2, minlength=statements)
        even = _evenly(weighed.sum(axis=1), squares.astype(np.float64))[:, None]
    p = _chances(weighed, sizes) if whole else _chances_between(weighed * even, sizes)
    told = discoveries(p) & (counts >= least)
    few = counts.sum(axis=1, keepdims=True) - counts < least
    estimates, errors, shares, others = _logs(weighed, sizes, member, few, least, even)
    known = Effects.learned(estimates.ravel(), errors.ravel())
    low, middle, high = np.full((3, statements, k), np.nan)
    levels = np.array([0.025, 0.5, 0.975])
    found = np.exp(known.quantiles(estimates[told], errors[told], levels))
    low[told], middle[told], high[told] = found.T
    common = weighed.sum(axis=1) / max(float(sizes.sum()), 1e-300)
    return Apart(counts, p, told, common, shares, others, middle, low, high)


def _worth(weights: Floats, placed: Bools) -> Floats:
    """Return how many customers each is worth: copies, or parts of the effective number."""
    own = weights[placed]
    if is_counting(weights) or not own.any():
        return weights
    return weights * float(own.sum()) / float(own @ own)


def _evenly(totals: Floats, squares: Floats) -> Floats:
    """Return as how many each customer counts of those who say something, shape (R,).

    A few of great weight make a statement's total, and where they belong is luck: it is worth as
    many customers as say as much (Kish), whatever the weights of others are.
    """
    there = squares > 0
    return np.where(there, totals / np.where(there, squares, 1.0), 1.0)


def _chances_between(counts: Floats, sizes: Floats) -> Floats:
    """Return the mid-p of so many or more in a segment where counts are no whole numbers."""
    total = counts.sum(axis=1, keepdims=True)
    part = np.broadcast_to(sizes / max(float(sizes.sum()), 1e-300), counts.shape)
    left = total - counts
    or_more = np.where(counts > 0, betainc(np.maximum(counts, 1e-12), left + 1, part), 1.0)
    beyond = np.where(left > 1e-9, betainc(counts + 1, np.maximum(left, 1e-12), part), 0.0)
    return np.asarray(np.where(total > 0, (or_more + beyond) / 2, 1.0))


def _chances(counts: Floats, sizes: Floats) -> Floats:
    """Return the mid-p of so many or more in a segment, given how many there are in all, (R, K).

    1 where there are hardly more than expected: that is no discovery, and need not be computed.
    """
    total, n = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape), float(sizes.sum())
    size = np.broadcast_to(sizes, counts.shape)
    expected = total * size / max(n, 1.0)
    spread = np.sqrt(
        np.maximum(expected * (1 - size / max(n, 1.0)) * (n - total), 0) / max(n - 1, 1.0)
    )
    more = counts > expected + spread
    p = np.ones(counts.shape)
    p[more] = _mid_p(counts[more], total[more], size[more], n)
    return p


def _mid_p(c: Floats, total: Floats, size: Floats, n: float) -> Floats:
    """Return the upper tails of hypergeometric distributions, half of the first term counted."""

    def ways(among: Floats | float, chosen: Floats) -> Floats:
        return np.asarray(gammaln(among + 1.0) - gammaln(chosen + 1) - gammaln(among - chosen + 1))

    term = np.exp(ways(total, c) + ways(n - total, size - c) - ways(n, size))
    found, left, k = term / 2, np.arange(len(c)), c.copy()
    while len(left):
        t, s = total[left], size[left]
        term = term * (t - k) * (s - k) / ((k + 1) * (n - t - s + k + 1))
        found[left] += term
        go = term > _SMALL * found[left]
        left, term, k = left[go], term[go], k[go] + 1
    return np.minimum(found, 1.0)


def discoveries(p: Floats, level: float = FALSE) -> Bools:
    """Return which of several hypotheses are refused so that few of those refused are true."""
    flat = np.sort(p.ravel())
    passed = np.flatnonzero(flat <= level * np.arange(1, len(flat) + 1) / max(len(flat), 1))
    return p <= (flat[passed[-1]] if len(passed) else -1.0)


def _logs(
    counts: Floats, sizes: Floats, member: Membership, too_few: Bools, least: int, even: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return logarithms of ratios to all others, their errors, and both shares, each (R, K)."""
    k = len(sizes)
    own, rest = _weights(sizes, member)
    few = too_few.astype(np.float64)
    rates = (counts + _PSEUDO / k) / (sizes + 1 / k)
    spread = rates * (1 - rates) / np.maximum(sizes, 1.0) / np.minimum(even, 1.0)
    floor = _PSEUDO / np.maximum(sizes, 1.0)
    beside = np.maximum(sizes.sum() - sizes, 1.0)
    shares = np.clip(rates @ own.T, floor, 1.0)
    others = np.clip(rates @ rest.T, _PSEUDO / beside, 1.0)
    others = np.where(few > 0, np.maximum(others, least / beside), others)
    variance = (spread @ (own**2).T) / shares**2
    variance += np.where(few > 0, 1.0 / least, (spread @ (rest**2).T) / others**2)
    variance -= np.where(few > 0, 0.0, 2 * (spread @ (own * rest).T) / (shares * others))
    errors = np.sqrt(np.maximum(variance, 1e-12))
    return np.log(shares / others), errors, shares, others


def _weights(sizes: Floats, member: Membership) -> tuple[Floats, Floats]:
    """Return how shares by assignment make shares of segments, and of all others: (K, K) each."""
    k, given = len(sizes), Classification.of(member)
    own = np.eye(k)
    if k > 1 and given.is_sound:
        own = given.inverse.T * sizes
        own /= own.sum(axis=1, keepdims=True)
    mass = given.joint.sum(axis=1)
    rest = np.array([
        np.average(np.delete(own, s, axis=0), axis=0, weights=np.maximum(np.delete(mass, s), 1e-12))
        if k > 1 else np.zeros(k) for s in range(k)
    ])  # fmt: skip
    return own, rest
