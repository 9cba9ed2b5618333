"""What comes next for a canvas: what is missing is asked for, in the order of what it changes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import forwhom as fw
from forwhom.choices.gaps.findings import _task
from forwhom.choices.gaps.research import _evidence_of_segments
from forwhom.choices.gaps.situation import Situation
from forwhom.documents.canvas import parse_canvas, read_canvas
from forwhom.documents.results.nextsteps import STAKES, Task, in_order
from forwhom.lint import all_rules
from forwhom.lint.diagnostic import Diagnostic
from forwhom.report.nextsteps import next_steps_text
from forwhom.report.nextsteps.writing import FORMS

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 11, 25)
#: A part of a canvas that can be taken away, and what is then asked for.
PARTS = {
    "market_type": "market-type",
    "not_for": "excluded",
    "participants": "participants",
    "personas": "personas",
    "competitors": "competitors",
    "value_curves": "value-curves",
    "decision": "choice",
    "hypotheses": "hypotheses",
    "questions": "questions",
    "kpis": "kpis",
    "propositions": "propositions",
    "needs": "needs",
}


def without(example: str, *parts: str) -> fw.Canvas:
    """An example without some of its parts, and without what points to them."""
    canvas = read_canvas(EXAMPLES / example / "canvas.yaml")
    data = canvas.model_dump(by_alias=True, exclude={*parts})
    if "not_for" in parts:
        data["segments"] = [s for s in data["segments"] if s["status"] == "serve"]
    return fw.Canvas.model_validate(data)


def ids(canvas: fw.Canvas | str) -> list[str]:
    found = parse_canvas(canvas) if isinstance(canvas, str) else canvas
    return [task.id for task in fw.next_steps(found, today=TODAY).tasks]


@pytest.mark.parametrize("example", ["penny-path", "shared-harvest", "clinic-notes"])
def test_a_full_canvas_has_few_things_to_do(example: str) -> None:
    found = fw.next_steps(EXAMPLES / example, today=TODAY)
    assert 1 <= len(found.tasks) <= 4
    assert len({task.id for task in found.tasks} & {*PARTS.values()}) <= 1


@pytest.mark.parametrize(("part", "asked"), PARTS.items())
def test_each_part_that_is_missing_is_asked_for(part: str, asked: str) -> None:
    needing = ("propositions", "alignment", "hypotheses") if part == "needs" else ()
    assert asked in ids(without("penny-path", part, *needing))


def test_a_canvas_without_nine_parts_has_nine_things_to_do() -> None:
    nine = list(PARTS)[:9]
    found = ids(without("shared-harvest", *nine, "alignment"))
    assert {PARTS[part] for part in nine} - {"choice"} <= {*found}
    assert len(found) >= 9


def test_what_changes_most_comes_first_and_nothing_before_what_it_waits_for() -> None:
    found = fw.next_steps(without("penny-path", *PARTS, "alignment"), today=TODAY)
    stakes = [STAKES.index(task.stake) for task in found.now]
    assert stakes == sorted(stakes)
    seen: set[str] = set()
    for task in found.tasks:
        assert seen >= {*task.after}
        seen.add(task.id)
    assert "value-curves" in [task.id for task in found.later]


def test_tasks_of_one_stake_are_ordered_by_what_rests_on_them() -> None:
    def task(name: str, number: int, *after: str) -> Task:
        return Task(
            id=name, step="needs", stake="offer", what="", now="", touches={"need": number},
            after=list(after),
        )  # fmt: skip

    made = in_order([task("few", 1), task("late", 9, "few"), task("many", 5), task("x", 1, "gone")])
    assert [one.id for one in made] == ["many", "few", "x", "late"]
    assert made[2].after == []  # what is there already need not be waited for


def test_an_empty_canvas_begins_with_whom_it_is_for() -> None:
    found = fw.next_steps(parse_canvas("{forwhom: 1, kind: canvas}"), today=TODAY)
    assert found.tasks[0].id == "segments"
    assert "needs" in [task.id for task in found.later]


def test_a_misalignment_is_told_with_who_is_against_it_and_covers_the_rule() -> None:
    canvas = """
forwhom: 1
kind: canvas
segments: [{id: d, name: Donors, buti: [buyer]}, {id: p, name: Pupils, buti: [user]}]
needs: [{id: faces, statement: See faces like ours, importance: 9, segments: [p]}]
alignment:
  ratings:
    - {rater: r, segment: d, item: faces, value: -4}
    - {rater: r, segment: p, item: faces, value: 5}
"""
    found = fw.next_steps(parse_canvas(canvas), today=TODAY)
    one = next(task for task in found.tasks if task.id == "misaligned-faces")
    assert one.stake == "model"
    assert "Pupils (+5) and Donors (−4) are misaligned on “See faces like ours”" in one.now
    assert not any("FW901" in task.rules and task.id != one.id for task in found.tasks)
    answered = canvas + "  strategies: [{id: s, item: faces, action: Show results}]\n"
    assert "misaligned-faces" not in ids(answered)


def test_a_rating_that_was_to_be_repeated_is_asked_for() -> None:
    canvas = """
forwhom: 1
kind: canvas
needs: [{id: a, statement: Get there}]
alignment:
  strategies: [{id: s, item: a, action: Talk, rerate: 2026-11-24}]
"""
    assert "rate-again" in ids(canvas)
    assert "rate-again" not in ids(canvas.replace("11-24", "11-25"))


HYPOTHESES = """
forwhom: 1
kind: canvas
segments: [{id: a, name: A, status: serve}, {id: b, name: B, status: serve}]
hypotheses:
  - {id: h, statement: They come, segments: [a], threshold: 5 of 9, critical: true,
     stated: 2026-01-02}
"""


def test_sides_that_depend_on_nothing_said() -> None:
    sides = "[{id: a, name: A, side: riders}, {id: b, name: B, side: 'the drivers: all'}]"
    canvas = f"forwhom: 1\nkind: canvas\nmarket_type: multi-sided\nsegments: {sides}\n"
    found = fw.next_steps(parse_canvas(canvas), today=TODAY)
    one = next(task for task in found.tasks if task.id == "exchanges")
    assert one.stake == "model"
    assert "exchanges" not in ids(canvas + one.begin)  # what is to be typed names the sides
    assert "side-without-exchange" in ids(canvas + one.begin)  # one way is said, the other not


def test_a_model_of_the_aid_sector_asks_for_those_around_it() -> None:
    assert "actors" in ids(without("clinic-notes", "actors", "funding_features"))
    assert "actors" not in ids(without("penny-path", "actors"))


def test_tests_are_to_be_run_with_something_to_try() -> None:
    assert {"run-test", "prototype", "untested-segments"} <= {*ids(HYPOTHESES)}
    done = HYPOTHESES.replace("segments: [a],", "segments: [a, b], prototype: A page,")
    assert not {"prototype", "untested-segments"} & {*ids(done)}


@pytest.mark.parametrize(("result", "asked"), [("refuted", True), ("supported", False)])
def test_a_critical_belief_that_fell_is_followed_by_another(result: str, asked: bool) -> None:
    learned = f"critical: true, learning: {{date: 2026-03-01, observed: 2 of 9, result: {result}}},"
    canvas = HYPOTHESES.replace("critical: true,", learned)
    assert ("follow-h" in ids(canvas)) is asked
    later = canvas + "  - {id: i, statement: They are called, segments: [a], stated: 2026-03-01}\n"
    assert "follow-h" not in ids(later)


def test_competitors_of_whom_nobody_says_whom_they_serve() -> None:
    start = "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}]\ncompetitors:\n"
    bare = "  - {id: x, name: X}\n  - {id: n, name: Nothing, kind: nothing}\n"
    found = fw.next_steps(parse_canvas(start + bare), today=TODAY)
    one = next(task for task in found.tasks if task.id == "their-segments")
    assert one.about == ["X"]
    known = bare.replace("name: X", "name: X, offers: [Speed], target_segments: [Those in haste]")
    assert "their-segments" not in ids(start + known)


def test_findings_of_one_rule_are_one_thing_to_do() -> None:
    claims = ", ".join(f"{{text: They come at {hour}}}" for hour in (7, 8, 9))
    text = f"{{forwhom: 1, kind: canvas, segments: [{{id: a, name: A, claims: [{claims}]}}]}}"
    found = fw.next_steps(parse_canvas(text, "c.yaml"), today=TODAY)
    bare = next(task for task in found.tasks if task.rules == ["FW501"])
    assert bare.touches == {"finding": 3}
    assert bare.now.endswith("Two more places like it.")
    assert len(bare.places) == 3
    assert bare.places[0].startswith("c.yaml:1:")


def test_why_is_said_for_every_rule() -> None:
    from forwhom.choices.gaps.findings import _GROUPS, _first_sentence

    for rule in all_rules():
        assert rule.group in _GROUPS, "say which step the group belongs to"
        why = _first_sentence(rule.sections["Why it matters"])
        assert re.fullmatch(r"[A-Z\"“'].{15,400}\.", why), (rule.code, why)


def test_what_to_type_is_a_canvas() -> None:
    bare = "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A, status: serve}, {id: b, name: B}]"
    typed = 0
    for task in fw.next_steps(parse_canvas(bare), today=TODAY).tasks:
        if re.match(r"[a-z_]+:(\n| [a-z-]+$)", task.begin):
            made = parse_canvas(f"{bare}\n{task.begin}\n")
            assert task.id not in ids(made), task.id
            typed += 1
    assert typed >= 9


def test_forms_say_the_same_and_loads_nothing() -> None:
    found = fw.next_steps(EXAMPLES / "penny-path", today=TODAY)
    page, text = str(FORMS.made(found, "html")), next_steps_text(found, 80)
    for task in found.tasks:
        words = task.what.split(",")[0]
        assert words in page
        assert words in " ".join(text.split())
    assert "://" not in page
    typed = {line.strip() for task in found.tasks for line in task.begin.splitlines()}
    assert all(len(line) <= 80 for line in text.splitlines() if line.strip() not in typed)


def test_words_of_a_canvas_are_no_markup() -> None:
    canvas = parse_canvas(
        "{forwhom: 1, kind: canvas, title: <b>x</b>, segments: [{id: a, name: A, status: serve}], "
        "competitors: [{id: c, name: '<script>|*'}]}"
    )
    found = fw.next_steps(canvas, today=TODAY)
    assert "<script>|" not in str(FORMS.made(found, "html"))
    assert r"\<script\>\|\*" in str(FORMS.made(found, "md"))


@pytest.mark.parametrize(
    ("code", "severity", "stake"),
    [
        ("FW101", "error", "offer"), ("FW101", "note", "way"), ("FW208", "error", "model"),
        ("FW208", "note", "model"),
    ],
)  # fmt: skip
def test_a_note_has_less_at_stake_unless_its_rule_says_so(
    code: str, severity: str, stake: str
) -> None:
    found = Diagnostic.model_validate(
        {"code": code, "name": "x", "severity": severity, "message": "It is so.", "advice": "Do.",
         "location": (), "path": ""}
    )  # fmt: skip
    task = _task(code, [found])
    assert (task.stake, task.now, task.places) == (stake, "It is so.", [])
    there = found.model_copy(update={"file": "a.yaml", "line": 3, "column": 5})
    nowhere = found.model_copy(update={"file": "a.yaml"})
    assert _task(code, [there, nowhere]).places == ["a.yaml:3:5"]
    assert _task(code, [found, found]).now == "It is so. One more place like it."


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ("", True), ("claims: [{text: T}]", True), ("claims: [{text: T, evidence: [e]}]", False),
        ("size: {customers: 9}", True), ("size: {customers: 9, evidence: [e]}", False),
        ("decision: {reason: R, evidence: [e]}", False), ("status: ignore", False),
    ],
)  # fmt: skip
def test_evidence_is_asked_for_of_each_served_segment_that_cites_none(
    more: str, asked: bool
) -> None:
    row = ", ".join(
        filter(None, ["id: a, name: A", "" if "status" in more else "status: serve", more])
    )
    canvas = parse_canvas(
        f"{{forwhom: 1, kind: canvas, segments: [{{{row}}}], evidence: [{{id: e, statement: S}}]}}"
    )
    assert bool(list(_evidence_of_segments(Situation(canvas, [], TODAY)))) == asked
