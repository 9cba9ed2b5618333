from collections.abc import Sequence

from forwhom.choices.opportunities import number_source, rank_opportunities
from forwhom.choices.positioning import position
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.keynames import VALUES
from forwhom.documents.canvas.kinds import JobKind, Value
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.documents.results import (
    AnsweredNeed,
    FitOffer,
    Fits,
    Opportunities,
    RankedNeed,
    SegmentFit,
    Unmatched,
)
from forwhom.documents.results.fits import OfferPart, Strength
from forwhom.languages.catalog import later, tr, tr_count, tr_in, whole
from forwhom.wording import joined, listed, quoted

#: Needs of at least this importance, of 10, are called important.
IMPORTANT = 7.0
_ORDER: tuple[Strength, ...] = ("none", "unknown", "partial", "full")
_ANSWERED: tuple[Strength, ...] = ("partial", "full")
_VALUES: tuple[Value, ...] = ("functional", "monetary", "social", "psychological")
#: The kind of value that each kind of job asks for.
_ASKED: dict[JobKind, Value] = {
    "functional": "functional",
    "emotional": "psychological",
    "social": "social",
}
_PARTS: tuple[OfferPart, ...] = ("products", "features", "benefits", "relieves", "experience")
#: What is said where a canvas holds nothing of a kind.
_NOTHING = {
    "segments": later("The canvas has no segments yet: add groups of people under 'segments'."),
    "needs": later(
        "The canvas has no needs yet: add them under 'needs', with the 'segments' that have them."
    ),
    "propositions": later(
        "The canvas has no propositions yet: add them under 'propositions', with their 'segments' "
        "and, need by need, their 'fit'."
    ),
}
#: Parts of a proposition and of its statement, as a sentence names them.
_CALLED = {
    "headline": later("headline"),
    "subheadline": later("subheadline"),
    "problem": later("problem"),
    "benefits": later("benefits"),
    "target market": later("target market"),
    "specific value": later("specific value"),
    "outreach": later("outreach"),
}
#: What a fit says, in this order.
_TOLD = (
    later("Important and not answered: {what}."),
    later("Fears and pains that nothing relieves: {what}."),
    later("Answered, and nobody has said how far: {what}."),
    later("Less important and not answered: {what}."),
    later("Not answered, and nobody has said how important: {what}."),
    later("Offers that answer no need: {what}."),
    later("Its jobs ask for value that the proposition does not claim: {what}."),
    later("Kinds of value not covered: {what}."),
    later("Missing in the statement: {what}."),
    later("Missing in the proposition: {what}."),
)
_HOW_FAR: dict[Strength, str] = {
    "full": later("{n} answered in full"),
    "partial": later("{n} answered in part"),
    "unknown": later("{n} where nobody has said how far"),
    "none": later("{n} not answered"),
}


def fit_of(canvas: Canvas, ranked: Opportunities | None = None) -> Fits:
    """Say how far each proposition answers the needs of each segment that it is for."""
    numbers = rank_opportunities(canvas) if ranked is None else ranked
    fits = [
        _fit(canvas, segment, proposition, numbers)
        for segment in canvas.segments
        for proposition in canvas.propositions
        if segment.id in proposition.segments
    ]
    served = {fit.segment for fit in fits}
    return Fits(
        title=canvas.title,
        language=canvas.language,
        fits=fits,
        without_proposition=[
            Unmatched(id=s.id, name=s.name)
            for s in canvas.segments
            if s.id not in served and s.status in ("candidate", "serve")
        ],
        without_segment=[
            Unmatched(id=p.id, name=p.name) for p in canvas.propositions if not p.segments
        ],
        notes=_notes(canvas),
    )


def _notes(canvas: Canvas) -> list[str]:
    notes = [tr(said) for what, said in _NOTHING.items() if not getattr(canvas, what)]
    homeless = [quoted(need.statement) for need in canvas.needs if not need.segments]
    if homeless:
        notes.append(
            tr(
                "Nobody says whose needs these are, so they count nowhere: {needs}.",
                needs=listed(homeless),
            )
        )
    return notes


def _fit(
    canvas: Canvas,
    segment: CanvasSegment,
    proposition: Proposition,
    ranked: Opportunities,
) -> SegmentFit:
    numbers = _numbers(segment.id, ranked)
    needs = [
        _answered(need, proposition, numbers[need.id])
        for need in canvas.needs
        if segment.id in need.segments
    ]
    offers = _offers(proposition)
    missing = [value for value in _VALUES if value not in proposition.values]
    asked = {_ASKED[need.job] for need in needs if need.job is not None}
    found = SegmentFit(
        segment=segment.id,
        segment_name=segment.name,
        proposition=proposition.id,
        proposition_name=proposition.name,
        needs=needs,
        offers=offers,
        unaddressed=[n.need for n in needs if n.important and n.strength == "none"],
        unrelieved=[n.need for n in needs if n.kind in ("fear", "pain") and n.strength == "none"],
        idle=[offer.id for offer in offers if not offer.needs],
        values=[value for value in _VALUES if value in proposition.values],
        values_missing=missing,
        values_asked=[value for value in missing if value in asked],
        statement_missing=_statement_missing(proposition),
        proposition_missing=_proposition_missing(proposition),
        positioning=position(canvas, segment, proposition, needs),
        sentences=[],
    )
    return found.model_copy(update={"sentences": _sentences(found)})


def _numbers(segment: str, ranked: Opportunities) -> dict[str, RankedNeed]:
    """Return the numbers of needs: of this segment where it has its own, else of everybody."""
    found = {row.need: row for row in ranked.everybody.needs}
    for ranking in ranked.segments:
        if ranking.segment == segment:
            found |= {row.need: row for row in ranking.needs if row.importance is not None}
    return found


def _answered(need: Need, proposition: Proposition, numbers: RankedNeed) -> AnsweredNeed:
    entries = [fit for fit in proposition.fit if fit.need == need.id]
    strength: Strength = max((e.strength for e in entries), key=_ORDER.index, default="none")
    # What is said not to answer it answers nothing, whatever the list beside it says.
    by = dict.fromkeys(offer for e in entries if e.strength != "none" for offer in e.by)
    withheld = numbers.numbers_from == "withheld"
    importance = need.importance if withheld else numbers.importance
    return AnsweredNeed(
        need=need.id,
        statement=need.statement,
        kind=need.kind,
        job=need.job,
        importance=importance,
        importance_from=number_source(need) if withheld else numbers.numbers_from,
        important=importance is not None and importance >= IMPORTANT,
        strength=strength,
        listed=bool(entries),
        by=list(by),
        how=" ".join(e.how for e in entries if e.how),
        backed=any(e.evidence for e in entries),
    )


def _offers(proposition: Proposition) -> list[FitOffer]:
    answers: dict[str, list[str]] = {}
    for fit in proposition.fit:
        if fit.strength != "none":
            for offer in fit.by:
                answers.setdefault(offer, []).append(fit.need)
    return [
        FitOffer(
            id=offer.id,
            text=offer.text,
            part=part,
            needs=list(dict.fromkeys(answers.get(offer.id, ()))),
        )
        for part in _PARTS
        for offer in getattr(proposition, part)
    ]


def _statement_missing(proposition: Proposition) -> list[str]:
    said = proposition.statement
    parts = {
        "headline": said.headline if said else "",
        "subheadline": said.subheadline if said else "",
        "problem": said.problem if said else "",
        "benefits": "".join(said.benefits) if said else "",
    }
    return [name for name, text in parts.items() if not text.strip()]


def _proposition_missing(proposition: Proposition) -> list[str]:
    parts = {
        "target market": proposition.target_market,
        "specific value": proposition.specific_value,
        "outreach": proposition.outreach,
    }
    return [name for name, text in parts.items() if not text.strip()]


def _sentences(fit: SegmentFit) -> list[str]:
    if not fit.needs:
        return [tr("The canvas names no need of this segment, so nothing can fit.")]
    statement = {need.need: quoted(need.statement) for need in fit.needs}
    text = {offer.id: quoted(offer.text) for offer in fit.offers}
    said = [_summary(fit.needs)]
    told = {*fit.unaddressed, *fit.unrelieved}
    unsaid = [statement[n.need] for n in fit.needs if n.strength == "unknown"]
    others = [n for n in fit.needs if n.strength == "none" and n.need not in told]
    minor = [n.need for n in others if n.importance is not None]
    unrated = [n.need for n in others if n.importance is None]
    parts = [[tr(_CALLED[part]) for part in lacking]
             for lacking in (fit.statement_missing, fit.proposition_missing)]  # fmt: skip
    values = [[tr_in("kind of value", VALUES[value]) for value in kinds]
              for kinds in (fit.values_asked, fit.values_missing)]  # fmt: skip
    for found, sentence in zip(
        (
            [statement[n] for n in fit.unaddressed],
            [statement[n] for n in fit.unrelieved],
            unsaid,
            [statement[n] for n in minor],
            [statement[n] for n in unrated],
            [text[o] for o in fit.idle],
            *values,
            *parts,
        ),
        _TOLD,
        strict=True,
    ):
        if found:
            said.append(tr(sentence, what=listed(found)))
    return said


def _summary(needs: Sequence[AnsweredNeed]) -> str:
    """Return how many needs are answered how far, and on what that rests."""
    numbers = {s: sum(n.strength == s for n in needs) for s in _HOW_FAR}
    parts = [tr(said, n=whole(numbers[s])) for s, said in _HOW_FAR.items() if numbers[s]]
    all_needs = tr_count("{n} need", "{n} needs", len(needs))
    said = [f"{all_needs}: {joined(parts)}."]
    backed = sum(n.backed for n in needs if n.strength in _ANSWERED)
    answered = sum(n.strength in _ANSWERED for n in needs)
    if answered and backed:
        said.append(
            tr_count(
                "Of the {all} answered, {n} cites evidence.",
                "Of the {all} answered, {n} cite evidence.",
                backed,
                all=whole(answered),
            )
        )
    elif answered:
        said.append(tr("Of the {all} answered, none cites evidence.", all=whole(answered)))
    unrated = sum(n.importance is None for n in needs)
    if unrated:
        said.append(tr("Nobody has rated the importance of {n}.", n=whole(unrated)))
    return " ".join(said)
