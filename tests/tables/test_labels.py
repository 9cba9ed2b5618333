"""What a source says about its columns: questions under the names, fields, comments."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forwhom.tables import collect, join_left, open_table, profile_table, row_count, table_of
from forwhom.tables.labels import rows_of_labels

NAMES = ["id", "Q1", "Q2", "Q3"]
ASKED = ["", "How often do you\ncook at home?", "What is your marital status?",
         "Overall, how satisfied are you with our shop?"]  # fmt: skip
TOOL = [f'{{"ImportId":"QID{number}"}}' for number in range(4)]
RNG = np.random.default_rng(2)


def answers(n: int = 40) -> list[list[object]]:
    often, status = ["Never", "Sometimes", "Often"], ["Single", "Married"]
    return [[i, often[i % 3], status[i % 2], int(RNG.integers(1, 6))] for i in range(n)]


def written(path: Path, *rows: list[object], heading: list[str] = NAMES) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


@pytest.mark.parametrize("above", [[ASKED], [ASKED, TOOL]])
def test_questions_under_the_names_are_labels(tmp_path: Path, above: list[list[object]]) -> None:
    table = open_table(written(tmp_path / "survey.csv", *above, *answers()))
    assert row_count(table) == 40
    assert dict(table.labels) == {
        "Q1": "How often do you cook at home?",
        "Q2": "What is your marital status?",
        "Q3": "Overall, how satisfied are you with our shop?",
    }
    assert any("under the names" in note and "3 columns" in note for note in table.notes)
    found = {column.name: column for column in profile_table(table).columns}
    assert (found["Q3"].type, found["Q3"].label) == ("number", ASKED[3])
    assert (found["Q1"].measure, found["Q1"].use) == ("ordinal", "active")
    # What the question tells counts, not only the name.
    assert (found["Q2"].use, found["id"].label) == ("protected", "Id")
    assert "'marital status' in its label" in found["Q2"].why


def test_questions_in_a_sheet_are_labels(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [NAMES, ASKED, *answers()]:
        book.active.append(row)
    book.save(tmp_path / "survey.xlsx")
    table = open_table(tmp_path / "survey.xlsx")
    assert row_count(table) == 40
    assert table.labels["Q1"] == "How often do you cook at home?"
    assert profile_table(table)["Q3"].type == "number"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["34", "Rome", "yes"]] * 20,
        [["How old are you?", "Where do you live?", "Do you cook?"]],
        # Long answers of somebody, as others give them too.
        [["I liked the tea", "It was too far", "Nothing at all, sorry"],
         *[["The tea was fine, I think", "Not far from here", "Nothing"]] * 20],
        # Too few questions to be a row of them.
        [["34", "Where do you live?", "yes"], *[["34", "Rome", "yes"]] * 20],
    ],
)  # fmt: skip
def test_answers_are_not_taken_for_questions(rows: list[list[str]]) -> None:
    assert rows_of_labels(rows) == 0


def test_a_row_of_answers_like_the_questions_is_kept(tmp_path: Path) -> None:
    plain = open_table(written(tmp_path / "plain.csv", *answers()))
    assert (row_count(plain), dict(plain.labels)) == (40, {})


def labeled(**said: str) -> pa.Table:
    table = pa.table({"q.1": [1, 2], "city": ["Rome", "Oslo"], "key": [1, 2]})
    fields = [
        field.with_metadata({said[field.name].split("=")[0]: said[field.name].split("=")[1]})
        if field.name in said else field
        for field in table.schema
    ]  # fmt: skip
    return table.cast(pa.schema(fields))


def test_fields_of_arrow_and_parquet_are_labels(tmp_path: Path) -> None:
    native = labeled(**{"q.1": "label=How many\nvisits?", "city": "description= Where? "})
    expected = {"q_1": "How many visits?", "city": "Where?"}
    assert dict(table_of(native).labels) == expected
    pq.write_table(native, tmp_path / "a.parquet")
    assert dict(open_table(tmp_path / "a.parquet").labels) == expected
    assert dict(table_of(native.to_pandas()).labels) == {}


def test_comments_of_a_database_are_labels(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.db")) as database:
        database.execute(
            "CREATE TABLE visits (a INTEGER, b INTEGER); INSERT INTO visits VALUES (1, 2)"
        )
        database.execute("COMMENT ON COLUMN visits.a IS 'Visits in May'")
    table = open_table(f"duckdb://{tmp_path / 'shop.db'}/visits")
    assert dict(table.labels) == {"a": "Visits in May"}
    assert collect(table).num_rows == 1


def test_labels_go_through_joins() -> None:
    left = table_of(labeled(city="label=Where they live", key="label=Ours"), "left")
    right = table_of(labeled(city="label=Where they shop", key="label=Theirs"), "right")
    joined = join_left(left, right, on="key")
    assert dict(joined.labels) == {
        "city": "Where they live", "city_right": "Where they shop", "key": "Ours",
    }  # fmt: skip


def test_a_row_of_questions_is_a_row_of_labels() -> None:
    asked = ["How old are you?", "Where do you live now?", "Do you cook at home?"]
    assert rows_of_labels([asked, *[["34", "Rome", "yes"]] * 10]) == 1


def test_names_below_a_row_of_groups_are_read_with_their_group(tmp_path: Path) -> None:
    head = ["Kunde;;Bestellung;;", "Nr;Segment;Nr;Datum;Summe"]
    rows = [f"{3000 + i % 9};A;{9000 + i};0{1 + i % 9}.01.2024;{i},50" for i in range(30)]
    (tmp_path / "a.csv").write_text("\n".join([*head, *rows]) + "\n")
    table = open_table(tmp_path / "a.csv")
    assert table.columns == [
        "Kunde Nr", "Kunde Segment", "Bestellung Nr", "Bestellung Datum", "Bestellung Summe",
    ]  # fmt: skip
    assert row_count(table) == 30


def test_totals_and_remarks_below_a_table_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [f"K{100 + i},{i}.50,{i % 4}" for i in range(30)]
    ends = ["Gesamt,435.00,", "Exported on the last day of May,,"]
    (tmp_path / "a.csv").write_text("\n".join(["Konto,Umsatz,Besuche", *rows, *ends]) + "\n")
    table = open_table(tmp_path / "a.csv")
    assert row_count(table) == 30
    assert "a.csv: the last 2 rows are totals or remarks and are left out." in table.notes
    # A customer who is called so is one.
    (tmp_path / "b.csv").write_text("Konto,Umsatz,Ort\n" + "\n".join(
        [f"K{i},{i}.50,Ulm" for i in range(30)]) + "\nTotal,3.50,Paris\n")  # fmt: skip
    assert row_count(open_table(tmp_path / "b.csv")) == 31


@pytest.mark.parametrize(
    "days",
    [["12 janv. 2024", "3 août 2024"], ["12. Januar 2024", "3. August 2024"],
     ["12 de enero de 2024", "3 de agosto de 2024"], ["12 gennaio 2024", "3 agosto 2024"],
     ["12 stycznia 2024", "3 sierpnia 2024"], ["2024.01.12.", "2024.08.03."]],
)  # fmt: skip
def test_months_in_words_are_dates(tmp_path: Path, days: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["k;d", *(f"{i};{days[i % 2]}" for i in range(20))]) + "\n")
    read = collect(open_table(path))["d"].to_pylist()
    assert [str(one) for one in read[:2]] == ["2024-01-12", "2024-08-03"]
