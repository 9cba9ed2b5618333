from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forwhom.documents.results import AnsweredNeed, FitOffer, SegmentFit
from forwhom.documents.results.fits import OfferPart, Strength
from forwhom.languages.catalog import later, tr, tr_count, tr_in
from forwhom.report.choices.marks import LINE
from forwhom.report.choices.picture import Drawing
from forwhom.report.choices.terms import ANSWERED, KINDS
from forwhom.report.drawing.lettering import rough_width, wrapped
from forwhom.report.drawing.svg import element, rect, stacked
from forwhom.wording import joined, score

_COLUMN, _GAP = 400, 190
_WIDTH = 2 * _COLUMN + _GAP
_RIGHT = _COLUMN + _GAP
_TEXT = _COLUMN - 34
_PARTS: dict[OfferPart, str] = {
    "products": later("Products and services"),
    "features": later("Features"),
    "benefits": later("Benefits"),
    "relieves": later("What it relieves"),
    "experience": later("Experience"),
}


@dataclass(frozen=True)
class _Box:
    """One need or offer: what it says, its state in words, and how it looks."""

    id: str
    text: str
    state: str
    open: bool
    edge: Strength | None


#: A heading, and what stands under it.
_Group = tuple[str, list[_Box]]


@dataclass(frozen=True)
class _Column:
    parts: list[Markup]
    middles: dict[str, float]
    bottom: float


def fit_drawing(fit: SegmentFit, name: str) -> Drawing:
    """Return needs of a segment facing the offers of a proposition."""
    needs = _column(
        0,
        tr("What they need"),
        fit.segment_name,
        [
            (tr_in("needs", t), [_need(n) for n in fit.needs if n.kind == kind])
            for kind, t in KINDS.items()
        ],
        tr("The canvas names no need of this segment."),
    )
    offers = _column(
        _RIGHT,
        tr("What we offer"),
        fit.proposition_name,
        [
            (tr(title), [_offer(o, fit) for o in fit.offers if o.part == part])
            for part, title in _PARTS.items()
        ],
        tr("The proposition lists no offer."),
    )
    links = [
        _link(needs.middles[need.need], offers.middles[offer], need.strength)
        for need in fit.needs
        for offer in need.by
        if offer in offers.middles and need.strength != "none"
    ]
    bottom = max(needs.bottom, offers.bottom)
    return Drawing(
        name,
        tr(
            "{proposition} for {segment}",
            proposition=fit.proposition_name,
            segment=fit.segment_name,
        ),
        _described(fit),
        _WIDTH,
        int(bottom + 40),
        (*links, *needs.parts, *offers.parts, *_legend(bottom + 16)),
    )


def _described(fit: SegmentFit) -> str:
    text = {offer.id: offer.text for offer in fit.offers}
    said = []
    for need in fit.needs:
        by = joined([text[o] for o in need.by if o in text])
        how_far = tr(ANSWERED[need.strength])
        if by:
            how_far = tr("{answered} by {offers}", answered=how_far, offers=by)
        said.append(f"{need.statement}: {how_far}")
    return f"{'; '.join(said)}." if said else tr("No need is named.")


def _need(need: AnsweredNeed) -> _Box:
    words = [tr(ANSWERED[need.strength])]
    if need.strength in ("full", "partial") and not need.by:
        words.append(tr("by no offer that is named"))
    if need.importance is not None:
        weight = tr("importance {score}", score=score(need.importance))
        guess = [tr("the team’s guess")] if need.importance_from == "guess" else []
        words.append(joined([weight, *guess]))
    answered = need.strength in ("full", "partial")
    return _Box(need.need, need.statement, " · ".join(words), not answered, need.strength)


def _offer(offer: FitOffer, fit: SegmentFit) -> _Box:
    here = {need.need for need in fit.needs}
    own = [need for need in offer.needs if need in here]
    if own:
        state = tr_count("answers {n} need", "answers {n} needs", len(own))
    elif offer.needs:
        state = tr("answers needs of other segments only")
    else:
        state = tr("answers no need")
    return _Box(offer.id, offer.text, state, not offer.needs, None)


def _column(x: float, over: str, name: str, groups: Sequence[_Group], empty: str) -> _Column:
    parts = [element("text", over, x=x, y=14, class_="faint")]
    y = 36.0
    for row in wrapped(name, _COLUMN, 14, 2):
        parts.append(element("text", row, x=x, y=y, class_="heading"))
        y += 18
    middles: dict[str, float] = {}
    for title, boxes in groups:
        if not boxes:
            continue
        y += 18
        parts.append(element("text", title, x=x, y=y, class_="strong"))
        y += 10
        for box in boxes:
            height = _box(parts, box, x, y)
            middles[box.id] = y + height / 2
            y += height + 8
    if not middles:
        y += 20
        parts.append(element("text", empty, x=x, y=y, class_="open"))
    return _Column(parts, middles, y)


def _box(parts: list[Markup], box: _Box, x: float, y: float) -> float:
    """Draw one box, and return its height."""
    texts = wrapped(box.text, _TEXT, 13, 4)
    states = wrapped(box.state, _TEXT, 12, 2)
    height = 14 + LINE * len(texts) + 15 * len(states)
    parts.append(rect(x, y, _COLUMN, height, rx=4, class_="box-open" if box.open else "box"))
    if box.edge is not None:
        parts.append(rect(x, y, 6, height, class_=f"edge-{box.edge}"))
    parts += stacked(texts, x + 18, y + 20, LINE)
    class_ = "open" if box.open else "faint"
    parts += stacked(states, x + 18, y + 20 + LINE * len(texts), 15, class_=class_)
    return height


def _link(y1: float, y2: float, strength: Strength) -> Markup:
    middle = (_COLUMN + _RIGHT) / 2
    path = f"M{_COLUMN} {y1:.1f} C{middle} {y1:.1f} {middle} {y2:.1f} {_RIGHT} {y2:.1f}"
    return element("path", d=path, class_=f"link-{strength}")


def _legend(y: float) -> Sequence[Markup]:
    parts, x = [], 0.0
    for strength in ("full", "partial", "unknown"):
        said = tr(ANSWERED[strength])
        path = f"M{x:g} {y + 8:g} H{x + 44:g}"
        parts.append(element("path", d=path, class_=f"link-{strength}"))
        parts.append(element("text", said, x=x + 52, y=y + 12, class_="faint"))
        x += 80 + rough_width(said, 13)
    return parts
