"""Segments as a whole: known answers, and what must hold however customers are given."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.segmentation import Segment, Variable
from forwhom.errors import DataError
from forwhom.personas import describe_segments
from forwhom.personas.profiles import interval_of_mean
from forwhom.personas.summaries import summarize_numbers
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column


def described(customers, **options) -> list[Segment]:
    return describe_segments(
        customers.columns,
        customers.variables,
        customers.responsibilities,
        customers.weights,
        **options,
    )


def without_id(segment: Segment) -> dict:
    return segment.model_dump(exclude={"id", "name", "proposed_name"})


def profile(segment: Segment, variable: str):
    return next(p for p in segment.profile if p.variable == variable)


def test_three_known_segments_get_the_names_and_sentences_that_fit(customers) -> None:
    frequent, occasional, fresh = described(customers)
    first = {d.variable: d for d in frequent.distinctions}
    assert first["frequency"].statement.startswith("Buys more often: 1")
    assert first["frequency"].effect > 1
    assert first["organic"].level == "yes"
    assert "yes, " in first["organic"].statement
    assert first["organic"].statement.startswith("Buys organic: ")
    assert "frequent" in frequent.name.lower()
    assert {d.variable: d.effect for d in occasional.distinctions}["recency"] > 1
    assert {d.variable: d.effect for d in fresh.distinctions}["recency"] < -0.5
    assert frequent.share == pytest.approx(0.45, abs=0.05)
    assert frequent.share_interval.low < frequent.share < frequent.share_interval.high


def test_effects_are_the_textbook_ones_on_a_small_table() -> None:
    inside, rest = np.array([6.0, 8.0] * 20), np.array([1.0, 3.0] * 40)
    count = Variable(name="x", label="Visits", measure="continuous", use="active")
    answer = Variable(name="y", label="Answer", measure="nominal", use="active")
    columns = {
        "x": Column("x", np.concatenate([inside, rest])),
        "y": Column("y", np.repeat([0, 1, 0, 1], [20, 20, 20, 60]).astype(np.int32), ("a", "b")),
    }
    crisp = np.repeat([[1.0, 0.0], [0.0, 1.0]], [40, 80], axis=0)
    first, _ = describe_segments(columns, [count, answer], crisp)
    number, level = first.distinctions
    assert number.effect == pytest.approx(5.0)  # means 7 and 2, both standard deviations 1
    assert (number.inside, number.rest, number.kind) == (7.0, 2.0, "d")
    h = 2 * np.arcsin(np.sqrt(0.5)) - 2 * np.arcsin(np.sqrt(0.25))
    assert level.effect == pytest.approx(h, abs=1e-4)
    assert (level.level, level.inside, level.rest, level.kind) == ("a", 0.5, 0.25, "h")
    error = np.sqrt(1 / 40 + 1 / 80) * 1.959964
    assert level.interval.high - level.effect == pytest.approx(error, abs=1e-3)
    summary = profile(first, "x").inside
    assert (summary.mean, summary.sd, summary.median, summary.q10) == (7.0, 1.0, 7.0, 6.0)
    assert [s.sample for s in profile(first, "y").levels] == [0.333333, 0.666667]


@given(st.integers(0, 10**6), st.permutations(range(3)))
@settings(max_examples=8)
def test_labels_and_rows_may_come_in_any_order(make_customers, seed: int, order) -> None:
    one = make_customers(300, seed)
    rows = np.random.default_rng(seed).permutation(300)
    other = one.take(rows)
    permuted = type(one)(other.columns, other.variables, other.responsibilities[:, order])
    before, after = described(one), described(permuted)
    for place, original in enumerate(order):
        assert without_id(after[place]) == without_id(before[original])
    assert {s.name for s in before} == {s.name for s in after}


@given(st.integers(0, 10**6))
@settings(max_examples=8)
def test_a_weight_of_two_is_a_customer_twice(make_customers, seed: int) -> None:
    one = make_customers(300, seed)
    times = np.random.default_rng(seed).integers(1, 4, 300)
    weighted = type(one)(one.columns, one.variables, one.responsibilities, times.astype(float))
    repeated = one.take(np.repeat(np.arange(300), times))
    # What is coarse for few people is so for people, whatever they weigh.
    both = (described(one, threshold=1) for one in (weighted, repeated))
    for a, b in zip(*both, strict=True):
        assert a.share == pytest.approx(b.share, abs=1e-6)
        effects = {d.variable: (d.effect, d.inside, d.rest) for d in b.distinctions}
        for d in a.distinctions:
            if d.variable in effects:
                assert (d.effect, d.inside, d.rest) == pytest.approx(effects[d.variable], rel=1e-4)
        for p, q in zip(a.profile, b.profile, strict=True):
            if p.inside and q.inside:
                # Sampling weights tell less than customers do, so that intervals differ, and so
                # does how far a quantile is rounded to stand for ten of them.
                left_out = {"zeros", "mean_interval", "q10", "q25", "median", "q75", "q90"}
                assert p.inside.model_dump(exclude=left_out) == pytest.approx(
                    q.inside.model_dump(exclude=left_out), rel=1e-4
                )


def test_scaling_all_weights_changes_nothing(customers) -> None:
    n = len(customers.responsibilities)
    weights = np.random.default_rng(1).uniform(0.5, 2, n)
    a = type(customers)(customers.columns, customers.variables, customers.responsibilities, weights)
    b = type(customers)(
        customers.columns, customers.variables, customers.responsibilities, 8 * weights
    )
    assert described(a) == described(b)


def test_unequal_weights_widen_the_intervals(customers) -> None:
    n = len(customers.responsibilities)
    weights = np.where(np.arange(n) % 10 == 0, 20.0, 1.0)
    weighted = type(customers)(
        customers.columns, customers.variables, customers.responsibilities, weights
    )
    plain, wide = described(customers)[0], described(weighted)[0]
    span = plain.share_interval.high - plain.share_interval.low
    assert wide.share_interval.high - wide.share_interval.low > 1.5 * span


def test_uncertain_membership_widens_the_interval_of_a_size(make_customers) -> None:
    sure, unsure = (described(make_customers(soft=soft))[0] for soft in (False, True))
    width = [s.share_interval.high - s.share_interval.low for s in (sure, unsure)]
    assert width[1] > width[0]
    assert sure.certainty.mean_probability == 1.0
    assert unsure.certainty.mean_probability < 0.95


def test_one_segment_is_everybody(customers) -> None:
    (everybody,) = describe_segments(
        customers.columns, customers.variables, np.ones((len(customers.responsibilities), 1))
    )
    assert everybody.name == "All customers"
    assert everybody.distinctions == []
    assert (everybody.share, everybody.share_interval.low, everybody.share_interval.high) == (
        1.0, 1.0, 1.0,
    )  # fmt: skip
    assert profile(everybody, "frequency").inside == profile(everybody, "frequency").sample
    assert everybody.typical_member is not None


def test_a_segment_without_members_and_variables_without_values_are_described(customers) -> None:
    shape = customers.responsibilities.shape
    padded = np.hstack([customers.responsibilities, np.zeros((shape[0], 1))])
    empty = describe_segments(customers.columns, customers.variables, padded)[3]
    assert (empty.n, empty.share) == (0, 0.0)
    assert empty.certainty.sure == 0.0
    assert empty.distinctions == []
    assert empty.typical_member is None
    assert all(p.n is None and p.inside is None for p in empty.profile)
    nothing = profile(empty, "empty")
    assert nothing.sample is None


def test_customers_of_no_segment_are_members_of_none(customers) -> None:
    probabilities = customers.responsibilities.copy()
    probabilities[:60] = 0.0
    segments = describe_segments(customers.columns, customers.variables, probabilities)
    assert sum(s.n for s in segments) == len(probabilities) - 60
    assert sum(s.share for s in segments) == pytest.approx(0.9, abs=1e-5)


def test_no_customers_at_all_are_no_error() -> None:
    variable = Variable(name="x", label="X", measure="continuous", use="active")
    segments = describe_segments({"x": Column("x", np.zeros(0))}, [variable], np.zeros((0, 2)))
    assert [s.n for s in segments] == [0, 0]


def test_every_number_can_be_written_as_json(customers) -> None:
    for segment in described(customers):
        json.dumps(segment.model_dump(), allow_nan=False)


def test_progress_goes_from_nothing_to_everything(customers) -> None:
    told: list[float] = []
    described(customers, progress=lambda _, fraction: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_lengths_and_weights_that_do_not_fit_are_said(customers) -> None:
    with pytest.raises(DataError, match="'frequency' has 600 values for 10 customers"):
        describe_segments(customers.columns, customers.variables, np.ones((10, 2)) / 2)
    with pytest.raises(DataError, match="weight is negative, missing or infinite"):
        describe_segments({}, [], np.ones((2, 1)), np.array([1.0, -1.0]))
    with pytest.raises(DataError, match="one row per customer and one column per segment"):
        describe_segments({}, [], np.ones(3))
    with pytest.raises(DataError, match="3 weights for 2 customers"):
        describe_segments({}, [], np.ones((2, 1)), np.ones(3))


def test_means_of_skewed_amounts_have_intervals_that_hold_the_truth() -> None:
    held: list[bool] = []
    chances = np.eye(2)[np.repeat([0, 1], 100)]
    for seed in range(300):
        amounts = np.random.default_rng(seed).lognormal(0, 1, 200)
        member = Membership.of(chances)
        numbers = summarize_numbers(amounts, member, 1)
        for k in range(2):
            told = interval_of_mean(Column("x", amounts), numbers, member, k)
            assert told.low > 0
            held.append(told.low <= np.exp(0.5) <= told.high)
    # Symmetric around the mean, 91 % hold.
    assert np.mean(held) > 0.92


def test_means_and_shares_of_a_profile_have_intervals_that_hold_the_truth() -> None:
    held: list[bool] = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        first = np.arange(400) < 150
        number = rng.normal(np.where(first, 5.0, 2.0), 2.0)
        codes = (rng.random(400) < np.where(first, 0.3, 0.8)).astype(np.int32)
        columns = {"x": Column("x", number), "y": Column("y", codes, ("no", "yes"))}
        variables = [
            Variable(name="x", label="X", measure="continuous", use="active"),
            Variable(name="y", label="Y", measure="binary", use="active"),
        ]
        chances = np.column_stack([first, ~first]).astype(float)
        segment = describe_segments(columns, variables, chances)[0]
        mean, yes = profile(segment, "x").inside.mean_interval, profile(segment, "y").levels[1]
        held += [mean.low <= 5 <= mean.high, yes.interval.low <= 0.3 <= yes.interval.high]
        assert mean.high - mean.low == pytest.approx(2 * 1.96 * 2 / np.sqrt(150), rel=0.2)
        assert profile(segment, "x").sample.mean_interval is None
    assert 0.9 <= np.mean(held) <= 0.99
