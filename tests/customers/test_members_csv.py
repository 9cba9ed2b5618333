"""Members as CSV: no spreadsheet takes an id for a formula, and the ids come back."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.members import members_table, read_members, write_members

FORMULAS = [
    "=1+1", "@SUM(A1)", "+A1", "-A1", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1+1", "\uff20SUM(1)",
    "\uff0bA1", "\uff0dA1", "'=1", "\ufeff=1", "\u00a0=1",
]  # fmt: skip
PLAIN = ["007", "-12", "+49", "-1.5", "it's", "a=b", "C-1", "x@y.org", "München", "a; b"]


def written(ids: list[str | None], folder: Path, name: str = "customer_id") -> Path:
    n = len(ids)
    table = members_table(pa.array(ids), name, np.ones(n, dtype=np.int32), np.ones((n, 1)))
    return write_members(table, folder / "m.csv")


def cells(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row[0] for row in csv.reader(file)]


def test_formulas_are_marked_and_come_back(tmp_path: Path) -> None:
    path = written([*FORMULAS, *PLAIN], tmp_path, "=cmd()")
    head, *ids = cells(path)
    assert head == "'=cmd()"
    assert ids == [f"'{text}" for text in FORMULAS] + PLAIN
    back = read_members(path)
    assert back.column_names[0] == "=cmd()"
    assert back.column(0).to_pylist() == [*FORMULAS, *PLAIN]


@pytest.mark.parametrize("text", ["a;=1+1", "a\t@SUM(1)", "a;b;+A1", "a\n=1", 'a;"=1'])
def test_where_another_sign_splits_cells_no_formula_starts(tmp_path: Path, text: str) -> None:
    [_, cell] = cells(written([text], tmp_path))
    for part in cell.replace("\t", ";").replace("\n", ";").split(";"):
        assert not part.strip(' "').startswith(("=", "+", "-", "@"))


def test_parquet_keeps_ids_as_they_are(tmp_path: Path) -> None:
    n = len(FORMULAS)
    table = members_table(pa.array(FORMULAS), "id", np.ones(n, dtype=np.int32), np.ones((n, 1)))
    path = write_members(table, tmp_path / "m.parquet")
    assert read_members(path).column(0).to_pylist() == FORMULAS
