"""Populations without groups that were made up to be hard, after the checks had been designed."""

import numpy as np
import pandas as pd
from numpy.random import Generator

from populations.population import (
    WEIGHT,
    Customers,
    Population,
    answers_missing,
    common,
    likert,
    logistic,
    numbered,
    yes_no,
)

#: What people give: sums that come to mind.
ROUND_SUMS = np.array([5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2500, 5000])
DAYS = 3 * 365


def two_styles(n: int, rng: Generator) -> Customers:
    """Nine answers from 1 to 7: one opinion, told more or less extremely and agreeably."""
    opinion = common(0.55, rng.normal(size=n), 9, rng)
    extreme = rng.lognormal(0, 0.6, (n, 1))
    agreeing = 0.5 * rng.normal(size=(n, 1))
    answers = np.round(4 + 1.2 * extreme * (opinion + agreeing)).clip(1, 7)
    return Customers(numbered("q", answers.astype(np.int64)))


def tenure(n: int, rng: Generator) -> Customers:
    """Customers won evenly over three years, whose totals have had more or less time to grow."""
    known = rng.uniform(20, DAYS, n)
    rate = rng.gamma(0.9, 1 / 60, n)
    orders = 1 + rng.poisson(rate * known)
    since = known * (1 - rng.random(n) ** (1 / orders))
    columns = {
        "tenure_days": known.round(),
        "orders": orders,
        "spend": (rng.lognormal(3.2, 0.7, n) * rng.gamma(2.0 * orders) / 2).round(2),
        "days_since_order": since.round(),
        "returns": rng.binomial(orders, rng.beta(0.4, 4, n)),
        "tickets": np.where(rng.random(n) < 0.5, 0, rng.poisson(0.3 * orders)),
    }
    return Customers(pd.DataFrame(columns))


def donors(n: int, rng: Generator) -> Customers:
    """Donors along one scale of generosity, with heavy tails, who give round sums."""
    generosity = rng.standard_t(4, n)
    latent = np.exp(3.4 + 0.8 * generosity[:, None] + 0.5 * rng.normal(size=(n, 2)))
    nearest = np.abs(np.log(latent[..., None] / ROUND_SUMS)).argmin(axis=-1)
    gifts = 1 + rng.poisson(np.exp((0.5 + 0.3 * generosity).clip(-3, 3)))
    columns = {
        "first_gift": ROUND_SUMS[nearest[:, 0]],
        "last_gift": ROUND_SUMS[nearest[:, 1]],
        "gifts": gifts,
        "months_since_gift": rng.geometric(logistic(-2.5 + 0.5 * generosity)),
        "events": rng.negative_binomial(0.4, 0.4 / (0.4 + np.exp(0.5 * generosity.clip(-3, 3)))),
        "volunteer": yes_no(logistic(-2 + 0.7 * generosity), rng),
    }
    return Customers(pd.DataFrame(columns))


def dropping_out(n: int, rng: Generator) -> Customers:
    """Ten answers on one scale; who cares less leaves earlier, and some skip questions besides."""
    care = rng.normal(size=n)
    answers = numbered("q", likert(common(0.6, care, 10, rng)))
    answered = 3 + rng.geometric(logistic(-2 - 0.8 * care))
    table = answers.mask(np.arange(10) >= answered[:, None])
    return Customers(answers_missing(table, 0.05, rng))


def panel(n: int, rng: Generator) -> Customers:
    """A panel in which heavy users are rare: the weight of a customer falls along the scale."""
    scale = rng.normal(size=n) + 0.6 * rng.exponential(1, n)
    hours = np.exp(0.5 + 0.7 * scale + 0.5 * rng.normal(size=n))
    columns = {
        "hours": hours.round(2),
        "spend": np.where(rng.random(n) < logistic(1 - scale), 0, (9 * hours).round(2)),
        "devices": 1 + rng.poisson(np.exp(0.4 * scale - 0.3).clip(0, 20)),
        "q1": likert(0.7 * scale + 0.7 * rng.normal(size=n)),
        "q2": likert(0.6 * scale + 0.8 * rng.normal(size=n)),
        "subscribed": yes_no(logistic(scale - 1), rng),
        WEIGHT: np.exp(-0.6 * scale + 0.6 * rng.normal(size=n)),
    }
    return Customers(pd.DataFrame(columns))


HARD_SCALES = (
    Population(
        "two styles", "scale", "one opinion from 1 to 7, extreme and agreeing people", two_styles
    ),
    Population("tenure", "scale", "RFM of customers won evenly over three years", tenure),
    Population("donors", "scale", "round sums along one heavy-tailed generosity", donors),
    Population("dropping out", "scale", "a questionnaire that the careless leave", dropping_out),
    Population("panel", "scale", "mixed, with weights that fall along the scale", panel),
)
