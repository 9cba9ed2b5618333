"""No margin makes segments, and what variables have to do with each other does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from forwhom.mixture import Column, Design, FitOptions, build_design, fit_mixture, select

Numbers = list[np.ndarray]


def tilts_of(numbers: Numbers, weights: np.ndarray | None = None) -> Design:
    columns = [Column(f"x{j}", np.asarray(values, float)) for j, values in enumerate(numbers)]
    names = [c.name for c in columns]
    families = dict.fromkeys(names, "tilt")
    return build_design(columns, dict.fromkeys(names, "continuous"), weights, families=families)


ALONE: dict[str, Callable[[np.random.Generator, int], Numbers]] = {
    "skewed": lambda rng, n: [
        rng.gamma(1.5, 20, n), rng.negative_binomial(1, 0.2, n), rng.negative_binomial(2, 0.3, n),
        rng.uniform(0, 1, n),
    ],
    "heavy tails": lambda rng, n: [rng.standard_t(3, n) for _ in range(4)],
    "tickets": lambda rng, n: [
        np.where(rng.random(n) < 0.7, 0, rng.geometric(0.4, n)) for _ in range(4)
    ],
    "amounts and counts": lambda rng, n: [
        rng.lognormal(3, 0.5, n), rng.lognormal(2, 1, n), rng.poisson(3, n), rng.poisson(8, n),
    ],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ALONE)
def test_independent_columns_of_any_shape_are_one_segment(name: str, seed: int) -> None:
    design = tilts_of(ALONE[name](np.random.default_rng([seed, 7]), 1000))
    assert select(design, [1, 2], FitOptions(n_starts=5), degrees=(1, 2)).best.k == 1


def buyers(rng: np.random.Generator, z: np.ndarray) -> Numbers:
    rates = np.array([[0.5, 2, 1], [3, 0.5, 4], [8, 6, 1]])[z]
    orders = [rng.negative_binomial(1.5, 1.5 / (1.5 + rates[:, j])) for j in range(3)]
    return [*orders, rng.gamma(2, np.array([10, 20, 40])[z])]


def odd_shapes(rng: np.random.Generator, z: np.ndarray) -> Numbers:
    return [
        rng.gamma(2, np.array([1, 2.5, 5])[z]),
        rng.negative_binomial(2, np.array([0.5, 0.2, 0.4])[z]),
        rng.beta(np.array([2, 4, 1])[z], np.array([4, 2, 1.5])[z]),
        rng.standard_t(3, len(z)) + np.array([0, 2, -2])[z],
    ]


@pytest.mark.parametrize(("draw", "least"), [(buyers, 0.5), (odd_shapes, 0.55)])
def test_kinds_of_customers_with_odd_margins_are_found(draw, least: float) -> None:
    rng = np.random.default_rng(1)
    z = rng.choice(3, 1000, p=[0.5, 0.3, 0.2])
    best = select(tilts_of(draw(rng, z)), range(1, 5), FitOptions(n_starts=20), degrees=(1, 2)).best
    assert best.k == 3
    assert adjusted_rand_score(z, best.labels()) > least


def test_the_few_largest_customers_are_kept_apart() -> None:
    rng = np.random.default_rng(2)
    large = rng.random(1000) < 0.02
    numbers = [
        rng.lognormal(2 + 2.2 * large, 0.8), rng.lognormal(2.2 * large, 0.7),
        rng.poisson(np.where(large, 25, 5)), rng.lognormal(3 + 2 * large, 0.8),
        rng.normal(size=1000),
    ]  # fmt: skip
    best = select(tilts_of(numbers), [1, 2, 3], FitOptions(n_starts=20), degrees=(1, 2)).best
    assert best.k == 2
    assert best.weights[1] == pytest.approx(large.mean(), abs=0.005)
    assert adjusted_rand_score(large, best.labels()) > 0.9


def some(n: int, seed: int) -> Numbers:
    rng = np.random.default_rng(seed)
    often = rng.random(n) < 0.4
    holes = rng.lognormal(3 + often, 0.6)
    holes[rng.random(n) < 0.2] = np.nan
    return [
        rng.poisson(np.where(often, 9, 2)), holes, np.full(n, 3.0),  # no difference at all
        (rng.random(n) < 0.3 + 0.4 * often) * 5.0, np.round(rng.normal(often, 1)),
    ]  # fmt: skip


def test_missing_and_constant_columns_two_values_and_ties_are_fitted() -> None:
    fitted = fit_mixture(tilts_of(some(500, 3)), 2, FitOptions(n_starts=10, degree=2))
    assert fitted.converged
    assert np.isfinite(fitted.log_likelihood)
    assert [len(item.levels) for item in fitted.data.design.items][2:4] == [1, 2]


def test_a_weight_of_two_is_two_customers_and_the_order_of_rows_says_nothing() -> None:
    numbers, rng = some(400, 4), np.random.default_rng(5)
    weights = rng.integers(1, 4, 400)
    rows = rng.permutation(np.repeat(np.arange(400), weights))
    options = FitOptions(n_starts=10, degree=2)
    weighted = fit_mixture(tilts_of(numbers, weights.astype(float)), 2, options)
    several = fit_mixture(tilts_of([values[rows] for values in numbers]), 2, options)
    assert several.log_likelihood == pytest.approx(weighted.log_likelihood, rel=1e-8)
    assert several.weights == pytest.approx(weighted.weights, abs=1e-4)
    assert np.array_equal(several.labels(), weighted.labels()[rows])
