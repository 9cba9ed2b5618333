"""The index of a data frame, saved or not, names the rows: it may be an id, and is no variable."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forwhom.errors import DataError
from forwhom.mixture.estimator import LatentSegments
from forwhom.tables import open_table, profile_table

N = 60
RNG = np.random.default_rng(4)
FRAME = pd.DataFrame(
    {"visits": RNG.poisson(np.where(np.arange(N) % 3, 2, 12)), "spend": RNG.gamma(2.0, 9.0, N)}
)
GAPS = np.sort(RNG.permutation(5 * N)[:N])


def named(values: object, name: str = "customer_id") -> pd.DataFrame:
    return FRAME.set_axis(pd.Index(values, name=name))


def fit(frame: object) -> LatentSegments:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return LatentSegments(2, n_starts=3, random_state=0).fit(frame)


@pytest.mark.parametrize(
    "index",
    [
        pd.Index(GAPS, name="customer_id"),
        pd.RangeIndex(1, N + 1, name="customer_id"),
        pd.Index([f"C{i}" for i in range(N)], name="customer_id"),
        pd.date_range("2024-01-01", periods=N, name="day"),
        pd.Index(GAPS * 1.5, name="visits"),  # named as a column
        pd.MultiIndex.from_arrays([["DE", "FR"] * (N // 2), GAPS], names=["country", "id"]),
        pd.MultiIndex.from_arrays([["DE", "FR"] * (N // 2), GAPS]),
        pd.CategoricalIndex(["a", "b"] * (N // 2), name="group"),
        pd.interval_range(0, N, name="band"),
    ],
)
def test_the_estimator_does_not_see_the_index(index: pd.Index) -> None:
    plain, indexed = fit(FRAME), fit(FRAME.set_axis(index))
    assert indexed.measures_ == plain.measures_
    assert list(indexed.feature_names_in_) == ["visits", "spend"]
    np.testing.assert_array_equal(indexed.labels_, plain.labels_)
    np.testing.assert_array_equal(indexed.predict(FRAME), plain.labels_)


def test_the_index_can_be_the_id_and_is_said() -> None:
    profile = profile_table(open_table(named(GAPS), name="shop"))
    assert profile["customer_id"].use == "id"
    assert profile.notes == (
        "shop: the index of the frame, 'customer_id', is a column here; it can be the id.",
    )


@pytest.mark.parametrize(
    ("values", "use"),
    [
        (GAPS, "id"),
        (GAPS[::-1], "id"),
        ([f"region {i}" for i in range(N)], "id"),
        (GAPS * 1.5, "ignore"),  # no ids
        (np.arange(N) // 4, "ignore"),  # several rows each
        (["DE", "FR"] * (N // 2), "ignore"),
        (np.arange(N) % 2 == 0, "ignore"),
    ],
)
def test_an_index_is_never_a_variable(values: object, use: str) -> None:
    column = profile_table(open_table(named(values, "key")))["key"]
    assert (column.use, column.measure) == (use, None)


def test_two_keys_are_columns_and_said() -> None:
    index = pd.MultiIndex.from_arrays([["DE", "FR"] * (N // 2), GAPS], names=["country", "nr"])
    profile = profile_table(open_table(FRAME.set_axis(index), name="shop"))
    assert [(c.name, c.use) for c in profile.columns[:2]] == [("country", "ignore"), ("nr", "id")]
    assert "the index of the frame has 2 keys, 'country' and 'nr'" in profile.notes[0]
    unnamed = open_table(FRAME.set_axis(index.set_names([None, None])), name="shop")
    assert unnamed.columns == ["visits", "spend"]
    assert "the index has 2 keys without names" in unnamed.notes[0]


def test_an_index_called_as_a_column_is_refused_unless_it_is_the_same() -> None:
    frame = named(GAPS).assign(customer_id=1.5)
    with pytest.raises(DataError, match=r"index of the frame is called 'customer_id'.*Rename"):
        open_table(frame)
    same = open_table(named(GAPS).assign(customer_id=GAPS))
    assert same.columns == ["visits", "spend", "customer_id"]


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_saved_index_is_an_id(tmp_path: Path, shuffled: bool) -> None:
    frame = FRAME.set_axis(GAPS)
    frame = frame.sample(frac=1, random_state=0) if shuffled else frame
    frame.to_csv(tmp_path / "t.csv")
    frame.to_csv(tmp_path / "t.tsv", sep="\t")
    frame.to_parquet(tmp_path / "t.parquet")
    again = pd.read_csv(tmp_path / "t.csv")
    again.to_csv(tmp_path / "twice.csv")
    for source in ("t.csv", "t.tsv", "t.parquet", "twice.csv"):
        columns = profile_table(open_table(tmp_path / source)).columns
        found = {c.name: c.use for c in columns}
        assert found.pop("visits") == found.pop("spend") == "active"
        assert set(found.values()) == {"id"}, (source, found)
    assert profile_table(open_table(again))["Unnamed: 0"].use == "id"


def test_a_named_index_in_parquet_is_told_by_pandas(tmp_path: Path) -> None:
    named(np.arange(N) // 4, "k").to_parquet(tmp_path / "t.parquet")
    for table in (
        open_table(tmp_path / "t.parquet"),
        open_table(pq.read_table(tmp_path / "t.parquet")),
    ):
        assert profile_table(table)["k"].use == "ignore"


def test_row_numbers_of_two_tables_together_are_no_variable(tmp_path: Path) -> None:
    pd.concat([FRAME, FRAME]).to_csv(tmp_path / "t.csv")
    assert profile_table(open_table(tmp_path / "t.csv"))["row"].use == "ignore"


def test_whole_numbers_in_the_order_of_rows_number_them() -> None:
    def use(name: str, values: np.ndarray, *, first: bool = True) -> str:
        columns = {name: values, "spend": FRAME["spend"]}
        table = pa.table(columns if first else dict(reversed(columns.items())))
        return profile_table(open_table(table))[name].use

    assert use("nummer", GAPS) == use("nummer", GAPS, first=False) == "id"
    assert use("index", RNG.permutation(GAPS)) == "id"
    assert use("thing", RNG.permutation(GAPS)) == "active"  # nothing says that they are ids
    assert use("visits", GAPS) == "active"  # a table in the order of its visits
