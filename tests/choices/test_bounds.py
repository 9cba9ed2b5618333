"""What is said only from a share on: on the bound, and beside it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forwhom.choices.deciding import _order, weigh_segments
from forwhom.choices.fit import _answered
from forwhom.choices.gaps.situation import Situation
from forwhom.choices.opportunities import _in_order, _leader, _met
from forwhom.choices.positioning import _begins_with_verb
from forwhom.choices.raters import Line, _with_one_spelling
from forwhom.choices.verdicts import _about_status, _not_judged, _turning, _verdict
from forwhom.choices.weighing import random_weights, weights_near
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.results import Priorities, RankedNeed
from forwhom.documents.segmentation import Interval

from .test_deciding import canvas_of, judge


def third(top_two: float, status: str = "serve") -> Priorities:
    """Priorities in which the third of three segments is among the first two this often."""
    judges = [judge("ana", size=1, pays=1, reach=1), judge("ben", size=1, pays=2, reach=1)]
    found = weigh_segments(canvas_of(judges=judges, status={"c": status}))
    last = found.segments[-1]
    assert (last.segment, last.rank) == ("c", 3)
    assert last.near_judges is not None
    near = last.near_judges.model_copy(update={"top_two_high": top_two})
    return found.model_copy(
        update={"segments": [*found.segments[:-1], last.model_copy(update={"near_judges": near})]}
    )


@pytest.mark.parametrize(
    ("top_two", "said"), [(0.0, True), (0.049, True), (0.05, False), (0.3, False)]
)
def test_a_segment_to_be_served_that_is_hardly_ever_among_the_first(
    top_two: float, said: bool
) -> None:
    notes = _about_status(third(top_two))
    assert any("is to be served, but is among the first two in only" in n for n in notes) == said
    assert not any("among the first two" in n for n in _about_status(third(top_two, "candidate")))


@pytest.mark.parametrize(
    ("anyhow", "near", "said"),
    [
        (0.9, 0.0, "hardly depends on anybody’s weights"),
        (0.89, 0.9, "holds near these judges’ weights"),
        (0.65, 0.89, "holds for most weights, not for all"),
        (0.65, None, "holds for most weights, not for all"),
        (0.64, None, "depends on whose weights count: “A”"),
    ],
)
def test_how_firmly_a_choice_holds(anyhow: float, near: float | None, said: str) -> None:
    found = third(0.1)
    leader = found.segments[0]
    assert leader.near_judges is not None
    often = {
        "any_weights": leader.any_weights.model_copy(update={"first_low": anyhow}),
        "near_judges": near
        if near is None
        else leader.near_judges.model_copy(update={"first_low": near}),
    }
    assert said in _verdict(found, leader.model_copy(update=often))
    assert _turning(found, [leader])
    assert not _turning(found.model_copy(update={"critical": []}), [leader])
    assert not _turning(found, [leader, found.segments[1]])


@pytest.mark.parametrize(
    ("low", "high", "met"),
    [(0.5, 2, "underserved"), (0, 2, "undecided"), (-2, 0, "undecided"), (-2, -0.5, "overserved")],
)
def test_a_need_is_met_better_or_worse_than_it_matters_beyond_chance(
    low: float, high: float, met: str
) -> None:
    assert _met(Interval(low=low, high=high)) == met


def test_needs_without_numbers_stand_behind_all_others() -> None:
    def need(name: str, value: float | None) -> RankedNeed:
        return RankedNeed(
            need=name, statement=name, kind="job", numbers_from="stated", opportunity=value
        )

    rows = [need("a", None), need("b", 3), need("c", 9), need("d", 3), need("e", 1)]
    found = [(row.need, row.rank) for row in _in_order(rows)]
    assert found == [("c", 1), ("b", 2), ("d", 2), ("e", 4), ("a", None)]


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("saves time", True), ("quickly shows it", True), ("can be read", True), ("gas", False),
        ("progress without waste", False), ("status for all", False), ("lessons of an hour", False),
        ("water", False), ("", False),
    ],
)  # fmt: skip
def test_words_that_are_verbs(text: str, verb: bool) -> None:
    assert _begins_with_verb(text) == verb


@pytest.mark.parametrize(
    ("statuses", "one"),
    [(("serve", "serve"), "s0"), (("not-a-customer", "serve"), "s1"),
     (("not-a-customer", "not-a-customer"), "s0"), ((), "ID_OF_A_SEGMENT")],
)  # fmt: skip
def test_examples_name_a_segment_in_play_where_there_is_one(
    statuses: tuple[str, ...], one: str
) -> None:
    rows = ", ".join(f"{{id: s{n}, name: S{n}, status: {s}}}" for n, s in enumerate(statuses))
    canvas = parse_canvas(f"{{forwhom: 1, kind: canvas, segments: [{rows}]}}")
    assert Situation(canvas, [], date(2026, 11, 25)).one == one


def test_names_that_differ_in_capitals_count_as_one_and_that_is_said() -> None:
    lines = [Line("ana", segment, "quick", 1.0, False, 1, f"row {n}")
             for n, segment in enumerate(("clinics", "Clinics", "clinics"), 1)]  # fmt: skip
    named, notes = _with_one_spelling(lines)
    assert [one.segment for one in named] == ["clinics"] * 3
    said = "the segment 'Clinics' counts as 'clinics': they differ in capitals or spaces only."
    assert notes == [said]


def test_weights_near_those_of_judges_are_weights() -> None:
    rng = np.random.default_rng(1)
    axes = ("attractiveness", "attractiveness", "ability")
    given = {"attractiveness": np.array([[1.0, 0, 0]] * 2), "ability": np.array([[0, 0, 1.0]] * 2)}
    near = weights_near(given, random_weights(axes, 500, rng), rng)
    for weights in (*near.by_axis.values(), near.combined):
        assert weights.sum(axis=1) == pytest.approx(np.ones(500))
        assert weights.min() >= 0
    # A quarter of the way to weights drawn at random.
    assert near.by_axis["attractiveness"][:, 0].min() >= 0.75
    assert near.by_axis["attractiveness"][:, 0].mean() == pytest.approx(7 / 8, abs=0.02)


def test_segments_in_play_that_nobody_judged_are_named() -> None:
    statuses = ("candidate", "serve", "ignore", "not-a-customer")
    rows = ", ".join(f"{{id: s{n}, name: S{n}, status: {s}}}" for n, s in enumerate(statuses))
    canvas = parse_canvas(f"{{forwhom: 1, kind: canvas, segments: [{rows}]}}")
    nobody = third(0.1).model_copy(update={"segments": []})
    assert _not_judged(canvas, nobody) == ["Not judged at all: “S0” and “S1”."]


@pytest.mark.parametrize(
    ("known", "importance", "source"),
    [("withheld", 8.0, "stated"), ("respondents", 3.0, "respondents")],
)
def test_numbers_of_too_few_respondents_do_not_replace_those_of_the_canvas(
    known: str, importance: float, source: str
) -> None:
    canvas = parse_canvas(
        "{forwhom: 1, kind: canvas, segments: [{id: a, name: A}], needs: [{id: n, statement: N, "
        "segments: [a], importance: 8, rated_by: 12 people}], "
        "propositions: [{id: p, name: P, segments: [a], fit: [{need: n, strength: full}]}]}"
    )
    numbers = RankedNeed.model_validate(
        {"need": "n", "statement": "N", "kind": "job", "numbers_from": known, "importance": 3}
    )
    found = _answered(canvas.needs[0], canvas.propositions[0], numbers)
    assert (found.importance, found.importance_from) == (importance, source)


def test_segments_without_a_rank_stand_by_the_most_that_is_possible() -> None:
    segment = third(0.1).segments[0]
    assert segment.near_judges is not None

    def place(anyhow: float, near: float | None) -> float:
        often = {"any_weights": segment.any_weights.model_copy(update={"first_high": anyhow})}
        close = segment.near_judges
        close = (
            None if near is None or close is None else close.model_copy(update={"first_high": near})
        )
        return _order(segment.model_copy(update={**often, "near_judges": close}))

    assert place(0.1, 0.9) < place(0.9, 0.5) < place(0.4, None) < place(0.2, None)


@pytest.mark.parametrize(
    ("source", "said"),
    [("stated", "by numbers that the canvas states"), ("guess", "by the team’s own guess")],
)
def test_the_largest_need_is_told_with_whose_number_it_is(source: str, said: str) -> None:
    row = RankedNeed.model_validate(
        {"need": "n", "statement": "N", "kind": "job", "numbers_from": source, "opportunity": 13}
    )
    assert said in _leader([row])
