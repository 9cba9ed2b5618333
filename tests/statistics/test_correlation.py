"""Correlations of all pairs at once are those of each pair alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from forwhom.statistics.correlation import correlations, midranks, ranks

tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(
            st.one_of(st.integers(0, 5).map(float), st.just(float("nan"))),
            min_size=width,
            max_size=width,
        ),
        min_size=1,
        max_size=25,
    )
)


def of_a_pair(a: np.ndarray, b: np.ndarray) -> float:
    """The definition, over the rows that both have."""
    both = ~(np.isnan(a) | np.isnan(b))
    if both.sum() < 3:
        return 0.0
    a, b = a[both] - a[both].mean(), b[both] - b[both].mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 1e-9 else 0.0


@settings(max_examples=60)
@given(tables)
def test_all_pairs_at_once_are_each_pair_alone(table) -> None:
    ranked = np.array([ranks(column) for column in np.array(table).T])
    found = correlations(ranked)
    for i, a in enumerate(ranked):
        for j, b in enumerate(ranked):
            assert found[i, j] == pytest.approx(of_a_pair(a, b), abs=1e-9)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 5), min_size=4, max_size=30).filter(lambda x: len(set(x)) > 1))
def test_rank_correlation_agrees_with_scipy(values) -> None:
    x = np.array(values, dtype=float)
    y = np.roll(x, 1) + x
    if len(set(y)) > 1:
        found = correlations(np.array([ranks(x), ranks(y)]))
        assert found[0, 1] == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)


def test_no_order_of_rows_changes_a_digit() -> None:
    rng = np.random.default_rng(1)
    values = np.round(rng.normal(size=(6, 20_000)), 1)
    values[rng.random(values.shape) < 0.1] = np.nan
    ranked = np.array([ranks(row) for row in values])
    order = rng.permutation(20_000)
    assert np.array_equal(correlations(ranked), correlations(ranked[:, order]))


def test_nothing_moves_with_a_constant_or_with_two_rows() -> None:
    values = np.array([[1, 2, 3, 4], [7, 7, 7, 7], [np.nan, np.nan, 1, 2]], dtype=float)
    found = correlations(values)
    assert (found[0, 1], found[0, 2], found[1, 1], found[2, 2]) == (0, 0, 0, 0)


def test_pairs_with_a_missing_value_count_as_unmoved() -> None:
    values = np.array([[1.0, 2.0, 3.0, np.nan], [6.0, 4.0, 2.0, 1.0], [1.0, 1.0, 1.0, 5.0]])
    assert correlations(values)[0].tolist() == [1.0, -1.0, 0.0]


def test_ranks_count_from_one_and_leave_out_what_is_not_finite() -> None:
    found = ranks(np.array([5.0, np.nan, 1.0, 5.0, np.inf]))
    np.testing.assert_array_equal(found, [2.5, np.nan, 1.0, 2.5, np.nan])


def test_the_share_below_counts_half_of_the_equals() -> None:
    values, weights = np.array([3.0, 1.0, np.nan, 3.0, 2.0]), np.array([1.0, 2.0, 9.0, 3.0, 2.0])
    found = midranks(values, weights)
    np.testing.assert_allclose(found, [0.75, 0.125, np.nan, 0.75, 0.375])
    assert midranks(values, 1e-3 * weights)[0] == pytest.approx(0.75)
    assert midranks(np.array([1.0, 2.0]), np.zeros(2)).tolist() == [0, 0]
