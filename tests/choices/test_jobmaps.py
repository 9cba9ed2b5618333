"""Maps of jobs: what stands at which step, in which form, and of which steps nobody spoke."""

from __future__ import annotations

import pytest

import forwhom as fw
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.results import JobMap, MappedNeed
from forwhom.lint.grammar import job_form, outcome_form
from forwhom.lint.vocabulary import words_of
from forwhom.report.choices.writing import choices_markdown, choices_svg

CANVAS = """
forwhom: 1
kind: canvas
segments: [{id: shops, name: Shops}, {id: firms, name: Firms}]
needs:
  - {id: close, statement: Close the books of a month, segments: [firms, shops], importance: 9}
  - {id: find, statement: Find the receipts, of: close, step: locate, importance: 8}
  - {id: file, statement: File the receipts, of: close, step: locate, importance: 3}
  - {id: done, statement: Hand the month in, of: close, step: conclude, importance: 7}
  - {id: time, statement: Minimize the time it takes to close, kind: outcome, of: close}
  - {id: tax, statement: Plan the taxes of a year, of: close}
  - {id: sell, statement: Sell more on Sundays}
propositions:
  - id: box
    name: A box for receipts
    fit:
      - {need: find, strength: none}
      - {need: done, strength: partial}
  - {id: app, name: An app, fit: [{need: done, strength: full}, {need: file, strength: unknown}]}
"""


@pytest.fixture(scope="module")
def found() -> JobMap:
    maps = fw.map_jobs(parse_canvas(CANVAS)).maps
    assert len(maps) == 1
    return maps[0]


def test_needs_stand_at_their_steps_with_how_far_they_are_answered(found: JobMap) -> None:
    def told(needs: list[MappedNeed]) -> list[tuple[str, str, list[str]]]:
        return [(need.need, need.strength, need.answered_by) for need in needs]

    steps = {one.step: told(one.needs) for one in found.steps if one.needs}
    assert steps == {
        "locate": [("find", "none", []), ("file", "unknown", [])],
        "conclude": [("done", "full", ["A box for receipts", "An app"])],
    }
    assert (told(found.related), told(found.whole)) == (
        [("tax", "none", [])], [("time", "none", [])],
    )  # fmt: skip
    assert (found.segments, found.numbers) == (["Firms", "Shops"], [2, 1])
    assert found.silent == ["define", "prepare", "confirm", "execute", "monitor", "modify"]


def test_sentences_say_what_is_missing(found: JobMap) -> None:
    assert found.sentences == [
        "Three needs at 2 of 8 steps.",
        "Nobody has said what happens at: define, prepare, confirm, execute, monitor and modify.",
        "Important at a step, and answered by no proposition: “Find the receipts”.",
        "One related job beside it.",
    ]
    bare = "needs: [{id: a, statement: Read}, {id: b, statement: Rest, of: a}]"
    (one,) = fw.map_jobs(parse_canvas(f"forwhom: 1\nkind: canvas\n{bare}\n")).maps
    assert one.sentences[:2] == [
        "Nothing stands at a step of it yet.", "No outcome says by what it is done well.",
    ]  # fmt: skip


def test_jobs_without_a_map_and_what_weakens_it() -> None:
    whole = fw.map_jobs(parse_canvas(CANVAS))
    assert [need.need for need in whole.unmapped] == ["sell"]
    assert whole.notes == ["Nobody has rated the importance of 2 needs."]
    foreign = fw.map_jobs(parse_canvas(f"{CANVAS}\nlanguage: sw\n"))
    assert "no word lists for 'sw'" in foreign.notes[0]
    assert foreign.maps[0].main.form is None


@pytest.mark.parametrize(
    ("language", "statement", "form"),
    [
        ("en", "I need to close the books of a month", ("close", "the books of a month", "")),
        ("en", "Order medicine before it runs out", ("Order", "medicine", "before it runs out")),
        ("en", "Better sleep", ("", "Better sleep", "")),
        (
            "de",
            "Die Bücher eines Monats abschließen",
            ("abschließen", "Die Bücher eines Monats", ""),
        ),
        ("de", "Kindern beibringen, wie man spart", ("beibringen", "Kindern", "wie man spart")),
    ],
)
def test_the_form_of_a_job(language: str, statement: str, form: tuple[str, str, str]) -> None:
    words = words_of(language)
    assert words is not None
    assert job_form(statement, words) == form


@pytest.mark.parametrize(
    ("language", "statement", "form"),
    [
        ("en", "Minimize the time it takes to close", ("Minimize", "time", "it takes to close")),
        ("en", "Increase the share that is kept", ("Increase", "share", "that is kept")),
        ("en", "Find it fast", ("", "", "Find it fast")),
        ("de", "Minimiere den Aufwand beim Suchen", ("Minimiere", "Aufwand", "beim Suchen")),
    ],
)  # fmt: skip
def test_the_form_of_an_outcome(language: str, statement: str, form: tuple[str, str, str]) -> None:
    words = words_of(language)
    assert words is not None
    assert outcome_form(statement, words) == form


def test_the_drawing_and_the_table_say_steps_needs_and_forms() -> None:
    whole = fw.map_jobs(parse_canvas(CANVAS))
    drawn = choices_svg(whole)
    for text in ("2 Locate", "8 Conclude", "Find the receipts", "Related jobs", "Plan the taxes"):
        assert text in drawn
    assert drawn.count("Nobody has said what happens") == 6
    table = choices_markdown(whole)
    assert "direction: Minimize; measure: time; of what: it takes to close" in table
    assert "verb: Close; object: the books of a month; circumstances: not said" in table
