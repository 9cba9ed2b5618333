"""The plan of an experiment: what is believed, tried, measured and asked for, before the data."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, PrivateAttr, field_validator, model_validator

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Day, Id
from forwhom.documents.study import Origin
from forwhom.languages.catalog import tr
from forwhom.wording import apart, number, percent, signed

#: What a metric is: a share of customers, or a mean of a number, of money, of a count.
Metric = Literal["share", "mean", "money", "count"]

_Chance = Annotated[float, Field(gt=0, lt=1)]
#: Where something is wrong, what, and what to do.
_Wrong: TypeAlias = tuple[tuple[str | int, ...], str, str]
#: What may change without the experiment being another one: words, places, and what is computed.
_FREE = ("forwhom", "kind", "title", "note", "sealed")


class Outcome(Form):
    """What is measured of each customer."""

    column: str = Field(description="Column of the data that holds it.", min_length=1)
    kind: Metric = Field(
        description="A share of customers (0 or 1 each), or a mean of a number, money or a count."
    )
    better: Literal["more", "less"] = Field(default="more", description="What would be good.")
    baseline: float = Field(description="What the control arm is expected to have.")
    deviation: float | None = Field(
        default=None,
        gt=0,
        description="Standard deviation among customers; needed for a mean and for money.",
    )
    unit: str = Field(default="", description="Such as EUR, or orders.")

    @property
    def is_share(self) -> bool:
        """Whether each customer is 0 or 1."""
        return self.kind == "share"

    def level(self, value: float | None) -> str:
        """Return what an arm has, as people read it: ``'12.4%'``."""
        return percent(value, decimals=1) if self.is_share else self._amount(value, number)

    def difference(self, value: float | None) -> str:
        """Return a difference with its sign: ``'+2.4 points'``."""
        if value is None or not self.is_share:
            return self._amount(value, signed)
        points = signed(_points(value))
        shown = apart(points)
        if points in ("+1", "−1"):
            return tr("{amount} point", amount=shown)
        return tr("{amount} points", amount=shown)

    def between(self, low: float, high: float) -> str:
        """Return the ends of an interval of a difference: ``'+0.3 to +4.5'``."""
        ends = (_points(low), _points(high)) if self.is_share else (low, high)
        return tr("{low} to {high}", low=apart(signed(ends[0])), high=apart(signed(ends[1])))

    def _amount(self, value: float | None, said: Callable[[float | None], str]) -> str:
        text = said(value)
        return text if value is None or not self.unit else f"{text} {self.unit}"


class PlannedSegment(Form):
    """A segment in which the experiment runs."""

    id: str = Field(description="Its id or name in the canvas or the segmentation.", min_length=1)
    name: str = Field(default="", description="What people call it.")
    number: int | None = Field(default=None, ge=1, description="Its number in the segmentation.")
    baseline: float | None = Field(default=None, description="Where it is not that of all.")
    deviation: float | None = Field(default=None, gt=0, description="Where it is not that of all.")
    customers: int | None = Field(
        default=None, ge=4, description="In all arms together; left out: computed."
    )
    power: float | None = Field(
        default=None, ge=0, le=1, description="Chance to find the effect here; computed."
    )

    @property
    def label(self) -> str:
        """What it is called."""
        return self.name or self.id


class Overall(Form):
    """All segments together, or all customers where no segments are told apart."""

    customers: int | None = Field(
        default=None, ge=4, description="In all arms and segments; left out: computed."
    )
    power: float | None = Field(
        default=None, ge=0, le=1, description="Chance to find the effect overall; computed."
    )


class Columns(Form):
    """How the columns of the data are called."""

    customer: str = Field(default="customer", description="The id of each customer.")
    arm: str = Field(default="arm", description="Which arm each customer was put into.")
    segment: str = Field(default="segment", description="The segment of each customer, before.")
    date: str = Field(default="date", description="The day on which each customer came in.")


class EarlierSeal(Form):
    """A seal that a later one took the place of."""

    date: Day = Field(description="When it was sealed.")
    fingerprint: str = Field(description="Of the plan as it was.")


class Seal(Form):
    """What the plan said on the day it was sealed, so that a later change shows."""

    date: Day = Field(description="When it was sealed.")
    fingerprint: str = Field(description="Of its day, and of everything that matters in the plan.")
    parts: dict[str, Any] = Field(description="What each part said then.")
    before: list[EarlierSeal] = Field(default_factory=list, description="Earlier seals.")


class ExperimentPlan(Form):
    """What an experiment is to find out, from when on we are right, and how many it takes."""

    forwhom: Literal[1] = Field(description="Version of the format.")
    kind: Literal["plan"] = Field(description="What this file is.")
    id: Id = Field(description="Name that stays; evidence is called by it.")
    title: str = Field(default="", description="What people call it.")
    statement: str = Field(description="We believe that …", min_length=1)
    hypothesis: Id | None = Field(default=None, description="Id of that hypothesis in the canvas.")
    lineage: str = Field(default="", description="Of the segmentation whose segments these are.")
    outcome: Outcome = Field(description="What is measured.")
    arms: dict[str, Annotated[float, Field(gt=0)]] = Field(
        description="The control arm, then the other, each with its part of the customers."
    )
    threshold: float = Field(
        default=0.0,
        description="We are right if the other arm is better by at least so much (0.02 of a share "
        "is 2 points).",
    )
    effect: float = Field(description="The true difference that the experiment should find.")
    segments: list[PlannedSegment] = Field(
        default_factory=list, description="Where it runs; empty: all customers as one."
    )
    overall: Overall = Field(default=Overall(), description="All of them together.")
    alpha: _Chance = Field(
        default=0.05, description="Chance of a wrong verdict, half of it on each side."
    )
    power: _Chance = Field(default=0.8, description="Chance that is asked for to find the effect.")
    looks: list[Annotated[float, Field(gt=0, le=1)]] = Field(
        default=[1.0],
        min_length=1,
        max_length=20,
        description="After which parts of the customers somebody looks; the last is 1.",
    )
    starts: Day | None = Field(default=None, description="First day of the data.")
    columns: Columns = Field(default=Columns(), description="How the data call things.")
    note: str = Field(default="", description="For those who read it.")
    sealed: Seal | None = Field(default=None, description="Written by forwhom; leave it alone.")

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @model_validator(mode="before")
    @classmethod
    def _names_alone_are_segments(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        told = dict(data)
        if isinstance(told.get("segments"), list):
            told["segments"] = [
                {"id": str(one)} if isinstance(one, str | int) else one for one in told["segments"]
            ]
        if isinstance(told.get("arms"), dict):
            told["arms"] = {str(arm): share for arm, share in told["arms"].items()}
        return told

    @field_validator("looks", mode="before")
    @classmethod
    def _a_number_of_looks_is_so_many_equal_parts(cls, looks: object) -> object:
        if isinstance(looks, int) and not isinstance(looks, bool) and 1 <= looks <= 20:
            return [round((i + 1) / looks, 6) for i in range(looks)]
        return looks

    def place(self, *location: str | int) -> str:
        """Return ``file:line:column`` of a key path; the name of the plan where it has no file."""
        source = self._origin.source
        return f"the plan {self.id!r}" if source is None else source.place(location)

    @property
    def control(self) -> str:
        """The arm that everything is held against."""
        return next(iter(self.arms))

    @property
    def treated(self) -> str:
        """The other arm."""
        return list(self.arms)[1]

    @property
    def shares(self) -> tuple[float, float]:
        """The part of the customers that the control arm and the other arm get."""
        first, second = self.arms.values()
        return first / (first + second), second / (first + second)

    @property
    def sign(self) -> int:
        """1 where more is better, −1 where less is."""
        return 1 if self.outcome.better == "more" else -1

    def parts(self) -> dict[str, Any]:
        """Return what each part says that matters, as plain values, without what is not said."""
        data = self.model_dump(mode="json", exclude=set(_FREE))
        for one in [data["overall"], *data["segments"]]:
            one.pop("power")
        for one in data["segments"]:
            one.pop("name")
        data["columns"].pop("customer")
        told: dict[str, Any] = _told(data | {"control": self.control})
        return told

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the seal; empty where there is none."""
        return "" if self.sealed is None else self.sealed.fingerprint

    def changes(self) -> list[str]:
        """Say what changed since the plan was sealed; empty where nothing that matters did."""
        if self.sealed is None:
            return []
        now, then = self.parts(), self.sealed.parts
        told = [
            said
            for name in dict.fromkeys([*then, *now])
            if now.get(name) != then.get(name)
            for said in _differences(then.get(name), now.get(name), name)
        ]
        if not told and fingerprint_of(then, self.sealed.date) != self.sealed.fingerprint:
            told.append("the seal itself was changed")
        return told


def _points(share: float) -> float:
    return round(100 * share, 2 if 0 < abs(share) < 0.001 else 1) + 0.0


def fingerprint_of(parts: Mapping[str, Any], day: str) -> str:
    """Return a hash of the parts of a plan, and of the day on which they are sealed."""
    text = json.dumps([day, parts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told(value: Any) -> Any:
    """Return plain values without what is not said."""
    if isinstance(value, dict):
        return {key: _told(one) for key, one in value.items() if one not in (None, "", [], {})}
    return [_told(one) for one in value] if isinstance(value, list) else value


def _differences(then: Any, now: Any, place: str) -> Iterator[str]:
    """Say where two values differ, down to the key."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _differences(then.get(key), now.get(key), f"{place}.{key}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _differences(one, other, f"{place}.{_called(one) or index + 1}")
    elif then != now:
        yield f"{place} was {_brief(then)} and is {_brief(now)}"


def _called(part: Any) -> str:
    return str(part["id"]) if isinstance(part, dict) and "id" in part else ""


def _brief(value: Any) -> str:
    text = "not there" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def mistakes_of_plan(plan: ExperimentPlan) -> Iterator[_Wrong]:
    """Yield where a plan contradicts itself: place, what is wrong, what to do."""
    if len(plan.arms) != 2:
        yield (
            ("arms",),
            f"there are {len(plan.arms)} arms.",
            "Expected two, the control arm first; plan another experiment for a third, since it "
            "tests another hypothesis.",
        )
    if not plan.effect > plan.threshold:
        yield (
            ("effect",),
            f"the effect {plan.effect:g} is not above the threshold {plan.threshold:g}.",
            "An effect that just reaches the threshold is found in every other experiment only "
            "by chance; say how large it should be to be found surely.",
        )
    if plan.looks != sorted(set(plan.looks)) or plan.looks[-1] != 1:
        yield (
            ("looks",),
            "the looks do not go up to 1.",
            "Say after which parts of the customers you look, such as [0.5, 1].",
        )
    seen: set[str] = set()
    for index, one in enumerate(plan.segments):
        if one.id in seen:
            yield ("segments", index), f"the segment {one.id!r} is here twice.", "Keep one."
        seen.add(one.id)
    numbers = (plan.threshold, plan.effect, plan.outcome.baseline, *plan.arms.values())
    if not all(map(math.isfinite, numbers)):
        yield ("outcome",), "a number is infinite or none.", "Expected finite numbers."
    yield from _odd_baselines(plan)


def _odd_baselines(plan: ExperimentPlan) -> Iterator[_Wrong]:
    """Yield baselines that the outcome cannot have, and spreads that are missing."""
    own: list[tuple[tuple[str | int, ...], float | None, float | None]] = [
        (("outcome",), plan.outcome.baseline, plan.outcome.deviation)
    ]
    own += [(("segments", i), s.baseline, s.deviation) for i, s in enumerate(plan.segments)]
    for place, baseline, deviation in own:
        if baseline is not None and plan.outcome.is_share:
            reached = baseline + plan.sign * plan.effect
            if not (0 < baseline < 1 and 0 <= reached <= 1):
                yield (
                    (*place, "baseline"),
                    f"a share of {baseline:g} cannot become {reached:g}.",
                    "A share is above 0 and below 1 (12% is 0.12), and so is the effect "
                    "(2 points are 0.02).",
                )
        elif baseline is not None and plan.outcome.kind == "count" and baseline <= 0:
            yield (
                (*place, "baseline"), f"{baseline:g} is no mean of a count.", "Expected over 0."
            )  # fmt: skip
        needs = plan.outcome.kind in ("mean", "money") and place == ("outcome",)
        each = bool(plan.segments) and all(s.deviation for s in plan.segments)
        if needs and deviation is None and not each:
            yield (
                (*place, "deviation"),
                f"the standard deviation is missing, without which the size for a "
                f"{plan.outcome.kind} is unknown.",
                "Take that of earlier customers.",
            )
        if plan.outcome.is_share and deviation is not None:
            yield (
                (*place, "deviation"),
                "a share has no standard deviation of its own.",
                "Leave it out.",
            )
