"""The population stability index: its bias taken off, its test and its interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.evidence.composition import index_of_sizes, stability_index
from forwhom.evidence.transitions import transitions_of
from forwhom.statistics.multiplicity import any_of, holm

SHARES = np.array([0.4, 0.3, 0.2, 0.1])
OTHER = np.array([0.3, 0.3, 0.25, 0.15])


def indexes(truth: np.ndarray, n: int, m: int, times: int) -> list:
    rng = np.random.default_rng(3)
    return [
        stability_index(rng.multinomial(n, SHARES) / n, rng.multinomial(m, truth) / m, n, m)
        for _ in range(times)
    ]


@pytest.mark.parametrize(("n", "m"), [(200, 200), (1000, 300)])
def test_of_the_same_customers_the_index_is_zero_on_average(n: int, m: int) -> None:
    found = indexes(SHARES, n, m, 250)
    error = 1 / n + 1 / m
    assert np.mean([one.raw for one in found]) == pytest.approx(3 * error, rel=0.2)
    assert abs(np.mean([one.value for one in found])) < 0.6 * error
    assert np.mean([one.p < 0.05 for one in found]) == pytest.approx(0.05, abs=0.035)


def test_the_interval_holds_the_truth() -> None:
    truth = float(((SHARES - OTHER) * np.log(SHARES / OTHER)).sum())
    found = indexes(OTHER, 800, 800, 150)
    assert np.mean([one.low <= truth <= one.high for one in found]) == pytest.approx(0.95, abs=0.04)
    assert np.mean([one.value for one in found]) == pytest.approx(truth, rel=0.1)


def test_sizes_that_are_known_less_well_have_a_wider_index() -> None:
    spread = np.diag(SHARES) - np.outer(SHARES, SHARES)
    plain = index_of_sizes(SHARES, OTHER, spread * 0.002, 0.01)
    direct = stability_index(SHARES, OTHER, 1000, 1000)
    assert plain.value == pytest.approx(direct.value, rel=0.05)
    assert (plain.low, plain.high) == pytest.approx((direct.low, direct.high), rel=0.1)
    wide = index_of_sizes(SHARES, OTHER, spread * 0.02, 0.4)
    assert wide.high - wide.low > 2 * (plain.high - plain.low)
    assert plain.verdict(0.01) == "changed"
    assert wide.verdict(0.4) == "unknown"


def test_several_p_values_hold_together() -> None:
    assert holm([0.04, 0.001, 0.03]) == pytest.approx([0.06, 0.003, 0.06])
    assert any_of([0.0127, 0.9, 0.5, 0.7]) == pytest.approx(0.05, abs=1e-3)


def test_transitions_hide_few_and_count_who_came_and_left() -> None:
    rng = np.random.default_rng(1)
    ids, before = np.arange(300), rng.choice([1, 2], 300)
    now_ids = np.r_[np.arange(40, 300), np.arange(1000, 1050)]
    now = np.r_[before[40:], np.ones(50, int)]
    now[:3] = 3 - now[:3]  # three go elsewhere
    found = transitions_of(pa.array(ids), before, pa.array(now_ids), now, k=2, threshold=10)
    assert found is not None
    assert found.both == 260
    assert found.new[0] == 50
    cells = [n for row in (*found.table, found.new, found.left) for n in row if n]
    assert min(cells) >= 10
    assert None in found.table[0]
    assert found.stayed is None
    assert found.by_chance is None
    assert transitions_of(pa.array([1]), np.ones(1, int), pa.array([2]), np.ones(1, int),
                          k=2, threshold=10) is None  # fmt: skip


@pytest.mark.parametrize(
    ("lasting", "stayed", "fleeting"), [(1.0, 1.0, False), (0.0, 0.5, True), (0.5, 0.75, False)]
)
def test_who_stayed_is_held_against_chance(lasting: float, stayed: float, fleeting: bool) -> None:
    n = 4_000
    rng = np.random.default_rng(1)
    before = rng.integers(1, 3, n)
    now = np.where(rng.random(n) < lasting, before, rng.integers(1, 3, n))
    ids = pa.array(np.arange(n))
    found = transitions_of(ids, before, ids, now, k=2, threshold=10)
    assert found is not None
    assert found.by_chance == 0.5
    assert found.stayed == pytest.approx(stayed, abs=0.03)
    assert found.fleeting is fleeting


def test_memberships_at_half_are_called_fleeting_as_often_as_they_should() -> None:
    rng = np.random.default_rng(2)
    called = 0
    for _ in range(400):
        before = rng.integers(1, 3, 400)
        now = np.where(rng.random(400) < 0.5, before, rng.integers(1, 3, 400))
        found = transitions_of(pa.array(np.arange(400)), before, pa.array(np.arange(400)), now,
                               k=2, threshold=10)  # fmt: skip
        assert found is not None
        called += found.fleeting
    assert called / 400 <= 0.05
