import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment import kendall_w, krippendorff_alpha
from forwhom.choices.ballots import Ballots, read_ballots
from forwhom.choices.verdicts import notes_on, said_of
from forwhom.choices.weighing import (
    Weights,
    frequencies,
    random_weights,
    turning_weight,
    weighted,
    weights_near,
)
from forwhom.documents.canvas import Canvas, cited
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.results import (
    Agreement,
    CriticalWeight,
    Disagreement,
    Frequency,
    JudgedSegment,
    JudgeView,
    Priorities,
    WeighedCriterion,
)
from forwhom.documents.results.priorities import Axis
from forwhom.errors import OptionError

Numbers = NDArray[np.float64]

#: Draws of random weights.
DRAWS = 10_000
#: More say nothing more, and do not fit in memory.
MOST_DRAWS = 1_000_000
#: Scores that judges see differently, as many as are worth talking about first.
_DISPUTED = 5
_AXES: tuple[Axis, ...] = ("attractiveness", "ability")


@dataclass(frozen=True)
class _Totals:
    """Weighted scores of segments; NaN where a score that counts is missing."""

    by_axis: dict[Axis, Numbers]
    combined: Numbers


def weigh_segments(canvas: Canvas, *, seed: int = 0, draws: int = DRAWS) -> Priorities:
    """Say which segments come first, and how much that depends on whose weights count."""
    if seed < 0:
        raise OptionError(f"the seed is {seed}.", "Give a seed of 0 or more.")
    if not 100 <= draws <= MOST_DRAWS:
        few = "few" if draws < 100 else "many"
        raise OptionError(
            f"{draws:,} draws of weights are too {few}.", f"Give 100 to {MOST_DRAWS:,}."
        )
    ballots = read_ballots(canvas)
    rng = np.random.default_rng([seed, 1])
    free = random_weights(ballots.axes, draws, rng)
    near = weights_near(ballots.weights, free, rng) if _all_weighed(ballots) else None
    views = [_view(ballots, index) for index in range(len(ballots.judges))]
    found = Priorities(
        title=canvas.title,
        language=canvas.language,
        seed=seed,
        draws=draws,
        criteria=_criteria(canvas, ballots),
        segments=_segments(canvas, ballots, free, near),
        judges=views,
        critical=_critical(ballots),
        agreement=_agreement(ballots, views),
        sentences=[],
    )
    return found.model_copy(
        update={"sentences": said_of(found), "notes": notes_on(canvas, ballots, found)}
    )


def _all_weighed(ballots: Ballots) -> bool:
    """Return whether on each axis some judge gave weights."""
    return all(
        bool((~np.isnan(rows).any(axis=1)).any()) if len(rows) else False
        for rows in ballots.weights.values()
    )


def _axes(ballots: Ballots) -> list[Axis]:
    return [axis for axis in _AXES if axis in ballots.weights]


def _criteria(canvas: Canvas, ballots: Ballots) -> list[WeighedCriterion]:
    """Return the criteria with their mean weights, in the order of the canvas."""
    assert canvas.decision is not None
    weights = {axis: ballots.mean_weights(axis) for axis in _axes(ballots)}
    column = {criterion.id: index for index, criterion in enumerate(ballots.criteria)}
    return [
        WeighedCriterion(id=c.id, name=c.name, axis=c.axis, weight=weights[c.axis][column[c.id]])
        for c in canvas.decision.criteria
    ]


def _totals(axes: Sequence[Axis], weights: dict[Axis, Numbers], scores: Numbers) -> _Totals:
    by_axis = {axis: weighted(weights[axis], scores) for axis in axes}
    return _Totals(by_axis, np.mean(np.stack(list(by_axis.values())), axis=0))


def _panel(ballots: Ballots) -> _Totals:
    axes = _axes(ballots)
    weights = {axis: ballots.mean_weights(axis) for axis in axes}
    return _totals(axes, weights, ballots.mean_scores)


def _segments(
    canvas: Canvas, ballots: Ballots, free: Weights, near: Weights | None
) -> list[JudgedSegment]:
    panel = _panel(ballots)
    numbers = {segment.id: number for number, segment in enumerate(canvas.segments, 1)}
    known = panel.combined[~np.isnan(panel.combined)]
    anyhow = frequencies(free.combined, ballots.scores)
    close = frequencies(near.combined, ballots.scores) if near is not None else None
    apart = {axis: frequencies(free.by_axis[axis], ballots.scores) for axis in _axes(ballots)}
    found = []
    for i, segment in enumerate(ballots.segments):
        total = _known(panel.combined[i])
        by_axis: dict[Axis, Frequency] = {axis: rows[i] for axis, rows in apart.items()}
        found.append(
            JudgedSegment(
                segment=segment.id,
                number=numbers[segment.id],
                name=segment.name,
                status=segment.status,
                attractiveness=_on(panel, "attractiveness", i),
                ability=_on(panel, "ability", i),
                combined=total,
                rank=None if total is None else 1 + int((known > total).sum()),
                any_weights=anyhow[i],
                near_judges=close[i] if close is not None else None,
                by_axis=by_axis,
                reason=segment.decision.reason if segment.decision else "",
                evidence=_behind(canvas, segment),
                missing=_missing(ballots, i),
            )
        )
    return sorted(found, key=lambda s: (s.rank or len(found) + 1, _order(s), s.segment))


def _behind(canvas: Canvas, segment: CanvasSegment) -> list[str]:
    """Return what the evidence says that a decision cites; what is not there is said by its id."""
    known = {one.id: one.statement for one in canvas.evidence}
    names = (cited(one)[0] for one in (segment.decision.evidence if segment.decision else ()))
    return [known.get(name, name) for name in names]


def _order(segment: JudgedSegment) -> float:
    """Return what orders segments without a rank: the most that is possible."""
    return -(segment.near_judges or segment.any_weights).first_high


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _on(totals: _Totals, axis: Axis, index: int) -> float | None:
    return _known(totals.by_axis[axis][index]) if axis in totals.by_axis else None


def _missing(ballots: Ballots, index: int) -> list[str]:
    gaps = np.isnan(ballots.mean_scores[index])
    return [c.id for c, gap in zip(ballots.criteria, gaps, strict=True) if gap]


def _view(ballots: Ballots, index: int) -> JudgeView:
    """Return how one judge sees it, by the own weights and scores."""
    axes = [axis for axis in _axes(ballots) if not np.isnan(ballots.weights[axis][index]).any()]
    weights = {axis: ballots.weights[axis][index] for axis in axes}
    whole = len(axes) == len(_axes(ballots))
    totals = _totals(axes, weights, ballots.scores[index]) if axes else _Totals({}, np.zeros(0))
    combined = _by_segment(ballots, totals.combined) if whole else {}
    best = max(combined.values(), default=None)
    return JudgeView(
        judge=ballots.judges[index].id,
        weights={
            criterion.id: float(weights[criterion.axis][j])
            for j, criterion in enumerate(ballots.criteria)
            if criterion.axis in weights
        },
        attractiveness=_by_segment(ballots, totals.by_axis.get("attractiveness", np.zeros(0))),
        ability=_by_segment(ballots, totals.by_axis.get("ability", np.zeros(0))),
        combined=combined,
        first=[segment for segment, total in combined.items() if total == best],
    )


def _by_segment(ballots: Ballots, totals: Numbers) -> dict[str, float]:
    return {
        segment.id: float(total)
        for segment, total in zip(ballots.segments, totals, strict=False)
        if not np.isnan(total)
    }


def _critical(ballots: Ballots) -> list[CriticalWeight]:
    """Return, for each criterion, the weight at which another segment would win."""
    panel = _panel(ballots)
    known = ~np.isnan(panel.combined)
    if known.sum() < 2:
        return []
    segments = [s.id for s, k in zip(ballots.segments, known, strict=True) if k]
    axes = _axes(ballots)
    found = []
    for axis in axes:
        other = sum(
            (panel.by_axis[a][known] for a in axes if a != axis), np.zeros(int(known.sum()))
        )
        found += _on_axis(ballots, axis, known, other, segments)
    if len(axes) == 2:
        found.append(_balance(panel, known, segments))
    return sorted(found, key=lambda c: (_change(c), c.criterion))


def _on_axis(
    ballots: Ballots, axis: Axis, known: NDArray[np.bool_], other: Numbers, segments: list[str]
) -> list[CriticalWeight]:
    scores = ballots.mean_scores[known]
    weights = ballots.mean_weights(axis)
    columns = [j for j, a in enumerate(ballots.axes) if a == axis]
    found = []
    for j in columns:
        rest = weights.copy()
        rest[j] = 0.0
        if rest.sum() == 0 and len(columns) > 1:
            rest[[c for c in columns if c != j]] = 1.0
        turn = None
        if rest.sum() > 0:
            others = weighted(rest / rest.sum(), scores)
            # Where a score is missing, nobody knows what another weight of it would do.
            if not np.isnan(scores[:, j] + others).any():
                turn = turning_weight(scores[:, j] + other, others + other, float(weights[j]))
        found.append(
            CriticalWeight(
                criterion=ballots.criteria[j].id,
                name=ballots.criteria[j].name,
                weight=float(weights[j]),
                needed=None if turn is None else turn.weight,
                winner="" if turn is None else segments[turn.winner],
            )
        )
    return found


def _balance(panel: _Totals, known: NDArray[np.bool_], segments: list[str]) -> CriticalWeight:
    turn = turning_weight(
        panel.by_axis["attractiveness"][known], panel.by_axis["ability"][known], 0.5
    )
    return CriticalWeight(
        criterion="balance",
        name="Attractiveness against ability",
        weight=0.5,
        needed=None if turn is None else turn.weight,
        winner="" if turn is None else segments[turn.winner],
    )


def _change(critical: CriticalWeight) -> float:
    return 2.0 if critical.needed is None else round(abs(critical.needed - critical.weight), 9)


def _agreement(ballots: Ballots, views: Sequence[JudgeView]) -> Agreement | None:
    if len(ballots.judges) < 2:
        return None
    stacked = np.stack(ballots.scores)
    flat = stacked.reshape(len(stacked), -1)
    complete = [v for v in views if len(v.combined) == len(ballots.segments)]
    totals = np.array([[v.combined[s.id] for s in ballots.segments] for v in complete])
    return Agreement(
        judges=len(ballots.judges),
        alpha=_defined(krippendorff_alpha(flat, "interval")) if ballots.own_scores else None,
        concordance=_defined(kendall_w(totals)) if len(complete) >= 2 else None,
        differ_most=_disputed(ballots, stacked),
    )


def _defined(coefficient: float) -> float | None:
    return None if math.isnan(coefficient) else coefficient


def _disputed(ballots: Ballots, stacked: Numbers) -> list[Disagreement]:
    found = []
    for i, segment in enumerate(ballots.segments):
        for j, criterion in enumerate(ballots.criteria):
            cell = stacked[:, i, j]
            cell = cell[~np.isnan(cell)]
            if len(cell) and np.ptp(cell) > 0:
                low, high = float(cell.min()), float(cell.max())
                found.append(
                    Disagreement(segment=segment.id, criterion=criterion.id, low=low, high=high)
                )
    found.sort(key=lambda d: (d.low - d.high, d.segment, d.criterion))
    return found[:_DISPUTED]
