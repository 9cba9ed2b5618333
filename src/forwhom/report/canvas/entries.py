"""What a page says below the board: sections of entries, before any markup."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from forwhom.documents.canvas import Canvas, CanvasEvidence, cited
from forwhom.documents.canvas.people import Claim
from forwhom.documents.canvas.value import Quote
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import later, tr, whole
from forwhom.report.canvas.cards import Clues
from forwhom.report.canvas.pictures import Picture
from forwhom.wording import number, percent

#: Said of a claim that cites nothing.
NO_EVIDENCE = later("No evidence is cited.")
#: What facts are called.
LABELS = {
    "prototype": later("Prototype"),
    "test": later("Test"),
    "metric": later("Metric"),
    "right_if": later("Right if"),
    "stated": later("Stated"),
    "changed": later("Changed"),
    "observed": later("Observed"),
    "learned": later("Learned"),
    "therefore": later("Therefore"),
    "about": later("About"),
    "in_the_model": later("In the model"),
    "owner": later("Owner"),
    "due": later("Due"),
    "rated_again": later("Rated again"),
    "since": later("Since"),
    "until": later("Until"),
    "sector": later("Sector"),
    "country": later("Country"),
    "given": later("Given"),
    "decided_by": later("Decided by"),
    "wants": later("Wants"),
    "means": later("Means"),
    "money_of": later("Money of"),
    "part": later("Part"),
    "why": later("Why"),
    "decided": later("Decided"),
    "told_apart_by": later("Told apart by"),
    "in_the_data": later("In the data"),
    "market": later("Market"),
    "side": later("Side"),
    "money": later("Money"),
    "power": later("Power"),
    "size_known_from": later("Size known from"),
    "digital_skills": later("Digital skills"),
    "stance": later("Stance"),
    "veto": later("Veto"),
    "takes_part_for": later("Takes part for"),
    "kind": later("Kind"),
    "notes": later("Notes"),
    "without_it": later("Without it"),
    "won_first_by": later("Won first by"),
    "rated_by": later("Rated by"),
    "belongs_to": later("Belongs to"),
    "step": later("Step"),
    "headline": later("Headline"),
    "subheadline": later("Subheadline"),
    "problem": later("Problem"),
    "category": later("Category"),
    "key_benefit": later("Key benefit"),
    "instead_of": later("Instead of"),
    "difference": later("Difference"),
    "target_market": later("Target market"),
    "specific_value": later("Specific value"),
    "outreach": later("Outreach"),
}
#: Said of evidence whose words the claim repeats.
_SAME = later("So says the evidence")


@dataclass(frozen=True)
class Support:
    """Evidence under a claim: what it says, its numbers, and whether it has changed."""

    statement: str
    numbers: str = ""
    changed: bool = False


@dataclass(frozen=True)
class Said:
    """A claim with what it rests on."""

    text: str
    supports: tuple[Support, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One item of a section: a segment, a persona, a hypothesis."""

    title: str
    subtitle: str = ""
    number: int | None = None
    marks: tuple[int, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: claims under headings of their own, such as what people want to achieve
    grouped: tuple[tuple[str, tuple[Said, ...]], ...] = ()
    #: pictures that people gave, and pictures drawn from evidence
    pictures: tuple[Picture, ...] = ()
    claims: tuple[Said, ...] = ()
    supports: tuple[Support, ...] = ()
    open_questions: tuple[str, ...] = ()
    suspect: bool = False
    #: a class of the style, such as that of an answer
    look: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with entries; an intro says what a reader should know."""

    id: str
    title: str
    entries: tuple[Entry, ...]
    intro: str = ""


class Shelf(Clues):
    """What entries need from the whole canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self._evidence = {one.id: one for one in canvas.evidence}

    def names_of(self, ids: Iterable[str]) -> str:
        """Return the names of segments or participants, as a list."""
        return ", ".join(self.names.get(i, i) for i in dict.fromkeys(ids))

    def supports(self, citations: Iterable[str], place: Location) -> tuple[Support, ...]:
        """Return the evidence that is cited at a place of the document."""
        return tuple(
            self._support(citation, (*place, "evidence", index))
            for index, citation in enumerate(citations)
        )

    def _support(self, citation: str, place: Location) -> Support:
        name, _ = cited(citation)
        known = self._evidence.get(name)
        if known is None:
            return Support(tr("{name}, which this canvas does not hold", name=name))
        return Support(known.statement, numbers_of(known), self.is_suspect(place))

    def claims(
        self, claims: Iterable[Claim], place: Location, part: str = "claims"
    ) -> tuple[Said, ...]:
        """Return the claims of a part with what they rest on."""
        return tuple(
            self.said(claim.text, claim.evidence, (*place, part, index))
            for index, claim in enumerate(claims)
        )

    def said(self, text: str, citations: Iterable[str], place: Location) -> Said:
        """Return what is said at a place with what it rests on."""
        return Said(text, tuple(_briefly(text, s) for s in self.supports(citations, place)))


def _briefly(claim: str, support: Support) -> Support:
    """Evidence whose words the claim repeats says only its numbers."""
    same = support.statement.strip() == claim.strip()
    return replace(support, statement=tr(_SAME)) if same else support


def told_once(
    groups: Iterable[tuple[str, tuple[Said, ...]]],
) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """Return groups that hold something; evidence that was told above says at most its numbers."""
    told: set[str] = set()
    made = []
    for label, claims in groups:
        short = []
        for claim in claims:
            supports = tuple(_again(s, told) for s in claim.supports)
            told |= {s.statement for s in claim.supports if s.statement != tr(_SAME)}
            short.append(replace(claim, supports=supports))
        if short:
            made.append((label, tuple(short)))
    return tuple(made)


def _again(support: Support, told: set[str]) -> Support:
    """Evidence that was told above; where no other was, nobody needs its numbers to know it."""
    if support.statement not in told:
        return support
    numbers = "" if told == {support.statement} else support.numbers
    return replace(support, statement=tr("As above"), numbers=numbers)


def quoted_words(quote: Quote) -> str:
    """Return what somebody said, from where it is known, and when it was said."""
    return f"“{quote.text}” ({', '.join(w for w in (quote.source, quote.date or '') if w)})"


def numbers_of(evidence: CanvasEvidence) -> str:
    """Return how strong evidence is: ``'n = 844, 0.34 (0.31 to 0.37 at 95%), Interviews'``."""
    parts = [] if evidence.n is None else [f"n = {whole(evidence.n)}"]
    if evidence.count is not None and evidence.n:
        parts = [tr("{n} of {all}", n=whole(evidence.count), all=whole(evidence.n))]
    interval = evidence.interval
    between = (
        ""
        if interval is None
        else tr(
            "{low} to {high} at {level}",
            low=number(interval.low),
            high=number(interval.high),
            level=percent(interval.level),
        )
    )
    if evidence.value is not None:
        parts.append(number(evidence.value) + (f" ({between})" if between else ""))
    elif between:
        parts.append(between)
    parts += [
        part
        for part in (evidence.verdict, evidence.method, evidence.source, evidence.date or "")
        if part
    ]
    return ", ".join(parts)


def facts(**known: str) -> tuple[tuple[str, str], ...]:
    """Return labels and values, without those that say nothing."""
    return tuple((tr(LABELS[key]), value) for key, value in known.items() if value)


def lists(known: Iterable[tuple[str, Iterable[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return labels and lists, without those that are empty."""
    made = ((tr(label) if label else "", tuple(items)) for label, items in known)
    return tuple((label, items) for label, items in made if items)
