"""Files, folders, workbooks and databases."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from forwhom.errors import DataError, SourceError, SourceMissing
from forwhom.tables import collect, kinds, open_table, row_count, table_of

ROWS = pa.table({"id": [1, 2, 3], "city": ["Rome", None, "Oslo"]})


def test_parquet_file_folder_and_glob(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    pyarrow.parquet.write_table(ROWS, tmp_path / "a.parquet")
    pyarrow.parquet.write_table(ROWS.select(["city", "id"]), tmp_path / "deep" / "b.parquet")
    (tmp_path / "_SUCCESS").touch()
    assert row_count(open_table(tmp_path / "a.parquet")) == 3
    assert row_count(open_table(tmp_path)) == 6
    assert row_count(open_table(f"{tmp_path}/*.parquet")) == 3
    assert open_table(tmp_path / "a.parquet").name == "a.parquet"
    assert open_table(tmp_path / "a.parquet", name="shops").name == "shops"


def test_nan_in_parquet_is_missing(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"x": [1.0, float("nan")]}), tmp_path / "x.parquet")
    assert collect(open_table(tmp_path / "x.parquet"))["x"].to_pylist() == [1.0, None]


def test_truncated_parquet_is_said(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(ROWS, tmp_path / "rows.parquet")
    whole = (tmp_path / "rows.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut\.parquet") as caught:
        open_table(tmp_path / "cut.parquet")
    assert "damaged or cut off" in caught.value.advice
    (tmp_path / "empty.parquet").touch()
    with pytest.raises(DataError, match="is empty"):
        open_table(tmp_path / "empty.parquet")


def test_damage_inside_parquet_is_said_when_read(tmp_path: Path) -> None:
    rows = pa.table({"x": [str(i * 7919) for i in range(5000)]})
    path = tmp_path / "rows.parquet"
    pyarrow.parquet.write_table(rows, path, use_dictionary=False, compression="zstd")
    broken = bytearray(path.read_bytes())
    broken[100:4000] = bytes(3900)
    path.write_bytes(broken)
    with pytest.raises(SourceError, match=r"rows.parquet cannot be read"):
        collect(open_table(path))


def test_duplicate_names_in_parquet(tmp_path: Path) -> None:
    doubled = pa.table([[1], [2]], names=["a", "a"])
    pyarrow.parquet.write_table(doubled, tmp_path / "x.parquet")
    with pytest.raises(DataError, match="same name: 'a'"):
        open_table(tmp_path / "x.parquet")


def test_a_missing_file_suggests_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceMissing, match=r"Did you mean 'customers.csv'"):
        open_table(tmp_path / "custmers.csv")
    with pytest.raises(SourceMissing, match=r"Tables there: customers.csv"):
        open_table(tmp_path / "x.parquet")
    with pytest.raises(SourceMissing, match="does not exist either"):
        open_table(tmp_path / "no" / "x.parquet")
    with pytest.raises(FileNotFoundError, match="No file matches"):
        open_table(f"{tmp_path}/*.parquet")


def test_a_folder_without_tables(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(SourceError, match="holds no tables"):
        open_table(tmp_path)


def test_files_of_different_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    pyarrow.parquet.write_table(ROWS, tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="different kinds"):
        open_table(f"{tmp_path}/a.*")


@pytest.mark.parametrize("native", [5, {"a": [1]}, [1, 2], None, pd.Series([1])])
def test_what_is_no_table(native: object) -> None:
    with pytest.raises(SourceError, match="is not a table"):
        open_table(native)


def test_mixed_columns_of_pandas() -> None:
    with pytest.raises(DataError, match="column 'a'"):
        open_table(pd.DataFrame({"a": [1, "x"]}))


def test_duplicate_names_in_frames() -> None:
    frames: list[object] = [
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pa.table([[1], [2]], names=["a", "A"]),
        duckdb.sql("SELECT 1 AS a, 2 AS a"),
    ]
    for frame in frames:
        with pytest.raises(DataError, match="same name"):
            table_of(frame)


def test_odd_types_become_usual_ones() -> None:
    relation = duckdb.sql(
        "SELECT 1.50::DECIMAL(9,2) AS money, 7::DECIMAL(18,0) AS id, 3::HUGEINT AS total, "
        "'x'::ENUM('y','x') AS kind, uuid() AS key, [1] AS list, DATE '2020-01-01' AS day"
    )
    assert kinds(open_table(relation)) == {
        "money": "number",
        "id": "number",
        "total": "number",
        "kind": "text",
        "key": "text",
        "list": "other",
        "day": "date",
    }


# Workbooks


def _workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    for index, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if index == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_workbooks(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["id", "n", "share", "day", "at", "ok", "german", None],
        ["007", 1, 0.5, dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4), True, "1,5", "x"],
        ["018", None, 2, dt.date(2020, 1, 3), dt.datetime(2020, 1, 3), False, "NA", "y"],
    ]
    path = _workbook(tmp_path / "shop.xlsx", {"First": rows, "Other": [["a"], [1], ["n/a"]]})
    table = open_table(path)
    assert collect(table).to_pydict() == {
        "id": ["007", "018"],
        "n": [1, None],
        "share": [0.5, 2.0],
        "day": [dt.date(2020, 1, 2), dt.date(2020, 1, 3)],
        "at": [dt.datetime(2020, 1, 2, 3, 4), dt.datetime(2020, 1, 3)],
        "ok": [True, False],
        "german": [1.5, None],
        "column_8": ["x", "y"],
    }
    assert "first of 2 sheets, 'First'" in table.notes[0]
    assert collect(open_table(f"{path}#Other")).to_pydict() == {"a": [1, None]}
    with pytest.raises(SourceMissing, match=r"no sheet 'Othr'\. Did you mean 'Other'"):
        open_table(f"{path}#Othr")


@pytest.mark.parametrize(
    ("rows", "message"),
    [([], "is empty"), ([["a", "b"]], "no rows"), ([["a", "a"], [1, 2]], "same name")],
)
def test_useless_sheets(tmp_path: Path, rows: list[list[object]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        open_table(_workbook(tmp_path / "x.xlsx", {"Sheet": rows}))


def test_an_empty_sheet_names_the_others(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "x.xlsx", {"Read me": [["Customers of May"]], "May": [["a"], [1]]})
    with pytest.raises(DataError, match=r"x\.xlsx#May"):
        open_table(path)


def test_a_title_in_a_sheet_is_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Customers"], [], ["id", "n", "m"], [1, 2, 3]]
    with pytest.raises(DataError, match="for 1 of 3 columns"):
        open_table(_workbook(tmp_path / "x.xlsx", {"Sheet": rows}))


def test_columns_without_name_and_content_are_no_columns(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", 2024, *[None] * 300, "far"], [1, 5]]
    table = open_table(_workbook(tmp_path / "x.xlsx", {"Sheet": rows}))
    assert collect(table).to_pydict() == {"id": [1], "2024": [5], "far": [None]}


def test_pipes_and_broken_links_are_named(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(SourceError, match="a link to a file that is not there"):
        open_table(tmp_path / "link.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(SourceError, match="a pipe or a device"):
        open_table(tmp_path / "pipe.csv")


def test_a_broken_workbook(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(SourceError, match="cannot be read"):
        open_table(tmp_path / "x.xlsx")


# DuckDB files


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE customers AS SELECT 1 AS id, 'NaN'::DOUBLE AS x")
        connection.execute("CREATE SCHEMA sales; CREATE TABLE sales.orders AS SELECT 1 AS id")
        connection.execute("CREATE VIEW everyone AS FROM customers")
    return path


def test_duckdb_files(database: Path) -> None:
    table = open_table(f"duckdb://{database}/customers")
    assert collect(table).to_pylist() == [{"id": 1, "x": None}]
    assert table.name == "customers"
    assert row_count(open_table(f"duckdb://{database}/sales.orders")) == 1
    assert row_count(open_table(f"duckdb://{database}/everyone")) == 1


def test_duckdb_mistakes(database: Path) -> None:
    with pytest.raises(SourceMissing, match=r"no table 'custmers'.*Did you mean 'customers'"):
        open_table(f"duckdb://{database}/custmers")
    with pytest.raises(SourceMissing, match=r"It has: customers, everyone, sales\.orders"):
        open_table(f"duckdb://{database}/zzz")
    with pytest.raises(SourceMissing, match="no file"):
        open_table(f"duckdb://{database}x/customers")
    with pytest.raises(SourceError, match="does not name a file and a table"):
        open_table("duckdb://customers")
    database.with_name("text.db").write_text("no database")
    with pytest.raises(SourceError, match=r"text.db cannot be opened"):
        open_table(f"duckdb://{database.with_name('text.db')}/x")


def test_unknown_schemes_never_show_passwords() -> None:
    with pytest.raises(SourceError, match="mysql://") as caught:
        open_table("mysql://ann:sec@ret@host/shop/customers")
    assert "ret" not in str(caught.value).replace("Parquet", "")
    assert "sec" not in str(caught.value)
