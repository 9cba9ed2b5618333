from __future__ import annotations

import difflib
from datetime import date

import pytest

from forwhom.documents.canvas import (
    CanvasEvidence,
    accept_claims,
    fingerprint_of,
    parse_canvas,
    seed_canvas,
    suspects,
)
from forwhom.errors import OptionError, OutputError

from .segmentations import OFTEN, OLD, first, refit

TODAY = date(2027, 1, 2)


@pytest.fixture(scope="module")
def text() -> str:
    """A canvas after a refit."""
    return seed_canvas(refit(), seed_canvas(first()).text).text


def names(text: str) -> list[str]:
    return [s.item for s in suspects(parse_canvas(text))]


def test_what_is_suspect_and_why(text: str) -> None:
    found = suspects(parse_canvas(text))
    assert [(s.item, s.evidence.id, s.fingerprint) for s in found] == [
        ("segment-1", "segment-1.size", "s1"),
        ("c-segment-1.distinction.visits", "segment-1.distinction.visits", "d1"),
        ("c-segment-1.distinction.age", "segment-1.distinction.age", "d2"),
        ("p-segment-1.distinction.visits", "segment-1.distinction.visits", "d1"),
        ("p-segment-1.distinction.age", "segment-1.distinction.age", "d2"),
    ]
    assert found[0].location == ("segments", 0, "size", "evidence", 0)
    assert found[0].evidence.statement == "50 % of customers."


def test_accepting_clears_what_was_named_and_nothing_else(text: str) -> None:
    done, cleared = accept_claims(
        text, ["c-segment-1.distinction.visits"], by="Ada", note="We asked", today=TODAY
    )
    assert [s.item for s in cleared] == ["c-segment-1.distinction.visits"]
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


def test_an_item_stands_for_the_claims_in_it(text: str) -> None:
    done, cleared = accept_claims(text, ["segment-1"], today=TODAY)
    assert len(cleared) == 3
    assert names(done) == ["p-segment-1.distinction.visits", "p-segment-1.distinction.age"]
    again, cleared = accept_claims(text, ["segment-1", "segment-1.size", "segment-1"][:1] * 2)
    assert len(cleared) == 3
    assert names(again) == names(done)


def test_without_names_everything_is_cleared(text: str) -> None:
    done, cleared = accept_claims(text, today=TODAY)
    assert names(done) == []
    assert len(cleared) == 5
    assert len(parse_canvas(done).history) == 2 + 5
    # Nothing to do is fine, and changes nothing.
    assert accept_claims(done) == (done, [])
    # A later refit with the same evidence raises nothing again.
    assert seed_canvas(refit(), done).suspect == []


def test_restating_lets_claims_and_sizes_say_what_the_evidence_says(text: str) -> None:
    done, _ = accept_claims(text, restate=True, today=TODAY)
    canvas = parse_canvas(done)
    segment = canvas.segments[0]
    assert segment.claims[0].text == "They come 9 times a month, others 2 times."
    assert segment.claims[1].text == OLD  # its evidence is gone and says nothing new
    assert segment.size is not None
    assert (segment.size.share, segment.size.low, segment.size.high) == (0.5, 0.3, 0.5)
    assert segment.size.customers is None
    assert canvas.personas[0].claims[0].text == segment.claims[0].text


def test_a_name_that_is_not_suspect_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match=r"Did you mean 'c-segment-1.distinction.visits'"):
        accept_claims(text, ["c-segment-1.distinction.visit"])
    with pytest.raises(OptionError, match="Suspect are: segment-1, c-segment-1"):
        accept_claims(text, ["unrelated"])
    with pytest.raises(OptionError, match="Nothing is suspect"):
        accept_claims(seed_canvas(first()).text, ["segment-1"])
    with pytest.raises(OptionError):
        accept_claims(text, ["segment-2"])


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
    done, _ = accept_claims(text, ["two"])
    assert f"f@{fingerprint_of(CanvasEvidence(id='f', statement='F'))}" in done


def test_claims_without_id_are_named_by_their_place() -> None:
    text = LINES % ('["e@old"]', "[]")
    text = text.replace("{text: Three, evidence: [e]}", '{text: Three, evidence: ["e@old"]}')
    found = suspects(parse_canvas(text))
    # The innermost item with an id.
    assert [s.item for s in found] == ["one", "a", "n"]
    done, cleared = accept_claims(text, ["a"])
    assert [s.location[:4] for s in cleared] == [
        ("segments", 0, "claims", 0), ("segments", 0, "claims", 2),
    ]  # fmt: skip
    assert names(done) == ["n"]


def test_an_alias_clears_no_claim_that_was_not_named() -> None:
    text = LINES % ('&e ["e@old"]', "*e")
    assert names(text) == ["one", "two", "n"]
    with pytest.raises(OutputError, match=r"cannot be changed without touching something else"):
        accept_claims(text, ["one"])
    done, _ = accept_claims(text, ["two"])
    assert names(done) == ["one", "n"]
    done, _ = accept_claims(text)
    assert names(done) == []


def test_the_fingerprint_of_what_people_write_is_what_it_says() -> None:
    one = CanvasEvidence(id="i", statement="Nine of twelve.")
    assert fingerprint_of(one) == fingerprint_of(
        CanvasEvidence(id="i", statement="Nine of twelve.")
    )
    assert fingerprint_of(one) != fingerprint_of(one.model_copy(update={"n": 12}))
    assert fingerprint_of(one.model_copy(update={"fingerprint": "own"})) == "own"
