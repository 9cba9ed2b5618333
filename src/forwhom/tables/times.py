"""Moments on any engine: read in one time zone, counted in whole days.

Days, weeks and hours belong to a time zone. Every function here works on *local* times: naive
timestamps as a clock in that zone shows them. DuckDB and Spark convert with functions of their own,
because narwhals can only convert to the zone of their connection.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import narwhals.stable.v2 as nw

from forwhom.errors import DataError, OptionError
from forwhom.languages.catalog import later
from forwhom.tables.engine import literal, quoted, reading
from forwhom.tables.spark import is_spark, spark_quoted, with_spark_sql

#: Day number 0: a Monday, so that ``day % 7`` is the weekday and ``day // 7`` the week.
DAY_ZERO = datetime(1900, 1, 1)
#: Moments before the first and from the second on are placeholders, such as 1900-01-01 and
#: 9999-12-31.
FIRST_MOMENT, END_OF_MOMENTS = datetime(1900, 1, 2), datetime(2100, 1, 1)

_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f")
#: Ways to write a date as text, beside ISO 8601; day-first and month-first exclude each other.
_DAY_FIRST = [f"%d{s}%m{s}%{y}{c}" for s in "/.-" for y in "yY" for c in _CLOCKS]
_MONTH_FIRST = [f"%m{s}%d{s}%{y}{c}" for s in "/.-" for y in "yY" for c in _CLOCKS]
#: From this share on, dates in the other order of day and month are no slips of the pen.
_SLIPS = 0.01
#: Seconds, and parts of them, that lie between 1980 and 2100 when counted from 1970.
_EPOCHS = {
    later("seconds"): 1,
    later("milliseconds"): 10**3,
    later("microseconds"): 10**6,
    later("nanoseconds"): 10**9,
}
_EPOCH_RANGE = (315_532_800, 4_102_444_800)
_HAS_OFFSET = r"\d:\d\d.*(Z|z| UTC|[+-]\d\d(:?\d\d)?)$"


def zone_of(name: str) -> tzinfo:
    """Return the time zone called ``name``."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise OptionError(
            f"The time zone {name!r} is not known.",
            "Expected an IANA name such as 'Europe/Berlin' or 'UTC'; where the operating system "
            "has no time zone data, install the package 'tzdata'.",
        ) from error


def local_moment(moment: date | datetime, time_zone: str) -> datetime:
    """Return a moment as the clock in ``time_zone`` shows it; a date is its midnight."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(zone_of(time_zone)).replace(tzinfo=None)


def day_number_of(moment: date | datetime) -> int:
    """Return the number of days from 1900-01-01 to the day of a local moment."""
    return moment.toordinal() - DAY_ZERO.toordinal()


def next_midnight(moment: datetime) -> datetime:
    """Return the first midnight at or after a local moment."""
    midnight = datetime.combine(moment.date(), time())
    return midnight if moment == midnight else midnight + timedelta(days=1)


def local_literal(frame: nw.LazyFrame[Any], moment: datetime) -> nw.Expr:
    """Return a local moment as an expression over a frame."""
    if is_spark(frame):  # takes a moment of Python for one in the zone of Python's own clock
        return nw.lit(moment.isoformat(sep=" ")).cast(nw.Datetime("us"))
    return nw.lit(moment)


def with_local_time(
    frame: nw.LazyFrame[Any], column: str, time_zone: str, *, name: str, where: str
) -> tuple[nw.LazyFrame[Any], list[str]]:
    """Add the local time of a column of dates, timestamps, numbers or text, in microseconds.

    Naive timestamps are read as being in ``time_zone``, aware ones are converted to it. Text is
    read as ISO 8601, or day-first, or month-first, whichever reads most of the values. Numbers are
    read as seconds (or milliseconds, ...) since 1970, or as days such as 20171231, where all of
    them can be.
    """
    zone_of(time_zone)
    dtype = frame.collect_schema()[column]
    if isinstance(dtype, nw.Date):
        return frame.with_columns(nw.col(column).cast(nw.Datetime("us")).alias(name)), []
    if isinstance(dtype, nw.Datetime):
        aware = dtype.time_zone is not None
        return _local_timestamp(frame, column, time_zone, name, aware=aware), []
    if isinstance(dtype, nw.String):
        return _parsed_text(frame, column, time_zone, name, where)
    if dtype.is_numeric() and isinstance(nw.to_native(frame), duckdb.DuckDBPyRelation):
        return _counted_numbers(frame, column, time_zone, name, where)
    raise DataError(
        f"{where}: the time column {column!r} holds {str(dtype).lower()} values.",
        "Expected dates or timestamps; name another column, or convert this one first.",
    )


def with_day_number(frame: nw.LazyFrame[Any], column: str, *, name: str) -> nw.LazyFrame[Any]:
    """Add the day of a local time as days since 1900-01-01, a Monday (int64)."""
    relation = nw.to_native(frame)
    if isinstance(relation, duckdb.DuckDBPyRelation):
        zero = DAY_ZERO.date().isoformat()
        return _with_sql(
            frame, name, f"date_diff('day', DATE '{zero}', CAST({quoted(column)} AS DATE))"
        )
    if is_spark(frame):
        zero = DAY_ZERO.date().isoformat()
        day = f"datediff(CAST({spark_quoted(column)} AS DATE), DATE '{zero}')"
        return with_spark_sql(frame, name, f"CAST({day} AS BIGINT)")
    since = nw.col(column).dt.truncate("1d") - nw.lit(DAY_ZERO)
    return frame.with_columns((since.dt.total_minutes() // 1440).cast(nw.Int64).alias(name))


def _local_timestamp(
    frame: nw.LazyFrame[Any], column: str, time_zone: str, name: str, *, aware: bool
) -> nw.LazyFrame[Any]:
    if not aware:
        return frame.with_columns(nw.col(column).cast(nw.Datetime("us")).alias(name))
    if isinstance(nw.to_native(frame), duckdb.DuckDBPyRelation):
        return _with_sql(frame, name, f"timezone({literal(time_zone)}, {quoted(column)})")
    if is_spark(frame):
        # From the number of microseconds: a clock of the session's zone shows some hours twice.
        start = "TIMESTAMP_NTZ '1970-01-01 00:00:00'"
        utc = f"timestampadd(MICROSECOND, unix_micros({spark_quoted(column)}), {start})"
        zone = literal(time_zone)
        return with_spark_sql(frame, name, f"convert_timezone('UTC', {zone}, {utc})")
    local = nw.col(column).dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return frame.with_columns(local.cast(nw.Datetime("us")).alias(name))


def _parsed_text(
    frame: nw.LazyFrame[Any], column: str, time_zone: str, name: str, where: str
) -> tuple[nw.LazyFrame[Any], list[str]]:
    relation: Any = nw.to_native(frame)
    if not isinstance(relation, duckdb.DuckDBPyRelation):
        raise DataError(
            f"{where}: the time column {column!r} is text.",
            "Convert it to dates before handing the table over.",
        )
    text = f"trim({quoted(column)})"
    # The engine wants seconds before a zone: 10:00Z is 10:00:00Z.
    whole = f"regexp_replace({text}, '([ T]\\d?\\d:\\d\\d)( *[Zz+-].*)$', '\\1:00\\2')"
    whole = f"regexp_replace({whole}, '(\\d)\\s+([-+]\\d)', '\\1\\2')"  # nor a space there
    zoned = f"timezone({literal(time_zone)}, TRY_CAST({whole} AS TIMESTAMPTZ))"
    aware = f"regexp_matches({text}, {literal(_HAS_OFFSET)})"
    iso = f"CASE WHEN {aware} THEN {zoned} ELSE TRY_CAST({text} AS TIMESTAMP) END"
    day, month = (f"TRY_STRPTIME({text}, {form!r})" for form in (_DAY_FIRST, _MONTH_FIRST))
    asked = [
        *(f"count({form})" for form in (iso, day, month)),
        f"count(*) FILTER ({day} <> {month})",
        f"count(*) FILTER ({day} IS NOT NULL AND {month} IS NULL)",
        f"count(*) FILTER ({month} IS NOT NULL AND {day} IS NULL)",
        f"count(*) FILTER ({aware} AND {iso} IS NOT NULL)",
    ]
    with reading(where):
        (row,) = relation.aggregate(", ".join(asked)).fetchall()
    as_iso, as_day, as_month, differing, only_day, only_month, zones = row
    if max(as_day, as_month) > as_iso:
        _refuse_both_orders(f"{where}: the dates in {column!r}", differing, only_day, only_month)
    best = max(zip((as_iso, as_day, as_month), (iso, day, month), strict=True), key=lambda p: p[0])
    notes = []
    if best[1] == iso and 0 < zones < as_iso:
        notes = [
            f"{where}: {as_iso - zones:,} of {as_iso:,} times in {column!r} name no time zone; "
            f"they were read as times in {time_zone}."
        ]
    return _with_sql(frame, name, best[1]), notes


def _refuse_both_orders(dates: str, differing: int, only_day: int, only_month: int) -> None:
    if differing and not only_day and not only_month:
        raise DataError(
            f"{dates} can be read day-first and month-first.",
            "Write them as YYYY-MM-DD, so that nobody has to guess.",
        )
    if min(only_day, only_month) > _SLIPS * (only_day + only_month):
        raise DataError(
            f"{dates} mix two orders: {only_day:,} can only be day-first, {only_month:,} only "
            "month-first.",
            "Write all of them as YYYY-MM-DD, so that nobody has to guess about the others.",
        )


def _counted_numbers(
    frame: nw.LazyFrame[Any], column: str, time_zone: str, name: str, where: str
) -> tuple[nw.LazyFrame[Any], list[str]]:
    """Read numbers as time since 1970, or as days written like 20171231."""
    relation: Any = nw.to_native(frame)
    number = f"CAST({quoted(column)} AS DOUBLE)"
    day = f"TRY_STRPTIME(CAST(TRY_CAST({number} AS BIGINT) AS VARCHAR), '%Y%m%d')"
    with reading(where):
        (row,) = relation.aggregate(
            f"min({number}), max({number}), count({number}), count({day}), "
            f"count(*) FILTER ({number} BETWEEN 19000000 AND 21000000)"
        ).fetchall()
    low, high, filled, days, eight = row
    said = f"{where}: the numbers in {column!r} were read as"
    if filled and days == eight == filled:
        return _with_sql(frame, name, day), [f"{said} days, such as 20171231."]
    for unit, parts in _EPOCHS.items():
        if filled and _EPOCH_RANGE[0] * parts <= low and high < _EPOCH_RANGE[1] * parts:
            moment = f"timezone({literal(time_zone)}, to_timestamp({number} / {parts}))"
            return _with_sql(frame, name, moment), [f"{said} {unit} since 1970 (UTC)."]
    between = f", from {low:.0f} to {high:.0f}" if filled else ""
    raise DataError(
        f"{where}: the time column {column!r} holds numbers{between}.",
        "Expected dates such as 2017-12-31, or seconds since 1970; convert the column first, or "
        "name another one.",
    )


def _with_sql(frame: nw.LazyFrame[Any], name: str, sql: str) -> nw.LazyFrame[Any]:
    relation: Any = nw.to_native(frame)
    others = [duckdb.ColumnExpression(c) for c in relation.columns if c != name]
    changed: duckdb.DuckDBPyRelation = relation.select(
        *others, duckdb.SQLExpression(sql).alias(name)
    )
    return nw.from_native(changed)
