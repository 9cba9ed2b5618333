"""Shapes of tables by hand: wide ones, saved indexes, archives, rules on rows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from forwhom.documents.models import Rule
from forwhom.errors import OptionError, SourceError, SourceMissing
from forwhom.tables import archives, collect, open_table
from forwhom.tables.columns import Column
from forwhom.tables.indexes import index_columns
from forwhom.tables.rows import count_duplicates
from forwhom.tables.rules import evaluate_rules
from forwhom.tables.wide import lacks, numbers_of, others, unpivoted


def test_wide_tables_become_one_row_for_each_answer() -> None:
    table = open_table(
        pd.DataFrame({"Who": ["a", "b"], "X (now)": [1.0, 2.5], "Y (now)": [3.0, None]})
    )
    assert lacks(table, "item")
    assert not lacks(table, "WHO")
    assert others(table, "who") == ["X (now)", "Y (now)"]
    assert numbers_of(table, table.columns) == ["X (now)", "Y (now)"]
    long = unpivoted(
        table,
        "item",
        {"X": {"now": "X (now)"}, "Y": {"now": "Y (now)", "then": "Y (now)"}},
        ["who"],
    )
    assert collect(long).to_pydict() == {
        "Who": ["a", "a", "b", "b"], "item": ["X", "Y", "X", "Y"],
        "now": ["1", "3", "2.5", None], "then": [None, "3", None, None],
    }  # fmt: skip


def test_saved_indexes_are_known_by_their_names() -> None:
    assert index_columns(["", "Unnamed: 0.1", "a", "row"]) == ("", "Unnamed: 0.1")
    assert index_columns(["a", "__index_level_0__"]) == ("__index_level_0__",)
    schema = pa.schema(
        [("k", pa.int64())], {b"pandas": json.dumps({"index_columns": ["k", "z", {}]})}
    )
    assert index_columns(["a", "k"], schema) == ("k",)
    broken = pa.schema([("k", pa.int64())], {b"pandas": b"{"})
    assert index_columns(["a", "k"], broken) == ()
    assert index_columns(["a", "k"], pa.schema([("k", pa.int64())])) == ()
    assert index_columns(["a", "k"], object()) == ()


def packed(place: Path, **files: str) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return place


def test_archives_hold_tables_without_what_systems_put_beside(tmp_path: Path) -> None:
    two = packed(tmp_path / "two.zip", b_csv="x\n1\n", d__a_csv="x\n2\n", notes_md="", c_zip="")
    assert archives.tables_in(two) == ["b.csv", "d/a.csv"]
    assert archives.inner_archives(two) == ["c.zip"]
    with pytest.raises(SourceError, match="holds 2 tables"):
        archives.unpacked(two, None)
    with pytest.raises(SourceMissing, match=r"holds no table 'z\.csv'"):
        archives.unpacked(two, "z.csv")
    assert archives.unpacked(two, "d/a.csv").read_text() == "x\n2\n"
    none = packed(tmp_path / "none.zip", c_zip="")
    with pytest.raises(SourceError, match=r"It holds another archive, c\.zip"):
        archives.unpacked(none, None)
    empty = packed(tmp_path / "empty.zip")
    with pytest.raises(SourceError, match="Give an archive with CSV or Excel files"):
        archives.unpacked(empty, None)
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.writestr("../a.csv", "x")
    with pytest.raises(SourceError, match=r"names files outside of itself, such as '\.\./a\.csv'"):
        archives.tables_in(tmp_path / "out.zip")
    (tmp_path / "bad.zip").write_bytes(b"PK and no more")
    with pytest.raises(SourceError, match="cannot be unpacked"):
        archives.tables_in(tmp_path / "bad.zip")


def test_archives_that_unpack_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_ALWAYS", 1_000)
    monkeypatch.setattr(archives, "MOST_TIMES", 1)
    monkeypatch.setattr(archives, "_BLOCK", 100)
    fine = packed(tmp_path / "fine.zip", a_csv="x" * 1_000)
    assert archives.unpacked(fine, None).stat().st_size == 1_000
    bomb = packed(tmp_path / "bomb.zip", a_csv="x" * 1_001)
    with pytest.raises(SourceError, match=r"a\.csv takes more than 0 MB unpacked"):
        archives.unpacked(bomb, None)
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    many = packed(tmp_path / "many.zip", a_csv="", b_csv="", c_csv="")
    with pytest.raises(SourceError, match="holds 3 files"):
        archives.tables_in(many)


def test_the_first_rule_that_holds_takes_a_row() -> None:
    columns = {
        "x": Column("x", np.array([1.0, 5.0, np.nan, 9.0])),
        "l": Column("l", np.array([0, 1, -1, 0], np.int32), ("a", "b")),
    }
    rules = [Rule(name="big", when="x > 4"), Rule(name="a", when="l = 'a'")]
    assert evaluate_rules(columns, rules).tolist() == [1, 0, 2, 0]
    assert evaluate_rules(columns, []).tolist() == [0] * 4
    for when, message in (
        ("x + 1", "gives a double, not yes or no"), ("y > 1", "is wrong"), ("x >", "is wrong"),
        ("unnest([true, false])", "gives 8 answers for 4 rows"),
    ):  # fmt: skip
        with pytest.raises(OptionError, match=message):
            evaluate_rules(columns, [Rule(name="r", when=when)])


def test_rows_that_repeat_another_are_counted() -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 1], "b": ["x", "x", "x", None]})
    assert count_duplicates(open_table(frame)) == 1


def test_an_archive_is_read_after_one_that_was_refused(tmp_path: Path) -> None:
    for name in ("damaged", "whole"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("x.csv", "a,b\n1,2\n3,4\n")
    packed = (tmp_path / "damaged.zip").read_bytes()
    (tmp_path / "damaged.zip").write_bytes(packed.replace(b"1,2", b"1,7", 1))
    with pytest.raises(SourceError):
        open_table(tmp_path / "damaged.zip")
    assert collect(open_table(tmp_path / "whole.zip")).num_rows == 2
