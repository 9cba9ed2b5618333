"""Every family answers every question, and its answers agree with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.special import logsumexp, softmax

from forwhom.documents.base import Measure
from forwhom.documents.fitting import Fit
from forwhom.documents.items import (
    CategoricalItem,
    DirichletMultinomialItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import MixtureModel
from forwhom.documents.segmentation import Segmentation
from forwhom.errors import DataError, OptionError
from forwhom.mixture import (
    Column,
    Design,
    FitOptions,
    FittedMixture,
    build_design,
    fit_from_responsibilities,
    fit_mixture,
)
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families import DEFAULT, FAMILIES, family_of
from forwhom.mixture.maximization import mstep, penalty
from forwhom.mixture.novelty import novelty, novelty_reference
from forwhom.mixture.parameters import Parameters, degenerate, flatten, metric, unflatten
from forwhom.mixture.scoring import log_densities, score, unusable_values
from forwhom.mixture.shape import Shape
from forwhom.mixture.sql import scoring_sql
from forwhom.mixture.starts import make_starts

SHARES = [0.6, 0.4]


@dataclass(frozen=True)
class Example:
    """An item of two segments, how its variables are measured, and what is true of it."""

    item: Any
    measure: Measure
    #: Free parameters of two and of three segments, without the shares of the segments.
    parameters: tuple[int, int]
    #: A value that the family cannot have, if there is one that is a number.
    never: float | None = np.inf
    named: Mapping[str, str] = field(default_factory=dict)


def adjacent(slopes: list[float]) -> list[list[float]]:
    logits = np.array([0.2, 0.5, 0.4, 0.0]) + np.outer(slopes, np.linspace(-1, 1, 4))
    return softmax(logits, axis=1).tolist()


def block(*, tied: bool) -> GaussianBlock:
    second = [[1.0, 0.6], [0.6, 2.0]] if tied else [[2.0, -0.5], [-0.5, 1.0]]
    return GaussianBlock(
        variables=["x", "y"],
        tied=tied,
        means=[[0.0, 10.0], [3.0, 14.0]],
        covariances=[[[1.0, 0.6], [0.6, 2.0]], second],
    )


tilted = np.array([0.35, 0.5, 0.15]) * 2.91511 ** np.array([-1.0, 0.0, 1.0])

EXAMPLES = {
    "categorical": Example(
        CategoricalItem(
            variable="x", levels=list("abc"), probabilities=[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]
        ),
        "nominal",
        (4, 6),
        never=None,
    ),
    "ordinal": Example(
        CategoricalItem(variable="x", levels=list("1234"), probabilities=adjacent([-1.0, 2.0])),
        "ordinal",
        (4, 5),
        never=None,
    ),
    # Shares of the bins are alike on both sides of the middle, so that normal scores are in line.
    "tilt": Example(
        TiltItem(
            variable="x",
            cuts=[1.5, 7.0],
            centers=[1.0, 2.0, 12.0],
            probabilities=[[0.35, 0.5, 0.15], (tilted / tilted.sum()).tolist()],
        ),
        "continuous",
        (3, 4),
        named={"x": "tilt"},
    ),
    "gaussian": Example(
        GaussianItem(variable="x", means=[30.0, 50.0], sds=[6.0, 9.0]), "continuous", (4, 6)
    ),
    "gaussian-block": Example(
        block(tied=False), "continuous", (10, 15), named=dict.fromkeys("xy", "gaussian-block")
    ),
    "tied-gaussian-block": Example(
        block(tied=True), "continuous", (7, 9), named=dict.fromkeys("xy", "tied-gaussian-block")
    ),
    "poisson": Example(PoissonItem(variable="x", rates=[1.5, 7.0]), "count", (2, 3), never=0.5),
    "positive": Example(
        PositiveItem(variable="x", any=[0.9, 0.5], log_means=[1.0, 3.0], log_sds=[0.5, 1.0]),
        "positive",
        (6, 9),
        never=-1.0,
    ),
    "dirichlet-multinomial": Example(
        DirichletMultinomialItem(
            whole="spend",
            variables=["x", "y", "z"],
            items="n",
            shares=[[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]],
            precision=4.0,
            sizes=[0.1, 0.1, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.2],
        ),
        "positive",
        (5, 7),
        never=-1.0,
        named=dict.fromkeys("xyzn", "dirichlet-multinomial"),
    ),
}
families = pytest.mark.parametrize("name", FAMILIES)


def test_every_family_has_an_example_and_every_item_a_family() -> None:
    assert EXAMPLES.keys() == FAMILIES.keys()
    items = set(get_args(get_args(Item)[0]))
    assert items == {family.item for family in FAMILIES.values()}
    for name, example in EXAMPLES.items():
        assert type(example.item) is FAMILIES[name].item
    assert set(DEFAULT) == set(get_args(Measure))
    assert set(DEFAULT.values()) <= set(FAMILIES)


def draw(name: str, n: int, seed: int) -> tuple[dict[str, Column], np.ndarray]:
    rng = np.random.default_rng(seed)
    segments = rng.choice(2, n, p=SHARES)
    return FAMILIES[name].draw(EXAMPLES[name].item, segments, rng), segments


def with_holes(columns: Mapping[str, Column], seed: int) -> dict[str, Column]:
    rng = np.random.default_rng(seed)
    found = {}
    for name, column in columns.items():
        values = column.values.copy()
        values[rng.random(len(values)) < 0.2] = -1 if column.levels is not None else np.nan
        found[name] = replace(column, values=values)
    return found


def design_of(name: str, columns: Mapping[str, Column], weights: Any = None) -> Design:
    example = EXAMPLES[name]
    measures = dict.fromkeys(columns, example.measure)
    return build_design(
        list(columns.values()), measures, weights, families=example.named, collapse=False
    )


def known(name: str, columns: Mapping[str, Column], segments: np.ndarray) -> FittedMixture:
    """Fitted where the segments are known: one M-step."""
    return fit_from_responsibilities(design_of(name, columns), np.eye(2)[segments], prior=0.0)


def log_joint(fitted: FittedMixture, columns: Mapping[str, Column]) -> np.ndarray:
    model = fitted.document(columns)
    return np.log(model.weights) + sum(table for _, table in log_densities(model, columns))


@families
def test_the_engine_and_the_document_give_the_same_density(name: str) -> None:
    columns, segments = draw(name, 400, 1)
    columns = with_holes(columns, 2)
    fitted = known(name, columns, segments)
    logs = log_joint(fitted, columns)
    assert fitted.log_likelihood == pytest.approx(logsumexp(logs, axis=1).sum(), rel=1e-11)
    assert fitted.responsibilities() == pytest.approx(softmax(logs, axis=1), abs=1e-11)


@families
def test_it_finds_what_customers_were_drawn_from(name: str) -> None:
    columns, segments = draw(name, 20_000, 3)
    fitted = known(name, columns, segments)
    [item], truth = fitted.items(), EXAMPLES[name].item
    assert item.kind == truth.kind
    assert item.names == truth.names == tuple(columns)[: len(item.names)]
    assert list(item.impossible(2)) == []
    assert fitted.weights == pytest.approx(SHARES, abs=0.02)
    family = family_of(item)
    # Kullback and Leibler's distance: no parameter is far off where it matters.
    for segment in range(2):
        rng = np.random.default_rng(segment)
        drawn = family.draw(truth, np.full(20_000, segment), rng)
        gap = [family.density(x, drawn).evaluate(slice(None))[0][segment] for x in (truth, item)]
        assert abs((gap[0] - gap[1]).mean()) < 2e-3


@families
def test_free_parameters(name: str) -> None:
    columns, _ = draw(name, 300, 4)
    for k, expected in zip((2, 3), EXAMPLES[name].parameters, strict=True):
        rng = np.random.default_rng(k)
        responsibilities = rng.dirichlet(np.ones(k), 300)
        fitted = fit_from_responsibilities(design_of(name, columns), responsibilities)
        assert fitted.n_parameters == k - 1 + expected
    column = next(iter(columns.values()))
    assert FAMILIES[name].per_segment(column) >= 1


@families
@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_an_m_step_never_loses(name: str, prior: float) -> None:
    columns, _ = draw(name, 300, 5)
    weights = np.random.default_rng(5).integers(1, 4, 300).astype(float)
    data = Expectation(design_of(name, with_holes(columns, 6), weights))
    theta = make_starts(data, 3, 6, np.random.default_rng(7), prior)
    values = []
    for _ in range(6):
        sums = data.sums(theta)
        values.append(sums.loglik + penalty(data, theta, prior))
        theta = mstep(data, sums, theta, prior)
    assert np.diff(values, axis=0).min() > -1e-8 * np.abs(values).max()


@families
def test_coordinates_lead_back_to_the_parameters(name: str) -> None:
    columns, _ = draw(name, 300, 8)
    data = Expectation(design_of(name, with_holes(columns, 9)))
    starts = make_starts(data, 3, 5, np.random.default_rng(10), 1.0)
    theta = mstep(data, data.sums(starts), starts, 1.0)
    for one in (starts, theta):
        coordinates = flatten(one, data.layout)
        assert np.isfinite(coordinates).all()
        assert metric(one, data.layout).shape == coordinates.shape
        assert (metric(one, data.layout) >= 0).all()
        again = unflatten(coordinates, one, data.layout)
        same_densities(data, one, again)
        # Wherever acceleration leads, there is a model.
        wild = unflatten(coordinates + 40 * np.sign(coordinates), one, data.layout)
        assert np.isfinite(data.sums(wild).loglik).all()
    turned = theta.pick(np.array([4, 0])).order(np.array([2, 0, 1]))
    assert data.sums(turned).loglik == pytest.approx(data.sums(theta).loglik[[4, 0]], rel=1e-12)


def same_densities(data: Expectation, one: Parameters, other: Parameters) -> None:
    a, b = data.sums(one), data.sums(other)
    assert a.loglik == pytest.approx(b.loglik, rel=1e-9)
    assert a.segments == pytest.approx(b.segments, rel=1e-6)


@families
def test_copies_of_a_segment_are_moved_apart(name: str) -> None:
    columns, segments = draw(name, 300, 11)
    fitted = known(name, columns, segments)
    index = np.array([0, 1, 1])
    copies = np.array([1, 2, 2])
    rng = np.random.default_rng(12)
    parts = zip(fitted.data.layout.distributions, fitted.parameters.order(index).parts, strict=True)
    split = Parameters(tuple(d.split(arrays, copies, rng) for d, arrays in parts))
    assert split.weights[0].sum() == pytest.approx(1.0)
    resp = fitted.data.responsibilities(split)
    assert np.abs(resp[:, 1] - resp[:, 2]).max() > 1e-3


@families
def test_a_prior_keeps_a_segment_of_one_customer_off_the_boundary(name: str) -> None:
    columns, _ = draw(name, 300, 13)
    lonely = np.eye(2)[(np.arange(300) == 5).astype(int)]
    fitted = fit_from_responsibilities(design_of(name, columns), lonely, prior=1.0)
    layout, parameters = fitted.data.layout, fitted.parameters
    assert not degenerate(parameters, layout).any()
    assert np.isfinite(log_joint(fitted, columns)).all()
    assert np.isfinite(penalty(fitted.data, parameters, 1.0)).all()


@families
def test_a_weight_of_two_is_two_customers(name: str) -> None:
    columns, segments = draw(name, 200, 14)
    columns = with_holes(columns, 15)
    weights = np.random.default_rng(16).integers(0, 3, 200)
    weights[:2] = 1, 1
    rows = np.repeat(np.arange(200), weights)
    several = {n: replace(c, values=c.values[rows]) for n, c in columns.items()}
    a = fit_from_responsibilities(
        design_of(name, columns, weights.astype(float)), np.eye(2)[segments]
    )
    b = fit_from_responsibilities(design_of(name, several), np.eye(2)[segments[rows]])
    assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)


@families
def test_segments_expect_the_log_density_that_their_members_have(name: str) -> None:
    item = EXAMPLES[name].item
    family = family_of(item)
    expected = family.expectation(item)
    assert len(expected) == len(item.terms)
    for segment in range(2):
        drawn = family.draw(item, np.full(100_000, segment), np.random.default_rng(segment))
        logs, seen = family.density(item, drawn).evaluate(slice(None))
        spread, center = np.zeros(100_000), np.zeros(100_000)
        for term, mask in zip(expected, seen, strict=True):
            center += np.where(mask, term.center[segment], 0.0)
            spread += np.where(mask, term.spread[segment], 0.0)
        error = np.sqrt(spread.mean() / 100_000)
        gap = logs[segment] - center
        assert gap.mean() == pytest.approx(0.0, abs=5 * error)
        assert (gap**2).mean() == pytest.approx(spread.mean(), rel=0.05)


@families
def test_the_sql_gives_what_the_library_gives(name: str) -> None:
    columns, segments = draw(name, 300, 17)
    example = EXAMPLES[name]
    columns = with_holes(columns, 18)
    if example.never is not None:
        for column in columns.values():
            column.values[7] = example.never
    model = known(name, with_holes(draw(name, 300, 17)[0], 18), segments).document(columns)
    segmentation = Segmentation(
        created="2024-01-01T00:00:00Z", version="0", id_column="id", n=1, variables=[],
        model=model, fit=Fit(method="mixture", seed=0), segments=[], overlap=[],
    )  # fmt: skip
    table = {"id": pa.array(range(300))}
    for column in columns.values():
        texts = [None if c < 0 else column.levels[c] for c in column.values] if column.levels else 0
        table[column.name] = pa.array(texts or column.values)
    with duckdb.connect() as connection:
        connection.register("customers", pa.table(table))
        sql = scoring_sql(segmentation, "customers")
        rows = np.array(connection.sql(sql + " ORDER BY id").fetchall(), dtype=float)
    scores = score(model, columns)
    assert rows[:, 2:4] == pytest.approx(scores.probabilities, abs=1e-9)
    assert rows[:, 5] == pytest.approx(scores.fit, rel=1e-9, abs=1e-9, nan_ok=True)
    assert rows[:, 1].tolist() == scores.segment.tolist()


@pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name].never is not None])
def test_numbers_that_it_cannot_have_count_as_missing_and_are_said(name: str) -> None:
    example = EXAMPLES[name]
    columns, segments = draw(name, 200, 19)
    model = known(name, columns, segments).document(columns)
    wrong = {n: replace(c, values=np.append(c.values, example.never)) for n, c in columns.items()}
    assert unusable_values(model, wrong) == dict.fromkeys(columns, 1)
    scores = score(model, wrong)
    assert not scores.known[-1]
    assert scores.probabilities[-1] == pytest.approx(model.weights)


@families
def test_cells_hold_the_customers_that_they_expect(name: str) -> None:
    item = EXAMPLES[name].item
    columns, segments = draw(name, 20_000, 20)
    found = family_of(item).cells(item, columns)
    assert [cells.variable for cells in found] == list(item.names)
    for cells in found:
        assert cells.probs.sum(axis=1) == pytest.approx([1.0, 1.0])
        for segment in range(2):
            own = cells.codes[(segments == segment) & (cells.codes >= 0)]
            shares = np.bincount(own, minlength=cells.probs.shape[1])
            assert shares / shares.sum() == pytest.approx(cells.probs[segment], abs=0.02)


@families
def test_a_list_of_another_length_is_refused(name: str) -> None:
    item = EXAMPLES[name].item
    assert list(item.impossible(2)) == []
    for key, value in item:
        if isinstance(value, list):
            shorter = item.model_copy(update={key: value[:-1]})
            problems = list(shorter.impossible(2))
            assert problems or (key == "covariances" and item.tied), key
    assert list(item.impossible(3))


@families
def test_a_column_of_the_other_kind_is_refused(name: str) -> None:
    family = FAMILIES[name]
    codes = Column("x", np.zeros(5, dtype=np.int32), ("a", "b"))
    wrong = Column("x", np.arange(5.0)) if EXAMPLES[name].never is None else codes
    with pytest.raises(DataError, match=r"'x' holds (numbers without levels|levels, not numbers)"):
        family.parts([wrong], np.empty(0))


@families
def test_a_document_scores_as_the_model_does(name: str) -> None:
    item = EXAMPLES[name].item
    columns, _ = draw(name, 2_000, 21)
    terms, centers, spreads = novelty_reference(SHARES, [item])
    assert [t.part for t in terms] == list(item.terms)
    assert centers.shape == spreads.shape == (len(item.terms), 2)
    model = MixtureModel(weights=SHARES, items=[item], novelty=novelty([item], SHARES, columns))
    assert list(model.impossible(2)) == []
    scores = score(model, columns)
    assert (scores.segment > 0).mean() > 0.99


def test_a_variable_may_name_another_family_than_its_measure_suggests() -> None:
    columns, _ = draw("ordinal", 300, 22)
    other = draw("categorical", 300, 23)[0]["x"]
    both = [columns["x"], replace(other, name="y")]
    options = FitOptions(n_starts=10)
    measures: dict[str, Measure] = {"x": "ordinal", "y": "nominal"}
    named = fit_mixture(build_design(both, measures, families={"x": "categorical"}), 2, options)
    nominal = fit_mixture(build_design(both, dict.fromkeys("xy", "nominal")), 2, options)
    assert named.items() == nominal.items()
    with pytest.raises(OptionError, match=r"no family of distributions 'poison'.*poisson"):
        build_design(both, measures, families={"x": "poison"})


def test_variables_that_name_a_joint_family_make_one_block() -> None:
    columns, _ = draw("gaussian-block", 300, 24)
    alone = replace(draw("gaussian", 300, 25)[0]["x"], name="alone")
    measures: dict[str, Measure] = dict.fromkeys(["x", "alone", "y"], "continuous")
    ordered = [columns["x"], alone, columns["y"]]
    named = dict.fromkeys("xy", "gaussian-block")
    fitted = fit_mixture(build_design(ordered, measures, families=named), 2, FitOptions(n_starts=5))
    assert [item.names for item in fitted.items()] == [("x", "y"), ("alone",)]
    joined = build_design([columns["x"], columns["y"]], dict.fromkeys("xy", "continuous"))
    full = run_em(
        data := Expectation(joined, Shape("full")),
        make_starts(data, 2, 3, np.random.default_rng(0), 1.0),
        prior=1.0, tol=1e-8, max_iter=200,
    )  # fmt: skip
    same = run_em(
        data := Expectation(design_of("gaussian-block", columns)),
        make_starts(data, 2, 3, np.random.default_rng(0), 1.0),
        prior=1.0, tol=1e-8, max_iter=200,
    )  # fmt: skip
    assert same.loglik == pytest.approx(full.loglik, rel=1e-12)
