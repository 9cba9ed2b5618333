"""Amounts in several currencies are converted by given rates, or refused; never added up."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from forwhom.customers.currencies import currency_column
from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table
from forwhom.customers.opening import Tables
from forwhom.customers.preparation import prepare
from forwhom.documents.studyfile import parse_study
from forwhom.errors import DataError
from forwhom.tables import open_table, profile_table

LINES = pa.table(
    {
        "customer_id": ["a", "a", "b", "c", "d"],
        "date": [f"2024-03-{day:02}" for day in (1, 9, 2, 3, 4)],
        "amount": [10.0, 20.0, 1000.0, 5.0, 7.0],
        "currency": ["EUR", "EUR", "JPY", "EUR", "JPY"],
    }
)
STUDY = """
forwhom: 1
events:
  - table: lines
    customer: customer_id
    time: date
    amount: amount
"""


@pytest.mark.parametrize(
    ("name", "values", "codes"),
    [
        ("currency", ["EUR", "JPY"], {"EUR", "JPY"}),
        ("ccy", ["PEN", "CUP"], {"PEN", "CUP"}),
        ("x", ["usd", "gbp"], {"USD", "GBP"}),
        ("devise", ["€", "$"], {"EUR", "USD"}),
        ("Currency", ["Euro", "Pounds"], {"EUR", "GBP"}),
        ("currency", ["EUR", "EUR "], None),
        ("channel", ["ALL", "TOP"], None),
        ("country", ["US", "DE"], None),
        ("currency", ["EUR", "store"], None),
    ],
)
def test_a_column_of_currencies_is_known(name: str, values: list[str], codes: set[str] | None):
    table = open_table(pa.table({name: values * 20}))
    found = currency_column(table, profile_table(table))
    assert (None if found is None else set(found[1].values())) == codes


def test_two_currencies_are_refused_with_what_to_do():
    with pytest.raises(DataError, match="cannot be added up; no rate is known for EUR and JPY"):
        prepare(parse_study(STUDY), Tables(given={"lines": LINES}))
    study = parse_study(STUDY + "    currency: EUR\n")
    with pytest.raises(DataError, match="no rate is known for JPY") as refused:
        prepare(study, Tables(given={"lines": LINES}))
    assert "rates: {JPY: …}" in str(refused.value)


def test_amounts_are_converted_by_the_rates_of_the_study():
    rates = "    currency: EUR\n    currencies: {column: currency, rates: {JPY: 0.01}}\n"
    ready = prepare(parse_study(STUDY + rates), Tables(given={"lines": LINES}))
    spent = dict(zip(ready.ids.to_pylist(), ready.columns["monetary_value"].values, strict=True))
    assert spent == pytest.approx({"a": 30.0, "b": 10.0, "c": 5.0, "d": 0.07})


def test_one_currency_needs_no_rate():
    alone = LINES.filter(pa.compute.equal(LINES["currency"], "EUR"))
    prepare(parse_study(STUDY), Tables(given={"lines": alone}))


def test_a_draft_names_the_column_and_leaves_the_rates_to_a_person():
    draft = draft_study({"lines": LINES})
    assert draft.study.events[0].currencies is not None
    assert "    currencies: {column: currency}" in draft.text
    assert "rates: {JPY" in draft.text
    assert parse_study(draft.text).events == draft.study.events


def test_customers_with_money_in_several_currencies_are_refused():
    people = pa.table(
        {"spend": [1.5 * i for i in range(40)], "visits": [i % 7 for i in range(40)],
         "currency": ["USD", "EUR"] * 20}
    )  # fmt: skip
    study = "forwhom: 1\ncustomers: {table: people}\n"
    with pytest.raises(DataError, match="people: spend is in several currencies"):
        prepare(parse_study(study), Tables(given={"people": people}))
    study += "variables: {spend: {use: ignore}}\n"
    assert "spend" not in prepare(parse_study(study), Tables(given={"people": people})).columns


def test_signs_of_several_currencies_are_said_with_their_rows(tmp_path: Path):
    cells = ["€ 5.20", "€ 7", "$3.10", "€ 1", "$ 4", "€ 9.99", "€ 3", "$8"]
    path = tmp_path / "sales.csv"
    path.write_text("who,amount\n" + "".join(f"c{i},{cell}\n" for i, cell in enumerate(cells)))
    [note] = [note for note in open_table(path).notes if "currencies" in note]
    assert "5 in € (row 1, 2, 4, ...) and 3 in $ (row 3, 5, 8); row 1 is the first" in note
    assert "added up, so the column was read as text. Convert them" in note


SALES = pa.table(
    {
        "customer_id": ["a", "a", "b", "c", "d"],
        "date": [f"2024-03-{day:02}" for day in (1, 9, 2, 3, 4)],
        "shop": [1, 1, 2, 1, 2],
        "amount": [10.0, 20.0, 1000.0, 5.0, 7.0],
    }
)
SHOPS = pa.table({"shop": [1, 2, 3], "currency": ["EUR", "JPY", "EUR"], "price": [2.0, 200.0, 1.0]})
PEOPLE = pa.table(
    {"id": ["a", "b", "c", "d"], "age": [31, 44, 58, 29], "currency": ["EUR", "JPY", "EUR", "JPY"]}
)
RATES = "    currency: EUR\n    currencies: {column: currency, rates: {JPY: 0.01}}\n"
JOINED = STUDY + "    lookups: [{table: shops, on: shop}]\n"
OF_PEOPLE = STUDY + "customers: {table: people, id: id}\n"


def _spent(study: str, **given: pa.Table) -> dict[str, float]:
    ready = prepare(parse_study(study), Tables(given=given))
    return dict(zip(ready.ids.to_pylist(), ready.columns["monetary_value"].values, strict=True))


@pytest.mark.parametrize(
    ("study", "beside", "where"),
    [
        (JOINED, {"shops": SHOPS}, "'currency' of shops"),
        (OF_PEOPLE, {"people": PEOPLE}, "'currency' of people"),
    ],
)
def test_a_currency_in_a_table_beside_the_amounts_is_noticed(study, beside, where):
    with pytest.raises(DataError, match=f"'amount' is in several currencies .*{where}"):
        _spent(study, lines=SALES, **beside)
    head, _, customers = study.partition("customers:")
    rated = head + RATES + (f"customers:{customers}" if customers else "")
    spent = _spent(rated, lines=SALES, **beside)
    assert spent == pytest.approx({"a": 30.0, "b": 10.0, "c": 5.0, "d": 0.07})


def test_a_price_that_stands_beside_the_currency_is_converted():
    lines = SALES.rename_columns(["customer_id", "date", "shop", "units"])
    study = JOINED.replace("    amount: amount\n", "    quantity: units\n    price: price\n")
    spent = _spent(study + RATES, lines=lines, shops=SHOPS)
    assert spent == pytest.approx({"a": 60.0, "b": 2000.0, "c": 10.0, "d": 14.0})


def test_events_in_one_currency_need_no_rate_whatever_customers_prefer():
    lines = SALES.append_column("ccy", pa.array(["EUR"] * 5))
    assert _spent(OF_PEOPLE, lines=lines, people=PEOPLE)["b"] == 1000.0


def test_a_draft_finds_the_currency_beside_the_amounts():
    many = pa.concat_tables([SALES] * 6)
    for beside in (
        {"shops": SHOPS},
        {"people": PEOPLE.rename_columns(["customer_id", "age", "currency"])},
    ):
        draft = draft_study({"lines": many, **beside})
        assert draft.study.events[0].currencies is not None, beside.keys()
        assert parse_study(draft.text).events == draft.study.events


def test_money_of_customers_in_the_currency_of_another_table_is_refused():
    money = pa.table({"id": list("abcd"), "spend": [1.5, 2.5, 8.0, 9.25]})
    study = "forwhom: 1\ncustomers: {table: money, id: id}\ntables: [{table: people, id: id}]\n"
    with pytest.raises(DataError, match=r"spend is in several currencies .*'currency' of people"):
        prepare(parse_study(study), Tables(given={"money": money, "people": PEOPLE}))


def test_a_currency_that_no_table_has_is_said():
    study = STUDY + "    currency: EUR\n    currencies: {column: curency, rates: {JPY: 0.01}}\n"
    with pytest.raises(DataError, match="no column 'curency' in lines"):
        prepare(parse_study(study), Tables(given={"lines": LINES}))


@pytest.mark.parametrize(
    ("more", "amount", "unit"),
    [
        ({"Currency": ["eur"] * 5}, "amount", "EUR"),
        ({"Currency": ["EUR"] * 5}, "amount_usd", "USD"),
        ({}, "amount_chf", "CHF"),
        ({"Currency": ["EUR"] * 5, "Converted currency": ["USD"] * 5}, "amount", "EUR"),
        ({"Currency": ["EUR"] * 5, "Converted currency": ["USD"] * 5}, "Converted amount", "USD"),
        ({}, "amount", None),
    ],
)
def test_the_only_currency_is_the_unit_of_the_money(
    more: dict[str, list[str]], amount: str, unit: str | None
) -> None:
    lines = LINES.drop_columns(["currency"]).rename_columns(["customer_id", "date", amount])
    for name, values in more.items():
        lines = lines.append_column(name, [values])
    draft = draft_study({"lines": lines})
    assert draft.study.events[0].currency == unit
    said = f"    currency: {unit}  " if unit else "    # currency: USD  "
    assert said in draft.text


@pytest.mark.parametrize("converted", [True, False])
def test_converted_amounts_are_not_in_the_currency_in_which_they_were_paid(converted: bool) -> None:
    lines = LINES.rename_columns(["customer_id", "date", "Converted amount", "Currency"])
    if converted:
        lines = lines.append_column("Converted currency", [["usd"] * 5])
    draft = draft_study({"lines": lines})
    assert draft.study.events[0].currencies is None
    assert draft.study.events[0].currency == ("USD" if converted else None)
    assert features_table({"lines": lines}, draft.study).table.num_rows == 4


@pytest.mark.parametrize(
    ("written", "unit"),
    [("{},50 €", "EUR"), ("CHF {}.50", "CHF"), ("{}円", "JPY"), ("${}.50", None), ("{}.50", None)],
)
def test_the_sign_beside_the_money_is_its_unit(
    written: str, unit: str | None, tmp_path: Path
) -> None:
    rows = [f"c{i % 9};2024-03-{1 + i % 28:02};{written.format(10 + i)}" for i in range(40)]
    (tmp_path / "a.csv").write_text("\n".join(["customer_id;date;amount", *rows]), encoding="utf-8")
    draft = draft_study(tmp_path / "a.csv")
    assert draft.study.events[0].currency == unit
