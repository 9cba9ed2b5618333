"""What the columns of an unknown export are for, by their names and values."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table
from forwhom.customers.inputs import read_inputs
from forwhom.customers.purchases import order_lines
from forwhom.documents.study import Events
from forwhom.errors import DataError
from forwhom.tables import open_table, profile_table

ORDERS = 60


def shop(orders: int = ORDERS, once: bool = True, **names: str) -> pa.Table:
    """Lines of orders; with ``once``, what is said of an order stands on its first line."""
    rng = np.random.default_rng(3)
    rows: list[dict[str, Any]] = []
    for order in range(orders):
        lines = [(int(rng.integers(1, 3)), float(rng.choice([5, 8, 20]))) for _ in
                 range(1 + order % 3)]  # fmt: skip
        total = sum(units * price for units, price in lines)
        whole = {
            "status": ["paid", "paid", "refunded", "cancelled"][order % 4],
            "email": f"person{order % 17}@example.org",
            "total": total,
            "tax": total / 5,
            "refunded": 0.0,
            "bought": datetime(2024, 1, 1) + timedelta(hours=31 * order),
        }
        for i, (units, price) in enumerate(lines):
            said = whole if i == 0 or not once else dict.fromkeys(whole) | {
                key: whole[key] for key in ("status", "email", "total", "tax", "bought")
            }  # fmt: skip
            blank = dict.fromkeys(whole) if once and i else {}
            rows.append({"no": f"#{1000 + order}", "units": units, "price": price} | said | blank)
    table = pa.Table.from_pylist(rows)
    return table.rename_columns([names.get(name, name) for name in table.column_names])


NAMES = {
    "english": {"no": "Order", "units": "Quantity", "price": "Item price", "total": "Order total",
                "bought": "Created at", "email": "Buyer", "status": "Status", "tax": "Tax",
                "refunded": "Refunded"},
    "deutsch": {"no": "Bestellnummer", "units": "Anzahl", "price": "Einzelpreis",
                "total": "Gesamtbetrag", "bought": "Bestelldatum", "email": "Kontakt",
                "status": "Status", "tax": "MwSt", "refunded": "Erstattet"},
    "français": {"no": "Numéro de commande", "units": "Quantité", "price": "Prix unitaire",
                 "total": "Montant total", "bought": "Date de commande", "email": "Courriel",
                 "status": "Statut", "tax": "TVA", "refunded": "Remboursé"},
}  # fmt: skip


@pytest.mark.parametrize("language", NAMES)
def test_lines_of_orders_are_events_of_whom_the_address_names(language: str) -> None:
    names = NAMES[language]
    draft = draft_study({"export": shop(**names)})
    assert draft.study.customers is None
    said = {names[key]: key for key in names}
    (events,) = draft.study.events
    assert events == Events(
        table="export",
        customer=names["email"],
        time=names["bought"],
        price=names["price"],
        quantity=names["units"],
        order=names["no"],
        refunded=names["refunded"],
        returned={names["status"]: ["refunded"]},
        leave_out={names["status"]: ["cancelled"]},
        fill=[c for c in shop(**names).column_names if said[c] in
              ("status", "email", "refunded", "bought")],
    )  # fmt: skip
    assert "One line of each order holds these" in draft.text
    assert "example.org" not in draft.text + "".join(draft.notes)


def test_an_amount_that_all_lines_of_an_order_repeat_is_the_orders() -> None:
    lines = shop(once=False).drop_columns(["price", "units"])
    (events,) = draft_study({"export": lines.rename_columns(
        ["order no" if c == "no" else c for c in lines.column_names])}).study.events  # fmt: skip
    assert (events.order, events.order_amount, events.amount) == ("order no", "total", None)


def test_a_customer_number_comes_before_an_address_unless_few_have_one() -> None:
    table = shop(email="mail", once=True)
    ids = [None if one is None else one[6:8] for one in table["mail"].to_pylist()]
    (events,) = draft_study({"a": table.append_column("customer_id", pa.array(ids))}).study.events
    assert events.customer == "customer_id"
    few = [one if one == "1@" else None for one in ids]
    draft = draft_study({"a": table.append_column("customer_id", pa.array(few))})
    assert draft.study.events[0].customer == "mail"
    assert "a: mail says who the customer is; it could be customer_id, too." in draft.notes


def test_one_row_with_an_address_each_is_a_customer_with_a_number() -> None:
    people = pa.table({"Id": np.arange(30), "Email": [f"a{i}@b.org" for i in range(30)],
                       "visits": np.arange(30) % 5})  # fmt: skip
    study = draft_study({"people": people}).study
    assert study.customers is not None
    assert study.customers.id == "Id"


def test_answers_that_are_missing_together_are_no_orders() -> None:
    rng = np.random.default_rng(1)
    asked = rng.random(200) < 0.4
    table = pa.table({
        "id": np.arange(200), "shop": rng.integers(0, 80, 200).astype(str),
        "a": [int(v) if on else None for v, on in zip(rng.integers(0, 5, 200), asked, strict=True)],
        "b": [int(v) if on else None for v, on in zip(rng.integers(0, 5, 200), asked, strict=True)],
    })  # fmt: skip
    opened = open_table(table)
    assert order_lines(opened, profile_table(opened)) is None


def test_purchases_of_nobody_are_no_customers() -> None:
    rows = pa.table({
        "receipt no": np.arange(40),
        "bought at": [datetime(2024, 1, 1 + i % 28) for i in range(40)],
        "amount": np.arange(40) * 1.5,
    })  # fmt: skip
    said = "the rows look like purchases, but no column says who the customer is"
    draft = draft_study({"till": rows})
    way_out = "In the study that 'forwhom study' drafts, name it under 'events' before you go on."
    assert draft.notes[0] == f"till: {said}. {way_out}"
    with pytest.raises(DataError, match=said):
        read_inputs({"till": rows})


def test_a_key_that_comes_first_identifies_but_no_number_of_users() -> None:
    codes = pa.table({"código do cliente": np.arange(60) % 20 + 500, "pedido": np.arange(60),
                      "data": [datetime(2024, 1, 1 + i % 28) for i in range(60)],
                      "valor total": np.arange(60) * 1.5})  # fmt: skip
    (events,) = draft_study({"a": codes}).study.events
    assert (events.customer, events.amount) == ("código do cliente", "valor total")
    counts = pa.table({"number user": np.arange(60) % 20, "x": np.arange(60) % 7})
    found = draft_study({"a": counts}).study.customers
    assert found is not None
    assert found.id is None


def above() -> pa.Table:
    """Lines of orders of which the first alone names the order and what is said of the whole."""
    rows: list[dict[str, Any]] = []
    for order in range(30):
        whole: dict[str, Any] = {
            "Receipt": 500 + order,
            "Bought on": datetime(2024, 1, 1) + timedelta(days=order),
            "Contact": f"p{order % 7}@x.org",
        }
        for line in range(1 + order % 3):
            said = whole if line == 0 else dict.fromkeys(whole)
            rows.append(said | {"Article": f"A{line}", "Units": 1 + line, "Unit price": 5.0})
    return pa.Table.from_pylist(rows)


def test_an_order_that_its_first_line_alone_names_has_the_lines_below() -> None:
    draft = draft_study({"till": above()})
    (spec,) = draft.study.events
    assert spec.fill == ["Receipt", "Bought on", "Contact"]
    assert (spec.order, spec.customer, spec.time) == ("Receipt", "Contact", "Bought on")
    assert "    # The first line of each order holds these; they hold for all of its" in draft.text
    made = features_table(above(), draft.study.model_copy(update={"customers": None}))
    found = {row["Contact"]: (row["frequency"], row["monetary_value"]) for row in
             made.table.to_pylist()}  # fmt: skip
    of_order = [5.0, 15.0, 30.0]
    expected = {f"p{who}@x.org": [of_order[o % 3] for o in range(30) if o % 7 == who] for who in
                range(7)}  # fmt: skip
    assert found == {who: (len(paid), sum(paid)) for who, paid in expected.items()}


def test_a_list_of_people_of_whom_some_have_a_card_is_no_list_of_orders() -> None:
    people = pa.table({
        "name": [f"n{i}" for i in range(60)], "email": [f"p{i}@x.org" for i in range(60)],
        "booking": [i if i % 2 else None for i in range(60)],
        "since": [datetime(2024, 1, 1 + i % 28) if i % 2 else None for i in range(60)],
        "tier": ["gold" if i % 2 else None for i in range(60)],
    })  # fmt: skip
    table = open_table(people)
    assert order_lines(table, profile_table(table)) is None


def test_one_address_in_several_spellings_is_one_person() -> None:
    sales = pa.table({
        "email": [["a@x.org", "A@X.org", " a@x.org "][i % 3] if i % 2 else f"p{i % 5}@x.org"
                  for i in range(60)],
        "day": [datetime(2024, 1, 1 + i % 28) for i in range(60)],
        "amount": [float(i) for i in range(60)],
    })  # fmt: skip
    draft = draft_study({"sales": sales})
    assert "# 6 customers" in draft.text
    assert any("20 rows in 'email'" in note or "20 rows have" in note for note in draft.notes)
    made = features_table(sales)
    money = {row["email"]: row["monetary_value"] for row in made.table.to_pylist()}
    assert money["a@x.org"] == sum(i for i in range(60) if i % 2)
    assert len(money) == 6


@pytest.mark.parametrize("odd", ["free", "n/k"])
def test_money_that_is_text_in_places_is_refused_first(odd: str) -> None:
    sales = pa.table({
        "customer_id": [f"c{i % 9}" for i in range(60)],
        "day": [datetime(2024, 1, 1 + i % 28) for i in range(60)],
        "amount": [odd if i % 20 == 0 else f"{i}.50" for i in range(60)],
    })  # fmt: skip
    draft = draft_study({"sales": sales})
    assert draft.notes[0].startswith("sales: 'amount' is called like money, but not all")
    with pytest.raises(DataError, match="'amount' is called like money") as refused:
        features_table({"sales": sales})
    assert "go on without money" in refused.value.advice
    # Whoever gives the study goes on without money.
    made = features_table({"sales": sales}, draft.study)
    assert "monetary_value" not in made.table.column_names


def bank() -> pa.Table:
    """The statement of an account, in German: who paid is told by account and name."""
    return pa.table({
        "Auftragskonto": ["DE12500105170648489890"] * 60,
        "Buchungstag": [datetime(2024, 1, 1 + i % 28) for i in range(60)],
        "Beguenstigter/Zahlungspflichtiger": [f"Ada {'ABCDEFGHIJKL'[i % 12]}owell" for i in
                                              range(60)],
        "Kontonummer/IBAN": [f"AT6119043002345732{i % 12:02}" for i in range(60)],
        "Betrag": [1.5 * i + 1 for i in range(60)],
    })  # fmt: skip


def test_a_bank_statement_is_of_those_who_paid() -> None:
    draft = draft_study({"bank": bank()})
    (spec,) = draft.study.events
    assert (spec.customer, spec.time, spec.amount) == ("Kontonummer/IBAN", "Buchungstag", "Betrag")
    told = draft.text + "".join(draft.notes)
    assert "AT61190430" not in told
    assert "owell" not in told


def test_units_of_a_line_come_before_those_of_the_order() -> None:
    table = shop(once=False, no="Order #", units="Qty", price="Price", email="Contact email",
                 bought="Date created", total="Order total")  # fmt: skip
    table = table.add_column(0, "Total order quantity", [[3] * table.num_rows])
    (spec,) = draft_study({"wix": table}).study.events
    assert (spec.quantity, spec.price, spec.order) == ("Qty", "Price", "Order #")


def test_customers_are_told_apart_by_names_where_nothing_else_does() -> None:
    sales = pa.table({
        "Sale ID": [100 + i // 2 for i in range(60)],
        "Date": [datetime(2024, 1, 1 + i % 28) for i in range(60)],
        "Customer": [f"Ada {'ABCDEFGHIJKL'[i // 2 % 12]}owell" for i in range(60)],
        "Total": [1.5 * i + 1 for i in range(60)],
    })  # fmt: skip
    draft = draft_study({"till": sales})
    assert (draft.study.events[0].customer, draft.study.events[0].order) == ("Customer", "Sale ID")
    assert "till: customers are told apart by Customer; two with one name are one." in draft.notes


def test_days_that_differ_within_what_repeats_leave_open_who_the_customer_is() -> None:
    lines = pa.table({
        "Factuur": [20_000 + i // 2 for i in range(120)],
        "Relatie": [70_000 + 37 * (i // 2 % 23) for i in range(120)],
        "Dag": [datetime(2024, 1, 1 + i % 28) for i in range(120)],
        "Stuksbedrag": [1.5 * (i % 7) + 1 for i in range(120)],
    })  # fmt: skip
    draft = draft_study({"a": lines})
    assert "it may be Factuur or Relatie" in draft.placement.undecided
    people = lines.select(["Relatie", "Stuksbedrag"]).set_column(
        0, "Plaats", [[7_000 + i % 23 for i in range(120)]]
    )
    assert draft_study({"a": people}).placement.undecided == ""


def test_a_number_with_cents_that_is_alone_is_money_and_of_two_it_is_asked_which() -> None:
    sales = pa.table({
        "customer_id": [f"c{i % 9}" for i in range(60)],
        "day": [datetime(2024, 1, 1 + i % 28) for i in range(60)],
        "Cobrado": [1.5 * i + 1.25 for i in range(60)],
    })  # fmt: skip
    draft = draft_study({"sales": sales})
    assert draft.study.events[0].amount == "Cobrado"
    why = "sales: Cobrado is taken for money, because no other column has numbers with cents."
    assert why in draft.notes
    visits = draft_study({"visits": sales.drop_columns(["Cobrado"])})
    assert "visits: no column holds money; what counts is how often, and when." in visits.notes
    two = sales.append_column("Otro", [[(7 * i % 13) + 0.5 for i in range(60)]])
    notes = draft_study({"sales": two}).notes
    said = "no column says what money a row is; it may be Cobrado or Otro"
    assert any(said in note for note in notes)
    receipts = two.append_column("ticket_no", [[5000 + i // 2 for i in range(60)]])
    assert said in draft_study({"sales": receipts}).placement.undecided
    with pytest.raises(DataError, match="it may be Cobrado or Otro"):
        features_table({"sales": receipts})


def sales(**columns: list[object]) -> pa.Table:
    """Lines of orders of 17 people, two to an order, each with 1 to 4 units."""
    lines = range(120)
    return pa.table({
        "Belegnr": [9_000 + i // 2 for i in lines],
        "Belegdatum": [datetime(2024, 1, 1) + timedelta(hours=31 * (i // 2)) for i in lines],
        "Kundennr": [40_000 + 13 * (i // 2 % 17) for i in lines],
    } | columns)  # fmt: skip


def test_units_times_what_is_called_money_is_the_money() -> None:
    units, price = [1 + i % 4 for i in range(120)], [4.5 + 2.0 * (i % 7) for i in range(120)]
    table = sales(**{
        "Stück": units, "VK netto": price,
        "Betrag": [n * one for n, one in zip(units, price, strict=True)],
    })  # fmt: skip
    (spec,) = draft_study({"a": table}).study.events
    assert (spec.amount, spec.price, spec.quantity) == ("Betrag", None, "Stück")


def test_other_money_is_said() -> None:
    table = sales(
        **{"Total paid": [7.5 + i for i in range(120)], "Total net": [6.3 + i for i in range(120)]}
    )
    notes = draft_study({"a": table}).notes
    assert "a: Total paid is the money of a row; it could be Total net, too." in notes


def test_who_ordered_comes_before_their_guests() -> None:
    table = sales(**{
        "Guest email": [f"{'gp'[1 - i % 2]}{i // 2 % 17}@example.org" for i in range(120)],
        "Buyer email": [f"p{i // 2 % 17}@example.org" for i in range(120)],
        "Ticket price": [25.0] * 120,
        "Tickets sold quantity": [1 + i % 2 for i in range(120)],
    }).drop_columns(["Kundennr"])  # fmt: skip
    draft = draft_study({"a": table})
    assert draft.study.events[0].customer == "Buyer email"
    assert draft.study.events[0].price == "Ticket price"
    assert "a: Buyer email says who the customer is; it could be Guest email, too." in draft.notes


@pytest.mark.parametrize("mark", [[0, 1], [False, True], ["no", "yes"]])
def test_a_yes_or_no_says_that_all_money_went_back(mark: list[object]) -> None:
    table = pa.table({
        "Sale ID": [f"s{i}" for i in range(120)],
        "Purchase date": [datetime(2024, 1, 1) + timedelta(hours=31 * i) for i in range(120)],
        "Buyer email": [f"p{i % 17}@example.org" for i in range(120)],
        "Sale price": [10.5 + i % 9 for i in range(120)],
        "Refunded?": [mark[i % 10 == 0] for i in range(120)],
        "Partial refund": [2.5 if i % 10 == 5 else 0.0 for i in range(120)],
    })  # fmt: skip
    draft = draft_study({"a": table})
    assert list(draft.study.events[0].returned) == ["Refunded?"]
    assert draft.study.events[0].refunded == "Partial refund"
    made = features_table({"a": table}, draft.study).table
    kept = sum(10.5 + i % 9 for i in range(120) if i % 10) - 12 * 2.5
    assert sum(made["monetary_value"].to_pylist()) == pytest.approx(kept)


@pytest.mark.parametrize(
    ("heading", "gone"), [("Situação", "Cancelado"), ("Durum", "İptal"), ("Tila", "Peruttu")]
)
def test_a_status_in_another_language_leaves_out_what_was_cancelled(
    heading: str, gone: str
) -> None:
    table = sales(**{
        heading: [gone if i // 2 % 9 == 0 else "ok" for i in range(120)],
        "Valor": [7.5 + i for i in range(120)], "Frete": [4.9 + i % 5 for i in range(120)],
    })  # fmt: skip
    draft = draft_study({"a": table})
    assert draft.study.events[0].leave_out == {heading: [gone]}
    assert not any("it could be" in note for note in draft.notes)
    made = features_table({"a": table}, draft.study).table
    kept = sum(7.5 + i for i in range(120) if i // 2 % 9)
    assert sum(made["monetary_value"].to_pylist()) == pytest.approx(kept)
