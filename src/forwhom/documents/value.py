"""Value: what each segment is expected to buy and to bring, and how that held on known time."""

from typing import Literal, TypeAlias

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.study import TimeUnit
from forwhom.languages.catalog import later, later_count, tr, tr_count

#: Least part of the revenue, or of the customers, that makes a segment substantial.
SUBSTANTIAL = 0.05
#: How sure it must be that a segment brings as much, or does not.
SURE = 0.95
#: Predictions that are off by more than this part of what followed are not relied on.
OFF = 0.25

#: The models of when customers come back, as options name them.
ModelName: TypeAlias = Literal["bg-nbd", "bg-bb", "sbg"]


#: How far ahead, in a sentence: of one unit of time, and of several.
_AHEAD: dict[TimeUnit, tuple[str, tuple[str, str]]] = {
    "day": (
        later("in the next day"),
        later_count("in the next {n} day", "in the next {n} days"),
    ),
    "week": (
        later("in the next week"),
        later_count("in the next {n} week", "in the next {n} weeks"),
    ),
    "month": (
        later("in the next month"),
        later_count("in the next {n} month", "in the next {n} months"),
    ),
    "year": (
        later("in the next year"),
        later_count("in the next {n} year", "in the next {n} years"),
    ),
}


#: The same as a heading has it.
_NEXT: dict[TimeUnit, tuple[str, tuple[str, str]]] = {
    "day": (later("next day"), later_count("next {n} day", "next {n} days")),
    "week": (later("next week"), later_count("next {n} week", "next {n} weeks")),
    "month": (later("next month"), later_count("next {n} month", "next {n} months")),
    "year": (later("next year"), later_count("next {n} year", "next {n} years")),
}


def time_ahead(t: float, unit: TimeUnit) -> str:
    """Return how far ahead, as a sentence says it.

    Examples
    --------
    >>> time_ahead(1.0, "year"), time_ahead(11.9, "month")
    ('in the next year', 'in the next 12 months')
    """
    one, several = _AHEAD[unit]
    return tr(one) if round(t) == 1 else tr_count(*several, round(t))


def next_units(t: float, unit: TimeUnit) -> str:
    """Return how far ahead in words.

    Examples
    --------
    >>> next_units(1.0, "year"), next_units(11.9, "month")
    ('next year', 'next 12 months')
    """
    one, several = _NEXT[unit]
    return tr(one) if round(t) == 1 else tr_count(*several, round(t))


def matters(chance: float | None) -> Literal["yes", "open", "no"]:
    """Whether something this likely is sure, surely is not, or neither."""
    if chance is None:
        return "open"
    if chance >= SURE:
        return "yes"
    return "no" if chance <= 1 - SURE else "open"


class Amount(Document):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


class SegmentValue(Document):
    """What a segment is expected to do until the horizon."""

    segment: int
    n: int = Field(
        description="Customers who are most likely here and of whom a purchase is known."
    )
    alive: float = Field(description="Share who still are customers.")
    purchases: Amount = Field(description="Of a customer.")
    value: Amount | None = Field(default=None, description="Money of a customer, if it is known.")
    share: float | None = Field(
        default=None, description="Of what all customers are expected to bring."
    )
    substantial: float | None = Field(
        default=None, description="The chance that it brings as much as makes it substantial."
    )

    @property
    def matters(self) -> Literal["yes", "open", "no"]:
        """Whether it surely brings as much, surely does not, or neither is sure."""
        return matters(self.substantial)


class CheckedValue(Document):
    """A segment in the time that was held back: what was expected of a customer, and followed."""

    segment: int
    n: int
    predicted: float = Field(description="Purchases.")
    bought: Amount
    predicted_money: float | None = None
    spent: Amount | None = None


class Value(Document):
    """What segments are expected to bring, checked on time held back."""

    model: ModelName = Field(
        default="bg-nbd",
        description="Customers buy when they like (bg-nbd), once a period or not (bg-bb), or renew "
        "a contract (sbg).",
    )
    unit: TimeUnit = Field(default="day", description="Of the horizon.")
    horizon: float = Field(default=0.0, description="How far ahead.")
    money: str | None = Field(default=None, description="Unit of money.")
    margin: float = Field(default=1.0, description="What is left of a unit of revenue.")
    discount: float = Field(default=0.0, description="By how much money is worth less a year.")
    one_fit: bool = Field(
        default=False,
        description="Whether one model serves all segments, as purchases formed them; else each "
        "has its own, partly pooled.",
    )
    segments: list[SegmentValue] = Field(default_factory=list)
    at_least: float | None = Field(default=None, description="Money that makes one substantial.")
    asked: bool = Field(
        default=False, description="Whether a person named 'at_least'; else it is a part of all."
    )
    held_back: float = Field(default=0.0, description="Units of time at the end, for the check.")
    checked: list[CheckedValue] = Field(default_factory=list)
    unchecked: str = Field(default="", description="Why there is no check.")
    unknown: str = Field(default="", description="Why nothing is said of any segment.")

    @property
    def off(self) -> float | None:
        """By what part of what followed the prediction for all was off; None without a check."""
        money = [c for c in self.checked if c.spent is not None and c.predicted_money is not None]
        if money and len(money) == len(self.checked):
            said = sum(c.n * (c.predicted_money or 0.0) for c in money)
            was = sum(c.n * c.spent.value for c in money if c.spent is not None)
        else:
            said = sum(c.n * c.predicted for c in self.checked)
            was = sum(c.n * c.bought.value for c in self.checked)
        return None if not was > 0 else said / was - 1
