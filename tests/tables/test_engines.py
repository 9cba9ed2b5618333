"""One body, every engine: the same rows give the same answers wherever they come from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from tests import spark

from forwhom.tables import (
    Table,
    collect_columns,
    fingerprint,
    held,
    join_left,
    kinds,
    open_table,
    profile_table,
    row_count,
)

N = 60
ROWS = pa.table(
    {
        "customer_id": [1000 + 7 * i for i in reversed(range(N))],
        "visits": [None if i == 5 else (i * i) % 9 for i in range(N)],
        "spend": [None if i % 10 == 3 else round(1.7 ** (i % 13), 2) for i in range(N)],
        "balance": [float(i % 11) - 4.5 for i in range(N)],
        "shops": [["Never", "Rarely", "Sometimes", "Often", "No answer"][i % 5] for i in range(N)],
        "city": [None if i % 7 == 0 else ["Rome", "Oslo", "Bern"][i % 3] for i in range(N)],
        "member": [i % 4 == 0 for i in range(N)],
        "joined": [datetime(2020, 1 + i % 12, 1 + i % 28, 9, 30) for i in range(N)],
        "constant": ["x"] * N,
        "empty": pa.array([None] * N, pa.float64()),
    }
)
ENGINES = (
    "pandas", "polars", "polars lazy", "pyarrow", "duckdb", "other duckdb", "csv", "parquet",
    "spark", "spark connect",
)  # fmt: skip


@pytest.fixture(params=ENGINES)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Table:
    return open_table(_native(request.param, tmp_path), name="customers")


def _native(engine: str, folder: Path) -> object:
    if engine == "pandas":
        return ROWS.to_pandas()
    if engine == "polars":
        return pl.from_arrow(ROWS).with_columns(pl.col("spend").fill_null(float("nan")))
    if engine == "polars lazy":
        return pl.from_arrow(ROWS).lazy()
    if engine == "duckdb":
        return duckdb.from_arrow(ROWS)
    if engine == "other duckdb":
        return duckdb.connect().from_arrow(ROWS)
    if engine == "spark":
        return spark.classic(ROWS)
    if engine == "spark connect":
        return spark.connect(ROWS)
    if engine == "csv":
        pyarrow.csv.write_csv(ROWS, folder / "rows.csv")
        return folder / "rows.csv"
    if engine == "parquet":
        pyarrow.parquet.write_table(ROWS, folder / "rows.parquet")
        return str(folder / "rows.parquet")
    return ROWS


def test_kinds_and_counts_are_the_same(table: Table) -> None:
    found = kinds(table)
    found.pop("empty")  # a file of text cannot tell what an empty column would hold
    assert found == {
        "customer_id": "number",
        "visits": "number",
        "spend": "number",
        "balance": "number",
        "shops": "text",
        "city": "text",
        "member": "boolean",
        "joined": "date",
        "constant": "text",
    }
    assert row_count(table) == N


def test_profiles_are_the_same(table: Table) -> None:
    profile = profile_table(table)
    assert profile.rows == N
    told = {c.name: (c.n, c.distinct, c.measure, c.use) for c in profile.columns}
    assert told == {
        "customer_id": (60, 60, None, "id"),
        "visits": (59, 4, "count", "active"),
        "spend": (54, 13, "positive", "active"),
        "balance": (60, 11, "continuous", "active"),
        "shops": (60, 5, "ordinal", "active"),
        "city": (51, 3, "nominal", "descriptor"),
        "member": (60, 2, "binary", "active"),
        "joined": (60, 60, None, "ignore"),
        "constant": (60, 1, None, "ignore"),
        "empty": (0, 0, None, "ignore"),
    }
    spend = profile["spend"]
    values = np.array([v for v in ROWS["spend"].to_pylist() if v is not None])
    assert spend.mean == pytest.approx(values.mean(), rel=1e-12)
    assert spend.sd == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert spend.quantiles[0.9] == pytest.approx(np.quantile(values, 0.9), rel=1e-12)
    assert spend.minimum == 1.0
    assert spend.shape == "right-skewed"
    assert spend.missing == pytest.approx(0.1)
    assert profile["balance"].negatives == sum(v < 0 for v in ROWS["balance"].to_pylist())
    assert profile["shops"].levels == ("Never", "Rarely", "Sometimes", "Often")
    assert profile["shops"].top[0] == ("Never", 12)
    assert profile["joined"].minimum == datetime(2020, 1, 1, 9, 30)
    assert all(column.why.endswith(".") for column in profile.columns)


def test_columns_come_by_ascending_id(table: Table) -> None:
    wanted = {
        "visits": "count", "spend": "positive", "shops": "ordinal", "city": "nominal",
        "member": "binary",
    }  # fmt: skip
    ids, columns = collect_columns(table, wanted, id_column="customer_id")
    assert ids is not None
    assert ids.to_pylist() == sorted(ROWS["customer_id"].to_pylist())
    # The source is in descending order of id.
    expected = [np.nan if v is None else v for v in reversed(ROWS["spend"].to_pylist())]
    np.testing.assert_array_equal(columns["spend"].values, expected)
    assert columns["spend"].values.dtype == np.float64
    assert columns["city"].levels == ("Bern", "Oslo", "Rome")
    cities = [None if c < 0 else columns["city"].levels[c] for c in columns["city"].values]
    assert cities == ROWS["city"].to_pylist()[::-1]
    assert columns["shops"].levels == ("Never", "Rarely", "Sometimes", "Often")
    assert columns["shops"].unseen == {"No answer": 12}
    assert columns["member"].levels == ("false", "true")
    assert int(columns["visits"].missing.sum()) == 1


def test_fingerprints_are_the_same(table: Table) -> None:
    # A text file cannot tell the type of a column without values.
    known = [c for c in ROWS.column_names if c != "empty"]
    part = Table("part", table.frame.select(*known))
    assert fingerprint(part) == fingerprint(open_table(ROWS.select(known)))


def test_joins_are_the_same(table: Table) -> None:
    shops = open_table(pa.table({"city": ["Rome", "Oslo"], "spend": [1, 2]}), name="shops.csv")
    joined = join_left(table, shops, on="city")
    assert joined.columns == [*table.columns, "spend_shops"]
    _, columns = collect_columns(
        joined, {"spend_shops": "continuous", "city": "nominal"}, id_column="customer_id"
    )
    rome = columns["city"].values == 2
    assert set(columns["spend_shops"].values[rome]) == {1.0}
    assert np.isnan(columns["spend_shops"].values[columns["city"].values == 0]).all()


def test_holding_a_table_changes_nothing(table: Table) -> None:
    assert row_count(held(table)) == N
    assert fingerprint(held(table)) == fingerprint(table)


def test_row_order_makes_no_difference() -> None:
    shuffled = ROWS.take(np.random.default_rng(1).permutation(N))
    assert fingerprint(open_table(shuffled)) == fingerprint(open_table(ROWS))
    wanted = {"spend": "positive", "city": "nominal"}
    _, first = collect_columns(open_table(ROWS), wanted, id_column="customer_id")
    _, second = collect_columns(open_table(shuffled), wanted, id_column="customer_id")
    for name in wanted:
        np.testing.assert_array_equal(first[name].values, second[name].values)


def test_fingerprint_tells_swapped_cells_apart() -> None:
    rows = pa.table({"a": [1, 2], "b": [3, 4]})
    swapped = pa.table({"a": [1, 2], "b": [4, 3]})
    renamed = pa.table({"a": [1, 2], "c": [3, 4]})
    prints = {fingerprint(open_table(t)) for t in (rows, swapped, renamed, rows.slice(0, 1))}
    assert len(prints) == 4


def test_ordered_categories_keep_their_order() -> None:
    sizes = pd.Categorical(["b", "c", "a"], categories=["c", "a", "b"], ordered=True)
    frame = pd.DataFrame({"kind": sizes})
    enum = pl.DataFrame({"kind": pl.Series(["b", "c", "a"], dtype=pl.Enum(["c", "a", "b"]))})
    for native in (frame, enum, enum.lazy()):
        table = open_table(native)
        assert profile_table(table)["kind"].levels == ("c", "a", "b")
        _, columns = collect_columns(table, {"kind": "ordinal"})
        assert columns["kind"].levels == ("c", "a", "b")
        assert columns["kind"].values.tolist() == [2, 0, 1]


def test_named_index_of_pandas_is_a_column() -> None:
    frame = pd.DataFrame({"visits": [1, 2]}, index=pd.Index(["a", "b"], name="customer"))
    assert open_table(frame).columns == ["customer", "visits"]


def test_dots_in_names_are_replaced_and_said() -> None:
    for native in (pd.DataFrame({"a.b": [1]}), pl.LazyFrame({"a.b": [1]})):
        table = open_table(native)
        assert table.columns == ["a_b"]
        assert "'a.b' is 'a_b'" in table.notes[0]
