"""Weights count for as many customers as they are worth."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.tables.weights import counting_weights, effective_size, sampling_weights


def test_equal_weights_are_worth_the_customers_who_have_them() -> None:
    assert effective_size(np.array([2.0, 2.0, 0.0])) == 2.0
    assert sampling_weights(np.array([0.3, 0.3, 0.0])).tolist() == [1.0, 1.0, 0.0]


def test_sampling_weights_sum_to_their_effective_size_whatever_their_scale() -> None:
    weights = np.exp(np.random.default_rng(0).normal(0, 1, 200))
    scaled = sampling_weights(weights)
    assert scaled.sum() == pytest.approx(weights.sum() ** 2 / (weights @ weights))
    assert scaled @ scaled == pytest.approx(scaled.sum())
    assert scaled / scaled[0] == pytest.approx(weights / weights[0])
    assert sampling_weights(1e200 * weights) == pytest.approx(scaled)
    assert sampling_weights(scaled) == pytest.approx(scaled)


def test_whole_numbers_count_customers_and_others_are_sampling_weights() -> None:
    assert counting_weights(np.array([2.0, 1.0, 0.0])).tolist() == [2.0, 1.0, 0.0]
    assert counting_weights(np.array([0.5, 0.5])).tolist() == [1.0, 1.0]
    assert counting_weights(np.array([2.5, 1.0])).sum() == pytest.approx(3.5**2 / 7.25)
