"""The canvas as a page and as Markdown: complete, self-contained, readable everywhere."""

from __future__ import annotations

import base64
import hashlib
import html as html_module
import json
import re

import pytest
from hypothesis import given, settings
from tests.documents.canvas.strategies import canvases
from tests.report.canvases import full, missing, words_of
from tests.report.test_page import LOADING, Page

from forwhom.documents.canvas import Canvas, CanvasEvidence, framework_names, parse_canvas
from forwhom.report.canvas import draw_canvas
from forwhom.report.canvas.entries import Said, Section, Support, numbers_of, told_once
from forwhom.report.canvas.markdown import escaped
from forwhom.report.canvas.personas import persona_files
from forwhom.report.canvas.sections import sections_of
from forwhom.report.outline.markdown import escaped_inside


def page_of(canvas: Canvas) -> tuple[str, Page]:
    made = draw_canvas(canvas, "html")
    assert isinstance(made, str)
    return made, Page(made)


def plain(markdown: str) -> str:
    """Markdown as a reader sees its text."""
    return re.sub(r"\\([\W_])", r"\1", markdown)


@pytest.mark.parametrize("name", framework_names())
def test_everything_that_people_wrote_is_on_the_page(name: str) -> None:
    _, page = page_of(full(name))
    assert missing(words_of(full(name)), page.text) == []


def test_everything_that_people_wrote_is_in_the_markdown() -> None:
    made = draw_canvas(full(), "md")
    assert isinstance(made, str)
    assert missing(words_of(full()), plain(made)) == []


@settings(max_examples=12)
@given(canvases())
def test_any_canvas_makes_a_page_and_a_text(canvas: Canvas) -> None:
    _, page = page_of(canvas)
    assert page.open == []
    assert missing(words_of(canvas), page.text) == []
    made = draw_canvas(canvas, "md")
    assert isinstance(made, str)
    assert missing(words_of(canvas), plain(made)) == []


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    made, page = page_of(full())
    assert not LOADING & {tag for tag, _ in page.tags}
    names = {name for _, attributes in page.tags for name in attributes}
    assert not {n for n in names if n.startswith("on")} | (names & {"src", "style", "srcset"})
    style = made.split("<style>")[1].split("</style>", maxsplit=1)[0]
    assert not re.search(r"url\(|@import|@font-face|https?:", style)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html_module.unescape(made)


def test_the_page_is_well_made() -> None:
    made, page = page_of(full())
    assert page.open == []
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"] for a in page.all("a")} <= {f"#{i}" for i in ids}
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert "grid-column: 9 / span 2; grid-row: 1 / span 2" in made


def test_the_page_of_a_language_read_from_the_right() -> None:
    canvas = parse_canvas("{forwhom: 1, kind: canvas, language: fa, title: مسیر}")
    assert page_of(canvas)[1].all("html") == [{"lang": "fa", "dir": "rtl"}]


def test_claims_show_what_they_rest_on() -> None:
    _, page = page_of(full())
    assert "They shop 4.3 times a month (n = 844)" in " ".join(page.text.split())
    assert "n = 2,469, 0.34 (0.31 to 0.37 at 95%), latent class, a survey" in page.text
    assert page.text.count("Evidence has changed: look again") >= 4
    assert "No evidence is cited." in page.text
    assert page.text.count("Open: nobody knows yet") == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("12. no list", r"12\. no list"),
        ("[a](javascript:x) `b`", r"\[a\](javascript:x) \`b\`"),
        ("two\nlines", "two lines"),
        ("&lt;", r"\&lt;"),
    ],
)
def test_text_is_never_markup(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_a_section_has_a_title_and_what_stands_in_it() -> None:
    text = "{forwhom: 1, kind: canvas, needs: [{id: rest, statement: Sleep through a night}]}"
    found = [(s.title, [e.title for e in s.entries]) for s in sections_of(parse_canvas(text))]
    assert found == [("What they need", ["Sleep through a night"])]
    assert escaped_inside("1. a | b") == r"1. a \| b"


PEOPLE = """
forwhom: 1
kind: canvas
evidence: [{id: e, statement: Nine of ten said so, n: 10, fingerprint: f}]
segments:
  - id: a
    name: Shops
    separate:
      channel: {text: By post, by: Founders}
      price: [{aspect: Speed, worth: 16, low: 13, high: 19, unit: EUR, evidence: [e@f]}]
    digital_literacy: {level: basic, assumed_from: Their age, messages: [Press once]}
needs:
  - {id: main, statement: Close the month, segments: [a]}
  - {id: find, statement: Find a receipt, of: main, step: locate, segments: [a]}
  - {id: late, statement: Minimize the days until it is closed, kind: outcome, of: main}
  - {id: tax, statement: File the taxes, of: main, segments: [a]}
personas:
  - id: p
    name: Late closer
    segment: a
    customer: hoped-for
    image: {file: p.png, alt: A desk full of paper, source: A. Person, license: CC BY 4.0}
    goals: [{text: Be done by the fifth, evidence: [e@f]}, {text: Sleep, evidence: [e@f]}]
    design_relevant: [{text: Works at night, why: A dark page}]
"""


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, ""),
        (
            {"n": 844, "value": 0.34, "interval": {"low": 0.31, "high": 0.37, "level": 0.9},
             "method": "Survey", "source": "Interviews", "date": "2026-02-03"},
            "n = 844, 0.34 (0.31 to 0.37 at 90%), Survey, Interviews, 2026-02-03",
        ),
        ({"n": 12, "count": 9}, "9 of 12"),
        ({"count": 9, "value": 0.5}, "0.5"),
        ({"interval": {"low": 1, "high": 2}, "verdict": "held"}, "1 to 2 at 95%, held"),
    ],
)  # fmt: skip
def test_evidence_says_how_strong_it_is(known: dict[str, object], said: str) -> None:
    assert numbers_of(CanvasEvidence.model_validate({"id": "e", "statement": "S"} | known)) == said


def test_evidence_that_was_told_is_not_told_again() -> None:
    def claims(*told: str) -> tuple[Said, ...]:
        return (Said("c", tuple(Support(one, "n = 9") for one in told)),)

    def numbers(*groups: tuple[Said, ...]) -> list[list[tuple[str, str]]]:
        named = [(str(n), group) for n, group in enumerate(groups)]
        told = [claim for _, group in told_once(named) for claim in group]
        return [[(one.statement, one.numbers) for one in claim.supports] for claim in told]

    first, second = ("A", "n = 9"), ("B", "n = 9")
    assert numbers(claims("A"), (), claims("A")) == [[first], [("As above", "")]]
    # With others between, its numbers say which it is; what a claim repeats is no evidence.
    again = ("As above", "n = 9")
    assert numbers(claims("A", "B"), claims("B")) == [[first, second], [again]]
    same = "So says the evidence"
    assert numbers(claims(same), claims(same)) == [[(same, "n = 9")]] * 2


def test_people_are_shown_with_what_each_word_rests_on() -> None:
    canvas = parse_canvas(PEOPLE)
    sections = {section.id: section for section in sections_of(canvas)}
    segment, persona = sections["segments"].entries[0], sections["personas"].entries[0]
    ((label, said),) = segment.grouped
    assert label == "What makes it a segment of its own"
    assert [one.text for one in said] == [
        "Channel: By post (Founders)", "Pays for: Speed, 16 (13 to 19) EUR",
    ]  # fmt: skip
    assert [len(one.supports) for one in said] == [0, 1]
    assert ("Digital skills", "basic, assumed from Their age") in segment.facts
    assert ("Said at their level", ("Press once",)) in segment.lists
    groups = dict(persona.grouped)
    assert persona.subtitle.endswith("a customer we hope for")
    assert groups["What matters for the design, and why"][0].text == "Works at night – A dark page"
    goals = groups["What they want to achieve"]
    assert [one.supports[0].statement for one in goals] == ["Nine of ten said so", "As above"]
    done = [one.text for one in groups["What must get done"]]
    assert done == ["Close the month", "Find a receipt", "File the taxes"]
    assert dict(persona.lists)["Pictures"] == (
        "A desk full of paper (p.png, A. Person, CC BY 4.0)",
    )
    assert "What stands in their way?" in persona.open_questions


def test_a_job_shows_its_map_with_the_steps_of_which_nobody_said_anything() -> None:
    sections = {section.id: section for section in sections_of(parse_canvas(PEOPLE))}
    main, find, *_ = sections["needs"].entries
    lists = dict(main.lists)
    assert len([label for label in lists if label[0].isdigit()]) == 8
    assert lists["2 Locate"] == ("Find a receipt (job)",)
    assert lists["5 Execute"] == ("nobody has said what happens here",)
    assert lists["Related jobs"] == ("File the taxes",)
    assert lists["Of the job as a whole"] == ("Minimize the days until it is closed (outcome)",)
    assert ("Belongs to", "Close the month") in find.facts


def test_all_forms_say_the_groups_of_a_persona() -> None:
    canvas = parse_canvas(PEOPLE)
    page, text = draw_canvas(canvas, "html"), draw_canvas(canvas, "md")
    for said in (
        "What they want to achieve",
        "Be done by the fifth",
        "Works at night – A dark page",
    ):
        assert said in str(page)
        assert said in plain(str(text))
    (file,) = json.loads(persona_files(personas_of(canvas), "en")["personas.json"])["personas"]
    assert file["half"] in range(len(file["grouped"]) + 1)


def personas_of(canvas: Canvas) -> Section:
    return next(section for section in sections_of(canvas) if section.id == "personas")
