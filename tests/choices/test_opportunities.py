"""Opportunities: by hand, with respondents, withheld where few answered, in any order of rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.choices.opportunities import rank_opportunities
from forwhom.choices.respondents import (
    Answers,
    bootstrap_interval,
    opportunity,
    resample,
    top_shares,
)
from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.results import NeedRanking, Opportunities, RankedNeed
from forwhom.errors import OptionError

CANVAS = """
forwhom: 1
kind: canvas
segments: [{id: a, name: Families}, {id: b, name: Schools}, {id: c, name: Banks}]
needs:
  - id: n1
    statement: Save time
    segments: [a]
    importance: 8
    satisfaction: 3
    rated_by: 14 respondents
  - id: n2
    statement: Feel calm
    segments: [a, b]
    importance: 5
    satisfaction: 9
    rated_by: our team
  - {id: n3, statement: Be seen, segments: [b], importance: 6, satisfaction: 6}
  - {id: n4, statement: Not lose money, segments: [a], importance: 9}
  - {id: n5, statement: More evenings, segments: [c]}
"""


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    return parse_canvas(CANVAS)


def rows(ranking: NeedRanking) -> dict[str, RankedNeed]:
    return {row.need: row for row in ranking.needs}


def answers(
    sizes: dict[str | None, int], importance: float = 7.0, seed: int = 0, needs: str = "n1 n2 n3"
) -> Answers:
    """Answers around a mean, as many respondents of each segment as asked for."""
    rng = np.random.default_rng(seed)
    names = ["n1", "n2", "n3", "n4", "n5"]
    segments = [s for s, n in sizes.items() for _ in range(n)]
    shape = (len(segments), len(names))
    matters = np.clip(rng.normal(importance, 1.5, shape).round(), 0, 10)
    met = np.clip(rng.normal([2.0, 5.0, 9.0, 5.0, 5.0], 1.5, shape).round(), 0, 10)
    for j, name in enumerate(names):
        if name not in needs.split():
            matters[:, j] = met[:, j] = np.nan
    return Answers(segments, names, matters, met, "answers.csv")


def test_opportunity_is_importance_and_what_is_missing_in_satisfaction() -> None:
    found = opportunity(np.array([8.0, 5.0, 10.0, 0.0]), np.array([3.0, 9.0, 0.0, 0.0]))
    assert found.tolist() == [13.0, 5.0, 20.0, 0.0]


def test_numbers_of_the_canvas_are_ranked_and_say_from_whom_they_are(canvas: Canvas) -> None:
    found = rank_opportunities(canvas)
    assert [row.need for row in found.everybody.needs] == ["n1", "n3", "n2", "n4", "n5"]
    by = rows(found.everybody)
    assert [by[n].opportunity for n in ("n1", "n2", "n3", "n4", "n5")] == [13, 5, 6, None, None]
    assert [by[n].rank for n in ("n1", "n3", "n2", "n4")] == [1, 2, 3, None]
    sources = {n: row.numbers_from for n, row in by.items()}
    assert sources == {
        "n1": "stated", "n2": "guess", "n3": "guess", "n4": "guess", "n5": "nobody"
    }  # fmt: skip
    assert all(row.opportunity_interval is None and row.first is None for row in by.values())
    assert found.draws == 0
    said = " ".join(found.notes)
    assert "guess, not an answer of customers: “Be seen”, “Feel calm” and “Not lose money”" in said
    assert "Only one of importance and satisfaction is known: “Not lose money”" in said
    assert "Nobody has rated: “More evenings”" in said


def test_what_is_left_of_the_arithmetic_does_not_part_a_tie() -> None:
    needs = ", ".join(
        f"{{id: n{i}, statement: N, importance: {a}, satisfaction: {b}}}"
        for i, (a, b) in enumerate([(9.2, 3.0), (8.7, 2.0), (9.1, 2.8)])
    )
    found = rank_opportunities(parse_canvas(f"{{forwhom: 1, kind: canvas, needs: [{needs}]}}"))
    assert [row.rank for row in found.everybody.needs] == [1, 1, 1]


def test_each_segment_has_its_own_ranking(canvas: Canvas) -> None:
    found = rank_opportunities(canvas)
    own = {r.segment: [row.need for row in r.needs] for r in found.segments}
    assert own == {"a": ["n1", "n2", "n4"], "b": ["n3", "n2"], "c": ["n5"]}
    assert "No need has both" in found.segments[2].sentences[0]


def test_respondents_replace_the_numbers_of_the_canvas(canvas: Canvas) -> None:
    given_ = answers({"a": 20, "b": 15})
    found = rank_opportunities(canvas, given_)
    row = rows(found.everybody)["n1"]
    importance, met = given_.importance[:, 0].mean(), given_.satisfaction[:, 0].mean()
    assert row.numbers_from == "respondents"
    assert row.n == 35
    assert row.importance == pytest.approx(importance)
    assert row.opportunity == pytest.approx(importance + max(importance - met, 0))
    assert row.canvas_opportunity == 13
    assert row.met == "underserved"
    assert rows(found.everybody)["n3"].met == "overserved"
    interval = row.opportunity_interval
    assert interval is not None
    assert interval.low < (row.opportunity or 0) < interval.high
    assert (rows(found.everybody)["n1"].first or 0) > 0.95
    assert found.everybody.respondents == 35


def test_probabilities_of_being_first_are_about_needs_with_respondents(canvas: Canvas) -> None:
    found = rank_opportunities(canvas, answers({"a": 30}, needs="n1 n2 n3 n4"))
    shares = [row.first for row in found.everybody.needs if row.first is not None]
    assert len(shares) == 4
    assert sum(shares) == pytest.approx(1)
    threes = [row.top_three for row in found.everybody.needs if row.top_three is not None]
    assert sum(threes) == pytest.approx(3)
    few = rank_opportunities(canvas, answers({"a": 30}))
    assert all(row.top_three is None for row in few.everybody.needs)


def test_one_number_alone_does_not_count(canvas: Canvas) -> None:
    given_ = answers({"a": 12})
    given_.satisfaction[:3, 0] = np.nan
    found = rank_opportunities(canvas, given_)
    assert rows(found.everybody)["n1"].numbers_from == "withheld"
    assert rows(found.everybody)["n2"].n == 12
    assert any("3 answers with only one" in note for note in found.notes)


def test_fewer_than_ten_respondents_show_no_number(canvas: Canvas) -> None:
    found = rank_opportunities(canvas, answers({"a": 9}))
    for ranking in (found.everybody, found.segments[0]):
        row = rows(ranking)["n1"]
        assert row.numbers_from == "withheld"
        assert row.n is row.importance is row.satisfaction is row.opportunity is None
        assert row.opportunity_interval is row.first is row.rank is None
        assert ranking.respondents is None
    assert any("fewer than 10 respondents" in note for note in found.notes)


def test_a_small_segment_does_not_follow_from_everybody(canvas: Canvas) -> None:
    given_ = answers({"a": 20, "b": 15, "c": 4})
    found = rank_opportunities(canvas, given_)
    assert rows(found.segments[2])["n1"].numbers_from == "withheld"
    everybody = rows(found.everybody)["n1"]
    assert everybody.n == 35
    assert everybody.importance == pytest.approx(given_.importance[:35, 0].mean())
    assert any("would follow from the others" in note for note in found.notes)


def test_several_small_segments_count_together(canvas: Canvas) -> None:
    found = rank_opportunities(canvas, answers({"a": 20, "b": 6, "c": 5}))
    assert rows(found.everybody)["n1"].n == 31
    unknown = rank_opportunities(canvas, answers({"a": 20, None: 12}))
    assert rows(unknown.everybody)["n1"].n == 32
    few = rank_opportunities(canvas, answers({"a": 20, None: 3}))
    assert rows(few.everybody)["n1"].n == 20


def test_a_contradiction_between_canvas_and_respondents_is_said(canvas: Canvas) -> None:
    found = rank_opportunities(canvas, answers({"a": 40}, importance=3.0))
    assert any("canvas puts the opportunity of “Save time” at 13" in n for n in found.notes)


def test_a_guess_above_the_answers_is_said(canvas: Canvas) -> None:
    found = rank_opportunities(canvas, answers({"a": 30}, importance=2.0, needs="n2"))
    assert found.everybody.sentences[0].startswith("The largest opportunity by respondents is")
    assert "“Save time” (13)" in found.everybody.sentences[1]


def test_the_same_seed_gives_the_same_answer(canvas: Canvas) -> None:
    given_ = answers({"a": 15, "b": 12})
    first = rank_opportunities(canvas, given_, seed=3)
    assert first == rank_opportunities(canvas, given_, seed=3)
    other = rank_opportunities(canvas, given_, seed=4)
    assert rows(first.everybody)["n1"].opportunity == rows(other.everybody)["n1"].opportunity
    assert rows(first.everybody)["n1"] != rows(other.everybody)["n1"]


def test_another_segment_does_not_change_the_answer_of_one(canvas: Canvas) -> None:
    alone = answers({"a": 15})
    with_others = answers({"b": 12, "a": 15})
    with_others.importance[12:] = alone.importance
    with_others.satisfaction[12:] = alone.satisfaction
    a = rank_opportunities(canvas, alone).segments[0]
    b = rank_opportunities(canvas, with_others).segments[0]
    assert a.needs == b.needs


def test_a_page_can_be_made_of_it_again(canvas: Canvas) -> None:
    found = rank_opportunities(canvas, answers({"a": 15}))
    assert Opportunities.model_validate(found.model_dump(mode="json")) == found


@pytest.mark.parametrize(("seed", "draws"), [(-1, 1000), (0, 99)])
def test_impossible_settings_are_refused(canvas: Canvas, seed: int, draws: int) -> None:
    with pytest.raises(OptionError):
        rank_opportunities(canvas, answers({"a": 15}), seed=seed, draws=draws)


@pytest.mark.parametrize("draws", [100, 256, 300])
def test_as_many_samples_are_drawn_as_asked_for(draws: int) -> None:
    sample = Answers(["a"] * 3, ["n"], np.array([[3.0], [5], [7]]), np.zeros((3, 1)))
    found = resample(sample, sample.complete, draws=draws, seed=0, name="")
    assert found.importance_draws.shape == (draws, 1)


def test_only_answers_with_both_numbers_count() -> None:
    matters = np.array([[2.0, 4], [6, 8], [9, np.nan]])
    met = np.array([[1.0, np.nan], [3, 5], [8, 7]])
    sample = Answers(["a"] * 3, ["n", "m"], matters, met)
    shown = np.array([[True, True], [True, True], [False, True]])
    found = resample(sample, shown, draws=100, seed=0, name="")
    assert found.n.tolist() == [2, 1]
    assert found.importance.tolist() == [4, 8]
    assert found.satisfaction.tolist() == [2, 5]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Means of 12 answers each: 95% intervals hold the true mean in 400 samples."""
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        values = rng.normal(5.0, 1.5, (12, 1))
        sample = Answers(["a"] * 12, ["n"], values, np.zeros((12, 1)))
        found = resample(sample, sample.complete, draws=400, seed=0, name="")
        interval = bootstrap_interval(found.importance_draws[:, 0], 12)
        held += interval.low <= 5.0 <= interval.high
    assert 0.92 <= held / 400 <= 0.98


@given(
    values=st.lists(
        st.lists(st.integers(0, 3).map(float), min_size=4, max_size=4), min_size=1, max_size=6
    ),
    most=st.integers(1, 5),
)
@settings(max_examples=60)
def test_places_are_shared_out_completely(values: list[list[float]], most: int) -> None:
    found = top_shares(np.array(values), most)
    assert found.sum() == pytest.approx(min(most, 4))
    assert ((found >= 0) & (found <= 1)).all()


@given(st.permutations(range(12)))
@settings(max_examples=10)
def test_values_do_not_depend_on_the_order_of_respondents(order: list[int]) -> None:
    canvas = parse_canvas(CANVAS)
    one = answers({"a": 12})
    other = Answers(one.segments, one.needs, one.importance[order], one.satisfaction[order])
    a = rows(rank_opportunities(canvas, one, draws=100).everybody)["n1"]
    b = rows(rank_opportunities(canvas, other, draws=100).everybody)["n1"]
    assert a.opportunity == pytest.approx(b.opportunity)
