"""A report for print, and results as text and tables: what they say, and what stays harmless."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pypdfium2
import pytest

from forwhom.choices.questions import decide_segments
from forwhom.documents.canvas.file import read_canvas
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.segmentationfile import parse_segmentation
from forwhom.pipeline.aligning import align
from forwhom.report.alignment import FORMS as ALIGNMENT
from forwhom.report.choices import FORMS as CHOICES
from forwhom.report.segmentation import FORMS

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def groups() -> Segmentation:
    return parse_segmentation((EXAMPLES / "coffee-bar" / "groups.json").read_text("utf-8"))


def rows(text: str | bytes) -> list[list[str]]:
    assert isinstance(text, str)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_report_for_print_holds_the_answer_and_every_segment(groups: Segmentation) -> None:
    made = FORMS.made(groups, "pdf")
    assert isinstance(made, bytes)
    assert FORMS.made(groups, "pdf") == made
    pages = pypdfium2.PdfDocument(made)
    said = "\n".join(page.get_textpage().get_text_range() for page in pages)
    assert said.startswith("A coffee bar, made up: groups")
    for one in ("Can we defend these segments? 1 of 7 with yes and 6 open", "37–43%",
                *(f"{s.id} {s.name}" for s in groups.segments)):  # fmt: skip
        assert one in said


def test_who_the_segments_are_as_a_table(groups: Segmentation) -> None:
    made = rows(FORMS.made(groups, "csv"))
    assert made[:2] == [
        ["Segment", "Share", "95% interval", "Most likely here"],
        ["1 Office, every day", "40%", "37–43%", "480"],
    ]
    told = "Come more often: 11 visits a month, the rest 2.8"
    assert ["1 Office, every day", told, "large difference"] in made


def test_a_name_is_no_formula(groups: Segmentation) -> None:
    named = '=HYPERLINK("http://example.org")'
    data = groups.model_dump(mode="json")
    data["segments"][0] |= {"name": "=1+1"}
    data["segments"][0]["distinctions"][0] |= {"statement": named}
    made = rows(FORMS.made(Segmentation.model_validate(data), "csv"))
    assert f"'{named}" in {row[1] for row in made if len(row) == 3}
    assert not [cell for row in made for cell in row if cell.startswith("=")]


def test_an_alignment_as_a_table_and_as_text() -> None:
    result = align(read_canvas(EXAMPLES / "penny-path" / "canvas.yaml"))
    made = rows(ALIGNMENT.made(result, "csv"))
    assert made[0][:4] == [
        "Item", "Parents who plan the month", "Children with pocket money", "Alignment",
    ]  # fmt: skip
    assert made[1][:3] == ["Decide about my own money without asking", "-2", "5"]
    assert made[1][3].startswith("Misaligned")
    text = ALIGNMENT.made(result, "md")
    assert isinstance(text, str)
    assert text.startswith("# Penny Path\n\n**One misalignment among 6 items**\n")
    assert "\n### Decide about my own money without asking\n" in text
    assert "\n| Item | Parents who plan the month |" in text


def test_a_decision_as_tables() -> None:
    found = decide_segments(read_canvas(EXAMPLES / "penny-path" / "canvas.yaml"))
    made = rows(CHOICES.made(found, "csv"))
    assert made[0][:4] == ["Rank", "No.", "Segment", "Together"]
    assert made[1][:3] == ["1", "1", "Parents who plan the month"]
    assert made[made.index([]) + 1][:3] == ["No.", "Segment", "Decision"]
