"""The political economy around a model: who has which interest and power, how money is given."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Citation, Day, Id, SegmentName


class Actor(Form):
    """An organization or a group around the model: what it wants, what it can do, its rules."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="Its name.")
    interest: str = Field(default="", description="What it wants from this, or fears.")
    power: Literal["low", "medium", "high"] | None = Field(
        default=None, description="How far it can help or stop the model."
    )
    rules: list[str] = Field(
        default_factory=list, description="Rules that it lives by: laws, budgets, reports, habits."
    )
    stance: Literal["supports", "neutral", "opposes", "unknown"] = Field(
        default="unknown", description="Whether it is for the model."
    )
    segments: list[SegmentName] = Field(
        default_factory=list, description="Segments that it belongs to."
    )
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class FundingFeature(Form):
    """A feature of how money is given here, and what it means for the model."""

    id: Id = Field(description="Name that stays.")
    feature: str = Field(description="How money is given, such as 'earmarked for one district'.")
    means: str = Field(default="", description="What that means for the model.")
    block: str = Field(default="", description="Where in the business model it is answered.")
    actors: list[Id] = Field(default_factory=list, description="Actors whose money it is.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class FundingFlow(Form):
    """Money that goes from one organization to another."""

    giver: str = Field(alias="from", description="Who gives.")
    receiver: str = Field(alias="to", default="", description="Who receives; empty: unknown.")
    amount: float = Field(description="How much; below 0: paid back.")
    currency: str = Field(default="USD", pattern="^[A-Z]{3}$", description="ISO 4217 code.")
    date: Day | None = Field(default=None, description="When, or from when.")
    until: Day | None = Field(default=None, description="When the funding ends.")
    sector: str = Field(default="", description="What for.")
    country: str = Field(default="", description="Where.")
    instrument: Literal["grant", "contract", "loan", "equity", "fee"] | None = Field(
        default=None, description="How it is given."
    )
    earmarked: Literal["earmarked", "softly-earmarked", "unearmarked"] | None = Field(
        default=None, description="Whether the giver says what it may be spent on."
    )
    term: Literal["short", "long"] | None = Field(
        default=None, description="Short: for one budget year or an emergency; long: for several."
    )
    route: Literal["bilateral", "multilateral", "pooled", "private"] | None = Field(
        default=None, description="From one government, through an agency of many, or another way."
    )
    decided_by: str = Field(
        default="", description="Who decides about it, for which sector and country."
    )
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")
