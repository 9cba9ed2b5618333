"""A history of memberships: intervals with reasons, only added to, readable as of any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.customers.history import History, read_history
from forwhom.errors import DataError, SourceError, SourceMissing

FIRST, SECOND, THIRD = date(2025, 12, 31), date(2026, 6, 30), date(2026, 12, 31)


def members(**segments: int) -> pa.Table:
    return pa.table({"who": list(segments), "segment": pa.array(segments.values(), pa.int32())})


def where(history: History, day: date) -> dict[str, int]:
    there = history.as_of(day)
    return dict(zip(there["who"].to_pylist(), there["segment"].to_pylist(), strict=True))


@pytest.fixture
def history() -> History:
    begun = History.begun(members(a=1, b=2, c=1), FIRST, "m1")
    after = begun.then(members(a=1, b=1, d=2), SECOND, "m1")
    return after.then(members(a=2, b=1, c=1, d=2), THIRD, "m2", like="m1")


def test_who_was_where_on_any_day(history: History) -> None:
    assert where(history, FIRST) == {"a": 1, "b": 2, "c": 1}
    assert where(history, date(2026, 6, 29)) == {"a": 1, "b": 2, "c": 1}
    assert where(history, SECOND) == {"a": 1, "b": 1, "d": 2}
    assert where(history, date(2030, 1, 1)) == {"a": 2, "b": 1, "c": 1, "d": 2}
    assert history.counts(SECOND) == {1: 2, 2: 1}
    with pytest.raises(DataError, match="begins on 2025-12-31"):
        history.as_of(date(2025, 1, 1))


def test_every_interval_says_why_it_began_and_ended(history: History) -> None:
    told = {
        (row["who"], row["from"]): (row["entered"], row["left"], row["until"])
        for row in history.table.to_pylist()
    }
    assert told["a", FIRST] == ("first period", "model refitted", THIRD)
    assert told["b", FIRST] == ("first period", "moved by data", SECOND)
    assert told["b", SECOND] == ("moved by data", "model refitted", THIRD)
    assert told["c", FIRST] == ("first period", "no longer in the data", SECOND)
    assert told["c", THIRD] == ("came back", None, None)
    assert told["d", SECOND] == ("new customer", "model refitted", THIRD)


def test_an_older_period_and_another_model_are_refused(history: History) -> None:
    for day in (FIRST, THIRD):
        with pytest.raises(DataError, match="is not later"):
            history.then(members(a=1), day, "m2")
    with pytest.raises(DataError, match="another model"):
        history.then(members(a=1), date(2027, 6, 30), "m3", like="m1")


def test_a_period_in_which_nobody_moves_counts_as_a_period() -> None:
    begun = History.begun(members(a=1), FIRST, "m").then(members(a=1), SECOND, "m")
    assert begun.table.num_rows == 1
    with pytest.raises(DataError, match="until 2026-06-30 already"):
        begun.then(members(a=1), SECOND, "m")


def test_the_file_holds_it_all_and_what_is_none_is_refused(
    history: History, tmp_path: Path
) -> None:
    file = history.save(tmp_path / "h.parquet")
    again = read_history(file)
    assert again.table.equals(history.table)
    assert (again.last, again.model) == (THIRD, "m2")
    with pytest.raises(SourceMissing):
        read_history(tmp_path / "nothing.parquet")
    (tmp_path / "h.csv").write_text("a\n1\n")
    with pytest.raises(SourceError, match="no Parquet file"):
        read_history(tmp_path / "h.csv")
    pq.write_table(pa.table({"who": [1], "segment": [1]}), tmp_path / "other.parquet")
    with pytest.raises(DataError, match="no history of memberships"):
        read_history(tmp_path / "other.parquet")
    cut = file.read_bytes()[:-30]
    (tmp_path / "cut.parquet").write_bytes(cut)
    with pytest.raises(SourceError, match="cannot be read"):
        read_history(tmp_path / "cut.parquet")


def test_addresses_are_hashed_and_found_again(tmp_path: Path) -> None:
    mails = pa.table({"mail": ["ann@example.org", "bob@example.org"], "segment": [1, 2]})
    History.begun(mails, FIRST, "m").save(tmp_path / "h.parquet")
    text = (tmp_path / "h.parquet").read_bytes()
    assert b"example.org" not in text
    assert read_history(tmp_path / "h.parquet").model == "m"


@settings(max_examples=20)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), min_size=1),
        min_size=2,
        max_size=5,
    )
)
def test_nothing_that_was_known_is_ever_lost(periods: list[dict[str, int]]) -> None:
    days = [date(2026, 1 + i, 1) for i in range(len(periods))]
    history = History.begun(members(**periods[0]), days[0], "m")
    for day, now in zip(days[1:], periods[1:], strict=True):
        before = history.table
        history = history.then(members(**now), day, "m")
        kept = history.table.slice(0, before.num_rows)
        for name in ("who", "segment", "from", "entered", "model"):
            assert kept[name].to_pylist() == before[name].to_pylist()
    for day, now in zip(days, periods, strict=True):
        assert where(history, day) == now
