"""Events become one row per customer, as in `discover`; the table says what its columns mean."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forwhom.customers.featuring import FeaturesTable, features_table
from forwhom.customers.opening import Tables
from forwhom.customers.preparation import prepare
from forwhom.documents.base import has_levels
from forwhom.documents.study import CustomerTable, Events, Study, StudyVariable
from forwhom.errors import DataError, OptionError, OutputError
from forwhom.tables import open_table, profile_table

DAY = date(2024, 1, 1)
#: Customer, day, money: the second comes back once, the third gives everything back.
LINES = [("007", 0, 10.0), ("007", 30, 20.0), ("a,b", 5, 4.5), ("a,b", 45, 5.5), ("=z", 50, -3.0)]
STUDY = Study(forwhom=1, events=[Events(table="s", customer="who", time="day", amount="paid")])


def lines(rows=LINES) -> pa.Table:
    who, days, paid = zip(*rows, strict=True)
    return pa.table({"who": who, "day": [DAY + timedelta(d) for d in days], "paid": paid})


@pytest.fixture(scope="module")
def made() -> FeaturesTable:
    return features_table(lines(), STUDY)


def test_every_customer_has_one_row_and_the_id_of_the_data(made):
    assert made.table["who"].to_pylist() == ["007", "=z", "a,b"]
    assert made.table.column_names == ["who", *(one.name for one in made.dictionary)]


def test_numbers_by_hand(made):
    # The last event is on day 50, so features are as of day 51.
    assert made.table["recency"].to_pylist() == [21.0, None, 6.0]
    assert made.table["monetary_value"].to_pylist() == [30.0, -3.0, 10.0]
    assert made.table["frequency"].to_pylist() == [2, 0, 2]
    assert pa.types.is_int64(made.table["frequency"].type)


def test_the_features_are_those_that_segments_are_made_of(sales):
    study = Study(
        forwhom=1,
        events=[Events(table="s", customer="customer", time="bought_at", amount="paid")],
    )
    made = features_table(sales, study)
    customers = prepare(study, Tables(given={"s": sales}))
    assert made.table["customer"].to_pylist() == customers.ids.to_pylist()
    used = {v.name: v.use for v in customers.variables}
    assert {name: made.uses[name] for name in used} == used
    for variable in customers.variables:
        column, values = customers.columns[variable.name], made.table[variable.name]
        if has_levels(variable.measure):
            told = [None if c < 0 else column.levels[c] for c in column.values]
            assert told == [None if v is None else str(v) for v in values.to_pylist()]
        else:
            np.testing.assert_array_equal(
                column.values, values.cast(pa.float64()).to_numpy(zero_copy_only=False)
            )


def test_the_file_says_what_its_columns_mean(made, tmp_path):
    place = made.save(tmp_path / "customers.parquet")
    told = pq.read_schema(place).field("recency").metadata
    assert told[b"label"] == b"Time since last purchase"
    assert told[b"description"].startswith(b"Time since the last purchase, in days")
    assert profile_table(open_table(place))["recency"].label == "Time since last purchase"
    with pytest.raises(OutputError):
        made.save(place)
    with pytest.raises(OptionError):
        made.save(tmp_path / "customers.ods")


def test_a_csv_keeps_ids_as_they_are_and_runs_no_formula(made, tmp_path):
    place = made.save(tmp_path / "customers.csv")
    rows = place.read_text().splitlines()
    assert [row.split(",")[0] for row in rows[1:3]] == ['"007"', '"\'=z"']


def test_tables_of_customers_stand_beside_the_features():
    people = pa.table({"who": ["a,b", "007", "new"], "age": [30, 40, 50], "recency": [1, 2, 3]})
    study = STUDY.model_copy(update={"customers": CustomerTable(table="people", id="who")})
    made = features_table({"s": lines(), "people": people}, study)
    assert made.table["who"].to_pylist() == ["007", "a,b", "new"]
    assert made.table["age"].to_pylist() == [40, 30, 50]
    # As in a segmentation, a column of the customers stands before a feature of its name, and who
    # has no events has no features.
    assert made.table["recency"].to_pylist() == [2, 1, 3]
    assert "recency" not in [one.name for one in made.dictionary]
    assert made.table["tenure"].to_pylist() == [51.0, 46.0, None]
    assert any("fewer than 10 customers in s are unknown" in note for note in made.notes)


def test_events_of_two_kinds_keep_their_names_apart():
    calls = pa.table({"who": ["007", "x"], "at": [DAY, DAY]})
    both = [
        Events(table="s", customer="who", time="day", amount="paid", name="bought"),
        Events(table="calls", customer="who", time="at", name="called"),
    ]
    made = features_table({"s": lines(), "calls": calls}, Study(forwhom=1, events=both))
    assert made.table["who"].to_pylist() == ["007", "=z", "a,b", "x"]
    assert made.table["called_frequency"].to_pylist() == [1, None, None, 1]
    assert made.table["bought_frequency"].to_pylist() == [2, 0, 2, None]


def test_a_cutoff_and_the_study_are_obeyed():
    said = STUDY.model_copy(update={"variables": {"trend": StudyVariable(use="ignore")}})
    made = features_table(lines(), said, cutoff=date(2024, 1, 31))
    assert made.table.select(["who", "monetary_value"]).to_pylist() == [
        {"who": "007", "monetary_value": 10.0},
        {"who": "a,b", "monetary_value": 4.5},
    ]
    assert made.uses["trend"] == "ignore"
    assert made.uses["recency"] == "active"


def test_customers_alone_have_nothing_to_turn_into_features(customers):
    with pytest.raises(DataError, match=r"no events.*'forwhom discover' as it is"):
        features_table(customers)


def test_a_notebook_shows_what_the_features_mean(made):
    shown = made._repr_html_()
    assert "<p>3 customers</p>" in shown
    assert "<td>recency</td><td>Time since last purchase</td>" in shown
