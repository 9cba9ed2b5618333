"""What must always hold: order, names, units, weights, threads, missing values."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwhom.mixture import (
    Column,
    FitOptions,
    fit_mixture,
)

from .customers import QUICK, codes, design_of, few, fit, hide, mixed, same_model, seeds, take


class TestInvariance:
    """Nothing but the content of the rows decides."""

    @few
    @given(seed=seeds)
    def test_order_of_rows(self, seed: int) -> None:
        columns = mixed(400, seed)
        order = np.random.default_rng(seed).permutation(400)
        a, b = fit(columns), fit(take(columns, order))
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)
        same_model(a, b)
        assert a.responsibilities()[order] == pytest.approx(b.responsibilities(), abs=1e-4)

    @few
    @given(seed=seeds)
    def test_order_of_rows_where_starts_end_in_different_optima(self, seed: int) -> None:
        columns = mixed(300, seed)
        order = np.random.default_rng(seed).permutation(300)
        lonely = replace(QUICK, n_starts=2)
        a, b = (fit_mixture(design_of(c), 5, lonely) for c in (columns, take(columns, order)))
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-7)
        assert a.best_start_share == b.best_start_share

    def test_order_of_rows_when_starts_are_screened_on_a_sample(self) -> None:
        columns = {n: c for n, c in mixed(30_000, 31).items() if n in ("age", "visits", "channel")}
        order = np.random.default_rng(31).permutation(30_000)
        a, b = fit(columns), fit(take(columns, order))
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)
        same_model(a, b)

    @few
    @given(seed=seeds)
    def test_names_of_levels(self, seed: int) -> None:
        columns = mixed(600, seed, missing=0.05)
        turned = dict(columns)
        values = columns["channel"].values
        renumbered = np.where(values < 0, -1, np.array([2, 0, 1])[values])
        turned["channel"] = codes("channel", renumbered, "web", "app", "shop")
        a, b = fit(columns), fit(turned)
        assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-4)
        one, other = a.items()[1], b.items()[1]
        shown = [dict(zip(i.levels, i.probabilities[0], strict=True)) for i in (one, other)]
        assert shown[0] == pytest.approx(shown[1], abs=1e-2)

    def test_order_of_variables(self) -> None:
        columns = mixed(600, 32)
        turned = dict(reversed(columns.items()))
        assert fit(columns).log_likelihood == pytest.approx(fit(turned).log_likelihood, abs=1e-4)
        assert [i.variable for i in fit(turned).items()] == list(turned)

    @few
    @given(seed=seeds)
    def test_weights_are_duplicates(self, seed: int) -> None:
        columns = mixed(200, seed)
        weights = np.random.default_rng(seed).integers(0, 4, 200)
        a = fit(columns, weights=weights.astype(float))
        b = fit(take(columns, np.repeat(np.arange(200), weights)))
        assert a.data.design.n == b.data.design.n == weights.sum()
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)
        same_model(a, b)
        assert a.candidate.bic == pytest.approx(b.candidate.bic, rel=1e-9)
        assert a.candidate.entropy_r2 == pytest.approx(b.candidate.entropy_r2, abs=1e-4)

    def test_weight_zero_is_a_row_removed(self) -> None:
        columns = mixed(300, 33)
        columns["age"].values[7] = 1e9
        weights = np.ones(300)
        weights[[7, 100]] = 0.0
        a, b = fit(columns, weights=weights), fit(take(columns, np.flatnonzero(weights)))
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)
        same_model(a, b)
        assert a.responsibilities().shape == (300, 2)

    def test_equal_weights_count_customers_where_they_are_whole_numbers(self) -> None:
        columns = mixed(300, 34)
        ml = FitOptions(n_starts=8, prior=0)
        one = fit_mixture(design_of(columns), 2, ml).log_likelihood
        several = fit_mixture(design_of(columns, np.full(300, 3.0)), 2, ml).log_likelihood
        sampled = fit_mixture(design_of(columns, np.full(300, 2.5)), 2, ml).log_likelihood
        assert several == pytest.approx(3 * one, rel=1e-8)
        assert sampled == pytest.approx(one, rel=1e-8)

    def test_a_constant_variable_changes_nothing(self) -> None:
        columns = mixed(400, 35)
        extra = codes("country", np.zeros(400), "Norway")
        a, b = fit(columns), fit(columns | {"country": extra})
        assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-4)
        assert a.n_parameters == b.n_parameters

    def test_a_level_that_nobody_chose_changes_nothing(self) -> None:
        columns = mixed(400, 36)
        channel = columns["channel"]
        more = replace(channel, levels=(*channel.levels, "letter"))
        a, b = fit(columns), fit(columns | {"channel": more})
        assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-4)
        assert a.n_parameters == b.n_parameters
        assert [p[3] for p in b.items()[1].probabilities] == pytest.approx([0.0, 0.0], abs=1e-9)

    def test_missing_values_are_left_out_of_the_likelihood(self) -> None:
        columns = mixed(400, 37, missing=0.0)
        silent = np.arange(400) >= 200
        holes = {n: replace(c, values=hide(c, silent)) for n, c in columns.items()}
        ml = FitOptions(n_starts=8, prior=0)
        a = fit_mixture(design_of(holes), 2, ml)
        b = fit_mixture(design_of(take(columns, np.flatnonzero(~silent))), 2, ml)
        assert a.data.design.n == 400
        assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-6)

    @few
    @given(seed=seeds, factor=st.sampled_from([1e-6, 0.3, 2.54, 1e9]), shift=st.floats(-1e3, 1e3))
    def test_units(self, seed: int, factor: float, shift: float) -> None:
        columns = mixed(300, seed)
        other = dict(columns)
        other["age"] = replace(columns["age"], values=columns["age"].values * factor + shift)
        other["food"] = replace(columns["food"], values=columns["food"].values * factor)
        a, b = fit(columns), fit(other)
        above = np.nansum(columns["food"].values > 0)
        change = (np.isfinite(columns["age"].values).sum() + above) * math.log(factor)
        assert b.log_likelihood == pytest.approx(a.log_likelihood - change, abs=1e-2)
        assert b.candidate.entropy_r2 == pytest.approx(a.candidate.entropy_r2, abs=1e-3)

    @pytest.mark.parametrize("covariance", ["full", "tied"])
    def test_a_linear_map_of_the_block(self, covariance: str) -> None:
        columns = {n: c for n, c in mixed(300, 38, missing=0.0).items() if n in ("age", "height")}
        x = np.column_stack([columns[n].values for n in columns])
        matrix = np.array([[2.0, 1.0], [-1.0, 3.0]])
        turned = {n: Column(n, v) for n, v in zip(columns, (x @ matrix.T).T, strict=True)}
        options = FitOptions(n_starts=10, prior=0, covariance=covariance)
        a, b = (fit_mixture(design_of(c), 2, options) for c in (columns, turned))
        change = 300 * math.log(np.linalg.det(matrix))
        assert b.log_likelihood == pytest.approx(a.log_likelihood - change, abs=1e-4)

    @few
    @given(seed=seeds)
    def test_collapsing_equal_rows(self, seed: int) -> None:
        columns = {
            n: c for n, c in mixed(800, seed).items() if n in ("member", "channel", "visits")
        }
        a = fit_mixture(design_of(columns), 2, QUICK)
        b = fit_mixture(design_of(columns, collapse=False), 2, QUICK)
        assert a.data.design.n_rows < b.data.design.n_rows == 800
        assert a.log_likelihood == pytest.approx(b.log_likelihood, abs=1e-4)
        assert a.responsibilities().shape == b.responsibilities().shape == (800, 2)

    def test_the_same_seed_gives_the_same_numbers(self) -> None:
        columns = mixed(500, 39)
        a, b = fit(columns, 3), fit(columns, 3)
        assert a.items() == b.items()
        assert a.log_likelihood == b.log_likelihood

    @pytest.mark.parametrize("covariance", ["diagonal", "full"])
    def test_any_number_of_threads_gives_the_same_numbers(self, covariance: str) -> None:
        columns = mixed(20_000, 40)
        if covariance == "full":
            columns = {n: c for n, c in columns.items() if n in ("age", "height", "channel")}
        design = design_of(columns)
        options = FitOptions(n_starts=3, max_iter=8, covariance=covariance)
        fits = [fit_mixture(design, 3, replace(options, n_threads=t)) for t in (1, 2, 3)]
        for other in fits[1:]:
            assert other.log_likelihood == fits[0].log_likelihood
            assert other.items() == fits[0].items()
            assert np.array_equal(other.responsibilities(), fits[0].responsibilities())
