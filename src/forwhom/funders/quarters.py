"""Days and quarters: money that is spread over the days of its period."""

import datetime
from collections.abc import Iterator
from functools import lru_cache

from forwhom.errors import OptionError

#: Days of an average quarter.
DAYS_OF_QUARTER = 365.2425 / 4


def day_of(today: str | datetime.date | None) -> str:
    """Return the day that divides past from future, such as ``"2026-11-25"``; left out: today."""
    try:
        if isinstance(today, str):
            return datetime.date.fromisoformat(today).isoformat()
    except ValueError as error:
        raise OptionError(
            f"{str(today)[:40]!r} is not a day.", "Expected a day such as 2026-11-25."
        ) from error
    return (today or datetime.date.today()).isoformat()


@lru_cache(maxsize=8192)
def ordinal(day: str) -> int | None:
    """Return the number of a day; ``None`` where there is no such day."""
    try:
        return datetime.date.fromisoformat(day).toordinal()
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def quarter_of(number: int) -> int:
    """Return the number of the quarter in which a day lies."""
    day = datetime.date.fromordinal(number)
    return day.year * 4 + (day.month - 1) // 3


def quarter_name(quarter: int) -> str:
    """Return a quarter as people write it."""
    return f"{quarter // 4}-Q{quarter % 4 + 1}"


def spread(cents: int, start: int, end: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield quarters and the part of an amount that falls on their days, evenly by days."""
    days = end - start + 1
    day, stop = max(start, first), min(end, last)
    before = round(cents * (day - start) / days)
    while day <= stop:
        quarter = quarter_of(day)
        after = min(first_day(quarter + 1), stop + 1)
        until = cents if after > end else round(cents * (after - start) / days)
        yield quarter, until - before
        day, before = after, until


@lru_cache(maxsize=8192)
def first_day(quarter: int) -> int:
    """Return the number of the first day of a quarter."""
    return datetime.date(quarter // 4, quarter % 4 * 3 + 1, 1).toordinal()
