"""CSV and TSV files: encoding, delimiter and header, then one lazy relation."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from forwhom.errors import DataError, SourceError
from forwhom.tables.engine import connection, literal, quoted, reading, scratch
from forwhom.tables.frames import check_names
from forwhom.tables.textual import MISSING, typed

_DELIMITERS = (",", ";", "\t", "|")
_HEAD = 1 << 18
_BLOCK = 1 << 20

_counter = itertools.count(1)


@dataclass(frozen=True)
class _Layout:
    """How one file is written; files with the same layout are read together."""

    delimiter: str
    skip: int
    columns: tuple[str, ...]
    spaced: bool


def read_delimited(paths: Sequence[Path], name: str) -> tuple[duckdb.DuckDBPyRelation, list[str]]:
    """Open CSV or TSV files as one lazy relation.

    Parameters
    ----------
    paths
        Files with the same columns, in any order; ``.gz`` is fine.
    name
        What messages call the table.

    Returns
    -------
    relation
        Rows of all files, columns by name.
    notes
        What was decided about encoding, decimal signs and dates.

    Raises
    ------
    DataError
        Empty file, header without rows, repeated or no column names.
    SourceError
        Lines with more or fewer cells than the header, or a damaged file.
    """
    layouts: dict[_Layout, list[Path]] = {}
    notes: list[str] = []
    for path in paths:
        readable, encoding = _as_utf8(path)
        if encoding != "utf-8":
            notes.append(f"{path.name} was read as {encoding}.")
        layouts.setdefault(_layout(readable, path), []).append(readable)
    parts = [_query(layout, files) for layout, files in layouts.items()]
    text = connection().sql(" UNION ALL BY NAME ".join(parts))
    try:
        with reading(name):
            rows, found = typed(text)
            empty = text.limit(1).fetchone() is None
    except SourceError as error:
        raise _line_error(error, name) from error
    if empty:
        raise DataError(
            f"{name} has column names, but no rows.", "Check that the export was complete."
        )
    return rows, notes + found


def _as_utf8(path: Path) -> tuple[Path, str]:
    """Return a UTF-8 file with the content of ``path``, and the encoding that was found."""
    try:
        encoding = _encoding(path)
    except (OSError, EOFError) as error:
        raise SourceError(
            f"{path} cannot be read: {error}.", "The file may be damaged; export it again."
        ) from error
    if encoding == "utf-8":
        return path, encoding
    copy = Path(scratch()) / f"{next(_counter)}.csv"
    with (
        _opened(path) as raw,
        copy.open("w", encoding="utf-8", newline="") as out,
        io.TextIOWrapper(raw, encoding=encoding, newline="") as text,
    ):
        shutil.copyfileobj(text, out, _BLOCK)
    return copy, {"utf-8-sig": "utf-8", "cp1252": "Windows-1252"}.get(encoding, encoding)


def _encoding(path: Path) -> str:
    with _opened(path) as raw:
        block = raw.read(_BLOCK)
        if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if block.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        even, odd = block[:2000:2].count(0), block[1:2000:2].count(0)
        if max(even, odd) > len(block[:2000]) // 5 and min(even, odd) == 0:
            return "utf-16-le" if odd else "utf-16-be"
        if even or odd:
            raise SourceError(
                f"{path} is not a text file.", "Give a CSV, TSV, Parquet or Excel file."
            )
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block:
                decoder.decode(block)
                block = raw.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252" if _is_windows(path) else "latin-1"
    return "utf-8"


def _is_windows(path: Path) -> bool:
    with _opened(path) as raw:
        while block := raw.read(_BLOCK):
            if any(block.count(byte) for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")):
                return False  # these bytes mean nothing in Windows-1252
    return True


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _layout(readable: Path, path: Path) -> _Layout:
    with _opened(readable) as raw:
        head = raw.read(_HEAD)
    text = codecs.getincrementaldecoder("utf-8")().decode(head)
    skip = 0
    told = re.match(r'"?sep=(.)"?\r?\n', text)
    if told:
        text, skip = text[told.end() :], 1
    if not text.strip():
        raise DataError(f"{path} is empty.", "Check that the export was complete.")
    complete = text if len(head) < _HEAD else text[: text.rfind("\n") + 1] or text
    tabbed = path.name.removesuffix(".gz").endswith((".tsv", ".tab"))
    delimiter = told[1] if told else "\t" if tabbed else _delimiter(complete)
    rows = (row for row in _parsed(complete, delimiter) if any(cell.strip() for cell in row))
    header = next(rows, None)
    if header is None:
        raise SourceError(
            f"{path}: no column names can be read.", "The first row may have an open quote."
        )
    blank = text[: len(text) - len(text.lstrip("\r\n"))]
    skip += blank.count("\n")
    spaced = f"{delimiter} " in complete
    return _Layout(delimiter, skip, tuple(_names(header, path)), spaced)


def _delimiter(text: str) -> str:
    """Return the delimiter with which most rows have as many cells as the header."""

    def fit(delimiter: str) -> tuple[float, int]:
        rows = [row for _, row in zip(range(200), _parsed(text, delimiter), strict=False) if row]
        width = len(rows[0]) if rows else 1
        same = sum(len(row) == width for row in rows) / max(len(rows), 1)
        return (same if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=fit)


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        return  # a cell without an end; the engine will say in which line


def _names(header: Sequence[str], path: Path) -> list[str]:
    cells = [re.sub(r"\s+", " ", cell).strip() for cell in header]
    if len(cells) > 1 and all(re.fullmatch(r"[-+]?\d*[.,]\d+", cell) for cell in cells):
        raise DataError(
            f"{path}: the first row holds numbers instead of column names.",
            "Add a row with the names of the columns at the top.",
        )
    names = usable_names(cells)
    check_names(names, str(path))
    return names


def usable_names(cells: Sequence[str]) -> list[str]:
    """Return column names in which those without a name got one.

    Examples
    --------
    >>> usable_names(["", "age", ""])
    ['row', 'age', 'column_3']
    """
    taken = {cell.casefold() for cell in cells}
    names = []
    for position, cell in enumerate(cells):
        # An export of a data frame writes its row numbers first, without a name.
        free = "row" if position == 0 and "row" not in taken else f"column_{position + 1}"
        names.append(cell or free)
    return names


def _query(layout: _Layout, files: Sequence[Path]) -> str:
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in layout.columns)
    listed = ", ".join(literal(str(file)) for file in files)
    spaced = tuple(f" {word}" for word in MISSING) if layout.spaced else ()
    missing = ", ".join(literal(word) for word in (*MISSING, *spaced))
    return (
        f"SELECT {', '.join(quoted(c) for c in layout.columns)} FROM read_csv([{listed}], "
        f"delim={literal(layout.delimiter)}, quote='\"', escape='\"', header=true, "
        f"skip={layout.skip}, auto_detect=false, columns={{{columns}}}, nullstr=[{missing}])"
    )


def _line_error(error: SourceError, name: str) -> SourceError:
    text = str(error.__cause__ or error)
    line = re.search(r"Line: (\d+)", text)
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    where = f"{name}, line {line[1]}" if line else name
    if cells:
        what = f"{where}: {cells[2]} cells, but the header has {cells[1]} columns."
        return SourceError(what, "Put cells that contain the delimiter in quotes.")
    if line and "quote" in text:
        return SourceError(f"{where}: a quote is opened and not closed.", "Correct this line.")
    return SourceError(error.problem, "The file may be damaged; export it again.")
