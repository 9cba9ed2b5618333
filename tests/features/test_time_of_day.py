"""Dates among times: midnight that nobody's clock showed is no evening."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from forwhom.documents.study import Events
from forwhom.features import customer_features
from forwhom.features.counts import dated_hours
from forwhom.tables import table_of

START = datetime(2024, 3, 4)
SPEC = Events(table="e", customer="who", time="at", amount="money")


def features(times: list[datetime], who: list[int], make: Any = pa.table, **spec: Any) -> Any:
    rows = {"who": who, "at": times, "money": [5.0] * len(times)}
    return customer_features(table_of(make(rows)), SPEC.model_copy(update=spec))


def shares(found: Any, customer: int) -> dict[str, float]:
    rows = found.table.frame.collect().to_pandas().set_index("who").loc[customer]
    return {p: rows[f"{p}_share"] for p in ("morning", "afternoon", "evening")}


def mixed() -> tuple[list[datetime], list[int]]:
    """Return five mornings, an afternoon and six dates of one customer; dates of another."""
    mornings = [START + timedelta(days=d, hours=9, minutes=7 + d) for d in range(5)]
    dates = [START + timedelta(days=20 + d) for d in range(6)]
    others = [START + timedelta(days=40 + d) for d in range(7)]
    times = [*mornings, START + timedelta(days=9, hours=15, minutes=31), *dates, *others]
    return times, [1] * 12 + [2] * 7


@pytest.mark.parametrize("make", [pa.table, pl.DataFrame])
def test_a_date_among_times_is_no_evening(make: Any) -> None:
    found = features(*mixed(), make)
    assert shares(found, 1) == pytest.approx({"morning": 5 / 6, "afternoon": 1 / 6, "evening": 0})
    assert all(math.isnan(value) for value in shares(found, 2).values())
    assert found.report.date_only == 13
    assert any("with a date and no time: 13 (68.4%)" in note for note in found.report.notes())
    [told] = [f.definition for f in found.dictionary if f.name == "morning_share"]
    assert "with a time of day" in told


def test_an_order_is_placed_when_a_line_of_it_says() -> None:
    times, who = mixed()
    times = [*times, times[0].replace(hour=0, minute=0)]  # a line with the day of the first order
    found = features(times, [*who, 1])
    assert shares(found, 1)["morning"] == pytest.approx(5 / 6)


def test_dates_alone_have_no_time_of_day() -> None:
    found = features([START + timedelta(days=d) for d in range(30)], [1, 2, 3] * 10)
    assert "evening_share" not in found.table.columns
    assert found.report.date_only == 0
    assert found.report.warnings() == []


@pytest.mark.parametrize("hours", [(22, 23), (1, 2), (23, 0), (5,)])
def test_midnight_of_another_zone_is_no_time_of_day_either(hours: tuple[int, ...]) -> None:
    times = [START + timedelta(days=d, hours=hours[d % len(hours)]) for d in range(40)]
    found = features(times, [1, 2] * 20)
    assert "evening_share" not in found.table.columns
    [warning] = found.report.warnings()
    assert "midnight in another time zone" in warning
    assert all(f"{hour}:00" in warning for hour in hours if hour)


def test_midnights_of_another_zone_among_times_are_dates() -> None:
    times, who = mixed()
    shifted = [t.replace(hour=22) if (t.hour, t.minute) == (0, 0) else t for t in times]
    found = features(shifted, who)
    assert shares(found, 1)["evening"] == 0.0
    assert found.report.date_only == 13


@pytest.mark.parametrize(
    "edge",
    [
        timedelta(hours=23, minutes=59, seconds=59, microseconds=999_000),
        timedelta(hours=23, minutes=59, seconds=59),
        timedelta(hours=23, minutes=59),
        timedelta(seconds=1),
    ],
)
@pytest.mark.parametrize("make", [pa.table, pl.DataFrame])
def test_a_day_written_as_its_edge_is_a_date(edge: timedelta, make: Any) -> None:
    times, who = mixed()
    edged = [t + edge if (t.hour, t.minute) == (0, 0) else t for t in times]
    found = features(edged, who, make)
    assert shares(found, 1) == pytest.approx({"morning": 5 / 6, "afternoon": 1 / 6, "evening": 0})
    assert all(math.isnan(value) for value in shares(found, 2).values())
    assert found.report.date_only == 13
    assert found.report.warnings() == []
    alone = features([t for t in edged if t not in times], [1, 2] * 6 + [2], make)
    assert "evening_share" not in alone.table.columns


def test_a_last_minute_that_a_clock_shows_is_a_time() -> None:
    assert dated_hours({24: 1}, 1440) == ()
    assert dated_hours({24: 300, 0: 1, 13: 2}, 1440) == (0, 24)
    # Beside many last minutes, other dates are held against what is left.
    assert dated_hours({24: 50, 9: 6}, 100) == (9, 24)


def test_full_hours_that_a_clock_shows_are_times() -> None:
    spread = {hour: 10 + hour % 5 for hour in range(24)}
    assert dated_hours(spread, sum(spread.values())) == ()
    assert dated_hours(spread | {0: 400}, sum(spread.values()) + 390) == (0,)
    # At minutes, each full hour is a sixtieth of its rows; appointments are at many full hours.
    assert dated_hours(spread, 60 * sum(spread.values())) == (0,)
    assert dated_hours({9: 50, 10: 60, 11: 55, 14: 60, 15: 40}, 400) == ()
    assert dated_hours({}, 100) == ()
