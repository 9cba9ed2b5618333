"""Populations with groups, from plain to see to hard to find."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from populations.population import (
    Customers,
    Floats,
    Population,
    Segments,
    answers_missing,
    likert,
    logistic,
    numbered,
    pick,
    yes_no,
)
from populations.scales import shares_of

#: Four segments: their shares, and what tells them apart, for a distance of 1.
FOUR_SHARES = (0.45, 0.30, 0.15, 0.10)
FOUR_MEANS = np.array(
    [[0.5, -1.5, 1.5, -0.5], [0.5, -1.5, 1.5, -0.5], [1.5, -0.5, 0.5, -1.5], [1.5, 0.5, -0.5, -1.5]]
)
FOUR_SERVICES = np.array([[1, -1, -1, 1], [-1, 1, -1, 1], [-1, 1, 1, -1]])
FOUR_PLANS = np.array(
    [
        [0.90, -0.47, -0.06, 0.79],
        [-1.26, 0.58, 1.40, 1.32],
        [-0.30, 0.90, -1.62, -0.16],
        [0.45, -1.34, -0.08, 1.73],
    ]
)
FOUR_CATEGORIES = np.array(
    [
        [2.62, 0.78, 0.83, -0.96],
        [-1.21, -1.41, 0.54, 0.75],
        [-0.66, -1.23, 0.26, 0.31],
        [-0.13, 1.27, -0.09, -0.07],
    ]
)
#: Where two normal groups in six variables lie from each other.
DIRECTION = np.array([-0.65, 0.37, -0.2, 0.62, 0.11, -0.02])
#: What three groups like and dislike among eight things.
LIKES = np.array(
    [[1, -1, -1, 1, -1, -1, 0, 1], [0, 1, -1, 0, 0, 0, 0, 0], [-1, -1, 0, 0, 1, -1, 1, -1]]
)
#: What three groups think of eight statements.
ATTITUDES = np.array(
    [
        [0.8, 0.8, 0.8, 0, 0, 0, -0.6, -0.6],
        [-0.6, -0.6, 0, 0.8, 0.8, 0, 0.6, 0],
        [0, -0.8, -0.8, -0.8, 0, 0.9, 0.9, 0.9],
    ]
)
#: Tastes of three groups for five departments, as parameters of a Dirichlet.
TASTES = np.array([[5, 1.5, 1, 1, 0.5], [1, 5, 1.5, 0.5, 1], [1, 1, 3, 3, 1]])
THREE_SHARES = (0.5, 0.3, 0.2)


def _segments(n: int, shares: tuple[float, ...], rng: Generator) -> Segments:
    return rng.choice(len(shares), n, p=shares)


def four_mixed(
    n: int, rng: Generator, distance: float, together: float = 0.0, missing: float = 0.0
) -> Customers:
    """Four segments in numbers, money, a count and categories.

    ``together`` is the correlation of the numbers inside the segments.
    """
    segment = _segments(n, FOUR_SHARES, rng)
    shared = np.sqrt(together) * rng.normal(size=n)
    own = np.sqrt(1 - together) * rng.normal(size=(3, n))
    scores = distance * FOUR_MEANS[:3, segment] + shared + own
    columns = {
        "trust": (50 + 10 * scores[0]).round(2),
        "interest": (50 + 10 * scores[1]).round(2),
        "spend": np.exp(4 + 0.7 * scores[2]).round(2),
        "visits": rng.poisson(np.exp(1.5 + 0.35 * distance * FOUR_MEANS[3, segment])),
    }
    for name, service in zip(("app", "newsletter", "card"), FOUR_SERVICES, strict=True):
        columns[name] = yes_no(logistic(1.2 * distance * service[segment]), rng)
    for name, logits in (("plan", FOUR_PLANS), ("category", FOUR_CATEGORIES)):
        chances = np.exp(1.2 * distance * logits)
        chances /= chances.sum(axis=1, keepdims=True)
        columns[name] = np.array(["A", "B", "C", "D"])[pick(chances[segment], rng)]
    return Customers(answers_missing(pd.DataFrame(columns), missing, rng), segment)


def five_normals(n: int, rng: Generator) -> Customers:
    """Three overlapping groups in five scores."""
    segment = _segments(n, THREE_SHARES, rng)
    means = np.array([[0, 0, 0, 0, 0], [1.6, 1.6, 0, -1.6, 0], [0, 1.6, 1.6, 1.6, -1.6]])
    scores = means[segment] + rng.normal(size=(n, 5))
    return Customers(numbered("score", scores.round(3)), segment)


def bimodal(n: int, rng: Generator) -> Customers:
    """Two clear groups with other spreads."""
    segment = _segments(n, (0.6, 0.4), rng)
    means = np.array([[0, 0, 0], [4, -4, 3]])
    spreads = np.array([[1, 1.5, 1], [1.5, 1, 1]])
    scores = means[segment] + spreads[segment] * rng.normal(size=(n, 3))
    return Customers(numbered("score", scores.round(3)), segment)


def spread_only(n: int, rng: Generator) -> Customers:
    """Steady customers and restless ones, with nearly the same means."""
    segment = _segments(n, (0.5, 0.5), rng)
    spread = np.array([0.5, 2])[segment, None]
    changes = 0.3 * segment[:, None] + spread * rng.normal(size=(n, 5))
    return Customers(numbered("change", changes.round(3)), segment)


def shapes(n: int, rng: Generator) -> Customers:
    """Three groups in gamma, negative binomial, t3 and beta variables, a rating and a category."""
    segment = _segments(n, THREE_SHARES, rng)

    def shift(*of_group: float) -> Floats:
        return np.array(of_group)[segment]

    up, down = np.exp(shift(0.5, -0.5, 0)), np.exp(shift(-0.5, 0.5, 0))
    chances = np.array([[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.3, 0.2, 0.5]])
    liked = rng.beta(3 * np.exp(shift(0.6, 0, -0.7)), 1.2)
    columns = {
        "spend": rng.gamma(2, 30 * down).round(2),
        "orders": rng.negative_binomial(2, 2 / (2 + 4 * np.exp(shift(0.6, -0.6, 0)))),
        "visits": rng.negative_binomial(3, 3 / (3 + 6 * np.exp(shift(-0.4, 0, 0.6)))),
        "change": (10 * rng.standard_t(3, n) + shift(0, -15, 15)).round(2),
        "discount_rate": rng.beta(2 * up, 2 * down).round(3),
        "q1": 1 + rng.binomial(9, liked),
        "channel": np.array(["web", "store", "app"])[pick(chances[segment], rng)],
    }
    return Customers(pd.DataFrame(columns), segment)


def three_buyers(n: int, rng: Generator) -> Customers:
    """Rare, usual and frequent buyers, gamma-Poisson inside each."""
    segment = _segments(n, THREE_SHARES, rng)
    rate = rng.gamma(1.5, np.array([1.2, 4, 12])[segment] / 1.5)
    columns = {
        "orders": rng.poisson(rate),
        "basket": rng.gamma(4, np.array([8, 20, 8])[segment]).round(2),
        "days_since_order": rng.exponential(np.array([160, 60, 20])[segment]).round(),
        "minutes": rng.lognormal(np.array([3, 3.6, 2.6])[segment], 0.5).round(1),
        "app": yes_no(np.array([0.3, 0.5, 0.75])[segment], rng),
    }
    return Customers(pd.DataFrame(columns), segment)


def two_buyers(n: int, rng: Generator) -> Customers:
    """Frequent small baskets and rare large ones."""
    segment = _segments(n, (0.65, 0.35), rng)
    often = segment == 1
    rate = np.where(often, rng.gamma(8, 2, n), rng.gamma(2, 1, n))
    columns = {
        "orders": 1 + rng.poisson(rate),
        "basket": rng.lognormal(np.where(often, 2.5, 3.7), 0.5).round(2),
        "days_since_order": 1 + rng.exponential(np.where(often, 10, 90)).round(),
        "items_per_order": rng.lognormal(np.where(often, 0.5, 1.5), 0.5).round(2),
    }
    return Customers(pd.DataFrame(columns), segment)


def two_normals(n: int, rng: Generator, distance: float) -> Customers:
    """Two groups of equal size in six scores."""
    segment = _segments(n, (0.5, 0.5), rng)
    middle = distance * (segment - 0.5)[:, None] * DIRECTION / np.linalg.norm(DIRECTION)
    return Customers(numbered("score", (middle + rng.normal(size=(n, 6))).round(3)), segment)


def classes(n: int, rng: Generator, clear: float) -> Customers:
    """Four latent classes of eleven services, which have or lack each with the chance ``clear``."""
    segment = _segments(n, (0.4, 0.3, 0.2, 0.1), rng)
    has = np.array([[1] * 5 + [0] * 6, [0] * 5 + [1] * 6, [0] * 11, [1, 0] * 5 + [1]])
    chances = np.where(has == 1, clear, 1 - clear)
    return Customers(numbered("has", yes_no(chances[segment], rng)), segment)


def three_tastes(n: int, rng: Generator, strength: float) -> Customers:
    """Three groups in eight Likert items."""
    segment = _segments(n, THREE_SHARES, rng)
    return Customers(
        numbered("q", likert(strength * LIKES[segment] + rng.normal(size=(n, 8)))), segment
    )


def attitudes(n: int, rng: Generator) -> Customers:
    """Three groups in eight Likert items, among them people who agree with everything."""
    segment = _segments(n, (0.45, 0.35, 0.2), rng)
    agreeing = 0.5 * rng.normal(size=(n, 1))
    latent = 1.1 * ATTITUDES[segment] + agreeing + 0.8 * rng.normal(size=(n, 8))
    return Customers(numbered("q", likert(latent)), segment)


def clump_and_stick(n: int, rng: Generator) -> Customers:
    """A clump of customers beside a scale along which all others differ."""
    segment = _segments(n, (0.3, 0.7), rng)
    along = np.where(segment == 1, rng.uniform(-3, 3, n), 0)
    clump = segment == 0
    middle = np.column_stack([along, 4 * clump, 0.7 * along, 3 * clump])
    return Customers(numbered("score", (middle + 0.7 * rng.normal(size=(n, 4))).round(3)), segment)


def three_baskets(n: int, rng: Generator) -> Customers:
    """Shares of the items bought in five departments, of three tastes."""
    segment = _segments(n, THREE_SHARES, rng)
    # A Dirichlet is gamma variables over their sum.
    gammas = rng.gamma(TASTES[segment])
    taste: NDArray[np.float64] = gammas / gammas.sum(axis=1, keepdims=True)
    return Customers(shares_of(taste, rng), segment)


def few_large(n: int, rng: Generator) -> Customers:
    """Households, and among them 2 % firms that buy, visit and return many times as much."""
    segment = _segments(n, (0.98, 0.02), rng)
    firm = segment == 1
    columns = {
        "spend": rng.lognormal(np.where(firm, 7.5, 4), np.where(firm, 0.5, 0.8)).round(2),
        "orders": rng.negative_binomial(2, 2 / (2 + np.where(firm, 60, 4))),
        "visits": rng.poisson(np.where(firm, 60, 9)),
        "basket": rng.lognormal(np.where(firm, 4.5, 3), 0.5).round(2),
        "returns": rng.poisson(np.where(firm, 12, 0.5)),
        "channel": np.array(["web", "store", "app"])[rng.integers(3, size=n)],
    }
    return Customers(pd.DataFrame(columns), segment)


def _each(
    name: str, meaning: str, simulate: Callable[..., Customers], option: str, *values: float
) -> tuple[Population, ...]:
    """The same groups, more or less easy to tell apart."""
    return tuple(
        Population(f"{name}, {value:g}", "groups", meaning, partial(simulate, **{option: value}))
        for value in values
    )


GROUPS = (
    *_each("four", "four segments, all kinds of variables", four_mixed, "distance", 1.2, 0.8, 0.55),
    Population(
        "four, missing", "groups", "the same at 1.2, 30 % missing",
        partial(four_mixed, distance=1.2, missing=0.3),
    ),
    Population(
        "four, together", "groups", "the same at .8, numbers correlate by .4 inside segments",
        partial(four_mixed, distance=0.8, together=0.4),
    ),
    *_each("two normals", "two normal groups, so far apart", two_normals, "distance", 2.5, 3, 4),
    *_each("classes", "four latent classes of 11 services", classes, "clear", 0.75, 0.8, 0.85, 0.9),
    *_each("tastes", "three groups in eight Likert items", three_tastes, "strength", 0.8, 1.2),
    Population("attitudes", "groups", "three groups with a response style besides", attitudes),
    Population("five normals", "groups", "three groups that overlap in five scores", five_normals),
    Population("bimodal", "groups", "two clear groups with other spreads", bimodal),
    Population("spread only", "groups", "steady and restless customers, means alike", spread_only),
    Population("shapes", "groups", "three groups in gamma, NB, t3, beta and ratings", shapes),
    Population("three buyers", "groups", "rare, usual and frequent buyers, NBD", three_buyers),
    Population("two buyers", "groups", "frequent small baskets, rare large ones", two_buyers),
    Population("clump and stick", "groups", "a clump beside a scale", clump_and_stick),
    Population("baskets", "groups", "shares of one whole, three tastes", three_baskets),
    Population("few large", "groups", "2 % of customers, extreme in five variables", few_large),
)  # fmt: skip
