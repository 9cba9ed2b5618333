"""Sizes, bounds, intervals and pooling, against numbers that others published or compute."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

from forwhom.statistics.arms import apart, means_apart, restricted_variance, shares_apart
from forwhom.statistics.pooling import _likely_spread, heterogeneity, with_others
from forwhom.statistics.samplesizes import Design
from forwhom.statistics.sequential import bounds_of, chance_to_cross, p_of_looks, spent

FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)
Z = 1.959963984540054
#: Trials of a vaccine against tuberculosis: with it ill and well, without it ill and well (Colditz
#: et al. 1994), and what the package metafor for R computes of their logarithmic risk ratios.
TRIALS = np.array(
    [
        [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619],
        [33, 5036, 47, 5761], [180, 1361, 372, 1079], [8, 2537, 10, 619],
        [505, 87886, 499, 87892], [29, 7470, 45, 7232], [17, 1699, 65, 1600],
        [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
    ],
    dtype=float,
)  # fmt: skip


def test_bounds_are_those_of_the_published_tables() -> None:
    # Lan and DeMets (1983) and later textbooks; Jennison and Turnbull (2000) for two and three.
    assert bounds_of(0.025, FIVE) == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=6e-4)
    assert bounds_of(0.025, [1 / 3, 2 / 3, 1]) == pytest.approx([3.710, 2.511, 1.993], abs=6e-4)
    assert bounds_of(0.025, [0.5, 1]) == pytest.approx([2.963, 1.969], abs=6e-4)


def test_bounds_use_up_what_may_be_spent_also_where_looks_are_close() -> None:
    looks = [0.5, 0.52, 0.9]
    bounds = bounds_of(0.025, looks)
    assert chance_to_cross(bounds, looks, 0.0) == pytest.approx(spent(0.025, looks)[-1], rel=1e-6)
    over = bounds_of(0.025, looks, over=True)
    assert chance_to_cross(over, looks, 0.0) == pytest.approx(0.025, rel=1e-6)
    assert over[-1] < bounds[-1]
    assert over[:-1].tolist() == bounds[:-1].tolist()


def test_the_p_value_of_several_looks_is_the_least_alpha_that_gives_a_verdict() -> None:
    z = [1.0, 2.9, 2.2]
    looks = [0.4, 0.7, 1.0]
    p = p_of_looks(z, looks)
    assert any(np.array(z) >= bounds_of(1.01 * p / 2, looks))
    assert not any(np.array(z) >= bounds_of(0.99 * p / 2, looks))
    assert p_of_looks([Z], [1.0]) == pytest.approx(0.05)
    assert p_of_looks([Z], [0.6], over=True) == pytest.approx(0.05)
    assert p_of_looks([Z], [0.6]) > 0.05
    assert p_of_looks([40.0, 40.0], [0.5, 1.0]) <= 1e-12
    assert p_of_looks([0.0, 7.5], [0.5, 1.0]) == 1e-12  # the least that is told
    assert p_of_looks([0.0, 0.0], [0.5, 1.0]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 6
        ((56, 70, 48, 80), 0.0528, 0.3382),
        ((9, 10, 3, 10), 0.1700, 0.8406),
        ((6, 7, 2, 7), 0.0342, 0.8534),
        ((5, 56, 0, 29), -0.0326, 0.1933),
        ((0, 10, 0, 20), -0.1658, 0.2844),
        ((10, 10, 0, 20), 0.7156, 1.0),
    ],
)
def test_intervals_of_two_shares_are_the_published_ones(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = shares_apart(*counts).interval(Z)
    assert found == pytest.approx((low, high), abs=6e-5)


def test_the_score_of_no_difference_is_the_root_of_chi_square() -> None:
    one = shares_apart(30, 200, 18, 210)
    expected = stats.chi2_contingency([[30, 170], [18, 192]], correction=False)[0]
    assert one.z(0.0) ** 2 == pytest.approx(expected * 409 / 410, rel=1e-9)
    assert shares_apart(18, 210, 30, 200).z(0.0) == pytest.approx(-one.z(0.0))
    assert one.interval(math.inf) == (-1.0, 1.0)
    assert one.levels == (18 / 210, 30 / 200)


@pytest.mark.parametrize("gap", [-0.1, 0.0, 0.03, 0.4])
def test_the_variance_under_a_gap_is_that_of_the_likeliest_shares(gap: float) -> None:
    p1, n1, p0, n0 = 0.3, 120, 0.22, 300

    def unlikely(q0: float) -> float:
        parts = ((p1, n1, q0 + gap), (p0, n0, q0))
        return -sum(n * (p * math.log(q) + (1 - p) * math.log(1 - q)) for p, n, q in parts)

    ends = (max(0.0, -gap) + 1e-9, min(1.0, 1 - gap) - 1e-9)
    q0 = float(
        optimize.minimize_scalar(
            unlikely, bounds=ends, method="bounded", options={"xatol": 1e-10}
        ).x
    )
    expected = (q0 + gap) * (1 - q0 - gap) / n1 + q0 * (1 - q0) / n0
    assert restricted_variance(p1, n1, p0, n0, gap) == pytest.approx(expected, rel=1e-5)


def test_power_against_a_threshold_is_what_draws_of_shares_give() -> None:
    design = Design(0.85, 0.0, -0.10, None, (0.5, 0.5), 0.05)
    n = design.arms(design.customers(0.8))[0]
    drawn = np.random.default_rng(2).binomial(n, 0.85, (2, 3000))
    shown = [shares_apart(a, n, b, n).z(-0.10) > Z for a, b in drawn.T.tolist()]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.025)


@pytest.mark.parametrize("variances", [None, (1.0, 4.0)])
def test_power_at_the_threshold_is_the_chance_of_a_wrong_verdict(
    variances: tuple[float, float] | None,
) -> None:
    design = Design(0.10, 0.05, 0.05, variances, (0.5, 0.5), 0.05)
    assert design.power(400) == pytest.approx(0.025)


def test_power_where_nothing_varies_is_all_or_nothing() -> None:
    def power(threshold: float) -> float:
        return Design(0.0, 1.0, threshold, None, (0.5, 0.5), 0.05).power(4)

    assert (power(0.0), power(0.9)) == (1.0, 0.0)
    assert Design(0.0, 1.0, 0.0, None, (0.5, 0.5), 0.05).power(3) == 0.0  # one alone in an arm


def test_means_are_compared_as_by_welch() -> None:
    rng = np.random.default_rng(5)
    outcome = np.concatenate([rng.normal(10, 3, 25), rng.normal(11, 6, 40)])
    treated = np.arange(65) >= 25
    one = apart(outcome, treated, share=False)
    test = stats.ttest_ind(outcome[25:], outcome[:25], equal_var=False)
    interval = test.confidence_interval(0.95)
    assert one.value == pytest.approx(outcome[25:].mean() - outcome[:25].mean())
    assert 2 * stats.norm.sf(abs(one.z(0.0))) == pytest.approx(test.pvalue, rel=1e-8)
    assert one.interval(Z) == pytest.approx((interval.low, interval.high), rel=1e-8)
    assert one.n == (25, 40)


def test_what_never_varies_has_no_width() -> None:
    same = means_apart((2.0, 3.0), (0.0, 0.0), (10, 10))
    assert same.interval(Z) == (1.0, 1.0)
    assert same.z(0.0) > 30
    assert same.z(1.0) == 0.0


@pytest.mark.parametrize(
    ("design", "power", "per_arm"),
    [
        # Fleiss, Levin and Paik (2003), without correction for continuity.
        (Design(0.10, 0.05, 0.0, None, (0.5, 0.5), 0.05), 0.8, 686),
        (Design(0.60, 0.10, 0.0, None, (0.5, 0.5), 0.05), 0.9, 477),
        # Cohen (1988), table 2.4.1, and statsmodels' TTestIndPower: d = 0.2, 0.5, 0.8.
        (Design(0.0, 0.2, 0.0, (1.0, 1.0), (0.5, 0.5), 0.05), 0.8, 394),
        (Design(0.0, 0.5, 0.0, (1.0, 1.0), (0.5, 0.5), 0.05), 0.8, 64),
        (Design(0.0, 0.8, 0.0, (1.0, 1.0), (0.5, 0.5), 0.05), 0.8, 26),
    ],
)
def test_sizes_are_those_of_textbooks(design: Design, power: float, per_arm: int) -> None:
    customers = design.customers(power)
    assert design.arms(customers) == (per_arm, per_arm)
    assert design.power(customers) >= power > design.power(customers - 2)


def test_looks_cost_some_customers_and_fewer_effects_the_same_power() -> None:
    once = Design(0.1, 0.05, 0.0, None, (0.5, 0.5), 0.05)
    five = Design(0.1, 0.05, 0.0, None, (0.5, 0.5), 0.05, FIVE)
    # Jennison and Turnbull (2000), table 2.4: the inflation of O'Brien and Fleming's is 1.028.
    assert five.customers(0.8) / once.customers(0.8) == pytest.approx(1.028, abs=0.01)
    lower = Design(0.15, -0.05, 0.0, None, (0.5, 0.5), 0.05)
    assert lower.customers(0.8) == once.customers(0.8)
    uneven = Design(0.1, 0.05, 0.0, None, (0.8, 0.2), 0.05)
    assert uneven.customers(0.8) > 1.4 * once.customers(0.8)
    assert uneven.arms(1000) == (800, 200)


def test_heterogeneity_is_that_of_metafor() -> None:
    a, b, c, d = TRIALS.T
    values = np.log(a / (a + b)) - np.log(c / (c + d))
    errors = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    found = heterogeneity(values, errors)
    assert found.q == pytest.approx(152.2330, abs=1e-4)
    assert found.df == 12
    assert found.tau**2 == pytest.approx(0.3181, abs=1e-4)
    assert [x**2 for x in found.tau_interval] == pytest.approx([0.1197, 1.1115], abs=1e-4)
    assert found.i2_interval == pytest.approx((0.8192, 0.9768), abs=1e-4)
    alike = heterogeneity(np.array([1.0, 1.0, 1.1]), np.ones(3))
    assert (alike.tau, alike.i2) == (0.0, 0.0)
    assert alike.p > 0.9


def test_pooled_intervals_hold_what_they_say_also_for_the_odd_one_out() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([4.0, 0.0, 0.0, 0.0])
    held, widths = [], []
    for _ in range(250):
        drawn = truth + rng.normal(size=4)
        effects = [means_apart((0.0, y), (500.0, 500.0), (1000, 1000)) for y in drawn]
        found = with_others(effects)
        held.append([one.low <= t <= one.high for one, t in zip(found, truth, strict=True)])
        widths.append([one.high - one.low for one in found])
        assert all(one.low <= one.value <= one.high for one in found)
    for share in np.mean(held, axis=0):
        assert 0.91 < share < 0.99
    assert np.mean(widths, axis=0)[1:].max() < 3.92


def test_how_far_true_effects_lie_apart_is_the_mean_over_all_parts_of_sampling() -> None:
    values, variances = np.array([0.0, 1.0, 3.0]), np.array([0.25, 1.0, 4.0])
    typical = 3 / (1 / variances).sum()
    part = (np.arange(400) + 0.5) / 400
    spread = typical * (1 - part) / part
    means = np.linspace(-60, 60, 6001)
    chances = np.ones((len(part), len(means)))
    for value, variance in zip(values, variances, strict=True):
        chances *= stats.norm.pdf(value, means, np.sqrt(variance + spread)[:, None])
    weights = chances.sum(axis=1)
    expected = float(weights @ part / weights.sum())
    found = _likely_spread(values, variances)
    assert typical / (typical + found) == pytest.approx(expected, abs=0.005)


def test_pooling_draws_what_agrees_together_and_leaves_what_is_sure() -> None:
    def drawn(values: list[float], variance: float) -> list[float]:
        effects = [means_apart((0.0, y), (variance, variance), (1000, 1000)) for y in values]
        return [one.value for one in with_others(effects)]

    near = drawn([0.0, 1.0, 0.5], 500.0)
    assert max(near) - min(near) < 0.4
    assert sum(near) == pytest.approx(1.5)
    sure = drawn([0.0, 10.0, 5.0], 0.5)
    assert sure == pytest.approx([0.0, 10.0, 5.0], abs=0.05)
    two = drawn([0.0, 1.0], 500.0)
    assert 0 < two[0] < two[1] < 1
