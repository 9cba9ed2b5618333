"""Two sides by a table of who dealt with whom: errors at the border, and what changes nothing."""

import json

import numpy as np
import pytest

from forwhom.documents.market import Market
from forwhom.evidence.market import market_evidence, sides_of_interactions

NAMES = ("rider", "driver")


def rides(seed: int, faithful: float = 0.0, both: float = 0.0, n: int = 300) -> tuple:
    """Draw riders who come three times; some always to the same driver, some who drive as well."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(n), 3)
    always = np.repeat(rng.random(n) < faithful, 3)
    one = np.repeat(rng.integers(0, n // 3, n), 3)
    driver = np.where(always, one, (one + np.tile([0, 1, 2], n)) % (n // 3)) + n
    drives = rng.random(n // 3) < both
    return who, np.where(drives[driver - n], driver - n, driver)


def test_a_platform_a_shop_and_neighbors() -> None:
    platform = sides_of_interactions(*rides(0), NAMES)
    assert platform.verdict == "yes"
    assert (platform.members, platform.both, platform.chooses[0]) == ((300, 100), 0.0, 1.0)
    shop = sides_of_interactions(np.arange(200), np.full(200, 999), NAMES)
    assert (shop.verdict, shop.why[:13]) == ("no", "There are few")
    mostly = np.where(np.arange(900) % 10 < 8, 5000, 5001 + np.arange(900) % 50)
    assert "takes part in" in sides_of_interactions(*rides(0)[:1], mostly, NAMES).why
    faithful = sides_of_interactions(*rides(0, faithful=1.0), NAMES)
    assert faithful.verdict == "no"
    assert "chooses nobody" in faithful.why
    rng = np.random.default_rng(0)
    neighbors = sides_of_interactions(rng.integers(0, 80, 600), rng.integers(0, 80, 600), NAMES)
    assert neighbors.verdict == "no"
    assert "it is one side" in neighbors.why


def test_at_the_border_two_sides_are_seldom_claimed() -> None:
    told = [sides_of_interactions(*rides(s, faithful=0.5), NAMES).verdict for s in range(60)]
    assert told.count("yes") <= 5
    assert told.count("no") <= 5
    assert told.count("unknown") >= 50


@pytest.mark.parametrize("faithful", [0.0, 0.5, 1.0])
def test_order_numbers_and_the_order_of_sides_change_nothing(faithful: float) -> None:
    who, driver = rides(1, faithful)
    found = sides_of_interactions(who, driver, NAMES)
    rng = np.random.default_rng(2)
    rows, label = rng.permutation(len(who)), rng.permutation(1000)
    assert sides_of_interactions(label[who][rows], label[driver][rows], NAMES) == found
    turned = sides_of_interactions(driver, who, NAMES[::-1])
    assert turned.verdict == found.verdict
    assert turned.chooses == found.chooses[::-1]
    assert turned.chooses_intervals == found.chooses_intervals[::-1]
    assert turned.dominated == found.dominated[::-1]
    for share, known in zip(found.chooses, found.chooses_intervals, strict=True):
        assert known.low <= share <= known.high


def test_what_one_or_few_do_does_not_follow() -> None:
    """How often the most frequent one rode is no number, nor are few who do as others do not."""
    who, driver = rides(3)

    def told(often: int, both: int, faithful: int) -> str:
        own = np.full(often, 300 + 7), np.arange(often) % 290
        also = np.arange(both), np.arange(300, 300 + both)
        same = np.repeat(np.arange(5000, 5000 + faithful), 3), np.full(3 * faithful, 301)
        first = np.concatenate([who, own[1], also[1], same[0]])
        second = np.concatenate([driver, own[0], also[0], same[1]])
        found = sides_of_interactions(first, second, NAMES)
        assert found.verdict == "yes"
        return found.model_copy(update={"interactions": 0, "members": (0, 0)}).model_dump_json()

    one = told(60, 1, 3)
    assert one == told(90, 1, 3)
    assert one == told(60, 2, 4)
    assert one != told(60, 6, 3)
    assert json.loads(one)["dominated"] == [False, False]


def test_of_few_who_came_back_nothing_is_told() -> None:
    who, driver = rides(4)
    once = np.arange(5000, 5300)
    found = sides_of_interactions(
        np.append(once, who[:9]), np.append(driver[: len(once)], driver[:9]), NAMES
    )
    assert (found.verdict, found.chooses[0]) == ("unknown", 0)
    assert found.why == f"Too few of {NAMES[0]!r} came back to tell whether they choose."
    assert (found.chooses_intervals[0].low, found.chooses_intervals[0].high) == (0, 1)


def test_nobody_is_no_market() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert sides_of_interactions(none, none, NAMES).verdict == "no"


def test_evidence_changes_with_the_type() -> None:
    one = Market(type="mass", possible=["mass"], why=["One kind."])
    other = Market(type=None, possible=["mass", "niche"], why=["One kind."])
    first, second = (market_evidence(m, n=90, source="s")[0] for m in (one, other))
    assert (first.id, first.verdict, second.verdict) == ("market.type", "mass", "mass, niche")
    assert first.fingerprint != second.fingerprint
