"""Members, scores and features as a workbook of Excel."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from forwhom.errors import OutputError

#: A sheet has no more rows, the heading among them.
_MOST_ROWS = 1 << 20
#: Numbers of more digits are rounded by Excel, so they are written as text.
_MOST_EXACT = 10**15
#: Every run writes the same bytes.
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)


def workbook_bytes(table: pa.Table, names: Mapping[int, str]) -> bytes:
    """Return a table as the bytes of an .xlsx file; segments have their names beside them.

    No cell is a formula or a link: text stays text.
    """
    import xlsxwriter

    if table.num_rows >= _MOST_ROWS:
        raise OutputError(
            f"a sheet of Excel holds {_MOST_ROWS - 1:,} rows, and these are {table.num_rows:,}.",
            "Write .parquet or .csv, which hold any number.",
        )
    table = _with_names(table, names)
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        book.set_properties({"created": _WRITTEN})
        forms = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        sheet = book.add_worksheet("Customers")
        sheet.freeze_panes(1, 1)
        for position, name in enumerate(table.column_names):
            sheet.write_string(0, position, name, forms["head"])
            sheet.set_column(position, position, min(40, max(10, len(name) + 2)))
            for row, value in enumerate(table.column(position).to_pylist(), 1):
                _write(sheet, row, position, value, forms)
    return out.getvalue()


def _with_names(table: pa.Table, names: Mapping[int, str]) -> pa.Table:
    """Return a table in which the name of each segment stands beside its number."""
    if not names or "segment" not in table.column_names[1:]:
        return table
    at = table.column_names.index("segment", 1)
    called = pa.array([names.get(one) for one in table.column(at).to_pylist()], pa.string())
    return table.add_column(at + 1, "segment_name", called)


def _write(sheet: Any, row: int, column: int, value: Any, forms: Mapping[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        if abs(value) < _MOST_EXACT:
            sheet.write_number(row, column, value)
        elif isinstance(value, int):
            sheet.write_string(row, column, str(value))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), forms["time"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, forms["day"])
    else:
        sheet.write_string(row, column, str(value)[:32_767])
