"""Codes for no answer are noticed where they stand apart, and only there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.tables import open_table, profile_table

N = 600
RNG = np.random.default_rng(5)
FEW = RNG.random(N) < 0.06


def found(values: object, name: str = "x") -> tuple[str, ...]:
    return profile_table(open_table(pa.table({name: values})))[name].missing_codes


@pytest.mark.parametrize("code", [9, 99, 999, -1, -9, -99, -999])
@pytest.mark.parametrize("scale", [(1, 5), (1, 7), (1, 4), (0, 4), (1, 3)])
def test_a_code_beside_a_scale(code: int, scale: tuple[int, int]) -> None:
    values = np.where(FEW, code, RNG.integers(scale[0], scale[1] + 1, N))
    table = open_table(pa.table({"sat1": values}))
    column = profile_table(table)["sat1"]
    assert column.missing_codes == (str(code),)
    assert column.measure == "ordinal"
    assert column.levels == tuple(str(v) for v in range(scale[0], scale[1] + 1))
    assert f"{code} stands for no answer" in column.why
    assert column.missing == pytest.approx(FEW.mean())


def test_several_codes_and_measurements() -> None:
    values = RNG.integers(1, 6, N)
    values[::20], values[1::30] = 98, 99
    assert found(values) == ("98", "99")
    children = RNG.integers(0, 4, N)
    children[::20], children[1], children[2::30] = 97, 98, 99
    assert found(children, "children") == ("97", "98", "99")
    children[children > 96] = 0
    children[1] = 99
    assert found(children, "children") == ()
    assert found(np.where(FEW, 999, RNG.integers(18, 81, N)), "age") == ("999",)
    assert found(np.where(FEW, -99, RNG.integers(18, 81, N)), "age") == ("-99",)
    assert found(np.where(FEW, -999.0, RNG.lognormal(3, 1, N)), "spend") == ("-999",)
    assert found(np.where(RNG.random(N) < 0.8, -1, RNG.integers(1, 400, N)), "pdays") == ("-1",)
    assert found(np.where(RNG.random(N) < 0.9, 999, RNG.integers(0, 28, N)), "pdays") == ("999",)
    assert found(np.where(FEW, 9, RNG.integers(0, 2, N))) == ("9",)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", RNG.integers(-2, 3, N)),
        ("x", RNG.integers(-1, 2, N)),
        ("x", RNG.integers(-3, 4, N)),
        ("x", RNG.integers(1, 10, N)),
        ("x", RNG.integers(0, 11, N)),
        ("visits", RNG.poisson(3, N)),
        ("age", RNG.integers(18, 100, N)),
        ("score", RNG.integers(0, 100, N)),
        ("balance", np.round(RNG.normal(0, 50, N))),
        ("region", np.where(FEW, 9, RNG.integers(1, 6, N))),
        ("spend", np.round(RNG.lognormal(4, 1, N))),
        ("wait", RNG.geometric(0.4, N)),
    ],
)
def test_numbers_that_are_answers(name: str, values: object) -> None:
    assert found(values, name) == ()


def test_where_every_number_is_an_answer() -> None:
    table = open_table(pa.table({"x": np.where(FEW, 99, RNG.integers(1, 6, N))}))
    assert profile_table(table, answered={"x"})["x"].missing_codes == ()
