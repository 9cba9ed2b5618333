"""A canvas as a drawing in any format: SVG, PNG, PDF, Markdown, HTML, PPTX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

from forwhom.documents.canvas import AnyCanvas, Canvas, Framework, canvas_of, read_framework
from forwhom.documents.canvas.ratings import Rating
from forwhom.documents.results.nextsteps import NextSteps
from forwhom.errors import OptionError
from forwhom.languages.catalog import chosen, speaking
from forwhom.report.canvas.board import Board, board_of
from forwhom.report.canvas.entries import Section
from forwhom.report.canvas.markdown import board_markdown
from forwhom.report.canvas.page import board_html
from forwhom.report.canvas.personas import PERSONAS, persona_files
from forwhom.report.canvas.picture import board_sheet, board_svg, said
from forwhom.report.canvas.sections import sections_of
from forwhom.report.canvas.setting import PAPERS, Paper, language_code, sheet_files
from forwhom.report.canvas.slides import canvas_deck
from forwhom.report.deck import deck_pptx
from forwhom.report.forms import Forms
from forwhom.report.typesetting import RESOLUTION, SHEET, typeset
from forwhom.suffixes import suffix_of, unknown_form

#: What a drawing can be, as it is named in Python.
Format = Literal["svg", "png", "pdf", "md", "html", "pptx"]
#: What can be scaled to a paper, and how finely a picture of it is dotted: text is smaller there.
_ON_PAPER = ("png", "pdf")
_FINE = 216


def draw_canvas(
    canvas: AnyCanvas,
    format: Format = "svg",  # noqa: A002
    *,
    framework: Framework | str | None = None,
    paper: Paper | None = None,
    ratings: Sequence[Rating] | None = None,
    language: str | None = None,
    following: NextSteps | None = None,
) -> str | bytes:
    """Draw a canvas in its framework, with the ratings that stand elsewhere, if there are.

    What forwhom says on it is in the language of the canvas, or in another one that is asked for.
    Slides end with what comes next (``following``), where it is given.
    """
    drawn = _drawn(canvas, format, framework, paper, ratings, language, following)
    return FORMS.made(drawn, format)


def check_paper(paper: str | None, form: str) -> None:
    """Refuse a paper that is not known, or a form that has none."""
    if paper is None:
        return
    if paper not in PAPERS:
        raise unknown_form(paper, list(PAPERS))
    if form not in _ON_PAPER:
        raise OptionError(
            f"A drawing of the form {form!r} has no paper.", "Draw it as .png or .pdf."
        )


@dataclass(frozen=True)
class _Drawn:
    """A canvas on its board, and the paper for it."""

    canvas: Canvas
    board: Board
    paper: Paper | None
    spoken: str
    following: NextSteps | None

    @property
    def sections(self) -> tuple[Section, ...]:
        return sections_of(self.canvas)

    def sheet(self) -> dict[str, bytes]:
        """Return what `SHEET` reads."""
        board, paper = self.board, self.paper
        wide, high = PAPERS[paper] if paper else (0.0, 0.0)
        sheet = board_sheet(board, high / wide if paper else None)
        return sheet_files(sheet, board.title, said(board), board.language, paper)


def _drawn(
    canvas: AnyCanvas,
    form: str,
    framework: Framework | str | None,
    paper: Paper | None,
    ratings: Sequence[Rating] | None,
    language: str | None,
    following: NextSteps | None,
) -> _Drawn:
    if form in FORMS:
        check_paper(paper, form)
    known = canvas_of(canvas)
    frame = framework if isinstance(framework, Framework | None) else read_framework(framework)
    spoken = chosen(language, known.language, whole=True)
    with speaking(spoken):
        return _Drawn(known, board_of(known, frame, ratings), paper, spoken, following)


def _png(drawn: _Drawn) -> bytes:
    return typeset(SHEET, "png", drawn.sheet(), resolution=_FINE if drawn.paper else RESOLUTION)


def _pdf(drawn: _Drawn) -> bytes:
    personas = next((s for s in drawn.sections if s.id == "personas"), None)
    if personas is None:
        return typeset(SHEET, "pdf", drawn.sheet())
    board = drawn.board
    files = persona_files(
        personas,
        language_code(board.language),
        mirrored=board.mirrored,
        credit=f"{board.title}. {personas.intro}",
    )
    return typeset(SHEET + PERSONAS, "pdf", {**drawn.sheet(), **files})


def _pptx(drawn: _Drawn) -> bytes:
    return deck_pptx(canvas_deck(drawn.canvas, drawn.board, drawn.sections, drawn.following))


def _spoken(maker: Callable[[_Drawn], str | bytes]) -> Callable[[_Drawn], str | bytes]:
    """Return what makes a drawing whose words are in its language."""

    def made(drawn: _Drawn) -> str | bytes:
        with speaking(drawn.spoken):
            return maker(drawn)

    return made


#: What a canvas can be drawn as.
FORMS = Forms(
    svg=_spoken(lambda drawn: board_svg(drawn.board)),
    png=_spoken(_png),
    pdf=_spoken(_pdf),
    md=_spoken(lambda drawn: board_markdown(drawn.board, drawn.sections)),
    html=_spoken(lambda drawn: board_html(drawn.board, drawn.sections)),
    pptx=_spoken(_pptx),
)


def write_drawing(
    canvas: AnyCanvas,
    path: str | PathLike[str],
    *,
    framework: Framework | str | None = None,
    paper: Paper | None = None,
    overwrite: bool = False,
    ratings: Sequence[Rating] | None = None,
    language: str | None = None,
    following: NextSteps | None = None,
) -> Path:
    """Draw a canvas into a file, whole or not at all."""
    form = suffix_of(path, tuple(FORMS))
    drawn = _drawn(canvas, form, framework, paper, ratings, language, following)
    return FORMS.write(drawn, path, overwrite=overwrite)
