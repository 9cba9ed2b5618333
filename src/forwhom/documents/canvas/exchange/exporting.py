"""A canvas to other formats: bmml, JSON, and a flat table (CSV)."""

from __future__ import annotations

import json
from os import PathLike

from forwhom.documents.canvas.exchange.bmml.writing import bmml_text
from forwhom.documents.canvas.exchange.carrying import Exported, format_of
from forwhom.documents.canvas.exchange.table.writing import csv_text
from forwhom.documents.canvas.file import (
    AnyCanvas,
    canvas_data,
    canvas_of,
    canvas_text,
    check_canvas,
)
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.files import write_text_atomically
from forwhom.suffixes import CanvasFormat

#: Spreadsheets cut what is longer than this.
_LONGEST_CELL = 32_767


def export_canvas(
    canvas: AnyCanvas,
    path: str | PathLike[str],
    format: CanvasFormat | None = None,  # noqa: A002
    *,
    overwrite: bool = False,
) -> Exported:
    """Write a canvas in another format, whole or not at all.

    Parameters
    ----------
    canvas
        A canvas, or the path of one.
    path
        Where to write.
    format
        "bmml", "json", "csv" or "yaml"; left out: what the name of the file says.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    Exported
        The text, what that format cannot hold, and what was changed for it.

    Raises
    ------
    SourceMissing
        There is no such canvas.
    DocumentError
        The canvas contradicts itself.
    OutputError
        The place cannot be written, or holds a file and ``overwrite`` is false.
    OptionError
        This is no canvas, or the name does not say the format.
    """
    done = exported(canvas_of(canvas), format_of(path, format))
    write_text_atomically(path, done.text, overwrite=overwrite)
    return done


def exported(canvas: Canvas, format: CanvasFormat) -> Exported:  # noqa: A002
    """Return a canvas in another format, without writing it."""
    if format == "bmml":
        return bmml_text(canvas)
    if format == "csv":
        text = csv_text(canvas)
        return Exported(text=text, lost=[], changed=_long_cells(text))
    check_canvas(canvas)
    text = canvas_text(canvas) if format == "yaml" else canvas_json(canvas)
    return Exported(text=text, lost=[], changed=[])


def canvas_json(canvas: Canvas) -> str:
    """Return a canvas as JSON; what is not said is left out."""
    return json.dumps(canvas_data(canvas), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _long_cells(text: str) -> list[str]:
    longest = max((len(line) for line in text.split("\r\n")), default=0)
    if longest <= _LONGEST_CELL:
        return []
    return [f"some rows are longer than the {_LONGEST_CELL:,} characters that spreadsheets keep"]
