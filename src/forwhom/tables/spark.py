"""Frames of Spark, classic and Connect: what narwhals cannot say, as SQL of Spark.

Nothing here imports Spark, and nothing asks for more than a DataFrame: no RDD, no context, nothing
cached, so that it runs on Spark Connect and on serverless clusters as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import narwhals.stable.v2 as nw
import pyarrow as pa
from narwhals.stable.v2.dependencies import is_pyspark_connect_dataframe, is_pyspark_dataframe

from forwhom.errors import DataError

#: So many values, rows times columns, are fetched from Spark at most: 160 MB of numbers.
MOST_VALUES = 20_000_000

_ENGINES = (nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT)
_PARTITION = "forwhom_partition"


def is_spark(frame: nw.LazyFrame[Any]) -> bool:
    """Return whether a frame is one of Spark."""
    return frame.implementation in _ENGINES


class SparkFrame(Protocol):
    """A DataFrame of Spark, to a type checker."""

    def mapInArrow(self, func: Any, schema: Any, /) -> Any:  # noqa: N802
        """Run a function over the batches of each partition."""


def check_few(frame: nw.LazyFrame[Any], name: str) -> None:
    """Refuse to fetch the rows of a Spark frame that are too many to come here unasked."""
    if not is_spark(frame):
        return
    native: Any = frame.to_native()
    rows, width = int(native.count()), len(native.columns)
    if rows * width > MOST_VALUES:
        raise DataError(
            f"{name}: {rows:,} rows and {width} columns are too many to be fetched from Spark "
            f"({MOST_VALUES:,} values at most).",
            "Make one row per customer of purchases there (forwhom.customer_features), or take a "
            "sample of whole customers and the columns that matter; forwhom.score then places all "
            "customers there.",
        )


def fetched_rows(frame: SparkFrame) -> pa.Table:
    """Fetch the rows of a frame of Spark, where they are few."""
    native: Any = frame
    check_few(nw.from_native(native), "the frame")
    return native.toArrow()


def is_spark_frame(one: object) -> bool:
    """Return whether an object is a DataFrame of Spark."""
    return is_pyspark_dataframe(one) or is_pyspark_connect_dataframe(one)


def spark_quoted(identifier: str) -> str:
    """Return a name as an identifier of Spark's SQL."""
    return "`" + identifier.replace("`", "``") + "`"


def with_spark_sql(frame: nw.LazyFrame[Any], name: str, sql: str) -> nw.LazyFrame[Any]:
    """Add a column that an expression of Spark's SQL computes, or replace it."""
    native: Any = frame.to_native()
    others = [spark_quoted(column) for column in native.columns if column != name]
    lazy: nw.LazyFrame[Any] = nw.from_native(
        native.selectExpr(*others, f"{sql} AS {spark_quoted(name)}")
    )
    return lazy


def of_each_partition(
    frame: nw.LazyFrame[Any],
    function: Callable[[Iterator[pa.RecordBatch]], dict[str, Any]],
    fields: str,
) -> list[dict[str, Any]]:
    """Run a function over the batches of each partition; return its rows in their order.

    Parameters of the function travel with it (``functools.partial``); ``fields`` are what it
    returns, as Spark writes a schema. A partition without rows has no row.
    """
    native: Any = frame.to_native()
    numbered = native.selectExpr("*", f"CAST(spark_partition_id() AS BIGINT) AS {_PARTITION}")

    def passed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        seen: list[int] = []

        def own() -> Iterator[pa.RecordBatch]:
            for batch in batches:
                if batch.num_rows:
                    seen.append(batch.column(_PARTITION)[0].as_py())
                    yield batch.drop_columns([_PARTITION])

        row = function(own())
        if seen:
            yield pa.RecordBatch.from_pylist([{_PARTITION: seen[0], **row}])

    answer = numbered.mapInArrow(passed, f"{_PARTITION} BIGINT, {fields}").toArrow()
    rows: list[dict[str, Any]] = answer.sort_by(_PARTITION).to_pylist()
    return [{key: value for key, value in row.items() if key != _PARTITION} for row in rows]
