"""Fit: what is answered, what is missing, and a positioning statement that invents nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.choices.fit import fit_of
from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.value import Fit, Need, Offer, Proposition
from forwhom.documents.results import Fits, SegmentFit

CANVAS = """
forwhom: 1
kind: canvas
names: {ours: [Penny Path]}
segments:
  - {id: a, name: Parents}
  - {id: b, name: Schools}
  - {id: c, name: Banks, status: ignore, decision: {reason: Slow.}}
needs:
  - {id: teach, statement: Teach my children, job: functional, segments: [a], importance: 8}
  - {id: seen, statement: Be seen as sensible, job: social, segments: [a], importance: 7}
  - {id: debt, statement: Debt later, kind: fear, segments: [a], importance: 9}
  - {id: quarrel, statement: Weekly quarrels, kind: pain, segments: [a], importance: 5}
  - {id: calm, statement: Calm evenings, kind: want, segments: [a]}
  - {id: nobody, statement: Somebody's need}
propositions:
  - id: book
    name: Workbook
    segments: [a]
    values: [functional]
    products: [{id: pages, text: 52 pages}]
    features: [{id: weekly, text: One task a week}, {id: stickers, text: Stickers}]
    relieves: [{id: rules, text: Family rules}]
    statement: {headline: Raise children who can handle money, benefits: [Ten minutes a week]}
    positioning: {category: hourly workbook, alternative: lectures.}
    target_market: Parents of six to twelve
    fit:
      - {need: teach, by: [pages, weekly], strength: full, how: Week by week, evidence: [e1]}
      - {need: quarrel, by: [rules], strength: partial}
      - {need: debt, by: [pages], strength: unknown}
      - {need: seen, by: [stickers], strength: none}
  - {id: lonely, name: Lonely}
competitors: [{id: app, name: Budget app}]
evidence: [{id: e1, statement: Twelve interviews}]
"""


@pytest.fixture(scope="module")
def found() -> Fits:
    return fit_of(parse_canvas(CANVAS))


@pytest.fixture(scope="module")
def fit(found: Fits) -> SegmentFit:
    assert len(found.fits) == 1
    return found.fits[0]


def test_how_far_each_need_is_answered(fit: SegmentFit) -> None:
    strengths = {need.need: (need.strength, need.listed) for need in fit.needs}
    assert strengths == {
        "teach": ("full", True),
        "seen": ("none", True),
        "debt": ("unknown", True),
        "quarrel": ("partial", True),
        "calm": ("none", False),
    }


def test_important_needs_fears_and_pains_that_nothing_answers(fit: SegmentFit) -> None:
    assert fit.unaddressed == ["seen"]
    assert fit.unrelieved == [], "nobody has said how far “Debt later” is answered"
    assert "Answered, and nobody has said how far: “Debt later”." in fit.sentences


def test_a_need_of_less_weight_that_nothing_answers_is_named(fit: SegmentFit) -> None:
    assert "Not answered, and nobody has said how important: “Calm evenings”." in fit.sentences
    rated = CANVAS.replace(
        "kind: want, segments: [a]}", "kind: want, segments: [a], importance: 4}"
    )
    said = fit_of(parse_canvas(rated)).fits[0].sentences
    assert "Less important and not answered: “Calm evenings”." in said


def test_offers_that_answer_nothing(fit: SegmentFit) -> None:
    assert fit.idle == ["stickers"], "an offer of a need that is not answered answers nothing"


def test_values_parts_of_the_statement_and_of_the_proposition(fit: SegmentFit) -> None:
    assert fit.values == ["functional"]
    assert fit.values_missing == ["monetary", "social", "psychological"]
    assert fit.values_asked == ["social"]
    assert fit.statement_missing == ["subheadline", "problem"]
    assert fit.proposition_missing == ["specific value", "outreach"]


def test_evidence_of_answers_is_counted(fit: SegmentFit) -> None:
    assert [need.need for need in fit.needs if need.backed] == ["teach"]
    assert "Of the 2 answered, 1 cites evidence." in fit.sentences[0]
    assert "Nobody has rated the importance of 1." in fit.sentences[0]


def test_who_and_what_is_left_alone(found: Fits) -> None:
    assert [one.id for one in found.without_proposition] == ["b"], "c is left out on purpose"
    assert [one.id for one in found.without_segment] == ["lonely"]
    assert "“Somebody's need”" in found.notes[0]


def test_the_positioning_statement_shows_its_gaps(fit: SegmentFit) -> None:
    assert fit.positioning.text == (
        "For parents of six to twelve who need to teach their children, Workbook by Penny Path is "
        "an hourly workbook that [benefit]. Unlike lectures, [difference]."
    )
    gaps = {gap.part: gap.could_be for gap in fit.positioning.gaps}
    assert gaps == {"benefit": ["Ten minutes a week"], "difference": []}
    missing = [piece.text for piece in fit.positioning.pieces if piece.missing]
    assert missing == ["[benefit]", "[difference]"]


def positioned(**changes: str) -> str:
    text = CANVAS
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return fit_of(parse_canvas(text)).fits[0].positioning.text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Teach my children, job", "I want to teach, job", "who say “I want to teach”"),
        ("Teach my children, job", "USB sticks lend, job", "need to USB sticks lend"),
        ("Teach my children, job", "Get your money back, job", "who say “Get your money back”"),
        ("hourly workbook", "the workbook", "Workbook by Penny Path is the workbook that"),
        ("hourly workbook", "European book", "is a European book"),
        ("hourly workbook", "app", "is an app that"),
        ("alternative: lectures.", "benefit: Penny Path saves", "that Penny Path saves."),
        ("alternative: lectures.", "benefit: Saves evenings", "that saves evenings."),
        ("alternative: lectures.", "benefit: Saves", "Unlike [alternative], [difference]."),
        (
            "kind: canvas",
            "kind: canvas\nlanguage: de",
            "Parents of six to twelve who say “Teach my children”",
        ),
        ("strength: full", "strength: none", "who suffer from “Weekly quarrels”"),
        ("target_market: Parents of six to twelve", "target_market: ''", "For parents who need to"),
        ("of six to twelve", "who plan", "For parents who plan and need to teach their children"),
        ("name: Workbook", "name: The Penny Path book", "children, The Penny Path book is"),
    ],
)
def test_the_statement_keeps_the_words_of_the_canvas(old: str, new: str, expected: str) -> None:
    assert expected in positioned(change=(old, new))


def test_a_need_that_nobody_answers_is_a_gap() -> None:
    text = CANVAS
    for strength in ("full", "partial", "unknown"):
        text = text.replace(f"strength: {strength}", "strength: none")
    positioning = fit_of(parse_canvas(text))
    assert (
        "For parents of six to twelve who need [need], Workbook"
        in positioning.fits[0].positioning.text
    )


def test_the_strongest_of_several_answers_counts() -> None:
    text = CANVAS.replace(
        "      - {need: seen,",
        "      - {need: debt, by: [rules], strength: full}\n      - {need: seen,",
    )
    found = fit_of(parse_canvas(text)).fits[0]
    debt = next(need for need in found.needs if need.need == "debt")
    assert (debt.strength, debt.by) == ("full", ["pages", "rules"])


def test_a_segment_without_needs_says_so() -> None:
    text = CANVAS.replace("segments: [a]\n    values", "segments: [a, b]\n    values")
    assert fit_of(parse_canvas(text)).fits[1].sentences == [
        "The canvas names no need of this segment, so nothing can fit."
    ]


@given(
    st.dictionaries(
        st.sampled_from(["n1", "n2", "n3"]),
        st.tuples(
            st.sampled_from(["full", "partial", "unknown", "none"]),
            st.lists(st.sampled_from(["o1", "o2"]), unique=True),
        ),
    )
)
@settings(max_examples=50)
def test_every_need_and_offer_stands_on_exactly_one_side(
    answers: dict[str, tuple[str, list[str]]],
) -> None:
    offers = [Offer(id="o1", text="One"), Offer(id="o2", text="Two")]
    canvas = Canvas(
        forwhom=1,
        kind="canvas",
        segments=[CanvasSegment(id="s", name="S")],
        needs=[
            Need(id=n, statement=n, kind="fear", segments=["s"], importance=9)
            for n in ("n1", "n2", "n3")
        ],
        propositions=[
            Proposition(
                id="p",
                name="P",
                segments=["s"],
                features=offers,
                fit=[Fit(need=n, by=by, strength=s) for n, (s, by) in answers.items()],
            )
        ],
    )
    fit = fit_of(canvas).fits[0]
    answered = {n.need for n in fit.needs if n.strength != "none"}
    assert answered | set(fit.unaddressed) == {"n1", "n2", "n3"}
    assert not answered & set(fit.unaddressed)
    assert fit.unaddressed == fit.unrelieved, "they are important fears, all of them"
    used = {o for s, by in answers.values() for o in by if s != "none"}
    assert used | set(fit.idle) == {"o1", "o2"}
    assert not used & set(fit.idle)
