"""Ordinal variables: adjacent-category logits with shared thresholds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from forwhom.mixture import (
    FitOptions,
    build_design,
    fit_mixture,
)
from forwhom.mixture.families.tilting import Tilting, tilted

from .customers import MEASURES, QUICK, codes, design_of, few, fit, mixed, safe_log, seeds


def scores(n_levels: int) -> np.ndarray:
    return np.linspace(-1.0, 1.0, n_levels)


def solved(counts: np.ndarray, current: np.ndarray, cycles: int = 200) -> np.ndarray:
    tilting = Tilting(scores(counts.shape[1])[:, None])
    return tilted(counts, current, tilting, cycles, enough=0.0)


class TestOrdinal:
    """Adjacent-category logits with shared thresholds."""

    @few
    @given(seed=seeds, n_levels=st.integers(3, 8), k=st.integers(1, 6))
    def test_gradient_is_zero_at_the_optimum(self, seed: int, n_levels: int, k: int) -> None:
        rng = np.random.default_rng(seed)
        counts = rng.gamma(1.0, 20.0, size=(2, n_levels, k)) + 0.01
        uniform = np.full(counts.shape, 1 / n_levels)
        p = solved(counts, uniform)
        assert p.sum(axis=1) == pytest.approx(np.ones((2, k)))
        residual = counts - counts.sum(axis=1, keepdims=True) * p
        scale = counts.sum()
        assert np.abs(residual.sum(axis=2)).max() < 1e-6 * scale  # thresholds
        assert np.abs(scores(n_levels) @ residual).max() < 1e-6 * scale  # slopes
        logits = np.log(p)
        differences = logits - logits[:, :, :1]
        bends = np.diff(differences, n=2, axis=1)  # equally spaced scores: straight lines
        assert np.abs(bends).max() < 1e-6

    @pytest.mark.parametrize("width", [1, 2])
    @pytest.mark.parametrize("segments", [None, [[1.0, 1, 1, 1]], [[1.0, 1, 0, 0], [0, 0, 1, 1]]])
    def test_what_follows_the_model_stays_and_is_soon_found(
        self, segments: list[list[float]] | None, width: int
    ) -> None:
        rng = np.random.default_rng(5)
        design = None if segments is None else np.array([*segments, [1.0, -1.0, 0.5, 2.0]])
        bound = np.eye(4) if design is None else design
        powers = scores(5)[:, None] ** np.arange(1, width + 1)
        slopes = rng.normal(size=(width, len(bound))) @ bound
        follows = softmax(rng.normal(size=(5, 1)) + powers @ slopes, axis=0)[None]
        counts, tilting = follows * [100.0, 50, 80, 20], Tilting(powers, design)
        assert tilted(counts, follows, tilting, 0) == pytest.approx(follows, abs=1e-12)
        soon = tilted(counts, np.full(follows.shape, 0.2), tilting, 8)
        assert soon == pytest.approx(follows, abs=1e-4)

    def test_it_starts_from_anywhere(self) -> None:
        rng = np.random.default_rng(11)
        counts = rng.gamma(0.5, 30.0, size=(1, 5, 3))
        starts = rng.dirichlet(np.full(5, 0.2), size=(20, 3)).transpose(0, 2, 1)
        found = solved(np.repeat(counts, 20, axis=0), np.maximum(starts, 1e-9))
        assert np.abs(found - found[:1]).max() < 1e-6

    @few
    @given(seed=seeds, reach=st.sampled_from([1.0, 10.0, 100.0]))
    def test_it_never_loses_likelihood(self, seed: int, reach: float) -> None:
        rng = np.random.default_rng(seed)
        slopes, thresholds = rng.normal(0, reach, (50, 1, 3)), rng.normal(0, reach, (50, 5, 1))
        current = softmax(thresholds + slopes * scores(5)[:, None], axis=1)
        counts = rng.gamma(0.2, 50.0, size=(50, 5, 3))
        gain = (counts * (safe_log(solved(counts, current)) - safe_log(current))).sum((1, 2))
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
        p = solved(counts, np.full(counts.shape, 0.25))
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
