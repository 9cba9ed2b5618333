"""The SQL recognizes levels in a column of any type, as the library does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot

from forwhom.documents.fitting import Fit
from forwhom.documents.items import CategoricalItem, GaussianItem
from forwhom.documents.models import MixtureModel, Model, Novelty, Rule, RulesModel
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.mixture.scoring import novelty_reference, score
from forwhom.mixture.sql import scoring_sql, sql_dialects
from forwhom.tables import collect_columns, open_table

BOOLEANS = ["true", "false", "NULL", "true"]
CODES = ["1", "2", "10", "NULL"]
EVERYWHERE = [
    (["false", "true"], "BOOLEAN", BOOLEANS),
    (["No", "Yes"], "BOOLEAN", BOOLEANS),
    (["0", "1"], "BOOLEAN", BOOLEANS),
    (["false", "true"], "INTEGER", ["1", "0", "NULL", "1"]),
    (["false", "true"], "SMALLINT", ["1", "0", "NULL", "1"]),
    (["false", "true"], "DECIMAL(10,2)", ["1", "0", "NULL", "1"]),
    (["false", "true"], "VARCHAR", ["'t'", "'f'", "''", "'Yes'"]),
    (["No", "Yes"], "CHAR(5)", ["'yes'", "'NO'", "NULL", "'y'"]),
    (["1", "2", "10"], "INTEGER", CODES),
    (["1", "2", "10"], "BIGINT", CODES),
    (["1", "2", "10"], "DOUBLE PRECISION", CODES),
    (["1", "2", "10"], "REAL", CODES),
    (["1", "2", "10"], "DECIMAL(10,2)", CODES),
    (["1", "2", "10"], "DECIMAL(18,9)", CODES),
    (["1", "2", "10"], "VARCHAR", ["'01'", "'2'", "'10.0'", "' '"]),
    (["01", "02", "10"], "INTEGER", CODES),
    (["0", "1", "2"], "DECIMAL(4,1)", ["0", "1", "2", "7"]),
    (["0.1", "0.25", "-0.5"], "DECIMAL(6,3)", ["0.1", "0.25", "-0.5", "0"]),
    (["0.1", "0.25", "-0.5"], "REAL", ["0.1", "0.25", "-0.5", "NULL"]),
    (["12345678", "20000000"], "DOUBLE PRECISION", ["12345678", "20000000", "1", "NULL"]),
    (["10000000000000000", "3"], "DOUBLE PRECISION", ["1e16", "3", "4", "NULL"]),
    (["9007199254740993", "3"], "BIGINT", ["9007199254740993", "3", "4", "NULL"]),
    (["free", "Pro plan"], "VARCHAR", ["'Free '", "'PRO PLAN'", "'gratis'", "NULL"]),
    (["Yes", "yes"], "VARCHAR", ["'Yes'", "'yes'", "'YES'", "NULL"]),
]
TYPED = [
    *EVERYWHERE,
    (["2024-01-31", "2024-02-01"], "DATE", ["'2024-01-31'", "'2024-02-01'", "NULL"]),
    (["2024-01-31", "2024-02-01"], "TIMESTAMP", ["'2024-01-31'", "'2024-02-01'", "NULL"]),
    (["2024-01-31T08:30:00", "2024-02-01T00:00:00"], "TIMESTAMP",
     ["'2024-01-31 08:30:00'", "'2024-02-01'", "NULL"]),
]  # fmt: skip
OF_DUCKDB = [
    (["false", "true"], "TINYINT", ["1", "0", "NULL"]),
    (["false", "true"], "UTINYINT", ["1", "0", "NULL"]),
    (["1", "2", "10"], "HUGEINT", CODES),
    (["1", "2", "10"], "ENUM ('1', '2', '10')", ["'1'", "'2'", "'10'", "NULL"]),
    (["free", "Pro plan"], "ENUM ('FREE', 'pro plan')", ["'FREE'", "'pro plan'", "NULL"]),
]


def model(levels: Sequence[str]) -> MixtureModel:
    """Two segments that prefer the first and the last level, and differ a little in a number."""
    p = np.linspace(1.0, 9.0, len(levels))
    items = [
        CategoricalItem(
            variable="x",
            levels=list(levels),
            probabilities=[(p / p.sum()).tolist(), (p[::-1] / p.sum()).tolist()],
        ),
        GaussianItem(variable="v", means=[0.0, 1.0], sds=[2.0, 2.0]),
    ]
    weights = [0.4, 0.6]
    _, centers, spreads = novelty_reference(weights, items)
    novelty = Novelty(threshold=-9.0, centers=centers.tolist(), spreads=spreads.tolist())
    return MixtureModel(weights=weights, items=items, novelty=novelty)


def segmentation(model: Model, levels: Sequence[str]) -> Segmentation:
    x = Variable(name="x", label="x", measure="nominal", use="active", levels=list(levels))
    return Segmentation(
        created="2024-01-01T00:00:00Z", version="0", id_column="id", n=1, variables=[x],
        model=model, fit=Fit(method=model.kind, seed=0), segments=[], overlap=[],
    )  # fmt: skip


def filling(kind: str, values: Sequence[str]) -> list[str]:
    rows = ", ".join(f"({i}, {value}, 0.5)" for i, value in enumerate(values))
    return [
        f"CREATE TABLE customers (id INTEGER, x {kind}, v DOUBLE PRECISION)",
        f"INSERT INTO customers VALUES {rows}",
    ]


def expected(levels: Sequence[str], kind: str, values: Sequence[str]) -> np.ndarray:
    return of_library(tuple(levels), kind, tuple(values))


@cache
def of_library(levels: tuple[str, ...], kind: str, values: tuple[str, ...]) -> np.ndarray:
    """Probabilities and fit as the library gives them, and the share of unmatched answers."""
    with duckdb.connect() as session:
        for step in filling(kind, values):
            session.execute(step)
        table = open_table(session.table("customers"), name="customers")
        measures = {"x": "nominal", "v": "continuous"}
        _, columns = collect_columns(table, measures, id_column="id", levels={"x": levels})
    scores = score(model(levels), columns)
    answered = np.array([value not in ("NULL", "''", "' '") for value in values])
    unmatched = answered & columns["x"].missing
    return np.column_stack([scores.probabilities, scores.fit, unmatched])


def assert_same(rows: Sequence[Sequence[object]], expected: np.ndarray) -> None:
    found = np.array(rows, dtype=np.float64)
    found = found[np.argsort(found[:, 0])]
    np.testing.assert_allclose(found[:, [2, 3, 5, 6]], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("levels", "kind", "values"), [*TYPED, *OF_DUCKDB])
def test_the_library_knows_the_levels(levels: list[str], kind: str, values: list[str]) -> None:
    assert not expected(levels, kind, values)[:2, -1].any()


@pytest.mark.parametrize(("levels", "kind", "values"), [*TYPED, *OF_DUCKDB])
def test_duckdb(levels: list[str], kind: str, values: list[str]) -> None:
    with duckdb.connect() as session:
        for step in filling(kind, values):
            session.execute(step)
        rows = session.sql(scoring_sql(segmentation(model(levels), levels), "customers")).fetchall()
    assert_same(rows, expected(levels, kind, values))


@pytest.mark.parametrize(("levels", "kind", "values"), EVERYWHERE)
def test_sqlite(levels: list[str], kind: str, values: list[str]) -> None:
    session = sqlite3.connect(":memory:")
    for step in filling(kind, values):
        session.execute(step)
    sql = scoring_sql(segmentation(model(levels), levels), "customers", dialect="sqlite")
    rows = session.execute(sql).fetchall()
    session.close()
    assert_same(rows, expected(levels, kind, values))


def test_postgres(ask_postgres: Callable[[str], list[list[str]]]) -> None:
    for levels, kind, values in TYPED:
        sql = scoring_sql(segmentation(model(levels), levels), "customers", dialect="postgres")
        steps = ["DROP TABLE IF EXISTS customers", *filling(kind, values), sql]
        rows = ask_postgres("; ".join(steps))
        assert_same(rows, expected(levels, kind, values))


@pytest.mark.parametrize("dialect", sql_dialects())
def test_every_dialect_writes_the_look_up(dialect: str) -> None:
    levels = ["0.5", "1", "it's"]
    sql = scoring_sql(segmentation(model(levels), levels), "customers", dialect=dialect)
    [parsed] = sqlglot.parse(sql, read=dialect)
    assert parsed is not None
    assert parsed.named_selects[-1] == "unmatched"
    texts = {node.this for node in parsed.find_all(sqlglot.exp.Literal) if node.is_string}
    assert {"0.5", ".5", "1", "01", "it's"} <= texts
    assert "CLOB" not in sql  # which Oracle cannot compare


def test_a_column_that_matches_nothing_shows_in_the_output() -> None:
    levels = ["gold", "silver"]
    sql = scoring_sql(segmentation(model(levels), levels), "customers")
    with duckdb.connect() as session:
        for step in filling("INTEGER", ["1", "2", "NULL"]):
            session.execute(step)
        shares = session.sql(f"SELECT unmatched FROM ({sql}) ORDER BY id").fetchall()
    assert shares == [(1.0,), (1.0,), (0.0,)]


def test_rules_name_levels_whatever_the_column_holds() -> None:
    rules = RulesModel(rules=[Rule(name="Users", when="X = 'true' AND v > 0")])
    sql = scoring_sql(segmentation(rules, ["false", "true"]), "customers")
    for kind, values in (
        ("BOOLEAN", ["true", "false", "NULL"]),
        ("TINYINT", ["1", "0", "7"]),
        ("DECIMAL(5,2)", ["1", "0", "NULL"]),
        ("VARCHAR", ["'T'", "'no'", "''"]),
    ):
        with duckdb.connect() as session:
            for step in filling(kind, values):
                session.execute(step)
            rows = session.sql(f"SELECT segment, unmatched FROM ({sql}) ORDER BY id").fetchall()
        assert rows == [(1, 0.0), (2, 0.0), (2, 1.0 if "7" in values else 0.0)]


def test_numbers_alone_have_no_unmatched_answers() -> None:
    item = GaussianItem(variable="v", means=[0.0], sds=[1.0])
    _, centers, spreads = novelty_reference([1.0], [item])
    novelty = Novelty(threshold=-9.0, centers=centers.tolist(), spreads=spreads.tolist())
    sql = scoring_sql(
        segmentation(MixtureModel(weights=[1.0], items=[item], novelty=novelty), []), "customers"
    )
    assert "unmatched" not in sql


def test_a_table_of_arrow_gives_the_same() -> None:
    columns = {"id": pa.array([0, 1]), "x": pa.array([True, False]), "v": pa.array([0.5, 0.5])}
    table = open_table(pa.table(columns), name="shop")
    _, read = collect_columns(
        table, {"x": "binary", "v": "continuous"}, id_column="id", levels={"x": ["No", "Yes"]}
    )
    assert read["x"].values.tolist() == [1, 0]
