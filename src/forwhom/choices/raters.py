"""Ratings of a canvas and of a table: who rated what, for whom, and where it stands."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.ratings import HIGHEST, LAST_ROUND, LOWEST
from forwhom.documents.mistakes import Mistake, refused
from forwhom.documents.names import Names, one_spelling
from forwhom.documents.segmentation import Source
from forwhom.languages.catalog import tr, tr_count
from forwhom.tables import Table, fingerprint, row_count
from forwhom.tables.records import Field, Named, Number, Record, Records, Text, Word, read_records
from forwhom.tables.wide import lacks, numbers_of, others, unpivoted
from forwhom.wording import listed

#: Rater, segment, item and round: what may be there only once.
Key = tuple[str, str, str, int]


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
    def key(self) -> Key:
        """What may be there only once."""
        return self.rater, self.segment, self.item, self.round


@dataclass(frozen=True)
class RatingTable:
    """The ratings of a table, with what a reader must know."""

    lines: list[Line]
    source: Source
    notes: list[str]


def canvas_lines(canvas: Canvas) -> list[Line]:
    """Return the ratings that stand in a canvas."""
    if canvas.alignment is None:
        return []
    lines: list[Line] = []
    mistakes: list[Mistake] = []
    first: dict[Key, int] = {}
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
    segments: Names | None = None,
    items: Names | None = None,
    before: Sequence[Line] = (),
    *,
    quoting: bool = True,
) -> RatingTable:
    """Return the ratings of a table; without quoting, no message holds what a cell does."""
    fields = {
        "rater": Field(Text(), filled=True),
        "segment": Field(Named(segments) if segments else Text(), filled=True),
        "item": Field(Named(items) if items else Text(), filled=True),
        "value": Field(Number(LOWEST, HIGHEST)),
        "mode": Field(Word(("direct", "proxy")), needed=False),
        "round": Field(Number(1, LAST_ROUND, whole=True), needed=False),
    }
    long, each, notes = _one_rating_a_row(table, items, quoting)
    records = read_records(long, fields, about="value", quoting=quoting, each=each)
    notes += records.notes
    if "mode" not in records.columns:
        notes.append(
            tr(
                "{table} has no column 'mode': all its ratings count as proxy ratings.",
                table=table.name,
            )
        )
    rated = [record for record in records if record["value"] is not None]
    lines = [_line(record) for record in rated]
    lines, spelled = (lines, []) if segments and items else _with_one_spelling(lines)
    _refuse_again(records, rated, lines, before)
    records.check()
    said = (*spelled, *_without_mode(records, rated), *_gaps(records, lines))
    notes += [f"{table.name}: {note}" for note in said]
    source = Source(
        name=table.name,
        rows=row_count(table),
        columns=len(table.columns),
        fingerprint=fingerprint(table),
    )
    return RatingTable(lines, source, notes)


def _one_rating_a_row(
    table: Table, items: Names | None, quoting: bool
) -> tuple[Table, int, list[str]]:
    """Return a table of one row for each rater as one of one row for each rating.

    Items are the columns whose heading names one, or, without a canvas, all that hold numbers.
    """
    if not lacks(table, "item", "value") or lacks(table, "rater"):
        return table, 1, []
    rest = others(table, "rater", "segment", "mode", "round")
    if items is None:
        named = {column: column for column in numbers_of(table, rest)}
    else:
        meant = {column: items.meant(column) for column in rest}
        named = {column: found[0] for column, found in meant.items() if len(found) == 1}
    if not named:
        return table, 1, []
    answers = {thing: {"value": column} for column, thing in named.items()}
    left = [column for column in rest if column not in named]
    notes = [
        tr_count(
            "{table}: one row for each rater; {n} column is an item.",
            "{table}: one row for each rater; {n} columns are items.",
            len(answers),
            table=table.name,
        )
    ]
    if left and quoting:
        shown = listed([repr(column) for column in left], most=5)
        notes.append(
            tr(
                "{table}: these columns are no items and were not read: {columns}.",
                table=table.name,
                columns=shown,
            )
        )
    long = unpivoted(table, "item", answers, ("rater", "segment", "mode", "round"))
    return long, len(answers), notes


def _line(record: Record) -> Line:
    return Line(
        rater=record["rater"],
        segment=record["segment"],
        item=record["item"],
        value=record["value"],
        direct=record["mode"] == "direct",
        round=int(record["round"] or 1),
        place=f"row {record.number}",
    )


def _with_one_spelling(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """Give segments, and items, that differ in capitals and spaces only one name."""
    segments = one_spelling(line.segment for line in lines)
    items = one_spelling(line.item for line in lines)
    notes = [
        f"the {what} {other!r} counts as {usual!r}: they differ in capitals or spaces only."
        for what, spelled in (("segment", segments), ("item", items))
        for other, usual in sorted(spelled.items())
        if other != usual
    ]
    named = [replace(one, segment=segments[one.segment], item=items[one.item]) for one in lines]
    return named, notes


def _refuse_again(
    records: Records, rated: Sequence[Record], lines: Sequence[Line], before: Sequence[Line]
) -> None:
    """Refuse ratings that are there already."""
    first = {line.key: line.place for line in before}
    for record, line in zip(rated, lines, strict=True):
        where = first.setdefault(line.key, line.place)
        if where is not line.place:
            why = f"the same rater, segment, item and round as in {where}. Keep one."
            records.refuse(record.number, why)


def _without_mode(records: Records, rated: Sequence[Record]) -> Iterator[str]:
    """Say how many ratings have an empty cell for the mode."""
    n = sum("mode" in records.columns and record["mode"] is None for record in rated)
    if n:
        yield tr_count(
            "{n} row has no mode; it counts as a proxy rating.",
            "{n} rows have no mode; they count as proxy ratings.",
            n,
        )


def _gaps(records: Records, lines: Sequence[Line]) -> Iterator[str]:
    """Say where values are missing; a round that nobody has begun is not missing."""
    empty = Counter(record["round"] for record in records if record["value"] is None)
    begun = {line.round for line in lines}
    waiting = sorted(n for n in empty if n is not None and n not in begun) if begun else []
    for number in waiting:
        yield tr("round {number} has no values yet.", number=int(number))
    gaps = sum(n for number, n in empty.items() if number not in waiting)
    if gaps:
        yield tr_count(
            "{n} row has no value; a rating is missing there.",
            "{n} rows have no value; a rating is missing there.",
            gaps,
        )
