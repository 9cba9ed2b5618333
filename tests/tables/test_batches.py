"""Rows read some at a time are those read whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forwhom.tables import batches, collect_columns, open_table
from forwhom.tables.batches import batches_of

MEASURES = {"plan": "nominal", "size": "ordinal", "note": "nominal"}


def customers(path: Path, late: str | None) -> Path:
    """Write customers, of whom the last but ten has another plan."""
    plan: list[str | None] = ["basic", "plus", None, "basic"] * 250
    plan[-10] = late
    size = [1, 2, 3, 2] * 250
    note = [None] * 999 + ["said"]
    pq.write_table(pa.table({"id": range(1000), "plan": plan, "size": size, "note": note}), path)
    return path


@pytest.mark.parametrize("late", ["basic", None, "  ", "Plus", "'; DROP"])
def test_a_spelling_that_comes_late_is_read_as_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: str | None
) -> None:
    monkeypatch.setattr(batches, "_FIRST", 100)
    monkeypatch.setattr(batches, "ROWS", 64)
    table = open_table(customers(tmp_path / "customers.parquet", late))
    _, whole = collect_columns(table, MEASURES)
    levels = {name: one.levels for name, one in whole.items() if one.levels}
    read = list(batches_of(table, MEASURES, id_column="id", levels=levels))
    assert np.array_equal(np.concatenate([one.ids for one in read]), np.arange(1000))
    for name in MEASURES:
        codes = np.concatenate([one.columns[name].values for one in read])
        np.testing.assert_array_equal(codes, whole[name].values)


def test_where_the_first_rows_tell_the_table_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[object] = []
    few = batches._few
    monkeypatch.setattr(
        batches, "_few", lambda rows, texts: listed.append(texts) or few(rows, texts)
    )
    table = open_table(customers(tmp_path / "customers.parquet", "plus"))
    assert sum(map(len, batches_of(table, MEASURES))) == 1000
    assert len(listed) == 1
