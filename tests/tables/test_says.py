"""What a column says is compared by its meaning, however its type prints it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from forwhom.documents.study import ChoiceSet
from forwhom.tables import collect, open_table
from forwhom.tables.choices import with_choices
from forwhom.tables.frames import as_key, says
from forwhom.tables.missing import nulled


def _rows(native: pa.Table, expression_of) -> list[object]:
    table = open_table(native)
    frame = table.frame.select(expression_of(table).alias("found"))
    return collect(replace(table, frame=frame))["found"].to_pylist()


@pytest.mark.parametrize("value", ["1", "1.0", " 1.00 ", "yes", "TRUE", "t"])
@pytest.mark.parametrize(
    "cells",
    [
        pa.array([1, 0, None]),
        pa.array([1.0, 0.0, None]),
        pa.array([Decimal("1.00"), Decimal("0.00"), None]),
        pa.array([True, False, None]),
    ],
)
def test_one_and_yes_are_found_in_every_type(value: str, cells: pa.Array) -> None:
    found = _rows(pa.table({"c": cells}), lambda table: says(table, "c", [value]))
    assert found == [True, False, False]


@pytest.mark.parametrize("value", ["3", "3.0", "3.00"])
def test_a_number_in_text_is_found_however_it_is_printed(value: str) -> None:
    cells = pa.table({"c": ["3", "3.0", "3.00", " 3 ", "13", "3.5", "x", None]})
    found = _rows(cells, lambda table: says(table, "c", [value]))
    assert found == [True, True, True, True, False, False, False, False]


def test_words_are_found_in_whatever_capitals_and_mean_nothing_else() -> None:
    cells = pa.table({"c": ["Cancelled ", "cancelled", "no", "N", None]})
    assert _rows(cells, lambda t: says(t, "c", ["CANCELLED"])) == [True, True, False, False, False]
    assert _rows(cells, lambda t: says(t, "c", ["N"])) == [False, False, False, True, False]


def test_keys_of_two_types_are_the_same_text() -> None:
    table = pa.table({
        "a": [17, 9007199254740993, None],
        "b": [17.0, 1.5, None],
        "c": ["17", "x", None],
    })  # fmt: skip
    assert _rows(table, lambda t: as_key(t, "a")) == ["17", "9007199254740993", None]
    assert _rows(table, lambda t: as_key(t, "b")) == ["17", "1.5", None]
    assert _rows(table, lambda t: as_key(t, "c")) == ["17", "x", None]


def test_codes_for_no_answer_in_text_are_found_however_they_are_printed() -> None:
    table = nulled(
        open_table(pa.table({"c": ["-99", "-99.0", "-99.00", "9", "k.A."]})), {"c": [-99]}
    )
    assert collect(table)["c"].to_pylist() == [None, None, None, "9", "k.A."]


def test_a_zero_is_not_chosen_in_any_type() -> None:
    cells = [pa.array([1, 0, None]), pa.array([1.0, 0.0, None]), pa.array(["1", "0", None])]
    table = open_table(pa.table({"x": cells[0], "y": cells[1], "z": cells[2]}))
    made = with_choices(table, [ChoiceSet(columns=["x", "y", "z"])])
    for name in "xyz":
        assert collect(made)[name].to_pylist() == [True, False, None], name


def test_answers_that_all_are_one_option_may_be_numbers() -> None:
    table = open_table(pa.table({"which": pa.array([1.0, 3.0, None])}))
    made = with_choices(table, [ChoiceSet(column="which", separator=",", options=["1", "2"])])
    assert collect(made)["which: 1"].to_pylist() == [True, False, None]
    assert collect(made)["which: 2"].to_pylist() == [False, False, None]
