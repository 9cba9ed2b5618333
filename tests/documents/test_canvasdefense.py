"""Seven questions about the segments of a canvas: by what it says, and what it cites."""

from __future__ import annotations

from datetime import date

import pytest

from forwhom.choices.defending import defense_of
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.defense import QUESTIONS, Defended, State

DAY = date(2026, 11, 27)


def _asked(text: str, question: str) -> Defended:
    found = defense_of(parse_canvas(f"forwhom: 1\nkind: canvas\n{text}"), DAY)
    assert [one.id for one in found.questions] == list(QUESTIONS)
    return next(one for one in found.questions if one.id == question)


def _two(more: str = "") -> str:
    return (
        "segments:\n"
        f"  - {{id: a, name: Adam, discovered: 1{more}}}\n"
        f"  - {{id: b, name: Berta, discovered: 2{more}}}\n"
        "  - {id: c, name: Carl, status: ignore}\n"
    )


def test_a_canvas_without_segments_that_are_served_leaves_everything_open() -> None:
    for text in ("", "segments: [{id: a, name: A, status: ignore}]"):
        for question in QUESTIONS:
            one = _asked(text, question)
            assert (one.state, one.evidence) == ("open", [])
            assert one.why == "The canvas has no segment that is served or may be."


@pytest.mark.parametrize(
    ("more", "evidence", "state", "said"),
    [
        ("", "", "open", "Nobody asked data"),
        (", standing: group", "", "yes", "a group of its own"),
        (", standing: unproven", "", "open", "all of them"),
        (", standing: band", "", "open", "parts of a scale"),
        (", standing: unproven", "one", "no", "one group"),
    ],
)
def test_structure_is_what_the_data_say_each_is(
    more: str, evidence: str, state: State, said: str
) -> None:
    told = f"evidence: [{{id: segments.structure, statement: So, verdict: '{evidence}'}}]\n"
    found = _asked(_two(more) + (told if evidence else ""), "structure")
    assert found.state == state
    assert said in found.why


@pytest.mark.parametrize(("verdict", "state"), [("yes", "yes"), ("open", "open"), ("no", "no")])
def test_stable_is_what_was_found_again(verdict: str, state: State) -> None:
    told = f"evidence: [{{id: segments.stability, statement: So, verdict: '{verdict}'}}]\n"
    found = _asked(_two() + told, "stable")
    assert (found.state, found.evidence) == (state, ["segments.stability"])
    assert _asked(_two(), "stable").state == "open"
    if verdict == "yes":
        own = _two().replace("Berta, discovered: 2", "Berta")
        assert _asked(own + told, "stable").state == "open"


PAIR = (
    "pairs: [{{segments: [a, b], evidence: [segments-1-2.channel]}}]\n"
    "evidence: [{{id: segments-1-2.channel, statement: V, verdict: {0}, method: {1}}}]\n"
)


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        ("", "open", "we cannot tell"),
        ("blocks: {channels: [{text: Web}]}\n", "no", "Nothing that is known"),
        ("blocks: {channels: [{text: Web, segments: [a]}, {text: Post, segments: [b]}]}\n", "open",
         "the team alone"),
        (PAIR.format("different", "BCH"), "yes", "in something that evidence shows"),
        (PAIR.format("different", '"by the segments\' probabilities"'), "open", "formed them"),
        (PAIR.format("undecided", "BCH"), "open", "we cannot tell"),
        (PAIR.format("equivalent", "BCH"), "no", "Nothing that is known"),
        ("blocks: {channels: [{text: Web}]}\n" + PAIR.format("different", "BCH"), "open",
         "contradict"),
    ],
)  # fmt: skip
def test_separate_is_what_evidence_tells_apart(text: str, state: State, said: str) -> None:
    found = _asked(_two() + text, "separate")
    assert found.state == state
    assert said in found.why


def test_what_is_separate_by_its_role_alone_is_not_said_to_rest_on_evidence() -> None:
    text = "segments: [{id: a, name: A, buti: [buyer]}, {id: b, name: B, buti: [user]}]"
    found = _asked(text, "separate")
    assert (found.state, found.why) == (
        "yes", "Every two differ: in role or side, or in what evidence shows.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "more", "state"),
    [
        (0.06, 0.2, "", "yes"),
        (0.01, 0.2, "", "open"),
        (0.01, 0.04, "", "no"),
        (0.01, 0.04, ", revenue: sponsored, size: {share: 0.3}", "open"),
        (0.01, 0.04, ", revenue: sponsored, size: {share: 0.02}", "no"),
        (0.01, 0.04, ", revenue: none", "open"),
    ],
)
def test_who_matters_brings_enough_or_is_many(
    low: float, high: float, more: str, state: State
) -> None:
    told = "".join(
        f"  - {{id: segment-{i}.revenue, statement: So, interval: {{low: {low}, high: {high}}}}}\n"
        for i in (1, 2)
    )
    assert _asked(_two(more) + "evidence:\n" + told, "matter").state == state


@pytest.mark.parametrize(
    ("name", "verdict", "state"),
    [
        ("fairness.age", "alike", "yes"), ("fairness.age", "unknown", "open"),
        ("fairness.age", "apart", "open"), ("fairness.age.proxy.post", "apart", "no"),
    ],
)  # fmt: skip
def test_fair_is_what_was_found_of_protected_attributes(
    name: str, verdict: str, state: State
) -> None:
    told = f"evidence: [{{id: {name}, statement: So., verdict: {verdict}}}]\n"
    assert _asked(_two() + told, "fair").state == state
    assert _asked(_two(), "fair").state == "open"


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        ("", "open", "Nobody says"),
        ("blocks: {channels: [{text: Web}]}\n", "open", "Nothing is offered"),
        ("blocks: {channels: [{text: Web}]}\npropositions: [{id: p, name: P, segments: [a, b]}]\n",
         "open", "Only the team"),
        ("blocks: {channels: [{text: Web, evidence: [seen]}]}\n"
         "propositions: [{id: p, name: P, segments: [a, b]}]\n"
         "evidence: [{id: seen, statement: They came by the web}]\n", "yes", "Evidence speaks"),
        ("blocks: {channels: [{text: Web, evidence: [seen]}]}\n"
         "propositions: [{id: p, name: P, segments: [a, b]}]\n"
         "evidence: [{id: seen, statement: It was so, fingerprint: gone}]\n", "open",
         "Only the team"),
    ],
)  # fmt: skip
def test_who_can_be_reached_has_a_channel_and_an_offer(text: str, state: State, said: str) -> None:
    found = _asked(_two() + text, "reach")
    assert found.state == state
    assert said in found.why


@pytest.mark.parametrize(
    ("day", "state"), [("2026-11-20", "yes"), ("2026-05-01", "open"), ("2024-01-01", "no")]
)
def test_what_is_cited_gets_old(day: str, state: State) -> None:
    claim = ", claims: [{text: So, evidence: [seen]}]"
    told = f"evidence: [{{id: seen, statement: So, date: '{day}'}}]\n"
    assert _asked(_two(claim) + told, "true").state == state
    assert _asked(_two() + told, "true").state == "open"  # nobody cites it
    changed = claim.replace("seen", "seen@old")
    found = _asked(_two(changed) + told, "true")
    assert (found.state, "has changed" in found.why) == ("open", True)


def test_a_canvas_in_german_is_answered_in_german() -> None:
    found = defense_of(parse_canvas(f"forwhom: 1\nkind: canvas\nlanguage: de\n{_two()}"), DAY)
    assert found.headline.startswith("Können wir diese Segmente vertreten?")
    assert found.questions[0].question == "Gibt es Gruppen?"
