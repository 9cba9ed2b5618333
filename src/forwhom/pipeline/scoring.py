"""Place new customers into the segments of an earlier run."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from forwhom.customers.inputs import named_tables
from forwhom.customers.members import members_table, write_members
from forwhom.customers.opening import Part, Tables, open_parts
from forwhom.customers.preparation import gather
from forwhom.customers.roles import Roles
from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.models import KMeansModel, MixtureModel, RFMModel, RulesModel
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.study import CustomerTable, Events, Study
from forwhom.errors import DataError, nearest
from forwhom.mixture.scoring import Scores, unusable_values
from forwhom.mixture.scoring import score as score_columns
from forwhom.progress import Progress, silent
from forwhom.tables import Table
from forwhom.tables.columns import Column, unseen_notes
from forwhom.wording import count


@dataclass(frozen=True)
class Scored:
    """New customers in the segments of an earlier run.

    Parameters
    ----------
    table
        One row per customer: the id, ``segment`` (0: none of these), ``p1`` to ``pK``,
        ``certainty`` (the probability of the segment; 0 for none of these), and ``fit``: how like
        a member of the segment, in standard deviations.
    notes
        What was missing, unknown or unusual in the new data.
    segmentation
        The segments.
    """

    table: pa.Table
    notes: list[str]
    segmentation: Segmentation

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the table as ``.parquet`` or ``.csv``, whole or not at all."""
        return write_members(self.table, path, overwrite=overwrite)

    def counts(self) -> dict[int, int]:
        """Return how many customers are in each segment; 0 is none of these."""
        segment = self.table["segment"].to_numpy()
        k = len(self.segmentation.segments)
        return {i: int(n) for i, n in enumerate(np.bincount(segment, minlength=k + 1))}

    def _repr_html_(self) -> str:
        names = {s.id: s.name for s in self.segmentation.segments} | {0: "None of these"}
        rows = "".join(
            f"<tr><td>{i}</td><td>{html.escape(names[i])}</td><td>{n:,}</td></tr>"
            for i, n in self.counts().items()
            if i or n
        )
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return (
            "<table><thead><tr><th></th><th>Segment</th><th>Placed here</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>" + (f"<ul>{notes}</ul>" if notes else "")
        )


def score(
    segmentation: AnySegmentation,
    data: object,
    *,
    cutoff: date | datetime | None = None,
    progress: Progress | None = None,
) -> Scored:
    """Place new customers into the segments of an earlier run.

    Parameters
    ----------
    segmentation
        A Segmentation, its file, or the folder of a run.
    data
        New customers: the tables of the study with other rows (a frame, a path, several of
        them, or by name), or one table with one row per customer. Columns may be missing.
    cutoff
        Use only events before this moment; left out: as the stored study says.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Scored
        Segment and probabilities of each customer, and what was missing or unusual.

    Raises
    ------
    DataError
        The tables have none of the variables that place customers.
    """
    segmentation = segmentation_of(segmentation)
    say = progress or silent
    with ExitStack() as held:
        say("reading the new customers", 0.0)
        parts = _parts(segmentation, named_tables(data), held, cutoff)
        roles = [_wanted(segmentation, part.table) for part in parts]
        if not any(role.variables for role in roles):
            raise _nothing_known(segmentation, parts)
        say("preparing them as the study says", 0.2)
        gathered = gather(parts, roles)
    say("placing them", 0.8)
    scores = _scores(segmentation, gathered.columns, len(gathered.ids))
    table = members_table(gathered.ids, gathered.id_name, scores.segment, scores.probabilities)
    table = table.append_column("fit", pa.array(scores.fit, from_pandas=True))
    notes = [*_id_notes(segmentation, parts), *gathered.notes, *gathered.warnings]
    notes += _notes(segmentation, gathered.columns, scores)
    say("done", 1.0)
    return Scored(table, notes, segmentation)


def _parts(
    segmentation: Segmentation,
    named: Mapping[str, object],
    held: ExitStack,
    cutoff: date | datetime | None,
) -> list[Part]:
    """Find out which table is what, and open them as the stored study says."""
    study = Study.model_validate(segmentation.study) if segmentation.study else None
    tables = Tables(held, given=named)
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
            identity = segmentation.id_column
            identity = identity if identity in table.columns else None
            customers.append(CustomerTable(table=name, id=identity))
    if customers and len(opened) - len(given) > 1 and any(c.id is None for c in customers):
        raise DataError(
            f"a table has no customer id {segmentation.id_column!r}, so it cannot be joined.",
            "Give one table with one row per customer, or tables that share the id.",
        )
    for lookup in (lookup.table for spec in events for lookup in spec.lookups):
        if lookup not in given and "://" not in lookup and not Path(lookup).exists():
            raise DataError(
                f"the study joins {lookup} to the events, and it is not here.",
                "Without it the events say less than they did; give it as well.",
            )
    asked = Study(
        forwhom=1,
        customers=customers[0] if customers else None,
        tables=customers[1:],
        events=events,
    )
    return open_parts(asked, Tables(held, given=given | opened), cutoff)


def _known_columns(segmentation: Segmentation, study: Study | None) -> list[str]:
    """Return the columns that new data may have, spelled as in the earlier run."""
    events = [] if study is None else study.events
    named = [segmentation.id_column, *(v.name for v in segmentation.variables)]
    for spec in events:
        named += [spec.customer, spec.time, spec.amount, spec.quantity, spec.price, spec.order]
        named += [spec.item, spec.channel, *spec.category, *(one.on for one in spec.lookups)]
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
    holding = [e for e in study.events if {e.customer, e.time} <= columns]
    for events in sorted(holding, key=lambda e: Path(e.table).stem != stem):
        return events
    lookups = [lookup for e in study.events for lookup in e.lookups if lookup.on in columns]
    for lookup in sorted(lookups, key=lambda one: Path(one.table).stem != stem):
        if not columns & {e.customer for e in study.events}:
            return lookup.table
    return None


def _wanted(segmentation: Segmentation, table: Table) -> Roles:
    here = set(table.columns)
    return Roles(variables=[v for v in _deciding(segmentation) if v.name in here])


def _deciding(segmentation: Segmentation) -> list[Variable]:
    """Return the variables that place a customer."""
    model = segmentation.model
    if isinstance(model, RulesModel):
        conditions = " ".join(rule.when for rule in model.rules)
        return [v for v in segmentation.variables if v.name in conditions]
    if isinstance(model, KMeansModel):
        names = set(model.variables)
    elif isinstance(model, RFMModel):
        names = {model.recency, model.frequency, model.monetary}
    else:
        names = {v.name for v in segmentation.variables if v.use == "active"}
    return [v for v in segmentation.variables if v.name in names]


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
    needed = ", ".join(v.name for v in _deciding(segmentation)[:8])
    events = Study.model_validate(segmentation.study).events if segmentation.study else []
    columns = [f"{spec.customer!r} and {spec.time!r}" for spec in events]
    return DataError(
        f"{', '.join(part.name for part in parts)}: none of the variables that place a customer "
        f"is there ({needed}).",
        "Give the same tables as for 'forwhom discover' with other rows"
        f"{f' (events with {columns[0]})' if columns else ''}, or one table with these columns.",
    )


def _scores(segmentation: Segmentation, columns: Mapping[str, Column], n: int) -> Scores:
    if not isinstance(segmentation.model, RulesModel):
        return score_columns(segmentation.model, columns)
    # A rule is a condition on columns, which must be there even where nothing is known.
    absent = {v.name: _absent(v, n) for v in segmentation.variables if v.name not in columns}
    return score_columns(segmentation.model, {**absent, **columns})


def _absent(variable: Variable, n: int) -> Column:
    if variable.levels:
        return Column(variable.name, np.full(n, -1, dtype=np.int32), tuple(variable.levels))
    return Column(variable.name, np.full(n, np.nan))


def _notes(
    segmentation: Segmentation, columns: Mapping[str, Column], scores: Scores
) -> list[str]:  # fmt: skip
    """Say what was missing, unknown or unusual."""
    notes = unseen_notes(columns)
    absent = [v.name for v in _deciding(segmentation) if v.name not in columns]
    if absent:
        notes.append(
            f"not in the new data, so taken as missing: {', '.join(absent)}. Customers are placed "
            "by the other variables, with less certainty."
        )
    if isinstance(segmentation.model, MixtureModel):
        for name, rows in unusable_values(segmentation.model, columns).items():
            notes.append(
                f"{name!r}: {count(rows, 'value is', 'values are')} impossible for it, and missing."
            )
    n = len(scores)
    blank = int((~scores.known).sum())
    if blank:
        notes.append(f"{blank:,} of {n:,} customers have no value at all; they get the largest.")
    novel = int((scores.segment == 0).sum())
    if novel:
        notes.append(f"{novel:,} of {n:,} customers are like nobody seen before (segment 0).")
    return notes
