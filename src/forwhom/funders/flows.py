import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from forwhom.documents.canvas.economy import FundingFlow
from forwhom.documents.names import name_key
from forwhom.errors import DataError
from forwhom.languages.catalog import tr_count
from forwhom.tables import Table, open_table
from forwhom.tables.records import Day, Field, Number, Text, Word, read_records, shown
from forwhom.wording import listed


@dataclass(frozen=True)
class _Currency:
    """Three letters, whatever their capitals."""

    typed = False

    def read(self, cell: Any, column: str) -> str:
        code = str(cell).strip().upper()
        if not re.fullmatch("[A-Z]{3}", code):
            problem = f"{column} is {shown(cell)}."
            raise DataError(problem, "Expected three letters of ISO 4217, such as EUR.")
        return code

    def unfit(self, cell: Any) -> str:  # noqa: ARG002 - it is no code whatever it is
        return "is no currency"


def _words_of(key: str) -> tuple[str, ...]:
    """Return the words that a canvas takes for a key of a flow."""
    allowed = FundingFlow.model_fields[key].annotation
    return tuple(word for part in get_args(allowed) for word in get_args(part))


#: Where the column is asked as a question.
_EARMARKED = dict.fromkeys(("yes", "y", "true", "1"), "earmarked") | dict.fromkeys(
    ("no", "n", "false", "0"), "unearmarked"
)
#: What our own tables hold besides.
_OURS = ("from_id", "to_id", "sector_code", "country_code")
#: Columns of flows: an empty giver or receiver is unknown.
FIELDS = {
    "from": Field(Text()),
    "to": Field(Text()),
    "amount": Field(Number(), filled=True),
    "currency": Field(_Currency(), needed=False),
    "date": Field(Day(), needed=False),
    "until": Field(Day(), needed=False),
    "sector": Field(Text(), needed=False),
    "country": Field(Text(), needed=False),
    "instrument": Field(Word(_words_of("instrument")), needed=False),
    "earmarked": Field(Word(_words_of("earmarked"), _EARMARKED), needed=False),
    "term": Field(Word(_words_of("term")), needed=False),
    "route": Field(Word(_words_of("route")), needed=False),
    "decided_by": Field(Text(), needed=False),
}


def read_flows(source: str | Path | Table, *, notes: list[str] | None = None) -> list[FundingFlow]:
    """Read funding flows from a table."""
    table = open_table(source)
    records = read_records(table, FIELDS)
    records.check()
    if notes is not None:
        notes += [f"{records.name}: {note}" for note in records.notes]
    rows = [
        {column: cell for column, cell in record.values.items() if cell is not None}
        for record in records
    ]
    return [FundingFlow.model_validate({"from": ""} | row) for row in rows]


def unread(table: Table) -> list[str]:
    """Say which columns no flow holds; ids and codes of our own export repeat what is read."""
    known = {name_key(column) for column in (*FIELDS, *_OURS)}
    others = [repr(column) for column in table.columns if name_key(column) not in known]
    if not others:
        return []
    return [
        tr_count(
            "not read: the column {columns}; flows have {fields}.",
            "not read: the columns {columns}; flows have {fields}.",
            len(others), columns=listed(others), fields=listed(list(FIELDS)),
        )
    ]  # fmt: skip
