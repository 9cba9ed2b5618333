"""Columns in memory, and what is refused on the way."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.base import Measure
from forwhom.errors import ColumnMissing, DataError
from forwhom.tables import Column, collect_columns, open_table, unseen_notes


def column(values: list[object], measure: Measure, **options: object) -> Column:
    table = open_table(pa.table({"x": values}), name="shop.csv")
    return collect_columns(table, {"x": measure}, **options)[1]["x"]  # type: ignore[arg-type]


def test_numbers_are_floats_with_nan() -> None:
    found = column([1, None, 3], "count")
    assert found.values.dtype == np.float64
    np.testing.assert_array_equal(found.values, [1.0, np.nan, 3.0])
    np.testing.assert_array_equal(found.missing, [False, True, False])
    assert column([True, False, None], "continuous").values[:2].tolist() == [1.0, 0.0]
    assert column(["1.5", None, "-2"], "continuous").values[2] == -2.0


def test_levels_are_codes_in_natural_order() -> None:
    found = column(["10", "9", None, "9"], "nominal")
    assert found.levels == ("9", "10")
    assert found.values.dtype == np.int32
    assert found.values.tolist() == [1, 0, -1, 0]
    assert column([2.0, 1.0, None], "nominal").levels == ("1", "2")
    assert column([2, 1, None], "nominal").levels == ("1", "2")
    assert column([date(2020, 1, 2), None], "nominal").levels == ("2020-01-02",)


def test_given_levels_decide_and_the_rest_is_said() -> None:
    found = column(["b", "z", "a", "z"], "nominal", levels={"x": ["b", "a", "never seen"]})
    assert found.levels == ("b", "a", "never seen")
    assert found.values.tolist() == [0, -1, 1, -1]
    assert found.unseen == {"z": 2}
    assert unseen_notes({"x": found}) == [
        "'x': fewer than 10 rows hold a level that is not known and counts as missing."
    ]
    assert unseen_notes({"x": found}, least=2) == [
        "'x': 2 rows hold a level that is not known ('z') and counts as missing."
    ]
    assert unseen_notes({"x": column(["a"], "nominal")}) == []


def test_answers_that_are_none_do_not_break_a_binary() -> None:
    found = column(["Yes", "No", "No answer", "No"], "binary")
    assert found.levels == ("No", "Yes")
    assert found.unseen == {"No answer": 1}


@pytest.mark.parametrize(
    ("values", "measure", "message"),
    [
        (["1", "many", "x", None], "count", r"2 of 4 rows \(row 2, 3; .*text, written like 'aaaa'"),
        (["1", "y" * 50], "positive", r"row 2 \(row 1 is the first with data\).*'a{37}\.\.\.'"),
        ([1.0, float("inf")], "continuous", "row 2 .*holds infinity"),
        ([1.0, 1e200], "continuous", "row 2 .*too large to compute with"),
        ([1.0, -1e200], "continuous", "row 2 .*too large"),
        ([1.0, 1e300], "positive", "row 2 .*too large"),
        ([1.0, 1e30], "count", "row 2 .*too large"),
        ([1.0, float("-inf")], "continuous", "row 2 .*holds infinity"),
        (
            [1.0, -2.5, -3.0],
            "positive",
            "is a positive variable, but 2 of 3 rows.*a negative value\\.",
        ),
        ([1, -2], "count", "is a count variable, but row 2 .*a negative value\\."),
        ([1.0, 2.5, None], "count", "is a count, but row 2 .*a fraction\\."),
        ([date(2020, 1, 1)], "continuous", "holds dates"),
        (["a", "b", "c"], "binary", r"declared binary, but has 3 levels\."),
        (
            ["yes", "no"] * 10 + ["Ada"] * 9,
            "binary",
            r"declared binary, but has 3 levels, such as '(yes|no)' and '(yes|no)'\.",
        ),
        ([[1], [2]], "nominal", "neither numbers nor text"),
        ([str(i) for i in range(1200)], "nominal", "1200 different values"),
    ],
)
def test_unusable_values_are_refused(values: list[object], measure: Measure, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        column(values, measure)
    assert "shop.csv" in caught.value.problem
    assert caught.value.advice


def test_ids_are_checked() -> None:
    def collect(ids: list[object]) -> list[object]:
        table = open_table(pa.table({"id": ids, "x": range(len(ids))}), name="shop")
        found, _ = collect_columns(table, {"x": "count"}, id_column="id")
        assert found is not None
        return found.to_pylist()

    assert collect([3.0, 1.0, 2.0]) == [1, 2, 3]
    assert collect(["b", "a"]) == ["a", "b"]
    with pytest.raises(DataError, match="2 of 3 rows have no 'id'"):
        collect([None, 1, None])
    with pytest.raises(DataError, match="not unique; 2 of 4 rows repeat"):
        collect([1, 2, 2, 1])


def test_missing_columns_and_rows() -> None:
    table = open_table(pa.table({"visits": [1]}), name="shop")
    with pytest.raises(ColumnMissing, match=r"no column 'visit' in shop\. Did you mean 'visits'"):
        collect_columns(table, {"visit": "count"})
    with pytest.raises(ColumnMissing, match="no column 'id'"):
        collect_columns(table, {"visits": "count"}, id_column="id")
    with pytest.raises(DataError, match="has no rows"):
        column([], "count")


def test_the_id_may_be_a_variable_too() -> None:
    table = open_table(pa.table({"x": [3, 1, 2]}))
    ids, columns = collect_columns(table, {"x": "count"}, id_column="x")
    assert ids is not None
    assert ids.to_pylist() == columns["x"].values.tolist() == [1, 2, 3]


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, width=32)),
            st.one_of(st.none(), st.sampled_from(["a", "b", "10", "9"])),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_value_comes_back(rows: list[tuple[float | None, str | None]]) -> None:
    native = pa.table(
        {
            "number": pa.array([number for number, _ in rows], pa.float64()),
            "level": pa.array([level for _, level in rows], pa.string()),
        }
    )
    _, columns = collect_columns(open_table(native), {"number": "continuous", "level": "nominal"})
    number, level = columns["number"], columns["level"]
    assert level.levels is not None
    for i, (x, name) in enumerate(rows):
        assert bool(number.missing[i]) == (x is None)
        assert x is None or number.values[i] == x
        assert (None if level.missing[i] else level.levels[level.values[i]]) == name
