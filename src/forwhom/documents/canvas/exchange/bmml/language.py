"""bmml 2.0, the Business Model Markup Language: its parts, as pydantic models.

A bmml file is YAML with the nine blocks of the Business Model Canvas, customer profiles (jobs,
pains, gains), value maps (products, pain relievers, gain creators), and fits between the two.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from forwhom.documents.base import Document, without_empty_keys
from forwhom.documents.canvas.kinds import Day

VERSION = "2.0"

#: Longest id that a canvas can hold as well.
LONGEST = 80

#: Stages of a model's life, in each of the two portfolios.
STAGES = {
    "explore": ("ideation", "discovery", "validation", "acceleration", "transfer"),
    "exploit": ("improve", "grow", "sustain", "retire", "transfer"),
}


def _id(prefix: str) -> Any:
    return Field(pattern=f"^{prefix}-[a-z0-9-]+$", max_length=LONGEST)


SegmentId = Annotated[str, _id("cs")]
PropositionId = Annotated[str, _id("vp")]
ResourceId = Annotated[str, _id("kr")]
ActivityId = Annotated[str, _id("ka")]


class Part(Document):
    """A part of the file; a key with nothing after it says nothing."""

    model_config = ConfigDict(validate_by_name=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_keys_say_nothing(cls, data: object) -> object:
        return without_empty_keys(data)


class Meta(Part):
    """What the model is called and how far it is."""

    name: str
    tagline: str = ""
    created: Day | None = None
    updated: Day | None = None
    portfolio: Literal["explore", "exploit"]
    stage: str
    derived_from: str = ""

    @field_validator("stage")
    @classmethod
    def _of_its_portfolio(cls, stage: str, info: ValidationInfo) -> str:
        known = STAGES.get(info.data.get("portfolio", ""))
        if known is not None and stage not in known:
            portfolio, stages = info.data["portfolio"], ", ".join(known)
            raise ValueError(f"{stage!r} is no stage of {portfolio!r}; expected one of: {stages}")
        return stage


class Job(Part):
    """Something that customers try to get done."""

    id: Annotated[str, _id("job")]
    description: str


class Pain(Part):
    """Something that frustrates customers."""

    id: Annotated[str, _id("pain")]
    description: str


class Gain(Part):
    """Something that customers want."""

    id: Annotated[str, _id("gain")]
    description: str


class CustomerSegment(Part):
    """A segment with its profile."""

    id: SegmentId
    name: str
    description: str = ""
    jobs: list[Job] = Field(default_factory=list)
    pains: list[Pain] = Field(default_factory=list)
    gains: list[Gain] = Field(default_factory=list)


class ProductService(Part):
    """A product or service."""

    id: Annotated[str, _id("ps")]
    name: str


class PainReliever(Part):
    """What relieves a pain."""

    id: Annotated[str, _id("pr")]
    name: str


class GainCreator(Part):
    """What creates a gain."""

    id: Annotated[str, _id("gc")]
    name: str


class ValueProposition(Part):
    """A proposition with its value map."""

    id: PropositionId
    name: str
    description: str = ""
    products_services: list[ProductService] = Field(default_factory=list)
    pain_relievers: list[PainReliever] = Field(default_factory=list)
    gain_creators: list[GainCreator] = Field(default_factory=list)


class ToPropositions(Part):
    """Names propositions."""

    value_propositions: list[PropositionId] = Field(default_factory=list)


class ToSegments(Part):
    """Names segments."""

    customer_segments: list[SegmentId] = Field(default_factory=list)


class ToBoth(ToPropositions, ToSegments):
    """Names propositions and segments."""


class ToMeans(Part):
    """Names resources and activities."""

    key_resources: list[ResourceId] = Field(default_factory=list)
    key_activities: list[ActivityId] = Field(default_factory=list)


class Ends(Part):
    """The propositions and segments that a fit connects."""

    value_propositions: Annotated[list[PropositionId], Field(min_length=1)]
    customer_segments: Annotated[list[SegmentId], Field(min_length=1)]


class Fit(Part):
    """Which relievers and creators answer which pains and gains."""

    id: Annotated[str, _id("fit")]
    ends: Ends = Field(alias="for")
    mappings: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(
        default_factory=list
    )


class Channel(Part):
    """A channel: it brings propositions to segments."""

    id: Annotated[str, _id("ch")]
    name: str
    to: ToBoth = Field(default=ToBoth(), alias="for")


class CustomerRelationship(Part):
    """A relationship with segments."""

    id: Annotated[str, _id("cr")]
    name: str
    to: ToSegments = Field(default=ToSegments(), alias="for")


class RevenueStream(Part):
    """Money from segments for propositions."""

    id: Annotated[str, _id("rs")]
    name: str
    source: ToSegments = Field(default=ToSegments(), alias="from")
    to: ToPropositions = Field(default=ToPropositions(), alias="for")


class KeyResource(Part):
    """A resource that propositions need."""

    id: ResourceId
    name: str
    to: ToPropositions = Field(default=ToPropositions(), alias="for")


class KeyActivity(Part):
    """An activity that propositions need."""

    id: ActivityId
    name: str
    to: ToPropositions = Field(default=ToPropositions(), alias="for")


class KeyPartnership(Part):
    """A partner, and what it provides."""

    id: Annotated[str, _id("kp")]
    name: str
    to: ToMeans = Field(default=ToMeans(), alias="for")


class Cost(Part):
    """A cost, and what incurs it."""

    id: Annotated[str, _id("cost")]
    name: str
    to: ToMeans = Field(default=ToMeans(), alias="for")


class Bmml(Part):
    """A whole bmml file."""

    version: Literal["2.0"]
    meta: Meta
    customer_segments: list[CustomerSegment] = Field(default_factory=list)
    value_propositions: list[ValueProposition] = Field(default_factory=list)
    fits: list[Fit] = Field(default_factory=list)
    channels: list[Channel] = Field(default_factory=list)
    customer_relationships: list[CustomerRelationship] = Field(default_factory=list)
    revenue_streams: list[RevenueStream] = Field(default_factory=list)
    key_resources: list[KeyResource] = Field(default_factory=list)
    key_activities: list[KeyActivity] = Field(default_factory=list)
    key_partnerships: list[KeyPartnership] = Field(default_factory=list)
    costs: list[Cost] = Field(default_factory=list)

    @field_validator("version", mode="before")
    @classmethod
    def _without_quotes_too(cls, version: object) -> object:
        return VERSION if isinstance(version, float) and version == float(VERSION) else version


#: Needs of a segment: their key in bmml, their kind in a canvas, how their ids begin.
PROFILE = (("jobs", "job", "job"), ("pains", "pain", "pain"), ("gains", "gain", "gain"))

#: Offers of a proposition: their key in bmml and in a canvas, and how their ids begin.
VALUE_MAP = (
    ("products_services", "products", "ps"),
    ("pain_relievers", "relieves", "pr"),
    ("gain_creators", "benefits", "gc"),
)

#: What a fit pairs: the start of the offer's id, and of the need's.
PAIRS = {"pr": "pain", "gc": "gain"}

#: A relation of a note: where bmml has it ('for' or 'from'), its key there, and in a canvas.
_SERVES = ("for", "value_propositions", "propositions")
_REACHES = ("for", "customer_segments", "segments")
_PAID_BY = ("from", "customer_segments", "segments")
_MEANS = (("for", "key_resources", "supports"), ("for", "key_activities", "supports"))

#: Notes: their key in bmml, their topic in a canvas, how their ids begin, their relations.
NOTES = (
    ("channels", "channels", "ch", (_SERVES, _REACHES)),
    ("customer_relationships", "customer_relationships", "cr", (_REACHES,)),
    ("revenue_streams", "revenue_streams", "rs", (_PAID_BY, _SERVES)),
    ("key_resources", "key_resources", "kr", (_SERVES,)),
    ("key_activities", "key_activities", "ka", (_SERVES,)),
    ("key_partnerships", "key_partners", "kp", _MEANS),
    ("costs", "cost_structure", "cost", _MEANS),
)
