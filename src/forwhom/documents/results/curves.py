"""Value curves: our offer beside others', criterion by criterion."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document


class Curve(Document):
    """The scores of one offer."""

    key: str = Field(description="'ours', or the id of a competitor.")
    name: str
    kind: Literal["ours", "competitor", "substitute", "workaround", "nothing"]
    scores: list[float | None] = Field(description="In the order of the criteria; None: no score.")


class SegmentCurves(Document):
    """The value curves for one segment."""

    id: str
    segment: str
    segment_name: str
    criteria: list[str] = Field(description="What matters to the segment.")
    curves: list[Curve] = Field(description="Ours first, then others in the order of the canvas.")
    ahead: list[str] = Field(description="Criteria where ours is better than every other.")
    level: list[str] = Field(description="Criteria where ours is as good as the best other.")
    behind: list[str] = Field(description="Criteria where some other is better.")
    sentences: list[str] = Field(description="What it says, in words.")
    notes: list[str] = Field(default_factory=list, description="What weakens it.")


class Curves(Document):
    """All value curves of a canvas."""

    forwhom: Literal[1] = 1
    kind: Literal["curves"] = "curves"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    segments: list[SegmentCurves]
