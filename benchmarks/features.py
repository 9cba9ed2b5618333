"""Features of 10 million transactions, beside the same aggregates hand-written in SQL.

Run it with ``python benchmarks/features.py [ROWS]``. Both sides read the same DuckDB table in
memory and hand their answer over as an Arrow table; every time is the best of three, and memory
is the highest resident size above that of the loaded table. forwhom's time includes its pass over
the data that counts what is in them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from forwhom.documents.study import Events
from forwhom.features import customer_features
from forwhom.tables import collect, table_of

CUTOFF = "2024-01-01"
#: Days from 1900-01-01 to the cut-off.
END_DAY = 45_290
RFM = ["recency", "frequency", "tenure", "monetary_value"]
SPEC = Events(
    table="sales",
    customer="customer",
    time="time",
    amount="amount",
    quantity="quantity",
    order="order_id",
    item="item",
    category=["category"],
    channel="channel",
    cutoff=CUTOFF,
)

RFM_SQL = f"""
SELECT customer,
  DATE '{CUTOFF}' - max(time)::DATE AS recency,
  count(DISTINCT order_id) AS frequency,
  DATE '{CUTOFF}' - min(time)::DATE AS tenure,
  sum(amount) AS monetary_value
FROM sales WHERE time < TIMESTAMP '{CUTOFF}' GROUP BY customer
"""

SHARES = ", ".join(
    f"sum(spend) FILTER (category = 'category {i}') / nullif(sum(spend), 0) AS share_{i}"
    for i in range(12)
)

ALL_SQL = f"""
WITH lines AS (
  SELECT *, amount >= 0 AND quantity >= 0 AS bought
  FROM sales WHERE time < TIMESTAMP '{CUTOFF}'
), orders AS (
  SELECT customer, min(time) FILTER (bought) AS time, sum(amount) AS net,
    sum(amount) FILTER (bought) AS gross, sum(quantity) FILTER (bought) AS units,
    count(*) FILTER (bought) AS lines, count(*) FILTER (NOT bought) AS returns,
    -sum(amount) FILTER (NOT bought) AS returned
  FROM lines GROUP BY customer, order_id
), days AS (
  SELECT customer, time::DATE - DATE '1900-01-01' AS day, count(time)::DOUBLE AS orders,
    count(*) FILTER (hour(time) >= 4 AND hour(time) < 12) AS morning,
    count(*) FILTER (hour(time) >= 12 AND hour(time) < 18) AS afternoon,
    sum(net) AS net, sum(gross) AS gross, sum(units) AS units, sum(lines) AS lines,
    sum(returns) AS returns, sum(returned) AS returned
  FROM orders GROUP BY 1, 2
), sequence AS (
  SELECT *, (day - lag(day) OVER w)::DOUBLE AS gap, min(day) OVER w AS opening
  FROM days WINDOW w AS (PARTITION BY customer ORDER BY day NULLS FIRST)
), behavior AS (
  SELECT customer, {END_DAY} - max(day) AS recency, sum(orders) AS frequency,
    {END_DAY} - min(day) AS tenure,
    frequency / greatest(tenure / 30.4375, 1) AS orders_per_month,
    sum(net) AS monetary_value, sum(gross) / nullif(frequency, 0) AS average_order_value,
    avg(gap) AS mean_gap, median(gap) AS median_gap,
    CASE WHEN count(gap) > 1 THEN stddev_samp(gap) / avg(gap) END AS gap_variation,
    sum(orders) FILTER (2 * (day - opening) > {END_DAY} - opening) AS late,
    sum(orders) FILTER (day > opening AND 2 * (day - opening) < {END_DAY} - opening) AS early,
    (coalesce(late, 0) - coalesce(early, 0)) / nullif(coalesce(late, 0) + coalesce(early, 0), 0)
      AS trend,
    sum(lines) / nullif(frequency, 0) AS lines_per_order,
    sum(units) / nullif(frequency, 0) AS units_per_order,
    sum(returns) / (sum(returns) + sum(lines)) AS return_share,
    (sum(returns) > 0)::INTEGER AS any_return,
    sum(returned) / nullif(sum(gross), 0) AS return_money_share,
    sum(orders) FILTER (day % 7 >= 5) / nullif(frequency, 0) AS weekend_share,
    sum(morning) / nullif(frequency, 0) AS morning_share,
    sum(afternoon) / nullif(frequency, 0) AS afternoon_share,
    count(gap) AS clv_frequency, max(day) - min(day) AS clv_recency,
    {END_DAY} - 1 - min(day) AS clv_t,
    coalesce(sum(gross) FILTER (day > opening) / nullif(count(gap), 0), 0) AS clv_monetary_value
  FROM sequence GROUP BY customer
), categories AS (
  SELECT customer, count(category) AS distinct_category, {SHARES}
  FROM (SELECT customer, category, sum(amount) AS spend FROM lines WHERE bought GROUP BY 1, 2)
  GROUP BY customer
), items AS (
  SELECT customer, count(*) AS distinct_items
  FROM (SELECT DISTINCT customer, item FROM lines WHERE bought) GROUP BY customer
), channels AS (
  SELECT customer, count(*) AS channels, max(placed) / sum(placed) AS main_channel_share
  FROM (
    SELECT customer, channel, count(*) AS placed
    FROM (SELECT DISTINCT customer, channel, order_id FROM lines WHERE bought) GROUP BY 1, 2
  ) GROUP BY customer
)
SELECT * FROM behavior LEFT JOIN categories USING (customer) LEFT JOIN items USING (customer)
LEFT JOIN channels USING (customer)
"""


def simulate(rows: int, seed: int = 1) -> pa.Table:
    """Return transactions of ``rows / 10`` customers over two years, 2 % of them returns."""
    rng = np.random.default_rng(seed)
    orders, customers = rows * 35 // 100, rows // 10
    customer = rng.integers(0, customers, orders)
    second = rng.integers(0, 730 * 86_400, orders)
    order = rng.integers(0, orders, rows)
    item = rng.zipf(1.3, rows) % 20_000
    names = pa.array([f"category {i:.0f}" for i in range(20)])
    categories = pa.DictionaryArray.from_arrays(pa.array(item % 20), names).cast(pa.string())
    sign = np.where(rng.random(rows) < 0.02, -1, 1)
    moment = np.datetime64("2022-01-01", "us") + second[order].astype("timedelta64[s]")
    return pa.table(
        {
            "customer": customer[order],
            "order_id": order,
            "time": moment,
            "item": item,
            "category": categories,
            "channel": rng.integers(0, 30, rows),
            "amount": sign * np.round(rng.lognormal(2, 1, rows), 2),
            "quantity": sign * (rng.poisson(1, rows) + 1),
        }
    )


def measure(work: Callable[[], pa.Table], loaded: float, repeats: int = 3) -> tuple[float, float]:
    """Return the best time in seconds, and the peak memory above the loaded table in MB."""
    best = float("inf")
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")  # forget the highest resident size so far
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best, _resident("VmHWM") - loaded


def _resident(which: str) -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(x for x in status.read_text().splitlines() if x.startswith(which))
    return int(line.split()[1]) / 1024


def main(rows: int) -> None:
    """Print the table."""
    connection = duckdb.default_connection()
    data = simulate(rows)
    connection.execute("CREATE TEMP TABLE sales AS FROM data")
    del data
    loaded = _resident("VmRSS")
    sales = table_of(connection.table("sales"), "sales")

    def ours(only: list[str] | None) -> Callable[[], pa.Table]:
        return lambda: collect(customer_features(sales, SPEC, only=only).table)

    def theirs(sql: str) -> Callable[[], pa.Table]:
        return lambda: connection.sql(sql).to_arrow_table()

    print(f"{rows:,} transactions of {rows // 10:,} customers, DuckDB {duckdb.__version__}")
    print()
    print("| features | SQL, s | forwhom, s | ratio | SQL, MB | forwhom, MB |")
    print("|---|---|---|---|---|---|")
    for name, sql, only in (("RFM", RFM_SQL, RFM), ("all", ALL_SQL, None)):
        seconds, memory = measure(theirs(sql), loaded)
        own_seconds, own_memory = measure(ours(only), loaded)
        print(
            f"| {name} | {seconds:.2f} | {own_seconds:.2f} | {own_seconds / seconds:.2f} "
            f"| {memory:.0f} | {own_memory:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
