from collections.abc import Sequence

from markupsafe import Markup

from forwhom.documents.results import NeedRanking, RankedNeed
from forwhom.languages.catalog import tr, tr_count
from forwhom.report.choices.marks import (
    LINE,
    Look,
    dot,
    moved_dot,
    paragraph,
    spread_out,
    square_axes,
)
from forwhom.report.choices.picture import Drawing
from forwhom.report.choices.terms import scored, standing
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.svg import circle, element, line, rect, stacked
from forwhom.wording import beside, number

_LEFT, _TOP, _SIDE = 52, 12, 430
_LIST, _LIST_WIDTH = 530, 470
_WIDTH = _LIST + _LIST_WIDTH
_TEXT = 258
_SCALE, _SCALE_WIDTH = _LIST + 300, 150
#: More needs than this are in the table, not in the picture.
MOST = 24
_LOOKS: dict[str, Look] = {"respondents": "solid", "stated": "hollow", "guess": "guessed"}


def opportunity_plot(ranking: NeedRanking, name: str) -> Drawing | None:
    """Return the plot of one ranking, or nothing where no need has both numbers."""
    ranked = [row for row in ranking.needs if row.opportunity is not None]
    if not ranked:
        return None
    shown = ranked[:MOST]
    parts = square_axes(_LEFT, _TOP, _SIDE, tr("Importance"), tr("Satisfaction"))
    parts += _guides()
    parts += _points(shown)
    rows, bottom = _list(shown)
    parts += rows
    if len(ranked) > len(shown):
        more = tr_count(
            "{n} more need has a smaller opportunity.",
            "{n} more needs have smaller opportunities.",
            len(ranked) - len(shown),
        )
        parts.append(element("text", more, x=_LIST, y=bottom + 12, class_="faint"))
        bottom += 24
    legend, end = _legend(shown)
    parts += legend
    height = max(end, bottom)
    return Drawing(
        name,
        tr("Opportunities: {name}", name=ranking.name),
        _said(shown),
        _WIDTH,
        int(height + 10),
        tuple(parts),
    )


def _said(rows: Sequence[RankedNeed]) -> str:
    first = [
        tr(
            "{need}: importance {importance}, satisfaction {satisfaction}, opportunity {value}",
            need=row.statement,
            importance=number(row.importance),
            satisfaction=number(row.satisfaction),
            value=number(row.opportunity),
        )
        for row in rows[:5]
    ]
    return tr("Needs by opportunity, largest first. {needs}.", needs=beside(first))


def _x(importance: float) -> float:
    return _LEFT + _SIDE * importance / 10


def _y(satisfaction: float) -> float:
    return _TOP + _SIDE * (1 - satisfaction / 10)


def _guides() -> list[Markup]:
    """Return the line where both are equal, and lines of equal opportunity."""
    parts, labels = (
        [line(_x(0), _y(0), _x(10), _y(10), "even")],
        list[tuple[str, float, float, str]](),
    )
    for value in (5.0, 10.0, 15.0):
        # Below the diagonal opportunity is 2 importance - satisfaction, above it importance.
        importance, satisfaction = (value, value) if value <= 10 else (10.0, 20.0 - value)
        parts.append(line(_x(value / 2), _y(0), _x(importance), _y(satisfaction), "contour"))
        if value < 10:
            parts.append(line(_x(value), _y(value), _x(value), _y(10), "contour"))
        said = tr("opportunity {value}", value=number(value))
        labels.append((said, _x(value / 2) + 6, _y(0) - 6, ""))
    # In the corner beyond the last line, so narrow that no line crosses them.
    labels.append((tr("matters,"), _x(9.85), _y(0.98), " end"))
    labels.append((tr("not met"), _x(9.85), _y(0.62), " end"))
    labels.append((tr("met better than it matters"), _x(0.2), _y(9.6), ""))
    return parts + [
        element("text", text, x=x, y=y, class_=f"faint over{end}") for text, x, y, end in labels
    ]


def _points(rows: Sequence[RankedNeed]) -> list[Markup]:
    places = [(_x(row.importance or 0.0), _y(row.satisfaction or 0.0)) for row in rows]
    spots = spread_out(places, _LEFT, _TOP, _SIDE)
    whiskers: list[Markup] = []
    dots: list[Markup] = []
    for index, (row, spot) in enumerate(zip(rows, spots, strict=True), 1):
        if row.importance_interval is not None and row.satisfaction_interval is not None:
            across, up = row.importance_interval, row.satisfaction_interval
            whiskers.append(line(_x(across.low), spot.y, _x(across.high), spot.y, "whisker"))
            whiskers.append(line(spot.x, _y(up.low), spot.x, _y(up.high), "whisker"))
        dots += moved_dot(str(index), spot, _LOOKS[row.numbers_from])
    return whiskers + dots


def _list(rows: Sequence[RankedNeed]) -> tuple[list[Markup], float]:
    """Return the needs in their order, each with its opportunity on a scale from 0 to 20."""
    parts = [element("text", tr("Opportunity, 0 to 20"), x=_SCALE, y=14, class_="faint")]
    y = 40.0
    for index, row in enumerate(rows, 1):
        parts.append(dot(str(index), _LIST + 12, y - 4, _LOOKS[row.numbers_from]))
        text, below = paragraph(row.statement, _LIST + 32, y, _TEXT, lines=3)
        parts += text
        facts = wrapped(standing(row), _TEXT + 10, 12, 2)
        parts += stacked(facts, _LIST + 32, below, 14, class_="faint")
        parts += _on_scale(row, y - 4)
        y = below + 14 * len(facts) + LINE
    return parts, y - LINE


def _on_scale(row: RankedNeed, y: float) -> list[Markup]:
    def place(value: float) -> float:
        return _SCALE + _SCALE_WIDTH * value / 20

    value = row.opportunity or 0.0
    parts = [rect(_SCALE, y - 1, _SCALE_WIDTH, 2, class_="track")]
    if row.opportunity_interval is not None:
        low, high = row.opportunity_interval.low, row.opportunity_interval.high
        parts.append(line(place(low), y, place(high), y, "whisker"))
        parts += [line(place(end), y - 5, place(end), y + 5, "whisker") for end in (low, high)]
    look = _LOOKS[row.numbers_from]
    parts.append(circle(place(value), y, 5, class_=look))
    text = scored(value, row.opportunity_interval)
    parts.append(element("text", text, x=_SCALE, y=y + 20, class_="faint"))
    return parts


def _legend(rows: Sequence[RankedNeed]) -> tuple[list[Markup], float]:
    words = {
        "respondents": tr("from respondents, with 95% intervals"),
        "stated": tr("as the canvas states, without an interval"),
        "guess": tr("the team’s guess"),
    }
    y, parts = _TOP + _SIDE + 68.0, []
    present = {row.numbers_from for row in rows}
    for source, said in words.items():
        if source in present:
            parts.append(dot("", _LEFT + 10, y - 4, _LOOKS[source]))
            parts.append(element("text", said, x=_LEFT + 38, y=y, class_="faint"))
            y += 24
    parts.append(line(_LEFT, y - 4, _LEFT + 30, y - 4, "even"))
    even = tr("as well met as it matters")
    parts.append(element("text", even, x=_LEFT + 38, y=y, class_="faint"))
    return parts, y
