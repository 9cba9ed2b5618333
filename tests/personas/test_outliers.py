"""Who alone would show in means, spreads, sums or shares does not come back from them."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.segmentation import NumberSummary, Segment, Variable
from forwhom.personas import describe_segments, without_outliers
from forwhom.statistics.dominance import pulled_in, tamed
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column

GIANT = 99_817.0
SPEND = Variable(name="spend", label="Spend", measure="positive", use="active", role="revenue")


def spenders(n: int = 300, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Return amounts of customers in crisp segments, one of whom spends much more."""
    values = np.random.default_rng(0).normal(50.0, 5.0, n)
    values[7] = GIANT
    return values, np.eye(k)[np.arange(n) % k]


def described(values: np.ndarray, segments: np.ndarray) -> list[Segment]:
    member = Membership.of(segments)
    columns, _, _ = without_outliers({"spend": Column("spend", values)}, member, 10)
    return describe_segments(columns, [SPEND], segments)


def test_the_largest_customer_does_not_come_back_from_means_spreads_and_sums() -> None:
    values, segments = spenders()
    told = described(values, segments)
    for segment in told:
        for summary, n in ((segment.profile[0].inside, 150), (segment.profile[0].sample, 300)):
            from_mean = n * summary.mean - (n - 1) * summary.median
            from_spread = summary.sd * np.sqrt(n) + summary.mean
            assert max(from_mean, from_spread) < 0.1 * GIANT
        assert segment.worth.revenue.total < 0.1 * GIANT
    parts = sum(segment.worth.revenue.share for segment in told)
    assert parts == pytest.approx(1.0, abs=1e-3)  # so no difference of two is left over


@pytest.mark.parametrize("age", [480.0, 990.0])
def test_one_far_from_others_does_not_come_back_from_a_spread(age: float) -> None:
    """A mean hardly tells one of 120 who is 50 times as far as usual; squares told all of it."""
    values = np.random.default_rng(1).integers(18, 80, 240).astype(float)
    values[8] = age
    one, _ = described(values, np.eye(2)[np.arange(240) % 2])
    summary: NumberSummary = one.profile[0].inside
    usual = (summary.q75 - summary.q25) / 1.35
    squares = 120 * summary.sd**2 - 119 * usual**2
    assert summary.median + np.sqrt(max(squares, 0.0)) < 0.5 * age + 100
    assert summary.mean_interval.high < 55


def test_what_was_pulled_in_is_said_and_other_values_stay() -> None:
    values, segments = spenders()
    member = Membership.of(segments)
    columns, _, [note] = without_outliers({"spend": Column("spend", values)}, member, 10)
    changed = np.flatnonzero(columns["spend"].values != values)
    assert changed.tolist() == [7]
    assert columns["spend"].values[7] < 200
    assert "'spend'" in note
    assert "99" not in note
    plain = np.random.default_rng(1).lognormal(3.0, 1.0, 300)
    assert pulled_in(plain, member, 10) is plain  # amounts are skewed, and that is no outlier


def test_a_customer_of_much_weight_does_not_answer_for_a_segment() -> None:
    weights = np.ones(40)
    weights[3] = 500.0
    member = Membership.of(np.eye(2)[np.arange(40) % 2], weights)
    found = tamed(weights, member)
    assert found[3] == 1.0  # all others together, but the second: 18; so it counts as these do
    assert np.delete(found, 3).tolist() == [1.0] * 39


def test_who_has_no_segment_is_not_what_all_have_besides_the_segments() -> None:
    values = np.append(np.random.default_rng(0).normal(50, 5, 60), [900.0, 1000.0])
    segments = np.vstack([np.eye(2)[np.arange(60) % 2], np.zeros((2, 2))])
    told = described(values, segments)
    inside = sum(s.profile[0].inside.mean * s.n for s in told)
    sample = told[0].profile[0].sample.mean
    assert sample * 60 == pytest.approx(inside, rel=1e-4)


@pytest.mark.parametrize("few", [1, 3, 9, 10])
def test_a_mean_that_few_customers_make_is_withheld_with_what_would_tell_it(few: int) -> None:
    values = np.zeros(300)
    values[1 : 1 + 2 * few : 2] = np.linspace(20.0, 30.0, few)  # of the second segment
    values[0:200:2] = np.random.default_rng(2).poisson(4, 100)
    told = described(values, np.eye(2)[np.arange(300) % 2])
    shown = [s.profile[0].inside is not None for s in told]
    assert shown == ([True, True] if few >= 10 else [False, False])
    assert (told[0].profile[0].sample is not None) or few < 10


def test_a_quantile_is_the_value_of_no_single_customer() -> None:
    values = np.round(np.random.default_rng(3).lognormal(4.0, 0.6, 80), 2)
    segments = np.eye(2)[np.arange(80) % 2]
    own = {f"{value:.4g}" for value in values}
    for segment in described(values, segments):
        summary: NumberSummary = segment.profile[0].inside
        quantiles = [summary.q10, summary.q25, summary.median, summary.q75, summary.q90]
        assert quantiles == sorted(quantiles)
        exact = np.quantile(values[segment.id - 1 :: 2], [0.1, 0.25, 0.5, 0.75, 0.9])
        for told, true in zip(quantiles, exact, strict=True):
            assert f"{told:.4g}" not in own
            ranks = np.searchsorted(np.sort(values[segment.id - 1 :: 2]), [told, true])
            assert abs(int(ranks[0]) - int(ranks[1])) <= 6


def test_all_of_35_are_all_and_not_nearly_all() -> None:
    segments = np.array([[0.9999, 0.0001]] * 35 + [[0.0002, 0.9998]] * 35)
    column = Column("plan", np.repeat([0, 1], 35).astype(np.int32), ("free", "pro"))
    plan = Variable(name="plan", label="Plan", measure="binary", use="active")
    told = describe_segments({"plan": column}, [plan], segments)
    assert [[level.inside for level in s.profile[0].levels] for s in told] == [[1, 0], [0, 1]]
    sentences = [d.statement for s in told for d in s.distinctions]
    assert sentences
    assert not any("99.9" in sentence or "0.1%" in sentence for sentence in sentences)
