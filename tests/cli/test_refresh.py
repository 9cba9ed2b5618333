"""`forwhom refresh`, `history` and `runs`: what they print, and what they leave behind."""

import csv
import json
from pathlib import Path

from .conftest import run, two_kinds, write


def test_a_later_period_is_told_kept_and_traced(segments: Path, folder: Path) -> None:
    before = {p.name: p.read_bytes() for p in segments.iterdir()}
    rows = two_kinds(300, seed=5)
    write("later.csv", rows)
    common = ["refresh", str(segments), "later.csv", "--day", "2099-06-30", "-q", "--no-refit"]
    dry = run(*common, "--dry-run", "-o", "scored.csv", "--flows", "flows.svg")
    assert dry.exit_code == 0, dry.stderr
    assert "300 customers as of 2099-06-30" in dry.stdout
    assert {p.name: p.read_bytes() for p in segments.iterdir()} == before
    with Path("scored.csv").open() as file:
        assert len(list(csv.reader(file))) == 301
    assert "<svg" in Path("flows.svg").read_text()
    done = run(*common, "--json", "--history", "history.parquet")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verdict"] in ("keep", "watch", "unknown", "refit")
    assert told["transitions"]["both"] + sum(n or 0 for n in told["transitions"]["new"]) <= 300
    there = json.loads(run("history", "history.parquet", "--json", "-o", "there.csv").stdout)
    assert (there["day"], there["customers"]) == ("2099-06-30", 300)
    with Path("there.csv").open() as file:
        assert len(list(csv.reader(file))) == 301
    runs = json.loads(run("runs", str(segments), "--json").stdout)
    assert [one["run"] for one in runs["runs"]] == ["discover", "refresh"]
    assert "No run of the ledger" in run("runs", str(segments), "--of", "nothing").stdout
    assert "Is it still true?" in run("defend", str(segments)).stdout
    for name, content in before.items():
        (segments / name).write_bytes(content)
    (segments / "ledger.jsonl").unlink()


def test_what_a_history_cannot_take_is_said(segments: Path, folder: Path) -> None:
    write("later.csv", two_kinds(100, seed=6))
    asked = ["refresh", str(segments), "later.csv", "-q", "--no-refit"]
    both = run(*asked, "--dry-run", "--history", "h.parquet")
    assert (both.exit_code, "--dry-run" in both.stderr) == (2, True)
    early = run(*asked, "--day", "2001-01-01", "--history", "h.parquet", "--flows", "f.svg")
    assert (early.exit_code, "the earlier is not earlier" in early.stderr) == (2, True)
    assert not Path("h.parquet").exists()
    assert not Path("f.svg").exists()
    assert not (segments / "ledger.jsonl").exists()


def test_a_history_is_not_written_where_there_are_no_flows_to_draw(
    segments: Path, folder: Path
) -> None:
    strangers = [[f"n{i}", *row[1:]] for i, row in enumerate(two_kinds(100, seed=6))]
    write("later.csv", strangers)
    asked = ["refresh", str(segments), "later.csv", "-q", "--no-refit", "--day", "2099-06-30"]
    done = run(*asked, "--history", "h.parquet", "--flows", "f.svg")
    assert (done.exit_code, "nobody is known to be in both" in done.stderr) == (2, True)
    assert not Path("h.parquet").exists()
    assert not (segments / "ledger.jsonl").exists()
