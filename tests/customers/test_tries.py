"""Which numbers of segments are tried."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.customers.tries import MOST_TRIED, numbers_to_try
from forwhom.errors import DataError
from forwhom.tables.columns import Column


def numbers(n: int, name: str = "x") -> Column:
    return Column(name, np.arange(n, dtype=float))


@pytest.mark.parametrize(
    ("n", "k_max", "most", "why"),
    [
        (2, 8, 1, "needs two customers"),
        (7, 8, 3, "needs two customers"),
        (1000, 8, 8, ""),
        (1000, 1_000_000, MOST_TRIED, "at most 100 numbers"),
    ],
)
def test_the_data_say_how_many_segments_can_be_told_apart(n, k_max, most, why):
    tries = numbers_to_try(None, k_max, [numbers(n)], ["count"])
    assert tries.ks == tuple(range(1, most + 1))
    assert why in tries.limit
    assert bool(why) == bool(tries.limit)


@pytest.mark.parametrize(("n", "most"), [(61, 2), (62, 3), (63, 3)])
def test_as_many_parameters_as_customers_are_not_too_many(n, most):
    # A segment has 20 parameters and its share, and the shares sum to one: 62 in three segments.
    columns = [numbers(n, f"x{i}") for i in range(10)]
    assert numbers_to_try(None, 8, columns, ["continuous"] * 10).ks == tuple(range(1, most + 1))


def test_no_more_parameters_than_customers():
    columns = [numbers(60, f"x{i}") for i in range(10)]
    tries = numbers_to_try(None, 8, columns, ["continuous"] * 10)
    assert tries.ks == (1, 2)  # a segment has 20 parameters, and its share
    assert "more parameters than there are customers (60)" in tries.limit


def test_equal_customers_cannot_be_told_apart():
    twice = Column("x", np.tile([0.0, 1.0, np.nan], 400))
    tries = numbers_to_try(None, 8, [twice], ["count"])
    assert tries.ks == (1, 2, 3)
    assert tries.limit == "only 3 customers differ"
    with pytest.raises(DataError, match="there are 3 different customers, fewer than 5 segments"):
        numbers_to_try(5, 8, [twice], ["count"])


def test_a_given_number_is_tried_alone():
    assert numbers_to_try(7, 3, [numbers(9)], ["count"]).ks == (7,)
    with pytest.raises(DataError, match="there are 9 customers, fewer than 12 segments"):
        numbers_to_try(12, 3, [numbers(9)], ["count"])
