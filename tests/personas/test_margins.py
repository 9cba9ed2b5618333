"""What a customer leaves after costs: by hand, its interval, and which segments leave more."""

import numpy as np
import pytest

from forwhom.documents.segmentation import Segment, Variable
from forwhom.evidence.items import collect_evidence
from forwhom.personas import describe_segments
from forwhom.report.segmentation.worth import brought
from forwhom.tables.columns import Column

SPENT = Variable(name="spent", label="Total spend", measure="positive", use="descriptor",
                 role="revenue", unit="EUR")  # fmt: skip
COST = Variable(name="cost", label="Cost to serve", measure="positive", use="descriptor",
                role="cost", unit="EUR")  # fmt: skip


def described(
    apart: float, n: int = 600, seed: int = 1, variables: tuple[Variable, ...] = (SPENT, COST)
) -> tuple[list[Segment], np.ndarray, np.ndarray]:
    """Describe three segments; of the third, a customer leaves more by ``apart``."""
    rng = np.random.default_rng(seed)
    segment = np.arange(n) % 3
    spent = 50 + rng.gamma(4, 5, n)
    left = rng.normal(20 + apart * (segment == 2), 8)
    columns = {"spent": Column("spent", spent), "cost": Column("cost", spent - left)}
    return describe_segments(columns, variables, np.eye(3)[segment]), segment, left


def test_a_margin_is_the_mean_of_what_is_left() -> None:
    segments, segment, left = described(20)
    for k, one in enumerate(segments):
        assert one.worth is not None
        found = one.worth.margin
        assert found is not None
        own = left[segment == k]
        assert found.mean == pytest.approx(own.mean(), rel=1e-3)
        half = (found.interval.high - found.interval.low) / 2
        assert half == pytest.approx(1.96 * own.std() / np.sqrt(len(own)), rel=0.06)
    third = segments[2].worth.margin
    first = segments[0].worth.margin
    assert (third.more_than, third.less_than, third.unsure) == ([1, 2], [], [])
    assert (first.more_than, first.less_than, first.unsure) == ([], [3], [2])


def test_it_is_said_and_cited_with_what_nobody_can_tell() -> None:
    segments, _, _ = described(20)
    variables = {v.name: v for v in (SPENT, COST)}
    told = brought(segments[0], variables)
    assert told is not None
    assert "; a customer leaves" in told.sentence
    assert "after cost to serve: less than in 3" in told.sentence
    assert "beside 2 we cannot tell, as the ranges overlap" in told.sentence
    assert told.margin.endswith("EUR)")
    items = {one.id: one for one in collect_evidence(segments, source="x")}
    item = items["segment-3.margin"]
    assert item.value == segments[2].worth.margin.mean
    assert item.statement.startswith("A customer of segment 3 leaves 4")
    assert "more than in 1 and 2" in item.statement


@pytest.mark.parametrize(
    "changed",
    [
        {"role": None},
        {"unit": "USD"},
        {"label": "Cost per visit"},
        {"use": "protected"},
    ],
)
def test_without_a_cost_of_the_same_unit_there_is_none(changed: dict[str, object]) -> None:
    segments, _, _ = described(20, variables=(SPENT, COST.model_copy(update=changed)))
    assert all(one.worth is not None and one.worth.margin is None for one in segments)


def test_small_segments_are_withheld_and_costs_alone_say_nothing() -> None:
    segments, _, _ = described(20, n=27)
    assert all(one.worth is None or one.worth.margin is None for one in segments)
    alone, _, _ = described(20, variables=(COST,))
    assert all(one.worth is None for one in alone)


def test_equal_margins_are_seldom_told_apart() -> None:
    wrong = 0
    for seed in range(120):
        segments, _, _ = described(0.0, n=240, seed=seed)
        wrong += any(s.worth.margin.more_than for s in segments)
    assert wrong <= 0.05 * 120
