"""What segments will bring: whether that is enough, and whether a prediction can be relied on."""

from __future__ import annotations

import pytest
from tests.report.made import typical, value

from forwhom.documents.defense import Defended, State, defense_of_segmentation, made_on
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.value import Value, matters
from forwhom.report.segmentation.text import summary_text


def with_value(told: Value | None) -> Segmentation:
    return typical().model_copy(update={"value": told})


def asked(told: Value) -> Defended:
    found = with_value(told)
    return defense_of_segmentation(found, made_on(found)).questions[3]


@pytest.mark.parametrize(
    ("chance", "state"),
    [(None, "open"), (0.05, "no"), (0.06, "open"), (0.94, "open"), (0.95, "yes"), (1.0, "yes")],
)
def test_only_what_is_sure_matters_or_does_not(chance: float | None, state: State) -> None:
    assert matters(chance) == state


def test_segments_matter_by_what_they_will_bring() -> None:
    k = len(typical().segments)
    assert asked(value(*[0.99] * k)).state == "yes"
    small = asked(value(*[0.99] * (k - 1), 0.01))
    assert small.state == "no"
    assert f"{k} ({typical().segments[-1].name}) brings less than 5%" in small.why
    unsure = asked(value(*[0.99] * (k - 1), 0.5))
    assert (unsure.state, "we cannot tell" in unsure.why) == ("open", True)


def test_a_prediction_that_did_not_hold_answers_nothing() -> None:
    k = len(typical().segments)
    off = asked(value(*[0.99] * k, predicted=13.0))
    assert (off.state, "30% more was expected than followed" in off.why) == ("open", True)
    assert asked(value(*[0.99] * k, predicted=12.0)).state == "yes"
    assert asked(value(*[0.01] * k, predicted=5.0)).state == "open"


def test_without_the_value_of_all_the_past_answers() -> None:
    k = len(typical().segments)
    past = defense_of_segmentation(with_value(None), made_on(typical())).questions[3]
    assert asked(value(*[0.99] * (k - 1))) == past
    assert asked(Value(unknown="Nobody bought again.")) == past


def test_off_is_of_money_where_all_have_it_and_else_of_purchases() -> None:
    assert value(0.5, 0.5, predicted=12).off == pytest.approx(0.2)
    told = value(0.5, 0.5, predicted=12)
    bare = [told.checked[0].model_copy(update={"spent": None, "predicted": 3.0}), told.checked[1]]
    assert told.model_copy(update={"checked": bare}).off == pytest.approx(1.0)
    assert Value().off is None


def test_a_text_says_what_they_will_bring_and_how_that_held() -> None:
    k = len(typical().segments)
    text = " ".join(summary_text(with_value(value(*[0.99] * k, predicted=13.0))).split())
    assert "expected to bring in the next 52 weeks: 1: 40 EUR (36–44 EUR)" in text
    assert "30% more was expected of all together than followed" in text
    plain = " ".join(summary_text(with_value(Value(unknown="Nobody bought again."))).split())
    assert "Nothing can be said of what the" in plain
    assert "nobody bought again." in plain
