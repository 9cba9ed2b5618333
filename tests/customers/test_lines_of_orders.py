"""Orders in one file and their lines in another are the purchases of one export."""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table
from forwhom.errors import DataError
from forwhom.pipeline.discovery import discover
from forwhom.pipeline.scoring import score

N = 60
ORDERS = {
    "order_id": [f"o{i}" for i in range(N)],
    "customer_id": [f"c{i % 17}" for i in range(N)],
    "order_status": ["canceled" if i % 12 == 0 else "delivered" for i in range(N)],
    "order_date": [f"2025-0{1 + i % 9}-11 10:00:00" for i in range(N)],
}
LINES = {
    "order_id": [f"o{i // 2}" for i in range(2 * N)],
    "order_item_id": [1 + i % 2 for i in range(2 * N)],
    "product_id": [f"p{i % 5}" for i in range(2 * N)],
    "price": [float(1 + i % 7) for i in range(2 * N)],
}
PRODUCTS = {"product_id": [f"p{i}" for i in range(5)], "category": ["tea", "pot"] * 2 + ["cup"]}


def export(**orders: list[object]) -> dict[str, pa.Table]:
    return {
        "products": pa.table(PRODUCTS),
        "items": pa.table(LINES),
        "orders": pa.table({**ORDERS, **orders}),
    }


@pytest.mark.parametrize("order", list(itertools.permutations(["products", "items", "orders"])))
def test_lines_find_their_orders_and_count_once(order: tuple[str, ...]) -> None:
    tables = export()
    draft = draft_study({name: tables[name] for name in order})
    (events,) = draft.study.events
    assert events.table == "items"
    assert (events.customer, events.time, events.order) == ("customer_id", "order_date", "order_id")
    assert (events.amount, events.item) == ("price", "product_id")
    assert events.leave_out == {"order_status": ["canceled"]}
    assert {(one.table, one.on) for one in events.lookups} == {
        ("orders", "order_id"), ("products", "product_id"),
    }  # fmt: skip
    found = features_table(tables, draft.study).table
    whole = sum(
        price for order, price in zip(LINES["order_id"], LINES["price"], strict=True)
        if int(order[1:]) % 12
    )  # fmt: skip
    frequency, money = (sum(found[x].to_pylist()) for x in ("frequency", "monetary_value"))
    assert frequency == N - N // 12
    assert money == pytest.approx(whole)


def test_money_of_orders_is_that_of_all_their_lines() -> None:
    totals = [float(10 + i) for i in range(N)]
    draft = draft_study(export(total=totals))
    (events,) = draft.study.events
    assert (events.amount, events.order_amount) == ("price", "total")
    found = features_table(export(total=totals), draft.study).table
    whole = sum(total for i, total in enumerate(totals) if i % 12)
    assert sum(found["monetary_value"].to_pylist()) == pytest.approx(whole)


@pytest.mark.usefixtures("swift")
def test_new_purchases_are_read_as_those_before() -> None:
    found = discover(export(), k=2, n_starts=2, stability=0)
    again = score(found.segmentation, export())
    assert again.table["segment"].to_pylist() == found.members["segment"].to_pylist()
    named = {"more": export()["items"], "bought": export()["orders"], "p": export()["products"]}
    other = score(found.segmentation, named)
    assert other.table["segment"].to_pylist() == found.members["segment"].to_pylist()


def test_lines_whose_orders_are_not_there_are_told_by_their_keys() -> None:
    tables = export()
    tables["items"] = pa.table({**LINES, "order_id": [f"o{i // 2 + 12}" for i in range(2 * N)]})
    draft = draft_study(tables)
    said = "row in orders with their order_id"
    assert f"items: 24 rows have no {said}; not used." in draft.notes
    made = features_table(tables, draft.study)
    assert f"items: rows without a {said}: 24 (21.4%), left out." in made.notes
    assert not any("without a customer" in note for note in made.notes)
    tables["items"] = pa.table({**LINES, "order_id": [f"x{i // 2}" for i in range(2 * N)]})
    with pytest.raises(DataError, match=f"items: none of the rows has a {said}"):
        features_table(tables, draft.study)
