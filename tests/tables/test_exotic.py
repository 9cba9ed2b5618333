"""Types that an engine does not know are made plain or refused in words; the session lives on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from forwhom.errors import DataError, SourceError
from forwhom.tables import collect, open_table, profile_table
from forwhom.tables.engine import without_cells

N = 60
AGES = np.arange(N) % 50 + 18
MONTHS = pd.period_range("2023-01", periods=N, freq="M")


@pytest.mark.parametrize(
    "bands",
    [
        pd.Series(pd.cut(AGES, [0, 30, 45, 99])),
        pd.Series(pd.cut(AGES, [0, 30, 45, 99])).astype(object).astype("interval"),
        pd.Series(pd.cut([*AGES[:-1], -5], [0, 30, 45, 99])),  # one is in no band
    ],
)
def test_intervals_are_ordered_bands(bands: pd.Series) -> None:
    column = profile_table(open_table(pd.DataFrame({"age_band": bands})))["age_band"]
    assert column.measure == "ordinal"
    assert column.levels == ("(0, 30]", "(30, 45]", "(45, 99]")
    assert column.n == bands.notna().sum()


@pytest.mark.parametrize("periods", [pd.Series(MONTHS), pd.Series(MONTHS).astype("category")])
def test_a_period_is_a_date(periods: pd.Series) -> None:
    table = open_table(pd.DataFrame({"month": periods}))
    assert profile_table(table)["month"].type == "date"
    assert str(collect(table)["month"][1].as_py())[:10] == "2023-02-01"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1.5, None, 3.0], pa.float16()), [1.5, None, 3.0]),
        (pa.array([Decimal("1.50"), None, Decimal(3)], pa.decimal256(50, 2)), [1.5, None, 3.0]),
        (pa.array([Decimal("1.50"), None, Decimal(3)], pa.decimal256(20, 2)), [1.5, None, 3.0]),
        (pa.RunEndEncodedArray.from_arrays([2, 3], [1.5, 3.0]), [1.5, 1.5, 3.0]),
        (pa.array(["a", None, "b"], pa.string_view()), ["a", None, "b"]),
        (pa.array(["a", None, "b"], pa.large_string()), ["a", None, "b"]),
    ],
)  # fmt: skip
def test_types_of_arrow_are_read(values: pa.Array, expected: list[object]) -> None:
    assert collect(open_table(pa.table({"x": values})))["x"].to_pylist() == expected


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([0, 1, 0, 2]).astype(pd.SparseDtype("int64", 0)),
        pd.Series([False, True, False, True]).astype(pd.SparseDtype(bool, False)),
        pd.Series([0.0, 1.5, np.nan, 2.0]).astype("Sparse[float64]"),
        pd.Series(np.array([0, 1, 0, 2], dtype="float16")),
    ],
)
def test_columns_of_pandas_are_read(values: pd.Series) -> None:
    found = collect(open_table(pd.DataFrame({"x": values})))["x"].to_pylist()
    plain = [None if pd.isna(value) else value for value in np.asarray(values)]
    assert found == plain


def test_lists_are_no_variable_and_unknown_types_are_named() -> None:
    spend = pa.array([1.0, 2.0, 3.0])
    lists = pa.table({"spend": spend, "odd": pa.array([[1], [2], [3]])})
    assert profile_table(open_table(lists))["odd"].use == "ignore"
    months = pa.array([(1, 2, 3), None, (0, 1, 1)], pa.month_day_nano_interval())
    dictionary = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array([[1], [2]]))
    for odd in (months, dictionary):
        try:
            profile = profile_table(open_table(pa.table({"spend": spend, "odd": odd}), name="shop"))
            assert profile["odd"].use == "ignore"
        except DataError as error:
            assert "'odd'" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize("odd", [[1, "a", 2.0], [1j, 2j, 3j], [object(), object(), object()]])
def test_a_bad_column_leaves_the_users_own_session_alone(odd: list[object]) -> None:
    duckdb.sql("CREATE OR REPLACE TABLE mine_to_keep AS SELECT 1 AS x")
    with pytest.raises(DataError):
        open_table(pd.DataFrame({"x": pd.Series(odd, dtype=object)}), name="shop")
    assert duckdb.sql("SELECT x FROM mine_to_keep").fetchall() == [(1,)]
    assert collect(open_table(pa.table({"x": [1]})))["x"].to_pylist() == [1]
    duckdb.sql("DROP TABLE mine_to_keep")


@pytest.mark.parametrize("first", [0, 1])
def test_dates_and_times_in_one_column_keep_the_times(first: int) -> None:
    values = [date(2024, 1, 1), datetime(2024, 1, 2, 9, 30), None]
    values[0], values[first] = values[first], values[0]
    frame = pd.DataFrame({"when": values}, dtype=object)
    read = collect(open_table(frame))["when"].to_pylist()
    assert read == [v and datetime(v.year, v.month, v.day, getattr(v, "hour", 0),
                                   getattr(v, "minute", 0)) for v in values]  # fmt: skip


def test_dates_alone_stay_dates() -> None:
    frame = pd.DataFrame({"day": [date(2024, 1, 1), None]}, dtype=object)
    assert collect(open_table(frame))["day"].to_pylist() == [date(2024, 1, 1), None]


CELL = "Ada Lovelace"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1, 2, CELL], "several types, which cannot be stored together: int and str"),
        ([CELL, 2.5, None], "several types, which cannot be stored together: str and float"),
        ([{"n": 1}, {"n": CELL}], "of a type that is not read: dict"),
        ([2**70, 1], "whole numbers of over 64 bits"),
        (np.array([1 + 2j, 3]), "of a type that is not read: complex"),
        (np.array([1, 3], np.longdouble), "of a type that is not read: longdouble"),
    ],
)
def test_a_column_that_cannot_be_stored_is_named_and_none_of_its_cells(
    values: object, said: str
) -> None:
    kept = values if isinstance(values, np.ndarray) else pd.Series(values, dtype=object)
    frame = pd.DataFrame({"v": range(len(kept)), "odd": kept})
    with pytest.raises(DataError, match=f"column 'odd' holds .*{said}") as refused:
        open_table(frame)
    assert CELL not in str(refused.value)
    with pytest.raises(DataError, match="column 'odd' holds whole numbers of over 64 bits"):
        open_table(pl.DataFrame({"odd": [1, 2]}, schema={"odd": pl.Int128}))


@pytest.mark.parametrize(
    "table",
    [
        lambda: duckdb.sql(f"SELECT unnest(['1', '{CELL}'])::INT AS x"),
        lambda: duckdb.sql(f"SELECT unnest(['2024-01-01', '{CELL}'])::DATE AS x"),
        lambda: duckdb.sql("SELECT (1 + 99816 * i)::TINYINT AS x FROM range(2) t(i)"),
        lambda: duckdb.sql(f"SELECT (1 + 99816 * i) * {2**63 - 1} AS x FROM range(2) t(i)"),
        lambda: pl.LazyFrame({"x": ["1", CELL]}).select(pl.col("x").cast(pl.Int64)),
        lambda: pl.LazyFrame({"x": ["1", CELL]}).select(pl.col("x").str.to_date("%Y")),
    ],
)
def test_what_an_engine_could_not_convert_is_told_without_the_cell(table: object) -> None:
    with pytest.raises(SourceError, match="cannot be read") as refused:
        profile_table(open_table(table(), name="t"))
    assert "Ada" not in str(refused.value)
    assert "99817" not in str(refused.value)


@pytest.mark.parametrize(
    "said",
    [
        """Binder Error: No function matches '+(VARCHAR, INTEGER)'. You may need explicit casts""",
        """unable to find column "nope"; valid columns: ["x"]""",
        """IO Error: No files found that match the pattern "sales.parquet\"""",
    ],
)
def test_what_an_engine_says_of_names_stays(said: str) -> None:
    assert without_cells(said) == said
