import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import PurePath

from forwhom.documents.mistakes import Mistake
from forwhom.documents.study import Study
from forwhom.errors import nearest

#: Uses that only one column can have.
_ONLY_ONE = {
    "weight": "how many customers a row stands for",
    "id": "who the customer is",
}


def inconsistencies(study: Study) -> list[Mistake]:
    """Return what contradicts itself in a study; empty for a sound one."""
    return [mistake for rule in _RULES for mistake in rule(study)]


def _ids_and_weights(study: Study) -> Iterator[Mistake]:
    first: dict[str, str] = {}
    id_column = study.customers.id if study.customers is not None else None
    if id_column is not None:
        first["id"] = id_column
    for name, variable in study.variables.items():
        use = variable.use
        if use in _ONLY_ONE and first.setdefault(use, name) != name:
            yield Mistake(
                ("variables", name, "use"),
                f"{name!r} is a second column with 'use: {use}', after {first[use]!r}.",
                f"Only one says {_ONLY_ONE[use]}; give the other 'use: ignore'.",
            )
    said = study.variables.get(id_column) if id_column is not None else None
    if said is not None and said.use not in (None, "id"):
        yield Mistake(
            ("variables", str(id_column), "use"),
            f"{id_column!r} is the customers' id and cannot have 'use: {said.use}'.",
            "Take this use away; an id says who somebody is, not what they are like.",
        )


def _levels(study: Study) -> Iterator[Mistake]:
    for name, variable in study.variables.items():
        levels, where = variable.levels, ("variables", name, "levels")
        if levels is None:
            continue
        twice = next((x for i, x in enumerate(levels) if x in levels[:i]), None)
        if twice is not None:
            yield Mistake(
                (*where, len(levels) - 1 - levels[::-1].index(twice)),
                f"the level {twice!r} of {name!r} is listed twice.",
                "List each level once, lowest first.",
            )
        elif len(levels) < 2:
            yield Mistake(where, f"{name!r} has {len(levels)} level(s).", "Expected at least two.")
        elif variable.measure == "binary" and len(levels) > 2:
            yield Mistake(
                where,
                f"{name!r} is binary, but has {len(levels)} levels.",
                "Expected two; is it nominal or ordinal?",
            )


def _category_levels(study: Study) -> Iterator[Mistake]:
    for index, events in enumerate(study.events):
        for column in events.levels:
            if column not in events.category:
                yield Mistake(
                    ("events", index, "levels", column),
                    f"{column!r} has levels, but is not under 'category'.",
                    nearest(column, events.category) or "Add it to 'category'.",
                )


def _time_zones(study: Study) -> Iterator[Mistake]:
    for index, events in enumerate(study.events):
        try:
            zoneinfo.ZoneInfo(events.time_zone)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            zones = zoneinfo.available_timezones()
            if zones:  # a machine without the list of time zones cannot say
                yield Mistake(
                    ("events", index, "time_zone"),
                    f"there is no time zone {events.time_zone!r}.",
                    nearest(events.time_zone, zones) or "Expected a name such as Europe/Berlin.",
                )


def _sources(study: Study) -> Iterator[Mistake]:
    known = ["events", *(events.name for events in study.events if events.name)]
    files = [table.table for table in study.tables] + [table.table for table in study.events]
    files += [study.customers.table] if study.customers is not None else []
    stems = [PurePath(file).stem for file in files]
    for name, variable in study.variables.items():
        if variable.source is None or variable.source in (*known, *files, *stems):
            continue
        yield Mistake(
            ("variables", name, "from"),
            f"{name!r} comes from {variable.source!r}, which is no table of this study.",
            nearest(variable.source, [*known, *files])
            or f"Expected one of: {', '.join([*known, *files])}.",
        )
    if not study.events:
        for name, variable in study.variables.items():
            if variable.source == "events":
                yield Mistake(
                    ("variables", name, "from"),
                    f"{name!r} comes from events, but this study has none.",
                    "Add the table under 'events', or take 'from' away.",
                )


def _keys(study: Study) -> Iterator[Mistake]:
    if study.customers is not None and study.customers.id is None:
        if study.tables or study.events:
            yield Mistake(
                ("customers",),
                f"{study.customers.table} has no 'id', so the other tables cannot be joined to it.",
                "Add 'id: <column>', the column that says who the customer is.",
            )
        return
    for index, table in enumerate(study.tables):
        if table.id is None:
            yield Mistake(
                ("tables", index),
                f"{table.table} has no 'id', so it cannot be joined.",
                "Add 'id: <column>', the column that says who the customer is.",
            )


def _money(study: Study) -> Iterator[Mistake]:
    for index, events in enumerate(study.events):
        if events.price is None:
            continue
        if events.amount is not None:
            yield Mistake(
                ("events", index, "price"),
                "both 'amount' and 'price' are given.",
                "Keep 'amount' (the money of a line), or 'price' with 'quantity'.",
            )
        elif events.quantity is None:
            yield Mistake(
                ("events", index, "price"),
                "'price' is given without 'quantity'.",
                "Add 'quantity: <column>'; if the price is that of the whole line, call it "
                "'amount'.",
            )


_RULES: tuple[Callable[[Study], Iterator[Mistake]], ...] = (
    _ids_and_weights,
    _levels,
    _category_levels,
    _time_zones,
    _sources,
    _keys,
    _money,
)
