"""Consensus against published figures; camps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwhom.alignment.dispersion import _EXPLAINED, _SIZES, _best_split, camps, consensus

ratings = st.lists(st.integers(-5, 5), min_size=1, max_size=30)


def repeated(counts: list[int], first: int = 1) -> np.ndarray:
    return np.repeat(np.arange(first, first + len(counts)), counts)


def test_consensus_as_published() -> None:
    # The worked example of consensus() in the R package agrmt, after Tastle and Wierman (2007).
    answers = repeated([30, 40, 210, 130, 530, 50, 10])
    assert consensus(answers, width=6) == pytest.approx(0.7256876, abs=5e-8)


def test_consensus_where_the_paper_gives_it_by_definition() -> None:
    assert consensus(repeated([7, 0, 0, 0, 0]), width=4) == 1
    assert consensus(repeated([6, 0, 0, 0, 6]), width=4) == 0
    # Answers 19, 16, 26, 29, 10 on five points are the paper's first example: its formula by hand.
    counts, places = np.array([19, 16, 26, 29, 10]), np.arange(1, 6)
    mean = np.sum(counts * places) / 100
    by_hand = 1 + np.sum(counts / 100 * np.log2(1 - np.abs(places - mean) / 4))
    assert consensus(repeated(counts.tolist()), width=4) == pytest.approx(by_hand)


def test_what_a_split_explains_of_ratings_that_are_spread_evenly() -> None:
    rng = np.random.default_rng(3)
    for n, said in zip(_SIZES, _EXPLAINED, strict=True):
        drawn = np.sort(rng.uniform(-5, 5, (max(1000 // n, 60), n)), axis=1)
        explained = [_best_split(one)[1] for one in drawn]
        assert np.quantile(explained, 0.95) == pytest.approx(said, abs=0.04)


@given(ratings)
def test_consensus_is_between_0_and_1_and_has_no_side(values) -> None:
    found = consensus(values)
    assert 0 <= found <= 1
    assert consensus([-v for v in values]) == pytest.approx(found)
    assert consensus(values * 3) == pytest.approx(found)
    assert (found == 1) == (len(set(values)) == 1)


def test_two_camps_and_one_mind() -> None:
    assert camps([-4, -4, -3, 4, 4, 5]) == ((3, -4.0), (3, 4.0))
    assert camps([1, 2, 2, 3, 3, 4, 5]) is None
    assert camps([4, 4, 4, 5, 5, 5]) is None, "near each other"
    assert camps([-5, 3, 3, 4, 4, 4, 5]) is None, "one rater is no camp"
    assert camps([-5, -4, -4, -4, -3, -3, 5]) is None, "one rater is no camp, on either side"
    assert camps([-4] * 8 + [5] * 2) == ((8, -4.0), (2, 5.0)), "a fifth of the raters is one"
    assert camps([-4] * 9 + [5] * 2) is None, "fewer are none"
    assert camps([-5, 5]) is None, "two raters are no camps"
    assert camps([2] * 9) is None


@given(ratings)
def test_camps_are_mirrored_with_the_ratings(values) -> None:
    found, mirrored = camps(values), camps([-v for v in values])
    assert (found is None) == (mirrored is None)
    if found is not None and mirrored is not None:
        assert sum(n for n, _ in found) == len(values)
        assert {n for n, _ in found} == {n for n, _ in mirrored}


def test_evenly_spread_ratings_are_rarely_taken_for_camps() -> None:
    rng = np.random.default_rng(5)
    explained = [_best_split(np.sort(rng.integers(-5, 6, 10)).astype(float))[1] for _ in range(800)]
    assert np.quantile(explained, 0.95) == pytest.approx(0.907, abs=0.015)
    taken = [camps(rng.integers(-5, 6, 10)) is not None for _ in range(800)]
    assert np.mean(taken) < 0.08
