from collections.abc import Sequence

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.strategy import OURS, ValueCurve
from forwhom.documents.mistakes import Mistake, refused
from forwhom.documents.results import Curve, Curves, SegmentCurves
from forwhom.errors import DocumentError
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.wording import listed, quoted

#: Criteria that one picture should have.
FEWEST, MOST = 5, 10


def compare_curves(canvas: Canvas) -> Curves:
    """Set our value curve beside those of others, for each segment."""
    if not any(curve.points for curve in canvas.value_curves):
        raise DocumentError(
            f"{canvas.place('value_curves') or 'the canvas'}: there is no value curve.",
            "Add 'value_curves:' with a segment and points, each a criterion with scores from 0 "
            "to 10 for 'ours' and for competitors by id.",
        )
    _check(canvas)
    return Curves(
        title=canvas.title,
        language=canvas.language,
        segments=[_compared(canvas, curve) for curve in canvas.value_curves if curve.points],
    )


def _check(canvas: Canvas) -> None:
    mistakes = [
        Mistake(
            ("value_curves", i, "points", j, "scores", key),
            f"the score of {key!r} is {value:g}.",
            "Expected a number from 0 (bad) to 10 (excellent).",
        )
        for i, curve in enumerate(canvas.value_curves)
        for j, point in enumerate(curve.points)
        for key, value in point.scores.items()
        if not 0 <= value <= 10
    ]
    if mistakes:
        raise refused(mistakes, lambda location: canvas.place(*location))


def _compared(canvas: Canvas, curve: ValueCurve) -> SegmentCurves:
    used = {key for point in curve.points for key in point.scores}
    ours = Curve(key=OURS, name=tr("Ours"), kind="ours", scores=_scores(curve, OURS))
    others = [
        Curve(key=c.id, name=c.name, kind=c.kind, scores=_scores(curve, c.id))
        for c in canvas.competitors
        if c.id in used
    ]
    sides: dict[str, list[str]] = {"ahead": [], "level": [], "behind": []}
    for index, point in enumerate(curve.points):
        best = max((s for c in others if (s := c.scores[index]) is not None), default=None)
        our = ours.scores[index]
        if best is not None and our is not None:
            side = "ahead" if our > best else "level" if our == best else "behind"
            sides[side].append(point.criterion)
    name = next(s.name for s in canvas.segments if s.id == curve.segment)
    found = SegmentCurves(
        id=curve.id,
        segment=curve.segment,
        segment_name=name,
        criteria=[point.criterion for point in curve.points],
        curves=[ours, *others],
        ahead=sides["ahead"],
        level=sides["level"],
        behind=sides["behind"],
        sentences=[],
    )
    return found.model_copy(update={"sentences": _sentences(found), "notes": _notes(found)})


def _scores(curve: ValueCurve, key: str) -> list[float | None]:
    return [point.scores.get(key) for point in curve.points]


def _sentences(found: SegmentCurves) -> list[str]:
    others = len(found.curves) - 1
    if not others:
        return [tr("Nobody else is drawn, so this says nothing about what makes ours different.")]
    said = []
    for criteria, sentence in (
        (found.ahead, later("Ours is ahead of every other on {criteria}.")),
        (found.level, later("Ours is as good as the best other on {criteria}.")),
        (found.behind, later("Some other is better on {criteria}.")),
    ):
        if criteria:
            said.append(tr(sentence, criteria=listed([quoted(c) for c in criteria])))
    if not found.ahead:
        said.append(tr("On no criterion is ours ahead of every other."))
    return said


def _notes(found: SegmentCurves) -> list[str]:
    notes = []
    n = len(found.criteria)
    if not FEWEST <= n <= MOST:
        notes.append(
            tr_count(
                "{n} criterion: five to ten that matter to this segment are best.",
                "{n} criteria: five to ten that matter to this segment are best.",
                n,
            )
        )
    missing = [
        tr("{name} on {criterion}", name=c.name, criterion=quoted(criterion))
        for c, criterion in _gaps(found)
    ]
    if missing:
        notes.append(tr("No score: {where}. The curve has a gap there.", where=listed(missing)))
    return notes


def _gaps(found: SegmentCurves) -> Sequence[tuple[Curve, str]]:
    return [
        (curve, criterion)
        for curve in found.curves
        for criterion, score in zip(found.criteria, curve.scores, strict=True)
        if score is None
    ]
