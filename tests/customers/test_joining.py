"""Customers of several tables, side by side."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.joining import all_ids, differ_only_in, positions, take
from forwhom.tables.columns import Column


def test_ids_of_several_tables_are_once_and_ascending():
    found = all_ids([pa.array([3, 5]), pa.array([1, 5])])
    assert found.to_pylist() == [1, 3, 5]


@pytest.mark.parametrize(
    "other",
    [
        pa.array([17, 4], pa.int32()),
        pa.array([17.0, 4.0]),
        pa.array(["17", "4"]),
        pa.array([17, 4], pa.uint64()),
    ],
)
def test_an_id_is_the_same_customer_however_a_table_writes_it(other):
    assert positions(pa.array([4, 9, 17]), other).tolist() == [1, -1, 0]


def test_text_ids_keep_their_leading_zeros():
    assert positions(pa.array(["007", "7"]), pa.array(["7"])).tolist() == [-1, 0]


def test_large_and_fractional_ids_are_compared_as_they_are_written():
    hashes = pa.array([2**63 + 5, 7], pa.uint64())
    assert positions(hashes, pa.array([7, 3])).tolist() == [-1, 0]
    assert positions(pa.array(["1.5", "2"]), pa.array([1.5, 2.0])).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("ids", "what"),
    [
        (["a7", "b8"], "capitals"),
        ([7, 8], "leading zeros"),
        (["Zoe\u0308"], "accents written in another way"),
        (["nobody"], ""),
    ],
)
def test_what_keeps_ids_apart_is_said(ids, what):
    assert differ_only_in(pa.array(["A7", "007", "Zo\u00eb"]), pa.array(ids)) == what


def test_missing_rows_become_missing_values():
    at = np.array([1, -1])
    numbers = take(Column("x", np.array([1.0, 2.0])), at)
    levels = take(Column("y", np.array([0, 1], dtype=np.int32), ("a", "b"), {"c": 3}), at)
    assert numbers.values[0] == 2.0
    assert np.isnan(numbers.values[1])
    assert levels.values.tolist() == [1, -1]
    assert levels.values.dtype == np.int32
    assert levels.unseen == {"c": 3}


def test_a_table_without_rows_gives_missing_values():
    at = np.array([-1, -1])
    assert np.isnan(take(Column("x", np.array([])), at).values).all()
    none = take(Column("y", np.array([], dtype=np.int32), ("a",)), at)
    assert none.values.tolist() == [-1, -1]
