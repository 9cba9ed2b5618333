"""How we know and decide: hypotheses, competitors, decision matrix, money, measures."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Citation, Day, Id, SegmentName

#: The key of our own product in a value curve.
OURS = "ours"


class Learning(Form):
    """What a test showed: the learning card."""

    date: Day = Field(description="When the data were in.")
    observed: str = Field(description="What was observed.")
    value: float | None = Field(default=None, description="The metric, as observed.")
    result: Literal["supported", "refuted", "unclear"] = Field(description="What it says.")
    learned: str = Field(default="", description="What we learned from it.")
    therefore: str = Field(default="", description="What we will do.")
    data_points: int | None = Field(default=None, ge=0, description="How many observations.")
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class Hypothesis(Form):
    """Something we believe and can test: the test card."""

    id: Id = Field(description="Name that stays.")
    statement: str = Field(description="We believe that …")
    segments: list[SegmentName] = Field(default_factory=list, description="Whom it is about.")
    about: list[Id] = Field(default_factory=list, description="Items of the canvas it is about.")
    test: str = Field(default="", description="To verify that, we will …")
    metric: str = Field(default="", description="And measure …")
    threshold: str = Field(default="", description="We are right if …")
    prototype: str = Field(
        default="", description="What they see or try: a sketch, a page, a pilot of the product."
    )
    critical: bool = Field(default=False, description="Whether the model falls with it.")
    stated: Day | None = Field(default=None, description="When it was first written down.")
    changed: Day | None = Field(default=None, description="When metric or threshold last changed.")
    learning: Learning | None = Field(default=None, description="What the test showed.")


class Competitor(Form):
    """Another way in which customers get the job done."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="Its name.")
    kind: Literal["competitor", "substitute", "workaround", "nothing"] = Field(
        default="competitor", description="What it is; doing nothing counts."
    )
    offers: list[str] = Field(default_factory=list, description="What it offers.")
    target_segments: list[str] = Field(
        default_factory=list, description="Whom it is for: its own target segments, in words."
    )
    segments: list[SegmentName] = Field(
        default_factory=list, description="Segments of ours that choose it, or may."
    )
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


class CurvePoint(Form):
    """How well each offer does on one criterion that matters to the segment."""

    criterion: str = Field(description="What matters to the segment.")
    scores: dict[str, float] = Field(
        description="'ours' and competitors by id, each 0 (bad) to 10 (excellent)."
    )


class ValueCurve(Form):
    """Our value curve beside others', for one segment (strategy canvas)."""

    id: Id = Field(description="Name that stays.")
    segment: SegmentName = Field(description="For whom.")
    points: list[CurvePoint] = Field(description="Five to ten criteria are best.")


class DecisionCriterion(Form):
    """A criterion of the choice among segments."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="What is judged.")
    axis: Literal["attractiveness", "ability"] = Field(
        default="attractiveness", description="Of the segment, or our ability to compete there."
    )


class Judge(Form):
    """Somebody's weights, and their own scores where they differ."""

    id: Id = Field(description="Code name of the judge.")
    weights: dict[str, float] = Field(
        default_factory=dict, description="Criterion to its weight; any positive numbers."
    )
    scores: dict[str, dict[str, float]] = Field(
        default_factory=dict, description="Segment to criterion to score, where they differ."
    )


class DecisionMatrix(Form):
    """Which segments to serve: criteria, weights of several judges, scores."""

    criteria: list[DecisionCriterion] = Field(description="What is judged.")
    scores: dict[str, dict[str, float]] = Field(
        default_factory=dict, description="Segment to criterion to score, 0 (bad) to 10 (good)."
    )
    judges: list[Judge] = Field(default_factory=list, description="Who weighs the criteria.")


class Kpi(Form):
    """A number that tells whether the model works."""

    id: Id = Field(description="Name that stays.")
    name: str = Field(description="What is measured.")
    segments: list[SegmentName] = Field(default_factory=list, description="For whom.")
    target: str = Field(default="", description="What is good.")
    value: str = Field(default="", description="What it is now.")
    date: Day | None = Field(default=None, description="When that was.")


class Question(Form):
    """A question for interviews."""

    id: Id = Field(description="Name that stays.")
    text: str = Field(description="The question, as it will be asked.")
    segments: list[SegmentName] = Field(default_factory=list, description="Whom to ask.")


class Change(Form):
    """What replaced what, what was accepted, and by whom."""

    date: Day = Field(description="When.")
    what: Literal["replaced", "accepted", "decided", "seeded"] = Field(description="What happened.")
    item: str = Field(description="Id of the item, or where the claim stands.")
    by: str = Field(default="", description="Who.")
    instead: str = Field(default="", description="What replaced it.")
    note: str = Field(default="", description="Why.")
