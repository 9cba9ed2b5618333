"""Separateness: what the data say about every two segments, by the five criteria."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Criterion, Document

#: Whether two segments differ by at least what matters, by less, or neither is sure.
Verdict = Literal["different", "equivalent", "undecided"]

#: How segments are compared by what formed them: a difference there proves less.
BY_WHAT_FORMED = "by the segments' probabilities"

#: What an effect is: a difference of means in standard deviations, of shares on the arcsine scale
#: (Cohen's h), of levels (Cramér's V, both segments taken as large), or of the shape of a profile.
EffectKind = Literal["d", "h", "V", "shape"]

#: Effects from which on less than half of one segment could as well be of the other.
UNLIKE: dict[EffectKind, float] = {"d": 1.35, "h": 1.05, "V": 0.5, "shape": 0.5}


class CriterionVerdict(Document):
    """Two segments by one criterion."""

    criterion: Criterion
    verdict: Verdict
    variables: list[str] = Field(description="Every variable that was compared.")
    leading: list[str] = Field(description="The variable, or those of the profile, that decides.")
    kind: EffectKind
    effect: float = Field(description="Of the leading variable; signed for d and h.")
    low: float
    high: float = Field(description="With 'low', the 95 % interval of the effect.")
    minimum: float = Field(description="The smallest effect that matters, stated beforehand.")
    p: float = Field(description="Of the verdict, two-sided, by Holm's method over the criteria.")
    formed: bool = Field(description="Whether the leading variable formed the segments.")
    unlike: float | None = Field(
        default=None,
        description="Mean over all that was compared, each effect as a part of the one from which "
        "on less than half is in common.",
    )
    unlike_low: float | None = None
    unlike_high: float | None = Field(
        default=None, description="With 'unlike_low', an interval of at least 95 %."
    )


class PairVerdict(Document):
    """Two segments, and whether they are separate."""

    first: int
    second: int
    criteria: list[CriterionVerdict] = Field(description="Those that something speaks to.")
    sentence: str

    def by(self, verdict: Verdict) -> list[Criterion]:
        """Return the criteria with this verdict."""
        return [one.criterion for one in self.criteria if one.verdict == verdict]


class Separateness(Document):
    """Every pair of segments by the five criteria: offer, channel, relationship, worth, price."""

    pairs: list[PairVerdict]
    merges: list[list[int]] = Field(
        default_factory=list,
        description="Segments that could be one: whatever speaks to a criterion is equivalent.",
    )
    sentences: list[str] = Field(default_factory=list, description="What it says, in words.")
    notes: list[str] = Field(default_factory=list, description="What could not be compared, why.")
