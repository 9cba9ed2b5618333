"""What numbers of purchases are to each other: a tax, a sum, a price times units."""

from collections.abc import Mapping
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: With fewer rows, what numbers have in common may be chance.
FEWEST = 10
#: A rule of arithmetic holds in nearly all rows; exports have slips of the pen.
HOLDS = 0.95
#: Cents are rounded, and whole numbers where there are none.
_CENT, _WHOLE = 0.011, 0.51
#: Taxes, commissions and tips are from this to that share of the money, at so many rates.
_RATES, _MOST_RATES = (0.02, 0.4), 4
#: Below so much money, cents hide the rate.
_ENOUGH = 10.0
#: Fees are one of so many amounts, or mostly nothing.
_FEES, _MOSTLY_NONE = 3, 0.6
#: From this share of rows on, the others may have had a discount.
_UNDISCOUNTED = 0.5
#: Units are mostly few.
_MANY_UNITS = 50


def has_fractions(own: Floats) -> bool:
    """Whether some values are no whole numbers."""
    held = own[~np.isnan(own)]
    return bool(np.any(held != np.floor(held)))


def like_money(own: Floats) -> bool:
    """Whether values have cents and nothing finer."""
    held = own[~np.isnan(own)]
    return has_fractions(held) and bool(np.all(np.abs(held * 100 - np.round(held * 100)) < 1e-6))


def like_units(own: Floats) -> bool:
    """Whether values are whole numbers, mostly few, and not one of them alone."""
    held = own[~np.isnan(own)]
    whole = len(held) >= FEWEST and bool(np.all(held == np.floor(held)))
    few = whole and bool(held.min() > -1_000)
    return few and len(np.unique(held)) > 1 and float(np.median(np.abs(held))) <= _MANY_UNITS


def is_fee(own: Floats) -> bool:
    """Whether values are one of a few amounts, or mostly nothing: shipping, a discount."""
    held = own[~np.isnan(own)]
    few = len(np.unique(held[held != 0])) <= _FEES
    return few or float(np.mean(held == 0)) >= _MOSTLY_NONE


def is_share_of(part: Floats, whole: Floats) -> bool:
    """Whether a number is one of a few shares of another, as taxes are."""
    both = ~np.isnan(part) & ~np.isnan(whole) & (np.abs(whole) >= _ENOUGH)
    a, b = part[both], whole[both]
    if part is whole or len(np.unique(b)) < FEWEST or np.mean(a == 0) > _MOSTLY_NONE:
        return False
    rates, times = np.unique(np.round(a / b, 2), return_counts=True)
    often = rates[np.argsort(-times)[:_MOST_RATES]]
    near = np.zeros(len(a), dtype=bool)
    rounded = _CENT if has_fractions(part) or has_fractions(whole) else _WHOLE
    for rate in often[(often == 0) | ((often >= _RATES[0]) & (often <= _RATES[1]))]:
        within = np.abs(a / b - rate) <= 0.006
        near |= within & (np.abs(a - a[within].sum() / b[within].sum() * b) <= rounded)
    return bool(near.mean() >= HOLDS)


def taxed(numbers: Mapping[str, Floats]) -> bool:
    """Whether one number is a tax on another."""
    return any(is_share_of(part, whole) for part, whole in permutations(numbers.values(), 2))


def are_equal(a: Floats, b: Floats) -> bool:
    """Whether two numbers are the same but for cents, in nearly all rows that have both."""
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.sum() < FEWEST:
        return False
    return bool(np.mean(np.abs(a[both] - b[both]) <= _CENT) >= HOLDS)


def products(numbers: Mapping[str, Floats]) -> tuple[str, str, str] | None:
    """Return a number that is units × price of each row, with the units and the price."""
    units = [name for name, own in numbers.items() if like_units(own)]
    for unit, (price, amount) in ((u, p) for u in units for p in permutations(numbers, 2)):
        if unit in (price, amount):
            continue
        several = np.nan_to_num(numbers[unit], nan=1.0) != 1
        moved = several & (np.nan_to_num(numbers[price]) != 0)
        if moved.sum() < FEWEST or len(np.unique(numbers[price][moved])) < 2:
            continue
        product = numbers[unit] * numbers[price]
        own = numbers[amount]
        if _is_product(own, product) and _is_product(own[moved], product[moved]):
            return amount, unit, price
    return None


def _is_product(own: Floats, product: Floats) -> bool:
    """Whether a number is a product, or somewhat less where there was a discount."""
    both = ~np.isnan(own) & ~np.isnan(product)
    if both.sum() < FEWEST:
        return False
    less = product[both] - own[both]
    within = (less >= -_CENT) & (less <= 0.5 * np.abs(product[both]) + _CENT)
    same = float(np.mean(np.abs(less) <= _CENT))
    return same >= HOLDS or (same >= _UNDISCOUNTED and float(np.mean(within)) >= HOLDS)


def is_price_of_one(own: Floats, units: Floats) -> bool:
    """Whether a number beside units is what one of them costs: divided by them, it is less round.

    The money of a line grows with its units; a price repeats whatever they are.
    """
    both = ~np.isnan(own) & ~np.isnan(units) & (units != 0)
    each = np.round(own[both] / units[both], 2)
    return len(np.unique(own[both])) < len(np.unique(each))


def without_parts(numbers: Mapping[str, Floats]) -> dict[str, str]:
    """Return why some of several amounts are not the money itself: taxes, fees, parts, copies."""
    out: dict[str, str] = {}
    for name, own in numbers.items():
        if is_fee(own):
            out[name] = "a fee"
    for part, whole in permutations(numbers, 2):
        if part not in out and whole not in out and is_share_of(numbers[part], numbers[whole]):
            out[part] = f"a share of {whole}"
    for whole in numbers:
        if whole not in out:
            out |= _parts(whole, numbers, out)
    left = [name for name in numbers if name not in out]
    for first, second in combinations(left, 2):
        if first in out or second in out:
            continue
        if are_equal(numbers[first], numbers[second]):
            out[second] = f"the same as {first}"
        elif (less := _before_taxes(numbers, first, second)) is not None:
            out[less] = f"{first if less == second else second} without taxes"
    return out


def _parts(whole: str, numbers: Mapping[str, Floats], out: Mapping[str, str]) -> dict[str, str]:
    """Return the numbers of which another is the sum, if one of them is more than a fee."""
    others = [name for name in numbers if name != whole]
    for several in (2, 3):
        for parts in combinations(others, several):
            total = np.sum([np.nan_to_num(numbers[name]) for name in parts], axis=0)
            if any(name not in out for name in parts) and are_equal(numbers[whole], total):
                return {name: f"a part of {whole}" for name in parts if name not in out}
    return {}


def _before_taxes(numbers: Mapping[str, Floats], first: str, second: str) -> str | None:
    """Return which of two is the other without taxes."""
    for less, more in ((first, second), (second, first)):
        if is_share_of(numbers[more] - numbers[less], numbers[less]):
            return less
    return None
