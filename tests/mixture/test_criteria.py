"""Criteria, and which fit and which number of segments is kept, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from forwhom.errors import OptionError
from forwhom.mixture import Column, FitOptions, bootstrap, fitting, selection
from forwhom.mixture.criteria import entropy_r2, information, uncertainty
from forwhom.mixture.fitting import _optima, _same, _Search, _Settled
from forwhom.mixture.replicates import _best_of_each
from forwhom.mixture.selection import _best, _part, check_ks, select


def test_criteria_by_hand() -> None:
    found = information(-100.0, 7, 46.0, 5.0)
    assert found == pytest.approx({
        "bic": 200 + 7 * math.log(46), "aic": 214, "aic3": 221,
        "caic": 200 + 7 * (math.log(46) + 1), "sabic": 200 + 7 * math.log(2),
        "icl": 210 + 7 * math.log(46),
    })  # fmt: skip
    sure = np.array([[1.0, 0.0], [0.75, 0.25]])
    entropy, error = uncertainty(sure, np.array([1.0, 3.0]))
    of_one = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert (entropy, error) == (pytest.approx(3 * of_one), pytest.approx(0.1875))
    assert uncertainty(np.array([[1.0 + 1e-15, 0.0]]), np.ones(1)) == (0.0, 0.0)
    assert entropy_r2(3.0, 10.0, 3) == pytest.approx(1 - 3 / (10 * math.log(3)))
    assert entropy_r2(0.0, 10.0, 1) is None


def design(weights: list[float], n: int) -> Any:
    own = np.array(weights) if weights else np.empty(0)
    return SimpleNamespace(weights=own, row_weights=own if weights else np.ones(n))


def fit(k: int, bic: float, *, smallest: float = 0.1, degenerate: bool = False) -> Any:
    weights = np.array([smallest, 1 - smallest]) if k > 1 else np.ones(1)
    return SimpleNamespace(
        k=k, weights=weights, degenerate=degenerate, candidate=SimpleNamespace(bic=bic, degree=1),
        data=SimpleNamespace(design=SimpleNamespace(n=100.0)),
    )  # fmt: skip


def test_collapsed_and_empty_segments_are_not_believed() -> None:
    sound = fit(2, 50.0)
    assert _best([sound, fit(3, 10.0, smallest=0.0199)], "bic") is sound
    two = fit(3, 10.0, smallest=0.02)
    assert _best([sound, two], "bic") is two
    assert _best([sound, fit(3, 10.0, degenerate=True)], "bic") is sound
    collapsed = fit(3, 10.0, degenerate=True)
    assert _best([collapsed, fit(4, 5.0, smallest=0.001)], "bic") is collapsed
    empty = fit(4, 5.0, smallest=0.001)
    assert _best([empty], "bic") is empty
    one = fit(1, 60.0)
    one.data.design.n = 1.0
    assert _best([one], "bic") is one


def test_numbers_past_the_best_are_sought_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    bics = {1: 90.0, 2: 50.0, 3: 60.0, 4: 70.0, 5: 80.0, 6: 40.0}
    asked: list[tuple[int, int | None]] = []

    class Numbers:
        def __init__(self, *given: Any) -> None:
            assert given[2:] == ("bic", [1, 2])

        def fit(self, k: int, best: Any, past: bool, progress: Any) -> Any:
            asked.append((k, best.k if past else None))
            return fit(k, bics[k])

    monkeypatch.setattr(selection, "_Numbers", Numbers)
    nothing: Any = None
    found = select(nothing, [6, 1, 2, 3, 4, 5], degrees=(2, 1))
    assert asked == [(1, None), (2, None), (3, None), (4, None), (5, 2), (6, 2), (6, None)]
    assert [f.k for f in found.fits] == [1, 2, 3, 4, 5, 6]
    assert found.best.k == 6


def test_progress_of_a_part_is_a_part_of_progress() -> None:
    told: list[tuple[str, float]] = []
    part = _part(lambda what, done: told.append((what, done)), 0.5, 0.25)
    assert part is not None
    part("x", 0.4)
    assert told == [("x", 0.6)]
    assert _part(None, 0.5, 0.25) is None


def test_numbers_of_segments_are_whole_and_positive() -> None:
    assert check_ks([3, 1, 3]) == [1, 3]
    with pytest.raises(OptionError, match="must be 1 or more, not 0"):
        check_ks([0, 2])
    with pytest.raises(OptionError, match="must be 1 or more, not none"):
        check_ks([])
    nothing: Any = None
    odd: Any
    for odd in (["two"], [2.5], 5, nothing):
        with pytest.raises(OptionError, match="a list or a range of whole numbers"):
            check_ks(odd)
    assert check_ks(np.arange(2, 4)) == [2, 3]
    with pytest.raises(OptionError, match="There is no criterion 'bik'"):
        select(nothing, [1], criterion="bik")


def runs(objective: list[float], degenerate: list[bool] | None = None) -> Any:
    n = len(objective)
    return SimpleNamespace(
        objective=np.array(objective), loglik=np.array(objective),
        degenerate=np.array(degenerate or [False] * n),
    )  # fmt: skip


def test_starts_of_one_optimum_are_put_together() -> None:
    settled = _Settled(runs([-10.0, -5.0, -5.009, -5.02, -4.0], [False] * 4 + [True]), 100.0)
    assert settled.completed == 5
    assert _optima(settled, 5) == [[1, 2], [3], [0], [4]]
    assert _optima(settled, 2) == [[1, 2], [3]]
    joined = _Settled(runs([-5.0, -5.0], [False, True]), 100.0)
    assert _optima(joined, 3) == [[0]]
    assert _same(np.array([0.01, 0.0101]), np.array(0.0), 100.0).tolist() == [True, False]
    assert _same(np.array([0.09, 0.11]), np.array(0.0), 10_000.0).tolist() == [True, False]


def search(
    n_rows: int, k: int = 3, n_starts: int = 200, quick: bool = False, width: int = 5
) -> _Search:
    design = SimpleNamespace(n_rows=n_rows, items=range(width - 1), numerics=range(1))
    full: Any = SimpleNamespace(design=design)
    return _Search(full, k, FitOptions(n_starts=n_starts), None, lambda *told: None, quick)


def test_how_many_starts_are_run() -> None:
    assert search(100).n_starts == 200
    assert [search(100, n_starts=n, quick=True).n_starts for n in (8, 50, 200)] == [8, 12, 25]
    assert not search(20_000).sampled
    assert search(20_001).sampled


def test_wide_tables_settle_on_fewer_rows() -> None:
    assert [search(9_999, width=w).settle_rows for w in (5, 25, 50, 100, 500)] == [
        20_000, 20_000, 10_000, 5_000, 4_000,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "agree_in", "rounds"),
    [
        (search(9_999_999), 1, [0]),
        (search(9_999_999), 2, [0, 1]),
        (search(9_999_999), 9, [0, 1, 2]),
        (search(9_999_999, quick=True), 9, [0]),
        (search(9_999_999, k=1), 9, [0]),
        (search(9_999_999, n_starts=1), 9, [0]),
        (search(10, n_starts=10), 9, ["all"]),
        (search(1_000, k=2, n_starts=50), 9, ["all"]),
        (search(1_001, k=2, n_starts=50), 9, [0, 1, 2]),
    ],
)
def test_rounds_of_starts_end_where_two_agree(
    made: _Search, agree_in: int, rounds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []

    def screened(self: _Search, number: int) -> _Settled:
        done.append(number)
        return _Settled(runs([-5.0] * (2 if number + 1 == agree_in else 1)), 100.0)

    def together(several: list[Any]) -> Any:
        return several[-1]

    monkeypatch.setattr(fitting, "together", together)
    monkeypatch.setattr(_Search, "_screened", screened)
    monkeypatch.setattr(_Search, "_all", lambda self: done.append("all"))
    made.settle()
    assert done == rounds


def test_the_best_starts_of_each_replicate_go_on() -> None:
    owner = np.array([0, 1, 0, 1, 0, 1])
    several: Any = runs([-3.0, -9.0, -1.0, -8.0, -2.0, -1.0], [False] * 5 + [True])
    assert _best_of_each(several, owner, 1).tolist() == [2, 3]
    assert _best_of_each(several, owner, 2).tolist() == [2, 4, 3, 1]


def p_value(
    gains: list[float], observed: float, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> tuple[float, list[tuple[str, float]], list[int]]:
    """Return the p-value, what was told, and the seeds of what was drawn."""
    seeds: list[int] = []

    def simulate(items: Any, shares: Any, n: int, seed: int) -> tuple[dict[str, Column], None]:
        assert (items, shares, n) == (["item"], [1.0], 3)
        seeds.append(seed)
        return {"x": Column("x", np.arange(3.0))}, None

    def fit_mixture(design: Any, k: int, options: FitOptions) -> Any:
        assert options.n_starts == 20
        assert options.degree == {1: 1, 2: 2}[k]
        gain = gains[options.seed - 7]
        return SimpleNamespace(log_likelihood=-100.0 + (gain if k == 2 else 0.0))

    monkeypatch.setattr(bootstrap, "simulate", simulate)
    monkeypatch.setattr(bootstrap, "fit_mixture", fit_mixture)
    monkeypatch.setattr(bootstrap, "build_design", lambda *given, **more: None)
    smaller: Any = SimpleNamespace(
        log_likelihood=-50.0, items=lambda: ["item"], weights=np.ones(1), k=1, degree=None
    )
    larger: Any = SimpleNamespace(log_likelihood=-50.0 + observed, k=2, degree=2)
    told: list[tuple[str, float]] = []
    p = bootstrap.bootstrap_lrt(
        {"x": Column("x", np.arange(3.0))}, {"x": "continuous"}, smaller, larger,
        FitOptions(seed=7, n_threads=1), progress=lambda *said: told.append(said), **more,
    )  # fmt: skip
    return p, told, seeds


def test_p_is_the_share_of_replicates_that_gain_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    gains = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
    p, told, seeds = p_value(gains, 7.0, monkeypatch, replicates=9)
    assert p == pytest.approx(4 / 10)
    assert told == [("testing 1 against 2 segments", 0.0), ("testing 1 against 2 segments", 8 / 9)]
    assert sorted(seeds) == [7 * 1_000_003 + b for b in range(9)]
    assert p_value([0.0] * 99, 1.0, monkeypatch)[0] == 0.01


def test_numbers_are_tested_up_to_the_first_that_adds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Candidate:
        blrt_p: float | None = None

        def model_copy(self, update: dict[str, float]) -> Candidate:
            copy = Candidate()
            copy.blrt_p = update["blrt_p"]
            return copy

    def after(*ps: float) -> list[float | None]:
        left = list(ps)
        monkeypatch.setattr(bootstrap, "bootstrap_lrt", lambda *given, **more: left.pop(0))
        chosen: Any = SimpleNamespace(candidates=[Candidate() for _ in range(4)], fits=[*range(4)])
        found = bootstrap.bootstrap_each({}, {}, chosen, FitOptions())
        return [one.blrt_p for one in found]

    assert after(0.01, 0.05, 0.06) == [None, 0.01, 0.05, 0.06]
    assert after(0.01, 0.06) == [None, 0.01, 0.06, None]
