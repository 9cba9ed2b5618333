"""Shifted beta-geometric: how often contracts are renewed. Arrays in and out.

At each renewal a customer leaves with a chance of its own (beta: alpha, beta); Fader and Hardie
(2007), Journal of Interactive Marketing 21(1). A history is (renewals, the last of them, renewals
that were due): the first two are equal, and the third is one more where the contract ended.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, psi

from forwhom.errors import DataError
from forwhom.lifetimes.betaterms import BetaTerms
from forwhom.lifetimes.maximum import Floats, Maximum, Prior, maximize
from forwhom.lifetimes.opportunities import worths_of
from forwhom.lifetimes.rows import Rows

_STARTS = ((1.0, 1.0), (0.5, 3.0))


def fit_renewals(rows: Rows, *, max_iter: int = 200) -> Maximum:
    """Fit the model to rows of (renewals, the last, those due)."""
    made, _, due = rows.columns
    if not rows.weight @ (due - made):
        raise DataError(
            "No contract ended.",
            "How soon customers leave can be learned only where some do; observe them longer.",
        )
    terms, total = _terms(made, due), float(rows.weight.sum())
    return maximize(lambda u: terms(u, rows.weight), _STARTS, total, max_iter=max_iter)


def refit_renewals(rows: Rows, weight: Floats, start: Floats, prior: Prior | None) -> Maximum:
    """Fit the model to the same rows with other weights, from parameters that are near."""
    terms = _terms(rows.columns[0], rows.columns[2])
    return maximize(lambda u: terms(u, weight), [start], float(weight.sum()), prior=prior)


def _terms(made: Floats, due: Floats) -> BetaTerms:
    added = np.stack([due - made, made], axis=1)[:, None, :]
    return BetaTerms(added, np.arange(len(added)))


def renewal_scores(parameters: Floats, made: Floats, _last: Floats, due: Floats) -> Floats:
    """Return the slopes of each customer's log-likelihood over the logarithms of parameters."""
    a, b = parameters
    both = psi(a + b) - psi(a + b + due)
    slopes = (psi(a + due - made) - psi(a) + both, psi(b + made) - psi(b) + both)
    return np.stack(slopes, axis=1) * parameters


def has_contract(_parameters: Floats, made: Floats, _last: Floats, due: Floats) -> Floats:
    """Return 1 for who has a contract, 0 for who ended it: that is known."""
    return np.asarray(due == made, dtype=np.float64)


def renewals_ahead(
    parameters: Floats, t: float, discount: float, made: Floats, _last: Floats, due: Floats
) -> Floats:
    """Return how many of the next t renewals each is expected to make, each worth what it is."""
    worths = worths_of(round(t), discount)
    a, b = parameters
    ahead = made[:, None] + np.arange(1, len(worths) + 1)
    chances = np.exp(betaln(a, b + ahead) - betaln(a, b + made)[:, None])
    return np.asarray(chances @ worths * (due == made))


def drawn_renewals(
    parameters: Floats, t: float, columns: tuple[Floats, ...], there: Floats,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Draw how many of the next t renewals each customer makes."""
    a, b = parameters
    made = columns[0]
    leave = np.clip(rng.beta(a, b + made), 1e-9, 1.0)
    stay = np.minimum(rng.geometric(leave) - 1.0, round(t))
    return np.asarray(stay * there, dtype=np.float64)
