"""What is said of events, and which hours are dates, on and beside each bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from forwhom.documents.study import Events
from forwhom.errors import DataError
from forwhom.features.counts import (
    EventReport,
    _check_usable,
    _counted,
    _is_midnight,
    _moment,
    _stands_out,
    dated_hours,
    digits_for,
    next_midnight_after,
)
from forwhom.features.lines import _check_numbers, _sources
from forwhom.features.orders import matches, money_columns
from forwhom.tables import collect, open_table
from forwhom.tables.frames import says

REPORT = EventReport(
    table="sales", rows=1_000, used=900, missing_customer=0, missing_time=0, unreadable_time=0,
    after_cutoff=0, missing_order=0, refunds=0, zeros=0, missing_amount=0,
    first=datetime(2023, 1, 5), last=datetime(2023, 3, 6), cutoff=datetime(2023, 3, 7),
    time_zone="UTC",
)  # fmt: skip


def told(least: int = 10, **changes: Any) -> list[str]:
    return replace(REPORT, **changes).notes(least)


def test_notes_say_how_many_are_used_until_when() -> None:
    assert told() == [
        "sales: 900 of 1,000 rows are used; features are as of the end of the last day with one."
    ]
    assert told(months=("2023-01", "2023-03"))[0].startswith(
        "sales: 900 of 1,000 rows are used, from 2023-01 to 2023-03; features"
    )
    assert "from 2023-01" not in told(11, months=("2023-01", "2023-03"))[0]
    assert told(cutoff_given=True)[0].endswith("features are as of 2023-03-07 (UTC).")
    assert told(1)[0].endswith("features are as of 2023-03-07 (UTC).")
    assert _moment(datetime(2023, 3, 7, 9, 5)) == "2023-03-07 09:05"


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"missing_customer": 10}, "rows without a customer: 10 (1.0%), left out."),
        ({"missing_time": 25}, "rows without a time: 25 (2.5%), left out."),
        ({"unreadable_time": 9, "unreadable": "row 3"},
         "rows with a time that cannot be read (row 3): fewer than 10, left out."),
        ({"after_cutoff": 100}, "rows at or after the cut-off: 100 (10.0%), left out."),
        ({"duplicates": 10},
         "rows that repeat another in every column: 10 (1.0%), counted all the same."),
        ({"duplicates": 10, "duplicates_dropped": True},
         "rows that repeat another in every column: 10 (1.0%), left out."),
        ({"refunds": 10}, "rows with a negative amount or quantity: 10 (1.0%), returns, taken off "
         "the customer's money."),
        ({"refunds": 10, "refunds_kept": False},
         "rows with a negative amount or quantity: 10 (1.0%), returns, left out of the money."),
        ({"zeros": 10}, "rows with an amount of zero: 10 (1.0%), counted as lines without money."),
        ({"missing_amount": 10}, "rows without an amount: 10 (1.0%), counted as lines without "
         "money."),
        ({"missing_order": 10}, "rows without an order: 10 (1.0%), those of a day are one order."),
        ({"date_only": 10},
         "rows with a date and no time: 10 (1.0%), not used for the time of day."),
        ({"unmatched": {"items": 10 / 900}}, "1.1% of the rows found nothing in items."),
    ],
)  # fmt: skip
def test_each_kind_of_rows_is_counted(changes: dict[str, Any], note: str) -> None:
    assert told(**changes)[1:] == [f"sales: {note}"]


def test_lookups_that_few_rows_miss_are_not_told() -> None:
    assert told(unmatched={"items": 9 / 900})[1:] == []


def test_what_weakens_every_feature_is_a_warning() -> None:
    assert REPORT.warnings() == []
    assert replace(REPORT, missing_customer=20, unmatched={"items": 0.02}).warnings() == []
    assert replace(REPORT, missing_customer=21).warnings() == [
        "sales: 21 of 1,000 rows have no customer and were left out."
    ]
    assert replace(REPORT, unreadable_time=21, unreadable="row 3").warnings() == [
        "sales: 21 of 1,000 rows have a time that cannot be read (row 3) and were left out."
    ]
    assert replace(REPORT, unmatched={"items": 0.03}).warnings() == [
        "sales: 3% of the rows found nothing in items."
    ]
    now = datetime.now(UTC).replace(tzinfo=None)
    assert replace(REPORT, last=now + timedelta(hours=23)).warnings() == []
    [said] = replace(REPORT, last=now + timedelta(hours=25)).warnings()
    assert said.startswith("sales: the last event is in the future")
    [said] = replace(REPORT, shifted="22:00 or 23:00").warnings()
    assert said.startswith("sales: times at 22:00 or 23:00 look like midnight in another time zone")


@pytest.mark.parametrize(
    ("hours", "used", "dated"),
    [
        ({0: 100}, 100, (0,)),  # dates alone
        ({22: 50, 23: 50}, 100, (22, 23)),  # midnight elsewhere, in summer and winter
        ({0: 50, 23: 50}, 100, (0, 23)),
        ({21: 50, 23: 50}, 100, ()),
        ({0: 30, 9: 40, 10: 30}, 100, ()),  # all full hours, and others as frequent
        ({0: 41, 9: 40, 10: 19}, 100, (0,)),
        ({0: 40, 9: 40, 10: 20}, 100, ()),
        ({0: 2, 9: 1}, 100, (0,)),
        ({9: 1}, 100, ()),
        ({}, 100, ()),
        ({22: 60, 9: 1}, 100, (22,)),
        ({9: 11, 10: 11}, 100, (9, 10)),
        ({9: 10, 10: 10}, 100, ()),
        ({9: 30, 15: 10}, 100, ()),
        ({9: 31, 15: 10}, 100, (9,)),
    ],
)
def test_full_hours_that_stand_for_no_time(
    hours: dict[int, int], used: int, dated: tuple[int, ...]
) -> None:
    assert dated_hours(hours, used) == dated


def test_an_hour_stands_out_from_those_that_are_no_neighbors() -> None:
    assert _stands_out(22, {22: 60, 23: 60}, 100)
    assert _stands_out(0, {0: 60, 23: 60, 1: 60}, 100)
    assert not _stands_out(22, {22: 60, 20: 60}, 100)
    assert [_is_midnight(h) for h in ([5], [22, 23], [0, 23], [0, 2], [])] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_weekends_and_channels_vary_where_more_than_one_in_a_hundred_differ() -> None:
    def vary(weekend: int | None) -> bool:
        found = {"weekend": weekend}
        return _counted(replace(REPORT, used=1_000), found, (), has_times=False).weekends_vary

    assert [vary(n) for n in (None, 10, 11, 989, 990)] == [False, False, True, True, False]
    one = {"least_channel": "a", "greatest_channel": "a"}
    assert not _counted(REPORT, one, (), has_times=False).several_channels
    two = one | {"greatest_channel": "b"}
    assert _counted(REPORT, two, (), has_times=False).several_channels
    assert _counted(REPORT, {"total": 1e9}, (), has_times=False).digits == digits_for(1e9)


def test_digits_of_amounts_keep_their_total_a_whole_number() -> None:
    assert [digits_for(total) for total in (-1.0, 0.0, 1.0, 9e7, 9.1e7, 9e8)] == [8, 8, 8, 8, 7, 7]
    assert digits_for(9e15) == 0
    assert next_midnight_after(datetime(2023, 3, 6)) == datetime(2023, 3, 7)
    assert next_midnight_after(datetime(2023, 3, 6, 23, 59)) == datetime(2023, 3, 7)


def usable(**found: int) -> None:
    lines: Any = SimpleNamespace(
        table=SimpleNamespace(name="sales"), matched={"items": "m"}, unknown=None
    )
    spec: Any = SimpleNamespace(time="when")
    given = {"used": 10, "unparsed_time": 0, "readable": 10, "m": 1, "rows": 10}
    none = {"missing_customer": 0, "missing_time": 0, "unreadable_time": 0}
    _check_usable(lines, spec, given | none | found, None, "row 7")


@pytest.mark.parametrize(
    ("fine", "refused", "message"),
    [
        ({"unparsed_time": 2, "readable": 18}, {"unparsed_time": 9, "readable": 9},
         r"9 of 18 times in 'when' cannot be read \(row 7\)"),
        ({"total": 10}, {"total": 10**300}, "the amounts hold a number too large to compute with"),
        ({"m": 1}, {"m": 0}, "none of the rows of sales finds a row in items"),
        ({}, {"used": 0, "rows": 0}, "sales has no rows"),
        ({}, {"used": 0, "missing_time": 4, "readable": 0},
         r"none of 10 rows can be used: 0 without a customer, 4 without a time, 0 with a time that "
         r"cannot be read \(row 7\)"),
    ],
)  # fmt: skip
def test_events_of_which_much_is_odd_are_refused(
    fine: dict[str, int], refused: dict[str, int], message: str
) -> None:
    usable(**fine)
    with pytest.raises(DataError, match=message):
        usable(**refused)


def events(**more: Any) -> Events:
    return Events.model_validate({"table": "t", "customer": "c", "time": "d"} | more)


def test_a_price_needs_a_quantity_or_an_amount() -> None:
    assert _sources(events(price="p", quantity="q"))["price"] == "p"
    assert "price" not in _sources(events(price="p", amount="a"))
    with pytest.raises(DataError, match=r"events: there is a price \('p'\), but no quantity"):
        _sources(events(price="p"))
    with pytest.raises(DataError, match="events 'web': there is a price"):
        _sources(events(price="p", name="web"))
    assert money_columns(events(amount="a", discount="x", order_amount="o", refunded="b")) == [
        "a", "x", "o", "b",
    ]  # fmt: skip
    assert money_columns(events(price="p", quantity="q")) == ["p"]


def test_columns_of_money_hold_numbers() -> None:
    table = open_table(
        pd.DataFrame({"a": ["1", "x9", None], "n": [1.0, 2.0, 3.0], "e": [None] * 3})
    )
    _check_numbers(table, {"amount": "n", "customer": "a"})
    with pytest.raises(
        DataError, match=r"the amount column 'a' is not a number \(string\), one of"
    ):
        _check_numbers(table, {"amount": "a"})


def test_values_match_in_whatever_capitals() -> None:
    table = open_table(pd.DataFrame({"s": [" Paid", "void", None], "n": [1.0, 2.0, None]}))

    def those(expression: Any) -> list[bool]:
        return collect(replace(table, frame=table.frame.select(m=expression)))["m"].to_pylist()

    assert those(matches(table, "s", ["PAID "])) == [True, False, False]
    assert those(says(table, "s", ["void"])) == [False, True, False]
    assert those(says(table, "n", ["1", "x", "2.0"])) == [True, True, False]
    assert those(says(table, "n", ["x"])) == [False, False, False]
