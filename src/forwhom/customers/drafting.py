"""Draft a study from tables: what each is, how they join, what every column means, and why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from forwhom.customers.checks import near_duplicates
from forwhom.customers.choices import told_choices, with_found_choices
from forwhom.customers.clues import category_columns
from forwhom.customers.currencies import Beside, currency_nearby, only_currency
from forwhom.customers.dependence import Determined, determined_numbers, following_levels
from forwhom.customers.draftlines import Decision, draft_text
from forwhom.customers.exclusions import with_exclusions
from forwhom.customers.layouts import told, with_layouts
from forwhom.customers.never import told_never, with_found_never
from forwhom.customers.opening import Tables, fetched_tables, named_tables
from forwhom.customers.placement import (
    EVERY_ROW,
    EventsView,
    Placement,
    View,
    place,
)
from forwhom.customers.quality import quality_notes
from forwhom.customers.questions import with_found_questions
from forwhom.customers.rankings import with_found_rankings
from forwhom.customers.several import several_tables
from forwhom.customers.wholes import Shares, found_shares, name_of
from forwhom.documents import check_study
from forwhom.documents.base import Measure
from forwhom.documents.files import path_meant
from forwhom.documents.study import (
    COLUMNS_OF_EVENTS,
    Currencies,
    CustomerTable,
    Events,
    Lookup,
    Origin,
    Study,
    StudyVariable,
    Whole,
)
from forwhom.errors import OptionError
from forwhom.features.orders import money_columns
from forwhom.progress import Progress, silent
from forwhom.tables import VariableProfile, collect_columns, profile_table
from forwhom.tables.engine import public_address
from forwhom.tables.missing import nulled
from forwhom.tables.personal import one_spelling
from forwhom.tables.profile import label_of
from forwhom.tables.scales import is_answer_scale
from forwhom.wording import count, listed, opened

#: So many columns of one kind are named; the draft itself names all.
_MOST_NAMED = 12


@dataclass(frozen=True)
class Draft:
    """A drafted study."""

    study: Study  # what each table is, and what every column means
    #: what could not be placed, and what a person should look at, in sentences
    notes: tuple[str, ...]
    tables: Tables = field(repr=False)  # as they were read and profiled
    placement: Placement = field(repr=False)
    decisions: tuple[Decision, ...] = field(repr=False)

    @property
    def known(self) -> dict[str, StudyVariable]:
        """What the layouts of exports say about variables."""
        views = self.placement.of_customers
        known = {name for view in views for name in view.variables}
        found = {name: said for view in views for name, said in view.questions.items()}
        return found | {n: said for n, said in self.study.variables.items() if n in known}

    @cached_property
    def text(self) -> str:
        """The study as YAML, with a comment for every decision."""
        return draft_text(self.study, self.placement, self.decisions)

    def __str__(self) -> str:
        """Return the YAML text."""
        return self.text


def draft_study(
    sources: object,
    *,
    title: str = "",
    folder: str | Path | None = None,
    layout: str | Path | None = None,
    progress: Progress | None = None,
) -> Draft:
    """Draft a study from tables.

    Parameters
    ----------
    sources
        One table (a path, a database address or a data frame), several in a sequence, or several
        by name.
    title
        What the study is about.
    folder
        Where the study will be written; relative paths are named from there. Left out: from the
        current folder.
    layout
        The layout of an export: a name, a file of your own, or "none"; left out: recognized.
    progress
        Told what is being read, and the fraction done.

    Returns
    -------
    Draft
        Study, text and notes. Every table and every column is in the text: in its place, or in a
        comment that says why it has none. Passwords of database addresses are left out.

    Raises
    ------
    SourceError
        A table cannot be read.
    DataError
        A table is empty, or its columns cannot be told apart.
    OptionError
        No table was given, or two have the same name.

    Examples
    --------
    >>> import pyarrow as pa
    >>> visits = pa.table({"person": [1, 2, 3], "visits": [1, 0, 7]})
    >>> draft_study({"people": visits}).study.customers.id
    'person'
    """
    named, unread = several_tables(fetched_tables(named_tables(sources)))
    given = {_reference(name, source, folder): source for name, source in named.items()}
    if len(given) < len(named):
        raise OptionError("a table was given twice.", "Give every table once.")
    progress = progress or silent
    tables, views = Tables(given=given), []
    for index, reference in enumerate(given):
        progress(f"reading {reference}", index / len(given))
        views.append(_viewed(reference, tables))
    views = with_layouts(views, layout)
    placement = place(views)
    with_found_choices(placement)
    with_found_never(placement)
    with_found_questions(placement)
    with_found_rankings(placement)
    shares = {view.name: found_shares(view.table, view.profile) for view in placement.of_customers}
    decisions = tuple(_without_repeats(list(_decisions(placement, shares)), shares))
    study = _study(placement, decisions, title, shares)
    check_study(study)
    if folder is not None:
        study._origin = Origin(Path(folder) / "study.yaml")
    notes = [*_undecided(placement), *unread, *(note for view in views for note in told(view))]
    notes += told_choices(placement.of_customers)
    notes += told_never(placement.of_customers)
    notes += [f"{view.short}: {one}" for view in placement.of_customers for one in view.remarks]
    notes += [note for view in placement.of_customers for note in quality_notes(view)]
    notes += [*_notes(placement, study, decisions), *(n for v in views for n in v.table.notes)]
    progress("drafted", 1.0)
    return Draft(study, tuple(notes), tables, placement, decisions)


def _viewed(reference: str, tables: Tables) -> View:
    """Return a table as it is looked at: one person's address is written in one way."""
    table = tables.open(reference)
    profile = tables.profile(reference)
    spelled = table
    for column in profile.columns:
        if column.personal == "e-mail addresses":
            spelled = one_spelling(spelled, column.name)
    return View(reference, spelled, profile if spelled is table else profile_table(spelled))


def _reference(name: str, source: object, folder: str | Path | None) -> str:
    """Return what the study calls a table."""
    if "://" in name:
        # A study is shared and published; a password is not.
        return _from(folder, public_address(name))
    is_relative = isinstance(source, str | Path) and not path_meant(name).is_absolute()
    if folder is None or not is_relative:
        return name
    return Path(os.path.relpath(name, folder)).as_posix()


def _from(folder: str | Path | None, address: str) -> str:
    """Return the address of a DuckDB file as it is seen from a folder; others as they are."""
    scheme, _, place = address.partition("://")
    if folder is None or scheme.lower() != "duckdb" or Path(place).is_absolute():
        return address
    return f"{scheme}://{Path(os.path.relpath(place, folder)).as_posix()}"


def _study(
    placement: Placement,
    decisions: Sequence[Decision],
    title: str,
    shares: Mapping[str, Sequence[Shares]],
) -> Study:
    customers = placement.customers
    names = _event_names(placement.events)
    return Study(
        forwhom=1,
        title=title,
        customers=None if customers is None else _customer_table(customers),
        tables=[_customer_table(view) for view in placement.tables],
        events=[
            _events(*one, placement.of_customers)
            for one in zip(placement.events, names, strict=True)
        ],
        variables={one.column: one.said for one in decisions if one.said is not None},
        wholes=dict(_wholes(decisions, shares)),
    )


def _customer_table(view: View) -> CustomerTable:
    never = {name: list(codes) for name, codes in view.never.items()}
    left_out, sets = dict(view.left_out), list(view.sets)
    return CustomerTable(table=view.name, id=view.id, leave_out=left_out, never=never, sets=sets)


def _wholes(
    decisions: Sequence[Decision], shares: Mapping[str, Sequence[Shares]]
) -> Iterator[tuple[str, Whole]]:
    """Yield the wholes whose parts are active and whose number of items takes part."""
    used = {(one.view.name, one.column): one.said.use for one in decisions if one.said is not None}
    names: set[str] = set()
    for view, found in shares.items():
        for one in found:
            active = all(used.get((view, part)) == "active" for part in one.parts)
            if active and one.items and used.get((view, one.items)) in ("active", "descriptor"):
                names.add(name := name_of(one.parts, names))
                yield name, Whole(parts=list(one.parts), items=one.items)


def _event_names(events: Sequence[EventsView]) -> list[str]:
    """Name events tables when there are several, because their features need a prefix."""
    if len(events) < 2:
        return [""] * len(events)
    names: list[str] = []
    for one in events:
        stem = re.sub(r"\W+", "_", Path(one.view.name.split("?")[0]).stem).strip("_") or "events"
        names.append(stem if stem not in names else f"{stem}_{len(names) + 1}")
    return names


def _events(events: EventsView, name: str, customers: Sequence[View]) -> Events:
    said = dict(events.columns)
    named = {said[key] for key in COLUMNS_OF_EVENTS if key in said}
    named |= {*said.get("leave_out", ()), *said.get("returned", ())}
    taken = named | {on for _, on in events.lookups}
    own = {c.name.casefold() for c in events.view.profile.columns}
    columns = list(events.view.profile.columns)
    for lookup, _ in events.lookups:
        # A name that both tables have would be another one after the join.
        columns += [c for c in lookup.profile.columns if c.name.casefold() not in own]
    category = said.pop("category", None) or category_columns(columns, taken)
    currencies = _currencies(events, customers)
    amounts, unit = _amounts(events), None
    if amounts and currencies is None:
        unit = only_currency(events.view.table, events.view.profile, amounts)
    used = {*named, *category, *([] if currencies is None else [currencies.column])}
    lines = events.view.lines
    return Events(
        table=events.view.name,
        name=name,
        category=category,
        lookups=[Lookup(table=lookup.name, on=on) for lookup, on in events.lookups],
        currencies=currencies,
        currency=unit,
        fill=[] if lines is None else [column for column in lines.once if column in used],
        **said,
    )


def _amounts(events: EventsView) -> list[str]:
    said = events.columns
    return [said[key] for key in ("amount", "price", "order_amount") if key in said]


def _currencies(events: EventsView, customers: Sequence[View]) -> Currencies | None:
    """Name the column of several currencies; only a person knows the rates."""
    amounts = _amounts(events)
    if not amounts:
        return None
    beside = [Beside(view.table, view.profile, on, on) for view, on in events.lookups]
    own = events.columns["customer"]
    beside += [Beside(view.table, view.profile, own, view.id) for view in customers if view.id]
    found = currency_nearby(events.view.table, events.view.profile, beside, amounts)
    return None if found is None else Currencies(column=found)


def _decisions(placement: Placement, shares: Mapping[str, Sequence[Shares]]) -> Iterator[Decision]:
    """Decide what each column of the customers is for, each name once and one column of weights."""
    owners: dict[str, str] = {}
    weight = None
    for view in placement.of_customers:
        for column in with_exclusions(view.table, view.profile):
            if column.name == view.id:
                continue
            if column.name in owners:
                owner = owners[column.name]
                why = f"{column.name} of {view.short} is not used: {owner} has it too."
                yield Decision(view, column.name, None, why)
                continue
            owners[column.name] = view.short
            said, why = _said(column), column.why
            if (known := view.variables.get(column.name)) is not None:
                told_so = known.model_dump(exclude_none=True, by_alias=False)
                said = said.model_copy(update=told_so)
                why = f"As the layout {view.layout and view.layout.name} says."
            if (asked := view.questions.get(column.name)) is not None:
                said = _as_asked(said, asked)
                why = " ".join(filter(None, [why, view.reasons.get(column.name, "")]))
            uncounted = [s for s in shares[view.name] if column.name in s.parts and not s.items]
            if uncounted and said.use == "active":
                said = said.model_copy(update={"use": "descriptor"})
                why = f"It describes segments but does not form them: {uncounted[0].why}."
            if any(column.name == one.items for one in shares[view.name]):
                said = said.model_copy(update={"measure": "count", "levels": None})
            if said.use == "weight":
                if weight is not None:
                    said = StudyVariable(use="ignore")
                    why = f"It looks like weights too, but {weight!r} is used."
                weight = weight or column.name
            yield Decision(view, column.name, said, why)


def _as_asked(said: StudyVariable, asked: StudyVariable) -> StudyVariable:
    """Add what is known of the question of a column; free text stays what it is."""
    told = asked.model_dump(exclude_none=True, by_alias=False)
    if said.use not in ("active", "descriptor", "protected"):
        told = {key: value for key, value in told.items() if key == "asked"}
    elif said.use != "active":
        told.pop("use", None)
    return said.model_copy(update=told)


def _without_repeats(
    decisions: Sequence[Decision], shares: Mapping[str, Sequence[Shares]]
) -> Iterator[Decision]:
    """Let totals and copies describe what their parts and originals form."""
    views = {one.view.name: one.view for one in decisions}
    whys: dict[tuple[str, str], str] = {}
    for view in views.values():
        parts = {part for one in shares[view.name] for part in one.parts}
        measures = {
            one.column: one.said.measure
            for one in decisions
            if one.view.name == view.name and one.said is not None and one.said.use == "active"
            if one.said.measure is not None and one.column not in parts
        }
        whys |= {(view.name, name): why for name, why in _repeats(view, measures).items()}
    for one in decisions:
        why = whys.get((one.view.name, one.column))
        if why is not None and one.said is not None:
            said = one.said.model_copy(update={"use": "descriptor"})
            yield Decision(one.view, one.column, said, why)
        else:
            yield one


def _repeats(view: View, measures: Mapping[str, Measure]) -> dict[str, str]:
    """Return which variables say nothing of their own, and why."""
    if len(measures) < 2:
        return {}
    codes = {c.name: c.missing_codes for c in view.profile.columns}
    _, found = collect_columns(nulled(view.table, codes), measures)
    columns = list(found.values())
    whys = {
        name: f"It says nearly the same as {other} (rank correlation {together:.2f}), so it "
        "describes segments but does not form them."
        for name, (other, together) in near_duplicates(columns).items()
    }
    determined = following_levels(columns, ())
    whys |= {one.name: _told(one) for one in determined}
    rest = [column for column in columns if column.name not in whys]
    return whys | {one.name: _told(one) for one in determined_numbers(rest, ())}


def _told(one: Determined) -> str:
    return f"{opened(one.said)}, so it describes segments but does not form them."


def _said(column: VariableProfile) -> StudyVariable:
    if column.use not in ("active", "descriptor", "protected"):
        # Only the customer's own id has the use of an id.
        return StudyVariable(use="ignore" if column.use == "id" else column.use)
    audited = column.use == "protected"
    return StudyVariable(
        label=None if column.label == label_of(column.name) else column.label,
        basis=column.basis,
        measure=column.measure,
        use=column.use,
        role=None if audited else column.role,
        criterion=None if audited else column.criterion,
        missing=[int(code) for code in column.missing_codes] or None,
        levels=_told_levels(column) if column.measure == "ordinal" else None,
    )


def _told_levels(column: VariableProfile) -> list[str] | None:
    """Return levels in order, without those of few: they would tell that somebody has them.

    Steps of a scale stay: they are what was offered. Between two years, so do all others.
    """
    if is_answer_scale(column.levels):
        return list(column.levels) or None
    often = [at for at, level in enumerate(column.levels) if level not in column.rare]
    if len(often) < 2:
        return None
    levels = list(column.levels[often[0] : often[-1] + 1])
    years = all(re.fullmatch(r"-?\d+", level) for level in levels)
    return levels if years else [column.levels[at] for at in often]


def _undecided(placement: Placement) -> Iterator[str]:
    """Yield what a person has to decide, before all else."""
    if placement.undecided:
        yield f"{placement.undecided}. {placement.way_out}"


def _notes(placement: Placement, study: Study, decisions: Sequence[Decision]) -> Iterator[str]:
    for name, why in placement.unplaced:
        yield f"{name}: not placed, because {why}."
    for view in placement.of_customers:
        if view is placement.customers and view.id is None:
            yield f"{view.short}: {EVERY_ROW}"
        elif placement.customers is None:
            yield f"{view.short}: {placement.coverage(view)}."
        for mistake in view.id_mistakes():
            yield f"{view.short}: {mistake}; mend this before it is used."
    for events, spec in zip(placement.events, study.events, strict=True):
        profile = events.view.profile
        if events.view.others:
            could = listed(events.view.others, last="or")
            who = f"{events.view.short}: {spec.customer} says who the customer is"
            yield f"{who}; it could be {could}, too."
        yield from (f"{events.view.short}: {one}" for one in events.remarks)
        if profile[spec.customer].personal == "names of people":
            yield (
                f"{events.view.short}: customers are told apart by {spec.customer}; two with "
                "one name are one."
            )
        if not money_columns(spec) and (may_be := _maybe_money(events, spec)):
            could = f"it may be {listed(may_be, last='or')}"
            said = "no column says what money a row is"
            yield f"{events.view.short}: {said}; {could}. Name it as 'amount' if there is any."
        elif not money_columns(spec) and events.view.layout is None:
            yield f"{events.view.short}: no column holds money; what counts is how often, and when."
        missing = profile.rows - profile[spec.customer].n
        if missing:
            rows = count(missing, "row has", "rows have")
            yield f"{events.view.short}: {rows} {_nobody(events, spec)}; not used."
        for table, columns in events.unused(spec):
            yield f"{table}: not used: {columns}."
    yield from _left_out(decisions)


def _nobody(events: EventsView, spec: Events) -> str:
    """Say what rows lack that have no customer: in lines of orders, it may be their order."""
    for lookup, on in events.lookups:
        own = [c for c in lookup.profile.columns if c.name == spec.customer]
        if own and own[0].n == lookup.profile.rows:
            return f"no row in {lookup.short} with their {on}"
    return f"no {spec.customer}"


def _maybe_money(events: EventsView, spec: Events) -> list[str]:
    """Return numbers with decimals that are used for nothing: one of them may be the money."""
    used = {getattr(spec, key) for key in COLUMNS_OF_EVENTS}
    return [
        c.name
        for c in events.view.profile.columns
        if c.type == "number" and c.measure in ("positive", "continuous") and c.name not in used
    ]


def _left_out(decisions: Sequence[Decision]) -> Iterator[str]:
    """Say which columns take no part, together with others that have the same reason."""
    out: dict[tuple[str, str], list[str]] = {}
    for one in decisions:
        if one.said is None:
            yield one.why
        elif one.said.use in ("ignore", "text"):
            out.setdefault((one.view.short, one.why), []).append(one.column)
    for (table, why), names in out.items():
        named = listed(names, most=_MOST_NAMED)
        yield f"{table}: {named} {'takes' if len(names) == 1 else 'take'} no part. {why}"
