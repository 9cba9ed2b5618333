"""What segments are expected to bring: intervals, chances, the check, and what changes nothing."""

import numpy as np
import pytest

from forwhom.evidence.value import Estimate, Prospect, check, outlooks, value_evidence
from forwhom.lifetimes import Histories, Horizon
from forwhom.statistics.membership import Membership

TRUE = ((0.5, 6.0, 0.9, 3.0), (2.0, 6.0, 0.9, 3.0))
AHEAD = Horizon(20.0, margin=0.5)


def customers(n: int, seed: int) -> tuple[Histories, np.ndarray, np.ndarray, np.ndarray]:
    """Draw two segments; what is seen of them in 40 weeks, what they buy and pay in 20 more."""
    rng = np.random.default_rng(seed)
    segment = (np.arange(n) % 3 == 0).astype(int)
    r, alpha, a, b = np.array(TRUE).T[:, segment]
    rate, leave, scale = rng.gamma(r, 1 / alpha), rng.beta(a, b), rng.gamma(5, 1 / 20, n)
    x, last, later, now, there = *np.zeros((4, n)), np.full(n, True)
    money, paid = np.zeros(n), np.zeros(n)
    while there.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-12))
        there &= now < 60
        each, early = rng.gamma(6, 1 / scale), there & (now < 40)
        x[early], money[early] = x[early] + 1, money[early] + each[early]
        last[early] = now[early]
        later[there & ~early] += 1
        paid[there & ~early] += each[there & ~early]
        there &= rng.random(n) >= leave
    spend = np.where(x > 0, money / np.maximum(x, 1), 0)
    return Histories(x, last, np.full(n, 40.0), spend), np.eye(2)[segment], later, paid


@pytest.fixture(scope="module")
def shop() -> tuple[Histories, np.ndarray, np.ndarray, np.ndarray]:
    return customers(3_000, seed=1)


@pytest.fixture(scope="module")
def told(shop: tuple[Histories, np.ndarray, np.ndarray, np.ndarray]) -> list[Prospect]:
    found, _ = outlooks(shop[0], Membership.of(shop[1]), AHEAD, pooled=False, at_least=9_000)
    return found


def test_segments_are_expected_to_bring_what_they_then_bring(
    told: list[Prospect], shop: tuple[Histories, np.ndarray, np.ndarray, np.ndarray]
) -> None:
    for one, inside in zip(told, shop[1].T > 0, strict=True):
        error = (one.purchases.high - one.purchases.low) / 3.92
        observed = shop[2][inside].std() / np.sqrt(inside.sum())
        assert abs(one.purchases.value - shop[2][inside].mean()) < 3.5 * np.hypot(error, observed)
        assert one.total is not None
        assert one.value is not None
        assert one.total.value == pytest.approx(inside.sum() * one.value.value)
        off = abs(one.total.value - 0.5 * shop[3][inside].sum())
        assert off < 3.5 * (one.total.high - one.total.low) / 3.92
        assert one.n == inside.sum()
        assert 0.3 < one.alive < 1
    assert sum(one.share or 0 for one in told) == pytest.approx(1)


def test_the_chance_to_bring_enough_is_that_of_the_total(told: list[Prospect]) -> None:
    histories, groups, _, _ = customers(400, seed=2)
    member = Membership.of(groups)
    [first, _], _ = outlooks(histories, member, AHEAD, pooled=True)
    assert first.substantial is None
    assert first.total is not None
    for at_least, chance in [(first.total.value, 0.5), (first.total.high, 0.025)]:
        found, _ = outlooks(histories, member, AHEAD, pooled=True, at_least=at_least)
        assert found[0].substantial == pytest.approx(chance, abs=1e-6)
    assert [one.substantial is not None for one in told] == [True, True]


def test_the_check_sees_what_came_true_and_what_did_not(
    shop: tuple[Histories, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    histories, groups, later, paid = shop
    member = Membership.of(groups)
    right = check(histories, member, Horizon(20), later, paid, pooled=False)
    wrong = check(histories, member, Horizon(20), 3 * later, 3 * paid, pooled=False)
    for one, other in zip(right, wrong, strict=True):
        assert abs(one.predicted - one.actual.value) < 0.15 * one.predicted
        assert not other.actual.low < other.predicted < other.actual.high
        assert one.predicted_value is not None
        assert one.actual_value is not None
        assert abs(one.predicted_value - one.actual_value.value) < 0.3 * one.predicted_value


def test_order_of_rows_and_labels_of_segments_change_nothing() -> None:
    histories, groups, _, _ = customers(400, seed=3)
    one, _ = outlooks(histories, Membership.of(groups), AHEAD, pooled=False)
    turned, _ = outlooks(
        histories.pick(np.arange(400)[::-1]), Membership.of(groups[::-1, ::-1]), AHEAD, pooled=False
    )
    for first, second in zip(one, turned[::-1], strict=True):
        assert first.purchases.value == pytest.approx(second.purchases.value, rel=1e-5)
        assert first.purchases.low == pytest.approx(second.purchases.low, rel=1e-4)
        assert first.share == pytest.approx(second.share, rel=1e-5)


def test_intervals_of_means_are_symmetric_in_the_logarithm() -> None:
    one = Estimate.of_mean(2.0, 0.5)
    assert one.low * one.high == pytest.approx(4.0)
    assert np.log(one.high / one.low) == pytest.approx(2 * 1.96 * 0.25, rel=1e-4)
    assert Estimate.of_mean(0.0, 0.1) == Estimate.of(0.0, 0.1)
    assert Estimate.of(1.0, 2.0).low == 0.0


def test_weights_count_customers() -> None:
    histories, groups, _, _ = customers(300, seed=4)
    weight = np.arange(300.0) % 4
    often = np.repeat(np.arange(300), weight.astype(int))
    one, _ = outlooks(histories, Membership.of(groups, weight), AHEAD, pooled=False)
    copied, _ = outlooks(histories.pick(often), Membership.of(groups[often]), AHEAD, pooled=False)
    for first, second in zip(one, copied, strict=True):
        assert first.purchases.value == pytest.approx(second.purchases.value, rel=1e-5)
        assert first.total is not None
        assert second.total is not None
        assert first.total.value == pytest.approx(second.total.value, rel=1e-5)


def test_a_segment_without_customers_is_passed_over() -> None:
    histories, groups, later, paid = customers(300, seed=4)
    member = Membership.of(np.column_stack([groups[:, 0], np.zeros(300), groups[:, 1]]))
    found, _ = outlooks(histories, member, AHEAD, pooled=False)
    checked = check(histories, member, AHEAD, later, paid, pooled=False)
    assert [one.segment for one in found] == [one.segment for one in checked] == [1, 3]


def test_evidence_says_it_with_interval_horizon_and_terms(told: list[Prospect]) -> None:
    items = value_evidence(
        told, AHEAD, unit="week", money="EUR", pooled=False, source="abc", threshold=10
    )
    assert [one.id for one in items] == [
        "segment-1.purchases-ahead", "segment-1.value-ahead",
        "segment-2.purchases-ahead", "segment-2.value-ahead",
    ]  # fmt: skip
    assert "in the next 20 weeks" in items[0].statement
    assert "EUR" in items[1].statement
    assert "margin 0.5, discount 0 per week" in items[1].method
    assert "partly pooled" in items[0].method
    assert items[0].interval is not None
    assert items[0].interval.low < (items[0].value or 0) < items[0].interval.high
    few = Prospect(1, 9, 1.0, Estimate(1, 0, 2), None, None, None, None)
    assert not value_evidence([few], AHEAD, unit="week", money=None, pooled=True, source="abc")
