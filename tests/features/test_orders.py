"""Orders whose fields stand on one of several lines: money, refunds, what is left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from forwhom.documents.study import Events
from forwhom.errors import ColumnMissing
from forwhom.features import customer_features
from forwhom.features.orders import filled_down, whole_orders, without_rows
from forwhom.tables import collect, open_table, row_count

#: Five orders of three people, as a shop writes them: what is said of an order is said once.
LINES = pa.table(
    {
        "order": ["1", "1", "2", "3", "4", "5"],
        "who": ["a", None, "a", "b", "b", "c"],
        "when": [date(2024, 1, 1), None, date(2024, 2, 1), date(2024, 2, 2), date(2024, 2, 3),
                 date(2024, 2, 4)],
        "units": [1, 2, 1, 1, 1, 1],
        "each": [10.0, 20.0, 30.0, 5.0, 100.0, 8.0],
        "off": [0.0, 4.0, None, 0.0, 0.0, 0.0],
        "paid": [45.0, None, 30.0, 5.0, 90.0, 8.0],
        "back": [0.0, None, 10.0, 0.0, 0.0, 500.0],
        "status": ["paid", None, "paid", "Refunded", "paid", "paid"],
        "cancelled": [None, None, None, None, "2024-02-05", None],
    }
)  # fmt: skip
SPEC: dict[str, Any] = {
    "table": "t", "customer": "who", "time": "when", "quantity": "units", "price": "each",
    "order": "order", "fill": ["who", "when", "status"],
}  # fmt: skip


def spent(native: object = LINES, **more: Any) -> dict[str, tuple[int, float]]:
    spec = Events(**SPEC | more)
    found = customer_features(whole_orders(open_table(native), spec), spec)
    rows = collect(found.table).to_pylist()
    return {row["who"]: (row["frequency"], row["monetary_value"]) for row in rows}


def test_features_see_to_whole_orders_themselves() -> None:
    spec = Events(**SPEC, leave_out={"cancelled": ["*"]})
    found = customer_features(open_table(LINES, name="shop"), spec)
    rows = {row["who"]: row["monetary_value"] for row in collect(found.table).to_pylist()}
    assert rows == {"a": 80.0, "b": 5.0, "c": 8.0}
    assert (
        "shop: fewer than 10 rows are left out as no business: 'cancelled' is filled."
        in found.table.notes
    )


def test_lines_without_a_customer_are_those_of_their_order() -> None:
    assert spent() == {"a": (2, 80.0), "b": (2, 105.0), "c": (1, 8.0)}


@pytest.mark.parametrize("native", [LINES, pl.from_arrow(LINES).lazy()])
def test_money_of_an_order_is_divided_and_what_was_given_back_is_taken_off(native: object) -> None:
    found = spent(native, order_amount="paid", refunded="back", returned={"status": ["refunded"]})
    # 45 + 30 - 10; 5 given back, 90; no more is given back than was paid.
    assert {who: money for who, (_, money) in found.items()} == {"a": 65.0, "b": 90.0, "c": 0.0}


def test_the_lines_of_an_order_get_its_money_in_proportion_to_their_own() -> None:
    kinds = pa.array(["tea", "ink", "tea", "tea", "tea", "tea"])
    spec = Events(**SPEC, order_amount="paid", category=["kind"])
    table = whole_orders(open_table(LINES.append_column("kind", kinds)), spec)
    rows = collect(customer_features(table, spec).table).to_pylist()
    ink = {row["who"]: row["kind_share_ink"] for row in rows}
    assert ink["a"] == pytest.approx(36 / 75)  # of 45, 40 parts of 50 are the second line's


@pytest.mark.parametrize(
    ("paid", "said"),
    [
        ([50.0] * 30, ""),
        ([50.004] * 30, ""),  # rounded
        ([50.0] * 29 + [90.0], "fewer than 10 orders have lines for less money"),
        ([50.0] * 15 + [90.0] * 15, ""),  # totals mean something else, such as with shipping
        ([50.0] * 29 + [40.0], ""),  # a discount of the order
    ],
)
def test_an_export_that_is_cut_in_an_order_is_told(paid: list[float], said: str) -> None:
    n = len(paid)
    lines = pa.table(
        {
            "order": [str(i // 2) for i in range(2 * n)],
            "who": [f"w{i // 6}" for i in range(2 * n)],
            "when": [date(2024, 1, 1 + i % 28) for i in range(2 * n)],
            "units": [1, 2] * n,
            "each": [10.0, 20.0] * n,
            "paid": [paid[i // 2] if i % 2 == 0 else None for i in range(2 * n)],
        }
    )
    spec = Events(**SPEC | {"fill": ["who", "when"]}, order_amount="paid")
    found = customer_features(open_table(lines, name="shop"), spec)
    told = " ".join(note for note in found.table.notes if "cut in the middle" in note)
    assert said in told if said else not told
    money = sum(r["frequency"] * r["monetary_value"] for r in collect(found.table).to_pylist())
    assert money >= sum(paid) - 1  # whatever is told, the money is that of the orders


def test_a_discount_is_taken_off_its_line() -> None:
    assert spent(discount="off")["a"] == (2, 76.0)


def test_orders_without_money_of_their_lines_are_divided_evenly() -> None:
    spec = {key: one for key, one in SPEC.items() if key not in ("price", "quantity")}
    found = customer_features(
        whole_orders(open_table(LINES), said := Events(**spec, order_amount="paid")), said
    )
    rows = collect(found.table).to_pylist()
    assert {r["who"]: r["monetary_value"] for r in rows} == {"a": 75.0, "b": 95.0, "c": 8.0}


def test_what_is_no_business_is_left_out_and_said() -> None:
    table = open_table(LINES, name="shop")
    kept = without_rows(table, {"cancelled": ["*"], "status": [" REFUNDED"], "who": ["nobody"]},
                        "business")  # fmt: skip
    assert row_count(kept) == 4
    assert kept.notes == (
        "shop: fewer than 10 rows are left out as no business: 'cancelled' is filled.",
        "shop: fewer than 10 rows are left out as no business: 'status' is  REFUNDED.",
    )
    with pytest.raises(ColumnMissing, match="canceled"):
        without_rows(table, {"canceled": ["*"]}, "business")


def test_a_column_to_fill_must_be_there() -> None:
    with pytest.raises(ColumnMissing, match="'whoo'"):
        filled_down(open_table(LINES), "order", ["whoo"])
    with pytest.raises(ValueError, match="'fill' needs 'order'"):
        Events(table="t", customer="who", time="when", fill=["status"])


def test_rows_that_give_money_back_are_of_the_customer_whose_order_they_name() -> None:
    rows = pa.table({
        "no": ["1", "2", "3", "4", "5", "6"],
        "of": [None, None, "1", "2", "9", "1"],
        "kind": ["sale", "sale", "refund", "refund", "refund", "hold"],
        "who": ["a", "b", "shop", "shop", "shop", "shop"],
        "when": [date(2024, 1, 1 + i) for i in range(6)],
        "money": [30.0, 20.0, -12.5, -20.0, -9.0, -30.0],
        "status": ["ok", "void", "ok", "ok", "ok", "ok"],
    })  # fmt: skip
    spec = Events(
        table="t", customer="who", time="when", amount="money", order="no",
        returns={"order": "of", "rows": {"kind": ["refund"]}},  # type: ignore[arg-type]
        leave_out={"status": ["void"], "kind": ["refund", "hold"]},
    )  # fmt: skip
    for native in (rows, pl.from_arrow(rows).lazy()):
        found = customer_features(open_table(native, name="t"), spec)
        (row,) = collect(found.table).to_pylist()
        assert (row["who"], row["frequency"], row["monetary_value"]) == ("a", 1, 17.5)
        notes = " ".join(found.table.notes)
        assert "fewer than 10 rows give money of an earlier order back" in notes
        assert (
            "fewer than 10 rows give money back of an order that is not used or not there" in notes
        )
    with pytest.raises(ColumnMissing, match="'off'"):
        customer_features(
            open_table(rows),
            spec.model_copy(update={"returns": spec.returns.model_copy(update={"order": "off"})}),  # type: ignore[union-attr]
        )


def test_orders_and_returns_may_keep_their_numbers_in_two_types() -> None:
    rows = pa.table({
        "no": pa.array([1001, 1002, 1003]),
        "of": pa.array([None, None, 1001.0]),
        "gives": pa.array([0.0, 0.0, 1.0]),
        "test": pa.array([False, True, False]),
        "who": ["a", "b", "shop"],
        "when": [date(2024, 1, 1 + i) for i in range(3)],
        "money": [30.0, 20.0, -12.5],
    })  # fmt: skip
    spec = Events(
        table="t", customer="who", time="when", amount="money", order="no",
        returns={"order": "of", "rows": {"gives": ["yes"]}},  # type: ignore[arg-type]
        leave_out={"test": ["1"]},
    )  # fmt: skip
    (row,) = collect(customer_features(open_table(rows, name="t"), spec).table).to_pylist()
    assert (row["who"], row["monetary_value"]) == ("a", 17.5)
