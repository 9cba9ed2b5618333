"""What the page of one segment says: everything of the canvas that is about it, and what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forwhom.choices.exercise import ratings_of
from forwhom.documents.base import Document
from forwhom.documents.canvas import Canvas, CanvasEvidence, cited, suspects
from forwhom.documents.canvas.fieldnames import field_name
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.references import citations, claims, items
from forwhom.documents.canvas.suspects import Suspect, fingerprint_of, handwritten
from forwhom.documents.standings import standings
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import later, tr
from forwhom.report.alignment.terms import CLASSES
from forwhom.report.canvas import offers, people
from forwhom.report.canvas.cards import STATUSES, size_words
from forwhom.report.canvas.entries import Entry, Section, Shelf, numbers_of
from forwhom.report.canvas.people import STANDINGS
from forwhom.web.forms import places
from forwhom.web.forms.fields import type_at
from forwhom.wording import beside, signed

#: Blocks whose notes say how a segment is reached, kept and paid by.
_TOPICS = {
    "channels": later("How they are reached"),
    "customer_relationships": later("The relationship with them"),
    "revenue_streams": later("What they pay for"),
}
#: Said where the canvas holds nothing about a segment.
_NO_NEED = later("No need of theirs is known. Ask what they try to get done, and add it.")
_NO_PERSONA = later("Nobody stands for them yet. Add a persona of what interviews said.")
_NOBODY = later("Nobody is named who uses, decides or pays. Add them.")
_NO_OFFER = later("Nothing is offered to them yet. Add a proposition.")


@dataclass(frozen=True)
class Placed:
    """An entry or a line, and the key path of its form."""

    at: str
    entry: Entry | None = None
    text: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page: what there is, what to do where there is nothing, where new ones go."""

    id: str
    title: str
    placed: tuple[Placed, ...]
    empty: str
    new: str


@dataclass(frozen=True)
class Cited:
    """Evidence that something about the segment cites."""

    evidence: CanvasEvidence
    numbers: str
    fingerprint: str


@dataclass(frozen=True)
class Doubt:
    """A claim to be looked at again: what it says, what its evidence said and says now."""

    item: str
    said: str
    before: str
    now: str
    gone: bool
    at: str


@dataclass(frozen=True)
class Rated:
    """A need that the segment rated: its median, what all segments make of it, what is planned."""

    need: str
    median: str
    alignment: str
    planned: str
    at: str


@dataclass(frozen=True)
class Glance:
    """A segment in the list of all."""

    segment: CanvasSegment
    number: int
    facts: str
    reason: str
    doubts: int


@dataclass(frozen=True)
class Portrait:
    """One segment with all that the canvas says of it."""

    segment: CanvasSegment
    number: int
    facts: str
    entry: Entry
    parts: tuple[Part, ...]
    cited: tuple[Cited, ...]
    doubts: tuple[Doubt, ...]
    rated: tuple[Rated, ...]


def glances(canvas: Canvas) -> list[Glance]:
    """Return all segments of a canvas, each in a line."""
    found = [*suspects(canvas), *handwritten(canvas)]
    made = []
    for index, one in enumerate(canvas.segments):
        own = _places(canvas, one)
        doubts = {s.item for s in found if _inside(s.location, own)}
        reason = one.decision.reason if one.decision else ""
        made.append(Glance(one, index + 1, _facts(one), reason, len(doubts)))
    return made


def portrait(canvas: Canvas, index: int) -> Portrait:
    """Return everything that a canvas says of the segment at a position."""
    shelf, segment = Shelf(canvas), canvas.segments[index]
    own = _places(canvas, segment)
    return Portrait(
        segment=segment,
        number=index + 1,
        facts=_facts(segment),
        # Its evidence stands in a table of its own, with fingerprints.
        entry=replace(
            people.segments(shelf).entries[index],
            title=tr("Who they are"),
            subtitle="",
            marks=(),
            supports=(),
        ),
        parts=tuple(_parts(shelf, segment)),
        cited=tuple(_cited(canvas, own)),
        doubts=tuple(_doubts(canvas, own)),
        rated=tuple(_rated(canvas, segment)),
    )


def _facts(segment: CanvasSegment) -> str:
    standing = [tr(STANDINGS[segment.standing])] if segment.standing else []
    return " · ".join([tr(STATUSES[segment.status]), *size_words(segment), *standing])


def _places(canvas: Canvas, segment: CanvasSegment) -> list[Location]:
    """Return where the canvas speaks of a segment."""
    found: list[Location] = [("segments", canvas.segments.index(segment))]
    for part in ("needs", "propositions"):
        named = enumerate(getattr(canvas, part))
        found += [(part, i) for i, one in named if segment.id in one.segments]
    taking = enumerate(canvas.participants)  # who names nobody takes part in every purchase
    found += [("participants", i) for i, p in taking if not p.segments or segment.id in p.segments]
    found += [("personas", i) for i, one in enumerate(canvas.personas) if one.segment == segment.id]
    return found + [
        ("blocks", topic, i) for topic, i, note in canvas.notes() if segment.id in note.segments
    ]


def _inside(location: Location, places_: Sequence[Location]) -> bool:
    return any(tuple(location[: len(one)]) == tuple(one) for one in places_)


def _parts(shelf: Shelf, segment: CanvasSegment) -> Iterator[Part]:
    canvas = shelf.canvas
    own = {place for place in _places(canvas, segment) if len(place) == 2}

    def part(name: str, section: Section, title: str, empty: str) -> Part:
        # Entries of a section stand in the order of the list that they are made of.
        placed = tuple(
            Placed(places.written((name, i)), entry)
            for i, entry in enumerate(section.entries)
            if (name, i) in own
        )
        return Part(name, title, placed, empty, name)

    yield part("needs", offers.needs(shelf), tr("What they need"), tr(_NO_NEED))
    yield part("personas", people.personas(shelf), tr("Personas"), tr(_NO_PERSONA))
    seated = people.participants(shelf)
    yield part("participants", seated, tr("Who takes part in the purchase"), tr(_NOBODY))
    yield part("propositions", offers.propositions(shelf), tr("What we offer"), tr(_NO_OFFER))
    for topic, title in _TOPICS.items():
        notes = tuple(
            Placed(places.written(("blocks", topic, i)),
                   text=beside(w for w in (note.text, note.detail) if w))
            for i, note in enumerate(canvas.blocks.get(topic, ()))
            if segment.id in canvas.reached_by(note)
        )  # fmt: skip
        empty = tr("Nothing is said of it yet. Add a note.")
        yield Part(topic, tr(title), notes, empty, f"blocks/{topic}")


def _cited(canvas: Canvas, own: Sequence[Location]) -> Iterator[Cited]:
    names = [cited(text)[0] for at, text in citations(canvas) if _inside(at, own)]
    known = {one.id: one for one in canvas.evidence}
    for name in dict.fromkeys(names):
        if name in known:
            yield Cited(known[name], numbers_of(known[name]), fingerprint_of(known[name]))


def _doubts(canvas: Canvas, own: Sequence[Location]) -> Iterator[Doubt]:
    """Yield what has to be looked at again, each claim once."""
    found = [*suspects(canvas), *handwritten(canvas)]
    seen: set[str] = set()
    for one in found:
        if not _inside(one.location, own) or one.item in seen:
            continue
        seen.add(one.item)
        at, said = _words(canvas, one)
        yield Doubt(
            item=one.item,
            said=said,
            before=one.evidence.previous,
            now=one.evidence.statement,
            gone=one.gone,
            at=places.written(at),
        )


def _words(canvas: Canvas, one: Suspect) -> tuple[Location, str]:
    """Return where the claim around a citation stands, and what it says."""
    around = one.location[:-2]
    claim = next((c for place, c in claims(canvas) if tuple(place) == tuple(around)), None)
    if claim is not None:
        return around, claim.text
    known = {tuple(item.location): item for item in items(canvas)}
    for depth in range(len(one.location) - 1, 0, -1):
        item = known.get(tuple(one.location[:depth]))
        if item is None:
            continue
        model, part = type_at(item.location), one.location[depth]
        if part == "evidence" or not issubclass(model, Document):
            return item.location, item.text
        return item.location, f"{item.text}: {field_name(model, str(part))}"
    return one.location[:2], one.item


def _rated(canvas: Canvas, segment: CanvasSegment) -> Iterator[Rated]:
    ratings, _ = ratings_of(canvas)
    for one in standings(canvas, ratings):
        if segment.id in one.medians:
            planned = beside(s.action for s in one.strategies if s.action.strip())
            yield Rated(
                need=one.need.statement,
                median=signed(one.medians[segment.id]),
                alignment=tr(CLASSES[one.alignment][0]),
                planned=planned or (tr("Nothing says what will be done") if one.pressing else ""),
                at=places.written(("needs", canvas.needs.index(one.need))),
            )
