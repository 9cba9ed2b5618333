"""Later customers in the segments of an earlier run: what moved, what only grew, what is the same.

How often that is wrong is measured by `benchmarks/drift.py`, with segments that were fitted.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from forwhom.evidence.drift import Frozen, Means, shares_now
from forwhom.mixture.families.bins import Bins, bin_codes, bins_of

Floats = NDArray[np.float64]
MEANS = np.array([0.0, 1.5, 3.0])
THEN = np.array([0.5, 0.3, 0.2])
YES = np.array([0.2, 0.5, 0.8])


def drawn(
    n: int, seed: int, shares: Floats = THEN, moved: float = 0.0
) -> tuple[Floats, Floats]:  # fmt: skip
    """Draw a number and an answer of customers of three kinds; of the second the number moves."""
    rng = np.random.default_rng(seed)
    z = rng.choice(3, n, p=shares)
    return rng.normal(MEANS[z] + moved * (z == 1)), (rng.random(n) < YES[z]).astype(float)


def placed(x: Floats, yes: Floats) -> Floats:
    """Return where a model that knows the earlier kinds places customers."""
    logs = np.log(THEN) - 0.5 * (x[:, None] - MEANS) ** 2
    logs += np.log(np.where(yes[:, None] > 0, YES, 1 - YES))
    r = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(r / r.sum(axis=1, keepdims=True))


def earlier(n: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return shares, and the means of both variables in each segment, of earlier customers."""
    x, yes = drawn(n, seed)
    r = placed(x, yes)
    means = r.T @ np.stack([x, yes], axis=1) / r.sum(axis=0)[:, None]
    return r.mean(axis=0), means[:, :1], np.stack([1 - means[:, 1], means[:, 1]], axis=1)


def frozen(n: int, seed: int, shares: Floats = THEN, moved: float = 0.0) -> tuple[Frozen, Floats]:
    x, yes = drawn(n, seed, shares, moved)
    return Frozen.of(placed(x, yes), earlier(n, 0)[0], n), x


def test_shares_of_known_densities_are_the_likeliest() -> None:
    density = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
    found = shares_now(density, np.ones(4), np.array([0.5, 0.5]))

    def likelihood(p: float) -> float:
        return float(np.log(density @ [p, 1 - p]).sum())

    best = max(np.linspace(0.001, 0.999, 999), key=likelihood)
    assert found == pytest.approx([best, 1 - best], abs=2e-3)


def test_a_segment_that_grew_is_found_and_has_not_moved() -> None:
    grown = np.array([0.3, 0.3, 0.4])
    now, x = frozen(4000, 5, grown)
    sizes = now.sizes()
    assert sizes.shares == pytest.approx(grown, abs=0.03)
    assert sizes.p < 1e-6
    assert np.abs(sizes.shares - grown).max() < 3.5 * sizes.errors.max()
    means, place = now.means(x[:, None]), earlier(4000, 0)[1]
    for k in range(3):
        found, p = means.against(place[k], k, "d", 0.2)
        assert p > 0.01
        assert max(found.low[0], -found.high[0]) < 0.02


def test_a_segment_that_moved_is_found() -> None:
    now, x = frozen(4000, 6, moved=1.2)
    means, place = now.means(x[:, None]), earlier(4000, 0)[1]
    found, p = means.against(place[1], 1, "d", 0.2)
    assert p < 1e-4
    # Many of those who moved are now taken for others, so that less of it is seen.
    assert 0.0 < found.effect[0] < 1.2


def test_nothing_is_found_where_nothing_changed() -> None:
    now, x = frozen(2000, 7)
    assert now.sizes().p > 0.01
    assert min(
        now.means(x[:, None]).against(earlier(2000, 0)[1][k], k, "d", 0.2)[1] for k in range(3)
    ) > 0.01  # fmt: skip


def _binned(bins: Bins, old: Floats, new: Floats) -> tuple[Floats, Floats]:
    """Return the scores of the bins that values are in, (n, 1) and (n,)."""
    then, now = (bins.scores[bin_codes(bins.cuts, one)] for one in (old, new))
    return then[:, None], now


def alarms(n: int, replicates: int) -> float:
    """Return how often any of nine comparisons is an alarm although nothing changed."""
    rng, found = np.random.default_rng(n), 0
    for _ in range(replicates):
        old, new = drawn(n, int(rng.integers(2**31))), drawn(n, int(rng.integers(2**31)))
        r, now = placed(*old), placed(*new)
        state = Frozen.of(now, r.mean(axis=0), n)
        bins = bins_of(old[0], np.ones(n))
        ps = []
        for kind, then, later in (
            ("d", *_binned(bins, old[0], new[0])),
            ("h", old[1][:, None], new[1]),
        ):
            means = state.means(later[:, None])
            place = r.T @ then / r.sum(axis=0)[:, None]
            ps += [means.against(place[k], k, kind, 0.2)[1] for k in range(3)]
        found += min(ps) < 1 - 0.95 ** (1 / len(ps))
    return found / replicates


def test_false_alarms_are_as_rare_as_they_are_said_to_be() -> None:
    assert 0.01 <= alarms(300, 200) <= 0.10


@settings(max_examples=8)
@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_and_of_segments_and_copies_change_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, yes = drawn(200, seed)
    r, place = placed(x, yes), np.array([[0.1], [1.4], [3.1]])
    values = np.where(rng.random(200) < 0.1, np.nan, x)[:, None]

    def all_of(r: Floats, values: Floats, w: Floats | None, order: list[int]) -> list[float]:
        now = Frozen.of(r[:, order], THEN[order], 200.0, w)
        sizes, means = now.sizes(), now.means(values)
        told = [float(sizes.p)]
        for k in np.argsort(order).tolist():
            found, p = means.against(place[order][k], k, "d", 0.2)
            told += [sizes.shares[k], p, found.effect[0], found.low[0], found.p_different[0]]
        return told

    plain = all_of(r, values, None, [0, 1, 2])
    rows = rng.permutation(200)
    assert all_of(r[rows], values[rows], None, [2, 0, 1]) == pytest.approx(plain, abs=1e-5)
    times = rng.integers(1, 4, 200)
    several = np.repeat(np.arange(200), times)
    copies = all_of(r[several], values[several], None, [0, 1, 2])
    weighted = all_of(r, values, times.astype(float), [0, 1, 2])
    assert weighted == pytest.approx(copies, abs=1e-5)


def test_three_answers_that_were_written_with_four_digits_give_no_more_alarms() -> None:
    rng, ps = np.random.default_rng(3), []
    for _ in range(250):
        then, now = (np.eye(3)[rng.choice(3, 400, p=[0.6, 0.3, 0.1])] for _ in range(2))
        state = Frozen.of(np.ones((400, 1)), np.ones(1), 400.0)
        ps.append(state.means(now).against(np.round(then.mean(axis=0), 4), 0, "V", 0.1)[1])
    assert np.mean(np.array(ps) < 0.05) == pytest.approx(0.05, abs=0.035)


def test_levels_of_hardly_anybody_are_one_together() -> None:
    rng = np.random.default_rng(1)
    codes = rng.choice(4, 300, p=[0.6, 0.38, 0.01, 0.01])
    hot = np.eye(4)[codes]
    now = Frozen.of(np.ones((300, 1)), np.ones(1), 300)
    found, p = now.means(hot).against(np.array([0.6, 0.38, 0.015, 0.005]), 0, "V", 0.1)
    assert p > 0.05
    assert found.high[0] < 0.2


@pytest.mark.parametrize("n", [4, 30])
def test_how_likely_a_move_of_one_number_is_is_told_by_student(n: int) -> None:
    values = np.random.default_rng(n).normal(0.3, 1.0, n)
    means = Means.__new__(Means)
    object.__setattr__(means, "members", np.array([float(n)]))
    spread = np.array([[values.var(ddof=1) / n]])
    known = stats.ttest_1samp(values, 0.0).pvalue
    assert means._p(np.array([values.mean()]), spread, 0, "d") == pytest.approx(known)
    assert means._p(values[:0], spread[:0, :0], 0, "d") == 1.0
