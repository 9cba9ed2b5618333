"""One E-step against the sum written down with SciPy, one M-step against weighted moments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from forwhom.documents.items import CategoricalItem, GaussianItem, PoissonItem, PositiveItem
from forwhom.errors import DataError
from forwhom.mixture import (
    Column,
    FitOptions,
    FittedMixture,
    fit_mixture,
)

from .customers import Columns, at_random_responsibilities, codes, design_of, fit, hide, mixed


class TestExpectation:
    """A cold E-step against the sum written down with SciPy."""

    @pytest.fixture(autouse=True)
    def _plain(self, log_joint: Callable[..., np.ndarray]) -> None:
        self.log_joint = log_joint

    def check(self, fitted: FittedMixture, columns: Columns) -> None:
        logs = self.log_joint(fitted.items(), fitted.weights, columns)
        assert fitted.log_likelihood == pytest.approx(logsumexp(logs, axis=1).sum(), rel=1e-11)
        responsibilities = fitted.responsibilities()
        assert responsibilities == pytest.approx(softmax(logs, axis=1), abs=1e-11)
        assert responsibilities.sum(axis=1) == pytest.approx(np.ones(len(logs)), abs=1e-12)

    @pytest.mark.parametrize("seed", range(5))
    def test_mixed_variables_with_missing_values(self, seed: int) -> None:
        columns = mixed(150, seed, missing=0.4)
        self.check(at_random_responsibilities(columns, 1 + seed, seed)[0], columns)

    def test_more_rows_than_one_task_takes(self) -> None:
        columns = mixed(20_000, 1)
        self.check(at_random_responsibilities(columns, 3, 1)[0], columns)

    def test_more_segments_than_one_tile_holds(self) -> None:
        columns = mixed(500, 2)
        for k in (8, 9, 17):
            self.check(at_random_responsibilities(columns, k, k)[0], columns)

    @pytest.mark.parametrize("n_levels", [255, 256, 257, 1000])
    def test_a_variable_with_many_levels(self, n_levels: int) -> None:
        rng = np.random.default_rng(3)
        town = rng.integers(-1, n_levels, 4000)
        columns = mixed(4000, 3)
        columns["town"] = codes("town", town, *(f"town {m}" for m in range(n_levels)))
        self.check(at_random_responsibilities(columns, 3, 3)[0], columns)

    def test_more_levels_than_a_code_can_number_are_refused(self) -> None:
        levels = [str(m) for m in range(70_000)]
        with pytest.raises(DataError, match="identifies customers"):
            design_of({"id": codes("id", np.arange(70_000), *levels)})

    @pytest.mark.parametrize("number_too", [False, True])
    def test_products_that_underflow(self, number_too: bool) -> None:
        rng = np.random.default_rng(4)
        columns = {
            f"item {j}": codes(f"item {j}", rng.integers(0, 4, 300), *"abcd") for j in range(300)
        }
        if number_too:
            columns["age"] = Column("age", rng.normal(40, 10, 300))
        fitted, _ = at_random_responsibilities(columns, 3, 4)
        assert fitted.log_likelihood / 300 < math.log(1e-150)
        self.check(fitted, columns)

    def test_a_number_far_from_everybody(self) -> None:
        columns = mixed(300, 5)
        columns["age"].values[0] = 1e6
        columns["height"].values[1] = -1e5
        self.check(at_random_responsibilities(columns, 3, 5, prior=0.0)[0], columns)

    @pytest.mark.parametrize("covariance", ["full", "tied"])
    def test_a_covariance_matrix_with_missing_values(self, covariance: str) -> None:
        columns = mixed(400, 6, missing=0.3)
        options = FitOptions(n_starts=2, max_iter=3, covariance=covariance)
        self.check(fit_mixture(design_of(columns), 3, options), columns)

    def test_customers_who_answered_nothing(self) -> None:
        columns = mixed(300, 7)
        columns = {n: replace(c, values=hide(c, np.arange(300) < 3)) for n, c in columns.items()}
        fitted = fit(columns)
        assert fitted.responsibilities()[:3] == pytest.approx(np.tile(fitted.weights, (3, 1)))


class TestMaximization:
    """One M-step without a prior gives weighted moments."""

    def test_moments(self) -> None:
        columns = mixed(500, 8)
        del columns["scale"]
        fitted, r = at_random_responsibilities(columns, 3, 8, prior=0.0)
        found = {item.variable: item for item in fitted.items()}
        assert fitted.weights == pytest.approx(r.mean(axis=0))
        for name, column in columns.items():
            seen, x = ~column.missing, column.values
            w = r[seen]
            item = found[name]
            mean = (w.T @ x[seen]) / w.sum(axis=0)
            if isinstance(item, CategoricalItem):
                hot = np.eye(len(item.levels))[x[seen]]
                shares = (w.T @ hot) / w.sum(axis=0)[:, None]
                assert np.array(item.probabilities) == pytest.approx(shares, abs=1e-9)
            elif isinstance(item, PoissonItem):
                assert item.rates == pytest.approx(mean)
            elif isinstance(item, GaussianItem):
                variance = (w.T @ x[seen] ** 2) / w.sum(axis=0) - mean**2
                assert item.means == pytest.approx(mean)
                assert item.sds == pytest.approx(np.sqrt(variance))
            else:
                assert isinstance(item, PositiveItem)
                assert item.any == pytest.approx((w.T @ (x[seen] > 0)) / w.sum(axis=0))
                above = seen & (x > 0)
                logs, w = np.log(x[above]), r[above]
                mean = (w.T @ logs) / w.sum(axis=0)
                variance = (w.T @ logs**2) / w.sum(axis=0) - mean**2
                assert item.log_means == pytest.approx(mean)
                assert item.log_sds == pytest.approx(np.sqrt(variance))

    def test_a_prior_pulls_toward_the_whole_sample(self) -> None:
        columns = mixed(200, 9)
        whole, _ = at_random_responsibilities(columns, 1, 9)
        free, _ = at_random_responsibilities(columns, 3, 9, prior=0.0)
        pulled, _ = at_random_responsibilities(columns, 3, 9, prior=1e7)
        assert np.abs(free.weights - 1 / 3).max() > 0.01
        assert pulled.weights == pytest.approx(np.full(3, 1 / 3), abs=1e-4)
        for item, target in zip(pulled.items(), whole.items(), strict=True):
            if isinstance(item, CategoricalItem):
                assert item.probabilities[0] == pytest.approx(target.probabilities[0], abs=1e-3)
            if isinstance(item, PoissonItem):
                assert item.rates[0] == pytest.approx(target.rates[0], rel=1e-3)
            if isinstance(item, GaussianItem):
                assert item.sds[0] == pytest.approx(target.sds[0], rel=1e-3)
