"""No text of a table, a canvas or a segmentation acts on the terminal."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from forwhom.cli import terminal
from forwhom.cli.main import cli

from .conftest import two_kinds, write

#: A window title, a cleared screen, a new direction of writing, and the one-byte form of escape.
EVIL = "\x1b]0;pwn\x07\x1b[2J\u202e\x9b31m"
YAML = r"\e]0;pwn\a\e[2J\u202e\x9b31m"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

CANVAS = f"""\
forwhom: 1
kind: canvas
title: "Canvas {YAML}"
framework: business-model-canvas
segments:
  - {{id: a, name: "A {YAML}", buti: [buyer], power: 3}}
  - {{id: b, name: "B {YAML}", buti: [user], power: 2}}
needs:
  - {{id: n, statement: "Do x\n::error file=pwn::pwned {YAML} and sleep", segments: [a, b],
     kind: job, importance: 9, satisfaction: 2}}
propositions:
  - {{id: p, name: "P {YAML}", segments: [a], serves: [n]}}
alignment:
  ratings:
    - {{rater: R1, segment: a, item: n, value: 5}}
    - {{rater: R2, segment: b, item: n, value: -5}}
"""

PLAN = f"""\
forwhom: 1
kind: plan
id: p
statement: "S {YAML}"
outcome: {{column: "c {YAML}", kind: share, baseline: 0.1}}
arms: {{"a {YAML}": 1, "b {YAML}": 1}}
effect: 0.1
segments: ["s {YAML}"]
"""

COMMANDS = [
    "profile evil.csv",
    "profile evil.csv --json",
    "study evil.csv",
    "study evil.csv --json",
    "features study.yaml -o features.csv",
    "show run",
    "show run --segment 1",
    "show run --json",
    "sql run --table t",
    "sql run --table t --json",
    "score run evil.csv -o new.csv",
    "score run less.csv -o new.csv --force",
    "report run -o page.html",
    "compare run run",
    "defend run",
    "defend canvas.yaml",
    "fairness run evil.csv",
    "experiment plan plan.yaml",
    "experiment read plan.yaml trial.csv",
    "refresh run again.csv --history history.parquet --no-refit",
    "history history.parquet",
    "runs run",
    "value run evil.csv",
    "market run",
    "market canvas.yaml",
    "voices run evil.csv --text nothing",
    "rename run 1 'Named \x1b[2J'",
    "rename run 9 'Named \x1b[2J'",
    "canvas seed run -o seeded.yaml",
    "canvas accept canvas.yaml",
    "canvas jobs canvas.yaml",
    "canvas job-map canvas.yaml",
    "canvas fit canvas.yaml",
    "canvas curves canvas.yaml",
    "canvas separate canvas.yaml",
    "canvas stories canvas.yaml",
    "canvas participants canvas.yaml",
    "canvas next canvas.yaml",
    "canvas compare canvas.yaml other.yaml",
    "canvas convert canvas.yaml --to lean-canvas -o lean.yaml",
    "canvas draw canvas.yaml -o canvas.md",
    "canvas export canvas.yaml -o canvas.csv",
    "canvas import broken.yaml -o imported.yaml",
    "canvas new --framework 'x\x1b[2J'",
    "decide canvas.yaml",
    "align canvas.yaml --replicates 40",
    "align ratings.csv --replicates 40",
    "lint canvas.yaml",
    "lint --format github canvas.yaml",
    "lint --format sarif canvas.yaml",
    "lint broken.yaml 'none\x1b[2J.yaml'",
    "workshop canvas.yaml -o w.pdf",
    "serve --prepare",
    "backup -o b.zip",
    "restore b.zip",
    "mcp --list",
    "funding flows.csv",
    "discover 'none\x1b[2J.csv'",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where every name and text acts on a terminal that obeys it."""
    place = tmp_path_factory.mktemp("evil")
    header = ["customer_id", f"visits{EVIL}", f"{EVIL}spend", f"channel{EVIL}"]
    rows = [[a, b, c, f"{d}{EVIL}"] for a, b, c, d in two_kinds(120)]
    write(place / "evil.csv", rows, header)
    write(
        place / "again.csv", [[a, b + 1, c, f"{d}{EVIL}"] for a, b, c, d in two_kinds(120)], header
    )
    write(place / "less.csv", [row[:3] for row in rows], header[:3])
    (place / "canvas.yaml").write_text(CANVAS, encoding="utf-8")
    (place / "other.yaml").write_text("forwhom: 1\nkind: canvas\n", encoding="utf-8")
    (place / "plan.yaml").write_text(PLAN, encoding="utf-8")
    arms = [[i, f"{'ab'[i % 2]} {EVIL}", f"s {EVIL}", i % 5 == 0] for i in range(60)]
    write(place / "trial.csv", arms, ["customer", "arm", "segment", f"c {EVIL}"])
    (place / "broken.yaml").write_text(f'forwhom: 1\nkind: canvas\n"{YAML}": "{YAML}"\n')
    ratings = [["R1", f"a{EVIL}", f"n{EVIL}", 3], ["R2", f"b{EVIL}", f"n{EVIL}", 9]]
    write(place / "ratings.csv", ratings, ["rater", "segment", "item", "value"])
    flows = [[f"G{EVIL}", f"R{EVIL}", 5, f"health{EVIL}"]]
    write(place / "flows.csv", flows, ["from", "to", "amount", "sector"])
    args = ["discover", str(place / "evil.csv"), "-o", str(place / "run"), "--k", "2"]
    done = CliRunner().invoke(cli, [*args, "--stability", "0"])
    assert done.exit_code == 0, done.stderr
    assert not STEERING.search(done.stdout + done.stderr)
    return place


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_that_a_command_prints_acts_on_the_terminal(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cli, shlex.split(command))
    printed = done.stdout + done.stderr
    assert printed
    assert "forwhom itself failed" not in printed
    assert not STEERING.search(printed), STEERING.search(printed)
    assert not re.search("^::error file=pwn", printed, re.MULTILINE)


def test_every_command_is_tried() -> None:
    names = set(cli.commands) - {"canvas"} | {
        f"canvas {c}" for c in cli.commands["canvas"].commands
    }
    assert {n for n in names if not any(c.startswith(n) for c in COMMANDS)} == set()


def test_what_was_hidden_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    shown = CliRunner().invoke(cli, ["profile", "less.csv"]).stdout
    assert r"\x1b]0;pwn\x07" in "".join(shown.split())


def test_json_keeps_its_value(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    found = json.loads(CliRunner().invoke(cli, ["profile", "evil.csv", "--json"]).stdout)
    assert f"visits{EVIL}" in [column["name"] for column in found["columns"]]


def test_sql_that_would_act_on_the_terminal_goes_to_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    refused = CliRunner().invoke(cli, ["sql", "run", "--table", "t"])
    assert refused.exit_code == 2
    assert "-o score.sql" in refused.stderr
    assert CliRunner().invoke(cli, ["sql", "run", "--table", "t", "-o", "s.sql"]).exit_code == 0
    assert EVIL in (folder / "s.sql").read_text()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\rb", r"a\x0db"),
        ("a\r\nb\tc\n", "a\nb\tc\n"),
        ("\u202eabc\u2028\ud800", r"\u202eabc\u2028\ud800"),
        ("a\u200bb\xad\U000e0041", r"a\u200bb\xad\U000e0041"),
        ("نمی\u200cخواهم \u200f1\u200e", "نمی\u200cخواهم \u200f1\u200e"),
        ("שלום, żółć, 日本 👩‍👩‍👧", "שלום, żółć, 日本 👩‍👩‍👧"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert terminal.printable(text) == shown
    assert terminal.steers(text) == (text.replace("\r\n", "\n") != shown)


def test_only_one_module_prints() -> None:
    folder = Path(terminal.__file__).parent
    others = [p for p in folder.rglob("*.py") if p.name != "terminal.py"]
    forbidden = re.compile(r"click\.s?echo|\bText\(|(?<!\.)\bprint\(|sys\.std(out|err)\.write")
    found = [p.name for p in others if forbidden.search(p.read_text(encoding="utf-8"))]
    assert found == []
