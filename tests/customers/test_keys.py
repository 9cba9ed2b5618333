"""Who bought, what is one order, and what is money, by values under headings that say nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.arithmetic import (
    is_price_of_one,
    is_share_of,
    like_money,
    products,
    without_parts,
)
from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table

START = datetime(2024, 1, 1)


def lines(orders: int = 150) -> pa.Table:
    """Lines of orders, of which each has one or two, under headings without meaning."""
    rng = np.random.default_rng(5)
    rows = []
    for order in range(orders):
        who = int(rng.integers(0, 45))
        day = START + timedelta(days=int(rng.integers(0, 300)))
        goods = [(int(rng.integers(1, 4)), float(rng.choice([4.9, 8.5, 24.0, 60.0])))
                 for _ in range(1 + order % 2)]  # fmt: skip
        total = sum(n * each for n, each in goods)
        rows += [
            {"uzk": 40_000 + order, "wep": f"K-{1_000 + 7 * who}", "ort": f"{30_000 + who // 6}",
             "rra": START - timedelta(days=200 + who), "tld": day,
             "vfx": day + timedelta(days=4), "mno": n, "spo": each, "sum": total,
             "par": round(total * 0.19, 2), "fix": 4.9}
            for n, each in goods
        ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def test_a_customer_is_the_same_on_all_lines_of_an_order_and_comes_back() -> None:
    draft = draft_study({"export": lines()})
    (spec,) = draft.study.events
    # The town is told by the customer; a date that does not move is no purchase, nor is a later
    # one; the number of the order is not the customer.
    assert (spec.customer, spec.order, spec.time) == ("wep", "uzk", "tld")
    assert (spec.price, spec.quantity) == ("spo", "mno")
    why = (
        "export: wep is taken for the customer, because its values come back on other days, and "
        "are the same on all lines of a uzk."
    )
    assert why in draft.notes
    assert any("spo is taken for money, because over the lines of a uzk, it adds up to sum" in one
               for one in draft.notes)  # fmt: skip
    made = features_table({"export": lines()}, draft.study).table.to_pylist()
    totals = {row["uzk"]: row["sum"] for row in lines().to_pylist()}
    assert sum(row["monetary_value"] for row in made) == pytest.approx(sum(totals.values()))
    assert sum(row["frequency"] for row in made) == 150


def test_rows_with_a_number_each_are_purchases_where_there_is_a_tax_else_it_is_asked() -> None:
    rng = np.random.default_rng(2)
    paid = np.round(rng.gamma(2, 30, 200), 2)
    rows = pa.table({
        "uzk": rng.permutation(200) + 40_000,
        "wep": 70_000 + 37 * rng.integers(0, 40, 200),
        "tld": [START + timedelta(days=int(d)) for d in rng.integers(0, 300, 200)],
        "sum": paid,
    })  # fmt: skip
    draft = draft_study({"export": rows})
    assert draft.placement.undecided == (
        "export: nothing says whether a row is a purchase, of whom wep tells, or a customer with "
        "the number in uzk"
    )
    taxed = rows.append_column("par", [np.round(paid * 0.19, 2)])
    (spec,) = draft_study({"export": taxed}).study.events
    assert (spec.customer, spec.time, spec.amount) == ("wep", "tld", "sum")
    rising = rows.set_column(2, "tld", [[START + timedelta(hours=5 * int(o - 40_000)) for o in
                                         rows["uzk"].to_pylist()]])  # fmt: skip
    (spec,) = draft_study({"export": rising}).study.events
    assert (spec.customer, spec.amount) == ("wep", "sum")


def test_two_columns_that_could_both_be_the_customer_are_asked_about() -> None:
    rng = np.random.default_rng(4)
    table = lines()
    orders = table["uzk"].to_pylist()
    others = {order: f"S{200 + int(rng.integers(0, 30))}" for order in set(orders)}
    both = table.append_column("qqq", [[others[order] for order in orders]])
    undecided = draft_study({"export": both}).placement.undecided
    assert undecided.endswith("no column says who the customer is; it may be wep or qqq")


def test_a_tax_is_one_of_a_few_shares_of_an_amount_rounded_to_cents() -> None:
    amounts = np.round(np.random.default_rng(1).gamma(2, 40, 100) + 10, 2)
    rates = np.where(np.arange(100) % 3, 0.19, 0.07)
    assert is_share_of(np.round(amounts * rates, 2), amounts)
    assert not is_share_of(amounts, np.round(amounts * rates, 2))
    assert not is_share_of(np.round(np.random.default_rng(2).gamma(2, 8, 100), 2), amounts)


def test_what_is_left_of_amounts_is_what_was_paid() -> None:
    net = np.round(np.random.default_rng(1).gamma(2, 40, 100) + 10, 2)
    tax, post = np.round(net * 0.2, 2), np.where(np.arange(100) % 2, 4.9, 0.0)
    told = without_parts({"net": net, "tax": tax, "post": post, "all": net + tax + post})
    assert told == {"tax": "a share of net", "post": "a fee", "net": "a part of all"}
    gross = np.round(net * 1.2, 2)
    assert without_parts({"a": net, "b": gross}) == {"a": "b without taxes"}


def test_units_times_price_is_money_whatever_the_columns_are_called() -> None:
    rng = np.random.default_rng(3)
    units, price = rng.integers(1, 5, 60).astype(float), rng.choice([2.5, 9.9, 24.0], 60)
    assert products({"a": price, "b": units, "c": units * price}) == ("c", "b", "a")
    assert products({"a": price, "b": units, "c": price[::-1] * 1.5}) is None
    assert is_price_of_one(price, units)
    assert not is_price_of_one(units * price, units)
    assert like_money(price)
    assert not like_money(price / 3)


def test_answers_of_a_survey_with_days_and_weights_are_no_purchases() -> None:
    rng = np.random.default_rng(6)
    rows = pa.table({
        "began": [START + timedelta(days=int(d)) for d in rng.integers(0, 40, 400)],
        "q0034": [f"${i}0-{i}9" for i in rng.integers(1, 13, 400)],
        "wuz": rng.gamma(9, 1 / 9, 400),
    })  # fmt: skip
    assert draft_study({"answers": rows}).placement.undecided == ""


def test_whole_money_with_a_tax_and_days_in_numbers_are_purchases() -> None:
    rng = np.random.default_rng(9)
    paid = rng.integers(200, 9000, 200) * 5
    rows = pa.table({
        "uzk": rng.permutation(200) + 40_000,
        "wep": 61_000 + 7 * rng.integers(0, 40, 200),
        "tld": [int((START + timedelta(days=int(d))).strftime("%Y%m%d")) for d in
                rng.integers(0, 300, 200)],
        "sum": paid, "par": np.round(paid * 0.27),
    })  # fmt: skip
    (spec,) = draft_study({"export": rows}).study.events
    assert (spec.customer, spec.time, spec.amount) == ("wep", "tld", "sum")


def test_a_line_with_a_discount_is_still_units_times_price() -> None:
    rng = np.random.default_rng(3)
    units, price = rng.integers(1, 5, 90).astype(float), rng.choice([2.5, 9.9, 24.0], 90)
    money = units * price - np.where(np.arange(90) % 3, 0, 1.0)
    assert products({"units": units, "each": price, "line": money}) == ("line", "units", "each")


def test_an_amount_that_a_word_calls_a_price_is_found_with_its_units() -> None:
    rng = np.random.default_rng(3)
    units, price = rng.integers(1, 5, 90), rng.choice([2.5, 9.9, 24.0], 90)
    rows = pa.table({
        "Klient": [f"K{i % 19}" for i in range(90)],
        "Data": [START + timedelta(days=i % 50) for i in range(90)],
        "Sztuk": units, "Cena jedn": price, "W": units * price,
    })  # fmt: skip
    (spec,) = draft_study({"a": rows}).study.events
    assert (spec.amount, spec.quantity, spec.price) == ("W", "Sztuk", None)


def test_one_address_in_many_rows_without_a_date_is_told(tmp_path: Path) -> None:
    rows = "".join(f"p{i % 9}@x.org,{i}.50\n" for i in range(60))
    (tmp_path / "a.csv").write_text("mail,Cobrado\n" + rows)
    draft = draft_study(tmp_path / "a.csv")
    assert any("51 rows repeat the mail of another row" in note for note in draft.notes)


@pytest.mark.parametrize("who", ["distinct_id", "anonymous_id", "visitor"])
def test_unique_times_are_when_and_repeated_ids_are_who(who: str) -> None:
    rng = np.random.default_rng(2)
    n = 400
    log = pa.table(
        {
            "event_name": rng.choice(["view", "buy", "login"], n),
            who: [f"u{one}" for one in rng.integers(0, 60, n)],
            "time": 1_735_689_600_000 + rng.integers(0, 300 * 86_400_000, n),
            "amount": rng.gamma(2, 10, n).round(2),
        }
    )
    draft = draft_study({"log": log})
    (spec,) = draft.study.events
    assert (spec.customer, spec.time, spec.amount) == (who, "time", "amount")
    assert "# cutoff: 2024-12-31 " in draft.text
