"""Which columns are ids, times and lookups, by hand, on and beside each bound."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from forwhom.customers.clues import (
    CUSTOMER_WORDS,
    category_columns,
    customer_rank,
    first_named,
    is_other_key,
    may_be_time,
    time_column,
)
from forwhom.customers.joining import all_ids, differ_only_in, positions
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
from forwhom.customers.querying import _read
from forwhom.tables import VariableProfile


def profiled(name: str, **more: Any) -> VariableProfile:
    """Return what is known of a column of a hundred different numbers from 0 to 1."""
    given: dict[str, Any] = {
        "type": "number", "n": 100, "missing": 0.0, "distinct": 100, "minimum": 0.0,
        "maximum": 1.0, "mean": 0.5, "sd": 0.1, "quantiles": {}, "zeros": 0.0, "negatives": 0,
        "shape": "", "top": [], "measure": "continuous", "basis": None, "use": "active", "why": "",
        "label": name,
    }  # fmt: skip
    return VariableProfile(name=name, **given | more)


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
