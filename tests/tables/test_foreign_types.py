"""Whatever is given as a table is read, or refused by an error of forwhom; the session goes on."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

import forwhom as fw
from forwhom.errors import DataError, DataTypeError, ForwhomError

N = 30
BASE: dict[str, Any] = {"visits": np.arange(N) % 7, "spend": np.arange(N) * 1.5}
FRAME = pd.DataFrame(BASE)


def arrow(values: pa.Array) -> pa.Table:
    return pa.table(BASE).append_column("z", values)


def extension(kind: pa.DataType, storage: pa.DataType) -> pa.Array:
    return pa.ExtensionArray.from_storage(kind, pa.array([1] * N, storage))


ARROW = {
    "float16": pa.array(np.arange(N, dtype=np.float16)),
    "decimal256": pa.array([decimal.Decimal("1.5")] * N, pa.decimal256(50, 2)),
    "decimal32": pa.array([decimal.Decimal("1.5")] * N, pa.decimal32(5, 2)),
    "runs": pa.RunEndEncodedArray.from_arrays([N], [1]),
    "view": pa.array(["a"] * N, pa.string_view()),
    "bool8": extension(pa.bool8(), pa.int8()),
    "opaque": extension(pa.opaque(pa.int8(), "x", "y"), pa.int8()),
    "month_day_nano": pa.array([(1, 2, 3)] * N, pa.month_day_nano_interval()),
    "list": pa.array([[1]] * N),
    "list_of_halves": pa.array([[np.float16(1)]] * N, pa.list_(pa.float16())),
    "list_view": pa.array([[1]] * N, pa.list_view(pa.int64())),
    "struct": pa.array([{"a": 1}] * N),
    "map": pa.array([[("a", 1)]] * N, pa.map_(pa.string(), pa.int64())),
    "union": pa.UnionArray.from_dense(
        pa.array([0] * N, pa.int8()), pa.array(range(N), pa.int32()), [pa.array(range(N))]
    ),
    "binary": pa.array([b"\xff"] * N),
    "null": pa.nulls(N),
    "time": pa.array([dt.time(1, 2)] * N),
    "duration": pa.array([1] * N, pa.duration("s")),
    "nowhere": pa.array([1] * N, pa.timestamp("us", "Mars/X")),
    "dictionary": pa.array([1] * N).dictionary_encode(),
    "far": pa.array([2**62] * N, pa.timestamp("s")),
}
PANDAS = {
    "sparse": FRAME.visits.astype(pd.SparseDtype("int64", 0)),
    "interval": pd.cut(FRAME.spend, 3),
    "period": pd.period_range("2020", periods=N, freq="M"),
    "object": [object()] * N,
    "complex": np.ones(N) * 1j,
    "huge": [10**40] * N,
    "sets": [{1}] * N,
    "mixed": [1, "a"] * (N // 2),
    "tuples": pd.Categorical([(1, 2)] * N),
    "zones": [dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2020, 1, 1)] * (N // 2),
    "long double": np.ones(N, np.longdouble),
}
OTHERS: dict[str, Any] = {
    "twice": pd.concat([FRAME, FRAME], axis=1),
    "long name": FRAME.assign(**{"x" * 200_000: 1.0}),
    "no columns": FRAME[[]],
    "no rows": FRAME.iloc[:0],
    "numbers": FRAME.set_axis([0, 1], axis=1),
    "no name": FRAME.set_axis([None, "a"], axis=1),
    "star": FRAME.set_axis(["*", "a"], axis=1),
    "two keys": FRAME.set_index([FRAME.visits, FRAME.spend]),
    "objects": pl.DataFrame({"a": [object()] * N, "b": BASE["visits"]}),
    "gone": pl.DataFrame(BASE).lazy().with_columns(pl.col("gone")),
    "int128": pl.DataFrame(BASE).with_columns(pl.col("visits").cast(pl.Int128)),
    "nothing": None,
    "number": 3,
    "series": FRAME.spend,
    "matrix": sparse.csr_matrix(FRAME.to_numpy()),
}
ODD = (
    {name: arrow(values) for name, values in ARROW.items()}
    | {f"pandas {name}": FRAME.assign(z=values) for name, values in PANDAS.items()}
    | OTHERS
)


@pytest.mark.parametrize("name", ODD)
def test_every_error_of_a_table_is_one_of_ours(name: str) -> None:
    given = ODD[name]
    with contextlib.suppress(ForwhomError):
        fw.profile_table(fw.open_table(given))
    with contextlib.suppress(ForwhomError):
        fw.draft_study(given)
    assert len(fw.profile_table(fw.open_table(FRAME)).columns) == 2  # whatever failed before


@pytest.mark.parametrize(
    ("name", "value"), [("float16", 1.0), ("decimal256", 1.5), ("runs", 1), ("view", "a")]
)
def test_types_that_engines_do_not_know_keep_their_values(name: str, value: object) -> None:
    table = fw.open_table(arrow(ARROW[name]))
    assert table.frame.collect().to_arrow()["z"][1].as_py() == value


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("month_day_nano", "column 'z' is of the type month_day_nano_interval, which is no kind"),
        ("opaque", "column 'z' is of the type extension<arrow.opaque"),
        ("list_of_halves", "column 'z' is of the type list<item: halffloat>"),
        ("long name", "the name of column 3 has 200,000 characters"),
        ("no columns", "has no columns"),
        ("twice", "several columns have the same name"),
        ("gone", "cannot be read: unable to find column"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(name: str, said: str) -> None:
    with pytest.raises(ForwhomError) as caught:
        fw.open_table(ODD[name])
    assert said in str(caught.value)


def test_a_profile_is_that_of_a_table() -> None:
    with pytest.raises(ForwhomError, match=r"A table was expected.*forwhom\.open_table"):
        fw.profile_table(FRAME)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (sparse.csr_matrix(FRAME.to_numpy()), DataTypeError),
        (np.array([[object(), 1]] * 5), DataTypeError),
        (FRAME.set_axis([None, "a"], axis=1), DataTypeError),
        (np.ones(5), DataError),
        (np.ones((5, 2, 2)), DataError),
        (np.full((20, 2), np.inf), DataError),
        (np.ones((5, 2)) * 1j, DataError),
        (FRAME.spend, DataError),
        (None, DataError),
        ("nope", DataError),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_the_estimator_cannot_take_is_an_error_of_ours(given: Any, kind: type) -> None:
    with pytest.raises(kind):
        fw.LatentSegments(2, n_starts=2).fit(given)


@pytest.mark.parametrize("weights", [["a"] * N, [1.0], [[1.0, 2.0]] * N, [np.nan] * N])
def test_weights_that_are_none_are_an_error_of_ours(weights: Any) -> None:
    with pytest.raises(ForwhomError):
        fw.LatentSegments(1, n_starts=2, numbers="measured").fit(FRAME, sample_weight=weights)
