"""Simulated customers follow their model, and the bootstrapped test knows chance from structure."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

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
from forwhom.mixture.bootstrap import bootstrap_lrt, simulate

SHARES = [0.7, 0.3]
ITEMS: list[Item] = [
    CategoricalItem(
        variable="channel", levels=["a", "b", "c"], probabilities=[[0.6, 0.3, 0.1], [0.0, 0.2, 0.8]]
    ),
    PoissonItem(variable="visits", rates=[2.0, 9.0]),
    GaussianItem(variable="age", means=[30.0, 50.0], sds=[8.0, 5.0]),
    PositiveItem(variable="food", any=[0.9, 0.5], log_means=[3.0, 2.0], log_sds=[0.5, 0.3]),
    PositiveItem(variable="fuel", any=None, log_means=[1.0, 2.0], log_sds=[0.5, 0.3]),
    GaussianBlock(
        variables=["height", "width"],
        tied=False,
        means=[[0.0, 0.0], [4.0, 1.0]],
        covariances=[[[1.0, 0.7], [0.7, 1.0]], [[2.0, -0.5], [-0.5, 1.0]]],
    ),
]


class TestSimulate:
    def test_every_variable_follows_its_distribution(self) -> None:
        columns, z = simulate(ITEMS, SHARES, 20_000, seed=1)
        assert list(columns) == ["channel", "visits", "age", "food", "fuel", "height", "width"]
        assert np.bincount(z) / 20_000 == pytest.approx(SHARES, abs=0.015)
        channel = columns["channel"]
        assert channel.levels == ("a", "b", "c")
        for k in (0, 1):
            inside = z == k
            shares = np.bincount(channel.values[inside], minlength=3) / inside.sum()
            assert shares == pytest.approx(ITEMS[0].probabilities[k], abs=0.03)
            visits = columns["visits"].values[inside]
            assert visits.mean() == pytest.approx(ITEMS[1].rates[k], rel=0.03)
            assert visits.var() == pytest.approx(ITEMS[1].rates[k], rel=0.06)
            age = stats.norm(ITEMS[2].means[k], ITEMS[2].sds[k])
            assert stats.kstest(columns["age"].values[inside], age.cdf).pvalue > 1e-3
            food = columns["food"].values[inside]
            assert (food > 0).mean() == pytest.approx(ITEMS[3].any[k], abs=0.02)
            normal = stats.norm(ITEMS[3].log_means[k], ITEMS[3].log_sds[k])
            assert stats.kstest(np.log(food[food > 0]), normal.cdf).pvalue > 1e-3
            assert (columns["fuel"].values > 0).all()
            pair = np.stack([columns[n].values[inside] for n in ("height", "width")])
            assert pair.mean(axis=1) == pytest.approx(ITEMS[5].means[k], abs=0.06)
            assert np.cov(pair).ravel() == pytest.approx(
                np.ravel(ITEMS[5].covariances[k]), abs=0.08
            )

    def test_the_seed_decides(self) -> None:
        one, other, same = (simulate(ITEMS, SHARES, 50, seed=s)[0] for s in (1, 2, 1))
        assert np.array_equal(one["age"].values, same["age"].values)
        assert not np.array_equal(one["age"].values, other["age"].values)

    def test_nobody_comes_from_an_empty_segment(self) -> None:
        columns, z = simulate(ITEMS, [0.0, 1.0], 100, seed=3)
        assert set(z) == {1}
        assert (columns["channel"].values > 0).all()


def survey(n: int, gap: float, seed: int) -> tuple[dict[str, Column], dict[str, Measure]]:
    """Five yes-or-no questions and a number; ``gap`` sets two segments apart."""
    rng = np.random.default_rng(seed)
    z = rng.random(n) < 0.5
    columns = {}
    for name in "abcde":
        likes = (rng.random(n) < np.where(z, 0.5 + gap, 0.5 - gap)).astype(np.int32)
        likes[rng.random(n) < 0.1] = -1
        columns[name] = Column(name, likes, ("no", "yes"))
    columns["age"] = Column("age", np.where(rng.random(n) < 0.1, np.nan, rng.normal(40, 9, n)))
    measures: dict[str, Measure] = dict.fromkeys("abcde", "binary")
    return columns, measures | {"age": "continuous"}


def p_value(
    n: int, gap: float, seed: int, replicates: int, weights: np.ndarray | None = None, **more
) -> float:
    columns, measures = survey(n, gap, seed)
    options = FitOptions(n_starts=20, seed=seed)
    design = build_design(list(columns.values()), measures, weights)
    smaller, larger = (fit_mixture(design, k, options) for k in (1, 2))
    return bootstrap_lrt(
        columns, measures, smaller, larger, options, weights=weights, replicates=replicates, **more
    )


class TestLikelihoodRatio:
    def test_structure_is_found(self) -> None:
        assert p_value(200, 0.3, seed=1, replicates=9) == pytest.approx(1 / 10)

    def test_chance_is_not_taken_for_structure(self) -> None:
        values = [p_value(120, 0.0, seed=s, replicates=9) for s in (2, 3, 4)]
        assert all(0 < p <= 1 for p in values)
        assert np.mean(values) > 0.15

    def test_the_seed_decides_and_progress_is_told(self) -> None:
        told: list[tuple[str, float]] = []
        one = p_value(
            100, 0.1, seed=5, replicates=4, progress=lambda what, done: told.append((what, done))
        )
        assert p_value(100, 0.1, seed=5, replicates=4) == one
        assert told[0] == ("testing 1 against 2 segments", 0.0)
        fractions = [done for _, done in told]
        assert fractions == sorted(fractions)
        assert all(0 <= done <= 1 for done in fractions)

    def test_weights_are_used_in_the_replicates(self) -> None:
        weights = np.random.default_rng(6).integers(1, 4, 200).astype(float)
        assert p_value(200, 0.3, 6, 4, weights) == pytest.approx(1 / 5)
