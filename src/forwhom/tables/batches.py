"""A table of DuckDB, some rows at a time: ids and columns, as they are read whole elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.documents.base import Measure, has_levels
from forwhom.errors import DataError
from forwhom.tables.collecting import MOST_LEVELS, columns_of
from forwhom.tables.columns import Column
from forwhom.tables.engine import literal, quoted, reading
from forwhom.tables.frames import Table, check_column, kinds

#: Rows of a batch.
ROWS = 1 << 17
#: A column of text with no more spellings than this is read as codes into a list of them.
_MOST_SPELLINGS = 4 * MOST_LEVELS
#: Rows that tell whether there are few.
_FIRST = 1_000_000
_HASH = "forwhom_hash"


@dataclass(frozen=True)
class Batch:
    """The next customers of a table."""

    ids: pa.Array  # their numbers, from 1 on, where the table has no id
    hashes: NDArray[np.uint64]  # of the ids
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.ids)


def batches_of(
    table: Table,
    wanted: Mapping[str, Measure],
    *,
    id_column: str | None = None,
    levels: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Batch]:
    """Yield the rows of a table in its own order; DataError where a row has no id.

    Columns are those of :func:`forwhom.tables.collect_columns`.
    """
    needed = list(dict.fromkeys([*([id_column] if id_column else []), *wanted]))
    for name in needed:
        check_column(table, name)
    known = dict(table.levels) | dict(levels or {})
    with reading(table.name, "Open the file again, or export it anew if it is damaged."):
        reader = _coded(table, needed, wanted, id_column).to_arrow_reader(ROWS)
        first = 1
        for batch in reader:
            rows = pa.Table.from_batches([batch])
            yield Batch(
                _ids(rows, id_column, first, table.name),
                rows[_HASH].to_numpy() if id_column else np.empty(0, np.uint64),
                columns_of(rows, wanted, known, table.name, first=first),
            )
            first += len(rows)


def _ids(rows: pa.Table, name: str | None, first: int, table: str) -> pa.Array:
    if name is None:
        return pa.array(np.arange(first, first + len(rows)))
    ids = rows[name].combine_chunks()
    if ids.null_count:
        raise DataError(
            f"{table}: there are rows without {name!r}, {ids.null_count} of them among rows "
            f"{first:,} to {first + len(rows) - 1:,}.",
            "Every customer needs an id; fill them in, or remove these rows.",
        )
    return ids


def _coded(
    table: Table, needed: Sequence[str], wanted: Mapping[str, Measure], id_column: str | None
) -> Any:
    """Return the columns as a relation in which text with few spellings is codes.

    Written out and read again one by one, twenty answers of a hundred million customers would take
    minutes.
    """
    rows: Any = table.frame.to_native()
    types = kinds(table)
    texts = [
        name
        for name in needed
        if name != id_column and types[name] == "text" and has_levels(wanted[name])
    ]
    spelled = _spellings(rows, texts)
    selected = [_written(name, spelled) for name in needed]
    if id_column is not None and _is_whole(table, id_column):
        selected[0] = f"{quoted(id_column)}::BIGINT AS {quoted(id_column)}"
    if id_column is not None:
        selected.append(f"hash({quoted(id_column)}) AS {_HASH}")
    return rows.project(", ".join(selected))


def _is_whole(table: Table, key: str) -> bool:
    """Whether the ids are floats without a fraction: 17850.0 is customer 17850."""
    if not table.frame.collect_schema()[key].is_float():
        return False
    rows: Any = table.frame.to_native()
    name = quoted(key)
    (row,) = rows.aggregate(
        f"bool_and({name} = floor({name}) AND abs({name}) < 2.0**53)"
    ).fetchall()
    return bool(row[0])


def _written(name: str, spelled: Mapping[str, Sequence[str]]) -> str:
    if not spelled.get(name):
        return quoted(name)
    codes = ", ".join(map(literal, spelled[name]))
    return f"TRY_CAST({quoted(name)} AS ENUM({codes})) AS {quoted(name)}"


def _spellings(rows: Any, texts: Sequence[str]) -> dict[str, list[str]]:
    """Return what is written in columns of text, where that is not too much."""
    if not texts:
        return {}
    about = ", ".join(f"approx_count_distinct({quoted(name)})" for name in texts)
    (counts,) = rows.limit(_FIRST).aggregate(about).fetchall()
    few = [n for n, many in zip(texts, counts, strict=True) if many <= _MOST_SPELLINGS]
    if not few:
        return {}
    told = ", ".join(f"list(DISTINCT {quoted(name)})" for name in few)
    (found,) = rows.aggregate(told).fetchall()
    return {
        name: sorted(text for text in own or [] if text is not None)
        for name, own in zip(few, found, strict=True)
    }


def repeats(table: Table, key: str, hashes: NDArray[np.uint64]) -> int:
    """Return how many rows repeat a key that another row has, among keys with these hashes."""
    rows: Any = table.frame.to_native()
    among = ", ".join(map(str, hashes.tolist()))
    some = rows.filter(f"hash({quoted(key)}) IN ({among})")
    (found,) = some.aggregate(f"count(*) - count(DISTINCT {quoted(key)})").fetchall()
    return int(found[0])
