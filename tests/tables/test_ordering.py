"""The order of levels."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.tables.ordering import is_no_answer, level_name, natural_order, recognized_order

SCALES = [
    ("Never", "Rarely", "Sometimes", "Often"),
    ("Never, and not open to it", "Never, but open to it", "Rarely", "Sometimes", "Often"),
    ("Not at all important", "Not too important", "Somewhat important", "Very important"),
    ("Not at all masculine", "Not very masculine", "Somewhat masculine", "Very masculine"),
    ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    ("Very dissatisfied", "Neutral", "Satisfied", "Very satisfied"),
    ("Very unlikely", "Unlikely", "Likely", "Very likely"),
    ("Poor", "Fair", "Good", "Excellent"),
    ("less than once a year", "Monthly", "Weekly", "Daily"),
    ("XS", "S", "M", "L", "XL", "XXL"),
    ("Low", "Medium", "High"),
    ("Bronze", "Silver", "Gold", "Platinum"),
    ("Basic", "High school", "Bachelor", "Master", "PhD"),
    ("High school or less", "Some college", "College or more"),
    ("19-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    ("18 - 34", "35 - 64", "65 and up"),
    ("Under 15K", "15-24K", "25-34K", "100-124K", "250K+"),
    ("$0-$9,999", "$10,000-$24,999", "$200,000+"),
    ("< 1 year", "1-3 years", "4-5 years", "> 5 years"),
    ("0", "1", "2", "3+"),
    ("None", "1", "2", "3+"),
    ("1 Extremely well", "2 Quite well", "3 Not too well", "4 Not well at all"),
    ("1-9 employees", "10-49 employees", "50-249 employees", "250+ employees"),
    ("less than 100", "100 to 199", "200 or more"),
]


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale[0])
def test_scales_are_recognized_in_any_order(scale: tuple[str, ...]) -> None:
    mixed = [*scale, "No answer", "Prefer not to say"]
    random.Random(3).shuffle(mixed)
    assert recognized_order(mixed) == scale
    assert recognized_order([level.upper() for level in mixed]) == tuple(
        level.upper() for level in scale
    )


@pytest.mark.parametrize(
    "levels",
    [
        ("Rome", "Oslo", "Bern"),
        ("1", "2", "3"),
        ("Good", "Depends", "Waste"),
        ("White", "Black", "Asian"),
        ("1 Adult Kids", "1 Adult No Kids", "2 Adults Kids"),
        ("Married", "Never married", "Divorced"),
        ("10-20", "15-25", "20-30"),
        ("Often", "Never"),
        ("TYPE A", "TYPE B", "TYPE C"),
    ],
)
def test_no_order_where_there_is_none(levels: tuple[str, ...]) -> None:
    assert recognized_order(levels) is None


def test_two_levels_have_an_order_when_a_person_says_so() -> None:
    assert recognized_order(["Often", "Never"], least=2) == ("Never", "Often")


def test_no_answers() -> None:
    assert is_no_answer("Don’t know")
    assert is_no_answer("  PREFER NOT TO ANSWER. ")
    assert not is_no_answer("None")


def test_names_of_levels() -> None:
    assert [level_name(v) for v in (1, 1.0, 1.5, False, "a")] == ["1", "1", "1.5", "false", "a"]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=6), unique=True, max_size=8))
def test_natural_order_is_a_permutation_and_stable(levels: list[str]) -> None:
    ordered = natural_order(levels)
    assert sorted(ordered) == sorted(levels)
    assert natural_order(list(reversed(levels))) == ordered


@settings(max_examples=50)
@given(st.lists(st.text(alphabet="019-+ <>,.kKa$", max_size=8), unique=True, max_size=6))
def test_recognition_never_fails_and_never_invents(levels: list[str]) -> None:
    ordered = recognized_order(levels)
    assert ordered is None or (set(ordered) <= set(levels) and len(set(ordered)) == len(ordered))
