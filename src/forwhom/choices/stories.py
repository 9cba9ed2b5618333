"""Stories: how each segment would use the offer, from its own needs and words, nothing added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from forwhom.choices.pronouns import job_of_others
from forwhom.choices.storyphrases import LACKS
from forwhom.choices.telling import Teller
from forwhom.documents.canvas import AnyCanvas, canvas_of
from forwhom.documents.canvas.strategy import Competitor
from forwhom.documents.canvas.value import Fit, Need, Offer, Proposition
from forwhom.documents.names import Names
from forwhom.documents.results.stories import Lack, Part, Stories, Story
from forwhom.languages.catalog import language, speaking, tr
from forwhom.wording import amount_words

#: A page tells so many jobs and wishes, and so many fears and pains.
_NEEDS, _OBSTACLES = 3, 3
_FEARED = ("fear", "pain")
_LOW = ("none", "basic")
_RELATIONSHIPS = ("customer_relationships", "customer_engagement", "service_model")
_EXPERIENCED = ("benefits", "relieves", "experience")


def tell_stories(canvas: AnyCanvas, *, segments: Sequence[str] = ()) -> Stories:
    """Tell for each segment how it would use the offer, from its own needs and words.

    A story holds words of the canvas, joined by few of ours in the canvas's language (English,
    German, French, Spanish, Arabic; English for others). Every sentence says from which item it
    comes, and on what evidence that rests. What would have to be known to tell it whole is listed,
    never made up.

    Parameters
    ----------
    canvas
        A canvas, its file, or the folder that holds it.
    segments
        Ids or names of segments to tell of, also of those that are left out; none: all that are
        served or may be.

    Returns
    -------
    Stories
        One for each of these segments.

    Raises
    ------
    DataError
        There is no such segment.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> need = "{id: read, statement: Read a book without buying it, segments: [a]}"
    >>> who = "{id: a, name: Students}"
    >>> text = f"{{forwhom: 1, kind: canvas, segments: [{who}], needs: [{need}]}}"
    >>> story = tell_stories(parse_canvas(text)).stories[0]
    >>> story.chapters[0].sentences[0].text
    'They need to read a book without buying it.'
    >>> story.lacks[0].key
    'segments: description, claims; personas: behaviors'
    """
    known = canvas_of(canvas)
    names = Names("segment", "in the canvas", {one.id: one.name for one in known.segments})
    wanted = {names.find(one) for one in segments}
    chosen = [
        (index, segment)
        for index, segment in enumerate(known.segments)
        if (segment.id in wanted if wanted else segment.status in ("serve", "candidate"))
    ]
    with speaking(known.language):
        return Stories(
            title=known.title,
            language=known.language,
            right_to_left=known.right_to_left,
            told_in=language(),
            stories=[_story(Teller(known, segment, index)) for index, segment in chosen],
        )


def _story(teller: Teller) -> Story:
    for part, tell in _CHAPTERS:
        teller.begin(part)
        tell(teller)
    ours = next((name for name in teller.canvas.names.ours if name.strip()), "")
    told = len(_chosen(teller))
    return Story(
        segment=teller.segment.id,
        name=teller.segment.name,
        number=teller.index + 1,
        title=teller.phrase("title_ours", ours=ours) if ours else teller.phrase("title"),
        chapters=teller.chapters(),
        sources=teller.sources(),
        lacks=list(_lacks(teller)),
        untold=len(teller.needs) - told,
    )


def _chosen(teller: Teller) -> list[Need]:
    """The needs that a page has room for: what matters most to them, in the order of the canvas."""

    def most(needs: Sequence[Need], n: int) -> list[Need]:
        return sorted(needs, key=lambda need: -(need.importance or 0.0))[:n]

    kept = most([n for n in teller.needs if n.kind not in _FEARED], _NEEDS)
    kept += most([n for n in teller.needs if n.kind in _FEARED], _OBSTACLES)
    return [need for need in teller.needs if need in kept]


def _day(teller: Teller) -> None:
    segment, here = teller.segment, ("segments", teller.index)
    teller.say(segment.description, here)
    for index, claim in enumerate(segment.claims):
        teller.say(claim.text, (*here, "claims", index), claim.evidence)
    for index, persona in teller.personas:
        place = ("personas", index)
        if persona.summary.strip():
            teller.tell("persona", place, name=persona.name, summary=persona.summary)
        for part in ("behaviors", "claims"):
            for n, claim in enumerate(getattr(persona, part)):
                teller.say(claim.text, (*place, part, n), claim.evidence)


def _needs(teller: Teller) -> None:
    for index, persona in teller.personas:
        for n, goal in enumerate(persona.goals):
            teller.say(goal.text, ("personas", index, "goals", n), goal.evidence)
    for need in _chosen(teller):
        if need.kind not in _FEARED:
            _need(teller, need)
    for index, persona in teller.personas:
        for n, quote in enumerate(persona.quotes):
            said = {"text": quote.text, "source": quote.source}
            teller.tell("quote", ("personas", index, "quotes", n), **said)


def _obstacles(teller: Teller) -> None:
    for need in _chosen(teller):
        if need.kind in _FEARED:
            _need(teller, need)
    for index, persona in teller.personas:
        for n, barrier in enumerate(persona.barriers):
            teller.say(barrier.text, ("personas", index, "barriers", n), barrier.evidence)


def _need(teller: Teller, need: Need) -> None:
    """Say a need, and what somebody said of it."""
    place = ("needs", teller.canvas.needs.index(need))
    job = job_of_others(need.statement, teller.canvas.language) if need.kind == "job" else None
    if job:
        teller.tell("job", place, need.evidence, job=job)
    else:
        kind = "job_said" if need.kind == "job" else need.kind
        teller.tell(kind, place, need.evidence, statement=need.statement)
    for quote in need.quotes[:1]:
        teller.tell("quote", place, need.evidence, text=quote.text, source=quote.source)


def _today(teller: Teller) -> None:
    for index, one in enumerate(teller.canvas.competitors):
        if teller.segment.id in one.segments:
            _competitor(teller, one, index)
    for index, proposition in teller.propositions:
        positioning = proposition.positioning
        instead = positioning.alternative if positioning else ""
        if instead.strip():
            teller.tell("alternative", ("propositions", index), text=instead)


def _competitor(teller: Teller, one: Competitor, index: int) -> None:
    kind = "nothing" if one.kind == "nothing" else "competitor"
    frame = f"{kind}_offers" if one.offers else kind
    said = {"name": one.name.rstrip("."), "offers": teller.joined(one.offers)}
    teller.tell(frame, ("competitors", index), one.evidence, **said)


def _hears(teller: Teller) -> None:
    for place, note in teller.notes("channels"):
        teller.tell("reached", place, note.evidence, text=note.text)
    for index, one in teller.propositions:
        if one.outreach.strip():
            teller.tell("outreach", ("propositions", index), text=one.outreach)
    skills = teller.segment.digital_literacy
    for message in skills.messages if skills else ():
        place = ("segments", teller.index, "digital_literacy")
        teller.tell("told", place, skills.evidence if skills else (), text=message)
    for index, one in teller.propositions:
        if one.statement and one.statement.headline.strip():
            teller.tell("headline", ("propositions", index), text=one.statement.headline)


def _offer(teller: Teller) -> None:
    for index, one in teller.propositions:
        kind = "offer" if one.description.strip() else "offer_bare"
        said = {"name": one.name, "description": one.description}
        teller.tell(kind, ("propositions", index), one.evidence, **said)


def _use(teller: Teller) -> None:
    for index, one in teller.propositions:
        for n, fit in enumerate(one.fit):
            if fit.need in teller.own:
                _answer(teller, one, fit, ("propositions", index, "fit", n))


def _answer(teller: Teller, one: Proposition, fit: Fit, place: tuple[str | int, ...]) -> None:
    """Say what answers a need, how far, and how."""
    texts = {offer.id: offer.text for offer in one.offers}
    named = teller.joined([texts[i] for i in fit.by]) or teller.phrase("unnamed")
    teller.answer(fit.strength, teller.own[fit.need], place, fit.evidence, offers=named)
    if fit.how.strip() and fit.strength != "none":
        teller.tell("how", place, fit.evidence, text=fit.how)


def _gets(teller: Teller) -> None:
    for index, one in teller.propositions:
        place = ("propositions", index)
        for part in _EXPERIENCED:
            mine = [offer.text for offer in _for_them(teller, one, getattr(one, part))]
            if mine:
                teller.tell(part, place, one.evidence, items=teller.joined(mine))
        if one.specific_value.strip():
            teller.tell("value", place, one.evidence, text=one.specific_value)


def _for_them(teller: Teller, one: Proposition, offers: Iterable[Offer]) -> list[Offer]:
    """The offers of a proposition that are for this segment: it alone has it, or they answer it."""
    alone = one.segments == [teller.segment.id]
    answering = {offer for fit in one.fit if fit.need in teller.own for offer in fit.by}
    return [offer for offer in offers if alone or offer.id in answering]


def _pays(teller: Teller) -> None:
    segment, here = teller.segment, ("segments", teller.index)
    if segment.revenue == "sponsored" and segment.sponsor:
        teller.tell("sponsored", here, sponsor=teller.name_of(segment.sponsor))
    elif segment.revenue is not None:
        kinds = {"pays": "pays", "sponsored": "sponsored_unnamed", "none": "free"}
        teller.tell(kinds[segment.revenue], here)
    for n, paid in enumerate(segment.separate.price if segment.separate else ()):
        worth = amount_words(paid.worth, paid.low, paid.high, paid.unit)
        said = {"aspect": paid.aspect.rstrip("."), "worth": worth}
        frame = "aspect_worth" if worth else "aspect"
        teller.tell(frame, (*here, "separate", "price", n), paid.evidence, **said)
    for place, note in teller.notes("revenue_streams"):
        teller.tell("money", place, note.evidence, text=note.text)


def _after(teller: Teller) -> None:
    for topic in _RELATIONSHIPS:
        for place, note in teller.notes(topic):
            teller.tell("relationship", place, note.evidence, text=note.text)
    for index, kpi in enumerate(teller.canvas.kpis):
        if teller.segment.id in kpi.segments:
            kind = "kpi_target" if kpi.target.strip() else "kpi"
            teller.tell(kind, ("kpis", index), name=kpi.name, target=kpi.target)


def _open(teller: Teller) -> None:
    for index, one in enumerate(teller.canvas.hypotheses):
        result = one.learning.result if one.learning else "untested"
        if teller.segment.id in one.segments and result != "supported":
            evidence = one.learning.evidence if one.learning else ()
            teller.tell(result, ("hypotheses", index), evidence, statement=one.statement)
    asked = [(("segments", teller.index), teller.segment.open_questions)]
    asked += [(("personas", index), persona.open_questions) for index, persona in teller.personas]
    for place, questions in asked:
        for question in questions:
            teller.say(question, place)


_CHAPTERS: tuple[tuple[Part, Callable[[Teller], None]], ...] = (
    ("day", _day),
    ("needs", _needs),
    ("obstacles", _obstacles),
    ("today", _today),
    ("hears", _hears),
    ("offer", _offer),
    ("use", _use),
    ("gets", _gets),
    ("pays", _pays),
    ("after", _after),
    ("open", _open),
)
#: Where in the canvas that would stand which a chapter lacks.
_KEYS: dict[Part, str] = {
    "day": "segments: description, claims; personas: behaviors",
    "needs": "needs: segments",
    "obstacles": "needs: kind: fear, pain; personas: barriers",
    "today": "competitors: segments",
    "hears": "blocks: channels; propositions: outreach",
    "offer": "propositions: segments",
    "use": "propositions: fit",
    "gets": "propositions: benefits, relieves, experience, specific_value",
    "pays": "segments: revenue, sponsor, separate: price",
    "after": "blocks: customer_relationships",
}


def _lacks(teller: Teller) -> Iterator[Lack]:
    told = {chapter.part: chapter for chapter in teller.chapters()}
    for part, key in _KEYS.items():
        if part not in told or (part == "needs" and not teller.needs):
            yield Lack(part=part, text=tr(LACKS[part]), key=key)
        elif part == "needs" and not teller.quoted:
            yield Lack(part=part, text=tr(LACKS["words"]), key="needs: quotes; personas: quotes")
    skills = teller.segment.digital_literacy
    if skills is not None and skills.level in _LOW and not skills.messages:
        key = "segments: digital_literacy: messages"
        yield Lack(part="hears", text=tr(LACKS["messages"]), key=key)
    if not any(source.evidence for source in teller.sources()):
        yield Lack(part="day", text=tr(LACKS["evidence"]), key="evidence")
