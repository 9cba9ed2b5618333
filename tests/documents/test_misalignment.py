"""Classes, conflict, severity: by hand, and what must always hold; the linter says the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwhom.documents.canvas.ratings import Rating, Thresholds
from forwhom.documents.misalignment import class_of, conflict, level_of, medians, opposition, risks

values = st.lists(st.integers(-10, 10).map(lambda v: v / 2), min_size=2, max_size=5)


def found(*medians: float, thresholds: Thresholds | None = None) -> str:
    return class_of(medians, thresholds or Thresholds())


def severity(*medians: float, importance: float = 1.0, power: list[float] | None = None) -> float:
    powers = power or [1.0] * len(medians)
    names = [str(i) for i in range(len(medians))]
    said, can = (dict(zip(names, v, strict=True)) for v in (medians, powers))
    return opposition(said, importance, can).severity


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
    there, back = (conflict(max(side), min(side)) for side in (medians, mirrored))
    assert there == back
    assert 0 <= there <= 1


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


def test_who_is_opposed_least_wants_it_among_equals() -> None:
    assert opposition({"a": 5, "b": -4, "c": -5}, None, {"a": 1, "b": 1, "c": 0.8}).segment == "b"
    assert opposition({"a": 5, "b": -5, "c": -5}, None, {"a": 1, "b": 1, "c": 1}).segment == "b"


def test_power_weighs_the_risk_for_adoption_and_never_the_harm() -> None:
    power = {"ministry": 1.0, "nurses": 1.0, "caregivers": 0.2}
    said = {"ministry": 5.0, "nurses": 3.0, "caregivers": -5.0}
    found = risks(said, None, power, {"caregivers"})
    assert found.adoption == ("caregivers", pytest.approx(0.2))
    assert found.sustainability == ("caregivers", 1.0) == found.heavier
    assert risks(said, None, power, ()).sustainability is None
    # Nobody harms those who want it most; that the buyer is against it is a risk for adoption.
    turned = risks({"ministry": -5.0, "caregivers": 5.0}, 0.8, power, {"caregivers"})
    assert turned.sustainability == ("caregivers", 0.0)
    assert turned.heavier == ("ministry", 0.8)


def rating(rater: str, segment: str, value: float, mode: str = "proxy", turn: int = 1) -> Rating:
    return Rating.model_validate(
        {"rater": rater, "mode": mode, "segment": segment, "item": "i", "value": value,
         "round": turn}
    )  # fmt: skip


def test_a_later_round_replaces_only_what_was_rated_again() -> None:
    said = [rating("x", "a", 5), rating("x", "b", -4), rating("x", "b", 3, turn=2)]
    assert medians(said) == {"i": {"a": 5, "b": 3}}


def test_members_count_alone_where_two_of_them_rated_and_keep_their_round() -> None:
    team = [rating("x", "a", 5), rating("x", "a", 4, turn=2)]
    one = [*team, rating("m", "a", 0, "direct")]
    assert medians(one) == {"i": {"a": 2}}
    assert medians([*one, rating("n", "a", 1, "direct")]) == {"i": {"a": 0.5}}
