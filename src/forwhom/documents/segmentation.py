"""The Segmentation: what the data say. The model, the segments and their evidence.

``segmentation.json`` holds everything that describes segments and places new customers, and no
row of anybody's data. Numbers of cells below the privacy threshold are ``None``.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from forwhom.documents.answer import Answer, answer_of
from forwhom.documents.base import Basis, Criterion, Document, Family, Measure, Role, Use
from forwhom.documents.fitting import Candidate, Certainty, Fit
from forwhom.documents.models import MixtureModel, Model
from forwhom.documents.reference import Reference
from forwhom.documents.refresh import Refresh
from forwhom.documents.separateness import Separateness
from forwhom.documents.stability import Stability
from forwhom.documents.structure import Structure
from forwhom.documents.value import Value
from forwhom.documents.verdict import Noun, noun_of, standing_of
from forwhom.wording import lowered, opened, percent, percent_between


class Interval(Document):
    """An interval at ``level`` (0.95 unless said otherwise)."""

    low: float
    high: float
    level: float = 0.95


class Source(Document):
    """A table that was read."""

    name: str
    rows: int | None = None
    columns: int | None = None
    fingerprint: str = Field(default="", description="Changes when schema or content changes.")
    renamed: dict[str, str] = Field(
        default_factory=dict,
        description="Columns that have another name here than in the table: name here to name "
        "there.",
    )
    months: list[str] = Field(
        default_factory=list,
        description="Of events: the first and the last month in which enough customers have one.",
    )


class Variable(Document):
    """A variable of the study, as it was used."""

    name: str
    label: str = Field(description="Plain words, for sentences and charts.")
    measure: Measure
    use: Use
    basis: Basis | None = None
    role: Role | None = Field(default=None, description="What it is in the business.")
    criterion: Criterion | None = Field(
        default=None, description="Which criterion of separate segments it speaks to."
    )
    minimum: float | None = Field(
        default=None, description="The smallest difference that matters, as the study says."
    )
    unit: str | None = None
    definition: str = Field(default="", description="How it was computed.")
    why: str = Field(default="", description="Why it has this measure and use.")
    levels: list[str] = Field(default_factory=list, description="Levels, in order.")
    missing: float = Field(
        default=0.0, description="Share of customers without a value, of those who were asked."
    )
    question: str = Field(
        default="", description="The question of which it is one row, with others on one scale."
    )
    asked: str = Field(default="", description="Who was asked, in words; empty: everybody.")
    unasked: float = Field(default=0.0, description="Share of customers who were not asked.")
    family: Family | None = Field(
        default=None, description="How a number is modeled; None: as its measure suggests."
    )
    whole: str | None = Field(
        default=None, description="The whole that it is a share of, together with others."
    )
    items: str | None = Field(
        default=None, description="The variable with the number of items that are so divided."
    )


class LeftOut(Document):
    """A column that did not take part, and why."""

    name: str
    why: str


class LevelShare(Document):
    """How common one level is inside the segment and in the whole sample."""

    level: str
    inside: float | None = Field(
        description="Share in the segment; None where withheld for privacy."
    )
    sample: float | None = Field(
        description="Share in the sample; None where withheld for privacy."
    )
    interval: Interval | None = Field(default=None, description="Of the share in the segment.")


class NumberSummary(Document):
    """A number's distribution among those who have a value."""

    mean: float
    sd: float
    q10: float
    q25: float
    median: float
    q75: float
    q90: float
    zeros: float = Field(default=0.0, description="Share of exact zeros.")
    mean_interval: Interval | None = Field(
        default=None, description="Of the segment's mean; None of the sample."
    )


class VariableProfile(Document):
    """One variable in one segment, against the sample."""

    variable: str
    n: int | None = Field(
        description="Members with a value, to multiples of the threshold; None below it."
    )
    missing: float = Field(description="Share of members without a value, as coarse as n.")
    inside: NumberSummary | None = None
    sample: NumberSummary | None = None
    levels: list[LevelShare] = Field(default_factory=list)


class Distinction(Document):
    """One way in which a segment differs from the rest, in words and as a number."""

    variable: str
    level: str | None = Field(default=None, description="The level that differs (discrete).")
    statement: str = Field(description="Plain words with the units of the data.")
    effect: float = Field(description="Signed effect size: Cohen's d or h against the rest.")
    interval: Interval | None = None
    kind: Literal["d", "h"] = Field(description="d: standardized mean difference; h: proportions.")
    inside: float
    rest: float
    phrase: str = Field(description="Two or three words for a name, such as 'frequent buyers'.")


class TypicalMember(Document):
    """A made-up member: medians and modes of near-typical members, nobody's record."""

    based_on: int = Field(description="How many near-typical members it was built from.")
    values: dict[str, str] = Field(description="Variable to value, in words with units.")


class Sum(Document):
    """What the customers of a segment bring together, and their part of what all bring."""

    variable: str
    share: float = Field(description="Of the sum over all customers.")
    interval: Interval = Field(description="Of the share.")
    total: float | None = Field(
        default=None, description="To three digits; None where customers have weights."
    )


class Margin(Document):
    """What a customer of a segment leaves after costs, beside customers of the others."""

    revenue: str = Field(description="Variable from which the other is taken off.")
    cost: str
    mean: float = Field(description="Of a customer of whom both are known.")
    interval: Interval
    more_than: list[int] = Field(
        default_factory=list, description="Segments that surely leave less: no range overlaps."
    )
    less_than: list[int] = Field(default_factory=list)
    unsure: list[int] = Field(
        default_factory=list, description="Segments whose range overlaps: nobody can tell."
    )


class Worth(Document):
    """What a segment brings: money and orders, and what is left after costs."""

    revenue: Sum | None = None
    orders: Sum | None = None
    margin: Margin | None = None


class Segment(Document):
    """A segment that a person can understand."""

    id: int = Field(description="1 is the largest, unless numbers are kept from an earlier run.")
    name: str = Field(description="Editable; proposed from what distinguishes the segment.")
    proposed_name: str
    n: int = Field(description="Customers who are most likely here, each counted as one.")
    share: float = Field(description="Part of all customers, by weight; those in doubt in part.")
    share_interval: Interval
    certainty: Certainty
    distinctions: list[Distinction] = Field(default_factory=list, description="Strongest first.")
    profile: list[VariableProfile] = Field(default_factory=list, description="Every variable.")
    typical_member: TypicalMember | None = Field(
        default=None, description="None when fewer near-typical members than the threshold."
    )
    worth: Worth | None = Field(
        default=None, description="Its part of revenue and orders; None without amounts."
    )
    standing: Literal["own", "slice"] | None = Field(
        default=None,
        description="A group of its own, or a slice of one continuum with its neighbors; None "
        "where nothing tested it.",
    )
    neighbors: list[int] = Field(
        default_factory=list, description="Ids of the segments of which it is a slice together."
    )


class Residual(Document):
    """A pair of variables that the segments do not make independent."""

    first: str
    second: str
    value: float = Field(description="Pearson chi-square per degree of freedom; 1 is expected.")


class TypingStep(Document):
    """Accuracy after asking this variable and those before it."""

    variable: str
    accuracy: float = Field(description="Share placed in the same segment as by all variables.")
    right: float | None = Field(
        default=None,
        description="Share expected in the segment that they are of, which not even all variables "
        "tell for sure; None where no mixture says how likely that is.",
    )


class TypingTool(Document):
    """The few variables that place a new customer, with the accuracy of asking only them."""

    steps: list[TypingStep]
    recommended: int = Field(description="How many of the steps are worth asking.")
    majority: float = Field(description="Accuracy of always saying the largest segment.")
    right_by_all: float | None = Field(
        default=None, description="Share that all variables place in the segment that they are of."
    )
    gain: float | None = Field(
        default=None,
        description="Share that the questions worth asking, or else the first one, place right, "
        "minus that of always saying the largest segment.",
    )
    gain_interval: Interval | None = Field(
        default=None,
        description="What that difference may be: customers are a sample, and in others the "
        "segments may not be found again; None where nobody looked.",
    )

    @property
    def asked(self) -> int:
        """How many questions are told: those that are worth asking, or the first one."""
        return min(max(self.recommended, 1), len(self.steps))


class Evidence(Document):
    """Something computed, that a claim can cite by id and fingerprint."""

    id: str
    statement: str
    value: float | None
    interval: Interval | None = None
    n: int | None = None
    method: str
    source: str = Field(description="Fingerprint of the data behind it.")
    verdict: str = Field(default="", description="What was decided, where it is a decision.")
    fingerprint: str = Field(description="Changes when the evidence changes.")


class Quality(Document):
    """What a reader must know about the data."""

    left_out: list[LeftOut] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list, description="What was found and what was done.")
    warnings: list[str] = Field(default_factory=list, description="What weakens the answer.")


def deciding_of(model: Model, variables: Sequence[Variable]) -> list[Variable]:
    """Return the variables that a model reads to place a customer."""
    if not isinstance(model, MixtureModel):
        return [v for v in variables if model.reads(v.name)]
    active = [v for v in variables if v.use == "active"]
    names = {v.name for v in active} | {v.items for v in active if v.items is not None}
    return [v for v in variables if v.name in names]


class Segmentation(Document):
    """What the data say: the model, the segments, the evidence."""

    forwhom: Literal[1] = 1
    kind: Literal["segmentation"] = "segmentation"
    title: str = ""
    created: str = Field(description="ISO 8601, UTC.")
    version: str = Field(description="Version of forwhom that wrote it.")
    id_column: str | None = None
    n: int = Field(description="Customers.")
    weight: str | None = Field(default=None, description="Column with sampling weights.")
    threshold: int = Field(default=10, description="Cells with fewer customers are not shown.")
    sources: list[Source] = Field(default_factory=list)
    variables: list[Variable]
    model: Annotated[Model, Field(discriminator="kind")]
    fit: Fit
    selection: list[Candidate] = Field(default_factory=list)
    structure: Structure | None = Field(
        default=None, description="Kinds or degrees; None where nothing tested it."
    )
    stability: Stability | None = Field(
        default=None, description="Whether they would be found again; None where nothing tested it."
    )
    separateness: Separateness | None = Field(
        default=None, description="Pairs of segments by the five criteria; None: nothing compared."
    )
    value: Value | None = Field(
        default=None, description="What segments will bring; None: no purchases, or not asked."
    )
    segments: list[Segment]
    reference: list[Reference] = Field(
        default_factory=list,
        description="What the customers were like, to hold later ones against it.",
    )
    overlap: list[list[float]] = Field(
        description="Row i, column j: mean probability of segment j among members of segment i."
    )
    residuals: list[Residual] = Field(default_factory=list, description="Largest first.")
    typing_tool: TypingTool | None = None
    quality: Quality = Quality()
    evidence: list[Evidence] = Field(default_factory=list)
    refreshed: Refresh | None = Field(
        default=None, description="The latest later period that was held against it."
    )
    study: dict[str, object] | None = Field(
        default=None, description="The study, so that new data can be prepared the same way."
    )
    like: str = Field(
        default="", description="Lineage of the earlier run whose numbers of segments it keeps."
    )

    @property
    def lineage(self) -> str:
        """A hash of the model: two runs with the same one number the same segments."""
        return hashlib.sha256(self.model.model_dump_json().encode()).hexdigest()[:16]

    @property
    def deciding(self) -> list[Variable]:
        """The variables that place a customer: those that the model reads."""
        return deciding_of(self.model, self.variables)

    @property
    def members(self) -> str:
        """What the number of customers of a segment counts, as a heading."""
        doubt = self.fit.method == "mixture" and len(self.segments) > 1
        return "Most likely here" if doubt else "Customers"

    @property
    def noun(self) -> Noun:
        """What each segment may be called: a group only where the data show groups."""
        return noun_of(self.structure, len(self.segments))

    @property
    def answer(self) -> Answer:
        """What was found in plain words: a headline, sentences, and what weakens them."""
        return answer_of(self, self.quality.warnings)

    def __str__(self) -> str:
        """Return the answer in plain text, with the segments, a line each."""
        told = self.answer
        title = f"{self.title}: " if self.title else ""
        lines = [title + told.headline, *told.sentences]
        for segment in self.segments:
            told_of = "; ".join(d.statement for d in segment.distinctions[:_TOLD])
            after = f": {told_of}" if told_of else ""
            stands = lowered(self._stands(segment)).rstrip(".")
            size = f"{_share(segment)}; {stands}" if stands else _share(segment)
            lines.append(f"{segment.id}. {segment.name} ({size}){after}")
        return "\n".join(lines)

    def _stands(self, segment: Segment) -> str:
        return standing_of(self.structure, segment, len(self.segments))

    def size_of(self, segment: Segment) -> int:
        """Return how many customers are most likely in a segment: of all, not of those drawn."""
        everybody = self.fit.everybody
        return segment.n if everybody is None else everybody.segments[segment.id - 1]

    # All fields would be pages of numbers: what a person asked for is the segments.
    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the answer with a table of the segments, for notebooks."""
        told = self.answer
        rows = "".join(
            f"<tr><td>{s.id}</td><td>{html.escape(s.name)}</td><td>{_share(s)}</td>"
            f"<td>{self.size_of(s):,}</td><td>{_told(s, self._stands(s))}</td></tr>"
            for s in self.segments
        )
        heads = ("", opened(self.noun), "Share (95%)", self.members, "What distinguishes it")
        head = "".join(f"<th style='text-align:left'>{h}</th>" for h in heads)
        caption = html.escape(f"{self.title or 'Segmentation'}: {told.headline}")
        sentences = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in told.sentences)
        return (
            f"{sentences}<table><caption>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def typical_text(values: Mapping[str, str]) -> str:
    """Return the values of a typical member, by label, as one line."""
    return "; ".join(f"{label}: {value}" for label, value in values.items())


#: How many of its distinctions a summary tells of a segment.
_TOLD = 3


def _share(segment: Segment) -> str:
    low, high = segment.share_interval.low, segment.share_interval.high
    return f"{percent(segment.share)}, {percent_between(low, high)}"


def _told(segment: Segment, standing: str) -> str:
    statements = [d.statement for d in segment.distinctions[:_TOLD]]
    return "<br>".join(html.escape(told) for told in (*filter(None, [standing]), *statements))
