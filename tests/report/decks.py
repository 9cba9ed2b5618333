"""A deck as python-pptx reads it again: what every one must be, by the measure of our letters."""

from __future__ import annotations

import io
import itertools
from typing import Any

from pptx import Presentation
from pptx.util import Length

from forwhom.report.drawing.lettering import lines_of

WIDE, HIGH = 12_192_000, 6_858_000
POINT = 12_700


def opened(content: bytes) -> Any:
    made = Presentation(io.BytesIO(content))
    assert (made.slide_width, made.slide_height) == (WIDE, HIGH)
    for slide in made.slides:
        for shape in slide.shapes:
            seen(shape)
    titles = titles_of(made)
    assert all(title.strip() for title in titles)
    assert len(set(titles)) == len(titles)
    assert all(next(iter(slide.shapes)) == slide.shapes.title for slide in made.slides)
    return made


def seen(shape: Any) -> None:
    """Nothing stands outside, everything fits, and what is no text says what it shows."""
    assert shape.left >= 0
    assert shape.top >= 0
    assert shape.left + shape.width <= WIDE
    assert shape.top + shape.height <= HIGH
    if shape.has_text_frame:
        frame = shape.text_frame
        # The template gives titles no space inside of their frames.
        need = needed(frame, shape.width, Edges if shape.is_placeholder else frame)
        assert need <= shape.height + 2 * POINT, shape.name
        return
    assert described(shape)
    if shape.has_table:
        rows, columns = shape.table.rows, shape.table.columns
        assert abs(sum(c.width for c in columns) - shape.width) <= len(columns)
        assert shape.top + sum(row.height for row in rows) <= HIGH
        for row, column in itertools.product(range(len(rows)), range(len(columns))):
            cell = shape.table.cell(row, column)
            need = needed(cell.text_frame, columns[column].width, cell)
            assert need <= rows[row].height + POINT, cell.text


class Edges:
    """None."""

    margin_left = margin_right = margin_top = margin_bottom = 0


def needed(frame: Any, width: int, edges: Any) -> float:
    """How high text is at most, in the units of the file."""
    left = width - edges.margin_left - edges.margin_right
    total = float(edges.margin_top + edges.margin_bottom)
    for paragraph in frame.paragraphs:
        if not paragraph.runs:
            continue
        font = paragraph.runs[0].font
        size = font.size / POINT
        room = (left - int(paragraph._p.pPr.get("marL", "0"))) / POINT
        assert isinstance(paragraph.line_spacing, Length)
        text = "".join(run.text for run in paragraph.runs)
        texts = paragraph.text.split("\v") if "\v" in paragraph.text else [text]
        rows = [r for one in texts for r in lines_of(one, room + 0.01, size, bold=bool(font.bold))]
        total += max(len(rows), 1) * paragraph.line_spacing + (paragraph.space_before or 0)
    return total


def described(shape: Any) -> str:
    return str(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")


def titles_of(made: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in made.slides]


def tables_of(made: Any) -> list[list[list[str]]]:
    """The cells of all tables."""
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in made.slides
        for shape in slide.shapes
        if shape.has_table
    ]


def charts_of(made: Any) -> list[Any]:
    return [s.chart for slide in made.slides for s in slide.shapes if s.has_chart]


def words_of(made: Any) -> str:
    """Everything that is written on slides, in the order in which it is read."""
    said = []
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                said.append(shape.text_frame.text)
            elif shape.has_table:
                said += [cell.text for row in shape.table.rows for cell in row.cells]
    return " ".join(" ".join(said).split())
