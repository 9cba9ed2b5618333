"""Needs ranked by opportunity: what matters and is not met."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import JobKind, NeedKind
from forwhom.documents.segmentation import Interval

#: From whom the numbers of a need are. ``withheld``: from too few respondents to be shown.
NumbersFrom = Literal["respondents", "stated", "guess", "withheld", "nobody"]

#: What the gap between importance and satisfaction says, once its interval leaves out zero.
Met = Literal["underserved", "overserved", "undecided"]


class RankedNeed(Document):
    """One need with its numbers, where they come from, and its place in the ranking."""

    need: str = Field(description="Id of the need.")
    statement: str
    kind: NeedKind
    job: JobKind | None = None
    numbers_from: NumbersFrom
    rated_by: str = Field(default="", description="Who gave the numbers, as the canvas says it.")
    n: int | None = Field(default=None, description="Respondents who gave both numbers.")
    importance: float | None = Field(default=None, description="Mean importance, 0 to 10.")
    satisfaction: float | None = Field(default=None, description="Mean satisfaction, 0 to 10.")
    opportunity: float | None = Field(
        default=None, description="importance + max(importance - satisfaction, 0), 0 to 20."
    )
    importance_interval: Interval | None = None
    satisfaction_interval: Interval | None = None
    opportunity_interval: Interval | None = None
    gap_interval: Interval | None = Field(
        default=None, description="Of importance minus satisfaction."
    )
    met: Met | None = Field(default=None, description="Only where respondents gave the numbers.")
    rank: int | None = Field(default=None, description="1 is the largest opportunity.")
    first: float | None = Field(
        default=None, description="Probability of being the largest, among needs with respondents."
    )
    top_three: float | None = Field(
        default=None, description="Probability of being among the three largest."
    )
    canvas_opportunity: float | None = Field(
        default=None, description="By the numbers in the canvas, where respondents replace them."
    )


class NeedRanking(Document):
    """The needs of one segment, or of everybody, in the order of their opportunity."""

    segment: str | None = Field(description="Id of the segment; None: everybody.")
    name: str
    respondents: int | None = Field(
        default=None, description="Respondents whose answers count here; None below the threshold."
    )
    needs: list[RankedNeed]
    sentences: list[str] = Field(default_factory=list, description="What it says, in words.")


class Opportunities(Document):
    """Which needs are worth an answer: ranked for everybody and for each segment."""

    forwhom: Literal[1] = 1
    kind: Literal["opportunities"] = "opportunities"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    source: str = Field(default="", description="The file with the answers of respondents.")
    seed: int = 0
    draws: int = Field(default=0, description="Bootstrap samples; 0: there are no respondents.")
    threshold: int = Field(default=10, description="Fewer respondents than this are not shown.")
    everybody: NeedRanking
    segments: list[NeedRanking] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list, description="What weakens it.")
