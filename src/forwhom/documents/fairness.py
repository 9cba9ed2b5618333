"""Fairness: whom segments, decisions and the sample itself leave out, by protected attributes."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.nouns import phrase
from forwhom.documents.segmentation import Interval
from forwhom.languages.catalog import later, tr
from forwhom.wording import decimal, listed, percent

#: Groups of which one is chosen less than this often, as part of how often another is: the four
#: fifths of the Uniform Guidelines on Employee Selection Procedures (1978).
FOUR_FIFTHS = 0.8
#: An association that is worth a sentence (Cohen's "small" for one degree of freedom).
ASSOCIATED = 0.1
#: An association from which on a variable stands for an attribute (Cohen's "medium").
GIVES_AWAY = 0.3
#: Part of a group that is missing, or too much of it, before it is told.
OFF = 0.05

#: ``apart``: the whole interval says that it matters; ``alike``: that it does not; else nobody can
#: tell from so few customers.
Verdict = Literal["apart", "alike", "unknown"]

_SPREAD: dict[Verdict, str] = {
    "apart": later("{attribute} is not spread evenly over {parts} (V = {v}, {low} to {high})."),
    "alike": later("{attribute} is spread about evenly over {parts} (V = {v}, {low} to {high})."),
    "unknown": later(
        "Whether {attribute} is spread evenly over {parts} we cannot tell (V = {v}, {low} to "
        "{high})."
    ),
}
_GIVES_AWAY: dict[Verdict, str] = {
    "apart": later("{variable} gives {attribute} away (V = {v}, {low} to {high})."),
    "alike": later("{variable} does not give {attribute} away (V = {v}, {low} to {high})."),
    "unknown": later(
        "Whether {variable} gives {attribute} away we cannot tell (V = {v}, {low} to {high})."
    ),
}
_UNKNOWN: dict[Verdict, str] = {
    "apart": later(
        "These are not spread evenly over {parts}: what is said of its groups tells more of {some} "
        "than of others."
    ),
    "alike": later("These are spread about evenly over {parts}."),
    "unknown": later("Whether these are spread evenly over {parts} we cannot tell."),
}
_LACKING: dict[Verdict, str] = {
    "apart": later(
        "Of the answers that form segments, {group} lack {share} and {other} {other_share}."
    ),
    "alike": later(
        "Of the answers that form segments, {group} lack {share} and {other} {other_share}: no "
        "group lacks {off} more than another."
    ),
    "unknown": later(
        "Of the answers that form segments, {group} lack {share} and {other} {other_share}; "
        "whether that is {off} more we cannot tell."
    ),
}
_MOVING: dict[Verdict, str] = {
    "apart": later(
        "Blanks like those of {group} place {share} of the customers who answered everything "
        "{where}, those of {other} {other_share}: the first are placed less surely where they "
        "belong."
    ),
    "alike": later(
        "Blanks like those of {group} place {share} of the customers who answered everything "
        "{where}, those of {other} {other_share}: no group is placed wrongly {off} more often by "
        "its blanks."
    ),
    "unknown": later(
        "Blanks like those of {group} place {share} of the customers who answered everything "
        "{where}, those of {other} {other_share}; whether that is {off} more we cannot tell."
    ),
}


class GroupRate(Document):
    """How often the people of one group are chosen."""

    group: str
    rate: float | None = Field(description="None where withheld for privacy.")
    interval: Interval | None = None


class Selection(Document):
    """Who is chosen, by the groups of one attribute, and whether some are chosen less often."""

    attribute: str
    label: str
    what: str = Field(
        description="What they are chosen for, such as 'in a segment that is served'."
    )
    rates: list[GroupRate]
    least: str | None = Field(default=None, description="The group that is chosen least often.")
    most: str | None = Field(default=None, description="The group that is chosen most often.")
    ratio: float | None = Field(default=None, description="Rate of the first by that of the other.")
    ratio_interval: Interval | None = Field(
        default=None, description="Of the ratio, wide enough for all pairs of groups together."
    )
    difference: float | None = Field(default=None, description="Of these two rates.")
    difference_interval: Interval | None = None
    verdict: Verdict

    def __str__(self) -> str:
        """Say in a sentence who is chosen less often, and how sure that is."""
        if self.least is None or self.most is None or self.ratio is None:
            return f"{self.label}: too few people in all groups but one to say who is {self.what}."
        rates = {rate.group: rate.rate or 0.0 for rate in self.rates}
        told = (
            f"{self.label}: of {self.most!r} {percent(rates[self.most])} are {self.what}, of "
            f"{self.least!r} {percent(rates[self.least])}"
        )
        between = self.ratio_interval
        times = f"{decimal(self.ratio, 2)} times as often" + (
            f" ({decimal(between.low, 2)} to {decimal(between.high, 2)})" if between else ""
        )
        ends = {
            "apart": f": {times}, which is less than four fifths.",
            "alike": f": {times}; no group is chosen less than four fifths as often as another.",
            "unknown": f": {times}; whether that is less than four fifths we cannot tell.",
        }
        return told + ends[self.verdict]


class Association(Document):
    """How much a protected attribute and something else go together: Cramér's V."""

    attribute: str
    label: str
    other: str = Field(description="Name of a variable, or 'segments'.")
    other_label: str = Field(description="As people read it.")
    value: float
    interval: Interval
    verdict: Verdict

    def __str__(self) -> str:
        """Say in a sentence whether the two go together."""
        numbers = {
            "v": decimal(self.value, 2),
            "low": decimal(self.interval.low, 2),
            "high": decimal(self.interval.high, 2),
        }
        if self.other == "segments":
            parts = phrase("all", self.other_label.removesuffix("s"))
            return tr(_SPREAD[self.verdict], attribute=self.label, parts=parts, **numbers)
        return tr(
            _GIVES_AWAY[self.verdict], variable=self.other_label, attribute=self.label, **numbers
        )


class Unanswered(Document):
    """A variable that people of one group left without an answer more often."""

    attribute: str
    label: str
    variable: str
    variable_label: str
    most: str
    least: str
    rates: tuple[float, float] = Field(description="Shares without an answer, of these two groups.")
    difference_interval: Interval

    def __str__(self) -> str:
        """Say who answers less often."""
        most, least = self.rates
        return tr(
            "{attribute}: {variable} is missing for {share} of {group} and {other_share} of "
            "{other}; what is said of the first rests on fewer.",
            attribute=self.label, variable=self.variable_label, share=percent(most),
            group=repr(self.most), other_share=percent(least), other=repr(self.least),
        )  # fmt: skip


class BlanksOfGroup(Document):
    """The missing answers of one group, and what they do."""

    group: str
    missing: float | None = Field(
        description="Part of the answers that form segments; None where withheld for privacy."
    )
    moved: float | None = Field(
        description="Part of those who answered everything whom such blanks place elsewhere."
    )


class Blanks(Document):
    """Missing answers by the groups of one attribute, and who is placed elsewhere by them."""

    attribute: str
    label: str
    noun: str = "segment"
    unknown: float | None = Field(
        description="Part of all who do not tell the attribute; None where withheld for privacy."
    )
    spread: Interval | None = Field(
        default=None, description="Cramér's V of not telling it with the segments: its interval."
    )
    unknown_verdict: Verdict = Field(
        description="Whether those who do not tell it are spread unevenly over the segments."
    )
    groups: list[BlanksOfGroup]
    most: str | None = Field(default=None, description="The group that lacks most answers.")
    least: str | None = None
    difference_interval: Interval | None = Field(
        default=None, description="Of these two, wide enough for all pairs of groups together."
    )
    verdict: Verdict
    mover: str | None = Field(default=None, description="The group whose blanks move most.")
    stayer: str | None = None
    moved_interval: Interval | None = None
    moved_verdict: Verdict

    def __str__(self) -> str:
        """Say whose answers are missing, and what that does to who is placed where."""
        return " ".join(filter(None, [self.of_attribute, self.of_answers, self.of_places]))

    @property
    def of_attribute(self) -> str:
        """Of whom the attribute is not known."""
        if self.unknown is None:
            return tr(
                "{attribute}: too few do not tell it, or too few do, to say how many.",
                attribute=self.label,
            )
        if not self.unknown:
            return tr("{attribute} is known of everybody.", attribute=self.label)
        share = percent(self.unknown)
        told = tr(
            "{attribute} is not known of {share} of customers.", attribute=self.label, share=share
        )
        parts, some = phrase("all", self.noun), phrase("some", self.noun)
        how = tr(_UNKNOWN[self.unknown_verdict], parts=parts, some=some)
        return f"{told} {how}"

    @property
    def of_answers(self) -> str:
        """Which groups lack answers."""
        known = {one.group: one.missing for one in self.groups if one.missing is not None}
        if self.most is None or self.least is None:
            return tr("Of its groups, too little may be told to say whose answers are missing.")
        if not any(known.values()):
            return tr("None of its groups lacks an answer that forms segments.")
        return tr(
            _LACKING[self.verdict],
            group=repr(self.most), share=percent(known[self.most] or 0.0),
            other=repr(self.least), other_share=percent(known[self.least] or 0.0),
            off=percent(OFF),
        )  # fmt: skip

    @property
    def of_places(self) -> str:
        """Whom such blanks place elsewhere; empty where nobody."""
        moved = {one.group: one.moved or 0.0 for one in self.groups if one.moved is not None}
        if self.mover is None or self.stayer is None or not any(moved.values()):
            return ""
        return tr(
            _MOVING[self.moved_verdict],
            group=repr(self.mover), share=percent(moved[self.mover]),
            other=repr(self.stayer), other_share=percent(moved[self.stayer]),
            where=phrase("in another", self.noun), off=percent(OFF),
        )  # fmt: skip


class Margin(Document):
    """One group in the sample, against what is known of everybody."""

    attribute: str
    label: str
    group: str
    known: float = Field(description="Share that the group should have.")
    sample: float | None = Field(description="Share that it has; None where withheld.")
    interval: Interval | None = None
    verdict: Verdict


class Raked(Document):
    """What weights that give every margin its due would do."""

    n: int = Field(description="Customers with an answer to all of the margins.")
    effective: float = Field(description="Equally weighted customers that say as much.")
    largest: float = Field(description="The largest weight; the mean is 1.")
    shares: dict[int, tuple[float, float]] = Field(
        description="Share of each segment as it is, and with these weights."
    )

    def __str__(self) -> str:
        """Say what the weights cost."""
        moved = max((abs(b - a) for a, b in self.shares.values()), default=0.0)
        return (
            f"Weights that give each margin its due leave {self.effective:,.0f} of {self.n:,} "
            f"customers' worth of information; the largest weight is {decimal(self.largest, 1)}, "
            f"and no segment's share moves by more than {percent(moved, decimals=1)}."
        )


class Without(Document):
    """What the segments are without the variables that give an attribute away."""

    attribute: str
    label: str
    left_out: list[str] = Field(description="Labels of the variables.")
    k: int | None = Field(description="Segments found without them; None where nothing is left.")
    agreement: float | None = Field(
        description="Adjusted Rand index with the segments as they are."
    )
    before: float = Field(description="Cramér's V of the attribute with the segments as they are.")
    after: float | None = Field(description="The same without these variables.")

    def __str__(self) -> str:
        """Say what is left."""
        which = listed(self.left_out)
        if self.k is None:
            return f"{self.label}: without {which} no variable is left to form segments."
        if self.k == 1:
            return f"{self.label}: without {which} the customers fall into no segments."
        return (
            f"{self.label}: without {which} there are {self.k} segments, which agree with these by "
            f"{decimal(self.agreement or 0.0, 2)} (1: the same); the attribute goes with them by "
            f"V = {decimal(self.after or 0.0, 2)} instead of {decimal(self.before, 2)}."
        )


class Fairness(Document):
    """What is known of fairness; lists are empty where nothing was asked or nothing can be said."""

    threshold: int = Field(default=10, description="Groups of fewer people are not told.")
    associations: list[Association] = Field(
        default_factory=list, description="Each protected attribute with the segments."
    )
    proxies: list[Association] = Field(
        default_factory=list,
        description="Variables that form segments and may give an attribute away, strongest first.",
    )
    selections: list[Selection] = Field(
        default_factory=list, description="Who is served, where a canvas decides it."
    )
    answers: list[Unanswered] = Field(
        default_factory=list, description="Whose answers are missing, where groups differ."
    )
    blanks: list[Blanks] = Field(
        default_factory=list,
        description="What missing answers do to who is placed where, by protected attribute.",
    )
    margins: list[Margin] = Field(default_factory=list, description="Against known shares.")
    raked: Raked | None = None
    without: list[Without] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list, description="What could not be looked at.")

    @property
    def sentences(self) -> list[str]:
        """What is known, a sentence each."""
        told: Iterable[object] = [
            *self.associations, *(p for p in self.proxies if p.verdict != "alike"),
            *self.selections, *self.answers, *self.blanks, *self.without,
        ]  # fmt: skip
        return [*map(str, told), *self._sampled()]

    def _sampled(self) -> list[str]:
        off = [m for m in self.margins if m.verdict == "apart"]
        said = [
            f"{m.label}: {m.group!r} is {percent(m.sample or 0.0)} of the sample and "
            f"{percent(m.known)} of everybody."
            for m in off
        ]
        if self.margins and not off:
            sure = all(m.verdict == "alike" for m in self.margins)
            said.append(
                f"No group is {percent(OFF)} or more above or below its known share."
                if sure
                else "No group is surely above or below its known share; of some we cannot tell."
            )
        return said + ([] if self.raked is None else [str(self.raked)])

    def __str__(self) -> str:
        return "\n".join([*self.sentences, *self.notes]) or "No protected attribute is known."
