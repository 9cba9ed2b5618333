"""Who was in which segment from when until when, and why: a file that is only added to.

An interval begins on the day of a period and ends on that of the next one in which the customer is
elsewhere. The end of an open interval is filled in once; nothing else that stands there changes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from forwhom.customers.members import encoded
from forwhom.customers.pseudonyms import without_persons
from forwhom.documents import write_bytes_atomically
from forwhom.errors import DataError, SourceError, SourceMissing
from forwhom.suffixes import ends_with, path_asked

#: Why a customer is in a segment from a day on, and why no longer.
ENTERED = ("first period", "new customer", "moved by data", "model refitted", "came back")
LEFT = ("moved by data", "model refitted", "no longer in the data")
#: Under what the file keeps the day and the model of its last period.
_MARK = b"forwhom.history"
_SCHEMA = pa.schema(
    [
        ("segment", pa.int32()),
        ("from", pa.date32()),
        ("until", pa.date32()),
        ("entered", pa.string()),
        ("left", pa.string()),
        ("model", pa.string()),
    ]
)


@dataclass(frozen=True)
class History:
    """Intervals of membership, a row each: id, segment, from, until, entered, left, model."""

    table: pa.Table

    @classmethod
    def begun(cls, members: pa.Table, day: date, model: str) -> History:
        """Begin with the members of a first period."""
        n = members.num_rows
        rows = _rows(members, np.arange(n), day, ["first period"] * n, model)
        return cls(_marked(rows, day, model))

    @property
    def id_name(self) -> str:
        """The name of the id column."""
        return str(self.table.column_names[0])

    @property
    def last(self) -> date:
        """The day of the last period."""
        return date.fromisoformat(self._mark["day"])

    @property
    def model(self) -> str:
        """Lineage of the model of the last period."""
        return self._mark["model"]

    @property
    def _mark(self) -> dict[str, str]:
        return dict(json.loads((self.table.schema.metadata or {})[_MARK]))

    def as_of(self, day: date) -> pa.Table:
        """Return who was where on a day: id, segment and since when.

        Raises
        ------
        DataError
            The history begins later.
        """
        first = pc.min(self.table["from"]).as_py()
        if day < first:
            raise DataError(
                f"the history begins on {first}, after {day}.", f"Ask for a day from {first} on."
            )
        began = pc.less_equal(self.table["from"], pa.scalar(day, pa.date32()))
        ended = pc.fill_null(pc.less_equal(self.table["until"], pa.scalar(day, pa.date32())), False)
        there = self.table.filter(pc.and_(began, pc.invert(ended)))
        return there.select([self.id_name, "segment", "from", "model"])

    def counts(self, day: date) -> dict[int, int]:
        """Return how many customers were in each segment on a day."""
        segments, n = np.unique(self.as_of(day)["segment"].to_numpy(), return_counts=True)
        return dict(zip(segments.tolist(), n.tolist(), strict=True))

    def then(self, members: pa.Table, day: date, model: str, like: str = "") -> History:
        """Return the history with the members of a later period.

        ``like`` is the lineage of the model that this one follows, whose numbers it keeps.

        Raises
        ------
        DataError
            The period is not later, or the history is of another model.
        """
        if day <= self.last:
            raise DataError(
                f"the history goes until {self.last} already, and {day} is not later.",
                "A history is only added to: give a later period (--day), or another file.",
            )
        if self.model not in (model, like):
            raise DataError(
                "the history is of another model than these segments.",
                "Continue it with the model that it is of, or with one that was found --like it; "
                "or begin another file.",
            )
        members = members.cast(_with_id(members, self.table.schema.field(0).type))
        open_ = pc.is_null(self.table["until"])
        at = pc.index_in(members.column(0), self.table.filter(open_).column(0).combine_chunks())
        where = np.flatnonzero(open_.to_numpy(zero_copy_only=False))
        found = at.to_numpy(zero_copy_only=False).astype(float)
        before = np.where(np.isnan(found), -1, where[np.nan_to_num(found).astype(np.int64)])
        return self._joined(members, before.astype(np.int64), where, day, model)

    def _joined(
        self, members: pa.Table, before: np.ndarray, where: np.ndarray, day: date, model: str
    ) -> History:
        """Close the intervals of those who are elsewhere, and begin those of now."""
        why = "moved by data" if self.model == model else "model refitted"
        own = self.table["segment"].to_numpy()
        now = members["segment"].to_numpy()
        known = before >= 0
        moved = known & ((own[np.maximum(before, 0)] != now) | (self.model != model))
        gone = np.setdiff1d(where, before[known])
        until = self.table["until"].to_pylist()
        left = self.table["left"].to_pylist()
        for row in before[moved].tolist():
            until[row], left[row] = day, why
        for row in gone.tolist():
            until[row], left[row] = day, "no longer in the data"
        ever = pc.is_in(members.column(0), self.table.column(0).combine_chunks())
        back = ever.to_numpy(zero_copy_only=False) & ~known
        begun = np.flatnonzero(moved | ~known)
        entered = [
            why if moved[row] else "came back" if back[row] else "new customer"
            for row in begun.tolist()
        ]
        closed = self.table.set_column(
            self.table.column_names.index("until"), "until", pa.array(until, pa.date32())
        )
        closed = closed.set_column(
            closed.column_names.index("left"), "left", pa.array(left, pa.string())
        )
        added = _rows(members, begun, day, entered, model).rename_columns(closed.column_names)
        return History(_marked(pa.concat_tables([closed, added]).combine_chunks(), day, model))

    def save(self, path: str | Path, *, keep_ids: bool = False, overwrite: bool = True) -> Path:
        """Write the history as Parquet, whole or not at all; ids that tell who somebody is hashed.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        place = Path(path)
        content = encoded(self.table, place, keep_ids=keep_ids)
        return write_bytes_atomically(place, content, overwrite=overwrite)


def _rows(
    members: pa.Table, rows: np.ndarray, day: date, entered: list[str], model: str
) -> pa.Table:
    some = members.take(pa.array(rows))
    n = some.num_rows
    return pa.table(
        {
            str(members.column_names[0]): some.column(0),
            "segment": some["segment"].cast(pa.int32()),
            "from": pa.array([day] * n, pa.date32()),
            "until": pa.nulls(n, pa.date32()),
            "entered": pa.array(entered, pa.string()),
            "left": pa.nulls(n, pa.string()),
            "model": pa.array([model] * n, pa.string()),
        }
    )


def _marked(table: pa.Table, day: date, model: str) -> pa.Table:
    """Return the table with the day and the model of its last period, in which nobody may move."""
    mark = json.dumps({"day": day.isoformat(), "model": model}).encode()
    return table.replace_schema_metadata({_MARK: mark})


def _with_id(members: pa.Table, type_: pa.DataType) -> pa.Schema:
    schema = members.schema
    return schema.set(0, pa.field(schema.field(0).name, type_))


def written_ids(members: pa.Table, *, keep_ids: bool) -> pa.Table:
    """Return members with the ids that a file of theirs holds."""
    return members if keep_ids else without_persons(members)


def read_history(path: str | Path) -> History:
    """Read a history.

    Parameters
    ----------
    path
        A file that ``forwhom refresh --history`` wrote.

    Returns
    -------
    History
        Its intervals; ``as_of(day)`` says who was where.

    Raises
    ------
    SourceMissing
        There is no such file.
    SourceError, DataError
        It is no history.
    """
    file = path_asked(path)
    if not file.exists():
        raise SourceMissing(f"there is no {file}.", "'forwhom refresh --history' writes it.")
    if not ends_with(file, ("parquet",)):
        raise SourceError(f"{file} is no Parquet file.", "A history is one.")
    try:
        table = pyarrow.parquet.read_table(file)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(
            f"{file} cannot be read as a history.", "Is it whole? Bring back the file as it was."
        ) from error
    marked = _MARK in (table.schema.metadata or {})
    if table.num_rows == 0 or table.column_names[1:] != _SCHEMA.names or not marked:
        raise DataError(
            f"{file} is no history of memberships.",
            f"Expected the columns id, {', '.join(_SCHEMA.names)}, as 'forwhom refresh' writes "
            "them.",
        )
    wrong = [f.name for f in _SCHEMA if table.schema.field(f.name).type != f.type]
    if wrong:
        raise DataError(
            f"{file}: the column {wrong[0]!r} is not what a history holds.",
            "Bring back the file as it was.",
        )
    return History(table.combine_chunks())
