"""What two versions of a canvas differ in, as text, Markdown and a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import forwhom as fw
from forwhom.cli.main import cli
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.canvas.comparing import comparison_of
from forwhom.errors import OptionError
from forwhom.report.comparison import comparison_text
from forwhom.report.comparison.writing import comparison_html, comparison_markdown

BEFORE = """forwhom: 1
kind: canvas
title: Penny Path
segments: [{id: a, name: Busy <b>parents</b>}, {id: b, name: Students}]
blocks: {channels: [{text: Instagram ads}, {text: School news}]}
"""
AFTER = (
    BEFORE.replace("</b>}", "</b>, status: serve, decision: {reason: They plan.}}")
    .replace("{text: Instagram ads}, ", "")
    .replace("news}]", "news}], key_partners: [{text: Instagram ads}]")
    .replace("title: Penny Path", "title: Penny Path\nportfolio: explore")
)
BOTH = comparison_of(parse_canvas(BEFORE), parse_canvas(AFTER))


def test_a_terminal_is_told_part_by_part() -> None:
    assert comparison_text(BOTH, 100) == (
        "Three differences: 1 new, 1 changed, 1 moved.\n\n"
        "The canvas itself\n  Portfolio: new: explore\n\n"
        "Segments\n"
        "  Segment “Busy <b>parents</b>”: candidate → serve, because “They plan.”\n\n"
        "Notes\n  Note “Instagram ads” moved from Channels to Key partners\n"
    )
    same = comparison_of(parse_canvas(BEFORE), parse_canvas(BEFORE))
    assert comparison_text(same) == "Both versions say the same.\n"


def test_a_page_shows_what_was_written_and_what_stood_there() -> None:
    page = comparison_html(BOTH)
    assert "Busy &lt;b&gt;parents&lt;/b&gt;" in page
    assert "<b>parents" not in page
    assert "moved from Channels to Key partners" in page
    assert "All that was said before and after" in page
    assert "# Penny Path: What changed between two versions" in comparison_markdown(BOTH)


def test_a_german_page_is_german() -> None:
    german = comparison_of(parse_canvas(BEFORE), parse_canvas(AFTER + "language: de\n"))
    said = comparison_text(german)
    assert said.startswith("4 Unterschiede: 1 neu, 2 geändert, 1 verschoben.")
    assert "Kandidat → bedienen, weil „They plan.“" in " ".join(said.split())


def test_the_command_says_writes_and_ends_as_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("before.yaml").write_text(BEFORE)
    Path("now").mkdir()
    Path("now/canvas.yaml").write_text(AFTER)
    run = CliRunner()
    done = run.invoke(cli, ["canvas", "compare", "before.yaml", "now", "-o", "c.html"])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (1, "Wrote c.html")
    assert Path("c.html").read_text().startswith("<!DOCTYPE html>")
    told = json.loads(run.invoke(cli, ["canvas", "compare", "before.yaml", "now", "--json"]).stdout)
    assert [one["kind"] for one in told["differences"]] == ["added", "changed", "moved"]
    assert told["after"] == "now/canvas.yaml"
    same = run.invoke(cli, ["canvas", "compare", "now", "now/canvas.yaml"])
    assert (same.exit_code, same.stdout) == (0, "Both versions say the same.\n")


def test_the_library_writes_what_the_command_writes(tmp_path: Path) -> None:
    before, after = parse_canvas(BEFORE), parse_canvas(AFTER)
    path = fw.write_comparison(before, after, tmp_path / "c.json")
    assert json.loads(path.read_text())["kind"] == "canvas-comparison"
    assert fw.compare_canvases(before, after) == BOTH.differences
    with pytest.raises(OptionError, match=r"html, .md, .txt or .json|html"):
        fw.write_comparison(before, after, tmp_path / "c.docx")
