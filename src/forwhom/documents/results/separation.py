"""Which segments of a canvas are separate: pairs by five criteria, and what could be merged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents import separateness
from forwhom.documents.base import Criterion, Document

#: Whether two segments differ by a criterion.
Verdict = Literal["different", "same", "unknown"]

#: What an answer rests on: evidence that both sides cite, or one of them, the team, or nothing.
RestsOn = Literal["evidence", "evidence-in-part", "team", "nothing"]


class Measured(Document):
    """What was measured of two segments by a criterion: evidence of the canvas."""

    verdict: separateness.Verdict
    statement: str = Field(description="What the evidence says, in its own words.")
    effect: float | None = Field(default=None, description="How far they differ.")
    low: float | None = None
    high: float | None = Field(default=None, description="With 'low', the interval of the effect.")
    formed: bool = Field(default=False, description="Whether it compares what formed them.")
    evidence: str = Field(description="Id of the evidence.")


class ComparedCriterion(Document):
    """Two segments by one of the five criteria."""

    criterion: Criterion
    verdict: Verdict
    because: str = Field(description="Why, in words; the words of the canvas stand apart.")
    first: list[str] = Field(description="What holds for the first segment alone.")
    second: list[str] = Field(description="What holds for the second segment alone.")
    both: list[str] = Field(description="What holds for both.")
    rests_on: RestsOn
    evidence: list[str] = Field(description="Ids of the evidence that is cited.")
    suspect: bool = Field(description="Whether evidence has changed since a person looked.")
    measured: Measured | None = Field(
        default=None, description="What data say of it, where the canvas cites that."
    )

    @property
    def contradicted(self) -> bool:
        """Whether the canvas says one thing, and data the other."""
        said = {"different": "equivalent", "same": "different"}.get(self.verdict)
        return self.measured is not None and self.measured.verdict == said


class SegmentPair(Document):
    """Two segments, and whether anything makes them separate."""

    first: str = Field(description="Id of the first segment.")
    first_name: str
    first_number: int
    second: str = Field(description="Id of the second segment.")
    second_name: str
    second_number: int
    criteria: list[ComparedCriterion]
    apart_by: Literal["", "role", "side"] = Field(
        default="", description="What keeps them apart besides: role in the purchase, or side."
    )

    def by(self, verdict: Verdict) -> list[Criterion]:
        """Return the criteria with this verdict."""
        return [one.criterion for one in self.criteria if one.verdict == verdict]

    @property
    def not_told_apart(self) -> bool:
        """Whether something is known of both, and nothing of it differs."""
        measured = [c.measured for c in self.criteria if c.measured is not None]
        apart = self.by("different") or any(one.verdict == "different" for one in measured)
        return not self.apart_by and not apart and bool(self.by("same"))

    @property
    def unseen(self) -> bool:
        """Whether nothing is known by which they could differ."""
        silent = len(self.by("unknown")) == len(self.criteria)
        return not self.apart_by and silent and all(c.measured is None for c in self.criteria)


class Merge(Document):
    """Segments that could be one, as nothing that is known tells them apart."""

    segments: list[str] = Field(description="Ids of the segments.")
    names: list[str]
    unless: list[Criterion] = Field(description="Criteria by which nobody has compared them.")


class Separation(Document):
    """Every pair of segments of a canvas by the five criteria."""

    forwhom: Literal[1] = 1
    kind: Literal["separation"] = "separation"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    pairs: list[SegmentPair]
    merges: list[Merge]
    sentences: list[str] = Field(description="What it says, in words.")
    notes: list[str] = Field(default_factory=list, description="What weakens it.")
