"""Checks, what others determine and what few have, by hand, on and beside each bound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from forwhom.customers.checks import check_weights, near_duplicates
from forwhom.customers.dependence import determined_numbers, following_levels
from forwhom.customers.rare import check_enough, without_rare_levels
from forwhom.customers.tries import numbers_to_try
from forwhom.errors import DataError
from forwhom.tables.columns import Column


def numbers(name: str, *values: float) -> Column:
    return Column(name, np.array(values, dtype=float))


def levels(name: str, *codes: int, of: Sequence[str] = "abc") -> Column:
    return Column(name, np.array(codes, dtype=np.int32), tuple(of))


def test_weights_may_leave_a_tenth_of_the_customers() -> None:
    # One customer of weight w among a hundred of weight 1: (w + 99)² / (w² + 99) equal ones.
    for heavy, said in ((44.0, False), (47.0, True)):
        effective = (heavy + 99) ** 2 / (heavy**2 + 99)
        assert (effective < 10) == said
        found = check_weights(np.array([heavy] + [1.0] * 99), "w")
        assert bool(found) == said
    assert found == [
        "With the weight 'w', 100 customers say no more than 9 with equal weights would: a few "
        "count for most of the answer."
    ]


def test_one_customer_may_not_count_for_more_than_all_others() -> None:
    assert check_weights(np.array([5.0, 1.0]), "w") == []
    assert check_weights(np.array([1.0, 1.0, 0.0]), "w") == []
    with pytest.raises(DataError, match="one customer counts for more than all others"):
        check_weights(np.array([9.0, 1.0, 1.0]), "w")
    for values, what in (
        ([np.nan, 1, 1], "missing for 1 of 3"), ([np.inf, np.inf, 1], "infinite for 2 of 3"),
        ([-1.0, 0, 0], "negative for 1 of 3"), ([0.0, 0, 0], "zero for everyone"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=what):
            check_weights(np.array(values), "w")


def test_shares_of_one_whole_do_not_repeat_each_other() -> None:
    x = np.arange(100.0)
    columns = [numbers("a", *x), numbers("b", *-x), numbers("c", *x**2)]
    assert near_duplicates(columns) == {"b": ("a", -1.0), "c": ("a", 1.0)}
    assert near_duplicates(columns, {"a": "w", "b": "w"}) == {"c": ("a", 1.0)}
    assert near_duplicates(columns, {"a": "w", "b": "v"}) == {"b": ("a", -1.0), "c": ("a", 1.0)}
    assert near_duplicates([]) == {}


def test_levels_of_few_are_missing_and_are_not_named() -> None:
    town = levels("town", 0, 0, 0, 1, 1, 1, 2, 2, 3, -1, of="abcde")
    kept, [note] = without_rare_levels({"town": town, "x": numbers("x", 1)}, 3)
    assert kept["town"].levels == ("a", "b", "e")
    assert kept["town"].values.tolist() == [0, 0, 0, 1, 1, 1, -1, -1, -1, -1]
    assert note == "2 levels of 'town' that fewer than 3 customers have count as missing."
    _, [note] = without_rare_levels({"town": town}, 2)
    assert note == "1 level of 'town' that fewer than 2 customers have counts as missing."
    kept, notes = without_rare_levels({"town": town}, 1)
    assert kept["town"] is town
    assert notes == []
    both = {"town": town, "other": levels("other", 0, 0, 0, 1, of="ab")}
    _, [note] = without_rare_levels(both, 2)
    assert note == (
        "1 level of 'town' and 1 level of 'other' that fewer than 2 customers have count as "
        "missing."
    )


def test_steps_of_a_scale_stay_though_few_chose_them() -> None:
    stars = levels("stars", 0, 1, 1, 1, 2, 2, 2, of="123")
    kept, [note] = without_rare_levels({"stars": stars}, 3, {"stars"})
    assert kept["stars"] is stars
    assert note == (
        "1 step of 'stars' that fewer than 3 customers have stays, because scales keep all "
        "steps; no count is told."
    )
    town = levels("town", 0, 0, 0, 1, of="ab")
    kept, notes = without_rare_levels({"stars": stars, "town": town}, 3, {"stars"})
    assert kept["town"].levels == ("a",)
    assert len(notes) == 2


def test_of_too_few_customers_nothing_is_told() -> None:
    check_enough(10, 10)
    with pytest.raises(DataError, match="there are 9 customers, fewer than the 10"):
        check_enough(9, 10)


def test_a_copy_and_a_coarser_form_follow() -> None:
    fine = levels("fine", *[0, 1, 2] * 20)
    coarse = levels("coarse", *[0, 0, 1] * 20)
    copy = levels("copy", *[2, 0, 1] * 20)
    assert following_levels([fine, coarse, copy], []) == [
        ("coarse", ("fine",), "a coarser form of"),
        ("copy", ("fine",), "a copy of"),
    ]
    assert following_levels([coarse, fine], []) == [("coarse", ("fine",), "a coarser form of")]
    assert following_levels([fine, copy], ["copy"]) == [("fine", ("copy",), "a copy of")]
    assert following_levels([fine, coarse], ["coarse", "fine"]) == []
    assert following_levels([fine, coarse], ["coarse"]) == []
    same = levels("same", *[0] * 60)
    assert following_levels([fine, same], []) == []


def test_levels_follow_only_where_each_has_ten_rows_and_half_are_known() -> None:
    def follow(n: int, gaps: int = 0) -> bool:
        fine = levels("fine", *([0, 1] * (n // 2)), *[-1] * gaps, of="ab")
        other = levels("other", *([1, 0] * (n // 2)), *[0] * gaps, of="ab")
        return bool(following_levels([fine, other], []))

    assert follow(20)
    assert not follow(18)
    assert follow(20, 20)
    assert not follow(20, 21)


def test_a_total_is_determined_by_at_least_two_others() -> None:
    rng = np.random.default_rng(1)
    a, b, noise = rng.normal(size=(3, 60))
    named = [("a", a), ("b", b), ("sum", a + b), ("noise", noise)]
    columns = [numbers(name, *values) for name, values in named]
    assert determined_numbers(columns, []) == [("sum", ("a", "b"), "the sum of")]
    assert determined_numbers(columns, ["sum"]) == [("b", ("a", "sum"), "determined by")]
    assert determined_numbers(columns, ["sum", "a", "b"]) == [("sum", ("a", "b"), "the sum of")]
    weighted = [*columns[:2], numbers("sum", *(a + 0.5 * b))]
    assert determined_numbers(weighted, []) == [("sum", ("a", "b"), "determined by")]
    assert determined_numbers([columns[0], numbers("twice", *(2 * a))], []) == []
    assert determined_numbers([columns[0], numbers("twice", *(2 * a)), columns[3]], []) == []
    assert determined_numbers([*columns[:2], numbers("near", *(a + b + 0.05 * noise))], []) == []
    few = [numbers(c.name, *c.values[:14]) for c in columns[:3]]
    assert determined_numbers(few, []) == []
    fifteen = [numbers(c.name, *c.values[:15]) for c in columns[:3]]
    assert determined_numbers(fifteen, []) != []


def test_copies_that_the_study_keeps_are_no_total_and_no_mistake() -> None:
    rng = np.random.default_rng(3)
    yes = levels("yes", *(rng.random(60) < 0.5).astype(int), of=("false", "true"))
    also = Column("also", yes.values, yes.levels)
    x, y = numbers("x", *rng.normal(size=60)), numbers("y", *rng.normal(size=60))
    assert determined_numbers([yes, also, x, y], ["yes", "also"]) == []
    total = numbers("total", *(x.values + yes.values))
    assert determined_numbers([yes, also, x, total], []) == [("total", ("yes", "x"), "the sum of")]


def test_a_product_is_determined_where_all_are_above_zero() -> None:
    rng = np.random.default_rng(2)
    price, units = rng.uniform(1, 9, 60), rng.integers(1, 9, 60).astype(float)
    product = numbers("paid", *(price * units))
    columns = [numbers("price", *price), numbers("units", *units), product]
    assert determined_numbers(columns, []) == [("paid", ("price", "units"), "the product of")]
    units[0] = 0.0
    columns = [
        numbers("price", *price),
        numbers("units", *units),
        numbers("paid", *(price * units)),
    ]
    assert determined_numbers(columns, []) == []


def test_why_no_more_segments_are_tried_is_said() -> None:
    x = [numbers("x", *range(40))]
    assert numbers_to_try(None, 8, x, ["continuous"]).notes == []
    assert numbers_to_try(None, 8, x, ["continuous"]).ks == tuple(range(1, 9))
    two = [numbers("x", *[1, 2] * 20)]
    assert numbers_to_try(None, 8, two, ["continuous"]).notes == [
        "Up to 2 segments were tried: only 2 customers differ."
    ]
    same = [numbers("x", 1, 1, 1)]
    assert (
        numbers_to_try(None, 8, same, ["continuous"])
        .notes[0]
        .startswith("Only one segment was tried:")
    )
    assert numbers_to_try(2, 8, two, ["continuous"]).ks == (2,)
    with pytest.raises(DataError, match="there are 2 different customers, fewer than 3 segments"):
        numbers_to_try(3, 8, two, ["continuous"])
    with pytest.raises(DataError, match="there are 2 customers, fewer than 3 segments"):
        numbers_to_try(3, 8, [numbers("x", 1, 2)], ["continuous"])
