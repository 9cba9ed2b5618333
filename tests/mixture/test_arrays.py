"""Arrays become columns: which measure, which codes, and what is refused, cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.errors import DataError, OptionError
from forwhom.mixture.arrays import TABLE_RANGE, array_columns, given_measures, is_frame
from forwhom.tables.columns import Column

NAMES = ["a", "b"]


def one(values: Any, measure: Any, levels: dict[str, list[str]] | None = None) -> Column:
    array = np.array(values)[:, None]
    return array_columns(array, ["a"], measure, levels)[0]["a"]


def inferred(values: Any) -> str:
    return array_columns(np.array(values)[:, None], ["a"], None, None)[1]["a"]


def test_measures_are_given_by_name_by_place_or_for_all() -> None:
    assert given_measures(None, NAMES) == {}
    assert given_measures("count", NAMES) == {"a": "count", "b": "count"}
    assert given_measures({"b": "count", 0: "nominal"}, NAMES) == {"b": "count", "a": "nominal"}
    assert given_measures({1: "nominal"}, NAMES) == {"b": "nominal"}
    for key in (2, -1, "c"):
        with pytest.raises(OptionError, match=f"names a column {key!r} that X does not have"):
            given_measures({key: "count"}, NAMES)
    with pytest.raises(OptionError, match="the measure 'counts'"):
        given_measures({"a": "counts"}, NAMES)  # type: ignore[dict-item]
    with pytest.raises(OptionError, match="measures is a list"):
        given_measures(["count"], NAMES)  # type: ignore[arg-type]
    assert (is_frame(np.ones((2, 2))), is_frame(pa.table({"a": [1]}))) == (False, True)


@pytest.mark.parametrize(
    ("values", "measure"),
    [
        ([0.5, 1.0, 2.0] * 30, "continuous"),
        ([0, 1] * 30, "binary"),
        ([1, 2, 3, 4, 5] * 30, "ordinal"),
        ([0] * 60 + [1] * 20 + [2] * 9 + [3], "count"),
        ([0, 1, 2, 3000] * 30, "nominal"),
        ([-5, 0, 3, 9, 20, 70, 90] * 30, "continuous"),
        (["x", "y", "z"] * 30, "nominal"),
        (["x", None, "y"] * 30, "binary"),
        (["low", "medium", "high"] * 30, "ordinal"),
        ([[0] * 90 + list(range(1, 40))][0], "positive"),
    ],
)
def test_measures_that_are_not_given_are_inferred(values: list[Any], measure: str) -> None:
    assert inferred(np.array(values, dtype=object)) == measure
    if None not in values:
        assert inferred(values) == measure


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([np.nan] * 5, "'a' has no value at all"),
        ([1.0, np.inf, 2.0], "X contains infinity"),
        ([f"word {i}" for i in range(90)], "'a' holds text in which no variable is recognized"),
    ],
)
def test_columns_of_which_no_measure_can_be_inferred(values: list[Any], told: str) -> None:
    with pytest.raises(DataError, match=told):
        inferred(np.array(values, dtype=object))


def test_text_where_numbers_are_expected_is_told_by_its_row_and_form() -> None:
    cells = np.array([1.0, None, "2.5", "x9", "y"], dtype=object)
    with pytest.raises(
        DataError, match=r"'a' is continuous, but row 4 holds text, written like 'a0'"
    ):
        one(cells, "continuous")
    with pytest.raises(TypeError, match="not dict"):
        one(np.array([1.0, {}], dtype=object), "continuous")
    held = one(np.array([1, None, "2.5", np.nan], dtype=object), "continuous")
    np.testing.assert_array_equal(held.values, [1.0, np.nan, 2.5, np.nan])


@pytest.mark.parametrize(
    "values",
    [
        np.array([7, 3, 7, 5]),
        np.array([7, 3, 7, 5], dtype=np.uint8),
        np.array([7.0, 3.0, 7.0, 5.0]),
        np.array([7, 3, 7, 5], dtype=object),
    ],
)
def test_levels_of_whole_numbers_are_in_their_order(values: np.ndarray) -> None:
    found = one(values, "nominal")
    assert (found.levels, found.values.tolist()) == (("3", "5", "7"), [2, 0, 2, 1])
    known = one(values, "nominal", {"a": ["7", "3"]})
    assert (known.levels, known.values.tolist()) == (("7", "3"), [0, 1, 0, -1])
    assert known.unseen == {"5": 1}


def test_codes_are_the_same_by_a_table_and_by_sorting() -> None:
    for high in (TABLE_RANGE - 1, TABLE_RANGE, TABLE_RANGE + 1):
        for kind in (np.int64, np.float64):
            found = one(np.array([high, 0, 9, 0], dtype=kind), "nominal")
            assert (found.levels, found.values.tolist()) == (("0", "9", str(high)), [2, 0, 1, 0])
    halves = one(np.array([2.5, np.nan, 1.0, 2.5]), "nominal")
    assert (halves.levels, halves.values.tolist()) == (("1", "2.5"), [1, -1, 0, 1])
    below = one(np.array([-2.0, 0.0, np.nan, -2.0]), "nominal")
    assert (below.levels, below.values.tolist()) == (("-2", "0"), [0, 1, -1, 0])
    empty = one(np.array([np.nan, np.nan]), "nominal")
    assert (empty.levels, empty.values.tolist()) == ((), [-1, -1])
    text = one(np.array(["y", None, "x"], dtype=object), "nominal")
    assert (text.levels, text.values.tolist()) == (("x", "y"), [1, -1, 0])


def test_columns_beside_each_other_keep_their_own_codes() -> None:
    array = np.array([[5, 100, 1], [3, 300, 2], [5, 100, 3]])
    measures = {"a": "nominal", "b": "ordinal", "c": "count"}
    found, known = array_columns(array, ["a", "b", "c"], measures, None)  # type: ignore[arg-type]
    assert known == measures
    assert (found["a"].levels, found["a"].values.tolist()) == (("3", "5"), [1, 0, 1])
    assert (found["b"].levels, found["b"].values.tolist()) == (("100", "300"), [0, 1, 0])
    assert (found["c"].levels, found["c"].values.tolist()) == (None, [1.0, 2.0, 3.0])
