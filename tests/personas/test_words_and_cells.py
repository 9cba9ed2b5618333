"""Lengths of words and cells of few on and beside their bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forwhom.documents.segmentation import Variable
from forwhom.personas import concepts
from forwhom.personas.concepts import level_words, number_words, ticked_of
from forwhom.personas.distinctions import level_statement
from forwhom.personas.labels import calm, cut, fit, short_label
from forwhom.personas.summaries import (
    _coarse_total,
    _in_steps,
    _members,
    _of_somebody,
    _step,
    shown_levels,
    summarize_numbers,
)
from forwhom.statistics.membership import Membership


def variable(label: str, *levels: str, **more: Any) -> Variable:
    given = {"name": "x", "label": label, "measure": "nominal", "use": "active"}
    return Variable.model_validate(given | {"levels": list(levels)} | more)


def crisp(*sizes: int) -> Membership:
    return Membership.of(np.repeat(np.eye(len(sizes)), sizes, axis=0))


# --- words


def test_labels_of_empty_words_alone_keep_their_first() -> None:
    assert short_label("What is it that you would have done by them", limit=20) == "done"
    assert short_label("Why would they have been with us there", limit=20) == "why would they"
    assert short_label("One two three four five six", limit=20) == "one two three"
    assert short_label("Twenty letters long.", limit=20) == "twenty letters long"
    assert short_label("NPS") == "NPS"
    assert short_label(" : ") == ":"


def test_texts_are_cut_between_words_without_a_dangling_one() -> None:
    assert fit("exactly ten", 11) == "exactly ten"
    assert fit("exactly ten", 10) == "exactly"
    assert fit("Donaudampfschiff", 5) == "Donau"
    assert fit("risk of being accused", 14) == "risk"
    assert fit("one, two", 5) == "one"
    assert cut("exactly ten", 11) == "exactly ten"
    assert cut("exactly ten", 10) == "exactly…"
    assert calm("A (b) VERY [c] big IT") == "A very big IT"
    assert calm("(only this)") == "(only this)"


@pytest.mark.parametrize(
    ("option", "phrase"),
    [
        ("Thirty letters are this option", "chose “thirty letters are this option”"),
        ("Thirty letters, and more", "chose “thirty letters”"),
        ("One more letter than thirty ok!", "chose “one more letter than thirty…”"),
        ("Yes, dogs", "chose “dogs”"),
        ("Abc, def", "chose “abc, def”"),
        ("Abcd, def", "chose “abcd”"),
    ],
)
def test_options_are_quoted_up_to_thirty_letters(option: str, phrase: str) -> None:
    asked = variable("Which?", "not selected", option, measure="binary")
    assert level_words(asked, option, True) == phrase
    assert level_words(asked, "not selected", False) == phrase
    assert level_words(asked, option, False) == phrase.replace("chose", "not")


@pytest.mark.parametrize(
    ("label", "level", "phrase"),
    [
        ("Town", "Bonn", "Bonn"),
        ("Town", "Ulm", "town: ulm"),
        ("Town", "Twenty-eight letters is this", "twenty-eight letters is this"),
        ("Town", "Twenty-nine letters is this!x", "twenty-nine letters…"),
        ("Town", "123456", "town: 123456"),
        ("Town", "1234567", ""),
        ("Town", "Unknown", "town unknown"),
        ("Town", "3) Bonn", "Bonn"),
        ("Town", "Bonn (Rhine)", "Bonn"),
    ],
)
def test_answers_speak_by_themselves_from_four_letters_on(
    label: str, level: str, phrase: str
) -> None:
    town = variable(label, level, "Other", basis="geographic")
    assert level_words(town, level, True) == phrase


def test_answers_of_others_stand_with_their_question() -> None:
    long = "One more than twenty letters and others"
    taste = variable("Taste", "Sweet", "Twenty letters long!", long)
    assert level_words(taste, "Sweet", True) == "taste: sweet"
    assert level_words(taste, "Sweet", False) == "taste: not sweet"
    assert level_words(taste, "Twenty letters long!", True) == "taste: twenty letters long!"
    assert level_words(taste, long, True) == "taste: one more than twenty…"
    repeated = variable("Town", "Bonn", basis="geographic")
    assert level_words(repeated, "Bonn", True, ["Bonn"]) == "town: bonn"
    coded = variable("q7", "Often", "Several words", measure="ordinal")
    assert level_words(coded, "Several words", True) == "several words"
    assert level_words(coded, "Often", True) == ""


# --- cells


def test_quantiles_stand_for_as_many_as_the_threshold() -> None:
    found = summarize_numbers(np.arange(100.0), crisp(60, 40), 10)
    # Half of the threshold is five customers on either side of each quantile.
    assert found.below[0].tolist() == [0.5, 9.5, 24.5, 39.5, 48.5]
    assert found.above[0].tolist() == [10.5, 19.5, 34.5, 49.5, 58.5]
    assert found.below[-1][2], found.above[-1][2] == (44.5, 54.5)
    assert np.isnan(summarize_numbers(np.arange(100.0), crisp(60, 40), 1).below).all()
    assert found.rest_median.tolist() == [79.5, 29.5]


@pytest.mark.parametrize(
    ("values", "step"),
    [([1.0, 2.0], 1.0), ([1.0, 2.25], 0.01), ([1.0, 2.255], 0.0), ([], 0.0), ([1.0 + 1e-9], 1.0)],
)
def test_the_smallest_part_of_numbers(values: list[float], step: float) -> None:
    assert _step(np.array(values)) == step


def test_means_are_those_of_whole_sums() -> None:
    means = np.array([1.234, 5.678])
    members = np.array([10, 100])
    assert _in_steps(means, 1.0, members) == pytest.approx([1.2, 5.68])
    assert _in_steps(means, 0.01, np.array([7, 7])) == pytest.approx([8.64 / 7, 39.75 / 7])
    assert _in_steps(means, 0.0, members) is means
    assert _in_steps(means, 1.0, None) is means


def test_how_many_have_a_value_is_said_in_tens_where_few_have_none() -> None:
    member = crisp(60, 40)
    assert _members(np.array([50, 40]), member, 10) is None
    found = _members(np.array([51, 40]), member, 10)
    assert found is not None
    assert found.tolist() == [50, 40, 90]
    found = _members(np.array([57, 40]), member, 10)
    assert found is not None
    assert found.tolist() == [60, 40, 100]
    found = _members(np.array([0, 1]), crisp(5, 9), 10)
    assert found is not None
    assert found.min() >= 1


def test_weights_of_levels_are_those_of_whole_members() -> None:
    total = np.array([[31.0, 26.0], [10.0, 30.0], [41.0, 56.0]])
    assert _coarse_total(total, np.array([57, 40]), None) is total
    found = _coarse_total(total, np.array([57, 40]), np.array([60, 40, 100]))
    # 31 of 57 are 33 of 60, and a customer weighs as before.
    assert found == pytest.approx(np.array([[33.0, 27.0], [10, 30], [43, 57]]))


def test_less_than_half_a_customer_and_nobody_is_nothing() -> None:
    codes = np.repeat([0, 1], [50, 50])
    member = crisp(50, 50)
    for rest, left in ((0.49, 0.0), (0.5, 0.5)):
        total = np.array([[50.0 - rest, rest], [0.0, 50.0], [50.0 - rest, 50.0 + rest]])
        assert _of_somebody(codes, total, member)[0, 1] == pytest.approx(left)
    total = np.array([[49.7, 0.3], [0.0, 50.0], [49.7, 50.3]])
    codes[0] = 1  # somebody there has it
    assert _of_somebody(codes, total, member)[0, 1] == 0.3


@pytest.mark.parametrize(
    ("unsure", "shown"),
    [(0.0, True), (0.49, True), (0.5, False), (9.9, False), (12.5, True)],
)
def test_expected_few_are_not_shown(unsure: float, shown: bool) -> None:
    # The second level is that of 50 surely in the second segment, but for their doubts.
    chances = np.repeat(np.eye(2), [50, 50], axis=0)
    chances[50:] = [unsure / 50, 1 - unsure / 50]
    member = Membership.of(chances)
    codes = np.repeat([0, 1], [50, 50])
    total = np.array([[member.mass[k] @ (codes == level) for level in (0, 1)] for k in range(3)])
    found = shown_levels(codes, total, member, 10)
    assert bool(found[0, 1]) == shown
    assert shown_levels(codes, total, member, 1).all()


@pytest.mark.parametrize(
    ("no", "yes"),
    [("not selected", "selected"), ("nicht genannt", "genannt"), ("no marcado", "Marcado")],
)
def test_a_mark_is_a_yes_and_no_answer_of_its_own(no: str, yes: str) -> None:
    came = Variable(
        name="ch_web", label="Came by the web", measure="binary", use="active", levels=[no, yes],
        basis="behavioral",
    )  # fmt: skip
    assert concepts.option_of(came) is None
    assert (concepts.answer(came, yes), concepts.answer(came, no)) == ("yes", "no")
    assert level_statement(came, yes, 0.85, 0.31).startswith("Came by the web: 85% yes, 31%")
    asked = came.model_copy(update={"basis": "psychographic"})
    assert "say 'yes' to 'Came by the web'" in level_statement(asked, yes, 0.85, 0.31)
    assert concepts.level_words(came, yes, True) == "came by the web"


def test_of_a_long_answer_the_end_tells() -> None:
    speed = variable(
        "La rapidez es importante", "Totalmente en desacuerdo", "Totalmente de acuerdo"
    )
    assert level_words(speed, "Totalmente en desacuerdo", True) == (
        "la rapidez es…: totalmente en desacuerdo"
    )
    assert len(level_words(speed, "Totalmente de acuerdo", False)) <= 45


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("Which do you use?: App", "App"),
        ("Which do you use? App", "App"),
        ("Which do you use? - On the phone", "On the phone"),
        ("Do you own a car?", ""),
        ("Do you own a car? If not, say so in the next question", ""),
        ("Owns a car", ""),
    ],
)
def test_the_answer_behind_a_question_is_what_was_ticked(label: str, answer: str) -> None:
    assert ticked_of(variable(label, "no", "yes")) == answer


@pytest.mark.parametrize(
    ("label", "phrase"),
    [
        ("How likely to recommend?", "less likely to recommend"),
        ("How satisfied are you with it?", "less satisfied with it"),
        ("How likely are you to come back?", "less likely to come back"),
        ("Height", "low height"),
    ],
)
def test_a_question_after_a_degree_is_less_of_it(label: str, phrase: str) -> None:
    asked = variable(label, measure="continuous")
    assert number_words(asked, False)[1] == phrase
