"""The engine: places, order, comments, languages; the same canvas gives the same findings."""

from __future__ import annotations

import importlib.util
import time
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings

from forwhom.documents.canvas import Canvas, canvas_text, parse_canvas
from forwhom.documents.canvas.model import LintSettings
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.references import citations
from forwhom.documents.canvas.strategy import Question
from forwhom.documents.canvas.value import Need
from forwhom.documents.phrases import languages, phrases
from forwhom.lint import all_rules, lint_canvas
from forwhom.lint.comments import silences
from forwhom.lint.diagnostic import Diagnostic
from forwhom.lint.grammar import core, missing_verb, one_word, second_job, without_lead_in
from forwhom.lint.texts import is_citation, texts
from forwhom.lint.view import brief, day
from forwhom.lint.vocabulary import PACKAGE, Words, words_of

HEAD = "forwhom: 1\nkind: canvas\n"
DAY = date(2026, 3, 1)
CALM = settings(max_examples=15)


def load_strategies() -> ModuleType:
    path = Path(__file__).parents[1] / "documents" / "canvas" / "strategies.py"
    spec = importlib.util.spec_from_file_location("canvas_strategies", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


#: Any canvas, with settings of the linter that name rules.
canvases = (
    load_strategies()
    .canvases()
    .map(lambda canvas: canvas.model_copy(update={"lint": LintSettings()}))
)


def diagnostics(text: str, *select: str) -> list[Diagnostic]:
    return lint_canvas(parse_canvas(HEAD + text), select=select, today=DAY).diagnostics


@CALM
@given(canvases)
def test_any_canvas_is_linted_in_order_and_again_the_same(canvas: Canvas) -> None:
    read = parse_canvas(canvas_text(canvas))
    before = read.model_dump()
    result = lint_canvas(read, today=DAY)
    assert result == lint_canvas(read, today=DAY)
    assert read.model_dump() == before
    places = [(d.line, d.column) for d in result.diagnostics]
    assert places == sorted(places, key=lambda p: (p[0] or 0, p[1] or 0))


@CALM
@given(canvases)
def test_citations_are_the_ones_that_the_documents_know(canvas: Canvas) -> None:
    found = [(p, t) for p, t in texts(canvas) if p[-2:-1] == ("evidence",) and len(p) > 2]
    assert sorted(found, key=str) == sorted(citations(canvas), key=str)


@CALM
@given(canvases)
def test_a_canvas_in_memory_has_findings_without_lines(canvas: Canvas) -> None:
    in_memory = {(d.code, d.path) for d in lint_canvas(canvas, today=DAY).diagnostics}
    read = parse_canvas(canvas_text(canvas))
    assert in_memory == {(d.code, d.path) for d in lint_canvas(read, today=DAY).diagnostics}
    assert all(d.line is None for d in lint_canvas(canvas, today=DAY).diagnostics)


def test_a_finding_says_where_it_stands() -> None:
    (found,) = diagnostics("needs:\n  - id: a\n    statement: Find and hire people\n", "FW102")
    assert (found.line, found.column, found.path) == (5, 5, "needs[1].statement")
    assert (found.code, found.name, found.severity) == ("FW102", "compound-job", "warning")


def test_a_comment_silences_its_line_and_that_rule_only() -> None:
    text = "needs: [{id: a, statement: Better}]  # lint: ignore[FW104] as they say it\n"
    result = lint_canvas(parse_canvas(HEAD + text), select=["statements"], today=DAY)
    assert [d.code for d in result.diagnostics] == ["FW106"]
    assert result.silenced == 1


def test_a_comment_alone_is_for_the_next_line_with_content() -> None:
    text = "# lint: ignore[FW203] a pilot\n\n# about segments\nsegments: [{id: a, name: P}]\n"
    assert diagnostics(text, "FW203") == []


def test_a_comment_can_name_several_rules_and_a_group() -> None:
    text = "needs: [{id: a, statement: Better}]  # lint: ignore[compound-job, statements] as said\n"
    codes = [d.code for d in diagnostics(text, "statements", "silences")]
    assert codes == ["FW002"]  # compound-job found nothing


def test_a_comment_for_a_rule_that_does_not_run_is_left_alone() -> None:
    text = "segments: [{id: a, name: P}]  # lint: ignore[FW203] a pilot\n"
    assert diagnostics(text, "silences") == []


@pytest.mark.parametrize(
    "text",
    [
        "title: '# lint: ignore[FW203] no'\n",
        "title: |\n  # lint: ignore[FW203] no\n",
        'title: "a\n  # lint: ignore[FW203] no"\n',
        "title: Äpfel\nsummary: 'ö # lint: ignore[FW203] no'\n",
    ],
)
def test_what_looks_like_a_comment_in_a_text_is_none(text: str) -> None:
    assert silences(parse_canvas(HEAD + text)) == []


def test_a_comment_after_a_text_of_several_lines_is_one() -> None:
    (found,) = silences(
        parse_canvas(HEAD + "title: |\n  a\n# lint: ignore[FW203] yes\nneeds: []\n")
    )
    assert (found.line, found.column, found.target) == (5, 1, 6)


def test_a_language_without_words_is_said_once() -> None:
    text = "language: fr\nneeds: [{id: a, statement: Better}, {id: b, statement: Best}]\n"
    result = lint_canvas(parse_canvas(HEAD + text), today=DAY)
    assert len(result.remarks) == 1
    assert "'fr'" in result.remarks[0]
    words = {rule.code for rule in all_rules() if rule.words}
    assert words
    assert not words & set(result.rules)
    assert not words & {d.code for d in result.diagnostics}


def test_a_variant_of_a_language_has_its_words() -> None:
    assert lint_canvas(parse_canvas(HEAD + "language: de-AT\n")).remarks == []


@pytest.mark.parametrize("language", languages(PACKAGE))
def test_every_phrase_of_a_language_finds_itself(language: str) -> None:
    words = words_of(language)
    assert isinstance(words, Words)
    for name, pattern in words.patterns.items():
        for phrase in getattr(words, name):
            said = phrase.lstrip("^").rstrip("$").replace("*", "x").replace("…", "so")
            assert pattern.search(said.lower()), f"{language}: {name}: {phrase}"


def test_phrases_match_whole_words() -> None:
    pattern = phrases(["men", ", right?", "*-app", "^all$"])
    said = ["some men", "women", "payments", "so, right?", "on the right", "die haus-app", "all ok"]
    assert [bool(pattern.search(s)) for s in said] == [True, False, False, True, False, True, False]


def test_many_needs_are_linted_quickly() -> None:
    need = "  - {{id: n{0}, statement: I need to plan the week and the money of kids number {0}}}\n"
    canvas = parse_canvas(HEAD + "needs:\n" + "".join(need.format(i) for i in range(2000)))
    lint_canvas(canvas)
    start = time.thread_time()
    lint_canvas(canvas)
    assert time.thread_time() - start < 10


def test_many_comments_are_matched_quickly() -> None:
    need = "  - {{id: n{0}, statement: Find and hire {0} people}}  # lint: ignore[FW102] known\n"
    canvas = parse_canvas(HEAD + "needs:\n" + "".join(need.format(i) for i in range(5000)))
    start = time.thread_time()
    found = lint_canvas(canvas, select=["FW102", "FW002"])
    assert time.thread_time() - start < 10
    assert (found.silenced, found.diagnostics) == (5000, [])


def test_a_text_made_to_be_slow_is_not() -> None:
    slow = "Don't you " + "a " * 20_000 + "and " * 20_000
    canvas = Canvas(
        forwhom=1,
        kind="canvas",
        needs=[Need(id="n", statement=slow)],
        questions=[Question(id="q", text=slow)],
    )
    start = time.thread_time()
    lint_canvas(canvas, today=DAY)
    assert time.thread_time() - start < 10


def test_the_grammar_of_a_job() -> None:
    words = words_of("en-US")
    assert words.language == "en"
    assert words_of("fr") is None
    assert without_lead_in("When we shop, I want to teach my kids.", words) == "teach my kids"
    assert core("teach my kids when we shop", words) == "teach my kids"
    assert second_job("Find and hire good people", words) == "and hire"
    assert second_job("Track time and budget", words) == ""
    assert missing_verb("Better sleep", words)
    assert not missing_verb("Sleep better", words)
    assert one_word("Budgeting")
    assert not one_word("Keep a budget")


def test_what_rules_read() -> None:
    segment = CanvasSegment(id="parents", name="Parents", claims=[])
    assert list(texts(segment)) == [(("id",), "parents"), (("name",), "Parents")]
    assert is_citation(("needs", 0, "evidence", 1))
    assert not is_citation(("evidence", 1, "statement"))
    days = [day(text) for text in ("2026-02-28", "2026-02-30", None)]
    assert days == [date(2026, 2, 28), None, None]
    assert brief("Teach my kids how to handle money", 20) == '"Teach my kids how t\u2026"'
