"""A canvas with the ratings that it names: drawn, and looked through by the linter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from os import PathLike
from pathlib import Path

from forwhom import lint
from forwhom.choices.exercise import ratings_of
from forwhom.choices.survey import unread_answers
from forwhom.documents.canvas import AnyCanvas, Canvas, Framework, canvas_of
from forwhom.documents.canvasdefense import last_day
from forwhom.documents.results.nextsteps import NextSteps
from forwhom.lint.diagnostic import LintResult
from forwhom.pipeline.nextsteps import next_steps
from forwhom.report.canvas import writing
from forwhom.report.canvas.setting import Paper
from forwhom.report.canvas.writing import Format
from forwhom.suffixes import suffix_of


def lint_canvas(
    canvas: AnyCanvas,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    today: date | None = None,
) -> LintResult:
    r"""Look for what is weak in a canvas; nothing is changed.

    Parameters
    ----------
    canvas
        A canvas, or the path of one.
    select, ignore
        Codes, names or groups of rules to run and not to run; ``FW9`` is the group whose codes
        begin so. Left out: what the canvas says, then the settings of the project
        (``forwhom.toml`` or ``pyproject.toml``), then all.
    today
        The day that ages are counted to; left out: today. The same day gives the same findings.

    Returns
    -------
    LintResult
        What was found, in the order of the file.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not a sound canvas, or its settings name no rule.
    OptionError
        This is no canvas, or an argument names no rule or group.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = "forwhom: 1\nkind: canvas\nneeds: [{id: a, statement: Find and hire people}]\n"
    >>> found = lint_canvas(parse_canvas(text), ignore=["FW106", "blocks"])
    >>> [(d.code, d.line, d.message) for d in found.diagnostics]
    [('FW102', 3, '"Find and hire people" is two jobs: it goes on with "and hire".')]
    """
    known = canvas_of(canvas)
    ratings, unread = ratings_of(known)
    return lint.lint_canvas(
        known,
        select=select,
        ignore=ignore,
        today=today,
        ratings=ratings,
        remarks=unread + unread_answers(known),
    )


#: The day of a canvas that names none: nothing in it grows old, and a deck is the same tomorrow.
_DAYLESS = date(2000, 1, 1)


def following_of(canvas: Canvas, form: str, language: str | None = None) -> NextSteps | None:
    """Return what comes next for a canvas, as of its last day, where a form of it says that."""
    if form != "pptx":
        return None
    spoken = canvas if language is None else canvas.model_copy(update={"language": language})
    return next_steps(spoken, today=last_day(canvas) or _DAYLESS)


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
        for each persona; ``"html"`` and ``"md"`` hold everything that the canvas holds;
        ``"pptx"`` is a deck of slides.
    framework
        Another framework than the one that the canvas names, by name, path or as it was read;
        nothing in the canvas changes.
    paper
        For PNG and PDF: ``"a4"``, ``"a3"`` or ``"16:9"`` on its long side, with the board scaled
        to fill it. Left out, the picture is as large as the board.

    Returns
    -------
    str or bytes
        Text for SVG, HTML and Markdown, bytes for PNG, PDF and PPTX; the same canvas gives the
        same.

    Raises
    ------
    OptionError
        This is no canvas, or there is no such format, framework or paper.
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas.
    DriverMissing
        PNG and PDF need typst, PPTX needs python-pptx; one of them is not installed.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> canvas = parse_canvas("{forwhom: 1, kind: canvas, blocks: {channels: [{text: Mail}]}}")
    >>> draw_canvas(canvas)[:4]
    '<svg'
    >>> draw_canvas(canvas, "md").splitlines()[0]
    '# Business Model Canvas'
    """
    known = canvas_of(canvas)
    ratings, _ = ratings_of(known)
    return writing.draw_canvas(
        known, format, framework=framework, paper=paper, ratings=ratings,
        following=following_of(known, format),
    )  # fmt: skip


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
        Where to write; its suffix says the format: .svg, .png, .pdf, .md, .html or .pptx.
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
    known = canvas_of(canvas)
    ratings, _ = ratings_of(known)
    following = following_of(known, suffix_of(path, tuple(writing.FORMS)))
    return writing.write_drawing(
        known, path, framework=framework, paper=paper, overwrite=overwrite, ratings=ratings,
        following=following,
    )  # fmt: skip
