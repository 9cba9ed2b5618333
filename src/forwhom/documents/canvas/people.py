"""Who: segments, and the participants of a purchase."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Basis, Form
from forwhom.documents.canvas.kinds import (
    Buti,
    Citation,
    Day,
    DigitalLevel,
    Id,
    MarketType,
    Role,
    SegmentName,
    Standing,
    Status,
)
from forwhom.documents.canvas.separateness import Separateness


class Claim(Form):
    """A statement, with the evidence that it rests on."""

    id: Id | None = Field(default=None, description="Name that stays when the text changes.")
    text: str = Field(description="What is claimed, in one sentence.")
    evidence: list[Citation] = Field(
        default_factory=list,
        description="Evidence by id, with the fingerprint it had when somebody looked: "
        "'segment-1.size@3f9a1c'.",
    )


class SegmentSize(Form):
    """How large a segment is, and from where that is known."""

    customers: int | None = Field(default=None, ge=0, description="Customers, people or firms.")
    share: float | None = Field(default=None, ge=0, le=1, description="Share of all, 0 to 1.")
    low: float | None = Field(default=None, ge=0, le=1, description="Lower end of the share.")
    high: float | None = Field(default=None, ge=0, le=1, description="Upper end of the share.")
    source: str = Field(default="", description="From where this is known.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Decision(Form):
    """Why a segment is served, ignored, or not a customer."""

    reason: str = Field(description="Why, in one or two sentences.")
    date: Day | None = Field(default=None, description="When it was decided.")
    by: str = Field(default="", description="Who decided.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class DigitalLiteracy(Form):
    """How well a segment handles digital things, and how that is known."""

    level: DigitalLevel = Field(
        default="unknown",
        description="Level, after the proficiency levels of DigComp; 'unknown' is honest.",
    )
    measured_by: str = Field(default="", description="How it was measured, not assumed.")
    assumed_from: str = Field(
        default="", description="What it is assumed from, as long as nobody has measured it."
    )
    date: Day | None = Field(default=None, description="When it was measured.")
    messages: list[str] = Field(
        default_factory=list,
        description="How the solution is explained at this level, in words that they understand.",
    )
    tasks: list[str] = Field(
        default_factory=list, description="What messages and materials must do to build it."
    )
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class CanvasSegment(Form):
    """A group of people or organizations for whom value might be created."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="Short name, in plain words.")
    description: str = Field(default="", description="Who they are.")
    bases: list[Basis] = Field(
        default_factory=list, description="What tells members from others (bases of segmentation)."
    )
    market_type: MarketType | None = Field(
        default=None, description="Its own market, where that differs from the whole model's."
    )
    side: str = Field(default="", description="Side of the platform, in a multi-sided market.")
    buti: list[Buti] = Field(
        default_factory=list, description="Buyer, user or target impact; one segment can be two."
    )
    size: SegmentSize | None = Field(default=None, description="How large it is.")
    status: Status = Field(default="candidate", description="What the team has decided.")
    decision: Decision | None = Field(default=None, description="Why; needed once decided.")
    revenue: Literal["pays", "sponsored", "none"] | None = Field(
        default=None, description="Whether it pays, somebody pays for it, or nobody does."
    )
    sponsor: SegmentName | None = Field(
        default=None, description="The segment or participant that pays for it."
    )
    power: float = Field(
        default=1.0, ge=0, le=1, description="How far it can stop the purchase or the use, 0 to 1."
    )
    separate: Separateness | None = Field(
        default=None, description="What makes it a segment of its own, by the five criteria."
    )
    digital_literacy: DigitalLiteracy | None = Field(
        default=None, description="What it can do with digital things, measured."
    )
    discovered: int | None = Field(
        default=None, ge=1, description="Number of the segment in the segmentation it came from."
    )
    standing: Standing | None = Field(
        default=None,
        description="What the data say it is: a group of its own, a slice of one continuum, a band "
        "of a scale, a cut, or nothing that was shown; written by forwhom.",
    )
    claims: list[Claim] = Field(default_factory=list, description="What is said of it, and why.")
    open_questions: list[str] = Field(
        default_factory=list, description="What nobody knows yet, said openly."
    )


class Influence(Form):
    """An arrow of influence from one participant to another."""

    on: Id = Field(description="The participant who is influenced.")
    strength: Literal["weak", "medium", "strong"] = Field(
        default="medium", description="How much it counts."
    )
    note: str = Field(default="", description="How it works.")


class Participant(Form):
    """Somebody who takes part in the purchase: a person, or an archetype."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="Name or job title.")
    kind: Literal["person", "archetype"] = Field(
        default="archetype", description="A particular person, or a kind of person."
    )
    organization: str = Field(default="", description="Where they work.")
    segments: list[SegmentName] = Field(
        default_factory=list, description="Segments whose purchase they take part in."
    )
    roles: list[Role] = Field(default_factory=list, description="What they do in it.")
    stance: Literal["supports", "neutral", "opposes", "unknown"] = Field(
        default="unknown", description="Whether they are for it."
    )
    veto: bool = Field(default=False, description="Whether they can stop the purchase alone.")
    vetoes: list[Id] = Field(
        default_factory=list, description="Participants whose decision they can stop; empty: all."
    )
    influences: list[Influence] = Field(default_factory=list, description="Whom they influence.")
    notes: str = Field(default="", description="Anything else.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")
