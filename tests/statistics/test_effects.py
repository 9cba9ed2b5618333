"""Effect sizes by hand, and influences as the derivatives that they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.statistics.effects import (
    Z95,
    Effect,
    Moments,
    cohens_d,
    cohens_h,
    influence_on_d,
    influence_on_h,
)

Floats = NDArray[np.float64]


def moments(values: Floats, weights: Floats) -> Moments:
    seen = ~np.isnan(values)
    values, weights = values[seen], weights[seen]
    mean = float(np.average(values, weights=weights))
    variance = float(np.average((values - mean) ** 2, weights=weights))
    return Moments(float(weights.sum()), mean, variance, float(len(values)))


def test_the_interval_of_an_effect_has_four_decimals() -> None:
    interval = Effect(0.5, 0.123456).interval
    assert (interval.low, interval.high) == (0.258, 0.742)
    assert Effect(-0.25, 0.1).interval.low == -0.446
    assert Effect(0.123456, 0.0).interval.high == 0.1235


def test_an_error_that_is_none_is_not_taken() -> None:
    effect = Effect(0.5, 0.1)
    assert effect.with_error(0.3) == Effect(0.5, 0.3)
    assert effect.with_error(0.0) == effect.with_error(1e-9) == effect
    assert effect.with_error(1e-5) == Effect(0.5, 1e-5)


@pytest.mark.parametrize("sign", [1, -1])
def test_small_effects_are_not_worth_a_sentence(sign: int) -> None:
    assert Effect(sign * 0.2, 1.0).is_large
    assert not Effect(sign * 0.1999, 0.001).is_large
    assert not Effect(sign * 0.1999, 0.001).is_credible
    assert Effect(sign * 0.2, 0.1).is_credible
    assert not Effect(sign * 0.2, 0.11).is_credible
    assert not Effect(sign * Z95, 1.0).is_credible  # zero is in its interval


def test_the_difference_of_means_by_hand() -> None:
    effect = cohens_d(Moments(3.0, 5.0, 4.0, 30.0), Moments(1.0, 2.0, 8.0, 10.0))
    assert effect is not None
    d = 3 / math.sqrt(5.0)  # three of four customers vary by 4 and one by 8
    assert effect.value == pytest.approx(d)
    assert effect.error == pytest.approx(math.sqrt(40 / 300 + d * d / 80))


def test_there_is_no_difference_where_a_side_is_too_few_or_nothing_varies() -> None:
    some = Moments(3.0, 5.0, 4.0, 2.0)
    assert cohens_d(some, some) is not None
    for side in (Moments(3.0, 5.0, 4.0, 1.9), Moments(0.0, 5.0, 4.0, 30.0)):
        assert cohens_d(side, some) is None
        assert cohens_d(some, side) is None
    assert cohens_d(Moments(3.0, 7.0, 0.0, 9.0), Moments(2.0, 7.0, 0.0, 9.0)) is None
    assert cohens_d(Moments(3.0, 0.0, 0.0, 9.0), Moments(2.0, 0.0, 0.0, 9.0)) is None
    assert cohens_d(Moments(3.0, 7.0, math.inf, 9.0), Moments(2.0, 7.0, 0.0, 9.0)) is None
    # The same number for everybody, but for what adding up loses; a real difference is one.
    one = Moments(3.0, 1e6, 0.0, 9.0)
    for other in (1e6 + 1e-6, 1e6 - 1e-6, -1e6):
        effect = cohens_d(one, Moments(3.0, other, 0.0, 9.0))
        assert (effect is None) == (other > 0)
    for mean in (3.0, 300.0):
        steady = cohens_d(Moments(1.0, mean, 0.0, 9.0), Moments(2.0, 0.0, 0.0, 9.0))
        assert steady is not None
        assert steady.value == pytest.approx(100)


def test_the_difference_of_shares_by_hand() -> None:
    effect = cohens_h(0.75, 0.25, 100, 25)
    assert effect is not None
    assert effect.value == pytest.approx(math.pi / 3)
    assert effect.error == pytest.approx(math.sqrt(0.01 + 0.04))
    beyond = cohens_h(1 + 1e-12, -1e-12, 1, 1)
    assert beyond is not None
    assert beyond.value == pytest.approx(math.pi)
    for given in ((math.nan, 0.5, 9, 9), (0.5, math.nan, 9, 9), (0.5, 0.4, 0, 9), (0.5, 0.4, 9, 0)):
        assert cohens_h(*given) is None


def test_those_who_are_left_have_the_moments_of_a_table_of_them() -> None:
    rng = np.random.default_rng(1)
    values, weights = rng.normal(3, 2, 50), rng.uniform(0.5, 2, 50)
    part = np.arange(50) < 20
    rest = moments(values, weights).without(moments(values[part], weights[part]), 30.0)
    expected = moments(values[~part], weights[~part])
    assert (rest.weight, rest.n) == (pytest.approx(expected.weight), 30.0)
    assert (rest.mean, rest.variance) == pytest.approx((expected.mean, expected.variance))


def test_what_adding_up_loses_is_nobody_and_no_negative_variance() -> None:
    whole = Moments(10.0, 0.0, 1.0, 10.0)
    for gone in (10.0, 10.0 - 5e-9, 10.0 + 1e-9):
        nobody = whole.without(Moments(gone, 0.0, 1.0, 10.0), 3.0)
        assert (nobody.weight, nobody.n) == (0.0, 0.0)
        assert math.isnan(nobody.mean)
        assert math.isnan(nobody.variance)
    assert whole.without(Moments(10.0 - 1e-7, 0.0, 1.0, 9.0), 1.0).n == 1.0
    assert whole.without(Moments(5.0, 0.0, 2.0 + 1e-9, 5.0), 5.0).variance == 0.0
    nothing = Moments(0.0, math.nan, math.nan, 0.0)
    assert nothing.without(nothing, 0.0).weight == 0.0


def test_influence_on_d_is_what_a_little_weight_more_changes() -> None:
    rng = np.random.default_rng(2)
    values = np.append(rng.normal(2, 1.5, 9), np.nan)
    weights = rng.uniform(0.5, 2, (2, 10))  # in the group and in the rest
    group, rest = moments(values, weights[0]), moments(values, weights[1])
    effect = cohens_d(group, rest)
    assert effect is not None
    found = influence_on_d(values, group, rest, effect.value)
    for side in (0, 1):
        assert found[side].shape == (10, 1)
        for at in range(10):
            changed = weights.copy()
            changed[side, at] += 1e-6
            other = cohens_d(moments(values, changed[0]), moments(values, changed[1]))
            assert other is not None
            slope = (other.value - effect.value) / 1e-6
            assert found[side][at, 0] == pytest.approx(slope, abs=1e-4)


def test_nothing_has_influence_where_nothing_varies() -> None:
    steady = Moments(2.0, 3.0, 0.0, 9.0)
    for found in influence_on_d(np.array([3.0, np.nan]), steady, steady, 100.0):
        assert found.tolist() == [[0.0], [0.0]]


def test_influence_on_h_is_what_a_little_weight_more_changes() -> None:
    levels = np.array([0, 0, 1, 2, 2, 2])
    chosen = np.vstack([np.eye(3)[levels], np.full(3, np.nan)])
    weights = np.random.default_rng(3).uniform(0.5, 2, (2, 6))

    def shares(side: Floats) -> Floats:
        return side @ chosen[:6] / side.sum()

    sums = (float(weights[0].sum()), float(weights[1].sum()))
    found = influence_on_h(chosen, shares(weights[0]), shares(weights[1]), sums)
    for side, sign in ((0, 1), (1, -1)):
        assert found[side].shape == (7, 3)
        assert found[side][6].tolist() == [0, 0, 0]
        for at in range(6):
            changed = weights[side].copy()
            changed[at] += 1e-6
            angles = [2 * np.arcsin(np.sqrt(shares(w))) for w in (weights[side], changed)]
            slopes = sign * (angles[1] - angles[0]) / 1e-6
            np.testing.assert_allclose(found[side][at], slopes, atol=1e-4)


def test_influence_on_a_share_of_none_or_all_is_finite() -> None:
    edge = np.array([0.0, 1.0])
    inside, outside = influence_on_h(np.array([[1.0, 0.0]]), edge, edge, (2.0, 4.0))
    assert inside.tolist() == [[pytest.approx(0.5e6), pytest.approx(-0.5e6)]]
    assert outside.tolist() == [[pytest.approx(-0.25e6), pytest.approx(0.25e6)]]
