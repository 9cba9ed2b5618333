"""Units of ours, and how many times as much: each language counts in its own way."""

from __future__ import annotations

from forwhom.languages.catalog import (
    SOURCE,
    language,
    later,
    later_count_in,
    spelled,
    tr,
    tr_count_in,
)

#: Other units are somebody's own words.
UNITS = {
    "days": later_count_in("unit", "{n} day", "{n} days"),
    "weeks": later_count_in("unit", "{n} week", "{n} weeks"),
    "months": later_count_in("unit", "{n} month", "{n} months"),
    "years": later_count_in("unit", "{n} year", "{n} years"),
    "orders": later_count_in("unit", "{n} order", "{n} orders"),
    "events": later_count_in("unit", "{n} event", "{n} events"),
    "purchase days": later_count_in("unit", "{n} purchase day", "{n} purchase days"),
    "active days": later_count_in("unit", "{n} active day", "{n} active days"),
    "lines": later_count_in("unit", "{n} line", "{n} lines"),
    "units": later_count_in("unit", "{n} unit", "{n} units"),
    "items": later_count_in("unit", "{n} item", "{n} items"),
    "channels": later_count_in("unit", "{n} channel", "{n} channels"),
}
#: The same without a number; what is counted has its name with the features.
ALONE = (
    later("day"), later("days"), later("week"), later("weeks"), later("month"), later("months"),
    later("year"), later("years"), later("units"), later("channels"),
)  # fmt: skip
_RATES = {
    "day": later("{quantity} per day"),
    "week": later("{quantity} per week"),
    "month": later("{quantity} per month"),
    "year": later("{quantity} per year"),
}
#: A number with decimals is said as hundreds are, where a language has forms for one, two and few.
_BROKEN = 100
#: Parts that have a word, as an amount and as a length of time.
_PARTS = (
    (2, later("twice as much"), later("twice as long")),
    (1 / 2, later("half as much"), later("half as long")),
    (1 / 3, later("a third as much"), later("a third as long")),
    (1 / 4, later("a quarter as much"), later("a quarter as long")),
    (1 / 5, later("a fifth as much"), later("a fifth as long")),
    (1 / 10, later("a tenth as much"), later("a tenth as long")),
)
#: How near a ratio is to a part that is said, as a part of it, and to twice.
_NEARLY, _TWICE = 0.08, 0.05 + 1e-9
#: From here on to this a ratio is said in a number.
_SOME, _MANY = 1.5, 100


def measured(text: str, unit: str) -> str:
    """Return a number that is said already, with its unit, in the language that is spoken."""
    if language() == SOURCE:
        return f"{text} {unit}"
    counted, _, rate = unit.partition(" per ")
    if rate in _RATES:
        return tr(_RATES[rate], quantity=measured(text, counted))
    known = UNITS.get(counted) or UNITS.get(f"{counted}s")
    if rate or known is None:
        return f"{text} {unit}"
    broken = _mark() in text or not any(map(str.isdecimal, text))
    n = _BROKEN if broken else int("".join(filter(str.isdecimal, text)))
    return tr_count_in("unit", *known, n, n=text)


def _mark() -> str:
    """Return what stands before the decimals of a number."""
    return spelled("0.5")[1:2]


def is_ours(unit: str) -> bool:
    """Whether a unit is one of ours, which a language counts in its own way."""
    counted, _, rate = unit.partition(" per ")
    return (not rate or rate in _RATES) and (counted in UNITS or f"{counted}s" in UNITS)


def unit_alone(unit: str) -> str:
    """Return what a unit is called where no number stands before it; others' words stay."""
    counted, _, rate = unit.partition(" per ")
    if not is_ours(unit) or counted not in UNITS:
        return unit
    return tr(_RATES[rate], quantity=tr(counted)) if rate else tr(counted)


def times_as(times: float, said: str, *, long: bool) -> str:
    """Return a ratio in words where that helps, or ``''``; ``said`` is its number."""
    for part, much, of_time in _PARTS:
        if abs(times / part - 1) <= (_TWICE if part > 1 else _NEARLY):
            return tr(of_time if long else much)
    if times > _MANY:
        return tr("over 100 times as long") if long else tr("over 100 times as much")
    if times < _SOME:
        return ""
    if long:
        return tr("{n} times as long", n=said)
    return tr("{n} times as much", n=said)
