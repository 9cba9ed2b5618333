"""What an experiment shows: the effect in each segment, how sure it is, and the verdict."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import Day
from forwhom.documents.experiment import Outcome
from forwhom.documents.segmentation import Interval
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.wording import (
    apart,
    beside,
    decimal,
    listed,
    number,
    opened,
    percent,
    percent_between,
)

#: ``supported`` and ``refuted``: the whole interval is on one side of the threshold; ``not
#: enough``: it is on both; ``withheld``: an arm has too few customers; ``none``: there may be none.
Verdict = Literal["supported", "refuted", "not enough", "withheld", "none"]


class Effect(Document):
    """The difference of both arms in one segment, or in all of them together."""

    segment: str | None = Field(description="Id of the segment; None for all of them.")
    label: str = Field(description="As people read it.")
    customers: tuple[int, int] | None = Field(
        description="Of the control arm and the other; None where withheld."
    )
    planned: int | None = Field(default=None, description="Customers of both arms, as planned.")
    levels: tuple[float, float] | None = Field(
        default=None, description="Mean or share of both arms; None where withheld for privacy."
    )
    difference: float | None = Field(
        default=None, description="The other arm less the control; None where withheld for privacy."
    )
    interval: Interval | None = Field(default=None, description="Of this segment by itself.")
    sure: Interval | None = Field(
        default=None, description="Wide enough for all segments together; the verdict rests on it."
    )
    pooled: float | None = Field(
        default=None, description="The difference, drawn towards those of the other segments."
    )
    pooled_interval: Interval | None = None
    p: float | None = Field(
        default=None, description="Of the threshold, two-sided, for all segments together."
    )
    verdict: Verdict


class Look(Document):
    """One planned look at all customers."""

    fraction: float = Field(description="Part of the planned customers.")
    day: Day | None = Field(description="The last day that counts; None where there are no days.")
    customers: int
    difference: float
    interval: Interval = Field(description="That holds at all looks together.")


class Allocation(Document):
    """Whether the arms have the parts of the customers that they should have."""

    customers: tuple[int, int] = Field(description="Of the control arm and the other.")
    expected: tuple[float, float] = Field(description="The parts that they should have.")
    p: float = Field(description="Of these parts, by chi-square.")
    p_segments: float | None = Field(
        default=None, description="Of the same parts in all segments, by chi-square."
    )


class Differing(Document):
    """Whether the effect differs between segments."""

    q: float
    df: int
    p: float
    i2: float = Field(description="Part of the variance between segments that is not sampling.")
    i2_interval: Interval
    tau: float = Field(description="Standard deviation of the true effects.")

    @property
    def degrees(self) -> str:
        """The degrees of freedom, in words."""
        return tr_count("{n} degree of freedom", "{n} degrees of freedom", self.df)

    def __str__(self) -> str:
        """Say whether it does."""
        told = tr(
            "(Q = {q} with {degrees}, p = {p}; {share} of what differs is more than sampling, "
            "{between})",
            q=decimal(self.q, 1), degrees=self.degrees, p=number(self.p, 2),
            share=percent(self.i2),
            between=percent_between(self.i2_interval.low, self.i2_interval.high),
        )  # fmt: skip
        if self.p < 0.05:
            return tr("The effect is not the same in all segments {numbers}.", numbers=told)
        return tr(
            "Whether the effect differs between segments we cannot tell {numbers}.", numbers=told
        )


#: How verdicts are called.
VERDICTS: dict[Verdict, str] = {
    "supported": later("supported"),
    "refuted": later("refuted"),
    "not enough": later("not enough"),
    "withheld": later("withheld"),
    "none": later("no verdict"),
}


class ExperimentReading(Document):
    """What an experiment shows, against what its plan asked for."""

    plan: str = Field(description="Id of the plan.")
    title: str
    statement: str
    hypothesis: str | None = Field(description="Id in the canvas.")
    fingerprint: str = Field(description="Of the plan.")
    sealed: Day
    outcome: Outcome
    arms: tuple[str, str] = Field(description="The control arm and the other.")
    threshold: float = Field(description="The difference that was asked for, with its sign.")
    alpha: float
    overall: Effect
    segments: list[Effect]
    allocation: Allocation
    looks: list[Look] = Field(default_factory=list, description="Where looks were planned.")
    differing: Differing | None = None
    blocked: str = Field(default="", description="Why there is no verdict; empty where there is.")
    last: Day | None = Field(default=None, description="The last day of the data.")
    notes: list[str] = Field(default_factory=list)
    version: str
    language: str = Field(default="en", description="In which it is told.")

    @property
    def effects(self) -> list[Effect]:
        """Those of the segments, then that of all; that of all alone where there is one segment."""
        return [*self.segments, self.overall] if len(self.segments) != 1 else self.segments

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        if self.blocked:
            return tr("No verdict: {why}", why=self.blocked)
        return self.sentence(self.overall if len(self.segments) != 1 else self.segments[0])

    @property
    def short(self) -> str:
        """The answer in as few words as a heading has."""
        one = self.overall if len(self.segments) != 1 else self.segments[0]
        if self.blocked or one.sure is None:
            return self.headline
        between = self.outcome.between(one.sure.low, one.sure.high)
        together = one.segment is None and self.segments
        return tr(
            "{verdict}: {difference} ({between}) in {where}, where {asked} was asked for.",
            verdict=opened(tr(VERDICTS[one.verdict])),
            difference=self.outcome.difference(one.difference), between=between,
            where=tr("all segments together") if together else apart(one.label), asked=self.asked,
        )  # fmt: skip

    @property
    def sentences(self) -> list[str]:
        """The answer, then what is known of each segment."""
        told = [self.headline]
        if not self.blocked and len(self.segments) > 1:
            told.append(self.tally)
            told += [self.sentence(one) for one in self.segments]
            told += [] if self.differing is None else [str(self.differing)]
        return told

    @property
    def tally(self) -> str:
        """Which segments ended in which way: what holds of all need not hold of each."""
        by = {
            verdict: [one.label for one in self.segments if one.verdict == verdict]
            for verdict in VERDICTS
            if verdict != "none"
        }
        parts = [
            tr(
                "{verdict} in {segments}",
                verdict=tr(VERDICTS[verdict]),
                segments=listed([*map(apart, names)], most=8),
            )
            for verdict, names in by.items()
            if names
        ]
        return tr("By segment: {parts}.", parts=beside(parts))

    def sentence(self, one: Effect) -> str:
        """Say which segment, how much, how sure, and whether the threshold was reached."""
        if one.verdict == "withheld":
            return tr(
                "{segment}: an arm has too few customers to be told.", segment=apart(one.label)
            )
        if one.sure is None:
            return tr(
                "{segment}: a number would tell of a few customers, so there is none. {judged}",
                segment=apart(one.label), judged=self.judged(one),
            )  # fmt: skip
        between = self.outcome.between(one.sure.low, one.sure.high)
        share = percent(1 - self.alpha)
        sure = tr("{share} sure", share=share)
        if len(self.segments) > 1 and one.segment is not None:
            sure = tr("{share} sure of all segments at once", share=share)
        return tr(
            "{segment}: {found} ({between}, {sure}). {judged}", segment=apart(one.label),
            found=self.found(one), between=between, sure=sure, judged=self.judged(one),
        )  # fmt: skip

    def found(self, one: Effect) -> str:
        """Say the difference, and the levels where they are told."""
        difference = self.outcome.difference(one.difference)
        control, treated = (apart(repr(arm)) for arm in self.arms)
        if one.levels is None:
            return tr(
                "with {treated} {difference} against {control}",
                treated=treated, difference=difference, control=control,
            )  # fmt: skip
        other, one_level = map(self.outcome.level, one.levels)
        return tr(
            "with {treated} {one}, with {control} {other}: {difference}",
            treated=treated, one=one_level, control=control, other=other, difference=difference,
        )  # fmt: skip

    def judged(self, one: Effect) -> str:
        """Say whether the threshold was reached."""
        asked = self.asked
        if one.verdict == "supported":
            return tr("Supported: {asked} was asked for, and is reached.", asked=asked)
        if one.verdict == "refuted":
            return tr("Refuted: {asked} was asked for, and is not reached.", asked=asked)
        if one.verdict == "none":
            return tr("No verdict.")
        return tr("Not enough: {asked} was asked for, and may be reached or not.", asked=asked)

    @property
    def asked(self) -> str:
        """The threshold in words: ``'at least +2 points'``."""
        if self.threshold == 0:
            arm = apart(repr(self.arms[0]))
            more = self.outcome.better == "more"
            return tr("more than {arm}", arm=arm) if more else tr("less than {arm}", arm=arm)
        difference = self.outcome.difference(self.threshold)
        if self.outcome.better == "more":
            return tr("at least {difference}", difference=difference)
        return tr("at most {difference}", difference=difference)

    def __str__(self) -> str:
        return "\n".join([*self.sentences, *self.notes])
