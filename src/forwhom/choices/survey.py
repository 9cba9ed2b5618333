"""What respondents say about needs: a table, one row for each respondent and need."""

import numpy as np

from forwhom.choices.respondents import Answers
from forwhom.documents.canvas import Canvas, named_file
from forwhom.documents.names import Names
from forwhom.errors import DataError, DocumentError, ForwhomError
from forwhom.tables import Table, open_table
from forwhom.tables.records import Field, Named, Number, Record, Records, Text, read_records
from forwhom.tables.wide import lacks, others, unpivoted

#: Ends of the scale where nothing else is said.
_LOW, _HIGH = 0.0, 10.0
#: From so many answers on, an upper end that nobody reaches says something; scales of other surveys
#: end at 7 at most.
_ENOUGH, _SHORT = 20, 7.0
#: How importance and satisfaction are called in headings of wide tables.
_ASKED = {
    "importance": ("importance", "wichtigkeit", "bedeutung", "importancia", "belang"),
    "satisfaction": ("satisfaction", "zufriedenheit", "satisfacción", "tevredenheid"),
}
_BETWEEN = " \t:;.,-–—_/|()[]?\"'"


def answers_of(canvas: Canvas, source: object | None) -> Answers | None:
    """Return what respondents said: in a table, or in the file that the canvas names."""
    if source is not None:
        return read_answers(canvas, open_table(source))
    if not canvas.need_ratings:
        return None
    with named_file(canvas, canvas.need_ratings, "need_ratings") as path:
        table = open_table(path)
    return read_answers(canvas, table, quoting=False)


def unread_answers(canvas: Canvas) -> list[str]:
    """Say why the answers that a canvas names could not be read; nothing where they could."""
    try:
        answers_of(canvas, None)
    except ForwhomError as error:
        return [f"The answers in {canvas.need_ratings!r} could not be read: {error.problem}"]
    return []


def read_answers(canvas: Canvas, table: Table, *, quoting: bool = True) -> Answers:
    """Read what respondents said, and check every row against the canvas."""
    segments = {segment.id: segment.name for segment in canvas.segments}
    needs = {need.id: need.statement for need in canvas.needs}
    low, high = _ends(canvas)
    advice = "Say another scale as need_scale in the canvas, such as need_scale: [1, 5]."
    answer = Field(Number(low, high, advice=advice))
    known = Names("need", "in the canvas", needs)
    long, each = _one_need_a_row(table, known)
    fields = {
        "respondent": Field(Text(), filled=True),
        "segment": Field(Named(Names("segment", "in the canvas", segments))),
        "need": Field(Named(known), filled=True),
        "importance": answer,
        "satisfaction": answer,
    }
    records = read_records(long, fields, quoting=quoting, each=each)
    _refuse_contradictions(records)
    records.check()
    if not canvas.need_scale:
        _ask_for_scale(records)
    return _matrix(list(needs), records, low, high)


def _ends(canvas: Canvas) -> tuple[float, float]:
    """Return the lowest and the highest answer of the scale that a canvas says."""
    scale = canvas.need_scale or [_LOW, _HIGH]
    if len(scale) < 2 or not scale[0] < scale[1]:
        raise DocumentError(
            f"{canvas.place('need_scale') or 'the canvas'}: 'need_scale' is not two numbers that "
            "go up.",
            "Write the lowest and the highest answer, such as need_scale: [1, 5].",
        )
    return scale[0], scale[1]


def _one_need_a_row(table: Table, needs: Names) -> tuple[Table, int]:
    """Return a table of one row for each respondent as one of one row for each need, too."""
    if not lacks(table, "need", "importance", "satisfaction"):
        return table, 1
    answers: dict[str, dict[str, str]] = {}
    for column in others(table, "respondent", "segment"):
        for asked, words in _ASKED.items():
            for word in words:
                before, found, after = column.casefold().rpartition(word)
                meant = needs.meant(f"{before.strip(_BETWEEN)} {after.strip(_BETWEEN)}".strip())
                if found and len(meant) == 1:
                    answers.setdefault(meant[0], {}).setdefault(asked, column)
    if not answers:
        return table, 1
    return unpivoted(table, "need", answers, ("respondent", "segment")), len(answers)


def _ask_for_scale(records: Records) -> None:
    """Refuse answers that fit 0 to 10 as well as a shorter scale: nobody can tell which it was."""
    given = [record[asked] for record in records for asked in _ASKED]
    found = [answer for answer in given if answer is not None]
    whole = all(answer == int(answer) for answer in found)
    if len(found) >= _ENOUGH and whole and max(found) <= _SHORT:
        top = 5 if max(found) <= 5 else int(_SHORT)
        raise DataError(
            f"{records.name}: no answer is above {top}, so they fit a scale that ends at {top} as "
            "well as 0 to 10.",
            f"Say which it was, in the canvas: need_scale: [1, {top}], or need_scale: [0, 10].",
        )


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


def _matrix(needs: list[str], records: Records, low: float, high: float) -> Answers:
    """Return one row per respondent and one column per need, on a scale of 0 to 10."""
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
    importance, satisfaction = (
        (one - low) * (_HIGH / (high - low)) if (low, high) != (_LOW, _HIGH) else one
        for one in (importance, satisfaction)
    )
    return Answers(segments, needs, importance, satisfaction, records.name)
