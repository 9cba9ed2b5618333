"""Classes, conflict, severity: by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwhom.alignment.classes import CLASSES, classify, extremes, level_of, weighed
from forwhom.documents.canvas.ratings import Thresholds

values = st.lists(st.integers(-10, 10).map(lambda v: v / 2), min_size=2, max_size=5)


def found(*medians: float, thresholds: Thresholds | None = None) -> str:
    sides = extremes(np.array(medians)[None, :, None], np.ones((1, len(medians)), bool))
    return CLASSES[classify(sides, thresholds or Thresholds())[0, 0]]


def conflict(*medians: float) -> float:
    sides = extremes(np.array(medians)[None, :, None], np.ones((1, len(medians)), bool))
    return float(sides.conflict[0, 0])


def severity(*medians: float, importance: float = 1.0, power: list[float] | None = None) -> float:
    powers = np.array(power or [1.0] * len(medians))
    rated = np.ones((1, len(medians)), bool)
    table = np.array(medians)[None, :, None]
    return float(weighed(table, rated, np.array([importance]), powers).max())


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        ((0, -3, 0), "unwanted"),
        ((0, 0), "unwanted"),
        ((-5, -5), "unwanted"),
        ((2, -2), "misaligned"),
        ((0.5, -0.5), "misaligned"),
        ((0, -5, 1), "misaligned"),
        ((5, 0), "sufficient"),
        ((5, 3), "strong"),
        ((5, 2.5), "sufficient"),
        ((3, 3, 5), "strong"),
        ((1, 0), "sufficient"),
    ],
)
def test_the_class_by_hand(medians, expected) -> None:
    assert found(*medians) == expected


def test_a_wide_gap_is_misaligned_also_without_opposite_signs() -> None:
    assert found(5, 0, thresholds=Thresholds(misaligned_gap=5)) == "misaligned"
    assert found(5, 0.5, thresholds=Thresholds(misaligned_gap=5)) == "sufficient"


def test_what_remains_when_sufficient_asks_for_more_is_weak() -> None:
    assert found(4, 0.5, thresholds=Thresholds(sufficient=1)) == "weak"
    assert found(4, 1, thresholds=Thresholds(sufficient=1)) == "sufficient"


def test_the_same_gap_with_and_without_conflict() -> None:
    assert conflict(5, 1) == 0
    assert conflict(2, -2) == pytest.approx(0.4)
    assert conflict(5, -5) == 1


@given(values)
def test_conflict_has_no_side(medians) -> None:
    mirrored = [-m for m in medians]
    assert conflict(*medians) == conflict(*mirrored)
    assert 0 <= conflict(*medians) <= 1


@given(values, st.floats(0, 1), st.floats(0, 1))
def test_severity_grows_with_importance_and_power(medians, importance, power) -> None:
    whole = severity(*medians)
    powers = [power] * len(medians)
    assert severity(*medians, importance=importance, power=powers) == pytest.approx(
        whole * importance * power
    )
    high, low = max(medians), min(medians)
    expected = max(min(max(high, 0), max(-low, 0)) / 5, (high - low) / 10)
    assert whole == pytest.approx(expected)


@given(values)
def test_order_and_copies_of_segments_change_nothing(medians) -> None:
    assert found(*medians) == found(*reversed(medians)) == found(*medians, *medians)


def test_the_opposition_of_the_powerful_counts() -> None:
    # The segment that is most against it has no say; the next one has.
    assert severity(5, -1, -4, power=[1.0, 1.0, 0.1]) == pytest.approx(0.6)
    assert severity(5, -4, power=[1.0, 0.25]) == pytest.approx(0.9 * 0.25)


def test_levels() -> None:
    limits = Thresholds(medium=0.2, high=0.5)
    assert [level_of(v, limits) for v in (0.0, 0.19, 0.2, 0.5, 1.0)] == [
        "low", "low", "medium", "high", "high",
    ]  # fmt: skip


def test_a_replicate_without_a_segment_has_no_class() -> None:
    medians = np.array([[[4.0, np.nan], [4.0, 4.0], [np.nan, np.nan]]])
    rated = np.array([[True, True, False]])
    codes = classify(extremes(medians, rated), Thresholds())
    assert codes.tolist() == [[CLASSES.index("strong"), -1]]
    none = classify(extremes(medians, np.zeros((1, 3), bool)), Thresholds())
    assert none.tolist() == [[-1, -1]]
