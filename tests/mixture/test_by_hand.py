"""Parts of the engine by hand: criteria, draws, limits, cells of few, which fit is kept."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.documents.items import (
    CategoricalItem,
    DirichletMultinomialItem,
    GaussianBlock,
    GaussianItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import KMeansModel
from forwhom.errors import DataError, OptionError
from forwhom.mixture import Column, FitOptions, bootstrap, coding, fitting, selection
from forwhom.mixture.bands import borders, gauss, points
from forwhom.mixture.coarsening import (
    _coarse_block,
    _enough,
    _in_steps,
    coarse,
    coarse_bins,
    coarse_centers,
    coarse_items,
    coarse_limits,
    coarse_scales,
    cuts_between,
    two_digits_below,
)
from forwhom.mixture.continuum import circle, classes_at, near, nodes, powers
from forwhom.mixture.criteria import entropy_r2, information, uncertainty
from forwhom.mixture.fitting import _optima, _same, _Search, _Settled
from forwhom.mixture.islands import certainty, overlaps, separation
from forwhom.mixture.novelty import _low_quantile
from forwhom.mixture.replicates import _best_of_each
from forwhom.mixture.residuals import _pearson, _without_few
from forwhom.mixture.scale import _moments, as_numbers, variance, varimax
from forwhom.mixture.scoring import _softmax, one_hot
from forwhom.mixture.selection import _best, _part, check_ks, select
from forwhom.mixture.shape import Classes, added_up
from forwhom.mixture.starts import _sphere, draw_rows
from forwhom.mixture.tails import _log_tail, _thinned, upper_limit
from forwhom.mixture.values import (
    is_count,
    is_not_negative,
    level_column,
    number_column,
    row_blocks,
    row_count,
)

Floats = NDArray[np.float64]


# --- criteria


def test_criteria_by_hand() -> None:
    found = information(-100.0, 7, 46.0, 5.0)
    assert found == pytest.approx({
        "bic": 200 + 7 * math.log(46), "aic": 214, "aic3": 221,
        "caic": 200 + 7 * (math.log(46) + 1), "sabic": 200 + 7 * math.log(2),
        "icl": 210 + 7 * math.log(46),
    })  # fmt: skip
    sure = np.array([[1.0, 0.0], [0.75, 0.25]])
    entropy, error = uncertainty(sure, np.array([1.0, 3.0]))
    of_one = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert (entropy, error) == (pytest.approx(3 * of_one), pytest.approx(0.1875))
    assert uncertainty(np.array([[1.0 + 1e-15, 0.0]]), np.ones(1)) == (0.0, 0.0)
    assert entropy_r2(3.0, 10.0, 3) == pytest.approx(1 - 3 / (10 * math.log(3)))
    assert entropy_r2(0.0, 10.0, 1) is None


# --- limits of tails


def test_tails_are_those_of_pareto() -> None:
    z, shapes = np.array([0.0, 1.0, 3.0]), np.array([0.5])
    assert _log_tail(z, shapes, 0.0) == pytest.approx(-2 * np.log1p(z / 2))
    assert _log_tail(z, shapes, 1.0) == pytest.approx(-3 * np.log1p(z / 2))
    assert _log_tail(z, np.array([0.0]), 1.0).tolist() == [0, -1, -3]
    bounded = _log_tail(z, np.array([-0.5]), 0.0)
    assert bounded[:2] == pytest.approx([0, 2 * math.log(0.5)])
    assert bounded[2] == -math.inf


def test_where_all_have_the_largest_value_that_is_the_limit() -> None:
    assert upper_limit(np.full(9, 4.0), np.ones(9), 0.001) == 4.0
    assert upper_limit(np.array([4.0, 9.0]), np.array([1.0, 0.0]), 0.001) == 4.0
    many = np.concatenate([np.arange(100.0), np.full(100, 100.0)])
    assert upper_limit(many, np.ones(200), 0.6) == 99.0  # more than half are beyond
    assert upper_limit(many, np.ones(200), 0.4) > 100.0


def test_a_likely_limit_is_where_the_tail_begins() -> None:
    values = np.arange(1_000.0)
    for chance, limit in ((0.06, 951.0), (0.048, 951.0)):
        assert upper_limit(values, np.ones(1_000), chance) == limit
    assert 952 <= upper_limit(values, np.ones(1_000), 0.047) < 960
    assert upper_limit(values, np.full(1_000, 4.0), 0.018) == 981.0


def test_neighbors_of_a_long_tail_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forwhom.mixture.tails.MOST", 2)
    excess, mass = _thinned(np.array([1.0, 2.0, 4.0, 10.0]), np.array([1.0, 3.0, 1.0, 1.0]))
    assert (excess.tolist(), mass.tolist()) == ([1.75, 7.0], [4.0, 2.0])


# --- cells of few


def test_cells_under_the_threshold_are_half_of_it_and_others_its_multiples() -> None:
    sizes = np.array([100.0, 50.0])
    told = coarse(np.array([[0.93, 0.07], [0.5, 0.5]]), sizes, 10)
    assert told == pytest.approx(np.array([[0.95, 0.05], [0.6, 0.4]]))
    untouched = np.array([[0.9, 0.1], [0.996, 0.004]])
    assert coarse(untouched, sizes, 10) is untouched  # ten, and less than half a customer
    weighted = coarse(untouched, sizes, 10, np.array([[90.0, 9.4], [50.0, 0.0]]))
    assert weighted == pytest.approx(np.array([[0.95, 0.05], [0.996, 0.004]]))
    three = coarse(np.array([[0.61, 0.33, 0.06]]), np.array([100.0]), 10)
    assert three == pytest.approx(np.array([[0.62, 0.33, 0.05]]))
    most = coarse(np.array([[0.61, 0.33, 0.06], [0.04, 0.46, 0.5]]), np.array([100.0, 100.0]), 10)
    assert most == pytest.approx(np.array([[0.65, 0.3, 0.05], [0.05, 0.5, 0.45]]))


def test_shares_of_nearly_all_are_those_of_whole_members() -> None:
    chances = np.array([[0.123, 0.877], [0.52, 0.48]])
    sizes = np.array([50.4, 20.0])
    assert _in_steps(chances, sizes, np.array([0.4, 10.0]), 10) is chances
    found = _in_steps(chances, sizes, np.array([9.9, 0.0]), 10)
    assert found == pytest.approx(np.array([[0.12, 0.88], [0.5, 0.5]]))
    rare = _in_steps(np.array([[0.00123, 0.99877]]), np.array([50.0]), np.array([0.5]), 10)
    assert rare == pytest.approx(np.array([[0.001, 0.999]]))


def test_spreads_have_two_digits_and_correlations_stay() -> None:
    alone = GaussianItem(variable="x", means=[1.0], sds=[1.2345])
    block = GaussianBlock(
        variables=["a", "b"],
        means=[[0.0, 0.0]],
        covariances=[[[4.41, 1.0], [1.0, 9.99]]],
        tied=False,
    )
    amount = PositiveItem(
        variable="y", any=[0.97, 0.5], log_means=[0.0, 1.0], log_sds=[0.555, 2.22]
    )
    told = coarse_items([alone, block, amount], [100.0, 50.0], 10, {})
    assert told[0].sds == [1.2]  # type: ignore[union-attr]
    assert told[2].log_sds == [0.56, 2.2]  # type: ignore[union-attr]
    assert told[2].any == pytest.approx([0.95, 0.4])  # type: ignore[union-attr]
    matrix = np.array(_coarse_block(block).covariances[0])
    assert np.sqrt(np.diag(matrix)) == pytest.approx([2.1, 3.2])
    assert matrix[0, 1] / (2.1 * 3.2) == pytest.approx(1 / math.sqrt(4.41 * 9.99))
    assert coarse_items([alone], [100.0], 1, {}) == [alone]
    levels = CategoricalItem(variable="l", levels=["a", "b"], probabilities=[[0.93, 0.07]])
    assert coarse_items([levels], None, 10, {}) == [levels]
    assert coarse_items([levels], [100.0], 10, {})[0].probabilities == [  # type: ignore[union-attr]
        pytest.approx([0.95, 0.05])
    ]
    untold = coarse_items([amount], None, 10, {})[0]
    assert untold.any == [0.97, 0.5]  # type: ignore[union-attr]


def test_cuts_that_leave_a_bin_of_few_are_dropped() -> None:
    assert _enough([10, 19, 25, 40], 50, 10) == [0, 2, 3]
    assert _enough([9, 20, 41], 50, 10) == [1]
    assert _enough([10, 40], 50, 1) == [0, 1]


def tilt(**more: Any) -> TiltItem:
    given = {
        "variable": "x", "cuts": [4.4, 9.6], "centers": [2.0, 7.0, 12.0],
        "probabilities": [[0.5, 0.3, 0.2]],
    }  # fmt: skip
    return TiltItem.model_validate(given | more)


def test_bins_have_cuts_of_few_digits_between_customers_and_medians_of_theirs() -> None:
    values = np.array([*range(15), np.nan])
    kept = coarse_bins(tilt(), values, 5)
    assert kept.cuts == [4.4, 9.6]
    assert kept.centers == [2.0, 7.0, 12.0]
    joined = coarse_bins(tilt(), values, 6)
    assert joined.cuts == []
    assert joined.probabilities == [[pytest.approx(1.0)]]
    assert joined.centers == [7.0]
    uneven = coarse_bins(tilt(cuts=[2.123456, 9.6]), values, 4)
    assert uneven.cuts == [9.6]
    assert uneven.probabilities == [pytest.approx([0.8, 0.2])]
    fine = coarse_bins(tilt(cuts=[4.123456, 9.6]), values, 5)
    assert 4.0 < fine.cuts[0] < 5.0
    assert fine.cuts[0] == 4.1


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.1234, 98.76, (0.1, 98.8)),
        (-3.21, 996.5, (-4.0, 997.0)),
        (5.0, 5.0, (5.0, 5.0)),
        (None, 7.77777, (None, 7.77777)),
        (7.77777, None, (7.77777, None)),
    ],
)
def test_limits_are_rounded_outwards(low: float, high: float, told: tuple[float, float]) -> None:
    [found] = coarse_limits([tilt(low=low, high=high)])
    assert (found.low, found.high) == told  # type: ignore[union-attr]


def test_numbers_of_two_digits_below() -> None:
    assert [two_digits_below(x) for x in (-50.387, -3.0, 0.0, 123.0, -0.0456, 9.99)] == [
        -51.0, -3.0, 0.0, 120.0, -0.046, 9.9,
    ]  # fmt: skip


def test_scales_and_centers_have_few_digits() -> None:
    assert coarse_scales([123.456, 0.0], [10.49, 1.0]) == ([123.0, 0.0], [10.0, 1.0])
    model = KMeansModel(variables=["x"], means=[10.0], sds=[2.0], centers=[[0.0], [0.0]])
    columns = {"x": Column("x", np.array([8.0, 13.333, np.nan, 20.0]))}
    chances = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    found = coarse_centers(model, columns, chances)
    assert found.centers == [[0.33], [2.5]]  # who has no value stands at the mean
    heavy = coarse_centers(model, columns, chances, np.array([3.0, 1.0, 0.0, 1.0]))
    assert heavy.centers == [[-0.33], [5.0]]


def test_cuts_stand_for_as_many_around_them_as_the_threshold() -> None:
    ordered = np.array([1.11, 2.22, 3.33, 4.44, 5.55, 6.66])
    assert cuts_between(ordered, [2, 0, 5], 2) == [3.0, 1.11, 6.66]
    assert cuts_between(ordered, [2], 1) == [3.33]
    assert cuts_between(ordered, [2], 4) == [3.0]


def test_shares_of_what_few_bought_are_those_of_half_the_threshold() -> None:
    item = DirichletMultinomialItem(
        whole="w", variables=["a", "b"], items="n", shares=[[0.9, 0.1], [0.5, 0.5]],
        precision=5.0, sizes=[0.93, 0.07],
    )  # fmt: skip
    # Three of the first fifty customers have any of b, of which everybody has as much.
    some = np.array([0.4] * 3 + [0.0] * 47 + [0.4] * 50)
    columns = {"a": Column("a", np.full(100, 0.8)), "b": Column("b", some)}
    chances = np.repeat(np.eye(2), 50, axis=0)
    [told] = coarse_items([item], [50.0, 50.0], 10, columns, chances)
    assert isinstance(told, DirichletMultinomialItem)
    assert told.sizes == pytest.approx([0.95, 0.05])
    assert told.shares == [pytest.approx([0.9 / 0.94, 0.04 / 0.94]), [0.5, 0.5]]
    assert coarse_items([item], [50.0, 50.0], 10, columns) == [item]


# --- residuals


def cells(codes: list[int], probs: list[list[float]]) -> Any:
    return SimpleNamespace(codes=np.array(codes), probs=np.array(probs))


def test_a_residual_is_chi_squared_by_degrees_of_freedom() -> None:
    a = cells([0, 0, 1, 1, -1, 0], [[0.5, 0.5]])
    b = cells([0, 0, 1, 1, 0, -1], [[0.5, 0.5]])
    assert _pearson(a, b, np.ones(1), np.ones(6), 1) == pytest.approx(4.0)
    weights = np.array([2.0, 1, 1, 2, 9, 9])
    assert _pearson(a, b, np.ones(1), weights, 1) == pytest.approx(6.0)
    three = cells([0, 0, 1, 2, -1, 0], [[0.5, 0.25, 0.25]])
    expected = (1**2 / 1 + 1**2 / 1 + 4 * 0.5**2 / 0.5) / 2
    assert _pearson(three, b, np.ones(1), np.ones(6), 1) == pytest.approx(expected)
    impossible = cells([0, 0, 1, 1, -1, 0], [[1.0, 0.0]])
    assert _pearson(impossible, b, np.ones(1), np.ones(6), 1) == pytest.approx(2.0)
    assert (
        _pearson(cells([0, 0], [[1.0]]), cells([0, 1], [[0.5, 0.5]]), np.ones(1), np.ones(2), 1)
        == 0
    )
    nobody = cells([-1, -1], [[0.5, 0.5]])
    assert _pearson(nobody, cells([0, 1], [[0.5, 0.5]]), np.ones(1), np.ones(2), 1) == 0.0


def test_cells_of_few_count_as_what_is_expected() -> None:
    people = np.array([3, 20, 17, 0, 12, 15])
    observed, expected = people.astype(float), np.array([6.0, 20, 20, 0.1, 20, 20])
    told = _without_few(observed, expected, people, 2, 10)
    assert told.tolist() == [6.0, 20, 17, 0, 12, 15]
    assert _without_few(observed, np.array([30.0, *expected[1:]]), people, 2, 10)[0] == 9.5
    assert _without_few(observed, np.array([0.1, *expected[1:]]), people, 2, 10)[0] == 0.5
    four = np.array([30, 12, 3, 20])
    turned = _without_few(four.astype(float), np.array([25.0, 17, 8, 15]), four, 1, 10)
    assert turned.tolist() == [25.0, 17, 8, 15]
    first = np.array([3, 12, 30, 20])
    turned = _without_few(first.astype(float), np.array([5.0, 10, 28, 22]), first, 1, 10)
    assert turned.tolist() == [5.0, 10, 28, 22]
    enough = np.array([10, 12, 30, 20])
    assert _without_few(enough.astype(float), np.ones(4), enough, 1, 10).tolist() == [
        10,
        12,
        30,
        20,
    ]
    rounded = _pearson(
        cells([0] * 20 + [1] * 20, [[0.5, 0.5]]), cells([0] * 15 + [1] * 25, [[0.4, 0.6]]),
        np.ones(1), np.ones(40), 5,
    )  # fmt: skip
    assert rounded == float(f"{rounded:.1e}")


# --- values and columns


def test_what_numbers_can_be() -> None:
    values = np.array([-1.0, 0.0, 0.5, 2.0, np.nan, np.inf, 1e300])
    assert is_not_negative(values).tolist() == [False, True, True, True, False, False, False]
    assert is_count(values).tolist() == [False, True, False, True, False, False, False]


def test_columns_of_another_kind_and_length_are_refused() -> None:
    levels = Column("l", np.zeros(3, np.int32), ("a",))
    columns = {"x": Column("x", np.arange(2.0)), "l": levels}
    assert number_column(columns, "no") is None
    assert level_column(columns, "no") is None
    assert level_column(columns, "l") is levels
    with pytest.raises(DataError, match="'l' holds levels, but the segmentation was made with"):
        number_column(columns, "l")
    with pytest.raises(DataError, match="'x' holds numbers, but the segmentation was made with"):
        level_column(columns, "x")
    with pytest.raises(DataError, match="'x' has 2 rows, but 'l' has 3"):
        row_count(columns)
    with pytest.raises(DataError, match="There is no column to score"):
        row_count({})
    assert row_count({"l": levels}) == 3
    assert [(s.start, s.stop) for s in row_blocks(16_384 + 5)] == [(0, 16_384), (16_384, 16_389)]
    assert [(s.start, s.stop) for s in row_blocks(16_384)] == [(0, 16_384)]


def test_probabilities_are_zero_where_no_segment_gives_a_chance() -> None:
    logs = np.array([[0.0, -np.inf, 1000.0], [np.log(3), -np.inf, 1000.0]])
    assert _softmax(logs) == pytest.approx(np.array([[0.25, 0, 0.5], [0.75, 0, 0.5]]))
    assert one_hot(np.array([2, 0, 1], np.int32), 2).tolist() == [[0, 1], [0, 0], [1, 0]]


def test_hashes_of_rows_stay_between_versions() -> None:
    codes = np.array([[0, 1], [1, 0], [0, 1]], dtype=np.int64)
    bits = np.array([[1.5, 1.5, 1.5]]).view(np.uint64)
    found = coding.hash_rows(codes, bits)
    assert [int(x) for x in found] == [
        14035145880134387224,
        5193824238737609401,
        14035145880134387224,
    ]


# --- starts


def design(weights: list[float], n: int) -> Any:
    own = np.array(weights) if weights else np.empty(0)
    return SimpleNamespace(weights=own, row_weights=own if weights else np.ones(n))


def test_rows_are_drawn_by_their_hashes() -> None:
    hashes = np.array([50, 10, 40, 20, 30], dtype=np.uint64)
    index, own = draw_rows(design([], 5), 3, hashes)
    assert (index.tolist(), own) == ([1, 3, 4], None)
    index, own = draw_rows(design([], 5), 5, hashes)
    assert (index.tolist(), own) == ([1, 3, 4, 2, 0], None)
    index, own = draw_rows(design([1.0, 0, 2, 0, 1], 5), 3, hashes)
    assert (index.tolist(), own) == ([4, 2, 0], None)


def test_heavy_rows_are_drawn_for_certain() -> None:
    half = np.uint64(2**63)
    hashes = np.array([half, half + np.uint64(1), np.uint64(2**62), half], dtype=np.uint64)
    # Priorities are 2, 200, 4 and 6: the third largest is the threshold of the others.
    index, own = draw_rows(design([1.0, 100.0, 1.0, 3.0], 4), 2, hashes)
    assert index.tolist() == [3, 1]
    assert own is not None
    drawn = np.array([4.0, 100.0])
    assert own == pytest.approx(drawn * drawn.sum() / (drawn**2).sum(), rel=1e-6)


def test_sphered_values_have_no_correlations() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(50, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]]) + 7
    assert np.cov(_sphere(values).T, bias=True) == pytest.approx(np.eye(2), abs=1e-9)


# --- continua


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


# --- bands


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


# --- islands


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


# --- scales


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


# --- which fit is kept


def fit(k: int, bic: float, *, smallest: float = 0.1, degenerate: bool = False) -> Any:
    weights = np.array([smallest, 1 - smallest]) if k > 1 else np.ones(1)
    return SimpleNamespace(
        k=k, weights=weights, degenerate=degenerate, candidate=SimpleNamespace(bic=bic, degree=1),
        data=SimpleNamespace(design=SimpleNamespace(n=100.0)),
    )  # fmt: skip


def test_collapsed_and_empty_segments_are_not_believed() -> None:
    sound = fit(2, 50.0)
    assert _best([sound, fit(3, 10.0, smallest=0.0199)], "bic") is sound
    two = fit(3, 10.0, smallest=0.02)
    assert _best([sound, two], "bic") is two
    assert _best([sound, fit(3, 10.0, degenerate=True)], "bic") is sound
    collapsed = fit(3, 10.0, degenerate=True)
    assert _best([collapsed, fit(4, 5.0, smallest=0.001)], "bic") is collapsed
    empty = fit(4, 5.0, smallest=0.001)
    assert _best([empty], "bic") is empty
    one = fit(1, 60.0)
    one.data.design.n = 1.0
    assert _best([one], "bic") is one


def test_numbers_past_the_best_are_sought_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    bics = {1: 90.0, 2: 50.0, 3: 60.0, 4: 70.0, 5: 80.0, 6: 40.0}
    asked: list[tuple[int, int | None]] = []

    class Numbers:
        def __init__(self, *given: Any) -> None:
            assert given[2:] == ("bic", [1, 2])

        def fit(self, k: int, better: Any, progress: Any) -> Any:
            asked.append((k, None if better is None else better.k))
            return fit(k, bics[k])

    monkeypatch.setattr(selection, "_Numbers", Numbers)
    nothing: Any = None
    found = select(nothing, [6, 1, 2, 3, 4, 5], degrees=(2, 1))
    assert asked == [(1, None), (2, None), (3, None), (4, None), (5, 2), (6, 2), (6, None)]
    assert [f.k for f in found.fits] == [1, 2, 3, 4, 5, 6]
    assert found.best.k == 6


def test_progress_of_a_part_is_a_part_of_progress() -> None:
    told: list[tuple[str, float]] = []
    part = _part(lambda what, done: told.append((what, done)), 0.5, 0.25)
    assert part is not None
    part("x", 0.4)
    assert told == [("x", 0.6)]
    assert _part(None, 0.5, 0.25) is None


def test_numbers_of_segments_are_whole_and_positive() -> None:
    assert check_ks([3, 1, 3]) == [1, 3]
    with pytest.raises(OptionError, match="must be 1 or more, not 0"):
        check_ks([0, 2])
    with pytest.raises(OptionError, match="must be 1 or more, not none"):
        check_ks([])
    nothing: Any = None
    with pytest.raises(OptionError, match="There is no criterion 'bik'"):
        select(nothing, [1], criterion="bik")


def runs(objective: list[float], degenerate: list[bool] | None = None) -> Any:
    n = len(objective)
    return SimpleNamespace(
        objective=np.array(objective), loglik=np.array(objective),
        degenerate=np.array(degenerate or [False] * n),
    )  # fmt: skip


def test_starts_of_one_optimum_are_put_together() -> None:
    settled = _Settled(runs([-10.0, -5.0, -5.009, -5.02, -4.0], [False] * 4 + [True]), 100.0)
    assert settled.completed == 5
    assert _optima(settled, 5) == [[1, 2], [3], [0], [4]]
    assert _optima(settled, 2) == [[1, 2], [3]]
    joined = _Settled(runs([-5.0, -5.0], [False, True]), 100.0)
    assert _optima(joined, 3) == [[0]]
    assert _same(np.array([0.01, 0.0101]), np.array(0.0), 100.0).tolist() == [True, False]
    assert _same(np.array([0.09, 0.11]), np.array(0.0), 10_000.0).tolist() == [True, False]


def search(n_rows: int, k: int = 3, n_starts: int = 200, quick: bool = False) -> _Search:
    full: Any = SimpleNamespace(design=SimpleNamespace(n_rows=n_rows))
    return _Search(full, k, FitOptions(n_starts=n_starts), None, lambda *told: None, quick)


def test_how_many_starts_are_run() -> None:
    assert search(100).n_starts == 200
    assert [search(100, n_starts=n, quick=True).n_starts for n in (8, 50, 200)] == [8, 12, 25]
    assert not search(20_000).sampled
    assert search(20_001).sampled


@pytest.mark.parametrize(
    ("made", "agree_in", "rounds"),
    [
        (search(9_999_999), 1, [0]),
        (search(9_999_999), 2, [0, 1]),
        (search(9_999_999), 9, [0, 1, 2]),
        (search(9_999_999, quick=True), 9, [0]),
        (search(9_999_999, k=1), 9, [0]),
        (search(9_999_999, n_starts=1), 9, [0]),
        (search(10, n_starts=10), 9, ["all"]),
        (search(1_000, k=2, n_starts=50), 9, ["all"]),
        (search(1_001, k=2, n_starts=50), 9, [0, 1, 2]),
    ],
)
def test_rounds_of_starts_end_where_two_agree(
    made: _Search, agree_in: int, rounds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []

    def screened(self: _Search, number: int) -> _Settled:
        done.append(number)
        return _Settled(runs([-5.0] * (2 if number + 1 == agree_in else 1)), 100.0)

    def together(several: list[Any]) -> Any:
        return several[-1]

    monkeypatch.setattr(fitting, "together", together)
    monkeypatch.setattr(_Search, "_screened", screened)
    monkeypatch.setattr(_Search, "_all", lambda self: done.append("all"))
    made.settle()
    assert done == rounds


def test_the_best_starts_of_each_replicate_go_on() -> None:
    owner = np.array([0, 1, 0, 1, 0, 1])
    several: Any = runs([-3.0, -9.0, -1.0, -8.0, -2.0, -1.0], [False] * 5 + [True])
    assert _best_of_each(several, owner, 1).tolist() == [2, 3]
    assert _best_of_each(several, owner, 2).tolist() == [2, 4, 3, 1]


# --- the test of one number of segments against one less


def p_value(
    gains: list[float], observed: float, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> tuple[float, list[tuple[str, float]], list[int]]:
    """Return the p-value, what was told, and the seeds of what was drawn."""
    seeds: list[int] = []

    def simulate(items: Any, shares: Any, n: int, seed: int) -> tuple[dict[str, Column], None]:
        assert (items, shares, n) == (["item"], [1.0], 3)
        seeds.append(seed)
        return {"x": Column("x", np.arange(3.0))}, None

    def fit_mixture(design: Any, k: int, options: FitOptions) -> Any:
        assert options.n_starts == 20
        assert options.degree == {1: 1, 2: 2}[k]
        gain = gains[options.seed - 7]
        return SimpleNamespace(log_likelihood=-100.0 + (gain if k == 2 else 0.0))

    monkeypatch.setattr(bootstrap, "simulate", simulate)
    monkeypatch.setattr(bootstrap, "fit_mixture", fit_mixture)
    monkeypatch.setattr(bootstrap, "build_design", lambda *given, **more: None)
    smaller: Any = SimpleNamespace(
        log_likelihood=-50.0, items=lambda: ["item"], weights=np.ones(1), k=1, degree=None
    )
    larger: Any = SimpleNamespace(log_likelihood=-50.0 + observed, k=2, degree=2)
    told: list[tuple[str, float]] = []
    p = bootstrap.bootstrap_lrt(
        {"x": Column("x", np.arange(3.0))}, {"x": "continuous"}, smaller, larger,
        FitOptions(seed=7, n_threads=1), progress=lambda *said: told.append(said), **more,
    )  # fmt: skip
    return p, told, seeds


def test_p_is_the_share_of_replicates_that_gain_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    gains = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
    p, told, seeds = p_value(gains, 7.0, monkeypatch, replicates=9)
    assert p == pytest.approx(4 / 10)
    assert told == [("testing 1 against 2 segments", 0.0), ("testing 1 against 2 segments", 8 / 9)]
    assert sorted(seeds) == [7 * 1_000_003 + b for b in range(9)]
    assert p_value([0.0] * 99, 1.0, monkeypatch)[0] == 0.01


def test_numbers_are_tested_up_to_the_first_that_adds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Candidate:
        blrt_p: float | None = None

        def model_copy(self, update: dict[str, float]) -> Candidate:
            copy = Candidate()
            copy.blrt_p = update["blrt_p"]
            return copy

    def after(*ps: float) -> list[float | None]:
        left = list(ps)
        monkeypatch.setattr(bootstrap, "bootstrap_lrt", lambda *given, **more: left.pop(0))
        chosen: Any = SimpleNamespace(candidates=[Candidate() for _ in range(4)], fits=[*range(4)])
        found = bootstrap.bootstrap_each({}, {}, chosen, FitOptions())
        return [one.blrt_p for one in found]

    assert after(0.01, 0.05, 0.06) == [None, 0.01, 0.05, 0.06]
    assert after(0.01, 0.06) == [None, 0.01, 0.06, None]


# --- when a customer is like nobody seen


def test_the_threshold_is_a_low_quantile_of_the_best_fits() -> None:
    best = -np.arange(1_000.0)
    assert _low_quantile(best, np.ones(1_000), 0.01, 0.5) == -989.0
    assert _low_quantile(np.empty(0), np.empty(0), 0.01, 0.5) == -3.0
    # Ten customers do not show one in a hundred: it lies as far on as densities fall off.
    few = _low_quantile(-np.arange(10.0), np.ones(10), 0.01, 0.25)
    assert few == pytest.approx(-9 - math.log(10) / 0.5)
    heavy = np.where(np.arange(1_000) == 999, 500.0, 1.0)
    size = heavy.sum() ** 2 / (heavy**2).sum()
    assert _low_quantile(best, heavy, 0.01, 4.0) == pytest.approx(
        -999 - math.log(1 / (size * 0.01)) / 2
    )
    assert _low_quantile(np.full(3, -1e9), np.ones(3), 0.01, 1.0) == -5e5
