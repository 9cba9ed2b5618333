"""Which rows starts see, which rows collapse, and which starts count as agreeing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forwhom.mixture import Column, build_design
from forwhom.mixture.design import Design
from forwhom.mixture.em import Runs, run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitting import FitOptions, _optima, _Settled, find_optimum
from forwhom.mixture.sampling import subsample
from forwhom.mixture.starts import make_starts


def binary(rows: np.ndarray, weights: np.ndarray | None = None, **more: bool) -> Design:
    columns = [
        Column(f"x{j}", rows[:, j].astype(np.int32), ("no", "yes")) for j in range(rows.shape[1])
    ]
    return build_design(columns, {c.name: "binary" for c in columns}, weights, **more)


def test_a_weighted_subsample_keeps_heavy_rows_and_shares() -> None:
    rng = np.random.default_rng(4)
    n = 400
    weights = rng.pareto(1.2, n) + 0.1
    design = binary(rng.integers(0, 2, (n, 2)), weights, collapse=False)
    first = design.item_codes(0)
    truth = weights[first == 1].sum() / weights.sum()
    shares = []
    for _ in range(400):
        hashes = rng.integers(0, 2**63, n, dtype=np.uint64) * np.uint64(2)
        part = subsample(design, 60, hashes)
        assert part.n_rows == 60
        assert part.n == pytest.approx(part.weights.sum())
        shares.append(part.weights[part.item_codes(0) == 1].sum() / part.n)
        light = np.isclose(part.weights, part.weights.min())
        assert 1 < light.sum() < part.n_rows  # drawn by chance: one weight; certain: their own
        kept = part.weights[~light] / part.weights.max()
        assert all(np.isclose(weights / weights.max(), k).any() for k in kept)
    assert np.mean(shares) == pytest.approx(truth, abs=4 * np.std(shares) / 20)


def test_rows_collapse_where_each_has_copies_and_not_where_few_have() -> None:
    rng = np.random.default_rng(5)
    patterns = rng.integers(0, 2, (6_000, 20))
    often = patterns[rng.integers(0, len(patterns), 40_000)]
    assert binary(often).n_rows == len(np.unique(often, axis=0))
    rarely = np.vstack([rng.integers(0, 2, (38_000, 24)), np.zeros((2_000, 24), dtype=int)])
    assert binary(rarely).n_rows == len(rarely)


def settled(objective: list[float]) -> _Settled:
    rng = np.random.default_rng(0)
    data = Expectation(binary(rng.integers(0, 2, (50, 3))))
    starts = make_starts(data, 2, len(objective), rng, 1.0)
    runs = run_em(data, starts, prior=1.0, tol=1e-3, max_iter=2)
    return _Settled(replace(runs, objective=np.array(objective)), 50.0)


def test_starts_that_found_the_same_optimum_stand_together_best_first() -> None:
    found = settled([-30.0, -20.0, -30.001, -20.001, -40.0])
    assert _optima(found, 2) == [[1, 3], [0, 2]]
    assert _optima(found, 9) == [[1, 3], [0, 2], [4]]


def test_optima_that_all_rows_merge_count_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    member = rng.random(30_000) < 0.4
    design = binary((rng.random((30_000, 24)) < np.where(member, 0.8, 0.2)[:, None]).astype(int))
    told = find_optimum(design, 2, FitOptions(n_starts=30))

    def apart(self: object) -> _Settled:
        """Half of the starts seem to have found another optimum on the sample."""
        real = settle(self)
        shift = np.where(np.arange(real.completed) % 2, -3.0, 0.0)
        runs: Runs = replace(real.runs, objective=real.runs.objective + shift)
        return _Settled(runs, real.n)

    from forwhom.mixture import fitting

    settle = fitting._Search.settle
    monkeypatch.setattr(fitting._Search, "settle", apart)
    again = find_optimum(design, 2, FitOptions(n_starts=30))
    assert again.best_start_share == told.best_start_share == 1.0
    assert again.loglik == pytest.approx(told.loglik)


def test_more_starts_are_tried_until_two_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    from forwhom.mixture import fitting

    rng = np.random.default_rng(7)
    design = binary(rng.integers(0, 2, (25_000, 16)))
    lonely = iter([-100.0, -90.0, -80.0])
    rounds = []

    def round_of(self: object, number: int) -> _Settled:
        rounds.append(number)
        best = next(lonely)
        return settled([best, -200.0, -300.0])

    monkeypatch.setattr(fitting._Search, "_screened", round_of)
    search = fitting._Search(Expectation(design), 2, FitOptions(n_starts=50), None, lambda *_: None)
    found = search.settle()
    assert rounds == [0, 1, 2]
    assert found.completed == 9
    rounds.clear()
    lonely = iter([-100.0, -100.0, -80.0])
    assert search.settle().completed == 6
