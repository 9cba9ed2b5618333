"""Needs ranked, fit, value curves and priorities of a canvas, with the answers it points to."""

from __future__ import annotations

from forwhom.choices import curves
from forwhom.choices.deciding import DRAWS as WEIGHTS
from forwhom.choices.deciding import weigh_segments
from forwhom.choices.fit import fit_of
from forwhom.choices.opportunities import DRAWS, rank_opportunities
from forwhom.choices.survey import answers_of
from forwhom.documents import separation
from forwhom.documents.canvas import AnyCanvas, canvas_of
from forwhom.documents.results import Curves, Fits, Opportunities, Priorities, Separation
from forwhom.languages.catalog import speaking_all


def rank_needs(
    canvas: AnyCanvas,
    answers: object | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Opportunities:
    """Rank the needs of a canvas by opportunity: what matters and is not met.

    Parameters
    ----------
    canvas
        A canvas, its file, or the folder that holds it.
    answers
        What respondents said: a table, or a file that `open_table` reads, with the columns
        respondent, segment, need, importance and satisfaction (0 to 10). Left out, the file that
        the canvas names under ``need_ratings``.
    seed
        The same seed gives the same answer.
    draws
        Bootstrap samples of respondents.

    Returns
    -------
    Opportunities
        For everybody and for each segment, with intervals where respondents gave the numbers.

    Raises
    ------
    DataError
        A need or segment is not known, a respondent answers twice, or a number is not from 0 to
        10: all that is wrong, each with its row.
    SourceMissing
        The file does not exist.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> need = "{id: teach, statement: Teach my children, importance: 8, satisfaction: 4}"
    >>> canvas = parse_canvas("{forwhom: 1, kind: canvas, needs: [" + need + "]}")
    >>> rank_needs(canvas).everybody.needs[0].opportunity
    12.0
    """
    known = canvas_of(canvas)
    given = answers_of(known, answers)
    with speaking_all(known.language):
        return rank_opportunities(known, given, seed=seed, draws=draws)


def assess_fit(canvas: AnyCanvas, answers: object | None = None, *, seed: int = 0) -> Fits:
    """Say how far each proposition answers the needs of each segment that it is for.

    Parameters
    ----------
    canvas
        A canvas, its file, or the folder that holds it.
    answers
        What respondents said about needs, as in `rank_needs`.
    seed
        The same seed gives the same answer.

    Returns
    -------
    Fits
        Needs answered and not, kinds of value, what is missing, and a positioning statement.
    """
    known = canvas_of(canvas)
    ranked = rank_needs(known, answers, seed=seed)
    with speaking_all(known.language):
        return fit_of(known, ranked)


def compare_curves(canvas: AnyCanvas) -> Curves:
    """Set our value curve beside those of competitors, for each segment.

    Parameters
    ----------
    canvas
        A canvas, its file, or the folder that holds it.

    Raises
    ------
    DocumentError
        The canvas has no value curve, or a score is not from 0 to 10.
    """
    known = canvas_of(canvas)
    with speaking_all(known.language):
        return curves.compare_curves(known)


def decide_segments(canvas: AnyCanvas, *, seed: int = 0, draws: int = WEIGHTS) -> Priorities:
    """Say which segments come first, by several judges and by many random weights.

    Parameters
    ----------
    canvas
        A canvas with a decision matrix, its file, or the folder that holds it.
    seed
        The same seed gives the same answer.
    draws
        Draws of random weights, at least 100.

    Returns
    -------
    Priorities
        Segments in order, how often each ranks first, and which weight would change the winner.

    Raises
    ------
    DocumentError
        The canvas has no decision matrix with two segments, or a number in it is impossible.
    """
    known = canvas_of(canvas)
    with speaking_all(known.language):
        return weigh_segments(known, seed=seed, draws=draws)


def separate_segments(canvas: AnyCanvas) -> Separation:
    """Say what makes the segments of a canvas separate, pair by pair, by five criteria.

    Two groups are separate segments when their needs justify an offer of their own, they are
    reached through other channels, require other relationships, are differently profitable, or pay
    for other aspects of the offer (Osterwalder and Pigneur, "Business Model Generation", 2010).

    Parameters
    ----------
    canvas
        A canvas, its file, or the folder that holds it.

    Returns
    -------
    Separation
        For each two segments that are served or may be: different, the same or unknown by each
        criterion, what holds for each of them, what that rests on, and what could be merged.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> segments = "[{id: a, name: Students}, {id: b, name: Pensioners}]"
    >>> need = "{id: read, statement: Read a book without buying it, segments: [a, b]}"
    >>> text = f"{{forwhom: 1, kind: canvas, segments: {segments}, needs: [{need}]}}"
    >>> separate_segments(parse_canvas(text)).merges[0].names
    ['Students', 'Pensioners']
    """
    known = canvas_of(canvas)
    with speaking_all(known.language):
        return separation.separate_segments(known)
