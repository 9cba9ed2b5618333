import itertools
from collections.abc import Sequence
from typing import TypeAlias

from markupsafe import Markup

from forwhom.documents.results import Curve, SegmentCurves
from forwhom.languages.catalog import tr
from forwhom.report.choices.picture import Drawing
from forwhom.report.drawing.lettering import rough_width, wrapped
from forwhom.report.drawing.svg import circle, element, line, stacked
from forwhom.wording import beside, joined, number

_LEFT, _TOP, _HEIGHT = 64, 20, 320
_STEP_LEAST, _STEP_MOST, _SPAN = 96, 190, 760
_LABELS = 210
_LABEL_GAP = 17
#: Looks of curves; a seventh looks like the second, and its label tells them apart.
_LOOKS = 6
#: Marks nearer than this cover each other, and stand this far apart then.
_TOUCHING, _ASIDE = 12, 15

Point: TypeAlias = tuple[float, float]


def curve_chart(found: SegmentCurves, name: str) -> Drawing:
    """Return the value curves of one segment, each with its name at its end."""
    n = len(found.criteria)
    step = min(max(_SPAN / max(n - 1, 1), _STEP_LEAST), _STEP_MOST)
    # The names of the criteria stand in the middle below their points.
    first = _LEFT + 56
    places = [first + step * i for i in range(n)]
    right = places[-1] + 24
    names = [wrapped(criterion, step - 10, 12, 5) for criterion in found.criteria]
    parts = _scale(right)
    for place, texts in zip(places, names, strict=True):
        parts.append(line(place, _TOP, place, _TOP + _HEIGHT, "grid"))
        parts += stacked(texts, place, _TOP + _HEIGHT + 22, 15, class_="faint middle")
    points = _points(found.curves, places, step)
    # Ours is drawn last, above the others.
    for index in reversed(range(len(found.curves))):
        parts += _drawn(points[index], _look(index))
    labels, width = _labels(found.curves, points, right)
    parts += labels
    height = _TOP + _HEIGHT + 30 + 15 * max(len(r) for r in names)
    return Drawing(
        name,
        tr("Value curves for {segment}", segment=found.segment_name),
        _described(found),
        int(right + width),
        int(max(height, _TOP + _LABEL_GAP * len(found.curves) * 2)),
        tuple(parts),
    )


def _look(index: int) -> int:
    return 1 if index == 0 else 2 + (index - 1) % (_LOOKS - 1)


def _y(score: float) -> float:
    return _TOP + _HEIGHT * (1 - score / 10)


def _described(found: SegmentCurves) -> str:
    rows = []
    for index, criterion in enumerate(found.criteria):
        scores = [
            f"{c.name} {number(c.scores[index])}"
            if c.scores[index] is not None
            else tr("{name} no score", name=c.name)
            for c in found.curves
        ]
        rows.append(f"{criterion}: {joined(scores)}")
    return tr("Scores from 0, bad, to 10, excellent. {scores}.", scores=beside(rows))


def _scale(right: float) -> list[Markup]:
    parts: list[Markup] = []
    for mark in range(0, 11, 2):
        parts.append(line(_LEFT, _y(mark), right, _y(mark), "grid"))
        parts.append(element("text", str(mark), x=_LEFT - 8, y=_y(mark) + 4, class_="faint end"))
    said, middle = tr("0 is bad, 10 is excellent"), _TOP + _HEIGHT / 2
    turned = f"rotate(-90 14 {middle:g})"
    parts.append(element("text", said, x=14, y=middle, class_="faint middle", transform=turned))
    return parts


def _points(
    curves: Sequence[Curve], places: Sequence[float], step: float
) -> list[list[Point | None]]:
    """Return the points of each curve; those that would cover each other stand side by side."""
    points: list[list[Point | None]] = [[] for _ in curves]
    for index, place in enumerate(places):
        scores = [curve.scores[index] for curve in curves]
        for own, score in enumerate(scores):
            if score is None:
                points[own].append(None)
                continue
            near = [
                other
                for other, value in enumerate(scores)
                if value is not None and abs(_y(value) - _y(score)) < _TOUCHING
            ]
            apart = min(_ASIDE, (step - 24) / len(near))
            aside = apart * (near.index(own) - (len(near) - 1) / 2)
            points[own].append((place + aside, _y(score)))
    return points


def _drawn(points: Sequence[Point | None], look: int) -> list[Markup]:
    parts = [
        line(*start, *end, f"curve-{look}")
        for start, end in itertools.pairwise(points)
        if start is not None and end is not None
    ]
    return parts + [_mark(*point, look) for point in points if point is not None]


def _mark(x: float, y: float, look: int) -> Markup:
    """Return the mark of a curve: each look has a shape of its own."""
    class_ = f"mark-{look}"
    if look == 1:
        return circle(x, y, 7, class_=class_)
    corners = {
        2: ((-6, -6), (6, -6), (6, 6), (-6, 6)),
        3: ((0, -7), (7, 6), (-7, 6)),
        4: ((0, -8), (8, 0), (0, 8), (-8, 0)),
        5: ((-7, -6), (7, -6), (0, 7)),
        6: ((-8, -3), (8, -3), (8, 3), (-8, 3)),
    }[look]
    points = " ".join(f"{x + a:.1f},{y + b:.1f}" for a, b in corners)
    return element("polygon", points=points, class_=class_)


def _labels(
    curves: Sequence[Curve], points: Sequence[Sequence[Point | None]], right: float
) -> tuple[list[Markup], float]:
    """Return the names at the right, near the ends of the curves and apart from each other."""
    ends: list[tuple[float, int, float]] = []
    for index, row in enumerate(points):
        last = next((point for point in reversed(row) if point is not None), None)
        if last is not None:
            ends.append((last[1], index, last[0]))
    ends.sort()
    rows = [wrapped(curves[index].name, _LABELS - 30, 13, 2) for _, index, _ in ends]
    tops = _apart([end[0] for end in ends], [_LABEL_GAP * len(r) for r in rows])
    parts: list[Markup] = []
    for (y, index, x), texts, top in zip(ends, rows, tops, strict=True):
        look = _look(index)
        middle = top + _LABEL_GAP * (len(texts) - 1) / 2
        parts.append(line(x + 9, y, right + 6, middle, "contour"))
        parts.append(_mark(right + 16, middle, look))
        parts += stacked(texts, right + 30, top + 4, _LABEL_GAP, class_=f"label-{look}")
    widest = max((rough_width(t, 14) for texts in rows for t in texts), default=0.0)
    return parts, 40 + widest


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return where labels start, near where they should, none on another, none below the plot."""
    tops: list[float] = []
    for y in wanted:
        above = tops[-1] + heights[len(tops) - 1] + 4 if tops else y
        tops.append(max(y, above))
    lowest: float = _TOP + _HEIGHT + 4
    for index in reversed(range(len(tops))):
        tops[index] = min(tops[index], lowest - heights[index] + _LABEL_GAP)
        lowest = tops[index] - _LABEL_GAP - 4
    return tops
