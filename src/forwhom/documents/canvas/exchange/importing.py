"""A canvas from other formats: bmml, JSON, and a flat table (CSV)."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.canvas.exchange.bmml.reading import parse_bmml
from forwhom.documents.canvas.exchange.carrying import Imported, format_of
from forwhom.documents.canvas.exchange.table.reading import parse_csv
from forwhom.documents.canvas.file import canvas_path, canvas_text, check_canvas, parse_canvas
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.jsonfile import parse_json
from forwhom.documents.mistakes import validated
from forwhom.documents.study import Origin
from forwhom.documents.yamlfile import MAX_BYTES, parse_yaml, read_text
from forwhom.suffixes import CANVASES, CanvasFormat
from forwhom.wording import listed

_WHAT = f"a canvas ({listed(list(dict.fromkeys(CANVASES.values())), last='or')})"


def import_canvas(path: str | PathLike[str], format: CanvasFormat | None = None) -> Imported:  # noqa: A002
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
