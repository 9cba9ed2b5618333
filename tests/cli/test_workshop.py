"""`forwhom workshop`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli
from forwhom.pipeline.aligning import align

CANVAS = """\
forwhom: 1
kind: canvas
title: Clinic Notes
segments:
  - {id: council, name: District council, buti: [buyer]}
  - {id: nurses, name: Nurses, buti: [user]}
  - {id: families, name: Families, buti: [target-impact]}
needs:
  - {id: n1, statement: Write down a visit at once, segments: [nurses]}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canvas.yaml").write_text(CANVAS)
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["workshop", *args])


def test_it_writes_pages_and_a_template(folder: Path) -> None:
    done = run("canvas.yaml", "--minutes", "30", "--raters", "3", "--paper", "letter")
    assert done.exit_code == 0, done.stderr
    assert "Wrote workshop.pdf and ratings-template.csv" in done.stdout
    assert "One item for three segments in 30 minutes." in done.stdout
    assert len(pypdfium2.PdfDocument(folder / "workshop.pdf")) >= 5
    with (folder / "ratings-template.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == 1 + 2 * 3 * 3


def test_json_says_the_same(folder: Path) -> None:
    done = run("canvas.yaml", "-o", "w.pdf", "--json")
    found = json.loads(done.stdout)
    assert found["pdf"] == "w.pdf"
    assert sum(step["minutes"] for step in found["plan"]["agenda"]) == 60
    assert [s["role"] for s in found["plan"]["segments"]] == ["Buyer", "User", "Target impact"]


def test_what_exists_stays_unless_forced(folder: Path) -> None:
    (folder / "workshop.pdf").write_text("mine")
    assert run("canvas.yaml").exit_code == 2
    assert (folder / "workshop.pdf").read_text() == "mine"
    assert not (folder / "ratings-template.csv").exists()
    assert run("canvas.yaml", "--force").exit_code == 0


def test_answers_that_were_typed_in_are_never_replaced(folder: Path) -> None:
    assert run("canvas.yaml").exit_code == 0
    assert run("canvas.yaml", "--force").exit_code == 0, "an empty template may be replaced"
    template = folder / "ratings-template.csv"
    typed = template.read_text().replace("at once,,", "at once,4,", 1)
    template.write_text(typed)
    (folder / "workshop.pdf").unlink()
    done = run("canvas.yaml", "--force")
    assert done.exit_code == 2
    assert "ratings-template.csv was filled in or changed" in done.stderr
    assert template.read_text() == typed
    assert not (folder / "workshop.pdf").exists()


def test_a_canvas_without_roles_says_what_to_add(folder: Path) -> None:
    (folder / "canvas.yaml").write_text("forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}]\n")
    done = run("canvas.yaml")
    assert done.exit_code == 2
    assert "canvas.yaml:3:1: no segment has a role" in done.stderr
    assert "buti: [buyer]" in done.stderr


def test_the_filled_in_template_is_read_back(folder: Path) -> None:
    """Lines that nobody filled in are answers that nobody gave."""
    assert run("canvas.yaml", "--raters", "3").exit_code == 0
    with (folder / "ratings-template.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    values = {"council": -3, "nurses": 5, "families": 2}
    for row in rows:
        if row["round"] == "1":
            row["mode"], row["value"] = "direct", str(values[row["segment"]])
    with (folder / "ratings.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "canvas.yaml").write_text(CANVAS + "alignment: {file: ratings.csv}\n")
    found = align(folder / "canvas.yaml", replicates=50)
    assert (found.raters, found.ratings, found.rounds) == (3, 9, 1)
    assert found.overall.items[0].alignment == "misaligned"
    # A second workshop asks for the items that were named, or all of them.
    assert run("canvas.yaml", "--force").exit_code == 0


@pytest.mark.parametrize("minutes", ["29", "91"])
def test_the_time_has_ends(minutes: str) -> None:
    assert run("canvas.yaml", "--minutes", minutes).exit_code == 2
