"""Sections about value: needs, propositions, and the other ways to get the job done."""

from collections.abc import Iterator
from typing import get_args

from forwhom.documents.canvas.keynames import STEPS
from forwhom.documents.canvas.kinds import JobStep
from forwhom.documents.canvas.strategy import OURS, ValueCurve
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.languages.catalog import later, tr
from forwhom.report.canvas.cards import OFFERS, need_kind, rated, value_words
from forwhom.report.canvas.entries import Entry, Section, Shelf, facts, lists, quoted_words
from forwhom.wording import beside, lowered, number, opened


def needs(shelf: Shelf) -> Section:
    """Return the needs: how important, how well met, and what people said."""
    entries = tuple(_need(shelf, n, i) for i, n in enumerate(shelf.canvas.needs))
    return Section("needs", tr("What they need"), entries)


def _need(shelf: Shelf, need: Need, index: int) -> Entry:
    quotes = [quoted_words(quote) for quote in need.quotes]
    rating = rated(need)
    return Entry(
        title=need.statement,
        subtitle=" · ".join(w for w in (need_kind(need), rating) if w),
        marks=shelf.marks(need.segments),
        facts=facts(
            rated_by="" if rating else need.rated_by,
            belongs_to=shelf.statements.get(need.of or "", ""),
            step=need.step or "",
        ),
        lists=lists([*_job_map(shelf, need), (later("In their words"), quotes)]),
        supports=shelf.supports(need.evidence, ("needs", index)),
        suspect=shelf.is_suspect(("needs", index)),
    )


def _job_map(shelf: Shelf, job: Need) -> Iterator[tuple[str, list[str]]]:
    """What belongs to a job: its map, step by step, and what is related to it as a whole."""
    parts = [need for need in shelf.canvas.needs if need.of == job.id]
    if any(need.step for need in parts):
        for place, step in enumerate(get_args(JobStep), 1):
            at = [_part(need) for need in parts if need.step == step]
            yield f"{place} {tr(STEPS[step])}", at or [tr("nobody has said what happens here")]
    whole = [need for need in parts if need.step is None]
    yield later("Related jobs"), [need.statement for need in whole if need.kind == "job"]
    yield later("Of the job as a whole"), [_part(need) for need in whole if need.kind != "job"]


def _part(need: Need) -> str:
    return f"{need.statement} ({', '.join([lowered(need_kind(need)), *_rating(need)])})"


def _rating(need: Need) -> list[str]:
    rating = rated(need)
    return [lowered(rating)] if rating else []


def propositions(shelf: Shelf) -> Section:
    """Return the propositions: what is offered, and which needs it answers how far."""
    entries = tuple(_proposition(shelf, p, i) for i, p in enumerate(shelf.canvas.propositions))
    return Section("propositions", tr("What we offer"), entries)


def _proposition(shelf: Shelf, one: Proposition, index: int) -> Entry:
    statement, positioning = one.statement, one.positioning
    offers = {offer.id: offer.text for offer in one.offers}
    fits = []
    for fit in one.fit:
        by = ", ".join(offers.get(i, i) for i in fit.by)
        more = beside(w for w in (tr("by {offers}", offers=by) if by else "", fit.how) if w)
        need = shelf.statements.get(fit.need, fit.need)
        fits.append(f"{need}: {tr(_FIT[fit.strength])}{f' ({more})' if more else ''}")
    made = [(label, [o.text for o in getattr(one, name)]) for name, label in OFFERS.items()]
    benefits = statement.benefits if statement else []
    supports = shelf.supports(one.evidence, ("propositions", index))
    for place, fit in enumerate(one.fit):
        supports += shelf.supports(fit.evidence, ("propositions", index, "fit", place))
    return Entry(
        title=one.name,
        subtitle=value_words(one.values),
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
        lists=lists(
            [*made, (later("Benefits as customers read them"), benefits), (later("Needs"), fits)]
        ),
        supports=supports,
        suspect=shelf.is_suspect(("propositions", index)),
    )


_FIT = {
    "unknown": later("nobody knows yet how far"),
    "none": later("not answered"),
    "partial": later("partly answered"),
    "full": later("answered"),
}


def competitors(shelf: Shelf) -> Section:
    """Return other ways to get the job done, and value curves beside them."""
    kinds = {
        "nothing": tr("Doing nothing"),
        "competitor": tr("Competitor"),
        "substitute": tr("Substitute"),
        "workaround": tr("Workaround"),
    }
    entries = [
        Entry(
            title=one.name,
            subtitle=kinds.get(one.kind, opened(one.kind)),
            marks=shelf.marks(one.segments),
            lists=lists([(later("Offers"), one.offers), (later("For whom"), one.target_segments)]),
            supports=shelf.supports(one.evidence, ("competitors", index)),
            suspect=shelf.is_suspect(("competitors", index)),
        )
        for index, one in enumerate(shelf.canvas.competitors)
    ]
    entries += [_curve(shelf, curve) for curve in shelf.canvas.value_curves]
    return Section("competitors", tr("What else they could choose"), tuple(entries))


def _curve(shelf: Shelf, curve: ValueCurve) -> Entry:
    names = {one.id: one.name for one in shelf.canvas.competitors} | {OURS: tr("ours")}
    points = [
        f"{point.criterion}: "
        + ", ".join(f"{names.get(k, k)} {number(score)}" for k, score in point.scores.items())
        for point in curve.points
    ]
    return Entry(
        title=tr("Value curve for {segment}", segment=shelf.names_of([curve.segment])),
        subtitle=tr("0 is bad, 10 is excellent"),
        marks=shelf.marks([curve.segment]),
        lists=lists([("", points)]),
    )
