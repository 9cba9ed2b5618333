"""What each segment is expected to buy and to bring, and whether that is enough to serve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from forwhom.documents.segmentation import Evidence, Interval
from forwhom.documents.study import TimeUnit
from forwhom.documents.value import SUBSTANTIAL, ModelName, matters, next_units, time_ahead
from forwhom.evidence.items import fingerprint
from forwhom.languages.catalog import later
from forwhom.lifetimes import (
    BG_NBD,
    Coming,
    Histories,
    Horizon,
    Lifetimes,
    Moved,
    expect,
    fit_lifetimes,
    spread,
)
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Membership
from forwhom.statistics.skewness import widened
from forwhom.wording import number, percent, quantity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, error: float) -> Estimate:
        """Return an estimate of something that is never negative."""
        return cls(value, max(0.0, value - Z95 * error), value + Z95 * error)

    @classmethod
    def of_mean(cls, value: float, error: float) -> Estimate:
        """Return an estimate whose interval is symmetric in the logarithm, as means are skewed."""
        if not value > 0:
            return cls.of(value, error)
        factor = float(np.exp(Z95 * error / value))
        return cls(value, value / factor, value * factor)


@dataclass(frozen=True)
class Prospect:
    """What a segment is expected to do until the horizon."""

    segment: int  # from 1
    n: int  # customers who are most likely here and of whom a purchase, or a contract, is known
    alive: float  # share who still are customers
    purchases: Estimate  # of a customer: purchases, periods with one, or renewals
    value: Estimate | None  # of a customer; None without money
    total: Estimate | None  # of all of these customers, as it will turn out
    share: float | None  # of what all customers are expected to bring
    substantial: float | None  # the chance that the total reaches what was asked for


@dataclass(frozen=True)
class Checked:
    """A segment in the time that was held back: what was expected, and what happened."""

    segment: int
    n: int
    predicted: float  # purchases of a customer
    actual: Estimate
    predicted_value: float | None  # money of a customer
    actual_value: Estimate | None


def outlooks(
    histories: Histories,
    member: Membership,
    horizon: Horizon,
    *,
    pooled: bool,
    at_least: float | None = None,
    part: float | None = None,
    seed: int = 0,
    model: Coming = BG_NBD,
) -> tuple[list[Prospect], Lifetimes]:
    """Return what each segment is expected to do, and the models that say so.

    ``pooled`` segments were formed by purchases: what they say of the future is in the histories
    already, and a fit to each would count it twice. Other segments are fitted each, as far as they
    differ. ``at_least`` is money that the total of a segment should reach, or ``part`` of what all
    bring.
    """
    mass = member.mass[:-1]
    groups = None if pooled or member.k < 2 else mass
    lifetimes = fit_lifetimes(histories, member.mass[-1], groups, model)
    filled = [k for k in range(member.k) if mass[k].any()]
    of = [0 if groups is None else k for k in filled]
    found = [
        _prospect(k, lifetimes, group, histories, member, horizon)
        for k, group in zip(filled, of, strict=True)
    ]
    if not lifetimes.has_money:
        return [one for one, _ in found], lifetimes
    totals = [
        _total(one, error, lifetimes, group, histories, mass[k], horizon, seed)
        for (one, error), k, group in zip(found, filled, of, strict=True)
    ]
    everything = sum(total for total, _ in totals)
    enough = part * everything if at_least is None and part is not None else at_least
    return [
        replace(
            one,
            total=Estimate.of_mean(total, error),
            share=total / everything if everything > 0 else None,
            substantial=None if enough is None else _chance(total, error, enough),
        )
        for (one, _), (total, error) in zip(found, totals, strict=True)
    ], lifetimes


def _prospect(
    k: int, lifetimes: Lifetimes, group: int, histories: Histories, member: Membership,
    horizon: Horizon,
) -> tuple[Prospect, float]:  # fmt: skip
    """Return what is expected of a segment, and the error of its mean value by the models."""
    expected = expect(lifetimes, group, histories, horizon)
    weights = member.mass[k] / member.mass[k].sum()
    how = (member, k, lifetimes.model.size + 1)
    often = _mean(expected.purchases, expected.of_purchases(weights), *how)
    value, of_models = None, 0.0
    if expected.value is not None:
        moved = expected.of_value(weights)
        value, of_models = _mean(expected.value, moved, *how), _error(moved, *how)
    there = float(weights @ expected.alive)
    told = Prospect(k + 1, int(member.sizes[k]), there, often, value, None, None, None)
    return told, of_models


def _mean(values: Floats, moved: Moved, member: Membership, k: int, fitted: int) -> Estimate:
    """Return a mean over a segment: the same sample of customers makes it and the models.

    So many numbers are ``fitted``: the parameters of coming back, and the mean.
    """
    total = member.mass[k].sum()
    mean = float(member.mass[k] @ values / total)
    return Estimate.of_mean(mean, _error(moved, member, k, fitted, (values - mean) / total))


def _error(
    moved: Moved, member: Membership, k: int, fitted: int, off: Floats | float = 0.0
) -> float:
    """Return the error by the models, and by who is ``off`` the mean, per unit of weight."""
    rows = member.sampled
    weights, here = member.weights[rows], member.responsibilities[rows, k]
    inside = here * (np.broadcast_to(off, moved.own.shape) + moved.own)[rows]
    # What was fitted to few leaves deviations that are too small (HC1).
    n = float(here.sum()) if moved.own.any() else float(len(rows))
    factor = float(member.weights.sum() / weights.sum()) * n / max(n - fitted, 1.0)
    influence = weights * (inside + moved.common[rows])
    error = float(np.sqrt(factor * (influence @ influence))) * widened(influence)
    return float(np.hypot(error, np.sqrt(moved.apart)))


def _total(
    one: Prospect, of_models: float, lifetimes: Lifetimes, group: int, histories: Histories,
    weights: Floats, horizon: Horizon, seed: int,
) -> tuple[float, float]:  # fmt: skip
    """Return what these customers will bring, and its error: of the models, and by chance."""
    assert one.value is not None
    inside, all_of_them = weights > 1e-3 * weights.max(), float(weights.sum())
    chance = spread(lifetimes, group, histories.pick(inside), horizon, seed)[1]
    error = np.sqrt((of_models * all_of_them) ** 2 + weights[inside] ** 2 @ chance)
    return one.value.value * all_of_them, float(error)


def _chance(total: float, error: float, at_least: float) -> float:
    if error == 0 or total <= 0 or at_least <= 0:
        return float(total >= at_least)
    # As the interval, symmetric in the logarithm.
    return float(ndtr(np.log(total / at_least) * total / error))


def check(
    before: Histories, member: Membership, horizon: Horizon, bought: Floats, paid: Floats | None,
    *, pooled: bool, model: Coming = BG_NBD,
) -> list[Checked]:  # fmt: skip
    """Compare what was expected of segments with what was ``bought`` and ``paid`` afterwards."""
    groups = None if pooled or member.k < 2 else member.mass[:-1]
    lifetimes = fit_lifetimes(before, member.mass[-1], groups, model)
    checked = []
    for k in range(member.k):
        if not member.mass[k].any():
            continue
        expected = expect(lifetimes, 0 if groups is None else k, before, horizon)
        weights = member.mass[k] / member.mass[k].sum()
        money = None
        if paid is not None and expected.value is not None:
            money = float(weights @ expected.value), _observed(paid, weights)
        checked.append(
            Checked(
                k + 1,
                int(member.sizes[k]),
                float(weights @ expected.purchases),
                _observed(bought, weights),
                None if money is None else money[0],
                None if money is None else money[1],
            )
        )
    return checked


def _observed(values: Floats, weights: Floats) -> Estimate:
    mean = float(weights @ values)
    return Estimate.of(mean, float(np.sqrt(weights**2 @ (values - mean) ** 2)))


#: What each model expects of a customer.
_EXPECTED: dict[ModelName, str] = {
    "bg-nbd": later(
        "A customer of {noun} {segment} is expected to buy {n} times {ahead} ({low} to {high}); "
        "{part} still are customers"
    ),
    "bg-bb": later(
        "A customer of {noun} {segment} is expected to buy {n} times {ahead}, once in a {unit} at "
        "most ({low} to {high}); {part} still are customers"
    ),
    "sbg": later(
        "A customer of {noun} {segment} is expected to renew {n} times {ahead} ({low} to {high}); "
        "{part} have a contract"
    ),
}


def value_evidence(
    prospects: Sequence[Prospect],
    horizon: Horizon,
    *,
    unit: TimeUnit,
    money: str | None,
    pooled: bool,
    source: str,
    noun: str = "segment",
    threshold: int = 10,
    at_least: float | None = None,
    model: Coming = BG_NBD,
) -> list[Evidence]:
    """Say what each segment is expected to buy and to bring, with the interval, and if enough."""
    enough = (
        f"{percent(SUBSTANTIAL)} or more of what all are expected to bring"
        if at_least is None
        else f"{quantity(at_least, money, 3)} or more"
    )
    ahead, within = time_ahead(horizon.t, unit), next_units(horizon.t, unit)
    what = "renewals" if model.priced else "purchases"
    how = "one fit to all customers, averaged" if pooled else "fits partly pooled over segments"
    items = []
    for one in (one for one in prospects if one.n >= threshold):
        low, high = (number(v, 2) for v in (one.purchases.low, one.purchases.high))
        items.append(
            _item(
                f"segment-{one.segment}.{what}-ahead",
                _EXPECTED[model.name].format(
                    noun=noun, segment=one.segment, n=number(one.purchases.value, 2), ahead=ahead,
                    unit=unit,
                    low=low, high=high, part=percent(one.alive),
                ),
                one.purchases, one.n, f"{model.label}, {how}; no discount", source,
            )
        )  # fmt: skip
        if one.value is None:
            continue
        low, high = (quantity(v, money, 3) for v in (one.value.low, one.value.high))
        items.append(
            _item(
                f"segment-{one.segment}.value-ahead",
                f"A customer of {noun} {one.segment} is expected to bring "
                f"{quantity(one.value.value, money, 3)} in the {within} ({low} to {high})"
                f"{_enough(one, enough)}",
                one.value, one.n,
                f"{model.label} and {_of_money(model)}, {how}; margin {number(horizon.margin)}, "
                f"discount {number(horizon.discount)} per {unit}",
                source, matters(one.substantial),
            )
        )  # fmt: skip
    return items


def _of_money(model: Coming) -> str:
    return "the money of a period" if model.priced else "Gamma-Gamma"


def _enough(one: Prospect, enough: str) -> str:
    if one.substantial is None:
        return ""
    return f"; all of them bring {enough} with a probability of {percent(one.substantial)}"


def _item(
    id_: str, statement: str, told: Estimate, n: int, method: str, source: str, verdict: str = ""
) -> Evidence:  # fmt: skip
    interval = Interval(low=told.low, high=told.high)
    mark = fingerprint(id_, told.value, interval, n, method)
    return Evidence(
        id=id_, statement=statement, value=told.value, interval=interval, n=n, method=method,
        source=source, verdict=verdict, fingerprint=mark,
    )  # fmt: skip
