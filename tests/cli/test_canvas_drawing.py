"""`forwhom canvas draw` and `forwhom canvas participants`: what they print, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli

CANVAS = """
forwhom: 1
kind: canvas
title: Penny Path
segments: [{id: schools, name: Schools}]
participants:
  - {id: head, name: Head teacher, roles: [decision-maker, buyer], veto: true, stance: opposes}
  - {id: teacher, name: Class teacher, roles: [user], stance: supports, influences: [{on: head}]}
blocks: {channels: [{text: Newsletters}], eco_social_costs: [{text: Paper}]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canvas.yaml").write_text(CANVAS)
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["canvas", *args])


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "md", "html", "pptx"])
def test_draw_writes_the_format_of_the_suffix(folder: Path, suffix: str) -> None:
    found = run("draw", "canvas.yaml", "-o", f"drawn.{suffix}")
    assert found.exit_code == 0
    assert f"Wrote drawn.{suffix} (Business Model Canvas)." in found.stdout
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "md": b"# Penny", "html": b"<!DOC",
              "pptx": b"PK"}  # fmt: skip
    assert (folder / f"drawn.{suffix}").read_bytes().lstrip().startswith(starts[suffix])


def test_draw_in_another_framework_leaves_the_canvas_as_it_is(folder: Path) -> None:
    found = run("draw", "canvas.yaml", "-f", "unite", "--json")
    assert json.loads(found.stdout) == {
        "drawing": "canvas.svg", "format": "svg", "framework": "unite", "elsewhere": [],
        "notes": [],
    }  # fmt: skip
    assert "Unfair Advantage" in (folder / "canvas.svg").read_text()
    assert (folder / "canvas.yaml").read_text() == CANVAS


def test_draw_fits_a_board_to_a_paper_and_says_all_that_stands_elsewhere(folder: Path) -> None:
    needs = "needs: [{id: n, statement: Save}]\nkpis: [{id: k, name: Sales}]\n"
    (folder / "canvas.yaml").write_text(CANVAS + needs)
    found = run("draw", "canvas.yaml", "-o", "board.pdf", "--paper", "16:9", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["elsewhere"] == ["needs", "kpis"]
    page = pypdfium2.PdfDocument((folder / "board.pdf").read_bytes())[0]
    assert (page.get_width(), page.get_height()) == (960, 540)
    found = run("draw", "canvas.yaml", "-o", "board.svg", "--paper", "a4")
    assert found.exit_code == 2
    assert "has no paper" in found.stderr
    assert not (folder / "board.svg").exists()


def test_draw_says_what_stands_below(folder: Path) -> None:
    (folder / "canvas.yaml").write_text(CANVAS.replace("eco_social_costs", "brand"))
    found = run("draw", "canvas.yaml", "-f", "lean-canvas")
    assert "It has no block for Brand; these stand below it." in found.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("draw", "canvas.yaml", "-o", "canvas.gif"),
            "canvas.gif ends with '.gif', which is no form for this",
        ),
        (("draw", "canvas.yaml", "-o", "canvas.yaml"), "canvas.yaml"),
        (("draw", "nowhere.yaml"), "nowhere.yaml"),
        (("draw", "canvas.yaml", "-f", "lean"), "there is no framework 'lean'"),
        (
            ("participants", "canvas.yaml", "-o", "map.html"),
            "map.html ends with '.html', which is no form for this",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(folder: Path, args: tuple[str, ...], message: str) -> None:
    found = run(*args)
    assert found.exit_code == 2
    assert message in found.stderr
    assert [p.name for p in folder.iterdir()] == ["canvas.yaml"]


def test_a_drawing_is_replaced_only_when_told(folder: Path) -> None:
    assert run("draw", "canvas.yaml").exit_code == 0
    assert run("draw", "canvas.yaml").exit_code == 2
    assert run("draw", "canvas.yaml", "--force").exit_code == 0


def test_participants_say_where_the_purchase_can_fail(folder: Path) -> None:
    found = run("participants", "canvas.yaml", "-o", "map.svg")
    assert found.exit_code == 1
    assert found.stdout.startswith("Schools\n  pays: perhaps Head teacher (decision-maker, buyer)")
    assert "  uses it: Class teacher (user)\n" in found.stdout
    assert "benefits in the end" not in found.stdout
    assert "  Head teacher can stop the purchase (stance: opposes)\n" in found.stdout
    assert "  ! Head teacher is against it and can stop the purchase alone." in found.stdout
    assert "Class teacher could talk to them." in found.stdout
    assert (folder / "map.svg").read_text().startswith("<svg")


def test_smaller_gaps_are_said_and_stop_nothing(folder: Path) -> None:
    (folder / "canvas.yaml").write_text("""
forwhom: 1
kind: canvas
segments: [{id: clinics, name: Clinics, revenue: none}, {id: renters, name: Renters, revenue: pays}]
participants:
  - {id: head, name: Head, segments: [clinics], organization: Clinic, roles: [decision-maker]}
  - {id: ana, name: Ana, segments: [renters], roles: [user, buyer, decision-maker]}
""")
    found = run("participants", "canvas.yaml", "-o", "map.svg")
    assert found.exit_code == 0
    assert "What can stop it" not in found.stdout
    assert "  pays: nobody, and that is decided\n" in found.stdout
    assert "  Also to look at:\n  - It is not known who uses it.\n" in found.stdout
    assert "  - Head alone decides; when they leave or change their mind, it stops." in found.stdout
    assert (
        "\nRenters\n  pays: Renters, perhaps by Ana (user, buyer, decision-maker)" in found.stdout
    )


def test_participants_as_json(folder: Path) -> None:
    found = run("participants", "canvas.yaml", "--json")
    assert found.exit_code == 1
    said = json.loads(found.stdout)
    assert said["purchases"][0]["opposed"] == ["head"]
    assert said["purchases"][0]["failures"][0]["kind"] == "opposed-veto"


def test_no_segment_to_serve_is_no_finding(folder: Path) -> None:
    (folder / "canvas.yaml").write_text("{forwhom: 1, kind: canvas}")
    found = run("participants", "canvas.yaml")
    assert found.exit_code == 0
    assert "no purchase to look at" in found.stdout
