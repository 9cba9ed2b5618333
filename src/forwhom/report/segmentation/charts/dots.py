"""Dots with the number of the segment: where each segment stands against the sample."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from forwhom.documents.nouns import forms_of
from forwhom.languages.catalog import tr, tr_count
from forwhom.report.drawing.svg import across, circle, element, picture
from forwhom.report.segmentation.cards import Card
from forwhom.report.segmentation.charts.turning import turned
from forwhom.report.segmentation.profiles import Contrast
from forwhom.wording import beside, decimal, signed

#: Differences beyond this many standard deviations are drawn at the edge.
EDGE = 3.0
_RADIUS = 9
_LANE = 20
#: Width for which dots are kept apart; on a narrower place they touch.
_WIDTH = 420


def contrast_limit(contrasts: Sequence[Contrast]) -> float:
    """Return the standard deviations at both edges, the same for all variables."""
    largest = max((abs(v) for c in contrasts for v in c.values if v is not None), default=1.0)
    return min(max(math.ceil(2 * largest) / 2, 1.0), EDGE)


@turned
def contrast_axis(name: str, limit: float) -> Markup:
    """Return the scale above the dots."""
    texts = [
        element(
            "text",
            tr("sample") if mark == 0 else signed(mark),
            x=across(_place(mark, limit)),
            y=12,
            class_="tick middle",
        )
        for mark in _marks(limit)
    ]
    description = tr("Standard deviations below the sample on the left, above it on the right.")
    return picture(name, tr("Scale"), description, 16, *texts)


@turned
def contrast_dots(name: str, contrast: Contrast, cards: Sequence[Card], limit: float) -> Markup:
    """Return one variable: a numbered dot per segment on the scale."""
    known = [
        (value, card)
        for value, card in zip(contrast.values, cards, strict=True)
        if value is not None
    ]
    lanes = _lanes([_place(value, limit) for value, _ in known])
    height = _LANE * (1 + max(lanes, default=0)) + 8
    children = [_grid(mark, limit, height) for mark in _marks(limit)]
    for (value, card), lane in zip(known, lanes, strict=True):
        children.append(_dot(card, _place(value, limit), 4 + _LANE * lane + _LANE // 2))
    said = [
        f"{forms_of(c.noun)['noun']} {c.id} {decimal(v, sign=True)}"
        for v, c in sorted(known, key=lambda pair: -pair[0])
    ]
    hidden = len(cards) - len(known)
    if hidden:
        said.append(tr_count("{n} not shown", "{n} not shown", hidden))
    against = tr("Against the sample: {told}.", told=beside(said))
    return picture(name, contrast.label, against, height, *children)


def _place(value: float, limit: float) -> float:
    return 50 + 44 * min(max(value / limit, -1.0), 1.0)


def _marks(limit: float) -> list[float]:
    step = 1.0 if limit >= 2 else 0.5
    steps = int(limit / step)
    return [i * step for i in range(-steps, steps + 1)]


def _grid(mark: float, limit: float, height: int) -> Markup:
    x = across(_place(mark, limit))
    return element("line", x1=x, x2=x, y1=0, y2=height, class_="grid" if mark else "zero")


def _dot(card: Card, position: float, y: int) -> Markup:
    x = across(position)
    return element(
        "g",
        circle(x, y, _RADIUS),
        element("text", str(card.id), x=x, y=y + 4),
        class_=f"dot a{card.accent}",
    )


def _lanes(positions: Sequence[float]) -> list[int]:
    """Return a lane for each dot, so that dots in one lane do not overlap."""
    apart = 100 * (2 * _RADIUS + 1) / _WIDTH
    ends: list[float] = []
    lanes = [0] * len(positions)
    for index in sorted(range(len(positions)), key=lambda i: positions[i]):
        free = (lane for lane, end in enumerate(ends) if positions[index] - end >= apart)
        lane = next(free, len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = positions[index]
        lanes[index] = lane
    return lanes
