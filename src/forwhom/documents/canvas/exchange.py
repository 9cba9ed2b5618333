"""A canvas to and from other formats: bmml, JSON, and a flat table (CSV)."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from forwhom.documents.canvas.bmmlreading import parse_bmml
from forwhom.documents.canvas.bmmlwriting import bmml_text
from forwhom.documents.canvas.carrying import Exported, Imported
from forwhom.documents.canvas.file import (
    AnyCanvas,
    canvas_data,
    canvas_of,
    canvas_path,
    canvas_text,
    check_canvas,
    parse_canvas,
)
from forwhom.documents.canvas.flatfile import csv_text
from forwhom.documents.canvas.flatreading import parse_csv
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.files import write_text_atomically
from forwhom.documents.jsonfile import parse_json
from forwhom.documents.mistakes import validated
from forwhom.documents.study import Origin
from forwhom.documents.suffixes import suffix_of, unknown_form
from forwhom.documents.yamlfile import MAX_BYTES, parse_yaml, read_text

#: Formats that a canvas is exchanged in.
Format = Literal["yaml", "bmml", "json", "csv"]

#: What the suffix of a file says.
SUFFIXES: dict[str, Format] = {
    "yaml": "yaml",
    "yml": "yaml",
    "bmml": "bmml",
    "json": "json",
    "csv": "csv",
    "tsv": "csv",
}
_WHAT = "a canvas (YAML, bmml, JSON or CSV)"

#: Spreadsheets cut what is longer than this.
_LONGEST_CELL = 32_767


def import_canvas(path: str | PathLike[str], format: Format | None = None) -> Imported:  # noqa: A002
    r"""Read a canvas from another format.

    Parameters
    ----------
    path
        The file: bmml, JSON, CSV, or YAML (a canvas, or bmml).
    format
        "yaml", "bmml", "json" or "csv"; left out: what the name of the file says.

    Returns
    -------
    Imported
        The canvas, its text as YAML, what a canvas cannot hold, and what was changed.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not sound; every mistake is listed with file, line and column.
    OptionError
        The name does not say the format.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "notes.csv"
    >>> _ = path.write_text("kind,text\nsegment,Parents\n")
    >>> import_canvas(path).canvas.segments[0].name
    'Parents'
    """
    place = canvas_path(path)
    known = format_of(place, format)
    text = read_text(place, _WHAT, MAX_BYTES)
    if known == "csv":
        return parse_csv(text, place)
    if known == "json":
        return _imported(parse_canvas_json(text, place))
    if known == "bmml" or _is_bmml(text, place):
        return parse_bmml(text, place)
    # A canvas already: its comments and its order stay.
    return Imported(canvas=parse_canvas(text, place), text=text, lost=[], changed=[])


def export_canvas(
    canvas: AnyCanvas,
    path: str | PathLike[str],
    format: Format | None = None,  # noqa: A002
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


def exported(canvas: Canvas, format: Format) -> Exported:  # noqa: A002
    """Return a canvas in another format, without writing it."""
    if format == "bmml":
        return bmml_text(canvas)
    if format == "csv":
        text = csv_text(canvas)
        return Exported(text=text, lost=[], changed=_long_cells(text))
    check_canvas(canvas)
    text = canvas_text(canvas) if format == "yaml" else canvas_json(canvas)
    return Exported(text=text, lost=[], changed=[])


def format_of(path: str | PathLike[str], given: str | None = None) -> Format:
    """Return the format that was asked for, or that the name of a file says.

    Raises
    ------
    OptionError
        There is no such format, or the name does not say one.
    """
    if given is None:
        return SUFFIXES[suffix_of(path, list(SUFFIXES), ", or name the format (--format)")]
    for known in get_args(Format):
        if given == known:
            return known  # type: ignore[no-any-return]
    raise unknown_form(given, get_args(Format))


def canvas_json(canvas: Canvas) -> str:
    """Return a canvas as JSON; what is not said is left out.

    Examples
    --------
    >>> canvas = parse_canvas("{forwhom: 1, kind: canvas, title: Ours}")
    >>> parse_canvas_json(canvas_json(canvas)) == canvas
    True
    """
    return json.dumps(canvas_data(canvas), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def parse_canvas_json(text: str, path: str | Path = "canvas.json") -> Canvas:
    """Read a canvas from JSON.

    Raises
    ------
    DocumentError
        It is not a sound canvas; every mistake is listed with file, line and column.
    """
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


def _long_cells(text: str) -> list[str]:
    longest = max((len(line) for line in text.split("\r\n")), default=0)
    if longest <= _LONGEST_CELL:
        return []
    return [f"some rows are longer than the {_LONGEST_CELL:,} characters that spreadsheets keep"]
