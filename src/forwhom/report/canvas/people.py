"""Sections about people: segments, personas, participants."""

from collections.abc import Iterator

from forwhom.documents.canvas.keynames import BASES, CRITERIA, MARKETS, SKILLS, STRENGTHS, roles_of
from forwhom.documents.canvas.kinds import Standing
from forwhom.documents.canvas.people import CanvasSegment, Participant
from forwhom.documents.canvas.personas import Image, Persona
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import later, tr
from forwhom.report.canvas.cards import BUTI, STATUSES, paying, size_words
from forwhom.report.canvas.entries import (
    Entry,
    Said,
    Section,
    Shelf,
    facts,
    lists,
    quoted_words,
    told_once,
)
from forwhom.report.canvas.pictures import credit, pictures_of
from forwhom.wording import amount_words, joined, number

#: For which customer a persona stands.
CUSTOMERS = {
    "current": later("a customer of today"),
    "important": later("an important customer"),
    "hoped-for": later("a customer we hope for"),
}
#: Parts of a persona that hold claims, in the order of its sheet.
_PARTS = {
    "goals": later("What they want to achieve"),
    "barriers": later("What stands in their way"),
    "behaviors": later("What they do"),
    "psychographics": later("What they think and value"),
    "sociographics": later("With whom they live and work"),
    "demographics": later("What a census asks"),
}
_ASKED = {
    "goals": later("What do they want to achieve?"),
    "barriers": later("What stands in their way?"),
    "behaviors": later("What do they do, and have in common?"),
}
STANCES = {
    "supports": later("supports it"),
    "neutral": later("is neutral"),
    "opposes": later("opposes it"),
    "unknown": later("nobody knows whether they are for it"),
}

#: What the data say that a segment is.
STANDINGS: dict[Standing, str] = {
    "group": later("a group of its own"),
    "slice": later("a slice of one continuum"),
    "band": later("a band of a sliding scale"),
    "cut": later("a cut through customers who differ by degrees"),
    "unproven": later("a part of the customers; nothing shows that it stands apart"),
}


def segments(shelf: Shelf) -> Section:
    """Return the segments: what the team decided, how large they are, what is said of them."""
    entries = tuple(_segment(shelf, s, i) for i, s in enumerate(shelf.canvas.segments))
    left_out = shelf.canvas.not_for
    if left_out:
        entries += (Entry(tr("Left out on purpose"), lists=(("", tuple(left_out)),)),)
    return Section("segments", tr("For whom"), entries)


def exchanges(shelf: Shelf) -> Section:
    """Return what each side of a market brings to another, and what happens without it."""
    entries = tuple(
        Entry(
            title=f"{one.giver} → {one.receiver}",
            texts=(one.brings,),
            facts=facts(without_it=one.without, won_first_by=one.first),
            supports=shelf.supports(one.evidence, ("exchanges", index)),
            suspect=shelf.is_suspect(("exchanges", index)),
        )
        for index, one in enumerate(shelf.canvas.exchanges)
    )
    return Section("exchanges", tr("What each side brings to the other"), entries)


def _segment(shelf: Shelf, segment: CanvasSegment, index: int) -> Entry:
    size, decision, skills = segment.size, segment.decision, segment.digital_literacy
    here = ("segments", index)
    supports = shelf.supports(size.evidence if size else (), (*here, "size"))
    supports += shelf.supports(decision.evidence if decision else (), (*here, "decision"))
    supports += shelf.supports(skills.evidence if skills else (), (*here, "digital_literacy"))
    return Entry(
        title=segment.name,
        subtitle=" · ".join([tr(STATUSES[segment.status]), *size_words(segment)]),
        number=index + 1,
        marks=(index + 1,),
        facts=facts(
            part=joined([tr(BUTI[b]) for b in segment.buti]),
            why=decision.reason if decision else "",
            decided=", ".join(w for w in (decision.date or "", decision.by) if w)
            if decision
            else "",
            told_apart_by=joined([tr(BASES[one]) for one in segment.bases]),
            in_the_data=tr(STANDINGS[segment.standing]) if segment.standing else "",
            market=tr(MARKETS[segment.market_type]) if segment.market_type else "",
            side=segment.side,
            money=paying(segment, shelf),
            power="" if segment.power == 1 else tr("{score} of 1", score=number(segment.power)),
            size_known_from=size.source if size else "",
            digital_skills=_skills(segment),
        ),
        texts=(segment.description,) if segment.description else (),
        lists=lists(
            [
                (later("Said at their level"), skills.messages if skills else ()),
                (later("Messages and materials must"), skills.tasks if skills else ()),
            ]
        ),
        grouped=_separate(shelf, segment, here),
        claims=shelf.claims(segment.claims, here),
        supports=supports,
        open_questions=tuple(segment.open_questions),
        suspect=shelf.is_suspect(here),
    )


def _skills(segment: CanvasSegment) -> str:
    skills = segment.digital_literacy
    if skills is None:
        return ""
    how = [tr("measured by {how}", how=skills.measured_by)] if skills.measured_by else []
    if not how and skills.assumed_from:
        how = [tr("assumed from {what}", what=skills.assumed_from)]
    return joined([tr(SKILLS[skills.level]), *how, *([skills.date] if skills.date else [])])


def _separate(
    shelf: Shelf, segment: CanvasSegment, here: Location
) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """What makes it a segment of its own, criterion by criterion."""
    own = segment.separate
    if own is None:
        return ()
    made: list[Said] = []
    for name in ("offer", "channel", "relationship", "profitability"):
        trait = getattr(own, name)
        if trait is not None:
            by = f" ({trait.by})" if trait.by else ""
            text = f"{tr(CRITERIA[name])}: {trait.text}{by}"
            made.append(shelf.said(text, trait.evidence, (*here, "separate", name)))
    for index, paid in enumerate(own.price):
        amount = amount_words(paid.worth, paid.low, paid.high, paid.unit)
        what = f"{paid.aspect}, {amount}" if amount else paid.aspect
        text = tr("Pays for: {what}", what=what)
        made.append(shelf.said(text, paid.evidence, (*here, "separate", "price", index)))
    return ((tr("What makes it a segment of its own"), tuple(made)),) if made else ()


def personas(shelf: Shelf) -> Section:
    """Return the personas: claims with their evidence, and what nobody knows yet."""
    entries = tuple(_persona(shelf, p, i) for i, p in enumerate(shelf.canvas.personas))
    intro = tr("Typical values are medians and most common answers; nobody’s record is shown.")
    return Section("personas", tr("Personas"), entries, intro)


def _persona(shelf: Shelf, persona: Persona, index: int) -> Entry:
    here = ("personas", index)
    needs = [n for n in shelf.canvas.needs if persona.segment in n.segments]
    needs = [n for n in needs if not persona.needs or n.id in persona.needs]
    quotes = [*persona.quotes, *(quote for need in needs for quote in need.quotes)]
    done = tuple(
        shelf.said(need.statement, need.evidence, ("needs", shelf.canvas.needs.index(need)))
        for need in needs
    )
    grouped = [
        (tr("What matters for the design, and why"), _design(shelf, persona, here)),
        (tr("What must get done"), done),
        *(
            (tr(said), shelf.claims(getattr(persona, part), here, part))
            for part, said in _PARTS.items()
        ),
    ]
    return Entry(
        title=persona.name,
        subtitle=_stands_for(shelf, persona),
        marks=shelf.marks([persona.segment]),
        facts=tuple(persona.typical.items()),
        texts=(persona.summary,) if persona.summary else (),
        lists=lists(
            [
                (later("In their words"), [quoted_words(q) for q in quotes]),
                (
                    later("Pictures"),
                    [_picture(one) for one in (persona.image, *persona.world) if one],
                ),
            ]
        ),
        grouped=told_once(grouped),
        pictures=pictures_of(
            shelf.canvas, persona, index, (shelf.marks([persona.segment]) or (1,))[0]
        ),
        claims=shelf.claims(persona.claims, here),
        supports=shelf.supports(persona.evidence, here),
        open_questions=(*persona.open_questions, *_open(persona, done)),
        suspect=shelf.is_suspect(here),
    )


def _stands_for(shelf: Shelf, persona: Persona) -> str:
    whom = tr("Stands for {segment}", segment=shelf.names_of([persona.segment]))
    return f"{whom} · {tr(CUSTOMERS[persona.customer])}" if persona.customer else whom


def _design(shelf: Shelf, persona: Persona, here: tuple[str, int]) -> tuple[Said, ...]:
    """What matters for the product, each with its reason."""
    return tuple(
        shelf.said(
            f"{one.text} – {one.why}" if one.why else one.text,
            one.evidence,
            (*here, "design_relevant", i),
        )
        for i, one in enumerate(persona.design_relevant)
    )


def _picture(image: Image) -> str:
    """What a picture shows, where it is, whose it is, and what allows to show it."""
    whose = f"{image.file}, {credit(image)}"
    return f"{image.alt} ({whose})" if image.alt else whose


def _open(persona: Persona, done: tuple[Said, ...]) -> Iterator[str]:
    """What a persona does not say although its sheet has a place for it."""
    known = {"goals": persona.goals, "barriers": persona.barriers, "behaviors": persona.behaviors}
    told = persona.customer is not None or any(known.values()) or bool(persona.design_relevant)
    if not told:  # a persona of the short form, which asks its questions itself
        return
    missing = [tr(_ASKED[part]) for part, claims in known.items() if not claims]
    yield from missing
    if not done:
        yield tr("What must they get done?")
    if persona.customer is None:
        yield tr("Is it a customer of today, an important one, or one that we hope for?")
    if not persona.design_relevant:
        yield tr("Which of these facts matter for what we build?")


def participants(shelf: Shelf) -> Section:
    """Return who takes part in the purchase, who influences whom, and who can stop it."""
    entries = tuple(_participant(shelf, p, i) for i, p in enumerate(shelf.canvas.participants))
    return Section("participants", tr("Who takes part in the purchase"), entries)


def _participant(shelf: Shelf, one: Participant, index: int) -> Entry:
    arrows = [
        f"{shelf.names_of([a.on])} ({tr(STRENGTHS[a.strength])}){f': {a.note}' if a.note else ''}"
        for a in one.influences
    ]
    return Entry(
        title=one.name,
        subtitle=joined([w for w in (one.organization, *roles_of(one.roles)) if w]),
        marks=shelf.marks(one.segments),
        facts=facts(
            stance=tr(STANCES[one.stance]),
            veto=veto_words(shelf, one),
            takes_part_for=shelf.names_of(one.segments),
            kind=tr("a particular person") if one.kind == "person" else "",
            notes=one.notes,
        ),
        lists=lists([(later("Influences"), arrows)]),
        supports=shelf.supports(one.evidence, ("participants", index)),
        suspect=shelf.is_suspect(("participants", index)),
    )


def veto_words(shelf: Shelf, one: Participant) -> str:
    """Return whose decision somebody can stop; empty for nobody's."""
    if one.vetoes:
        return tr("can stop {whom}", whom=shelf.names_of(one.vetoes))
    return tr("can stop the purchase alone") if one.veto else ""
