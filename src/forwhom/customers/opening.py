"""From the tables that a study names to parts: tables with one row per customer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Literal

import narwhals.stable.v2 as nw

from forwhom.customers.currencies import Beside, check_customers, in_one_currency
from forwhom.documents import check_columns
from forwhom.documents.segmentation import Source
from forwhom.documents.study import CustomerTable, Events, Study, StudyVariable
from forwhom.errors import DataError, OptionError
from forwhom.features import CustomerFeatures, customer_features
from forwhom.features.orders import DONE, whole_orders, without_rows
from forwhom.progress import Progress, silent
from forwhom.suffixes import TABLE
from forwhom.tables import (
    Table,
    TableProfile,
    collect,
    fingerprint,
    held,
    is_called_table,
    open_table,
    profile_table,
    row_count,
)
from forwhom.tables.choices import name_of, with_choices
from forwhom.tables.columns import shortened
from forwhom.tables.engine import without_password
from forwhom.tables.frames import check_column, fetched, says
from forwhom.tables.missing import Codes, missing_notes, nulled
from forwhom.tables.never import ever_of, with_never
from forwhom.tables.personal import one_spelling
from forwhom.tables.spark import is_spark, is_spark_frame
from forwhom.wording import listed


@dataclass(frozen=True)
class Asked:
    """Who was asked a question."""

    words: str
    unasked: float  # share of the rows of those who were not
    missing: float  # of those who were, the share without a value


@dataclass(frozen=True)
class Part:
    """A table with one row per customer."""

    table: Table  # lazy
    reference: str  # what the study calls the table that it comes from
    id: str | None  # the column that identifies the customer; None: the row number
    role: Literal["customers", "table", "events"]  # who they are, more about them, what they did
    features: CustomerFeatures | None = None  # what the features mean, of events
    source: Source | None = None  # the table that was read: rows, columns, fingerprint
    #: codes for no answer that were found, by column
    missing: Mapping[str, Codes] = field(default_factory=dict)
    #: questions that not everybody was asked, by column
    asked: Mapping[str, Asked] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What messages call the part."""
        return self.table.name

    @property
    def origin(self) -> str:
        """What messages call the table that was read."""
        return self.name if self.source is None else self.source.name


@dataclass(frozen=True)
class Tables:
    """The tables of a study: given by name, or files relative to a folder.

    Each is read once and profiled once, and held as long as this is in use.
    """

    folder: Path | None = None
    given: Mapping[str, object] = field(default_factory=dict)
    #: addresses of databases on servers in the study are opened
    connections: bool = False
    #: columns whose codes for no answer a study declares, by table
    _declared: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    _opened: dict[str, Table] = field(default_factory=dict, init=False, repr=False)
    _profiles: dict[str, TableProfile] = field(default_factory=dict, init=False, repr=False)
    _prepared: set[str] = field(default_factory=set, init=False, repr=False)

    def open(self, reference: str) -> Table:
        """Return the table that a study calls ``reference``."""
        if reference not in self._opened:
            source = self.source(reference)
            # What a person gave is what messages speak of, whatever the study calls it.
            called = str(source) if isinstance(source, str | Path) else reference
            name = PurePath(called).name or called
            self._opened[reference] = held(open_table(source, name=name))
        return self._opened[reference]

    def profile(self, reference: str) -> TableProfile:
        """Return what is in the table that a study calls ``reference``."""
        if reference not in self._profiles:
            answered = self._declared.get(reference, frozenset())
            self._profiles[reference] = profile_table(self.open(reference), answered=answered)
        return self._profiles[reference]

    def declare(self, reference: str, codes: Mapping[str, Codes]) -> None:
        """Count the codes for no answer that a study declares as missing, here and in profiles."""
        if codes:
            self._opened[reference] = nulled(self.open(reference), codes)
            self._declared[reference] = frozenset(codes)
            self._profiles.pop(reference, None)

    def prepare(self, study: Study, spec: CustomerTable) -> None:
        """Leave out the rows that a study leaves out, and take questions with several answers
        apart, once, here and in profiles.
        """
        if spec.table in self._prepared:
            return
        self._prepared.add(spec.table)
        raw = self.open(spec.table)
        check_columns(study, spec.table, [*raw.columns, *_made_of(spec)])
        spelled = one_spelling(raw, spec.id)
        table = with_choices(without_rows(spelled, spec.leave_out, "customer"), spec.sets)
        table = with_never(table, spec.never)
        if table is not raw:
            self._opened[spec.table] = table
            self._profiles.pop(spec.table, None)

    def source(self, reference: str) -> object:
        """Return what stands behind a reference: a frame, a URI or an absolute path."""
        if reference in self.given:
            return self.given[reference]
        if "://" in reference:
            return _seen_from(self.folder, reference if self.connections else _local(reference))
        source = reference if self.folder is None else str(self.folder / reference)
        if not is_called_table(source, self.folder):
            raise OptionError(
                f"the study names {reference!r} as a table, but neither its name, nor that of "
                "what a link leads to, nor its first bytes say that it is one.",
                f"Expected {TABLE}. If it is a table, give it beside the study.",
            )
        return source


def _seen_from(folder: Path | None, address: str) -> str:
    """Return an address, that of a file seen from the folder of the study as all files are."""
    scheme, _, place = address.partition("://")
    if folder is None or scheme.lower() != "duckdb":
        return address
    return f"{scheme}://{(folder / place).as_posix()}"


def _local(reference: str) -> str:
    """Refuse the address of a server: whoever wrote the study chose it, and not who runs it."""
    if reference.partition("://")[0].lower() == "duckdb":
        return reference
    shown = without_password(reference)
    raise OptionError(
        f"the study names a database on a server, {shown}, and opening it was not allowed.",
        "If you trust the study, allow it with --allow-connections (in Python: "
        "allow_connections=True), or give the address yourself beside the study.",
    )


def named_tables(data: object) -> dict[str, object]:
    """Give each table a name: its key, its path, or "data"."""
    if isinstance(data, Mapping):
        named = {str(name): one for name, one in data.items()}
    else:
        several = list(data) if isinstance(data, list | tuple) else [data]
        named = dict(_name(one, i, len(several)) for i, one in enumerate(several, 1))
        if len(named) < len(several):
            raise OptionError("a table was given twice.", "Give every table once.")
    if not named or any(one is None for one in named.values()):
        raise OptionError("no table was given.", "Give a path, a data frame, or a study.")
    return named


def fetched_tables(named: Mapping[str, object]) -> dict[str, object]:
    """Return tables by name: those of Spark with their rows here, where they are few."""
    return {
        name: fetched(open_table(one, name=name)) if _on_spark(one) else one
        for name, one in named.items()
    }


def _on_spark(one: object) -> bool:
    return is_spark(one.frame) if isinstance(one, Table) else is_spark_frame(one)


def _name(one: object, position: int, of: int) -> tuple[str, object]:
    if isinstance(one, str | Path):
        return str(one), one
    return ("data" if of == 1 else f"data {position}"), one


def open_parts(
    study: Study,
    tables: Tables,
    cutoff: date | datetime | None = None,
    progress: Progress = silent,
    *,
    inferred: bool = True,
    least: int = 1,
) -> list[Part]:
    """Open every table of a study and turn events into features, lazily.

    The customers come first, then more tables, then events. A cut-off replaces that of all events.
    What the study leaves out is ``inferred`` from the data, or else not there. No level of a
    category that fewer customers than ``least`` bought has a feature of its own.
    """
    if cutoff is not None and not study.events:
        raise OptionError(
            "a cut-off was given, but there are no events to cut off.",
            "Take it away; it concerns tables with many rows per customer and a time.",
        )
    parts = []
    if study.customers is not None:
        progress(f"reading {study.customers.table}", 0.0)
        parts.append(_open_customers(study, study.customers, tables, "customers", inferred))
    parts += [_open_customers(study, spec, tables, "table", inferred) for spec in study.tables]
    for i, spec in enumerate(study.events):
        progress(f"turning {spec.table} into features", (i + 0.5) / (len(study.events) + 1))
        asked = spec if cutoff is None else spec.model_copy(update={"cutoff": cutoff})
        parts.append(_open_events(study, asked, tables, inferred, least))
    return parts


def _open_customers(
    study: Study,
    spec: CustomerTable,
    tables: Tables,
    role: Literal["customers", "table"],
    inferred: bool,
) -> Part:
    source = _source(tables.open(spec.table), inferred)
    tables.prepare(study, spec)
    tables.declare(spec.table, _declared(study, spec, tables.open(spec.table)))
    table = tables.open(spec.table)
    if not inferred:
        return Part(table, spec.table, spec.id, role, source=source)
    profile = tables.profile(spec.table)
    check_customers(study, table, profile, _other_customers(study, spec, tables))
    found = {
        c.name: c.missing_codes for c in profile.columns if c.missing_codes and c.name != spec.id
    }
    notes = (*table.notes, *missing_notes(table.name, found))
    table = replace(nulled(table, found), notes=notes)
    asked = {name: one for name in table.columns if (one := _asked(study, table, name))}
    return Part(table, spec.table, spec.id, role, source=source, missing=found, asked=asked)


def _other_customers(study: Study, spec: CustomerTable, tables: Tables) -> Iterator[Beside]:
    """Yield the other tables of the same customers, one after the other as they are needed."""
    if spec.id is not None:
        yield from _of_customers(study, spec.id, tables, but=spec.table)


def _of_customers(
    study: Study, on: str, tables: Tables, *, but: str = "", inferred: bool = True
) -> Iterator[Beside]:
    for one in (study.customers, *study.tables):
        if one is not None and one.id is not None and one.table != but:
            profile = tables.profile(one.table) if inferred else None
            yield Beside(tables.open(one.table), profile, on, one.id)


def _beside(study: Study, spec: Events, tables: Tables, inferred: bool) -> Iterator[Beside]:
    """Yield the tables that are joined to events, and those of their customers."""
    for lookup in spec.lookups:
        table = tables.open(lookup.table)
        if lookup.on in table.columns:
            profile = tables.profile(lookup.table) if inferred else None
            yield Beside(table, profile, lookup.on, lookup.on)
    yield from _of_customers(study, spec.customer, tables, inferred=inferred)


def _asked(study: Study, table: Table, name: str) -> Asked | None:
    """Return who was asked a question, as the study says it; None for everybody."""
    said = study.variables.get(name, StudyVariable()).asked
    if not said:
        return None
    where = study.place("variables", name)
    for gate in said:
        check_column(table, gate, where)
    here = nw.all_horizontal(*(says(table, *one) for one in said.items()), ignore_nulls=True)
    blank = here & nw.col(name).is_null()
    counted = table.frame.select(
        nw.len().alias("n"), *(e.cast(nw.Int64).sum().alias(k) for k, e in
                               (("here", here), ("blank", blank))))  # fmt: skip
    row = collect(replace(table, frame=counted)).to_pylist()[0]
    words = [f"“{table.labels.get(gate, gate)}” is {_one_of(values)}"
             for gate, values in said.items()]  # fmt: skip
    rows, asked, without = (int(row[key] or 0) for key in ("n", "here", "blank"))
    shares = (1 - asked / max(rows, 1), without / max(asked, 1))
    return Asked(f"asked only where {listed(words)}", *shares)


def _one_of(values: Sequence[str]) -> str:
    """Return the answers that lead to a question, in words."""
    if [value.lower() for value in values] == ["true"]:
        return "chosen"
    return listed([f"“{shortened(value)}”" for value in values], last="or")


def _made_of(spec: CustomerTable) -> list[str]:
    """Return the columns that questions with several answers, and numbers for never, become."""
    made = [name_of(one.column, o) for one in spec.sets if one.column for o in one.options]
    return made + [ever_of(column) for column in spec.never]


def _declared(study: Study, spec: CustomerTable, table: Table) -> dict[str, Codes]:
    """Return the codes for no answer that a study declares, by column."""
    codes: dict[str, Codes] = {}
    for name in table.columns:
        said = study.variables.get(name)
        own = said.missing if said is not None else None
        if name != spec.id and (own is not None or spec.missing):
            codes[name] = [*spec.missing, *(own or [])]
    return codes


def _open_events(study: Study, spec: Events, tables: Tables, inferred: bool, least: int) -> Part:
    events = one_spelling(tables.open(spec.table), spec.customer)
    lookups = {lookup.table: tables.open(lookup.table) for lookup in spec.lookups}
    joined = [column for table in lookups.values() for column in table.columns]
    if spec.currencies is not None:  # customers are not joined to events, but may tell theirs
        beside = _of_customers(study, spec.customer, tables, inferred=False)
        joined += {spec.currencies.column} & {c for one in beside for c in one.table.columns}
    check_columns(study, spec.table, [*events.columns, *joined])
    profile = tables.profile(spec.table) if inferred else None
    beside = _beside(study, spec, tables, inferred)
    converted = in_one_currency(whole_orders(events, spec, lookups), profile, spec, beside)
    spec = spec.model_copy(update=DONE)  # currencies needed it
    features = customer_features(converted, spec, lookups=lookups, levels=spec.levels, least=least)
    if features.report.refunds == features.report.used:
        raise DataError(
            f"{events.name}: every amount or quantity is negative, so nobody bought anything.",
            "Negative lines are returns; turn the sign around if these are purchases.",
        )
    months = list(features.report.months or ())
    source = _source(events, inferred)
    if source is not None:
        source = source.model_copy(update={"months": months})
    return Part(features.table, spec.table, spec.customer, "events", features, source)


def _source(table: Table, inferred: bool) -> Source | None:
    """Describe the table that was read; not one on Spark of which nothing but places is wanted."""
    if is_spark(table.frame) and not inferred:
        return None
    return Source(
        name=table.name,
        rows=row_count(table),
        columns=len(table.columns),
        fingerprint=fingerprint(table),
        renamed=dict(table.renamed),
    )


def with_levels(study: Study, parts: Sequence[Part]) -> Study:
    """Return the study with what was found, so that new data are read in the same way."""
    found = [part.features for part in parts if part.features is not None]
    events = [_as_found(spec, own) for spec, own in zip(study.events, found, strict=True)]
    variables = dict(study.variables)
    for name, codes in ((n, c) for part in parts for n, c in part.missing.items()):
        said = variables.get(name, StudyVariable())
        variables[name] = said.model_copy(update={"missing": list(codes)})
    return study.model_copy(update={"events": events, "variables": variables})


def _as_found(spec: Events, features: CustomerFeatures) -> Events:
    """Return the events with the levels that were found, and what each lookup brings."""
    levels = {column: list(names) for column, names in features.levels.items()}
    lookups = [
        lookup.model_copy(update={"columns": list(features.brought.get(lookup.table, ()))})
        for lookup in spec.lookups
    ]
    return spec.model_copy(update={"levels": levels, "lookups": lookups})
