"""Shares side by side: differences, ratios and associations with their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from forwhom.statistics.rates import Rate, association, difference, ratio, wilson


def test_wilsons_interval_is_the_published_one() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_a_difference_of_shares_has_the_published_interval() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    found = difference(Rate(56 / 70, 70), Rate(48 / 80, 80))
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert difference(Rate(9 / 10, 10), Rate(3 / 10, 10))[1:] == pytest.approx(
        (0.1705, 0.8090), abs=5e-5
    )


def test_a_difference_turned_round_is_its_negative() -> None:
    one, other = Rate(0.3, 40), Rate(0.5, 90)
    d, low, high = difference(one, other)
    assert difference(other, one) == pytest.approx((-d, -high, -low))


def test_a_ratio_turned_round_is_its_inverse() -> None:
    one, other = Rate(0.3, 40), Rate(0.5, 90)
    r, low, high = ratio(one, other)
    assert low < r < high
    assert ratio(other, one) == pytest.approx((1 / r, 1 / high, 1 / low))


def test_a_ratio_with_nobody_chosen_says_how_little_is_known() -> None:
    none, some = Rate(0.0, 50), Rate(0.5, 50)
    times, low, high = ratio(none, some)
    assert (times, low) == (0.0, 0.0)
    assert high == pytest.approx(wilson(0.0, 50)[1] / wilson(0.5, 50)[0])
    assert ratio(some, none)[0] == math.inf
    assert ratio(some, none)[2] == math.inf
    assert math.isnan(ratio(none, none)[0])


def test_cramers_v_is_that_of_the_chi_square_statistic() -> None:
    table = np.array([[30.0, 10.0, 5.0], [12.0, 22.0, 40.0]])
    v, low, high = association(table)
    chi2 = chi2_contingency(table, correction=False).statistic
    assert v == pytest.approx(math.sqrt(chi2 / table.sum()))
    assert low < v < high


def test_cramers_v_leaves_out_lines_with_nobody() -> None:
    table = np.array([[30.0, 0.0, 10.0], [10.0, 0.0, 30.0], [0.0, 0.0, 0.0]])
    assert association(table) == association(np.array([[30.0, 10.0], [10.0, 30.0]]))


@pytest.mark.parametrize("table", [np.zeros((2, 2)), np.array([[5.0, 7.0]]), np.zeros((0, 3))])
def test_one_line_has_no_association(table) -> None:
    assert all(math.isnan(x) for x in association(table))


def test_independence_has_a_lower_end_of_none_and_an_upper_one_that_falls_with_n() -> None:
    even = np.array([[25.0, 25.0], [25.0, 25.0]])
    v, low, few = association(even)
    assert (v, low) == (0.0, 0.0)
    assert association(100 * even)[2] < few


def test_the_interval_of_v_covers_the_true_one() -> None:
    rng = np.random.default_rng(7)
    cells = np.array([[0.2, 0.1], [0.15, 0.15], [0.1, 0.3]])
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0))
    true = math.sqrt(((cells - expected) ** 2 / expected).sum())
    held = 0
    for _ in range(300):
        _, low, high = association(rng.multinomial(400, cells.ravel()).reshape(3, 2).astype(float))
        held += low <= true <= high
    assert 0.91 <= held / 300 <= 0.985
