"""Populations that differ along one scale or several, without groups."""

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from populations.population import (
    Customers,
    Floats,
    Population,
    answers_missing,
    common,
    likert,
    logistic,
    numbered,
    yes_no,
)

YEAR = 365


def factor(n: int, rng: Generator) -> Customers:
    """Six normal scores that correlate by .5."""
    return Customers(numbered("score", _factor_scores(n, rng).round(2)))


def factor_missing(n: int, rng: Generator) -> Customers:
    """The same scores, 30 % of them missing."""
    return Customers(answers_missing(factor(n, rng).table, 0.3, rng))


def _factor_scores(n: int, rng: Generator) -> Floats:
    return 50 + 10 * common(np.sqrt(0.5), rng.normal(size=n), 6, rng)


def joint_tails(n: int, rng: Generator) -> Customers:
    """Five changes whose spread differs from customer to customer: a joint t3."""
    spread = np.sqrt(3 / rng.chisquare(3, (n, 1)))
    return Customers(numbered("change", (10 * spread * rng.normal(size=(n, 5))).round(2)))


def log_factor(n: int, rng: Generator) -> Customers:
    """Spend in five departments that all grow with the size of the household."""
    money = np.exp(3 + 0.8 * common(np.sqrt(0.5), rng.normal(size=n), 5, rng))
    return Customers(numbered("spend_in_department", money.round(2)))


def skewed_factor(n: int, rng: Generator) -> Customers:
    """Six measures of use that follow an exponential one."""
    use = rng.exponential(1, (n, 1)) * np.array([1, 0.9, 0.8, 0.7, 0.6, 1])
    return Customers(numbered("use", (use + 0.7 * rng.normal(size=(n, 6))).round(3)))


def funnel(n: int, rng: Generator) -> Customers:
    """Five scores whose spread grows along the scale."""
    scale = rng.normal(size=(n, 1))
    scores = 0.6 * scale + 0.7 * np.exp(0.5 * scale) * rng.normal(size=(n, 5))
    return Customers(numbered("score", scores.round(3)))


def two_factors(n: int, rng: Generator) -> Customers:
    """Eight attitudes on two scales, two of them on both."""
    loadings = np.zeros((8, 2))
    loadings[:4, 0] = loadings[4:, 1] = 0.7
    loadings[2, 1] = loadings[6, 0] = 0.4
    own = np.sqrt(1 - (loadings**2).sum(axis=1))
    latent = rng.normal(size=(n, 2)) @ loadings.T + own * rng.normal(size=(n, 8))
    return Customers(numbered("q", likert(latent)))


def style(n: int, rng: Generator) -> Customers:
    """Eight unrelated questions, answered by people who agree more or less with everything."""
    return Customers(numbered("q", likert(common(0.5, rng.normal(size=n), 8, rng))))


def ordinals(n: int, rng: Generator) -> Customers:
    """Six ratings of one thing."""
    return Customers(numbered("q", likert(common(np.sqrt(0.5), rng.normal(size=n), 6, rng))))


def rasch(n: int, rng: Generator) -> Customers:
    """Ten tasks of growing difficulty, and customers of growing skill."""
    skill = rng.normal(size=(n, 1)) - np.linspace(-1.5, 1.5, 10)
    return Customers(numbered("does", yes_no(logistic(skill), rng)))


def steep_rasch(n: int, rng: Generator) -> Customers:
    """Eight tasks that nearly form a ladder."""
    skill = rng.normal(size=(n, 1)) - np.linspace(-1, 1, 8)
    return Customers(numbered("does", yes_no(logistic(3 * skill), rng)))


def rfm(n: int, rng: Generator) -> Customers:
    """Recency, frequency and monetary value of a year of gamma-Poisson buyers."""
    orders = rng.poisson(rng.gamma(1, 4, 4 * n))
    orders = orders[orders > 0][:n]
    # The last of k days that are uniform in the year.
    since = YEAR * (1 - rng.random(n) ** (1 / orders))
    value = 40 * rng.gamma(4 * orders) / orders / rng.gamma(6, 1, n)
    columns = {"recency": since.round(), "frequency": orders, "monetary_value": value.round(2)}
    return Customers(pd.DataFrame(columns))


def activity(n: int, rng: Generator) -> Customers:
    """Orders, visits, tickets and the last day follow one rate of activity; the basket does not."""
    rate = rng.gamma(1.5, 1 / 1.5, n)
    columns = {
        "orders": rng.poisson(4 * rate),
        "visits": rng.poisson(9 * rate),
        "tickets": rng.poisson(1.5 * rate),
        "basket": rng.gamma(4, 10, n).round(2),
        "days_since_order": (rng.exponential(90, n) / np.maximum(rate, 0.05)).clip(0, YEAR).round(),
        "channel": rng.choice(("web", "store", "app"), n),
    }
    return Customers(pd.DataFrame(columns))


def frailty(n: int, rng: Generator) -> Customers:
    """Five counts of one gamma rate."""
    rate = rng.gamma(1.5, 1 / 1.5, (n, 1)) * np.array([1, 2, 4, 6, 3])
    names = ["calls", "orders", "visits", "clicks", "returns"]
    return Customers(pd.DataFrame(rng.poisson(rate), columns=names))


def zero_inflated(n: int, rng: Generator) -> Customers:
    """Spend in five departments, each entered only by those far enough along the scale."""
    latent = 0.7 * rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, 5))
    money = np.where(latent > np.array([-0.8, -0.3, 0, 0.4, 0.8]), np.exp(2 + latent), 0)
    return Customers(numbered("spend_in_department", money.round(2)))


def mixed(n: int, rng: Generator) -> Customers:
    """Numbers, money, counts, ratings and categories on two scales, 10 % of the cells missing."""
    scales = rng.normal(size=(n, 2))

    def item(first: float, second: float) -> Floats:
        own = np.sqrt(1 - first**2 - second**2)
        shared = first * scales[:, 0] + second * scales[:, 1]
        return np.asarray(shared + own * rng.normal(size=n))

    spend = np.where(item(0.6, 0) < -0.6, 0, np.exp(3 + 0.8 * item(0.7, 0.2)))
    taste = scales @ np.array([[0, 0.9, 0, -0.8], [0, 0, 0.9, 0.4]]) + rng.gumbel(size=(n, 4))
    columns = {
        "trust": item(0.7, 0).round(3),
        "interest": item(0.5, 0.5).round(3),
        "spend": spend.round(2),
        "orders": rng.poisson(np.exp(1 + 0.6 * scales[:, 0])),
        "q1": likert(item(0, 0.7)),
        "q2": likert(item(0.4, 0.6)),
        "app": np.where(item(0.6, 0) > 0.3, "yes", "no"),
        "vip": np.where(item(0.3, 0.5) > 0.9, "yes", "no"),
        "plan": np.array(["basic", "plus", "family", "business"])[taste.argmax(axis=1)],
    }
    return Customers(answers_missing(pd.DataFrame(columns), 0.1, rng))


def horseshoe(n: int, rng: Generator) -> Customers:
    """Four scores along a line that bends: two rise, two are lowest in the middle."""
    along = rng.normal(size=n)
    bent = along**2 / 1.4
    lines = np.column_stack([along, bent, 0.7 * along, 0.6 * bent])
    noise = np.array([0.4, 0.4, 0.7, 0.8]) * rng.normal(size=(n, 4))
    return Customers(numbered("score", (lines + noise).round(3)))


def ring(n: int, rng: Generator) -> Customers:
    """Purchases spread around a favorite time of the year, which may be any: a closed scale."""
    favorite = rng.uniform(0, 2 * np.pi, (n, 1))
    seasons = np.arange(4) * np.pi / 2
    orders = rng.poisson(6 * np.exp(1.2 * np.cos(favorite - seasons)) / np.exp(0.6))
    names = ["orders_in_spring", "orders_in_summer", "orders_in_fall", "orders_in_winter"]
    return Customers(pd.DataFrame(orders, columns=names))


def shares(n: int, rng: Generator) -> Customers:
    """Shares of the items bought in five departments, of one taste that varies."""
    taste = rng.dirichlet([4, 2.5, 1.5, 1, 0.5], n)
    return Customers(shares_of(taste, rng))


def shares_of(taste: Floats, rng: Generator) -> pd.DataFrame:
    """Return the number of items that customers of these tastes buy, and the share of each kind."""
    items = 1 + rng.negative_binomial(1.5, 1.5 / 13.5, len(taste))
    bought: NDArray[np.int64] = rng.multinomial(items, taste)
    names = ["share_produce", "share_meat", "share_bakery", "share_drinks", "share_dairy"]
    table = pd.DataFrame((bought / items[:, None]).round(4), columns=names)
    return table.assign(items=items)


SCALES = (
    Population(
        "joint tails", "scale", "a joint t3: some customers vary more than others", joint_tails
    ),
    Population("one factor", "scale", "six normal scores, r = .5", factor),
    Population("one factor, missing", "scale", "the same, 30 % missing", factor_missing),
    Population("log-normal factor", "scale", "spend that grows with the household", log_factor),
    Population("skewed factor", "scale", "six measures of an exponential use", skewed_factor),
    Population("funnel", "scale", "scores that spread along the scale", funnel),
    Population("two factors", "scale", "eight Likert items on two scales", two_factors),
    Population("response style", "scale", "eight unrelated Likert items, and yea-sayers", style),
    Population("ordinals", "scale", "six ratings of one thing, r = .5", ordinals),
    Population("Rasch", "scale", "ten tasks and a skill", rasch),
    Population("Rasch, steep", "scale", "eight tasks that nearly form a ladder", steep_rasch),
    Population("RFM", "scale", "a year of gamma-Poisson buyers with gamma-gamma baskets", rfm),
    Population("activity", "scale", "counts of one gamma rate, and an unrelated basket", activity),
    Population("frailty", "scale", "five counts of one gamma rate", frailty),
    Population("zero-inflated", "scale", "departments entered one after the other", zero_inflated),
    Population("mixed", "scale", "nine variables of all kinds on two scales, 10 % missing", mixed),
    Population("horseshoe", "scale", "a scale that bends", horseshoe),
    Population("ring", "scale", "a scale that closes: the favorite time of the year", ring),
    Population("shares", "scale", "shares of one whole, one Dirichlet taste", shares),
)
