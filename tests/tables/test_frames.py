"""What the other rooms do with tables: join, profile, evaluate rules."""

from __future__ import annotations

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest

from forwhom.documents.models import Rule
from forwhom.errors import ColumnMissing, DataError, OptionError
from forwhom.tables import (
    Column,
    collect,
    evaluate_rules,
    join_left,
    open_table,
    profile_table,
    table_of,
)
from forwhom.tables.engine import without_password
from forwhom.tables.frames import held, kinds
from forwhom.tables.rows import count_duplicates, first_rows

SALES = open_table(pa.table({"item": [1, 2, 9, None], "id": [1, 1, 2, 3]}), name="sales")
ITEMS = open_table(pa.table({"key": [1, 2], "kind": ["tea", "ink"]}), name="items")


def test_join_keeps_every_row() -> None:
    joined = join_left(SALES, ITEMS, on="item", right_on="key")
    assert joined.columns == ["item", "id", "kind"]
    rows = sorted(collect(joined).to_pylist(), key=lambda row: (row["id"], row["item"] or 0))
    assert [row["kind"] for row in rows] == ["tea", "ink", None, None]


def test_join_refuses_what_would_be_wrong() -> None:
    twice = open_table(pa.table({"key": [1, 1, 2]}), name="items")
    with pytest.raises(DataError, match="1 value of 'key' occurs more than once"):
        join_left(SALES, twice, on="item", right_on="key")
    text = open_table(pa.table({"key": ["1"]}), name="items")
    with pytest.raises(DataError, match="'item' is a number here, 'key' a text there"):
        join_left(SALES, text, on="item", right_on="key")
    with pytest.raises(ColumnMissing, match="no column 'item' in items"):
        join_left(SALES, ITEMS, on="item")


def test_profile_withholds_rare_levels_and_ids() -> None:
    cities = ["Rome"] * 30 + ["Oslo"] * 9 + ["Bern"] * 10
    ids = [f"c{i}" for i in range(49)]
    profile = profile_table(open_table(pa.table({"city": cities, "id": ids})))
    assert profile["city"].top == [("Rome", 30), ("Bern", 10)]
    assert profile["id"].top == []


def test_an_empty_table_has_no_profile() -> None:
    with pytest.raises(DataError, match="shop has no rows"):
        profile_table(open_table(pa.table({"a": pa.array([], pa.int64())}), name="shop"))


def test_profile_of_many_different_numbers() -> None:
    # More values than are counted one by one: the engine computes the quantiles.
    values = np.arange(250_000) / 7 + 1
    column = profile_table(open_table(pa.table({"spend": values})))["spend"]
    assert column.distinct == 250_000
    assert column.quantiles[0.25] == pytest.approx(np.quantile(values, 0.25))
    assert column.mean == pytest.approx(values.mean())
    assert column.sd == pytest.approx(values.std(ddof=1))
    assert column.measure == "continuous"


def test_infinity_does_not_hide_the_rest() -> None:
    values = np.arange(250_000) / 7 + 1
    values[5] = np.inf
    column = profile_table(open_table(pa.table({"spend": values})))["spend"]
    assert column.maximum == pytest.approx(249_999 / 7 + 1)
    assert np.isfinite([column.mean, column.sd]).all()


def test_a_table_shows_no_rows() -> None:
    assert "tea" not in repr(ITEMS)


# Rules

COLUMNS = {
    "visits": Column("visits", np.array([0.0, 5.0, 12.0, np.nan])),
    "city": Column("city", np.array([0, 1, -1, 0], dtype=np.int32), ("Rome", "Oslo")),
}


def test_the_first_rule_that_holds_decides() -> None:
    rules = [
        Rule(name="Regulars", when="visits >= 10"),
        Rule(name="Romans", when="city = 'Rome'"),
        Rule(name="Guests", when="visits >= 0"),
    ]
    assert evaluate_rules(COLUMNS, rules).tolist() == [1, 2, 0, 1]
    assert evaluate_rules(COLUMNS, rules[:1]).tolist() == [1, 1, 0, 1]
    assert evaluate_rules(COLUMNS, rules).dtype == np.int32


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("visit > 3", "Did you mean 'visits'"),
        ("visits >", "'visits >' is wrong"),
        ("visits", "gives a double, not yes or no"),
        ("1; DROP TABLE x", "is wrong"),
        ("EXISTS (FROM read_csv('/etc/passwd'))", "is wrong"),
        ("", "is wrong"),
    ],
)
def test_wrong_conditions_are_refused(when: str, message: str) -> None:
    with pytest.raises(OptionError, match=message) as caught:
        evaluate_rules(COLUMNS, [Rule(name="Some", when=when)])
    assert "rule 'Some'" in str(caught.value)


def test_passwords_are_hidden() -> None:
    assert without_password("password='a b\\'c' host=x") == "password=*** host=x"
    assert "s3cret" not in without_password("at postgresql://ann:s3cret@host:5432/db failed")


def test_rows_picked_from_a_pandas_frame_are_a_table_without_its_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "z"]})
    table = open_table(frame.iloc[[2, 0]])
    assert table.frame.collect().to_dict(as_series=False) == {"a": [3.0, 1.0], "b": ["z", "x"]}


def test_a_rule_that_makes_several_rows_of_one_is_refused() -> None:
    with pytest.raises(OptionError, match=r"rule 'Twice'.*answers for 4 rows"):
        evaluate_rules(COLUMNS, [Rule(name="Twice", when="unnest([true, false])")])


def test_a_column_named_star_is_a_column_and_not_all_of_them() -> None:
    table = open_table(pa.table({"*": ["a", "b"], "x": [1, 2]}))
    assert table.columns == ["star", "x"]
    assert any("'*' is 'star'" in note for note in table.notes)
    assert collect(table)["star"].to_pylist() == ["a", "b"]


def test_rows_that_repeat_and_rows_that_are_odd() -> None:
    rows = table_of(pa.table({"a": [1, 1, 2], "b": ["x", "x", "y"]}))
    assert count_duplicates(rows) == 1
    assert kinds(rows) == {"a": "number", "b": "text"}
    days = table_of(pa.table({"day": ["2024-01-05", "soon", "later"]}))
    assert (
        first_rows(days.frame, nw.col("day") > "a", "day", name="t")
        == "row 2, 3, written like 'aaaa'"
    )


def test_what_is_held_is_stored() -> None:
    assert held(table_of(duckdb.sql("FROM range(3)"))).stored


def test_a_profile_shows_itself_as_a_table_in_notebooks() -> None:
    rows = pa.table({"spend": [0.0, 9.5, None] * 10, "<b>": ["Rome"] * 30})
    shown = profile_table(open_table(rows, name="shop & co"))._repr_html_()
    assert "<caption>shop &amp; co: 30 rows, 2 columns</caption>" in shown
    assert shown.count("<tr>") == 3
    assert "<th scope='row'>spend</th><td>number</td><td>33%</td><td>2</td><td>0 to 9.5" in shown
    assert "<th scope='row'>&lt;b&gt;</th>" in shown
    assert "<td>Rome</td>" in shown
