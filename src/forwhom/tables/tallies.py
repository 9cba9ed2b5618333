"""What is counted of each column before a profile says what it is.

The rows of a small table are fetched once and counted here: a question to an engine takes
milliseconds, however few rows it is about. Of a large table, its own engine counts each column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forwhom.documents.privacy import rounded_within
from forwhom.tables.engine import arrow
from forwhom.tables.frames import Kind, Table, kinds
from forwhom.tables.summaries import AROUND, FEWEST, QUANTILES, THRESHOLD, NumberStatistics

#: Up to this many different values, a column is counted value by value; up to this many rows, here.
COUNTED = 200_000
#: Cells that are fetched at a time.
CELLS = 2_000_000


def _nothing() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Tally:
    """What is counted of one column."""

    n: int  # rows with a value
    distinct: int  # different values
    #: values, the most frequent first, and the rows of each; of dates, none
    values: pa.Array = field(default_factory=lambda: pa.nulls(0))
    counts: NDArray[np.int64] = field(default_factory=_nothing)
    whole: bool = True  # the values are all that there are
    #: ``low``, ``high``, ``months``: of dates, the first, the last, and the months in which the
    #: tenth from either end are
    low: date | datetime | None = None
    high: date | datetime | None = None
    months: tuple[str, str] | None = None
    statistics: NumberStatistics | None = None  # of numbers of which not every value is here


def tallied(table: Table) -> tuple[int, dict[str, Tally]]:
    """Return the number of rows, and what is counted of each column."""
    columns = kinds(table)
    rows, others = _filled(table, [name for name, kind in columns.items() if kind == "other"])
    if rows == 0:
        return 0, {}
    asked = {name: kind for name, kind in columns.items() if name not in others}
    if rows <= COUNTED:
        counted = _counted_here(table, asked, rows)
    else:
        counted = {name: _tally(table, name, kind) for name, kind in asked.items()}
    counted |= others
    return rows, {name: counted[name] for name in columns}


def _filled(table: Table, others: Sequence[str]) -> tuple[int, dict[str, Tally]]:
    """Return the number of rows, and of columns that cannot be used how many have a value."""
    each = {f"n{i}": nw.col(name).count() for i, name in enumerate(others)}
    asked = table.frame.select(nw.len().alias("rows"), **each)
    (found,) = arrow(asked, table.name).to_pylist()
    return found["rows"], {
        name: Tally(found[key], found[key]) for key, name in zip(each, others, strict=True)
    }


def _counted_here(table: Table, asked: Mapping[str, Kind], rows: int) -> dict[str, Tally]:
    """Fetch columns, as many at a time as memory holds with ease, and count them."""
    names, found = list(asked), dict[str, Tally]()
    step = max(1, CELLS // rows)
    for first in range(0, len(names), step):
        part = names[first : first + step]
        fetched = arrow(table.frame.select(part), table.name)
        for name in part:
            filled = fetched[name].drop_null()
            found[name] = _days(filled) if asked[name] == "date" else _every_value(filled)
    return found


def _days(filled: pa.ChunkedArray) -> Tally:
    n = len(filled)
    low, high = pc.min_max(filled).values()
    months = None
    if n >= FEWEST:
        order = pc.sort_indices(filled)
        ends = (filled[order[at].as_py()] for at in (THRESHOLD - 1, n - THRESHOLD))
        first, last = (str(_moment(end))[:7] for end in ends)
        months = first, last
    distinct = pc.count_distinct(filled).as_py()
    return Tally(n, distinct, low=_moment(low), high=_moment(high), months=months)


def _every_value(filled: pa.ChunkedArray) -> Tally:
    if pa.types.is_floating(filled.type):  # to Arrow, -0.0 is another number than 0.0
        filled = pc.add(filled, pa.scalar(0.0, filled.type))
    counted = pc.value_counts(filled)
    found = pa.table({"value": counted.field(0), "rows": counted.field(1)})
    # The second key makes the order of ties the same as that of every engine.
    found = found.sort_by([("rows", "descending"), ("value", "ascending")])
    values, counts = found["value"].combine_chunks(), found["rows"].to_numpy()
    return Tally(len(filled), len(values), values, counts)


def _tally(table: Table, name: str, kind: Kind) -> Tally:
    if kind == "date":
        return _dates(table, name)
    tally = _value_counts(table, name)
    if tally.whole or kind != "number":
        return tally
    return replace(tally, statistics=_asked(table, name, tally.n))


def _dates(table: Table, name: str) -> Tally:
    x = nw.col(name)
    # Counting the missing one as a value would differ between engines.
    filled = table.frame.select(x).filter(~x.is_null())
    days = filled.select(
        x.len().alias("n"), x.n_unique().alias("distinct"),
        x.min().alias("low"), x.max().alias("high"),
    )  # fmt: skip
    found = arrow(days, table.name)
    n = int(found["n"][0].as_py())
    distinct = int(found["distinct"][0].as_py()) if n else 0
    months = _usual_months(table, filled, name) if n >= FEWEST else None
    low, high = (_moment(found[end][0]) for end in ("low", "high"))
    return Tally(n, distinct, low=low, high=high, months=months)


def _usual_months(table: Table, filled: nw.LazyFrame[Any], name: str) -> tuple[str, str]:
    """Return the months that the tenth day from either end is in."""
    ends = [
        arrow(filled.sort(name, descending=down).head(THRESHOLD), table.name)[name][-1]
        for down in (False, True)
    ]
    first, last = (str(_moment(end))[:7] for end in ends)
    return first, last


def _moment(value: pa.Scalar) -> date | datetime | None:
    try:
        moment: date | datetime | None = value.as_py()
    except (OverflowError, ValueError):  # beyond the years of Python, such as infinity
        moment = datetime.max if value.value > 0 else datetime.min
    return moment


def _value_counts(table: Table, name: str) -> Tally:
    """Let the engine count the values of a column, the most frequent first."""
    filled = table.frame.select(nw.col(name).alias("value")).filter(~nw.col("value").is_null())
    grouped = filled.group_by("value").agg(nw.len().alias("rows"))
    # The second key makes the order of ties the same on every engine.
    sorted_ = grouped.sort("rows", "value", descending=[True, False]).head(COUNTED + 1)
    answer = arrow(sorted_, table.name)
    counts = answer["rows"].to_numpy().astype(np.int64)
    values = answer["value"].combine_chunks()
    if len(values) <= COUNTED:
        return Tally(int(counts.sum()), len(values), values, counts)
    totals = grouped.select(nw.len().alias("distinct"), nw.col("rows").sum().alias("n"))
    (found,) = arrow(totals, table.name).to_pylist()
    return Tally(int(found["n"]), int(found["distinct"]), values, counts, whole=False)


def finite(name: str) -> nw.Expr:
    """Return the finite numbers of a column."""
    value = nw.col(name).cast(nw.Float64)
    return nw.when(value.is_finite()).then(value)


def moments_of(x: nw.Expr) -> dict[str, nw.Expr]:
    """Return what a summary holds of numbers, but for their quantiles."""
    return {
        "minimum": x.min(),
        "maximum": x.max(),
        "mean": x.mean(),
        "sd": x.std(),
        "zeros": (x == 0).cast(nw.Int64).sum(),
        "negatives": (x < 0).cast(nw.Int64).sum(),
        "fractions": (x != x.floor()).cast(nw.Int64).sum(),
    }


def _asked(table: Table, name: str, n: int) -> NumberStatistics:
    """Let the engine compute statistics of a column with too many values to count each."""
    x = finite(name)
    asked = moments_of(x)
    for q in QUANTILES:
        asked[f"q{q}"] = x.quantile(q, interpolation="linear")
    for rank in AROUND:
        part = min(rank / n, 1.0)
        asked |= {f"low{rank}": x.quantile(part, interpolation="linear")}
        asked |= {f"high{rank}": x.quantile(1 - part, interpolation="linear")}
    frame = table.frame.select(*[e.alias(key) for key, e in asked.items()])
    row: dict[str, Any] = arrow(frame, table.name).to_pylist()[0]
    quantiles = {q: row[f"q{q}"] for q in QUANTILES}
    ends = {end: [row[f"{end}{rank}"] for rank in AROUND] for end in ("low", "high")}
    return statistics_of(row, quantiles, ends["low"], ends["high"], n)


def statistics_of(
    row: Mapping[str, Any],
    quantiles: Mapping[float, float],
    low: Sequence[float],
    high: Sequence[float],
    n: int,
) -> NumberStatistics:
    """Put together what an engine computed; ``low`` and ``high`` are what is around either end."""
    return NumberStatistics(
        minimum=row["minimum"],
        maximum=row["maximum"],
        mean=row["mean"],
        sd=row["sd"],
        quantiles=quantiles,
        zeros=float(row["zeros"]) / n,
        negatives=int(row["negatives"]),
        whole=row["fractions"] == 0,
        usual=(
            rounded_within(low[1], low[0], low[2]),
            rounded_within(high[1], high[2], high[0]),
        ),
    )
