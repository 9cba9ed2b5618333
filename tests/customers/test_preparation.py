"""From a study to prepared customers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.opening import Tables
from forwhom.customers.preparation import Customers, prepare
from forwhom.documents.studyfile import parse_study
from forwhom.errors import ColumnMissing, DataError, OptionError

PEOPLE = "forwhom: 1\ncustomers: {table: people, id: customer_id}\n"
SALES = (
    "forwhom: 1\nevents:\n"
    "  - {table: sales, customer: customer, time: bought_at, amount: paid, item: item}\n"
)


def prepared(study: str, **tables: pa.Table) -> Customers:
    return prepare(parse_study(study), Tables(given=tables))


def use_of(found: Customers) -> dict[str, str]:
    return {v.name: v.use for v in found.variables}


def test_customers_come_in_the_order_of_their_id(customers):
    found = prepared(PEOPLE, people=customers)
    assert found.ids.to_pylist() == sorted(customers["customer_id"].to_pylist())
    where = customers["customer_id"].to_pylist().index("00007")
    assert found.columns["spend"].values[7] == customers["spend"][where].as_py()


def test_what_the_study_leaves_out_is_inferred(customers):
    found = prepared(PEOPLE, people=customers)
    assert use_of(found) == {
        "visits": "active",
        "spend": "active",
        "channel": "active",
        "age": "descriptor",
    }
    assert found.measures["visits"] == "count"


def test_the_study_comes_first(customers):
    study = PEOPLE + (
        "variables:\n  age: {use: active, measure: continuous, label: Years}\n"
        "  channel: {use: protected}\n  spend: {use: ignore}\n"
    )
    found = prepared(study, people=customers)
    assert use_of(found) == {"visits": "active", "channel": "protected", "age": "active"}
    assert next(v.label for v in found.variables if v.name == "age") == "Years"
    assert {o.name: o.why for o in found.left_out} == {"spend": "the study says to ignore it"}


def test_a_study_that_ignores_what_inference_would_gives_the_reason_of_the_data(customers):
    dated = customers.append_column(
        "since", pa.array([date(2024, 1, 1 + i % 28) for i in range(len(customers))])
    )
    study = PEOPLE + "variables:\n  since: {use: ignore}\n"
    assert prepared(study, people=dated).left_out[0].why.startswith("A date;")


def test_what_repeats_another_variable_describes_but_forms_nothing(customers):
    doubled = customers.append_column(
        "spend_in_cents", pa.array(customers["spend"].to_numpy() * 100)
    )
    found = prepared(PEOPLE, people=doubled)
    assert use_of(found)["spend"] == "active"
    assert use_of(found)["spend_in_cents"] == "descriptor"
    assert "nearly the same as spend" in next(
        o.why for o in found.left_out if o.name == "spend_in_cents"
    )


def test_what_the_study_names_stays_active_and_its_double_gives_way(customers):
    doubled = customers.append_column(
        "spend_in_cents", pa.array(customers["spend"].to_numpy() * 100)
    )
    study = PEOPLE + "variables:\n  spend_in_cents: {use: active}\n"
    assert use_of(prepared(study, people=doubled))["spend"] == "descriptor"


def test_weights_weigh_and_are_no_variable(customers):
    weighted = customers.append_column("w", pa.array(np.arange(300) / 100))
    found = prepared(PEOPLE + "variables:\n  w: {use: weight}\n", people=weighted)
    assert found.weight_name == "w"
    assert found.weights is not None
    # Only the proportions of sampling weights count, so they sum to their effective number.
    given = np.arange(300)
    assert found.weights.sum() == pytest.approx(given.sum() ** 2 / (given**2).sum())
    assert found.n_effective == pytest.approx(found.weights.sum(), abs=0.01)
    assert any("scaled to sum to 225, the number" in note for note in found.notes)
    assert sorted(found.weights)[200] == pytest.approx(2 * sorted(found.weights)[100])
    assert "w" not in found.columns


def test_two_columns_with_weights_are_refused(customers):
    weighted = customers.append_column("w", pa.array(np.ones(300))).append_column(
        "weight", pa.array(np.ones(300))
    )
    study = PEOPLE + "variables:\n  w: {use: weight}\n  weight: {use: weight}\n"
    with pytest.raises(ValueError, match="weight"):
        prepared(study, people=weighted)


def test_events_become_features_of_their_customers(sales):
    found = prepared(SALES, sales=sales)
    assert len(found) == 200
    assert found.id_name == "customer"
    assert {"recency", "frequency", "monetary_value"} <= set(found.columns)
    assert found.sources[0].rows == len(sales)
    assert any("rows are used" in note for note in found.notes)


def test_customers_decide_who_takes_part(sales):
    some = pa.table({"customer": [0, 1, 2, 500], "vip": ["yes", "no", "yes", "no"]})
    study = SALES + "customers: {table: some, id: customer}\n"
    found = prepared(study, sales=sales, some=some)
    assert found.ids.to_pylist() == [0, 1, 2, 500]
    assert np.isnan(found.columns["frequency"].values[3])
    said = " ".join(found.notes)
    assert "1 of 4 customers are not in" in said
    assert "197 customers in" in said


def test_more_tables_describe_the_customers_of_events(sales):
    more = pa.table({"id": ["0", "1", "900"], "tier": ["gold", "blue", "blue"]})
    study = SALES + "tables: [{table: more, id: id}]\nvariables: {tier: {use: descriptor}}\n"
    found = prepared(study, sales=sales, more=more)
    assert len(found) == 200
    tier = found.columns["tier"]
    assert tier.values[:3].tolist() == [tier.levels.index("gold"), tier.levels.index("blue"), -1]


def test_a_column_in_two_tables_is_read_from_the_first(customers):
    again = pa.table({"customer_id": customers["customer_id"], "age": customers["visits"]})
    study = PEOPLE + "tables: [{table: again, id: customer_id}]\n"
    found = prepared(study, people=customers, again=again)
    assert found.columns["age"].values.max() > 40
    assert any("people has it" in o.why for o in found.left_out)


def test_the_cutoff_can_be_replaced(sales):
    from datetime import date

    tables = Tables(given={"sales": sales})
    early = prepare(parse_study(SALES), tables, cutoff=date(2024, 3, 1))
    assert early.columns["frequency"].values.max() < 30
    assert any("2024-03-01" in note for note in early.notes)


def test_a_variable_that_no_table_has_is_refused_with_its_place(customers):
    with pytest.raises(ColumnMissing, match=r"study:4:3.*'vists'.*'visits'"):
        prepared(PEOPLE + "variables:\n  vists: {use: active}\n", people=customers)


def test_a_constant_that_nobody_asked_for_is_left_out(customers):
    constant = customers.append_column("country", pa.array(["IT"] * 300))
    found = prepared(PEOPLE, people=constant)
    assert "country" not in found.columns
    assert "country" in {o.name for o in found.left_out}


def test_a_constant_that_the_study_makes_active_is_refused(customers):
    constant = customers.append_column("orders", pa.array([3] * 300))
    with pytest.raises(DataError, match=r"'orders' is to form segments.*same value"):
        prepared(PEOPLE + "variables:\n  orders: {use: active, measure: count}\n", people=constant)


def test_nothing_active_is_refused_with_reasons(customers):
    only = customers.select(["customer_id", "age"])
    with pytest.raises(DataError, match=r"no variable can form segments.*age is a descriptor"):
        prepared(PEOPLE, people=only)


def test_the_levels_of_categories_are_kept_for_new_data(sales):
    study = SALES.replace("item: item", "item: item, category: [item]")
    found = prepared(study, sales=sales)
    assert found.study is not None
    assert sorted(found.study.events[0].levels["item"]) == ["0", "1", "2", "3", "4"]


def test_a_table_given_twice_is_read_once(customers):
    study = PEOPLE + "tables: [{table: people, id: customer_id}]\n"
    found = prepared(study, people=customers)
    assert len(found.variables) == 4
    assert {o.name for o in found.left_out} >= {"visits", "spend", "channel", "age"}


def test_tables_with_the_same_file_name_do_not_share_variables(customers):
    study = (
        "forwhom: 1\ncustomers: {table: a/people.csv, id: customer_id}\n"
        "tables: [{table: b/people.csv, id: customer_id}]\n"
    )
    found = prepared(study, **{"a/people.csv": customers, "b/people.csv": customers})
    assert len(found.variables) == 4


@pytest.mark.parametrize("basis", ["", ", basis: demographic"])
def test_a_protected_attribute_never_forms_segments(customers, basis):
    people = customers.rename_columns(["customer_id", "visits", "spend", "gender", "age"])
    study = PEOPLE + f"variables:\n  gender: {{use: active{basis}}}\n"
    with pytest.raises(DataError, match=r"^study:4:3: 'gender' is to form") as caught:
        prepared(study, people=people)
    assert "'use: protected'" in caught.value.advice
    assert prepared(PEOPLE, people=people).warnings == []


def test_what_is_only_called_like_a_protected_attribute_may_form_segments(customers):
    people = customers.rename_columns(["customer_id", "visits", "spend_women", "shop", "age"])
    study = PEOPLE + "variables:\n  spend_women: {use: active, basis: behavioral}\n"
    found = prepared(study, people=people)
    assert use_of(found)["spend_women"] == "active"
    assert "the study says that it is behavioral" in found.warnings[0]


def test_levels_that_the_study_does_not_know_are_said(customers):
    study = PEOPLE + "variables:\n  channel: {levels: [online, phone]}\n"
    assert any("'store'" in note for note in prepared(study, people=customers).notes)
    study = PEOPLE + "variables:\n  channel: {levels: [fax, phone]}\n"
    with pytest.raises(DataError, match="none of the values of 'channel'") as caught:
        prepared(study, people=customers)
    assert "'online'" in caught.value.advice


def test_the_id_may_be_declared_as_an_id(customers):
    study = PEOPLE + "variables:\n  customer_id: {use: id}\n"
    assert prepared(study, people=customers).id_name == "customer_id"


@pytest.mark.parametrize(
    ("ids", "advice"),
    [
        ([f"X{i}" for i in range(300)], "Check that the id columns hold the same ids"),
        ([str(i) for i in range(300)], "differ in leading zeros"),
    ],
)
def test_tables_without_a_customer_in_common_are_refused(customers, ids, advice):
    study = PEOPLE + "tables: [{table: more, id: who}]\n"
    more = pa.table({"who": ids, "points": list(range(300))})
    with pytest.raises(DataError, match="none of the customers in more") as caught:
        prepared(study, people=customers, more=more)
    assert advice in caught.value.advice


def test_ids_that_meet_only_in_part_are_a_warning(customers):
    study = PEOPLE + "tables: [{table: more, id: who}]\n"
    ids = [f"{i:05d}" if i < 200 else str(i) for i in range(300)]
    more = pa.table({"who": ids, "points": [float(i % 7) for i in range(300)]})
    warnings = prepared(study, people=customers, more=more).warnings
    assert "differ in leading zeros" in warnings[0]
    assert "100 of 300 customers in more are unknown" in warnings[1]


def test_customers_of_whom_nothing_is_known_are_a_warning():
    people = pa.table(
        {
            "customer_id": list(range(100)),
            "visits": [i % 9 if i < 80 else None for i in range(100)],
        }
    )
    assert "20 of 100 customers have no value" in prepared(PEOPLE, people=people).warnings[0]


def test_a_copy_of_the_id_takes_no_part():
    ids = [7 * (37 * i % 80) + 100 for i in range(80)]
    people = pa.table({"customer_id": ids, "copy": ids, "visits": [i % 9 for i in range(80)]})
    found = prepared(PEOPLE, people=people)
    assert [v.name for v in found.variables] == ["visits"]
    assert found.left_out[0].why == "it repeats the customer's id"


@pytest.mark.parametrize("table", ["people", "sales"])
def test_one_customer_has_no_segments(table, customers, sales):
    study = PEOPLE if table == "people" else SALES
    rows = customers.slice(0, 1) if table == "people" else sales.slice(0, 3)
    with pytest.raises(DataError, match="only one customer"):
        prepared(study, **{table: rows})


def test_a_cutoff_needs_events(customers):
    tables = Tables(given={"people": customers})
    with pytest.raises(OptionError, match="no events to cut off"):
        prepare(parse_study(PEOPLE), tables, cutoff=date(2024, 1, 1))


def test_returns_alone_are_no_purchases(sales):
    negative = sales.set_column(2, "paid", pa.array([-1.0] * len(sales)))
    with pytest.raises(DataError, match="nobody bought anything"):
        prepared(SALES, sales=negative)


def with_labels(table: pa.Table, **said: str) -> pa.Table:
    fields = [
        f.with_metadata({"label": said[f.name]}) if f.name in said else f for f in table.schema
    ]
    return table.cast(pa.schema(fields))


def test_labels_of_every_table_reach_the_variables(customers):
    more = pa.table({"customer_id": customers["customer_id"],
                     "q7": pa.array(np.arange(len(customers)) % 5 + 1)})  # fmt: skip
    study = PEOPLE + (
        "tables: [{table: more, id: customer_id}]\n"
        "variables: {spend: {label: What they spend}, visits: {use: active}}\n"
    )
    found = prepared(
        study,
        people=with_labels(customers, visits="How often they come", spend="EUR"),
        more=with_labels(more, q7="How much do you trust us?"),
    )
    labels = {v.name: v.label for v in found.variables}
    assert labels["visits"] == "How often they come"
    assert labels["q7"] == "How much do you trust us?"
    assert labels["spend"] == "What they spend"  # a person's words come first


def test_the_label_of_a_category_reaches_its_shares():
    days = pa.array([date(2024, 1, 1 + i % 28) for i in range(200)])
    sales = pa.table({"customer": [f"c{i % 40}" for i in range(200)], "bought_at": days,
                      "paid": [1.0 + i % 7 for i in range(200)],
                      "item": [i % 10 for i in range(200)]})  # fmt: skip
    items = pa.table({"item": list(range(10)), "dpt": [["tea", "ink"][i % 2] for i in range(10)]})
    study = SALES.replace("item: item}", "item: item, category: [dpt],\n"
                          "     lookups: [{table: items, on: item}]}")  # fmt: skip
    found = prepared(study, sales=sales, items=with_labels(items, dpt="department"))
    labels = {v.name: v.label for v in found.variables}
    assert labels["dpt_share_tea"] == "Share of spend: tea (department)"
