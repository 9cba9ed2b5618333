"""Moments in a time zone, on every engine."""

from datetime import UTC, date, datetime

import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest

from forwhom.errors import DataError
from forwhom.tables import Table, collect, open_table
from forwhom.tables.times import (
    day_number_of,
    local_moment,
    next_midnight,
    with_day_number,
    with_local_time,
    zone_of,
)


def local(values, zone="Europe/Berlin", *, lazy=False):
    table = pa.table({"at": values})
    source = pl.from_arrow(table).lazy() if lazy else table
    frame = open_table(source, name="t").frame
    frame, _ = with_local_time(frame, "at", zone, name="local", where="t")
    frame = with_day_number(frame, "local", name="day")
    return collect(Table("t", frame)).select(["local", "day"]).to_pylist()


SUMMER = datetime(2024, 6, 30, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("lazy", [False, True])
def test_aware_times_are_converted_and_naive_ones_taken_as_they_are(lazy):
    aware = local(pa.array([SUMMER], pa.timestamp("us", "UTC")), lazy=lazy)
    assert aware == [{"local": datetime(2024, 7, 1, 0, 30), "day": 45472}]
    winter = datetime(2024, 1, 31, 23, 30, tzinfo=UTC)
    stored = pa.array([winter], pa.timestamp("ms", "America/New_York"))
    assert local(stored, lazy=lazy)[0]["local"] == datetime(2024, 2, 1, 0, 30)
    naive = local(pa.array([datetime(2024, 6, 30, 22, 30)]), lazy=lazy)
    assert naive[0]["local"] == datetime(2024, 6, 30, 22, 30)
    days = local(pa.array([date(1900, 1, 8), None]), lazy=lazy)
    assert days == [{"local": datetime(1900, 1, 8), "day": 7}, {"local": None, "day": None}]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2024-02-01", "2024-02-03 10:15"], [datetime(2024, 2, 1), datetime(2024, 2, 3, 10, 15)]),
        (["2024-06-30T22:30:00Z", "2024-07-01T02:30:00+02:00"], [datetime(2024, 7, 1, 0, 30),
                                                                 datetime(2024, 7, 1, 2, 30)]),
        (["13/02/2024", "1/2/2024 10:15"], [datetime(2024, 2, 13), datetime(2024, 2, 1, 10, 15)]),
        (["02/13/2024", "1/2/24"], [datetime(2024, 2, 13), datetime(2024, 1, 2)]),
        (["31.12.2023", "soon"], [datetime(2023, 12, 31), None]),
        ([" 2024-02-01 ", "2024-02-30"], [datetime(2024, 2, 1), None]),
    ],
)  # fmt: skip
def test_text_is_read_as_dates(texts, expected):
    assert [row["local"] for row in local(pa.array(texts))] == expected


def test_ambiguous_dates_are_refused():
    with pytest.raises(DataError, match="day-first and month-first"):
        local(pa.array(["01/02/2024", "03/04/2024"]))


def test_two_orders_in_one_column_are_refused():
    dates = ["13/02/2024", "05/06/2024"] * 20 + ["02/14/2024"] * 4
    with pytest.raises(DataError, match="20 can only be day-first, 4 only month-first"):
        local(pa.array(dates))
    assert local(pa.array(["13/02/2024"] * 200 + ["02/14/2024"]))[-1]["local"] is None


def test_times_without_a_zone_among_others_are_said():
    frame = open_table(pa.table({"at": ["2024-01-01T10:00Z", "2024-01-01T10:00"]})).frame
    frame, notes = with_local_time(frame, "at", "Asia/Tokyo", name="local", where="t")
    hours = collect(Table("t", frame))["local"].to_pylist()
    assert [moment.hour for moment in hours] == [19, 10]
    assert "1 of 2 times in 'at' name no time zone" in notes[0]


@pytest.mark.parametrize("parts", [1, 10**3, 10**6, 10**9])
def test_numbers_since_1970(parts):
    assert local(pa.array([1_719_786_600 * parts, None]), "Europe/Berlin") == [
        {"local": datetime(2024, 7, 1, 0, 30), "day": 45472},
        {"local": None, "day": None},
    ]


def test_numbers_that_are_days():
    assert local(pa.array([20240229, 20240301]))[0]["local"] == datetime(2024, 2, 29)


@pytest.mark.parametrize("numbers", [[45000, 45001], [2023, 2024], [1719786600, 1719786600000]])
def test_other_numbers_are_no_times(numbers):
    with pytest.raises(DataError, match="holds numbers, from"):
        local(pa.array(numbers))


def test_dates_that_read_the_same_both_ways_are_no_riddle():
    assert local(pa.array(["02/02/2024"]))[0]["local"] == datetime(2024, 2, 2)


def test_text_of_another_engine_must_be_converted_first():
    with pytest.raises(DataError, match="is text"):
        local(pa.array(["2024-01-01"]), lazy=True)


def test_moments_become_local():
    assert local_moment(SUMMER, "Europe/Berlin") == datetime(2024, 7, 1, 0, 30)
    assert local_moment(datetime(2024, 1, 1, 5), "Europe/Berlin") == datetime(2024, 1, 1, 5)


def test_names_of_columns_are_quoted():
    table = pa.table({"at the 'till'": [datetime(2024, 1, 1)]})
    frame = open_table(table).frame
    frame, _ = with_local_time(frame, "at the 'till'", "UTC", name="on the clock", where="t")
    frame = with_day_number(frame, "on the clock", name="day").select(nw.col("day"))
    assert collect(Table("t", frame))["day"].to_pylist() == [45290]


def test_days_are_counted_from_1900_and_end_at_midnight() -> None:
    assert zone_of("UTC") is UTC
    assert day_number_of(date(1900, 1, 8)) == 7
    assert next_midnight(datetime(2017, 12, 31, 15, 30)) == datetime(2018, 1, 1)
