"""From tables to one table of customers: the features that `discover` would make of events."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from forwhom.customers.inputs import read_inputs
from forwhom.customers.joining import positions
from forwhom.customers.members import write_members
from forwhom.customers.opening import Part, Tables, open_parts
from forwhom.customers.preparation import gather
from forwhom.customers.roles import Roles, decide
from forwhom.customers.wholes import wholes_of
from forwhom.documents.segmentation import Variable
from forwhom.documents.study import Study
from forwhom.errors import DataError
from forwhom.features import Feature
from forwhom.progress import Progress, share, silent
from forwhom.tables import collect, held


@dataclass(frozen=True)
class FeaturesTable:
    """Customers with the features of their events, one row each.

    Parameters
    ----------
    table
        The id as it stands in the data, the features of events, and what tables of customers say;
        ascending by id. The fields of features carry their labels and definitions.
    dictionary
        What each feature means, in the order of the columns.
    uses
        What each feature would be for in ``discover``, by name; ``"ignore"`` where the study says.
    notes
        What was found in the tables and done about it, and what weakens the features.
    """

    table: pa.Table
    dictionary: list[Feature]
    uses: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def save(self, path: str | Path, *, overwrite: bool = False, keep_ids: bool = False) -> Path:
        """Write the table as ``.parquet``, ``.csv``, ``.xlsx`` or ``.sav``, whole or not at all.

        Parameters
        ----------
        path
            The file; its suffix says the form. Parquet keeps the labels of the columns.
        overwrite
            Whether a file that stands there may be replaced.
        keep_ids
            Whether ids that tell who somebody is are written as they are; else as hashes, and other
            columns of names and addresses not at all.

        Raises
        ------
        OutputError
            The file cannot be written, or stands there already.
        OptionError
            The suffix is none of ``.parquet``, ``.csv``, ``.xlsx`` and ``.sav``.
        """
        return write_members(self.table, path, overwrite=overwrite, keep_ids=keep_ids)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(f.name)}</td><td>{html.escape(f.label)}</td>"
            f"<td>{html.escape(f.definition)}</td></tr>"
            for f in self.dictionary
        )
        heads = "".join(f"<th>{h}</th>" for h in ("Feature", "What it is", "How it is computed"))
        return (
            f"<p>{self.table.num_rows:,} customers</p><table><thead><tr>{heads}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def features_table(
    data: object,
    study: Study | str | Path | None = None,
    *,
    cutoff: date | datetime | None = None,
    layout: str | Path | None = None,
    progress: Progress | None = None,
    allow_connections: bool = False,
) -> FeaturesTable:
    """Turn purchases, visits or tickets into one row per customer, as ``discover`` does.

    Parameters
    ----------
    data
        A study or its path; or a table, a frame or a path; or several of them, in a sequence or
        by name. Without a study, one is drafted in memory.
    study
        The study, where ``data`` are tables.
    cutoff
        Use only events before this moment; left out: as the study says, or all.
    layout
        The layout of an export: a name, a file of your own, or "none"; left out: recognized.
    progress
        Called with what is being done and the fraction done.
    allow_connections
        Whether databases on servers that the study names may be opened.

    Returns
    -------
    FeaturesTable
        The table, the meaning of its features, and notes.

    Raises
    ------
    DataError
        There are no events, or they cannot be turned into features.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datetime import date
    >>> from forwhom.documents.study import Events, Study
    >>> sales = pa.table({
    ...     "who": [7, 7, 9],
    ...     "day": [date(2024, 1, 1), date(2024, 1, 29), date(2024, 1, 31)],
    ...     "paid": [10.0, 20.0, 5.0],
    ... })
    >>> events = Events(table="sales", customer="who", time="day", amount="paid")
    >>> made = features_table(sales, Study(forwhom=1, events=[events]))
    >>> made.table.select(["who", "recency", "frequency", "monetary_value"]).to_pylist()[0]
    {'who': 7, 'recency': 3.0, 'frequency': 2, 'monetary_value': 30.0}
    """
    say = progress or silent
    inputs = read_inputs(
        data, study, share(say, 0.0, 0.3), layout=layout, connections=allow_connections
    )
    if not inputs.study.events:
        raise DataError(
            "these tables have no events: nothing says who bought, came or asked when.",
            "Features are made of a table with many rows per customer and a time; one with a row "
            "per customer goes to 'forwhom discover' as it is.",
        )
    parts = open_parts(inputs.study, inputs.tables, cutoff, share(say, 0.3, 0.6))
    say("computing the features", 0.6)
    parts = [replace(part, table=held(part.table)) for part in parts]
    gathered = gather(parts, [Roles() for _ in parts])
    owners = _owners(parts)
    table = _side_by_side(gathered.ids, gathered.id_name or parts[0].id or "row", owners)
    dictionary = [
        feature
        for part, names in owners
        if part.features is not None
        for feature in part.features.dictionary
        if feature.name in names
    ]
    say("done", 1.0)
    return FeaturesTable(
        table,
        dictionary,
        _uses(inputs.study, inputs.tables, parts),
        list(dict.fromkeys([*inputs.notes, *gathered.notes, *gathered.warnings])),
    )


def _owners(parts: Sequence[Part]) -> list[tuple[Part, list[str]]]:
    """Return parts with the columns that are read from them, features first.

    As in a segmentation, what an earlier part has is not read again.
    """
    seen: set[str] = set()
    owners = []
    for part in parts:
        names = [name for name in part.table.columns if name != part.id and name not in seen]
        seen |= set(names)
        owners.append((part, names))
    return sorted(owners, key=lambda owner: owner[0].features is None)


def _side_by_side(
    ids: pa.Array, name: str, owners: Sequence[tuple[Part, list[str]]]
) -> pa.Table:  # fmt: skip
    """Put the columns of all parts beside the ids."""
    columns = [pa.chunked_array([ids])]
    fields = [pa.field(name, ids.type)]
    for part, names in owners:
        rows = collect(part.table)
        found = (
            range(len(ids)) if part.id is None else positions(ids, rows[part.id].combine_chunks())
        )
        at = pa.array([i if i >= 0 else None for i in found], pa.int64())
        for column in names:
            columns.append(rows[column].take(at))
            told = _labels(part, column) or None
            fields.append(pa.field(column, rows[column].type, metadata=told))
    return pa.table(columns, schema=pa.schema(fields))


def _labels(part: Part, column: str) -> dict[str, str]:
    """Return what the field of a column says of it, so that whoever reads the file knows."""
    found = part.features.dictionary if part.features is not None else []
    feature = next((one for one in found if one.name == column), None)
    if feature is not None:
        return {"label": feature.label, "description": feature.definition}
    label = part.table.labels.get(column, "")
    return {"label": label} if label else {}


def _uses(study: Study, tables: Tables, parts: Sequence[Part]) -> dict[str, str]:
    wholes = wholes_of(study, parts, tables)
    uses: dict[str, str] = {}
    for part in parts:
        if part.features is not None:
            decided: list[Variable] = decide(study, part.features.dictionary, wholes).variables
            uses |= {f.name: "ignore" for f in part.features.dictionary}
            uses |= {v.name: v.use for v in decided}
    return uses
