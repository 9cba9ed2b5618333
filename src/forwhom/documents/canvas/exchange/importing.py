"""A canvas from other formats: bmml, JSON, a flat table (CSV), and boards of other tools."""

from __future__ import annotations

import csv
import io
import re
from os import PathLike
from pathlib import Path

from forwhom.documents.canvas.exchange.bmml.reading import parse_bmml
from forwhom.documents.canvas.exchange.boards.geometry import (
    board_of_json_canvas,
    board_of_miro,
    is_json_canvas,
    is_miro,
)
from forwhom.documents.canvas.exchange.boards.lines import board_of_lines
from forwhom.documents.canvas.exchange.boards.placing import canvas_of_board
from forwhom.documents.canvas.exchange.boards.rows import Rows, board_of_rows
from forwhom.documents.canvas.exchange.carrying import Imported, import_format_of
from forwhom.documents.canvas.exchange.table.reading import is_flat, lines_of, parse_csv
from forwhom.documents.canvas.file import canvas_path, canvas_text, check_canvas, parse_canvas
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.jsonfile import parse_json
from forwhom.documents.mistakes import validated
from forwhom.documents.study import Origin
from forwhom.documents.yamlfile import MAX_BYTES, parse_yaml, read_text
from forwhom.errors import DocumentError
from forwhom.suffixes import IMPORTS, ImportFormat
from forwhom.wording import listed

_WHAT = f"a canvas ({listed(list(dict.fromkeys(IMPORTS.values())), last='or')})"


def import_canvas(path: str | PathLike[str], format: ImportFormat | None = None) -> Imported:  # noqa: A002
    r"""Read a canvas from bmml, JSON, CSV, Markdown, JSON Canvas or YAML, by the name of the file.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "notes.csv"
    >>> _ = path.write_text("kind,text\nsegment,Parents\n")
    >>> import_canvas(path).canvas.segments[0].name
    'Parents'
    """
    place = canvas_path(path)
    known = import_format_of(place, format)
    text = read_text(place, _WHAT, MAX_BYTES)
    if known == "markdown" and not is_flat(re.split(r"[,;\t]", text.split("\n", 1)[0])):
        return canvas_of_board(board_of_lines(text), place)
    if known in ("csv", "markdown"):
        return _from_table(text, place)
    if known in ("json", "obsidian"):
        return _from_json(text, place)
    if known == "bmml" or _is_bmml(text, place):
        return parse_bmml(text, place)
    # A canvas already: its comments and its order stay.
    return Imported(canvas=parse_canvas(text, place), text=text, lost=[], changed=[])


def _from_table(text: str, place: Path) -> Imported:
    """Read the flat table of a canvas, or a table that another tool wrote of a board."""
    if {"version:", "meta:"} <= {line[: line.find(":") + 1] for line in text.splitlines()}:
        raise DocumentError(
            f"{place}:1:1: there is no column 'kind'; this is bmml, and no table.",
            "Leave out --format, or say that it is bmml.",
        )
    rows = [cells for _, cells in lines_of(text.removeprefix("\ufeff"), str(place))]
    return (
        parse_csv(text, place) if is_flat(rows[0] if rows else []) else imported_rows(rows, place)
    )


def imported_rows(rows: Rows, path: str | Path) -> Imported:
    """Make a canvas of the rows of a table: the flat table of a canvas, or a board."""
    if rows and is_flat(rows[0]):
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return parse_csv(out.getvalue(), path)
    return canvas_of_board(board_of_rows(rows), path)


def _from_json(text: str, place: Path) -> Imported:
    data = parse_json(text, str(place), "a canvas or a board (JSON)").data
    if is_json_canvas(data):
        return canvas_of_board(board_of_json_canvas(data), place)
    if is_miro(data):
        return canvas_of_board(board_of_miro(data), place)
    return _imported(parse_canvas_json(text, place))


def parse_canvas_json(text: str, path: str | Path = "canvas.json") -> Canvas:
    """Read a canvas from JSON."""
    source = parse_json(text, str(path), "a canvas (JSON)")
    canvas = validated(Canvas, source, "a canvas")
    canvas._origin = Origin(path=Path(path), source=source)
    check_canvas(canvas)
    return canvas


def _imported(canvas: Canvas) -> Imported:
    return Imported(canvas=canvas, text=canvas_text(canvas), lost=[], changed=[])


def _is_bmml(text: str, path: Path) -> bool:
    data = parse_yaml(text, str(path)).data
    return isinstance(data, dict) and "forwhom" not in data and {"version", "meta"} <= set(data)
