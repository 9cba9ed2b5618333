"""What was known of customers at a moment, and where they belonged then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from forwhom.documents.study import TimeUnit
from forwhom.features.definitions import MONTH
from forwhom.lifetimes import Histories
from forwhom.statistics.membership import Membership

#: Units of time in a month, by the unit.
IN_MONTH: dict[TimeUnit, float] = {
    "day": MONTH, "week": MONTH / 7, "month": 1.0, "year": 1 / 12,
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Customers with a purchase, or a contract, before a cut-off, and their segments then."""

    first: datetime  # first and last purchase, and before which moment
    last: datetime
    cutoff: datetime
    unit: TimeUnit
    money: str | None  # the currency, if it is known
    source: str  # fingerprint of what was read
    ids: Any  # pyarrow array
    histories: Histories
    member: Membership
    notes: list[str]


#: Reads what was known before a moment; None: all that is known.
Reading: TypeAlias = Callable[[date | datetime | None], Known]


def begin_of(moment: datetime, unit: TimeUnit) -> datetime:
    """Return the first moment of the calendar day, week (from Monday), month or year."""
    day = datetime(moment.year, moment.month, moment.day)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def earlier(moment: datetime, units: int, unit: TimeUnit) -> datetime:
    """Return the moment so many units before; of a month without that day, its last day."""
    if unit in ("day", "week"):
        return moment - timedelta(days=units * (7 if unit == "week" else 1))
    months = moment.year * 12 + moment.month - 1 - units * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
