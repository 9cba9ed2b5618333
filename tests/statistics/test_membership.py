"""Who belongs where: weights, sizes, effective numbers and errors by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.statistics import membership
from forwhom.statistics.membership import Membership, sums_of
from forwhom.statistics.skewness import reach

Floats = NDArray[np.float64]

#: Four customers in two segments; the last is in none.
PLACED = np.array([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0], [0.0, 0.0]])
WEIGHTS = np.array([2.0, 1.0, 3.0, 5.0])


@pytest.mark.parametrize(
    ("probabilities", "weights", "message"),
    [
        (np.ones(3), None, r"shape \(3,\)"),
        (np.ones((2, 3, 4)), None, r"shape \(2, 3, 4\)"),
        (np.ones((3, 0)), None, r"shape \(3, 0\)"),
        (PLACED, np.ones(3), "There are 3 weights for 4 customers"),
        (PLACED, np.ones((4, 1)), "weights for 4 customers"),
        (PLACED, np.array([1.0, -0.5, 1, 1]), "A weight is negative, missing or infinite"),
        (PLACED, np.array([1.0, np.nan, 1, 1]), "A weight is negative, missing or infinite"),
        (PLACED, np.array([1.0, np.inf, 1, 1]), "A weight is negative, missing or infinite"),
    ],
)
def test_what_is_no_membership_is_refused(probabilities, weights, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Membership.of(probabilities, weights)


def test_left_out_weights_are_ones_and_a_weight_may_be_zero() -> None:
    assert Membership.of(PLACED).weights.tolist() == [1, 1, 1, 1]
    assert Membership.of(PLACED, np.zeros(4)).weights.sum() == 0
    assert Membership.of(np.ones((3, 1))).k == 1


def test_who_is_in_no_segment_is_not_in_the_sample() -> None:
    member = Membership.of(PLACED, WEIGHTS)
    assert (member.n, member.k) == (4, 2)
    assert member.mass.tolist() == [[1.5, 0.5, 0, 0], [0.5, 0.5, 3, 0], [2, 1, 3, 0]]
    assert member.mode.tolist() == [0, 0, 1, -1]
    assert member.sizes.tolist() == [2, 1]
    assert member.tally(np.array([-1, 1, 1, -1])).tolist() == [0, 2]
    assert sums_of(member.mass, WEIGHTS).tolist() == [3.5, 10.5, 14]


def test_effective_numbers_are_those_of_kish() -> None:
    member = Membership.of(PLACED, WEIGHTS)
    inside, outside = member.effective(np.ones(4, dtype=bool))
    assert inside == pytest.approx([4 / 3.5, 16 / 10.5])
    assert outside == pytest.approx([16 / 10.5, 4 / 3.5])
    inside, outside = member.effective(np.array([True, True, False, True]))
    assert inside == pytest.approx([4 / 3.5, 1 / 1.5])
    assert outside == pytest.approx([1 / 1.5, 4 / 3.5])
    assert member.effective(np.zeros(4, dtype=bool))[0].tolist() == [0, 0]
    # With equal weights they are the expected members.
    assert Membership.of(PLACED).effective(np.ones(4, dtype=bool))[0] == pytest.approx([1.25, 1.75])


def test_what_rounding_leaves_of_a_difference_is_no_customer() -> None:
    thirds = Membership.of(np.full((9, 1), 1.0), np.full(9, 0.1 + 1e-17))
    assert thirds.effective(np.ones(9, dtype=bool))[1].tolist() == [0]
    tiny = Membership.of(np.ones((2, 1)), np.full(2, 1e-5))
    assert tiny.effective(np.ones(2, dtype=bool))[0].tolist() == [0]


def test_errors_add_up_the_influence_of_each_customer() -> None:
    member = Membership.of(PLACED[:3], WEIGHTS[:3])
    inside, outside = np.array([[1.0], [2.0], [-1.0]]), np.array([[3.0], [0.0], [4.0]])
    moved = np.array([0.75 * 1 + 0.25 * 3, 0.5 * 2, 4.0])
    expected = np.sqrt(4 * moved[0] ** 2 + 1 * moved[1] ** 2 + 9 * moved[2] ** 2)
    assert member.errors(0, inside, outside) == pytest.approx([expected])


def test_of_many_customers_a_sample_stands_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    many = Membership.of(np.ones((5, 1)), np.array([1.0, 2, 3, 4, 6]))
    assert many.sampled.tolist() == [0, 1, 2, 3, 4]
    monkeypatch.setattr(membership, "MOST_CUSTOMERS", 3)
    many = Membership.of(np.ones((5, 1)), np.array([1.0, 2, 3, 4, 6]))
    assert many.sampled.tolist() == [0, 2, 4]
    ones = np.ones((3, 1))
    expected = np.sqrt(16 / 10 * (1 + 9 + 36))  # 10 of 16 are in the sample
    assert many.errors(0, ones, 0 * ones) == pytest.approx([expected])


def test_copies_count_as_customers_where_few_make_an_error() -> None:
    values = np.random.default_rng(1).lognormal(0, 1.5, (60, 1))
    chances = np.eye(2)[np.arange(60) % 2]
    twice = Membership.of(chances, np.full(60, 2.0))
    doubled = Membership.of(np.repeat(chances, 2, axis=0))
    again = np.repeat(values, 2, axis=0)
    few, more = (
        np.array(one.reach(0, x, -x)) / one.errors(0, x, -x)
        for one, x in ((twice, values), (doubled, again))
    )
    assert few == pytest.approx(more)
    assert few.min() > 1.0


class _Learned:
    customers = np.array([1, 3])

    def variance(self, k: int, inside: Floats, outside: Floats, about: str = "") -> Floats:
        assert (k, about) in ((1, "spend"), (0, ""), (1, ""))  # without a name: of the sizes
        return (inside + outside).sum(axis=0) if about else np.full(1, 1e-6)

    def averaged(self, seed: int = 0) -> Floats:
        raise NotImplementedError

    def left_out(self) -> Floats:
        raise NotImplementedError


def test_where_segments_were_learned_so_was_who_is_in_them() -> None:
    member = Membership.of(PLACED, WEIGHTS, _Learned())
    assert member.sampled.tolist() == [1, 3]
    found = member.errors(1, np.array([[1.0], [2.0]]), np.array([[3.0], [3.0]]), "spend")
    assert found.tolist() == [3.0]


def test_a_covariance_is_that_of_copies_or_of_weighted_customers() -> None:
    influence = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, -1.0], [0.5, 0.25]])
    crisp, counts = np.eye(2)[[0, 1, 0, 1]], np.array([1.0, 3.0, 2.0, 1.0])
    rows = np.repeat(np.arange(4), counts.astype(int))
    copies = Membership.of(crisp[rows]).covariance(influence[rows])
    np.testing.assert_allclose(copies, influence[rows].T @ influence[rows])
    np.testing.assert_allclose(Membership.of(crisp, counts).covariance(influence), copies)
    shares = np.array([0.5, 1.5, 1.2, 0.8])
    scaled = shares[:, None] * influence
    np.testing.assert_allclose(
        Membership.of(crisp, shares).covariance(influence), scaled.T @ scaled
    )


@pytest.mark.parametrize("weights", [None, np.array([0.5, 1.5, 0.8, 1.2])])
def test_a_statistic_reaches_as_its_members_inside_and_all_others_outside(
    weights: Floats | None,
) -> None:
    inside, outside = np.array([[3.0], [1.0], [9.0], [9.0]]), np.array([[7.0], [7.0], [0.5], [2.0]])
    member = Membership.of(np.eye(2)[[0, 0, 1, 1]], weights)
    influence = np.array([3.0, 1.0, 0.5, 2.0]) * (1.0 if weights is None else weights)
    expected = np.sqrt(influence @ influence) * np.array(reach(influence))
    assert member.reach(0, inside, outside) == pytest.approx(tuple(expected))
