"""BG/BB: in which of a few periods customers come, and who is still there. Arrays in and out.

While a customer stays, it comes in each period with a chance of its own (beta: alpha, beta); before
each period it may leave for good with another (beta: gamma, delta); Fader, Hardie and Shang (2010),
Marketing Science 29(6). A history is (periods with a purchase, the last of them, periods observed).
"""

from __future__ import annotations

import numpy as np

from forwhom.errors import DataError, OptionError
from forwhom.lifetimes.betaterms import BetaTerms
from forwhom.lifetimes.maximum import Floats, Maximum, Prior, maximize
from forwhom.lifetimes.rows import Rows

_STARTS = ((1.0, 1.0, 1.0, 3.0), (0.5, 2.0, 0.5, 5.0))


def fit_opportunities(rows: Rows, *, max_iter: int = 200) -> Maximum:
    """Fit BG/BB to rows of (frequency, recency, periods)."""
    if not (rows.weight @ rows.columns[0]):
        raise DataError(
            "Nobody came again: every frequency is 0.",
            "How often customers come back can be learned only where some do.",
        )
    terms = terms_of(*rows.columns)
    total = float(rows.weight.sum())
    return maximize(lambda u: terms(u, rows.weight), _STARTS, total, max_iter=max_iter)


def refit_opportunities(
    rows: Rows, weight: Floats, start: Floats, prior: Prior | None
) -> Maximum:  # fmt: skip
    """Fit BG/BB to the same rows with other weights, from parameters that are near."""
    terms = terms_of(*rows.columns)
    return maximize(lambda u: terms(u, weight), [start], float(weight.sum()), prior=prior)


def opportunity_scores(
    parameters: Floats, frequency: Floats, recency: Floats, periods: Floats
) -> Floats:
    """Return the slopes of each customer's log-likelihood over the logarithms of parameters."""
    return terms_of(frequency, recency, periods).scores(parameters) * parameters


def alive_in_next(
    parameters: Floats, frequency: Floats, recency: Floats, periods: Floats
) -> Floats:
    """Return the probability that each is a customer in the period after the observed ones."""
    return _later(parameters, (frequency, recency, periods), np.ones(1), bought=0.0)


def periods_ahead(
    parameters: Floats, t: float, discount: float, frequency: Floats, recency: Floats,
    periods: Floats,
) -> Floats:  # fmt: skip
    """Return in how many of the next t periods each is expected to buy, each worth what it is."""
    worths = worths_of(round(t), discount)
    return _later(parameters, (frequency, recency, periods), worths, bought=1.0)


def drawn_periods(
    parameters: Floats, t: float, columns: tuple[Floats, ...], there: Floats,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Draw in how many of the next t periods each buys; ``there`` are chances to be a customer."""
    alpha, beta, gamma, delta = parameters
    x, _, n = columns
    chance = rng.beta(alpha + x, beta + n - x)
    leave = np.clip(rng.beta(gamma, delta + n + 1), 1e-9, 1.0)
    stay = np.minimum(rng.geometric(leave), round(t))  # the next period is the first of them
    return np.asarray(rng.binomial(stay, chance) * (rng.random(len(x)) < there), np.float64)


def _later(
    parameters: Floats, columns: tuple[Floats, ...], worths: Floats, *, bought: float
) -> Floats:
    """Return chances of each coming period, times what it is worth, added up."""
    x, _, n = columns
    known = terms_of(*columns).row_logs(parameters)
    total = np.zeros(len(x))
    for j, worth in enumerate(worths, 1):
        alive = np.zeros((len(x), 2, 2))
        alive[:, 0, 0], alive[:, 0, 1] = x + bought, n - x
        alive[:, 1, 1] = n + j
        logs = BetaTerms(alive, np.arange(len(x))).logs(parameters)
        total += worth * np.exp(logs - known)
    return total


def worths_of(t: int, discount: float) -> Floats:
    """Return what is left of a unit of money at the end of each of the next ``t`` periods."""
    if not (isinstance(t, int | np.integer) and t >= 1):
        raise OptionError(f"t is {t!r}.", "Give a whole number of periods, 1 or more.")
    if not (np.isfinite(discount) and discount > -1):
        raise OptionError(f"discount is {discount}.", "Give a rate per period, such as 0.1.")
    return np.asarray((1.0 + discount) ** -np.arange(1, t + 1, dtype=np.float64))


def terms_of(x: Floats, last: Floats, n: Floats) -> BetaTerms:
    """Return the terms of each history: still there, or gone after each period since the last."""
    sizes = (n - last).astype(np.int64) + 1
    starts = np.cumsum(sizes) - sizes
    row = np.repeat(np.arange(len(x)), sizes)
    since = np.arange(len(row)) - starts[row]
    left = since < (n - last)[row]  # the last term of each row is of who is still there
    added = np.zeros((len(row), 2, 2))
    added[:, 0, 0] = x[row]
    added[:, 0, 1] = (last - x)[row] + since
    added[:, 1, 0] = left
    added[:, 1, 1] = last[row] + since
    return BetaTerms(added, starts)
