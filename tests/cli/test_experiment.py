"""`forwhom experiment`: files written, files kept, and what is said."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import forwhom as fw
from forwhom.cli.main import cli

CANVAS = """\
forwhom: 1
kind: canvas
segments: [{id: parents, name: Parents}, {id: schools, name: Schools}]
hypotheses: [{id: come-back, statement: They come back, segments: [parents, schools]}]
"""
OPTIONS = (
    "--statement 'It helps' --column ordered --kind share --baseline 0.1 --effect 0.05 "
    "--arm control --arm letter"
)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("canvas.yaml").write_text(CANVAS)


def run(words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["experiment", *shlex.split(words)], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_options_write_a_plan_and_then_the_file_counts() -> None:
    said = run(f"plan plan.yaml {OPTIONS} --segment a --segment b --customers 2000 --looks 2")
    assert "We believe: It helps" in said
    assert "2 looks planned, after 50% and 100%" in said or "50%, 100%" in said
    assert "1,000" in said
    assert "Wrote plan.yaml" in said
    plan = fw.read_plan("plan.yaml")
    assert plan.id == "plan"
    assert plan.overall.customers == 4000
    before = Path("plan.yaml").read_text()
    told = json.loads(run("plan plan.yaml --json"))
    assert Path("plan.yaml").read_text() == before
    assert told["sizes"]["segments"][0]["arms"] == [1000, 1000]
    refused = run("plan plan.yaml --effect 0.1", 2)
    assert "--effect would change it" in refused
    Path("plan.yaml").write_text(before.replace("effect: 0.05", "effect: 0.06", 1))
    assert "effect was 0.05 and is 0.06" in run("plan plan.yaml", 2)
    assert "Sealed on" in run("plan plan.yaml --again")


def test_a_plan_may_have_any_name() -> None:
    run(f"plan '[Q3] letter*.yaml' {OPTIONS}")
    assert fw.read_plan("[Q3] letter*.yaml").id == "Q3-letter"


def test_a_hypothesis_of_a_canvas_is_planned_there() -> None:
    options = OPTIONS.replace("--statement 'It helps' ", "")
    said = run(f"plan plan.yaml {options} --canvas canvas.yaml --hypothesis come-back")
    assert "They come back" in said
    assert "Parents" in said
    card = fw.read_canvas("canvas.yaml").hypotheses[0]
    assert card.test.startswith("Experiment plan: letter against control")
    assert fw.read_plan("plan.yaml").hypothesis == "come-back"


def test_what_is_missing_is_said() -> None:
    assert "there is no plan.yaml" in run("plan plan.yaml", 2)
    missing = run("plan plan.yaml --statement x", 2)
    assert "--column, --kind, --baseline, --effect, --arm" in missing
    assert not Path("plan.yaml").exists()


def write_results(n: int = 800) -> None:
    rows = ["customer,arm,segment,ordered,date"]
    for i in range(n):
        arm, segment = ("letter" if i % 2 else "control"), ("parents", "schools")[i // 2 % 2]
        yes = i // 4 % (3 if (arm, segment) == ("letter", "parents") else 10) == 0
        rows.append(f"c{i:04d},{arm},{segment},{int(yes)},2099-01-{1 + i * 20 // n:02d}")
    Path("results.csv").write_text("\n".join(rows) + "\n")


def test_an_experiment_is_read_drawn_and_learned_from() -> None:
    options = OPTIONS.replace("--statement 'It helps' ", "--customers 400 ")
    hypothesis = "--canvas canvas.yaml --hypothesis come-back --segment parents --segment schools"
    run(f"plan plan.yaml {options} {hypothesis}")
    write_results()
    said = run("read plan.yaml results.csv --canvas canvas.yaml -o effects.svg --quiet")
    assert "All segments together: with 'letter'" in said
    assert "By segment: supported in Parents; not enough in Schools." in said
    assert "Wrote canvas.yaml" in said
    learning = fw.read_canvas("canvas.yaml").hypotheses[0].learning
    assert learning is not None
    assert learning.date == "2099-01-20"
    drawing = Path("effects.svg").read_text()
    assert drawing.count("supported") >= 2
    assert "threshold: 0" in drawing
    told = json.loads(run("read plan.yaml results.csv --json --quiet"))
    assert told["segments"][0]["verdict"] == "supported"
    assert told["evidence"][0]["id"] == "experiment.plan.parents"
    run("read plan.yaml results.csv -o effects.html --quiet")
    page = Path("effects.html").read_text()
    assert "Chance of a wrong verdict" in page
    assert "<script" not in page
    assert "c0001" not in page


def test_no_verdict_is_exit_code_1_and_writes_nothing_into_the_canvas() -> None:
    options = OPTIONS.replace("--statement 'It helps' ", "")
    run(f"plan plan.yaml {options} --canvas canvas.yaml --hypothesis come-back")
    write_results(200)
    before = Path("canvas.yaml").read_text()
    said = run("read plan.yaml results.csv --canvas canvas.yaml --quiet", 1)
    assert "No verdict: it is too early. The only look is planned at" in said
    assert Path("canvas.yaml").read_text() == before
    assert "no effects to draw" in run("read plan.yaml results.csv -o effects.svg --quiet", 2)
    run("read plan.yaml results.csv -o effects.html --quiet", 1)
    text = Path("plan.yaml").read_text()
    Path("plan.yaml").write_text(text.replace("effect: 0.05", "effect: 0.02", 1))
    changed = run("read plan.yaml results.csv --quiet", 2)
    assert "effect was 0.05 and is 0.02. There is no verdict on a changed plan." in changed


@pytest.mark.parametrize(
    ("language", "believed", "card", "left"),
    [
        ("de", "Annahme: They come back", "letter gegen control", "200 Kunden gehören zu keinem"),
        (
            "ar",
            "نعتقد: They come back",
            "letter مقابل control",
            "ليسوا من أي شريحة مخططة ('schools')",
        ),
        ("en", "We believe: They come back", "letter against control", "200 customers are of no"),
    ],
)
def test_plan_cards_and_notes_speak_the_language_of_the_canvas(
    language: str, believed: str, card: str, left: str
) -> None:
    Path("canvas.yaml").write_text(f"{CANVAS}language: {language}\n")
    options = OPTIONS.replace("--statement 'It helps' ", "--customers 400 --segment parents ")
    said = run(f"plan plan.yaml {options} --canvas canvas.yaml --hypothesis come-back")
    assert believed in said
    assert card in fw.read_canvas("canvas.yaml").hypotheses[0].test
    write_results(400)
    said = run("read plan.yaml results.csv --canvas canvas.yaml --closed --quiet")
    assert left in said
    text = Path("canvas.yaml").read_text()
    learning = fw.read_canvas("canvas.yaml").hypotheses[0].learning
    assert learning is not None
    assert learning.observed.startswith("Parents: ")
    # What pages need between words is no part of a file that people edit, nor of a terminal.
    assert "\\u" not in text + said
    assert not {"\u2068", "\u2069", "\u00a0"} & set(text)


def test_evidence_has_one_fingerprint_in_every_language() -> None:
    run(f"plan plan.yaml {OPTIONS} --customers 400")
    write_results(400)
    marks = {
        json.loads(run(f"read plan.yaml results.csv --quiet --json --language {language}"))[
            "evidence"
        ][0]["fingerprint"]
        for language in ("ar", "de", "en")
    }
    assert len(marks) == 1
