"""A page for each result: sentences, the drawing, and every number as a table."""

from __future__ import annotations

from forwhom.documents.results import Choices, Curves, Fits, Opportunities, Priorities
from forwhom.errors import DocumentError
from forwhom.report import words
from forwhom.report.choices.curves import curve_chart
from forwhom.report.choices.drawing import Drawing, inline, standalone
from forwhom.report.choices.fit import fit_drawing
from forwhom.report.choices.opportunities import opportunity_plot
from forwhom.report.choices.priorities import priorities_chart
from forwhom.report.choices.wording import (
    HEADLINES,
    SOURCES,
    STRENGTHS,
    between,
    ranks,
    score,
    share,
)
from forwhom.report.drawing.palette import accent
from forwhom.report.filling import filled

_STYLES = ("palette.css", "style.css", "print.css", "choices/drawing.css", "choices/page.css")


def choices_html(found: Choices) -> str:
    """Return a result as one HTML page.

    The page loads nothing: no script at all, the style is inside, and its content security
    policy forbids everything else. The same result gives the same page.

    Parameters
    ----------
    found
        What `rank_needs`, `assess_fit`, `compare_curves` or `decide_segments` returned.

    Returns
    -------
    str
        A whole HTML document.
    """
    return filled(
        f"choices/{found.kind}.html.jinja",
        _STYLES,
        functions={"number": score, "share": share, "ranks": ranks, "between": between},
        found=found,
        headline=HEADLINES[found.kind],
        sources=SOURCES,
        strengths=STRENGTHS,
        accent=accent,
        pictures=[None if d is None else inline(d) for d in _drawings(found)],
    )


def choices_svg(found: Choices) -> str:
    """Return the drawings of a result as one SVG file that needs nothing else.

    Raises
    ------
    DocumentError
        There is nothing to draw, such as needs without numbers.
    """
    drawings = [drawing for drawing in _drawings(found) if drawing is not None]
    if not drawings:
        raise DocumentError(
            f"There is nothing to draw: {_EMPTY[found.kind]}.", "Fill that in first."
        )
    title = words.clean(found.title)
    headline = HEADLINES[found.kind]
    return standalone(drawings, f"{title}: {headline}" if title else headline)


_EMPTY = {
    "opportunities": "no need has an importance and a satisfaction that can be shown",
    "fit": "no proposition is for a segment",
    "curves": "the canvas has no value curve",
    "priorities": "the canvas has no decision matrix",
}


def _drawings(found: Choices) -> list[Drawing | None]:
    """Return a drawing for each part of a result, ``None`` where there is nothing to draw."""
    match found:
        case Opportunities():
            rankings = [found.everybody, *found.segments]
            return [opportunity_plot(r, f"plot-{i}") for i, r in enumerate(rankings, 1)]
        case Fits():
            return [fit_drawing(fit, f"fit-{i}") for i, fit in enumerate(found.fits, 1)]
        case Curves():
            return [curve_chart(c, f"curves-{i}") for i, c in enumerate(found.segments, 1)]
        case Priorities():
            return [priorities_chart(found, "priorities")]
