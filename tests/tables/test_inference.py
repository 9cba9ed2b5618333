"""What variables seem to be, judged from names and values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.tables import VariableProfile, open_table, profile_table
from forwhom.tables.inference import shape
from forwhom.tables.signs import sign_of
from forwhom.tables.summaries import Summary, counted_statistics

RNG = np.random.default_rng(7)
N = 400


def inferred(name: str, values: object) -> VariableProfile:
    return profile_table(open_table(pa.table({name: pa.array(values, from_pandas=True)})))[name]


def texts(*levels: str) -> list[str]:
    return [levels[i % len(levels)] for i in range(N)]


@pytest.mark.parametrize(
    ("name", "values", "measure", "use", "basis"),
    [
        ("visits", RNG.poisson(2, N), "count", "active", "behavioral"),
        ("support_calls", RNG.negative_binomial(1, 0.3, N), "count", "active", "behavioral"),
        ("clicks", RNG.negative_binomial(0.2, 0.001, N), "positive", "active", "behavioral"),
        ("spend", RNG.lognormal(3, 1, N), "positive", "active", "behavioral"),
        ("annual_income", RNG.lognormal(10, 1, N), "positive", "descriptor", "demographic"),
        ("balance", RNG.normal(0, 100, N), "continuous", "active", "behavioral"),
        ("age", RNG.integers(18, 90, N), "continuous", "descriptor", "demographic"),
        ("x0", RNG.normal(50, 5, N), "continuous", "active", None),
        ("satisfaction", RNG.integers(1, 6, N), "ordinal", "active", "psychographic"),
        ("nps", RNG.integers(0, 11, N), "ordinal", "active", "psychographic"),
        ("q12", RNG.integers(1, 8, N), "ordinal", "active", "psychographic"),
        ("region", RNG.integers(1, 6, N), "nominal", "descriptor", "geographic"),
        ("x1", RNG.integers(1, 4, N), "ordinal", "active", None),
        ("x2", RNG.integers(0, 2, N), "binary", "active", None),
        ("x3", RNG.integers(0, 3, N) * 10**12, "nominal", "active", None),
        ("newsletter", texts("yes", "no"), "binary", "active", None),
        ("country", texts("Italy", "Norway", "Peru"), "nominal", "descriptor", "geographic"),
        ("zip", RNG.integers(10_000, 99_999, N), None, "text", "geographic"),
        ("PLZ", RNG.choice([10115, 20095, 80331], N), "nominal", "descriptor", "geographic"),
        ("industry", texts("Retail", "Health", "Steel"), "nominal", "descriptor", "firmographic"),
        ("employees", texts("1-9", "10-49", "50+"), "ordinal", "descriptor", "firmographic"),
        ("gender", texts("f", "m", "x"), "nominal", "protected", "demographic"),
        ("q3", texts("White", "Black", "Asian"), "nominal", "protected", "demographic"),
        ("sex", RNG.integers(0, 2, N), "binary", "protected", "demographic"),
        ("religion", texts("A", "B", "C"), "nominal", "protected", "demographic"),
        ("weight", RNG.uniform(0.5, 1.5, N), "positive", "weight", None),
        ("body_weight_kg", RNG.normal(75, 9, N), "continuous", "active", None),
        ("birth_year", RNG.integers(1940, 2005, N), "continuous", "descriptor", "demographic"),
        ("week", RNG.integers(1, 54, N), None, "ignore", None),
        ("month", RNG.integers(1, 13, N), "nominal", "active", None),
        ("loans_per_year", RNG.poisson(3, N), "count", "active", None),
        ("customer_id", RNG.permutation(N) * 17, None, "id", None),
        ("StoreID", RNG.integers(1, 50, N), None, "id", None),
        ("Unnamed", np.arange(N), None, "id", None),
        ("card", RNG.permutation(N) + 10**9, None, "id", None),
        ("voucher", [f"AB{i}" for i in range(N)], None, "id", None),
        ("comment", [f"I liked part {i}" for i in range(N)], None, "text", None),
        ("constant", np.ones(N), None, "ignore", None),
        ("empty", np.full(N, np.nan), None, "ignore", None),
    ],
)  # fmt: skip
def test_measure_use_and_basis(
    name: str, values: object, measure: str | None, use: str, basis: str | None
) -> None:
    found = inferred(name, values)
    assert (found.measure, found.use, found.basis) == (measure, use, basis), found.why
    assert not found.why[0].islower()
    assert found.why.endswith(".")


@pytest.mark.parametrize(
    ("name", "values", "role", "criterion"),
    [
        ("days_since_last_purchase", RNG.integers(0, 300, N), "recency", "relationship"),
        ("NumberOfOrders", RNG.negative_binomial(2, 0.1, N), "frequency", "relationship"),
        ("total_spend", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("sales_total", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("cost_to_serve", RNG.lognormal(3, 1, N), "cost", "profitability"),
        ("preferred_channel", texts("web", "store", "app"), "channel", "channel"),
        ("sales_channel", texts("web", "store", "app"), "channel", "channel"),
        ("churned", texts("yes", "no"), "outcome", "relationship"),
        ("Revenue (USD)", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("customer_lifetime_value", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("Order count", RNG.negative_binomial(2, 0.1, N), "frequency", "relationship"),
        # Tables in other languages.
        ("Umsatz gesamt (€)", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("Chiffre d'affaires par an", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("Ventas por cliente", RNG.lognormal(3, 1, N), "revenue", "profitability"),
        ("Anzahl Bestellungen", RNG.negative_binomial(2, 0.1, N), "frequency", "relationship"),
        ("Número de pedidos", RNG.negative_binomial(2, 0.1, N), "frequency", "relationship"),
        ("Umsatz Wein", RNG.lognormal(3, 1, N), None, "profitability"),
        # A part of the money is not the money, and the last word that tells is what it is about.
        ("wine_spend", RNG.lognormal(3, 1, N), None, "profitability"),
        ("online_visits", RNG.negative_binomial(2, 0.1, N), None, "relationship"),
        ("coupon_redemptions", RNG.poisson(3, N), None, "price"),
        ("favorite_category", texts("a", "b", "c"), None, "offer"),
        # A role is for what it is measured as: codes of a region's sales are no money.
        ("revenue", texts("low", "medium", "high"), None, "profitability"),
        ("churned", RNG.lognormal(3, 1, N), None, "relationship"),
        # Who somebody is says nothing about the business with them, and neither do other words.
        ("company_turnover", RNG.lognormal(9, 1, N), None, None),
        ("income", RNG.lognormal(9, 1, N), None, None),
        ("gender", texts("f", "m"), None, None),
        ("x0", RNG.normal(50, 5, N), None, None),
    ],
)
def test_role_and_criterion(
    name: str, values: object, role: str | None, criterion: str | None
) -> None:
    found = inferred(name, values)
    assert (found.role, found.criterion) == (role, criterion), found.why
    assert ("makes it" in found.why) == (role is not None)
    assert ("speaks to" in found.why) == (criterion is not None)


def test_age_is_not_protected_but_said() -> None:
    assert "age is protected by law in places" in inferred("age", RNG.integers(18, 90, N)).why


def test_answers_that_are_none_are_said() -> None:
    found = inferred("q1", texts("Yes", "No", "No answer"))
    assert (found.measure, found.levels) == ("binary", ("No", "Yes"))
    assert "'No answer' counts as missing" in found.why


def test_number_of_children_is_a_count_and_codes_are_not() -> None:
    children = np.repeat([0, 1, 2, 3], [200, 100, 70, 30])
    codes = np.repeat([0, 1, 2], [180, 10, 210])
    assert inferred("x", children).measure == "count"
    assert inferred("x", codes).measure == "nominal"


def test_missing_values_make_no_difference() -> None:
    values = RNG.poisson(2, N).astype(float)
    some = values.copy()
    some[::10] = np.nan
    assert inferred("visits", some).measure == inferred("visits", values).measure == "count"


def test_row_order_makes_no_difference() -> None:
    values = RNG.lognormal(1, 1, N)
    assert inferred("x", values) == inferred("x", RNG.permutation(values))


def test_infinity_does_not_break_the_summary() -> None:
    found = inferred("x", np.array([1.0, 2.0, np.inf, -np.inf, 5.5, np.nan]))
    assert found.use == "active"


@pytest.mark.parametrize(
    ("name", "values", "use"),
    [
        ("id", [1, 2], "id"),
        ("customer_id", ["a", "b"], "id"),
        ("email", ["a@b.c", "d@e.f", "g@h.i"], "id"),
        ("Kundennummer", [10, 20, 30], "id"),
        ("number_of_visits", [10, 20, 30], "active"),
        ("has_id", [0, 1, 1], "active"),
    ],
)
def test_ids_are_recognized_in_tiny_tables(name: str, values: list[object], use: str) -> None:
    assert inferred(name, values).use == use


def test_numbers_too_large_to_be_squared_have_a_summary() -> None:
    assert inferred("x", [1e300, 1.0, 2.0]).maximum == 1e300


def test_shapes_signs_and_statistics() -> None:
    skewed = Summary("x", "number", 9, 9, 9, 0, 90, 9, 20, {0.1: 0, 0.5: 2, 0.9: 40})
    assert shape(skewed) == "right-skewed"
    cells = (["$1,234.50", "-$7"], ["12 %", "7,5 %"], ["12", "7"], ["12", "\u22127", "3"])
    assert [sign_of(one) for one in cells] == ["$", "%", "", "\u2212"]
    assert counted_statistics(np.array([3.0, 1.0]), np.array([1, 3])).quantiles[0.5] == 1.0


@pytest.mark.parametrize(
    ("name", "label", "values", "use"),
    [
        ("w", "Gewichtungsfaktor", RNG.uniform(0.5, 1.5, N), "weight"),
        ("Poids", None, RNG.uniform(0.5, 1.5, N), "weight"),
        ("fator", "", RNG.uniform(0.2, 3, N), "weight"),
        ("q5", "What weight do you give to its price", RNG.uniform(0.5, 1.5, N), "active"),
        ("w", "Gewicht brutto", RNG.uniform(0.5, 1.5, N), "active"),
        ("w", "Gewicht", RNG.integers(0, 3, N), "active"),
        ("agegr", "Altersgruppe", texts("18-29", "30-44", "45-59"), "descriptor"),
        ("Wie alt sind Sie?", None, texts("18-29", "30-44", "> 45"), "descriptor"),
        ("AB01", None, texts("Never", "Sometimes", "Often"), "active"),
    ],
)
def test_words_of_a_label_count(name: str, label: str | None, values: object, use: str) -> None:
    told = {"label": label} if label else None
    field = pa.field(name, pa.array(values).type, metadata=told)
    table = pa.table([pa.array(values)], schema=pa.schema([field]))
    assert profile_table(open_table(table))[name].use == use
