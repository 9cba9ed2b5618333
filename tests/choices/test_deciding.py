"""Priorities: by hand, whatever the order of judges, and robust only where they are."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.choices.curves import compare_curves
from forwhom.choices.deciding import weigh_segments
from forwhom.choices.weighing import Turn, frequencies, turning_weight, weighted
from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.strategy import DecisionCriterion, DecisionMatrix, Judge
from forwhom.documents.results import JudgedSegment, Priorities
from forwhom.errors import DocumentError, OptionError

Scores = dict[str, dict[str, float]]

CRITERIA = {"size": "attractiveness", "pays": "attractiveness", "reach": "ability"}
SCORES: Scores = {
    "a": {"size": 8, "pays": 4, "reach": 6},
    "b": {"size": 2, "pays": 9, "reach": 6},
    "c": {"size": 1, "pays": 1, "reach": 1},
}


def canvas_of(
    scores: Scores = SCORES,
    judges: list[Judge] | None = None,
    criteria: dict[str, str] | None = None,
    status: dict[str, str] | None = None,
) -> Canvas:
    names = sorted({*scores, *(s for j in judges or [] for s in j.scores)})
    return Canvas(
        forwhom=1,
        kind="canvas",
        segments=[
            CanvasSegment.model_validate(
                {"id": s, "name": s.upper(), "status": (status or {}).get(s, "candidate")}
            )
            for s in names
        ],
        decision=DecisionMatrix(
            criteria=[
                DecisionCriterion.model_validate({"id": c, "name": c.title(), "axis": axis})
                for c, axis in (criteria or CRITERIA).items()
            ],
            scores=scores,
            judges=judges or [],
        ),
    )


def by_id(found: Priorities) -> dict[str, JudgedSegment]:
    return {segment.segment: segment for segment in found.segments}


def judge(name: str, scores: Scores | None = None, **weights: float) -> Judge:
    return Judge(id=name, weights=weights, scores=scores or {})


def test_scores_are_weighted_within_each_axis_and_both_axes_count_the_same() -> None:
    found = weigh_segments(canvas_of(judges=[judge("ana", size=3, pays=1, reach=2)]))
    a = by_id(found)["a"]
    assert a.attractiveness == pytest.approx((3 * 8 + 1 * 4) / 4)
    assert a.ability == pytest.approx(6)
    assert a.combined == pytest.approx((7 + 6) / 2)
    assert [s.segment for s in found.segments] == ["a", "b", "c"]
    assert [s.rank for s in found.segments] == [1, 2, 3]
    assert [s.number for s in found.segments] == [1, 2, 3]
    assert {c.id: c.weight for c in found.criteria} == {"size": 0.75, "pays": 0.25, "reach": 1.0}


def test_own_scores_replace_the_shared_ones_for_that_judge_alone() -> None:
    judges = [
        judge("ana", size=1, pays=1, reach=1),
        judge("ben", {"b": {"size": 10}}, size=1, pays=1, reach=1),
    ]
    found = weigh_segments(canvas_of(judges=judges))
    ana, ben = found.judges
    assert ana.attractiveness["b"] == pytest.approx((2 + 9) / 2)
    assert ben.attractiveness["b"] == pytest.approx((10 + 9) / 2)
    assert (ana.first, ben.first) == (["a"], ["b"])
    assert by_id(found)["b"].attractiveness == pytest.approx((6 + 9) / 2)


def test_the_judges_weights_are_averaged() -> None:
    judges = [judge("ana", size=30, pays=10, reach=1), judge("ben", size=1, pays=3, reach=5)]
    found = weigh_segments(canvas_of(judges=judges))
    assert {c.id: c.weight for c in found.criteria} == {"size": 0.5, "pays": 0.5, "reach": 1.0}


def test_how_often_each_is_first_is_the_share_of_weights_where_it_leads() -> None:
    # On attractiveness alone, a leads b where 8w + 4(1-w) > 2w + 9(1-w): w > 5/11, uniformly.
    two = {s: SCORES[s] for s in ("a", "b")}
    found = weigh_segments(canvas_of(two), draws=40_000)
    share = by_id(found)["a"].by_axis["attractiveness"].first_low
    assert share == pytest.approx(6 / 11, abs=0.01)
    # Ability is the same for both, so the balance of the axes changes nothing.
    assert by_id(found)["a"].any_weights.first_low == pytest.approx(6 / 11, abs=0.01)
    assert by_id(found)["b"].by_axis["ability"].first_low == 0.5, "a tie is shared"
    assert by_id(found)["a"].any_weights.rank_low == pytest.approx(1 + 5 / 11, abs=0.01)


def test_weights_near_the_judges_stay_near() -> None:
    sure = [judge("ana", size=9, pays=1, reach=1), judge("ben", size=8, pays=2, reach=1)]
    found = weigh_segments(canvas_of(judges=sure))
    near = by_id(found)["a"].near_judges
    assert near is not None
    assert near.first_low == 1.0
    assert by_id(found)["a"].any_weights.first_low < 0.9
    assert "holds near these judges’ weights" in " ".join(found.sentences)


def test_without_weights_nothing_is_near_anybody() -> None:
    found = weigh_segments(canvas_of())
    assert all(segment.near_judges is None for segment in found.segments)
    assert any(note.startswith("Nobody gave weights") for note in found.notes)
    one = weigh_segments(canvas_of(judges=[judge("ana", size=1, pays=1, reach=1)]))
    assert any("weights of one person, ana" in note for note in one.notes)


def test_weights_that_are_left_out_count_as_0_and_that_is_said() -> None:
    found = weigh_segments(canvas_of(judges=[judge("ana", size=2, reach=1)]))
    assert by_id(found)["a"].attractiveness == 8
    assert any("ana gives no weight to “Pays”" in note for note in found.notes)
    axis = weigh_segments(canvas_of(judges=[judge("ana", size=2)]))
    assert axis.judges[0].combined == {}
    assert axis.judges[0].attractiveness["a"] == 8
    assert by_id(axis)["a"].near_judges is None


def test_a_missing_score_is_said_and_its_share_is_a_range() -> None:
    scores = {s: dict(v) for s, v in SCORES.items()}
    del scores["b"]["pays"]
    found = weigh_segments(canvas_of(scores, [judge("ana", size=1, pays=1, reach=1)]))
    b = by_id(found)["b"]
    assert (b.attractiveness, b.combined, b.rank, b.missing) == (None, None, None, ["pays"])
    assert b.any_weights.first_low == 0.0, "with 0 it never leads a"
    worst, best = (
        by_id(weigh_segments(canvas_of({**scores, "b": {**scores["b"], "pays": value}})))["b"]
        for value in (0, 10)
    )
    assert b.any_weights.first_low == worst.any_weights.first_low
    assert b.any_weights.first_high == best.any_weights.first_low > 0
    assert any("Nobody scored “B” on “Pays”" in note for note in found.notes)
    assert found.judges[0].combined.keys() == {"a", "c"}


def test_a_score_that_one_judge_left_out_is_not_taken_from_another() -> None:
    judges = [
        judge("ana", {"a": {"size": 5, "pays": 5}, "b": {"size": 4, "pays": 4}}, size=1, pays=1),
        judge("ben", {"a": {"size": 5, "pays": 5}, "b": {"size": 4}}, size=1, pays=1),
    ]
    criteria = {"size": "attractiveness", "pays": "attractiveness"}
    found = weigh_segments(canvas_of({}, judges, criteria))
    assert by_id(found)["a"].any_weights.first_low < 1
    assert by_id(found)["a"].any_weights.first_high == 1.0
    assert any("Some judges left out scores" in note for note in found.notes)
    assert any("No criterion is about ability" in note for note in found.notes)


def test_a_decision_against_the_matrix_is_said() -> None:
    judges = [judge("ana", size=1, pays=1, reach=1), judge("ben", size=1, pays=2, reach=1)]
    found = weigh_segments(canvas_of(judges=judges, status={"a": "ignore", "c": "serve"}))
    said = " ".join(found.notes)
    assert "“C” is to be served, but “A”, decided against, ranks above it." in said
    assert "“C” is to be served, but is among the first two in only 0% of draws." in said
    other = weigh_segments(canvas_of(judges=judges, status={"a": "serve"}))
    assert any("“B” ranks first, and the canvas has not decided" in n for n in other.notes)


def test_the_critical_weight_is_where_another_segment_wins() -> None:
    found = weigh_segments(canvas_of(judges=[judge("ana", size=3, pays=2, reach=1)]))
    critical = {c.criterion: c for c in found.critical}
    assert critical["size"].needed == pytest.approx(5 / 11)
    assert critical["pays"].needed == pytest.approx(6 / 11)
    assert critical["size"].winner == critical["pays"].winner == "b"
    assert critical["reach"].needed is None
    assert critical["balance"].needed is None
    expected = "“Pays” weighs more than 55% of attractiveness instead of 40%, “B” leads"
    assert expected in " ".join(found.sentences)


@pytest.mark.parametrize(
    ("criterion", "rest", "weight", "expected"),
    [
        ([2.0, 8.0], [6.0, 4.0], 0.0, Turn(0.25, 1)),
        ([8.0, 2.0], [8.0, 4.0], 0.5, None),
        ([5.0, 5.0], [5.0, 5.0], 0.5, None),
        ([8.0, 4.0], [4.0, 4.0], 0.3, None),
        ([9.0, 0.0, 5.0], [0.0, 9.0, 6.0], 0.9, Turn(0.6, 2)),
    ],
)
def test_turning_weights(
    criterion: list[float], rest: list[float], weight: float, expected: Turn | None
) -> None:
    found = turning_weight(np.array(criterion), np.array(rest), weight)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.winner == expected.winner
        assert found.weight == pytest.approx(expected.weight)


def test_missing_scores_bound_the_place_of_every_segment() -> None:
    """Whatever the missing scores are, the place stays within what is said to be possible."""
    rng = np.random.default_rng(2)
    weights = rng.dirichlet(np.ones(3), 200)
    scores = rng.integers(0, 11, (4, 3)).astype(float)
    scores[1, 2] = scores[3, 0] = math.nan
    bounds = frequencies(weights, [scores])
    for first, second in itertools.product((0.0, 3.0, 10.0), repeat=2):
        filled = scores.copy()
        filled[1, 2], filled[3, 0] = first, second
        for bound, exact in zip(bounds, frequencies(weights, [filled]), strict=True):
            assert bound.first_low <= exact.first_low <= bound.first_high
            assert bound.top_two_low <= exact.top_two_low <= bound.top_two_high
            assert bound.rank_low <= exact.rank_low <= bound.rank_high


def test_judges_who_share_scores_do_not_count_as_agreeing() -> None:
    judges = [judge("ana", size=1, pays=1, reach=1), judge("ben", size=1, pays=2, reach=1)]
    found = weigh_segments(canvas_of(judges=judges))
    assert found.agreement is not None
    assert found.agreement.alpha is None
    assert found.agreement.concordance == 0.75  # of two rankings with a pair turned
    assert any("share the same scores" in note for note in found.notes)
    alone = weigh_segments(canvas_of(judges=judges[:1]))
    assert not any("share the same scores" in note for note in alone.notes)
    own = [*judges, judge("cleo", {"a": {"size": 2, "pays": 5}}, size=1, pays=1, reach=1)]
    agreement = weigh_segments(canvas_of(judges=own)).agreement
    assert agreement is not None
    assert agreement.alpha is not None
    assert [(d.segment, d.criterion, d.low, d.high) for d in agreement.differ_most] == [
        ("a", "size", 2, 8),
        ("a", "pays", 4, 5),
    ]


def test_a_segment_that_is_best_on_everything_is_always_first() -> None:
    scores = {**SCORES, "best": {"size": 9, "pays": 10, "reach": 7}}
    judges = [judge("ana", size=1, pays=1, reach=1), judge("ben", size=5, pays=1, reach=2)]
    found = weigh_segments(canvas_of(scores, judges))
    best = by_id(found)["best"]
    assert best.rank == 1
    assert best.near_judges is not None
    for frequency in (best.any_weights, best.near_judges, *best.by_axis.values()):
        assert frequency.first_low == frequency.first_high == 1.0
        assert frequency.rank_high == 1.0
    assert all(c.needed is None for c in found.critical)
    assert "hardly depends on anybody’s weights" in " ".join(found.sentences)
    assert "All 2 judges put “BEST” first." in found.sentences


def test_a_tie_is_a_tie() -> None:
    scores = {"a": SCORES["a"], "twin": SCORES["a"], "c": SCORES["c"]}
    found = weigh_segments(canvas_of(scores))
    assert [s.rank for s in found.segments] == [1, 1, 3]
    assert by_id(found)["a"].any_weights.first_low == 0.5
    assert by_id(found)["a"].any_weights.top_two_low == 1.0
    assert found.sentences[0].startswith("“A” and “TWIN” tie for the first place")


@st.composite
def matrices(draw: Any) -> tuple[Scores, list[Judge]]:
    score = st.integers(0, 10).map(float)
    scores = {s: {c: draw(score) for c in CRITERIA} for s in ("a", "b", "c")}
    judges = [
        Judge(
            id=name,
            weights={c: float(draw(st.integers(1, 9))) for c in CRITERIA},
            scores={"b": {"size": draw(score)}},
        )
        for name in ("ana", "ben", "cleo")
    ]
    return scores, judges


@given(matrices())
@settings(max_examples=15)
def test_the_order_of_judges_and_segments_and_the_scale_of_weights_do_not_matter(
    matrix: tuple[Scores, list[Judge]],
) -> None:
    scores, judges = matrix
    found = weigh_segments(canvas_of(scores, judges), draws=200)
    scaled = [
        j.model_copy(update={"weights": {c: 16 * w for c, w in reversed(j.weights.items())}})
        for j in reversed(judges)
    ]
    turned = dict(reversed(scores.items()))
    criteria = dict(reversed(CRITERIA.items()))
    other = weigh_segments(canvas_of(turned, scaled, criteria), draws=200)
    assert other.model_copy(update={"criteria": found.criteria}) == found


@given(matrices())
@settings(max_examples=15)
def test_shares_of_being_first_add_up(matrix: tuple[Scores, list[Judge]]) -> None:
    found = weigh_segments(canvas_of(*matrix), draws=200)
    near = [s.near_judges for s in found.segments if s.near_judges is not None]
    for frequencies_ in ([s.any_weights for s in found.segments], near):
        assert sum(f.first_low for f in frequencies_) == pytest.approx(1)
        assert sum(f.top_two_low for f in frequencies_) == pytest.approx(2)
        assert sum(f.rank_low for f in frequencies_) == pytest.approx(6)


def test_the_same_seed_gives_the_same_answer() -> None:
    judges = [judge("ana", size=1, pays=1, reach=1)]
    first = weigh_segments(canvas_of(judges=judges), seed=5)
    assert first == weigh_segments(canvas_of(judges=judges), seed=5)
    assert first.segments != weigh_segments(canvas_of(judges=judges), seed=6).segments
    assert Priorities.model_validate(first.model_dump(mode="json")) == first


def text(decision: str) -> str:
    return (
        "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}, {id: b, name: B}]\n"
        f"decision:\n  criteria: [{{id: size, name: Size}}]\n{decision}"
    )


@pytest.mark.parametrize(
    ("decision", "place", "said"),
    [
        ("  scores: {a: {size: 11}, b: {size: 1}}\n", ":6:16", "is 11"),
        ("  scores: {a: {size: -1}, b: {size: 1}}\n", ":6:16", "is -1"),
        (
            "  scores: {a: {size: 1}, b: {size: 1}}\n  judges: [{id: ana, weights: {size: -2}}]\n",
            ":7:32",
            "the weight of 'size' is -2",
        ),
        ("  scores: {a: {size: 1}}\n", ":4:1", "only one segment has scores"),
        ("  scores: {}\n", ":4:1", "no segment has scores"),
    ],
)
def test_impossible_numbers_are_refused_with_their_place(
    decision: str, place: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        weigh_segments(parse_canvas(text(decision), "canvas.yaml"))
    assert place in str(caught.value)
    assert said in str(caught.value)


def test_a_canvas_without_a_matrix_says_what_to_add() -> None:
    with pytest.raises(DocumentError, match="no decision matrix"):
        weigh_segments(parse_canvas("{forwhom: 1, kind: canvas}"))
    with pytest.raises(OptionError, match="seed"):
        weigh_segments(canvas_of(), seed=-1)
    with pytest.raises(OptionError, match="draws"):
        weigh_segments(canvas_of(), draws=10)


CURVES = """
forwhom: 1
kind: canvas
segments: [{id: a, name: Families}]
competitors: [{id: app, name: App}, {id: none, name: Doing nothing, kind: nothing}]
value_curves:
  - id: v
    segment: a
    points:
      - {criterion: Start, scores: {ours: 8, app: 5, none: 10}}
      - {criterion: Learn, scores: {ours: 9, app: 6}}
      - {criterion: Price, scores: {ours: 6, app: 6, none: 2}}
      - {criterion: Screens, scores: {app: 6}}
"""


def test_value_curves_say_where_ours_is_ahead() -> None:
    found = compare_curves(parse_canvas(CURVES)).segments[0]
    assert (found.ahead, found.level, found.behind) == (["Learn"], ["Price"], ["Start"])
    assert [curve.name for curve in found.curves] == ["Ours", "App", "Doing nothing"]
    assert found.curves[2].scores == [10, None, 2, None]
    assert any("No score: Ours on “Screens”" in note for note in found.notes)
    assert any("4 criteria: five to ten" in note for note in found.notes)


def test_a_value_curve_with_an_impossible_score_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"10:54.*'none' is 12"):
        compare_curves(parse_canvas(CURVES.replace("none: 10", "none: 12"), "canvas.yaml"))
    with pytest.raises(DocumentError, match="no value curve"):
        compare_curves(parse_canvas("{forwhom: 1, kind: canvas}"))


def test_a_score_with_a_weight_that_is_missing_leaves_no_sum() -> None:
    found = weighted(np.array([0.5, 0.5, 0.0]), np.array([[8.0, 6, np.nan], [np.nan, 6, 4]]))
    assert found.tolist() == pytest.approx([7.0, np.nan], nan_ok=True)
