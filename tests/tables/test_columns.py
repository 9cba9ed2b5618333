"""What columns are: summaries, bands, weights, what a name says; on and beside each bound."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from forwhom.documents.base import Measure
from forwhom.errors import DataError, OptionError
from forwhom.tables import open_table
from forwhom.tables.bands import band_ranks
from forwhom.tables.business import meaning_of
from forwhom.tables.often import often_ranks
from forwhom.tables.summaries import Summary, counted_statistics, name_words
from forwhom.tables.textual import _is_long_id, _is_pointed
from forwhom.tables.times import (
    END_OF_MOMENTS,
    FIRST_MOMENT,
    day_number_of,
    local_moment,
    next_midnight,
    zone_of,
)
from forwhom.tables.toolmarks import is_duration, tool_columns
from forwhom.tables.weights import (
    counting_weights,
    effective_size,
    is_counting,
    sampling_weights,
)


def test_statistics_of_counted_values_are_those_of_a_table() -> None:
    values = np.array([3.0, -1.0, 0.0, 2.5, np.inf])
    counts = np.array([2, 1, 3, 4, 9])
    told = np.repeat(values[:4], counts[:4])
    found = counted_statistics(values, counts)
    assert (found.minimum, found.maximum) == (-1.0, 3.0)
    assert found.mean == pytest.approx(told.mean())
    assert found.sd == pytest.approx(told.std(ddof=1))
    for q, value in found.quantiles.items():
        assert value == pytest.approx(np.quantile(told, q))
    assert (found.zeros, found.negatives, found.whole) == (0.3, 1, False)
    assert found.usual is None
    none = counted_statistics(np.array([np.nan]), np.array([3]))
    assert math.isnan(none.mean)
    assert (none.zeros, none.negatives, none.whole, none.quantiles) == (0.0, 0, False, {})
    one = counted_statistics(np.array([4.0]), np.array([1]))
    assert (one.sd, one.whole, one.quantiles[0.9]) == (0.0, True, 4.0)


def test_what_is_usual_is_reached_by_ten_at_either_end() -> None:
    values = np.arange(1.0, 41.0) + 0.123
    found = counted_statistics(values, np.ones(40, dtype=int)).usual
    assert found == (10.0, 30.0)
    assert counted_statistics(values[:20], np.ones(20, dtype=int)).usual == (10.0, 10.0)
    assert counted_statistics(values[:19], np.ones(19, dtype=int)).usual is None
    two = counted_statistics(np.array([5.0, 7.0]), np.array([15, 15])).usual
    assert two == (5.0, 7.0)


def test_a_summary_knows_its_rare_levels_and_its_ends() -> None:
    some = Summary("Größe inCM", "text", 30, 30, 3, counts={"a": 11, "b": 10, "c": 9})
    assert some.tokens == ("grosse", "in", "cm")
    assert some.rare == {"c"}
    assert some.complete
    assert not Summary("x", "text", 30, 30, 4, counts={"a": 11}).complete
    assert (some.low, some.high, some.zeros, some.negatives, some.whole) == (
        0.0,
        0.0,
        0.0,
        0,
        False,
    )
    ends = Summary("x", "number", 2, 2, 2, minimum=-3, maximum=7.5)
    assert (ends.low, ends.high) == (-3.0, 7.5)
    assert name_words("HTMLPage2Öl_ß") == ("html", "page", "ol", "ss")


@pytest.mark.parametrize(
    ("levels", "bands"),
    [
        (["under 18", "18 to 24", "25+"], [(-math.inf, 18), (18, 24), (25, math.inf)]),
        (["0-5k", "5-10k"], [(0, 5e3), (5e3, 10e3)]),
        (["1000-5k", "5k-1m"], [(1000, 5e3), (5e3, 1e6)]),
        (["999-5k", "6k-7k"], None),  # 999 thousand is beyond 5 thousand
        (["(25, 30]", "[31;40)"], [(25, 30), (31, 40)]),
        (["none", "1-2"], [(0, 0), (1, 2)]),
        (["1-3", "2-4"], None),  # they overlap
        (["1-3", "3-4"], [(1, 3), (3, 4)]),
        (["3-1", "4-5"], None),
        (["1", "2"], None),  # bare numbers
        (["1", "2-3"], [(1, 1), (2, 3)]),
        (["1.000-1.999", "2.000-2.999"], [(1000, 1999), (2000, 2999)]),
        (["1,5-2,5", "3-4"], [(1.5, 2.5), (3, 4)]),
        (["low", "1-2"], None),
    ],
)
def test_bands_are_ranked_by_their_ends(
    levels: list[str], bands: list[tuple[float, float]] | None
) -> None:
    assert band_ranks(levels) == bands


def test_how_often_is_ranked_by_times_a_year() -> None:
    found = often_ranks(["hourly", "daily", "every two weeks", "every three months", "every year"])
    assert found is not None
    assert [round(rate, 2) for rate, _ in found] == [8766.0, 365.25, 26.09, 4.0, 1.0]
    found = often_ranks(
        ["never", "seldom", "once a month", "twice a month", "more than once a week"]
    )
    assert found is not None
    assert [(round(rate, 3), sign) for rate, sign in found] == [
        (0.0, 0), (0.001, 0), (12.0, 0), (24.0, 0), (52.18, 1),
    ]  # fmt: skip
    ranges = often_ranks(["1-2 times a week", "3 times a week or more", "less than once a month"])
    assert ranges is not None
    assert [(round(rate, 2), sign) for rate, sign in ranges] == [(78.27, 0), (156.54, 1), (12, -1)]
    assert often_ranks(["never", "once a month"]) is None  # one period is none
    assert often_ranks(["blue", "once a month", "once a week"]) is None


def test_weights_count_customers_or_are_scaled_to_what_they_say() -> None:
    whole, parts = np.array([2.0, 0.0, 3.0]), np.array([0.5, 1.5])
    assert is_counting(whole)
    assert not is_counting(parts)
    assert counting_weights(whole) is whole
    assert effective_size(parts) == pytest.approx(4 / 2.5)
    assert sampling_weights(parts).sum() == pytest.approx(4 / 2.5)
    assert counting_weights(parts) == pytest.approx(parts * (4 / 2.5) / 2)
    assert counting_weights(7 * parts) == pytest.approx(counting_weights(parts))


def test_three_headings_of_tools_make_a_table_one_of_responses() -> None:
    assert tool_columns(["ResponseId", "Start Date", "Status", "q1"]) == {
        "ResponseId", "Start Date", "Status",
    }  # fmt: skip
    assert tool_columns(["ResponseId", "Status", "q1"]) == frozenset()
    assert tool_columns(["Start Date", "End Date", "Status"]) == frozenset()
    assert tool_columns(["IP Address", "q1"]) == {"IP Address"}
    assert tool_columns(["q1_First Click", "q1_Last Click", "q1_Page Submit"]) == {
        "q1_First Click", "q1_Last Click", "q1_Page Submit",
    }  # fmt: skip
    for name, timed in (
        ("Duration (in seconds)", True), ("time taken", True), ("total time", True),
        ("completion time", True), ("time", False), ("total", False), ("taken", False),
    ):  # fmt: skip
        assert is_duration(name) == timed


def test_a_column_of_money_in_two_names_is_refused() -> None:
    with pytest.raises(DataError, match="several columns have the same name"):
        open_table(pd.DataFrame([[1, 2]], columns=["a", "A"]))


@pytest.mark.parametrize(
    ("words", "measure", "role", "criterion", "why"),
    [
        ("total spend", "positive", "revenue", "profitability",
         "'spend' makes it revenue and speaks to profitability"),
        ("sales channel", "nominal", "channel", "channel",
         "'channel' makes it a channel and speaks to channel"),
        ("sales channel", "count", None, "channel", "'channel' speaks to channel"),
        ("churned", "binary", "outcome", "relationship",
         "'churned' makes it an outcome and speaks to relationship"),
        ("churned", "count", None, "relationship", "'churned' speaks to relationship"),
        ("visits", "count", "frequency", "relationship",
         "'visits' makes it frequency and speaks to relationship"),
        ("price sensitivity", "ordinal", None, "price", "'price' speaks to price"),
        ("delivery channel", "nominal", None, "channel", "'channel' speaks to channel"),
        ("x", "count", None, None, ""),
    ],
)  # fmt: skip
def test_what_a_name_says_of_the_business(
    words: str, measure: Measure, role: str | None, criterion: str | None, why: str
) -> None:
    found = meaning_of(words.split(), measure)
    assert (found.role, found.criterion, found.why) == (role, criterion, why)


def test_days_are_counted_from_a_monday() -> None:
    assert day_number_of(date(1900, 1, 1)) == 0
    assert day_number_of(datetime(1900, 1, 8, 23)) == 7
    assert (datetime(1900, 1, 2), datetime(2100, 1, 1)) == (FIRST_MOMENT, END_OF_MOMENTS)
    assert next_midnight(datetime(2024, 5, 1)) == datetime(2024, 5, 1)
    assert next_midnight(datetime(2024, 5, 1, 0, 0, 1)) == datetime(2024, 5, 2)
    assert local_moment(date(2024, 5, 1), "Europe/Berlin") == datetime(2024, 5, 1)
    assert local_moment(datetime(2024, 5, 1, 9), "Europe/Berlin") == datetime(2024, 5, 1, 9)
    aware = datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert local_moment(aware, "Europe/Berlin") == datetime(2024, 5, 1, 11)
    with pytest.raises(OptionError, match="'Mars/Olympus' is not known"):
        zone_of("Mars/Olympus")


def test_points_may_separate_thousands_where_all_could() -> None:
    assert _is_pointed(["1.234", "999", "-12"])
    assert not _is_pointed(["1.234", "1000"])
    assert not _is_pointed(["1.23", "999"])
    assert not _is_pointed(["999", "12"])
    assert _is_long_id({"x"}, ["1" * 20, "2" * 20])
    assert not _is_long_id({"x"}, ["1" * 20, "12"])
    assert _is_long_id({"id"}, ["1" * 20, "12"])
    assert not _is_long_id({"id"}, ["12", "13"])
