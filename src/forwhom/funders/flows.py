"""Funding flows of a table: who gives what to whom, until when, what for and where."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forwhom.documents.canvas.strategy import FundingFlow
from forwhom.errors import ColumnMissing, DataError
from forwhom.tables.frames import Table, collect
from forwhom.tables.sources import open_table

COLUMNS = ("from", "to", "amount", "currency", "date", "until", "sector", "country")
_NEEDED = ("from", "to", "amount")
_EXPECTED = {
    "from": "the name of the giver",
    "to": "the name of the receiver, or nothing where it is unknown",
    "amount": "a number, 0 or more",
    "currency": "three capital letters of ISO 4217, such as EUR",
    "date": "a day such as 2026-01-31",
    "until": "a day such as 2026-12-31",
    "sector": "words or a DAC code",
    "country": "the name of a country or its ISO code",
}


def read_flows(source: str | Path | Table) -> list[FundingFlow]:
    """Read funding flows from a table.

    Parameters
    ----------
    source
        A CSV, Parquet or Excel file with the columns ``from``, ``to`` and ``amount``, and where
        they are known ``currency`` (USD when left out), ``date``, ``until``, ``sector``,
        ``country``. Other columns are passed over.

    Returns
    -------
    list of FundingFlow
        In the order of the rows; an empty ``to`` is an unknown receiver.

    Raises
    ------
    ColumnMissing
        ``from``, ``to`` or ``amount`` is not there.
    DataError
        A cell cannot be used; the message names its row and column.
    """
    table = source if isinstance(source, Table) else open_table(source)
    names = {column.casefold().strip(): column for column in table.columns}
    for column in _NEEDED:
        if column not in names:
            raise ColumnMissing.of(column, table.name, table.columns)
    rows = collect(table).to_pylist()
    return [_flow(row, names, table.name, number) for number, row in enumerate(rows, start=1)]


def _flow(row: dict[str, Any], names: dict[str, str], table: str, number: int) -> FundingFlow:
    cells = {column: row[names[column]] for column in COLUMNS if column in names}
    given = {column: _cell(column, value) for column, value in cells.items() if value is not None}
    if "from" not in given:
        given["from"] = ""
    try:
        return FundingFlow.model_validate(given)
    except ValidationError as error:
        column = str(error.errors(include_url=False)[0]["loc"][0])
        shown = str(given.get(column, "empty"))[:40]
        raise DataError(
            f"{table}, row {number}: {column!r} is {shown!r}.",
            f"Expected {_EXPECTED[column]}.",
        ) from error


def _cell(column: str, value: Any) -> Any:
    if column == "amount":
        return value
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    text = str(value).strip()
    return text.upper() if column == "currency" else text
