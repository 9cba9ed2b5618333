"""Priorities: which segments come first, and how much that depends on whose weights count."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import Status

Axis = Literal["attractiveness", "ability"]


class Frequency(Document):
    """How often a segment ranks first over many draws of weights.

    Scores that nobody gave can be anything from 0 to 10: ``low`` is what holds whatever they are,
    ``high`` what is possible. Without missing scores both are the same.
    """

    first_low: float = Field(description="Share of draws in which it ranks first, at least.")
    first_high: float = Field(description="The same, at most.")
    top_two_low: float
    top_two_high: float
    rank_low: float = Field(description="Expected rank, at best; 1 is first.")
    rank_high: float = Field(description="Expected rank, at worst.")


class JudgedSegment(Document):
    """A segment in the decision matrix."""

    segment: str
    number: int = Field(description="Its number on the canvas; it is the same in every drawing.")
    name: str
    status: Status
    attractiveness: float | None = Field(
        description="By the judges' mean weights and scores, 0 to 10; None where one is missing."
    )
    ability: float | None
    combined: float | None = Field(description="Mean of both axes; of one, if there is only one.")
    rank: int | None = Field(description="By the combined score; equal scores share a rank.")
    any_weights: Frequency = Field(description="With weights drawn at random.")
    near_judges: Frequency | None = Field(
        description="With weights near those of the judges; None when nobody gave weights."
    )
    by_axis: dict[Axis, Frequency] = Field(
        description="With weights drawn at random, on each axis alone."
    )
    reason: str = Field(default="", description="Why it was decided so, as the canvas says.")
    evidence: list[str] = Field(
        default_factory=list, description="What the evidence behind the decision says."
    )
    missing: list[str] = Field(description="Criteria without a score from anybody, by id.")


class WeighedCriterion(Document):
    """A criterion with its weight within its axis."""

    id: str
    name: str
    axis: Axis
    weight: float = Field(description="Mean of the judges' weights; equal if nobody gave any.")


class JudgeView(Document):
    """How one judge sees it."""

    judge: str
    weights: dict[str, float] = Field(description="Weights of 1 in each axis; empty: none given.")
    attractiveness: dict[str, float] = Field(description="Segment to score, where it is known.")
    ability: dict[str, float]
    combined: dict[str, float]
    first: list[str] = Field(description="Segments that rank first; several when they tie.")


class CriticalWeight(Document):
    """How far the weight of one criterion would have to change to change the winner."""

    criterion: str = Field(description="Id, or 'balance' for attractiveness against ability.")
    name: str
    weight: float = Field(description="Its weight within its axis now.")
    needed: float | None = Field(description="Its weight at which another wins; None: never.")
    winner: str = Field(default="", description="Id of the segment that then ranks first.")


class Disagreement(Document):
    """A score that judges see differently."""

    segment: str
    criterion: str
    low: float
    high: float


class Agreement(Document):
    """How far judges agree."""

    judges: int
    alpha: float | None = Field(
        description="Krippendorff's alpha of the scores (interval); None when nothing varies."
    )
    concordance: float | None = Field(
        description="Kendall's W of the rankings: 1 is the same order, 0 no agreement."
    )
    differ_most: list[Disagreement] = Field(description="Largest first.")


class Priorities(Document):
    """Which segments come first, by several judges and by many random weights."""

    forwhom: Literal[1] = 1
    kind: Literal["priorities"] = "priorities"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    seed: int
    draws: int
    criteria: list[WeighedCriterion]
    segments: list[JudgedSegment] = Field(description="In the order of their rank.")
    judges: list[JudgeView]
    critical: list[CriticalWeight] = Field(description="Smallest change first; never at the end.")
    agreement: Agreement | None = Field(description="None when fewer than two judges scored.")
    sentences: list[str] = Field(description="What it says, in words.")
    notes: list[str] = Field(default_factory=list, description="What weakens it.")

    @property
    def axes(self) -> list[Axis]:
        """The axes that have a criterion."""
        present = {criterion.axis for criterion in self.criteria}
        both: tuple[Axis, Axis] = ("attractiveness", "ability")
        return [axis for axis in both if axis in present]
