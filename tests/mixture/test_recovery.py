"""Simulate customers from known segments, and find them again: every family alone and together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from forwhom.documents.base import Measure
from forwhom.documents.items import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
)
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture, select
from forwhom.mixture.bootstrap import simulate
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.matching import match_segments
from forwhom.mixture.shape import Covariance
from forwhom.tables.weights import sampling_weights

SHARES = [0.5, 0.3, 0.2]


def binary(name: str, *shares: float) -> CategoricalItem:
    rows = [[1 - p, p] for p in shares]
    return CategoricalItem(variable=name, levels=["no", "yes"], probabilities=rows)


def nominal(name: str, *rows: list[float]) -> CategoricalItem:
    levels = [f"level {m}" for m in range(len(rows[0]))]
    return CategoricalItem(variable=name, levels=levels, probabilities=list(rows))


def ordinal(name: str, thresholds: Sequence[float], *slopes: float) -> CategoricalItem:
    """Adjacent-category logits: shared thresholds, a slope per segment."""
    logits = np.array(thresholds) + np.outer(slopes, np.linspace(-1, 1, len(thresholds)))
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return nominal(name, *probabilities.tolist())


def spending(name: str, shares: Sequence[float], *log_means: float) -> PositiveItem:
    sds = [0.5, 0.4, 0.6][: len(log_means)]
    return PositiveItem(variable=name, any=list(shares), log_means=list(log_means), log_sds=sds)


def block(tied: bool) -> GaussianBlock:
    first = [[1.0, 0.6, 0.0], [0.6, 2.0, -0.5], [0.0, -0.5, 1.5]]
    second = [[2.0, -0.8, 0.3], [-0.8, 1.0, 0.0], [0.3, 0.0, 0.5]]
    third = [[0.5, 0.0, 0.2], [0.0, 0.5, 0.1], [0.2, 0.1, 1.0]]
    return GaussianBlock(
        variables=["height", "width", "depth"],
        tied=tied,
        means=[[0.0, 0.0, 0.0], [5.0, 1.0, -3.0], [0.0, 6.0, 4.0]],
        covariances=[first] * 3 if tied else [first, second, third],
    )


@dataclass(frozen=True)
class Case:
    measure: Measure | None
    items: list[Item]
    covariance: Covariance = "diagonal"

    def measures(self) -> dict[str, Measure]:
        found: dict[str, Measure] = {}
        for item in self.items:
            names = item.variables if isinstance(item, GaussianBlock) else [item.variable]
            found |= {name: self.measure or measure_of(item) for name in names}
        return found


def measure_of(item: Item) -> Measure:
    if isinstance(item, CategoricalItem):
        return "ordinal" if item.variable.startswith("scale") else "nominal"
    if isinstance(item, PoissonItem):
        return "count"
    return "positive" if isinstance(item, PositiveItem) else "continuous"


CASES = {
    "binary": Case(
        "binary",
        [
            *(binary(f"a{j}", 0.9, 0.2, 0.15) for j in range(4)),
            *(binary(f"b{j}", 0.3, 0.9, 0.1) for j in range(4)),
        ],
    ),
    "nominal": Case(
        "nominal",
        [
            nominal(f"x{j}", [0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6], [0.1, 0.58, 0.3, 0.02])
            for j in range(5)
        ],
    ),
    "ordinal": Case(
        "ordinal",
        [ordinal(f"scale{j}", [0.0, 0.6, 0.8, 0.9, 0.2], -2.5, 0.3, 3.0) for j in range(5)],
    ),
    "count": Case(
        "count",
        [PoissonItem(variable=f"visits{j}", rates=[1.0, 4.0, 11.0 + j]) for j in range(4)],
    ),
    "continuous": Case(
        "continuous",
        [
            GaussianItem(variable="age", means=[25.0, 45.0, 70.0], sds=[4.0, 7.0, 5.0]),
            GaussianItem(variable="income", means=[20e3, 60e3, 30e3], sds=[3e3, 9e3, 5e3]),
            GaussianItem(variable="distance", means=[0.1, 0.2, 0.9], sds=[0.05, 0.05, 0.2]),
        ],
    ),
    "full": Case("continuous", [block(tied=False)], "full"),
    "tied": Case("continuous", [block(tied=True)], "tied"),
    "positive": Case(
        "positive",
        [
            spending("food", [0.95, 0.9, 0.3], 3.0, 5.0, 2.0),
            spending("toys", [0.2, 0.8, 0.5], 1.0, 3.0, 3.0),
            PositiveItem(
                variable="fuel", any=None, log_means=[0.0, 1.0, 3.0], log_sds=[0.4, 0.5, 0.6]
            ),
        ],
    ),
    "mix": Case(
        None,
        [
            binary("member", 0.9, 0.3, 0.1),
            nominal("channel", [0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.2, 0.6, 0.2]),
            ordinal("scale", [0.0, 0.5, 0.5, 0.0], 2.0, 0.0, -2.0),
            PoissonItem(variable="visits", rates=[9.0, 3.0, 1.0]),
            GaussianItem(variable="age", means=[30.0, 40.0, 60.0], sds=[6.0, 6.0, 8.0]),
            spending("food", [0.9, 0.6, 0.5], 4.0, 3.0, 2.0),
        ],
    ),
}


def hide(columns: dict[str, Column], share: float, seed: int) -> dict[str, Column]:
    """Make values missing completely at random."""
    rng = np.random.default_rng(seed)
    hidden = {}
    for name, column in columns.items():
        values = column.values.copy()
        values[rng.random(len(values)) < share] = -1 if column.levels is not None else np.nan
        hidden[name] = replace(column, values=values)
    return hidden


def true_responsibilities(z: np.ndarray, k: int) -> np.ndarray:
    return np.eye(k)[z]


def flatten(item: Item) -> tuple[np.ndarray, np.ndarray]:
    """Parameters of an item (K, P), and the standard deviation of one customer's information."""
    if isinstance(item, CategoricalItem):
        p = np.array(item.probabilities)
        return p, np.sqrt(p * (1 - p))
    if isinstance(item, PoissonItem):
        rates = np.array(item.rates)[:, None]
        return rates, np.sqrt(rates)
    if isinstance(item, GaussianItem):
        sds = np.array(item.sds)
        return np.column_stack([item.means, sds]), np.column_stack([sds, sds / np.sqrt(2)])
    if isinstance(item, PositiveItem):
        any_of = np.array(item.any or np.ones(len(item.log_means)))
        sds = np.array(item.log_sds) / np.sqrt(any_of)
        spread = [np.sqrt(any_of * (1 - any_of)), sds, sds / np.sqrt(2)]
        return np.column_stack([any_of, item.log_means, item.log_sds]), np.column_stack(spread)
    covariances = np.array(item.covariances)
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    spread = np.sqrt(variances[:, :, None] * variances[:, None, :] + covariances**2)
    k = len(variances)
    means = np.array(item.means)
    return (
        np.column_stack([means, covariances.reshape(k, -1)]),
        np.column_stack([np.sqrt(variances), spread.reshape(k, -1)]),
    )


def assert_recovered(
    fitted: FittedMixture, items: list[Item], order: np.ndarray, informative: float
) -> None:
    """Every parameter lies within four standard errors, widened for unsure memberships."""
    shares = np.array(SHARES)
    n = fitted.data.design.n * informative
    error = np.sqrt(shares * (1 - shares) / n)
    assert (np.abs(fitted.weights[order] - shares) < 4 * 1.25 * error).all()
    found = {str(getattr(i, "variable", "block")): i for i in fitted.items()}
    for item in items:
        truth, spread = flatten(item)
        estimate, _ = flatten(found[str(getattr(item, "variable", "block"))])
        error = spread / np.sqrt(n * shares)[:, None]
        allowed = 4 * 1.25 * error
        assert (np.abs(estimate[order] - truth) <= allowed).all(), item


@pytest.mark.parametrize("treatment", ["complete", "missing", "weighted"])
@pytest.mark.parametrize("name", CASES)
def test_known_segments_are_recovered(
    name: str, treatment: str, log_likelihood: Callable[..., float]
) -> None:
    case = CASES[name]
    weights, informative = None, 1.0
    if treatment == "weighted":  # the sample has too many of the small segments
        sampled = [0.2, 0.3, 0.5]
        columns, z = simulate(case.items, sampled, 2400, seed=11)
        weights = sampling_weights((np.array(SHARES) / sampled)[z])
    else:
        columns, z = simulate(case.items, SHARES, 2000, seed=12)
    if treatment == "missing":
        columns = hide(columns, 0.2, seed=13)
        informative = 0.8
    measures = case.measures()
    design = build_design([columns[v] for v in measures], measures, weights)
    fitted = fit_mixture(design, 3, FitOptions(n_starts=10, covariance=case.covariance))
    order, _ = match_segments(true_responsibilities(z, 3), fitted.responsibilities())
    assert fitted.converged
    assert_recovered(fitted, case.items, order, informative)
    assert fitted.log_likelihood > log_likelihood(case.items, SHARES, columns, weights)
    again = log_likelihood(fitted.items(), fitted.weights, columns, weights)
    assert fitted.log_likelihood == pytest.approx(again, abs=1e-6)


def only(item: Item, k: int) -> Item:
    """Keep one segment of an item, so that there is no structure left."""
    changed = {
        field: [value[k]]
        for field, value in item
        if isinstance(value, list) and field not in ("levels", "variables")
    }
    return item.model_copy(update=changed)


@pytest.mark.parametrize("name", CASES)
def test_customers_without_structure_are_one_segment(name: str) -> None:
    case = CASES[name]
    columns, _ = simulate([only(item, 1) for item in case.items], [1.0], 600, seed=21)
    measures = case.measures()
    design = build_design([columns[v] for v in measures], measures)
    selection = select(design, range(1, 4), FitOptions(n_starts=6, covariance=case.covariance))
    assert selection.best.k == 1
    assert selection.best.weights == pytest.approx([1.0])


@pytest.mark.parametrize("name", CASES)
def test_the_number_of_segments_is_recovered(name: str) -> None:
    case = CASES[name]
    columns, _ = simulate(case.items, SHARES, 1200, seed=22)
    measures = case.measures()
    design = build_design([columns[v] for v in measures], measures)
    options = FitOptions(n_starts=10, covariance=case.covariance)
    selection = select(design, range(2, 5), options)
    assert selection.best.k == 3
    logs = [c.log_likelihood for c in selection.candidates]
    assert logs == sorted(logs)


def test_one_segment_is_the_whole_sample() -> None:
    columns, _ = simulate(CASES["mix"].items, SHARES, 1200, seed=23)
    measures = CASES["mix"].measures()
    design = build_design([columns[v] for v in measures], measures)
    found = {i.variable: i for i in fit_mixture(design, 1, FitOptions(prior=0)).items()}
    member = columns["member"].values
    assert found["member"].probabilities[0][1] == pytest.approx(member.mean())
    assert found["visits"].rates[0] == pytest.approx(columns["visits"].values.mean())
    assert found["age"].means[0] == pytest.approx(columns["age"].values.mean())
    assert found["age"].sds[0] == pytest.approx(columns["age"].values.std())
    food = columns["food"].values
    assert found["food"].any[0] == pytest.approx((food > 0).mean())
    assert found["food"].log_sds[0] == pytest.approx(np.log(food[food > 0]).std())
    # With one segment an ordinal variable has as many parameters as levels: it is saturated.
    shares = np.bincount(columns["scale"].values) / 1200
    assert found["scale"].probabilities[0] == pytest.approx(shares, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 4, 8])
def test_a_few_large_weights_make_no_segments_out_of_noise(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = (rng.random((1000, 8)) < np.linspace(0.2, 0.8, 8)).astype(np.int32)
    columns = [Column(f"x{j}", codes[:, j].copy(), ("no", "yes")) for j in range(8)]
    measures: dict[str, Measure] = {column.name: "binary" for column in columns}
    design = build_design(columns, measures, np.exp(rng.normal(0, 1.2, 1000)))
    assert select(design, [1, 2], FitOptions(n_starts=10)).best.k == 1
