"""A canvas as a drawing in any format: SVG, PNG, PDF, Markdown, HTML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from forwhom.documents.canvas import Canvas, Framework
from forwhom.documents.files import write_bytes_atomically, write_text_atomically
from forwhom.errors import OptionError, nearest
from forwhom.report.canvas.board import Board, board_of
from forwhom.report.canvas.drawing import board_sheet, board_svg, said
from forwhom.report.canvas.markdown import board_markdown
from forwhom.report.canvas.page import board_html
from forwhom.report.canvas.personas import PERSONAS, persona_file
from forwhom.report.canvas.sections import sections_of
from forwhom.report.canvas.setting import SHEET, language_code, sheet_files
from forwhom.report.typesetting import typeset

#: What a drawing can be.
Format = Literal["svg", "png", "pdf", "md", "html"]


def draw_canvas(
    canvas: Canvas,
    format: Format = "svg",  # noqa: A002
    *,
    framework: Framework | None = None,
) -> str | bytes:
    """Draw a canvas in its framework.

    Parameters
    ----------
    canvas
        The canvas.
    format
        ``"svg"`` and ``"png"`` are the board as one picture; ``"pdf"`` is the board and a page
        for each persona; ``"html"`` and ``"md"`` hold everything that the canvas holds.
    framework
        Another framework than the one that the canvas names; nothing in the canvas changes.

    Returns
    -------
    str or bytes
        Text for SVG, HTML and Markdown, bytes for PNG and PDF; the same canvas gives the same.

    Raises
    ------
    OptionError
        There is no such format.
    DriverMissing
        PNG and PDF need typst, which is not installed.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> canvas = parse_canvas("{forwhom: 1, kind: canvas, blocks: {channels: [{text: Mail}]}}")
    >>> draw_canvas(canvas)[:4]
    '<svg'
    >>> draw_canvas(canvas, "md").splitlines()[0]
    '# Business Model Canvas'
    """
    board = board_of(canvas, framework)
    makers: dict[str, Callable[[], str | bytes]] = {
        "svg": lambda: board_svg(board),
        "png": lambda: typeset(SHEET, "png", _sheet(board)),
        "pdf": lambda: _pdf(canvas, board),
        "md": lambda: board_markdown(board, sections_of(canvas)),
        "html": lambda: board_html(board, sections_of(canvas)),
    }
    if format not in makers:
        raise _unknown(format)
    return makers[format]()


def _sheet(board: Board) -> dict[str, bytes]:
    return sheet_files(board_sheet(board), board.title, said(board), board.language)


def _pdf(canvas: Canvas, board: Board) -> bytes:
    personas = next((s for s in sections_of(canvas) if s.id == "personas"), None)
    if personas is None:
        return typeset(SHEET, "pdf", _sheet(board))
    file = persona_file(
        personas,
        language_code(board.language),
        mirrored=board.mirrored,
        credit=f"{board.title}. {personas.intro}",
    )
    return typeset(SHEET + PERSONAS, "pdf", {**_sheet(board), "personas.json": file})


def write_drawing(
    canvas: Canvas,
    path: str | Path,
    *,
    framework: Framework | None = None,
    overwrite: bool = False,
) -> Path:
    """Draw a canvas into a file, whole or not at all.

    Parameters
    ----------
    canvas
        The canvas.
    path
        Where to write; its suffix says the format: .svg, .png, .pdf, .md or .html.
    framework
        Another framework than the one that the canvas names.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OptionError
        The suffix is none of these.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    """
    made = draw_canvas(canvas, format_of(path), framework=framework)
    return write_made(made, path, overwrite=overwrite)


def format_of(path: str | Path, known: tuple[str, ...] = get_args(Format)) -> Format:
    """Return the format that the suffix of a path says.

    Raises
    ------
    OptionError
        It is none of those that are known.
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in known:
        raise _unknown(suffix, known, str(path))
    return suffix  # type: ignore[return-value]


def write_made(made: str | bytes, path: str | Path, *, overwrite: bool) -> Path:
    """Write a drawing, whole or not at all."""
    if isinstance(made, bytes):
        return write_bytes_atomically(path, made, overwrite=overwrite)
    return write_text_atomically(path, made, overwrite=overwrite)


def _unknown(name: str, known: tuple[str, ...] = get_args(Format), path: str = "") -> OptionError:
    said_so = f"{path}: " if path else ""
    named = f"{name!r} is no format of a drawing." if name else "the file has no suffix."
    expected = ", ".join(f".{one}" for one in known)
    advice = nearest(name, known) or f"Expected a file that ends with one of {expected}."
    return OptionError(f"{said_so}{named}", advice)
