from markupsafe import Markup

from forwhom.documents.results.funding import Cliff
from forwhom.report.drawing.svg import element, picture, rect
from forwhom.wording import money, number

#: Quarters that are drawn; later ones stand in the table.
MOST = 20
_LEFT, _STEP, _BAR, _TOP, _HEIGHT = 10, 40, 26, 30, 180


def quarters_chart(cliff: Cliff, currency: str) -> Markup:
    """Return bars of money for each quarter: solid where it was spent, open where it is planned."""
    shown = cliff.quarters[:MOST]
    largest = max([cliff.reference, *(max(q.spent, 0) + max(q.planned, 0) for q in shown)]) or 1.0
    bottom = _TOP + _HEIGHT
    parts = []
    for index, one in enumerate(shown):
        x = _LEFT + _STEP * index
        spent = _HEIGHT * max(one.spent, 0.0) / largest
        planned = _HEIGHT * max(one.planned, 0.0) / largest
        said = f"{one.quarter}: {number(one.spent)} spent, {number(one.planned)} planned"
        parts += [
            _bar(x, bottom - spent, spent, "spent", said),
            _bar(x, bottom - spent - planned, planned, "planned", said),
            element("text", one.quarter[5:], x=x + _BAR / 2, y=bottom + 16, class_="tick middle"),
        ]
        if index == 0 or one.quarter.endswith("Q1"):
            year = one.quarter[:4]
            parts.append(
                element("text", year, x=x + _BAR / 2, y=bottom + 33, class_="label middle")
            )
    if cliff.reference > 0:
        y = bottom - _HEIGHT * cliff.reference / largest
        end = _LEFT + max(_STEP * len(shown), 340)
        parts.append(element("line", x1=_LEFT, x2=end, y1=y, y2=y, class_="guess"))
        said = f"average of the past year: {money(cliff.reference, currency)}"
        parts.append(element("text", said, x=end, y=y - 6, class_="tick end"))
    width = _LEFT * 2 + max(_STEP * len(shown), 340)
    return picture(
        "quarters",
        "Known money by quarter",
        cliff.statement,
        bottom + 42,
        *parts,
        width=width,
        class_="fixed quarters",
    )


def _bar(x: float, y: float, height: float, kind: str, said: str) -> Markup:
    title = element("title", said)
    return rect(x, y, _BAR, height, title, class_=f"bar {kind}")
