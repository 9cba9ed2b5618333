"""Draft a study from tables: what each is, how they join, what every column means, and why."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from forwhom.customers.draftlines import VariableLines, comment, events_lines, table_line
from forwhom.customers.placement import EventsView, Placement, View, place
from forwhom.documents import parse_study
from forwhom.documents.study import Study
from forwhom.errors import OptionError
from forwhom.progress import Progress, silent
from forwhom.tables import open_table, profile_table
from forwhom.tables.engine import without_password
from forwhom.wording import count, opened


@dataclass(frozen=True)
class Draft:
    """A drafted study.

    Parameters
    ----------
    text
        YAML with a comment for every decision.
    study
        The same, parsed.
    notes
        What could not be placed, and what a person should look at, in sentences.
    given
        The tables by the name that the study has for them.
    """

    text: str
    study: Study
    notes: tuple[str, ...]
    given: Mapping[str, object]

    def __str__(self) -> str:
        """Return the YAML text."""
        return self.text


def draft_study(
    sources: object,
    *,
    title: str = "",
    folder: str | Path | None = None,
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
    progress
        Told what is being read, and the fraction done.

    Returns
    -------
    Draft
        Text, parsed study and notes. Every table and every column is in the text: in its place,
        or in a comment that says why it has none. Passwords of database addresses are left out.

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
    named = _named(sources)
    progress = progress or silent
    views, given = [], {}
    for index, (name, source) in enumerate(named.items()):
        progress(f"reading {without_password(name)}", index / len(named))
        reference = _reference(name, source, folder)
        given[reference] = source
        table = replace(open_table(source, name=reference), name=reference)
        views.append(View(table, profile_table(table)))
    if len(given) < len(named):
        raise OptionError("a table was given twice.", "Give every table once.")
    placement = place(views)
    notes: list[str] = []
    lines = _draft(placement, views, title, notes)
    progress("drafted", 1.0)
    text = "\n".join(lines) + "\n"
    place_ = None if folder is None else Path(folder) / "study.yaml"
    return Draft(text, parse_study(text, place_), tuple(notes), given)


def _named(sources: object) -> dict[str, object]:
    if isinstance(sources, Mapping):
        named = {str(name): source for name, source in sources.items()}
    else:
        several = list(sources) if isinstance(sources, list | tuple) else [sources]
        pairs = [(_name(s, i, len(several)), s) for i, s in enumerate(several, 1)]
        named = dict(pairs)
        if len(named) < len(pairs):
            raise OptionError("a table was given twice.", "Give every table once.")
    if not named or any(source is None for source in named.values()):
        raise OptionError("no table was given.", "Give a path, a data frame, or several of them.")
    return named


def _name(source: object, position: int, of: int) -> str:
    if isinstance(source, str | Path):
        return str(source)
    return "data" if of == 1 else f"data {position}"


def _reference(name: str, source: object, folder: str | Path | None) -> str:
    """Return what the study calls a table."""
    if "://" in name:
        # A study is shared and published; a password is not.
        return re.sub(r"(://[^:/@\s]+):[^@\s]*@", r"\1@", name)
    is_relative = isinstance(source, str | Path) and not Path(name).expanduser().is_absolute()
    if folder is None or not is_relative:
        return name
    return Path(os.path.relpath(name, folder)).as_posix()


def _draft(placement: Placement, views: Sequence[View], title: str, notes: list[str]) -> list[str]:
    lines = [*_HEAD, "forwhom: 1"]
    if title:
        lines += table_line("title", title)
    notes += [f"{name}: not placed, because {why}." for name, why in placement.unplaced]
    lines += comment("Not placed:", [f"{name}: {why}" for name, why in placement.unplaced])
    lines += _customers(placement, notes)
    if placement.events:
        lines += ["", "events:"]
    names = _event_names(placement.events)
    for events, name in zip(placement.events, names, strict=True):
        lines += events_lines(events, name, notes)
    lines += _variables(placement, notes)
    notes += [note for view in views for note in view.table.notes]
    return lines


_HEAD = (
    "# A draft, made from the data. Read it, correct it, then run: forwhom discover study.yaml",
    "# What a line leaves out is inferred. 'use' decides most: active variables form the segments,",
    "# descriptors describe them, protected ones are only audited, the others take no part.",
)


def _customers(placement: Placement, notes: list[str]) -> list[str]:
    lines: list[str] = []
    if placement.customers is not None:
        view = placement.customers
        lines += ["", f"# One row per customer: {_rows(view)}."]
        if view.id is None:
            said = "No column says who the customer is, so every row counts as one."
            lines.append(f"# {said}")
            notes.append(f"{view.short}: {said}")
        lines += _id_mistakes(view, notes)
        lines += table_line("customers", {"table": view.name} | _id(view))
    if placement.tables:
        lines += ["", "# More about the same customers, joined by their id."]
        lines.append("tables:")
    for view in placement.tables:
        both, everyone = placement.known[view.name]
        said = f"{both:,} of {everyone:,} customers are in it"
        if placement.customers is None:
            said += "; under 'customers' instead, only those would take part"
            notes.append(f"{view.short}: {said}.")
        lines += [f"  # {opened(said)}.", *_id_mistakes(view, notes, indent="  ")]
        lines += table_line("-", {"table": view.name} | _id(view), indent="  ")
    return lines


def _rows(view: View) -> str:
    return count(view.profile.rows, "row")


def _id(view: View) -> dict[str, str]:
    return {} if view.id is None else {"id": view.id}


def _id_mistakes(view: View, notes: list[str], indent: str = "") -> list[str]:
    """Say what must be mended in the data before the ids can be used."""
    if view.id is None:
        return []
    column = view.profile[view.id]
    said = []
    if column.n < view.profile.rows:
        rows = count(view.profile.rows - column.n, "row has", "rows have")
        said.append(f"{rows} no {view.id}")
    if column.distinct < column.n:
        rows = count(column.n - column.distinct, "row repeats", "rows repeat")
        said.append(f"{rows} the {view.id} of another row")
    notes += [f"{view.short}: {one}; mend this before it is used." for one in said]
    return [f"{indent}# Mend this first: {one}." for one in said]


def _event_names(events: Sequence[EventsView]) -> list[str]:
    """Name events tables when there are several, because their features need a prefix."""
    if len(events) < 2:
        return [""] * len(events)
    names: list[str] = []
    for one in events:
        stem = re.sub(r"\W+", "_", Path(one.view.name.split("?")[0]).stem).strip("_") or "events"
        names.append(stem if stem not in names else f"{stem}_{len(names) + 1}")
    return names


def _variables(placement: Placement, notes: list[str]) -> list[str]:
    views = [*([placement.customers] if placement.customers else []), *placement.tables]
    lines = VariableLines(notes)
    for view in views:
        if len(views) > 1:
            lines.heading(view.short)
        for column in view.profile.columns:
            if column.name != view.id:
                lines.add(column, view.short)
    features = ["", *_FEATURES] if placement.events else []
    return [*features, *(["", "variables:", *lines.lines] if lines.lines else [])]


_FEATURES = (
    "# Each events table becomes variables (how recently, how often, how much, which categories,",
    "# ...) that need no line here. A line changes one, such as:",
    "#   recency: {use: descriptor}",
)
