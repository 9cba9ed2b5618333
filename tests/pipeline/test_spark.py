"""Customers on Spark are placed there, as they would be here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests import spark

import forwhom
from forwhom.documents import Segmentation
from forwhom.errors import DataError


@pytest.fixture(scope="module")
def segmentation(customers: pa.Table) -> Segmentation:
    spark.session()  # skipped here, before anything is computed
    return forwhom.discover(customers, k=2, n_starts=4, stability=0).segmentation


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
