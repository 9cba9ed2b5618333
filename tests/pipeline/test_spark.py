"""Customers on Spark are placed there, as they would be here."""

from __future__ import annotations

import re
from hashlib import md5
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests import spark

import forwhom
from forwhom.customers import everybody
from forwhom.documents import Segmentation
from forwhom.errors import DataError, OutputError
from forwhom.pipeline import sparkfitting
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


@pytest.fixture
def very_many(monkeypatch: pytest.MonkeyPatch) -> pa.Table:
    """Return customers of two segments, of whom only a third may be fetched."""
    monkeypatch.setattr(everybody, "MANY", 2_000)
    monkeypatch.setattr(everybody, "DRAWN", 1_000)
    monkeypatch.setattr(everybody, "FETCHED", 10_000)
    monkeypatch.setattr(frames, "MOST_VALUES", 10_000)
    rng = np.random.default_rng(3)
    n = 3_000
    often = rng.random(n) < 0.4
    return pa.table(
        {
            "customer_id": pa.array(rng.permutation(n) + 10),
            "plan": pa.array(np.where(rng.random(n) < np.where(often, 0.95, 0.05), "pro", "free"),
                             mask=rng.random(n) < 0.05),
            "mood": np.clip(rng.integers(1, 5, n) + often, 1, 5),
            "visits": rng.poisson(np.where(often, 15.0, 2.0)),
            "spend": np.round(np.exp(rng.normal(np.where(often, 4.5, 1.5), 0.5)), 2),
        }
    )  # fmt: skip


@pytest.mark.parametrize("frame", [spark.classic, spark.connect], ids=["spark", "spark connect"])
def test_very_many_on_spark_are_fitted_and_placed_there(
    frame: Any, very_many: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = frame(very_many)  # first: without Spark there is nothing to compare with
    pyarrow.parquet.write_table(very_many, tmp_path / "all.parquet")
    here = forwhom.discover(tmp_path / "all.parquet", **QUICKLY)
    there = forwhom.discover(rows, **QUICKLY)
    ours, theirs = here.segmentation.fit.everybody, there.segmentation.fit.everybody
    assert ours is not None
    assert theirs is not None
    assert theirs.segments == ours.segments
    assert theirs.log_likelihood == pytest.approx(ours.log_likelihood, rel=1e-12)
    monkeypatch.setattr(frames, "MOST_VALUES", 100_000)
    assert there.segmentation.n == here.segmentation.n
    assert largest_difference(here.members, there.members) < 1e-9
    assert not (there.save(tmp_path / "out") / "members.parquet").exists()


def test_a_fit_takes_few_passes_and_is_the_same_in_however_many_partitions(
    very_many: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, passes = spark.classic(very_many), []
    told = sparkfitting.of_each_partition

    def counted(*given: Any) -> Any:
        passes.append(given)
        return told(*given)

    monkeypatch.setattr(sparkfitting, "of_each_partition", counted)
    one, two, seven = (
        forwhom.discover(rows.repartition(n), **QUICKLY).segmentation for n in (1, 2, 7)
    )
    assert 3 * 3 <= len(passes) <= 3 * 12
    for other in (two, seven):
        assert other.fit.everybody is not None
        assert one.fit.everybody is not None
        assert other.fit.everybody.segments == one.fit.everybody.segments
        np.testing.assert_allclose(other.model.weights, one.model.weights, rtol=1e-10)


def test_ids_on_spark_that_come_twice_are_refused(very_many: pa.Table) -> None:
    ids = very_many["customer_id"].to_pylist()
    gone = [i for i, one in enumerate(ids) if md5(str(one).encode()).hexdigest() > "f"]
    ids[gone[0]] = ids[gone[1]]
    twice = very_many.set_column(0, "customer_id", pa.array(ids))
    with pytest.raises(DataError, match=r"ids in 'customer_id' are not unique; 1 of 3,000 rows"):
        forwhom.discover(spark.classic(twice), **QUICKLY)


def blocks_in(folder: Path) -> pa.Table:
    """Return what is kept in the only place of a folder."""
    [place] = folder.iterdir()
    assert place.name.startswith("forwhom-")
    return pyarrow.parquet.read_table(place)


@pytest.mark.parametrize("frame", [spark.classic, spark.connect], ids=["spark", "spark connect"])
def test_codes_are_kept_in_a_folder_while_customers_are_fitted(
    frame: Any, very_many: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, kept = sparkfitting.of_each_partition, list[pa.Table]()

    def looked(*given: Any) -> Any:
        kept.append(blocks_in(tmp_path / "scratch"))
        return told(*given)

    rows = frame(very_many)
    anew = forwhom.discover(spark.connect(very_many), **QUICKLY).segmentation
    monkeypatch.setattr(sparkfitting, "of_each_partition", looked)
    folder = f"{tmp_path}/scratch/"
    once = forwhom.discover(rows, **QUICKLY, spark_folder=folder).segmentation
    np.testing.assert_allclose(once.model.weights, anew.model.weights, rtol=1e-10)
    assert len(kept) > 2
    for one in kept:
        assert one.schema.names == ["base", "packed"]
        width = {len(codes) % 3_000 for codes in one["packed"].to_pylist()}
        assert width == {0}
        assert one.num_rows == 1
    assert blocks_in(tmp_path / "scratch").num_rows == 0


def test_a_local_spark_leaves_nothing_of_what_it_kept(
    very_many: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = spark.classic(very_many)
    told, places = sparkfitting.of_each_partition, set[Path]()

    def looked(frame: Any, *given: Any) -> Any:
        [file, *_] = frame.to_native().inputFiles()
        places.add(Path(file.removeprefix("file:").replace("///", "/")).parent)
        return told(frame, *given)

    monkeypatch.setattr(sparkfitting, "of_each_partition", looked)
    forwhom.discover(rows, **QUICKLY)
    [place] = places
    assert place.name.startswith("forwhom-")
    assert not place.exists()


def test_a_folder_that_spark_cannot_write_is_said(very_many: pa.Table, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"keep the codes .* in .*/file/in/forwhom-\w+: \S+"):
        forwhom.discover(
            spark.classic(very_many), **QUICKLY, spark_folder=str(tmp_path / "file" / "in")
        )
