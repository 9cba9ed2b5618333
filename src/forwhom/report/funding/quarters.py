from markupsafe import Markup

from forwhom.documents.results.funding import Cliff, Funding, Quarter, said_quarter
from forwhom.languages.catalog import tr
from forwhom.languages.codes import is_right_to_left
from forwhom.report.drawing.mirroring import mirrored
from forwhom.report.drawing.svg import element, picture, rect
from forwhom.wording import money, number

#: Quarters that are drawn; later ones stand in the table.
MOST = 20
_LEFT, _STEP, _BAR, _TOP, _HEIGHT = 10, 40, 26, 30, 180


def quarters_chart(found: Funding) -> Markup:
    """Return bars of money for each quarter: solid where it was spent, open where it is planned."""
    made = _chart(found.cliff, found.currency)
    return mirrored(made) if is_right_to_left(found.language) else made


def _chart(cliff: Cliff, currency: str) -> Markup:
    shown = cliff.quarters[:MOST]
    largest = max([cliff.reference, *(max(q.spent, 0) + max(q.planned, 0) for q in shown)]) or 1.0
    bottom = _TOP + _HEIGHT
    parts = []
    for index, one in enumerate(shown):
        x = _LEFT + _STEP * index
        spent = _HEIGHT * max(one.spent, 0.0) / largest
        planned = _HEIGHT * max(one.planned, 0.0) / largest
        said = _said(one)
        parts += [
            _bar(x, bottom - spent, spent, "spent", said),
            _bar(x, bottom - spent - planned, planned, "planned", said),
            _below(tr("Q{n}", n=one.quarter[6:]), x, bottom + 16, "tick"),
        ]
        if index == 0 or one.quarter.endswith("Q1"):
            parts.append(_below(one.quarter[:4], x, bottom + 33, "label"))
    if cliff.reference > 0:
        y = bottom - _HEIGHT * cliff.reference / largest
        end = _LEFT + max(_STEP * len(shown), 340)
        parts.append(element("line", x1=_LEFT, x2=end, y1=y, y2=y, class_="guess"))
        said = tr("average of the past year: {amount}", amount=money(cliff.reference, currency))
        parts.append(element("text", said, x=end, y=y - 6, class_="tick end"))
    width = _LEFT * 2 + max(_STEP * len(shown), 340)
    return picture(
        "quarters",
        tr("Known money by quarter"),
        cliff.statement,
        bottom + 42,
        *parts,
        width=width,
        class_="fixed quarters",
    )


def _bar(x: float, y: float, height: float, kind: str, said: str) -> Markup:
    title = element("title", said)
    return rect(x, y, _BAR, height, title, class_=f"bar {kind}")


def _below(text: str, x: float, y: float, kind: str) -> Markup:
    return element("text", text, x=x + _BAR / 2, y=y, class_=f"{kind} middle")


def _said(one: Quarter) -> str:
    return tr(
        "{quarter}: {spent} spent, {planned} planned",
        quarter=said_quarter(one.quarter), spent=number(one.spent), planned=number(one.planned),
    )  # fmt: skip
