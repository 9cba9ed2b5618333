"""Intervals of skewed numbers: what few large values leave to be known."""

import numpy as np
import pytest

from forwhom.statistics.effects import Z95
from forwhom.statistics.skewness import Tail, reach, widened


def test_an_error_that_few_make_is_widened() -> None:
    even, one = np.ones(100), np.r_[np.full(99, 0.01), 1.0]
    assert widened(even) == 1.0
    # One customer alone: the fewest degrees of freedom, two.
    assert widened(one) == pytest.approx(4.303 / 1.96, rel=0.05)
    copies = np.repeat([0.5, 1.0, 3.0], [20, 30, 2])
    times = np.array([20.0, 30.0, 2.0])
    assert widened(np.array([0.5, 1.0, 3.0]), times) == pytest.approx(widened(copies))


def test_the_error_of_few_normal_numbers_is_that_of_student() -> None:
    five = np.array([-1.0, -1.0, 0.0, 1.0, 1.0])
    assert widened(five, n=5) == pytest.approx(np.sqrt(5 / 4) * 2.776 / 1.96, rel=1e-3)


def test_an_interval_reaches_as_far_both_ways_unless_values_are_skewed() -> None:
    even = np.array([-2.0, -1.0, 1.0, 2.0] * 200)
    assert reach(even) == pytest.approx((Z95, Z95), rel=0.01)
    assert reach(np.zeros(4)) == pytest.approx((Z95, Z95))
    skewed = np.random.default_rng(2).exponential(1, 200)
    skewed -= skewed.mean()
    down, up = reach(skewed)
    assert down < Z95 < up
    # Turned round, it reaches as far the other way.
    assert reach(-skewed) == pytest.approx((up, down))
    copies = np.repeat(skewed, 3)
    assert reach(skewed, np.full(200, 3.0)) == pytest.approx(reach(copies))


def test_a_tail_is_looked_for_only_where_few_members_are_spread() -> None:
    amounts = np.random.default_rng(3).lognormal(0, 1.5, 1000)
    assert Tail.of(amounts, np.ones(1000), 1000.0) is None  # they show it
    few = amounts[:40]
    tail = Tail.of(few, np.ones(40), 40.0)
    assert tail is not None
    # The mean of a log-normal number with the median and the spread of the upper half.
    logs = np.log(few)
    upper = logs[logs >= np.sort(logs)[19]] - np.sort(logs)[19]
    expected = np.sort(logs)[19] + np.mean(upper**2) / 2 - np.log(few.mean())
    assert tail.above == pytest.approx(expected)
    spread = np.mean(upper**2)
    variance = np.pi / 2 * spread / 40 + spread**2 / (2 * len(upper))
    assert tail.variance == pytest.approx(variance)
    assert tail.end(0.1) > tail.end() > tail.above
    assert Tail.of(np.full(40, 3.0), np.ones(40), 40.0) is None  # all the same
    assert Tail.of(np.zeros(40), np.ones(40), 40.0) is None


def test_zeros_and_weights_are_no_other_tail() -> None:
    few = np.random.default_rng(4).lognormal(0, 1.5, 40)
    one = Tail.of(few, np.ones(40), 40.0)
    heavy = Tail.of(few, np.full(40, 7.0), 40.0)
    zeros = Tail.of(np.r_[few, np.zeros(40)], np.ones(80), 80.0)
    assert one is not None
    assert heavy is not None
    assert zeros is not None
    assert (heavy.above, heavy.variance) == pytest.approx((one.above, one.variance))
    # Half of them spend nothing: the same beside their mean, and less sure.
    assert zeros.above == pytest.approx(one.above)
    assert zeros.variance == pytest.approx(one.variance + 1 / 80)
