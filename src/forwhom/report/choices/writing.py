"""A result as text, Markdown, a page, drawings, or a file of any form."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import get_args

from forwhom.documents.base import expect
from forwhom.documents.results import Choices
from forwhom.errors import DocumentError
from forwhom.languages.catalog import speaking_all
from forwhom.languages.codes import is_right_to_left
from forwhom.report.choices.picture import Drawing, standalone
from forwhom.report.choices.sections import outline_of
from forwhom.report.deck import deck_pptx
from forwhom.report.drawing.mirroring import mirrored
from forwhom.report.forms import Forms, as_json, drawn
from forwhom.report.outline import (
    grid_of,
    grids_csv,
    outline_deck,
    outline_html,
    outline_markdown,
    outline_text,
)

_EMPTY = {
    "opportunities": "no need has an importance and a satisfaction that can be shown",
    "fit": "no proposition is for a segment",
    "curves": "the canvas has no value curve",
    "priorities": "the canvas has no decision matrix",
    "job-maps": "no need belongs to a job ('of')",
    "separation": "the canvas has no two segments that are served or may be",
}


def choices_text(found: Choices, width: int = 80) -> str:
    """Return a result as plain text, for a terminal with so many columns."""
    with speaking_all(found.language):
        return outline_text(outline_of(found), width)


def choices_markdown(found: Choices) -> str:
    """Return a result as Markdown: its sentences, what weakens it, and every number."""
    with speaking_all(found.language):
        return outline_markdown(outline_of(found))


def choices_html(found: Choices) -> str:
    """Return a result as one HTML page that loads nothing; the same result gives the same page."""
    with speaking_all(found.language):
        return outline_html(outline_of(found), "choices/drawing.css", "choices/page.css")


def choices_pptx(found: Choices) -> bytes:
    """Return a result as a deck for PowerPoint, with tables and charts that can be edited."""
    with speaking_all(found.language):
        return deck_pptx(outline_deck(outline_of(found)))


def choices_csv(found: Choices) -> str:
    """Return the tables of a result as CSV, for spreadsheets."""
    with speaking_all(found.language):
        sections = outline_of(found).sections
        return grids_csv([grid_of(s.table) for s in sections if s.table and s.table.rows])


def choices_svg(found: Choices) -> str:
    """Return the drawings of a result as one SVG file that needs nothing else."""
    with speaking_all(found.language):
        outline = outline_of(found)
    drawings = [s.picture for s in outline.sections if isinstance(s.picture, Drawing)]
    if not drawings:
        raise DocumentError(
            f"There is nothing to draw: {_EMPTY[found.kind]}.", "Fill that in first."
        )
    title = f"{outline.title}: {outline.headline}" if outline.title else outline.headline
    made = standalone(drawings, title)
    return mirrored(made) if is_right_to_left(found.language) else made


#: What a result can be written as.
FORMS = Forms(
    html=choices_html,
    **drawn(choices_svg),
    md=choices_markdown,
    pptx=choices_pptx,
    csv=choices_csv,
    json=as_json,
)


def write_choices(found: Choices, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a result as a page, a drawing, a picture or data, by the ending of the file.

    Parameters
    ----------
    found
        What `rank_needs`, `map_jobs`, `assess_fit`, `compare_curves`, `decide_segments` or
        `separate_segments` returned.
    path
        Where to write: ``.html``, ``.md``, ``.svg``, ``.png``, ``.pdf``, ``.pptx``, ``.csv`` or
        ``.json``; its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        This is none of these results, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst, PPTX without python-pptx.
    DocumentError
        There is nothing to draw.
    """
    functions = (
        "forwhom.rank_needs, map_jobs, assess_fit, compare_curves, decide_segments, "
        "separate_segments"
    )
    expect(found, get_args(Choices), "A choice", functions)
    return FORMS.write(found, path, overwrite=overwrite)
