"""From how many on something counts: on the bound, and beside it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from forwhom.documents.study import Events
from forwhom.features import customer_features
from forwhom.features.lines import unreadable_rows
from forwhom.tables import collect, open_table

SPEC: dict[str, Any] = {"table": "t", "customer": "who", "time": "at", "amount": "paid"}


def bought(times: list[date], paid: list[float] | None = None) -> Any:
    rows = pa.table({"who": ["a"] * len(times), "at": times, "paid": paid or [1.0] * len(times)})
    spec = Events(**SPEC, cutoff=date(2024, 12, 31))
    return customer_features(open_table(rows, name="t"), spec)


@pytest.mark.parametrize(("orders", "known"), [(2, False), (3, True)])
def test_a_habit_shows_from_three_orders_on(orders: int, known: bool) -> None:
    found = bought([date(2024, 1, 1 + 7 * i) for i in range(orders)])
    [row] = collect(found.table).to_pylist()
    habits = [v.name for v in found.dictionary if "fewer than 3" in (v.definition or "")]
    assert habits
    assert [row[name] is not None for name in habits] == [known] * len(habits)


@pytest.mark.parametrize(("refunds", "use"), [(0, "descriptor"), (4, "descriptor"), (5, "active")])
def test_returns_form_segments_from_one_in_two_hundred_lines_on(refunds: int, use: str) -> None:
    days = [date(2024, 1 + i // 84, 1 + i // 3 % 28) for i in range(1000)]
    paid = [-1.0 - i if i < refunds else float(i) for i in range(1000)]
    found = bought(days, paid)
    assert {v.use for v in found.dictionary if v.name == "return_share"} <= {use}
    assert (use == "active") == any(
        v.use == "active" for v in found.dictionary if v.name == "return_share"
    )


def test_rows_without_a_readable_time_are_named_where_the_events_have_it() -> None:
    rows = pa.table({"who": ["a", "b", "c"], "at": ["2024-01-01", "soon", None], "paid": [1.0] * 3})
    events = open_table(rows, name="t")
    lines: Any = SimpleNamespace(events=events)
    assert unreadable_rows(lines, Events(**SPEC)).startswith("row 2, ")
    assert unreadable_rows(lines, Events(**{**SPEC, "time": "brought"})) == ""
