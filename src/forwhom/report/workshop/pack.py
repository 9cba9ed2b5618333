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
from forwhom.languages.catalog import (
    later,
    later_in,
    messages,
    speaking,
    spelled,
    tr,
    tr_in,
)
from forwhom.report.drawing.lettering import right_to_left
from forwhom.report.typefaces import BROUGHT
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
#: Texts of the canvas, each read from its own side.
_THEIRS = frozenset({"title", "name", "owner", "text", "speakers"})

#: Classes and impacts to circle on the page of results, and what stands for them there.
_CLASSES = (
    (later("unwanted"), later_in("unwanted", "U")),
    (later("misaligned"), later_in("misaligned", "M")),
    (later("strong"), later_in("strong", "St")),
    (later("sufficient"), later_in("sufficient", "Su")),
    (later("undecided"), later_in("undecided", "?")),
)
_IMPACTS = (
    (later("low"), later_in("low", "L")),
    (later("medium"), later_in("medium", "M")),
    (later("high"), later_in("high", "H")),
)


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
    language: str | None = None,
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
    language
        The language that the pages speak, such as ``"fr"``; None for that of the canvas, or
        English where there is no catalog of it.
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
        The minutes or the number of raters cannot be, the path does not end with ``.pdf``, or
        forwhom does not speak the language.
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
    plan = plan_workshop(canvas_of(canvas), minutes=minutes, raters=raters, language=language)
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
    with speaking(plan.language):
        own = {
            "paper": _PAPERS[paper],
            "fonts": list(BROUGHT),
            "words": dict(messages()),
            "decimal": spelled("."),
            "heading": tr("alignment workshop"),
            "classes": [[tr_in(name, short), tr(name)] for name, short in _CLASSES],
            "impacts": [[tr_in(name, short), tr(name)] for name, short in _IMPACTS],
        }
    data = _prepared(plan.model_dump(mode="json"), plan.right_to_left) | own
    written = json.dumps(data, ensure_ascii=False).encode()
    return typeset(template.read_text(encoding="utf-8"), "pdf", {"data.json": written})


def _prepared(value: Any, mirrored: bool, key: str = "") -> Any:
    """Let long words break, so that none leaves its column; texts of people know their side."""
    if isinstance(value, dict):
        return {name: _prepared(inner, mirrored, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_prepared(inner, mirrored, key) for inner in value]
    if not isinstance(value, str):
        return value
    breakable = _LONG_WORD.sub(rf"\g<0>{_BREAK_HERE}", value)
    if key in _THEIRS:
        return {"text": breakable, "rtl": right_to_left(value, mirrored)}
    return breakable
