"""Cards: what a note, a segment, a proposition or a need says on the board."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from forwhom.documents.canvas import Canvas, suspects
from forwhom.documents.canvas.economy import FundingFlow
from forwhom.documents.canvas.fieldnames import WORDS
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.ratings import Rating
from forwhom.documents.canvas.sides import Exchange, brought_by
from forwhom.documents.canvas.strategy import Kpi
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.documents.standings import standings
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.report.needkinds import kind_of
from forwhom.wording import (
    between,
    clean,
    decimal,
    joined,
    number,
    opened,
    percent,
    percent_range,
)

#: What the team has decided, in words.
STATUSES = {
    "candidate": later("Candidate"),
    "serve": later("Serve"),
    "ignore": later("Ignore"),
    "not-a-customer": later("Not a customer"),
}
BUTI = {"buyer": later("Buyer"), "user": later("User"), "target-impact": later("Target impact")}
#: Parts of a proposition and what they are called.
OFFERS = {
    "products": later("Products and services"),
    "features": later("Features"),
    "benefits": later("Benefits"),
    "relieves": later("Relieves"),
    "experience": later("Experience"),
}
VALUES = {
    "functional": later("functional"),
    "monetary": later("monetary"),
    "social": later("social"),
    "psychological": later("psychological"),
}
#: How a part of a card looks.
Look = Literal["strong", "fact", "plain", "quiet", "doubt"]
SUSPECT = later("Evidence has changed: look again")


@dataclass(frozen=True)
class Card:
    """One card: what it says, to which segments it belongs, and where it stands in the canvas."""

    kind: str
    parts: tuple[tuple[Look, str], ...]
    marks: tuple[int, ...] = ()
    number: int | None = None
    #: Key path of what it shows; None for what is said of several places.
    at: Location | None = None

    @property
    def texts(self) -> list[str]:
        """What it says, part by part."""
        return [text for _, text in self.parts]


class Clues:
    """What cards need from the whole canvas: numbers, names, and which evidence has changed."""

    def __init__(self, canvas: Canvas, ratings: Sequence[Rating] | None = None) -> None:
        self.numbers = {s.id: i for i, s in enumerate(canvas.segments, 1)}
        self.names = {s.id: s.name for s in canvas.segments}
        self.names |= {p.id: p.name for p in canvas.participants}
        self.names |= {p.id: p.name for p in canvas.propositions}
        self.statements = {need.id: need.statement for need in canvas.needs}
        self.notes = {note.id: note.text for _, _, note in canvas.notes() if note.id is not None}
        self.standings = standings(canvas, ratings)
        self._suspect = [s.location for s in suspects(canvas)]

    def marks(self, ids: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of segments, each once, in order."""
        return tuple(sorted({self.numbers[i] for i in ids if i in self.numbers}))

    def doubt(self, *place: str | int) -> list[tuple[Look, str]]:
        """Return the warning of a card at this place of the document, if it needs one."""
        return [("doubt", tr(SUSPECT))] if self.is_suspect(place) else []

    def is_suspect(self, place: Location) -> bool:
        """Whether something at or below this place cites evidence that has changed."""
        return any(location[: len(place)] == tuple(place) for location in self._suspect)


def card(
    kind: str,
    parts: Iterable[tuple[Look, str]],
    marks: tuple[int, ...] = (),
    number: int | None = None,
    at: Location | None = None,
) -> Card:
    """Return a card without the parts that say nothing."""
    said = tuple((look, text) for look, text in parts if clean(text).strip())
    return Card(kind, said, marks, number, at)


def notes(canvas: Canvas, topic: str, clues: Clues) -> list[Card]:
    """Return the cards of the notes of one topic."""
    made = []
    for index, note in enumerate(canvas.blocks.get(topic, [])):
        parts: list[tuple[Look, str]] = [("plain", note.text), ("quiet", note.detail)]
        parts += [("quiet", tr("For: {name}", name=clues.names[p])) for p in note.propositions]
        parts += [("quiet", tr("Serves: {note}", note=clues.notes[n])) for n in note.supports]
        parts += clues.doubt("blocks", topic, index)
        at = ("blocks", topic, index)
        made.append(card("note", parts, clues.marks(note.segments), at=at))
    return made


def segments(canvas: Canvas, clues: Clues) -> list[Card]:
    """Return a card for every segment."""
    made = []
    for index, segment in enumerate(canvas.segments):
        decision = segment.decision
        parts: list[tuple[Look, str]] = [
            ("strong", segment.name),
            ("fact", " · ".join([tr(STATUSES[segment.status]), *size_words(segment)])),
            ("fact", joined([tr(BUTI[b]) for b in segment.buti])),
            ("plain", segment.description),
            ("quiet", tr("Why: {reason}", reason=decision.reason) if decision is not None else ""),
            ("quiet", tr("Side: {name}", name=segment.side) if segment.side else ""),
            *(("quiet", brought(one)) for one in brought_by(segment, canvas.exchanges)),
            ("quiet", paying(segment, clues)),
            *clues.doubt("segments", index),
        ]
        at = ("segments", index)
        made.append(card("segment", parts, (index + 1,), index + 1, at))
    return made


def brought(one: Exchange) -> str:
    """Return what a side brings to another: ``'Brings riders: a car in minutes'``."""
    return tr("Brings {receiver}: {what}", receiver=one.receiver, what=one.brings)


def size_words(segment: CanvasSegment) -> list[str]:
    """Return how large a segment is: its share with the interval, and its customers."""
    size = segment.size
    if size is None:
        return []
    said = []
    if size.share is not None:
        between = ""
        if size.low is not None and size.high is not None:
            between = f" ({percent_range(size.low, size.high)})"
        said.append(percent(size.share) + between)
    if size.customers is not None:
        said.append(tr_count("{n} customer", "{n} customers", size.customers))
    return said


def paying(segment: CanvasSegment, clues: Clues) -> str:
    """Return who pays for a segment, in words; empty where nobody has said."""
    if segment.sponsor is not None:
        return tr("Paid for by {who}", who=clues.names.get(segment.sponsor, segment.sponsor))
    known = {"pays": tr("Pays"), "sponsored": tr("Somebody else pays"), "none": tr("Nobody pays")}
    return known.get(segment.revenue or "", "")


def left_out(canvas: Canvas) -> list[Card]:
    """Return the card of those who are left out on purpose, if there are some."""
    if not canvas.not_for:
        return []
    parts: list[tuple[Look, str]] = [
        ("fact", tr("Not for")),
        *(("plain", t) for t in canvas.not_for),
    ]
    return [card("left-out", parts, at=("not_for",))]


def propositions(canvas: Canvas, clues: Clues) -> list[Card]:
    """Return a card for every proposition."""
    return [
        card(
            "proposition",
            _proposition(p, clues, i),
            clues.marks(p.segments),
            at=("propositions", i),
        )
        for i, p in enumerate(canvas.propositions)
    ]


def _proposition(said: Proposition, clues: Clues, index: int) -> Iterator[tuple[Look, str]]:
    yield "strong", said.name
    yield "fact", value_words(said.values)
    yield "plain", said.description
    for name, label in OFFERS.items():
        offers = [offer.text for offer in getattr(said, name)]
        if offers:
            yield "quiet", f"{tr(label)}: {'; '.join(offers)}"
    yield from clues.doubt("propositions", index)


def value_words(values: Sequence[str]) -> str:
    """Return the kinds of value of a proposition: ``'Functional, social value'``."""
    if not values:
        return ""
    return opened(tr("{kinds} value", kinds=joined([tr(VALUES[one]) for one in values])))


def needs(canvas: Canvas, clues: Clues) -> list[Card]:
    """Return a card for every need."""
    made = []
    for index, need in enumerate(canvas.needs):
        parts: list[tuple[Look, str]] = [
            ("plain", need.statement),
            ("fact", need_kind(need)),
            ("quiet", rated(need)),
            *clues.doubt("needs", index),
        ]
        made.append(card("need", parts, clues.marks(need.segments), at=("needs", index)))
    return made


def need_kind(need: Need) -> str:
    """Return what kind of need it is: ``'Functional job'``, ``'Fear'``."""
    return opened(tr(kind_of(need)))


def rated(need: Need) -> str:
    """Return how important a need is and how well it is met, and who says so."""
    said = []
    if need.importance is not None:
        said.append(tr("importance {score}", score=number(need.importance)))
    if need.satisfaction is not None:
        said.append(tr("met today {score}", score=number(need.satisfaction)))
    if not said:
        return ""
    scores = tr("{scores} of 10", scores=joined(said))
    if need.rated_by:
        scores = tr("{scores}, said {who}", scores=scores, who=need.rated_by)
    return opened(scores)


def kpis(canvas: Canvas, clues: Clues) -> list[Card]:
    """Return a card for every KPI."""
    return [
        card(
            "kpi",
            [("plain", k.name), ("fact", kpi_words(k))],
            clues.marks(k.segments),
            at=("kpis", i),
        )
        for i, k in enumerate(canvas.kpis)
    ]


def kpi_words(kpi: Kpi) -> str:
    """Return where a KPI stands and where it should."""
    now = f"{kpi.value} ({kpi.date})" if kpi.date else kpi.value
    parts = [
        tr("now {value}", value=now) if kpi.value else "",
        tr("target {value}", value=kpi.target) if kpi.target else "",
    ]
    return opened(joined([part for part in parts if part]))


def funding(canvas: Canvas, clues: Clues) -> list[Card]:
    """Return a card for every flow of money."""
    made = []
    for index, flow in enumerate(canvas.funding):
        doubt = clues.doubt("funding", index)
        parts: list[tuple[Look, str]] = [
            ("plain", flow_words(flow)),
            ("fact", f"{money(flow)}{_during(flow)}"),
            ("quiet", ", ".join(w for w in (flow.sector, flow.country) if w)),
            ("quiet", opened(given_words(flow))),
            ("quiet", tr("Decided by {who}", who=flow.decided_by) if flow.decided_by else ""),
            *doubt,
        ]
        made.append(card("funding", parts, at=("funding", index)))
    return made


def given_words(flow: FundingFlow) -> str:
    """Return how money is given: its form, whether it is earmarked, for how long, by which way."""
    said = (flow.instrument, flow.earmarked, flow.term, flow.route)
    return ", ".join(tr(WORDS[word]) for word in said if word)


def flow_words(flow: FundingFlow) -> str:
    """Return from whom to whom money flows."""
    receiver = flow.receiver or tr("nobody named yet")
    return tr("{giver} to {receiver}", giver=flow.giver, receiver=receiver)


def money(flow: FundingFlow) -> str:
    """Return an amount with its currency: ``'1,200,000 USD'``."""
    digits = 0 if flow.amount == int(flow.amount) else 2
    return f"{decimal(flow.amount, digits)} {flow.currency}"


def _during(flow: FundingFlow) -> str:
    if flow.date and flow.until:
        return f", {between(flow.date, flow.until)}"
    until = tr("until {date}", date=flow.until)
    return f", {flow.date}" if flow.date else f", {until}" if flow.until else ""
