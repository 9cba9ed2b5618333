"""Which numbers are the money of a row, by arithmetic, where no heading says it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from forwhom.customers.arithmetic import (
    Floats,
    are_equal,
    has_fractions,
    is_price_of_one,
    like_money,
    like_units,
    products,
    without_parts,
)
from forwhom.customers.keys import Ints, Sample

#: In whole numbers, money is not always small.
_LARGE = 100


@dataclass(frozen=True)
class Money:
    """What is the money of a row, and why; or what it may be."""

    said: Mapping[str, str] = field(default_factory=dict)  # by key of the events
    why: str = ""
    may_be: tuple[str, ...] = ()


def found_money(
    sample: Sample,
    names: Sequence[str],
    order: str | None,
    once: Collection[str],
    quantity: str | None,
) -> Money:
    """Find the money of each line, or of whole orders, among numbers that nothing names.

    ``once`` are columns that one line of an order holds, ``quantity`` is where units stand.
    """
    numbers = {name: sample.numbers[name] for name in names}
    product = products(numbers | ({} if quantity is None else {quantity: sample.numbers[quantity]}))
    if product is not None:
        amount, unit, price = product
        return Money({"amount": amount, "quantity": unit}, f"it is {unit} × {price} in each row")
    units = quantity or _units(numbers)
    amounts = _amounts({name: own for name, own in numbers.items() if name != units})
    whole = [name for name in amounts if _of_order(sample, name, order, once)]
    out = without_parts({name: amounts[name] for name in whole})
    totals = [name for name in whole if name not in out]
    lines = {name: own for name, own in amounts.items() if name not in whole}
    of_lines = _of_lines(lines, None if units is None else sample.numbers[units], units)
    if order is not None and (sums := _sums(sample, of_lines, order, whole)):
        return Money(of_lines.said, f"over the lines of a {order}, it adds up to {sums}")
    if len(totals) == 1 and not of_lines.may_be:
        return Money({"order_amount": totals[0]}, _why_not(totals[0], out))
    if of_lines.said:
        return of_lines
    return Money(may_be=(*of_lines.may_be, *totals))


def _units(numbers: Mapping[str, Floats]) -> str | None:
    """Return the only column of small whole numbers."""
    found = [name for name, own in numbers.items() if like_units(own)]
    return found[0] if len(found) == 1 else None


def _amounts(numbers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return what may be money: with cents, or where nothing has them, large whole numbers."""
    cents = {name: own for name, own in numbers.items() if like_money(own)}
    if cents or any(map(has_fractions, numbers.values())):
        return cents
    return {name: own for name, own in numbers.items() if np.nanmax(own, initial=0) >= _LARGE}


def _of_order(sample: Sample, name: str, order: str | None, once: Collection[str]) -> bool:
    return name in once or (order is not None and sample.determines(order, name))


def _of_lines(lines: Mapping[str, Floats], units: Floats | None, unit: str | None) -> Money:
    """Return the money of each line by itself: the one number with cents that is no part."""
    out = without_parts(lines)
    left = [name for name in lines if name not in out]
    if len(left) != 1:
        return Money(may_be=tuple(left))
    (name,) = left
    if units is not None and unit is not None and is_price_of_one(lines[name], units):
        why = f"it does not grow with {unit}, so it is the price of one"
        return Money({"price": name, "quantity": unit}, why)
    return Money({"amount": name}, _why_not(name, out))


def _why_not(name: str, out: Mapping[str, str]) -> str:
    """Say why the others are not the money."""
    if not out:
        return "no other column has numbers with cents"
    return "; ".join(f"{other} is {why}" for other, why in out.items() if other != name)


def _sums(sample: Sample, of_lines: Money, order: str, whole: Sequence[str]) -> str | None:
    """Return the column of whole orders that the money of their lines adds up to."""
    if not of_lines.said:
        return None
    money = sample.numbers[of_lines.said.get("amount") or of_lines.said["price"]]
    if "price" in of_lines.said:
        money = money * sample.numbers[of_lines.said["quantity"]]
    keys = sample.codes[order]
    summed = np.zeros(sample.distinct(order))
    np.add.at(summed, keys[keys >= 0], np.nan_to_num(money)[keys >= 0])
    totals = {name: _per_order(keys, sample.numbers[name], len(summed)) for name in whole}
    return next((name for name, own in totals.items() if are_equal(own, summed)), None)


def _per_order(keys: Ints, own: Floats, orders: int) -> Floats:
    """Return what is said of each order, on whichever line."""
    values = np.full(orders, np.nan)
    held = (keys >= 0) & ~np.isnan(own)
    values[keys[held]] = own[held]
    return values
