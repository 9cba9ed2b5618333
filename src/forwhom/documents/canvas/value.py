"""What for: needs, and the propositions that answer them."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import (
    Citation,
    Day,
    Id,
    JobKind,
    JobStep,
    NeedKind,
    SegmentName,
    Value,
)

#: Highest importance and satisfaction.
TOP = 10.0


class Quote(Form):
    """What somebody said, in their words."""

    text: str = Field(description="The words.")
    source: str = Field(description="From where: interview, review, ticket; no private names.")
    date: Day | None = Field(default=None, description="When it was said.")


class Need(Form):
    """A job, want, fear, pain, gain or outcome, said without our product."""

    id: Id = Field(description="Name that stays.")
    statement: str = Field(description="The need, in the customer's words.")
    kind: NeedKind = Field(default="job", description="What kind of need.")
    job: JobKind | None = Field(default=None, description="Which kind of job.")
    of: Id | None = Field(
        default=None,
        description="The main job that it belongs to; a job without a step is related to that job.",
    )
    step: JobStep | None = Field(
        default=None, description="The step of that job's map at which it comes up."
    )
    segments: list[SegmentName] = Field(default_factory=list, description="Who has it.")
    importance: float | None = Field(
        default=None, ge=0, le=TOP, description="How much it matters, 0 to 10."
    )
    satisfaction: float | None = Field(
        default=None, ge=0, le=TOP, description="How well it is met today, 0 to 10."
    )
    rated_by: str = Field(
        default="", description="Who gave these numbers: the team, or how many respondents."
    )
    quotes: list[Quote] = Field(default_factory=list, description="What people said.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Offer(Form):
    """One part of a proposition: a product, a feature, a benefit."""

    id: Id = Field(description="Name that stays.")
    text: str = Field(description="What it is.")


class Fit(Form):
    """How a proposition answers one need."""

    need: Id = Field(description="The need.")
    by: list[Id] = Field(default_factory=list, description="The offers that answer it.")
    how: str = Field(default="", description="How it is answered.")
    strength: Literal["unknown", "none", "partial", "full"] = Field(
        default="unknown", description="How far it is answered."
    )
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Statement(Form):
    """The proposition as customers read it."""

    headline: str = Field(default="", description="Catches attention, with an active verb.")
    subheadline: str = Field(default="", description="How one of the customer's jobs gets done.")
    problem: str = Field(default="", description="Shows that the challenge is understood.")
    benefits: list[str] = Field(default_factory=list, description="What the customer gets.")


class Positioning(Form):
    """Parts of a positioning statement (Moore)."""

    category: str = Field(default="", description="What kind of thing it is.")
    benefit: str = Field(default="", description="The key benefit.")
    alternative: str = Field(default="", description="What customers do instead today.")
    difference: str = Field(default="", description="What makes it different from that.")


class Proposition(Form):
    """What we offer to some segments, and why they should want it."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="Short name.")
    description: str = Field(default="", description="What is offered.")
    segments: list[SegmentName] = Field(default_factory=list, description="Whom it is for.")
    values: list[Value] = Field(default_factory=list, description="Which kinds of value it has.")
    products: list[Offer] = Field(default_factory=list, description="Products and services.")
    features: list[Offer] = Field(default_factory=list, description="What they can do.")
    benefits: list[Offer] = Field(default_factory=list, description="Gains that they create.")
    relieves: list[Offer] = Field(default_factory=list, description="Pains and fears they ease.")
    experience: list[Offer] = Field(default_factory=list, description="How it feels to use.")
    statement: Statement | None = Field(default=None, description="How customers read it.")
    positioning: Positioning | None = Field(default=None, description="Against what it stands.")
    target_market: str = Field(default="", description="The ideal customer.")
    specific_value: str = Field(default="", description="Why that customer should choose it.")
    outreach: str = Field(default="", description="How that customer will hear of it.")
    fit: list[Fit] = Field(default_factory=list, description="Need by need, how it answers.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")

    @property
    def offers(self) -> list[Offer]:
        """All its offers, in the order of the file."""
        return [
            *self.products,
            *self.features,
            *self.benefits,
            *self.relieves,
            *self.experience,
        ]
