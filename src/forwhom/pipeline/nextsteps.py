from __future__ import annotations

from datetime import date

from forwhom import lint
from forwhom.choices.exercise import ratings_of
from forwhom.choices.gaps.situation import Situation
from forwhom.choices.gaps.steps import steps_of
from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.results.nextsteps import NextSteps
from forwhom.languages.catalog import speaking_all
from forwhom.lint import LintResult


def next_steps(canvas: AnyCanvas, *, today: date | None = None) -> NextSteps:
    r"""Say what comes next for a canvas, in the order of what it would change, and why.

    It looks for what nobody thought about yet, along the five steps of finding segments (market
    research, personas, needs, competitors, hypotheses) and in the business model around them; for
    what the linter finds; and for needs on which segments are misaligned.

    Parameters
    ----------
    canvas
        A canvas, or the path of one.
    today
        The day that ages are counted to; left out: today. The same day gives the same answer.

    Returns
    -------
    NextSteps
        What to do. What waits for nothing comes first, by what it would change: whether the model
        holds, whom we serve, what we offer, the way we work, words; then by how many things of
        the canvas rest on it.

    Raises
    ------
    OptionError
        This is no canvas.
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: Parents who plan}]\n"
    >>> [task.id for task in next_steps(parse_canvas(text)).now][:3]
    ['participants', 'hypotheses', 'decided']
    """
    return looked_through(canvas_of(canvas), today or date.today())[0]


def looked_through(canvas: Canvas, day: date) -> tuple[NextSteps, LintResult]:
    """Return what comes next for a canvas, and what the linter found in it."""
    with speaking_all(canvas.language):
        ratings, unread = ratings_of(canvas)
    weak = lint.lint_canvas(canvas, today=day, ratings=ratings)
    return steps_of(Situation(canvas, ratings, day), weak, unread), weak
