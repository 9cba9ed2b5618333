"""The logit by its definition: chances, scores and information agree, and Newton finds the best."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.mixture.logit import LARGEST, chances_of, fit_logit, information_of, scores_of

Floats = NDArray[np.float64]
RNG = np.random.default_rng(1)
N = 60
DESIGN = np.column_stack([np.ones(N), RNG.normal(size=N)])
TRUE = np.array([[0.3, -0.8], [-0.4, 0.5]])
CHANCES = chances_of(DESIGN, TRUE)
WEIGHTS = RNG.uniform(0.5, 2.0, N)


def log_likelihood(coefficients: Floats, targets: Floats) -> float:
    logs = np.log(chances_of(DESIGN, coefficients))
    return float(WEIGHTS @ (targets * logs).sum(axis=1))


def moved(which: int, by: float) -> Floats:
    flat = TRUE.ravel().copy()
    flat[which] += by
    return flat.reshape(TRUE.shape)


def test_the_first_segment_is_the_one_that_others_are_compared_with() -> None:
    assert chances_of(np.ones((1, 1)), np.array([[np.log(2.0)], [np.log(5.0)]])) == pytest.approx(
        np.array([[1 / 8, 2 / 8, 5 / 8]])
    )


@pytest.mark.parametrize("which", range(4))
def test_scores_are_slopes_and_information_is_what_they_lose(which: int) -> None:
    targets = np.eye(3)[RNG.integers(0, 3, N)] - 0.1 * np.array([1.0, 1.0, -2.0])
    step = 1e-5
    slope = log_likelihood(moved(which, step), targets) - log_likelihood(
        moved(which, -step), targets
    )
    scores = WEIGHTS @ scores_of(DESIGN, targets, CHANCES)
    assert scores[which] == pytest.approx(slope / (2 * step), rel=1e-5)
    ends = [
        WEIGHTS @ scores_of(DESIGN, targets, chances_of(DESIGN, moved(which, by)))
        for by in (step, -step)
    ]
    information = information_of(DESIGN, CHANCES, WEIGHTS)
    assert information[which] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-4)
    assert information == pytest.approx(information.T)


def test_parts_of_customers_add_up_to_more_or_less_than_one() -> None:
    half = 0.5 * CHANCES
    assert scores_of(DESIGN, half, CHANCES) == pytest.approx(np.zeros((N, 4)), abs=1e-12)


def test_the_best_coefficients_are_found_from_any_start() -> None:
    for start in (None, np.full((2, 2), 2.0), TRUE):
        found = fit_logit(DESIGN, CHANCES, WEIGHTS, start)
        assert found == pytest.approx(TRUE, abs=1e-6)
    assert fit_logit(DESIGN, CHANCES, WEIGHTS, TRUE + 1.0, steps=0) == pytest.approx(TRUE + 1.0)
    once = fit_logit(DESIGN, CHANCES, WEIGHTS, steps=1)
    assert 0 < np.abs(once - TRUE).max() < np.abs(TRUE).max()


def test_weights_count_customers() -> None:
    targets = np.eye(3)[RNG.integers(0, 3, N)]
    twice = np.where(np.arange(N) < 20, 2.0, 1.0)
    repeated = np.r_[np.arange(N), np.arange(20)]
    assert fit_logit(DESIGN, targets, twice) == pytest.approx(
        fit_logit(DESIGN[repeated], targets[repeated], np.ones(N + 20)), abs=1e-8
    )


def test_what_separates_without_error_stops_where_it_is_large() -> None:
    targets = np.eye(2)[(DESIGN[:, 1] > 0).astype(int)]
    found = fit_logit(DESIGN, targets, np.ones(N))
    assert LARGEST < np.abs(found).max() < 10 * LARGEST
    far = np.abs(DESIGN[:, 1]) > 0.3
    placed = chances_of(DESIGN[far], found).argmax(axis=1)
    assert placed.tolist() == targets[far].argmax(axis=1).tolist()
