"""What is asked of the engine about a column of many values is what is counted of one of few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from forwhom.tables import kinds, open_table, tallies
from forwhom.tables.tallies import Tally, _asked


def test_statistics_of_many_values() -> None:
    x = np.array([-2.5, -1.0, 0.0, 0.0, 0.0, 4.0, 6.5, 9.0, np.nan, np.inf])
    found = _asked(open_table(pa.table({"x": pa.array(x)})), "x", 8)
    seen = x[np.isfinite(x)]
    assert (found.minimum, found.maximum, found.zeros) == (-2.5, 9.0, 3 / 8)
    assert (found.negatives, found.whole) == (2, False)
    assert found.mean == pytest.approx(seen.mean())
    assert found.sd == pytest.approx(seen.std(ddof=1))
    assert found.quantiles == pytest.approx({q: np.quantile(seen, q) for q in found.quantiles})
    whole = _asked(open_table(pa.table({"x": [0, 1, 5]})), "x", 3)
    assert (whole.whole, whole.negatives, whole.zeros) == (True, 0, 1 / 3)


def many_types(n: int) -> pa.Table:
    """Columns of each type, with ties, gaps, both zeros, and letters that engines might sort."""
    rng = np.random.default_rng(n)
    zeros = np.where(rng.random(n) < 0.3, -0.0, rng.integers(-3, 3, n) * 0.5)
    days = rng.integers(0, 900, n)
    start = datetime(2020, 1, 1)
    return pa.table(
        {
            "zeros": pa.array(zeros, mask=rng.random(n) < 0.1),
            "endless": pa.array(np.where(rng.random(n) < 0.1, np.inf, rng.normal(size=n))),
            "short": pa.array(rng.normal(size=n).astype(np.float32)),
            "small": pa.array(rng.integers(0, 9, n), pa.int16()),
            "large": pa.array(rng.integers(0, 9, n).astype(np.uint64) + np.uint64(2**63)),
            "said": pa.array(rng.random(n) < 0.5, mask=rng.random(n) < 0.1),
            "text": pa.array(rng.choice(["a", "ä", "B", "b", "🙂", "\uffff", "zz", "", None], n)),
            "born": pa.array([start.date() + timedelta(int(d)) for d in days]),
            "seen": pa.array([start + timedelta(hours=int(d)) if d % 7 else None for d in days]),
            "zone": pa.array(
                [start.replace(tzinfo=UTC) + timedelta(int(d)) for d in days],
                pa.timestamp("us", "Europe/Berlin"),
            ),
            "tags": pa.array([["a"] if d % 2 else None for d in days]),
            "nobody": pa.nulls(n, pa.float64()),
            "never": pa.array([None] * n, pa.date32()),
        }
    )


@pytest.mark.parametrize("given", [lambda t: t, pl.from_arrow, lambda t: pl.from_arrow(t).lazy()])
@pytest.mark.parametrize("n", [1, 19, 20, 300])
def test_what_is_counted_here_is_what_engines_count(
    n: int, given: Callable[[pa.Table], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = open_table(given(many_types(n)))
    monkeypatch.setattr(tallies, "CELLS", 3 * n)
    rows, here = tallies.tallied(table)
    assert rows == n
    assert list(here) == table.columns

    def told(tally: Tally) -> tuple[object, ...]:
        counted = (tally.values.type, tally.values.to_pylist(), tally.counts.tolist())
        return (*counted, tally.n, tally.distinct, tally.whole, tally.low, tally.high, tally.months)

    assert here["tags"].n == n - many_types(n)["tags"].null_count
    for name, kind in kinds(table).items():
        if kind != "other":
            assert told(here[name]) == told(tallies._tally(table, name, kind)), name


def test_of_more_rows_the_engine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "COUNTED", 5)
    table = open_table(pa.table({"few": [1, 1, 1, 2, 2, None], "many": [1, 2, 3, 4, 5, 6]}))
    rows, found = tallies.tallied(table)
    few, many = found["few"], found["many"]
    assert (rows, few.n, few.distinct, few.whole, few.counts.tolist()) == (6, 5, 2, True, [3, 2])
    assert (many.n, many.distinct, many.whole) == (6, 6, False)
    assert many.statistics is not None
    assert many.statistics.maximum == 6
