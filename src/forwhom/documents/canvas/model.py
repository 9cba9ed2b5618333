"""The Canvas: what a team knows and decides, as one plain document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from forwhom.documents.base import Form
from forwhom.documents.canvas.economy import Actor, FundingFeature, FundingFlow
from forwhom.documents.canvas.kinds import Citation, Day, Id, Language, MarketType, SegmentName
from forwhom.documents.canvas.naming import with_segment_ids
from forwhom.documents.canvas.people import CanvasSegment, Participant
from forwhom.documents.canvas.personas import Persona
from forwhom.documents.canvas.ratings import Alignment, Strategy
from forwhom.documents.canvas.separateness import MeasuredPair
from forwhom.documents.canvas.sides import Exchange
from forwhom.documents.canvas.strategy import (
    Change,
    Competitor,
    DecisionMatrix,
    Hypothesis,
    Kpi,
    Question,
    ValueCurve,
)
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.documents.segmentation import Interval
from forwhom.documents.study import Origin
from forwhom.languages.codes import is_right_to_left


class Names(Form):
    """Names that say 'ours' or 'theirs'; a job statement has none of them."""

    ours: list[str] = Field(default_factory=list, description="Our product and company.")
    brands: list[str] = Field(default_factory=list, description="Our brands.")
    features: list[str] = Field(default_factory=list, description="Names of features.")
    competitors: list[str] = Field(default_factory=list, description="Names of competitors.")


class Note(Form):
    """A note in a block of the canvas."""

    id: Id | None = Field(default=None, description="Name that stays, where others point to it.")
    text: str = Field(description="What it says; short.")
    detail: str = Field(default="", description="More, for those who ask.")
    segments: list[SegmentName] = Field(
        default_factory=list, description="For whom; for money, from whom."
    )
    propositions: list[Id] = Field(default_factory=list, description="For which proposition.")
    supports: list[Id] = Field(default_factory=list, description="Other notes that it serves.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class CanvasEvidence(Form):
    """Evidence that claims cite: computed by forwhom, or from interviews and other sources."""

    id: str = Field(description="What claims cite.", pattern=r"^[^\W_][\w.:-]*$")
    statement: str = Field(description="What it says.")
    value: float | None = Field(default=None, description="The number, if there is one.")
    interval: Interval | None = Field(default=None, description="How sure the number is.")
    n: int | None = Field(default=None, description="Customers or answers behind it.")
    count: int | None = Field(
        default=None, ge=0, description="Of how many of these n it is true, where it says that."
    )
    method: str = Field(default="", description="How it is known.")
    source: str = Field(default="", description="From where.")
    date: Day | None = Field(default=None, description="From when.")
    verdict: str = Field(default="", description="What was decided, where it is a decision.")
    previous: str = Field(
        default="", description="What it said before it last changed; written by forwhom."
    )
    fingerprint: str = Field(
        default="",
        pattern=r"^[\w.-]*$",
        description="Changes when the evidence changes; computed when left out.",
    )


class LintSettings(Form):
    """What the linter looks for in this canvas."""

    select: list[str] = Field(
        default_factory=list, description="Rules or groups to run; empty: all."
    )
    ignore: list[str] = Field(default_factory=list, description="Rules or groups not to run.")
    stale_after_days: int = Field(
        default=365, ge=1, description="Evidence older than this is stale."
    )


class Canvas(Form):
    """What a team knows and decides about its customers and its business model."""

    forwhom: Literal[1] = Field(description="Version of the format.")
    kind: Literal["canvas"] = Field(description="What this file is.")
    title: str = Field(default="", description="What this canvas is about.")
    summary: str = Field(default="", description="One or two sentences.")
    framework: str = Field(
        default="business-model-canvas",
        description="A framework by name, or the path of your own, relative to the canvas.",
    )
    language: Language = Field(
        default="en", description="Language of the texts, such as 'en' or 'de'."
    )
    created: Day | None = Field(default=None, description="When it was begun.")
    updated: Day | None = Field(default=None, description="When it was last changed.")
    portfolio: Literal["explore", "exploit"] | None = Field(
        default=None, description="Searching for a model, or running one."
    )
    stage: str = Field(default="", description="Where in its life the model is.")
    derived_from: str = Field(default="", description="The canvas that this one came from.")
    seeded_from: str = Field(
        default="", description="Lineage of the segmentation it was last seeded from."
    )
    market_type: MarketType | None = Field(
        default=None, description="Mass, niche, segmented, diversified or multi-sided market."
    )
    names: Names = Field(default=Names(), description="Names of ours and of competitors.")
    segments: list[CanvasSegment] = Field(default_factory=list, description="For whom.")
    pairs: list[MeasuredPair] = Field(
        default_factory=list, description="Which segments data showed to differ, or not to."
    )
    exchanges: list[Exchange] = Field(
        default_factory=list,
        description="In a multi-sided market: what each side brings to another.",
    )
    not_for: list[str] = Field(
        default_factory=list, description="Who is left out on purpose, in plain words."
    )
    participants: list[Participant] = Field(
        default_factory=list, description="Who takes part in the purchase."
    )
    needs: list[Need] = Field(
        default_factory=list, description="Jobs, wants, fears, pains, gains, outcomes."
    )
    need_scale: list[float] = Field(
        default_factory=list,
        max_length=2,
        description="Lowest and highest answer in that file, such as [1, 5]; left out: 0 to 10.",
    )
    need_ratings: str = Field(
        default="",
        description="CSV with answers of respondents, relative to the canvas: respondent, segment, "
        "need, importance, satisfaction.",
    )
    personas: list[Persona] = Field(default_factory=list, description="Typical representatives.")
    propositions: list[Proposition] = Field(default_factory=list, description="What we offer.")
    blocks: dict[str, list[Note]] = Field(
        default_factory=dict, description="Notes by topic, such as 'channels' or 'key_partners'."
    )
    alignment: Alignment | None = Field(
        default=None, description="Ratings of buyer, user and target impact."
    )
    competitors: list[Competitor] = Field(
        default_factory=list, description="Other ways to get the job done."
    )
    value_curves: list[ValueCurve] = Field(
        default_factory=list, description="Ours beside others', for each segment."
    )
    decision: DecisionMatrix | None = Field(
        default=None, description="Which segments to serve, weighed by several judges."
    )
    hypotheses: list[Hypothesis] = Field(default_factory=list, description="What is tested.")
    questions: list[Question] = Field(default_factory=list, description="Interview questions.")
    funding: list[FundingFlow] = Field(default_factory=list, description="Who funds whom.")
    funding_rates: dict[str, float] = Field(
        default_factory=dict, description="Currency to its worth in the currency of the answer."
    )
    actors: list[Actor] = Field(
        default_factory=list,
        description="The political economy: who has which interest, power and rules.",
    )
    funding_features: list[FundingFeature] = Field(
        default_factory=list, description="How money is given here, and what that means."
    )
    kpis: list[Kpi] = Field(default_factory=list, description="What tells whether it works.")
    evidence: list[CanvasEvidence] = Field(
        default_factory=list, description="What claims can cite."
    )
    history: list[Change] = Field(default_factory=list, description="What replaced what.")
    lint: LintSettings = Field(default=LintSettings(), description="Settings of the linter.")

    #: The file that it was read from; says where things stand, and is no part of what it says.
    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def right_to_left(self) -> bool:
        """Whether its language is written from right to left."""
        return is_right_to_left(self.language)

    @property
    def strategies(self) -> Sequence[Strategy]:
        """What is to be done about misalignments, so far."""
        return self.alignment.strategies if self.alignment else ()

    def place(self, *location: str | int) -> str:
        """Return ``file:line:column`` of a key path; empty for a canvas made in memory."""
        return "" if self._origin.source is None else self._origin.source.place(location)

    def notes(self) -> Iterator[tuple[str, int, Note]]:
        """Yield every note with its topic and its position there."""
        for topic, notes in self.blocks.items():
            for index, note in enumerate(notes):
                yield topic, index, note

    def reached_by(self, note: Note) -> set[str]:
        """Return the ids of the segments that a note is for; one that names nobody is for all."""
        if note.segments:
            return set(note.segments)
        if note.propositions:
            named = [p for p in self.propositions if p.id in note.propositions]
            return {segment for proposition in named for segment in proposition.segments}
        return {segment.id for segment in self.segments}

    @model_validator(mode="before")
    @classmethod
    def _names_stand_for_ids(cls, data: object) -> object:
        return with_segment_ids(data)

    @field_validator("blocks", mode="before")
    @classmethod
    def _topics_wait_to_be_filled(cls, blocks: object) -> object:
        if not isinstance(blocks, dict):
            return blocks
        return {topic: [] if notes is None else notes for topic, notes in blocks.items()}
