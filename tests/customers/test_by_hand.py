"""Rules about customers and their columns by hand, on and beside each bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from forwhom.customers.checks import check_weights, near_duplicates
from forwhom.customers.clues import (
    CUSTOMER_WORDS,
    category_columns,
    customer_rank,
    first_named,
    is_other_key,
    may_be_time,
    time_column,
)
from forwhom.customers.dependence import determined_numbers, following_levels
from forwhom.customers.joining import all_ids, differ_only_in, positions
from forwhom.customers.members import free_name, members_table, read_members
from forwhom.customers.newcomers import _check_levels, _role, _spelled
from forwhom.customers.placement import (
    EventsView,
    Placement,
    View,
    _are_levels,
    _can_identify,
    _named_id,
    _place_rest,
    _rank,
)
from forwhom.customers.pseudonyms import told_of_ids, without_persons
from forwhom.customers.quality import _grids
from forwhom.customers.querying import _read
from forwhom.customers.rankings import _may_be_rank, _ranked, _runs, _spans
from forwhom.customers.rare import check_enough, without_rare_levels
from forwhom.customers.roles import Roles, _measure_of_type, _set_weight, _why_not
from forwhom.customers.tries import numbers_to_try
from forwhom.customers.wholes import _counting, _may_be_share, found_shares
from forwhom.documents.study import Study, StudyVariable
from forwhom.errors import DataError, SourceError, SourceMissing
from forwhom.tables import VariableProfile, open_table, profile_table
from forwhom.tables.columns import Column


def profiled(name: str, **more: Any) -> VariableProfile:
    """Return what is known of a column of a hundred different numbers from 0 to 1."""
    given: dict[str, Any] = {
        "type": "number", "n": 100, "missing": 0.0, "distinct": 100, "minimum": 0.0,
        "maximum": 1.0, "mean": 0.5, "sd": 0.1, "quantiles": {}, "zeros": 0.0, "negatives": 0,
        "shape": "", "top": [], "measure": "continuous", "basis": None, "use": "active", "why": "",
        "label": name,
    }  # fmt: skip
    return VariableProfile(name=name, **given | more)


def numbers(name: str, *values: float) -> Column:
    return Column(name, np.array(values, dtype=float))


def levels(name: str, *codes: int, of: Sequence[str] = "abc") -> Column:
    return Column(name, np.array(codes, dtype=np.int32), tuple(of))


# --- checks


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


# --- levels of few


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


def test_of_too_few_customers_nothing_is_told() -> None:
    check_enough(10, 10)
    with pytest.raises(DataError, match="there are 9 customers, fewer than the 10"):
        check_enough(9, 10)


# --- what others determine


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


# --- names of columns


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("customer", "customer"), ("customer_id", "customer"), ("client no", "client"),
        ("customerid", "customer"), ("clientsid", "client"), ("user_key", "user"),
        ("kundennr", "kunden"), ("client_customer_id", "customer"), ("number_of_customers", None),
        ("customer name", None), ("order_id", None), ("customerx", None),
    ],
)  # fmt: skip
def test_how_strongly_a_name_says_whose_row_it_is(name: str, word: str | None) -> None:
    assert customer_rank(name) == (None if word is None else CUSTOMER_WORDS.index(word))


def test_keys_of_products_and_orders_are_no_customers() -> None:
    assert [is_other_key(n) for n in ("order_id", "sku", "store no", "amount", "customer_id")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_the_free_column_that_says_it_most_strongly_is_taken() -> None:
    columns = [profiled("basket_id"), profiled("order_id"), profiled("receipt_id", n=0)]
    words = ("order", "basket", "receipt")
    assert first_named(columns, words, ()) == "order_id"
    assert first_named(columns, words, {"order_id"}) == "basket_id"
    assert first_named(columns, ("receipt",), ()) is None
    assert first_named([profiled("order_id", type="date")], words, ()) is None
    assert first_named([profiled("order_coupon_id")], words, ()) is None
    assert first_named([profiled("order_id"), profiled("order_no")], words, ()) == "order_id"


def test_the_time_is_the_finest_date_of_what_happened() -> None:
    def date(name: str, distinct: int = 50, **more: Any) -> VariableProfile:
        return profiled(name, type="date", distinct=distinct, **more)

    assert time_column([date("a"), date("b", 90)]) == "b"
    assert time_column([date("order_date"), date("b", 90)]) == "order_date"
    assert time_column([date("order_delivery_date"), date("b", 9)]) == "b"
    assert time_column([date("order_date", n=0), profiled("order_time")]) is None
    assert may_be_time(profiled("order_date"))
    assert may_be_time(profiled("order_date", type="text"))
    assert not may_be_time(profiled("order_date", type="date"))
    assert not may_be_time(profiled("order_date_id"))
    assert not may_be_time(profiled("birth_date"))
    assert not may_be_time(profiled("order_date", n=0))
    assert not may_be_time(profiled("amount"))


def test_categories_have_few_levels() -> None:
    def text(name: str, distinct: int, **more: Any) -> VariableProfile:
        return profiled(name, type="text", distinct=distinct, **more)

    assert category_columns([text("category", 60), text("department", 60)], ()) == [
        "department", "category",
    ]  # fmt: skip
    assert category_columns([text("category", 61), text("department", 2_000)], ()) == ["category"]
    assert category_columns([text("category", 61), text("type", 60)], ()) == ["type"]
    assert category_columns([text("category", 2_001)], ()) == []
    assert category_columns([text("category", 1)], ()) == []
    assert category_columns([text("category", 5)], {"category"}) == []
    assert category_columns([text("region group", 5, basis="geographic")], ()) == []
    assert category_columns([profiled("category")], ()) == []
    three = [text("brand", 5), text("type", 5), text("category", 5)]
    assert category_columns(three, ()) == ["category", "type"]


# --- ids


def view(*columns: VariableProfile) -> View:
    class Profile:
        rows = 100

        def __init__(self) -> None:
            self.columns = columns

        def __getitem__(self, name: str) -> VariableProfile:
            return next(c for c in columns if c.name == name)

    nothing: Any = None
    profile: Any = Profile()
    return View("t", nothing, profile)


def test_which_columns_can_identify() -> None:
    assert _can_identify(profiled("customer"))
    assert _can_identify(profiled("customer_id"))
    assert _can_identify(profiled("id of customer"))
    assert _can_identify(profiled("my customer", use="id"))
    assert _can_identify(profiled("my customer", type="text"))
    assert not _can_identify(profiled("number of users"))
    assert not _can_identify(profiled("my customers"))
    assert not _can_identify(profiled("customer", type="date"))
    assert not _can_identify(profiled("customer", n=0))
    few = profiled("contact", type="text", distinct=3, n=100)
    assert _are_levels(few)
    assert not _can_identify(few)
    assert not _are_levels(profiled("contact id", type="text", distinct=3, n=100))
    assert not _are_levels(profiled("contact", distinct=3, n=29))
    assert _are_levels(profiled("contact", distinct=3, n=30))


def test_personal_data_identify_where_no_number_does() -> None:
    mail = profiled("e", personal="e-mail addresses")
    assert (_rank(mail), _rank(profiled("e", personal="e-mail addresses", distinct=1))) == (
        1_000,
        None,
    )
    assert _rank(profiled("p", personal="phone numbers")) == 2_000
    names = profiled("customer", personal="names of people", distinct=80)
    assert _rank(names) == 4_000
    assert _rank(profiled("customer", personal="names of people", distinct=90)) is None
    assert _rank(profiled("customer", personal="names of people", distinct=1)) is None
    assert _rank(profiled("who", personal="names of people", distinct=80)) is None
    assert _rank(profiled("customer_id")) == 0
    assert _rank(profiled("spend")) is None


def test_the_most_plausible_id_is_filled_and_joins_most_tables() -> None:
    client, customer = profiled("client_id"), profiled("customer_id")
    assert _named_id(view(client, customer), []) == ("customer_id", "client_id")
    rare = profiled("customer_id", n=89)
    assert _named_id(view(client, rare), []) == ("client_id", "customer_id")
    enough = profiled("customer_id", n=90)
    assert _named_id(view(client, enough), []) == ("customer_id", "client_id")
    two = view(profiled("customer_id"), profiled("customer_no"))
    assert _named_id(two, ["customer_no"]) == ("customer_no", "customer_id")
    assert _named_id(two, ["customer_no", "customer_id", "customer_id"]) == (
        "customer_id", "customer_no",
    )  # fmt: skip
    assert _named_id(view(profiled("spend")), []) == ()


def test_what_must_be_mended_before_ids_are_used_is_counted() -> None:
    def mistakes(**more: Any) -> list[str]:
        return list(replace(view(profiled("id", **more)), id="id").id_mistakes())

    assert mistakes() == []
    assert mistakes(n=99, distinct=99) == ["1 row has no id"]
    assert mistakes(n=98, distinct=96) == [
        "2 rows have no id", "2 rows repeat the id of another row",
    ]  # fmt: skip
    assert mistakes(distinct=99) == ["1 row repeats the id of another row"]
    assert list(view(profiled("id")).id_mistakes()) == []
    assert view(profiled("id")).one_row_each("id")
    assert not view(profiled("id", distinct=99)).one_row_each("id")
    assert not view(profiled("id", n=0, distinct=0)).one_row_each("id")


def test_a_table_with_a_key_of_the_events_is_a_lookup() -> None:
    def placed(*columns: VariableProfile, alone: bool = False, **more: Any) -> Placement:
        of = view(profiled("who"), profiled("sku"), profiled("when", type="date"))
        found = Placement(events=[EventsView(of, {"time": "when", "customer": "who"})])
        nothing: Any = SimpleNamespace(name="items")
        _place_rest(found, replace(view(*columns), table=nothing, **more), alone=alone)
        return found

    found = placed(profiled("price"), profiled("sku"))
    assert [on for _, on in found.events[0].lookups] == ["sku"]
    assert found.unplaced == []
    for other in (
        profiled("price"), profiled("sku", distinct=99), profiled("sku", type="boolean"),
        profiled("when"),
    ):  # fmt: skip
        assert placed(other).events[0].lookups == []
        assert [why for _, why in placed(other).unplaced] == [
            "no column says who the customer is, and no events share a key of it"
        ]
    assert placed(profiled("price"), alone=True).unplaced == []
    assert [why for _, why in placed(profiled("who", distinct=9), id="who").unplaced] == [
        "it has several rows for each who, but no date or time, so they are no events"
    ]


def test_events_are_read_without_the_rows_that_repeat_another() -> None:
    spec = SimpleNamespace(table="sales", duplicates="drop")
    places = {"sales": "shop.sales", "items": "shop.items"}
    assert _read(places, spec) == [  # type: ignore[arg-type]
        ("sales", "(SELECT DISTINCT * FROM shop.sales)"), ("items", "shop.items"),
    ]  # fmt: skip
    spec.duplicates = "keep"
    assert _read(places, spec) == [*places.items()]  # type: ignore[arg-type]


def test_ids_of_other_kinds_are_the_same_customers() -> None:
    assert all_ids([pa.array([3, 1])]).to_pylist() == [3, 1]
    assert all_ids([pa.array([3, 1]), pa.array([2, 3])]).to_pylist() == [1, 2, 3]
    assert positions(pa.array([1.0, 2.5, 7.0]), pa.array(["7", "2.5"])).tolist() == [-1, 1, 0]
    assert positions(pa.array([1], pa.int8()), pa.array([1], pa.int64())).tolist() == [0]
    big = pa.array([2**63 + 5], pa.uint64())
    assert positions(big, pa.array([2**63 + 5], pa.uint64())).tolist() == [0]
    assert positions(big, pa.array([5], pa.int64())).tolist() == [-1]
    assert differ_only_in(pa.array(["A1", "x"]), pa.array(["a1", "x"])) == "capitals"
    assert differ_only_in(pa.array(["007"]), pa.array([7])) == "leading zeros"
    assert differ_only_in(pa.array(["x"]), pa.array(["y"])) == ""


# --- rankings and shares


def test_a_run_of_three_to_thirty_columns_may_be_a_ranking() -> None:
    def rank(name: str, low: float = 1, high: float = 3, **more: Any) -> VariableProfile:
        return profiled(name, minimum=low, maximum=high, **more)

    assert _may_be_rank(rank("a", 0, 30))
    for other in (rank("a", 2), rank("a", 1, 31), rank("a", type="text"), rank("a", low=-1)):
        assert not _may_be_rank(other)
    columns = [rank("a"), rank("b"), profiled("x", minimum=5.0), rank("c"), rank("d"), rank("e")]
    assert [[c.name for c in run] for run in _runs(columns)] == [["c", "d", "e"]]
    assert list(_runs([rank(str(i)) for i in range(31)])) == []
    assert [len(run) for run in _runs([rank(str(i)) for i in range(30)])] == [30]
    assert list(_spans(5)) == [(0, 5), (0, 4), (1, 5), (0, 3), (1, 4), (2, 5)]
    assert list(_spans(3)) == [(0, 3)]
    assert min(stop - start for start, stop in _spans(9)) == 6


def test_ranks_are_each_once_in_nearly_every_row() -> None:
    rng = np.random.default_rng(1)
    rows = np.array([rng.permutation(4) + 1.0 for _ in range(100)]).T
    assert _ranked(rows)
    wrong = rows.copy()
    wrong[:, :2] = 1.0
    assert _ranked(wrong)
    wrong[:, 2] = 1.0
    assert not _ranked(wrong)
    first_two = np.where(rows > 2, np.nan, rows)
    assert _ranked(first_two)
    assert not _ranked(rows[:, :9])
    assert _ranked(rows[:, :10])
    assert not _ranked(np.where(rows > 1, 0.0, rows))  # only one of them is ever named
    assert not _ranked(rows + 0.5)
    assert not _ranked(np.zeros((4, 20)))
    assert not _ranked(np.where(rows > 3, 5.0, rows))
    sparse = rows.copy()
    sparse[:, 49:] = 0.0
    sparse[0, 49:] = 1.0
    assert not _ranked(sparse)
    sparse[:, 49] = rows[:, 49]
    assert _ranked(sparse)


def shares_in(**columns: list[float]) -> list[tuple[tuple[str, ...], int, str | None]]:
    table = open_table(pd.DataFrame(columns))
    found = found_shares(table, profile_table(table))
    return [(one.parts, one.total, one.items) for one in found]


def test_columns_beside_each_other_that_add_up_are_shares_of_one_whole() -> None:
    rng = np.random.default_rng(1)
    a, b, c = rng.dirichlet([2, 2, 2], 40).T
    orders, spend = (rng.integers(1, 9, 40)).tolist(), rng.normal(50, 9, 40).tolist()
    parts = {"a": a.tolist(), "b": b.tolist(), "c": c.tolist()}
    assert shares_in(**parts) == [(("a", "b", "c"), 1, None)]
    hundred = {name: [100 * x for x in values] for name, values in parts.items()}
    assert shares_in(spend=spend, **hundred) == [(("a", "b", "c"), 100, None)]
    assert shares_in(orders=orders, **parts) == [(("a", "b", "c"), 1, "orders")]
    assert shares_in(orders=orders, n_items=orders, **parts)[0][2] == "n_items"
    halves = [x / 2 for x in orders]
    assert shares_in(orders=halves, **parts)[0][2] is None
    rounded = {name: [round(x, 2) for x in values] for name, values in parts.items()}
    assert shares_in(**rounded) == [(("a", "b", "c"), 1, None)]
    broken = {**parts, "a": [*parts["a"][:-1], parts["a"][-1] + 0.1]}
    assert shares_in(**broken) == []
    assert shares_in(a=parts["a"], b=parts["b"]) == []


def test_what_may_be_a_share_or_count_items() -> None:
    assert _may_be_share(profiled("a"), 1)
    for other in (
        profiled("a", type="text"), profiled("a", n=0), profiled("a", negatives=1),
        profiled("a", distinct=2), profiled("a", maximum=1.01), profiled("a", maximum=None),
    ):  # fmt: skip
        assert not _may_be_share(other, 1)
    assert _may_be_share(profiled("a", maximum=100.0, distinct=3), 100)
    ranks = {"items": 0, "number_of_orders": 1, "n_lines": 0, "order_value": None, "spend": None}
    assert {name: _counting(profiled(name)) for name in ranks} == ranks
    for other in (
        profiled("items", type="text"), profiled("items", negatives=1), profiled("items", use="id"),
        profiled("items", use="weight"),
    ):  # fmt: skip
        assert _counting(other) is None


def test_a_grid_is_five_neighbors_on_one_scale() -> None:
    scale = [profiled(f"q{i}", measure="ordinal", levels=("no", "yes")) for i in range(5)]
    assert list(_grids(scale)) == [["q0", "q1", "q2", "q3", "q4"]]
    assert list(_grids(scale[:4])) == []
    assert list(_grids([*scale[:3], profiled("x"), *scale[3:]])) == []
    assert list(_grids([profiled(f"x{i}") for i in range(9)])) == []


# --- members


def test_members_have_a_certainty_and_zero_for_none() -> None:
    chances = np.array([[0.2, 0.8], [0.0, 0.0], [0.6, 0.4]])
    table = members_table(pa.array([7, 8, 9]), "p1", np.array([2, 0, 1], np.int32), chances)
    assert table.column_names == ["p1_id", "segment", "p1", "p2", "certainty"]
    assert table["certainty"].to_pylist() == [0.8, 0.0, 0.6]
    placed = members_table(
        pa.array([7]), None, np.array([1], np.int32), np.ones((1, 1)), np.array([np.nan])
    )
    assert placed.column_names == ["row", "segment", "p1", "certainty", "scale"]
    assert placed["scale"].to_pylist() == [None]
    assert [free_name(n, 2) for n in ("fit", "p2", "p3", "scale")] == [
        "fit_id", "p2_id", "p3", "scale_id",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"id": ["a"], "x": [1]}, "it has no column 'segment'"),
        ({"segment": [1]}, "it has no column 'segment'"),
        ({"segment": [1], "x": [1]}, "it has no column 'segment'"),
        ({"id": [], "segment": []}, "has no rows"),
        ({"id": ["a"], "segment": [-1]}, "the segment -1 is negative"),
    ],
)
def test_what_is_no_table_of_members_is_refused(
    columns: dict[str, list[Any]], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "members.parquet"
    pyarrow.parquet.write_table(pa.table(columns), file)
    with pytest.raises(DataError, match=message):
        read_members(tmp_path)


def test_members_that_are_not_there_or_damaged_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"there is no .*members\.parquet"):
        read_members(tmp_path)
    (tmp_path / "members.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(SourceError, match="cannot be read as a table of members"):
        read_members(tmp_path)
    whole = tmp_path / "whole.parquet"
    pyarrow.parquet.write_table(pa.table({"id": ["a"], "segment": [0]}), whole)
    assert read_members(whole).num_rows == 1


def test_addresses_are_hashed_and_other_personal_columns_go() -> None:
    mails = [f"Person{i}@example.org" for i in range(30)]
    table = pa.table({"mail": mails, "segment": [1] * 30, "second": [m.lower() for m in mails]})
    hidden = without_persons(table)
    assert hidden.column_names == ["mail", "segment"]
    assert len(hidden["mail"][0].as_py()) == 64
    assert (
        hidden["mail"].to_pylist()
        == without_persons(
            pa.table({"mail": [f" {m.upper()} " for m in mails], "segment": [1] * 30})
        )["mail"].to_pylist()
    )
    assert told_of_ids(table).startswith("The ids are e-mail addresses, so they were written as")
    plain = pa.table({"id": list(range(30)), "segment": [1] * 30})
    assert without_persons(plain) == plain
    assert told_of_ids(plain) == ""
    gap = pa.table({"mail": [None, *mails], "segment": [1] * 31})
    assert without_persons(gap)["mail"][0].as_py() is None


# --- new customers


def test_answers_of_which_none_is_known_are_refused() -> None:
    def answered(unseen: dict[str, int], *codes: int) -> Column:
        return Column("plan", np.array(codes, np.int32), ("free", "pro"), unseen)

    _check_levels(answered({"other": 1}, -1))
    _check_levels(answered({"other": 5}, -1, 0))
    _check_levels(answered({}, -1, -1))
    with pytest.raises(DataError) as raised:
        _check_levels(answered({"gold": 12, "Ada": 1}, -1, -1))
    said = str(raised.value)
    assert "'plan': none of the 13 answers is a level that the segments know." in said
    assert "Here are 'gold'; known are 'free' and 'pro'." in said
    with pytest.raises(DataError) as raised:
        _check_levels(answered({"Ada": 9}, -1))
    assert "Ada" not in str(raised.value)


def test_columns_are_spelled_as_in_the_earlier_run() -> None:
    table = open_table(pd.DataFrame({"Visits": [1], "AGE": [2], "Other": [4]}))
    assert _spelled(table, ["visits", "age", "OTHER", "Other"]).columns == [
        "visits",
        "age",
        "Other",
    ]
    assert _spelled(table, ["Visits"]) is table


def test_a_table_is_the_events_or_the_lookup_that_its_columns_tell() -> None:
    study = Study.model_validate(
        {
            "forwhom": 1,
            "events": [
                {"table": "a/old.csv", "name": "old", "customer": "who", "time": "day", "lookups": [
                    {"table": "items.csv", "on": "sku"}, {"table": "b/more.csv", "on": "sku"},
                ]},
                {"table": "a/new.csv", "name": "new", "customer": "who", "time": "day"},
            ],
        }
    )  # fmt: skip

    def role(name: str, *columns: str) -> Any:
        found = _role(name, open_table(pd.DataFrame({c: [1] for c in columns})), study)
        return getattr(found, "table", found)

    assert role("z/new.csv", "who", "day") == "a/new.csv"
    assert role("z/any.csv", "who", "day") == "a/old.csv"
    assert role("z/more.csv", "sku", "price") == "b/more.csv"
    assert role("z/any.csv", "sku", "price") == "items.csv"
    assert role("z/any.csv", "sku", "who") is None
    assert role("z/any.csv", "who", "age") is None
    assert _role("x", open_table(pd.DataFrame({"who": [1]})), None) is None


# --- roles


def test_why_a_column_is_left_out() -> None:
    column = profiled("x", use="ignore", why="it is empty")
    assert _why_not(StudyVariable(), column, "ignore") == "it is empty"
    assert _why_not(StudyVariable(use="ignore"), column, "ignore") == "it is empty"
    used = profiled("x", why="it is a number")
    assert _why_not(StudyVariable(use="ignore"), used, "ignore") == "the study says to ignore it"
    assert _why_not(StudyVariable(use="id"), used, "id") == "the study says it is an id"
    assert _why_not(StudyVariable(use="text"), used, "text") == "the study says it is free text"
    types = {"number": "continuous", "text": "nominal", "boolean": "binary", "date": None}
    assert {one: _measure_of_type(profiled("x", type=one)) for one in types} == types


def test_two_weights_are_one_too_many() -> None:
    roles = Roles()
    _set_weight(roles, "w")
    assert roles.weight == "w"
    with pytest.raises(DataError, match="two columns hold weights: 'w' and 'v'"):
        _set_weight(roles, "v")


# --- numbers of segments to try


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
