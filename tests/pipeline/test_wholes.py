"""Shares of one whole, from tables to segments and to new customers."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score

import forwhom
from forwhom.customers.drafting import draft_study
from forwhom.customers.opening import Tables
from forwhom.customers.preparation import Customers, prepare
from forwhom.documents.studyfile import parse_study
from forwhom.errors import ColumnMissing, DataError, DocumentError
from forwhom.mixture import bootstrap

pytestmark = pytest.mark.usefixtures("swift")

PARTS = ("food", "wine", "toys", "books", "rest")
SHARES = [f"share_{part}" for part in PARTS]
THREE = [[5, 1.5, 1, 1, 0.5], [1, 5, 1.5, 0.5, 1], [1, 1, 3, 3, 1]]
ONE = [[4, 2.5, 1.5, 1, 0.5]]
STUDY = "forwhom: 1\ncustomers: {table: shop, id: customer_id}\n"
ORDERS_DESCRIBE = STUDY + "variables: {orders: {use: descriptor}}\n"


def shop(alphas: list[list[float]], n: int = 1_200, *, percent: bool = False) -> tuple[Any, Any]:
    """One row per customer: shares of spend, rounded, and the number of orders."""
    rng = np.random.default_rng(n)
    segment = rng.choice(len(alphas), n)
    orders = 1 + rng.negative_binomial(1.5, 0.1, n)
    own = np.array([rng.dirichlet(alphas[k]) for k in segment])
    money = rng.gamma(2.0 * rng.multinomial(orders, own) + 1e-12, 10.0)
    money[money < 1e-3] = 0.0
    shares = np.round(money / money.sum(axis=1, keepdims=True), 3) * (100 if percent else 1)
    ids = {"customer_id": [f"c{i:05d}" for i in range(n)]}
    columns = {name: shares[:, c] for c, name in enumerate(SHARES)}
    return pa.table(ids | columns | {"orders": orders}), segment


def prepared(study: str, table: pa.Table) -> Customers:
    return prepare(parse_study(study), Tables(given={"shop": table}))


@pytest.mark.parametrize("percent", [False, True])
def test_a_draft_knows_shares_of_one_whole_and_their_number_of_items(percent: bool) -> None:
    table, _ = shop(THREE, 300, percent=percent)
    draft = draft_study({"shop": table})
    [(name, whole)] = draft.study.wholes.items()
    assert (name, whole.parts, whole.items) == ("share", SHARES, "orders")
    assert parse_study(draft.text).wholes == draft.study.wholes
    assert "one variable, of so many items" in draft.text


def test_a_draft_without_a_number_of_items_lets_shares_describe_and_says_so() -> None:
    table, _ = shop(THREE, 300)
    draft = draft_study({"shop": table.drop_columns(["orders"])})
    assert {draft.study.variables[name].use for name in SHARES} == {"descriptor"}
    assert not draft.study.wholes
    assert "5 columns that add up to 1 in every row, and no column says how many" in " ".join(
        line.strip("# ") for line in draft.text.splitlines()
    )


def test_what_does_not_add_up_is_no_whole() -> None:
    table, _ = shop(THREE, 300)
    off = table.set_column(1, "share_food", pa.array(np.asarray(table["share_food"]) + 0.3))
    assert not draft_study({"shop": off}).study.wholes
    fewer = table.drop_columns(["share_food"])
    assert not draft_study({"shop": fewer}).study.wholes


def test_kinds_of_buyers_are_found_and_one_kind_is_one() -> None:
    table, segment = shop(THREE)
    study = parse_study(ORDERS_DESCRIBE)
    found = forwhom.discover({"shop": table}, study=study, k_max=4, n_starts=10, stability=0)
    [item] = found.segmentation.model.items
    assert (item.kind, item.items) == ("dirichlet-multinomial", "orders")
    assert len(found.segmentation.segments) == 3
    assert adjusted_rand_score(segment, np.asarray(found.members["segment"])) > 0.4
    told = {v.name: (v.whole, v.items) for v in found.segmentation.variables}
    assert told["share_food"] == ("share", "orders")
    assert told["orders"] == (None, None)
    table, _ = shop(ONE)
    found = forwhom.discover({"shop": table}, study=study, k_max=3, n_starts=10, stability=0)
    assert len(found.segmentation.segments) == 1


def test_new_customers_are_placed_with_their_number_of_items_here_and_in_sql() -> None:
    table, _ = shop(THREE)
    study = parse_study(ORDERS_DESCRIBE)
    found = forwhom.discover({"shop": table}, study=study, k=3, n_starts=20, stability=0)
    again = forwhom.score(found.segmentation, {"shop": table}).table
    assert np.asarray(again["p1"]) == pytest.approx(np.asarray(found.members["p1"]), abs=1e-9)
    assert np.mean(np.asarray(again["segment"]) == np.asarray(found.members["segment"])) > 0.99
    with duckdb.connect() as connection:
        connection.register("shop", table)
        sql = forwhom.scoring_sql(found.segmentation, "shop")
        rows = dict(connection.sql(f"SELECT customer_id, segment FROM ({sql})").fetchall())
    assert [rows[i] for i in again["customer_id"].to_pylist()] == again["segment"].to_pylist()


def test_a_test_by_simulation_draws_shares_of_the_items_that_it_drew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap, "REPLICATES", 9)
    table, _ = shop(THREE, 150)
    found = forwhom.discover(table, k_max=2, n_starts=2, stability=0, blrt=True)
    assert found.segmentation.model.items[0].kind == "dirichlet-multinomial"
    p = found.segmentation.selection[1].blrt_p
    assert p in {(1 + beyond) / 10 for beyond in range(10)}


def test_what_the_study_gives_a_measure_is_modeled_so_with_a_warning() -> None:
    table, _ = shop(THREE, 300)
    lines = "".join(f"  {name}: {{use: active, measure: continuous}}\n" for name in SHARES)
    found = prepared(f"{STUDY}variables:\n{lines}", table)
    assert found.wholes == []
    [warning] = found.warnings
    assert warning.startswith("share_food, share_wine, share_toys, share_books, share_rest add up")
    assert "'items: orders'" in warning


def test_shares_without_a_number_of_items_describe() -> None:
    table, _ = shop(THREE, 300)
    table = table.drop_columns(["orders"]).append_column("visits_online", pa.array([0, 3, 1] * 100))
    found = prepared(STUDY, table)
    assert [v.name for v in found.active] == ["visits_online"]
    assert any("no column says how many items" in out.why for out in found.left_out)
    with pytest.raises(DataError, match=r"no variable can form segments .*how many items"):
        prepared(STUDY, table.drop_columns(["visits_online"]))


def test_a_study_names_a_whole_and_takes_parts_out_of_it() -> None:
    table, _ = shop(THREE, 300)
    whole = f"wholes:\n  spend: {{parts: [{', '.join(SHARES)}], items: orders}}\n"
    [found] = prepared(STUDY + whole, table).wholes
    assert (found.name, found.parts, found.items) == ("spend", tuple(SHARES), "orders")
    three = "variables: {share_rest: {use: ignore}, share_toys: {use: descriptor}}\n"
    [found] = prepared(STUDY + three + whole, table).wholes
    assert found.parts == ("share_food", "share_wine", "share_books")
    one = "".join(f"  {name}: {{use: descriptor}}\n" for name in SHARES[1:])
    assert prepared(f"{STUDY}variables:\n{one}{whole}", table).wholes == []
    constant = table.set_column(6, "orders", pa.array(np.full(300, 12)))
    assert len(prepared(STUDY + whole, constant).wholes) == 1


@pytest.mark.parametrize(
    ("whole", "problem"),
    [
        ("{parts: [share_food], items: orders}", "two 'parts' at least"),
        ("{parts: [share_food, orders], items: orders}", "'orders' is one of the 'parts'"),
        ("{parts: [share_food, share_wine]}", "items"),
    ],
)
def test_a_whole_that_is_none_is_refused(whole: str, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem):
        parse_study(f"{STUDY}wholes:\n  spend: {whole}\n")


def test_a_study_that_names_a_whole_wrongly_is_refused() -> None:
    table, _ = shop(THREE, 300)
    spend = "wholes:\n  spend: {parts: [share_food, share_wine], items: orders}\n"
    with pytest.raises(DocumentError, match="'share_food' is a part of two 'wholes'"):
        parse_study(STUDY + spend + "  more: {parts: [share_food, share_toys], items: orders}\n")
    with pytest.raises(DocumentError, match="'share_food' is in 'wholes', but its measure is 'nom"):
        parse_study(STUDY + spend + "variables: {share_food: {measure: nominal}}\n")
    with pytest.raises(ColumnMissing, match="share_foot"):
        prepared(STUDY + spend.replace("share_food", "share_foot"), table)
    ignored = STUDY + spend + "variables: {orders: {use: ignore}}\n"
    with pytest.raises(DataError, match="the number of its items, 'orders', takes no part"):
        prepared(ignored, table)


def test_shares_of_categories_of_purchases_are_one_variable(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    n = 400
    kind = rng.choice(2, n)
    lines = 1 + rng.poisson(9, n)
    who = np.repeat(np.arange(n), lines)
    late = rng.random(len(who)) < np.array([0.25, 0.75])[kind][who]
    sales = pa.table(
        {
            "customer_id": who,
            "bought_at": pa.array(
                np.datetime64("2024-01-01") + rng.integers(0, 360, len(who)).astype("m8[D]")
            ),
            "amount": rng.gamma(2.0, 10.0, len(who)).round(2),
            "department": np.where(late, "wine", rng.choice(["tea", "oil"], len(who))),
        }
    )
    study = parse_study(
        "forwhom: 1\nevents:\n  - {table: sales, customer: customer_id, time: bought_at,"
        " amount: amount, category: [department]}\n"
    )
    customers = prepare(study, Tables(given={"sales": sales}))
    [whole] = customers.wholes
    assert (whole.name, whole.items) == ("department", "lines")
    assert sorted(whole.parts) == [f"department_share_{c}" for c in ("oil", "tea", "wine")]
    assert np.array_equal(np.sort(customers.columns["lines"].values), np.sort(lines))
