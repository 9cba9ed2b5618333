"""Replicates of the customers: their weights, and what is found in them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from forwhom.mixture import Column, Design, FitOptions, FittedMixture, build_design, fit_mixture
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.replicates import Sample, refit, replicate
from forwhom.mixture.starts import random_starts

OPTIONS = FitOptions(n_starts=20)


def customers(n: int = 300, seed: int = 1) -> list[Column]:
    """Three clear groups in four numbers and an answer."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, n)
    numbers = rng.normal(0, 4, (3, 4))[group] + rng.normal(size=(n, 4))
    answer = Column("answer", (rng.random(n) < 0.2 + 0.3 * group).astype(np.int32), ("no", "yes"))
    return [*(Column(f"x{j}", numbers[:, j].copy()) for j in range(4)), answer]


def built(columns: list[Column], weights: np.ndarray | None = None) -> Design:
    measures = {c.name: "binary" if c.levels else "continuous" for c in columns}
    families = {c.name: "tilt" for c in columns if c.levels is None}
    return build_design(columns, measures, weights, families=families)


@cache
def fitted() -> FittedMixture:
    return fit_mixture(built(customers()), 3, OPTIONS)


def test_weights_of_replicates_are_those_of_a_bootstrap() -> None:
    sample = replicate(built(customers()), 200, seed=3)
    # Poisson with mean 1, and as many customers in every replicate.
    assert sample.weights.sum(axis=1) == pytest.approx(np.full(200, 300.0))
    single = sample.weights[:, sample.design.row_weights == 1]
    assert single.mean() == pytest.approx(1.0, abs=0.01)
    assert single.var() == pytest.approx(1.0, abs=0.03)
    assert (single == 0).mean() == pytest.approx(np.exp(-1), abs=0.01)


def test_equal_customers_are_drawn_each_for_themselves() -> None:
    answers = np.arange(4, dtype=np.int32) % 2
    columns = [Column("a", np.repeat(answers, 50), ("no", "yes"))]
    sample = replicate(built(columns), 2000, seed=3)
    assert sample.design.n_rows == 2
    # A row of 100 customers varies as 100 of them do, with the sum of both held.
    assert sample.weights.mean(axis=0) == pytest.approx([100, 100], rel=0.01)
    assert sample.weights.var(axis=0) == pytest.approx([50, 50], rel=0.1)


def test_sampling_weights_stay_and_heavy_customers_vary_more() -> None:
    weights = np.where(np.arange(300) < 30, 9.0, 1.0)
    design = built(customers(), weights)
    sample = replicate(design, 3000, seed=3)
    own = sample.design.row_weights
    assert sample.weights.mean(axis=0) == pytest.approx(own, rel=0.15)
    heavy = own > own.min() * 2
    assert heavy.sum() == 30
    spread = sample.weights.std(axis=0) / own
    assert spread[heavy].mean() == pytest.approx(1.0, abs=0.1)


def test_many_customers_are_a_sample() -> None:
    sample = replicate(built(customers(900)), 5, seed=3, rows=200)
    assert sample.weights.shape == (5, 200)
    assert sample.design.n_rows == 200


def test_a_replicate_with_the_weights_of_the_customers_gives_their_fit() -> None:
    """Weights of each start are used for this start: those of one start as columns of others."""
    sample = replicate(built(customers()), 3, seed=3)
    data = Expectation(sample.design)
    starts = random_starts(data, 3, 3, np.random.default_rng(0))
    together = run_em(data.replicated(sample.weights), starts, prior=1.0, tol=1e-9, max_iter=9)
    for i, weights in enumerate(sample.weights):
        alone = run_em(
            data.replicated(weights[None]), starts.pick(np.array([i])),
            prior=1.0, tol=1e-9, max_iter=9,
        )  # fmt: skip
        assert together.loglik[i] == pytest.approx(alone.loglik[0], rel=1e-12)
        assert together.parameters.weights[i] == pytest.approx(alone.parameters.weights[0])
    assert len({round(float(x), 6) for x in together.loglik}) == 3


def test_weights_count_as_customers_do() -> None:
    """A replicate is a data set: customers taken twice have the likelihood of two customers."""
    columns = customers(60)
    times = np.random.default_rng(5).poisson(1, 60)
    copies = [Column(c.name, np.repeat(c.values, times), c.levels) for c in columns if c.levels]
    plain, design = built(copies), built([c for c in columns if c.levels])
    starts = random_starts(Expectation(design), 2, 1, np.random.default_rng(0))
    assert design.rows is not None
    counted = np.bincount(design.rows, times, design.n_rows)
    found = Expectation(design).replicated(counted[None]).sums(starts).loglik
    assert found == pytest.approx(Expectation(plain).sums(starts).loglik)


def test_clear_groups_are_found_again_warm_and_cold() -> None:
    refits = refit(fitted(), replicate(fitted().data.design, 10, seed=3), OPTIONS)
    for labels in (refits.cold, refits.warm):
        for one in labels:
            pairs = {(int(a), int(b)) for a, b in zip(refits.found, one, strict=True)}
            assert len(pairs) <= 5, "three groups, and at most a customer or two in doubt"


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_and_order_change_nothing(threads: int) -> None:
    def found(sample: Sample, n_threads: int) -> np.ndarray:
        return refit(fitted(), sample, FitOptions(n_starts=20, n_threads=n_threads)).cold

    once = found(replicate(fitted().data.design, 12, seed=3), 1)
    assert np.array_equal(once, found(replicate(fitted().data.design, 12, seed=3), threads))
    order = np.random.default_rng(9).permutation(300)
    shuffled = [Column(c.name, c.values[order], c.levels) for c in customers()]
    assert np.array_equal(once, found(replicate(built(shuffled), 12, seed=3), threads))
    other = found(replicate(fitted().data.design, 12, seed=4), threads)
    assert not np.array_equal(once, other)
