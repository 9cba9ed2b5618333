"""What a page says below the board: sections of entries, before any markup."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from forwhom.documents.canvas import Canvas, CanvasEvidence, cited
from forwhom.documents.canvas.people import Claim
from forwhom.documents.yamlfile import Location
from forwhom.report.canvas.cards import Clues
from forwhom.wording import number, percent

#: Said of a claim that cites nothing.
NO_EVIDENCE = "No evidence is cited."


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
    claims: tuple[Said, ...] = ()
    supports: tuple[Support, ...] = ()
    open_questions: tuple[str, ...] = ()
    suspect: bool = False


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
            return Support(f"{name}, which this canvas does not hold")
        return Support(known.statement, numbers_of(known), self.is_suspect(place))

    def claims(self, claims: Iterable[Claim], place: Location) -> tuple[Said, ...]:
        """Return claims with what they rest on."""
        return tuple(
            Said(
                claim.text,
                tuple(
                    _briefly(claim.text, s)
                    for s in self.supports(claim.evidence, (*place, "claims", index))
                ),
            )
            for index, claim in enumerate(claims)
        )


def _briefly(claim: str, support: Support) -> Support:
    """Evidence whose words the claim repeats says only its numbers."""
    same = support.statement.strip() == claim.strip()
    return replace(support, statement="So says the evidence") if same else support


def numbers_of(evidence: CanvasEvidence) -> str:
    """Return how strong evidence is: ``'n = 844, 0.34 (0.31 to 0.37 at 95%), Interviews'``."""
    parts = [] if evidence.n is None else [f"n = {evidence.n:,}"]
    interval = evidence.interval
    between = (
        ""
        if interval is None
        else f"{number(interval.low)} to {number(interval.high)} at {percent(interval.level)}"
    )
    if evidence.value is not None:
        parts.append(number(evidence.value) + (f" ({between})" if between else ""))
    elif between:
        parts.append(between)
    parts += [part for part in (evidence.method, evidence.source, evidence.date or "") if part]
    return ", ".join(parts)


def facts(**known: str) -> tuple[tuple[str, str], ...]:
    """Return labels and values, without those that say nothing; ``_`` becomes a space."""
    return tuple((key.replace("_", " ").capitalize(), v) for key, v in known.items() if v)


def lists(known: Iterable[tuple[str, Iterable[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return labels and lists, without those that are empty."""
    made = ((label, tuple(items)) for label, items in known)
    return tuple((label, items) for label, items in made if items)
