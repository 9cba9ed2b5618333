"""Components of variance: the analysis of variance where it is balanced, and recovery."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.alignment import coded
from forwhom.alignment.components import variance_shares


def ratings_of(table: np.ndarray, kept: np.ndarray | None = None):
    """Ratings from an array of raters by items by segments."""
    rater, item, segment = (a.ravel() for a in np.indices(table.shape))
    keep = np.ones(table.size, bool) if kept is None else kept.ravel()
    names = [[f"{letter}{i:03d}" for i in column[keep]] for letter, column in
             (("r", rater), ("s", segment), ("i", item))]  # fmt: skip
    return coded(*names, table.ravel()[keep])


def simulated(rng: np.random.Generator, raters: int, items: int, segments: int, sd: list[float]):
    item, segment, both, rater, rest = sd
    return (
        rng.normal(0, item, (1, items, 1))
        + rng.normal(0, segment, (1, 1, segments))
        + rng.normal(0, both, (1, items, segments))
        + rng.normal(0, rater, (raters, 1, 1))
        + rng.normal(0, rest, (raters, items, segments))
    )


def test_balanced_ratings_give_the_analysis_of_variance() -> None:
    r, i, s = 6, 5, 3
    x = simulated(np.random.default_rng(2), r, i, s, [1.5, 1.0, 1.2, 0.8, 1.0])
    mean = x.mean()
    by_item, by_segment = x.mean(axis=(0, 2)) - mean, x.mean(axis=(0, 1)) - mean
    by_rater, by_cell = x.mean(axis=(1, 2)) - mean, x.mean(axis=0) - mean
    both = by_cell - by_item[:, None] - by_segment[None, :]
    rest = x - mean - by_cell[None] - by_rater[:, None, None]
    ms_item = s * r * np.sum(by_item**2) / (i - 1)
    ms_segment = i * r * np.sum(by_segment**2) / (s - 1)
    ms_both = r * np.sum(both**2) / ((i - 1) * (s - 1))
    ms_rater = i * s * np.sum(by_rater**2) / (r - 1)
    ms_rest = np.sum(rest**2) / ((r - 1) * (i * s - 1))
    expected = {
        "item": (ms_item - ms_both) / (s * r),
        "segment": (ms_segment - ms_both) / (i * r),
        "segment-by-item": (ms_both - ms_rest) / r,
        "rater": (ms_rater - ms_rest) / (i * s),
        "rest": ms_rest,
    }
    shares, confounded = variance_shares(ratings_of(x))
    assert {v.source: v.variance for v in shares} == pytest.approx(expected)
    assert confounded == []
    assert sum(v.share for v in shares) == pytest.approx(1)


def test_unbalanced_ratings_recover_on_average_what_they_were_drawn_from() -> None:
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = simulated(rng, 20, 30, 6, [1.0, 0.7, 1.5, 0.8, 1.2])
        shares, _ = variance_shares(ratings_of(x, rng.random(x.shape) < 0.4))
        found.append([v.variance for v in shares])
    assert [v.source for v in shares] == ["item", "segment", "segment-by-item", "rater", "rest"]
    expected = np.array([1.0, 0.49, 2.25, 0.64, 1.44])
    error = np.std(found, axis=0) / np.sqrt(len(found))
    assert np.all(np.abs(np.mean(found, axis=0) - expected) < 3 * error + 0.02)


def test_sources_that_cannot_be_told_apart_are_named() -> None:
    # One rater for each segment: who rates and for whom are the same thing.
    found = coded(["a", "a", "b", "b"], ["x", "x", "y", "y"], ["i", "j"] * 2, [1, 4, -3, 2])
    shares, confounded = variance_shares(found)
    assert "rater" in confounded
    assert sum(v.share for v in shares) == pytest.approx(1)


def test_nothing_to_share() -> None:
    assert variance_shares(coded(["a"], ["x"], ["i"], [1])) == ([], [])
    equal = coded(["a", "b", "c"], ["x"] * 3, ["i"] * 3, [2, 2, 2])
    assert variance_shares(equal) == ([], [])
