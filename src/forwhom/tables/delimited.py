"""CSV and TSV files: encoding, delimiter and header, then one lazy relation."""

import codecs
import csv
import gzip
import io
import itertools
import re
import shutil
import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from forwhom.errors import DataError, SourceError
from forwhom.suffixes import TABLE, TABLES, ends_with
from forwhom.tables.archives import check_unpacked
from forwhom.tables.encodings import encoding_of, name_of
from forwhom.tables.engine import file_literal, literal, quoted, reading, scratch
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
from forwhom.tables.signatures import is_gzip, refuse_other_kinds
from forwhom.tables.textual import MISSING, typed
from forwhom.wording import count

_DELIMITERS = (",", ";", "\t", "|")
_HEAD = 1 << 18
_BLOCK = 1 << 20
#: Rows that show how a file is written, and which share of them is most.
_LOOKED_AT = 200
_MOST = 0.5
#: What the engine says, among other cases, when some lines end with a return and others not.
_INVALID = "CSV Parser state machine reached an invalid state"
#: What it says when there are bytes that are no UTF-8.
_NOT_UTF8 = "Invalid unicode"
#: Bytes of text up to which a table is held as it stands in the file while its types are found.
_HELD = 1 << 28

_counter = itertools.count(1)


@dataclass(frozen=True)
class _Layout:
    """How one file is written; files with the same layout are read together."""

    delimiter: str
    skip: int
    columns: tuple[str, ...]
    spaced: bool
    #: rows under the names that say what columns mean
    labels: tuple[tuple[str, ...], ...]
    #: so many rows under the names are part of them
    merged: int = 0
    #: rows above the names that are no part of the table
    above: int = 0


def read_delimited(
    session: duckdb.DuckDBPyConnection, paths: Sequence[Path], name: str
) -> tuple[duckdb.DuckDBPyRelation, dict[str, str], list[str], dict[str, str]]:
    """Read CSV or TSV files into a connection, with labels, and say what was decided.

    The signs, such as €, are those that were taken off numbers, by column.
    """
    for path in paths:
        if is_gzip(path):
            check_unpacked(path)
    # What is too large to be held as text twice is read several times, and checked before.
    held = sum(path.stat().st_size for path in paths) <= _HELD
    thorough, even = not held, False
    while True:
        try:
            layouts, labels, notes = _layouts(paths, thorough=thorough, even=even)
            rows, found, signs = _typed(session, layouts, name, held=held)
        except SourceError as error:
            cause = str(error.__cause__)
            if _NOT_UTF8 in cause and not thorough:
                thorough = True
            elif _INVALID in cause and not even:
                thorough = even = True
            else:
                raise _line_error(error, name) from error
        else:
            ends = [f"{name}: its lines do not all end alike; they were read all the same."]
            return rows, labels, notes + ends * even + found, signs


def _layouts(
    paths: Sequence[Path], *, thorough: bool, even: bool
) -> tuple[dict[_Layout, list[Path]], dict[str, str], list[str]]:
    """Return how the files are written, as UTF-8, labels of columns, and what to note."""
    layouts: dict[_Layout, list[Path]] = {}
    notes: list[str] = []
    labels: dict[str, str] = {}
    for path in paths:
        readable, encoding = _as_utf8(path, thorough=thorough, even=even)
        if encoding != "utf-8":
            notes.append(f"{path.name} was read as {encoding}.")
        layout = _layout(readable, path)
        readable, ending = _without_end(readable, layout)
        notes += note_of_below(ending, path.name)
        if layout not in layouts:
            notes += note_of_above(layout.above, path.name)
            if layout.merged:
                notes += note_of_merged(layout.merged, path.name)
            else:
                labels = told_by_row(layout.columns, *layout.labels[:1]) | labels
                notes += note_of(labels, len(layout.labels), path.name)
        layouts.setdefault(layout, []).append(readable)
    return layouts, labels, notes


def _typed(
    session: duckdb.DuckDBPyConnection,
    layouts: Mapping[_Layout, Sequence[Path]],
    name: str,
    *,
    held: bool,
) -> tuple[duckdb.DuckDBPyRelation, list[str], dict[str, str]]:
    """Read all rows, with the types of what they hold; with ``held``, in one pass."""
    parts = [_query(layout, files) for layout, files in layouts.items()]
    text = session.sql(" UNION ALL BY NAME ".join(parts))
    with reading(name):
        if held:
            session.execute("CREATE OR REPLACE TEMP TABLE forwhom_text AS FROM text")
            text = session.table("forwhom_text")
        rows, found, signs = typed(text)
        session.execute("CREATE OR REPLACE TEMP TABLE forwhom_rows AS FROM rows")
    del text, rows
    session.execute("DROP TABLE IF EXISTS forwhom_text")
    read = session.table("forwhom_rows")
    if read.aggregate("count(*)").fetchall() == [(0,)]:
        raise DataError(
            f"{name} has column names, but no rows.", "Check that the export was complete."
        )
    return read, found, signs


def _as_utf8(path: Path, *, thorough: bool, even: bool) -> tuple[Path, str]:
    """Return a UTF-8 file with the content of ``path``, and the encoding that was found.

    Only the start is looked at, unless ``thorough``; with ``even``, every line ends alike.
    """
    try:
        encoding = _encoding(path, thorough=thorough)
    except (OSError, EOFError) as error:
        raise SourceError(
            f"{path} cannot be read: {error}.", "The file may be damaged; export it again."
        ) from error
    # The engine tells from the name whether a file is compressed.
    if encoding == "utf-8" and not even and is_gzip(path) == (path.suffix == ".gz"):
        return path, encoding
    try:
        copy = _copied(path, encoding, line_ends=None if even else "")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} cannot be read as {encoding}: it ends within a character, or changes its "
            "encoding.",
            "The file may be cut off; export it again, as UTF-8.",
        ) from error
    return copy, name_of(encoding)


def _without_end(path: Path, layout: _Layout) -> tuple[Path, int]:
    """Return a copy without totals and remarks below the table, and how many rows those are."""
    if is_gzip(path):
        return path, 0
    with path.open("rb") as raw:
        size = raw.seek(0, io.SEEK_END)
        start = raw.seek(max(0, size - _BLOCK // 16))
        lines = raw.read().splitlines(keepends=True)
    whole = [line for line in lines if line.strip()][-MOST_BELOW:]
    text = [line.decode("utf-8", "replace") for line in whole]
    if len(lines) <= MOST_BELOW or sum(line.count('"') for line in text) % 2:
        return path, 0  # a cell of several lines
    ending = rows_below([next(_parsed(line, layout.delimiter), [""]) for line in text],
                        len(layout.columns))  # fmt: skip
    if not ending:
        return path, 0
    kept = start + sum(map(len, lines)) - sum(map(len, lines[lines.index(whole[-ending]) :]))
    copy = Path(scratch()) / f"{next(_counter)}.csv"
    with path.open("rb") as raw, copy.open("wb") as out:
        while kept and (block := raw.read(min(kept, _BLOCK))):
            kept -= out.write(block)
    return copy, ending


def _copied(path: Path, encoding: str, *, line_ends: str | None) -> Path:
    """Return a copy as UTF-8; with ``line_ends`` None, every line ends alike."""
    copy = Path(scratch()) / f"{next(_counter)}.csv"
    with (
        _opened(path) as raw,
        copy.open("w", encoding="utf-8", newline="") as out,
        io.TextIOWrapper(raw, encoding=encoding, newline=line_ends) as text,
    ):
        shutil.copyfileobj(text, out, _BLOCK)
    return copy


def _encoding(path: Path, *, thorough: bool) -> str:
    with _opened(path) as raw:
        block = raw.read(_BLOCK)
        if block.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return "utf-32"
        if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if block.startswith(codecs.BOM_UTF8):
            refuse_other_kinds(path, block)
            return "utf-8-sig"
        refuse_other_kinds(path, block)
        even, odd = block[:2000:2].count(0), block[1:2000:2].count(0)
        if max(even, odd) > len(block[:2000]) // 5 and min(even, odd) == 0:
            return "utf-16-le" if odd else "utf-16-be"
        if even or odd:
            raise SourceError(f"{path} is not a text file.", f"Give {TABLE}.")
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(block)
            while thorough and (block := raw.read(_BLOCK)):
                decoder.decode(block)
            decoder.decode(b"", final=thorough)
        except UnicodeDecodeError:
            western = "cp1252" if _is_windows(path) else "latin-1"
            return encoding_of(_start_of(path)) or western
    return "utf-8"


def _start_of(path: Path) -> bytes:
    """Return the start of a file, up to the end of a line where it is longer."""
    with _opened(path) as raw:
        block = raw.read(_HEAD)
    return block if len(block) < _HEAD else block[: block.rfind(b"\n") + 1] or block


def _is_windows(path: Path) -> bool:
    with _opened(path) as raw:
        while block := raw.read(_BLOCK):
            if any(block.count(byte) for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")):
                return False  # these bytes mean nothing in Windows-1252
    return True


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if is_gzip(path) else path.open("rb")  # type: ignore[return-value]


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
    complete = text if len(head) < _HEAD else text[: text.rfind("\n") + 1]
    if not complete and "\r" not in text:
        raise SourceError(
            f"{path}: the first line is longer than {_HEAD:,} characters.",
            "Expected column names in the first line, and one line for each row.",
        )
    complete = complete or text
    tabbed = ends_with(path, TABLES["TSV"])
    delimiter = told[1] if told else "\t" if tabbed else _delimiter(complete)
    above, lines, records = _above(complete, delimiter)
    if above:
        complete = "".join(complete.splitlines(keepends=True)[lines:])
        text, skip = complete, skip + records
    rows = (row for row in _parsed(complete, delimiter) if any(cell.strip() for cell in row))
    header = next(rows, None)
    if header is None:
        raise SourceError(
            f"{path}: no column names can be read.", "The first row may have an open quote."
        )
    below = list(itertools.islice(rows, _LOOKED_AT))
    names, merged = merged_headings(header, below)
    _refuse_title(names or header, below, path)
    skipped = merged or rows_of_labels(below)
    labels = tuple(tuple(row) for row in below[:skipped])
    blank = text[: len(text) - len(text.lstrip("\r\n"))]
    skip += blank.count("\n")
    spaced = f"{delimiter} " in complete
    columns = tuple(_names(names or header, path))
    return _Layout(delimiter, skip, columns, spaced, labels, merged=merged, above=above)


def _above(text: str, delimiter: str) -> tuple[int, int, int]:
    """Return how many rows stand above the names of the columns, and how many lines and records
    that is: a cell may hold several lines, and a record none.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    starts: list[tuple[int, int]] = []
    line = 0
    try:
        for record, row in enumerate(itertools.islice(reader, _LOOKED_AT)):
            if any(cell.strip() for cell in row):
                rows.append(row)
                starts.append((line, record))
            line = reader.line_num
    except csv.Error:
        return 0, 0, 0
    above = rows_above(rows)
    return (above, *starts[above]) if above else (0, 0, 0)


def _delimiter(text: str) -> str:
    """Return the delimiter with which most rows have as many cells as the header."""

    def fit(delimiter: str, text: str, *, usual: bool = False) -> tuple[float, int]:
        rows = [row for row in itertools.islice(_parsed(text, delimiter), _LOOKED_AT) if row]
        width = len(rows[0]) if rows else 1
        if usual and rows:
            width = statistics.mode(len(row) for row in rows)
        same = sum(len(row) == width for row in rows) / max(len(rows), 1)
        return (same if width > 1 else 0.0, width)

    best = max(_DELIMITERS, key=lambda delimiter: fit(delimiter, text))
    if fit(best, text)[0] > 0:
        return best
    # The first lines may be a title.
    best = max(_DELIMITERS, key=lambda delimiter: fit(delimiter, text, usual=True))
    return best if fit(best, text, usual=True)[0] > _MOST else _DELIMITERS[0]


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        return  # a cell without an end; the engine will say in which line


def _refuse_title(header: Sequence[str], below: Sequence[Sequence[str]], path: Path) -> None:
    filled = {i for row in below for i, cell in enumerate(row) if cell.strip()}
    check_title({i for i, cell in enumerate(header) if cell.strip()}, filled, str(path))


def check_title(named: Collection[int], filled: Collection[int], table: str) -> None:
    """Refuse a first row that names so few columns that it must be a title."""
    known = len(set(named) & set(filled))
    # Where the first has none, a data frame wrote its row numbers there.
    if 0 in named and len(filled) > 1 and 2 * known < len(filled):
        raise DataError(
            f"{table}: the first row holds names for {known} of {len(filled)} columns, like a "
            "title above the table.",
            "Delete what stands above the row with the column names, or name every column.",
        )


def _names(header: Sequence[str], path: Path) -> list[str]:
    cells = [re.sub(r"[\s\0]+", " ", cell).strip() for cell in header]
    if len(cells) > 1 and all(re.fullmatch(r"[-+]?\d*[.,]\d+", cell) for cell in cells):
        raise DataError(
            f"{path}: the first row holds numbers instead of column names.",
            "Add a row with the names of the columns at the top.",
        )
    names = usable_names(cells)
    check_names(names, str(path))
    return names


def usable_names(cells: Sequence[str]) -> list[str]:
    """Return column names in which those without a name got one."""
    taken = {cell.casefold() for cell in cells}
    names = []
    for position, cell in enumerate(cells):
        # An export of a data frame writes its row numbers first, without a name.
        free = "row" if position == 0 and "row" not in taken else f"column_{position + 1}"
        names.append(cell or free)
    return names


def _query(layout: _Layout, files: Sequence[Path]) -> str:
    columns = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in layout.columns)
    listed = ", ".join(file_literal(file) for file in files)
    spaced = tuple(f" {word}" for word in MISSING) if layout.spaced else ()
    missing = ", ".join(literal(word) for word in (*MISSING, *spaced))
    return (
        f"SELECT {', '.join(quoted(c) for c in layout.columns)} FROM read_csv([{listed}], "
        f"delim={literal(layout.delimiter)}, quote='\"', escape='\"', header=true, "
        f"skip={layout.skip}, auto_detect=false, columns={{{columns}}}, nullstr=[{missing}])"
        + "".join(_without(row, layout) for row in layout.labels[:1])
        + "".join(_without(row, layout, "AND") for row in layout.labels[1:])
    )


def _without(row: Sequence[str], layout: _Layout, start: str = "WHERE") -> str:
    """Leave out a row, told by its cells: lines cannot be counted where a cell holds several."""
    same = " AND ".join(
        f"{quoted(column)} = {literal(cell)}"
        for column, cell in zip(layout.columns, row, strict=False)
        if cell and cell not in MISSING
    )
    return f" {start} ({same}) IS NOT TRUE"


def _line_error(error: SourceError, name: str) -> SourceError:
    # Behind the possible fixes come all options, whose names would be taken for causes.
    text = str(error.__cause__ or error).partition("Possible fixes")[0]
    line = re.search(r"Line: (\d+)", text)
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    where = f"{name}, line {line[1]}" if line else name
    if cells:
        expected, found = int(cells[1]), int(cells[2])
        cells_said = found if found < expected else f"more than {expected}"
        header = count(expected, "column")
        what = f"{where}: {cells_said} cells, but the header has {header}."
        if found < expected:
            return SourceError(what, "Complete this line; it may be cut off, or broken in two.")
        return SourceError(what, "Put cells that contain the delimiter in quotes.")
    if "unterminated quote" in text:
        return SourceError(f"{where}: a quote is opened and not closed.", "Correct this line.")
    if "Maximum line size" in text:
        return SourceError(
            f"{where}: the line is too long to be a row of a table.",
            "Is a quote open, or a line end missing? Correct it.",
        )
    return SourceError(error.problem, "The file may be damaged; export it again.")
