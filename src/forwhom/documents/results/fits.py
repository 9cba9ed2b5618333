from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import JobKind, NeedKind, Value
from forwhom.documents.results.opportunities import NumbersFrom

#: How far a need is answered.
Strength = Literal["full", "partial", "unknown", "none"]

#: The parts of a proposition that hold offers.
OfferPart = Literal["products", "features", "benefits", "relieves", "experience"]


#: The parts of a positioning statement.
PartName = Literal["target", "need", "product", "category", "benefit", "alternative", "difference"]


class AnsweredNeed(Document):
    """A need of the segment, and how the proposition answers it."""

    need: str = Field(description="Id of the need.")
    statement: str
    kind: NeedKind
    job: JobKind | None = None
    importance: float | None = Field(default=None, description="0 to 10.")
    importance_from: NumbersFrom = "nobody"
    important: bool = Field(default=False, description="Whether its importance is at least 7.")
    strength: Strength = Field(description="How far it is answered; none also when nothing is.")
    listed: bool = Field(description="Whether the canvas says anything about this need here.")
    by: list[str] = Field(default_factory=list, description="Ids of the offers that answer it.")
    how: str = ""
    backed: bool = Field(default=False, description="Whether the answer cites evidence.")


class FitOffer(Document):
    """An offer of the proposition, and the needs that it answers."""

    id: str
    text: str
    part: OfferPart
    needs: list[str] = Field(
        default_factory=list, description="Needs that it answers, of any segment."
    )


class PositioningPart(Document):
    """A part of the positioning statement; where it is missing, what it could be."""

    part: PartName
    text: str = Field(default="", description="Empty: the canvas does not say it.")
    could_be: list[str] = Field(
        default_factory=list, description="Texts of the canvas among which a person may choose."
    )


class PositioningPiece(Document):
    """A stretch of the statement."""

    text: str
    missing: bool = Field(description="Whether it only names a part that is missing.")


class PositioningStatement(Document):
    """For whom, what, against what: one statement from the parts in the canvas."""

    text: str = Field(description="Missing parts stand in square brackets.")
    pieces: list[PositioningPiece] = Field(description="The text, cut where a part is missing.")
    parts: list[PositioningPart]

    @property
    def gaps(self) -> list[PositioningPart]:
        """The parts that are missing."""
        return [part for part in self.parts if not part.text]


class SegmentFit(Document):
    """How far one proposition answers the needs of one segment."""

    segment: str
    segment_name: str
    proposition: str
    proposition_name: str
    needs: list[AnsweredNeed]
    offers: list[FitOffer]
    unaddressed: list[str] = Field(description="Important needs that nothing answers, by id.")
    unrelieved: list[str] = Field(description="Fears and pains that are not relieved, by id.")
    idle: list[str] = Field(description="Offers that answer no need of anybody, by id.")
    values: list[Value] = Field(description="Kinds of value that the proposition has.")
    values_missing: list[Value] = Field(description="The others of the four kinds.")
    values_asked: list[Value] = Field(
        description="Missing kinds of value that the jobs of the segment ask for."
    )
    statement_missing: list[str] = Field(
        description="Missing of headline, subheadline, problem, benefits."
    )
    proposition_missing: list[str] = Field(
        description="Missing of target market, specific value, outreach."
    )
    positioning: PositioningStatement
    sentences: list[str] = Field(description="What it says, in words.")


class Unmatched(Document):
    """A segment without a proposition, or a proposition without a segment."""

    id: str
    name: str


class Fits(Document):
    """Every segment with every proposition that is meant for it."""

    forwhom: Literal[1] = 1
    kind: Literal["fit"] = "fit"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    fits: list[SegmentFit]
    without_proposition: list[Unmatched] = Field(description="Segments that nothing is for.")
    without_segment: list[Unmatched] = Field(description="Propositions that are for nobody.")
    notes: list[str] = Field(default_factory=list, description="What weakens it.")
