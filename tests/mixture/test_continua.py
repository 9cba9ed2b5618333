"""Factors, scales, bands and islands by hand: where customers lie along a line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from forwhom.documents.items import (
    CategoricalItem,
    TiltItem,
)
from forwhom.mixture.bands import borders, gauss, points
from forwhom.mixture.continuum import circle, classes_at, near, nodes, powers
from forwhom.mixture.islands import certainty, overlaps, separation
from forwhom.mixture.scale import _moments, as_numbers, variance, varimax
from forwhom.mixture.shape import Classes, added_up


def tilt(**more: Any) -> TiltItem:
    given = {
        "variable": "x", "cuts": [4.4, 9.6], "centers": [2.0, 7.0, 12.0],
        "probabilities": [[0.5, 0.3, 0.2]],
    }  # fmt: skip
    return TiltItem.model_validate(given | more)


def test_points_of_a_factor_have_its_moments() -> None:
    for dimensions, least in ((1, 13), (2, 20), (3, 30)):
        z, logs = nodes(dimensions)
        shares = np.exp(logs)
        assert z.shape == (len(logs), dimensions)
        assert len(logs) >= least
        assert shares.sum() == pytest.approx(1)
        assert shares @ z == pytest.approx(np.zeros(dimensions), abs=1e-12)
        assert (z * shares[:, None]).T @ z == pytest.approx(np.eye(dimensions), abs=0.01)
    assert len(nodes(1)[1]) == 13
    assert np.exp(nodes(2)[1]).min() > 1e-4
    z, logs = circle()
    assert len(z) == 16
    assert (z**2).sum(axis=1) == pytest.approx(np.full(16, 2.0))
    assert np.exp(logs).sum() == pytest.approx(1)
    assert z[0] == pytest.approx([math.sqrt(2), 0])


def test_powers_of_a_factor_are_unrelated() -> None:
    z, logs = nodes(1)
    basis = powers(z, 2)
    assert (basis * np.exp(logs)[:, None]).T @ basis == pytest.approx(np.eye(3), abs=1e-9)
    assert powers(z, 0).shape == (13, 1)


def test_classes_are_points_of_a_factor_in_each_segment() -> None:
    z, logs = np.array([[-1.0], [1.0]]), np.log([0.5, 0.5])
    classes = classes_at(z, logs, 2)
    assert classes.segment.tolist() == [0, 0, 1, 1]
    assert classes.features.tolist() == [[1, 1, 0, 0], [0, 0, 1, 1], [-1, 1, -1, 1]]
    assert (classes.n_segments, classes.rotations) == (2, 0)
    assert classes.places.ravel().tolist() == [-1, 1, -1, 1]
    assert classes.log_share == pytest.approx(np.log(np.full(4, 0.5)))
    plane = np.zeros((3, 3))
    assert classes_at(plane, np.zeros(3)).rotations == 3
    assert classes_at(plane, np.zeros(3), bends=1).rotations == 0
    turned, moved = classes.ordered(np.array([1, 0]))
    assert moved.tolist() == [2, 3, 0, 1]
    assert turned.segment.tolist() == [0, 0, 1, 1]
    assert turned.features.tolist() == classes.features.tolist()
    banded = Classes(
        np.zeros(3, int), np.zeros(3), np.ones((2, 3)), np.zeros((3, 1)), band=np.array([0, 1, 1])
    )
    assert banded.parts.tolist() == [0, 1, 1]
    other, moved = banded.ordered(np.array([1, 0]))
    assert (other.parts.tolist(), moved.tolist()) == ([1, 0, 0], [0, 1, 2])
    assert added_up(np.array([[1.0, 2.0, 4.0]]), banded.parts).tolist() == [[1, 6]]


def test_rows_are_members_of_the_nodes_near_them() -> None:
    z = np.array([[-1.0], [0.0], [2.0]])
    logs = np.array([-1.0 - 0.15, 0.0, -4.0 - 0.6])
    expected = np.exp(logs) / np.exp(logs).sum()
    assert near(z, np.zeros((1, 1)))[0] == pytest.approx(expected)


def test_borders_keep_most_of_a_normal_scale() -> None:
    assert borders(2).tolist() == [0.0]
    assert borders(4) == pytest.approx([-0.9816, 0, 0.9816], abs=1e-4)  # Max (1960)
    assert borders(5) == pytest.approx([-1.2444, -0.3823, 0.3823, 1.2444], abs=1e-4)


def test_points_in_bands_hold_the_normal_distribution() -> None:
    z, logs, band = points(borders(4))
    assert np.bincount(band).tolist() == [5, 3, 3, 5]
    shares = np.exp(logs)
    assert shares.sum() == pytest.approx(1)
    assert [shares @ z**power for power in (1, 2, 4)] == pytest.approx([0, 1, 3], abs=0.01)
    assert np.all(np.diff(z) > 0)
    place, weight = gauss(0.0, 1.0, 2)
    from scipy.integrate import quad
    from scipy.stats import norm

    for power in range(4):
        exact = quad(lambda x, p=power: x**p * norm.pdf(x), 0, 1)[0]
        assert weight @ place**power == pytest.approx(exact, abs=1e-6)


def test_overlap_is_twice_what_two_share_over_what_both_are() -> None:
    resp = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    found = overlaps(resp, np.array([1.0, 2.0, 1.0]))
    assert found[0, 1] == pytest.approx(2 * 0.5 / 3)
    assert found[0, 0] == pytest.approx(2 * 1.5 / 4)
    assert found[0, 2] == 0.0
    # The largest edge of the tree is the one to the stranger.
    assert separation(resp, np.ones(3)) == pytest.approx(-math.log(1e-12))
    half = np.array([[0.5, 0.5], [0.5, 0.5]])
    assert separation(half, np.ones(2)) == pytest.approx(-math.log(0.5))


def test_certainty_is_minus_the_log_of_the_entropy() -> None:
    resp = np.array([[0.5, 0.5], [1.0, 0.0]])
    assert certainty(resp, np.array([1.0, 3.0])) == pytest.approx(math.log(4))
    assert certainty(np.eye(2), np.ones(2)) == pytest.approx(-math.log(1e-12))


def test_turning_makes_loadings_simple_and_keeps_lengths() -> None:
    rng = np.random.default_rng(3)
    simple = np.zeros((9, 3))
    simple[np.arange(9), np.arange(9) // 3] = [0.9, 0.8, 0.7] * 3
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    found = np.abs((simple @ turn) @ varimax(simple @ turn))
    assert np.sort(found, axis=1)[:, :2] == pytest.approx(np.zeros((9, 2)), abs=1e-6)
    assert variance(np.array([1.0, 3.0]), np.array([3.0, 1.0])) == 0.75


def test_moments_of_ratings_are_those_of_numbers_or_of_the_top_level() -> None:
    def told(item: Any, ordered: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        return [(level, *m.tolist(), *s.tolist()) for level, m, s in _moments(item, ordered)]

    def rating(*levels: str) -> CategoricalItem:
        p = [[0.5, 0.3, 0.2]] if len(levels) == 3 else [[0.6, 0.4]]
        return CategoricalItem(variable="q", levels=list(levels), probabilities=p)

    assert told(rating("1", "2", "4"), ("q",)) == [(None, pytest.approx(1.9), pytest.approx(4.9))]
    assert told(rating("low", "mid", "top"), ("q",)) == [("top", 0.2, 0.2)]
    assert told(rating("1", "2", "4")) == [("1", 0.5, 0.5), ("2", 0.3, 0.3), ("4", 0.2, 0.2)]
    assert told(rating("no", "yes")) == [("yes", 0.4, 0.4)]
    assert told(tilt()) == [(None, pytest.approx(5.5), pytest.approx(2 + 14.7 + 28.8))]
    assert as_numbers(["1", "x"]) is None
