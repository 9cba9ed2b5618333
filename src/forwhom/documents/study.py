"""The Study: which tables, which variables, what each means.

A person writes (or edits) ``study.yaml``; everything else is computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self, TypeAlias

from pydantic import Field, PositiveFloat, PrivateAttr, field_validator, model_validator

from forwhom.documents.base import (
    Basis,
    Criterion,
    Document,
    Family,
    Measure,
    Role,
    Use,
    has_levels,
    is_number,
    without_empty_keys,
)

#: Unit of times between purchases.
TimeUnit: TypeAlias = Literal["day", "week", "month", "year"]


class ChoiceSet(Document):
    """A question of which several answers may be chosen: each becomes a yes or no."""

    column: str | None = Field(
        default=None, description="Column whose cells hold all answers that were chosen."
    )
    separator: str = Field(
        default=",", min_length=1, description="What stands between answers in one cell."
    )
    options: list[str] = Field(
        default_factory=list, description="The answers of 'column', each as it is written."
    )
    columns: list[str] = Field(
        default_factory=list,
        description="Or: a column for each answer, filled where it was chosen.",
    )

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.column is None) == (not self.columns):
            raise ValueError("a set has either a 'column' with 'options', or 'columns'")
        if self.column is not None and not self.options:
            raise ValueError("the answers that 'column' holds are missing: 'options'")
        return self


class CustomerTable(Document):
    """A table with one row per customer."""

    table: str = Field(description="File, folder, glob or database table; relative to the study.")
    id: str | None = Field(
        default=None, description="Column that identifies the customer; left out: the row number."
    )
    missing: list[int | float | str] = Field(
        default_factory=list,
        description="Values that stand for no answer in every variable, such as [-99].",
    )
    leave_out: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Rows that are no customers, by column and values, such as 'Status: [Survey "
        "Preview]'; '*' is any value.",
    )
    never: dict[str, Annotated[list[int | float], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Numbers that say that something never happened, by column, such as 'pdays: "
        "[-1]'; the column becomes a yes or no, 'pdays: ever', and a number among those with any.",
    )
    sets: list[ChoiceSet] = Field(
        default_factory=list, description="Questions of which several answers may be chosen."
    )

    @model_validator(mode="after")
    def _no_id_says_never(self) -> Self:
        if self.id in self.never:
            raise ValueError(f"'never' names {self.id!r}, which identifies the customer")
        return self


class Lookup(Document):
    """A table that adds columns to events, such as products by product id."""

    table: str = Field(description="File or database table; relative to the study.")
    on: str = Field(description="Column that events and this table share.")
    columns: list[str] | None = Field(
        default=None,
        description="Columns that it brings; left out: those in use that the events do not have.",
    )


class Currencies(Document):
    """In which currency each line is, and what that is worth in the currency of the answer."""

    column: str = Field(
        description="Column with the currency of each line, such as EUR; of the events, of a table "
        "joined to them, or of their customers."
    )
    rates: dict[str, PositiveFloat] = Field(
        default_factory=dict,
        description="What 1 of each currency is worth in 'currency', such as 'JPY: 0.0062'.",
    )


class Returns(Document):
    """Rows of their own that give back money of an earlier order, and name it."""

    order: str = Field(description="Column that names the order of which money is given back.")
    rows: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Which rows these are, by columns and values that all hold, such as 'Type: "
        "[Payment Refund]'; left out: all that name another row's order.",
    )


class Events(Document):
    """A table with many rows per customer: transactions, visits or tickets."""

    table: str = Field(description="File, folder, glob or database table; relative to the study.")
    customer: str = Field(description="Column that identifies the customer.")
    time: str = Field(description="Column with the date or time of the event.")
    amount: str | None = Field(default=None, description="Column with the money of one line.")
    quantity: str | None = Field(default=None, description="Column with the units of one line.")
    price: str | None = Field(
        default=None,
        description="Column with the price of one unit; quantity × price is the money of one line "
        "where there is no 'amount'.",
    )
    discount: str | None = Field(
        default=None,
        description="Column with money off one line, taken off 'amount' or quantity × price.",
    )
    order: str | None = Field(
        default=None, description="Column that groups lines into one purchase; left out: the day."
    )
    order_amount: str | None = Field(
        default=None,
        description="Column with the money of the whole order, on one of its lines or on each; it "
        "is divided among the lines in proportion to their own money.",
    )
    refunded: str | None = Field(
        default=None,
        description="Column with money of the whole order that was given back; it becomes a "
        "return of the order, of no more than was paid.",
    )
    returned: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Orders of which all money was given back, by column and values, such as "
        "'status: [refunded]'.",
    )
    returns: Returns | None = Field(
        default=None,
        description="Rows of their own that give money back: each has the customer of the order "
        "that it names, and is left out where that is not there.",
    )
    fill: list[str] = Field(
        default_factory=list,
        description="Columns that only one line of an order holds, and that hold for all of its "
        "lines. With 'order' itself among them, a line without one is of the order above it.",
    )
    leave_out: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Rows that are no business, by column and values, such as 'status: "
        "[cancelled, test]'; '*' is any value.",
    )
    item: str | None = Field(default=None, description="Column that identifies the product.")
    category: list[str] = Field(
        default_factory=list, description="Columns whose shares per customer become features."
    )
    levels: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Category column to its levels with a share of their own, such as "
        "'department: [MEAT, DELI]'; left out: those with at least 2% of the money.",
    )
    channel: str | None = Field(default=None, description="Column with the store or channel.")
    lookups: list[Lookup] = Field(default_factory=list, description="Tables joined to the events.")
    name: str = Field(default="", description="Prefix of the features; needed with several tables.")
    cutoff: date | datetime | None = Field(
        default=None,
        description="Only events before this moment are used; left out: just after the last event.",
    )
    time_zone: str = Field(
        default="UTC", description="IANA time zone in which days and weeks are counted."
    )
    time_unit: TimeUnit = Field(default="day", description="Unit of recency, T, tenure and gaps.")
    currency: str | None = Field(default=None, description="Unit of amounts, for words and charts.")
    currencies: Currencies | None = Field(
        default=None,
        description="For amounts in several currencies: which column says so, and the rates by "
        "which they are converted to 'currency'.",
    )
    refunds: Literal["net", "drop"] = Field(
        default="net",
        description="Negative amounts: 'net' takes them off the customer's money, 'drop' leaves "
        "them out; both count them as returns.",
    )
    duplicates: Literal["keep", "drop"] = Field(
        default="keep", description="Rows equal in every column: kept, or counted once."
    )

    @model_validator(mode="after")
    def _orders_have_lines(self) -> Self:
        if self.fill and self.order is None:
            raise ValueError("'fill' needs 'order', the column that lines of one order share")
        if self.returns is not None and self.order is None:
            raise ValueError("'returns' needs 'order', the column that names each order")
        return self

    @field_validator("cutoff", mode="before")
    @classmethod
    def _cutoff_is_written_out(cls, value: object) -> object:
        if isinstance(value, int | float):
            raise ValueError(f"'cutoff' is {value}; expected a date such as 2017-12-31")
        if isinstance(value, str) and len(value) > len("2017-12-31"):
            # Left to itself, pydantic makes midnight a date and forgets its time zone.
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                return value
        return value


#: Keys of events that name one column.
COLUMNS_OF_EVENTS = (
    "customer", "time", "amount", "quantity", "price", "discount", "order", "order_amount",
    "refunded", "item", "channel",
)  # fmt: skip


class StudyVariable(Document):
    """What one variable means and what it is for. Whatever is left out is inferred."""

    basis: Basis | None = Field(default=None, description="What it says about the customer.")
    measure: Measure | None = Field(default=None, description="How it was measured.")
    use: Use | None = Field(default=None, description="What it is for.")
    family: Family | None = Field(
        default=None,
        description="How a number is modeled; left out: as a tilt, or by its measure "
        "('--numbers measured').",
    )
    source: str | None = Field(
        default=None, alias="from", description="Where it comes from: 'events' or a table."
    )
    label: str | None = Field(default=None, description="Plain words for charts and sentences.")
    question: str | None = Field(
        default=None,
        description="The question of which it is one row, where several are asked on one scale.",
    )
    asked: dict[str, list[str]] | None = Field(
        default=None,
        description="Who was asked: an earlier question and the answers that lead here, such as "
        "'Q4: [Yes]'. The others are not missing.",
    )
    unit: str | None = Field(default=None, description="Unit of the values, such as 'days'.")
    levels: list[str] | None = Field(
        default=None, description="Levels in their order, lowest first (ordinal)."
    )
    missing: list[int | float | str] | None = Field(
        default=None,
        description="Values that stand for no answer, such as [-99]; left out: numbers that look "
        "so; []: none.",
    )
    role: Role | None = Field(
        default=None, description="What it is in the business; money and times are numbers."
    )
    criterion: Criterion | None = Field(
        default=None, description="Which of the five separateness criteria it speaks to."
    )
    minimum: PositiveFloat | None = Field(
        default=None,
        description="The smallest difference of segments that matters: standard deviations, "
        "Cohen's h or Cramér's V; left out: 0.2, and 0.1 of V and shapes.",
    )

    @model_validator(mode="after")
    def _levels_are_for_discrete(self) -> Self:
        if self.levels is not None and is_number(self.measure):
            raise ValueError(f"levels are given, but the measure is {self.measure!r}")
        return self

    @model_validator(mode="after")
    def _families_are_for_numbers(self) -> Self:
        if self.family is not None and has_levels(self.measure):
            raise ValueError(f"the family {self.family!r} is for numbers, not for {self.measure!r}")
        return self

    @model_validator(mode="after")
    def _amounts_are_numbers(self) -> Self:
        amount = self.role in ("recency", "frequency", "revenue", "cost")
        if amount and has_levels(self.measure):
            raise ValueError(f"the role {self.role!r} is for numbers, not for {self.measure!r}")
        return self


class Whole(Document):
    """Variables that are the shares of one whole, such as spend by category: one variable."""

    parts: list[str] = Field(
        description="The variables that make up the whole: shares, percentages, amounts or counts; "
        "only their proportions count."
    )
    items: str = Field(
        description="The variable with the number of items that are divided, such as orders: two "
        "thirds of three orders say less than of thirty."
    )

    @model_validator(mode="after")
    def _has_parts(self) -> Self:
        if len(set(self.parts)) < max(2, len(self.parts)):
            raise ValueError("a whole needs two 'parts' at least, each once")
        if self.items in self.parts:
            raise ValueError(f"{self.items!r} is one of the 'parts', so it is not their 'items'")
        return self


class Placed(Protocol):
    """A text that knows where its keys stand."""

    def place(self, location: tuple[str | int, ...]) -> str:
        """Return ``file:line:column`` of a key path."""


@dataclass(frozen=True)
class Origin:
    """The file that a study was read from. All are equal, so that only content compares."""

    path: Path | None = field(default=None, compare=False)
    source: Placed | None = field(default=None, compare=False, repr=False)
    #: The values as they were read, where it must be known whether anybody changed one since.
    read: dict[str, Any] | None = field(default=None, compare=False, repr=False)


class Study(Document):
    """Which tables, which variables, what each means."""

    forwhom: Literal[1] = Field(description="Version of the format.")
    title: str = Field(default="", description="What this study is about.")
    customers: CustomerTable | None = Field(default=None, description="One row per customer.")
    tables: list[CustomerTable] = Field(
        default_factory=list, description="More tables with one row per customer, joined by id."
    )
    events: list[Events] = Field(default_factory=list, description="Many rows per customer.")
    variables: dict[str, StudyVariable] = Field(
        default_factory=dict, description="What each variable means and is for."
    )
    wholes: dict[str, Whole] = Field(
        default_factory=dict, description="Which variables are the shares of one whole."
    )

    #: The file that it was read from; says where things stand, and is no part of what it says.
    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def folder(self) -> Path | None:
        """The folder that relative tables start from: that of the file; None without one."""
        return None if self._origin.path is None else self._origin.path.parent

    def place(self, *location: str | int) -> str:
        """Return ``file:line:column`` of a key path; empty for a study made in memory.

        Examples
        --------
        >>> Study(forwhom=1, customers=CustomerTable(table="people.csv")).place("customers", "id")
        ''
        """
        return "" if self._origin.source is None else self._origin.source.place(location)

    @model_validator(mode="before")
    @classmethod
    def _empty_keys_say_nothing(cls, data: object) -> object:
        return without_empty_keys(data, "variables", dict)

    @model_validator(mode="after")
    def _has_a_table(self) -> Self:
        if self.customers is None and not self.events:
            raise ValueError("a study needs 'customers' or 'events' (or both)")
        names = [e.name for e in self.events]
        if len(names) != len(set(names)):
            raise ValueError("several events tables need a different 'name' each")
        parts = [part for whole in self.wholes.values() for part in whole.parts]
        twice = next((part for part in parts if parts.count(part) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice!r} is a part of two 'wholes'")
        for name in (*parts, *(whole.items for whole in self.wholes.values())):
            said = self.variables.get(name, StudyVariable())
            if has_levels(said.measure):
                raise ValueError(f"{name!r} is in 'wholes', but its measure is {said.measure!r}")
        return self
