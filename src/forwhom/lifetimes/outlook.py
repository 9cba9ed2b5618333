"""What customers are expected to buy and to bring until a horizon, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.lifetimes.coming import BG_NBD, Coming
from forwhom.lifetimes.groups import Groups, fit_groups
from forwhom.lifetimes.maximum import Floats, Maximum
from forwhom.lifetimes.rows import Rows, collapse
from forwhom.lifetimes.spending import fit_spend, refit_spend, spend, spend_scores

#: Relative step of parameters, for slopes.
_STEP = 1e-4
#: Futures that are drawn of all customers together, at least, to learn how chance moves a sum.
_FUTURES = 100_000


@dataclass(frozen=True)
class Histories:
    """What was seen of n customers, each (n,).

    Of contracts: renewals made, the last of them, those due, and the money of a period.
    """

    frequency: Floats
    recency: Floats
    T: Floats
    spend: Floats | None = None  # mean of repeat purchases; None where no money is known

    @property
    def columns(self) -> tuple[Floats, Floats, Floats]:
        """What a model of coming back knows."""
        return self.frequency, self.recency, self.T

    def pick(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> Histories:
        """Return some of the customers."""
        money = None if self.spend is None else self.spend[index]
        return Histories(self.frequency[index], self.recency[index], self.T[index], money)


@dataclass(frozen=True)
class Horizon:
    """How far ahead, in the unit of the histories, and what money is worth then."""

    t: float
    discount: float = 0.0  # by how much money is worth less per unit of time
    margin: float = 1.0  # what is left of a unit of revenue


@dataclass(frozen=True)
class Lifetimes:
    """The models of all customers, or of each of several groups."""

    buying: list[Maximum]  # one, or one per group
    spending: list[Maximum]  # the same; empty without money, or where spending has no mean
    prior_customers: float | None = None  # of the groups, what is common to all counts for
    model: Coming = BG_NBD
    priced: bool = False  # what each customer pays is known, so that nothing is learned of it

    @property
    def has_money(self) -> bool:
        """Whether expected money is known."""
        return self.priced or bool(self.spending)


def fit_lifetimes(
    histories: Histories, weights: Floats, groups: Floats | None = None, model: Coming = BG_NBD
) -> Lifetimes:
    """Fit buying and spending to customers with weights (n,), or to groups (K, n) partly pooled."""
    rows = _rows(histories.columns, weights)
    whole = model.fit(rows)
    bought = _grouped(
        whole, rows, groups, lambda w, start, prior: model.refit(rows, w, start, prior)
    )
    paid = [] if model.priced else _fit_spending(histories, weights, groups)
    common = None if groups is None else bought.prior_customers
    priced = model.priced and histories.spend is not None
    return Lifetimes(bought.fits, paid, common, model, priced)


def _fit_spending(
    histories: Histories, weights: Floats, groups: Floats | None
) -> list[Maximum]:  # fmt: skip
    if histories.spend is None:
        return []
    paying = (histories.frequency > 0) & (histories.spend > 0)
    rows = _rows((histories.frequency[paying], histories.spend[paying]), weights[paying])
    if len(rows.columns[0]) < 2:
        return []
    own = None if groups is None else groups[:, paying]
    found = _grouped(
        fit_spend(rows), rows, own, lambda w, start, prior: refit_spend(rows, w, start, prior)
    )
    has_mean = all(fit.parameters[1] > 1 for fit in found.fits)
    return found.fits if has_mean else []


def _rows(columns: tuple[Floats, ...], weights: Floats) -> Rows:
    rows = collapse(columns)
    weight = np.bincount(rows.where, weights, minlength=len(rows.columns[0]))
    return Rows(rows.columns, weight.astype(np.float64), rows.where)


def _grouped(whole: Maximum, rows: Rows, groups: Floats | None, refit: object) -> Groups:
    if groups is None:
        return Groups([whole], np.inf)
    size = len(rows.columns[0])
    weights = np.stack([np.bincount(rows.where, w, minlength=size) for w in groups])
    return fit_groups(whole, weights, float(rows.weight.sum()), refit)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Moved:
    """What becomes of a sum over customers when the parameters move.

    What each customer does to the sum through the parameters is per unit of its weight.
    """

    error: float  # standard error of the sum by that of the parameters
    own: Floats  # of each customer as one of the group, (n,); 0 where one fit serves all
    common: Floats  # of each customer through what is common to all groups, (n,)
    apart: float  # variance by how far groups are from what is common to all

    def __add__(self, other: Moved) -> Moved:
        """Return what two models that know nothing of each other do to a sum."""
        return Moved(
            float(np.hypot(self.error, other.error)),
            self.own + other.own,
            self.common + other.common,
            self.apart + other.apart,
        )


@dataclass(frozen=True)
class Expected:
    """What customers are expected to do until the horizon, by one of the models."""

    alive: Floats  # the chance that each still is a customer, (n,)
    purchases: Floats  # (n,)
    value: Floats | None  # money, discounted, after margin, (n,)
    #: what parameters do to sums of purchases, and of value, with weights (n,)
    of_purchases: Callable[[Floats], Moved]
    of_value: Callable[[Floats], Moved]


def expect(lifetimes: Lifetimes, group: int, histories: Histories, horizon: Horizon) -> Expected:
    """Return what customers are expected to do; ``group`` says by which of the models."""
    rows, model = collapse(histories.columns), lifetimes.model
    bought, force = lifetimes.buying[group], horizon.discount
    paid = lifetimes.spending[group] if lifetimes.spending else None

    def purchases(parameters: Floats, discount: float) -> Floats:
        return model.expected(parameters, horizon.t, discount, *rows.columns)

    often = rows.each(purchases(bought.parameters, 0.0))
    worth = often if not force else rows.each(purchases(bought.parameters, force))
    each = None
    if lifetimes.has_money:
        each = _money(None if paid is None else paid.parameters, histories, horizon)

    def of_buying(weights: Floats, discount: float) -> Moved:
        of_rows = np.bincount(rows.where, weights, minlength=len(rows.columns[0]))
        slope = _slope(bought, lambda p: float(of_rows @ purchases(p, discount)))
        return _moved(bought, slope, lambda p: rows.each(model.scores(p, *rows.columns)))

    def of_value(weights: Floats) -> Moved:
        assert each is not None
        first = of_buying(weights * each, force)
        if paid is None:
            return first
        often, mean = histories.frequency, histories.spend
        assert mean is not None
        slope = _slope(paid, lambda p: float((weights * worth) @ _money(p, histories, horizon)))
        return first + _moved(paid, slope, lambda p: spend_scores(p, often, mean))

    return Expected(
        rows.each(model.alive(bought.parameters, *rows.columns)),
        often,
        None if each is None else worth * each,
        lambda weights: of_buying(weights, 0.0),
        of_value,
    )


def _moved(fit: Maximum, slope: Floats, scores: Callable[[Floats], Floats]) -> Moved:
    """Return what becomes of a sum with a slope over the logarithms of a fit's parameters.

    Who is drawn towards what is common to all groups moves with it, and keeps an unknown distance.
    """
    response = fit.response(slope)
    own = scores(fit.parameters) @ response
    variance = fit.variance(slope)
    if fit.prior is None or fit.prior.common is None:
        return Moved(float(np.sqrt(variance)), np.zeros_like(own), own, 0.0)
    common, drawn = fit.prior.common, fit.prior.precision @ response
    return Moved(
        float(np.sqrt(variance + common.variance(drawn))),
        own,
        scores(common.parameters) @ common.response(drawn),
        float(response @ drawn),
    )


def _money(parameters: Floats | None, histories: Histories, horizon: Horizon) -> Floats:
    """Return what is left of the money of one purchase: as expected, or else as it is known."""
    assert histories.spend is not None
    if parameters is None:
        return horizon.margin * histories.spend
    return horizon.margin * spend(parameters, histories.frequency, histories.spend)


def _slope(fit: Maximum, total: Callable[[Floats], float]) -> Floats:
    """Return the slope of a function of parameters over their logarithms, by differences."""
    slopes = []
    for i in range(len(fit.parameters)):
        step = np.ones(len(fit.parameters))
        step[i] = np.exp(_STEP)
        slopes.append((total(fit.parameters * step) - total(fit.parameters / step)) / (2 * _STEP))
    return np.array(slopes)


def spread(
    lifetimes: Lifetimes, group: int, histories: Histories, horizon: Horizon, seed: int
) -> tuple[Floats, Floats]:
    """Return the variance by chance of each customer's purchases and value, from drawn futures.

    Discounts are left out: they make what comes less, and less uncertain.
    """
    n = len(histories.frequency)
    draws = int(np.clip(-(-_FUTURES // max(n, 1)), 2, 200))
    parameters, columns = lifetimes.buying[group].parameters, histories.columns
    rows = collapse(columns)
    there = rows.each(lifetimes.model.alive(parameters, *rows.columns))
    rng = np.random.default_rng(seed)
    sums = np.zeros((2, 2, n))  # of purchases and value: their sum, and of squares
    for _ in range(draws):
        bought = lifetimes.model.drawn(parameters, horizon.t, columns, there, rng)
        for i, drawn in enumerate((bought, _paid(lifetimes, group, histories, bought, rng))):
            sums[i] += drawn, drawn**2
    variances = np.maximum(sums[:, 1] - sums[:, 0] ** 2 / draws, 0.0) / (draws - 1)
    return variances[0], horizon.margin**2 * variances[1]


def _paid(
    lifetimes: Lifetimes, group: int, histories: Histories, bought: Floats, rng: np.random.Generator
) -> Floats:
    if not lifetimes.has_money or histories.spend is None:
        return np.zeros_like(bought)
    if lifetimes.priced:
        return bought * histories.spend
    p, q, v = lifetimes.spending[group].parameters
    seen = histories.frequency * histories.spend
    scale = rng.gamma(q + p * histories.frequency) / (v + seen)
    return np.where(bought > 0, rng.gamma(np.maximum(p * bought, 1e-12)) / scale, 0.0)
