"""Predicted against actual: a dot for each segment, and the line on which both are the same."""

from __future__ import annotations

from markupsafe import Markup

from forwhom.documents.nouns import forms_of
from forwhom.languages.catalog import tr
from forwhom.report.drawing.svg import across, circle, element, picture
from forwhom.report.segmentation.ahead import Ahead, Point
from forwhom.report.segmentation.charts.curves import nice_ticks
from forwhom.report.segmentation.charts.turning import turned
from forwhom.wording import beside, number

_HEIGHT, _TOP, _BOTTOM = 340, 24, 296
_LEFT, _RIGHT = 12.0, 97.0


@turned
def calibration_plot(ahead: Ahead) -> Markup:
    """Return what was predicted of a customer across, and what followed upwards."""
    largest = max(max(one.predicted, one.actual.high) for one in ahead.points)
    ticks = [t for t in nice_ticks(0.0, largest) if t >= 0]
    top = ticks[-1] or 1.0

    def x(value: float) -> str:
        return across(_LEFT + (_RIGHT - _LEFT) * value / top)

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / top

    children = []
    for tick in ticks:
        at = y(tick)
        left, right = across(_LEFT), across(_RIGHT)
        children.append(element("line", x1=left, x2=right, y1=at, y2=at, class_="grid"))
        label = number(tick)
        children.append(element("text", label, x=across(_LEFT - 1), y=at + 4, class_="tick end"))
        children.append(element("text", label, x=x(tick), y=_BOTTOM + 18, class_="tick middle"))
    start, end = (x(0.0), y(0.0)), (x(top), y(top))
    children.append(_line(start, end, "guess"))
    for one in ahead.points:
        at_x = x(one.predicted)
        low, high = (at_x, y(one.actual.low)), (at_x, y(one.actual.high))
        children += [_line(low, high, look) for look in ("halo", "whisker")]
    children += [_dot(one, x(one.predicted), y(one.actual.value)) for one in ahead.points]
    what = ahead.what
    followed = tr("{what} that followed", what=what)
    predicted = tr("{what} predicted", what=what)
    children.append(element("text", followed, x=across(0), y=_TOP - 12, class_="tick"))
    children.append(element("text", predicted, x="100%", y=_HEIGHT - 6, class_="tick end"))
    return picture("calibration", tr("Predicted and actual"), _said(ahead), _HEIGHT, *children)


def _line(start: tuple[str, float], end: tuple[str, float], look: str) -> Markup:
    return element("line", x1=start[0], x2=end[0], y1=start[1], y2=end[1], class_=look)


def _dot(one: Point, x: str, y: float) -> Markup:
    number_ = element("text", str(one.card.id), x=x, y=y + 4)
    return element("g", circle(x, y, 9), number_, class_=f"dot a{one.card.accent}")


def _said(ahead: Ahead) -> str:
    told = [
        tr(
            "{noun} {number}: {predicted} predicted, {followed} followed",
            number=one.card.id,
            predicted=number(one.predicted, 3),
            followed=number(one.actual.value, 3),
            **forms_of(one.card.noun),
        )
        for one in ahead.points
    ]
    of_whom = tr("{what} of a customer", what=ahead.what)
    return f"{of_whom}. {beside(told)}."
