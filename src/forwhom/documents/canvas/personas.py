"""Personas: typical representatives, made of what is known of their segment."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Citation, Id, SegmentName
from forwhom.documents.canvas.people import Claim
from forwhom.documents.canvas.value import Quote

#: Parts of a persona that hold claims, in the order of its sheet.
CLAIMED = (
    "goals",
    "barriers",
    "behaviors",
    "psychographics",
    "sociographics",
    "demographics",
    "claims",
)


class Image(Form):
    """A picture, with what lets others use it and those who cannot see it know it."""

    file: str = Field(description="PNG, JPEG or WebP, its path relative to the canvas.")
    alt: str = Field(default="", description="What is to be seen, for those who cannot see it.")
    source: str = Field(default="", description="Who made it, or from where it is.")
    license: str = Field(default="", description="What allows us to show it, such as 'CC BY 4.0'.")


class DesignParameter(Form):
    """A fact that matters for what is built."""

    text: str = Field(description="The fact, in one sentence.")
    why: str = Field(default="", description="What it means for the design.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Persona(Form):
    """A typical representative of a segment, built from evidence."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="A name that tells the segment, such as 'Weekly stocker-up'.")
    segment: SegmentName = Field(description="The segment that it stands for.")
    customer: Literal["current", "important", "hoped-for"] | None = Field(
        default=None,
        description="Whether it is a customer of today, a key one, or one we hope for.",
    )
    summary: str = Field(default="", description="Two sentences for the team's wall.")
    image: Image | None = Field(default=None, description="A typical representative.")
    world: list[Image] = Field(default_factory=list, description="Their world: places, things.")
    typical: dict[str, str] = Field(
        default_factory=dict, description="Typical values: medians and modes, nobody's record."
    )
    evidence: list[Citation] = Field(
        default_factory=list, description="Evidence of the typical values."
    )
    design_relevant: list[DesignParameter] = Field(
        default_factory=list, description="Facts that matter for what is built, and why."
    )
    goals: list[Claim] = Field(default_factory=list, description="What they want to achieve.")
    barriers: list[Claim] = Field(default_factory=list, description="What stands in their way.")
    behaviors: list[Claim] = Field(
        default_factory=list, description="What they do, and have in common."
    )
    psychographics: list[Claim] = Field(
        default_factory=list, description="Attitudes, values, interests, way of life."
    )
    sociographics: list[Claim] = Field(
        default_factory=list, description="With whom they live and work, whom they listen to."
    )
    demographics: list[Claim] = Field(
        default_factory=list, description="What a census asks; the least useful part."
    )
    needs: list[Id] = Field(
        default_factory=list, description="What must get done; empty: all needs of the segment."
    )
    quotes: list[Quote] = Field(default_factory=list, description="What people said.")
    claims: list[Claim] = Field(
        default_factory=list, description="What else is said of it, and why."
    )
    open_questions: list[str] = Field(
        default_factory=list, description="What nobody knows yet: goals, barriers, routines."
    )

    def said(self) -> Iterator[tuple[str, int, Claim]]:
        """Yield every claim with the part that it stands in, and its position there."""
        for part in CLAIMED:
            for index, claim in enumerate(getattr(self, part)):
                yield part, index, claim
