"""What is counted of the columns of a Spark frame: all of them together, in a few jobs.

Every column becomes rows of its number and a value as text; these are counted once, and all that a
profile needs is asked of the counts. Spark answers each question anew from its source, and runs a
job for every exchange of rows, so questions are put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import floor
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.tables.engine import arrow, reading
from forwhom.tables.frames import Kind, Table, kinds
from forwhom.tables.inference import MOST_TEXT_LEVELS
from forwhom.tables.spark import spark_quoted
from forwhom.tables.summaries import AROUND, FEWEST, QUANTILES, THRESHOLD, NumberStatistics
from forwhom.tables.tallies import COUNTED, Tally, finite, moments_of, statistics_of

#: The number of a column, in a form that no filter on it moves before the counting: the counts
#: stay the same for all questions, and are computed once.
_COLUMN = "IF(`count` > 0, `column`, -1)"
_FILLED = "IF(`count` > 0, `value`, NULL) IS NOT NULL"


@dataclass(frozen=True)
class _Totals:
    """Counts of one column."""

    rows: int
    n: int
    distinct: int
    finite: int


@dataclass(frozen=True)
class _Columns:
    """The columns of a table, by their number."""

    names: Sequence[str]
    kinds: Sequence[Kind]
    types: Sequence[nw.dtypes.DType]

    def of(self, *wanted: Kind) -> list[int]:
        """Return the numbers of the columns of some kinds."""
        return [i for i, kind in enumerate(self.kinds) if kind in wanted]


def spark_tallies(table: Table) -> tuple[int, dict[str, Tally]]:
    """Return the number of rows, and what is counted of each column."""
    schema = table.frame.collect_schema()
    columns = _Columns(list(schema), list(kinds(table).values()), list(schema.values()))
    with reading(table.name):
        counted = _counted(table, columns)
        totals = _totals(counted, columns)
        rows = max((one.rows for one in totals.values()), default=0)
        if rows == 0:
            return 0, {}
        many = [i for i in columns.of("number") if totals[i].distinct > COUNTED]
        found = _found(counted, columns, many, totals)
    moments = _moments(table, [columns.names[i] for i in many])
    tallies = {}
    for i, name in enumerate(columns.names):
        part = {what: [row for row in found if row["what"] == what and row["column"] == i]
                for what in ("value", "end", "rank")}  # fmt: skip
        if i in many:
            statistics = _statistics(moments[name], part["rank"], totals[i])
            tallies[name] = _tally(columns, i, totals[i], part["value"], statistics)
        elif columns.kinds[i] == "date":
            tallies[name] = _dates(columns.types[i], totals[i], part["end"])
        else:
            tallies[name] = _tally(columns, i, totals[i], part["value"])
    return rows, tallies


def _counted(table: Table, columns: _Columns) -> Any:
    """Return how many rows have each value: column, value, count."""
    native: Any = table.frame.to_native()
    cells = ", ".join(
        f"{i}, {_text(name, columns.kinds[i], columns.types[i])}"
        for i, name in enumerate(columns.names)
    )
    stacked = f"stack({len(columns.names)}, {cells}) AS (`column`, `value`)"
    return native.selectExpr(stacked).groupBy("column", "value").count()


def _text(name: str, kind: Kind, dtype: nw.dtypes.DType) -> str:
    """Return a value as text that is the same for equal values, and as a date sorts like it."""
    cell = spark_quoted(name)
    if kind == "other":
        return f"IF({cell} IS NULL, NULL, '')"
    if dtype.is_float():  # there is one zero, and 0.1 is what DuckDB makes of it
        return f"CAST(CAST({cell} AS DOUBLE) + 0.0D AS STRING)"
    if isinstance(dtype, nw.Datetime) and dtype.time_zone is not None:
        zero = "TIMESTAMP_NTZ '1970-01-01 00:00:00'"
        return f"CAST(timestampadd(MICROSECOND, unix_micros({cell}), {zero}) AS STRING)"
    return f"CAST({cell} AS STRING)"


def _totals(counted: Any, columns: _Columns) -> dict[int, _Totals]:
    number = _number(columns)
    there = counted.selectExpr(
        "`column`", "`count` AS rows", "IF(`value` IS NULL, 0L, `count`) AS n",
        "IF(`value` IS NULL, 0L, 1L) AS one",
        f"IF(abs({number}) < double('Infinity'), `count`, 0L) AS finite",
    )  # fmt: skip
    summed = there.groupBy("column").sum("rows", "n", "one", "finite")
    return {
        row["column"]: _Totals(*(int(row[f"sum({key})"]) for key in ("rows", "n", "one", "finite")))
        for row in summed.toArrow().to_pylist()
    }


def _number(columns: _Columns) -> str:
    """Return the value of a number as one, in SQL."""
    return f"CASE WHEN {_among(columns.of('number'))} THEN TRY_CAST(`value` AS DOUBLE) END"


def _among(numbers: Sequence[int]) -> str:
    return f"{_COLUMN} IN ({', '.join(map(str, [*numbers, -2]))})"


def _found(
    counted: Any, columns: _Columns, many: Sequence[int], totals: Mapping[int, _Totals]
) -> list[dict[str, Any]]:
    """Return values with their counts: of numbers, the most frequent, at the ends and at ranks."""
    few = [i for i in columns.of("number") if i not in many]
    asked = [counted.filter(_among(few)).selectExpr("'value' AS what", *_COLUMNS, "0L AS upto")]
    if texts := [*columns.of("text", "boolean"), *many]:
        asked.append(_frequent(counted, columns, texts))
    if dates := columns.of("date"):
        asked.append(_ends(counted, dates))
    if many:
        asked.append(_at_ranks(counted, columns, {i: _ranks(totals[i].finite) for i in many}))
    together = asked[0]
    for one in asked[1:]:
        together = together.union(one)
    rows: list[dict[str, Any]] = together.toArrow().to_pylist()
    return [row for row in rows if row["value"] is not None]


_COLUMNS = ("`column`", "`value`", "`count`")


def _frequent(counted: Any, columns: _Columns, wanted: Sequence[int]) -> Any:
    order = f"`count` DESC, {_number(columns)}, `value`"
    ranked = counted.filter(_among(wanted)).filter(_FILLED).selectExpr(
        *_COLUMNS, f"row_number() OVER (PARTITION BY `column` ORDER BY {order}) AS place"
    )  # fmt: skip
    return ranked.filter(f"place <= {MOST_TEXT_LEVELS}").selectExpr(
        "'value' AS what", *_COLUMNS, "0L AS upto"
    )


def _ends(counted: Any, dates: Sequence[int]) -> Any:
    window = "row_number() OVER (PARTITION BY `column` ORDER BY `value`"
    ranked = counted.filter(_among(dates)).filter(_FILLED).selectExpr(
        *_COLUMNS, f"{window}) AS first", f"{window} DESC) AS last"
    )  # fmt: skip
    ends = ranked.filter(f"first <= {THRESHOLD} OR last <= {THRESHOLD}")
    return ends.selectExpr("'end' AS what", *_COLUMNS, "0L AS upto")


def _at_ranks(counted: Any, columns: _Columns, ranks: Mapping[int, Sequence[int]]) -> Any:
    """Return the values at some ranks among the finite numbers, with the rows up to each."""
    number = _number(columns)
    window = "OVER (PARTITION BY `column` ORDER BY number ROWS UNBOUNDED PRECEDING)"
    summed = (
        counted.filter(_among(list(ranks)))
        .selectExpr(*_COLUMNS, f"{number} AS number")
        .filter("abs(number) < double('Infinity')")
        .selectExpr(*_COLUMNS, f"sum(`count`) {window} AS upto")
    )
    cases = " ".join(
        f"WHEN {i} THEN array({', '.join(f'{rank}L' for rank in some)})"
        for i, some in ranks.items()
    )
    within = "rank -> rank >= upto - `count` AND rank < upto"
    at = summed.filter(f"exists(CASE `column` {cases} END, {within})")
    return at.selectExpr("'rank' AS what", *_COLUMNS, "upto")


def _parts(n: int) -> tuple[list[float], list[float], list[float]]:
    """Return the parts of n numbers under the quantiles, and around the lower and higher end."""
    low = [min(rank / n, 1.0) for rank in AROUND]
    return list(QUANTILES), low, [1 - part for part in low]


def _ranks(n: int) -> list[int]:
    positions = [part * (n - 1) for parts in _parts(n) for part in parts]
    return sorted({min(floor(at) + step, n - 1) for at in positions for step in (0, 1)})


def _statistics(
    row: Mapping[str, Any], found: Sequence[Mapping[str, Any]], total: _Totals
) -> NumberStatistics:
    ordered = sorted(found, key=lambda one: int(one["upto"]))
    upto = np.array([one["upto"] for one in ordered])
    values = [float(one["value"]) for one in ordered]

    def at(part: float) -> float:
        position = part * (total.finite - 1)
        below = floor(position)
        first, second = (
            values[np.searchsorted(upto, min(rank, total.finite - 1), side="right")]
            for rank in (below, below + 1)
        )
        return first + (position - below) * (second - first)

    quantiles, low, high = ([at(part) for part in parts] for parts in _parts(total.finite))
    return statistics_of(row, dict(zip(QUANTILES, quantiles, strict=True)), low, high, total.n)


def _moments(table: Table, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not names:
        return {}
    asked = {
        f"{i} {key}": expression
        for i, name in enumerate(names)
        for key, expression in moments_of(finite(name)).items()
    }
    frame = table.frame.select(*(e.alias(key) for key, e in asked.items()))
    row = arrow(frame, table.name).to_pylist()[0]
    return {
        name: {key: row[f"{i} {key}"] for key in moments_of(nw.lit(0.0))}
        for i, name in enumerate(names)
    }


def _tally(
    columns: _Columns,
    i: int,
    total: _Totals,
    found: Sequence[Mapping[str, Any]],
    statistics: NumberStatistics | None = None,
) -> Tally:
    if columns.kinds[i] == "other":
        return Tally(total.n, total.n)
    pairs = [(_value(row["value"], columns.types[i]), int(row["count"])) for row in found]
    pairs.sort(key=lambda pair: (-pair[1], pair[0]))
    values = pa.array([value for value, _ in pairs])
    counts: NDArray[np.int64] = np.array([n for _, n in pairs], dtype=np.int64)
    whole = len(pairs) == total.distinct
    return Tally(total.n, total.distinct, values, counts, whole=whole, statistics=statistics)


def _value(text: str, dtype: nw.dtypes.DType) -> Any:
    if dtype.is_integer():
        return int(text)
    if dtype.is_numeric():
        return float(text)
    return text == "true" if isinstance(dtype, nw.Boolean) else text


def _dates(
    dtype: nw.dtypes.DType, total: _Totals, found: Sequence[Mapping[str, Any]]
) -> Tally:  # fmt: skip
    if not found:
        return Tally(0, 0)
    ordered = sorted((str(row["value"]), int(row["count"])) for row in found)
    months = None
    if total.n >= FEWEST:
        first, last = (_tenth(some)[:7] for some in (ordered, ordered[::-1]))
        months = (first, last)
    low, high = (_moment(text, dtype) for text in (ordered[0][0], ordered[-1][0]))
    return Tally(total.n, total.distinct, low=low, high=high, months=months)


def _tenth(ordered: Sequence[tuple[str, int]]) -> str:
    """Return the value of the tenth row."""
    upto = np.cumsum([n for _, n in ordered])
    return ordered[int(np.searchsorted(upto, THRESHOLD))][0]


def _moment(text: str, dtype: nw.dtypes.DType) -> date | datetime:
    try:
        if isinstance(dtype, nw.Date):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:  # beyond the years of Python
        return datetime.min if text.startswith("-") else datetime.max
    aware = isinstance(dtype, nw.Datetime) and dtype.time_zone is not None
    return moment.replace(tzinfo=UTC) if aware else moment
