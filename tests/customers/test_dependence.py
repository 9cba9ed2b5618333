"""Totals beside their parts and products beside their factors are found before the fit."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.dependence import determined_numbers
from forwhom.customers.drafting import draft_study
from forwhom.customers.opening import Tables
from forwhom.customers.preparation import prepare
from forwhom.documents.studyfile import parse_study
from forwhom.tables.columns import Column


def table(n: int = 400) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    wine, meat, fish = (rng.lognormal(2, s, n) for s in (0.8, 0.5, 1.0))
    orders = 1.0 + rng.poisson(5, n)
    total = wine + meat + fish
    return {
        "wine": wine, "meat": meat, "fish": fish, "total": total,
        "orders": orders, "basket": np.round(total / orders, 2), "age": rng.normal(40, 9, n),
    }  # fmt: skip


def found(names: str, named: tuple[str, ...] = ()) -> list[tuple[str, tuple[str, ...], str]]:
    numbers = table()
    columns = [Column(name, numbers[name]) for name in names.split()]
    return [tuple(one) for one in determined_numbers(columns, named)]


@pytest.mark.parametrize("names", ["wine meat fish total age", "total age wine meat fish"])
def test_a_total_is_found_wherever_it_stands(names):
    [(name, others, how)] = found(names)
    assert (name, sorted(others), how) == ("total", ["fish", "meat", "wine"], "the sum of")


@pytest.mark.parametrize("names", ["orders basket total age", "total orders basket age"])
def test_a_product_is_found_though_its_factor_was_rounded(names):
    [(name, others, how)] = found(names)
    assert (name, sorted(others), how) == ("total", ["basket", "orders"], "the product of")


def test_what_only_goes_together_stays():
    assert found("wine meat fish orders age") == []
    numbers = table()
    near = numbers["wine"] + numbers["meat"] + np.random.default_rng(2).normal(0, 1, 400)
    columns = [Column(n, numbers[n]) for n in ("wine", "meat")] + [Column("near", near)]
    assert determined_numbers(columns, ()) == []


def test_what_the_study_names_stays_and_another_one_gives_way():
    assert found("wine meat fish total", named=("total", "wine"))[0][0] == "fish"
    assert found("wine meat fish total", named=("total", "wine", "meat", "fish"))[0][0] == "total"


def test_missing_values_hide_no_total():
    numbers = table()
    numbers["wine"][::3] = np.nan
    columns = [Column(n, numbers[n]) for n in ("wine", "meat", "fish", "total")]
    assert [one.name for one in determined_numbers(columns, ())] == ["total"]


def test_a_total_is_described_and_the_reason_is_said():
    numbers = table()
    shop = pa.table({name: numbers[name] for name in ("wine", "meat", "fish", "total", "age")})
    study = "forwhom: 1\ncustomers: {table: shop}\n"
    ready = prepare(parse_study(study), Tables(given={"shop": shop}))
    assert "total" not in {v.name for v in ready.active}
    [why] = [o.why for o in ready.left_out if o.name == "total"]
    assert "it is the sum of wine, meat and fish" in why
    study += "variables:\n" + "".join(
        f"  {name}: {{use: active}}\n" for name in ("wine", "meat", "fish", "total")
    )
    ready = prepare(parse_study(study), Tables(given={"shop": shop}))
    assert {"wine", "meat", "fish", "total"} <= {v.name for v in ready.active}
    assert any("'total' says nothing of its own" in warning for warning in ready.warnings)


def test_a_total_of_ratings_and_of_ticks_is_found():
    rng = np.random.default_rng(5)
    items = {f"q{i}": rng.integers(1, 6, 300) for i in range(4)}
    ticks = {f"has_{i}": rng.integers(0, 2, 300) for i in range(3)}
    people = pa.table(
        items | ticks | {"score": sum(items.values()), "channels": sum(ticks.values())}
    )
    draft = draft_study({"people": people})
    uses = {name: one.use for name, one in draft.study.variables.items()}
    assert [name for name, use in uses.items() if use == "descriptor"] == ["score", "channels"]
    whys = {one.column: one.why for one in draft.decisions}
    assert whys["score"].startswith("It is the sum of q0, q1, q2 and q3, so it describes")
    ready = prepare(draft.study, draft.tables)
    assert not {"score", "channels"} & {v.name for v in ready.active}


def test_copies_and_coarser_forms_of_levels_are_found():
    rng = np.random.default_rng(6)
    plan = rng.integers(0, 3, 300)
    people = pa.table(
        {
            "plan": np.array(["S", "M", "L"])[plan],
            "plan_code": np.array(["k1", "k2", "k3"])[plan],
            "paying": np.array(["no", "yes", "yes"])[plan],
            "tone": np.array(["a", "b", "c"])[rng.integers(0, 3, 300)],
            "spend": rng.lognormal(3, 1, 300),
        }
    )
    columns = prepare(
        parse_study("forwhom: 1\ncustomers: {table: people}\n"), Tables(given={"people": people})
    )
    assert {v.name for v in columns.active} == {"plan", "tone", "spend"}
    whys = {out.name: out.why for out in columns.left_out}
    assert "a copy of plan" in whys["plan_code"]
    assert "a coarser form of plan" in whys["paying"]
    uses = {n: one.use for n, one in draft_study({"people": people}).study.variables.items()}
    assert [n for n, use in uses.items() if use == "active"] == ["plan", "tone", "spend"]
