"""Needs ranked, fit, value curves and priorities of a canvas, with the answers it points to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from forwhom.alignment.ratingsfile import named_table
from forwhom.choices import curves
from forwhom.choices.deciding import DRAWS as WEIGHTS
from forwhom.choices.deciding import weigh_segments
from forwhom.choices.fit import fit_of
from forwhom.choices.opportunities import DRAWS, rank_opportunities
from forwhom.choices.respondents import Answers
from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.results import Curves, Fits, Opportunities, Priorities
from forwhom.errors import DataError, nearest
from forwhom.tables import collect, open_table
from forwhom.tables.columns import shortened
from forwhom.tables.frames import check_column

#: The columns of a file of answers.
_TEXTS = ("respondent", "segment", "need")
_NUMBERS = ("importance", "satisfaction")
#: How rows are counted, as in messages about other tables.
_FIRST_ROW = 1
_COUNTED = "Row 1 is the first with data."


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
        A respondent, need or segment is not known, answers twice, or a number is not from 0 to
        10; file and row are named.
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
    source = answers
    if source is None and known.need_ratings:
        source = named_table(known, known.need_ratings, "need_ratings")
    return rank_opportunities(
        known, None if source is None else read_answers(known, source), seed=seed, draws=draws
    )


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
    return fit_of(known, rank_needs(known, answers, seed=seed))


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
    return curves.compare_curves(canvas_of(canvas))


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
    return weigh_segments(canvas_of(canvas), seed=seed, draws=draws)


def read_answers(canvas: Canvas, source: object) -> Answers:
    """Read what respondents said, and check every row against the canvas.

    Parameters
    ----------
    canvas
        Its segments and needs are the ones that answers may name.
    source
        A table, or a file that `open_table` reads.

    Raises
    ------
    DataError
        As in `rank_needs`.
    """
    table = open_table(source)
    for column in (*_TEXTS, *_NUMBERS):
        check_column(table, column)
    rows = collect(table)
    cells = {column: rows[column].to_pylist() for column in (*_TEXTS, *_NUMBERS)}
    checked = _Checked(canvas, table.name)
    texts = {c: [_text(value) for value in cells[c]] for c in _TEXTS}
    checked.texts(texts)
    numbers = {c: checked.numbers(c, cells[c]) for c in _NUMBERS}
    return _matrix(canvas, texts, numbers, table.name)


def _text(value: object) -> str | None:
    if value is None:
        return None
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip() or None  # type: ignore[call-overload]


class _Checked:
    """Checks of the rows of one file; a message names the file, the row and the column."""

    def __init__(self, canvas: Canvas, name: str) -> None:
        self.name = name
        self.needs = [need.id for need in canvas.needs]
        self.segments = [segment.id for segment in canvas.segments]

    def texts(self, texts: Mapping[str, Sequence[str | None]]) -> None:
        """Refuse rows without respondent or need, unknown ids, and answers given twice."""
        seen: dict[tuple[str, str], int] = {}
        member: dict[str, tuple[str, int]] = {}
        rows = zip(*(texts[c] for c in _TEXTS), strict=True)
        for row, (respondent, segment, need) in enumerate(rows, _FIRST_ROW):
            if respondent is None or need is None:
                missing = "respondent" if respondent is None else "need"
                raise self._error(row, f"the {missing} is empty.", "Fill it in, or take it out.")
            self._known(row, "need", need, self.needs)
            before = seen.setdefault((respondent, need), row)
            if before != row:
                raise self._error(
                    row,
                    f"this respondent rated {need!r} in row {before} already.",
                    "Keep one answer of each respondent to each need.",
                )
            if segment is None:
                continue
            self._known(row, "segment", segment, self.segments)
            where, first = member.setdefault(respondent, (segment, row))
            if where != segment:
                raise self._error(
                    row,
                    f"this respondent is of the segment {segment!r}, and of {where!r} in row "
                    f"{first}.",
                    "Each respondent is of one segment; give another code name where one person "
                    "answers for two.",
                )

    def _known(self, row: int, column: str, value: str, known: Sequence[str]) -> None:
        if value not in known:
            listed = ", ".join(known[:10])
            raise self._error(
                row,
                f"there is no {column} {shortened(value)!r} in the canvas.",
                nearest(value, known) or (f"It has: {listed}." if known else f"Add the {column}."),
            )

    def numbers(self, column: str, cells: Sequence[object]) -> list[float]:
        """Return the numbers of a column, NaN where a cell is empty."""
        return [self._number(row, column, cell) for row, cell in enumerate(cells, _FIRST_ROW)]

    def _number(self, row: int, column: str, cell: object) -> float:
        if cell is None:
            return math.nan
        try:
            value = float(str(cell).strip().replace(",", "."))
        except ValueError:
            value = math.nan
        if math.isnan(value) or isinstance(cell, bool):
            raise self._error(
                row,
                f"the {column} is {shortened(str(cell))!r}, which is not a number.",
                "Expected a number from 0 to 10, or an empty cell where there is no answer.",
            )
        if not 0 <= value <= 10:
            raise self._error(
                row,
                f"the {column} is {value:g}.",
                "Expected 0 to 10. Answers on another scale must be brought to 0 to 10 first.",
            )
        return value

    def _error(self, row: int, problem: str, advice: str) -> DataError:
        return DataError(f"{self.name}, row {row}: {problem}", f"{advice} {_COUNTED}")


def _matrix(
    canvas: Canvas,
    texts: Mapping[str, Sequence[str | None]],
    numbers: Mapping[str, Sequence[float]],
    name: str,
) -> Answers:
    """Return one row per respondent and one column per need, in an order of their own."""
    respondents = sorted({r for r in texts["respondent"] if r is not None})
    needs = [need.id for need in canvas.needs]
    row = {respondent: i for i, respondent in enumerate(respondents)}
    column = {need: j for j, need in enumerate(needs)}
    importance = np.full((len(respondents), len(needs)), np.nan)
    satisfaction = importance.copy()
    segments: list[str | None] = [None] * len(respondents)
    for k, (respondent, need) in enumerate(zip(texts["respondent"], texts["need"], strict=True)):
        assert respondent is not None
        assert need is not None
        i, j = row[respondent], column[need]
        importance[i, j] = numbers["importance"][k]
        satisfaction[i, j] = numbers["satisfaction"][k]
        segments[i] = texts["segment"][k] or segments[i]
    return Answers(segments, needs, importance, satisfaction, name)
