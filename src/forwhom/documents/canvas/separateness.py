"""What makes a segment one of its own: its answers to the five criteria, and who gave them."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Citation, Id, SegmentName


class Trait(Form):
    """What holds for a segment by one criterion: the team says so, or evidence does."""

    text: str = Field(description="What holds for this segment, in one sentence.")
    by: str = Field(default="", description="Who says so; empty: the team.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Profitability(Trait):
    """What a customer of the segment is worth."""

    level: Literal["low", "medium", "high"] | None = Field(
        default=None, description="How profitable, where nobody has a number."
    )
    value: float | None = Field(default=None, description="What one customer is worth.")
    low: float | None = Field(default=None, description="Lower end of the value.")
    high: float | None = Field(default=None, description="Upper end of the value.")
    unit: str = Field(default="", description="Unit of the value, such as 'EUR a year'.")


class PaidAspect(Form):
    """An aspect of the proposition for which the segment is willing to pay."""

    aspect: str = Field(description="What they pay for, in plain words.")
    offer: Id | None = Field(default=None, description="The offer that has it.")
    worth: float | None = Field(
        default=None, ge=0, description="What one customer would pay for it; 0: nothing."
    )
    low: float | None = Field(default=None, ge=0, description="Lower end of what it is worth.")
    high: float | None = Field(default=None, ge=0, description="Upper end of what it is worth.")
    unit: str = Field(default="", description="Unit of the worth, such as 'EUR'.")
    by: str = Field(default="", description="Who says so; empty: the team.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Separateness(Form):
    """What holds for a segment by the criteria that make separate segments."""

    offer: Trait | None = Field(
        default=None, description="What its needs require that those of others do not."
    )
    channel: Trait | None = Field(default=None, description="Through what it is reached.")
    relationship: Trait | None = Field(
        default=None, description="Which kind of relationship it requires."
    )
    profitability: Profitability | None = Field(
        default=None, description="How profitable its customers are."
    )
    price: list[PaidAspect] = Field(
        default_factory=list, description="What it is willing to pay for, aspect by aspect."
    )


class MeasuredPair(Form):
    """Two segments, and the evidence of how far they differ by the criteria."""

    segments: list[SegmentName] = Field(
        min_length=2, max_length=2, description="The two segments that were compared."
    )
    evidence: list[Citation] = Field(
        default_factory=list,
        description="Evidence that it cites; its id ends with the criterion, such as '.channel'.",
    )
