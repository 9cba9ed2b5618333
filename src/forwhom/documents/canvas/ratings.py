"""Ratings of buyer, user and target impact, and what is done about misalignment."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Day, Id, SegmentName

#: Ends of the scale: very undesirable to very desirable.
LOWEST, HIGHEST = -5.0, 5.0
#: Rounds are counted, or named by their day (20261125); more digits are a mistake.
LAST_ROUND = 99_999_999


class Rating(Form):
    """How desirable one item is for one segment, as one rater sees it."""

    rater: str = Field(description="Who rates; a code name keeps it private.")
    mode: Literal["direct", "proxy"] = Field(
        default="proxy", description="direct: speaks for themself; proxy: for the segment."
    )
    segment: SegmentName = Field(description="For which segment.")
    item: Id = Field(description="The need that is rated.")
    value: float = Field(
        ge=LOWEST, le=HIGHEST, description="-5 (very undesirable) to 5 (very desirable)."
    )
    round: int = Field(default=1, ge=1, le=LAST_ROUND, description="Round of the exercise.")


class Thresholds(Form):
    """Where one class of alignment ends and the next begins."""

    strong: float = Field(default=3.0, description="Strong: every segment rates at least this,")
    strong_gap: float = Field(default=2.0, ge=0, description="and segments differ by at most this.")
    sufficient: float = Field(default=0.0, description="Sufficient: at least this everywhere.")
    misaligned_gap: float = Field(
        default=6.0, ge=0, description="Misaligned: segments differ by at least this, or in sign."
    )
    certain: float = Field(
        default=0.8, ge=0, le=1, description="A class below this probability is undecided."
    )
    medium: float = Field(default=0.2, ge=0, le=1, description="Severity that is medium.")
    high: float = Field(default=0.5, ge=0, le=1, description="Severity that is high.")
    consensus: float = Field(
        default=0.5, ge=0, le=1, description="Raters of a cell disagree below this consensus."
    )


class Strategy(Form):
    """What will be done about one misalignment."""

    id: Id = Field(description="Name that stays.")
    item: Id = Field(description="The need on which segments are misaligned.")
    block: str = Field(default="", description="Where in the business model it is addressed.")
    action: str = Field(default="", description="What will be done.")
    owner: str = Field(default="", description="Who sees to it.")
    due: Day | None = Field(default=None, description="By when.")
    rerate: Day | None = Field(default=None, description="When the item is rated again.")
    status: Literal["open", "doing", "done", "dropped"] = Field(
        default="open", description="How far it is."
    )


class Alignment(Form):
    """The alignment exercise: items, ratings, thresholds, strategies."""

    items: list[Id] = Field(
        default_factory=list, description="Needs that are rated; empty: all that have ratings."
    )
    file: str = Field(
        default="", description="CSV with more ratings, relative to the canvas: rater, mode, "
        "segment, item, value, round.",
    )  # fmt: skip
    ratings: list[Rating] = Field(default_factory=list, description="Ratings, one a line.")
    thresholds: Thresholds = Field(
        default=Thresholds(), description="Where one class ends and the next begins."
    )
    strategies: list[Strategy] = Field(
        default_factory=list, description="What is done about misalignments."
    )
