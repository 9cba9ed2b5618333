"""The variance of sizes and means, with everything that decides who belongs where."""

import numpy as np
import pytest

from forwhom.documents.items import GaussianItem, Item, PoissonItem
from forwhom.errors import DataError
from forwhom.mixture import (
    Column,
    FitOptions,
    FittedMixture,
    build_design,
    fit_mixture,
    information,
)
from forwhom.mixture.bootstrap import simulate
from forwhom.mixture.estimator import LatentSegments
from forwhom.mixture.information import Information
from forwhom.mixture.reopened import reopened

ITEMS: list[Item] = [
    GaussianItem(variable="age", means=[0.0, 1.6], sds=[1.0, 1.0]),
    GaussianItem(variable="score", means=[0.0, 1.6], sds=[1.0, 1.0]),
    PoissonItem(variable="visits", rates=[2.0, 5.0]),
]
MEASURES = {"age": "continuous", "score": "continuous", "visits": "count"}
SHARES = [0.6, 0.4]


def drawn(n: int, seed: int) -> list[Column]:
    columns, _ = simulate(ITEMS, SHARES, n, seed)
    return [columns[name] for name in MEASURES]


def fitted_to(columns: list[Column], weights: np.ndarray | None = None) -> FittedMixture:
    design = build_design(columns, MEASURES, weights)  # type: ignore[arg-type]
    found = fit_mixture(design, 2, FitOptions(n_starts=5))
    rates = np.array(found.items()[2].rates)  # type: ignore[union-attr]
    return found.ordered(np.argsort(rates))


def variance_of_share(
    fitted: FittedMixture, weights: np.ndarray | None = None, about: str = ""
) -> float:
    found = Information(fitted, weights, prior=1.0)
    total = len(fitted.labels()) if weights is None else weights.sum()
    one = np.ones((len(found.customers), 1))
    share = float(fitted.weights[1])
    return float(found.variance(1, one * (1 - share) / total, one * -share / total, about)[0])


def test_the_variance_of_a_share_is_that_of_samples() -> None:
    fits = [fitted_to(drawn(800, seed)) for seed in range(60)]
    between = np.var([fit.weights[1] for fit in fits])
    told = np.mean([variance_of_share(fit) for fit in fits])
    chances = [fit.responsibilities()[:, 1] for fit in fits]
    # Information about the shares alone, as if the segments themselves were known.
    alone = np.mean([(0.4 * 0.6) ** 2 / (800 * np.var(r)) for r in chances])
    assert told == pytest.approx(between, rel=0.4)
    assert told > 1.3 * alone


def test_weights_widen_as_they_lose_customers_and_whole_ones_count_them() -> None:
    columns, rng = drawn(3000, 1), np.random.default_rng(2)
    plain = variance_of_share(fitted_to(columns))
    weights = np.exp(rng.normal(0, 0.8, 3000))
    effective = weights.sum() ** 2 / (weights @ weights)
    weighted = variance_of_share(fitted_to(columns, weights), weights)
    assert weighted == pytest.approx(plain * 3000 / effective, rel=0.3)
    again = variance_of_share(fitted_to(columns, weights), 1000 * weights)
    assert again == pytest.approx(weighted, rel=1e-9)
    twice = variance_of_share(fitted_to(columns, np.full(3000, 2.0)), np.full(3000, 2.0))
    assert twice == pytest.approx(plain / 2, rel=0.01)


def test_equal_rows_that_were_collapsed_say_the_same() -> None:
    visits = [PoissonItem(variable=f"visits {j}", rates=[1.0, 5.0]) for j in range(3)]
    columns, _ = simulate(visits, SHARES, 2000, 3)
    found = []
    for collapse in (True, False):
        design = build_design(
            list(columns.values()), dict.fromkeys(columns, "count"), collapse=collapse
        )
        fitted = fit_mixture(design, 2, FitOptions(n_starts=5, tol=1e-13))
        assert (fitted.data.design.rows is not None) == collapse
        found.append(variance_of_share(fitted))
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_a_sample_of_the_customers_says_nearly_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = fitted_to(drawn(12_000, 4))
    every = variance_of_share(fitted)
    monkeypatch.setattr(information, "MOST_CUSTOMERS", 4000)
    assert len(Information(fitted).customers) == 4000
    assert variance_of_share(fitted) == pytest.approx(every, rel=0.15)


def test_too_many_parameters_stand_variable_by_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = fitted_to(drawn(2000, 5))
    together = variance_of_share(fitted)
    monkeypatch.setattr(information, "MOST_PARAMETERS", 5)
    shares, age = variance_of_share(fitted), variance_of_share(fitted, about="age")
    assert shares < age < together


def test_a_customer_who_is_left_out_is_placed_by_the_others() -> None:
    columns = drawn(150, 5)
    fitted = fitted_to(columns)
    found, plain = Information(fitted, prior=1.0).left_out(), fitted.responsibilities()
    doubtful = np.argsort(np.abs(plain[:, 0] - 0.5))[:6].tolist()
    for who in doubtful:
        others = np.ones(150)
        others[who] = 0.0
        exact = fitted_to(columns, others).responsibilities()[who]
        assert np.abs(found[who] - exact).max() < 0.5 * np.abs(plain[who] - exact).max() + 0.002


def test_the_covariance_of_statistics_is_that_of_their_influences() -> None:
    columns, rng = drawn(400, 6), np.random.default_rng(7)
    weights = rng.uniform(0.5, 2.0, 400)
    found = Information(fitted_to(columns, weights), weights, prior=1.0)
    inside = rng.normal(size=(400, 2)) / weights.sum()
    influence = found.influence(1, inside, 0.5 * inside)
    told = found.covariance(influence)
    squares = weights**2
    assert told == pytest.approx((influence * squares[:, None]).T @ influence)
    assert np.diag(told) == pytest.approx(found.variance(1, inside, 0.5 * inside))
    counted = Information(fitted_to(columns), np.full(400, 3.0))
    assert counted.covariance(influence) == pytest.approx(3.0 * influence.T @ influence)


def test_a_fit_is_taken_up_again_with_its_own_customers_alone() -> None:
    rng = np.random.default_rng(8)
    customers = rng.normal(np.where(np.arange(120) < 60, 0.0, 5.0)[:, None], 1.0, (120, 2))
    model = LatentSegments(2, n_starts=2, random_state=0).fit(customers)
    found = reopened(model, customers)
    assert found.responsibilities() == pytest.approx(model.predict_proba(customers), abs=0.01)
    with pytest.raises(DataError, match="not the customers that the segments were fitted to"):
        reopened(model, 0.5 * customers)
    some = reopened(model, customers, np.arange(1.0, 121.0), rows=np.arange(40, 80))
    assert some.n_customers == 40
    assert some.data.design.weights.max() / some.data.design.weights.min() == pytest.approx(80 / 41)
