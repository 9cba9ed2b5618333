"""A thing that is taken out of a canvas takes along what cannot be without it; it says so first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from forwhom.documents.canvas import Canvas, items, parse_canvas, read_canvas
from forwhom.documents.canvas.removing import Removal, canvas_without, removal_of
from forwhom.errors import OptionError

from .strategies import canvases

EXAMPLES = Path(__file__).parents[3] / "examples"
CALM = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))

TEXT = """\
forwhom: 1
kind: canvas
segments:
  - {id: parents, name: Parents}  # all of them
  # The ones who pay.
  - {id: firms, name: Firms, sponsor: parents}
pairs:
  - {segments: [parents, firms]}
participants:
  - {id: head, name: Head, segments: [Parents], vetoes: [buyer], veto: true}
  - id: buyer
    name: Buyer
    segments: [firms]
    vetoes: [head]  # only her
    veto: true
    influences:
      - {on: head}
needs:
  - id: eat  # the main job
    statement: Eat well
    segments: [parents, firms]
  - {id: cook, statement: Cook, of: eat, step: define, segments: [parents]}
personas:
  - {id: ann, name: Ann, segment: Parents, needs: [cook]}
propositions:
  - id: box
    name: A box
    segments: [parents]
    products: [{id: fruit, text: Fruit}]
    fit:
      # This is the one.
      - {need: cook, by: [fruit]}
      - {need: eat, by: [fruit]}
blocks:
  channels:
    # by post
    - {text: Post, segments: [parents]}
    - {text: Shop, segments: [parents, firms]}
    - {text: Web, propositions: [box]}
alignment:
  file: rated.csv
  items: [eat, cook]
  ratings:
    - {rater: a, segment: parents, item: eat, value: 1}
    # unsure
    - {rater: a, segment: parents, item: cook, value: 2}
    - {rater: a, segment: firms, item: eat, value: 3}
  strategies:
    - {id: talk, item: cook}
decision:
  criteria: [{id: size, name: Size}]
  scores: {Parents: {size: 1}, firms: {size: 2}}
  judges: [{id: j, weights: {size: 1}, scores: {parents: {size: 3}}}]
hypotheses:
  - {id: h, statement: They buy, segments: [parents], about: [ann, box]}
evidence:
  - {id: survey, statement: We asked.}
"""

TEXT_WITHOUT_PARENTS = """\
forwhom: 1
kind: canvas
segments:
  # The ones who pay.
  - {id: firms, name: Firms}
pairs: []
participants:
  - id: buyer
    name: Buyer
    segments: [firms]
    influences: []
needs:
  - id: eat  # the main job
    statement: Eat well
    segments: [firms]
  - {id: cook, statement: Cook, of: eat, step: define}
personas: []
propositions:
  - id: box
    name: A box
    products: [{id: fruit, text: Fruit}]
    fit:
      # This is the one.
      - {need: cook, by: [fruit]}
      - {need: eat, by: [fruit]}
blocks:
  channels:
    - {text: Shop, segments: [firms]}
    - {text: Web, propositions: [box]}
alignment:
  file: rated.csv
  items: [eat, cook]
  ratings:
    - {rater: a, segment: firms, item: eat, value: 3}
  strategies:
    - {id: talk, item: cook}
decision:
  criteria: [{id: size, name: Size}]
  scores: {firms: {size: 2}}
  judges: [{id: j, weights: {size: 1}, scores: {}}]
hypotheses:
  - {id: h, statement: They buy, about: [box]}
evidence:
  - {id: survey, statement: We asked.}
"""


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    return parse_canvas(TEXT)


def test_a_segment_takes_along_what_cannot_be_without_it(canvas: Canvas) -> None:
    removal = removal_of(canvas, "parents")
    assert removal.also == (
        "Note “Post” goes with it.",
        "Note “Shop” no longer names it.",
        "Hypothesis “They buy” no longer names “Ann”.",
        "Hypothesis “They buy” then names no segment.",
        "Need “Eat well” no longer names it.",
        "Need “Cook” then names no segment.",
        "Participant “Head” goes with it.",
        "Participant “Buyer” can then stop nobody.",
        "Persona “Ann” goes with it.",
        "Proposition “A box” then names no segment.",
        "Segment “Firms” no longer names it.",
        "2 ratings go with it.",
        "2 scores go with it.",
        "1 comparison of two segments goes with it.",
        "1 arrow of influence goes with it.",
        "What rated.csv says of it stays there.",
    )
    after, text = canvas_without(canvas, removal)
    assert [one.id for one in after.segments] == ["firms"]
    assert text == TEXT_WITHOUT_PARENTS


def test_words_are_those_of_the_language_of_the_canvas() -> None:
    german = parse_canvas(TEXT.replace("kind: canvas", "kind: canvas\nlanguage: de"))
    also = removal_of(german, "cook").also
    assert "Strategie „talk“ wird mit entfernt." in also
    assert "1 Bewertung wird mit entfernt." in also
    assert "Die Abstimmungsübung nennt es nicht mehr." in also


@pytest.mark.parametrize(
    ("one", "said", "gone"),
    [
        ("head",
         ["Participant “Buyer” can then stop nobody.", "1 arrow of influence goes with it."],
         ["head"]),
        ("eat", ["Need “Cook” no longer names it.", "The alignment exercise no longer names it.",
                 "2 ratings go with it.", "1 answer of a proposition to a need goes with it.",
                 "What rated.csv says of it stays there."], ["eat"]),
        ("ann", ["Hypothesis “They buy” no longer names it."], ["ann"]),
        ("fruit", ["Proposition “A box” no longer names it."], ["fruit"]),
        ("box", ["Note “Web” goes with it.", "Hypothesis “They buy” no longer names it."],
         ["box", "fruit"]),
        ("size", ["3 scores go with it.", "1 weight goes with it."], ["size"]),
        ("survey", [], ["survey"]),
    ],
)  # fmt: skip
def test_each_kind_of_thing_says_what_changes(
    canvas: Canvas, one: str, said: list[str], gone: list[str]
) -> None:
    removal = removal_of(canvas, one)
    assert sorted(removal.also) == sorted(said)
    after, _ = canvas_without(canvas, removal)
    assert {item.id for item in items(canvas)} - {item.id for item in items(after)} == set(gone)


def test_what_is_not_there_is_said(canvas: Canvas) -> None:
    with pytest.raises(OptionError, match=r"nothing with the id 'parent'. .*'parents'"):
        removal_of(canvas, "parent")


def test_a_side_without_segments_exchanges_nothing() -> None:
    text = (
        "forwhom: 1\nkind: canvas\nsegments:\n  - {id: a, name: A, side: Sellers}\n"
        "  - {id: b, name: B, side: Sellers}\n  - {id: c, name: C}\n"
        "exchanges:\n  - {from: Sellers, to: c, brings: Goods}\n"
    )
    canvas = parse_canvas(text)
    assert removal_of(canvas, "a").also == ()
    assert removal_of(canvas, "c").also == ("1 exchange between sides goes with it.",)
    after, _ = canvas_without(canvas, removal_of(canvas, "c"))
    assert after.exchanges == []


def _checked(canvas: Canvas, removal: Removal) -> None:
    """What is left is sound (or it is refused), and only what goes is gone."""
    after, _ = canvas_without(canvas, removal)
    before = {item.id: item for item in items(canvas)}
    gone = before.keys() - {item.id for item in items(after)}
    assert removal.item.id in gone
    for one in gone:
        assert any(before[one].location[: len(place)] == place for place in removal.places)


@pytest.mark.parametrize("number", range(3))
def test_each_kind_of_thing_can_be_taken_out_of_the_examples(number: int) -> None:
    canvas = read_canvas(sorted(EXAMPLES.glob("*/canvas.yaml"))[number])
    of_kind = {item.kind: item.id for item in items(canvas)}
    for kind in sorted(of_kind)[number::6]:
        _checked(canvas, removal_of(canvas, of_kind[kind]))


@CALM
@given(canvases())
def test_each_thing_can_be_taken_out_of_any_canvas(canvas: Canvas) -> None:
    for item in items(canvas):
        _checked(canvas, removal_of(canvas, item.id))
