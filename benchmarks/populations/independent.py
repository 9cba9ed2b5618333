"""Populations whose variables have nothing to do with each other: margins are all there is."""

import numpy as np
import pandas as pd
from numpy.random import Generator

from populations.population import WEIGHT, Customers, Population, numbered, yes_no

CHANNELS = ("web", "store", "app")


def normal(n: int, rng: Generator) -> Customers:
    """Six normal scores."""
    return Customers(numbered("score", rng.normal(50, 10, (n, 6)).round(2)))


def weighted_normal(n: int, rng: Generator) -> Customers:
    """The same scores of people who stand for very different numbers of others."""
    table = normal(n, rng).table
    return Customers(table.assign(**{WEIGHT: rng.lognormal(0, 1.2, n)}))


def binary(n: int, rng: Generator) -> Customers:
    """Ten services that a customer has or has not."""
    return Customers(numbered("has", yes_no(np.tile(np.linspace(0.2, 0.8, 10), (n, 1)), rng)))


def shop(n: int, rng: Generator) -> Customers:
    """Log-normal money, Poisson counts and categories."""
    columns = {
        "spend": rng.lognormal(4, 1, n).round(2),
        "basket": rng.lognormal(3, 0.5, n).round(2),
        "orders": rng.poisson(4, n),
        "visits": rng.poisson(9, n),
        "channel": rng.choice(CHANNELS, n),
        "plan": rng.choice(("basic", "plus", "family", "business"), n),
        "newsletter": rng.choice(("yes", "no"), n),
    }
    return Customers(pd.DataFrame(columns))


def overdispersed(n: int, rng: Generator) -> Customers:
    """Gamma money, negative binomial counts, a uniform score and categories."""
    columns = {
        "spend": rng.gamma(2, 30, n).round(2),
        "orders": rng.negative_binomial(2, 2 / 6, n),
        "visits": rng.negative_binomial(3, 3 / 9, n),
        "engagement": (100 * rng.random(n)).round(1),
        "newsletter": rng.choice(("yes", "no"), n),
        "channel": rng.choice(CHANNELS, n),
    }
    return Customers(pd.DataFrame(columns))


def heavy_tails(n: int, rng: Generator) -> Customers:
    """Five changes with the tails of Student's t with three degrees of freedom."""
    return Customers(numbered("change", (10 * rng.standard_t(3, (n, 5))).round(2)))


def buyers(n: int, rng: Generator) -> Customers:
    """Orders of gamma-Poisson buyers, and baskets, pauses and visits that ignore them."""
    columns = {
        "orders": rng.poisson(rng.gamma(1, 4, n)),
        "basket": (5 * rng.gamma(4, 10, n) / rng.gamma(6, 1, n)).round(2),
        "days_since_order": rng.exponential(90, n).round(),
        "minutes": rng.lognormal(3, 0.5, n).round(1),
        "channel": rng.choice(CHANNELS, n),
    }
    return Customers(pd.DataFrame(columns))


def satisfaction(n: int, rng: Generator) -> Customers:
    """Six ratings from 1 to 10, most of them high."""
    shapes = ((4, 1.2), (3, 1), (2, 1), (5, 1.5), (2, 2), (6, 1))
    ratings = [1 + rng.binomial(9, rng.beta(a, b, n)) for a, b in shapes]
    return Customers(numbered("q", np.column_stack(ratings)))


def tickets(n: int, rng: Generator) -> Customers:
    """Support tickets that many never write, and other skewed numbers."""
    never = rng.random(n) < 0.35
    columns = {
        "tickets": np.where(never, 0, rng.negative_binomial(0.8, 0.8 / 3.8, n)),
        "visits": rng.negative_binomial(1.2, 1.2 / 5.2, n),
        "minutes": (0.1 + 30 * rng.weibull(0.8, n)).round(1),
        "q1": 1 + rng.binomial(9, rng.beta(4, 1.2, n)),
        "discount_rate": rng.beta(0.7, 1.5, n).round(3),
        "channel": rng.choice(CHANNELS, n),
    }
    return Customers(pd.DataFrame(columns))


def odd_margins(n: int, rng: Generator) -> Customers:
    """Pareto money, a rate heaped at both ends, prices in steps, rare returns, a missing third."""
    columns = {
        "spend": (20 * (1 + rng.pareto(1.3, n))).round(2),
        "open_rate": rng.beta(0.3, 0.3, n).round(2),
        "fee": rng.choice([9.99, 19.99, 49.99, 199.0], n, p=[0.5, 0.3, 0.15, 0.05]),
        "returns": np.where(rng.random(n) < 0.85, 0, 1 + rng.geometric(0.3, n)),
        "minutes": np.where(rng.random(n) < 0.33, np.nan, rng.exponential(12, n).round(1)),
        "visits": rng.poisson(rng.lognormal(1, 1, n)),
        "newsletter": rng.choice(("yes", "no"), n, p=[0.1, 0.9]),
    }
    return Customers(pd.DataFrame(columns))


INDEPENDENT = (
    Population("normal", "independent", "six normal scores", normal),
    Population(
        "normal, weighted", "independent", "the same with sampling weights, σ(log w) = 1.2",
        weighted_normal,
    ),
    Population("binary", "independent", "ten services, had or not", binary),
    Population("shop", "independent", "log-normal money, Poisson counts, categories", shop),
    Population(
        "overdispersed", "independent", "gamma money, negative binomial counts, a uniform score",
        overdispersed,
    ),
    Population("heavy tails", "independent", "five t3 variables", heavy_tails),
    Population("buyers apart", "independent", "gamma-Poisson orders beside skewed numbers", buyers),
    Population("satisfaction", "independent", "six ratings from 1 to 10", satisfaction),
    Population("tickets", "independent", "zero-inflated tickets beside skewed numbers", tickets),
    Population(
        "odd margins", "independent",
        "Pareto money, a U-shaped rate, four prices, 85 % zeros, a third missing", odd_margins,
    ),
)  # fmt: skip
