"""Rows of a small table that people typed: what each cell must hold, and every mistake at once."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from forwhom.documents.cells import plain_minus
from forwhom.documents.names import Names, name_key
from forwhom.errors import ColumnMissing, DataError, nearest
from forwhom.tables.columns import shortened
from forwhom.tables.digits import in_plain_digits
from forwhom.tables.frames import Table, collect, kinds
from forwhom.tables.ordering import level_name
from forwhom.tables.signs import BLANKS
from forwhom.tables.textual import AS_TEXT, COMMA, GROUPED, MISSING, NUMBER, SPACED, typed
from forwhom.wording import count, listed

#: Mistakes that are said at once.
_MOST = 10
_COUNTED = "Row 1 is the first with data."
_ABOVE = (
    "Its first row must hold the names of the columns, with commas, semicolons or tabs between."
)
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Cell(Protocol):
    """What a cell must hold."""

    #: Whether text is looked at for numbers and dates, as in a file.
    typed: bool

    def read(self, cell: Any, column: str) -> Any:
        """Return the value of a cell that is not empty, or raise a DataError that names it."""

    def unfit(self, cell: Any) -> str:
        """Say what is wrong with a cell that was refused, and nothing of what it holds."""


@dataclass(frozen=True)
class Text:
    """Any text, without spaces around it."""

    typed = False

    def read(self, cell: Any, column: str) -> str:  # noqa: ARG002 - any text will do
        """Return the text."""
        return level_name(cell).strip()

    def unfit(self, cell: Any) -> str:  # noqa: ARG002 - any text will do
        """Say that it cannot be used."""
        return "cannot be used"


@dataclass(frozen=True)
class Word:
    """One of a few words, with hyphens or spaces within."""

    words: tuple[str, ...]
    #: What else people write for some of them.
    also: Mapping[str, str] = field(default_factory=dict)
    typed = False

    def read(self, cell: Any, column: str) -> str:
        """Return the word as it is known."""
        found = level_name(cell).strip()
        meant = self.also.get(name_key(found), found)
        for word in self.words:
            if _spaced(word) == _spaced(meant):
                return word
        expected = (
            f"Expected {listed(self.words, most=None, last='or')}. {nearest(found, self.words)}"
        )
        raise DataError(f"{column} is {shown(found)}.", expected.strip())

    def unfit(self, cell: Any) -> str:  # noqa: ARG002 - the words say it
        """Say that it is none of the words."""
        return "is another word"


def _spaced(word: str) -> str:
    return name_key(word.replace("-", " ").replace("_", " "))


@dataclass(frozen=True)
class Named:
    """Something that has an id and a name."""

    names: Names
    typed = False

    def read(self, cell: Any, column: str) -> str:  # noqa: ARG002 - the names say what it is
        """Return the id."""
        return self.names.find(level_name(cell).strip())

    def unfit(self, cell: Any) -> str:
        """Say that nothing is called so, or several are."""
        several = len(self.names.meant(level_name(cell).strip())) > 1
        if several:
            return f"may be each of several {self.names.what}s"
        return f"names no {self.names.what} {self.names.where}"


@dataclass(frozen=True)
class Number:
    """A number, with a decimal point or comma, and any sign that people take for a minus."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    #: What else to do about a number that is too small or too large.
    advice: str = ""
    typed = True

    def read(self, cell: Any, column: str) -> float:
        """Return the number."""
        value = _number(cell, column)
        if value is None:
            problem = f"{column} is {shown(cell)}, which is not a number."
            raise DataError(problem, f"Expected {self._expected}.")
        if self.whole and value != int(value):
            raise DataError(f"{column} is {shown(cell)}.", f"Expected {self._expected}.")
        if not self.low <= value <= self.high:
            there = shown(cell) if self.whole else f"{value:g}"
            advice = f"Expected {self._expected}. {self.advice}".strip()
            raise DataError(f"{column} is {there}.", advice)
        return value

    def unfit(self, cell: Any) -> str:
        """Say whether it is no number, which may be two, or where it lies."""
        try:
            value = _number(cell, "")
        except DataError:
            return "may be read as two numbers"
        if value is None:
            return "is not a number"
        if self.low <= value <= self.high:
            return "is not a whole number"
        return "is too small" if value < self.low else "is too large"

    @property
    def _expected(self) -> str:
        if self.whole:
            return f"a whole number from {self.low:,.0f} to {self.high:,.0f}"
        bounded = math.isfinite(self.high)
        return f"{self.low:g} to {self.high:g}" if bounded else f"a number, {self.low:g} or more"


@dataclass(frozen=True)
class Day:
    """A day, as ``2026-12-31``."""

    typed = True

    def read(self, cell: Any, column: str) -> str:
        """Return the day in the form of ISO 8601."""
        if isinstance(cell, datetime | date):
            return cell.isoformat()[:10]
        match = _DAY.fullmatch(in_plain_digits(str(cell)).strip())
        if match:
            year, month, day = match[1] or match[6], match[2] or match[5], match[3] or match[4]
            try:
                return date(int(year), int(month), int(day)).isoformat()
            except ValueError:
                pass
        raise DataError(f"{column} is {shown(cell)}.", "Expected a day such as 2026-12-31.")

    def unfit(self, cell: Any) -> str:  # noqa: ARG002 - it is no day whatever it is
        """Say that it is no day."""
        return "is not a day"


@dataclass(frozen=True)
class Field:
    """One column that is asked for."""

    cell: Cell
    #: Whether the table must have it.
    needed: bool = True
    #: Whether each of its cells must hold something.
    filled: bool = False


@dataclass(frozen=True)
class Record:
    """One row: its number, and its values by column; None where a cell is empty."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)


@dataclass
class Records:
    """The rows that can be used, and what is wrong with the others."""

    name: str
    columns: frozenset[str]
    notes: list[str]
    rows: list[Record] = field(default_factory=list)
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.rows)

    def refuse(self, number: int, why: str) -> None:
        """Remember what is wrong with a row."""
        self.mistakes.append((number, why))

    def check(self) -> None:
        """Say everything that is wrong."""
        if not self.mistakes:
            return
        mistakes = sorted(self.mistakes, key=lambda mistake: mistake[0])
        if len(mistakes) == 1:
            raise DataError(f"{self.name}, row {mistakes[0][0]}: {mistakes[0][1]}", _COUNTED)
        lines = [f"  row {number}: {why}" for number, why in mistakes[:_MOST]]
        if len(mistakes) > _MOST:
            lines.append(f"  and {len(mistakes) - _MOST:,} more.")
        rows = len({number for number, _ in mistakes})
        told = "\n".join([f"{self.name}: {count(rows, 'row')} cannot be used:", *lines])
        raise DataError(told, _COUNTED)


def read_records(
    table: Table,
    fields: Mapping[str, Field],
    *,
    about: str = "",
    quoting: bool = True,
    each: int = 1,
) -> Records:
    """Read the rows of a small table; without quoting, no message holds a cell or a heading.

    ``each`` is how many rows stand for one row of the file.
    """
    headings = _headings(table, fields, quoting)
    rows = collect(table).select(list(headings.values())).rename_columns(list(headings))
    kind = kinds(table)
    asked = {heading: c for c, heading in headings.items() if fields[c].cell.typed}
    text = [column for heading, column in asked.items() if kind[heading] == "text"]
    rows, notes = _typed(table.session, rows, text)
    others = tuple(f"{heading!r}: " for heading in table.columns if heading not in asked)
    kept = [note for note in table.notes if quoting and not note.startswith(others)]
    notes = [note for note in dict.fromkeys([*kept, *notes]) if not note.endswith(AS_TEXT)]
    records = Records(table.name, frozenset(headings), notes)
    for index, row in enumerate(rows.to_pylist()):
        number = index // each + 1
        cells = {column: _filled(cell, fields[column].cell) for column, cell in row.items()}
        if all(cell is None for cell in cells.values()):
            continue  # what spreadsheets leave below a table
        values, wrong = _values(cells, fields, quoting)
        if cells.get(about, about) is None:
            wrong = []
        records.mistakes += [(number, why) for why in wrong]
        if not wrong:
            records.rows.append(Record(number, values))
    return records


def _headings(table: Table, fields: Mapping[str, Field], quoting: bool) -> dict[str, str]:
    """Return what is asked for, as it is called in the table."""
    found: dict[str, str] = {}
    asked = {name_key(column): column for column in fields}
    for heading in table.columns:
        column = asked.get(name_key(heading))
        if column in found:
            raise DataError(
                f"{table.name}: {found[column]!r} and {heading!r} are both the column {column!r}.",
                "Keep one of them, or give the other another heading.",
            )
        if column is not None:
            found[column] = heading
    missing = [column for column, one in fields.items() if one.needed and column not in found]
    if missing and not quoting:
        what = f"is no column {missing[0]!r}"
        if len(missing) > 1:
            what = f"are no columns {listed(list(map(repr, missing)), most=None)}"
        raise ColumnMissing(f"there {what} in {table.name}{_there(table, found)}.", _ABOVE)
    if len(missing) == 1:
        raise ColumnMissing.of(missing[0], table.name, table.columns)
    if missing:
        raise ColumnMissing(
            f"there are no columns {listed(list(map(repr, missing)), most=None)} in {table.name}.",
            f"It has: {', '.join(table.columns[:20])}.",
        )
    return found


def _there(table: Table, found: Mapping[str, str]) -> str:
    """Say what a table has of what is asked for, and how many columns besides."""
    if len(table.columns) == 1:
        return ", which has one column only"
    known = f": {listed(list(map(repr, found)), most=None)}" if found else ""
    return f"; of its {len(table.columns)} columns {len(found) or 'none'} " + (
        f"{'is' if len(found) == 1 else 'are'} known{known}"
    )


def _typed(
    session: duckdb.DuckDBPyConnection, rows: pa.Table, columns: list[str]
) -> tuple[pa.Table, list[str]]:
    """Turn text of data frames into numbers and dates, as if it stood in a file."""
    if not columns:
        return rows, []
    texts = {column: rows[column].cast(pa.string()) for column in columns}
    blank = {column: pc.is_in(text, pa.array(MISSING)) for column, text in texts.items()}
    filled = {column: pc.if_else(blank[column], None, text) for column, text in texts.items()}
    found, notes, _ = typed(session.from_arrow(pa.table(filled)))
    read = found.to_arrow_table()
    for column in columns:
        rows = rows.set_column(rows.column_names.index(column), column, read[column])
    return rows, notes


def _filled(cell: Any, kind: Cell) -> Any:
    """Return a cell, or None where it is empty or, among numbers and days, says so in words."""
    if isinstance(cell, str) and (not cell.strip() or (kind.typed and cell.strip() in BLANKS)):
        return None
    return cell


def _values(
    cells: Mapping[str, Any], fields: Mapping[str, Field], quoting: bool
) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    wrong = []
    for column, cell in cells.items():
        try:
            values[column] = None if cell is None else fields[column].cell.read(cell, column)
        except DataError as error:
            unfit = f"{column} {fields[column].cell.unfit(cell)}. {error.advice}"
            wrong.append(str(error) if quoting else unfit)
        if cell is None and fields[column].filled:
            wrong.append(f"{column} is empty. Fill it in, or take the row out.")
    return values, wrong


def _number(cell: Any, column: str) -> float | None:
    """Return a number, also from text; None where it is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    # A spreadsheet writes an apostrophe before -3, so that it is no formula.
    text = plain_minus(in_plain_digits(str(cell)).strip().removeprefix("'"))
    if NUMBER.fits(text):
        return float(text) if math.isfinite(float(text)) else None
    if not re.search(r"\d", text):
        return None
    commas = {re.sub(r"[^-+\d,]", "", text).replace(",", ".")} if COMMA.fits(text) else set()
    points = {re.sub(r"[^-+\d.]", "", text)} if GROUPED.fits(text) or SPACED.fits(text) else set()
    meant = sorted({float(one) for one in commas | points})
    if len(meant) > 1:
        raise DataError(
            f"{column} is {shown(cell)}, which may be {meant[0]:g} or {meant[1]:g}.",
            "Write it without a sign between thousands.",
        )
    return meant[0] if meant else None


def shown(cell: Any) -> str:
    """Return a cell as a message quotes it."""
    return repr(shortened(str(cell)))
