"""The SQL from events to segments gives what `score` gives, whatever the events hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from forwhom.customers import querying
from forwhom.customers.querying import _queries, _read, _values, features_sql
from forwhom.documents.fitting import Fit
from forwhom.documents.models import KMeansModel
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.study import Currencies, CustomerTable, Events, Lookup, Study
from forwhom.errors import DataError, OptionError
from forwhom.features import customer_features
from forwhom.features.queries import FeaturesQuery, features_of, features_query
from forwhom.mixture.sql_made import DIALECTS, WITH_MEDIAN, Made, statement_of
from forwhom.pipeline.scoring import score
from forwhom.tables import collect, open_table
from forwhom.tables.engine import connect

#: Columns of all roles; names that need quotes; what each line may lack.
SPEC = Events(
    table="lines.parquet", customer="the customer", time="when", amount="paid net",
    quantity="units", order="receipt", item="product", channel="store", category=["kind"],
    lookups=[Lookup(table="goods.parquet", on="product", columns=["kind"])],
    levels={"kind": ["meat", "it's"]},
)  # fmt: skip
VISITS = Events(table="visits", customer="who", time="at", time_unit="week")


@cache
def lines() -> pa.Table:
    """Lines of 60 customers, with returns, and with every cell missing now and then."""
    rng = np.random.default_rng(4)
    n = 900
    who = rng.integers(1, 60, n)
    moments = [datetime(2023, 11, 3) + timedelta(minutes=int(m)) for m in rng.integers(0, 5e5, n)]
    # Some have a date only.
    moments = [m.replace(hour=0, minute=0) if i % 9 == 0 else m for i, m in enumerate(moments)]
    paid = np.round(rng.lognormal(2, 1, n), 2) * np.where(rng.random(n) < 0.1, -1, 1)

    def some(values, missing=0.03):
        return [
            None if gone else v for v, gone in zip(values, rng.random(n) < missing, strict=True)
        ]

    return pa.table(
        {
            "the customer": pa.array(some(who.tolist()), pa.int64()),
            "when": pa.array(some(moments), pa.timestamp("us")),
            "paid net": pa.array(some(paid.tolist()), pa.float64()),
            "units": pa.array(some((rng.integers(1, 5, n) * np.sign(paid)).tolist()), pa.float64()),
            "receipt": pa.array(some((who * 100 + rng.integers(0, 9, n)).tolist()), pa.int64()),
            "product": pa.array(some([f"p{i}" for i in rng.integers(0, 9, n)])),
            "store": pa.array(some([["", "a", "b"][i] for i in rng.integers(0, 3, n)])),
        }
    )


GOODS = pa.table(
    {"product": [f"p{i}" for i in range(8)], "kind": ["meat", "it's", "deli", None] * 2}
)


@pytest.fixture(scope="module", autouse=True)
def written_once() -> Iterator[None]:
    """The query of the same features is the same in every dialect, and is written once."""
    kept: dict[object, FeaturesQuery] = {}

    def query(spec: Events, only: Collection[str]) -> FeaturesQuery:
        key = spec.model_dump_json(), tuple(only)
        if key not in kept:
            kept[key] = features_query(spec, only)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(querying, "features_query", query)
        yield


def names(spec: Events, *without: str) -> list[str]:
    return [name for name in features_of(spec) if name not in without]


NAMES = names(SPEC)


def made_of(spec: Events, only: list[str]) -> Segmentation:
    """Two segments by their centers, on features as they are."""
    d = len(only)
    model = KMeansModel(
        variables=only, means=[0.0] * d, sds=[1.0] * d, centers=[[0.5] * d, [20.0] * d]
    )
    return Segmentation(
        created="2024-01-01T00:00:00Z", version="0", id_column=spec.customer, n=1,
        variables=[
            Variable(name=name, label=name, measure="continuous", use="active") for name in only
        ],
        model=model, fit=Fit(method="kmeans", seed=0), segments=[], overlap=[],
        study=Study(forwhom=1, events=[spec]).model_dump(mode="json", by_alias=True),
    )  # fmt: skip


def statement(spec: Events, only: list[str], dialect: str) -> str:
    """The SQL of features alone."""
    query = querying.features_query(spec, only)
    places = {"lines.parquet": '"lines"', "goods.parquet": '"goods"', "visits": '"visits"'}
    tables = dict(_read({name: places[name] for name in query.columns}, spec))
    values = _values() if query.end is not None else {}
    queries = _queries(made_of(spec, only), spec, query)
    return statement_of(Made(queries, tables, values, []), dialect)


def computed(spec: Events, only: list[str], events: pa.Table) -> dict[object, list[float]]:
    found = customer_features(
        open_table(events), spec,
        lookups={"goods.parquet": open_table(GOODS)}, levels=spec.levels, only=only,
    )  # fmt: skip
    rows = collect(found.table).select([spec.customer, *only]).to_pylist()
    return {row.pop(spec.customer): list(row.values()) for row in rows}


def in_duckdb(sql: str, **tables: pa.Table) -> dict[object, list[float]]:
    session = connect()
    for name, table in tables.items():
        session.register(name, table)
    return {row[0]: list(row[1:]) for row in session.execute(sql).fetchall()}


def in_sqlite(sql: str, **tables: pa.Table) -> dict[object, list[float]]:
    session = sqlite3.connect(":memory:")
    for name, table in tables.items():
        columns = ", ".join('"' + c.replace('"', '""') + '"' for c in table.column_names)
        session.execute(f"CREATE TABLE {name} ({columns})")
        marks = ", ".join("?" * table.num_columns)
        rows = [
            [str(v) if isinstance(v, date) else v for v in row.values()]
            for row in table.to_pylist()
        ]
        session.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
    return {row[0]: list(row[1:]) for row in session.execute(sql).fetchall()}


def assert_same(found: dict[object, list[float]], expected: dict[object, list[float]]) -> None:
    assert found.keys() == expected.keys()
    for who, values in expected.items():
        here, there = (np.array(row, dtype=np.float64) for row in (found[who], values))
        np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-9, err_msg=str(who))


@cache
def of_lines(unit: str, cutoff: datetime | None = None) -> dict[object, dict[str, float]]:
    """Every feature of every customer, as the library computes them."""
    spec = SPEC.model_copy(update={"time_unit": unit, "cutoff": cutoff})
    only = names(spec)
    found = computed(spec, only, lines())
    return {who: dict(zip(only, row, strict=True)) for who, row in found.items()}


def some_of(rows: dict[object, dict[str, float]], only: list[str]) -> dict[object, list[float]]:
    return {who: [row[name] for name in only] for who, row in rows.items()}


@pytest.mark.parametrize(
    ("unit", "cutoff"),
    [("day", None), ("week", None), ("month", None), ("month", datetime(2024, 7, 1, 12))],
)
def test_every_feature_is_what_the_library_computes(unit, cutoff):
    spec = SPEC.model_copy(update={"time_unit": unit, "cutoff": cutoff})
    only = names(spec)
    found = in_duckdb(statement(spec, only, "duckdb"), lines=lines(), goods=GOODS)
    assert_same(found, some_of(of_lines(unit, cutoff), only))


@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_every_feature_in_sqlite(unit):
    spec = SPEC.model_copy(update={"time_unit": unit})
    only = names(spec, "median_gap")
    found = in_sqlite(statement(spec, only, "sqlite"), lines=lines(), goods=GOODS)
    assert_same(found, some_of(of_lines(unit), only))


@pytest.mark.parametrize("one", NAMES)
def test_one_feature_alone_reads_what_it_needs(one):
    found = in_duckdb(statement(SPEC, [one], "duckdb"), lines=lines(), goods=GOODS)
    assert_same(found, some_of(of_lines(SPEC.time_unit, SPEC.cutoff), [one]))


def test_visits_have_no_money():
    visits = lines().select(["the customer", "when"]).rename_columns(["who", "at"])
    only = names(VISITS)
    found = in_duckdb(statement(VISITS, only, "duckdb"), visits=visits)
    assert_same(found, computed(VISITS, only, visits))


def test_lines_that_repeat_another_count_once_where_the_study_says_so():
    spec = SPEC.model_copy(update={"duplicates": "drop"})
    twice = pa.concat_tables([lines(), lines().slice(0, 300)])
    only = names(spec)
    found = in_duckdb(statement(spec, only, "duckdb"), lines=twice, goods=GOODS)
    assert_same(found, computed(spec, only, twice))


def test_the_segments_and_probabilities_are_those_of_score():
    only = ["recency", "orders_per_month", "average_order_value", "kind_share_meat", "trend"]
    segments = made_of(SPEC, only)
    scored = score(segments, {"lines.parquet": lines(), "goods.parquet": GOODS}).table
    expected = {row[0]: list(row[1:]) for row in zip(*scored.to_pydict().values(), strict=True)}
    assert {values[0] for values in expected.values()} == {1, 2}
    sql = features_sql(segments, {"lines": "lines", "goods": "goods"})
    assert_same(in_duckdb(sql, lines=lines(), goods=GOODS), expected)
    sql = features_sql(segments, dialect="sqlite")
    assert_same(in_sqlite(sql, lines=lines(), goods=GOODS), expected)


def test_a_view_places_customers_by_the_events_that_are_there():
    made = made_of(SPEC, ["recency", "average_order_value"])
    query = features_sql(made)
    sql = features_sql(made, view="segments of today")
    heading = query[: query.index("\nWITH") + 1]
    assert sql == query.replace(heading, heading + 'CREATE VIEW "segments of today" AS\n', 1)
    with pytest.raises(OptionError, match="would read itself"):
        features_sql(made, "crm.lines", view="crm.lines")
    read = 'SELECT * FROM "segments of today"'
    kept = in_duckdb(query, lines=lines(), goods=GOODS)
    assert_same(in_duckdb(f"{sql};\n{read}", lines=lines(), goods=GOODS), kept)


def test_the_heading_says_what_is_read_and_ends_no_comment():
    sql = features_sql(made_of(SPEC, ["recency"]), "crm.lines", cutoff=date(2024, 7, 1))
    heading = [line for line in sql.splitlines() if line.startswith("--")]
    assert '--   "crm"."lines" (lines.parquet in the study)' in heading
    assert any('"paid net": a number' in line for line in heading)
    assert any(
        '"when": DATE or TIMESTAMP, as the clock shows it in UTC' in line for line in heading
    )
    assert "-- Features are as of 2024-07-01, and later events are left out." in heading
    assert "goods" not in sql  # no feature needs it
    odd = SPEC.model_copy(update={"customer": "a\nDROP TABLE x; --"})
    assert "DROP" not in [w for s in sqlglot.parse(features_sql(made_of(odd, ["recency"])))
                          for w in [type(s).__name__.upper()]]  # fmt: skip
    assert len(sqlglot.parse(features_sql(made_of(odd, ["recency"])), read="duckdb")) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_parses_what_is_written_in_it(dialect):
    only = [name for name in NAMES if name != "median_gap" or dialect in WITH_MEDIAN]
    parsed = sqlglot.parse_one(features_sql(made_of(SPEC, only), dialect=dialect), read=dialect)
    read = {table.name for table in parsed.find_all(exp.Table)} - {c.alias for c in parsed.ctes}
    assert read == {"lines", "goods"}


def test_what_cannot_be_written_is_refused_by_name():
    with pytest.raises(DataError, match="'median_gap' cannot be computed in sqlite"):
        features_sql(made_of(SPEC, ["median_gap"]), dialect="sqlite")
    with pytest.raises(DataError, match="age: no feature of events"):
        features_sql(made_of(SPEC, ["recency", "age"]))
    with pytest.raises(OptionError, match="'prql'"):
        features_sql(made_of(SPEC, ["recency"]), dialect="prql")
    with pytest.raises(OptionError, match="no table 'gods'"):
        features_sql(made_of(SPEC, ["kind_share_meat"]), {"gods": "x"})
    shop = SPEC.model_copy(update={"refunded": "back", "fill": ["when"]})
    with pytest.raises(DataError, match=r"orders of a shop.*fill and refunded"):
        features_sql(made_of(shop, ["recency"]))
    euros = SPEC.model_copy(update={"currencies": Currencies(column="cur")})
    with pytest.raises(DataError, match="several currencies"):
        features_sql(made_of(euros, ["recency"]))
    unknown = SPEC.model_copy(update={"lookups": [Lookup(table="goods.parquet", on="product")]})
    with pytest.raises(DataError, match="which columns come from which table"):
        features_sql(made_of(unknown, ["recency"]))


def test_customers_without_events_have_no_id_to_keep():
    people = Study(forwhom=1, customers=CustomerTable(table="people.csv"))
    segments = made_of(SPEC, ["recency"]).model_copy(
        update={"study": people.model_dump(mode="json", by_alias=True), "id_column": None}
    )
    with pytest.raises(DataError, match="no id of a customer"):
        features_sql(segments)


@pytest.mark.parametrize("kept", ["BIGINT", "DOUBLE", "DECIMAL(10, 2)", "VARCHAR"])
def test_codes_of_categories_are_found_in_every_type(kept):
    spec = Events(
        table="lines.parquet", customer="who", time="when", amount="paid", category=["kind"],
        levels={"kind": ["1", "2"]},
    )  # fmt: skip
    table = pa.table({
        "who": ["a", "a", "b", "c"], "when": [datetime(2024, 1, day) for day in (1, 2, 3, 4)],
        "paid": [1.0, 3.0, 2.0, 5.0], "kind": pa.array([1, 2, 2, 3]),
    })  # fmt: skip
    only = ["kind_share_1", "kind_share_2", "kind_share_other"]
    with duckdb.connect() as session:
        session.register("given", table)
        session.execute(f"CREATE TABLE lines AS SELECT * REPLACE (kind::{kept} AS kind) FROM given")
        rows = session.execute(statement(spec, only, "duckdb")).fetchall()
    shares = {"a": [0.25, 0.75, 0.0], "b": [0.0, 1.0, 0.0], "c": [0.0, 0.0, 1.0]}
    assert {row[0]: list(row[1:4]) for row in rows} == shares
