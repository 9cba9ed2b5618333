"""Curves: criteria over the number of segments, accuracy over the number of questions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from markupsafe import Markup

from forwhom.documents.nouns import forms_of
from forwhom.documents.verdict import Noun
from forwhom.languages.catalog import tr
from forwhom.report.drawing.svg import across, circle, element, line, picture
from forwhom.report.segmentation.charts.turning import turned
from forwhom.report.segmentation.questions import Questions
from forwhom.report.segmentation.selection import Curve, Selection
from forwhom.report.segmentation.stability import Again
from forwhom.wording import decimal, number, percent

_HEIGHT, _TOP, _BOTTOM = 300, 30, 262
_LEFT, _RIGHT = 17.0, 87.0
_LABEL_GAP = 15
#: Dashes tell the curves apart without color.
_DASHES = (None, "6 4", "2 4", "9 3 2 3")


@turned
def selection_curves(selection: Selection) -> Markup:
    """Return the criteria over the numbers of segments tried, the chosen one marked."""
    values = [v for curve in selection.curves for v in curve.values]
    ticks = nice_ticks(min(values), max(values))
    scale = _Scale(ticks[0], ticks[-1])
    children = _axes(ticks, scale, [number(t) for t in ticks])
    places = _spread_out(len(selection.tried))
    children += _marks_across(selection.tried, places, _number_of(selection.noun))
    if selection.chosen in selection.tried:
        x = across(places[selection.tried.index(selection.chosen)])
        children.append(element("line", x1=x, x2=x, y1=_TOP - 8, y2=_BOTTOM, class_="chosen"))
        label = tr("{k} chosen", k=selection.chosen)
        children.append(element("text", label, x=x, y=_TOP - 14, class_="strong middle"))
    for curve, dash in zip(selection.curves, _dashes(selection.curves), strict=True):
        children += _curve(curve, places, scale, dash)
    children += _labels(selection.curves, scale)
    said = " ".join(
        tr(
            "{criterion} is lowest at {k}.",
            criterion=c.name,
            k=selection.tried[c.values.index(min(c.values))],
        )
        for c in selection.curves
    )
    title = tr("Criteria by number of {nouns}", **forms_of(selection.noun))
    return picture("selection", title, said, _HEIGHT, *children)


@turned
def accuracy_curve(questions: Questions) -> Markup:
    """Return the accuracy after each question, with the accuracy of guessing."""
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    scale = _Scale(0.0, 1.0)
    children = _axes(ticks, scale, [percent(t) for t in ticks])
    steps = range(1, len(questions.questions) + 1)
    places = _spread_out(len(steps))
    children += _marks_across(list(steps), places, tr("Questions asked"))
    guess = scale.y(questions.majority)
    children.append(
        element("line", x1=across(_LEFT), x2="100%", y1=guess, y2=guess, class_="guess")
    )
    children.append(element("text", tr("guessing"), x="100%", y=guess - 5, class_="tick end"))
    best = questions.recommended - 1
    if questions.questions[best].worth:
        x = across(places[best])
        children.append(element("line", x1=x, x2=x, y1=_TOP - 8, y2=_BOTTOM, class_="chosen"))
        label = tr("ask {n}", n=questions.recommended)
        children.append(element("text", label, x=x, y=_TOP - 14, class_="strong middle"))
    curve = Curve("accuracy", tuple(q.accuracy for q in questions.questions), True)
    children += _curve(curve, places, scale, None)
    title = tr("Accuracy by number of questions")
    return picture("accuracy", title, _accuracy(questions), _HEIGHT, *children)


def _accuracy(questions: Questions) -> str:
    return tr(
        "{first} after one question, {middle} after {recommended}, {last} after {n}; guessing is "
        "right for {guess}.",
        first=questions.questions[0].accuracy_text,
        middle=questions.questions[questions.recommended - 1].accuracy_text,
        recommended=questions.recommended,
        last=questions.questions[-1].accuracy_text,
        n=len(questions.questions),
        guess=percent(questions.majority),
    )


@turned
def stability_curve(again: Again) -> Markup:
    """Return how replicates agree, by number of segments: mean, range, and from warm starts."""
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    scale = _Scale(0.0, 1.0)
    children = _axes(ticks, scale, [decimal(t) for t in ticks])
    tried = [one.k for one in again.numbers]
    names = (tr("from these"), tr("at random"))
    right = _room_for(names)
    places = _spread_out(len(tried), right)
    children += _marks_across(tried, places, _number_of(again.noun))
    at = tried.index(again.chosen)
    x = across(places[at])
    children.append(element("line", x1=x, x2=x, y1=_TOP - 8, y2=_BOTTOM, class_="chosen"))
    children.append(
        element("text", tr("{k} chosen", k=again.chosen), x=x, y=_TOP - 14, class_="strong middle")
    )
    # Worse than chance is drawn as chance.
    means, warm = (
        tuple(max(value, 0.0) for value in values)
        for values in ([n.agreement for n in again.numbers], [n.warm for n in again.numbers])
    )
    for one, place in zip(again.numbers, places, strict=True):
        ends = scale.y(max(one.low, 0.0)), scale.y(max(one.high, 0.0))
        children.append(line(across(place), ends[0], across(place), ends[1], class_="line other"))
    curves = (Curve(names[0], warm, False), Curve(names[1], means, True))
    for curve, dash in zip(curves, _dashes(curves), strict=True):
        children += _curve(curve, places, scale, dash)
    children += _labels(curves, scale, right)
    said = ". ".join(f"{n.k}: {decimal(n.agreement)}" for n in again.numbers)
    title = tr("Agreement by number of {nouns}", **forms_of(again.noun))
    return picture("again", title, f"{said}.", _HEIGHT, *children)


def _number_of(noun: Noun) -> str:
    return tr("Number of {nouns}", **forms_of(noun))


class _Scale:
    """Values to pixels from the top."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high if high > low else low + 1.0

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return _BOTTOM - part * (_BOTTOM - _TOP)


def nice_ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Return round numbers that span ``low`` to ``high``, about ``wanted`` steps of them."""
    if not high > low:
        low, high = low - 0.5, low + 0.5
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [i * step for i in range(first, last + 1)]


def _room_for(names: Sequence[str]) -> float:
    """Return where curves end so that their names have room beside them, on narrow pages, too."""
    return min(_RIGHT, 97.0 - 2.2 * max(map(len, names)))


def _spread_out(n: int, right: float = _RIGHT) -> list[float]:
    if n == 1:
        return [(_LEFT + right) / 2]
    return [_LEFT + (right - _LEFT) * i / (n - 1) for i in range(n)]


def _axes(ticks: Sequence[float], scale: _Scale, labels: Sequence[str]) -> list[Markup]:
    parts = []
    for tick, label in zip(ticks, labels, strict=True):
        y = scale.y(tick)
        parts.append(element("line", x1=0, x2="100%", y1=y, y2=y, class_="grid"))
        parts.append(element("text", label, x=0, y=y - 4, class_="tick"))
    return parts


def _marks_across(marks: Sequence[int], places: Sequence[float], label: str) -> list[Markup]:
    every = math.ceil(len(marks) / 12)
    parts = [
        element("text", str(mark), x=across(place), y=_BOTTOM + 18, class_="tick middle")
        for index, (mark, place) in enumerate(zip(marks, places, strict=True))
        if index % every == 0
    ]
    middle = across((_LEFT + _RIGHT) / 2)
    return [*parts, element("text", label, x=middle, y=_BOTTOM + 35, class_="tick middle")]


def _dashes(curves: Sequence[Curve]) -> list[str | None]:
    others = iter(_DASHES[1:])
    return [_DASHES[0] if curve.main else next(others) for curve in curves]


def _curve(curve: Curve, places: Sequence[float], scale: _Scale, dash: str | None) -> list[Markup]:
    kind = "main" if curve.main else "other"
    points = [(across(p), scale.y(v)) for p, v in zip(places, curve.values, strict=True)]
    lines = [
        line(x1, y1, x2, y2, class_=f"line {kind}", stroke_dasharray=dash)
        for (x1, y1), (x2, y2) in itertools.pairwise(points)
    ]
    radius = 4 if curve.main else 2.5
    dots = [circle(x, y, radius, class_=f"point {kind}") for x, y in points]
    return [*lines, *dots]


def _labels(curves: Sequence[Curve], scale: _Scale, right: float = _RIGHT) -> list[Markup]:
    """Return the names at the right ends of the curves, moved apart where they would meet."""
    ends = sorted(((scale.y(c.values[-1]), c) for c in curves), key=lambda end: end[0])
    parts, last = [], -math.inf
    for y, curve in ends:
        last = max(y, last + _LABEL_GAP)
        kind = "strong" if curve.main else "tick"
        parts.append(element("text", curve.name, x=across(right + 3), y=last + 4, class_=kind))
    return parts
