"""What rules ask of a canvas, looked up once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from forwhom.documents.canvas.frameworks import Framework, framework_of
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.ratings import Rating
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.documents.participants import has_buti_blocks, tells_buti_apart
from forwhom.documents.results.separation import SegmentPair
from forwhom.documents.separation import pairs_of
from forwhom.documents.yamlfile import Location
from forwhom.lint.comments import Silence
from forwhom.lint.grammar import core, without_lead_in
from forwhom.lint.texts import is_citation, texts
from forwhom.lint.vocabulary import Words
from forwhom.wording import cut

#: Whom a canvas can tell apart: who buys, who works with it, who benefits in the end.
BUTI = ("buyer", "user", "target-impact")


class Job(NamedTuple):
    """The statement of a job: where it stands, what it says, and that without less and less."""

    location: Location
    statement: str
    without_lead_in: str
    core: str


@dataclass(frozen=True)
class View:
    """A canvas as rules see it."""

    canvas: Canvas  # the canvas
    today: date  # the day that ages are counted to
    stale_after_days: int  # age at which evidence is stale
    #: word lists of the canvas's language; None where there are none
    vocabulary: Words | None = None
    #: comments that silence a line, with what they silenced; for the rules that run last
    silences: Sequence[Silence] = ()
    #: ratings, wherever they stand; None: those in the canvas
    ratings: Sequence[Rating] | None = None

    @property
    def words(self) -> Words:
        """The word lists; rules that ask for them run only where there are some."""
        if self.vocabulary is None:
            raise LookupError(f"no word lists for {self.canvas.language!r}")
        return self.vocabulary

    @cached_property
    def framework(self) -> Framework:
        """The framework of the canvas."""
        return framework_of(self.canvas)

    @cached_property
    def segments(self) -> dict[str, CanvasSegment]:
        """Segments by id."""
        return {segment.id: segment for segment in self.canvas.segments}

    @cached_property
    def needs(self) -> dict[str, Need]:
        """Needs by id."""
        return {need.id: need for need in self.canvas.needs}

    @cached_property
    def evidence(self) -> dict[str, CanvasEvidence]:
        """Evidence by id."""
        return {evidence.id: evidence for evidence in self.canvas.evidence}

    @cached_property
    def texts(self) -> list[tuple[Location, str]]:
        """Every text, with where it stands."""
        return list(texts(self.canvas))

    @cached_property
    def citations(self) -> list[tuple[Location, str]]:
        """Every citation, with where it stands."""
        return [(place, text) for place, text in self.texts if is_citation(place)]

    @cached_property
    def jobs(self) -> list[Job]:
        """Needs that are jobs."""
        needs = enumerate(self.canvas.needs)
        return [self._job(i, need.statement) for i, need in needs if need.kind == "job"]

    def _job(self, index: int, statement: str) -> Job:
        place = ("needs", index, "statement")
        if self.vocabulary is None:
            return Job(place, statement, "", "")
        said = without_lead_in(statement, self.vocabulary)
        return Job(place, statement, said, core(said, self.vocabulary))

    @cached_property
    def served(self) -> list[tuple[int, CanvasSegment]]:
        """Segments that the team has decided to serve, with their position."""
        return [(i, s) for i, s in enumerate(self.canvas.segments) if s.status == "serve"]

    @cached_property
    def in_play(self) -> list[CanvasSegment]:
        """Segments that are served or may be."""
        return [s for s in self.canvas.segments if s.status in ("serve", "candidate")]

    @cached_property
    def needs_of(self) -> dict[str, list[Need]]:
        """Segment to its needs."""
        found: dict[str, list[Need]] = {segment: [] for segment in self.segments}
        for need in self.canvas.needs:
            for segment in need.segments:
                found[segment].append(need)
        return found

    @cached_property
    def propositions_of(self) -> dict[str, list[Proposition]]:
        """Segment to the propositions for it."""
        found: dict[str, list[Proposition]] = {segment: [] for segment in self.segments}
        for proposition in self.canvas.propositions:
            for segment in proposition.segments:
                found[segment].append(proposition)
        return found

    @cached_property
    def tells_buti_apart(self) -> bool:
        """Whether the canvas tells buyer, user and target impact apart."""
        return tells_buti_apart(self.canvas)

    @cached_property
    def has_target_impact(self) -> bool:
        """Whether some segment is there to benefit, or the framework asks which one is."""
        named = any("target-impact" in segment.buti for segment in self.in_play)
        return named or has_buti_blocks(self.canvas)

    @cached_property
    def pairs(self) -> list[SegmentPair]:
        """Every two segments that are served or may be, by the five criteria."""
        return list(pairs_of(self.canvas))

    def reached(self, *topics: str) -> set[str]:
        """Return the segments that notes of some topics are for; a note for nobody is for all."""
        found: set[str] = set()
        for topic in topics:
            for note in self.canvas.blocks.get(topic, ()):
                found |= self.canvas.reached_by(note)
        return found


def day(text: str | None) -> date | None:
    """Return the day that a text names; None for none, and for a day that no calendar has."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def brief(text: str, width: int = 60) -> str:
    """Return a text in quotes, on one line, cut to a width."""
    return f'"{cut(text, width)}"'
