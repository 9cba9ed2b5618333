"""What people say: statements that set a segment apart, sorted into pains, gains, jobs and fears.

No text stands here. A statement is a phrase that at least as many customers said as the threshold
of privacy asks for; what one of them wrote is in a file of its own, on the machine where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.wording import count, decimal, listed, number, percent

#: What a statement is about, told by the words beside it; None where these do not tell.
Tone = Literal["pain", "gain", "job", "fear"]

_HEADINGS: dict[Tone | None, str] = {
    "pain": "Pains", "gain": "Gains", "job": "Jobs", "fear": "Fears", None: "Also said",
}  # fmt: skip


class Rating(Document):
    """How important something is, or how satisfied people are with it, 0 to 10."""

    mean: float
    interval: Interval
    n: int = Field(description="Customers with an answer, to the next multiple of the threshold.")

    def __str__(self) -> str:
        low, high = decimal(self.interval.low, 1), decimal(self.interval.high, 1)
        return f"{decimal(self.mean, 1)} ({low} to {high})"


class Saying(Document):
    """What customers of a segment say more often than all others."""

    evidence: str = Field(description="Id of the evidence; quotes go by it, too.")
    phrase: str
    also: list[str] = Field(
        default_factory=list, description="Other phrases of the same customers, most telling first."
    )
    tone: Tone | None = Field(default=None, description="Told by the words beside it.")
    share: float = Field(description="Of the segment's customers who said anything.")
    others: float | None = Field(description="Of all others; None: fewer than the threshold.")
    ratio: float = Field(description="Times as often as all others, drawn toward no difference.")
    interval: Interval = Field(description="Of the ratio.")
    satisfaction: Rating | None = None
    importance: Rating | None = None
    quotes: int = Field(default=0, description="Quotes that the file of quotes holds.")

    @property
    def phrases(self) -> str:
        """All its phrases, in quotation marks."""
        return listed([f"“{one}”" for one in (self.phrase, *self.also)])

    def __str__(self) -> str:
        low, high = number(self.interval.low, 2), number(self.interval.high, 2)
        who = percent(self.share)
        if self.others is None:
            return f"{self.phrases}: {who}, and hardly anybody else."
        rest = percent(self.others)
        times = f"{number(self.ratio, 2)} times as often ({low} to {high})"
        return f"{self.phrases}: {who}, of all others {rest}; {times}."


class SegmentVoices(Document):
    """What sets one segment apart."""

    segment: int
    name: str
    customers: int | None = Field(
        description="Who said anything, to the next multiple of the threshold; None: too few."
    )
    sayings: list[Saying] = Field(default_factory=list)
    more: int = Field(
        default=0, description="Statements that set it apart, too, and are not shown."
    )

    def by_tone(self) -> Iterator[tuple[str, list[Saying]]]:
        """Yield a heading and what stands under it."""
        for tone, heading in _HEADINGS.items():
            found = [one for one in self.sayings if one.tone == tone]
            if found:
                yield heading, found


class Said(Document):
    """What customers of every segment say about as often."""

    phrase: str
    share: float = Field(description="Of all customers who said anything.")


class Voices(Document):
    """What customers say, by segment."""

    column: str = Field(description="The column with the texts.")
    language: str
    noun: str = "segment"
    texts: int
    customers: int = Field(description="Customers who said anything and are in a segment.")
    threshold: int
    statements: int = Field(description="Phrases and themes that were compared.")
    segments: list[SegmentVoices]
    common: list[Said] = Field(default_factory=list)
    evidence: list[Evidence] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list, description="What a reader must know.")

    def __str__(self) -> str:
        told = [
            f"{count(self.texts, 'text')} of {count(self.customers, 'customer')} in "
            f"{self.column!r} ({self.language}); {count(self.statements, 'statement')} compared."
        ]
        for one in self.segments:
            told += ["", f"{one.segment} {one.name}"]
            if not one.sayings:
                told.append(f"  Nothing surely sets this {self.noun} apart.")
            for heading, sayings in one.by_tone():
                told.append(f"  {heading}")
                told += [f"    {saying}{_rated(saying)}" for saying in sayings]
            if one.more:
                told.append(f"  And {count(one.more, 'more statement')}.")
        if self.common:
            said = listed([f"“{one.phrase}” ({percent(one.share)})" for one in self.common], None)
            told += ["", f"Said in every {self.noun}, and setting none apart: {said}."]
        return "\n".join([*told, *(["", *self.notes] if self.notes else [])])


def _rated(saying: Saying) -> str:
    both = (("Importance", saying.importance), ("Satisfaction", saying.satisfaction))
    return "".join(f" {what} {rating} of 10." for what, rating in both if rating is not None)
