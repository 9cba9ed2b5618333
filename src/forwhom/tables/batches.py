"""A table of DuckDB, some rows at a time: ids and columns, as they are read whole elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
#: Rows that tell whether there are few, and usually all of them.
_FIRST = 100_000
_HASH, _ODD = "forwhom_hash", "forwhom_odd"


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
        first = 1
        for rows in _read(table, needed, wanted, id_column):
            yield Batch(
                _ids(rows, id_column, first, table.name),
                rows[_HASH].to_numpy() if id_column else np.empty(0, np.uint64),
                columns_of(rows, wanted, known, table.name, first=first),
            )
            first += len(rows)


def _read(
    table: Table, needed: Sequence[str], wanted: Mapping[str, Measure], id_column: str | None
) -> Iterator[pa.Table]:
    """Yield the rows; text with few spellings as codes into those that the first rows have.

    Where a later row has another one, all of them are listed, and the rows after those that were
    yielded are read with these: to list them before would read the table once more.
    """
    native: Any = table.frame.to_native()
    few = _few(native.limit(_FIRST), _texts(table, needed, wanted, id_column))
    done = 0
    for rows in _batches(_coded(table, needed, few, id_column)):
        if pc.any(rows[_ODD]).as_py():
            break
        done += len(rows)
        yield rows
    else:
        return
    for rows in _batches(_coded(table, needed, _few(native, few), id_column)):
        if done < len(rows):
            yield rows.slice(done)
        done = max(0, done - len(rows))


def _batches(relation: Any) -> Iterator[pa.Table]:
    for batch in relation.to_arrow_reader(ROWS):
        yield pa.Table.from_batches([batch])


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


def _texts(
    table: Table, needed: Sequence[str], wanted: Mapping[str, Measure], id_column: str | None
) -> list[str]:
    types = kinds(table)
    return [
        name
        for name in needed
        if name != id_column and types[name] == "text" and has_levels(wanted[name])
    ]


def _coded(
    table: Table, needed: Sequence[str], few: Mapping[str, Sequence[str]], id_column: str | None
) -> Any:
    """Return the columns as a relation in which text with few spellings is codes.

    Written out and read again one by one, twenty answers of a hundred million customers would take
    minutes.
    """
    rows: Any = table.frame.to_native()
    selected = [
        f"{_code(name, few)} AS {quoted(name)}" if name in few else quoted(name) for name in needed
    ]
    selected.append(f"{_odd(few)} AS {_ODD}")
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


def _code(name: str, few: Mapping[str, Sequence[str]]) -> str:
    """Return the codes of a column; CAST would code row by row, not each word of a dictionary."""
    return f"TRY_CAST({quoted(name)} AS ENUM({', '.join(map(literal, few[name]))}))"


def _odd(few: Mapping[str, Sequence[str]]) -> str:
    """Return whether a row has a spelling that is not among those known."""
    each = (f"({quoted(name)} IS NOT NULL AND {_code(name, few)} IS NULL)" for name in few)
    return " OR ".join(each) or "FALSE"


def _few(rows: Any, texts: Collection[str]) -> dict[str, list[str]]:
    """Return what is written in columns of text, where that is not too much."""
    if not texts:
        return {}
    told = ", ".join(f"list(DISTINCT {quoted(name)})" for name in texts)
    (found,) = rows.aggregate(told).fetchall()
    spelled = {
        name: sorted(one for one in own or [] if one is not None)
        for name, own in zip(texts, found, strict=True)
    }
    return {name: own for name, own in spelled.items() if 0 < len(own) <= _MOST_SPELLINGS}


def repeats(table: Table, key: str, hashes: NDArray[np.uint64]) -> int:
    """Return how many rows repeat a key that another row has, among keys with these hashes."""
    rows: Any = table.frame.to_native()
    among = ", ".join(map(str, hashes.tolist()))
    some = rows.filter(f"hash({quoted(key)}) IN ({among})")
    (found,) = some.aggregate(f"count(*) - count(DISTINCT {quoted(key)})").fetchall()
    return int(found[0])
