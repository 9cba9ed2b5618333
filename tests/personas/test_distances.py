"""Sizes, repetitions, outliers and typical members by hand, on and beside each bound."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas.contrasts import Contrast, distinction, effects_on_shares, farther, is_average
from forwhom.personas.duplicates import Said, drop_repetitions
from forwhom.personas.outliers import settled
from forwhom.personas.sizes import certainty, size, wilson
from forwhom.personas.summaries import summarize_levels, summarize_numbers, weighted_quantiles
from forwhom.personas.typical import (
    _level_distance,
    _median,
    _mode,
    _nearest,
    _number_distance,
)
from forwhom.personas.typing_tool import _Half
from forwhom.statistics.dominance import pulled_in, tamed
from forwhom.statistics.effects import Effect
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]


def placed(segments: list[int], weights: Floats | None = None, k: int | None = None) -> Membership:
    """Return customers who are surely in these segments, from 0."""
    return Membership.of(np.eye(k or max(segments) + 1)[segments], weights)


def number(measure: str = "continuous", **more: Any) -> Variable:
    return Variable.model_validate(
        {"name": "x", "label": "X", "measure": measure, "use": "active", **more}
    )


def test_wilsons_interval_by_hand() -> None:
    low, high = wilson(0.2, 50)
    z = 1.959963984540054
    middle, half = 0.2 + z * z / 100, z * np.sqrt(0.2 * 0.8 / 50 + z * z / 10_000)
    assert (low, high) == pytest.approx(
        tuple(np.array([middle - half, middle + half]) / (1 + z * z / 50))
    )
    assert wilson(0.5, 0.9e-9) == (0.0, 1.0)
    assert wilson(0.5, 2e-9) != (0.0, 1.0)


def test_a_size_is_worth_as_many_sure_customers_as_have_its_variance() -> None:
    weights = np.array([1.0, 1, 2, 2])
    sure = Membership.of(np.eye(2)[[0, 1, 0, 1]], weights)
    assert sure.worth[0] == pytest.approx(36 / 10)
    unsure = Membership.of(np.array([[0.9, 0.1], [0.1, 0.9], [0.5, 0.5], [0.5, 0.5]]), weights)
    spread = (2 * 0.4**2) / 6
    assert unsure.worth[0] == pytest.approx(3.6 * spread / 0.25)
    alone = Membership.of(np.eye(2)[[0, 0, 0, 0]], weights)
    assert alone.worth == pytest.approx([3.6, 3.6])
    share, interval = size(sure, 0)
    assert share == 0.5
    assert (interval.low, interval.high) == pytest.approx(wilson(0.5, 3.6), abs=1e-6)
    assert size(Membership.of(np.eye(2)[[0, 1]], np.zeros(2)), 0)[0] == 0.0
    assert size(Membership.of(np.ones((3, 1))), 0)[1].low == 1.0
    nearly = Membership.of(np.array([[1.0], [1.0], [0.0]]))
    assert size(nearly, 0)[0] == pytest.approx(2 / 3)
    assert size(nearly, 0)[1].low < 0.6


class _Learned:
    customers = np.arange(4)

    def __init__(self, variance: float) -> None:
        self.of = variance

    def variance(self, k: int, inside: Floats, outside: Floats, about: str = "") -> Floats:
        # What a customer inside adds to the share, and one outside takes.
        share = (0.25, 0.75)[k]
        assert inside[0, 0] == pytest.approx((1 - share) / 4)
        assert outside[0, 0] == pytest.approx(-share / 4)
        return np.array([self.of])

    def averaged(self, seed: int = 0) -> Floats:
        raise NotImplementedError

    def left_out(self) -> Floats:
        raise NotImplementedError


@pytest.mark.parametrize(("variance", "expected"), [(0.1875, 1.0), (0.0625, 3.0), (1e-6, 4.0)])
def test_where_segments_were_learned_the_size_is_worth_less(
    variance: float, expected: float
) -> None:
    member = Membership.of(np.eye(2)[[0, 1, 1, 1]], None, _Learned(variance))
    assert member.worth[0] == pytest.approx(expected)


def test_four_of_five_is_sure() -> None:
    member = Membership.of(
        np.array([[0.8, 0.2], [0.79, 0.21], [1.0, 0.0], [0.4, 0.6]]), np.array([1.0, 2, 1, 1])
    )
    found = certainty(member, 0)
    assert found.mean_probability == pytest.approx((0.8 + 2 * 0.79 + 1) / 4)
    assert found.sure == 0.5
    assert certainty(placed([0, 0], k=2), 1).sure == 0.0
    assert certainty(placed([0, 1], np.array([1.0, 0.0])), 1).mean_probability == 0.0


def means(*values: float, shown: list[bool] | None = None) -> Any:
    """Return a number with these means in segments and sample, and a deviation of 1."""
    groups = SimpleNamespace(shown=np.array(shown or [True] * len(values)))
    found = summarize_numbers(np.arange(4.0), placed([0, 1, 0, 1]), 1)
    return SimpleNamespace(
        groups=groups, mean=np.array(values), sd=np.ones(len(values)), like=found
    )


def told(effect: float, level: str | None = None, **more: Any) -> Distinction:
    return Distinction(
        variable=more.pop("variable", "x"), level=level, statement="", effect=effect,
        kind=more.pop("kind", "d"), inside=0, rest=0, phrase="", **more,
    )  # fmt: skip


def test_segments_a_tenth_of_a_deviation_away_are_as_far_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("forwhom.personas.contrasts.Numbers", SimpleNamespace)
    assert farther(told(1.0), means(1.0, 1.125, 3.0, 0.0), 0) == 2
    assert farther(told(1.0), means(1.0, 1.0625, 3.0, 0.0), 0) == 1
    assert farther(told(1.0), means(1.0, 1.125, 3.0, 0.0, shown=[True, False, True, True]), 0) == 1
    assert farther(told(-1.0), means(-1.0, -2.0, 3.0, 0.0), 0) == 1
    assert farther(told(-1.0), means(-1.0, -2.0, 3.0, 0.0), 1) == 0
    for off, average in ((0.125, True), (0.25, False), (-0.25, False)):
        assert is_average(means(1.0 + off, 9.0, 1.0), 0) == average
    assert is_average(means(np.nan, 9.0, 1.0), 0)


def test_levels_five_points_away_are_as_far_out() -> None:
    codes = np.concatenate([np.arange(25) < yes for yes in (10, 11, 13)]).astype(np.int32)
    member = placed(np.repeat([0, 1, 2], 25).tolist())
    levels = summarize_levels(Column("x", codes, ("no", "yes")), member, 1)
    yes, no = told(0.5, "yes", kind="h"), told(-0.5, "no", kind="h")
    assert [farther(yes, levels, k) for k in range(3)] == [1, 1, 0]
    assert [farther(no, levels, k) for k in range(3)] == [1, 1, 0]
    assert farther(told(-0.5, "yes", kind="h"), levels, 2) == 2
    assert all(is_average(levels, k) for k in range(3))
    rare = Column("x", np.repeat([0, 1, 0], [18, 2, 20]).astype(np.int32), ("no", "yes"))
    apart = summarize_levels(rare, placed(np.repeat([0, 1], 20).tolist()), 1)
    assert not is_average(apart, 1)


def test_shares_must_differ_by_five_points() -> None:
    member = placed(np.repeat([0, 1], 400).tolist())

    def large(inside: int, rest: int) -> list[int]:
        codes = np.concatenate([np.arange(400) < inside, np.arange(400) < rest]).astype(np.int32)
        levels = summarize_levels(Column("x", codes, ("no", "yes")), member, 1)
        return list(effects_on_shares("x", codes, levels, member)[0])

    assert large(20, 0) == [0, 1]
    assert large(19, 0) == []  # large on its scale, but under five points
    assert large(230, 200) == []  # seven points, but small
    assert large(100, 200) == [0, 1]


def test_errors_of_shares_are_never_smaller_than_those_of_the_scale() -> None:
    codes = np.concatenate([np.ones(40), np.zeros(40)]).astype(np.int32)
    member = placed(np.repeat([0, 1], 40).tolist())
    levels = summarize_levels(Column("x", codes, ("no", "yes")), member, 1)
    found = effects_on_shares("x", codes, levels, member)
    assert found[0][1].value == pytest.approx(np.pi)
    assert found[0][1].error == pytest.approx(np.sqrt(2 / 40))


def test_a_distinction_is_rounded() -> None:
    found = distinction(
        number(), "d", Contrast(Effect(0.123456, 0.1), 12.3456789, 1e9 / 3), "says", "phrase", "yes"
    )
    assert (found.effect, found.inside, found.rest) == (0.1235, 12.3457, 333_333_000.0)
    assert (found.variable, found.level, found.statement, found.phrase) == (
        "x", "yes", "says", "phrase"
    )  # fmt: skip


def test_of_what_correlates_by_four_fifths_one_is_said() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(size=400)

    def said(name: str, noise: float, effect: float, formed: bool = True) -> Said:
        values = base + noise * rng.normal(size=400)
        return Said(told(effect, variable=name), Column(name, values), formed)

    def kept(*found: Said) -> list[str]:
        return [d.variable for d in drop_repetitions([list(found)], np.arange(400))[0]]

    assert kept(said("a", 0.1, 0.5), said("b", 0.1, -0.9)) == ["b"]
    assert kept(said("a", 0.1, 0.5), said("b", 0.1, 0.9, formed=False)) == ["a"]
    assert kept(said("a", 0.1, 0.5), said("b", 2.0, 0.9, formed=False)) == ["b", "a"]
    assert kept(said("a", 0.1, 0.5), said("b", 0.9, 0.4)) == ["a", "b"]  # about 0.74
    opposite = Said(told(-0.4, variable="c"), Column("c", -base), True)
    assert kept(said("a", 0.1, 0.5), opposite) == ["a"]


def test_levels_and_having_any_are_yes_or_no() -> None:
    column = Column("x", np.array([0, 1, -1, 1], dtype=np.int32), ("no", "yes"))
    yes = Said(told(0.5, "yes", kind="h"), column, True)
    np.testing.assert_array_equal(yes.values(np.array([3, 2, 0])), [1.0, np.nan, 0.0])
    spend = Column("x", np.array([0.0, 5.0, np.nan, 7.0]))
    any_of_it = Said(told(0.5, kind="h"), spend, True)
    np.testing.assert_array_equal(any_of_it.values(np.arange(4)), [0, 1, np.nan, 1])
    how_much = Said(told(0.5), spend, True)
    np.testing.assert_array_equal(how_much.values(np.arange(4)), [1, 2, np.nan, 3])
    assert any_of_it.key != how_much.key


def test_who_is_farther_than_all_others_together_counts_as_the_next() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 60])
    member = placed([0] * 11)
    found = pulled_in(values, member, 10)
    # From the middle of 6 the others but the second are 20 away, and the last one 54.
    assert found.tolist() == pytest.approx([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    # The squares of the others but the second are 60, so that 13.6 is told to 15 % at best.
    values[-1] = 6 + 13
    assert pulled_in(values, member, 10) is values
    values[-1] = 6 + 14
    assert pulled_in(values, member, 10)[-1] == pytest.approx(11)
    assert pulled_in(values, member, 11) is values  # ten differ from the middle
    low = np.array([-60.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    assert pulled_in(low, member, 10).tolist() == pytest.approx(found.tolist())
    three = np.array([*np.linspace(-0.2, 0.2, 12), 80.0, 85.0, 90.0])  # the first knows the second
    assert pulled_in(three, placed([0] * 15), 10)[-3:].tolist() == pytest.approx([80.0] * 3)
    assert np.isfinite(pulled_in(1e300 * values, member, 10)).all()
    heavy = Membership.of(np.ones((11, 1)), np.array([1.0] * 10 + [10]))
    assert pulled_in(np.array([*range(1, 12)], dtype=float), heavy, 10)[-1] == pytest.approx(6.5)


def test_those_without_a_value_or_weight_and_groups_of_two_stay() -> None:
    values = np.array([np.nan, 1.0, 2, 3, 4, 5, 500])
    member = Membership.of(np.ones((7, 1)), np.array([1.0] * 6 + [0]))
    assert pulled_in(values, member, 1) is values
    two = np.array([1.0, 500.0])
    assert pulled_in(two, placed([0, 0]), 1) is two


def test_no_weight_counts_for_more_than_all_others() -> None:
    weights = np.array([1.0, 1, 1, 9, 4])
    assert tamed(weights, placed([0] * 5)).tolist() == [1, 1, 1, 1, 1]
    fair = np.array([1.0, 1, 1, 3, 3])
    assert tamed(fair, placed([0] * 5)) is fair
    assert tamed(weights[:3], placed([0, 0, 1])).tolist() == [1, 1, 1]
    pair = np.array([1.0, 50.0])
    assert tamed(pair, placed([0, 0])) is pair


def test_for_a_model_those_who_differ_from_the_middle_are_none_or_many() -> None:
    values = np.array([5.0] * 12 + [6, 6, 6, np.nan])
    member = placed([0] * 16)
    columns = {"x": Column("x", values), "l": Column("l", np.zeros(16, np.int32), ("a",))}
    few = settled(columns, member, 4)
    np.testing.assert_array_equal(few["x"].values, [5.0] * 15 + [np.nan])
    many = settled(columns, member, 3)
    np.testing.assert_array_equal(many["x"].values, values)
    assert few["l"] is columns["l"]


def test_distances_are_squares_in_variances_of_the_sample() -> None:
    values = np.array([1.0, 3.0, 11.0, 13.0, np.nan])
    member = placed([0, 0, 1, 1, 1])
    found = _number_distance(number(), values, member)
    assert found == pytest.approx([1 / 26, 1 / 26, 1 / 26, 1 / 26, 1.0])
    same = _number_distance(number(), np.full(5, 7.0), member)
    assert same.tolist() == [0] * 5
    logs = _number_distance(number("positive"), np.exp(values), member)
    assert logs == pytest.approx(found)
    with_none = np.append(np.exp(values[:4]), 0.0)  # as far as the smallest amount
    assert _number_distance(number("positive"), with_none, placed([0, 0, 1, 1, 0]))[
        4
    ] == pytest.approx(
        _number_distance(number(), np.append(values[:4], 1.0), placed([0, 0, 1, 1, 0]))[4]
    )
    assert _number_distance(number("positive"), np.zeros(5), member).tolist() == [0] * 5


def test_a_level_is_as_far_as_others_of_the_segment_do_not_have_it() -> None:
    codes = np.array([0, 0, 0, 1, 1, -1])
    member = placed([0, 0, 0, 0, 1, 1])
    levels = summarize_levels(Column("x", codes.astype(np.int32), ("a", "b")), member, 1)
    assert _level_distance(codes, levels, member) == pytest.approx([0.5, 0.5, 0.5, 1.5, 0, 1])


def test_the_quarter_that_is_nearest_among_the_surer_half() -> None:
    sure = np.array([0.9, 0.6, 0.8, 0.7, 0.95, 0.99, 0.65, 0.85])
    member = Membership.of(np.column_stack([sure, 1 - sure]))
    distance = np.array([3.0, 0, 1, 0, 2, 5, 0, 1])
    found = _nearest(distance, member, 0, 1)
    assert found is not None
    # The surer four are 5, 4, 0 and 7; the nearest two of them are 7 and 4.
    assert found.rows.tolist() == [4, 7]
    assert found.weights.tolist() == [1, 1]
    ties = _nearest(np.array([3.0, 0, 1, 0, 2, 5, 0, 2]), member, 0, 1)
    assert ties is not None
    assert ties.rows.tolist() == [4, 7]
    many = _nearest(distance, member, 0, 6)
    assert many is not None
    assert many.rows.tolist() == [0, 2, 3, 4, 5, 7]
    assert _nearest(distance, member, 0, 9) is None
    assert _nearest(distance, member, 1, 0) is None


def test_no_more_than_a_thousand_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forwhom.personas.typical._ENOUGH", 3)
    found = _nearest(np.arange(40.0), placed([0] * 40), 0, 1)
    assert found is not None
    assert found.rows.tolist() == [0, 1, 2]
    found = _nearest(np.arange(40.0), placed([0] * 40), 0, 5)
    assert found is not None
    assert found.rows.tolist() == [0, 1, 2, 3, 4]


def test_a_typical_level_is_shared_by_a_third_and_by_enough() -> None:
    ones = np.ones(9)
    codes = np.array([0, 0, 0, 1, 1, 2, 2, 3, 3])
    assert _mode(codes, ones, "abcd", 3) == "a"
    assert _mode(codes, ones, "abcd", 4) is None
    assert _mode(codes[1:], ones[1:], "abcd", 2) is None  # two of eight
    heavy = np.where(codes == 1, 2.0, 1.0)
    assert _mode(codes, heavy, "abcd", 2) == "b"
    assert _mode(np.array([0]), np.ones(1), "ab", 0) == "a"


@pytest.mark.parametrize(
    ("variable", "values", "text"),
    [
        (number(), [1.0, 2.0, 3.44], "2"),
        (number(unit="days"), [10.0, 21.26, 30.0], "21 days"),
        (number("count"), [1.0, 2.0], "2"),
        (number("count"), [1.0, 1.0, 2.0], "1"),
        (number(unit="x"), [0.8], "0.8"),
        (number(label="Share of spend on tea"), [0.25], "25%"),
        (number(label="Share of spend on tea"), [1.26], "1.3"),
    ],
)
def test_a_typical_number_is_rounded(variable: Variable, values: list[float], text: str) -> None:
    assert _median(variable, np.array(values), np.ones(len(values))) == text


def test_quantiles_are_averaged_where_the_distribution_jumps() -> None:
    ordered = np.array([1.0, 2.0, 3.0, 4.0])
    wanted = np.array([0.0, 0.25, 0.3, 0.5, 1.0])
    assert weighted_quantiles(ordered, np.array([1.0, 2, 3, 4]), wanted).tolist() == [
        1, 1.5, 2, 2.5, 4
    ]  # fmt: skip
    assert weighted_quantiles(ordered, np.array([2.0, 2, 3, 4]), np.array([0.5])).tolist() == [2]
    assert np.isnan(weighted_quantiles(ordered, np.full(4, 1e-10), wanted)).all()
    assert weighted_quantiles(ordered, np.full(4, 1e-8), np.array([0.5])).tolist() == [1.0]


def half(*densities: list[list[float]], assignment: list[int], **more: Any) -> _Half:
    given = {"weights": np.ones(len(assignment)), "chances": None, "parts": None} | more
    return _Half([np.array(one) for one in densities], np.array(assignment), **given)
