"""Numbers that say "never" become a yes or no, and a number among those with any."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw

pytestmark = pytest.mark.usefixtures("swift")


def bank(code: int = -1, share: float = 0.8, column: str = "pdays", n: int = 1_000) -> pa.Table:
    """Customers of whom most were never called before."""
    rng = np.random.default_rng(3)
    loyal = np.arange(n) % 5 < 2
    never = rng.random(n) < np.where(loyal, share - 0.2, share + 0.13)
    days = np.where(never, code, rng.integers(1, 300, n))
    return pa.table(
        {
            "customer": [f"c{i:04}" for i in range(n)],
            column: days,
            "balance": np.round(rng.lognormal(np.where(loyal, 8, 6), 0.5), 2),
            "calls": rng.poisson(np.where(loyal, 9, 2)),
        }
    )


@pytest.fixture(scope="module")
def found() -> fw.Result:
    return fw.discover(bank(), k=2, n_starts=2, stability=0)


@pytest.mark.parametrize("code", [-1, 999])
def test_a_number_that_most_have_says_never(code: int) -> None:
    draft = fw.draft_study(bank(code))
    assert draft.study.customers.never == {"pdays": [code]}
    assert f"pdays: {code} says never, for 81%" in " ".join(draft.notes)
    assert draft.study.variables["pdays: ever"].measure == "binary"
    assert f"never: {{pdays: [{code}]}}" in draft.text


@pytest.mark.parametrize(
    ("share", "column", "never"),
    [(0.25, "pdays", True), (0.25, "score", False), (0.7, "score", True)],
)
def test_less_counts_where_the_name_speaks_of_time(share: float, column: str, never: bool) -> None:
    study = fw.draft_study(bank(share=share, column=column)).study
    assert (column in study.customers.never) is never


def test_both_parts_describe_the_segments(found: fw.Result) -> None:
    variables = {v.name: v for v in found.segmentation.variables}
    assert variables["pdays: ever"].missing == 0.0
    assert variables["pdays"].missing == pytest.approx(0.8, abs=0.03)
    first, second = found.segmentation.segments
    told = {one.variable: one for one in first.profile}
    assert {"pdays", "pdays: ever"} <= told.keys()
    assert any(d.variable == "pdays: ever" for s in (first, second) for d in s.distinctions)


def segments(table: pa.Table) -> dict[str, int]:
    return dict(zip(table["customer"].to_pylist(), table["segment"].to_pylist(), strict=True))


def test_new_customers_are_placed_alike_here_and_in_sql(found: fw.Result) -> None:
    assert segments(fw.score(found.segmentation, bank()).table) == segments(found.members)
    with duckdb.connect() as connection:
        connection.register("bank", bank())
        query = fw.scoring_sql(found.segmentation, "bank")
        assert segments(connection.sql(query).to_arrow_table()) == segments(found.members)


def test_a_column_with_a_number_for_never_that_is_missing_is_named(found: fw.Result) -> None:
    lacking = bank().drop_columns(["pdays"])
    told = fw.score(found.segmentation, lacking)
    assert any("not in the new data" in note and "pdays" in note for note in told.notes)
    with duckdb.connect() as connection:
        connection.register("bank", lacking)
        query = fw.scoring_sql(found.segmentation, "bank")
        with pytest.raises(duckdb.BinderException, match='not have a column named "pdays"'):
            connection.sql(query)


@pytest.mark.parametrize(
    ("never", "words"),
    [
        ("{pdays: []}", ("study.yaml:2", "pdays")),
        ("{customer: [-1]}", ("study.yaml:2", "identifies the customer")),
        ("{town: [-1]}", ("bank.csv", "'town'", "holds no numbers")),
    ],
)
def test_what_cannot_say_never_is_refused(never: str, words: tuple[str], tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(
        f"forwhom: 1\ncustomers: {{table: bank.csv, id: customer, never: {never}}}\n"
    )
    (tmp_path / "bank.csv").write_text("customer,pdays,town\na,-1,Bonn\nb,3,Kiel\n")
    with pytest.raises(fw.ForwhomError) as caught:
        fw.discover(tmp_path / "study.yaml")
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_column_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(
        "forwhom: 1\ncustomers: {table: bank.csv, never: {pdas: [-1]}}\n"
    )
    (tmp_path / "bank.csv").write_text("customer,pdays\na,-1\nb,3\n")
    with pytest.raises(fw.ForwhomError, match="pdas") as caught:
        fw.discover(tmp_path / "study.yaml")
    assert "pdays" in str(caught.value) + str(caught.value.advice)
