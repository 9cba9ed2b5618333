"""A canvas as a drawing in any format: SVG, PNG, PDF, Markdown, HTML."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

from forwhom.documents.canvas import AnyCanvas, Canvas, Framework, canvas_of, read_framework
from forwhom.documents.files import write_bytes_atomically, write_text_atomically
from forwhom.documents.suffixes import suffix_of, unknown_form
from forwhom.errors import OptionError
from forwhom.report.canvas.board import Board, board_of
from forwhom.report.canvas.drawing import board_sheet, board_svg, said
from forwhom.report.canvas.markdown import board_markdown
from forwhom.report.canvas.page import board_html
from forwhom.report.canvas.personas import PERSONAS, persona_file
from forwhom.report.canvas.sections import sections_of
from forwhom.report.canvas.setting import PAPERS, SHEET, Paper, language_code, sheet_files
from forwhom.report.typesetting import RESOLUTION, typeset

#: What a drawing can be.
Format = Literal["svg", "png", "pdf", "md", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)
#: What can be scaled to a paper, and how finely a picture of it is dotted: text is smaller there.
_ON_PAPER = ("png", "pdf")
_FINE = 216


def draw_canvas(
    canvas: AnyCanvas,
    format: Format = "svg",  # noqa: A002
    *,
    framework: Framework | str | None = None,
    paper: Paper | None = None,
) -> str | bytes:
    """Draw a canvas in its framework.

    Parameters
    ----------
    canvas
        A canvas, or the path of one.
    format
        ``"svg"`` and ``"png"`` are the board as one picture; ``"pdf"`` is the board and a page
        for each persona; ``"html"`` and ``"md"`` hold everything that the canvas holds.
    framework
        Another framework than the one that the canvas names, by name, path or as it was read;
        nothing in the canvas changes.
    paper
        For PNG and PDF: ``"a4"``, ``"a3"`` or ``"16:9"`` on its long side, with the board scaled
        to fill it. Left out, the picture is as large as the board.

    Returns
    -------
    str or bytes
        Text for SVG, HTML and Markdown, bytes for PNG and PDF; the same canvas gives the same.

    Raises
    ------
    OptionError
        This is no canvas, or there is no such format, framework or paper.
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas.
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
    if format not in FORMATS:
        raise unknown_form(format, FORMATS)
    check_paper(paper, format)
    known = canvas_of(canvas)
    board = board_of(known, _frame(framework))
    makers: dict[str, Callable[[], str | bytes]] = {
        "svg": lambda: board_svg(board),
        "png": lambda: typeset(
            SHEET, "png", _sheet(board, paper), resolution=_FINE if paper else RESOLUTION
        ),
        "pdf": lambda: _pdf(known, board, paper),
        "md": lambda: board_markdown(board, sections_of(known)),
        "html": lambda: board_html(board, sections_of(known)),
    }
    return makers[format]()


def _frame(framework: Framework | str | None) -> Framework | None:
    if framework is None or isinstance(framework, Framework):
        return framework
    return read_framework(framework)


def check_paper(paper: str | None, format: str) -> None:  # noqa: A002
    """Refuse a paper that is not known, or a format that has none.

    Raises
    ------
    OptionError
        The paper is unknown, or the format is neither PNG nor PDF.
    """
    if paper is None:
        return
    if paper not in PAPERS:
        raise unknown_form(paper, list(PAPERS))
    if format not in _ON_PAPER:
        raise OptionError(
            f"A drawing of the form {format!r} has no paper.", "Draw it as .png or .pdf."
        )


def _sheet(board: Board, paper: Paper | None) -> dict[str, bytes]:
    wide, high = PAPERS[paper] if paper else (0.0, 0.0)
    sheet = board_sheet(board, high / wide if paper else None)
    return sheet_files(sheet, board.title, said(board), board.language, paper)


def _pdf(canvas: Canvas, board: Board, paper: Paper | None) -> bytes:
    personas = next((s for s in sections_of(canvas) if s.id == "personas"), None)
    if personas is None:
        return typeset(SHEET, "pdf", _sheet(board, paper))
    file = persona_file(
        personas,
        language_code(board.language),
        mirrored=board.mirrored,
        credit=f"{board.title}. {personas.intro}",
    )
    return typeset(SHEET + PERSONAS, "pdf", {**_sheet(board, paper), "personas.json": file})


def write_drawing(
    canvas: AnyCanvas,
    path: str | PathLike[str],
    *,
    framework: Framework | str | None = None,
    paper: Paper | None = None,
    overwrite: bool = False,
) -> Path:
    """Draw a canvas into a file, whole or not at all.

    Parameters
    ----------
    canvas
        A canvas, or the path of one.
    path
        Where to write; its suffix says the format: .svg, .png, .pdf, .md or .html.
    framework, paper
        As in `draw_canvas`.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OptionError
        This is no canvas, the suffix is none of these, or there is no such framework or paper.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    """
    form: Format = suffix_of(path, FORMATS)  # type: ignore[assignment]
    made = draw_canvas(canvas, form, framework=framework, paper=paper)
    return write_made(made, path, overwrite=overwrite)


def write_made(made: str | bytes, path: str | PathLike[str], *, overwrite: bool) -> Path:
    """Write a drawing, whole or not at all."""
    if isinstance(made, bytes):
        return write_bytes_atomically(path, made, overwrite=overwrite)
    return write_text_atomically(path, made, overwrite=overwrite)
