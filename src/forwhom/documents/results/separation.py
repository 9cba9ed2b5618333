"""Which segments of a canvas are separate: pairs by five criteria, and what could be merged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Criterion, Document

#: Whether two segments differ by a criterion.
Verdict = Literal["different", "same", "unknown"]

#: What an answer rests on: evidence that both sides cite, or one of them, the team, or nothing.
RestsOn = Literal["evidence", "evidence-in-part", "team", "nothing"]


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
        return not self.apart_by and not self.by("different") and bool(self.by("same"))

    @property
    def unseen(self) -> bool:
        """Whether nothing is known by which they could differ."""
        return not self.apart_by and len(self.by("unknown")) == len(self.criteria)


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
