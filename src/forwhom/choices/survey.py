"""What respondents say about needs: a table, one row for each respondent and need."""

import numpy as np

from forwhom.choices.respondents import Answers
from forwhom.documents.canvas import Canvas, named_file
from forwhom.documents.names import Names
from forwhom.tables import Table, open_table
from forwhom.tables.records import Field, Named, Number, Record, Records, Text, read_records

_ANSWER = Field(
    Number(0, 10, advice="Answers on another scale must be brought to 0 to 10 first."),
)


def answers_of(canvas: Canvas, source: object | None) -> Answers | None:
    """Return what respondents said: in a table, or in the file that the canvas names."""
    if source is not None:
        return read_answers(canvas, open_table(source))
    if not canvas.need_ratings:
        return None
    with named_file(canvas, canvas.need_ratings, "need_ratings") as path:
        table = open_table(path)
    return read_answers(canvas, table, quoting=False)


def read_answers(canvas: Canvas, table: Table, *, quoting: bool = True) -> Answers:
    """Read what respondents said, and check every row against the canvas."""
    segments = {segment.id: segment.name for segment in canvas.segments}
    needs = {need.id: need.statement for need in canvas.needs}
    fields = {
        "respondent": Field(Text(), filled=True),
        "segment": Field(Named(Names("segment", "in the canvas", segments))),
        "need": Field(Named(Names("need", "in the canvas", needs)), filled=True),
        "importance": _ANSWER,
        "satisfaction": _ANSWER,
    }
    records = read_records(table, fields, quoting=quoting)
    _refuse_contradictions(records)
    records.check()
    return _matrix(list(needs), records)


def _refuse_contradictions(records: Records) -> None:
    """Refuse answers that are given twice, and respondents of two segments."""
    answered: dict[tuple[str, str], int] = {}
    member: dict[str, Record] = {}
    for record in records:
        respondent, need, segment = record["respondent"], record["need"], record["segment"]
        row = answered.setdefault((respondent, need), record.number)
        if row != record.number:
            records.refuse(
                record.number,
                f"this respondent rated {need!r} in row {row} already. Keep one answer of each "
                "respondent to each need.",
            )
        first = record if segment is None else member.setdefault(respondent, record)
        if first["segment"] != segment:
            records.refuse(
                record.number,
                f"this respondent is of the segment {segment!r}, and of {first['segment']!r} in "
                f"row {first.number}. Each respondent is of one segment; give another code name "
                "where one person answers for two.",
            )


def _matrix(needs: list[str], records: Records) -> Answers:
    """Return one row per respondent and one column per need, in an order of their own."""
    respondents = sorted({record["respondent"] for record in records})
    row = {respondent: i for i, respondent in enumerate(respondents)}
    column = {need: j for j, need in enumerate(needs)}
    importance = np.full((len(respondents), len(needs)), np.nan)
    satisfaction = importance.copy()
    segments: list[str | None] = [None] * len(respondents)
    for record in records:
        i, j = row[record["respondent"]], column[record["need"]]
        importance[i, j] = np.nan if record["importance"] is None else record["importance"]
        satisfaction[i, j] = np.nan if record["satisfaction"] is None else record["satisfaction"]
        segments[i] = record["segment"] or segments[i]
    return Answers(segments, needs, importance, satisfaction, records.name)
