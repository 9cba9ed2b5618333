"""Features against values computed by hand, on every engine."""

from datetime import date, datetime

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests import spark

from forwhom.documents.study import Events
from forwhom.features import customer_features
from forwhom.tables import collect, open_table

ENGINES = {
    "pyarrow": lambda table: table,
    "pandas": lambda table: table.to_pandas(),
    "polars": pl.from_arrow,
    "polars lazy": lambda table: pl.from_arrow(table).lazy(),
    "duckdb": duckdb.from_arrow,
    "spark": spark.classic,
    "spark connect": spark.connect,
}

# Ann buys on Mondays 1, 8 and 22 January and returns a part of the second order; Bob buys once,
# on Saturday the 27th; Cid only brings something back; Dan comes after the cut-off.
ROWS = [
    ("ann", "o1", datetime(2024, 1, 1, 9), 10.0, 1, "tea", "drinks", "web"),
    ("ann", "o1", datetime(2024, 1, 1, 9), 20.0, 2, "pan", "home", "web"),
    ("ann", "o2", datetime(2024, 1, 8, 13), 15.0, 3, "tea", "drinks", "web"),
    ("ann", "o2", datetime(2024, 1, 8, 13), -5.0, -1, "tea", "drinks", "web"),
    ("ann", "o3", datetime(2024, 1, 22, 20), 15.0, 1, "mug", "home", "shop"),
    ("ann", "o4", datetime(2024, 1, 22, 21), 0.0, 1, "bag", None, "shop"),
    ("bob", "o5", datetime(2024, 1, 27, 12), 50.0, 5, "pan", "home", "shop"),
    ("cid", "o6", datetime(2024, 1, 20, 12), -7.0, -1, "mug", "home", "shop"),
    ("dan", "o7", datetime(2024, 1, 31, 0), 9.0, 1, "mug", "home", "shop"),
]
NAMES = ["who", "order_no", "at", "paid", "units", "sku", "kind", "store"]
SPEC = Events(
    table="sales",
    customer="who",
    time="at",
    amount="paid",
    quantity="units",
    order="order_no",
    item="sku",
    category=["kind"],
    channel="store",
    cutoff=date(2024, 1, 31),
)
MONTH = 30.4375


def sales(rows=ROWS):
    columns = dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=False))
    return pa.table(columns)


def features(table, spec=SPEC, **options):
    found = customer_features(open_table(table, name="sales"), spec, **options)
    rows = collect(found.table).to_pylist()
    return {row[spec.customer]: row for row in rows}, found


@pytest.mark.parametrize("engine", ENGINES)
def test_every_feature_by_hand_on_every_engine(engine):
    by_customer, found = features(ENGINES[engine](sales()))
    assert sorted(by_customer) == ["ann", "bob", "cid"]
    ann = {
        "who": "ann",
        "recency": 9.0,
        "frequency": 4,
        "tenure": 30.0,
        "orders_per_month": 4.0,
        "monetary_value": 55.0,
        "average_order_value": 15.0,
        "mean_gap": 10.5,
        "median_gap": 10.5,
        "gap_variation": pytest.approx(24.5**0.5 / 10.5),
        "trend": pytest.approx(1 / 3),
        "lines_per_order": 1.25,
        "units_per_order": 2.0,
        "distinct_items": 4,
        "return_share": pytest.approx(1 / 6),
        "any_return": 1,
        "return_money_share": pytest.approx(5 / 60),
        "lines": 5,
        "distinct_kind": 2,
        "kind_share_home": pytest.approx(35 / 60),
        "kind_share_drinks": pytest.approx(25 / 60),
        "kind_share_other": 0.0,
        "channels": 2,
        "main_channel_share": 0.5,
        "other_channels_share": 0.5,
        "weekend_share": 0.0,
        "morning_share": 0.25,
        "afternoon_share": 0.25,
        "evening_share": 0.5,
        "clv_frequency": 2,
        "clv_recency": 21,
        "clv_T": 29,
        "clv_monetary_value": 15.0,
    }
    assert by_customer["ann"] == ann
    assert list(ann)[1:] == [feature.name for feature in found.dictionary]


def test_one_order_has_no_gap_and_no_habit():
    bob = features(sales())[0]["bob"]
    assert bob["recency"] == bob["tenure"] == 4.0
    assert bob["orders_per_month"] == 1.0
    absent = {name for name, value in bob.items() if value is None}
    assert absent == {
        *("mean_gap", "median_gap", "gap_variation", "trend", "main_channel_share"),
        *("other_channels_share", "weekend_share"),
        *("morning_share", "afternoon_share", "evening_share"),
    }
    assert (bob["clv_frequency"], bob["clv_recency"], bob["clv_monetary_value"]) == (0, 0, 0.0)


def test_a_customer_with_returns_alone_has_a_row():
    cid = features(sales())[0]["cid"]
    told = {name: value for name, value in cid.items() if value is not None}
    assert told == {
        "who": "cid",
        "frequency": 0,
        "monetary_value": -7.0,
        "return_share": 1.0,
        "any_return": 1,
        "distinct_items": 0,
        "lines": 0,
        "distinct_kind": 0,
        "channels": 0,
    }


def test_dropped_refunds_leave_money_alone_and_still_count_as_returns():
    by_customer, _ = features(sales(), SPEC.model_copy(update={"refunds": "drop"}))
    assert by_customer["ann"]["monetary_value"] == 60.0
    assert by_customer["ann"]["return_share"] == pytest.approx(1 / 6)
    assert by_customer["cid"]["monetary_value"] == 0.0


def test_without_orders_a_day_is_an_order():
    spec = SPEC.model_copy(update={"order": None})
    by_customer, found = features(sales(), spec)
    ann = by_customer["ann"]
    assert (ann["frequency"], ann["average_order_value"]) == (3, 20.0)
    assert ann["main_channel_share"] == pytest.approx(2 / 3)
    assert found.dictionary[1].label == "Number of purchase days"


def test_rows_without_an_order_are_one_order_a_day():
    rows = [(who, None if order in {"o3", "o4"} else order, *rest) for who, order, *rest in ROWS]
    by_customer, found = features(sales(rows))
    assert by_customer["ann"]["frequency"] == 3
    assert by_customer["ann"]["clv_frequency"] == 2
    assert found.report.missing_order == 2


def test_visits_have_no_money():
    visits = sales().select(["who", "at", "store"])
    spec = Events(table="visits", customer="who", time="at", channel="store", name="visits")
    by_customer, found = features(visits, spec)
    names = list(by_customer["ann"])
    assert not [name for name in names if "value" in name or "return" in name]
    assert all(name.startswith("visits_") for name in names[1:])
    assert by_customer["ann"]["visits_frequency"] == 3
    assert by_customer["ann"]["visits_lines_per_order"] == 2.0
    assert found.dictionary[0].label == "Time since last event (visits)"
    active = [f.name.removeprefix("visits_") for f in found.dictionary if f.use == "active"]
    assert "lines_per_order" in active


def test_shares_name_their_whole_and_the_feature_that_counts_its_items():
    _, found = features(sales(), SPEC.model_copy(update={"name": "shop"}))
    wholes = {f.name: (f.whole, f.items) for f in found.dictionary if f.whole is not None}
    kinds = [f"shop_kind_share_{level}" for level in ("home", "drinks", "other")]
    times = [f"shop_{part}_share" for part in ("morning", "afternoon", "evening")]
    assert wholes == {
        **dict.fromkeys(kinds, ("shop_kind", "shop_lines")),
        **dict.fromkeys(times, ("shop_part_of_day", "shop_frequency")),
    }
    assert {items for _, items in wholes.values()} <= {f.name for f in found.dictionary}


@pytest.mark.parametrize(("unit", "days"), [("week", 7), ("month", MONTH)])
def test_units_of_time(unit, days):
    spec = SPEC.model_copy(update={"time_unit": unit})
    ann = features(sales(), spec)[0]["ann"]
    assert ann["recency"] == pytest.approx(9 / days)
    assert ann["mean_gap"] == pytest.approx(10.5 / days)
    expected = {"week": (2, 3, 4, 15.0), "month": (0, 0, 0, 0.0)}[unit]
    names = ("clv_frequency", "clv_recency", "clv_T", "clv_monetary_value")
    assert tuple(ann[name] for name in names) == expected


@pytest.mark.parametrize(("unit", "days"), [("week", 7), ("month", MONTH)])
def test_whatever_is_told_in_days_is_told_in_the_other_unit(unit, days):
    by_day, _ = features(sales())
    other, found = features(sales(), SPEC.model_copy(update={"time_unit": unit}))
    timed = [f.name for f in found.dictionary if f.unit == f"{unit}s" and f.role is None]
    timed = [name for name in timed if not name.startswith("clv_")]  # calendar periods
    assert {"median_gap", "mean_gap", "tenure"} <= set(timed)
    for who, row in other.items():
        for name in timed:
            known = by_day[who][name]
            assert row[name] == (None if known is None else pytest.approx(known / days))


def test_gaps_vary_from_three_days_on_and_trends_from_two_later_orders():
    def of(*days):
        rows = [("a", str(day), datetime(2024, 1, day), 1.0) for day in days]
        spec = SPEC.model_copy(
            update={"quantity": None, "item": None, "category": [], "channel": None}
        )
        return features(sales(rows), spec)[0]["a"]

    assert of(1, 3)["gap_variation"] is None
    assert of(1, 3)["trend"] is None
    assert of(1, 3, 8)["gap_variation"] == pytest.approx(4.5**0.5 / 3.5)
    assert of(1, 3, 8)["median_gap"] == 3.5


def test_months_are_calendar_months():
    rows = [("a", "1", datetime(2023, 12, 31), 5.0), ("a", "2", datetime(2024, 1, 1), 7.0),
            ("a", "3", datetime(2024, 3, 30), 9.0)]  # fmt: skip
    spec = SPEC.model_copy(
        update={"time_unit": "month", "cutoff": date(2024, 5, 1), "quantity": None}
        | {"item": None, "category": [], "channel": None}
    )
    a = features(sales(rows), spec)[0]["a"]
    assert [a[f"clv_{name}"] for name in ("frequency", "recency", "T")] == [2, 3, 4]
    assert a["clv_monetary_value"] == 8.0


def test_lifetime_value_statistics_of_a_published_example():
    """The example of the lifetimes package: summary_data_from_transaction_data."""
    rows = [
        (1, "2015-01-01", 1), (1, "2015-02-06", 2), (2, "2015-01-01", 2), (3, "2015-01-01", 3),
        (3, "2015-01-02", 1), (3, "2015-01-05", 5), (4, "2015-01-16", 6), (4, "2015-02-02", 3),
        (4, "2015-02-05", 3), (5, "2015-01-16", 3), (5, "2015-01-17", 1), (5, "2015-01-18", 8),
        (6, "2015-02-02", 5),
    ]  # fmt: skip
    table = pa.table(dict(zip(["id", "date", "spend"], zip(*rows, strict=True), strict=True)))
    spec = Events(table="t", customer="id", time="date", amount="spend")
    found, _ = features(table, spec, through=date(2015, 2, 7))
    names = ("clv_frequency", "clv_recency", "clv_T", "clv_monetary_value")
    assert {who: tuple(row[name] for name in names) for who, row in found.items()} == {
        1: (1, 36, 37, 2.0),
        2: (0, 0, 37, 0.0),
        3: (2, 4, 37, 3.0),
        4: (2, 20, 22, 3.0),
        5: (2, 2, 22, 4.5),
        6: (0, 0, 5, 0.0),
    }


def test_trend_runs_from_fading_to_growing():
    def trend(*days):
        rows = [("a", str(day), datetime(2024, 1, day), 1.0) for day in days]
        spec = SPEC.model_copy(
            update={"quantity": None, "item": None, "category": [], "channel": None}
        )
        return features(sales(rows), spec)[0]["a"]["trend"]

    assert trend(1, 3, 5) == -1.0
    assert trend(1, 20, 25) == 1.0
    assert trend(1, 5, 25) == 0.0
    assert trend(1, 16, 25) is None  # the middle day is in neither half
    assert trend(1, 25) is None


def test_price_times_quantity_is_the_amount():
    table = sales().set_column(3, "paid", pa.array([5.0, 5, 5, 5, 5, 5, 5, 5, 5]))
    spec = SPEC.model_copy(update={"amount": None, "price": "paid"})
    by_customer, _ = features(table, spec)
    assert by_customer["ann"]["monetary_value"] == 5.0 * (1 + 2 + 3 - 1 + 1 + 1)


def test_a_positive_amount_of_a_negative_quantity_is_money_back():
    rows = [(*row[:3], abs(row[3]), *row[4:]) for row in ROWS]
    by_customer, _ = features(sales(rows))
    assert by_customer["ann"]["monetary_value"] == 55.0


def test_missing_and_infinite_amounts_are_not_money():
    rows = [(*row[:3], float("inf") if row[0] == "bob" else row[3], *row[4:]) for row in ROWS]
    rows[0] = (*rows[0][:3], None, *rows[0][4:])
    by_customer, found = features(sales(rows))
    assert found.report.missing_amount == 2
    assert by_customer["bob"]["monetary_value"] is None
    assert by_customer["bob"]["average_order_value"] is None
    assert by_customer["bob"]["frequency"] == 1
    assert by_customer["ann"]["monetary_value"] == 45.0


def test_only_computes_what_is_wanted():
    by_customer, found = features(sales(), only={"monetary_value", "recency"})
    assert by_customer["ann"] == {"who": "ann", "recency": 9.0, "monetary_value": 55.0}
    assert [feature.name for feature in found.dictionary] == ["recency", "monetary_value"]


def test_each_feature_alone_is_the_same_as_among_all():
    together, found = features(sales())
    for feature in found.dictionary:
        alone, _ = features(sales(), only=[feature.name])
        assert alone["ann"][feature.name] == together["ann"][feature.name], feature.name
        assert alone["cid"][feature.name] == together["cid"][feature.name], feature.name


def test_levels_of_another_period_can_be_kept():
    _, found = features(sales())
    assert found.levels == {"kind": ("home", "drinks")}
    later, _ = features(sales(), levels={"kind": ("drinks", "books")})
    assert later["ann"]["kind_share_drinks"] == pytest.approx(25 / 60)
    assert later["ann"]["kind_share_books"] == 0.0
    assert later["ann"]["kind_share_other"] == pytest.approx(35 / 60)


def test_names_of_levels_are_clean_and_distinct():
    kinds = ["Käse & Co.", "kase co", "other", "drinks", "Чай", "!!", "!!", "home", "home"]
    rows = [(*row[:6], kind, row[7]) for row, kind in zip(ROWS, kinds, strict=True)]
    _, found = features(sales(rows), SPEC.model_copy(update={"refunds": "drop"}))
    names = [f.name for f in found.dictionary if f.name.startswith("kind_share")]
    assert sorted(names) == [
        "kind_share_blank", "kind_share_kase_co", "kind_share_kase_co_2", "kind_share_other",
        "kind_share_other_2", "kind_share_чай",
    ]  # fmt: skip
    assert any(f.label == "Share of spend: Käse & Co. (kind)" for f in found.dictionary)


def test_small_levels_and_levels_beyond_the_largest_are_other():
    rows = [("a", str(i), datetime(2024, 1, 1), 1.0 + i / 100, 1, "x", f"level {i:02}", "w")
            for i in range(20)]  # fmt: skip
    rows += [("a", "99", datetime(2024, 1, 1), 0.2, 1, "x", "tiny", "w")]
    by_customer, found = features(sales(rows))
    assert found.levels["kind"] == tuple(f"level {i:02}" for i in range(19, 7, -1))
    shares = [v for name, v in by_customer["a"].items() if name.startswith("kind_share")]
    assert len(shares) == 13
    assert sum(shares) == pytest.approx(1.0)


def test_the_dictionary_explains_every_feature():
    _, found = features(sales())
    for feature in found.dictionary:
        assert feature.definition.endswith((".", ".)")), feature
        assert feature.label[0].isupper(), feature
        assert feature.basis == "behavioral"
    assert [f.name for f in found.dictionary if f.use == "active"] == [
        "recency", "orders_per_month", "average_order_value", "trend", "return_share",
        "distinct_kind", "kind_share_home", "kind_share_drinks", "kind_share_other",
        "other_channels_share", "weekend_share",
    ]  # fmt: skip


def test_values_suit_their_measure():
    by_customer, found = features(sales())
    for feature in found.dictionary:
        values = [row[feature.name] for row in by_customer.values()]
        if feature.measure in {"positive", "count"}:
            assert all(value is None or value >= 0 for value in values), feature.name


def test_pandas_frames_may_hold_nan_customers():
    frame = pd.DataFrame(ROWS, columns=NAMES)
    frame["who"] = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, float("nan"), 3.0]
    by_customer, found = features(frame)
    assert sorted(by_customer) == [1.0, 2.0]
    assert found.report.missing_customer == 1


def test_a_level_that_few_customers_bought_is_not_named():
    rows = [(f"c{i}", f"o{i}", datetime(2024, 1, 2), 1.0, 1, "x", "tea", "web") for i in range(20)]
    rows += [("ada", "o99", datetime(2024, 1, 3), 500.0, 1, "x", "onlyAda", "web")]
    _, found = features(sales(rows), least=10)
    assert found.levels == {"kind": ("tea",)}
    assert not any("ada" in name for name in found.table.columns)
    _, every = features(sales(rows))
    assert every.levels == {"kind": ("onlyAda", "tea")}


def test_known_levels_are_found_as_another_engine_prints_them():
    rows = [(*row[:6], kind, row[7]) for row, kind in zip(ROWS, "111222222", strict=True)]
    plain, _ = features(sales(rows), levels={"kind": ["1", "2"]})
    for other in ("1.0", " 1", "01"):
        changed = [(*row[:6], row[6].replace("1", other), row[7]) for row in rows]
        found, _ = features(sales(changed), levels={"kind": ["1", "2"]})
        assert found == plain
    truths = [(*row[:6], row[6] == "1", row[7]) for row in rows]
    found, _ = features(sales(truths), levels={"kind": ["True", "False"]})
    assert found["ann"]["kind_share_true"] == plain["ann"]["kind_share_1"]


def test_time_may_count_in_calendar_years() -> None:
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 6, 1), date(2022, 3, 1)]
    sales = pa.table({"who": ["a"] * 4, "when": days, "paid": [5.0, 10.0, 20.0, 40.0]})
    spec = Events(table="sales", customer="who", time="when", amount="paid", time_unit="year")
    [row] = collect(customer_features(open_table(sales), spec).table).to_pylist()
    assert (row["clv_frequency"], row["clv_recency"], row["clv_T"]) == (2, 3, 3)
    assert row["clv_monetary_value"] == pytest.approx(35.0)
