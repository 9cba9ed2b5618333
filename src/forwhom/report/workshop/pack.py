"""The pack as files: pages to print, and a CSV to type the answers in."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas import AnyCanvas, canvas_of
from forwhom.documents.files import check_output, write_bytes_atomically, write_text_atomically
from forwhom.errors import OutputError
from forwhom.report.typesetting import typeset
from forwhom.report.workshop.plan import WorkshopPlan, plan_workshop
from forwhom.report.workshop.ratings import answers_csv, is_untouched
from forwhom.suffixes import suffix_of

Paper = Literal["a4", "letter"]

#: The CSV beside the PDF.
TEMPLATE_NAME = "ratings-template.csv"
#: Papers as typst calls them.
_PAPERS: dict[Paper, str] = {"a4": "a4", "letter": "us-letter"}
#: A word longer than a column may break anywhere after this many signs.
_LONG_WORD = re.compile(r"\S{18}(?=\S)")
_BREAK_HERE = "\u200b"


class WorkshopPack(Document):
    """What was written."""

    pdf: str = Field(description="The pages to print.")
    template: str = Field(description="The CSV to type the answers in.")
    plan: WorkshopPlan = Field(description="What stands in them.")


def write_workshop(
    canvas: AnyCanvas,
    path: str | Path,
    *,
    minutes: int = 60,
    raters: int = 6,
    paper: Paper = "a4",
    overwrite: bool = False,
) -> WorkshopPack:
    """Write the pack for a workshop on the alignment of buyer, user and target impact.

    Parameters
    ----------
    canvas
        A canvas, or the path of one. Its segments with a role are rated for; its needs are rated.
    path
        The PDF, such as ``workshop.pdf``. ``ratings-template.csv`` is written beside it.
    minutes
        How long the workshop is, 30 to 90.
    raters
        How many people rate; the CSV has lines for each.
    paper
        ``"a4"`` or ``"letter"``.
    overwrite
        Whether existing files may be replaced.

    Returns
    -------
    WorkshopPack
        The two files, and what stands in them.

    Raises
    ------
    DataError
        Fewer than two segments have a role in the exercise, or there is nothing to rate.
    OptionError
        The minutes or the number of raters cannot be, or the path does not end with ``.pdf``.
    OutputError
        A file exists and may not be replaced, or cannot be written, or the CSV has answers in it.
    DriverMissing
        typst, which sets the pages, is not installed.
    """
    suffix_of(path, ["pdf"])
    pdf = Path(path)
    template = pdf.with_name(TEMPLATE_NAME)
    for place in (pdf, template):
        check_output(place, overwrite=overwrite)
    _keep_answers(template)
    plan = plan_workshop(canvas_of(canvas), minutes=minutes, raters=raters)
    pages = workshop_pdf(plan, paper=paper)
    write_bytes_atomically(pdf, pages, overwrite=overwrite)
    write_text_atomically(template, answers_csv(plan), overwrite=overwrite)
    return WorkshopPack(pdf=str(pdf), template=str(template), plan=plan)


def _keep_answers(template: Path) -> None:
    """Refuse to replace a template with answers in it, whatever may be overwritten."""
    if template.exists() and not is_untouched(template.read_text("utf-8-sig", errors="replace")):
        raise OutputError(
            f"{template} was filled in or changed.",
            "Give it another name, so that no answer is lost, and run this again.",
        )


def workshop_pdf(plan: WorkshopPlan, *, paper: Paper = "a4") -> bytes:
    """Return the pages of the pack as a PDF."""
    template = resources.files("forwhom.report.workshop") / "workshop.typ"
    data = _breakable(plan.model_dump(mode="json")) | {"paper": _PAPERS[paper]}
    written = json.dumps(data, ensure_ascii=False).encode()
    return typeset(template.read_text(encoding="utf-8"), "pdf", {"data.json": written})


def _breakable(value: Any) -> Any:
    """Let long words break, so that none leaves its column."""
    if isinstance(value, dict):
        return {key: _breakable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_breakable(inner) for inner in value]
    return _LONG_WORD.sub(rf"\g<0>{_BREAK_HERE}", value) if isinstance(value, str) else value
