"""What each column of tables is for: what was seen in it, what it is for now, what it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forwhom.documents.study import COLUMNS_OF_EVENTS, Study
from forwhom.errors import ColumnMissing, OptionError, SourceMissing
from forwhom.languages.catalog import later
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Member
from forwhom.web.server.working import AGAIN, NOT_HERE
from forwhom.wording import listed
from forwhom.workspace.changes import Put
from forwhom.workspace.conflict import NotNow
from forwhom.workspace.datasets import Dataset, changed_uses

#: What a column can be for, in plain words.
USES = {
    "active": later("Forms the segments"),
    "descriptor": later("Describes the segments"),
    "protected": later("Protected: only checked for fairness"),
    "id": later("Says who the customer is"),
    "weight": later("Weighs each customer"),
    "text": later("Free text: takes no part"),
    "ignore": later("Takes no part"),
}
MEASURES = {
    "binary": later("Yes or no"),
    "nominal": later("Kinds without an order"),
    "ordinal": later("Levels in an order"),
    "count": later("How often: 0, 1, 2, …"),
    "continuous": later("A number, below zero too"),
    "positive": later("An amount, never below zero"),
}
#: What was seen in a column.
TYPES = {
    "number": later("Numbers"),
    "text": later("Text"),
    "date": later("Dates"),
    "boolean": later("Yes or no"),
    "other": later("Something else"),
}
#: What a column of events can be for.
EVENTS = {
    "customer": later("Who the customer is"),
    "time": later("When it happened"),
    "amount": later("Money of a line"),
    "quantity": later("Units of a line"),
    "price": later("Price of one unit"),
    "discount": later("Money off a line"),
    "order": later("Which purchase it belongs to"),
    "order_amount": later("Money of the whole order"),
    "refunded": later("Money that was given back"),
    "item": later("What was bought"),
    "channel": later("Where or how"),
}


@dataclass(frozen=True)
class Column:
    """A column of customers on the page: what is in it, what it is for, what it could be for."""

    key: str
    seen: dict[str, Any]
    use: str
    measure: str
    label: str
    uses: tuple[str, ...]


def looked_at(parts: Services, found: Dataset) -> tuple[dict[str, Any], Study]:
    """Return what was seen in tables, and the study of them; refuse those nobody has looked at."""
    look, study = parts.datasets.look(found.document), found.study
    if study is None:
        raise NotNow("Nobody has looked at these tables yet.", "Wait until that is done.")
    if look is None:
        raise SourceMissing(NOT_HERE, AGAIN)
    return look, study


def change_uses(
    parts: Services, who: Member, found: Dataset, version: int,
    asked: Mapping[str, Mapping[str, str | None]], events: Mapping[str, Mapping[str, str]],
    over: int = 0,
) -> Dataset:  # fmt: skip
    """Change what columns of customers are for, and which column of events is what.

    ``found`` is the version that was looked at.
    """
    look, study = looked_at(parts, found)
    columns = {one.seen["name"]: one for _, several in columns_of(look, study) for one in several}
    protected = frozenset(name for name, one in columns.items() if one.seen["protected"])
    for name, said in asked.items():
        if name not in columns:
            raise ColumnMissing.of(name, "the tables of customers", columns)
        if name not in protected:
            _check_use(columns[name], said.get("use"))
    changes = [*changed_uses(study, asked, protected), *_of_events(look, study, events)]
    return parts.datasets.change(found.document, who.who, version, changes, over)


def _check_use(column: Column, use: str | None) -> None:
    if use is not None and use not in column.uses:
        raise OptionError(
            f"{column.seen['name']!r} cannot be for {use!r}.",
            f"Choose of: {listed(column.uses, None)}." if column.uses else "Leave it as it is.",
        )


def columns_of(
    look: dict[str, Any] | None, study: Study | None
) -> Iterator[tuple[dict[str, Any], list[Column]]]:
    """Yield the tables of customers, and their columns as the study has them now."""
    if look is None or study is None:
        return
    for at, table in enumerate(look["tables"]):
        if table["role"] in ("customers", "table"):
            columns = [_column(f"{at}.{i}", one, study) for i, one in enumerate(table["columns"])]
            yield table, columns


def _column(key: str, seen: dict[str, Any], study: Study) -> Column:
    name = seen["name"]
    said = study.variables.get(name)
    customer = study.customers is not None and study.customers.id == name
    use = "id" if customer else (said and said.use) or seen["use"] or ""
    measure = (said and said.measure) or seen["measure"] or ""
    label = (said and said.label) or seen["label"]
    uses: tuple[str, ...] = tuple(one for one in USES if one != "text" or use == "text")
    if seen["protected"]:
        uses = ("protected", "ignore")
    elif not use:
        uses = ()
    elif use not in uses:
        uses = (use, *uses)
    return Column(key, seen, use, str(measure), str(label), uses)


def events_of(
    look: dict[str, Any] | None, study: Study | None
) -> Iterator[tuple[int, dict[str, Any], list[str], list[tuple[str, str]]]]:
    """Yield the tables of events: the columns that each has, and what is which."""
    seen = {one["name"]: one for one in (look or {}).get("tables", ())}
    for at, spec in enumerate(study.events if study is not None else ()):
        if spec.table in seen:
            names = [one["name"] for one in seen[spec.table]["columns"]]
            said = [(key, getattr(spec, key) or "") for key in COLUMNS_OF_EVENTS]
            yield at, seen[spec.table], names, said


def _of_events(
    look: dict[str, Any], study: Study, events: Mapping[str, Mapping[str, str]]
) -> Iterator[Put]:
    known = {table["name"]: (at, names, dict(said)) for at, table, names, said in
             events_of(look, study)}  # fmt: skip
    for name, asked in events.items():
        if name not in known:
            raise OptionError(
                f"There is no table of events {name[:60]!r}.",
                f"There is: {listed(list(known), None) or 'none'}.",
            )
        at, names, before = known[name]
        for key, chosen in asked.items():
            if key not in before:
                raise OptionError(
                    f"No column of events is for {key[:60]!r}.",
                    f"Choose of: {listed(list(before), None)}.",
                )
            if chosen and chosen not in names:
                raise OptionError(f"There is no column {chosen[:60]!r}.", "Choose one.")
            if chosen != before[key]:
                yield Put(at=("events", at, key), value=chosen or None)
