"""Spark: the same numbers as here, in few jobs, and nothing fetched that is too much."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests import spark

import forwhom
from forwhom.documents.study import Events
from forwhom.errors import DataError
from forwhom.features import customer_features
from forwhom.tables import collect, collect_columns, open_table, profile_table
from forwhom.tables import spark as frames
from forwhom.tables.spark import of_each_partition

#: More jobs than this nobody waits for, however small the table is.
MOST_JOBS = 10


def jobs() -> int:
    """Return how many jobs Spark ran so far."""
    return len(spark.session().sparkContext.statusTracker().getJobIdsForGroup(None))


def rows() -> pa.Table:
    rng = np.random.default_rng(3)
    n, start = 400, datetime(2021, 1, 1)
    spent = np.round(rng.normal(20, 30, n), 6)
    spent[:4] = [np.inf, -np.inf, -0.0, 0.0]
    return pa.table(
        {
            "key": [f"c{i:04d}" for i in rng.permutation(n)],
            "spent": pa.array(spent, mask=rng.random(n) < 0.1),
            "score": pa.array(rng.normal(0, 1, n).astype(np.float32)),
            "visits": pa.array([99 if i % 9 == 0 else i % 6 for i in range(n)], pa.int16()),
            "seen": [start + timedelta(hours=int(h)) for h in rng.integers(0, 9000, n)],
            "born": [start.date() - timedelta(days=17 * i) for i in range(n)],
            "tags": [["a"] if i % 2 else None for i in range(n)],
        }
    )  # fmt: skip


@pytest.mark.parametrize("counted", [200_000, 150])
def test_a_spark_profile_is_that_of_duckdb_in_few_jobs(counted: int, monkeypatch: Any) -> None:
    from forwhom.tables import sparktallies, tallies

    monkeypatch.setattr(tallies, "COUNTED", counted)
    monkeypatch.setattr(sparktallies, "COUNTED", counted)
    known, table = profile_table(open_table(rows())), open_table(spark.classic(rows()))
    before = jobs()
    found = profile_table(table)
    assert jobs() - before <= MOST_JOBS
    for ours, theirs in zip(known.columns, found.columns, strict=True):
        for field in dataclasses.fields(ours):
            one, other = getattr(ours, field.name), getattr(theirs, field.name)
            if isinstance(one, float):
                other = pytest.approx(other, rel=1e-12, nan_ok=True)
            elif field.name == "quantiles":
                other = pytest.approx(other, rel=1e-12)
            assert one == other, (ours.name, field.name)


def test_a_spark_table_without_rows_is_refused() -> None:
    with pytest.raises(DataError, match="has no rows"):
        profile_table(open_table(spark.classic(rows().slice(0, 0))))


def test_moments_of_a_zone_are_local_on_spark_as_well() -> None:
    """The session of the tests is in New York, where some hours of these are there twice."""
    start = datetime(2024, 11, 2, 22, tzinfo=UTC)
    times = [start + timedelta(minutes=37 * i) for i in range(40)]
    sales = pa.table({"who": [i % 3 for i in range(40)], "at": times})
    spec = Events(table="sales", customer="who", time="at", time_zone="Europe/Berlin",
                  cutoff=datetime(2024, 11, 3, 20, 15))  # fmt: skip
    told = []
    for table in (open_table(sales), open_table(spark.classic(sales))):
        found = customer_features(table, spec)
        told.append((sorted(map(str, collect(found.table).to_pylist())), found.report.last))
    assert told[0] == told[1]


def test_a_spark_partition_says_one_row_in_the_order_of_partitions() -> None:
    import narwhals.stable.v2 as nw

    def first_and_sum(name: str, batches: Iterator[pa.RecordBatch]) -> dict[str, Any]:
        values = [value for batch in batches for value in batch.column(name).to_pylist()]
        return {"first": values[0], "sum": sum(values)}

    frame = nw.from_native(spark.session().range(0, 90, 1, 5).selectExpr("id + 100 AS id"))
    found = of_each_partition(frame, partial(first_and_sum, "id"), "first BIGINT, sum BIGINT")
    assert [row["first"] for row in found] == [100, 118, 136, 154, 172]
    assert sum(row["sum"] for row in found) == sum(range(100, 190))


def test_too_many_rows_are_not_fetched_from_spark(monkeypatch: Any) -> None:
    monkeypatch.setattr(frames, "MOST_VALUES", 400)
    table = open_table(spark.classic(rows()), name="shop")
    _, few = collect_columns(table, {"visits": "count"})
    assert len(few["visits"]) == 400
    with pytest.raises(DataError, match=r"shop: 400 rows and 2 columns are too many to be fetched"):
        collect_columns(table, {"visits": "count"}, id_column="key")


def test_nothing_of_spark_that_connect_and_serverless_lack() -> None:
    lacking = re.compile(r"sparkContext|SparkContext|\.rdd\b|\.persist\(|\.cache\(|\.broadcast\(")
    for file in Path(forwhom.__file__).parent.rglob("*.py"):
        assert not lacking.search(file.read_text(encoding="utf-8")), file
