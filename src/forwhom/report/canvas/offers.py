"""Sections about value: needs, propositions, and the other ways to get the job done."""

from forwhom.documents.canvas.strategy import OURS, ValueCurve
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.report.canvas.cards import OFFERS, need_kind, rated
from forwhom.report.canvas.entries import Entry, Section, Shelf, facts, lists
from forwhom.wording import number, opened


def needs(shelf: Shelf) -> Section:
    """Return the needs: how important, how well met, and what people said."""
    entries = tuple(_need(shelf, n, i) for i, n in enumerate(shelf.canvas.needs))
    return Section("needs", "What they need", entries)


def _need(shelf: Shelf, need: Need, index: int) -> Entry:
    quotes = [
        f"“{q.text}” ({', '.join(w for w in (q.source, q.date or '') if w)})" for q in need.quotes
    ]
    rating = rated(need)
    return Entry(
        title=need.statement,
        subtitle=" · ".join(w for w in (need_kind(need), rating) if w),
        marks=shelf.marks(need.segments),
        facts=facts(rated_by="" if rating else need.rated_by),
        lists=lists([("In their words", quotes)]),
        supports=shelf.supports(need.evidence, ("needs", index)),
        suspect=shelf.is_suspect(("needs", index)),
    )


def propositions(shelf: Shelf) -> Section:
    """Return the propositions: what is offered, and which needs it answers how far."""
    entries = tuple(_proposition(shelf, p, i) for i, p in enumerate(shelf.canvas.propositions))
    return Section("propositions", "What we offer", entries)


def _proposition(shelf: Shelf, one: Proposition, index: int) -> Entry:
    statement, positioning = one.statement, one.positioning
    offers = {offer.id: offer.text for offer in one.offers}
    fits = []
    for fit in one.fit:
        by = ", ".join(offers.get(i, i) for i in fit.by)
        more = "; ".join(w for w in (f"by {by}" if by else "", fit.how) if w)
        need = shelf.statements.get(fit.need, fit.need)
        fits.append(f"{need}: {_FIT[fit.strength]}{f' ({more})' if more else ''}")
    made = [(label, [o.text for o in getattr(one, name)]) for name, label in OFFERS.items()]
    benefits = statement.benefits if statement else []
    supports = shelf.supports(one.evidence, ("propositions", index))
    for place, fit in enumerate(one.fit):
        supports += shelf.supports(fit.evidence, ("propositions", index, "fit", place))
    return Entry(
        title=one.name,
        subtitle=opened(f"{', '.join(one.values)} value") if one.values else "",
        marks=shelf.marks(one.segments),
        facts=facts(
            headline=statement.headline if statement else "",
            subheadline=statement.subheadline if statement else "",
            problem=statement.problem if statement else "",
            category=positioning.category if positioning else "",
            key_benefit=positioning.benefit if positioning else "",
            instead_of=positioning.alternative if positioning else "",
            difference=positioning.difference if positioning else "",
            target_market=one.target_market,
            specific_value=one.specific_value,
            outreach=one.outreach,
        ),
        texts=(one.description,) if one.description else (),
        lists=lists([*made, ("Benefits as customers read them", benefits), ("Needs", fits)]),
        supports=supports,
        suspect=shelf.is_suspect(("propositions", index)),
    )


_FIT = {
    "unknown": "nobody knows yet how far",
    "none": "not answered",
    "partial": "partly answered",
    "full": "answered",
}


def competitors(shelf: Shelf) -> Section:
    """Return other ways to get the job done, and value curves beside them."""
    kinds = {"nothing": "Doing nothing"}
    entries = [
        Entry(
            title=one.name,
            subtitle=kinds.get(one.kind, opened(one.kind)),
            marks=shelf.marks(one.segments),
            lists=lists([("Offers", one.offers), ("For whom", one.target_segments)]),
            supports=shelf.supports(one.evidence, ("competitors", index)),
            suspect=shelf.is_suspect(("competitors", index)),
        )
        for index, one in enumerate(shelf.canvas.competitors)
    ]
    entries += [_curve(shelf, curve) for curve in shelf.canvas.value_curves]
    return Section("competitors", "What else they could choose", tuple(entries))


def _curve(shelf: Shelf, curve: ValueCurve) -> Entry:
    names = {one.id: one.name for one in shelf.canvas.competitors} | {OURS: "ours"}
    points = [
        f"{point.criterion}: "
        + ", ".join(f"{names.get(k, k)} {number(score)}" for k, score in point.scores.items())
        for point in curve.points
    ]
    return Entry(
        title=f"Value curve for {shelf.names_of([curve.segment])}",
        subtitle="0 is bad, 10 is excellent",
        marks=shelf.marks([curve.segment]),
        lists=lists([("", points)]),
    )
