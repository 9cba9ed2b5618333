"""Counting before computing: what is in the events, what is used, and what was left out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.documents.study import Events
from forwhom.errors import DataError
from forwhom.features.lines import (
    AMOUNT,
    BOUGHT,
    CHANNEL,
    CUSTOMER,
    DAY_END,
    ORDER,
    TIME,
    TIMED,
    Lines,
    at_midnight,
    in_last_minute,
    readable,
    unreadable_rows,
)
from forwhom.languages.catalog import later
from forwhom.tables.columns import LARGEST
from forwhom.tables.engine import arrow
from forwhom.tables.times import local_literal, local_moment, next_midnight, with_day_number
from forwhom.wording import few, listed, percent

#: When more than this share of the rows is lost, the answer is weaker than it looks.
WEAKENING = 0.02

#: A full hour at which more than this share of all events are, and so many times as many as at any
#: other, is midnight somewhere.
SPIKE, FAR_BEYOND = 0.1, 3.0

_DAY = "forwhom_day"

#: A month is named where so many customers have an event in it.
_MANY = 10

#: When more than this share of the times cannot be read, they are written in several ways.
MOST_UNREADABLE = 0.2


#: What to do about keys of which none is found.
_KEYS_ALIKE = "Write the keys the same way in both: spaces, capitals and leading zeros count."
#: Counts of what only some tables have.
_OPTIONAL = ("missing_order", "refunds", "zeros", "missing_amount", "unknown_key")


#: What weakens every feature.
_LACK_CUSTOMER = later("{n} of {rows} rows have no customer and were left out.")
_LACK_KEY = later("{n} of {rows} rows have no {key} and were left out.")
_LACK_TIME = later("{n} of {rows} rows have no time and were left out.")
_LACK_GOOD_TIME = later("{n} of {rows} rows have a time that cannot be read and were left out.")
_LACK_WHICH_TIME = later(
    "{n} of {rows} rows have a time that cannot be read ({which}) and were left out."
)
#: What is said of rows that are left out, and of those that are odd.
_NO_CUSTOMER = later("rows without a customer: {n}, left out.")
_NO_KEY = later("rows without a {key}: {n}, left out.")
_NO_TIME = later("rows without a time: {n}, left out.")
_BAD_TIME = later("rows with a time that cannot be read: {n}, left out.")
_WHICH_TIME = later("rows with a time that cannot be read ({which}): {n}, left out.")
_AFTER = later("rows at or after the cut-off: {n}, left out.")
_COPIES_OUT = later("rows that repeat another in every column: {n}, left out.")
_COPIES = later("rows that repeat another in every column: {n}, counted all the same.")
_RETURNS_OFF = later(
    "rows with a negative amount or quantity: {n}, returns, taken off the customer's money."
)
_RETURNS_OUT = later(
    "rows with a negative amount or quantity: {n}, returns, left out of the money."
)
_ZERO = later("rows with an amount of zero: {n}, counted as lines without money.")
_NO_AMOUNT = later("rows without an amount: {n}, counted as lines without money.")
_NO_ORDER = later("rows without an order: {n}, those of a day are one order.")
_NO_CLOCK = later("rows with a date and no time: {n}, not used for the time of day.")


@dataclass(frozen=True)
class EventReport:
    """What was found in the events, and what was done about it; all counts are rows."""

    table: str  # what messages call the events
    rows: int  # rows read
    used: int  # rows that features are computed from
    #: ``missing_customer``, ``missing_time``, ``unreadable_time``, ``after_cutoff``: rows left
    #: out: no customer, no time, a time that cannot be read (or lies outside 1900 to 2099), at
    #: or after the cut-off. A row is counted under the first that applies.
    missing_customer: int
    missing_time: int
    unreadable_time: int
    after_cutoff: int
    missing_order: int  # used rows without an order: all of a customer's day are one order
    #: ``refunds``, ``zeros``, ``missing_amount``: used rows with a negative amount or quantity,
    #: an amount of zero, no finite amount
    refunds: int
    zeros: int
    missing_amount: int
    first: datetime  # ``first``, ``last``: local time of the first and the last used event
    last: datetime
    cutoff: datetime  # local time before which events were used
    time_zone: str  # in which zone times are local
    cutoff_given: bool = False  # whether a person gave the cut-off, or else the last event did
    #: first and last month with events of ten customers, such as 2024-01; None where none has
    months: tuple[str, str] | None = None
    refunds_kept: bool = True  # whether refunds are taken off the money (``net``)
    duplicates: int = 0  # rows that repeat another one in every column
    duplicates_dropped: bool = False  # whether these were left out
    #: lookup table -> share of used rows that found no row there
    unmatched: Mapping[str, float] = field(default_factory=dict)
    unreadable: str = ""  # which rows have a time that cannot be read, in words
    #: used rows with a date only where others have a time of day
    date_only: int = 0
    what: str = "rows"  # what is counted
    #: of the rows without a customer, those whose key the table of customers' orders does not have
    unknown_key: int = 0
    key: str = ""  # what these rows lack, in words
    shifted: str = ""  # the times that stand for midnight somewhere else, in words

    def warnings(self) -> list[str]:
        """Return what weakens every feature, one plain sentence each."""
        lost = [
            (_LACK_CUSTOMER, self.missing_customer - self.unknown_key),
            (_LACK_KEY, self.unknown_key),
            (_LACK_TIME, self.missing_time),
            (_LACK_WHICH_TIME if self.unreadable else _LACK_GOOD_TIME, self.unreadable_time),
        ]
        found = [
            told.format(n=few(n), rows=f"{self.rows:,}", key=self.key, which=self.unreadable)
            for told, n in lost
            if n > WEAKENING * self.rows
        ]
        if self.last > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
            found.append(
                "the last event is in the future, and what is recent is counted from there. "
                "Correct it, or give a cut-off."
            )
        if self.shifted:
            found.append(
                f"times at {self.shifted} look like midnight in another time zone, so days and "
                "weekends may be off by one. Say which zone the dates are of (time_zone)."
            )
        found += [
            f"{percent(share)} of the rows found nothing in {lookup}."
            for lookup, share in self.unmatched.items()
            if share > WEAKENING
        ]
        return [f"{self.table}: {one}" for one in found]

    def notes(self, least: int = 10) -> list[str]:
        """Return what a reader should know, one plain sentence each.

        Counts under ``least`` are not told, and no single event's day is.
        """
        when = "" if self.months is None or least > 10 else ", from {} to {}".format(*self.months)
        as_of = "the end of the last day with one"
        if self.cutoff_given or least <= 1:
            as_of = f"{_moment(self.cutoff)} ({self.time_zone})"
        return [
            f"{self.table}: {self.used:,} of {self.rows:,} {self.what} are used{when}; features are"
            f" as of {as_of}.",
            *(f"{self.table}: {note}" for note in self._left_out(least) + self._kept(least)),
        ]

    def _left_out(self, least: int) -> list[str]:
        counts = [
            (_NO_CUSTOMER, self.missing_customer - self.unknown_key),
            (_NO_KEY, self.unknown_key),
            (_NO_TIME, self.missing_time),
            (_WHICH_TIME if self.unreadable else _BAD_TIME, self.unreadable_time),
            (_AFTER, self.after_cutoff),
        ]
        return [
            told.format(n=self._of(n, least), key=self.key, which=self.unreadable)
            for told, n in counts
            if n
        ]

    def _kept(self, least: int) -> list[str]:
        counts = [
            (_COPIES_OUT if self.duplicates_dropped else _COPIES, self.duplicates),
            (_RETURNS_OFF if self.refunds_kept else _RETURNS_OUT, self.refunds),
            (_ZERO, self.zeros),
            (_NO_AMOUNT, self.missing_amount),
            (_NO_ORDER, self.missing_order),
            (_NO_CLOCK, self.date_only),
        ]
        return [told.format(n=self._of(n, least)) for told, n in counts if n] + [
            f"{percent(share, decimals=1)} of the rows found nothing in {lookup}."
            for lookup, share in self.unmatched.items()
            if share * self.used >= least
        ]

    def _of(self, n: int, least: int) -> str:
        share = f" ({percent(n / self.rows, decimals=1)})" if n >= least else ""
        return f"{few(n, least)}{share}"


@dataclass(frozen=True)
class Counted:
    """The report, and what the computation needs to know beside it."""

    report: EventReport
    #: Amounts are multiplied by 10^digits and rounded: sums of whole numbers do not depend on
    #: the order of rows or the number of threads.
    digits: int
    #: Whether any event has a time of day; otherwise all are dates.
    has_times: bool
    #: Hours at whose full hour an event has a date only, and no time of day.
    dated: tuple[int, ...]
    #: Whether the used rows are from more than one channel.
    several_channels: bool
    #: Whether a noticeable share of the used rows is on weekends, and another is not.
    weekends_vary: bool


def _checked(lines: Lines, spec: Events, found: dict[str, Any], cutoff: datetime | None) -> str:
    """Refuse lines that cannot be used; where dates cannot be read, as words."""
    which = unreadable_rows(lines, spec) if found["unreadable_time"] else ""
    _check_usable(lines, spec, found, cutoff, which)
    return which


def count_lines(
    lines: Lines, spec: Events, through: date | None = None, *, habits: bool = True
) -> Counted:
    """Count what is in the lines, in one pass, and settle the cut-off."""
    cutoff = cutoff_of(spec, through)
    found = _pass(lines, cutoff, habits=habits)
    which = _checked(lines, spec, found, cutoff)
    n = {key: int(value) for key, value in found.items() if isinstance(value, int | float)}
    hours = _full_hours(lines, cutoff) if n.get("timed", 0) else {}
    dated = dated_hours(hours, n["used"])
    has_times = n.get("timed", 0) > 0 and sum(hours[h] for h in dated) < n["used"]
    always = ("rows", "used", "missing_customer", "missing_time", "unreadable_time")
    report = EventReport(
        table=lines.table.name,
        **{key: n[key] for key in always},
        **{key: n.get(key, 0) for key in _OPTIONAL},
        key="" if lines.unknown is None else lines.unknown[0],
        after_cutoff=n["readable"] - n["used"],
        first=found["first"],
        last=found["last"],
        cutoff=cutoff or next_midnight_after(found["last"]),
        time_zone=spec.time_zone,
        what="rows and returns" if spec.refunded or spec.returned else "rows",
        cutoff_given=cutoff is not None,
        months=_months(lines, cutoff),
        unreadable=which,
        refunds_kept=spec.refunds == "net",
        duplicates_dropped=spec.duplicates == "drop",
        date_only=sum(hours[h] for h in dated) if has_times else 0,
        shifted=listed([f"{h}:00" for h in dated if h not in (0, 12, DAY_END)], last="or"),
        unmatched={table: 1 - n[flag] / n["used"] for table, flag in lines.matched.items()},
    )
    return _counted(report, found, dated if has_times else (), has_times=has_times)


def _counted(
    report: EventReport, found: Mapping[str, Any], dated: tuple[int, ...], *, has_times: bool
) -> Counted:
    """Put beside a report what the features are computed with."""
    return Counted(
        report,
        digits=digits_for(found.get("total") or 0.0),
        has_times=has_times,
        dated=dated,
        several_channels=found.get("least_channel") != found.get("greatest_channel"),
        weekends_vary=0.01 < (found.get("weekend") or 0) / report.used < 0.99,
    )


def dated_hours(hours: Mapping[int, int], used: int) -> tuple[int, ...]:
    """Return the hours at whose full hour events have a date only, given how many are at each.

    A clock shows a full hour once in an hour, so midnight stands for no time, unless all times are
    full hours and others are as frequent. Elsewhere midnight is another hour, or two of them in
    summer and winter: then nearly all dates are there, and more than at all other full hours.
    Some systems write a day as its last second.
    """
    late = hours.get(DAY_END, 0)
    if late > SPIKE * used:  # no clock shows one minute so often: the day is all that is known
        rest = {hour: n for hour, n in hours.items() if hour != DAY_END}
        return (*dated_hours(rest, max(used - late, 1)), DAY_END)
    hours = {hour: n for hour, n in hours.items() if hour != DAY_END}
    at_hour = sum(hours.values())
    if at_hour == used and _is_midnight(sorted(hours)):
        return tuple(sorted(hours))
    others = max((n for hour, n in hours.items() if hour), default=0)
    found = {0} & set(hours) if at_hour < used or hours.get(0, 0) > others else set[int]()
    if at_hour < used:
        found |= {hour for hour in hours if _stands_out(hour, hours, used)}
    return tuple(sorted(found))


def _stands_out(hour: int, hours: Mapping[int, int], used: int) -> bool:
    """Return whether much is at a full hour that is not at those which are no neighbors of it."""
    others = (n for one, n in hours.items() if (one - hour) % 24 not in (0, 1, 23))
    return hours[hour] > max(SPIKE * used, FAR_BEYOND * max(others, default=0))


def _is_midnight(hours: Sequence[int]) -> bool:
    """Return whether all times are one hour, or two that summer and winter make of one."""
    return len(hours) == 1 or (len(hours) == 2 and hours[1] - hours[0] in (1, 23))


def _months(lines: Lines, cutoff: datetime | None) -> tuple[str, str] | None:
    """Return the first and the last month in which as many customers as may be told of have any."""
    time = nw.col(TIME).dt
    month = (time.year().cast(nw.Int64) * 12 + time.month().cast(nw.Int64) - 1).alias("month")
    every = lines.frame.filter(usable(lines.frame, cutoff)).select(month, nw.col(CUSTOMER))
    counted = every.group_by("month").agg(nw.col(CUSTOMER).n_unique().alias("n"))
    told = counted.filter(nw.col("n") >= _MANY).select(
        nw.col("month").min().alias("first"), nw.col("month").max().alias("last")
    )
    found = arrow(told, lines.table.name).to_pylist()[0]
    if found["first"] is None:
        return None
    first, last = (f"{n // 12}-{n % 12 + 1:02}" for n in (found["first"], found["last"]))
    return first, last


def _full_hours(lines: Lines, cutoff: datetime | None) -> dict[int, int]:
    """Count the used rows at each full hour, and in the last minute of a day (``DAY_END``)."""
    time, end = nw.col(TIME), in_last_minute(nw.col(TIME))
    there = (time == time.dt.truncate("1h")) | at_midnight(time) | end
    hour = nw.when(end).then(nw.lit(DAY_END)).otherwise(time.dt.hour().cast(nw.Int64))
    frame = lines.frame.filter(usable(lines.frame, cutoff)).filter(there)
    counted = frame.select(hour.alias("hour")).group_by("hour").agg(nw.len().alias("n"))
    rows = arrow(counted, lines.table.name).to_pylist()
    return {int(row["hour"]): int(row["n"]) for row in rows}


def next_midnight_after(moment: datetime) -> datetime:
    """Return the first midnight after a moment: the cut-off when none is given."""
    return next_midnight(moment.replace(hour=12))


def digits_for(total: float) -> int:
    """Return how many decimals of an amount are kept: 8, fewer when the total is huge.

    A float64 holds whole numbers up to 2^53 exactly; the total of all amounts, times
    10^digits, stays below that.
    """
    if total <= 0:
        return 8
    return min(8, math.floor(math.log10(2**53 / float(f"{total:.5e}"))))


def usable(frame: nw.LazyFrame[Any], cutoff: datetime | None) -> nw.Expr:
    """Return whether a line has a customer and a time in the observed period."""
    in_time = ~nw.col(CUSTOMER).is_null() & readable(frame, TIME)
    if cutoff is None:
        return in_time
    return in_time & (nw.col(TIME) < local_literal(frame, cutoff))


def cutoff_of(spec: Events, through: date | None = None) -> datetime | None:
    """Return the local time before which events are used; None: all are."""
    if through is not None:
        return next_midnight_after(local_moment(through, spec.time_zone))
    return None if spec.cutoff is None else local_moment(spec.cutoff, spec.time_zone)


def _pass(lines: Lines, cutoff: datetime | None, *, habits: bool) -> dict[str, Any]:
    """Aggregate the lines once; every value is one cell."""
    frame = with_day_number(lines.frame, TIME, name=_DAY) if habits else lines.frame
    time, known = nw.col(TIME), ~nw.col(CUSTOMER).is_null()
    read = readable(frame, TIME).fill_null(False)
    use = usable(frame, cutoff).fill_null(False)
    used_time = nw.when(use).then(time)
    wanted = {
        "rows": nw.len(),
        "missing_customer": _count(~known),
        "missing_time": _count(known & (nw.col(TIMED) == 0)),
        "unreadable_time": _count(known & (nw.col(TIMED) == 1) & ~read),
        "unparsed_time": _count(known & (nw.col(TIMED) == 1) & time.is_null()),
        "readable": _count(known & read),
        "used": _count(use),
        "first": used_time.min(),
        "last": used_time.max(),
        **_optional_counts(lines, use),
    }
    if habits:
        wanted["timed"] = _count(use & (time != time.dt.truncate("1d")))
        wanted["weekend"] = _count(use & (nw.col(_DAY) % 7 >= 5))
        if CHANNEL in lines.roles:
            channel = nw.when(use).then(nw.col(CHANNEL))
            wanted |= {"least_channel": channel.min(), "greatest_channel": channel.max()}
    return dict(arrow(frame.select(**wanted), lines.table.name).to_pylist()[0])


def _optional_counts(lines: Lines, use: nw.Expr) -> dict[str, nw.Expr]:
    wanted: dict[str, nw.Expr] = {}
    if BOUGHT in lines.columns:
        wanted["refunds"] = _count(use & (nw.col(BOUGHT) == 0))
    if AMOUNT in lines.roles:
        amount = nw.col(AMOUNT)
        wanted["zeros"] = _count(use & (amount == 0).fill_null(False))
        wanted["missing_amount"] = _count(use & amount.is_null())
        wanted["total"] = nw.when(use).then(amount.abs()).sum()
    if ORDER in lines.roles:
        wanted["missing_order"] = _count(use & nw.col(ORDER).is_null())
    for flag in lines.matched.values():
        wanted[flag] = _count(use & ~nw.col(flag).is_null())
    if lines.unknown is not None:
        wanted["unknown_key"] = _count(
            nw.col(CUSTOMER).is_null() & nw.col(lines.unknown[1]).is_null()
        )
    return wanted


def _count(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0)).sum()


def _refuse(table: str, found: Mapping[str, Any], cutoff: datetime | None, which: str) -> None:
    if found["rows"] == 0:
        raise DataError(f"{table} has no rows.", "Events are needed to compute features.")
    if found["readable"] > 0 and cutoff is not None:
        raise DataError(
            f"{table}: the cut-off {_moment(cutoff)} is not after the first event.",
            "Only events before the cut-off are used; choose a later one.",
        )
    raise DataError(
        f"{table}: none of {int(found['rows']):,} rows can be used: "
        f"{int(found['missing_customer']):,} without a customer, "
        f"{int(found['missing_time']):,} without a time, "
        f"{int(found['unreadable_time']):,} with a time that cannot be read"
        f"{f' ({which})' if which else ''}.",
        "Check which columns hold the customer and the time; write dates as YYYY-MM-DD.",
    )


def _check_usable(
    lines: Lines, spec: Events, found: Mapping[str, Any], cutoff: datetime | None, which: str
) -> None:
    """Refuse events of which so much is odd that features of the rest would mislead."""
    table = lines.table.name
    if found["used"] == 0:
        _check_matched(lines, found)
        _refuse(table, found, cutoff, which)
    unparsed, readable_rows = int(found["unparsed_time"]), int(found["readable"])
    if unparsed > MOST_UNREADABLE * (unparsed + readable_rows):
        raise DataError(
            f"{table}: {unparsed:,} of {unparsed + readable_rows:,} times in {spec.time!r} cannot "
            f"be read{f' ({which})' if which else ''}.",
            "Write all dates in one way, best as YYYY-MM-DD.",
        )
    if (found.get("total") or 0.0) > LARGEST:
        raise DataError(
            f"{table}: the amounts hold a number too large to compute with.",
            "Correct or empty the largest amounts; they are often codes or mistakes.",
        )
    _check_matched(lines, found)


def _check_matched(lines: Lines, found: Mapping[str, Any]) -> None:
    """Refuse lines of which none finds its row in a table that is looked up."""
    if lines.unknown is not None and found["unknown_key"] == found["rows"] > 0:
        raise DataError(
            f"{lines.table.name}: none of the rows has a {lines.unknown[0]}, so nothing says who "
            "bought.",
            _KEYS_ALIKE,
        )
    for lookup, flag in lines.matched.items():
        if found["used"] and not found[flag]:
            raise DataError(
                f"none of the rows of {lines.table.name} finds a row in {lookup}.", _KEYS_ALIKE
            )


def _moment(moment: datetime) -> str:
    plain = moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{moment:%Y-%m-%d}" if plain else f"{moment:%Y-%m-%d %H:%M}"
