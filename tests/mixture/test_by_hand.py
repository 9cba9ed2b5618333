"""Small sums of the engine by their definitions, on numbers that can be checked by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln, softmax
from scipy.stats import betabinom, multivariate_normal

from forwhom.mixture.continuum import near
from forwhom.mixture.families.composition import (
    MOST_ITEMS,
    BetaBinomial,
    _apportioned,
    _folded,
    _moments,
)
from forwhom.mixture.families.covariance import (
    Pattern,
    _block_scores,
    _keep_positive,
    _of_one,
    block_sums,
    log_densities,
)
from forwhom.mixture.families.dirichlet import more_than, pseudo_counts, rising
from forwhom.mixture.families.scores import RowScores, bound, level_scores
from forwhom.mixture.islands import APART, certainty, islands_of, overlaps, separation
from forwhom.mixture.novelty import HIGHEST_THRESHOLD, LOWEST_FIT, _low_quantile
from forwhom.mixture.sampling import _mixed, apart

Floats = NDArray[np.float64]
RNG = np.random.default_rng(4)


def test_items_of_a_part_are_beta_binomial() -> None:
    alpha = np.array([[1.5, 2.0, 0.5], [4.0, 1.0, 1.0]])
    told = BetaBinomial(alpha[:, 0], alpha, 6).cdf(np.arange(7.0))
    by_hand = [betabinom(6, a, all_ - a).cdf(np.arange(7))
               for a, all_ in zip(alpha[:, 0], alpha.sum(axis=1), strict=True)]  # fmt: skip
    assert told == pytest.approx(np.array(by_hand))


def test_ways_to_divide_are_folded() -> None:
    a, b = RNG.random((2, 1, 6))
    assert _folded(a, b)[0] == pytest.approx(np.convolve(a[0], b[0])[:6])


def log_chance(counts: tuple[int, ...], alpha: Floats) -> float:
    """Log density of the items in each part: Dirichlet-multinomial."""
    n, total = sum(counts), alpha.sum()
    own = gammaln(counts + alpha) - gammaln(alpha) - gammaln(np.array(counts) + 1)
    return float(gammaln(n + 1) + gammaln(total) - gammaln(n + total) + own.sum())


@pytest.mark.parametrize("n", [1, 2, 5, MOST_ITEMS])
def test_what_is_expected_of_a_density_is_its_mean_over_all_ways(n: int) -> None:
    alpha = np.array([[1.5, 2.0, 0.5], [30.0, 10.0, 5.0]])
    mean, spread = _moments(alpha)
    for k, own in enumerate(alpha):
        logs = np.array([log_chance(way, own) for way in product(range(n + 1), repeat=3)
                         if sum(way) == n])  # fmt: skip
        chances = np.exp(logs)
        assert chances.sum() == pytest.approx(1.0)
        assert mean[n - 1, k] == pytest.approx(chances @ logs)
        expected = chances @ logs**2 - (chances @ logs) ** 2
        assert spread[n - 1, k] == pytest.approx(expected, abs=1e-9)


def test_shares_become_items() -> None:
    parts = np.array([[0.5, 0.2, np.nan, 0.3], [0.5, 0.8, 0.5, 0.7]])
    counts, sizes = _apportioned(parts, np.array([4.0, 0.0, 3.0, 99.0]))
    assert sizes.tolist() == [4.0, 0.0, 0.0, float(MOST_ITEMS)]
    assert counts[:, 0].tolist() == [2.0, 2.0]
    assert counts[:, 1].tolist() == counts[:, 2].tolist() == [0.0, 0.0]
    assert counts[:, 3].tolist() == [0.3 * MOST_ITEMS, 0.7 * MOST_ITEMS]


def test_slopes_of_rising_factors() -> None:
    def log_rising(at: float, y: int) -> float:
        alpha = np.exp(at)
        return float(np.log(alpha + np.arange(y)).sum())

    slope, bend = rising(1.7)
    at, step = np.log(1.7), 1e-4
    for y in range(5):
        up, here, down = (log_rising(at + d, y) for d in (step, 0.0, -step))
        assert slope[y] == pytest.approx((up - down) / (2 * step), abs=1e-6)
        assert bend[y] == pytest.approx((up - 2 * here + down) / step**2, abs=1e-5)


def test_items_after_the_first_say_less() -> None:
    counts = np.array([1.0, 2.0, 4.0])[None, None, :, None]
    assert more_than(counts).ravel().tolist() == [7.0, 6.0, 4.0]
    parts = np.zeros((1, 1, MOST_ITEMS, 1))
    parts[0, 0, :3, 0] = [6.0, 4.0, 3.0]
    told = pseudo_counts(np.array([[[2.0]]]), parts)
    assert told.ravel() == pytest.approx([6.0 + 4.0 * 2 / 3 + 3.0 * 2 / 4])


MEANS = np.array([[0.0, 1.0], [2.0, -1.0], [0.5, 0.0]])
COVARIANCES = np.array([
    [[2.0, 0.6, 0.3], [0.6, 1.0, 0.2], [0.3, 0.2, 1.5]],
    [[1.0, -0.4, 0.0], [-0.4, 2.0, 0.5], [0.0, 0.5, 1.0]],
])  # fmt: skip
FACTORS = np.linalg.cholesky(COVARIANCES)
VALUES = RNG.normal(size=(5, 3))


def pattern(observed: list[int], rows: list[int]) -> Pattern:
    missing = [i for i in range(3) if i not in observed]
    return Pattern(
        rows=np.array(rows), observed=np.array(observed, dtype=np.int64),
        missing=np.array(missing, dtype=np.int64), values=VALUES[np.ix_(rows, observed)],
    )  # fmt: skip


GROUPS = [pattern([0, 1, 2], [0, 3]), pattern([0, 2], [1, 4]), pattern([1], [2])]


def test_densities_are_those_of_what_is_there() -> None:
    told = log_densities(MEANS, FACTORS, GROUPS)
    for group in GROUPS:
        o = group.observed
        for row, values in zip(group.rows, group.values, strict=True):
            for k in range(2):
                normal = multivariate_normal(MEANS[o, k], COVARIANCES[k][np.ix_(o, o)])
                assert told[row, k] == pytest.approx(normal.logpdf(values))


def test_sums_fill_what_is_missing_by_what_is_expected() -> None:
    resp = RNG.random((5, 2))
    first, second = block_sums(MEANS, FACTORS, GROUPS, resp)
    for k in range(2):
        one, two = np.zeros(3), np.zeros((3, 3))
        for group in GROUPS:
            o, m, cov = group.observed, group.missing, COVARIANCES[k]
            slope = cov[np.ix_(m, o)] @ np.linalg.inv(cov[np.ix_(o, o)])
            left = np.zeros((3, 3))
            left[np.ix_(m, m)] = cov[np.ix_(m, m)] - slope @ cov[np.ix_(o, m)]
            for row, values in zip(group.rows, group.values, strict=True):
                full = np.empty(3)
                full[o] = values
                full[m] = MEANS[m, k] + slope @ (values - MEANS[o, k])
                one += resp[row, k] * full
                two += resp[row, k] * (np.outer(full, full) + left)
        assert first[:, k] == pytest.approx(one)
        assert second[k] == pytest.approx(two)


def test_scores_are_slopes_of_the_density_and_information_their_spread() -> None:
    i, j = np.tril_indices(3)
    group = [pattern([0, 1, 2], [0, 1, 2, 3, 4])]
    precisions = np.linalg.inv(COVARIANCES)
    told = _block_scores(MEANS, group, [precisions], (i, j), 5, 1, slice(1, 4))
    assert told.shape == (3, 9)

    def density(mean: Floats, cov: Floats) -> Floats:
        return np.asarray(multivariate_normal(mean, cov).logpdf(VALUES[1:4]))

    step = 1e-5
    for p in range(9):
        ends = []
        for sign in (1, -1):
            mean, cov = MEANS[:, 1].copy(), COVARIANCES[1].copy()
            if p < 3:
                mean[p] += sign * step
            else:
                a, b = i[p - 3], j[p - 3]
                cov[a, b] += sign * step
                cov[b, a] = cov[a, b]
            ends.append(density(mean, cov))
        assert told[:, p] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-5)
    many = RNG.multivariate_normal(MEANS[:, 1], COVARIANCES[1], 40_000)
    every = Pattern(rows=np.arange(40_000), observed=np.arange(3),
                    missing=np.empty(0, dtype=np.int64), values=many)  # fmt: skip
    scores = _block_scores(MEANS, [every], [precisions], (i, j), 40_000, 1, slice(None))
    information = _of_one(precisions, (i, j))[1]
    assert scores.T @ scores / 40_000 == pytest.approx(information, abs=0.1)


def test_a_matrix_that_rounding_made_singular_is_lifted() -> None:
    flat = np.array([[1.0, 1.0], [1.0, 1.0]])
    lifted = _keep_positive(flat)
    assert np.linalg.eigvalsh(lifted).min() > 0
    assert lifted == pytest.approx(flat, abs=1e-6)
    assert _keep_positive(COVARIANCES[0]) is COVARIANCES[0] or np.array_equal(
        _keep_positive(COVARIANCES[0]), COVARIANCES[0]
    )


def test_scores_of_levels_are_what_is_off_from_what_is_expected() -> None:
    probabilities = np.array([[0.2, 0.5], [0.3, 0.25], [0.5, 0.25]])
    features = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    codes = np.array([0, 2, -1, 1])
    weights = np.array([[1.0, 0.5], [2.0, 1.0], [3.0, 3.0], [1.0, 0.0]])
    index = np.array([[0, 1], [2, 3]])
    found = level_scores("x", codes, probabilities, features, index, weights, 0.5)
    mean = features.T @ probabilities
    assert found.of(0, slice(None)) == pytest.approx(
        np.array([features[c] - mean[:, 0] if c >= 0 else [0.0, 0.0] for c in codes])
    )
    for k, known in enumerate((4.0 + 0.5, 1.5 + 0.5)):
        off = features - mean[:, k]
        spread = (off * probabilities[:, [k]]).T @ off
        assert found.information[k] == pytest.approx(known * spread)
        total = found.of(k, slice(None)).T @ weights
        assert found.total(k, weights) == pytest.approx(total)
    assert found.n_free == 4


def test_classes_that_are_bound_share_their_scores() -> None:
    own = RNG.normal(size=(2, 4, 3))
    known = np.stack([np.eye(3), 2 * np.eye(3)])
    free = RowScores(("x",), np.array([[0, 1, 2], [3, 4, 5]]), known, lambda c, rows: own[c][rows])
    features = np.array([[1.0, 1.0], [-1.0, 2.0]])
    told = bound(free, 1, features)
    for c in range(2):
        way = np.zeros((3, 5))
        way[0, 0] = 1.0
        way[1, 1:3] = way[2, 3:5] = features[:, c]
        assert told.of(c, slice(None)) == pytest.approx(own[c] @ way)
        assert told.information[c] == pytest.approx(way.T @ known[c] @ way)
        assert told.total(c, np.ones((4, 1))) == pytest.approx((own[c] @ way).sum(axis=0)[:, None])
    assert told.index.tolist() == [[0, 1, 2, 3, 4]] * 2


RESP = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.0, 0.0, 1.0]])


def test_how_far_segments_overlap_and_how_sure_members_are() -> None:
    weights = np.array([1.0, 2.0, 1.0])
    told = overlaps(RESP, weights)
    joint = 0.9 * 0.1 + 2 * 0.2 * 0.8
    assert told[0, 1] == told[1, 0] == pytest.approx(2 * joint / (1.3 + 1.7))
    assert told[0, 2] == 0.0
    assert separation(RESP, weights) == pytest.approx(-np.log(1e-12))
    apart_ = separation(RESP[:2, :2], weights[:2])
    assert apart_ == pytest.approx(-np.log(2 * joint / 3.0))
    entropy = -sum(w * p * np.log(p) for w, row in zip(weights, RESP, strict=True)
                   for p in row if p > 0) / 4  # fmt: skip
    assert certainty(RESP, weights) == pytest.approx(-np.log(entropy / np.log(3)))
    assert certainty(np.eye(2), np.ones(2)) == pytest.approx(-np.log(1e-12))


@pytest.mark.parametrize(
    ("costs", "shares", "islands"),
    [
        ({}, [0.5, 0.5], [[0], [1]]),
        ({(0, 1): APART - 0.01}, [0.5, 0.5], [[0, 1]]),
        ({(0, 1): APART}, [0.5, 0.5], [[0], [1]]),
        ({}, [0.6, 0.385, 0.015], [[1], [0, 2]]),
        ({}, [0.6, 0.38, 0.02], [[0], [1], [2]]),
        # A bridge joins two where it is half as large as the smaller of their peaks.
        ({(0, 2): 0.0, (1, 2): 0.0}, [0.5, 0.34, 0.17], [[0, 1, 2]]),
        ({(0, 2): 0.0, (1, 2): 0.0}, [0.5, 0.34, 0.16], [[1], [0, 2]]),
    ],
)
def test_which_segments_are_slices_of_one(
    costs: dict[tuple[int, int], float], shares: list[float], islands: list[list[int]]
) -> None:
    found = islands_of(costs, np.array(shares))
    assert sorted(map(sorted, found)) == sorted(map(sorted, islands))


def test_the_threshold_of_novelty_is_a_low_quantile() -> None:
    best = np.arange(-1000.0, 0.0)
    assert _low_quantile(best, np.ones(1000), 0.01, 1.0) == -990.0
    assert _low_quantile(best[::-1], np.ones(1000), 0.01, 1.0) == -990.0
    assert _low_quantile(best, np.where(best < -500, 3.0, 1.0), 0.01, 1.0) == -994.0
    # Fewer customers than show the tail: it falls off exponentially from there.
    few = _low_quantile(best[:10], np.ones(10), 0.01, 4.0)
    assert few == pytest.approx(-1000.0 - np.log(10) / 2)
    assert _low_quantile(best[:0], np.ones(0), 0.01, 1.0) == HIGHEST_THRESHOLD
    assert _low_quantile(np.array([LOWEST_FIT]), np.ones(1), 0.5, 1.0) == LOWEST_FIT / 2


def test_rows_are_near_the_points_beside_them() -> None:
    points, axes = np.array([[-1.0], [0.0], [2.0]]), np.array([[0.5], [-3.0]])
    logs = -((axes - points.T) ** 2) - 0.15 * (points.T**2)
    assert near(points, axes) == pytest.approx(softmax(logs, axis=1))


def test_copies_of_a_row_are_drawn_apart() -> None:
    first = np.array([0x9E3779B97F4A7C15], dtype=np.uint64)
    assert _mixed(first)[0] == 0xE220A8397B1DCDAF  # the first number of splitmix64
    hashes = np.array([7, 3, 7, 7], dtype=np.uint64)
    told = apart(hashes, np.empty(0))
    assert len(set(told.tolist())) == 4
    assert told[1] == 3
    assert 7 in told.tolist()
    weighted = apart(hashes, np.array([2.0, 1.0, 1.0, 3.0]))
    assert (weighted[2], weighted[1]) == (7, 3)
    assert apart(np.array([1, 2], dtype=np.uint64), np.empty(0)).tolist() == [1, 2]
