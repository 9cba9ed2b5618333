"""New customers for the segments of an earlier run: which table is what, and who belongs where."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from forwhom.customers.opening import Part, Tables, named_tables, open_parts
from forwhom.customers.preparation import Gathered, gather
from forwhom.customers.roles import Roles
from forwhom.documents.models import MixtureModel, Model, RulesModel
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.study import (
    COLUMNS_OF_EVENTS,
    CustomerTable,
    Events,
    Study,
    StudyVariable,
)
from forwhom.errors import DataError, nearest
from forwhom.mixture.scoring import Scores, score, unusable_values
from forwhom.tables import Table
from forwhom.tables.columns import Column, form_of, shortened, unseen_notes
from forwhom.wording import few, few_of, listed, opened

#: A level of fewer rows is not named: it may be one customer's.
_MANY = 10


def open_newcomers(
    segmentation: Segmentation,
    data: object,
    cutoff: date | datetime | None,
) -> list[Part]:
    """Find out which table is what, and open them as the stored study says."""
    study = Study.model_validate(segmentation.study) if segmentation.study else None
    named = named_tables(data)
    tables = Tables(given=named)
    known = _known_columns(segmentation, study)
    opened = {name: _spelled(tables.open(name), known) for name in named}
    customers: list[CustomerTable] = []
    events: list[Events] = []
    given: dict[str, object] = {}
    for name, table in opened.items():
        role = _role(name, table, study)
        if isinstance(role, Events):
            events.append(role.model_copy(update={"table": name}))
        elif role is not None:
            given[role] = table
        else:
            customers.append(_as_customers(name, table, segmentation.id_column, study))
    if customers and len(opened) - len(given) > 1 and any(c.id is None for c in customers):
        raise DataError(
            f"a table has no customer id {segmentation.id_column!r}, so it cannot be joined.",
            "Give one table with one row per customer, or tables that share the id.",
        )
    for lookup in (lookup.table for spec in events for lookup in spec.lookups):
        if lookup not in given and not Path(lookup).exists():
            raise DataError(
                f"the study joins {lookup} to the events, and it is not here.",
                "Without it the events say less than they did; give it as well.",
            )
    asked = Study(
        forwhom=1,
        customers=customers[0] if customers else None,
        tables=customers[1:],
        events=events,
        variables=_codes_of(study),
    )
    return open_parts(asked, Tables(given=given | opened), cutoff, inferred=False)


def as_in_study(segmentation: Segmentation, data: object) -> dict[str, object]:
    """Name tables as the stored study does, by what they hold, so that it can be asked again."""
    study = Study.model_validate(segmentation.study) if segmentation.study else None
    named = named_tables(data)
    tables, known = Tables(given=named), _known_columns(segmentation, study)
    own = [] if study is None else [one.table for one in (study.customers, *study.tables) if one]
    found: dict[str, object] = {}
    rest = []
    for name, given in named.items():
        role = _role(name, _spelled(tables.open(name), known), study)
        if isinstance(role, Events):
            found[role.table] = given
        elif role is not None:
            found[role] = given
        else:
            rest.append((name, given))
    for name, given in rest:
        alike = [one for one in own if one not in found and Path(one).stem == Path(name).stem]
        free = [one for one in own if one not in found]
        found[(alike or free or [name])[0]] = given
    return found


def _as_customers(
    name: str, table: Table, identity: str | None, study: Study | None
) -> CustomerTable:
    """Return how a table of new customers is read: as that of the earlier run was."""
    known = None if study is None else study.customers
    left_out = {} if known is None else known.leave_out
    never = {} if known is None else known.never
    sets, here = [] if known is None else known.sets, set(table.columns)
    return CustomerTable(
        table=name,
        id=identity if identity in table.columns else None,
        missing=[] if known is None else known.missing,
        leave_out={c: values for c, values in left_out.items() if c in table.columns},
        never={c: codes for c, codes in never.items() if c in here},
        sets=[one for one in sets if {*one.columns, *filter(None, [one.column])} <= here],
    )


def _codes_of(study: Study | None) -> dict[str, StudyVariable]:
    """Return what the study says of codes for no answer, and nothing else."""
    said = {} if study is None else study.variables
    return {
        name: StudyVariable(missing=one.missing)
        for name, one in said.items()
        if one.missing is not None
    }


def _known_columns(segmentation: Segmentation, study: Study | None) -> list[str]:
    """Return the columns that new data may have, spelled as in the earlier run."""
    events = [] if study is None else study.events
    named = [segmentation.id_column, *(v.name for v in segmentation.variables)]
    for spec in events:
        named += [getattr(spec, key) for key in COLUMNS_OF_EVENTS]
        named += [*spec.category, *spec.fill, *spec.returned, *spec.leave_out]
        named += [one.on for one in spec.lookups]
        named += [spec.currencies.column] if spec.currencies is not None else []
    return [name for name in named if name is not None]


def _spelled(table: Table, known: Sequence[str]) -> Table:
    """Return the table with column names spelled as in the earlier run: Visits is visits."""
    spelled = {name.casefold(): name for name in known}
    here = set(table.columns)
    renamed = {
        column: spelled[column.casefold()]
        for column in table.columns
        if column not in known
        and column.casefold() in spelled
        and spelled[column.casefold()] not in here
    }
    if not renamed:
        return table
    levels = {renamed.get(column, column): order for column, order in table.levels.items()}
    return replace(table, frame=table.frame.rename(renamed), levels=levels)


def _role(name: str, table: Table, study: Study | None) -> Events | str | None:
    """Return the events that a table holds, the lookup that it is, or None for customers."""
    if study is None:
        return None
    columns, stem = set(table.columns), Path(name).stem
    holding = [e for e in study.events if _are_events(columns, e)]
    for events in sorted(holding, key=lambda e: Path(e.table).stem != stem):
        return events
    customers = {e.customer for e in study.events}
    lookups = [lookup for e in study.events for lookup in e.lookups if lookup.on in columns]
    for lookup in sorted(lookups, key=lambda one: Path(one.table).stem != stem):
        # Orders whose lines are the events tell who bought; other tables with customers are theirs.
        if not columns & customers or set(lookup.columns or ()) & customers:
            return lookup.table
    return None


def _are_events(columns: set[str], events: Events) -> bool:
    """Whether a table with these columns holds the events: who and when may be looked up."""
    tells = [one for one in events.lookups if events.customer in (one.columns or ())]
    if not tells:
        return {events.customer, events.time} <= columns
    brought = {name for one in events.lookups for name in one.columns or ()}
    named = {events.amount, events.price, events.quantity, events.item}
    own = {name for name in named if name is not None} - brought
    return events.customer not in columns and {*own, *(one.on for one in tells)} <= columns


def gather_newcomers(
    segmentation: Segmentation, parts: Sequence[Part], also: Sequence[Variable] = ()
) -> Gathered:
    """Read the variables that place a customer, as far as they are there, and some others."""
    placing = known_variables(segmentation, parts)
    named = {v.name for v in placing}
    wanted = [*placing, *(v for v in also if v.name not in named)]
    roles = [
        Roles(variables=[v for v in wanted if v.name in set(part.table.columns)]) for part in parts
    ]
    gathered = gather(parts, roles)
    for column in gathered.columns.values():
        _check_levels(column)
    said = [*_id_notes(segmentation, parts), *misspelled(segmentation, parts)]
    return replace(gathered, notes=[*said, *gathered.notes])


def known_variables(segmentation: Segmentation, parts: Sequence[Part]) -> list[Variable]:
    """Return the variables that place a customer; refuse tables that have none of them."""
    placing = segmentation.deciding
    if not any(v.name in set(part.table.columns) for v in placing for part in parts):
        raise _nothing_known(segmentation, parts)
    return placing


def misspelled(segmentation: Segmentation, parts: Sequence[Part]) -> list[str]:
    """Name the columns that probably are variables under another spelling."""
    placing = segmentation.deciding
    here = {column for part in parts for column in part.table.columns}
    unknown = sorted(here - {v.name for v in segmentation.variables} - {segmentation.id_column})
    found = [(v.name, nearest(v.name, unknown)) for v in placing if v.name not in here]
    return [f"there is no column {name!r} in the new data. {hint}" for name, hint in found if hint]


def _check_levels(column: Column) -> None:
    """Refuse answers of which none is a level; that of one customer may be new."""
    answers = sum(column.unseen.values())
    if answers < 2 or not column.missing.all():
        return
    often = [level for level, n in column.unseen.items() if n >= _MANY]
    here, known = (
        listed([repr(shortened(level)) for level in levels], most=5)
        for levels in (often, column.levels or ())
    )
    here = f"are {here}" if often else f"is one {form_of(next(iter(column.unseen)))}"
    raise DataError(
        f"{column.name!r}: none of the {answers:,} answers is a level that the segments know. "
        f"Here {here}; known are {known}.",
        "Write the column as it was when the segments were discovered, or leave it out: then the "
        "other variables place the customers.",
    )


def _id_notes(segmentation: Segmentation, parts: Sequence[Part]) -> list[str]:
    first, known = parts[0], segmentation.id_column
    if known is None or first.id is not None:
        return []
    hint = nearest(known, first.table.columns)
    return [
        f"{first.name} has no column {known!r}, so its customers go by the number of their row."
        f"{' ' + hint if hint else ''}"
    ]


def _nothing_known(segmentation: Segmentation, parts: Sequence[Part]) -> DataError:
    needed = ", ".join(v.name for v in segmentation.deciding[:8])
    events = Study.model_validate(segmentation.study).events if segmentation.study else []
    columns = [f"{spec.customer!r} and {spec.time!r}" for spec in events]
    return DataError(
        f"{', '.join(part.name for part in parts)}: none of the variables that place a customer "
        f"is there ({needed}).",
        "Give the same tables as for 'forwhom discover' with other rows"
        f"{f' (events with {columns[0]})' if columns else ''}, or one table with these columns.",
    )


def place_newcomers(segmentation: Segmentation, gathered: Gathered) -> Scores:
    """Place customers into segments."""
    n = len(gathered.ids)
    return placed(segmentation.model, segmentation.variables, gathered.columns, n)


def placed(
    model: Model, variables: Sequence[Variable], columns: Mapping[str, Column], n: int
) -> Scores:
    """Place n customers into the segments of a model of some variables."""
    if not isinstance(model, RulesModel):
        return score(model, columns)
    # A rule is a condition on columns, which must be there even where nothing is known.
    absent = {v.name: _absent(v, n) for v in variables if v.name not in columns}
    return score(model, {**absent, **columns})


def _absent(variable: Variable, n: int) -> Column:
    if variable.levels:
        return Column(variable.name, np.full(n, -1, dtype=np.int32), tuple(variable.levels))
    return Column(variable.name, np.full(n, np.nan))


def absent_notes(segmentation: Segmentation, columns: Collection[str]) -> list[str]:
    """Say which variables that place a customer are not among some columns."""
    absent = [v.name for v in segmentation.deciding if v.name not in columns]
    if not absent:
        return []
    return [
        f"not in the new data, so taken as missing: {', '.join(absent)}. Customers are placed "
        "by the other variables, with less certainty."
    ]


@dataclass
class Noticed:
    """What was missing, unknown or unusual among customers who were placed, so far."""

    segmentation: Segmentation
    n: int = 0
    #: The variables without their values, each with the levels that are not known.
    columns: dict[str, Column] = field(default_factory=dict)
    _unusable: Counter[str] = field(default_factory=Counter)
    _answered: set[str] = field(default_factory=set)
    _blank: int = 0
    _novel: int = 0

    def add(self, columns: Mapping[str, Column], scores: Scores) -> None:
        """Take note of the next customers."""
        self.n += len(scores)
        self._blank += int((~scores.known).sum())
        self._novel += int((scores.segment == 0).sum())
        for name, column in columns.items():
            before = self.columns[name].unseen if name in self.columns else {}
            unseen = dict(sorted((Counter(before) + Counter(column.unseen)).items()))
            self.columns[name] = replace(column, values=column.values[:0], unseen=unseen)
            if name not in self._answered and not column.missing.all():
                self._answered.add(name)
        if isinstance(self.segmentation.model, MixtureModel):
            self._unusable += Counter(unusable_values(self.segmentation.model, columns))

    def check(self) -> None:
        """Refuse a variable of which no answer is known."""
        for name, column in self.columns.items():
            if name not in self._answered:
                _check_levels(column)  # no value is left in it

    def notes(self) -> list[str]:
        """Say what was noticed."""
        least = self.segmentation.threshold
        notes = [
            *unseen_notes(self.columns, least=least),
            *absent_notes(self.segmentation, self.columns),
        ]
        for name, rows in self._unusable.items():
            notes.append(
                f"{name!r}: {few_of(rows, 'value is', 'values are', least)} impossible for it, and "
                "missing."
            )
        if self._blank:
            notes.append(
                f"{opened(few(self._blank, least))} of {self.n:,} customers have no value at all; "
                "they get the largest."
            )
        if self._novel:
            notes.append(
                f"{opened(few(self._novel, least))} of {self.n:,} customers are like nobody seen "
                "before (segment 0)."
            )
        return notes


def notes_on(
    segmentation: Segmentation, columns: Mapping[str, Column], scores: Scores
) -> list[str]:  # fmt: skip
    """Say what was missing, unknown or unusual."""
    noticed = Noticed(segmentation)
    noticed.add(columns, scores)
    return noticed.notes()
