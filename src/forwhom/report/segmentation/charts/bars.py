"""Bars: shares with their intervals, effects to both sides of zero."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from forwhom.documents.nouns import forms_of
from forwhom.languages.catalog import tr
from forwhom.report.drawing.svg import across, element, picture, rect
from forwhom.report.segmentation.cards import Card, Difference
from forwhom.report.segmentation.charts.turning import turned
from forwhom.wording import beside

_BAR = 22
_EFFECT = 16
#: Effects beyond this are drawn at the edge; the number beside the bar is exact.
_EFFECT_EDGE = 2.5


@turned
def share_ribbon(cards: Sequence[Card]) -> Markup:
    """Return one band with a piece per segment, as wide as its share."""
    total = sum(c.share for c in cards) or 1.0
    start, pieces = 0.0, []
    for card in cards:
        width = 100 * card.share / total
        pieces.append(
            rect(across(start), 0, across(width), 40, class_=f"fill piece a{card.accent}")
        )
        if width > (2.6 if card.id < 10 else 4.2):
            middle = across(start + width / 2)
            pieces.append(element("text", str(card.id), x=middle, y=26, class_="on-fill middle"))
        start += width
    description = beside([f"{c.id} {c.name}: {c.share_text}" for c in cards])
    title = tr("Shares of the {nouns}", **forms_of(cards[0].noun))
    return picture("ribbon", title, description, 40, *pieces, class_="ribbon")


@turned
def share_bar(card: Card, largest: float) -> Markup:
    """Return the share of one segment as a bar with its interval.

    ``largest`` is the share at the right edge, the same for all bars.
    """

    def place(share: float) -> float:
        return 98 * min(max(share, 0.0), largest) / largest

    low, high, middle = across(place(card.low)), across(place(card.high)), _BAR / 2
    return picture(
        f"size-{card.id}",
        tr("Share of {noun} {number}", number=card.id, **forms_of(card.noun)),
        tr(
            "{name}: {share}, {level} interval {range}",
            name=card.name,
            share=card.share_text,
            level=card.interval_level,
            range=card.interval_text,
        ),
        _BAR,
        rect(0, 3, across(place(card.share)), 16, rx=2, class_="fill"),
        *_whisker(low, high, middle),
        element("line", x1=low, x2=low, y1=middle - 5, y2=middle + 5, class_="whisker"),
        element("line", x1=high, x2=high, y1=middle - 5, y2=middle + 5, class_="whisker"),
        class_=f"a{card.accent}",
    )


@turned
def effect_bar(name: str, card: Card, difference: Difference) -> Markup:
    """Return one effect as a bar from the middle: right is more than others, left is less."""

    def place(effect: float) -> float:
        return 50 + 48 * min(max(effect / _EFFECT_EDGE, -1.0), 1.0)

    zero, end, middle = 50.0, place(difference.effect), _EFFECT / 2
    children = [
        rect(0, middle - 1, "100%", 2, class_="track"),
        rect(across(min(zero, end)), 3, across(abs(end - zero)), _EFFECT - 6, rx=1, class_="fill"),
        element("line", x1="50%", x2="50%", y1=0, y2=_EFFECT, class_="zero"),
    ]
    if difference.low is not None and difference.high is not None:
        low, high = across(place(difference.low)), across(place(difference.high))
        children += _whisker(low, high, middle)
    said = (
        tr("A {size}: more than the other customers.", size=difference.size)
        if difference.effect > 0
        else tr("A {size}: less than the other customers.", size=difference.size)
    )
    return picture(
        name,
        difference.number,
        said,
        _EFFECT,
        *children,
        class_=f"a{card.accent}",
    )


def _whisker(low: str, high: str, y: float) -> list[Markup]:
    # The halo keeps the line visible on the bar, also where both are light.
    return [
        element("line", x1=low, x2=high, y1=y, y2=y, class_=name) for name in ("halo", "whisker")
    ]
