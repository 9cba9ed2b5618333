"""A new model keeps the places of the old one's segments."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.mixture.matching import match_segments

few = settings(max_examples=25, derandomize=True)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_relabeled_segments_find_their_places(order: tuple[int, ...]) -> None:
    old = np.repeat(np.eye(3), [5, 3, 2], axis=0) * 0.9 + 0.1 / 3
    new = old[:, order]
    places, partner = match_segments(old, new)
    assert np.array_equal(new[:, places], old)
    assert partner.tolist() == [0, 1, 2]


@few
@given(seed=st.integers(0, 2**32 - 1), before=st.integers(1, 5), after=st.integers(1, 5))
def test_no_other_assignment_shares_more(seed: int, before: int, after: int) -> None:
    rng = np.random.default_rng(seed)
    old, new = (rng.dirichlet(np.full(k, 0.4), size=40) for k in (before, after))
    weights = rng.random(40)
    order, partner = match_segments(old, new, weights)
    assert sorted(order) == list(range(after))
    matched = [(p, s) for s, p in zip(order, partner, strict=True) if p >= 0]
    assert len(matched) == min(before, after)
    assert [p for p, _ in matched] == sorted({p for p, _ in matched})
    shared = old.T @ (new * weights[:, None])
    found = sum(shared[p, s] for p, s in matched)
    wide = shared if before <= after else shared.T
    best = max(
        sum(wide[i, j] for i, j in enumerate(chosen))
        for chosen in permutations(range(wide.shape[1]), wide.shape[0])
    )
    assert found == pytest.approx(best)


def test_segments_without_a_partner_follow_by_size() -> None:
    old = np.repeat(np.eye(2), [20, 10], axis=0)
    new = np.zeros((30, 4))
    new[:4, 0] = new[4:18, 1] = new[18:20, 2] = new[20:, 3] = 1.0
    order, partner = match_segments(old, new)
    assert order.tolist() == [1, 3, 0, 2]
    assert partner.tolist() == [0, 1, -1, -1]


def test_fewer_segments_than_before() -> None:
    old = np.repeat(np.eye(3), [2, 6, 4], axis=0)
    new = np.column_stack([old[:, 2], old[:, 1] + old[:, 0]])
    order, partner = match_segments(old, new)
    assert order.tolist() == [1, 0]
    assert partner.tolist() == [1, 2]


def test_weights_decide_who_counts() -> None:
    old = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    new = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    heavy = match_segments(old, new, np.array([10.0, 1.0, 1.0]))[0]
    light = match_segments(old, new, np.array([1.0, 10.0, 1.0]))[0]
    assert heavy.tolist() == [0, 1]
    assert light.tolist() == [1, 0]
