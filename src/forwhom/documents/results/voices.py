"""What people say: statements that set a segment apart, sorted into pains, gains, jobs and fears.

No text stands here. A statement is a phrase that at least as many customers said as the threshold
of privacy asks for; what one of them wrote is in a file of its own, on the machine where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.languages.catalog import SOURCE, later, later_in, tr, tr_count, tr_in
from forwhom.wording import apart, decimal, listed, number, percent, quoted

#: What a statement is about, told by the words beside it; None where these do not tell.
Tone = Literal["pain", "gain", "job", "fear"]

_HEADINGS: dict[Tone | None, str] = {
    "pain": later_in("needs", "Pains"),
    "gain": later_in("needs", "Gains"),
    "job": later_in("needs", "Jobs"),
    "fear": later_in("needs", "Fears"),
    None: later_in("needs", "Also said"),
}
#: What is said of segments, by what they may be called.
_SAYS: Mapping[str, str] = {
    "segment": later("Segment {number} says {saying}"),
    "group": later("Group {number} says {saying}"),
    "band": later("Band {number} says {saying}"),
    "cut": later("Cut {number} says {saying}"),
}
NOTHING: Mapping[str, str] = {
    "segment": later("Nothing surely sets this segment apart."),
    "group": later("Nothing surely sets this group apart."),
    "band": later("Nothing surely sets this band apart."),
    "cut": later("Nothing surely sets this cut apart."),
}
_EVERYWHERE: Mapping[str, str] = {
    "segment": later("Said in every segment, and setting none apart: {phrases}."),
    "group": later("Said in every group, and setting none apart: {phrases}."),
    "band": later("Said in every band, and setting none apart: {phrases}."),
    "cut": later("Said in every cut, and setting none apart: {phrases}."),
}


class Rating(Document):
    """How important something is, or how satisfied people are with it, 0 to 10."""

    mean: float
    interval: Interval
    n: int = Field(description="Customers with an answer, to the next multiple of the threshold.")

    def __str__(self) -> str:
        low, high = decimal(self.interval.low, 1), decimal(self.interval.high, 1)
        return tr("{value} ({low} to {high})", value=decimal(self.mean, 1), low=low, high=high)


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
        return listed([apart(quoted(one)) for one in (self.phrase, *self.also)])

    def __str__(self) -> str:
        said = {"phrases": self.phrases, "share": percent(self.share)}
        if self.others is None:
            return tr("{phrases}: {share}, and hardly anybody else.", **said)
        return tr(
            "{phrases}: {share}, of all others {rest}; {times} times as often ({low} to {high}).",
            **said, rest=percent(self.others), times=number(self.ratio, 2),
            low=number(self.interval.low, 2), high=number(self.interval.high, 2),
        )  # fmt: skip


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
                yield tr_in("needs", heading), found


class Said(Document):
    """What customers of every segment say about as often."""

    phrase: str
    share: float = Field(description="Of all customers who said anything.")


class Voices(Document):
    """What customers say, by segment."""

    column: str = Field(description="The column with the texts.")
    language: str = Field(description="Of the texts.")
    told_in: str = Field(default=SOURCE, description="The language in which it is told.")
    noun: str = "segment"
    texts: int
    customers: int = Field(
        description="Who said anything and are in a segment; all, where hardly anybody did not."
    )
    threshold: int
    statements: int = Field(description="Phrases and themes that were compared.")
    segments: list[SegmentVoices]
    common: list[Said] = Field(default_factory=list)
    evidence: list[Evidence] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list, description="What a reader must know.")

    @property
    def counts(self) -> dict[str, str]:
        """How many texts, customers and statements, as a sentence says it."""
        return {
            "texts": tr_count("{n} text", "{n} texts", self.texts),
            "customers": tr_count("of {n} customer", "of {n} customers", self.customers),
            "compared": tr_count(
                "{n} statement compared", "{n} statements compared", self.statements
            ),
        }

    def __str__(self) -> str:
        told = [
            tr(
                "{texts} {customers} in {column} ({language}); {compared}.", **self.counts,
                column=apart(repr(self.column)), language=apart(self.language),
            )
        ]  # fmt: skip
        for one in self.segments:
            told += ["", f"{one.segment} {one.name}"]
            if not one.sayings:
                told.append(f"  {tr(NOTHING[self.noun])}")
            for heading, sayings in one.by_tone():
                told.append(f"  {heading}")
                told += [f"    {saying}{_rated(saying)}" for saying in sayings]
            if one.more:
                more = tr_count("And {n} more statement.", "And {n} more statements.", one.more)
                told.append(f"  {more}")
        if self.common:
            said = [
                tr("{phrase} ({share})", phrase=quoted(one.phrase), share=percent(one.share))
                for one in self.common
            ]
            phrases = listed([*map(apart, said)], None)
            told += ["", tr(_EVERYWHERE[self.noun], phrases=phrases)]
        return "\n".join([*told, *(["", *self.notes] if self.notes else [])])


def said_of(noun: str, number: int, saying: Saying) -> str:
    """Return in a sentence what a segment says."""
    return tr(_SAYS[noun], number=number, saying=saying)


def _rated(saying: Saying) -> str:
    told = ""
    if saying.importance is not None:
        told += " " + tr("Importance {rating} of 10.", rating=saying.importance)
    if saying.satisfaction is not None:
        told += " " + tr("Satisfaction {rating} of 10.", rating=saying.satisfaction)
    return told
