"""Limits of tails and cells of few, by hand: what a document may say of numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from forwhom.documents.items import (
    CategoricalItem,
    DirichletMultinomialItem,
    GaussianBlock,
    GaussianItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import KMeansModel
from forwhom.mixture import Column
from forwhom.mixture.coarsening import (
    _coarse_block,
    _enough,
    _in_steps,
    between,
    coarse,
    coarse_bins,
    coarse_centers,
    coarse_items,
    coarse_limits,
    coarse_scales,
    cuts_between,
    two_digits_below,
)
from forwhom.mixture.tails import _log_density, _passed, _thinned, upper_limit


def test_tails_are_those_of_pareto() -> None:
    z, shapes = np.array([0.0, 1.0, 3.0]), np.array([0.5])
    assert _log_density(z, shapes) == pytest.approx(-3 * np.log1p(z / 2))
    assert _log_density(z, np.array([0.0])).tolist() == [0, -1, -3]
    assert _log_density(z, np.array([-0.5])).tolist() == pytest.approx(
        [0, math.log(0.5), -math.inf]
    )

    def passed(value: float, shape: float) -> float:
        return _passed(value, np.array([0.5]), np.array([shape]), np.array([2.0]))

    assert passed(6.0, 0.5) == pytest.approx(0.5 * 2.5**-2)
    assert passed(6.0, 0.0) == pytest.approx(0.5 * math.exp(-3))
    assert passed(2.0, -0.5) == pytest.approx(0.5 * 0.5**2)
    assert passed(6.0, -0.5) == 0.0


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


@pytest.mark.parametrize("least", [0.0014, 0.00992, 0.0010001])
def test_a_cut_beside_many_tells_of_the_next_one_only_the_power_of_ten(least: float) -> None:
    """Half of the smallest share above zero is that share."""
    few = np.sort(np.random.default_rng(3).uniform(0.2, 0.9, 40))
    shares = np.array([*[0.0] * 30, least, *few])
    assert between(least / 2, shares, 30, 10) == 0.001
    rest = np.sort(1 - shares)
    assert between(1 - least / 2, rest, len(rest) - 30, 10) == 0.999
    assert between(0.5, np.repeat([0.0, 1.0], 20), 20, 10) == 0.5  # nobody is alone
    assert between(least / 2, shares, 30, 31) == float(f"{least / 2:.0e}")  # nobody shares a value


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


@pytest.mark.parametrize(
    ("chances", "sizes", "people", "told"),
    [
        # Cells of half a customer and more, and under ten, are five.
        ([[0.996, 0.004]], [100], None, [[0.996, 0.004]]),
        ([[0.995, 0.005]], [100], None, [[0.95, 0.05]]),
        ([[0.901, 0.099]], [100], None, [[0.95, 0.05]]),
        ([[0.9, 0.1]], [100], None, [[0.9, 0.1]]),
        ([[0.8, 0.2]], [100], [[80, 0.4]], [[0.8, 0.2]]),
        ([[0.8, 0.2]], [100], [[80, 0.5]], [[0.95, 0.05]]),
        ([[0.8, 0.2]], [100], [[80, 9.9]], [[0.95, 0.05]]),
        ([[0.8, 0.2]], [100], [[80, 10]], [[0.8, 0.2]]),
        # The same level elsewhere is a multiple of ten, unless nobody has it.
        ([[0.9, 0.07, 0.03], [0.47, 0.33, 0.2]], [100, 100], None,
         [[0.9, 0.05, 0.05], [0.5, 0.3, 0.2]]),
        ([[0.95, 0.05], [0.997, 0.003]], [100, 100], None, [[0.95, 0.05], [0.997, 0.003]]),
        ([[0.93, 0.07], [0.06, 0.94]], [100, 100], None, [[0.95, 0.05], [0.05, 0.95]]),
        # The most frequent level takes what remains, where something does.
        ([[0.5, 0.5]], [8], None, [[3 / 8, 5 / 8]]),
        ([[0.5, 0.5]], [4], None, [[2 / 7, 5 / 7]]),
    ],
)  # fmt: skip
def test_cells_at_their_borders(
    chances: list[list[float]], sizes: list[int], people: Any, told: list[list[float]]
) -> None:
    known = None if people is None else np.array(people)
    assert coarse(np.array(chances), np.array(sizes), 10, known) == pytest.approx(np.array(told))
