"""Which customers are drawn does not change between versions, nor with what rounding does."""

import numpy as np
import pytest

from forwhom.statistics.sampling import sample_rows, shuffled_rows


def test_the_order_stays_between_versions() -> None:
    numbers = np.array([0.0, 1.5, np.nan, -3.0, 1e9, 0.1, 7.0, 8.0])
    pairs = np.stack([numbers, numbers[::-1]], axis=1)
    assert shuffled_rows(numbers).tolist() == [3, 4, 7, 2, 1, 0, 5, 6]
    assert shuffled_rows(numbers, pairs).tolist() == [1, 6, 0, 7, 4, 3, 2, 5]
    assert shuffled_rows(numbers, seed=3).tolist() == [0, 3, 7, 4, 2, 6, 5, 1]
    assert shuffled_rows(numbers, seed=2**64 + 3).tolist() == [0, 3, 7, 4, 2, 6, 5, 1]


def test_what_differs_past_six_decimals_is_the_same() -> None:
    numbers = np.arange(50) / 7
    order = shuffled_rows(np.round(numbers, 6)).tolist()
    assert shuffled_rows(np.round(numbers, 6) + 2e-7).tolist() == order
    assert shuffled_rows(np.round(numbers, 6) + 2e-6).tolist() != order


@pytest.mark.parametrize("size", [1, 3, 7, 10])
def test_a_sample_is_evenly_spaced_through_the_order(size: int) -> None:
    numbers = np.arange(10.0)
    order = shuffled_rows(numbers, seed=5)
    drawn = sample_rows(numbers, size=size, seed=5)
    assert drawn.tolist() == [order[i * 10 // size] for i in range(size)]
    assert sample_rows(numbers, size=11, seed=5).tolist() == order.tolist()


def test_at_most_twenty_thousand_are_drawn_unless_told() -> None:
    assert len(sample_rows(np.arange(20_001))) == 20_000
    assert len(sample_rows(np.arange(20_000))) == 20_000
