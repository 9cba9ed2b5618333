"""What is counted, said and refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from forwhom.documents.study import Events, Lookup
from forwhom.errors import ColumnMissing, DataError, OptionError
from forwhom.features import customer_features
from forwhom.features.counts import digits_for
from forwhom.tables import collect, open_table

MESSY = pa.table(
    {
        "who": ["a", "a", "a", None, "", "b", "b", "c", "c", "c"],
        "at": [
            *("2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-02"),
            *("soon", None, "2024-01-03", "2024-02-01", "0001-01-01"),
        ],
        "paid": [1.0, 1.0, -1.0, 5.0, 5.0, 5.0, 5.0, 0.0, 9.0, 9.0],
    }
)
SPEC = Events(table="sales", customer="who", time="at", amount="paid", cutoff=date(2024, 2, 1))


def features(table, spec=SPEC, **options):
    return customer_features(open_table(table, name="sales"), spec, **options)


def test_everything_left_out_is_counted_once():
    report = features(MESSY).report
    assert (report.rows, report.used) == (10, 4)
    assert (report.missing_customer, report.missing_time) == (2, 1)
    assert (report.unreadable_time, report.after_cutoff) == (2, 1)
    assert (report.refunds, report.zeros, report.duplicates) == (1, 1, 2)
    assert (report.first, report.last) == (datetime(2024, 1, 1), datetime(2024, 1, 3))
    left_out = (
        report.missing_customer + report.missing_time + report.unreadable_time + report.after_cutoff
    )
    assert left_out + report.used == report.rows


def test_notes_are_sentences_with_the_numbers():
    assert features(MESSY).report.notes(1) == [
        "sales: 4 of 10 rows are used; features are as of 2024-02-01 (UTC).",
        "sales: rows without a customer: 2 (20.0%), left out.",
        "sales: rows without a time: 1 (10.0%), left out.",
        "sales: rows with a time that cannot be read (row 6, 10, written like 'aaaa'): 2 (20.0%), "
        "left out.",
        "sales: rows at or after the cut-off: 1 (10.0%), left out.",
        "sales: rows that repeat another in every column: 2 (20.0%), counted all the same.",
        "sales: rows with a negative amount or quantity: 1 (10.0%), returns, taken off the "
        "customer's money.",
        "sales: rows with an amount of zero: 1 (10.0%), counted as lines without money.",
    ]


def sold(times, **changes):
    n = len(times)
    table = {"who": [i % 3 for i in range(n)], "at": times, "paid": [float(i) for i in range(n)]}
    return pa.table(table | changes)


DAYS = [f"2024-01-{1 + i % 28:02d}" for i in range(60)]


def test_what_weakens_the_answer_is_a_warning():
    spec = SPEC.model_copy(update={"cutoff": None})
    rows = sold([*DAYS, "2024-02-30", "9999-12-31", "1900-01-01"])
    found = features(rows, spec).report
    assert found.last == datetime(2024, 1, 28)
    assert found.warnings() == [
        "sales: fewer than 10 of 63 rows have a time that cannot be read (row 61, 62, 63, written "
        "like '0000-00-00') and were left out."
    ]
    [warning] = features(sold([*DAYS, "2098-01-01"]), spec).report.warnings()
    assert "in the future" in warning
    assert "2098" not in warning  # that is one customer's day
    assert features(sold(DAYS), spec).report.warnings() == []


def test_dates_written_in_two_ways_are_refused():
    rows = sold(DAYS + ["13.1.2024", "14.1.2024"] * 10)
    with pytest.raises(DataError, match=r"20 of 80 times in 'at' cannot be read \(row 61, 62, 63"):
        features(rows)


def test_a_lookup_that_finds_nothing_is_refused():
    lookup = open_table(pa.table({"who": [7, 8], "kind": ["x", "y"]}), name="kinds")
    changes = {"category": ["kind"], "lookups": [Lookup(table="kinds", on="who")]}
    with pytest.raises(DataError, match="none of the rows of sales finds a row in kinds"):
        features(sold(DAYS), SPEC.model_copy(update=changes), lookups={"kinds": lookup})


@pytest.mark.parametrize(
    ("paid", "message"),
    [
        (pa.array([None] * 60, pa.string()), "amount column 'paid' holds no values"),
        ([1.0] * 59 + [1e300], "too large to compute with"),
    ],
)
def test_amounts_that_are_none(paid, message):
    with pytest.raises(DataError, match=message):
        features(sold(DAYS, paid=paid))


def test_notes_of_the_table_reach_the_features():
    table = open_table(sold(DAYS), name="sales")
    noted = replace(table, notes=("read as month/day",))
    assert customer_features(noted, SPEC).table.notes == ("read as month/day",)


def test_duplicates_are_dropped_when_the_study_says_so():
    spec = SPEC.model_copy(update={"duplicates": "drop"})
    found = features(MESSY, spec, only=["monetary_value"])
    money = {row["who"]: row["monetary_value"] for row in collect(found.table).to_pylist()}
    assert money == {"a": 0.0, "c": 0.0}
    assert (found.report.rows, found.report.used, found.report.duplicates) == (10, 3, 2)


def test_the_cutoff_is_the_midnight_after_the_last_event_when_left_out():
    table = pa.table({"who": ["a"], "at": [datetime(2024, 5, 1, 15, 30)], "paid": [1.0]})
    found = features(table, SPEC.model_copy(update={"cutoff": None}), only=["recency"])
    assert found.report.cutoff == datetime(2024, 5, 2)
    assert collect(found.table)["recency"].to_pylist() == [1.0]


def test_a_cutoff_within_a_day_and_in_another_zone():
    table = pa.table({"who": ["a", "a"], "at": [datetime(2024, 5, 1, 9), datetime(2024, 5, 1, 11)]})
    cutoff = datetime(2024, 5, 1, 8, tzinfo=UTC)  # 10 o'clock in Berlin
    spec = Events(table="t", customer="who", time="at", cutoff=cutoff, time_zone="Europe/Berlin")
    found = features(table, spec, only=["recency", "lines_per_order"])
    assert (found.report.used, found.report.after_cutoff) == (1, 1)
    assert collect(found.table).to_pylist() == [{"who": "a", "recency": 1.0, "lines_per_order": 1}]


@pytest.mark.parametrize(
    ("changes", "table", "message"),
    [
        ({"cutoff": date(2023, 1, 1)}, MESSY, "cut-off 2023-01-01 is not after the first event"),
        ({}, MESSY.slice(0, 0), "sales has no rows"),
        ({}, MESSY.slice(3, 4), "none of 4 rows can be used"),
        ({"amount": "who"}, MESSY, "amount column 'who' is not a number"),
        ({"time": "paid"}, MESSY, "time column 'paid' holds numbers, from -1 to 9"),
        ({"price": "paid", "amount": None}, MESSY, "but no quantity"),
    ],
)
def test_unusable_events_say_what_to_do(changes, table, message):
    with pytest.raises(DataError, match=message) as caught:
        features(table, SPEC.model_copy(update=changes))
    assert caught.value.advice


def test_notes_tell_of_no_few_customers_and_of_no_single_day():
    days = [f"2024-0{3 + i % 3}-{1 + i % 28:02d}" for i in range(90)]
    rows = sold(["2021-05-06", *days, "2025-07-08"])
    rows = rows.set_column(0, "who", pa.array([i % 30 for i in range(len(rows))]))
    paid = [0.0] * 4 + [-1.0] * 12 + [2.0] * (len(rows) - 16)
    rows = rows.set_column(2, "paid", pa.array(paid))
    report = features(rows, SPEC.model_copy(update={"cutoff": None})).report
    assert report.notes() == [
        "sales: 92 of 92 rows are used, from 2024-03 to 2024-05; features are as of the end of the "
        "last day with one.",
        "sales: rows with a negative amount or quantity: 12 (13.0%), returns, taken off the "
        "customer's money.",
        "sales: rows with an amount of zero: fewer than 10, counted as lines without money.",
    ]
    assert "2025-07-09" in report.notes(1)[0]


def test_text_among_the_amounts_is_told_by_its_form():
    table = MESSY.set_column(2, "paid", pa.array(["1.0"] * 9 + ["free of charge " * 9]))
    with pytest.raises(DataError, match=r"like 'aaaa aa aaaaaa aaaa aa aaaaaa aaaa aa...'"):
        features(table)


def test_a_missing_column_suggests_the_nearest():
    with pytest.raises(ColumnMissing, match="Did you mean 'paid'"):
        features(MESSY, SPEC.model_copy(update={"amount": "payd"}))


def test_unknown_features_and_zones_are_refused():
    with pytest.raises(OptionError, match="Did you mean 'recency'"):
        features(MESSY, only=["recncy"])
    with pytest.raises(OptionError, match="'Europe/Atlantis' is not known"):
        features(MESSY, SPEC.model_copy(update={"time_zone": "Europe/Atlantis"}))


def test_a_customer_column_named_like_a_feature_needs_a_prefix():
    table = MESSY.rename_columns(["recency", "at", "paid"])
    spec = SPEC.model_copy(update={"customer": "recency"})
    with pytest.raises(DataError, match="called like a feature"):
        features(table, spec)
    named = spec.model_copy(update={"name": "shop"})
    assert features(table, named).table.columns[:2] == ["recency", "shop_recency"]


PRODUCTS = pa.table({"sku": [1, 2, None], "kind": ["tea", "pan", "lost"], "who": ["x", "y", "z"]})
BOUGHT = pa.table(
    {"who": ["a", "a", "b", "b"], "sku": [1, 2, 3, None], "paid": [1.0, 3.0, 2.0, 2.0]}
).append_column("at", pa.array([date(2024, 1, 1)] * 4))
JOINED = Events(
    table="sales", customer="who", time="at", amount="paid", item="sku", category=["kind"],
    lookups=[Lookup(table="products", on="sku")],
)  # fmt: skip


def test_a_lookup_brings_categories():
    found = features(BOUGHT, JOINED, lookups={"products": open_table(PRODUCTS, name="products")})
    rows = {row["who"]: row for row in collect(found.table).to_pylist()}
    assert (rows["a"]["kind_share_tea"], rows["a"]["kind_share_pan"]) == (0.25, 0.75)
    assert rows["b"]["kind_share_other"] == 1.0
    assert rows["b"]["distinct_kind"] == 0
    assert rows["b"]["monetary_value"] == 4.0
    assert "sales: 50.0% of the rows found nothing in products." in found.report.notes(1)


def test_shares_of_the_first_category_form_segments_and_others_describe_them():
    spec = SPEC.model_copy(update={"category": ["kind", "place"]})
    sales = pa.table(
        {"who": [1, 2] * 3, "at": [date(2024, 1, 1)] * 6, "paid": [2.0] * 6,
         "kind": ["tea", "pan"] * 3, "place": ["town", "land"] * 3}
    )  # fmt: skip
    uses = {f.name: f.use for f in features(sales, spec).dictionary}
    assert (uses["kind_share_tea"], uses["place_share_town"]) == ("active", "descriptor")


@pytest.mark.parametrize(
    ("days", "use"),  # the fifth of January 2024 was a Friday
    [((4, 5), "descriptor"), ((5, 6), "active"), ((7, 8), "active"), ((6, 7), "descriptor")],
)
def test_weekends_form_segments_where_some_orders_are_on_them(days, use):
    sales = sold([f"2024-01-0{day}" for day in days] * 2)
    [share] = [f for f in features(sales).dictionary if f.name == "weekend_share"]
    assert share.use == use


def test_a_lookup_is_opened_by_its_name(tmp_path):
    path = tmp_path / "products.csv"
    path.write_text("sku,kind\n1,tea\n2,pan\n")
    spec = JOINED.model_copy(update={"lookups": [Lookup(table=str(path), on="sku")]})
    found = features(BOUGHT, spec, only=["kind_share_tea"])
    assert {r["who"]: r["kind_share_tea"] for r in collect(found.table).to_pylist()} == {
        "a": 0.25,
        "b": 0.0,
    }


def test_a_lookup_that_repeats_a_key_is_refused():
    doubled = pa.concat_tables([PRODUCTS, PRODUCTS])
    with pytest.raises(DataError, match="occur more than once"):
        features(BOUGHT, JOINED, lookups={"products": open_table(doubled, name="products")})


def test_a_lookup_without_its_key_is_refused():
    products = open_table(PRODUCTS.drop(["sku"]), name="products")
    with pytest.raises(ColumnMissing, match="no column 'sku' in products"):
        features(BOUGHT, JOINED, lookups={"products": products})


def test_digits_keep_sums_exact():
    assert digits_for(0.0) == digits_for(1e7) == 8
    assert 10 ** digits_for(3e14) * 3e14 <= 2**53
