"""Ratings of a canvas and of a table, row by row, with every mistake said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forwhom.documents.canvas import Canvas, folder_of
from forwhom.documents.canvas.ratings import HIGHEST, LAST_ROUND, LOWEST
from forwhom.documents.mistakes import Mistake, refused
from forwhom.documents.segmentation import Source
from forwhom.errors import ColumnMissing, DataError, SourceError, nearest
from forwhom.tables import Table, collect, fingerprint, open_table
from forwhom.tables.ordering import level_name

REQUIRED = ("rater", "segment", "item", "value")
MODES = ("direct", "proxy")
#: Mistakes that are said at once.
_MOST = 10


@dataclass(frozen=True)
class Line:
    """One rating, and where it stands."""

    rater: str
    segment: str
    item: str
    value: float
    direct: bool
    round: int
    place: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What may be there only once."""
        return self.rater, self.segment, self.item, self.round


@dataclass(frozen=True)
class RatingTable:
    """The ratings of a table, with what a reader must know."""

    lines: list[Line]
    source: Source
    notes: list[str]


def named_table(canvas: Canvas, name: str, *location: str) -> Table:
    """Open the table that a canvas names; an error says where it is named.

    Parameters
    ----------
    canvas
        The canvas; the path starts from its folder.
    name
        The path, as the canvas has it.
    location
        The key that has it.

    Raises
    ------
    SourceError, DataError
        There is no such file, or it holds no table.
    """
    path = folder_of(canvas) / name
    try:
        return open_table(path)
    except (SourceError, DataError) as error:
        where = canvas.place(*location)
        raise type(error)(f"{where}: {_small(error.problem)}", error.advice) from error


def _small(sentence: str) -> str:
    """Return a sentence as it goes on after a colon; names at its start stay as they are."""
    return f"t{sentence[1:]}" if sentence.startswith(("There ", "The ")) else sentence


def canvas_lines(canvas: Canvas) -> list[Line]:
    """Return the ratings that stand in a canvas.

    Raises
    ------
    DocumentError
        A rater has no name, or rates an item for a segment twice in a round.
    """
    if canvas.alignment is None:
        return []
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    first: dict[tuple[str, str, str, int], int] = {}
    for index, r in enumerate(canvas.alignment.ratings):
        place = canvas.place("alignment", "ratings", index) or f"rating {index + 1} of the canvas"
        rater = r.rater.strip()
        line = Line(rater, r.segment, r.item, r.value, r.mode == "direct", r.round, place)
        if not rater:
            problem, advice = "the rater is empty.", "Give every rater a code name, such as R1."
            mistakes.append(Mistake(("alignment", "ratings", index, "rater"), problem, advice))
        before = first.setdefault(line.key, index)
        if before != index:
            mistakes.append(
                Mistake(
                    ("alignment", "ratings", index),
                    f"this rater rates {r.item!r} for {r.segment!r} twice in round {r.round}; "
                    f"the first time is at {lines[before].place}.",
                    "Keep one of them, or give the later one the next round.",
                )
            )
        lines.append(line)
    if mistakes:
        raise refused(mistakes, lambda location: canvas.place(*location))
    return lines


def table_lines(
    table: Table,
    segments: Sequence[str] | None = None,
    items: Sequence[str] | None = None,
    before: Sequence[Line] = (),
) -> RatingTable:
    """Return the ratings of a table.

    Parameters
    ----------
    table
        Columns rater, segment, item, value; optional: mode (direct or proxy), round.
    segments, items
        The ids that there are; left out: any.
    before
        Ratings that are known already and must not come again.

    Raises
    ------
    ColumnMissing
        A column is not there.
    DataError
        Rows that cannot be used, with the number of each.
    """
    for column in REQUIRED:
        if column not in table.columns:
            raise ColumnMissing.of(column, table.name, table.columns, "ratings")
    wanted = [c for c in (*REQUIRED, "mode", "round") if c in table.columns]
    rows = collect(table).select(wanted)
    reader = _Reader({"segment": segments, "item": items}, before)
    for number, values in enumerate(zip(*(rows[c].to_pylist() for c in wanted), strict=True), 1):
        reader.read(number, dict(zip(wanted, values, strict=True)))
    if reader.mistakes:
        raise _refused(table.name, reader.mistakes)
    notes = list(table.notes)
    if "mode" not in wanted:
        notes.append(f"{table.name} has no column 'mode': all its ratings count as proxy ratings.")
    notes += [f"{table.name}: {note}" for note in (*reader.unsaid(), *reader.gaps())]
    source = Source(
        name=table.name,
        rows=rows.num_rows,
        columns=len(table.columns),
        fingerprint=fingerprint(table),
    )
    return RatingTable(reader.lines, source, notes)


class _Reader:
    """Rows to ratings; what is wrong is collected."""

    def __init__(self, known: Mapping[str, Sequence[str] | None], before: Sequence[Line]) -> None:
        self.known = known
        self.first = {line.key: line.place for line in before}
        self.sets = {name: set(ids) for name, ids in known.items() if ids is not None}
        self.lines: list[Line] = []
        self.mistakes: list[tuple[int, str]] = []
        self.empty: dict[Any, int] = {}
        self.no_mode = 0

    def read(self, number: int, row: Mapping[str, Any]) -> None:
        if row["value"] is None:
            turn = row.get("round")
            self.empty[turn] = self.empty.get(turn, 0) + 1
            return
        wrong = list(self._wrong(row))
        if wrong:
            self.mistakes += [(number, text) for text in wrong]
            return
        value = _number(row["value"])
        turn = row.get("round")
        assert value is not None
        line = Line(
            _name(row["rater"]),
            _name(row["segment"]),
            _name(row["item"]),
            value,
            _mode(row) == "direct",
            1 if turn is None else int(turn),
            f"row {number}",
        )
        before = self.first.setdefault(line.key, line.place)
        if before is not line.place:
            self.mistakes.append(
                (number, f"the same rater, segment, item and round as in {before}. Keep one.")
            )
        self.no_mode += "mode" in row and not _name(row["mode"])
        self.lines.append(line)

    def unsaid(self) -> Iterator[str]:
        """Say how many ratings have an empty cell for the mode."""
        if self.no_mode:
            said = "1 row has no mode; it counts as a proxy rating."
            many = f"{self.no_mode:,} rows have no mode; they count as proxy ratings."
            yield said if self.no_mode == 1 else many

    def gaps(self) -> Iterator[str]:
        """Say where values are missing; a round that nobody has begun is not missing."""
        begun = {line.round for line in self.lines}
        waiting = [turn for turn in self.empty if isinstance(turn, int) and turn not in begun]
        for turn in sorted(waiting) if begun else []:
            yield f"round {turn} has no values yet."
        empty = sum(n for turn, n in self.empty.items() if not begun or turn not in waiting)
        if empty:
            noun = "row has" if empty == 1 else "rows have"
            yield f"{empty} {noun} no value; a rating is missing there."

    def _wrong(self, row: Mapping[str, Any]) -> Iterator[str]:
        for column in ("rater", "segment", "item"):
            if not _name(row[column]):
                yield f"no {column}. Fill it in, or take the row out."
        for column, ids in self.known.items():
            name = _name(row[column])
            if ids is not None and name and name not in self.sets[column]:
                some = ", ".join(ids[:10])
                advice = nearest(name, ids) or f"Expected one of: {some}."
                yield f"there is no {column} {_shown(name)} in the canvas. {advice}"
        value = _number(row["value"])
        if value is None:
            yield (
                f"value is {_shown(row['value'])}, which is not a number. "
                f"Expected {LOWEST:g} to {HIGHEST:g}."
            )
        elif not LOWEST <= value <= HIGHEST:
            yield f"value is {value:g}. Expected {LOWEST:g} to {HIGHEST:g}."
        mode = _mode(row)
        if mode not in MODES:
            guess = nearest(mode, MODES)
            yield f"mode is {_shown(mode)}. Expected direct or proxy. {guess}".strip()
        turn = row.get("round")
        whole = None if turn is None else _number(turn)
        if turn is not None and (whole is None or not 1 <= whole <= LAST_ROUND or whole % 1):
            yield f"round is {_shown(turn)}. Expected a whole number from 1 to {LAST_ROUND:,}."


def _name(value: object) -> str:
    """Return a name as it counts: without spaces around it; nothing where there is none."""
    return "" if value is None else level_name(value).strip()


def _mode(row: Mapping[str, Any]) -> str:
    return _name(row.get("mode")).lower() or "proxy"


def _number(value: Any) -> float | None:
    """Return a number, also from text with the signs that people and word processors write."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    # A spreadsheet writes an apostrophe before -3, so that it is no formula.
    text = str(value).strip().removeprefix("'").replace("−", "-").replace("–", "-")
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _refused(name: str, mistakes: Sequence[tuple[int, str]]) -> DataError:
    if len(mistakes) == 1:
        number, text = mistakes[0]
        return DataError(f"{name}, row {number}: {text}", "Row 1 is the first with data.")
    rows = len({number for number, _ in mistakes})
    lines = [f"  row {number}: {text}" for number, text in mistakes[:_MOST]]
    if len(mistakes) > _MOST:
        lines.append(f"  and {len(mistakes) - _MOST} more")
    noun = "row" if rows == 1 else "rows"
    return DataError(
        f"{name}: {rows} {noun} cannot be used:\n" + "\n".join(lines),
        "Row 1 is the first with data.",
    )
