"""What is counted of each column before a profile says what it is, by the table's own engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.documents.privacy import rounded_within
from forwhom.tables.engine import arrow
from forwhom.tables.frames import Kind, Table, kinds, row_count
from forwhom.tables.summaries import AROUND, FEWEST, QUANTILES, THRESHOLD, NumberStatistics

#: Up to this many different values, a column is counted value by value.
COUNTED = 200_000


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
    rows = row_count(table)
    if rows == 0:
        return 0, {}
    return rows, {name: _tally(table, name, kind) for name, kind in kinds(table).items()}


def _tally(table: Table, name: str, kind: Kind) -> Tally:
    if kind == "other":
        n = _filled(table, name)
        return Tally(n, n)
    if kind == "date":
        return _dates(table, name)
    values, counts, distinct = _value_counts(table, name)
    if distinct is None:
        return Tally(int(counts.sum()), len(values), values, counts)
    n = _filled(table, name)
    statistics = _asked(table, name, n) if kind == "number" else None
    return Tally(n, distinct, values, counts, whole=False, statistics=statistics)


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


def _value_counts(table: Table, name: str) -> tuple[pa.Array, NDArray[np.int64], int | None]:
    """Return values and rows per value, most frequent first, and the number of values if cut."""
    filled = table.frame.select(nw.col(name).alias("value")).filter(~nw.col("value").is_null())
    grouped = filled.group_by("value").agg(nw.len().alias("rows"))
    # The second key makes the order of ties the same on every engine.
    sorted_ = grouped.sort("rows", "value", descending=[True, False]).head(COUNTED + 1)
    answer = arrow(sorted_, table.name)
    counts = answer["rows"].to_numpy().astype(np.int64)
    values = answer["value"].combine_chunks()
    if len(values) <= COUNTED:
        return values, counts, None
    n = arrow(grouped.select(nw.len().alias("n")), table.name)["n"][0].as_py()
    return values, counts, int(n)


def _filled(table: Table, name: str) -> int:
    filled = table.frame.select(nw.col(name).count().alias("n"))
    return int(arrow(filled, table.name)["n"][0].as_py())


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
