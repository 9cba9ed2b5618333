"""Small parts of reading by themselves: forms of cells, signs, labels of files, bands, choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.tables import tallies
from forwhom.tables.bands import band_ranks
from forwhom.tables.batches import _few, _is_whole, repeats
from forwhom.tables.choices import MOST_OPTIONS, is_other_text, options_in, taken_apart
from forwhom.tables.collecting import columns_of
from forwhom.tables.frames import table_of
from forwhom.tables.often import often_ranks
from forwhom.tables.profile import label_of
from forwhom.tables.signs import is_booked, several_signs, sign_of, without_sign
from forwhom.tables.spellings import is_printed, truth, ways
from forwhom.tables.summaries import counted_statistics
from forwhom.tables.textual import (
    BOOLEAN,
    COMMA,
    DAY_DASHED,
    DAY_FIRST,
    GROUPED,
    INTEGER,
    MONTH_DASHED,
    MONTH_FIRST,
    NUMBER,
    Form,
    _decide,
    _Evidence,
    _is_long_id,
    _is_pointed,
    _month_first,
    _mostly,
)


@pytest.mark.parametrize(
    ("name", "cells", "long"),
    [
        (set(), ["1" * 19, "2" * 19], True),
        (set(), ["1" * 18, "2" * 18], False),
        (set(), ["1" * 19, "2" * 20], True),
        ({"id"}, ["1" * 19, "2" * 20], True),
        ({"number"}, ["1" * 19, "7"], True),
        (set(), ["1" * 19, "7"], False),
        (set(), ["1" * 18 + "x"], False),
    ],
)
def test_digits_that_no_number_holds(name: set[str], cells: list[str], long: bool) -> None:
    assert _is_long_id(name, cells) is long


@pytest.mark.parametrize(
    ("cells", "pointed"),
    [
        (["1.234", "999"], True),
        (["1.234", "-999"], True),
        (["1.234", "1000"], False),
        (["1.23"], False),
        (["0.234"], False),
        (["1.234.567"], True),
        (["999"], False),
    ],
)
def test_points_that_may_separate_thousands(cells: list[str], pointed: bool) -> None:
    assert _is_pointed(cells) is pointed


def test_a_form_is_that_of_nine_cells_in_ten() -> None:
    assert _mostly(INTEGER, Counter({"1": 9, "x": 1}))
    assert not _mostly(INTEGER, Counter({"1": 8, "x": 1}))
    assert _mostly(INTEGER, Counter({"1": 18, "x": 1, "y": 1}))
    assert not _mostly(INTEGER, Counter({"1": 17, "x": 1, "y": 2}))
    assert not _mostly(INTEGER, Counter())


def seen(failures: Mapping[Form, int], filled: int = 10, blanks: int = 0) -> _Evidence:
    return _Evidence(filled, failures, decimal_comma=False, clock=False, quick=False, blanks=blanks)


@pytest.mark.parametrize(
    ("evidence", "comma_file", "month_first", "form", "noted"),
    [
        (None, False, None, None, ""),
        (seen({INTEGER: 0}, filled=0), False, None, None, ""),
        (seen({INTEGER: 1}), False, None, None, ""),
        (seen({INTEGER: 0}, blanks=10), False, None, None, ""),
        (seen({INTEGER: 0}, blanks=9), False, None, INTEGER, ""),
        (seen({INTEGER: 1, NUMBER: 0, COMMA: 0}), True, None, COMMA, ""),
        (seen({INTEGER: 0, NUMBER: 0, COMMA: 0}), True, None, INTEGER, ""),
        (seen({INTEGER: 1, NUMBER: 0, COMMA: 0}), False, None, NUMBER, ""),
        (seen({NUMBER: 1, COMMA: 0, GROUPED: 0}), False, None, GROUPED, "thousands separators"),
        (seen({NUMBER: 0, COMMA: 0, GROUPED: 0}), False, None, NUMBER, ""),
        (seen({MONTH_FIRST: 0, DAY_FIRST: 0}), False, None, MONTH_FIRST, "month/day/year"),
        (seen({MONTH_FIRST: 0, DAY_FIRST: 0}), True, None, DAY_FIRST, "day/month/year"),
        (seen({MONTH_FIRST: 0, DAY_FIRST: 0}), False, True, MONTH_FIRST, ""),
        (seen({MONTH_FIRST: 0, DAY_FIRST: 0}), False, False, DAY_FIRST, ""),
        (seen({MONTH_FIRST: 1, DAY_FIRST: 0}), False, None, DAY_FIRST, ""),
        (seen({MONTH_DASHED: 0, DAY_DASHED: 0}), False, None, DAY_DASHED, "day-month-year"),
    ],
)
def test_which_form_a_column_has(
    evidence: _Evidence | None,
    comma_file: bool,
    month_first: bool | None,
    form: Form | None,
    noted: str,
) -> None:
    notes: list[str] = []
    assert _decide("x", evidence, comma_file, month_first, notes) is form
    assert bool(notes) is bool(noted)
    assert noted in "".join(notes)


def test_dates_that_tell_decide_for_those_that_do_not() -> None:
    both, month = {MONTH_FIRST: 0, DAY_FIRST: 0}, {MONTH_FIRST: 0, DAY_FIRST: 3}
    day = {MONTH_DASHED: 3, DAY_DASHED: 0}
    assert _month_first({"a": seen(both), "b": seen(month)}) is True
    assert _month_first({"a": seen(both), "b": seen(day)}) is False
    assert _month_first({"a": seen(day), "b": seen(month)}) is None
    assert _month_first({"a": seen(both)}) is None
    assert _month_first({"a": seen(month, filled=0)}) is None
    assert _month_first({"a": seen({MONTH_FIRST: 2, DAY_FIRST: 3})}) is None
    assert _month_first({"a": seen({BOOLEAN: 0})}) is None


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["$1"] * 5 + ["2"] * 5, "$"),
        (["$1"] * 4 + ["2"] * 6, ""),
        (["$1"] * 9 + ["x"], "$"),
        (["$1"] * 8 + ["x"], ""),
        (["1 %"] * 9 + ["2"], "%"),
        (["1 %"] * 8 + ["2"] * 2, ""),
        (["US$ 1"] * 5, "US$"),
        (["'1"] * 3, "'"),
        (["'1", "1'000"], ""),
        (["\u22121", "2"], "\u2212"),
        (["\u22121", "x"], ""),
        (["-", "$1", "unknown"], "$"),
        (["1", "2"], ""),
    ],
)
def test_which_sign_nearly_all_cells_carry(cells: list[str], sign: str) -> None:
    assert sign_of(cells) == sign


def test_amounts_of_several_currencies_are_no_numbers() -> None:
    assert several_signs(["$1", "€2", "€3", "4"]) == ("€", "$")
    assert several_signs(["$1", "$2"]) == ()
    assert several_signs(["$1", "€2", *["x"] * 3]) == ()
    assert several_signs([*["$1", "€2"] * 9, "x", "-"]) == ("$", "€")


@pytest.mark.parametrize(
    ("cell", "bare"),
    [("(1,234.50)", "-1,234.50"), ("12.50-", "-12.50"), ("25,-", "25"), ("25.\u2014", "25"),
     ("$ 12", "12"), ("-$7", "-7"), ("\u22123", "-3"), ("a-", "a-"), ("(x)", "(x)")],
)  # fmt: skip
def test_numbers_without_what_is_written_around_them(cell: str, bare: str) -> None:
    assert without_sign(cell, "$") == bare
    assert is_booked(cell) is (cell in {"(1,234.50)", "12.50-"})


@pytest.mark.parametrize(
    ("word", "said"),
    [("1", True), ("-1.0", True), ("0.00", False), ("2", None), (" Yes ", True), ("NEIN", False),
     ("maybe", None), ("", None), ("1e0", None)],
)  # fmt: skip
def test_words_for_yes_and_no(word: str, said: bool | None) -> None:
    assert truth(word) is said
    assert is_printed(word) is (said is not None or word == "2")


def test_how_a_value_may_be_printed() -> None:
    assert {"1", "1.0", "1.00", "1.0000"} <= ways("1")
    assert {"0.5", ".5"} <= ways("0.50")
    assert "0.50.0" not in ways("0.50")
    assert {"1e+07", "1.0e7", "1.0e+07"} <= ways("10000000")
    assert not any("e" in way for way in ways("9999999"))
    assert ways("Abc") == {"abc"}


@pytest.mark.parametrize(
    ("levels", "ranks"),
    [
        (["under 18", "18-29", "30+"], [(-np.inf, 18), (18, 29), (30, np.inf)]),
        (["1-5k", "5-10k"], [(1000, 5000), (5000, 10_000)]),
        (["999-2k", "2-3k"], None),
        (["0-1 mio", "1-2 mio", "2 bn +"], [(0, 1e6), (1e6, 2e6), (2e9, np.inf)]),
        (["(25, 30]", "(30, 40]"], [(25, 30), (30, 40)]),
        (["none", "1-4", "5"], [(0, 0), (1, 4), (5, 5)]),
        (["1", "2", "3"], None),
        (["1-5", "4-9"], None),
        (["5-1", "6-9"], None),
        (["1-5", "x"], None),
    ],
)
def test_bands_by_their_ends(levels: list[str], ranks: list[tuple[float, float]] | None) -> None:
    assert band_ranks(levels) == ranks


@pytest.mark.parametrize(
    ("levels", "order"),
    [
        (["once a week", "twice a week", "every day"], [0, 1, 2]),
        (["every two weeks", "every week", "once a month"], [1, 2, 0]),
        (["more than once a week", "once a week", "less than once a week"], [2, 1, 0]),
        (["never", "once a year", "once a quarter"], [0, 1, 2]),
        (["never", "seldom", "always"], None),
        (["never", "seldom", "once a year"], None),
        (["2-3 times a month", "once a month", "once a week"], [1, 0, 2]),
    ],
)
def test_how_often_in_words(levels: list[str], order: list[int] | None) -> None:
    found = often_ranks(levels)
    if order is None:
        assert found is None
    else:
        assert found is not None
        assert np.lexsort(list(zip(*found, strict=True))[::-1]).argsort().tolist() == order


@pytest.mark.parametrize(
    ("levels", "separator", "options"),
    [
        ({"a;b": 2, "a": 2, "b": 2}, ";", ["a", "b"]),
        ({"a;b": 1, "a": 1, "b": 1}, ";", ["a", "b"]),
        ({"a;x": 1, "a": 5, "b": 5}, ";", []),
        ({"a": 5, "b": 5}, ";", []),
        ({"a;a": 2, "a": 5, "b": 5, "a;b": 2}, ";", []),
        ({"1,5": 2, "2,5": 2, "1": 2, "2": 2, "5": 2}, ",", []),
        ({"1;5": 2, "2;5": 2, "1": 2, "2": 2, "5": 2}, ";", ["1", "2", "5"]),
        ({f"{'a' * 91};b": 2, "a" * 91: 2, "b": 2}, ";", []),
        ({f"{'a' * 90};b": 2, "a" * 90: 2, "b": 2}, ";", ["a" * 90, "b"]),
        ({"Books, maps;b": 2, "b": 2, "Books, maps": 3}, ";", ["Books, maps", "b"]),
        # What is never apart is one answer.
        ({"x, y, b": 2, "x, y": 2, "x, y, c": 2, "b": 2, "c": 2, "b, c": 2}, ",",
         ["b", "c", "x, y"]),
    ],
)  # fmt: skip
def test_which_answers_were_offered(
    levels: dict[str, int], separator: str, options: list[str]
) -> None:
    assert options_in(levels, separator) == options


def test_a_question_has_forty_answers_at_most() -> None:
    def offered(n: int) -> list[str]:
        return options_in({f"o{i:02};o{(i + 1) % n:02}": 2 for i in range(n)}, ";")

    assert len(offered(MOST_OPTIONS)) == MOST_OPTIONS
    assert offered(MOST_OPTIONS + 1) == []


def test_what_stands_beside_other_and_what_was_taken_apart() -> None:
    told = [is_other_text(name, label) for name, label in
            [("q1_TEXT", ""), ("q1", "Other - text"), ("q1", "Other (please specify)"),
             ("q1_other", ""), ("another", ""), ("q1", "Text")]]  # fmt: skip
    assert told == [True, True, True, True, False, False]
    assert taken_apart(["q", "q/a", "q/b", "r", "r/a", "s/a"]) == {"q"}


def test_statistics_of_counted_numbers() -> None:
    found = counted_statistics(
        np.array([2.0, -1.0, 0.0, np.inf]), np.array([5, 1, 4, 7], dtype=np.int64)
    )
    assert (found.minimum, found.maximum, found.mean) == (-1.0, 2.0, 0.9)
    assert found.sd == pytest.approx(np.std([2.0] * 5 + [-1.0] + [0.0] * 4, ddof=1))
    assert (found.zeros, found.negatives, found.whole) == (0.4, 1, True)
    values = np.array([2.0] * 5 + [-1.0] + [0.0] * 4)
    assert dict(found.quantiles) == pytest.approx(
        {q: np.quantile(values, q) for q in (0.1, 0.25, 0.5, 0.75, 0.9)}
    )
    assert found.usual is None
    one = counted_statistics(np.array([3.5]), np.array([1]))
    assert (one.sd, one.whole, one.quantiles[0.9]) == (0.0, False, 3.5)
    none = counted_statistics(np.array([np.inf]), np.array([9]))
    assert (np.isnan(none.mean), none.whole, none.quantiles) == (True, False, {})


@pytest.mark.parametrize(("n", "usual"), [(19, None), (20, (9.0, 10.0)), (100, (10.0, 90.0))])
def test_what_is_usual_is_reached_by_ten(n: int, usual: tuple[float, float] | None) -> None:
    values = np.arange(n, dtype=float)
    found = counted_statistics(values, np.ones(n, dtype=np.int64)).usual
    if usual is None:
        assert found is None
    else:
        assert found is not None
        low, high = found
        assert 4 <= low <= 14
        assert n - 15 <= high <= n - 5


def test_what_an_engine_counts_is_what_is_counted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    days = np.datetime64("2024-01-01") + rng.integers(0, 300, 60)
    table = pa.table({
        "x": pa.array([None, 0.0, *rng.normal(0, 9, 58)]), "n": rng.integers(-3, 9, 60),
        "t": [f"w{i % 7}" for i in range(60)], "d": pa.array(days).cast(pa.date32()),
    })  # fmt: skip
    session = duckdb.connect()
    relation = table_of(session.from_arrow(table))
    rows, here = tallies.tallied(relation)
    monkeypatch.setattr(tallies, "COUNTED", 20)
    again, there = tallies.tallied(relation)
    assert rows == again == 60
    for name in ("n", "t", "d"):
        mine, theirs = here[name], there[name]
        assert (mine.n, mine.distinct, mine.low, mine.high, mine.months) == (
            theirs.n, theirs.distinct, theirs.low, theirs.high, theirs.months,
        )  # fmt: skip
        assert mine.values.to_pylist() == theirs.values.to_pylist()
        assert mine.counts.tolist() == theirs.counts.tolist()
    asked = there["x"].statistics
    assert asked is not None
    assert (there["x"].n, there["x"].distinct, there["x"].whole) == (59, 59, False)
    counted = counted_statistics(here["x"].values.to_numpy(), here["x"].counts)
    assert (asked.minimum, asked.maximum, asked.negatives, asked.whole) == (
        counted.minimum, counted.maximum, counted.negatives, counted.whole,
    )  # fmt: skip
    assert (asked.mean, asked.sd, asked.zeros) == pytest.approx(
        (counted.mean, counted.sd, counted.zeros)
    )
    assert dict(asked.quantiles) == pytest.approx(dict(counted.quantiles))
    assert asked.usual is not None
    assert counted.usual is not None
    assert asked.usual[0] < 0 < asked.usual[1]


def column(values: Sequence[Any], measure: Measure, levels: Sequence[str] = ()) -> Any:
    rows = pa.table({"x": list(values)})
    return columns_of(rows, {"x": measure}, {"x": levels} if levels else {}, "t")["x"]


@pytest.mark.parametrize(
    ("values", "measure", "said"),
    [
        (
            ["1", "x1", "y"],
            "continuous",
            "2 of 3 rows (row 2, 3; row 1 is the first with data) hold text, written like 'a0'",
        ),
        (["1", "x"], "continuous", "row 2 (row 1 is the first with data) holds text"),
        ([*"abcdef"], "continuous", "6 of 6 rows (row 1, 2, 3, 4, 5, ...;"),
        ([*"abcde"], "continuous", "5 of 5 rows (row 1, 2, 3, 4, 5; row"),
        ([1.0, float("inf")], "continuous", "holds infinity"),
        ([1.0, 1e101], "continuous", "a number too large to compute with"),
        ([0.0, -0.5], "positive", "is a positive variable, but row 2"),
        ([0, -1], "count", "holds a negative value"),
        ([0.0, 0.5], "count", "holds a fraction"),
        (["a", "b", "c"], "binary", "is declared binary, but has 3 levels."),
        ([*["a"] * 10, *["b"] * 9, "c"], "binary", "has 3 levels, such as 'a'."),
    ],
)
def test_cells_that_a_measure_cannot_have(values: list[Any], measure: Measure, said: str) -> None:
    with pytest.raises(DataError) as refused:
        column(values, measure)
    assert said in str(refused.value)


def test_cells_become_numbers_and_codes() -> None:
    np.testing.assert_array_equal(column([1, None], "count").values, [1.0, np.nan])
    np.testing.assert_array_equal(column([True, False], "positive").values, [1.0, 0.0])
    np.testing.assert_array_equal(column(["1.5", None], "continuous").values, [1.5, np.nan])
    found = column(["b", "a", None, "b"], "nominal")
    assert (found.levels, found.values.tolist()) == (("a", "b"), [1, 0, -1, 1])
    known = column(["b", "z", "a", "z"], "nominal", ["b", "a"])
    assert (known.values.tolist(), known.unseen) == ([0, -1, 1, -1], {"z": 2})
    two = column(["yes", "no", "Don't know"], "binary")
    assert (two.levels, two.values.tolist()) == (("no", "yes"), [1, 0, -1])
    ordered = column(["high", "low"], "ordinal")
    assert ordered.levels == ("low", "high")


def test_few_spellings_and_ids_of_blocks() -> None:
    session = duckdb.connect()
    rows = session.from_arrow(pa.table({
        "t": ["b", None, "a", "b"], "none": pa.array([None] * 4, pa.string()),
        "k": [1.0, 2.0, 2.0, 2.0], "h": [1.5, 2.0, 3.0, 4.0], "i": [1, 2, 3, 4],
        "big": [2.0**53, 1.0, 2.0, 3.0],
    }))  # fmt: skip
    assert _few(rows, ["t", "none"]) == {"t": ["a", "b"]}
    assert _few(rows, []) == {}
    table = table_of(rows)
    assert [_is_whole(table, one) for one in ("k", "h", "i", "big")] == [True, False, False, False]
    hashes = rows.project("hash(k)").distinct().fetchnumpy()
    assert repeats(table, "k", next(iter(hashes.values())).astype(np.uint64)) == 2


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("NumberOfOrders", "Number of orders"), ("total_spend", "Total spend"), ("Q12", "Q12"),
        ("How old are you?", "How old are you?"), ("Service - Speed", "Service - Speed"),
        ("a_b - c", "A b - c"), ("URL of page", "URL of page"), ("abc1", "Abc1"),
    ],
)  # fmt: skip
def test_a_name_in_plain_words(name: str, label: str) -> None:
    assert label_of(name) == label
