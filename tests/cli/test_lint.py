"""`forwhom lint`: exit codes, formats, and no change to any file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli

HEAD = "forwhom: 1\nkind: canvas\n"
WEAK = HEAD + "needs: [{id: a, statement: Find and hire people}]\n"


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["lint", *args])


@pytest.fixture
def weak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canvas.yaml").write_text(WEAK)
    return tmp_path / "canvas.yaml"


def test_exit_codes(weak: Path) -> None:
    assert run("canvas.yaml", "--select", "market").exit_code == 0
    assert run("canvas.yaml").exit_code == 1
    assert run("missing.yaml").exit_code == 2
    assert run("canvas.yaml", "--select", "nonsense").exit_code == 2
    assert weak.read_text() == WEAK


def test_a_canvas_is_asked_for_as_by_every_other_command(weak: Path) -> None:
    for args in ((), ("--select", "FW102"), ("--json",)):
        found = run(*args)
        assert found.exit_code == 2
        assert "Missing argument 'CANVAS...'" in found.stderr
    assert "[FW102 compound-job]" in run(".").stdout
    assert run("--list").exit_code == run("--explain", "FW102").exit_code == 0


def test_select_and_ignore_take_several_words(weak: Path) -> None:
    data = json.loads(
        run("canvas.yaml", "--select", "FW102,FW106", "--select", "FW108", "--json").stdout
    )
    assert data["canvases"][0]["rules"] == ["FW102", "FW106", "FW108"]
    data = json.loads(run(".", "--select", "FW1", "--ignore", "FW102, FW106", "--json").stdout)
    assert data["findings"] == 0


def test_a_bad_canvas_does_not_hide_the_findings_of_others(weak: Path) -> None:
    Path("bad.yaml").write_text("forwhom: 1\nkind: canvas\nsegmants: []\n")
    result = run("bad.yaml", "canvas.yaml", "--select", "FW102")
    assert result.exit_code == 2
    assert "[FW102 compound-job]" in result.stdout
    assert "bad.yaml:3:1" in result.stderr
    assert "[FW" not in result.stderr


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machines_get_json_and_nothing_else(weak: Path, form: str) -> None:
    result = run("canvas.yaml", "--format", form)
    assert result.exit_code == 1
    assert json.loads(result.stdout)


def test_github(weak: Path) -> None:
    assert run(".", "--format", "github", "--select", "FW102").stdout.startswith("::warning file=")
    assert run(".", "--format", "github", "--select", "market").stdout == ""


def test_the_day_is_an_argument(weak: Path) -> None:
    weak.write_text(
        HEAD + "evidence: [{id: e, statement: x, date: '2026-01-01'}]\n"
        "needs: [{id: a, statement: Plan it, evidence: [e]}]\n"
    )
    assert run(".", "--select", "FW504", "--today", "2026-02-01").exit_code == 0
    assert run(".", "--select", "FW504", "--today", "2028-02-01").exit_code == 1
    assert run(".", "--today", "tomorrow").exit_code == 2


def test_explain_and_list() -> None:
    assert "## Why it matters" in run("--explain", "FW101").stdout
    assert run("--explain", "FW9999").exit_code == 2
    assert "compound-job" in run("--list").stdout
    assert json.loads(run("--list", "--json").stdout)[0]["code"] == "FW001"


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_machines_read_that_a_canvas_was_not_read(weak: Path, form: str) -> None:
    Path("bad.yaml").write_text(HEAD + "segmants: []\n")
    for files in (["bad.yaml"], ["canvas.yaml", "bad.yaml"]):
        found = run(*files, "--format", form)
        assert found.exit_code == 2
        assert "segmants" in found.stdout
        if form != "github":
            json.loads(found.stdout)
