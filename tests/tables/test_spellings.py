"""A level is recognized however an engine prints its type and however hands write it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from forwhom.tables import collect_columns, open_table
from forwhom.tables.spellings import spellings


@pytest.mark.parametrize(
    ("levels", "same"),
    [
        (["false", "true"], [["FALSE", "0", "0.00", "f", "no", "N", "nein", " off "],
                             ["True", "1", "1.0", "t", "Yes", "y", "oui", "-1"]]),
        (["0", "1"], [["false", "f", "00", "0.0"], ["true", "t", "1.000000", "01"]]),
        (["No", "Yes", "Don't know"], [["false", "0"], ["TRUE", "1"], ["don't know "]]),
        (["Ja", "Nein"], [["true", "1", "yes"], ["false", "0", "no"]]),
        (["1", "2", "10"], [["01", "1.00", "001"], ["2.0", "2."], ["10.00", "10"]]),
        (["01", "02", "10"], [["1", "1.0"], ["2", "002"], ["10", "10.000"]]),
        (["0.5", "1.25"], [[".5", "0.50", "0.5000000000"], ["1.250", "01.25"]]),
        (["-1", "-0.5", "0"], [["-1.00"], ["-.5", "-0.50"], ["0.0", "000", "0.00"]]),
        (["12345678", "3e5"], [["1.2345678E7", "1.2345678e+07", "12345678.0"], []]),
        (["10000000000000000"], [["1e+16", "1.0E16", "1.0e+16"]]),
        (["free", "Basic", "PRO "], [["Free", " free"], ["basic", "BASIC  "], ["pro"]]),
        (["München", "ÄGYPTEN"], [["MÜNCHEN"], ["ägypten", "Ägypten"]]),
        (["2024-01-31", "2024-02-01"],
         [["2024-01-31 00:00:00", "2024-01-31T00:00:00", "2024-01-31 00:00:00.000000",
           "2024-01-31 00:00:00+00"], ["2024-02-01 00:00:00.0000000"]]),
        (["2024-01-31T08:30:00"], [["2024-01-31 08:30:00", "2024-01-31 08:30:00.000000"]]),
        (["2024-01-31T00:00:00"], [["2024-01-31"]]),
    ],
)  # fmt: skip
def test_one_level_is_written_in_many_ways(levels: list[str], same: list[list[str]]) -> None:
    ways = spellings(levels)
    for code, (level, written) in enumerate(zip(levels, same, strict=True)):
        assert [ways.code(one) for one in (level, *written)] == [code] * (1 + len(written))


@pytest.mark.parametrize(
    ("levels", "others"),
    [
        (["false", "true"], ["2", "", "maybe", "10", "tr"]),
        (["1", "2"], ["true", "yes", "0", "11", "1.5", "one"]),  # 1 and 2 are no yes and no
        (["0", "1", "2"], ["true", "false"]),
        (["f", "m"], ["false", "0"]),
        (["f", "m", "t"], ["true", "false", "1"]),
        (["Yes", "yes"], ["YES", " yes", "1"]),  # apart here, so apart everywhere
        (["1", "01"], ["1.0", "001"]),
        (["a.b", "a"], ["a.", "a.b0"]),
        (["2024-01-31"], ["2024-01-31 10:00:00", "2024-01-30"]),
    ],
)
def test_what_may_be_another_level_is_not_taken(levels: list[str], others: list[str]) -> None:
    assert [spellings(levels).code(other) for other in others] == [-1] * len(others)


def test_levels_that_differ_in_little_stay_apart() -> None:
    for levels in (["Yes", "yes", "YES"], ["1", "01", "1.0"], ["a", "a "], ["0.10", "0.1"]):
        assert [spellings(levels).code(level) for level in levels] == list(range(len(levels)))


FLAGS = [True, False, True]
CODES = [1, 2, 10]


@pytest.mark.parametrize(
    ("levels", "values", "codes"),
    [
        (["false", "true"], pa.array(FLAGS), [1, 0, 1]),
        (["false", "true"], pa.array([1, 0, 1], pa.int8()), [1, 0, 1]),
        (["false", "true"], pa.array([1.0, 0.0, 1.0]), [1, 0, 1]),
        (["false", "true"], pa.array(["t", "f", "t"]), [1, 0, 1]),
        (["No", "Yes"], pa.array(FLAGS), [1, 0, 1]),
        (["0", "1"], pa.array(FLAGS), [1, 0, 1]),
        (["1", "2", "10"], pa.array(CODES, pa.uint8()), [0, 1, 2]),
        (["1", "2", "10"], pa.array(CODES, pa.float32()), [0, 1, 2]),
        (["1", "2", "10"], pa.array(map(Decimal, ("1.00", "2.00", "10.00"))), [0, 1, 2]),
        (["1", "2", "10"], pa.array(["01", "02", "10"]), [0, 1, 2]),
        (["01", "02", "10"], pa.array(CODES), [0, 1, 2]),
        (["0.1", "0.2", "0.3"], pa.array([0.1, 0.2, 0.3], pa.float32()), [0, 1, 2]),
        (["a", "b"], pa.array(["A", "b ", None]).dictionary_encode(), [0, 1, -1]),
        (["2024-01-01", "2024-01-02"], pa.array([date(2024, 1, 1), date(2024, 1, 2)]), [0, 1]),
        (["2024-01-01", "2024-01-02"],
         pa.array([datetime(2024, 1, 1), datetime(2024, 1, 2)]), [0, 1]),
    ],
)  # fmt: skip
def test_columns_of_every_type_meet_their_levels(
    levels: list[str], values: pa.Array, codes: list[int]
) -> None:
    table = open_table(pa.table({"x": values}), name="shop")
    _, columns = collect_columns(table, {"x": "nominal"}, levels={"x": levels})
    assert columns["x"].values.tolist() == codes
    assert columns["x"].unseen == {}


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(CODES).astype("category"),
        pd.Series(CODES).astype("Int64"),
        pd.Series([1.0, 2.0, 10.0]),
        pd.Series(CODES, dtype=object),
        pd.Series(["1", "2", "10"]).astype("category"),
    ],
)
def test_columns_of_pandas_meet_their_levels(values: pd.Series) -> None:
    table = open_table(pd.DataFrame({"x": values}), name="shop")
    _, columns = collect_columns(table, {"x": "nominal"}, levels={"x": ["1", "2", "10"]})
    np.testing.assert_array_equal(columns["x"].values, [0, 1, 2])
