"""What segments bring: shares of revenue and orders, with intervals that hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.segmentation import Variable
from forwhom.personas import describe_segments
from forwhom.personas.worth import share_interval
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column

MONEY = Variable(name="spent", label="Total spend", measure="positive", use="descriptor",
                 role="revenue", unit="$")  # fmt: skip
ORDERS = Variable(name="orders", label="Orders", measure="count", use="active", role="frequency")


def shop(n: int = 200, seed: int = 0) -> tuple[dict[str, Column], np.ndarray]:
    """A quarter of the customers spend ten times as much as the others do."""
    rng = np.random.default_rng(seed)
    segment = (np.arange(n) % 4 == 0).astype(int)
    spent = np.exp(rng.normal(3 + np.log(10) * segment, 0.7))
    orders = rng.poisson(2 + 3 * segment).astype(float)
    columns = {"spent": Column("spent", spent), "orders": Column("orders", orders)}
    return columns, np.eye(2)[segment]


def test_each_segment_has_its_part_of_money_and_orders() -> None:
    columns, memberships = shop()
    first, second = describe_segments(columns, [MONEY, ORDERS], memberships)
    spent, inside = columns["spent"].values, memberships[:, 1] == 1
    assert second.worth.revenue.share == pytest.approx(spent[inside].sum() / spent.sum(), abs=1e-4)
    assert first.worth.revenue.share + second.worth.revenue.share == pytest.approx(1, abs=2e-4)
    assert second.worth.revenue.total == pytest.approx(spent[inside].sum(), rel=5e-3)
    orders = columns["orders"].values
    assert second.worth.orders.share == pytest.approx(orders[inside].sum() / orders.sum(), abs=1e-4)
    assert second.worth.revenue.interval.low < second.worth.revenue.share


def test_intervals_hold_the_share_of_the_population() -> None:
    held = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        segment = (rng.random(400) < 0.25).astype(int)
        spent = np.exp(rng.normal(3 + np.log(10) * segment, 0.7))
        member = Membership.of(np.eye(2)[segment])
        share = spent[segment == 1].sum() / spent.sum()
        low, high = share_interval("spent", spent, share, float(spent.sum()), member, 1)
        held.append(low <= 2.5 / 3.25 <= high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_at_the_border_few_large_amounts_do_not_make_a_segment_too_small() -> None:
    less = more = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        inside = (rng.random(500) < 0.05).astype(int)
        spent = rng.lognormal(0, 1, 500)  # 5 % bring 5 %
        member, total = Membership.of(np.eye(2)[inside]), float(spent.sum())
        share = float(spent[inside == 1].sum()) / total
        low, high = share_interval("spent", spent, share, total, member, 1)
        less, more = less + (high < 0.05), more + (low >= 0.05)
        assert 0 <= low < share < high < 1
    # Nominally 2.5 % each; an interval symmetric around the share says "less" in 10 %.
    assert less / 400 <= 0.05
    assert more / 400 <= 0.05


def test_amounts_below_zero_may_have_a_share_below_zero() -> None:
    rng = np.random.default_rng(3)
    inside, spent = np.arange(400) % 4 == 0, rng.normal(1, 1, 400)
    spent[inside] -= 0.95
    member, total = Membership.of(np.eye(2)[inside.astype(int)]), float(spent.sum())
    share = float(spent[inside].sum()) / total
    low, high = share_interval("spent", spent, share, total, member, 1)
    assert low < 0 < share < high
    # Nothing is skewed here: nearly symmetric.
    assert (low + high) / 2 == pytest.approx(share, abs=0.1 * (high - low))


def test_a_tail_that_few_do_not_show_leaves_open_whether_they_bring_enough() -> None:
    less = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        inside = (rng.random(2000) < 0.02).astype(int)
        spent = rng.lognormal(0, 1.5, 2000) * np.where(inside, 2.58, 1)  # 2 % bring 5 %
        member, total = Membership.of(np.eye(2)[inside]), float(spent.sum())
        share = float(spent[inside == 1].sum()) / total
        less += share_interval("spent", spent, share, total, member, 1)[1] < 0.05
    # Symmetric in the logarithm, 8 % say that they bring less.
    assert less / 200 <= 0.055


def test_small_groups_and_their_complements_are_withheld() -> None:
    columns, _ = shop()
    few = np.eye(2)[(np.arange(200) < 5).astype(int)]
    assert [s.worth for s in describe_segments(columns, [MONEY], few)] == [None, None]


@pytest.mark.parametrize(
    "label", ["Average order value", "Spend per visit", "Share of spend", "mean_spend"]
)
def test_what_does_not_add_up_is_not_added_up(label: str) -> None:
    columns, memberships = shop()
    rate = MONEY.model_copy(update={"label": label})
    assert describe_segments(columns, [rate], memberships)[0].worth is None


def test_money_made_of_events_goes_before_a_column_that_is_called_so() -> None:
    columns, memberships = shop()
    columns["sales"] = Column("sales", columns["spent"].values[::-1].copy())
    called = MONEY.model_copy(update={"name": "sales"})
    made = MONEY.model_copy(update={"definition": "Sum of the amounts."})
    found = describe_segments(columns, [called, made], memberships)
    assert found[0].worth.revenue.variable == "spent"


def test_totals_of_weighted_customers_are_not_told_and_missing_amounts_count_for_nobody() -> None:
    columns, memberships = shop()
    spent = columns["spent"].values.copy()
    spent[::3] = np.nan
    columns["spent"] = Column("spent", spent)
    weights = np.where(np.arange(200) < 100, 0.5, 1.5)
    found = describe_segments(columns, [MONEY], memberships, weights)[1].worth.revenue
    known = np.nan_to_num(spent) * weights
    assert found.total is None
    assert found.share == pytest.approx(known[memberships[:, 1] == 1].sum() / known.sum(), abs=1e-4)
