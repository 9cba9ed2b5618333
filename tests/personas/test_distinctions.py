"""Effects and the sentences about them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.segmentation import Variable
from forwhom.personas import describe_segments
from forwhom.personas.distinctions import level_statement
from forwhom.personas.numbers import number_statement
from forwhom.statistics.effects import Moments, cohens_d, cohens_h
from forwhom.tables.columns import Column

CRISP = np.repeat(np.eye(2), 100, axis=0)


def first_of(values: np.ndarray, *, levels=None, k=CRISP, **meaning):
    """Return the distinctions of the first of two crisp segments of 100."""
    variable = Variable(**{"name": "x", "label": "X", "use": "active", **meaning})
    columns = {variable.name: Column(variable.name, values, levels)}
    return describe_segments(columns, [variable], k)[0].distinctions


def test_a_positive_number_is_compared_on_the_log_scale_and_told_in_averages() -> None:
    rng = np.random.default_rng(0)
    values = np.exp(np.concatenate([rng.normal(3, 1, 100), rng.normal(2, 1, 100)]))
    (found,) = first_of(values, label="Income", measure="positive", unit="$")
    logs = np.log(values)
    pooled = math.sqrt((logs[:100].var() + logs[100:].var()) / 2)
    assert found.effect == pytest.approx((logs[:100].mean() - logs[100:].mean()) / pooled, abs=1e-4)
    assert found.inside == pytest.approx(values[:100].mean(), rel=1e-5)
    assert found.rest == pytest.approx(values[100:].mean(), rel=1e-5)
    assert re.match(r"Income: \$\d+ on average, the rest \$\d+ \(", found.statement)


@pytest.mark.parametrize(
    ("days", "named"), [(89.0, False), (98.0, False), (101.0, True), (200.0, True)]
)
def test_averages_that_hardly_differ_are_said_and_name_nobody(days: float, named: bool) -> None:
    # Most of the rest bought just now, and a few so long ago that they pull the average to 81.
    rest = np.r_[np.linspace(15.0, 25.0, 70), np.linspace(200.0, 260.0, 30)]
    rest *= 81 / rest.mean()
    inside = np.linspace(0.9, 1.1, 100) * days
    (found,) = first_of(
        np.r_[inside, rest], label="Time since last order", measure="positive", unit="days"
    )
    assert found.statement.startswith(f"Bought longer ago: {days:.0f} days on average, the rest 81")
    assert found.phrase == ("less recent" if named else "")


def test_units_do_not_decide_what_is_told() -> None:
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(8, 1, 100), rng.normal(6, 1, 100)])
    told = [
        first_of(values * unit, label="Height", measure="continuous") for unit in (1e-3, 1, 1e3)
    ]
    assert [len(one) for one in told] == [1, 1, 1]
    assert len({(one.effect, one.phrase) for (one,) in told}) == 1


def _bought(any_inside: float, any_rest: float, much: float, seed: int = 0) -> np.ndarray:
    """Return an amount of two segments of 100, of whom so many have any, and how much more."""
    rng = np.random.default_rng(seed)
    first = np.arange(200) < 100
    amounts = np.exp(rng.normal(2, 0.5, 200)) * np.where(first, much, 1.0)
    return np.where(np.arange(200) % 100 < 100 * np.where(first, any_inside, any_rest), amounts, 0)


def test_an_amount_that_some_do_not_have_is_judged_on_the_whole() -> None:
    values = _bought(0.9, 0.3, 1.0)
    (found,) = first_of(values, label="Support calls", measure="positive")
    assert (found.kind, found.effect > 0.8) == ("d", True)
    assert found.inside == pytest.approx(values[:100].mean(), rel=1e-5)
    assert found.rest == pytest.approx(values[100:].mean(), rel=1e-5)
    assert found.statement.endswith("90% have any, 30% of the rest)")
    assert found.phrase == "with support calls"
    few = _bought(0.15, 0.38, 1.3)
    (found,) = first_of(few, name="returns", label="Share of lines returned", measure="positive")
    assert found.effect < 0
    assert found.phrase == "few returns"


def test_parts_that_contradict_each_other_name_nobody() -> None:
    # Fewer have any, and those so much more that their average is higher all the same.
    (found,) = first_of(_bought(0.15, 0.5, 8.0), label="Returns", measure="positive")
    assert found.statement == "Any returns: 15%, 50% of the rest"
    assert (found.kind, found.phrase) == ("h", "")


@given(st.integers(0, 10_000), st.floats(0.05, 1.0), st.floats(0.05, 1.0), st.floats(0.2, 5.0))
@settings(max_examples=60, deadline=None)
def test_no_phrase_claims_the_opposite_of_the_whole(seed, inside, rest, much) -> None:
    values = _bought(inside, rest, much, seed)
    for found in first_of(values, name="x", label="Pasta", measure="positive"):
        lower = values[:100].mean() < values[100:].mean()
        less = found.phrase.startswith(("low", "no ", "little"))
        assert not found.phrase or less == lower


def test_an_ordered_answer_is_judged_on_the_whole() -> None:
    # Both ends are more common, but the whole is lower: "often" must not be in the name.
    shares = {"first": (50, 15, 5, 30), "rest": (10, 20, 50, 20)}
    codes = np.concatenate([np.repeat(np.arange(4), n) for n in shares.values()]).astype(np.int32)
    words = ("never", "seldom", "sometimes", "often")
    (found,) = first_of(codes, levels=words, label="Sings", measure="ordinal")
    assert found.phrase == "sings: never"
    grades = ("1", "2", "3", "4")
    (found,) = first_of(codes, levels=grades, label="Grade", measure="ordinal")
    assert found.phrase == "low grade"


def test_a_share_is_told_in_percent() -> None:
    values = np.concatenate([np.linspace(0.5, 0.7, 100), np.linspace(0.1, 0.3, 100)])
    (found,) = first_of(
        values, name="share_x", label="Share of spend: PRODUCE (department)", measure="positive"
    )
    assert found.statement == "Share of spend on produce: 60% on average, the rest 20%"
    assert found.phrase == "produce"


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("How much did you spend on wine?", "Spends more on wine: "),
        ("Spending on delicatessen (kg)", "Spends more on delicatessen (kg): "),
        # The shop of those who ask is not what money is spent on.
        ("How much did you spend in our shops, last month?", "Spends more: "),
    ],
)
def test_a_question_about_money_names_what_it_is_spent_on(label: str, start: str) -> None:
    values = np.concatenate([np.linspace(50, 70, 100), np.linspace(10, 30, 100)])
    (found,) = first_of(values, name="q9", label=label, measure="positive")
    assert found.statement.startswith(start)


def test_the_level_that_is_more_common_is_preferred() -> None:
    codes = np.repeat([0, 1, 2, 0, 1, 2], [60, 20, 20, 20, 60, 20]).astype(np.int32)
    (found,) = first_of(codes, levels=("red", "blue", "green"), label="Color", measure="nominal")
    assert found.level == "red"
    assert found.statement == "Color: 60% 'red', 20% of the rest"


def test_differences_that_are_small_or_unsure_are_not_said() -> None:
    rng = np.random.default_rng(1)
    weak = np.concatenate([rng.normal(0.05, 1, 100), rng.normal(0, 1, 100)])
    assert first_of(weak, measure="continuous") == []
    few = np.repeat(np.eye(2), [15, 185], axis=0)
    unsure = np.concatenate([rng.normal(0.3, 1, 15), rng.normal(0, 1, 185)])
    assert first_of(unsure, measure="continuous", k=few) == []
    near_one = np.repeat([1, 0, 1], [100, 3, 97]).astype(np.int32)
    assert first_of(near_one, levels=("no", "yes"), measure="binary") == []


def test_the_same_thing_is_not_said_twice_and_what_formed_the_segments_is_said() -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(3, 1, 100), rng.normal(0, 1, 100)])
    y = np.concatenate([rng.normal(1, 1, 100), rng.normal(0, 1, 100)])
    columns = {
        "spend": Column("spend", np.exp(x)),
        "spend_eur": Column("spend_eur", 0.9 * np.exp(x) + rng.normal(0, 0.01, 200)),
        "other": Column("other", y),
    }
    variables = [
        Variable(name="spend_eur", label="Euro", measure="continuous", use="descriptor"),
        Variable(name="spend", label="Dollar", measure="positive", use="active"),
        Variable(name="other", label="Other", measure="continuous", use="active"),
    ]
    first = describe_segments(columns, variables, CRISP)[0]
    assert [d.variable for d in first.distinctions] == ["spend", "other"]
    effects = [abs(d.effect) for d in first.distinctions]
    assert effects == sorted(effects, reverse=True)


def test_two_numbers_about_one_concept_are_told_apart() -> None:
    rng = np.random.default_rng(0)
    columns = {n: Column(n, rng.poisson(np.repeat([9, 2], 100)).astype(float)) for n in "ab"}
    variables = [
        Variable(name="a", label="Orders online", measure="count", use="active"),
        Variable(name="b", label="Orders in stores", measure="count", use="active"),
    ]
    statements = [d.statement for d in describe_segments(columns, variables, CRISP)[0].distinctions]
    assert sum(s.startswith("Buys more often (orders online): ") for s in statements) == 1
    assert sum(s.startswith("Buys more often (orders in stores): ") for s in statements) <= 1


@pytest.mark.parametrize(
    ("meaning", "inside", "rest", "said"),
    [
        (
            {"measure": "count", "unit": "orders"},
            10,
            5,
            "10 orders on average, the rest 5 (twice as much)",
        ),
        (
            {"measure": "positive", "unit": "days"},
            3,
            9,
            "3 days on average, the rest 9 (a third as long)",
        ),
        ({"measure": "positive", "unit": "$"}, 1234.5, 1200, "$1,234 on average, the rest $1,200"),
        ({"measure": "continuous"}, -1.5, 4, "−1.5 on average, the rest 4"),
        (
            {"measure": "continuous", "unit": "kg"},
            70.12,
            70.16,
            "70.1 kg on average, the rest 70.2",
        ),
        ({"measure": "continuous", "unit": "share"}, 0.42, 0.1, "42% on average, the rest 10%"),
    ],
)
def test_numbers_are_told_in_units_with_ratios_that_help(meaning, inside, rest, said) -> None:
    variable = Variable(**{"name": "x", "label": "X", "use": "active", **meaning})
    assert number_statement(variable, "Lead", inside, rest) == f"Lead: {said}"


def test_answers_are_told_as_answers() -> None:
    base = {"name": "q", "label": "Taste matters", "use": "active"}
    survey = Variable(**base, measure="ordinal", basis="psychographic")
    assert level_statement(survey, "Often", 0.82, 0.31) == (
        "82% say 'Often' to 'Taste matters', 31% of the rest"
    )
    owner = Variable(name="o", label="owns a car", use="active", measure="binary")
    assert level_statement(owner, "1", 0.999, 0.5) == "Owns a car: 99.9% yes, 50% of the rest"


def test_what_was_chosen_of_several_options_is_told_as_a_choice() -> None:
    option = Variable(name="q4_2", label="q4_2", measure="binary", use="active",
                      basis="psychographic", levels=["Friends", "Not selected"])  # fmt: skip
    assert level_statement(option, "Friends", 0.4, 0.1) == (
        "40% chose 'Friends' (q4_2), 10% of the rest"
    )
    coded = Variable(name="c", label="Channel", measure="binary", use="active", levels=["1", "2"])
    assert level_statement(coded, "1", 0.4, 0.1) == "Channel: 40% '1', 10% of the rest"


def test_moments_of_the_rest_are_those_of_everybody_without_a_part() -> None:
    values = np.random.default_rng(0).normal(5, 2, 50)
    whole, part = (Moments(len(v), v.mean(), v.var(), len(v)) for v in (values, values[:20]))
    rest = whole.without(part, 30)
    assert (rest.weight, rest.n) == (30, 30)
    assert rest.mean == pytest.approx(values[20:].mean())
    assert rest.variance == pytest.approx(values[20:].var())
    assert math.isnan(whole.without(whole, 0).mean)


def test_effects_of_nothing_are_no_effects() -> None:
    same = Moments(10, 3.0, 0.0, 10)
    assert cohens_d(same, same) is None
    assert cohens_d(Moments(0, math.nan, math.nan, 0), same) is None
    assert cohens_d(Moments(10, 4.0, 0.0, 10), same).value == pytest.approx(100)
    assert cohens_h(0.5, 0.5, 0, 10) is None
    assert cohens_h(1.0, 0.0, 10, 10).value == pytest.approx(math.pi)


def test_effects_by_hand() -> None:
    effect = cohens_d(Moments(50, 6.0, 4.0, 50), Moments(50, 5.0, 4.0, 50))
    assert (effect.value, round(effect.error, 3)) == (0.5, 0.203)
    assert round(cohens_h(0.5, 0.25, 100, 100).value, 3) == 0.524
