"""Scales, counts, codes, outcomes and groups, judged with their neighbors."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.tables import VariableProfile, open_table, profile_table
from forwhom.tables.inference import infer
from forwhom.tables.missing import codes_for_no_answer
from forwhom.tables.ordering import level_name
from forwhom.tables.scales import is_answer_scale
from forwhom.tables.summaries import Summary, counted_statistics

N = 400


def profiles(**columns: object) -> dict[str, VariableProfile]:
    table = pa.table({k: pa.array(v, from_pandas=True) for k, v in columns.items()})
    return {c.name: c for c in profile_table(open_table(table)).columns}


def measured(name: str, values: object) -> str | None:
    return profiles(**{name: values})[name].measure


@pytest.mark.parametrize(
    ("low", "high"),
    [(1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (1, 9), (1, 10), (0, 10), (0, 2), (0, 3),
     (0, 4), (0, 5), (0, 6), (-1, 1), (-2, 2), (-3, 3), (-5, 5)],
)  # fmt: skip
@pytest.mark.parametrize("shape", ["even", "high", "ends"])
@pytest.mark.parametrize("name", ["A1", "q_1", "sat_1", "x"])
def test_few_whole_numbers_in_a_row_are_steps(low: int, high: int, shape: str, name: str) -> None:
    rng = np.random.default_rng(high - low)
    steps = np.arange(low, high + 1)
    chance = {
        "even": np.ones(len(steps)),
        "high": np.linspace(1, 4, len(steps)),
        "ends": 1 + np.abs(np.linspace(-2, 2, len(steps))),
    }[shape]
    found, rows = np.unique(
        rng.choice(steps, N, p=chance / chance.sum()).astype(float), return_counts=True
    )
    told = {level_name(value): int(n) for value, n in zip(found, rows, strict=True)}
    numbers = vars(counted_statistics(found, rows))
    summary = Summary(name, "number", N, N, len(found), counts=told, **numbers)
    assert infer(summary).measure == "ordinal"
    assert codes_for_no_answer(found, rows, codes=False) == ()


def test_neighbors_with_the_same_range_decide_together() -> None:
    rng = np.random.default_rng(1)
    low = rng.choice([1, 2, 3, 4, 5], N, p=[0.6, 0.25, 0.1, 0.04, 0.01])
    alone = profiles(x=low, spend=rng.lognormal(3, 1, N))
    assert alone["x"].measure == "count"
    even = {f"x{i}": rng.integers(1, 6, N) for i in range(3)}
    beside = profiles(**even, x9=low)
    assert {c.measure for c in beside.values()} == {"ordinal"}
    assert "as in 3 columns beside it" in beside["x9"].why


def test_a_battery_gives_the_ends_that_nobody_chose() -> None:
    rng = np.random.default_rng(2)
    battery = {f"item{i}": rng.integers(0, 11, N) for i in range(4)}
    found = profiles(**battery, item5=rng.integers(1, 11, N))
    assert found["item5"].levels == tuple(str(v) for v in range(11))
    assert profiles(recommend=rng.integers(1, 11, N))["recommend"].measure == "ordinal"


def test_a_scale_keeps_the_ends_that_few_or_none_chose() -> None:
    rng = np.random.default_rng(4)
    alone = profiles(satisfaction=rng.integers(2, 6, N))["satisfaction"]
    assert alone.levels == ("1", "2", "3", "4", "5")
    assert "few or none chose 1;" in alone.why
    ends = {"a": (1, 6), "b": (2, 6), "c": (1, 6), "d": (2, 6), "e": (1, 5), "f": (3, 6)}
    battery = {f"item_{i}": rng.integers(*end, N) for i, end in enumerate(ends.values())}
    found = profiles(**battery)
    assert {c.levels for c in found.values()} == {("1", "2", "3", "4", "5")}
    assert "few or none chose 1 or 2;" in found["item_5"].why
    assert "few or none" not in found["item_0"].why


@pytest.mark.parametrize(("name", "low", "high"), [("x", 2, 5), ("satisfaction", 6, 9)])
def test_a_scale_begins_at_its_answers_where_nothing_tells_more(
    name: str, low: int, high: int
) -> None:
    values = np.random.default_rng(5).integers(low, high + 1, N)
    assert profiles(**{name: values})[name].levels[0] == str(low)


@pytest.mark.parametrize(
    ("levels", "answers"),
    [
        (["-2", "0", "2"], True),
        (["Not at all satisfied", "Satisfied", "Very satisfied"], True),
        (["Stimme nicht zu", "Stimme zu"], True),
        (["18-29", "30-44"], False),
        (["2019", "2020"], False),
    ],
)
def test_which_levels_are_offered_to_everybody(levels: list[str], answers: bool) -> None:
    assert is_answer_scale(levels) is answers


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", np.random.default_rng(1).poisson(1.0, N)),
        ("x", np.random.default_rng(2).poisson(2.5, N)),
        ("x", 1 + np.random.default_rng(3).poisson(0.6, N)),
        ("x", np.random.default_rng(4).geometric(0.5, N)),
        ("number_of_rooms", np.random.default_rng(5).integers(1, 6, N)),
        ("children", np.random.default_rng(6).integers(0, 4, N)),
        ("store_visits", np.random.default_rng(7).integers(0, 6, N)),
        ("Anzahl_Kinder", np.random.default_rng(8).integers(0, 4, N)),
    ],
)
def test_what_was_counted_is_a_count(name: str, values: object) -> None:
    assert measured(name, values) == "count"


@pytest.mark.parametrize(
    ("name", "values", "measure"),
    [
        ("nace", np.array([62.01, 62.02, 47.11, 10.71] * 100), "nominal"),
        ("industry_code", np.arange(N) * 0.01 + 10, None),
        ("sic_code", np.arange(N) % 50 * 100 + 7000, "nominal"),
        ("naics", 541_000 + np.arange(N) % 200, None),
        ("postal_code", 10_000 + np.arange(N) % 300, None),
        ("plz", 10_000 + np.arange(N) % 40, "nominal"),
        ("branch", np.arange(N) % 30 + 1, "nominal"),
        ("vote", np.arange(N) % 3 + 1, "nominal"),
        ("monat", np.arange(N) % 12 + 1, "nominal"),
        ("stars", np.arange(N) % 9 / 2 + 1, "ordinal"),
        ("answer", [str(i % 5 + 1) for i in range(N)], "ordinal"),
        ("answer", [["1", "2", "3", "4", "Don't know"][i % 5] for i in range(N)], "ordinal"),
        ("price_paid", np.arange(N) % 9 / 2 + 1, "continuous"),
        ("temperature", np.arange(N) % 8 + 18, "continuous"),
    ],
)
def test_codes_stars_and_measurements(name: str, values: object, measure: str | None) -> None:
    assert measured(name, values) == measure


@pytest.mark.parametrize("name", ["signup_year", "Jahr", "x", "first_seen", "founded"])
def test_years_say_when_and_form_nothing(name: str) -> None:
    found = profiles(**{name: np.random.default_rng(3).integers(1998, 2024, N)})[name]
    assert (found.measure, found.use) == ("continuous", "descriptor"), found.why
    assert found.why.startswith("Calendar years")


def test_two_thousand_of_something_is_no_year() -> None:
    assert "year" not in profiles(spend=np.arange(1950, 1950 + 100))["spend"].why


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("y", [0, 1]),
        ("target", ["yes", "no"]),
        ("churned", [0, 1]),
        ("Converted", [True, False]),
        ("Response", [0, 1]),
        ("renewed", ["Yes", "No"]),
        ("class", [1, 2]),
        ("has_churned", [0, 1]),
    ],
)
def test_outcomes_describe(name: str, values: list[object]) -> None:
    found = profiles(**{name: [values[i % 3 == 0] for i in range(N)]})[name]
    assert (found.use, found.role) == ("descriptor", "outcome"), found.why
    assert "does not form" in found.why


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("group", ["control", "treatment"]),
        ("ab_test", ["A", "B"]),
        ("variant", [0, 1, 2]),
        ("treatment", [0, 1]),
        ("experiment_arm", ["placebo", "low", "high"]),
        ("test_group", ["A", "B", "C"]),
        ("Gruppe", ["Kontrollgruppe", "Testgruppe"]),
        ("holdout", [True, False]),
        ("group", [1, 2]),
    ],
)
def test_groups_that_customers_were_put_into_describe(name: str, levels: list[object]) -> None:
    found = profiles(**{name: [levels[i % len(levels)] for i in range(N)]})[name]
    assert found.use == "descriptor", found.why
    assert "put into" in found.why


def test_groups_of_another_kind_form_segments() -> None:
    unequal = ["A"] * 300 + ["B"] * 100
    assert profiles(group=unequal)["group"].use == "active"
    assert profiles(y1=[0, 1] * 200, y2=[1, 0, 0, 1] * 100)["y1"].use == "active"
    assert profiles(plan=["a", "b"] * 200)["plan"].use == "active"


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("contact", ["cellular", "telephone", "unknown"]),
        ("store_id", [1, 2, 3, 4]),
        ("member", ["yes", "no", "former"]),
        ("key", ["A", "B", "C"]),
        ("client", ["new", "old", "lost"]),
        ("account", ["basic", "gold", "silver"]),
        ("phone", ["iPhone", "Android", "other"]),
    ],
)
def test_a_few_levels_are_no_ids(name: str, levels: list[object]) -> None:
    found = profiles(**{name: [levels[i % len(levels)] for i in range(N)]})[name]
    assert found.use != "id", found.why
    assert found.measure is not None
