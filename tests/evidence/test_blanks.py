"""Missing answers by group: how many, whom they move, what is said, and what is withheld."""

import numpy as np
import pytest

from forwhom.documents.segmentation import Variable
from forwhom.evidence.blanks import Placing, blanks
from forwhom.evidence.fairness import Groups

AGE = Variable(name="age", label="Age", measure="nominal", use="protected")


def placing(chances: tuple[float, ...], n: int = 3_000, seed: int = 1) -> tuple[Groups, Placing]:
    """Ten answers of customers whose groups leave them out by chance."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % len(chances)
    yes = rng.random((n, 10)) < np.where(rng.random(n) < 0.5, 0.65, 0.35)[:, None]
    some = (rng.random(n) < 0.5)[:, None]
    missing = some & (rng.random((n, 10)) < 2 * np.array(chances)[group][:, None])

    def place(rows: np.ndarray, taken: np.ndarray) -> np.ndarray:
        return (np.where(taken, 0, 2 * yes[rows] - 1).sum(axis=1) > 0).astype(np.int64)

    names = tuple("abc"[: len(chances)])
    groups = Groups(AGE, names, group.astype(np.int64))
    return groups, Placing(place(np.arange(n), missing), 2, np.ones(n), missing, place)


def nobody(n: int) -> np.ndarray:
    return np.zeros(n, dtype=bool)


def test_a_group_that_leaves_out_more_is_placed_elsewhere_more_often() -> None:
    groups, here = placing((0.05, 0.4))
    told = blanks(groups, nobody(3_000), here)
    assert (told.most, told.least, told.verdict) == ("b", "a", "apart")
    assert (told.mover, told.stayer, told.moved_verdict) == ("b", "a", "apart")
    rates = {one.group: one for one in told.groups}
    assert rates["b"].missing == pytest.approx(0.4, abs=0.03)
    assert rates["b"].moved > 2 * rates["a"].moved
    assert told.difference_interval.low < 0.35 < told.difference_interval.high
    said = str(told)
    assert said.startswith("Age is known of everybody. Of the answers that form segments, 'b' lack")
    assert "Blanks like those of 'b' place" in said
    assert said.endswith("the first are placed less surely where they belong.")


def test_equal_groups_are_alike_and_few_customers_cannot_tell() -> None:
    groups, here = placing((0.2, 0.2), n=8_000)
    told = blanks(groups, nobody(8_000), here)
    assert (told.verdict, told.moved_verdict) == ("alike", "alike")
    assert "no group lacks 5% more than another" in str(told)
    groups, here = placing((0.2, 0.3), n=120)
    told = blanks(groups, nobody(120), here)
    assert "we cannot tell" in str(told)
    assert told.verdict == "unknown"


def test_without_a_blank_nobody_moves() -> None:
    groups, here = placing((0.0, 0.0), n=400)
    told = blanks(groups, nobody(400), here)
    assert [one.moved for one in told.groups] == [0.0, 0.0]
    assert str(told) == (
        "Age is known of everybody. None of its groups lacks an answer that forms segments."
    )


def test_who_does_not_tell_the_attribute_may_be_spread_unevenly() -> None:
    groups, here = placing((0.1, 0.1))
    rng = np.random.default_rng(3)
    uneven = rng.random(3_000) < np.where(here.mode == 0, 0.4, 0.05)
    told = blanks(groups, uneven, here)
    assert told.unknown_verdict == "apart"
    assert "These are not spread evenly over the segments: what" in str(told)
    even = rng.random(3_000) < 0.2
    told = blanks(groups, even, here)
    assert told.unknown_verdict == "alike"
    assert told.unknown == pytest.approx(0.2, abs=0.03)


def test_few_are_withheld() -> None:
    groups, here = placing((0.1, 0.1), n=400)
    five = np.arange(400) < 5
    told = blanks(groups, five, here)
    assert told.unknown is None
    assert "too few do not tell it" in str(told)
    missing = np.zeros((400, 10), bool)
    missing[:6] = True  # three of each group
    told = blanks(groups, nobody(400), Placing(here.mode, 2, here.weights, missing, here.replace))
    assert [one.missing for one in told.groups] == [None, None]
    assert "too little may be told" in str(told)


def test_weights_count_and_the_order_of_groups_does_not_matter() -> None:
    groups, here = placing((0.05, 0.4), n=2_000)
    doubled = np.where(np.arange(2_000) < 1_000, 2.0, 1.0)
    heavy = Placing(here.mode, 2, doubled, here.missing, here.replace)
    told = blanks(groups, nobody(2_000), heavy)
    b = groups.codes == 1
    own = here.missing[b].mean(axis=1)
    expected = np.average(own, weights=doubled[b])
    assert told.groups[1].missing == pytest.approx(expected, abs=0.006)
    turned = Groups(AGE, ("b", "a"), 1 - groups.codes)
    assert blanks(turned, nobody(2_000), heavy).most == told.most
