"""Who bought, what is ranked and what follows from others, right at each border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from forwhom.customers.dependence import determined_numbers, following_levels
from forwhom.customers.keys import (
    Keys,
    Sample,
    _are_levels,
    _come_back,
    _finest,
    _is_day,
    _is_priced,
    _not_after,
    _ranks,
    _rises,
    _row_or_customer,
    _settled,
    _without_copies,
    code_like,
    order_by_values,
    sampled,
)
from forwhom.customers.rankings import _ranked, _spans, _tied, _why
from forwhom.customers.rare import without_rare_levels
from forwhom.tables import profile_table, table_of
from forwhom.tables.columns import Column

Ints = NDArray[np.int64]


def sample(**codes: Sequence[int]) -> Sample:
    return Sample({name: np.array(own, dtype=np.int64) for name, own in codes.items()}, {}, {})


def pairs(groups: int, differing: int) -> tuple[list[int], list[int]]:
    """Return a key with two rows each, and a column that differs within so many of them."""
    key = [i // 2 for i in range(2 * groups)]
    return key, [i if i < 2 * differing else 2 * (i // 2) for i in range(2 * groups)]


def test_ranks_say_nothing_where_nothing_stands() -> None:
    assert _ranks(pa.array([7, None, 3, 7])).tolist() == [1, -1, 0, 1]


@pytest.mark.parametrize(
    ("key", "column", "told"),
    [
        ([0, 0, 1, 1], [5, 5, 6, 6], (1.0, 2)),
        ([0, 1, 0, 1], [5, 6, 5, 7], (0.5, 2)),
        ([0, 0, 1, 2], [5, 6, 6, 7], (0.0, 1)),
        ([0, 0, 0], [5, 5, 6], (0.0, 1)),
        ([0, 1, 2], [5, 5, 6], (0.0, 0)),
        ([0, 0, -1, -1], [5, 5, 6, 7], (1.0, 1)),
        ([0, 0, 1, 1], [5, 5, 6, -1], (1.0, 1)),
        ([-1, -1], [5, 5], (0.0, 0)),
    ],
)
def test_how_constant_a_column_is_within_a_key(
    key: list[int], column: list[int], told: tuple[float, int]
) -> None:
    assert sample(key=key, column=column).constant("key", "column") == told


@pytest.mark.parametrize(
    ("groups", "differing", "holds"),
    [(100, 2, True), (100, 3, False), (10, 0, True), (9, 0, False)],
)  # fmt: skip
def test_what_a_key_determines(groups: int, differing: int, holds: bool) -> None:
    key, column = pairs(groups, differing)
    assert sample(key=key, column=column).determines("key", "column") is holds


def test_how_many_values_there_are() -> None:
    told = sample(a=[0, 1, 1, -1], b=[0, 1, 2, -1], none=[-1, -1])
    assert [told.distinct(name) for name in ("a", "b", "none")] == [2, 3, 0]
    assert (told.are_distinct("a"), told.are_distinct("b")) == (False, True)


@pytest.mark.parametrize(
    ("groups", "differing", "back"),
    [(10, 5, True), (10, 4, False), (60, 6, True), (60, 5, False)],
)
def test_five_customers_and_a_tenth_of_them_come_back(
    groups: int, differing: int, back: bool
) -> None:
    key, day = pairs(groups, differing)
    told = sample(key=key, day=day, fixed=[0] * len(key))
    assert _come_back(told, "key", ["day"]) is back
    assert _come_back(told, "key", ["fixed", "day"]) is back
    assert not _come_back(told, "key", ["fixed"])


def test_the_finest_key_leaves_out_what_it_determines() -> None:
    fine = [i // 2 for i in range(40)]
    told = sample(fine=fine, town=[i // 4 for i in range(40)], other=[i % 3 for i in range(40)])
    assert _finest(told, ["town", "other", "fine"]) == ["fine", "other"]
    assert _without_copies(told, ["town", "fine"]) == ["fine", "town"]
    copies = sample(a=fine, b=[19 - i for i in fine], c=[i % 3 for i in range(40)])
    assert _without_copies(copies, ["c", "a", "b"]) == ["a", "c"]


def test_few_values_with_many_rows_may_be_those_who_sell() -> None:
    assert _are_levels(sample(a=[i % 20 for i in range(400)]), "a")
    assert not _are_levels(sample(a=[i % 20 for i in range(399)]), "a")
    assert not _are_levels(sample(a=[i % 21 for i in range(840)]), "a")
    assert not _are_levels(sample(a=[*(i % 20 for i in range(399)), -1]), "a")


def test_one_key_is_surer_where_it_is_four_times_finer() -> None:
    rows = range(240)
    told = sample(a=[i % 80 for i in rows], b=[i % 20 for i in rows], c=[i % 21 for i in rows],
                  few=[i % 4 for i in rows])  # fmt: skip
    assert _settled(told, ["a", "b"], "o") == Keys("a", "o", ("b",))
    assert _settled(told, ["a", "c"], "o") == Keys(None, "o", ("a", "c"))
    assert _settled(told, ["a", "b"], None) == Keys(None, None, ("a", "b"))
    assert _settled(told, ["a"], None) == Keys("a")
    assert _settled(told, ["few"], "o") == Keys(None, "o", ("few",))
    many = sample(
        a=list(range(244)), b=[i % 61 for i in range(244)], c=[i % 60 for i in range(244)]
    )
    assert _settled(many, ["a", "b"], "o").customer is None
    assert _settled(many, ["a", "c"], "o").customer == "a"


def test_what_has_a_price_of_its_own_is_a_product() -> None:
    key, price = pairs(10, 0)
    codes = {"key": np.array(key), "price": np.array(price), "two": np.array(price) % 4 // 2}
    money = {"price": np.array(price) + 0.5, "two": np.array([0.5, 1.5] * 10)}
    assert _is_priced(Sample(codes, money, {}), "key")
    assert not _is_priced(Sample(codes, {"price": np.floor(money["price"])}, {}), "key")
    assert not _is_priced(Sample(codes, {"two": money["two"]}, {}), "key")
    assert not _is_priced(Sample(codes, money, {}), "price")


def test_rows_that_rise_with_time_are_receipts() -> None:
    row = list(range(20))
    nearly = [*range(1, 20), 0]
    assert _rises(sample(row=row, day=row), "row", ["day"])
    assert _rises(sample(row=row, day=row[::-1]), "row", ["day"])
    assert not _rises(sample(row=row, day=nearly), "row", ["day"])
    assert not _rises(sample(row=row, day=[3] * 20), "row", ["day"])
    assert _rises(sample(row=row[:10], day=row[:10]), "row", ["day"])
    assert not _rises(sample(row=row[:9], day=row[:9]), "row", ["day"])
    blank = [-1] * 20
    assert _rises(sample(row=row, blank=blank, day=row), "row", ["blank", "day"])
    assert not _rises(sample(row=[*row[:9], *[-1] * 11], day=row), "row", ["day"])


def test_a_row_with_a_number_may_be_a_customer() -> None:
    told, found = sample(a=[0]), Keys("who", "o")
    assert _row_or_customer(told, found, "nr") == Keys(None, None, ("who",), "nr")
    assert _row_or_customer(told, Keys(None, None, ("a", "b")), "nr") == Keys(
        None, None, ("a", "b"), "nr"
    )
    assert _row_or_customer(told, found, "row_id") is None
    whole = np.arange(20.0, 60.0)
    assert _row_or_customer(Sample({}, {"a": whole, "b": 0.2 * whole}, {}), found, "id") == found


def test_what_is_unclear_names_what_may_be() -> None:
    assert "it may be a or b" in Keys(None, None, ("a", "b")).unclear()
    assert "of whom a tells, or a customer with the number in nr" in (
        Keys(None, None, ("a",), "nr").unclear()
    )
    assert Keys("a").why == "its values come back on other days"
    assert Keys("a", "o").why.endswith(", and are the same on all lines of a o")


def test_an_order_is_the_finest_key_whose_lines_share_a_time() -> None:
    key = [i // 2 for i in range(40)]
    told = sample(fine=key, coarse=[i // 4 for i in range(40)], each=list(range(40)),
                  day=[i // 4 for i in range(40)])  # fmt: skip
    assert order_by_values(told, ["coarse", "fine", "each"], ["day"]) == "fine"
    assert order_by_values(told, ["each"], ["day"]) is None
    assert order_by_values(told, ["coarse"], ["fine"]) is None


@pytest.mark.parametrize(
    ("days", "others", "before"),
    [
        ([1.0] * 50, [*[2.0] * 49, 0.0], True),
        ([1.0] * 49, [*[2.0] * 47, 0.0, 0.0], False),
        ([1.0, np.nan], [1.0, 0.0], True),
        ([1.0, np.nan], [np.nan, 0.0], False),
    ],
)
def test_which_date_is_not_after_another(
    days: list[float], others: list[float], before: bool
) -> None:
    assert _not_after(np.array(days), np.array(others)) is before


@pytest.mark.parametrize(
    ("text", "day"),
    [("20240131", True), ("19991201", True), ("20241301", False), ("20240001", False),
     ("20240132", False), ("20240100", False), ("21240101", False), ("2024011", False)],
)  # fmt: skip
def test_eight_digits_of_our_time_are_a_day(text: str, day: bool) -> None:
    assert _is_day(text) is day


@pytest.mark.parametrize(
    ("values", "like"),
    [
        ([103, 104, 117], True),
        ([11, 12, 17], False),
        ([103, 104, 1117], False),
        ([103.5, 104, 117], False),
        ([-103, 104, 117], False),
        ([0, 104, 117], False),
        ([105, 110, 995], False),
        ([104, 108, 996], True),
        ([20240101, 20240215, 20240320], False),
        ([20240101, 20240215, 20240399], True),
        (list(range(1, 61)), True),
        (list(range(1, 60)), False),
        ([*range(1, 60), 90], True),
        ([*range(1, 60), 91], False),
        (["A1", "B2", "C3"], True),
        (["A1", "B2", "C3", "D4", "E"], True),
        (["A1", "B2", "C3", "E"], False),
        (["A1", "B2", "C3", "D4", "E 5"], True),
        (["A1", "B2", "C3", "E 5"], False),
    ],
)
def test_what_looks_like_a_code(values: list[object], like: bool) -> None:
    table = table_of(pa.table({"x": values}))
    column = profile_table(table)["x"]
    assert code_like(sampled(table, [column]), table, column) is like


def ranks(*rows: Sequence[float]) -> NDArray[np.float64]:
    return np.array(rows, dtype=float).T


FULL = [[1, 2, 3], [3, 1, 2], [2, 3, 1], [2, 1, 3], [3, 2, 1]] * 20


@pytest.mark.parametrize(
    ("rows", "ranked"),
    [
        (FULL, True),
        ([*FULL[:98], [1, 1, 3], [1, 1, 3]], True),
        ([*FULL[:97], *[[1, 1, 3]] * 3], False),
        (FULL[:10], True),
        (FULL[:9], False),
        ([*FULL[:10], *[[0, 0, 0]] * 9], True),
        ([[1, 0, 0], [0, 1, 2]] * 50, True),
        ([[1, 0, 0], [1, 0, 0], [0, 1, 2]] * 50, False),
        ([[1, np.nan, 2], [2, 1, np.nan]] * 50, True),
        ([[1, 0, 0], [0, 1, 0]] * 50, False),
        ([[2, 3, 4], [3, 4, 2]] * 50, False),
        ([[1, 3, 0], [3, 0, 1]] * 50, False),
        ([[1, 2, 4], [4, 2, 1]] * 50, False),
        ([[1.5, 1.5, 3], [3, 1, 2]] * 50, False),
        ([[0, 0, 0]] * 50, False),
    ],
)
def test_each_rank_once(rows: list[list[float]], ranked: bool) -> None:
    assert _ranked(ranks(*rows)) is ranked


@pytest.mark.parametrize("tie", [[1, 1, 3, 4], [1, 1, 2, 3], [1.5, 1.5, 3, 4], [2, 2, 3, 4]])
def test_ties_are_ranks_however_they_are_counted(tie: list[float]) -> None:
    rng = np.random.default_rng(1)
    rows = [rng.permutation([1, 2, 3, 4] if i % 3 else tie) for i in range(200)]
    assert _tied(ranks(*rows))
    assert not _tied(ranks(*rows)[:, :9])
    ratings = rng.integers(1, 5, (4, 200)).astype(float)
    assert not _tied(ratings)


def test_a_run_is_tried_whole_and_then_without_its_ends() -> None:
    assert list(_spans(4)) == [(0, 4), (0, 3), (1, 4)]
    assert list(_spans(3)) == [(0, 3)]
    assert [stop - start for start, stop in _spans(8)][-1] == 5


def test_what_a_ranking_says_of_itself() -> None:
    assert "the ranks 1 to 3 once in a, b and c" in _why(["a", "b", "c"], 3, once=True)
    assert "the ranks 1 to 2 once at most in" in _why(["a", "b", "c"], 2, once=True)
    assert "the ranks 1 to 3, some of them twice, in" in _why(["a", "b", "c"], 3, once=False)


def levels(name: str, codes: Sequence[int], known: str) -> Column:
    return Column(name, np.array(codes, dtype=np.int32), tuple(known))


def followed(columns: Sequence[Column], named: Sequence[str] = ()) -> list[str]:
    return [f"{d.name} {d.said}" for d in following_levels(columns, named)]


def test_levels_that_follow_from_others() -> None:
    town = levels("town", [0, 1, 2] * 10, "abc")
    land = levels("land", [0, 0, 1] * 10, "xy")
    again = levels("again", [2, 0, 1] * 10, "pqr")
    assert followed([town, land]) == ["land it is a coarser form of town"]
    assert followed([land, town]) == ["land it is a coarser form of town"]
    assert followed([town, again]) == ["again it is a copy of town"]
    assert followed([town, again], ["again"]) == ["town it is a copy of again"]
    assert followed([town, again], ["town", "again"]) == []
    assert followed([land, town], ["land"]) == []
    few = [levels("town", [0, 1, 2] * 9 + [-1] * 3, "abc"), levels("land", [0, 0, 1] * 10, "xy")]
    assert followed(few) == []
    blank = [levels("town", [0, 1, 2] * 10 + [-1] * 30, "abc"),
             levels("land", [0, 0, 1] * 20, "xy")]  # fmt: skip
    assert followed(blank) == ["land it is a coarser form of town"]
    less = [levels("town", [0, 1, 2] * 10 + [-1] * 31, "abc"),
            levels("land", [*[0, 0, 1] * 20, 0], "xy")]  # fmt: skip
    assert followed(less) == []
    slip = levels("land", [*[0, 0, 1] * 9, 0, 0, 0], "xy")
    assert followed([town, slip]) == []
    one = levels("one", [0] * 30, "z")
    assert followed([town, one]) == []


def test_a_slip_beyond_the_first_rows_is_seen() -> None:
    town = levels("town", [0, 1, 2] * 200, "abc")
    land = levels("land", [*[0, 0, 1] * 199, 0, 0, 0], "xy")
    assert followed([town, land]) == []


def numbers(**given: NDArray[np.float64]) -> list[Column]:
    return [Column(name, values) for name, values in given.items()]


def determined(columns: Sequence[Column], named: Sequence[str] = ()) -> list[str]:
    return [f"{d.name} {d.said}" for d in determined_numbers(columns, named)]


def test_numbers_that_others_determine() -> None:
    rng = np.random.default_rng(2)
    a, b, noise = rng.lognormal(1, 0.5, (3, 60))
    both = numbers(a=a, b=b, total=a + b)
    assert determined(both) == ["total it is the sum of a and b"]
    assert determined(numbers(total=a + b, a=a, b=b)) == ["total it is the sum of a and b"]
    assert determined(both, ["total"]) == ["b it is determined by a and total"]
    assert determined(both, ["total", "b"]) == ["a it is determined by b and total"]
    assert determined(both, ["total", "a", "b"]) == ["total it is the sum of a and b"]
    assert determined(numbers(a=a, b=b, c=a * b)) == ["c it is the product of a and b"]
    assert determined(numbers(a=a, b=b, c=2 * a + b)) == ["c it is determined by a and b"]
    assert determined(numbers(a=a, b=b, c=a + b + 0.05 * noise)) == []
    assert determined(numbers(a=a, b=b, c=a)) == []
    assert determined(numbers(a=a, copy=a)) == []
    some = np.where(np.arange(60) < 15, 1.0, np.nan)
    assert determined(numbers(a=some * a, b=b, c=a + b)) == ["c it is the sum of a and b"]
    fewer = np.where(np.arange(60) < 14, 1.0, np.nan)
    assert determined(numbers(a=fewer * a, b=b, c=a + b)) == []
    assert determined(numbers(a=a, b=b, k=np.full(60, 3.0), c=a + b)) == [
        "c it is the sum of a and b"
    ]
    assert determined(numbers(a=-a, b=b, c=-a * b)) == []


@pytest.mark.parametrize(
    ("threshold", "kept"), [(2, ("a", "b", "c")), (3, ("a", "b")), (4, ("a",))]
)
def test_levels_of_fewer_customers_are_gone(threshold: int, kept: tuple[str, ...]) -> None:
    codes = np.array([0] * 5 + [1] * 3 + [2] * 2 + [-1], dtype=np.int32)
    columns: Mapping[str, Column] = {"x": Column("x", codes, ("a", "b", "c"))}
    found, notes = without_rare_levels(columns, threshold)
    assert found["x"].levels == kept
    assert [int((found["x"].values == i).sum()) for i in range(len(kept))] == [5, 3, 2][: len(kept)]
    assert bool(notes) is (len(kept) < 3)
    assert not any("'a'" in note or "'c'" in note for note in notes)
    stays, notes = without_rare_levels(columns, threshold, ["x"])
    assert stays["x"] is columns["x"]
    assert ("stay" in "".join(notes)) is (len(kept) < 3)


def test_what_is_gone_is_counted_in_words() -> None:
    codes = np.array([0] * 5 + [1] * 3 + [2] * 2, dtype=np.int32)
    columns = {name: Column(name, codes, ("a", "b", "c")) for name in "xy"}
    assert without_rare_levels({"x": columns["x"]}, 3)[1] == [
        "1 level of 'x' that fewer than 3 customers have counts as missing."
    ]
    assert without_rare_levels({"x": columns["x"]}, 4)[1] == [
        "2 levels of 'x' that fewer than 4 customers have count as missing."
    ]
    (both,) = without_rare_levels(columns, 3)[1]
    assert both.startswith(
        "1 level of 'x' and 1 level of 'y' that fewer than 3 customers have count"
    )
