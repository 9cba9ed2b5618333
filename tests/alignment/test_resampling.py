"""The bootstrap of medians: what a weight means, strata, intervals."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.alignment import resampling
from forwhom.alignment.resampling import Group, intervals, replicate_medians, times_drawn


def test_a_weighted_median_is_the_median_of_copies(monkeypatch) -> None:
    rng = np.random.default_rng(0)
    strata = np.array([0] * 7 + [1] * 4)
    groups = [
        Group(np.arange(11), rng.integers(-5, 6, 11).astype(float)),
        Group(np.array([0, 2, 8, 9]), np.array([-2.5, 1.0, 1.0, 4.0])),
        Group(np.array([3]), np.array([2.0])),  # in some replicates nobody is drawn
        Group(np.array([], dtype=np.intp), np.array([])),
    ]
    kept = []
    draw = resampling._drawn

    def kept_draws(*args):
        for weights in draw(*args):
            kept.append(weights)
            yield weights

    monkeypatch.setattr(resampling, "_drawn", kept_draws)
    medians = replicate_medians(groups, strata, 60, seed=3)
    weights = np.concatenate(kept, axis=1)
    for row, group in enumerate(groups):
        for replicate in range(60):
            copies = np.repeat(group.value, weights[group.rater, replicate].astype(int))
            expected = np.median(copies) if len(copies) else np.nan
            assert medians[row, replicate] == pytest.approx(expected, nan_ok=True)
    assert np.all(weights[:7].sum(axis=0) == 7)
    assert np.all(weights[7:].sum(axis=0) == 4)


def test_many_raters_are_drawn_in_blocks(monkeypatch) -> None:
    monkeypatch.setattr(resampling, "_HELD", 40)
    group = Group(np.arange(10), np.arange(10.0))
    medians = replicate_medians([group], np.zeros(10, np.intp), 25, seed=0)
    assert medians.shape == (1, 25)
    assert np.isfinite(medians).all()
    assert np.array_equal(medians, replicate_medians([group], np.zeros(10, np.intp), 25, seed=0))


def test_each_is_drawn_once_on_average() -> None:
    weights = times_drawn(6, 3000, np.random.default_rng(1))
    assert weights.shape == (6, 3000)
    assert weights.mean(axis=1) == pytest.approx(np.ones(6), abs=0.08)


def test_an_interval_needs_most_replicates() -> None:
    known = np.arange(101.0)
    half = np.where(known < 51, np.nan, known)
    few = np.where(known < 10, np.nan, known)
    first, none, some = intervals(np.stack([known, half, few]))
    assert first is not None
    assert (first.low, first.high) == pytest.approx((2.5, 97.5))
    assert none is None
    assert some is not None
    assert some.low > 10
