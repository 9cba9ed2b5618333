from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from forwhom.statistics.dip import dip, spread

Floats = NDArray[np.float64]


def of(points: list[float], masses: list[float]) -> float:
    """The dip of point masses."""
    through = np.cumsum(np.array(masses) / sum(masses))
    return dip(np.array(points, dtype=float), np.append(0.0, through[:-1]), through)


@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_equally_spaced_points_are_as_near_to_one_mode_as_points_can_be(n: int) -> None:
    assert of(list(range(n)), [1] * n) == pytest.approx(1 / (2 * n), abs=1e-12)


def test_point_masses_by_hand() -> None:
    assert of([3.0], [1]) == 0
    assert of([0, 1], [1, 1]) == 0.25
    # One of two masses may be the mode, so that the smaller one is what is too much.
    assert of([0, 1], [3, 1]) == pytest.approx(1 / 8)
    assert of([0, 1, 9], [1, 2, 1]) == pytest.approx(1 / 8)
    # Two clumps of two: the line between them is .25 from either.
    assert of([0, 0.001, 1, 1.001], [1, 1, 1, 1]) == pytest.approx(0.25, abs=1e-3)


def by_definition(x: Floats, below: Floats, through: Floats) -> float:
    """The smallest distance of a function that is convex up to a mode and concave after it.

    One linear program for each mode: the function at the points, its value after a jump at the
    mode, and the distance.
    """
    n = len(x)
    return min(_nearest(x, below, through, mode) for mode in range(n))


def _nearest(x: Floats, below: Floats, through: Floats, mode: int) -> float:
    n = len(x)
    rows: list[dict[int, float]] = []
    most: list[float] = []
    for i in range(n + 1):
        at = min(i, n - 1) if i < n else mode
        top = through[at] if i == n else below[at]
        bottom = below[at] if i == mode else through[at]
        rows += [{i: 1, n + 1: -1}, {i: -1, n + 1: -1}]
        most += [top, -bottom]
    sides = ([*range(mode + 1)], 1), ([n, *range(mode + 1, n)], -1)
    where = np.append(x, x[mode])
    steps = [(mode, n)]
    for side, sign in sides:
        steps += pairwise(side)
        for a, b, c in zip(side, side[1:], side[2:], strict=False):
            left, right = sign / (where[b] - where[a]), sign / (where[c] - where[b])
            rows.append({a: -left, b: left + right, c: -right})
            most.append(0)
    rows += [{a: 1, b: -1} for a, b in steps]
    most += [0] * len(steps)
    matrix = np.zeros((len(rows), n + 2))
    for line, row in zip(matrix, rows, strict=True):
        for place, value in row.items():
            line[place] += value
    found = linprog(np.eye(n + 2)[-1], matrix, most, bounds=[(0, 1)] * (n + 2))
    return float(found.fun)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=9, unique=True),
    st.lists(st.integers(1, 9), min_size=9, max_size=9),
    st.booleans(),
)
def test_the_dip_is_what_its_definition_says(
    places: list[int], masses: list[int], steps: bool
) -> None:
    x = np.sort(np.array(places, dtype=float))
    if steps:
        mass = np.array(masses[: len(x)]) / sum(masses[: len(x)])
        through = np.cumsum(mass)
        below = through - mass
    else:  # a line from point to point
        mass = np.array(masses[: len(x) - 1])
        below = through = np.append(0.0, np.cumsum(mass)) / mass.sum()
    assert dip(x, below, through) == pytest.approx(by_definition(x, below, through), abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_the_dip_of_many_points_is_what_its_definition_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.integers(1, 9, 24)).astype(float)
    mass = rng.integers(1, 30, 24) * np.where(np.abs(np.arange(24) - 11) < 4, 1, 3)
    through = np.cumsum(mass) / mass.sum()
    below = np.append(0.0, through[:-1])
    assert dip(x, below, through) == pytest.approx(by_definition(x, below, through), abs=1e-7)


def test_mass_reaches_halfway_to_the_next_values() -> None:
    knots, share = spread(np.array([1.0, 1.0, 2.0, 4.0]), np.ones(4))
    assert knots.tolist() == [0.5, 1.5, 3, 5]
    assert share.tolist() == [0, 0.5, 0.75, 1]


def _ones_but(values: range, **other: float) -> tuple[list[int], list[float]]:
    """Customers at whole numbers: one at each, but for some (``at_3=5``)."""
    return list(values), [float(other.get(f"at_{value}", 1)) for value in values]


@pytest.mark.parametrize(
    ("customers", "reaches"),
    [
        # As frequent as half of it is near enough; less is not, until as many lie between.
        (([*range(11)], [4.0] * 5 + [8] + [4] * 5), {5: (4.5, 5.5)}),
        (([*range(11)], [4.0] * 5 + [9] + [4] * 5), {5: (3.5, 6.5)}),
        (([*range(11)], [4.0] * 5 + [12] + [4] * 5), {5: (3.5, 6.5)}),
        (([1, 2, 3, 4, 5, 7, 9, 11, 13], [2.0] * 4 + [5] + [2] * 4), {5: (3.5, 8)}),
        # A quarter of all may be a round number; more is a spike.
        (_ones_but(range(13), at_6=4), {6: (4, 8)}),
        (_ones_but(range(13), at_6=4.1), {6: (5.5, 6.5)}),
        (([0, 1, 5], [1.0, 8, 1]), {0: (-0.5, 0.5), 1: (0.5, 3), 5: (3, 7)}),
        # The first and the last round number reach as far out as in.
        (
            _ones_but(range(13), at_0=4, at_3=4, at_6=4, at_9=4, at_12=4),
            {0: (-1.5, 1.5), 3: (1.5, 4.5), 6: (4.5, 7.5), 9: (7.5, 10.5), 12: (10.5, 13.5)},
        ),
        # The next one as frequent tells more than how many lie on the other side.
        (_ones_but(range(23), at_10=6, at_12=6), {10: (9, 11), 12: (11, 13)}),
        # A heap at the end, with nothing as frequent, is a spike.
        (_ones_but(range(31), at_0=6), {0: (-0.5, 0.5)}),
        (_ones_but(range(31), at_2=6), {2: (1.5, 2.5)}),
        (_ones_but(range(31), at_28=6), {28: (27.5, 28.5)}),
        (_ones_but(range(31), at_30=6), {30: (29.5, 30.5)}),
    ],
)
def test_how_far_the_mass_of_a_value_reaches(
    customers: tuple[list[int], list[float]], reaches: dict[int, tuple[float, float]]
) -> None:
    _assert_reaches(*customers, reaches)
    # In tenths, everything is a tenth.
    tenths = {value / 10: (low / 10, high / 10) for value, (low, high) in reaches.items()}
    _assert_reaches([value / 10 for value in customers[0]], customers[1], tenths, 0.1)


def _assert_reaches(
    values: list[float], masses: list[float], reaches: dict[float, tuple[float, float]],
    unit: float = 1.0,
) -> None:  # fmt: skip
    knots, share = spread(np.array(values, dtype=float), np.array(masses))
    expected = np.zeros(len(knots))
    for i, (value, mass) in enumerate(zip(values, masses, strict=True)):
        below = value - values[i - 1] if i else unit
        above = values[i + 1] - value if i + 1 < len(values) else unit
        low, high = reaches.get(value, (value - below / 2, value + above / 2))
        expected += mass * np.clip((knots - low) / (high - low), 0, 1)
    np.testing.assert_allclose(share, expected / sum(masses), atol=1e-12)
    for end in (end for both in reaches.values() for end in both):
        assert np.abs(knots - end).min() < 1e-12


def test_what_is_rounded_has_no_more_modes_than_before() -> None:
    values = np.repeat(np.arange(20.0), 50)
    knots, share = spread(values, np.ones(1_000))
    assert dip(knots, share, share) == pytest.approx(0, abs=1e-12)


def test_round_numbers_stand_for_what_lies_around_them() -> None:
    heaps = np.repeat([10.0, 20.0, 30.0, 40.0, 50.0], 40)
    values = np.concatenate([heaps, np.arange(8.0, 53.0)])
    knots, share = spread(values, np.ones(len(values)))
    assert np.interp([15.0, 25.0], knots, share) == pytest.approx([0.2, 0.4], abs=0.02)
    assert dip(knots, share, share) < 0.02


def test_a_spike_stays_one() -> None:
    values = np.concatenate([np.zeros(60), np.arange(1.0, 41.0)])
    knots, share = spread(values, np.ones(100))
    assert knots[:2].tolist() == [-0.5, 0.5]
    assert share[1] == pytest.approx(0.6)


def test_two_spikes_are_two_however_little_lies_between() -> None:
    values = np.concatenate([np.zeros(45), np.linspace(1, 99, 10), np.full(45, 100.0)])
    knots, share = spread(values, np.ones(100))
    assert dip(knots, share, share) > 0.2


def test_a_price_that_most_pay_is_no_clump() -> None:
    values = np.concatenate([np.full(80, 25.0), np.linspace(1, 60, 320)])
    knots, share = spread(values, np.ones(400))
    assert dip(knots, share, share) < 0.02


def test_weights_are_customers() -> None:
    rng = np.random.default_rng(4)
    values, weights = rng.normal(size=60).round(1), rng.integers(1, 4, 60)
    weighted = spread(values, weights.astype(float))
    repeated = spread(np.repeat(values, weights), np.ones(weights.sum()))
    np.testing.assert_allclose(weighted, repeated, atol=1e-12)
