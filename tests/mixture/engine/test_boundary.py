"""Awkward data give numbers, or an error that says what to do."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.mixture import (
    Column,
    FitOptions,
    FittedMixture,
    build_design,
    fit_mixture,
)

from .customers import codes, design_of, few, mixed, seeds, take


class TestBoundary:
    """Awkward data give numbers, or an error that says what to do."""

    @few
    @given(seed=seeds, k=st.integers(1, 4), prior=st.sampled_from([0.0, 1.0]))
    def test_few_customers_leave_no_nan(self, seed: int, k: int, prior: float) -> None:
        columns = mixed(12, seed, missing=0.3)
        columns["age"].values[0] = columns["height"].values[0] = columns["visits"].values[0] = 1.0
        columns["food"].values[0] = 2.0
        for name in ("member", "channel", "scale"):
            columns[name].values[0] = 0
        fitted = fit_mixture(design_of(columns), k, FitOptions(n_starts=5, prior=prior))
        self.finite(fitted)

    def finite(self, fitted: FittedMixture) -> None:
        assert math.isfinite(fitted.log_likelihood)
        assert np.isfinite(fitted.responsibilities()).all()
        assert fitted.weights.sum() == pytest.approx(1.0)
        for item in fitted.items():
            for name, value in item:
                if name not in ("kind", "variable", "variables", "levels", "tied") and value:
                    assert np.isfinite(np.array(value)).all(), (item, name)
        for name, value in fitted.candidate:
            if isinstance(value, float):
                assert math.isfinite(value), name

    @pytest.mark.parametrize("covariance", ["diagonal", "full", "tied"])
    @pytest.mark.parametrize("prior", [0.0, 1.0])
    def test_a_constant_number(self, covariance: str, prior: float) -> None:
        columns = {n: c for n, c in mixed(200, 61).items() if n in ("age", "height", "visits")}
        columns["age"] = Column("age", np.full(200, 41.0))
        options = FitOptions(n_starts=5, prior=prior, covariance=covariance)
        self.finite(fit_mixture(design_of(columns), 2, options))

    @pytest.mark.parametrize("covariance", ["diagonal", "full", "tied"])
    def test_two_equal_numbers(self, covariance: str) -> None:
        columns = mixed(200, 62)
        columns["height"] = replace(columns["age"], name="height")
        options = FitOptions(n_starts=5, prior=0.0, covariance=covariance)
        self.finite(fit_mixture(design_of(columns), 2, options))

    @pytest.mark.parametrize("k", [1, 2])
    @pytest.mark.parametrize("prior", [0.0, 1.0])
    def test_two_equal_rows_only(self, k: int, prior: float) -> None:
        columns = take(mixed(5, 63, missing=0.0), np.array([3, 3]))
        self.finite(fit_mixture(design_of(columns), k, FitOptions(n_starts=5, prior=prior)))

    def test_one_row(self) -> None:
        columns = take(mixed(5, 64, missing=0.0), np.array([2]))
        self.finite(fit_mixture(design_of(columns), 1, FitOptions(prior=0)))

    def test_counts_of_zero_only(self) -> None:
        columns = mixed(100, 65) | {"visits": Column("visits", np.zeros(100))}
        self.finite(fit_mixture(design_of(columns), 2, FitOptions(n_starts=5, prior=0)))

    def test_more_segments_than_kinds_of_rows(self) -> None:
        columns = {"member": codes("member", np.array([0, 1] * 20), "no", "yes")}
        for prior in (0.0, 1.0):
            fitted = fit_mixture(design_of(columns), 5, FitOptions(n_starts=10, prior=prior))
            self.finite(fitted)
            assert fitted.log_likelihood == pytest.approx(40 * math.log(0.5), abs=0.1)

    @pytest.mark.parametrize("measure", ["continuous", "count", "positive", "nominal", "binary"])
    def test_a_variable_without_a_value_is_refused(self, measure: Measure) -> None:
        discrete = measure in ("nominal", "binary")
        empty = np.full(50, -1 if discrete else np.nan)
        column = codes("empty", empty, "a", "b") if discrete else Column("empty", empty)
        with pytest.raises(DataError, match="'empty' has no value"):
            build_design([column], {"empty": measure})

    def test_a_positive_variable_without_a_positive_value_is_refused(self) -> None:
        with pytest.raises(DataError, match="'spend' has no value above zero"):
            build_design([Column("spend", np.zeros(9))], {"spend": "positive"})

    def test_nothing_to_fit(self) -> None:
        with pytest.raises(DataError, match="nothing to fit"):
            build_design([], {})
        with pytest.raises(DataError, match="nothing to fit"):
            build_design([Column("age", np.empty(0))], {"age": "continuous"})

    @pytest.mark.parametrize(
        ("measure", "values", "message"),
        [
            ("count", [1.0, -1.0], "1 values are negative or not whole"),
            ("count", [1.0, 2.5], "negative or not whole"),
            ("positive", [1.0, -0.5], "1 values are negative"),
            ("nominal", [1.0, 2.0], "without levels"),
        ],
    )
    def test_values_that_do_not_fit_their_measure(
        self, measure: Measure, values: list[float], message: str
    ) -> None:
        with pytest.raises(DataError, match=message):
            build_design([Column("x", np.array(values))], {"x": measure})

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ([1.0], "1 weights for 3"),
            ([1.0, -1.0, 1.0], "1 weights are negative or not a number, first in row 2"),
            ([1.0, 1.0, np.nan], "first in row 3"),
            ([0.0, 0.0, 0.0], "All weights are 0"),
        ],
    )
    def test_weights_that_cannot_be_used(self, weights: list[float], message: str) -> None:
        column = Column("age", np.array([1.0, 2.0, 3.0]))
        with pytest.raises(DataError, match=message):
            build_design([column], {"age": "continuous"}, np.array(weights))
