"""Pairs of segments by five criteria: what is said, where from, and what follows."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.results.separation import ComparedCriterion, Separation
from forwhom.documents.separation import separate_segments

START = "forwhom: 1\nkind: canvas\n"


def compared(text: str) -> Separation:
    return separate_segments(parse_canvas(START + text))


def two(first: str, second: str, rest: str = "") -> dict[str, ComparedCriterion]:
    """Two segments that differ in what stands under ``separate``, by criterion."""
    text = (
        f"segments: [{{id: a, name: A, separate: {{{first}}}}}, "
        f"{{id: b, name: B, separate: {{{second}}}}}]\n{rest}"
    )
    return {one.criterion: one for one in compared(text).pairs[0].criteria}


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("value: 10", "value: 11", "same"),
        ("value: 10", "value: 20", "different"),
        ("value: 10, low: 8, high: 12", "value: 20, low: 15, high: 25", "different"),
        ("value: 10, low: 5, high: 16", "value: 20, low: 15, high: 25", "unknown"),
        ("value: 10, low: 8, high: 12", "value: 11, low: 9, high: 13", "same"),
        ("value: 10, unit: EUR", "value: 20, unit: USD", "unknown"),
        ("level: low", "level: high", "different"),
        ("level: low", "level: low", "same"),
        ("level: low", "value: 3", "different"),
    ],
)
def test_profitability_is_compared_by_numbers_then_levels_then_words(
    first: str, second: str, verdict: str
) -> None:
    found = two(f"profitability: {{text: One, {first}}}", f"profitability: {{text: Two, {second}}}")
    assert found["profitability"].verdict == verdict


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("{aspect: Speed}", "{aspect: speed.}", "same"),
        ("{aspect: Speed}", "{aspect: Comfort}", "different"),
        ("{aspect: Speed}, {aspect: Calm, worth: 0}", "{aspect: Speed}", "same"),
        ("{aspect: Speed, worth: 2}", "{aspect: Speed, worth: 5}", "different"),
        ("{aspect: Fast, offer: o}", "{aspect: Quick, offer: o}", "same"),
    ],
)
def test_what_they_pay_for_is_compared_aspect_by_aspect(
    first: str, second: str, verdict: str
) -> None:
    offer = "propositions: [{id: p, name: P, features: [{id: o, text: Arrives first}]}]"
    found = two(f"price: [{first}]", f"price: [{second}]", offer)
    assert found["price"].verdict == verdict


def test_the_own_place_of_a_criterion_decides_and_else_whose_notes_they_are() -> None:
    notes = "blocks: {channels: [{text: Post, segments: [a]}, {text: Web, segments: [b]}]}"
    assert two("", "", notes)["channel"].verdict == "different"
    assert two("channel: {text: Post}", "", notes)["channel"].verdict == "different"
    said = two("channel: {text: Both ways}", "channel: {text: both ways.}", notes)["channel"]
    assert (said.verdict, said.because) == ("same", "so it is said of both")
    assert two("channel: {text: Post}", "")["channel"].verdict == "unknown"


def test_it_says_what_it_rests_on_and_whether_that_has_changed() -> None:
    evidence = "evidence: [{id: e, statement: Said, fingerprint: f2}]"
    one = "channel: {text: Post, evidence: [e@f1]}"
    found = two(one, "channel: {text: Web, evidence: [e@f2]}", evidence)["channel"]
    assert (found.rests_on, found.evidence, found.suspect) == ("evidence", ["e"], True)
    assert two(one, "channel: {text: Web}", evidence)["channel"].rests_on == "evidence-in-part"
    assert two("channel: {text: Post}", "channel: {text: Web}")["channel"].rests_on == "team"
    assert two("", "")["channel"].rests_on == "nothing"


def test_the_words_of_each_stand_apart_from_what_holds_for_both() -> None:
    needs = (
        "needs: [{id: n, statement: Read, segments: [a, b]}, "
        "{id: m, statement: Rest, segments: [b]}]"
    )
    offer = two("", "", needs)["offer"]
    assert (offer.first, offer.second, offer.both) == ([], ["Rest"], ["Read"])


def test_segments_that_are_all_alike_are_one_proposal_and_none_is_in_two() -> None:
    text = (
        "segments: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}, {id: d, name: D}]\n"
        "needs: [{id: n, statement: Read, segments: [a, b, c]}, "
        "{id: m, statement: Rest, segments: [d]}]"
    )
    found = compared(text)
    assert [one.names for one in found.merges] == [["A", "B", "C"]]
    assert found.merges[0].unless == ["channel", "relationship", "profitability", "price"]
    assert "makes 3 of 6 pairs" in found.sentences[0]


def test_who_pays_differs_from_who_does_not_and_two_who_pay_are_not_compared() -> None:
    text = "segments: [{{id: a, name: A, revenue: pays}}, {{id: b, name: B, revenue: {}}}]"
    verdicts = [compared(text.format(r)).pairs[0].criteria[3].verdict for r in ("none", "pays")]
    assert verdicts == ["different", "unknown"]


def test_one_segment_has_no_pair() -> None:
    found = compared("segments: [{id: a, name: A}]")
    assert (found.pairs, found.merges) == ([], [])
    assert "no two segments" in found.sentences[0]


MEASURED = """\
pairs: [{{segments: [b, a], evidence: [segments-1-2.channel@f, notes]}}]
evidence:
  - {{id: segments-1-2.channel, statement: "V = 0.4", value: 0.4, interval: {{low: 0.3, high: 0.5}},
     verdict: {0}, fingerprint: {1}}}
  - {{id: notes, statement: They write letters}}
"""


@pytest.mark.parametrize(
    ("measured", "said", "verdict", "contradicted"),
    [
        ("different", "Post, Web", "different", False),
        ("equivalent", "Post, Web", "different", True),
        ("undecided", "Post, Web", "different", False),
        ("different", "Web, Web", "same", True),
        ("equivalent", "Web, Web", "same", False),
        ("different", "", "different", False),
        ("equivalent", "", "same", False),
        ("undecided", "", "unknown", False),
    ],
)
def test_what_data_say_stands_beside_the_canvas_and_answers_where_it_is_silent(
    measured: str, said: str, verdict: str, contradicted: bool
) -> None:
    first, second = (
        [f"channel: {{text: {text}}}" for text in said.split(", ")] if said else ["", ""]
    )
    found = two(first, second, MEASURED.format(measured, "f"))
    one = found["channel"]
    assert (one.verdict, one.contradicted) == (verdict, contradicted)
    assert one.measured is not None
    assert (one.measured.verdict, one.measured.effect, one.measured.low) == (measured, 0.4, 0.3)
    assert (one.rests_on, one.evidence) == (
        ("team", []) if said else ("evidence", ["segments-1-2.channel"])
    )
    assert all(other.measured is None for name, other in found.items() if name != "channel")


def test_data_that_tell_two_apart_leave_no_merge_and_no_pair_that_nobody_saw() -> None:
    alike = "segments: [{id: a, name: A}, {id: b, name: B}]\nblocks: {channels: [{text: Web}]}\n"
    assert compared(alike).merges
    told = compared(alike + MEASURED.format("different", "f"))
    assert not told.merges
    assert "Data contradict 1 answer of the canvas." in told.notes
    gone = compared(alike + MEASURED.format("different", "gone"))
    assert gone.merges
    assert gone.pairs[0].criteria[1].measured is None
    silent = alike.splitlines()[0] + "\n"
    assert compared(silent).pairs[0].unseen
    assert not compared(silent + MEASURED.format("undecided", "f")).pairs[0].unseen
