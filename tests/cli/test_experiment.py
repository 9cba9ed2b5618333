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


def test_a_hypothesis_of_a_canvas_is_planned_there() -> None:
    options = OPTIONS.replace("--statement 'It helps' ", "")
    said = run(f"plan plan.yaml {options} --canvas canvas.yaml --hypothesis come-back")
    assert "They come back" in said
    assert "Parents" in said
    card = fw.read_canvas("canvas.yaml").hypotheses[0]
    assert card.test.startswith("Experiment plan: letter against control")
    assert fw.read_plan("plan.yaml").canvas == "canvas.yaml"


def test_what_is_missing_is_said() -> None:
    assert "there is no plan.yaml" in run("plan plan.yaml", 2)
    missing = run("plan plan.yaml --statement x", 2)
    assert "--column, --kind, --baseline, --effect, --arm" in missing
    assert not Path("plan.yaml").exists()
