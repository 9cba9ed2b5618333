"""Bivariate residuals: near 1 where the model holds, large where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.base import Measure
from forwhom.documents.items import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
)
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.bootstrap import simulate
from forwhom.mixture.residuals import bivariate_residuals

SHARES = [0.6, 0.4]
ITEMS: list[Item] = [
    CategoricalItem(
        variable="member", levels=["no", "yes"], probabilities=[[0.8, 0.2], [0.2, 0.8]]
    ),
    CategoricalItem(
        variable="channel", levels=["a", "b", "c"], probabilities=[[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]]
    ),
    PoissonItem(variable="visits", rates=[2.0, 9.0]),
    GaussianItem(variable="age", means=[30.0, 50.0], sds=[8.0, 5.0]),
    PositiveItem(variable="food", any=[0.9, 0.5], log_means=[3.0, 2.0], log_sds=[0.5, 0.5]),
]
MEASURES: dict[str, Measure] = {
    "member": "binary",
    "channel": "nominal",
    "visits": "count",
    "age": "continuous",
    "food": "positive",
}


def by_pair(found) -> dict[tuple[str, str], float]:
    return {tuple(sorted((r.first, r.second))): r.value for r in found}


def test_pairs_of_two_binary_variables_by_hand() -> None:
    items = [
        CategoricalItem(variable=v, levels=["no", "yes"], probabilities=[[0.5, 0.5]]) for v in "ab"
    ]
    a, b = (np.repeat(x, [30, 10, 10, 50]).astype(np.int32) for x in ([0, 0, 1, 1], [0, 1, 0, 1]))
    columns = {"a": Column("a", a, ("no", "yes")), "b": Column("b", b, ("no", "yes"))}
    (found,) = bivariate_residuals(items, np.ones(1), columns)
    assert found.value == pytest.approx((5**2 + 15**2 + 15**2 + 25**2) / 25)
    assert {found.first, found.second} == {"a", "b"}
    doubled = bivariate_residuals(items, np.ones(1), columns, np.full(100, 2.0))
    assert doubled[0].value == pytest.approx(2 * found.value)


def test_a_model_that_holds_leaves_about_one() -> None:
    columns, _ = simulate(ITEMS, SHARES, 4000, seed=1)
    design = build_design(list(columns.values()), MEASURES)
    fitted = fit_mixture(design, 2, FitOptions(n_starts=10))
    found = bivariate_residuals(fitted.items(), fitted.weights, columns)
    assert len(found) == 10
    values = [r.value for r in found]
    assert values == sorted(values, reverse=True)
    assert 0.4 < np.mean(values) < 1.6


def test_one_segment_too_few_shows() -> None:
    columns, _ = simulate(ITEMS, SHARES, 2000, seed=2)
    design = build_design(list(columns.values()), MEASURES)
    one, two = (fit_mixture(design, k, FitOptions(n_starts=10)) for k in (1, 2))
    poor = by_pair(bivariate_residuals(one.items(), one.weights, columns))
    good = by_pair(bivariate_residuals(two.items(), two.weights, columns))
    assert set(poor) == set(good)
    assert min(poor.values()) > 4
    assert max(good.values()) < 4


def test_the_dependent_pair_is_named_first() -> None:
    columns, _ = simulate(ITEMS, SHARES, 2000, seed=3)
    twin = columns["visits"].values + np.random.default_rng(33).poisson(1.0, 2000)
    columns["orders"] = Column("orders", twin)
    design = build_design(list(columns.values()), MEASURES | {"orders": "count"})
    fitted = fit_mixture(design, 2, FitOptions(n_starts=10))
    worst = bivariate_residuals(fitted.items(), fitted.weights, columns)[0]
    assert {worst.first, worst.second} == {"visits", "orders"}
    assert worst.value > 20


def test_pairs_inside_a_block_are_part_of_the_model() -> None:
    block = GaussianBlock(
        variables=["age", "height"],
        tied=False,
        means=[[0.0, 0.0], [4.0, 1.0]],
        covariances=[[[1.0, 0.7], [0.7, 1.0]], [[2.0, -0.5], [-0.5, 1.0]]],
    )
    items = [block, ITEMS[0]]
    columns, _ = simulate(items, SHARES, 3000, seed=4)
    found = by_pair(bivariate_residuals(items, np.array(SHARES), columns))
    assert set(found) == {("age", "member"), ("height", "member")}
    assert max(found.values()) < 4


def test_missing_values_are_left_out_of_the_pair() -> None:
    columns, _ = simulate(ITEMS, SHARES, 3000, seed=5)
    rng = np.random.default_rng(55)
    holes = {
        n: Column(
            n, np.where(rng.random(3000) < 0.3, -1 if c.levels else np.nan, c.values), c.levels
        )
        for n, c in columns.items()
    }
    for name in ("member", "channel"):
        holes[name] = Column(name, holes[name].values.astype(np.int32), columns[name].levels)
    fitted = fit_mixture(build_design(list(holes.values()), MEASURES), 2, FitOptions(n_starts=10))
    found = by_pair(bivariate_residuals(fitted.items(), fitted.weights, holes))
    assert len(found) == 10
    assert max(found.values()) < 4
    nobody = np.arange(3000) % 2 == 0
    holes["age"] = Column("age", np.where(nobody, columns["age"].values, np.nan))
    holes["visits"] = Column("visits", np.where(nobody, np.nan, columns["visits"].values))
    assert by_pair(bivariate_residuals(ITEMS, np.array(SHARES), holes))["age", "visits"] == 0.0


def test_a_constant_number_has_no_association() -> None:
    columns, _ = simulate(ITEMS, SHARES, 200, seed=6)
    columns["age"] = Column("age", np.full(200, 30.0))
    found = by_pair(bivariate_residuals(ITEMS, np.array(SHARES), columns))
    assert found["age", "visits"] == 0.0


def test_numbers_in_many_bins_have_the_residual_of_any_number() -> None:
    rng = np.random.default_rng(8)
    x, z = rng.normal(size=400), rng.gamma(1, 2, 400)
    columns = {n: Column(n, v) for n, v in (("x", x), ("y", rng.normal(size=400)), ("z", x + z))}
    families = dict.fromkeys(columns, "tilt")
    measures: dict[str, Measure] = dict.fromkeys(columns, "continuous")
    design = build_design(list(columns.values()), measures, families=families)
    fitted = fit_mixture(design, 1)
    residuals = bivariate_residuals(fitted.items(), fitted.weights, columns)
    found = {(r.first, r.second): r.value for r in residuals}
    assert found["x", "z"] > 5
    assert found["x", "y"] < 2
    assert found["y", "z"] < 2
