from __future__ import annotations

import difflib
from datetime import date

import pytest

from forwhom.documents.canvas import CanvasEvidence, accept_claims, parse_canvas, suspects
from forwhom.documents.canvas.suspects import Suspect, fingerprint_of
from forwhom.errors import OptionError, OutputError

from .segmentations import OFTEN, OLD, accepted_in, first, refit, seeded

TODAY = date(2027, 1, 2)


@pytest.fixture(scope="module")
def text() -> str:
    """A canvas after a refit."""
    return seeded(refit(), seeded(first()).text).text


def names(text: str) -> list[str]:
    return [s.item for s in suspects(parse_canvas(text))]


def test_what_is_suspect_and_why(text: str) -> None:
    found = suspects(parse_canvas(text))
    assert [(s.item, s.evidence.id, s.fingerprint) for s in found] == [
        ("segment-1.size", "segment-1.size", "s1"),
        ("c-segment-1.distinction.visits", "segment-1.distinction.visits", "d1"),
        ("c-segment-1.distinction.age", "segment-1.distinction.age", "d2"),
        ("p-segment-1.distinction.visits", "segment-1.distinction.visits", "d1"),
        ("p-segment-1.distinction.age", "segment-1.distinction.age", "d2"),
    ]
    assert found[0].location == ("segments", 0, "size", "evidence", 0)
    assert found[0].evidence.statement == "50 % of customers."


def test_accepting_clears_what_was_named_and_nothing_else(text: str) -> None:
    accepted = accepted_in(
        text, ["c-segment-1.distinction.visits"], by="Ada", note="We asked", today=TODAY
    )
    done = accepted.text
    assert [s.item for s in accepted.cleared] == ["c-segment-1.distinction.visits"]
    assert names(done) == [n for n in names(text) if n != "c-segment-1.distinction.visits"]
    lines = list(difflib.ndiff(text.splitlines(), done.splitlines()))
    taken = [line[2:].strip() for line in lines if line.startswith("- ")]
    given = [line[2:].strip() for line in lines if line.startswith("+ ")]
    assert taken == ['evidence: ["segment-1.distinction.visits@d1"]']
    assert given[0] == 'evidence: ["segment-1.distinction.visits@d9"]'
    canvas = parse_canvas(done)
    assert canvas.segments[0].claims[0].text == OFTEN
    last = canvas.history[-1]
    assert (last.date, last.what, last.item, last.by, last.note) == (
        "2027-01-02", "accepted", "c-segment-1.distinction.visits", "Ada", "We asked",
    )  # fmt: skip
    assert len(canvas.history) == 3


def test_an_item_stands_for_the_claims_in_it_and_a_size_for_itself(text: str) -> None:
    done = accepted_in(text, ["segment-1"], today=TODAY)
    assert [s.item for s in done.cleared] == ["segment-1.size", "c-segment-1.distinction.visits"]
    assert [s.item for s in done.gone] == ["c-segment-1.distinction.age"]
    assert names(done.text) == [n for n in names(text) if n not in names_of(done.cleared)]
    size = accepted_in(text, ["segment-1.size"], today=TODAY)
    assert [s.item for s in size.cleared] == ["segment-1.size"]


def names_of(found: list[Suspect]) -> list[str]:
    return [s.item for s in found]


def test_without_names_everything_is_cleared_whose_evidence_is_there(text: str) -> None:
    done = accepted_in(text, today=TODAY)
    assert names(done.text) == ["c-segment-1.distinction.age", "p-segment-1.distinction.age"]
    assert names_of(done.gone) == names(done.text)
    assert len(done.cleared) == 3
    assert len(parse_canvas(done.text).history) == 2 + 3
    # Nothing to do is fine, and changes nothing.
    again = accepted_in(done.text)
    assert (again.text, again.cleared) == (done.text, [])
    # A later refit with the same evidence raises nothing new.
    assert seeded(refit(), done.text).suspect == names(done.text)


def test_a_size_takes_its_new_share_when_it_is_accepted(text: str) -> None:
    segment = parse_canvas(accepted_in(text, ["segment-1.size"]).text).segments[0]
    assert segment.size is not None
    assert (segment.size.share, segment.size.low, segment.size.high) == (0.5, 0.3, 0.5)
    assert segment.size.customers is None


def test_restating_changes_what_the_program_said_and_no_word_of_a_person(text: str) -> None:
    new = "They come 9 times a month, others 2 times."
    canvas = parse_canvas(accepted_in(text, restate=True, today=TODAY).text)
    assert canvas.segments[0].claims[0].text == canvas.personas[0].claims[0].text == new
    assert canvas.segments[0].claims[1].text == OLD  # its evidence is gone and says nothing new
    own = text.replace(OFTEN, "Regulars, as we know them.", 1)
    done = accepted_in(own, restate=True, today=TODAY)
    assert names_of(done.kept) == ["c-segment-1.distinction.visits"]
    assert parse_canvas(done.text).segments[0].claims[0].text == "Regulars, as we know them."


def test_every_claim_of_a_persona_is_restated() -> None:
    start = "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}]\nevidence:\n"
    known = "- {id: e, statement: Now., previous: Then., fingerprint: f2}\n"
    goal = "personas: [{id: p, name: P, segment: a, goals: [{text: Then., evidence: [e@f1]}]}]\n"
    done = accepted_in(start + known + goal, restate=True, today=TODAY)
    assert parse_canvas(done.text).personas[0].goals[0].text == "Now."
    assert [one.item for one in done.cleared] == ["p.goals"]


def test_what_rests_on_evidence_that_is_gone_cannot_be_accepted(text: str) -> None:
    with pytest.raises(OptionError, match=r"cannot be accepted: its evidence .* is gone"):
        accepted_in(text, ["c-segment-1.distinction.age"])
    # Whatever fingerprint somebody writes there.
    forced = text.replace("segment-1.distinction.age@d2", "segment-1.distinction.age@gone")
    assert "c-segment-1.distinction.age" in names(forced)


def test_a_name_that_is_not_suspect_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match=r"Did you mean 'c-segment-1.distinction.visits'"):
        accepted_in(text, ["c-segment-1.distinction.visit"])
    with pytest.raises(OptionError, match=r"Suspect are: segment-1.size, c-segment-1"):
        accepted_in(text, ["unrelated"])
    with pytest.raises(OptionError, match="Nothing is suspect"):
        accepted_in(seeded(first()).text, ["segment-1"])
    with pytest.raises(OptionError):
        accepted_in(text, ["segment-2"])


LINES = """\
forwhom: 1
kind: canvas
segments:
  - id: a
    name: A
    claims:
      - {id: one, text: One, evidence: %s}
      - {id: two, text: Two, evidence: %s}
      - {text: Three, evidence: [e]}
needs: [{id: n, statement: N, evidence: ["e@old"]}]
evidence:
  - {id: e, statement: E, fingerprint: new}
  - {id: f, statement: F}
"""


def test_a_citation_without_fingerprint_is_never_suspect() -> None:
    text = LINES % ("[e, f]", '["f@old"]')
    assert names(text) == ["two", "n"]
    done = accepted_in(text, ["two"]).text
    assert f"f@{fingerprint_of(CanvasEvidence(id='f', statement='F'))}" in done


def test_claims_without_id_are_named_by_their_place() -> None:
    text = LINES % ('["e@old"]', "[]")
    text = text.replace("{text: Three, evidence: [e]}", '{text: Three, evidence: ["e@old"]}')
    found = suspects(parse_canvas(text))
    # The innermost item with an id.
    assert [s.item for s in found] == ["one", "a", "n"]
    accepted = accepted_in(text, ["a"])
    done = accepted.text
    assert [s.location[:4] for s in accepted.cleared] == [
        ("segments", 0, "claims", 0), ("segments", 0, "claims", 2),
    ]  # fmt: skip
    assert names(done) == ["n"]


def test_an_alias_clears_no_claim_that_was_not_named() -> None:
    text = LINES % ('&e ["e@old"]', "*e")
    assert names(text) == ["one", "two", "n"]
    with pytest.raises(OutputError, match=r"cannot be done without touching something else"):
        accepted_in(text, ["one"])
    assert names(accepted_in(text, ["two"]).text) == ["one", "n"]
    assert names(accepted_in(text).text) == []


def test_the_fingerprint_of_what_people_write_is_what_it_says() -> None:
    one = CanvasEvidence(id="i", statement="Nine of twelve.")
    assert fingerprint_of(one) == fingerprint_of(
        CanvasEvidence(id="i", statement="Nine of twelve.")
    )
    assert fingerprint_of(one) != fingerprint_of(one.model_copy(update={"n": 12}))
    assert fingerprint_of(one.model_copy(update={"fingerprint": "own"})) == "own"


def test_fingerprints_stay_as_they_are() -> None:
    one = CanvasEvidence(id="interview-1", statement="Nine of twelve do.")
    assert fingerprint_of(one) == "e27c8214a4fb161c"


def test_citations_written_by_hand_are_taken_in() -> None:
    text = """\
forwhom: 1
kind: canvas
segments:
  - id: a
    name: A
    claims:
      - {id: c, text: They come early, evidence: [talks]}  # by hand
      - {id: d, text: They pay, evidence: [talks]}
evidence: [{id: talks, statement: Nine of ten came before eight., n: 10}]
"""
    one = accept_claims(parse_canvas(text), ["c"])
    assert [s.item for s in one.taken] == ["c"]
    assert one.cleared == []
    done = accept_claims(parse_canvas(text))
    assert [s.item for s in done.taken] == ["c", "d"]
    mark = parse_canvas(done.text).segments[0].claims[0].evidence[0].removeprefix("talks@")
    plain = done.text.replace('"', "")
    assert plain == text.replace("[talks]", f"[talks@{mark}]")  # nothing else changed
    changed = done.text.replace("Nine of ten", "Two of ten")
    assert len(suspects(parse_canvas(changed))) == 2
    assert accept_claims(parse_canvas(done.text)).taken == []
