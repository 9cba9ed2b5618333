"""Which variables can form segments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.checks import (
    check_weights,
    near_duplicates,
    repeats_ids,
    uninformative,
)
from forwhom.errors import DataError
from forwhom.tables.columns import Column


def numbers(name, *values):
    return Column(name, np.array(values, dtype=float))


def test_a_constant_and_an_empty_variable_say_nothing():
    assert "same value" in uninformative(numbers("x", 3, 3, np.nan))
    assert "no values" in uninformative(numbers("x", np.nan, np.nan))
    assert uninformative(numbers("x", 3, 4)) == ""
    codes = np.array([-1, 1, 1], dtype=np.int32)
    assert "same value" in uninformative(Column("y", codes, ("a", "b")))


def test_the_first_of_two_near_duplicates_is_the_one_repeated():
    rng = np.random.default_rng(1)
    x = rng.normal(size=500)
    found = near_duplicates(
        [
            numbers("x", *x),
            numbers("noise", *rng.normal(size=500)),
            numbers("exp", *np.exp(x)),
            numbers("minus", *(-x)),
        ]
    )
    assert found == {"exp": ("x", 1.0), "minus": ("x", -1.0)}


def test_levels_are_never_near_duplicates():
    codes = np.arange(10, dtype=np.int32)
    level = Column("level", codes, tuple("abcdefghij"))
    assert near_duplicates([level, Column("same", codes, level.levels)]) == {}


def test_missing_values_are_compared_where_both_are_there():
    x = np.arange(50.0)
    y = x.copy()
    y[::2] = np.nan
    assert near_duplicates([Column("x", x), Column("y", y)]) == {"y": ("x", 1.0)}


@pytest.mark.parametrize(
    ("weights", "word"),
    [([1, np.nan], "missing"), ([1, -1], "negative"), ([1, np.inf], "infinite"), ([0, 0], "zero")],
)
def test_weights_that_cannot_weigh(weights, word):
    with pytest.raises(DataError, match=word):
        check_weights(np.array(weights, dtype=float), "w")


def test_a_weight_of_zero_is_fine():
    assert check_weights(np.array([0.0, 2.0]), "w") == []


def test_weights_that_leave_the_answer_to_a_few():
    with pytest.raises(DataError, match="one customer counts for more than all others"):
        check_weights(np.array([1e90, 1.0, 1.0]), "w")
    heavy = np.array([1000.0] * 3 + [1.0] * 97)
    assert "say no more than 3 with equal weights" in check_weights(heavy, "w")[0]


def test_a_copy_of_the_ids_is_found():
    ids = pa.array([3, 8])
    assert repeats_ids(Column("n", np.array([3.0, 8.0])), ids)
    assert not repeats_ids(Column("n", np.array([3.0, 9.0])), ids)
    assert not repeats_ids(Column("n", np.array([3.0, np.nan])), pa.array(["3", "8"]))
