"""Sections about people: segments, personas, participants."""

from forwhom.documents.canvas.kinds import Standing
from forwhom.documents.canvas.people import CanvasSegment, Participant
from forwhom.report.canvas.cards import BUTI, STATUSES, paying, size_words
from forwhom.report.canvas.entries import Entry, Section, Shelf, facts, lists
from forwhom.wording import number

STANCES = {
    "supports": "supports it",
    "neutral": "is neutral",
    "opposes": "opposes it",
    "unknown": "nobody knows whether they are for it",
}

#: What the data say that a segment is.
STANDINGS: dict[Standing, str] = {
    "group": "a group of its own",
    "slice": "a slice of one continuum",
    "band": "a band of a sliding scale",
    "cut": "a cut through customers who differ by degrees",
    "unproven": "a part of the customers; nothing shows that it stands apart",
}


def segments(shelf: Shelf) -> Section:
    """Return the segments: what the team decided, how large they are, what is said of them."""
    entries = tuple(_segment(shelf, s, i) for i, s in enumerate(shelf.canvas.segments))
    left_out = shelf.canvas.not_for
    if left_out:
        entries += (Entry("Left out on purpose", lists=(("", tuple(left_out)),)),)
    return Section("segments", "For whom", entries)


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
    return Section("exchanges", "What each side brings to the other", entries)


def _segment(shelf: Shelf, segment: CanvasSegment, index: int) -> Entry:
    size, decision, skills = segment.size, segment.decision, segment.digital_literacy
    here = ("segments", index)
    supports = shelf.supports(size.evidence if size else (), (*here, "size"))
    supports += shelf.supports(decision.evidence if decision else (), (*here, "decision"))
    supports += shelf.supports(skills.evidence if skills else (), (*here, "digital_literacy"))
    return Entry(
        title=segment.name,
        subtitle=" · ".join([STATUSES[segment.status], *size_words(segment)]),
        number=index + 1,
        marks=(index + 1,),
        facts=facts(
            part=", ".join(BUTI[b] for b in segment.buti),
            why=decision.reason if decision else "",
            decided=", ".join(w for w in (decision.date or "", decision.by) if w)
            if decision
            else "",
            told_apart_by=", ".join(segment.bases),
            in_the_data=STANDINGS[segment.standing] if segment.standing else "",
            market=segment.market_type or "",
            side=segment.side,
            money=paying(segment, shelf),
            power="" if segment.power == 1 else f"{number(segment.power)} of 1",
            size_known_from=size.source if size else "",
            digital_skills=_skills(segment),
        ),
        texts=(segment.description,) if segment.description else (),
        lists=lists([("Messages and materials must", skills.tasks if skills else ())]),
        claims=shelf.claims(segment.claims, here),
        supports=supports,
        open_questions=tuple(segment.open_questions),
        suspect=shelf.is_suspect(here),
    )


def _skills(segment: CanvasSegment) -> str:
    skills = segment.digital_literacy
    if skills is None:
        return ""
    how = [f"measured by {skills.measured_by}"] if skills.measured_by else []
    return ", ".join([skills.level, *how, *([skills.date] if skills.date else [])])


def personas(shelf: Shelf) -> Section:
    """Return the personas: claims with their evidence, and what nobody knows yet."""
    entries = tuple(
        Entry(
            title=persona.name,
            subtitle=f"Stands for {shelf.names_of([persona.segment])}",
            marks=shelf.marks([persona.segment]),
            facts=tuple(persona.typical.items()),
            texts=(persona.summary,) if persona.summary else (),
            claims=shelf.claims(persona.claims, ("personas", index)),
            open_questions=tuple(persona.open_questions),
            suspect=shelf.is_suspect(("personas", index)),
        )
        for index, persona in enumerate(shelf.canvas.personas)
    )
    intro = "Typical values are medians and most common answers; nobody’s record is shown."
    return Section("personas", "Personas", entries, intro)


def participants(shelf: Shelf) -> Section:
    """Return who takes part in the purchase, who influences whom, and who can stop it."""
    entries = tuple(_participant(shelf, p, i) for i, p in enumerate(shelf.canvas.participants))
    return Section("participants", "Who takes part in the purchase", entries)


def _participant(shelf: Shelf, one: Participant, index: int) -> Entry:
    arrows = [
        f"{shelf.names_of([a.on])} ({a.strength}){f': {a.note}' if a.note else ''}"
        for a in one.influences
    ]
    return Entry(
        title=one.name,
        subtitle=", ".join(w for w in (one.organization, ", ".join(one.roles)) if w),
        marks=shelf.marks(one.segments),
        facts=facts(
            stance=STANCES[one.stance],
            veto=veto_words(shelf, one),
            takes_part_for=shelf.names_of(one.segments),
            kind="a particular person" if one.kind == "person" else "",
            notes=one.notes,
        ),
        lists=lists([("Influences", arrows)]),
        supports=shelf.supports(one.evidence, ("participants", index)),
        suspect=shelf.is_suspect(("participants", index)),
    )


def veto_words(shelf: Shelf, one: Participant) -> str:
    """Return whose decision somebody can stop; empty for nobody's."""
    if one.vetoes:
        return f"can stop {shelf.names_of(one.vetoes)}"
    return "can stop the purchase alone" if one.veto else ""
