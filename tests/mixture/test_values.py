"""What columns can be, how rows are drawn, what is left over and who is like nobody, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from forwhom.errors import DataError
from forwhom.mixture import Column, coding
from forwhom.mixture.novelty import _low_quantile
from forwhom.mixture.residuals import _pearson, _without_few
from forwhom.mixture.sampling import draw_rows
from forwhom.mixture.scoring import _softmax, one_hot
from forwhom.mixture.starts import _sphere
from forwhom.mixture.values import (
    is_count,
    is_not_negative,
    level_column,
    number_column,
    row_blocks,
    row_count,
)


def cells(codes: list[int], probs: list[list[float]]) -> Any:
    return SimpleNamespace(codes=np.array(codes), probs=np.array(probs))


def test_a_residual_is_chi_squared_by_degrees_of_freedom() -> None:
    a = cells([0, 0, 1, 1, -1, 0], [[0.5, 0.5]])
    b = cells([0, 0, 1, 1, 0, -1], [[0.5, 0.5]])
    assert _pearson(a, b, np.ones(1), np.ones(6), 1) == pytest.approx(4.0)
    weights = np.array([2.0, 1, 1, 2, 9, 9])
    assert _pearson(a, b, np.ones(1), weights, 1) == pytest.approx(6.0)
    three = cells([0, 0, 1, 2, -1, 0], [[0.5, 0.25, 0.25]])
    expected = (1**2 / 1 + 1**2 / 1 + 4 * 0.5**2 / 0.5) / 2
    assert _pearson(three, b, np.ones(1), np.ones(6), 1) == pytest.approx(expected)
    impossible = cells([0, 0, 1, 1, -1, 0], [[1.0, 0.0]])
    assert _pearson(impossible, b, np.ones(1), np.ones(6), 1) == pytest.approx(2.0)
    assert (
        _pearson(cells([0, 0], [[1.0]]), cells([0, 1], [[0.5, 0.5]]), np.ones(1), np.ones(2), 1)
        == 0
    )
    nobody = cells([-1, -1], [[0.5, 0.5]])
    assert _pearson(nobody, cells([0, 1], [[0.5, 0.5]]), np.ones(1), np.ones(2), 1) == 0.0


def test_cells_of_few_count_as_what_is_expected() -> None:
    people = np.array([3, 20, 17, 0, 12, 15])
    observed, expected = people.astype(float), np.array([6.0, 20, 20, 0.1, 20, 20])
    told = _without_few(observed, expected, people, 2, 10)
    assert told.tolist() == [6.0, 20, 17, 0, 12, 15]
    assert _without_few(observed, np.array([30.0, *expected[1:]]), people, 2, 10)[0] == 9.5
    assert _without_few(observed, np.array([0.1, *expected[1:]]), people, 2, 10)[0] == 0.5
    four = np.array([30, 12, 3, 20])
    turned = _without_few(four.astype(float), np.array([25.0, 17, 8, 15]), four, 1, 10)
    assert turned.tolist() == [25.0, 17, 8, 15]
    first = np.array([3, 12, 30, 20])
    turned = _without_few(first.astype(float), np.array([5.0, 10, 28, 22]), first, 1, 10)
    assert turned.tolist() == [5.0, 10, 28, 22]
    enough = np.array([10, 12, 30, 20])
    assert _without_few(enough.astype(float), np.ones(4), enough, 1, 10).tolist() == [
        10,
        12,
        30,
        20,
    ]
    rounded = _pearson(
        cells([0] * 20 + [1] * 20, [[0.5, 0.5]]), cells([0] * 15 + [1] * 25, [[0.4, 0.6]]),
        np.ones(1), np.ones(40), 5,
    )  # fmt: skip
    assert rounded == float(f"{rounded:.1e}")


def test_what_numbers_can_be() -> None:
    values = np.array([-1.0, 0.0, 0.5, 2.0, np.nan, np.inf, 1e300])
    assert is_not_negative(values).tolist() == [False, True, True, True, False, False, False]
    assert is_count(values).tolist() == [False, True, False, True, False, False, False]


def test_columns_of_another_kind_and_length_are_refused() -> None:
    levels = Column("l", np.zeros(3, np.int32), ("a",))
    columns = {"x": Column("x", np.arange(2.0)), "l": levels}
    assert number_column(columns, "no") is None
    assert level_column(columns, "no") is None
    assert level_column(columns, "l") is levels
    with pytest.raises(DataError, match="'l' holds levels, but the segmentation was made with"):
        number_column(columns, "l")
    with pytest.raises(DataError, match="'x' holds numbers, but the segmentation was made with"):
        level_column(columns, "x")
    with pytest.raises(DataError, match="'x' has 2 rows, but 'l' has 3"):
        row_count(columns)
    with pytest.raises(DataError, match="There is no column to score"):
        row_count({})
    assert row_count({"l": levels}) == 3
    assert [(s.start, s.stop) for s in row_blocks(16_384 + 5)] == [(0, 16_384), (16_384, 16_389)]
    assert [(s.start, s.stop) for s in row_blocks(16_384)] == [(0, 16_384)]


def test_probabilities_are_zero_where_no_segment_gives_a_chance() -> None:
    logs = np.array([[0.0, -np.inf, 1000.0], [np.log(3), -np.inf, 1000.0]])
    assert _softmax(logs) == pytest.approx(np.array([[0.25, 0, 0.5], [0.75, 0, 0.5]]))
    assert one_hot(np.array([2, 0, 1], np.int32), 2).tolist() == [[0, 1], [0, 0], [1, 0]]


def test_hashes_of_rows_stay_between_versions() -> None:
    codes = np.array([[0, 1], [1, 0], [0, 1]], dtype=np.int64)
    bits = np.array([[1.5, 1.5, 1.5]]).view(np.uint64)
    found = coding.hash_rows(codes, bits)
    assert [int(x) for x in found] == [
        14035145880134387224,
        5193824238737609401,
        14035145880134387224,
    ]


def design(weights: list[float], n: int) -> Any:
    own = np.array(weights) if weights else np.empty(0)
    return SimpleNamespace(weights=own, row_weights=own if weights else np.ones(n))


def test_rows_are_drawn_by_their_hashes() -> None:
    hashes = np.array([50, 10, 40, 20, 30], dtype=np.uint64)
    index, own = draw_rows(design([], 5), 3, hashes)
    assert (index.tolist(), own) == ([1, 3, 4], None)
    index, own = draw_rows(design([], 5), 5, hashes)
    assert (index.tolist(), own) == ([1, 3, 4, 2, 0], None)
    index, own = draw_rows(design([1.0, 0, 2, 0, 1], 5), 3, hashes)
    assert (index.tolist(), own) == ([4, 2, 0], None)


def test_heavy_rows_are_drawn_for_certain() -> None:
    half = np.uint64(2**63)
    hashes = np.array(
        [half, half + np.uint64(1), np.uint64(2**62), half + np.uint64(2)], dtype=np.uint64
    )
    # Priorities are 2, 200, 4 and 6: the third largest is the threshold of the others.
    index, own = draw_rows(design([1.0, 100.0, 1.0, 3.0], 4), 2, hashes)
    assert index.tolist() == [1, 3]
    assert own is not None
    drawn = np.array([100.0, 4.0])
    assert own == pytest.approx(drawn * drawn.sum() / (drawn**2).sum(), rel=1e-6)


def test_sphered_values_have_no_correlations() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(50, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]]) + 7
    assert np.cov(_sphere(values).T, bias=True) == pytest.approx(np.eye(2), abs=1e-9)


def test_the_threshold_is_a_low_quantile_of_the_best_fits() -> None:
    best = -np.arange(1_000.0)
    assert _low_quantile(best, np.ones(1_000), 0.01, 0.5) == -989.0
    assert _low_quantile(np.empty(0), np.empty(0), 0.01, 0.5) == -3.0
    # Ten customers do not show one in a hundred: it lies as far on as densities fall off.
    few = _low_quantile(-np.arange(10.0), np.ones(10), 0.01, 0.25)
    assert few == pytest.approx(-9 - math.log(10) / 0.5)
    heavy = np.where(np.arange(1_000) == 999, 500.0, 1.0)
    size = heavy.sum() ** 2 / (heavy**2).sum()
    assert _low_quantile(best, heavy, 0.01, 4.0) == pytest.approx(
        -999 - math.log(1 / (size * 0.01)) / 2
    )
    assert _low_quantile(np.full(3, -1e9), np.ones(3), 0.01, 1.0) == -5e5
