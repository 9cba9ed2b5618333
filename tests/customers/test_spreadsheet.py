"""Members, scores and features as a workbook."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from forwhom.customers import spreadsheet
from forwhom.customers.members import write_members
from forwhom.errors import OutputError

TABLE = pa.table({
    "Customer ID": ["=1+1", "0012"], "segment": pa.array([1, 0], pa.int32()), "p1": [0.9, None],
    "day": [date(2024, 3, 1), None], "time": [datetime(2024, 3, 1, 8, 30), None],
    "yes": [True, False], "long": [2**60, 7],
})  # fmt: skip


def test_a_sheet_holds_what_the_table_holds_and_no_formula(tmp_path: Path) -> None:
    names = {1: "Frequent, recent", 0: "None of these"}
    path = write_members(TABLE, tmp_path / "scored.xlsx", names=names)
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows())
    assert [c.value for c in rows[0]] == [
        "Customer ID", "segment", "segment_name", "p1", "day", "time", "yes", "long",
    ]  # fmt: skip
    assert [c.value for c in rows[1]] == [
        "=1+1", 1, "Frequent, recent", 0.9, datetime(2024, 3, 1), datetime(2024, 3, 1, 8, 30),
        True, str(2**60),
    ]  # fmt: skip
    assert [c.value for c in rows[2]] == ["0012", 0, "None of these", None, None, None, False, 7]
    assert rows[1][0].data_type == rows[2][0].data_type == "s"
    again = write_members(TABLE, tmp_path / "again.xlsx", names=names)
    assert again.read_bytes() == path.read_bytes()


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "_MOST_ROWS", 2)
    with pytest.raises(OutputError, match="holds 1 rows, and these are 2"):
        write_members(TABLE, tmp_path / "scored.xlsx")
    assert not (tmp_path / "scored.xlsx").exists()
