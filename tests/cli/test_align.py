"""`forwhom align`: what it prints, writes and returns."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli

CANVAS = """\
forwhom: 1
kind: canvas
segments:
  - {id: ministry, name: Ministry, buti: [buyer]}
  - {id: clinics, name: Clinics, buti: [user]}
needs: [{id: cheap, statement: Costs little, importance: 10}]
alignment:   # rated in May
  file: ratings.csv
"""


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["align", *args])


def write(*values: tuple[str, float]) -> None:
    rows = [f"{rater},{segment},cheap,{value}" for rater in "abcde" for segment, value in values]
    Path("ratings.csv").write_text("\n".join(["rater,segment,item,value", *rows]) + "\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("canvas.yaml").write_text(CANVAS)
    write(("ministry", 5), ("clinics", -4))
    return tmp_path


def test_a_misalignment_without_strategy_is_a_finding(folder) -> None:
    found = run("canvas.yaml", "--replicates", "50")
    assert found.exit_code == 1, found.output
    assert "One misalignment among 1 item" in found.stdout
    assert "severity high" in found.stdout
    assert sorted(p.name for p in folder.iterdir()) == ["canvas.yaml", "ratings.csv"]


def test_without_misalignment_it_is_well(folder) -> None:
    write(("ministry", 5), ("clinics", 4))
    assert run("canvas.yaml", "--replicates", "50").exit_code == 0
    assert run("ratings.csv", "--replicates", "50").exit_code == 0


def test_a_strategy_with_an_action_answers_it(folder) -> None:
    found = run("canvas.yaml", "--replicates", "50", "--write-strategies")
    assert found.exit_code == 1
    assert "Strategies to fill in, in canvas.yaml: align-cheap" in found.stdout
    text = Path("canvas.yaml").read_text()
    assert text.startswith(CANVAS)
    assert run("canvas.yaml", "--replicates", "50").exit_code == 1, "an empty action says nothing"
    Path("canvas.yaml").write_text(text.replace('action: ""', "action: Lend it to clinics"))
    again = run("canvas.yaml", "--replicates", "50", "--write-strategies")
    assert again.exit_code == 0
    assert "has a strategy for every misalignment" in again.stdout


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("a.html", b"<!DOCTYPE html>"), ("a.svg", b"<svg "), ("a.png", b"\x89PNG"),
        ("a.pdf", b"%PDF"), ("a.json", b"{"),
    ],
)  # fmt: skip
def test_the_ending_of_the_file_says_what_is_written(folder, name, begin) -> None:
    args = ("ratings.csv", "-o", name, "--replicates", "50")
    found = run(*args)
    assert found.exit_code == 1
    assert found.stdout.endswith(f"Wrote {name}\n")
    assert Path(name).read_bytes().startswith(begin)
    again = run(*args)
    assert again.exit_code == 2
    assert f"{name} exists already" in again.stderr
    assert run(*args, "--force").exit_code == 1


def test_nothing_is_written_where_the_place_is_wrong(folder) -> None:
    for name, said in (("no/a.svg", "no folder"), ("a.xlsx", "is no form for this")):
        found = run("canvas.yaml", "-o", name, "--write-strategies")
        assert found.exit_code == 2
        assert said in found.stderr
        assert not Path(name).exists()
        assert Path("canvas.yaml").read_text() == CANVAS


def test_nothing_is_written_when_the_canvas_may_not_be_changed(folder, monkeypatch) -> None:
    monkeypatch.setattr(
        os, "access", lambda place, mode: mode != os.W_OK or Path(place).name != "canvas.yaml"
    )
    found = run("canvas.yaml", "-o", "a.html", "--write-strategies")
    assert found.exit_code == 2
    assert "canvas.yaml may not be changed: it is read-only" in found.stderr
    assert not Path("a.html").exists()


def test_json_is_alone_on_stdout(folder) -> None:
    found = run("canvas.yaml", "--json", "-o", "a.html", "--replicates", "50", "--seed", "4")
    answer = json.loads(found.stdout)
    assert (answer["kind"], answer["seed"], answer["replicates"]) == ("alignment", 4, 50)
    assert "Wrote a.html" in found.stderr
    assert found.exit_code == 1


def test_mistakes_are_said(folder) -> None:
    for args, said in (
        (("ratings.csv", "--write-strategies"), "is no canvas"),
        (("nothing.csv",), "no file nothing.csv"),
        (("nothing.yaml",), "no file nothing.yaml"),
        (("ratings.csv", "--seed", "-1"), "The seed is -1"),
    ):
        found = run(*args)
        assert found.exit_code == 2, found.output
        assert said in found.stderr
        assert "Traceback" not in found.output
