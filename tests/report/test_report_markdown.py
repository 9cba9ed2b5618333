"""The report as Markdown: all that the slides say, and nothing that somebody wrote is markup."""

from __future__ import annotations

from pathlib import Path

import pytest

import forwhom as fw

GROUPS = Path(__file__).parents[2] / "examples" / "coffee-bar" / "groups.json"


@pytest.fixture
def groups() -> fw.Segmentation:
    return fw.read_segmentation(GROUPS)


def test_the_answer_the_questions_and_each_segment_are_told(
    groups: fw.Segmentation, tmp_path: Path
) -> None:
    text = fw.write_report(groups, tmp_path / "report.md").read_text("utf-8")
    assert text.startswith("# A coffee bar, made up: groups\n\n**Two clear groups")
    assert "| Is there structure? | open |" in text
    for segment in groups.segments:
        assert f"## {segment.id} {segment.name}\n" in text
    assert text.count("### What sets it apart\n\n- ") == len(groups.segments)
    assert "\n\n\n" not in text


def test_what_somebody_wrote_is_no_markup(groups: fw.Segmentation, tmp_path: Path) -> None:
    named = fw.rename_segment(groups, 1, "*Big* | <b>bold</b>")
    text = fw.write_report(named, tmp_path / "report.md").read_text("utf-8")
    assert r"## 1 \*Big\* \| \<b\>bold\</b\>" in text
    assert "<b>" not in text
