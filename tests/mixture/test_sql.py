"""The SQL gives what the library gives, in DuckDB and in SQLite, whatever names and levels."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.customers.members import members_table
from forwhom.documents.base import Measure
from forwhom.documents.fitting import Fit
from forwhom.documents.items import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import (
    KMeansModel,
    MixtureModel,
    Model,
    Novelty,
    RFMModel,
    Rule,
    RulesModel,
)
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.errors import DocumentError, OptionError
from forwhom.mixture.scoring import novelty_reference, score
from forwhom.mixture.sql import scoring_sql, sql_dialects
from forwhom.mixture.sql_made import DIALECTS
from forwhom.tables.columns import Column

NAN = np.nan
NASTY = ["it's", 'say "hi"', "a;b--c", "back\\slash", "new\nline", "{x}", "%s", "ünïcode", "'; --"]


def segmentation(
    model: Model, id_column: str | None = "id", measures: Mapping[str, Measure] | None = None
) -> Segmentation:
    fit = Fit(method=model.kind, seed=0)
    return Segmentation(
        created="2024-01-01T00:00:00Z",
        version="0",
        id_column=id_column,
        n=1,
        variables=[
            Variable(name=name, label=name, measure=measure, use="active")
            for name, measure in (measures or {}).items()
        ],
        model=model,
        fit=fit,
        segments=[],
        overlap=[],
    )


def mixture(weights: list[float], items: list[Item], threshold: float = -6.0) -> MixtureModel:
    _, centers, spreads = novelty_reference(weights, items)
    return MixtureModel(
        weights=weights,
        items=items,
        novelty=Novelty(threshold=threshold, centers=centers.tolist(), spreads=spreads.tolist()),
    )


def as_table(columns: Mapping[str, Column]) -> pa.Table:
    n = len(next(iter(columns.values())))
    arrays: dict[str, pa.Array] = {"id": pa.array(range(n))}
    for name, column in columns.items():
        if column.levels is None:
            arrays[name] = pa.array(column.values)  # NaN stays NaN
        else:
            texts = [column.levels[code] if code >= 0 else None for code in column.values]
            arrays[name] = pa.array(texts, pa.string())
    return pa.table(arrays)


def in_duckdb(sql: str, columns: Mapping[str, Column], table: str = "customers") -> np.ndarray:
    with duckdb.connect() as connection:
        connection.register(table, as_table(columns))
        rows = connection.sql(sql).fetchall()
    return as_array(rows)


def in_sqlite(sql: str, columns: Mapping[str, Column]) -> np.ndarray:
    data = as_table(columns)
    connection = sqlite3.connect(":memory:")
    names = [name.replace('"', '""') for name in data.column_names]
    kinds = ["TEXT" if pa.types.is_string(f.type) else "REAL" for f in data.schema]
    wanted = ", ".join(f'"{n}" {k}' for n, k in zip(names, kinds, strict=True))
    connection.execute(f"CREATE TABLE customers ({wanted})")
    marks = ", ".join("?" for _ in names)
    rows = zip(*data.to_pydict().values(), strict=True)
    connection.executemany(f"INSERT INTO customers VALUES ({marks})", list(rows))
    result = connection.execute(sql).fetchall()
    connection.close()
    return as_array(result)


def as_array(rows: list[tuple[float | None, ...]]) -> np.ndarray:
    table = np.array(rows, dtype=np.float64)
    return table[np.argsort(table[:, 0])]


def assert_same(result: np.ndarray, model: Model, columns: Mapping[str, Column]) -> None:
    scores = score(model, columns)
    k = scores.probabilities.shape[1]
    np.testing.assert_allclose(result[:, 2 : 2 + k], scores.probabilities, rtol=0, atol=1e-9)
    np.testing.assert_allclose(result[:, 3 + k], scores.fit, rtol=1e-9, atol=1e-9)
    # Exact ties may fall to either side of a rounding error.
    ranked = np.sort(scores.probabilities, axis=1)
    clear = np.ones(len(result), dtype=bool)
    if k > 1:
        clear &= (ranked[:, -1] - ranked[:, -2] > 1e-9) | (scores.segment == 0)
    if isinstance(model, MixtureModel):
        clear &= ~(np.abs(scores.fit - model.novelty.threshold) < 1e-6)
    np.testing.assert_array_equal(result[clear, 1], scores.segment[clear])
    sure = np.where(scores.segment == 0, 0.0, scores.probabilities.max(axis=1))
    np.testing.assert_allclose(result[clear, 2 + k], sure[clear], rtol=0, atol=1e-9)


def numbers(name: str, values: object) -> dict[str, Column]:
    return {name: Column(name, np.asarray(values, dtype=np.float64))}


@st.composite
def mixtures(draw: st.DrawFn) -> tuple[MixtureModel, dict[str, Column]]:
    k = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = 40
    kinds = draw(
        st.lists(
            st.sampled_from(["categorical", "poisson", "gaussian", "positive", "block", "tilt"]),
            min_size=1,
            max_size=5,
        )
    )
    items: list[Item] = []
    columns: dict[str, Column] = {}
    for j, kind in enumerate(kinds):
        name = f"{NASTY[rng.integers(len(NASTY))]}{j}"
        if kind == "block":
            item, found = some_block(rng, name, k, n)
            items.append(item)
            columns |= found
            continue
        item, column = some_item(rng, kind, name, k, n)
        items.append(item)
        columns[name] = column
    weights = rng.dirichlet(np.ones(k))
    if k > 1 and draw(st.booleans()):
        weights[0] = 0.0
    return mixture((weights / weights.sum()).tolist(), items), columns


def some_item(
    rng: np.random.Generator, kind: str, name: str, k: int, n: int
) -> tuple[Item, Column]:
    values = rng.normal(size=n) * 3
    if kind == "categorical":
        levels = ["1", *NASTY[: rng.integers(1, len(NASTY))]]
        p = rng.dirichlet(np.full(len(levels), 0.7), k)
        p[0, 0] = 0.0
        p /= p.sum(axis=1, keepdims=True)
        codes = rng.integers(-1, len(levels) + 1, n).astype(np.int32)
        return (
            CategoricalItem(variable=name, levels=levels, probabilities=p.tolist()),
            Column(name, codes, (*levels[::-1], "never seen")),
        )
    if kind == "poisson":
        rates = [*np.exp(rng.normal(size=k - 1) * 2), 0.0][:k]
        values = np.where(rng.random(n) < 0.9, rng.poisson(8, n), rng.integers(0, 3000, n))
        return PoissonItem(variable=name, rates=rates), spoiled(rng, name, values + 0.0)
    if kind == "tilt":
        cuts = np.sort(rng.normal(size=rng.integers(1, 20)) * 3)
        limits = sorted(rng.normal(size=2) * 8) if rng.random() < 0.7 else (None, None)
        item = TiltItem(
            variable=name, cuts=cuts.tolist(), centers=[*cuts, 9.0], low=limits[0], high=limits[1],
            probabilities=rng.dirichlet(np.ones(len(cuts) + 1), k).tolist(),
        )  # fmt: skip
        values[::3] = cuts[rng.integers(len(cuts), size=len(values[::3]))]
        return item, spoiled(rng, name, values)
    means, sds = rng.normal(size=k).tolist(), np.exp(rng.normal(size=k)).tolist()
    if kind == "gaussian":
        return GaussianItem(variable=name, means=means, sds=sds), spoiled(rng, name, values)
    any_ = None if rng.random() < 0.5 else [*rng.random(k - 1), 1.0]
    values = np.where(rng.random(n) < 0.2, 0.0, np.exp(values))
    return (
        PositiveItem(variable=name, any=any_, log_means=means, log_sds=sds),
        spoiled(rng, name, values),
    )


def some_block(
    rng: np.random.Generator, name: str, k: int, n: int
) -> tuple[GaussianBlock, dict[str, Column]]:
    d = int(rng.integers(1, 4))
    names = [f"{name}{i}" for i in range(d)]
    tied = bool(rng.random() < 0.3)
    roots = rng.normal(size=(1 if tied else k, d, d))
    block = GaussianBlock(
        variables=names,
        tied=tied,
        means=rng.normal(size=(k, d)).tolist(),
        covariances=(roots @ roots.transpose(0, 2, 1) + np.eye(d)).tolist(),
    )
    return block, {one: spoiled(rng, one, rng.normal(size=n) * 2) for one in names}


def spoiled(rng: np.random.Generator, name: str, values: np.ndarray) -> Column:
    """Return a column with everything that can go wrong in a number."""
    wrong = rng.choice([NAN, np.inf, -np.inf, -1.0, 0.5, 1e6, 1e200], len(values))
    return Column(name, np.where(rng.random(len(values)) < 0.25, wrong, values))


class TestMixture:
    @given(mixtures())
    @settings(max_examples=15)
    def test_duckdb_gives_what_the_library_gives(
        self, case: tuple[MixtureModel, dict[str, Column]]
    ) -> None:
        model, columns = case
        sql = scoring_sql(segmentation(model), "customers")
        assert_same(in_duckdb(sql, columns), model, columns)

    @given(mixtures())
    @settings(max_examples=8)
    def test_sqlite_gives_what_the_library_gives(
        self, case: tuple[MixtureModel, dict[str, Column]]
    ) -> None:
        model, columns = case
        sql = scoring_sql(segmentation(model), "customers", dialect="sqlite")
        assert_same(in_sqlite(sql, columns), model, columns)

    def test_many_variables_and_levels_fit_in_one_statement(self) -> None:
        rng = np.random.default_rng(0)
        items: list[Item] = []
        columns: dict[str, Column] = {}
        for j in range(150):
            kind = ["categorical", "gaussian"][j % 2]
            item, columns[f"x{j}"] = some_item(rng, kind, f"x{j}", 3, 20)
            items.append(item)
        model = mixture([0.5, 0.3, 0.2], items)
        assert_same(
            in_duckdb(scoring_sql(segmentation(model), "customers"), columns), model, columns
        )
        sqlite = scoring_sql(segmentation(model), "customers", dialect="sqlite")
        assert sqlite.count("x149") == 1

    def test_whole_numbers_kept_as_floats_match_their_levels(self) -> None:
        item = CategoricalItem(
            variable="size", levels=["1", "2"], probabilities=[[0.9, 0.1], [0.2, 0.8]]
        )
        sql = scoring_sql(segmentation(mixture([0.5, 0.5], [item])), "customers")
        result = in_duckdb(sql, numbers("size", [1.0, 2.0, NAN, 3.0]))
        assert result[:, 1].tolist() == [1, 2, 1, 1]
        np.testing.assert_allclose(result[:, 2], [9 / 11, 1 / 9, 0.5, 0.5])

    def test_a_table_of_the_wrong_kind_of_name_cannot_inject(self) -> None:
        name = 'x"; DROP TABLE customers; --'
        model = mixture([1.0], [GaussianItem(variable=name, means=[0.0], sds=[1.0])])
        sql = scoring_sql(segmentation(model), 'cust"; DROP TABLE customers; --')
        assert len(sqlglot.parse(sql, read="duckdb")) == 1
        result = in_duckdb(
            scoring_sql(segmentation(model), "two words"), numbers(name, [0.0]), "two words"
        )
        assert result[0, 1] == 1

    def test_who_fits_no_segment_is_in_none_with_certainty_0(self) -> None:
        model = mixture([0.6, 0.4], [GaussianItem(variable="x", means=[0.0, 4.0], sds=[1.0, 1.0])])
        columns = numbers("x", [-3.0, 2.0, 400.0, NAN])
        for run, dialect in ((in_duckdb, "duckdb"), (in_sqlite, "sqlite")):
            rows = run(scoring_sql(segmentation(model), "customers", dialect=dialect), columns)
            assert rows[:, 1].tolist() == [1, 1, 0, 1]
            assert rows[2, 3] == 1.0  # of the two segments, the second is nearer by far
            assert rows[:, 4] == pytest.approx([1.0, 0.6, 0.0, 0.6], abs=1e-6)
            assert_same(rows, model, columns)
        scores = score(model, columns)
        found = members_table(pa.array(range(4)), "id", scores.segment, scores.probabilities)
        assert found["certainty"].to_pylist() == pytest.approx([1.0, 0.6, 0.0, 0.6], abs=1e-6)

    def test_without_an_id_there_is_the_row_number(self) -> None:
        model = mixture([1.0], [GaussianItem(variable="x", means=[0.0], sds=[1.0])])
        sql = scoring_sql(segmentation(model, id_column=None), "customers")
        assert in_duckdb(sql, numbers("x", [0.0, 1.0]))[:, 0].tolist() == [1, 2]

    def test_a_large_block_says_what_to_do(self) -> None:
        block = GaussianBlock(
            variables=list("abcde"), tied=True, means=[[0.0] * 5], covariances=[np.eye(5).tolist()]
        )
        with pytest.raises(OptionError, match=r"5 correlated variables.*forwhom score"):
            scoring_sql(segmentation(mixture([1.0], [block])), "customers")


KMEANS = KMeansModel(
    variables=["a", 'b"x'],
    means=[10.0, 5.0],
    sds=[2.0, 1.0],
    centers=[[0, 0], [2, -1], [-1.3, 0.1]],
)
RFM = RFMModel(
    recency="r",
    frequency="f",
    monetary="m",
    cuts={"r": [10.0, 20.5], "f": [1.0, 3.0], "m": [100.0]},
    cells={
        f"{r}-{f}-{m}": 1 + (r + f + m) % 4 for r in (1, 2, 3) for f in (1, 2, 3) for m in (1, 2)
    },
)
RULES = RulesModel(
    rules=[
        Rule(name="Big", when="spend > 100 AND visits >= 2"),
        Rule(name="R", when="town = 'Rome'"),
    ]
)


class TestBaselines:
    def test_kmeans(self) -> None:
        rng = np.random.default_rng(0)
        columns = {
            "a": spoiled(rng, "a", rng.normal(10, 3, 60)),
            'b"x': spoiled(rng, 'b"x', rng.normal(5, 2, 60)),
        }
        for run, dialect in ((in_duckdb, "duckdb"), (in_sqlite, "sqlite")):
            sql = scoring_sql(segmentation(KMEANS), "customers", dialect=dialect)
            assert_same(run(sql, columns), KMEANS, columns)

    def test_rfm(self) -> None:
        rng = np.random.default_rng(1)
        columns = {
            "r": spoiled(rng, "r", rng.integers(0, 30, 80) + 0.5),
            "f": spoiled(rng, "f", rng.integers(0, 5, 80) + 0.0),
            "m": spoiled(rng, "m", rng.integers(50, 150, 80) + 0.0),
        }
        for run, dialect in ((in_duckdb, "duckdb"), (in_sqlite, "sqlite")):
            sql = scoring_sql(segmentation(RFM), "customers", dialect=dialect)
            assert_same(run(sql, columns), RFM, columns)

    def test_rules(self) -> None:
        town = Column("Town", np.array([0, 0, 1, -1], dtype=np.int32), ("Oslo", "Rome"))
        columns = {
            **numbers("spend", [150, 150, 1, NAN]),
            **numbers("visits", [2, 1, 1, 5]),
            "Town": town,
        }
        measures: dict[str, Measure] = {"spend": "positive", "visits": "count", "Town": "nominal"}
        sql = scoring_sql(segmentation(RULES, measures=measures), "customers")
        assert_same(in_duckdb(sql, columns), RULES, columns)
        assert in_duckdb(sql, columns)[:, 1].tolist() == [1, 3, 2, 3]

    @pytest.mark.parametrize(
        "condition",
        [
            "1=1) THEN 1 END FROM customers; DROP TABLE customers; --",
            "x > (SELECT max(x) FROM secrets)",
            "DROP TABLE customers",
            "x >",
            "",
        ],
    )
    def test_a_rule_is_one_condition(self, condition: str) -> None:
        model = RulesModel(rules=[Rule(name="R", when=condition)])
        with pytest.raises(DocumentError, match="rule 'R'"):
            scoring_sql(segmentation(model), "customers")


class TestDialects:
    @pytest.mark.parametrize(
        "dialect", ["bigquery", "databricks", "mysql", "postgres", "redshift", "snowflake", "spark"]
    )
    @pytest.mark.parametrize("model", [KMEANS, RFM, RULES, "mixture"])
    def test_others_can_be_read_back(self, dialect: str, model: Model | str) -> None:
        if isinstance(model, str):
            rng = np.random.default_rng(0)
            kinds = ("categorical", "poisson", "gaussian", "positive", "tilt")
            items = [some_item(rng, kind, f"it's \\ {kind}", 2, 1)[0] for kind in kinds]
            model = mixture([0.5, 0.5], [*items, some_block(rng, "b", 2, 1)[0]])
        sql = scoring_sql(segmentation(model), "crm.customers", dialect=dialect)
        [parsed] = sqlglot.parse(sql, read=dialect)
        assert parsed is not None
        names = parsed.named_selects
        assert names[:3] == ["id", "segment", "p1"]
        assert names[names.index("certainty") :] == [
            "certainty", "fit", *(["unmatched"] if isinstance(model, MixtureModel) else [])
        ]  # fmt: skip
        if isinstance(model, MixtureModel):  # where the segment is 0, so is the certainty
            chosen = next(e.this for e in parsed.selects if e.alias == "segment")
            sure = next(e.this for e in parsed.selects if e.alias == "certainty")
            none, [zero] = chosen.args["ifs"][0], sure.args["ifs"]
            assert none.this == zero.this
            assert float(none.args["true"].name) == float(zero.args["true"].name) == 0.0
        assert [t.db for t in parsed.find_all(sqlglot.exp.Table) if t.name == "customers"] == [
            "crm"
        ]

    @pytest.mark.parametrize("dialect", ["bigquery", "mysql", "postgres", "snowflake", "spark"])
    def test_texts_survive_the_escapes_of_each_dialect(self, dialect: str) -> None:
        item = CategoricalItem(
            variable="x", levels=NASTY, probabilities=[np.full(len(NASTY), 1 / len(NASTY)).tolist()]
        )
        sql = scoring_sql(segmentation(mixture([1.0], [item])), "t", dialect=dialect)
        texts = {
            node.this
            for node in sqlglot.parse_one(sql, read=dialect).find_all(sqlglot.exp.Literal)
            if node.is_string
        }
        assert set(NASTY) <= texts

    @pytest.mark.parametrize("model", [KMEANS, RFM, RULES])
    @pytest.mark.parametrize("dialect", sorted({*DIALECTS, "duckdb"}))
    def test_a_view_is_the_query_under_a_name(self, dialect: str, model: Model) -> None:
        query = scoring_sql(segmentation(model), "crm.customers", dialect=dialect)
        sql = scoring_sql(
            segmentation(model), "crm.customers", dialect=dialect, view="crm.who_is_who"
        )
        assert sql.endswith(query)
        [parsed] = sqlglot.parse(sql, read=dialect)
        assert isinstance(parsed, sqlglot.exp.Create)
        assert parsed.kind == "VIEW"
        assert (parsed.this.db, parsed.this.name) == ("crm", "who_is_who")

    def test_a_view_gives_what_the_query_gives_and_replaces_none(self) -> None:
        model = mixture([0.6, 0.4], [GaussianItem(variable="x", means=[0.0, 4.0], sds=[1.0, 1.0])])
        made = segmentation(model)
        lite = sqlite3.connect(":memory:")
        for name, run in (("duckdb", duckdb.connect()), ("sqlite", lite)):
            run.execute("CREATE TABLE customers (id INTEGER, x DOUBLE)")
            run.execute("INSERT INTO customers VALUES (1, 0.1), (2, NULL)")
            create = scoring_sql(made, "customers", dialect=name, view="segments")
            run.execute(create)
            run.execute("INSERT INTO customers VALUES (3, 4.2)")  # a view reads what is there
            query = scoring_sql(made, "customers", dialect=name)
            found = run.execute("SELECT * FROM segments ORDER BY id").fetchall()
            assert found == run.execute(query).fetchall()
            assert [row[1] for row in found] == [1, 1, 2]
            with pytest.raises((duckdb.Error, sqlite3.Error), match="already exists"):
                run.execute(create)
        lite.close()

    @pytest.mark.parametrize(
        ("view", "said"),
        [(" ", "view has no name"), ("Customers", "read itself"), ('"customers"', "read itself")],
    )
    def test_a_view_needs_a_name_of_its_own(self, view: str, said: str) -> None:
        with pytest.raises(OptionError, match=said):
            scoring_sql(segmentation(KMEANS), "customers", view=view)

    def test_numbers_round_trip(self) -> None:
        mean = 0.1 + 0.2
        model = mixture([1.0], [GaussianItem(variable="x", means=[mean], sds=[1.0])])
        for dialect in ("duckdb", "postgres", "snowflake"):
            sql = scoring_sql(segmentation(model), "t", dialect=dialect)
            assert repr(mean) in sql

    def test_an_unknown_dialect_lists_the_known(self) -> None:
        with pytest.raises(OptionError, match=r"Did you mean 'postgres'.*duckdb"):
            scoring_sql(segmentation(KMEANS), "t", dialect="postgress")
        assert {"duckdb", "snowflake", "tsql"} <= set(sql_dialects())
        assert "prql" not in sql_dialects()

    @pytest.mark.parametrize(
        ("table", "quoted"),
        [
            ("customers", '"customers"'),
            ("crm.customers", '"crm"."customers"'),
            ('"My DB".main.t', '"My DB"."main"."t"'),
            ("data/new.parquet", '"data/new.parquet"'),
            ("new customers", '"new customers"'),
        ],
    )
    def test_tables_are_quoted(self, table: str, quoted: str) -> None:
        assert f"FROM {quoted}\n" in scoring_sql(segmentation(KMEANS), table)

    def test_a_table_needs_a_name(self) -> None:
        with pytest.raises(OptionError, match="no name"):
            scoring_sql(segmentation(KMEANS), " ")
