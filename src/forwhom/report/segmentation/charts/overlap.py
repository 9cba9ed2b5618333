"""The map of overlap: where members of one segment might belong to another."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from forwhom.documents.nouns import forms_of
from forwhom.languages.catalog import tr
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.svg import circle, element, picture, rect, stacked
from forwhom.report.segmentation.cards import Card
from forwhom.report.segmentation.charts.turning import turned
from forwhom.wording import percent

_CELL, _ROW, _HEAD, _LABEL = 50, 46, 30, 150
#: The strongest shade; the text stays readable on it in light and dark.
STRONGEST = 0.55


@turned
def overlap_map(overlap: Sequence[Sequence[float]], cards: Sequence[Card]) -> Markup:
    """Return rows of members by columns of segments, with the mean probability in each cell."""
    width, height = _LABEL + _CELL * len(cards), _HEAD + _ROW * len(cards)
    children: list[Markup] = []
    for column, card in enumerate(cards):
        x = _LABEL + _CELL * column + _CELL // 2
        children.append(circle(x, 14, 10, class_=f"fill a{card.accent}"))
        children.append(element("text", str(card.id), x=x, y=18, class_="on-fill middle small"))
    for row, (card, values) in enumerate(zip(cards, overlap, strict=True)):
        y = _HEAD + _ROW * row
        children += _label(card, y)
        for column, value in enumerate(values):
            children += _cell(_LABEL + _CELL * column, y, value, row == column)
    return picture(
        "overlap-map",
        tr("Overlap of the {nouns}", **forms_of(cards[0].noun)),
        _said(overlap, cards),
        height,
        *children,
        width=width,
        class_="fixed",
    )


def _said(overlap: Sequence[Sequence[float]], cards: Sequence[Card]) -> str:
    pairs = [
        (value, cards[row], cards[column])
        for row, values in enumerate(overlap)
        for column, value in enumerate(values)
        if row != column
    ]
    value, member, other = max(pairs, key=lambda pair: pair[0])
    return tr(
        "Members of {member} could most easily belong elsewhere: to {other}, with a mean "
        "probability of {part}.",
        member=member.name,
        other=other.name,
        part=percent(value),
    )


def _label(card: Card, y: int) -> list[Markup]:
    lines = wrapped(f"{card.id} {card.name}", _LABEL - 12, 12, 3)
    top = y + _ROW / 2 + 4 - 7 * (len(lines) - 1)
    return stacked(lines, 0, top, 14, class_="label")


def _cell(x: int, y: int, value: float, own: bool) -> list[Markup]:
    shade = STRONGEST * min(max(value, 0.0), 1.0)
    box = rect(
        x + 1,
        y + 1,
        _CELL - 2,
        _ROW - 2,
        rx=2,
        fill_opacity=shade,
        class_="heat own" if own else "heat",
    )
    text = _briefly(value)
    return [
        box,
        element("text", text, x=x + _CELL / 2, y=y + _ROW / 2 + 4, class_="cell middle"),
    ]


def _briefly(value: float) -> str:
    """Return a share that is almost nothing, or almost everything, as a cell has room for it."""
    limit = percent(0.001 if value < 0.5 else 0.999)
    return (
        percent(value)
        .replace(tr("under {limit}", limit=limit), f"<{limit}")
        .replace(tr("over {limit}", limit=limit), f">{limit}")
    )
