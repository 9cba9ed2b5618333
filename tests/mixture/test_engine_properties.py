"""What must always hold: order, names, units, weights, threads, missing values, awkward data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp, softmax

from forwhom.documents.base import Measure
from forwhom.documents.items import CategoricalItem, GaussianItem, PoissonItem, PositiveItem
from forwhom.errors import DataError
from forwhom.mixture import (
    Column,
    Design,
    FitOptions,
    FittedMixture,
    build_design,
    fit_from_responsibilities,
    fit_mixture,
    select,
)
from forwhom.mixture.criteria import entropy_r2, information, uncertainty
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.ordinal import ordinal_mstep, scores
from forwhom.mixture.layout import Covariance

Columns = dict[str, Column]
MEASURES: dict[str, Measure] = {
    "member": "binary",
    "channel": "nominal",
    "scale": "ordinal",
    "visits": "count",
    "age": "continuous",
    "height": "continuous",
    "food": "positive",
}
QUICK = FitOptions(n_starts=8, prior=0.5)
few = settings(max_examples=5, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def codes(name: str, values: np.ndarray, *levels: str) -> Column:
    return Column(name, values.astype(np.int32), levels)


def mixed(n: int, seed: int, missing: float = 0.15) -> Columns:
    """Two segments in variables of every measure."""
    rng = np.random.default_rng(seed)
    z = (rng.random(n) < 0.4).astype(int)
    columns = [
        codes("member", rng.random(n) < np.array([0.2, 0.8])[z], "no", "yes"),
        codes("channel", (rng.random(n) + 1.2 * z) * 1.3, "shop", "web", "app"),
        codes("scale", np.clip(rng.normal(1 + 2 * z, 1.0), 0, 4), *"12345"),
        Column("visits", rng.poisson(2.0 + 6 * z).astype(float)),
        Column("age", rng.normal(30 + 20 * z, 6)),
        Column("height", rng.normal(170, 5 + 5 * z)),
        Column("food", rng.lognormal(2.0 + z, 0.5) * (rng.random(n) < 0.8)),
    ]
    hidden = [replace(c, values=hide(c, rng.random(n) < missing)) for c in columns]
    return {c.name: c for c in hidden}


def hide(column: Column, rows: np.ndarray) -> np.ndarray:
    values = column.values.copy()
    values[rows] = -1 if column.levels is not None else np.nan
    return values


def take(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: replace(c, values=c.values[rows]) for name, c in columns.items()}


def design_of(columns: Columns, weights: np.ndarray | None = None, **more: bool) -> Design:
    measures = {name: MEASURES.get(name, "nominal") for name in columns}
    return build_design(list(columns.values()), measures, weights, **more)


def fit(columns: Columns, k: int = 2, weights: np.ndarray | None = None) -> FittedMixture:
    return fit_mixture(design_of(columns, weights), k, QUICK)


def same_model(a: FittedMixture, b: FittedMixture, tolerance: float = 1e-4) -> None:
    assert a.weights == pytest.approx(b.weights, abs=tolerance)
    for one, other in zip(a.items(), b.items(), strict=True):
        assert one.model_dump(include={"variable"}) == other.model_dump(include={"variable"})
        for (name, x), (_, y) in zip(one, other, strict=True):
            if name not in ("kind", "variable", "levels") and x is not None:
                assert np.array(x) == pytest.approx(np.array(y), rel=tolerance, abs=tolerance)


def at_random_responsibilities(columns: Columns, k: int, seed: int, **more: object):
    """A model that has converged nowhere: one M-step from a random partition."""
    design = design_of(columns, collapse=False)
    rng = np.random.default_rng(seed)
    responsibilities = rng.dirichlet(np.full(k, 0.5), size=design.n_rows)
    return fit_from_responsibilities(design, responsibilities, **more), responsibilities


def safe_log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, 1e-300))


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


class TestOrdinal:
    """Adjacent-category logits with shared thresholds."""

    @few
    @given(seed=seeds, n_levels=st.integers(3, 8), k=st.integers(1, 6))
    def test_gradient_is_zero_at_the_optimum(self, seed: int, n_levels: int, k: int) -> None:
        rng = np.random.default_rng(seed)
        counts = rng.gamma(1.0, 20.0, size=(2, n_levels, k)) + 0.01
        uniform = np.full(counts.shape, 1 / n_levels)
        p = ordinal_mstep(counts, uniform)
        assert p.sum(axis=1) == pytest.approx(np.ones((2, k)))
        residual = counts - counts.sum(axis=1, keepdims=True) * p
        scale = counts.sum()
        assert np.abs(residual.sum(axis=2)).max() < 1e-6 * scale  # thresholds
        assert np.abs(scores(n_levels) @ residual).max() < 1e-6 * scale  # slopes
        logits = np.log(p)
        differences = logits - logits[:, :, :1]
        bends = np.diff(differences, n=2, axis=1)  # equally spaced scores: straight lines
        assert np.abs(bends).max() < 1e-6

    def test_it_starts_from_anywhere(self) -> None:
        rng = np.random.default_rng(11)
        counts = rng.gamma(0.5, 30.0, size=(1, 5, 3))
        starts = rng.dirichlet(np.full(5, 0.2), size=(20, 3)).transpose(0, 2, 1)
        found = ordinal_mstep(np.repeat(counts, 20, axis=0), np.maximum(starts, 1e-9))
        assert np.abs(found - found[:1]).max() < 1e-6

    @few
    @given(seed=seeds, reach=st.sampled_from([1.0, 10.0, 100.0]))
    def test_it_never_loses_likelihood(self, seed: int, reach: float) -> None:
        rng = np.random.default_rng(seed)
        slopes, thresholds = rng.normal(0, reach, (50, 1, 3)), rng.normal(0, reach, (50, 5, 1))
        current = softmax(thresholds + slopes * scores(5)[:, None], axis=1)
        counts = rng.gamma(0.2, 50.0, size=(50, 5, 3))
        gain = (counts * (safe_log(ordinal_mstep(counts, current)) - safe_log(current))).sum((1, 2))
        assert gain.min() > -1e-8 * counts.sum()

    def test_slopes_that_want_to_be_infinite_do_not_stop_em(self) -> None:
        columns = {
            f"item {j}": replace(mixed(400, seed=20 + j)["scale"], name=f"item {j}")
            for j in range(4)
        }
        design = build_design(list(columns.values()), dict.fromkeys(columns, "ordinal"))
        fitted = fit_mixture(design, 3, FitOptions(n_starts=6, prior=0))
        assert fitted.log_likelihood > -2033.39
        assert fitted.n_iter < 500

    def test_levels_and_segments_without_customers(self) -> None:
        counts = np.array([[[5.0, 0.0], [9.0, 0.0], [0.0, 0.0], [3.0, 0.0]]])
        p = ordinal_mstep(counts, np.full(counts.shape, 0.25))
        assert np.isfinite(p).all()
        assert p[0, :, 0] == pytest.approx(counts[0, :, 0] / 17, abs=1e-4)

    @pytest.mark.parametrize("k", [2, 3])
    def test_likelihood_lies_between_equal_slopes_and_the_saturated_model(self, k: int) -> None:
        columns = {
            f"item {j}": replace(mixed(400, seed=20 + j)["scale"], name=f"item {j}")
            for j in range(4)
        }
        likes = dict.fromkeys(columns, "ordinal")
        ml = FitOptions(n_starts=6, prior=0)
        nominal = fit_mixture(design_of(columns), k, ml)
        ordinal = fit_mixture(build_design(list(columns.values()), likes), k, ml)
        equal = fit_mixture(design_of(columns), 1, ml)
        assert equal.log_likelihood < ordinal.log_likelihood <= nominal.log_likelihood + 1e-6
        assert equal.n_parameters == 16
        assert ordinal.n_parameters == (k - 1) + 4 * (4 + k - 1)
        assert nominal.n_parameters == (k - 1) + 4 * 4 * k

    def test_two_levels_are_binary(self) -> None:
        columns = mixed(300, 12)
        binary = fit_mixture(design_of(columns), 2, QUICK)
        measures = MEASURES | {"member": "ordinal"}
        ordinal = fit_mixture(build_design(list(columns.values()), measures), 2, QUICK)
        assert ordinal.log_likelihood == pytest.approx(binary.log_likelihood, abs=1e-6)
        assert ordinal.n_parameters == binary.n_parameters

    def test_reversing_the_scale_changes_nothing(self) -> None:
        columns = mixed(600, 13)
        turned = dict(columns)
        values = columns["scale"].values
        turned["scale"] = codes("scale", np.where(values < 0, -1, 4 - values), *"54321")
        assert fit(turned).log_likelihood == pytest.approx(fit(columns).log_likelihood, abs=1e-4)


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

    def test_weights_as_a_whole_scale_the_likelihood(self) -> None:
        columns = mixed(300, 34)
        ml = FitOptions(n_starts=8, prior=0)
        a = fit_mixture(design_of(columns, np.full(300, 2.5)), 2, ml)
        b = fit_mixture(design_of(columns), 2, ml)
        assert a.log_likelihood == pytest.approx(2.5 * b.log_likelihood, rel=1e-8)

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


class TestAcceleration:
    """Accelerated EM never falls and goes at least as far as plain EM."""

    @pytest.mark.parametrize("prior", [0.0, 30.0])
    @pytest.mark.parametrize("covariance", ["diagonal", "full", "tied"])
    def test_objective_never_falls(self, covariance: Covariance, prior: float) -> None:
        design = design_of(mixed(300, 41))
        data = Expectation(design, covariance)
        options = FitOptions(n_starts=1, prior=prior, max_iter=1, covariance=covariance)
        start = fit_mixture(design, 4, options).parameters
        ends, seen = [], []
        for passes in [*range(1, 25), 60]:
            told: list[tuple[int, float]] = []
            runs = run_em(
                data,
                start,
                prior=prior,
                tol=1e-12,
                max_iter=passes,
                progress=lambda number, value, told=told: told.append((number, value)),
            )
            assert [number for number, _ in told] == list(range(1, len(told) + 1))
            ends.append(float(runs.objective[0]))
            seen.append(max(value for _, value in told))
        assert np.diff(ends).min() >= -1e-9 * abs(ends[-1])
        if prior == 0:  # the objective is the likelihood
            assert ends == pytest.approx(seen, rel=1e-10)

    def test_the_m_step_maximizes_what_the_prior_promises(self) -> None:
        design = design_of(mixed(200, 44), collapse=False)
        data = Expectation(design)
        plain, _ = at_random_responsibilities(mixed(200, 44), 3, 44, prior=40.0)
        objectives = []
        for _ in range(60):
            start = plain.parameters
            runs = run_em(data, start, prior=40.0, tol=1e-12, max_iter=1)
            objectives.append(float(runs.objective[0]))
            plain = fit_from_responsibilities(design, plain.responsibilities(), prior=40.0)
        assert np.diff(objectives).min() > -1e-7

    def test_plain_em_is_not_better(self) -> None:
        columns = mixed(500, 42)
        design = design_of(columns, collapse=False)
        plain, _ = at_random_responsibilities(columns, 3, 42, prior=0.0)
        logs = []
        for _ in range(150):
            plain = fit_from_responsibilities(design, plain.responsibilities(), prior=0.0)
            logs.append(plain.log_likelihood)
        assert np.diff(logs).min() > -1e-8
        ours = fit_mixture(design, 3, FitOptions(n_starts=20, prior=0))
        assert ours.log_likelihood >= logs[-1] - 1e-6

    def test_a_limit_on_passes_is_kept_and_said(self) -> None:
        fitted = fit_mixture(design_of(mixed(400, 43)), 3, replace(QUICK, max_iter=2))
        assert not fitted.converged
        assert not fitted.candidate.converged


class TestCriteria:
    def test_formulas(self) -> None:
        fitted = fit(mixed(300, 51), 3)
        found = fitted.candidate
        ll, p, n = fitted.log_likelihood, fitted.n_parameters, 300
        r = fitted.responsibilities()
        entropy = -(r * np.log(np.maximum(r, 1e-300))).sum()
        assert p == 2 + 3 * 1 + 3 * 2 + (4 + 2) + 3 * 1 + 3 * 2 + 3 * 2 + 3 * 3
        assert found.bic == pytest.approx(-2 * ll + p * math.log(n))
        assert found.aic == pytest.approx(-2 * ll + 2 * p)
        assert found.aic3 == pytest.approx(-2 * ll + 3 * p)
        assert found.caic == pytest.approx(-2 * ll + p * (math.log(n) + 1))
        assert found.sabic == pytest.approx(-2 * ll + p * math.log((n + 2) / 24))
        assert found.icl == pytest.approx(found.bic + 2 * entropy)
        assert found.entropy_r2 == pytest.approx(1 - entropy / (n * math.log(3)))
        assert found.classification_error == pytest.approx(1 - r.max(axis=1).mean())
        assert found.smallest_share == fitted.weights.min()

    @pytest.mark.parametrize(("covariance", "p"), [("full", 3 * 5), ("tied", 3 * 2 + 3)])
    def test_parameters_of_covariance_matrices(self, covariance: str, p: int) -> None:
        columns = {n: c for n, c in mixed(200, 52).items() if n in ("age", "height")}
        options = FitOptions(n_starts=3, covariance=covariance)
        assert fit_mixture(design_of(columns), 3, options).n_parameters == 2 + p

    def test_certain_and_clueless(self) -> None:
        weights = np.array([1.0, 2.0, 3.0])
        entropy, error = uncertainty(np.eye(3), weights)
        assert (entropy, error) == (0.0, 0.0)
        assert entropy_r2(entropy, 6.0, 3) == 1.0
        entropy, error = uncertainty(np.full((3, 3), 1 / 3), weights)
        assert entropy == pytest.approx(6 * math.log(3))
        assert error == pytest.approx(2 / 3)
        assert entropy_r2(entropy, 6.0, 3) == pytest.approx(0.0)
        assert entropy_r2(0.0, 6.0, 1) is None

    def test_information_grows_with_parameters(self) -> None:
        small, large = information(-100.0, 3, 50, 1.0), information(-100.0, 4, 50, 1.0)
        assert all(large[name] > small[name] for name in small)

    def test_best_start_share_is_a_share(self) -> None:
        fitted = fit(mixed(300, 53), 3)
        assert 0 < fitted.best_start_share <= 1
        assert fitted.n_starts >= 1


class TestSelection:
    def test_likelihood_grows_with_segments(self) -> None:
        told: list[tuple[str, float]] = []
        selection = select(
            design_of(mixed(400, 54)),
            range(1, 6),
            FitOptions(n_starts=2, prior=0),
            progress=lambda what, done: told.append((what, done)),
        )
        logs = [c.log_likelihood for c in selection.candidates]
        assert np.diff(logs).min() > -1e-6
        done = [fraction for _, fraction in told]
        assert done == sorted(done)
        assert done[-1] == pytest.approx(1.0)
        assert [c.k for c in selection.candidates] == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize("criterion", ["bic", "aic", "aic3", "caic", "sabic", "icl"])
    def test_the_smallest_criterion_wins(self, criterion: str) -> None:
        selection = select(design_of(mixed(200, 55)), [1, 2, 3], QUICK, criterion=criterion)
        values = {c.k: getattr(c, criterion) for c in selection.candidates}
        assert selection.best.k == min(values, key=values.get)

    def test_segments_are_ordered_by_size(self) -> None:
        for fitted in select(design_of(mixed(300, 56)), [2, 3, 4], QUICK).fits:
            assert (np.diff(fitted.weights) <= 0).all()


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
