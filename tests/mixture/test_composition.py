"""Shares of one whole: found where there are groups, not made where there are none."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import adjusted_rand_score

from forwhom.documents.fitting import Fit
from forwhom.documents.items import DirichletMultinomialItem
from forwhom.documents.segmentation import Segmentation
from forwhom.errors import DataError
from forwhom.mixture import (
    Column,
    Design,
    FitOptions,
    FittedMixture,
    Whole,
    build_design,
    fit_mixture,
)
from forwhom.mixture.families.apportionment import apportion
from forwhom.mixture.families.composition import Composition, CompositionDensity
from forwhom.mixture.scoring import score
from forwhom.mixture.selection import select
from forwhom.mixture.sql import scoring_sql

NAMES = ("food", "drinks", "toys", "books", "other")
SPEND = Whole("spend", NAMES, "orders")
THREE = [[5, 1.5, 1, 1, 0.5], [1, 5, 1.5, 0.5, 1], [1, 1, 3, 3, 1]]
QUICK = FitOptions(n_starts=20)


def bought(
    alphas: Sequence[Sequence[float]], n: int, seed: int
) -> tuple[list[Column], NDArray[np.int64]]:
    """Shares of money, each order at a price of its own, and the number of orders."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(len(alphas), n, p=[0.5, 0.3, 0.2] if len(alphas) == 3 else None)
    orders = 1 + rng.negative_binomial(1.5, 0.1, n)
    own = np.array([rng.dirichlet(alphas[k]) for k in segment])
    counts = rng.multinomial(orders, own)
    money = rng.gamma(np.maximum(2.0 * counts, 1e-9), 10.0) * (counts > 0)
    shares = money / money.sum(axis=1, keepdims=True)
    columns = [Column(name, shares[:, c].copy()) for c, name in enumerate(NAMES)]
    return [*columns, Column("orders", orders.astype(float))], segment


def design_of(columns: list[Column], weights: NDArray[np.float64] | None = None) -> Design:
    return build_design(columns, {}, weights, wholes=[SPEND])


def rows_of(columns: list[Column], rows: NDArray[np.integer]) -> list[Column]:
    return [replace(c, values=c.values[rows]) for c in columns]


def test_three_kinds_of_buyers_are_found_and_single_shares_find_others() -> None:
    columns, segment = bought(THREE, 2_000, 1)
    selection = select(design_of(columns), range(2, 5), QUICK)
    assert selection.best.k == 3
    found = adjusted_rand_score(segment, selection.best.labels())
    assert found > 0.48
    alone = build_design(columns[:-1], dict.fromkeys(NAMES, "positive"))
    cut = select(alone, range(3, 6), QUICK).best
    assert cut.k == 5
    assert adjusted_rand_score(segment, cut.labels()) < found - 0.1


def test_the_shares_and_the_precision_of_the_segments_are_recovered() -> None:
    truth = DirichletMultinomialItem(
        whole="spend", variables=list(NAMES), items="orders", precision=9.0,
        shares=[[0.6, 0.2, 0.1, 0.05, 0.05], [0.05, 0.1, 0.1, 0.25, 0.5]], sizes=[0.0] * 9 + [1.0],
    )  # fmt: skip
    rng = np.random.default_rng(2)
    segments = np.repeat([0, 1], [6_000, 3_000])
    columns = list(Composition().draw(truth, segments, rng).values())
    [item] = fit_mixture(design_of(columns), 2, QUICK).items()
    assert np.array(item.shares) == pytest.approx(np.array(truth.shares), abs=0.01)
    assert item.precision == pytest.approx(9.0, rel=0.05)
    assert item.sizes == pytest.approx(truth.sizes)


@pytest.mark.parametrize("n", [500, 3_000])
def test_one_population_is_one_segment_and_converges(n: int) -> None:
    columns, _ = bought([[4, 2.5, 1.5, 1, 0.5]], n, n)
    selection = select(design_of(columns), range(1, 4), QUICK)
    assert selection.best.k == 1
    assert all(fit.converged for fit in selection.fits)


def test_parameters_are_shares_of_each_segment_and_one_precision() -> None:
    columns, _ = bought(THREE, 400, 3)
    assert fit_mixture(design_of(columns), 3, QUICK).n_parameters == 3 * 4 + 1 + 2
    nobody = replace(columns[1], values=np.zeros(400))
    without = fit_mixture(design_of([columns[0], nobody, *columns[2:]]), 2, QUICK)
    assert without.n_parameters == 2 * 3 + 1 + 1
    assert np.array(without.items()[0].shares)[:, 1].max() < 1e-6
    single = [*columns[:-1], Column("orders", np.ones(400))]
    assert fit_mixture(design_of(single), 2, QUICK).n_parameters == 2 * 4 + 1


def test_the_order_of_rows_and_copies_of_rows_change_nothing() -> None:
    columns, _ = bought(THREE, 500, 4)
    rng = np.random.default_rng(4)
    order = rng.permutation(500)
    fitted = fit_mixture(design_of(columns), 3, QUICK)
    turned = fit_mixture(design_of(rows_of(columns, order)), 3, QUICK)
    assert turned.log_likelihood == pytest.approx(fitted.log_likelihood, rel=1e-9)
    assert (turned.labels() == fitted.labels()[order]).all()
    copies = rng.integers(1, 3, 500)
    several = fit_mixture(design_of(rows_of(columns, np.repeat(np.arange(500), copies))), 3, QUICK)
    weighted = fit_mixture(design_of(columns, copies.astype(float)), 3, QUICK)
    assert weighted.log_likelihood == pytest.approx(several.log_likelihood, rel=1e-8)


def test_only_proportions_count_and_more_than_ten_items_are_ten() -> None:
    columns, _ = bought(THREE, 300, 5)
    item = fit_mixture(design_of(columns), 2, QUICK).items()[0]
    percent = [replace(c, values=100 * c.values) for c in columns[:-1]]
    many = [*percent, replace(columns[-1], values=np.minimum(columns[-1].values, 10))]
    density = [
        CompositionDensity(item, [c.values for c in own]).evaluate(slice(None))[0]
        for own in (columns, many)
    ]
    assert density[0] == pytest.approx(density[1], abs=1e-12)
    # The Dirichlet-multinomial distribution of SciPy.
    items = np.minimum(columns[-1].values, 10)
    counts = apportion(np.stack([c.values for c in columns[:-1]]), items)
    for segment, shares in enumerate(item.shares):
        law = stats.dirichlet_multinomial(item.precision * np.array(shares), items.astype(int))
        assert density[0][segment] == pytest.approx(law.logpmf(counts.T.astype(int)), abs=1e-9)


def test_items_are_divided_by_the_largest_remainder() -> None:
    parts = np.array([[1.0, 0.49, 0.5, 0.0], [1.0, 0.26, 0.5, 0.0], [1.0, 0.25, 0.0, 2.0]])
    divided = apportion(parts, np.array([10.0, 10.0, 3.0, 25.0]))
    assert divided.T.tolist() == [[4, 3, 3], [5, 3, 2], [2, 1, 0], [0, 0, 10]]
    rng = np.random.default_rng(6)
    many = rng.dirichlet(np.full(30, 0.2), 5_000).T
    items = rng.integers(1, 30, 5_000).astype(float)
    found = apportion(many, items)
    assert (found.sum(axis=0) == np.minimum(items, 10)).all()
    assert np.abs(found - many * np.minimum(items, 10)).max() < 1


def test_customers_without_items_or_with_a_part_missing_are_placed_by_the_rest() -> None:
    columns, segment = bought(THREE, 600, 7)
    rng = np.random.default_rng(7)
    columns[-1].values[:50] = 0
    columns[0].values[50:80] = np.nan
    columns[-1].values[80:100] = np.nan
    for column in columns[:-1]:
        column.values[100:120] = 0.0
    age = Column("age", rng.normal(30 + 25 * segment, 4))
    design = build_design([*columns, age], {"age": "continuous"}, wholes=[SPEND])
    fitted = fit_mixture(design, 3, QUICK)
    by_name = {c.name: c for c in [*columns, age]}
    model = fitted.document(by_name)
    blank = score(model, by_name | {"age": replace(age, values=np.full(600, np.nan))})
    assert blank.known.sum() == 480
    assert adjusted_rand_score(segment[:120], fitted.labels()[:120]) > 0.9
    only_age = score(model, {"age": age})
    assert only_age.probabilities[:120] == pytest.approx(score(model, by_name).probabilities[:120])


def two_wholes(n: int, seed: int) -> tuple[FittedMixture, dict[str, Column]]:
    columns, segment = bought(THREE, n, seed)
    rng = np.random.default_rng(seed)
    late = rng.beta(np.array([2, 8, 2])[segment], 4)
    time = [Column("early", 1 - late), Column("late", late)]
    extra = [Column("visits", rng.poisson(columns[-1].values).astype(float)), *time]
    wholes = [SPEND, Whole("time", ("early", "late"), "visits")]
    design = build_design([*columns, *extra], {"visits": "count"}, wholes=wholes)
    return fit_mixture(design, 3, QUICK), {c.name: c for c in [*columns, *extra]}


def test_two_wholes_are_two_items_and_a_number_of_items_may_form_segments_too() -> None:
    fitted, columns = two_wholes(800, 8)
    items = fitted.items()
    assert [item.names for item in items] == [NAMES, ("visits",), ("early", "late")]
    assert [items[0].whole, items[2].whole] == ["spend", "time"]
    assert [items[0].items, items[2].items] == ["orders", "visits"]
    assert fitted.n_parameters == 2 + (3 * 4 + 1) + 3 + (3 + 1)
    assert list(fitted.document(columns).impossible(3)) == []


def test_sql_and_a_document_read_again_place_as_the_library_does() -> None:
    fitted, columns = two_wholes(800, 9)
    columns["food"].values[:20] = np.nan
    columns["drinks"].values[20:40] = -0.5
    columns["orders"].values[40:60] = 0.0
    columns["visits"].values[60:80] = 2.5
    model = fitted.document(columns)
    again = type(model).model_validate_json(model.model_dump_json())
    assert again == model
    scores = score(again, columns)
    segmentation = Segmentation(
        created="2024-01-01T00:00:00Z", version="0", id_column="id", n=1, variables=[],
        model=again, fit=Fit(method="mixture", seed=0), segments=[], overlap=[],
    )  # fmt: skip
    table = {"id": pa.array(range(800))} | {n: pa.array(c.values) for n, c in columns.items()}
    with duckdb.connect() as connection:
        connection.register("customers", pa.table(table))
        sql = scoring_sql(segmentation, "customers")
        rows = np.array(connection.sql(sql + " ORDER BY id").fetchall(), dtype=float)
    assert rows[:, 1].tolist() == scores.segment.tolist()
    assert rows[:, 2:5] == pytest.approx(scores.probabilities, abs=1e-9)
    assert rows[:, -1] == pytest.approx(scores.fit, abs=1e-8, nan_ok=True)


@pytest.mark.parametrize("dialect", ["postgres", "bigquery", "snowflake", "spark"])
def test_its_sql_is_written_for_other_engines(dialect: str) -> None:
    fitted, columns = two_wholes(300, 10)
    segmentation = Segmentation(
        created="2024-01-01T00:00:00Z", version="0", id_column="id", n=1, variables=[],
        model=fitted.document(columns), fit=Fit(method="mixture", seed=0), segments=[], overlap=[],
    )  # fmt: skip
    assert "SELECT" in scoring_sql(segmentation, "customers", dialect=dialect)


def test_what_cannot_be_shares_of_a_whole_is_refused() -> None:
    columns, _ = bought(THREE, 50, 11)
    negative = replace(columns[0], values=columns[0].values - 1.0)
    with pytest.raises(DataError, match=r"'food' is a part of a whole, but \d+ values are negat"):
        design_of([negative, *columns[1:]])
    halves = replace(columns[-1], values=columns[-1].values + 0.5)
    with pytest.raises(DataError, match=r"'orders' is a number of items, but 50 values .* whole"):
        design_of([*columns[:-1], halves])
    nothing = replace(columns[-1], values=np.zeros(50))
    with pytest.raises(DataError, match=r"No customer has food.* items in 'orders'"):
        design_of([*columns[:-1], nothing])
    with pytest.raises(DataError, match=r"A whole has one part \(food\)"):
        build_design(columns, {}, wholes=[Whole("spend", ("food",), "orders")])


def test_a_document_with_impossible_numbers_is_refused() -> None:
    item = DirichletMultinomialItem(
        whole="spend", variables=["a", "b"], items="n", precision=2.0, shares=[[0.5, 0.5]],
        sizes=[0.1] * 10,
    )  # fmt: skip
    assert list(item.impossible(1)) == []
    wrong = {
        "variables": ["a", "a"], "shares": [[0.5, 0.6]], "precision": 0.0, "sizes": [0.2] * 5,
    }  # fmt: skip
    for key, value in wrong.items():
        [(place, _)] = item.model_copy(update={key: value}).impossible(1)
        assert place == (key,)


def test_extreme_shares_stay_finite() -> None:
    rng = np.random.default_rng(12)
    alone = np.eye(5)[rng.integers(0, 5, 400)]  # everybody has one part only
    columns = [Column(name, alone[:, c].copy()) for c, name in enumerate(NAMES)]
    items = Column("orders", np.full(400, 50.0))
    fitted = fit_mixture(design_of([*columns, items]), 2, replace(QUICK, prior=0.0))
    assert np.isfinite(fitted.log_likelihood)
    assert fitted.items()[0].precision == pytest.approx(1e-3)
    equal = [Column(name, np.full(400, 0.2)) for name in NAMES]  # nobody differs
    fitted = fit_mixture(design_of([*equal, items]), 1, QUICK)
    assert fitted.items()[0].precision == pytest.approx(1e4)
    model = fitted.document({c.name: c for c in [*equal, items]})
    assert (score(model, {c.name: c for c in [*equal, items]}).segment == 1).all()
