from markupsafe import Markup

from forwhom.documents.results import Frequency, JudgedSegment, Priorities
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.report.choices.marks import (
    Look,
    dot,
    moved_dot,
    paragraph,
    spread_out,
    square_axes,
)
from forwhom.report.choices.picture import Drawing
from forwhom.report.deck import Points, Spot
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.palette import accent
from forwhom.report.drawing.svg import circle, element, line, rect
from forwhom.wording import beside, joined, number, percent_between, score

_LEFT, _TOP, _SIDE = 52, 12, 430
_LIST = 530
_TEXT, _BAR = 380, 150
_WIDTH = _LIST + 440


_RANDOM = later("first in {share} of random weights")
_NEAR = later("first in {share} near the judges’")
#: What was decided about a segment.
STATUS = {
    "candidate": later("not decided"),
    "serve": later("to be served"),
    "ignore": later("to be left out"),
    "not-a-customer": later("not a customer"),
}


def priorities_chart(found: Priorities, name: str) -> Drawing:
    """Return the matrix of both axes, where there are two, and the segments in their order."""
    both = len(found.axes) == 2
    left = _LIST if both else 0
    parts: list[Markup] = []
    bottom = 0.0
    if both:
        parts += square_axes(
            _LEFT,
            _TOP,
            _SIDE,
            tr("Our ability to compete there"),
            tr("Attractiveness of the segment"),
        )
        parts += _points(found)
        bottom = _TOP + _SIDE + 52
        if found.judges:
            text = tr("small circle: how one judge sees it")
            parts.append(element("text", text, x=_LEFT, y=bottom + 14, class_="faint"))
            bottom += 20
    rows, end = _list(found, left)
    height = max(bottom, end) + 10
    return Drawing(
        name,
        tr("Which segments come first"),
        _described(found),
        _WIDTH - (0 if both else _LIST),
        int(height),
        (*parts, *rows),
    )


def priorities_points(found: Priorities) -> Points | None:
    """Return the matrix of both axes as an editable plot; none where an axis is missing."""
    spots = tuple(
        Spot(one.number, one.name, one.ability, one.attractiveness)
        for one in found.segments
        if one.ability is not None and one.attractiveness is not None
    )
    across, up = tr("Our ability to compete there"), tr("Attractiveness of the segment")
    return Points(_described(found), across, up, spots) if spots else None


def _described(found: Priorities) -> str:
    said = []
    for segment in found.segments:
        place = tr("no rank")
        if segment.combined is not None:
            total = number(segment.combined)
            place = tr("rank {rank}, score {score}", rank=segment.rank, score=total)
        first = tr("first in {share} of draws", share=_share(segment.any_weights))
        said.append(f"{segment.number} {segment.name}: {joined([place, first])}")
    return tr("Segments in their order. {segments}.", segments=beside(said))


def _share(frequency: Frequency) -> str:
    return percent_between(frequency.first_low, frequency.first_high)


def _x(ability: float) -> float:
    return _LEFT + _SIDE * ability / 10


def _y(attractiveness: float) -> float:
    return _TOP + _SIDE * (1 - attractiveness / 10)


def _points(found: Priorities) -> list[Markup]:
    placed = [
        segment
        for segment in found.segments
        if segment.attractiveness is not None and segment.ability is not None
    ]
    places = [(_x(s.ability or 0.0), _y(s.attractiveness or 0.0)) for s in placed]
    spots = spread_out(places, _LEFT, _TOP, _SIDE)
    small: list[Markup] = []
    large: list[Markup] = []
    for segment, spot in zip(placed, spots, strict=True):
        color = accent(segment.number)
        for judge in found.judges:
            across = judge.ability.get(segment.segment)
            up = judge.attractiveness.get(segment.segment)
            if across is not None and up is not None:
                x, y = _x(across), _y(up)
                small.append(line(spot.x, spot.y, x, y, "contour"))
                class_ = f"hollow color-{color}"
                small.append(circle(x, y, 3.5, class_=class_))
        large += moved_dot(str(segment.number), spot, "solid", color)
    return small + large


def _list(found: Priorities, x: float) -> tuple[list[Markup], float]:
    parts: list[Markup] = []
    y = 24.0
    for segment in found.segments:
        look: Look = "hollow" if segment.rank is None else "solid"
        parts.append(dot(str(segment.number), x + 12, y - 4, look, accent(segment.number)))
        text, below = paragraph(segment.name, x + 34, y, _TEXT, lines=2, class_="strong")
        parts += text
        for row in wrapped(_facts(segment), _TEXT, 12, 2):
            parts.append(element("text", row, x=x + 34, y=below, class_="faint"))
            below += 15
        below += 4
        parts += _bar(segment.any_weights, x + 34, below, "bar", _RANDOM)
        if segment.near_judges is not None:
            below += 18
            parts += _bar(segment.near_judges, x + 34, below, "bar-second", _NEAR)
        y = below + 36
    return parts, y - 24


def _facts(segment: JudgedSegment) -> str:
    status = tr(STATUS[segment.status])
    if segment.combined is None:
        n = len(segment.missing)
        lacking = tr_count("no rank: {n} score missing", "no rank: {n} scores missing", n)
        return f"{lacking} · {status}"
    parts = [
        tr(said, value=score(value))
        for said, value in (
            (later("attractiveness {value}"), segment.attractiveness),
            (later("ability {value}"), segment.ability),
        )
        if value is not None
    ]
    rank = tr("Rank {rank}", rank=segment.rank)
    return f"{rank} · {joined(parts)} · {status}"


def _bar(frequency: Frequency, x: float, y: float, class_: str, words: str) -> list[Markup]:
    """Return a bar of how often it is first; what is only possible is outlined."""
    parts = [rect(x, y - 9, _BAR, 10, class_="track")]
    low, high = _BAR * frequency.first_low, _BAR * frequency.first_high
    if low > 0:
        parts.append(rect(x, y - 9, low, 10, class_=class_))
    if high > low:
        parts.append(rect(x + low, y - 9, high - low, 10, class_=f"{class_}-possible"))
    text = tr(words, share=_share(frequency))
    return [*parts, element("text", text, x=x + _BAR + 10, y=y, class_="faint")]
