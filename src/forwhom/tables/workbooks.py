import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from forwhom.errors import DataError, SourceError, SourceMissing, nearest
from forwhom.tables.cells import WorkbookError, cells_of
from forwhom.tables.delimited import check_title, usable_names
from forwhom.tables.engine import first_line
from forwhom.tables.frames import check_names
from forwhom.tables.headings import merged_headings, note_of_merged
from forwhom.tables.labels import (
    MOST_BELOW,
    note_of,
    note_of_above,
    note_of_below,
    rows_above,
    rows_below,
    rows_of_labels,
    told_by_row,
)
from forwhom.tables.textual import MISSING, typed
from forwhom.wording import count

#: First bytes of an old Office file, and what stands in one that is encrypted.
_OLE, _ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
#: Bytes of a workbook that are searched for errors of formulas.
_LOOKED_AT = 1 << 28
#: Rows that show whether questions stand under the names.
_HEAD = 200


def read_workbook(
    session: duckdb.DuckDBPyConnection, path: Path, sheet: str | None, name: str
) -> tuple[duckdb.DuckDBPyRelation, dict[str, str], list[str], dict[str, str]]:
    """Read a sheet of an Excel file; the first row that is not empty holds the names.

    Beside the rows: labels, notes, and the signs that were taken off numbers, by column.
    """
    rows, notes, others = _rows(path, sheet)
    advice = f"Name another sheet, such as {path.name}#{others[0]}." if others else ""
    rows = [row for row in rows if any(not _is_empty(cell) for cell in row)]
    if not rows:
        raise DataError(f"{name} is empty.", advice or "Enter the data, or give another file.")
    if len(rows) == 1:
        raise DataError(f"{name} has column names, but no rows.", advice or "Check the sheet.")
    shown = [["" if _is_empty(c) else _text(c) for c in row] for row in rows[: _HEAD + 1]]
    above = rows_above(shown)
    notes += note_of_above(above, path.name)
    header, *below = rows = rows[above:]
    written = [["" if _is_empty(c) else _text(c) for c in row] for row in rows[: _HEAD + 1]]
    joined, merged = merged_headings(written[0], written[1:])
    if merged:
        header, below = [*joined], below[merged:]
        notes += note_of_merged(merged, path.name)
    filled = {i for row in below for i, cell in enumerate(row) if not _is_empty(cell)}
    named = {i for i, cell in enumerate(header) if not _is_empty(cell)}
    check_title(named, filled, name)
    # A stray format makes a sheet thousands of columns wide that hold nothing.
    kept = sorted(named | filled)
    names = usable_names(["" if _is_empty(header[i]) else _text(header[i]).strip() for i in kept])
    check_names(names, name)
    said = [["" if _is_empty(row[i]) else _text(row[i]) for i in kept] for row in below[:_HEAD]]
    labeling = rows_of_labels(said)
    labels = told_by_row(names, *said[: min(labeling, 1)])
    notes += note_of(labels, labeling, path.name)
    below = below[labeling:]
    last = [
        ["" if _is_empty(row[i]) else _text(row[i]) for i in kept] for row in below[-MOST_BELOW:]
    ]
    if ending := rows_below(last, len(kept)):
        below = below[:-ending]
        notes += note_of_below(ending, path.name)
    cells = {column: [row[i] for row in below] for column, i in zip(names, kept, strict=True)}
    arrays = {column: _array(values) for column, values in cells.items()}
    relation, found, signs = _with_typed_text(session, arrays)
    return relation, labels, notes + found, signs


def rows_of_text(path: Path, sheet: str | None) -> list[list[str]]:
    """Return the cells of a sheet as text, row by row; empty where they hold nothing."""
    if not path.is_file():
        raise SourceMissing(f"There is no file {path}.", "Expected a workbook, such as .xlsx.")
    rows, _, _ = _rows(path, sheet)
    return [["" if _is_empty(cell) else _text(cell).strip() for cell in row] for row in rows]


def sheets_of(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook; none where it cannot be read."""
    try:
        # No sheet has a name of so many letters, so that no cells are read.
        return cells_of(path, "no sheet has a name as long as this one")[0]
    except (WorkbookError, OSError):
        return []


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _rows(path: Path, sheet: str | None) -> tuple[list[list[Any]], list[str], list[str]]:
    """Return the cells of a sheet, what to note, and the names of the other sheets."""
    try:
        sheets, cells = cells_of(path, sheet)
    except (WorkbookError, OSError) as error:
        if _is_locked(path):
            raise SourceError(
                f"{path} is locked with a password.",
                "Save it without one (in Excel: File, Info, Protect Workbook), and give that.",
            ) from error
        raise SourceError(
            f"{path} cannot be read: {first_line(error)}",
            "It may be damaged, or another kind of file with this name; save it again as .xlsx, "
            "with nothing but the table in it.",
        ) from error
    if cells is None:
        raise SourceMissing(
            f"{path} has no sheet {sheet!r}.",
            nearest(sheet or "", sheets) or f"It has: {', '.join(sheets)}.",
        )
    chosen = sheet or sheets[0]
    notes = []
    if sheet is None and len(sheets) > 1:
        notes.append(
            f"{path.name}: the first of {len(sheets)} sheets, {chosen!r}, was read; name "
            f"another as {path.name}#Sheet."
        )
    if errors := _formula_errors(path):
        found = count(errors, "cell holds an error", "cells hold errors")
        notes.append(f"{path.name}: {found} of a formula, such as #DIV/0!; read as empty.")
    return cells, notes, [other for other in sheets if other != chosen]


def _is_locked(path: Path) -> bool:
    """Whether a file with the name of a workbook is one that is encrypted."""
    with path.open("rb") as raw:
        head = raw.read(_LOOKED_AT)
    return head.startswith(_OLE) and _ENCRYPTED in head


def _formula_errors(path: Path) -> int:
    """Return how many cells of a workbook hold an error, which its reader takes for empty."""
    found, left = 0, _LOOKED_AT
    try:
        with zipfile.ZipFile(path) as book:
            for name in (n for n in book.namelist() if n.startswith("xl/worksheets/sheet")):
                with book.open(name) as sheet:
                    while left > 0 and (block := sheet.read(1 << 20)):
                        found += block.count(b' t="e"')
                        left -= len(block)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return 0  # not of this form
    return found


def _array(values: list[Any]) -> pa.Array:
    filled = [None if isinstance(v, str) and v.strip() in MISSING else v for v in values]
    present = [v for v in filled if v is not None]
    if present and all(isinstance(v, bool) for v in present):
        return pa.array(filled, pa.bool_())
    if present and all(isinstance(v, int | float) and not isinstance(v, bool) for v in present):
        whole = all(float(v).is_integer() and abs(v) < 2**53 for v in present)
        if whole:
            return pa.array([None if v is None else int(v) for v in filled], pa.int64())
        return pa.array([None if v is None else float(v) for v in filled], pa.float64())
    if present and all(isinstance(v, date) for v in present):
        moments = [_moment(v) for v in filled]
        if all(m is None or (m.hour, m.minute, m.second) == (0, 0, 0) for m in moments):
            return pa.array([m and m.date() for m in moments], pa.date32())
        return pa.array(moments, pa.timestamp("us"))
    return pa.array([None if v is None else _text(v) for v in filled], pa.string())


def _moment(value: date | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _with_typed_text(
    session: duckdb.DuckDBPyConnection, arrays: dict[str, pa.Array]
) -> tuple[duckdb.DuckDBPyRelation, list[str], dict[str, str]]:
    """Look inside text columns; what Excel itself typed stays."""
    texts = [c for c, array in arrays.items() if pa.types.is_string(array.type)]
    if not texts:
        return session.from_arrow(pa.table(arrays)), [], {}
    found, notes, signs = typed(session.from_arrow(pa.table({c: arrays[c] for c in texts})))
    rows = found.to_arrow_table()
    merged = {c: rows[c] if c in texts else array for c, array in arrays.items()}
    return session.from_arrow(pa.table(merged)), notes, signs
