"""Wide tables of answers, one row for each person, as tables of one answer a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from forwhom.documents.names import name_key
from forwhom.tables.frames import Table, collect, kinds, table_of


def lacks(table: Table, *columns: str) -> bool:
    """Whether a table has none of some columns, whatever their capitals."""
    return not {name_key(column) for column in columns} & {name_key(c) for c in table.columns}


def others(table: Table, *columns: str) -> list[str]:
    """Return the columns of a table besides some, in order."""
    asked = {name_key(column) for column in columns}
    return [column for column in table.columns if name_key(column) not in asked]


def numbers_of(table: Table, columns: Sequence[str]) -> list[str]:
    """Return those of some columns that hold numbers."""
    kind = kinds(table)
    return [column for column in columns if kind[column] == "number"]


def unpivoted(
    table: Table, about: str, answers: Mapping[str, Mapping[str, str]], kept: Sequence[str]
) -> Table:
    """Return a row for each person and thing, in the order of the persons.

    ``about`` is the heading of what the answers are about; ``answers`` gives, for each thing, the
    columns in which its answers stand, by the heading that they get; ``kept`` are headings of the
    person.
    """
    asked = {name_key(column) for column in kept}
    own = [column for column in table.columns if name_key(column) in asked]
    rows = collect(table).to_pylist()
    headings = list(dict.fromkeys(heading for columns in answers.values() for heading in columns))
    long: dict[str, list[str | None]] = {column: [] for column in [*own, about, *headings]}
    for row in rows:
        for thing, columns in answers.items():
            for column in own:
                long[column].append(_text(row[column]))
            long[about].append(thing)
            for heading in headings:
                cell = row[columns[heading]] if heading in columns else None
                long[heading].append(_text(cell))
    columns_ = {column: pa.array(cells, pa.string()) for column, cells in long.items()}
    return replace(table_of(pa.table(columns_), table.name), notes=table.notes)


def _text(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None else str(cell)
