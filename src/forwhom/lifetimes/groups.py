"""Parameters of several groups of customers, each drawn towards those of all of them.

How far is learned from the groups: all may as well be alike, or each a world of its own. What is
common to all counts as so many customers more in each group (a normal prior on the logarithms with
the information of the whole fit per customer); their number is the one that makes the data most
likely (Laplace's approximation of the marginal likelihood).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forwhom.lifetimes.maximum import Floats, Maximum, Prior

#: Customers that the common parameters may count for; more, and groups are alike.
PRIOR_CUSTOMERS = (16_384.0, 4_096.0, 1_024.0, 256.0, 64.0, 16.0)
#: Fits a group again: its weights of the rows, where to begin, and the prior.
Refit = Callable[[Floats, Floats, Prior], Maximum]


@dataclass(frozen=True)
class Groups:
    """What was fitted to groups of customers."""

    fits: list[Maximum]  # of each group
    prior_customers: float  # what the common parameters count for in each; infinite: all are alike


def fit_groups(whole: Maximum, weights: Floats, total: float, refit: Refit) -> Groups:
    """Fit each group, given the fit to all; ``weights`` (K, rows) are those of its customers.

    A group without customers is as all are.
    """
    filled = [bool(one.any()) for one in weights]
    if not all(filled):
        found = fit_groups(whole, weights[filled], total, refit)
        own = iter(found.fits)
        return Groups([next(own) if one else whole for one in filled], found.prior_customers)
    alike = Groups([whole] * len(weights), np.inf)
    if not np.isfinite(whole.covariance).all() or len(weights) < 2:
        return alike
    each = whole.information / total
    starts = [whole.parameters] * len(weights)
    best, best_evidence = alike, whole.log_likelihood
    center = np.log(whole.parameters)
    for customers in PRIOR_CUSTOMERS:
        prior = Prior(center, customers * each, whole)
        fits = [refit(w, start, prior) for w, start in zip(weights, starts, strict=True)]
        evidence = sum(_evidence(fit, prior) for fit in fits)
        if evidence > best_evidence:
            best, best_evidence = Groups(fits, customers), evidence
        starts = [fit.parameters for fit in fits]
    return best


def _evidence(fit: Maximum, prior: Prior) -> float:
    """Return the logarithm of the likelihood of a group, averaged over the prior."""
    away = np.log(fit.parameters) - prior.center
    volume = np.linalg.slogdet(prior.precision)[1] - np.linalg.slogdet(fit.information)[1]
    return float(fit.log_likelihood - away @ prior.precision @ away / 2 + volume / 2)
