"""Rows of small tables: whatever their order, headings and signs; every mistake at once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.names import Names
from forwhom.errors import ColumnMissing, DataError
from forwhom.tables import open_table, table_of
from forwhom.tables.records import Day, Field, Named, Number, Record, Text, Word, read_records

FIELDS = {
    "who": Field(Text(), filled=True),
    "need": Field(Named(Names("need", "in the list", {"n1": "Sleep well", "n2": "Wake rested"}))),
    "value": Field(Number(-5, 5)),
    "mode": Field(Word(("direct", "proxy")), needed=False),
    "until": Field(Day(), needed=False),
    "round": Field(Number(1, 99, whole=True), needed=False),
}
MINUSES = "-\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"


def of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    found = read_records(table_of(pa.table(columns)), FIELDS)
    found.check()
    return [dict(record.values) for record in found]


def written(folder: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    path = folder / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def mistakes(columns: dict[str, list[Any]]) -> str:
    with pytest.raises(DataError) as caught:
        of(columns)
    return str(caught.value)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "Ann Lee"]),
        st.sampled_from(["n1", "n2"]),
        st.integers(-50, 50).map(lambda tenths: tenths / 10),
    ),
    min_size=1,
    max_size=8,
)


def spelled(value: float, comma: bool, minus: str) -> str:
    text = f"{abs(value):g}".replace(".", "," if comma else ".")
    return f"{minus}{text}" if value < 0 else text


@settings(max_examples=60)
@given(
    ROWS,
    st.data(),
    st.permutations(["who", "need", "value", "other"]),
    st.sampled_from([str.upper, str.title, lambda name: f" {name} ", lambda name: f"{name}\u00a0"]),
)
def test_headings_order_and_signs_make_no_difference(rows, data, order, heading) -> None:
    names = {"n1": ["n1", "N1", "sleep  well ", "Sleep Well"], "n2": ["n2", "WAKE rested"]}
    columns: dict[str, list[str]] = {
        "who": [f" {who} " for who, _, _ in rows],
        "need": [data.draw(st.sampled_from(names[need])) for _, need, _ in rows],
        "value": [
            spelled(value, data.draw(st.booleans()), data.draw(st.sampled_from(MINUSES)))
            for _, _, value in rows
        ],
        "other": ["x"] * len(rows),
    }
    found = of({heading(name): columns[name] for name in order})
    assert [(row["who"], row["need"], row["value"]) for row in found] == rows


@settings(max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_kept_and_changes_nothing_else(rows, random) -> None:
    def read(some: list[tuple[str, str, float]]) -> list[dict[str, Any]]:
        names = ("who", "need", "value")
        return of({name: [row[i] for row in some] for i, name in enumerate(names)})

    order = list(range(len(rows)))
    random.shuffle(order)
    whole = read(rows)
    assert read([rows[i] for i in order]) == [whole[i] for i in order]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_says_the_same_as_a_data_frame(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["Who", "NEED", "Value ", "until"],
        ["R1", "sleep well", "\u22123,5", "31.12.2026"],
        ["2", "n2", "4", "1.2.2027"],
        ["", "", "", ""],
        ["R3", "", "n.a.", ""],
    ]
    table = open_table(written(tmp_path, rows, delimiter))
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    frames = [pl.DataFrame(columns), pl.LazyFrame(columns), pd.DataFrame(columns)]
    expected = [
        Record(1, {"who": "R1", "need": "n1", "value": -3.5, "until": "2026-12-31"}),
        Record(2, {"who": "2", "need": "n2", "value": 4.0, "until": "2027-02-01"}),
        Record(4, {"who": "R3", "need": None, "value": None, "until": None}),
    ]
    for one in (table, *map(table_of, frames)):
        found = read_records(one, FIELDS)
        assert found.rows == expected
        assert not found.mistakes


def test_numbers_of_typed_columns_are_taken_as_they_are() -> None:
    columns = {"who": [1, 2], "need": ["n1", None], "value": [1.5, None], "round": [1.0, None]}
    assert of(columns) == [
        {"who": "1", "need": "n1", "value": 1.5, "round": 1.0},
        {"who": "2", "need": None, "value": None, "round": None},
    ]


def test_every_mistake_is_said_with_row_column_and_what_was_expected() -> None:
    said = mistakes(
        {
            "who": ["a", " ", "b", "c"],
            "need": ["slep well", "n1", "n2", "n1"],
            "value": ["much", "7", "\u22126,5", "inf"],
            "mode": ["prox", "Direct ", None, "proxy"],
            "until": ["soon", "2026-02-30", "2026-1-5", "2026-12-31"],
            "round": ["1.5", "0", "2", "3"],
        }
    )
    for line in (
        "the table: 4 rows cannot be used:",
        "  row 1: there is no need 'slep well' in the list. Did you mean 'Sleep well'?",
        "  row 1: value is 'much', which is not a number. Expected -5 to 5.",
        "  row 1: mode is 'prox'. Expected direct or proxy. Did you mean 'proxy'?",
        "  row 1: until is 'soon'. Expected a day such as 2026-12-31.",
        "  row 1: round is '1.5'. Expected a whole number from 1 to 99.",
        "  row 2: who is empty. Fill it in, or take the row out.",
        "  row 2: value is 7. Expected -5 to 5.",
        "  row 2: until is '2026-02-30'.",
        "  row 3: value is -6.5.",
        "Row 1 is the first with data.",
    ):
        assert line in said
    assert "and 1 more" in said


def test_a_comma_that_may_separate_thousands_is_refused_where_the_column_does_not_tell() -> None:
    fields = {"amount": Field(Number(0))}
    table = table_of(pa.table({"amount": ["1,500", "2.5", "3,5"]}))
    found = read_records(table, fields)
    assert [record["amount"] for record in found] == [2.5, 3.5]
    assert found.mistakes == [
        (1, "amount is '1,500', which may be 1.5 or 1500. Write it without a sign between "
            "thousands."),
    ]  # fmt: skip
    together = table_of(pa.table({"amount": ["1,500", "2,500", "20"]}))
    found = read_records(together, fields)
    assert [record["amount"] for record in found] == [1500, 2500, 20]
    assert "read as thousands" in found.notes[0]


def test_columns_that_are_missing_or_there_twice_are_said() -> None:
    with pytest.raises(ColumnMissing, match=r"no column 'value' in the table. Did you mean 'Valu'"):
        of({"who": ["a"], "Need": ["n1"], "Valu": [1]})
    with pytest.raises(ColumnMissing, match=r"no columns 'who' and 'need' in the table. It has:"):
        of({"value": [1]})
    with pytest.raises(DataError, match="'who' and 'w ho' are both the column 'who'"):
        of({"who": ["a"], "w ho": ["b"], "need": ["n1"], "value": [1]})


def test_a_row_without_what_it_is_about_cannot_be_wrong() -> None:
    columns = {"who": ["a", None], "need": ["n1", "n9"], "value": [1, None]}
    found = read_records(table_of(pa.table(columns)), FIELDS, about="value")
    assert not found.mistakes
    assert [record["value"] for record in found] == [1, None]
