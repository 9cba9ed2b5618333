"""Weighted summaries, intervals and samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.segmentation import Variable
from forwhom.evidence import too_wide
from forwhom.personas.concepts import is_coded, option_of, says_nothing
from forwhom.personas.labels import calm, short_label
from forwhom.personas.sizes import doubtful, size
from forwhom.personas.summaries import QUANTILES, summarize_numbers, weighted_quantiles
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import wilson
from forwhom.statistics.sampling import sample_rows, shuffled_rows


@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 5)), min_size=1, max_size=30),
    st.floats(0.1, 10),
)
@settings(max_examples=100)
def test_weighted_quantiles_are_those_of_repeated_values(pairs, scale: float) -> None:
    values = np.array(sorted(pairs), dtype=float)
    repeated = np.repeat(values[:, 0], values[:, 1].astype(int))
    found = weighted_quantiles(values[:, 0], np.cumsum(scale * values[:, 1]), QUANTILES)
    expected = np.quantile(repeated, QUANTILES, method="averaged_inverted_cdf")
    assert found == pytest.approx(expected)


def test_summaries_are_those_of_each_segment_and_the_sample() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(1e6, 1, 300)
    segment = rng.integers(0, 3, 300)
    member = Membership.of(np.eye(3)[segment])
    found = summarize_numbers(values, member, 1)
    for k, part in enumerate([values[segment == k] for k in range(3)] + [values]):
        assert found.mean[k] == pytest.approx(part.mean())
        assert found.sd[k] == pytest.approx(part.std(), rel=1e-6)
        assert found.quantiles[k, 2] == pytest.approx(np.median(part))
    rest = [np.median(values[segment != k]) for k in range(3)]
    assert found.rest_median == pytest.approx(rest)


def test_soft_membership_weighs_values() -> None:
    member = Membership.of(np.array([[0.25, 0.75], [0.75, 0.25]]))
    found = summarize_numbers(np.array([0.0, 4.0]), member, 1)
    assert found.mean.tolist() == [3.0, 1.0, 2.0]
    assert found.zeros.tolist() == [0.25, 0.75, 0.5]


def test_the_effective_number_of_customers_is_kishs() -> None:
    member = Membership.of(
        np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 3.0, 2.0])
    )
    inside, outside = member.effective(np.ones(3, dtype=bool))
    assert inside[0] == pytest.approx(16 / 10)
    assert outside[0] == pytest.approx(1.0)


def test_the_interval_of_a_size_covers_the_truth() -> None:
    # Two overlapping normals, with the posterior as an estimate of the share would see it.
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        second = rng.random(400) < 0.3
        x = rng.normal(np.where(second, 2.0, 0.0))
        share = 0.3
        for _ in range(200):
            odds = share / (1 - share) * np.exp(2 * x - 2)
            share = (odds / (1 + odds)).mean()
        responsibility = odds / (1 + odds)
        member = Membership.of(np.column_stack([1 - responsibility, responsibility]))
        _, interval = size(member, 1)
        covered += interval.low <= 0.3 <= interval.high
    assert 0.90 <= covered / 200 <= 0.99


def test_wilsons_interval_holds_its_share_at_the_ends() -> None:
    assert wilson(0.0, 20)[0] == 0.0
    assert wilson(1.0, 20)[1] == 1.0
    assert wilson(0.3, 0) == (0.0, 1.0)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(0, 10**6))
@settings(max_examples=50)
def test_a_sample_of_rows_does_not_depend_on_their_order(values: list[int], seed: int) -> None:
    content = np.array(values, dtype=float)
    order = np.random.default_rng(seed).permutation(len(content))
    size = max(1, len(content) // 2)
    one = content[sample_rows(content, size=size, seed=seed)]
    other = content[order][sample_rows(content[order], size=size, seed=seed)]
    assert one.tolist() == other.tolist()
    assert sorted(shuffled_rows(content, seed=seed).tolist()) == list(range(len(content)))


def test_missing_values_and_minus_zero_do_not_disturb_the_order() -> None:
    a = shuffled_rows(np.array([0.0, np.nan, 1.0]))
    b = shuffled_rows(np.array([-0.0, -np.nan, 1.0]))
    assert a.tolist() == b.tolist()


def test_labels_are_calm_and_short() -> None:
    assert calm("NICE & FRESH Food [x]") == "nice & fresh Food"
    assert short_label("How often do you cook at home, on average?") == "often cook at home"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("DRUG GM (department)", "drug GM"),
        ("MEAT", "meat"),
        ("USA", "USA"),
        ("Fresh Milk", "Fresh Milk"),
    ],
)
def test_capitals_of_a_source_are_calmed(label: str, said: str) -> None:
    assert calm(label) == said


def test_codes_options_and_answers_that_say_nothing() -> None:
    assert is_coded(Variable(name="q7_10", label="q7_10", measure="ordinal", use="active"))
    assert is_coded(Variable(name="q", label="q0007: 0010", measure="ordinal", use="active"))
    assert not is_coded(Variable(name="q", label="q7: cooking", measure="ordinal", use="active"))
    cooks = Variable(name="q7", label="Cooks at home", measure="ordinal", use="active")
    assert not is_coded(cooks)
    levels = ["Friends", "Not selected"]
    column = Variable(name="q4_2", label="q4_2", measure="binary", use="active", levels=levels)
    assert option_of(column) == "Friends"
    assert says_nothing("None of the above")
    assert not says_nothing("Other brands")


def test_intervals_and_orders_by_hand() -> None:
    assert wilson(0.5, 100) == pytest.approx((0.404, 0.596), abs=5e-4)
    assert shuffled_rows(np.array([[0.2, 0.8], [1.0, 0.0], [0.2, 0.8]])).tolist() == [0, 2, 1]
    drawn = sample_rows(np.linspace(0, 1, 1000), size=100)
    assert len(set(drawn.tolist())) == len(drawn) == 100
    assert short_label("Support calls (per year)") == "support calls"


class _Learned:
    """Segments that were learned with a given error of every statistic."""

    def __init__(self, n: int, error: float) -> None:
        self.customers, self._error, self._n = np.arange(n), error, n

    def variance(self, k: int, inside: np.ndarray, outside: np.ndarray, about: str = ""):
        return np.full(inside.shape[1], self._error**2)

    def averaged(self, seed: int = 0) -> np.ndarray:
        return np.full((self._n, 2), 0.5)

    def left_out(self) -> np.ndarray:
        raise NotImplementedError


def test_segments_of_which_little_is_told_have_wider_intervals() -> None:
    chances = np.tile([0.7, 0.3], (1000, 1))
    sure = np.sqrt(0.7 * 0.3 / 1000)
    for error, ids in ((sure, []), (3.5 * sure, [2]), (5 * sure, [1, 2])):
        member = Membership.of(chances, learned=_Learned(1000, error))
        assert doubtful(member) == ids
        worth = 0.21 / error**2
        for k in range(2):
            many = worth / 1.9**2 if k + 1 in ids else worth
            interval, expected = size(member, k)[1], wilson(0.7 - 0.4 * k, many)
            assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-5)
            told = member.errors(k, np.ones((1000, 1)), np.zeros((1000, 1)))
            assert told == pytest.approx(error * (1.9 if k + 1 in ids else 1.0))
    assert doubtful(Membership.of(chances)) == []
    assert "segments 1 and 2 are about twice as wide" in too_wide([1, 2])[0]
    assert too_wide([]) == []
