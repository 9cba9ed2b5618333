"""Customers on Spark are placed there, as they would be here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests import spark

import forwhom
from forwhom.documents import Segmentation
from forwhom.errors import DataError
from forwhom.pipeline.discovery import Result
from forwhom.tables import spark as frames

ROOT = Path(__file__).parents[2]
QUICKLY: dict[str, Any] = {"k": 2, "n_starts": 4, "stability": 0}


@pytest.fixture(scope="module")
def found(customers: pa.Table) -> Result:
    spark.session()  # skipped here, before anything is computed
    return forwhom.discover(customers, **QUICKLY)


@pytest.fixture(scope="module")
def segmentation(found: Result) -> Segmentation:
    return found.segmentation


def largest_difference(one: pa.Table, other: pa.Table) -> float:
    """Return how far two tables of members are apart in any probability, certainty or fit."""
    one, other = (table.sort_by("customer_id") for table in (one, other))
    assert one.schema.names == other.schema.names
    assert one["customer_id"].to_pylist() == other["customer_id"].to_pylist()
    assert one["segment"].to_pylist() == other["segment"].to_pylist()
    numbers = [name for name in one.schema.names if name not in ("customer_id", "segment")]
    return max(float(np.nanmax(np.abs(one[n].to_numpy() - other[n].to_numpy()))) for n in numbers)


@pytest.mark.parametrize("frame", [spark.classic, spark.connect], ids=["spark", "spark connect"])
def test_members_are_those_that_are_placed_here(
    frame: Any, segmentation: Segmentation, customers: pa.Table
) -> None:
    odd = customers.set_column(3, "channel", pa.array(["ONLINE", None, "kiosk"] * 100))
    for rows in (customers, odd):
        here = forwhom.score(segmentation, rows).table
        there = forwhom.score(segmentation, frame(rows)).toArrow()
        assert largest_difference(here, there) < 1e-9


def test_members_are_the_same_in_however_many_partitions(
    segmentation: Segmentation, customers: pa.Table
) -> None:
    rows = spark.classic(customers)
    one, two, seven = (
        forwhom.score(segmentation, rows.repartition(n)).toArrow() for n in (1, 2, 7)
    )
    assert max(largest_difference(one, two), largest_difference(one, seven)) < 1e-10


def test_nothing_on_spark_is_computed_before_somebody_asks(
    segmentation: Segmentation, customers: pa.Table
) -> None:
    status = spark.session().sparkContext.statusTracker()
    rows = spark.classic(customers)
    before = len(status.getJobIdsForGroup(None))
    with pytest.warns(UserWarning, match="not in the new data, so taken as missing: spend"):
        placed = forwhom.score(segmentation, rows.drop("spend"))
    assert len(status.getJobIdsForGroup(None)) == before
    assert placed.columns == ["customer_id", "segment", "p1", "p2", "certainty", "fit"]


def test_customers_on_spark_need_an_id(segmentation: Segmentation, customers: pa.Table) -> None:
    rows = spark.classic(customers.drop_columns(["customer_id"]))
    with pytest.raises(DataError, match="there is no column 'customer_id', and rows on Spark have"):
        forwhom.score(segmentation, rows)


def test_segments_of_few_rows_on_spark_are_those_of_the_same_rows_here(
    found: Result, customers: pa.Table
) -> None:
    there = forwhom.discover(spark.connect(customers), **QUICKLY)
    assert there.members == found.members
    told = "data: 300 rows were fetched from Spark, which is all of them."
    ours, theirs = (
        one.segmentation.model_dump(exclude={"created"}) for one in (found, there)
    )  # fmt: skip
    assert theirs["quality"]["notes"] == [told, *ours["quality"]["notes"]]
    ours["quality"]["notes"] = theirs["quality"]["notes"]
    assert ours == theirs


def test_many_rows_on_spark_are_not_fetched_to_be_segmented(
    customers: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "MOST_VALUES", 1000)
    with pytest.raises(DataError, match=r"data: 300 rows and 5 columns are too many to be fetched"):
        forwhom.discover(spark.classic(customers), **QUICKLY)


def test_what_the_docs_type_for_spark_runs(customers: pa.Table, sales: pa.Table) -> None:
    spark.classic(customers).createOrReplaceTempView("customers")
    spark.classic(sales).createOrReplaceTempView("sales")
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"spark": spark.session()}
    for block in re.findall(r"^```py\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        exec(compile(block, "scale.md", "exec"), names)
    assert names["members"].count() == 300
    assert names["features"].columns[:3] == ["customer", "recency", "frequency"]
