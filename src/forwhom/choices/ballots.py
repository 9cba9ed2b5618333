"""The decision matrix of a canvas as arrays: what each judge scores and weighs."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.strategy import DecisionCriterion, DecisionMatrix, Judge
from forwhom.documents.mistakes import Mistake, refused
from forwhom.documents.yamlfile import Location
from forwhom.errors import DocumentError

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Ballots:
    """Scores and weights in one order, whatever the order of the file."""

    segments: list[CanvasSegment]  # ``segments``, ``criteria``, ``judges``: sorted by id
    criteria: list[DecisionCriterion]
    judges: list[Judge]
    #: of each judge, shape (segments, criteria), NaN where missing; of the file alone when
    #: there is no judge
    scores: list[Numbers]
    #: for each axis, shape (judges, criteria): weights that sum to 1, or a row of NaN where a
    #: judge gave none on that axis
    weights: Mapping[str, Numbers]
    own_scores: bool  # whether any judge gave scores of their own

    @property
    def axes(self) -> list[str]:
        """The axis of each criterion."""
        return [criterion.axis for criterion in self.criteria]

    @property
    def mean_scores(self) -> Numbers:
        """Mean of the judges who gave a score; NaN where nobody did."""
        stacked = np.stack(self.scores)
        known = ~np.isnan(stacked)
        n = known.sum(axis=0)
        total = np.where(known, stacked, 0.0).sum(axis=0)
        mean: Numbers = np.where(n > 0, total / np.maximum(n, 1), np.nan)
        return mean

    def mean_weights(self, axis: str) -> Numbers:
        """Mean of the judges who gave weights on an axis; equal when nobody did."""
        rows = self.weights[axis]
        known = rows[~np.isnan(rows).any(axis=1)]
        if len(known):
            mean: Numbers = known.mean(axis=0)
            return mean
        here = np.array([one == axis for one in self.axes], dtype=np.float64)
        equal: Numbers = here / here.sum()
        return equal


def read_ballots(canvas: Canvas) -> Ballots:
    """Read the decision matrix of a canvas."""
    matrix = canvas.decision
    if matrix is None or not matrix.criteria:
        raise DocumentError(
            f"{canvas.place('decision') or 'the canvas'}: there is no decision matrix.",
            "Add 'decision:' with 'criteria:', 'scores:' of segments from 0 to 10, and 'judges:' "
            "with their weights.",
        )
    mistakes = list(_mistakes(matrix))
    if mistakes:
        raise refused(mistakes, lambda location: canvas.place(*location))
    judged = _judged(matrix)
    if len(judged) < 2:
        raise DocumentError(
            f"{canvas.place('decision') or 'the decision matrix'}: "
            f"{'only one segment' if judged else 'no segment'} has scores, so there is nothing to "
            "choose between.",
            "Give scores of at least two segments.",
        )
    segments = sorted((s for s in canvas.segments if s.id in judged), key=lambda s: s.id)
    criteria = sorted(matrix.criteria, key=lambda c: c.id)
    judges = sorted(matrix.judges, key=lambda j: j.id)
    voters: list[Judge | None] = [*judges] or [None]
    return Ballots(
        segments=segments,
        criteria=criteria,
        judges=judges,
        scores=[_scores(matrix, judge, segments, criteria) for judge in voters],
        weights={axis: _weights(judges, criteria, axis) for axis in {c.axis for c in criteria}},
        own_scores=any(judge.scores for judge in judges),
    )


def _judged(matrix: DecisionMatrix) -> set[str]:
    tables = [matrix.scores, *(judge.scores for judge in matrix.judges)]
    return {segment for table in tables for segment, scores in table.items() if scores}


def _mistakes(matrix: DecisionMatrix) -> Iterator[Mistake]:
    tables: list[tuple[Location, Mapping[str, Mapping[str, float]]]] = [
        (("decision", "scores"), matrix.scores)
    ]
    for index, judge in enumerate(matrix.judges):
        place: Location = ("decision", "judges", index)
        tables.append(((*place, "scores"), judge.scores))
        for criterion, weight in judge.weights.items():
            if not (math.isfinite(weight) and weight >= 0):
                yield Mistake(
                    (*place, "weights", criterion),
                    f"the weight of {criterion!r} is {weight:g}.",
                    "Expected a number of 0 or more; only how weights compare matters.",
                )
    for place, table in tables:
        for segment, scores in table.items():
            for criterion, score in scores.items():
                if not 0 <= score <= 10:
                    yield Mistake(
                        (*place, segment, criterion),
                        f"the score of {segment!r} on {criterion!r} is {score:g}.",
                        "Expected a number from 0 (bad) to 10 (good).",
                    )


def _scores(
    matrix: DecisionMatrix,
    judge: Judge | None,
    segments: list[CanvasSegment],
    criteria: list[DecisionCriterion],
) -> Numbers:
    own = judge.scores if judge is not None else {}
    rows = []
    for segment in segments:
        known = {**matrix.scores.get(segment.id, {}), **own.get(segment.id, {})}
        rows.append([known.get(criterion.id, math.nan) for criterion in criteria])
    return np.array(rows, dtype=np.float64)


def _weights(judges: list[Judge], criteria: list[DecisionCriterion], axis: str) -> Numbers:
    rows = np.zeros((len(judges), len(criteria)))
    for index, judge in enumerate(judges):
        given = [judge.weights.get(c.id, 0.0) if c.axis == axis else 0.0 for c in criteria]
        # The largest first: sums of very large weights stay within what a computer can hold.
        largest = max(given)
        scaled = np.array(given) / largest if largest > 0 else np.full(len(given), np.nan)
        rows[index] = scaled / scaled.sum()
    return rows
