"""What numbers of purchases are to each other, right at each border and just beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.customers.arithmetic import (
    are_equal,
    has_fractions,
    is_fee,
    is_price_of_one,
    is_share_of,
    like_money,
    like_units,
    products,
    taxed,
    without_parts,
)

Floats = NDArray[np.float64]
NAN = float("nan")
#: The money of a hundred rows, from 11 to 110, each different.
WHOLE = np.arange(11.0, 111.0)


def off(values: Floats, rows: int, by: float = 5.0) -> Floats:
    """Return values of which so many are something else."""
    changed = values.copy()
    changed[:rows] += by
    return changed


def test_cents_are_fractions_of_two_places() -> None:
    assert has_fractions(np.array([1.0, NAN, 2.5]))
    assert not has_fractions(np.array([1.0, NAN, -2.0]))
    assert like_money(np.array([1.25, NAN, 2.0, -0.1]))
    assert not like_money(np.array([1.25, 1.255]))
    assert not like_money(np.array([1.0, 2.0]))


@pytest.mark.parametrize(
    ("values", "units"),
    [
        ([1.0] * 9 + [2.0], True),
        ([1.0] * 9 + [2.0, NAN], True),
        ([1.0] * 8 + [2.0, NAN], False),
        ([1.0] * 10, False),
        ([1.0] * 9 + [2.5], False),
        ([1.0] * 9 + [-999.0], True),
        ([1.0] * 9 + [-1000.0], False),
        ([50.0] * 9 + [2.0], True),
        ([51.0] * 9 + [2.0], False),
        ([-51.0] * 9 + [2.0], False),
    ],
)
def test_units_are_whole_and_mostly_few(values: list[float], units: bool) -> None:
    assert like_units(np.array(values)) is units


@pytest.mark.parametrize(
    ("values", "fee"),
    [
        ([0.0, 4.9, 4.9, 5.9, 6.9, NAN], True),
        ([4.9, 5.9, 6.9, 7.9, 0.0], False),
        ([4.9, 5.9, 6.9, 7.9] + [0.0] * 6, True),
        ([4.9, 5.9, 6.9, 7.9, 8.9] + [0.0] * 6, False),
    ],
)
def test_a_fee_is_one_of_three_amounts_or_mostly_nothing(values: list[float], fee: bool) -> None:
    assert is_fee(np.array(values)) is fee


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (0.19 * WHOLE, WHOLE, True),
        (np.round(0.19 * WHOLE, 2), WHOLE, True),
        (np.round(0.19 * 3 * WHOLE), 3 * WHOLE, True),  # where there are no cents, no cents
        (np.round(0.19 * 3 * WHOLE), 3 * WHOLE + 0.5, False),
        (-0.19 * WHOLE, -WHOLE, True),
        (0.02 * WHOLE, WHOLE, True),
        (0.01 * WHOLE, WHOLE, False),
        (0.4 * WHOLE, WHOLE, True),
        (0.41 * WHOLE, WHOLE, False),
        (-0.19 * WHOLE, WHOLE, False),
        (off(0.19 * WHOLE, 5), WHOLE, True),
        (off(0.19 * WHOLE, 6), WHOLE, False),
        (0.19 * WHOLE + np.tile([0.01, -0.01], 50), WHOLE, True),
        (0.19 * WHOLE + np.tile([0.02, -0.02], 50), WHOLE, False),
        # Four rates, of which nothing is one.
        (np.tile([0.05, 0.1, 0.2, 0.0], 25) * WHOLE, WHOLE, True),
        (np.tile([0.05, 0.1, 0.2, 0.3], 25) * WHOLE, WHOLE, True),
        (np.tile([0.05, 0.1, 0.2, 0.3, 0.0], 20) * WHOLE, WHOLE, False),
        (np.where(np.arange(100) < 60, 0.0, 0.19 * WHOLE), WHOLE, True),
        (np.where(np.arange(100) < 61, 0.0, 0.19 * WHOLE), WHOLE, False),
        # Below ten, cents hide the rate; ten amounts show that it is one.
        (np.r_[0.19 * WHOLE, [9.0] * 50], np.r_[WHOLE, [9.99] * 50], True),
        (np.r_[0.19 * WHOLE, [9.0] * 50], np.r_[WHOLE, [10.0] * 50], False),
        (np.r_[0.19 * WHOLE, [NAN, 9.0]], np.r_[WHOLE, [90.0, NAN]], True),
        (0.19 * np.tile(WHOLE[:10], 9), np.tile(WHOLE[:10], 9), True),
        (0.19 * np.tile(WHOLE[:9], 9), np.tile(WHOLE[:9], 9), False),
    ],
)
def test_a_tax_is_one_of_a_few_shares(part: Floats, whole: Floats, share: bool) -> None:
    assert is_share_of(part, whole) is share
    assert taxed({"a": part, "b": whole}) is share
    assert not is_share_of(whole, whole)


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (WHOLE, WHOLE + 0.01, True),
        (WHOLE, WHOLE + 0.012, False),
        (WHOLE, off(WHOLE, 5), True),
        (WHOLE, off(WHOLE, 6), False),
        (WHOLE[:10], WHOLE[:10], True),
        (WHOLE[:9], WHOLE[:9], False),
        (np.r_[WHOLE[:9], NAN, 3.0], np.r_[WHOLE[:9], 3.0, NAN], False),
    ],
)
def test_what_is_the_same_but_for_cents(a: Floats, b: Floats, equal: bool) -> None:
    assert are_equal(a, b) is are_equal(b, a) is equal


UNITS = np.tile([1.0, 2.0, 3.0, 4.0], 25)
PRICES = np.tile([2.5, 4.0, 7.25, 9.0, 11.5], 20)
MONEY = UNITS * PRICES


@pytest.mark.parametrize(
    ("units", "price", "amount", "found"),
    [
        (UNITS, PRICES, MONEY, True),
        (UNITS, PRICES, MONEY + 0.01, True),
        (UNITS, PRICES, off(MONEY, 5), True),
        (UNITS, PRICES, off(MONEY, 6), False),
        # Half of the rows may have had a discount, of half the money at most.
        (UNITS, PRICES, np.where(np.arange(100) < 52, MONEY, 0.5 * MONEY), True),
        (UNITS, PRICES, np.where(np.arange(100) < 52, MONEY, 0.49 * MONEY), False),
        (UNITS, PRICES, np.where(np.arange(100) < 48, MONEY, 0.5 * MONEY), False),
        (UNITS, PRICES, np.where(np.arange(100) < 52, MONEY, 1.1 * MONEY), False),
        # Ten rows of several units, and of more than one price, tell.
        (np.r_[np.ones(90), np.full(10, 3.0)], PRICES, None, True),
        (np.r_[np.ones(91), np.full(9, 3.0)], PRICES, None, False),
        (UNITS, np.r_[np.full(90, 0.0), PRICES[:10]], None, False),
        (UNITS, np.full(100, 4.5), None, False),
        (UNITS, np.r_[np.full(96, 4.5), np.full(4, 7.0)], None, True),
        (UNITS, np.where(np.arange(100) < 9, PRICES, NAN), None, False),
    ],
)  # fmt: skip
def test_units_times_a_price_is_money(
    units: Floats, price: Floats, amount: Floats | None, found: bool
) -> None:
    money = units * price if amount is None else amount
    told = products({"each": price, "sum": money, "n": units})
    assert told == (("sum", "n", "each") if found else None)


def test_the_price_of_one_repeats_whatever_the_units() -> None:
    assert is_price_of_one(PRICES, UNITS)
    assert not is_price_of_one(MONEY, UNITS)
    assert not is_price_of_one(np.array([4.0, NAN, 4.0, 6.0]), np.array([2.0, 3.0, 0.0, 3.0]))
    assert not is_price_of_one(np.array([4.0, 4.0]), np.array([2.0, 2.0]))


NET = np.round(WHOLE * 1.37, 2)
TAX = np.round(0.19 * NET, 2)
SHIPPING = np.tile([0.0, 4.9, 5.9, 6.9], 25)


def test_which_of_several_amounts_is_no_money_of_its_own() -> None:
    assert without_parts({"gross": NET + TAX, "net": NET}) == {"net": "gross without taxes"}
    assert without_parts({"net": NET, "gross": NET + TAX}) == {"net": "gross without taxes"}
    assert without_parts({"a": NET, "b": NET + 0.01}) == {"b": "the same as a"}
    told = without_parts({"gross": NET + SHIPPING, "net": NET, "shipping": SHIPPING})
    assert told == {"shipping": "a fee", "net": "a part of gross"}
    told = without_parts({"gross": NET + TAX + SHIPPING, "net": NET, "tax": TAX, "fee": SHIPPING})
    assert told == {"fee": "a fee", "tax": "a share of net", "net": "a part of gross"}


def test_the_sum_of_fees_is_no_whole() -> None:
    other = np.tile([1.0, 2.0, 0.0, 0.0], 25)
    both = {"fees": SHIPPING + other, "shipping": SHIPPING, "other": other}
    told = without_parts(both)
    assert {"shipping", "other"} <= set(told)
    assert "a part of fees" not in told.values()
    assert without_parts({"a": NET, "b": np.flip(NET) ** 1.1}) == {}
