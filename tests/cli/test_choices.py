"""`forwhom canvas jobs`, `fit`, `curves` and `forwhom decide`, with answers of respondents."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

import forwhom as fw
from forwhom.cli.main import cli

CANVAS = """\
forwhom: 1
kind: canvas
title: Penny Path
segments: [{id: parents, name: Parents}, {id: schools, name: Schools}]
need_ratings: answers.csv
needs:
  - {id: teach, statement: Teach my children, segments: [parents], importance: 2, satisfaction: 9}
  - {id: calm, statement: Feel calm, segments: [parents]}
propositions:
  - id: book
    name: Workbook
    segments: [parents]
    products: [{id: pages, text: 52 pages}]
    fit: [{need: calm, by: [pages], strength: partial}]
competitors: [{id: app, name: Budget app}]
value_curves:
  - {id: v, segment: parents, points: [{criterion: Price, scores: {ours: 7, app: 5}}]}
decision:
  criteria: [{id: size, name: Size}, {id: reach, name: Reach, axis: ability}]
  scores: {parents: {size: 8, reach: 8}, schools: {size: 4, reach: 9}}
  judges:
    - {id: ana, weights: {size: 1, reach: 1}}
    - {id: ben, weights: {size: 2, reach: 1}}
"""
HEADER = ["respondent", "segment", "need", "importance", "satisfaction"]


def rows() -> list[list[object]]:
    """Twelve parents, for whom teaching matters and is not met."""
    found: list[list[object]] = []
    for i in range(12):
        found.append([f"r{i:02d}", "parents", "teach", 8 + i % 2, 2 + i % 3])
        found.append([f"r{i:02d}", "parents", "calm", 5, 6 + i % 2])
    return found


def write(answers: list[list[object]], header: list[str] | None = None) -> None:
    with Path("answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header or HEADER, *answers])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("canvas.yaml").write_text(CANVAS)
    write(rows())
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args))


def answer(*args: str) -> str:
    found = run(*args)
    assert found.exit_code == 0, found.stderr
    return found.stdout


@pytest.mark.usefixtures("folder")
def test_jobs_come_from_respondents_with_intervals() -> None:
    said = answer("canvas", "jobs", "canvas.yaml")
    assert "The largest opportunity by respondents is “Teach my children”: 14 of 20" in said
    assert "12 respondents, first in 100%" in said
    found = json.loads(answer("canvas", "jobs", "canvas.yaml", "--json"))
    assert found["kind"] == "opportunities"
    assert found["everybody"]["needs"][0]["opportunity"] == 14
    assert found == json.loads(answer("canvas", "jobs", ".", "--json", "--seed", "0"))


@pytest.mark.usefixtures("folder")
def test_fit_takes_importance_from_respondents() -> None:
    found = json.loads(answer("canvas", "fit", "canvas.yaml", "--json"))
    assert found["fits"][0]["unaddressed"] == ["teach"]
    assert found["fits"][0]["needs"][0]["importance"] == 8.5
    assert found["fits"][0]["needs"][0]["importance_from"] == "respondents"
    said = answer("canvas", "fit", "canvas.yaml")
    assert "Positioning: For parents who need to feel calm, Workbook is a" in said
    assert "Nothing is offered to Schools." in said


@pytest.mark.usefixtures("folder")
def test_curves_and_priorities() -> None:
    assert "Ours is ahead of every other on “Price”." in answer("canvas", "curves", "canvas.yaml")
    said = answer("decide", "canvas.yaml", "--draws", "500")
    assert "“Parents” ranks first, with 8 of 10" in said
    assert "All 2 judges put “Parents” first." in said
    found = json.loads(answer("decide", "canvas.yaml", "--seed", "3", "--json"))
    assert (found["seed"], found["draws"]) == (3, 10_000)


@pytest.mark.parametrize(
    "command",
    [
        ["canvas", "jobs"],
        ["canvas", "fit"],
        ["canvas", "curves"],
        ["canvas", "separate"],
        ["decide"],
    ],
)
def test_a_page_or_a_drawing_is_written_whole_and_never_replaced_silently(
    folder: Path, command: list[str]
) -> None:
    said = answer(*command, "canvas.yaml")
    assert answer(*command, "canvas.yaml", "-o", "out.html") == f"{said}\nWrote out.html\n"
    assert "<svg" in Path("out.html").read_text()
    answer(*command, "canvas.yaml", "-o", "out.svg", "--json")
    before = Path("out.svg").read_bytes()
    found = run(*command, "canvas.yaml", "-o", "out.svg")
    assert found.exit_code == 2
    assert "exists already" in found.stderr
    answer(*command, "canvas.yaml", "-o", "out.svg", "--force")
    assert Path("out.svg").read_bytes() == before
    found = run(*command, "canvas.yaml", "-o", "out.doc")
    assert found.exit_code == 2
    assert "out.doc ends with '.doc', which is no form for this" in found.stderr
    assert {p.name for p in folder.iterdir()} == {
        "canvas.yaml", "answers.csv", "out.html", "out.svg"
    }  # fmt: skip


def test_a_job_is_mapped_and_drawn(folder: Path) -> None:
    assert "Jobs without a map" in answer("canvas", "job-map", "canvas.yaml")
    assert "nothing to draw" in run("canvas", "job-map", "canvas.yaml", "-o", "map.svg").stderr
    canvas = folder / "map.yaml"
    canvas.write_text(
        "forwhom: 1\nkind: canvas\nneeds:\n  - {id: close, statement: Close the books of a month}\n"
        "  - {id: find, statement: Find the receipts, of: close, step: locate}\n",
        encoding="utf-8",
    )
    assert "One need at 1 of 8 steps." in answer("canvas", "job-map", "map.yaml", "-o", "map.svg")
    assert "Find the receipts" in Path("map.svg").read_text(encoding="utf-8")


@pytest.mark.usefixtures("folder")
def test_stories_are_told_of_all_or_of_those_who_are_named() -> None:
    said = answer("canvas", "stories", "canvas.yaml", "-o", "stories.html")
    assert "How this segment would use it" in said
    assert said.endswith("Wrote stories.html\n")
    assert "exists already" in run("canvas", "stories", "canvas.yaml", "-o", "stories.html").stderr
    one = json.loads(answer("canvas", "stories", "canvas.yaml", "--segment", "SCHOOLS", "--json"))
    assert [story["name"] for story in one["stories"]] == ["Schools"]
    found = run("canvas", "stories", "canvas.yaml", "--segment", "school")
    assert (found.exit_code, "did you mean" in found.stderr.lower()) == (2, True)


@pytest.mark.parametrize(
    ("changes", "said", "advice"),
    [
        ({4: ["r02", "parents", "teech", 5, 5]}, "row 5: need names no need in the", "'teach'?"),
        ({4: ["r02", "parent", "teach", 5, 5]}, "row 5: segment names no segment in", "'parents'"),
        ({0: ["r00", "parents", "teach", 11, 5]}, "row 1: importance is too large", "0 to 10"),
        ({1: ["r00", "parents", "calm", 5, -1]}, "row 2: satisfaction is too small", "0 to 10"),
        ({1: ["r00", "parents", "calm", 5, "low"]}, "row 2: satisfaction is not a number",
         "0 to 10"),
        ({1: ["r00", "parents", "teach", 5, 5]}, "row 2: this respondent rated 'teach' in row 1",
         "one answer"),
        ({1: ["r00", "schools", "calm", 5, 5]}, "row 2: this respondent is of the segment",
         "one segment"),
        ({3: ["", "parents", "calm", 5, 5]}, "row 4: respondent is empty", "Fill it in"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_a_wrong_answer_is_refused_with_file_and_row(
    changes: dict[int, list[object]], said: str, advice: str
) -> None:
    answers = rows()
    for index, row in changes.items():
        answers[index] = row
    write(answers)
    found = run("canvas", "jobs", "canvas.yaml")
    assert found.exit_code == 2
    assert f"answers.csv, {said}" in found.stderr
    assert advice in found.stderr


@pytest.mark.usefixtures("folder")
def test_answers_are_read_as_people_type_them() -> None:
    found = answer("canvas", "jobs", "canvas.yaml", "--json")
    typed = [
        [f" {r} ", "PARENTS" if i % 2 else "parents ", "teach  my Children" if n == "teach" else n,
         f"{importance},0", satisfaction]
        for i, (r, _, n, importance, satisfaction) in enumerate(rows())
    ]  # fmt: skip
    write(typed, ["Respondent", "Segment", " NEED", "Importance", "Satisfaction "])
    assert answer("canvas", "jobs", "canvas.yaml", "--json") == found


@pytest.mark.usefixtures("folder")
def test_all_wrong_answers_are_said_at_once() -> None:
    answers = rows()
    answers[0][3], answers[3][2], answers[4][0] = "much", "teach", ""
    write(answers)
    found = run("canvas", "jobs", "canvas.yaml")
    assert found.exit_code == 2
    for said in (
        "3 rows cannot be used",
        "row 1: importance is not a number",
        "row 4: this respondent rated 'teach' in row 3",
        "row 5: respondent is empty",
    ):
        assert said in found.stderr  # fmt: skip


@pytest.mark.usefixtures("folder")
def test_a_column_or_a_file_that_is_not_there_is_said() -> None:
    write(rows(), ["respondent", "segment", "need", "importance", "satisfactoin"])
    found = run("canvas", "jobs", "canvas.yaml")
    assert found.exit_code == 2
    assert "there is no column 'satisfaction'" in found.stderr
    assert "first row must hold the names" in found.stderr
    Path("answers.csv").unlink()
    found = run("canvas", "fit", "canvas.yaml")
    assert found.exit_code == 2
    assert "canvas.yaml:5:1: there is no file answers.csv" in found.stderr


@pytest.mark.usefixtures("folder")
def test_a_canvas_without_what_is_needed_says_what_to_add() -> None:
    Path("empty.yaml").write_text("forwhom: 1\nkind: canvas\n")
    for command in (["canvas", "curves"], ["decide"]):
        found = run(*command, "empty.yaml")
        assert found.exit_code == 2
        assert "empty.yaml" in found.stderr
        assert "Add '" in found.stderr
    assert run("canvas", "jobs", "empty.yaml", "-o", "jobs.svg").exit_code == 2
    assert not Path("jobs.svg").exists()
    said = answer("canvas", "jobs", "empty.yaml")
    assert "No need has both" in said
    assert "add them under 'needs'" in said
    said = answer("canvas", "fit", "empty.yaml")
    for part in ("segments", "needs", "propositions"):
        assert f"The canvas has no {part} yet: add" in said


@pytest.mark.usefixtures("folder")
def test_the_library_takes_a_canvas_and_a_data_frame() -> None:
    canvas = fw.read_canvas("canvas.yaml")
    frame = pl.DataFrame(rows(), schema=HEADER, orient="row")
    found = fw.rank_needs(canvas, frame)
    assert found.everybody.needs == fw.rank_needs("canvas.yaml").everybody.needs
    shuffled = fw.rank_needs(canvas, frame.sample(fraction=1.0, shuffle=True, seed=1))
    assert shuffled.everybody == found.everybody
    assert fw.assess_fit(canvas, frame).fits == fw.assess_fit("canvas.yaml").fits
    assert fw.decide_segments(canvas, draws=200).segments[0].segment == "parents"
    assert fw.compare_curves(canvas).segments[0].ahead == ["Price"]
    place = fw.write_choices(found, "jobs.json")
    assert json.loads(place.read_text())["kind"] == "opportunities"


@pytest.mark.usefixtures("folder")
def test_an_empty_cell_is_no_answer_and_a_decimal_comma_is_a_decimal() -> None:
    answers = rows()
    answers[0][4] = ""
    with Path("answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(
            [[str(c).replace("9", "9,0") if c == 9 else c for c in r] for r in answers]
        )
    found = fw.rank_needs("canvas.yaml")
    by = {row.need: row for row in found.everybody.needs}
    assert by["teach"].n == 11
    assert by["teach"].importance == pytest.approx((5 * 8 + 6 * 9) / 11)


def test_next_says_what_to_do_and_writes_it(folder: Path) -> None:
    done = run("canvas", "next", "canvas.yaml", "-o", "next.html", "--today", "2026-11-25")
    assert done.exit_code == 0
    assert done.output.startswith("Penny Path: what comes next\n")
    assert "Wrote next.html" in done.output
    assert "Hypotheses" in Path("next.html").read_text(encoding="utf-8")
    told = json.loads(run("canvas", "next", "canvas.yaml", "--json").output)
    assert {"hypotheses", "participants"} <= {task["id"] for task in told["tasks"]}
    assert run("canvas", "next", "canvas.yaml", "-o", "next.png").exit_code == 2
