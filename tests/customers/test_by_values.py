"""What levels, currencies, answers and money of rows say, by their values alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.currencies import _code, _nearness, _several, _sure
from forwhom.customers.exclusions import _blank, _has_steps, _Pairs, _places, rules_others_out
from forwhom.customers.keys import Sample
from forwhom.customers.members import free_name, members_table, most_likely
from forwhom.customers.money import found_money
from forwhom.customers.quality import quality_notes
from forwhom.customers.statuses import _is_no_business, _told, is_mark
from forwhom.customers.tries import MOST_TRIED, Tries, numbers_to_try
from forwhom.errors import DataError
from forwhom.tables import table_of
from forwhom.tables.columns import Column


@pytest.mark.parametrize(
    ("levels", "marked", "named", "gone", "back"),
    [
        (["paid", "Cancelled"], False, True, ["Cancelled"], []),
        (["paid", "cancelled"], False, False, [], []),
        (["paid", "refunded", "failed"], False, True, ["failed"], ["refunded"]),
        (["paid", "Cancelled by customer"], False, True, ["Cancelled by customer"], []),
        (["paid", "delivery failed"], False, True, [], []),
        (["won", "lost", "open"], False, False, ["lost", "open"], []),
        (["yes", "no"], True, False, ["yes"], []),
        (["yes", "maybe"], True, False, [], []),
        (["no", "no way"], True, False, [], []),
        (["cancelled", "failed"], False, True, [], []),
        (["cancelled", "refunded"], False, True, ["cancelled"], ["refunded"]),
    ],
)
def test_levels_by_which_nothing_was_bought(
    levels: list[str], marked: bool, named: bool, gone: list[str], back: list[str]
) -> None:
    assert _told(levels, marked, named) == (gone, back)


def test_a_deal_that_was_not_won_is_none() -> None:
    assert _is_no_business("open", ["won", "open"])
    assert not _is_no_business(" WON ", ["won", "open"])
    assert not _is_no_business("open", ["lost", "open"])


@pytest.mark.parametrize(
    ("kind", "low", "high", "distinct", "mark"),
    [("boolean", None, None, 2, True), ("number", 0, 1, 2, True), ("number", 0, 2, 2, False),
     ("number", 1, 1, 1, False), ("text", None, None, 2, False)],
)  # fmt: skip
def test_what_is_a_mark(kind: str, low: Any, high: Any, distinct: int, mark: bool) -> None:
    column: Any = SimpleNamespace(type=kind, minimum=low, maximum=high, distinct=distinct)
    assert is_mark(column) is mark


@pytest.mark.parametrize(
    ("text", "code"),
    [(" eur ", "EUR"), ("€", "EUR"), ("Pounds", "GBP"), ("$", "USD"), ("XYZ", ""), ("", "")],
)
def test_how_a_currency_is_written(text: str, code: str) -> None:
    assert _code(text) == code


def test_which_signs_are_of_one_currency_and_which_columns_are_near() -> None:
    assert [_sure(sign) for sign in ("€", "$", "kr", "CHF")] == ["EUR", "", "", "CHF"]
    amounts = ["order_amount", "tax"]
    told = [_nearness(name, amounts) for name in ("order_currency", "currency", "local_currency")]
    assert told == [1, 0, -1]
    assert _nearness("local_currency", []) == 0
    one, two = {"eur": "EUR", "€": "EUR"}, {"eur": "EUR", "$": "USD"}
    assert _several({"a": one, "b": two}) == ("b", two)
    assert _several({"a": one}) is None


def test_the_same_answer_has_one_number_in_all_columns() -> None:
    first, second, third = _places([("1", "no"), ("1.0", "2"), (" No ",)])
    assert (first[0], first[1]) == (second[0], third[0])
    assert second[1] not in first.tolist()
    assert _blank(first) == -1
    assert _blank(third) > 10**6


def test_pairs_count_the_same_answers_of_those_who_gave_both() -> None:
    codes = np.array([[0, 0, 1, -1, 1], [0, 1, 1, 0, -1]], dtype=np.int64)
    pairs = _Pairs.of(codes)
    assert pairs.same[0, 1] == pairs.same[1, 0] == 2.0
    # Of three who gave both: once and twice 0 and 1, and the other way round.
    assert pairs.expected[0, 1] == pytest.approx((2 * 1 + 1 * 2) / 3)
    assert pairs.levels[0, 1] == 2


def test_which_columns_may_rule_each_other_out() -> None:
    def column(**more: Any) -> Any:
        return SimpleNamespace(**{"distinct": 3, "use": "active", "type": "text", "why": ""} | more)

    assert _has_steps(column())
    assert _has_steps(column(distinct=40, type="boolean"))
    assert _has_steps(column(distinct=1, type="number"))
    for wrong in ({"distinct": 0}, {"distinct": 41}, {"use": "id"}, {"type": "date"}):
        assert not _has_steps(column(**wrong))
    assert rules_others_out(column(why="One rank rules out the others"))
    assert not rules_others_out(column(why="It is no rank"))
    assert not rules_others_out(object())


def test_members_are_in_their_likeliest_segment() -> None:
    chances = np.array([[0.2, 0.8], [0.0, 0.0], [0.5, 0.5]])
    segment = most_likely(chances)
    assert segment.tolist() == [2, 0, 1]
    table = members_table(pa.array(["a", "b", "c"]), "id", segment, chances, None)
    assert table.column_names == ["id", "segment", "p1", "p2", "certainty"]
    assert table["certainty"].to_pylist() == [0.8, 0.0, 0.5]
    placed = members_table(
        pa.array([1, 2, 3]), None, segment, chances, np.array([0.1, np.nan, -0.2])
    )
    assert placed.column_names == ["row", "segment", "p1", "p2", "certainty", "scale"]
    assert placed["scale"].to_pylist() == [0.1, None, -0.2]
    assert [free_name(name, 2) for name in ("segment", "p2", "p3", "fit", None)] == [
        "segment_id", "p2_id", "p3", "fit_id", "row",
    ]  # fmt: skip


def customers(n: int, different: int | None = None) -> list[Column]:
    values = np.arange(float(n)) if different is None else np.arange(n) % different * 1.0
    return [Column("x", values)]


@pytest.mark.parametrize(
    ("n", "k_max", "most", "limit"),
    [
        (600, 8, 8, ""),
        (9, 8, 3, "more parameters"),
        (8, 8, 3, "more parameters"),
        (11, 8, 4, "more parameters"),
        (5, 8, 2, "a segment needs two customers"),
        (3, 8, 1, "a segment needs two customers"),
        (1, 8, 1, "a segment needs two customers"),
        (2000, 200, MOST_TRIED, "at most 100 numbers"),
    ],
)
def test_how_many_segments_are_worth_trying(n: int, k_max: int, most: int, limit: str) -> None:
    told = numbers_to_try(None, k_max, customers(n), ["continuous"])
    assert told.ks == tuple(range(1, most + 1))
    assert limit in told.limit
    assert bool(told.limit) is bool(limit)


def test_customers_who_do_not_differ_make_no_more_segments() -> None:
    few = numbers_to_try(None, 8, customers(600, 3), ["continuous"])
    assert (few.ks, few.limit) == ((1, 2, 3), "only 3 customers differ")
    assert numbers_to_try(3, 8, customers(600, 3), ["continuous"]).ks == (3,)
    with pytest.raises(DataError, match="there are 3 different customers, fewer than 4 segments"):
        numbers_to_try(4, 8, customers(600, 3), ["continuous"])
    with pytest.raises(DataError, match="there are 3 customers, fewer than 4 segments"):
        numbers_to_try(4, 8, customers(3), ["continuous"])
    signs = [Column("x", np.array([0.0, -0.0, np.nan, np.nan]))]
    with pytest.raises(DataError, match="there are 2 different customers"):
        numbers_to_try(3, 8, signs, ["continuous"])
    assert Tries((1,), "so").notes == ["Only one segment was tried: so."]
    assert Tries((1, 2), "so").notes == ["Up to 2 segments were tried: so."]
    assert Tries((1, 2)).notes == []


def view(duration: list[float], answers: list[list[int | None]], *, tool: bool = True) -> Any:
    names = [f"q{i}" for i in range(len(answers))]
    table = pa.table({"duration": duration, **dict(zip(names, answers, strict=True))})
    told = {"type": "number", "n": len(duration)}
    columns = [
        SimpleNamespace(name="duration", of_tool=tool, measure="positive", levels=(), **told),
        *(
            SimpleNamespace(name=one, of_tool=False, measure="ordinal", levels=("1", "2"), **told)
            for one in names
        ),
    ]
    return SimpleNamespace(
        short="t", table=table_of(table), profile=SimpleNamespace(columns=columns)
    )


def test_responses_without_much_thought_are_counted() -> None:
    fast = [300.0] * 18 + [99.0, 100.0]
    mixed: list[list[int | None]] = [[1 + i % 2 for i in range(20)] for _ in range(4)]
    (told,) = quality_notes(view(fast, mixed))
    assert told.startswith("t: 1 response was given in less than a third of the usual time (300 in")
    assert "5.0%" in told
    assert list(quality_notes(view(fast[1:], [own[1:] for own in mixed]))) == []
    assert list(quality_notes(view(fast, mixed, tool=False))) == []
    grid = [*mixed, [1 + (i + (i > 2)) % 2 for i in range(20)]]
    grid[0] = [None, *mixed[0][1:]]
    (_, told) = quality_notes(view(fast, grid))
    assert told.startswith("t: 2 responses have the same answer to all 5 questions from q0 to q4")
    assert "10.5%" in told


UNITS = np.tile([1.0, 2.0, 3.0, 4.0], 25)
PRICES = np.tile([2.5, 4.0, 7.25, 9.0, 11.5], 20)
ORDERS = np.arange(100) // 2


def found(numbers: dict[str, Any], quantity: str | None = None, once: tuple[str, ...] = ()) -> Any:
    codes = {"order": ORDERS} | {
        n: np.unique(v, return_inverse=True)[1] for n, v in numbers.items()
    }
    return found_money(Sample(codes, numbers, {}), list(numbers), "order", once, quantity)


def test_money_is_units_times_a_price() -> None:
    told = found({"n": UNITS, "each": PRICES, "sum": UNITS * PRICES})
    assert told.said == {"amount": "sum", "quantity": "n"}
    assert told.why == "it is n × each in each row"


def test_money_adds_up_to_that_of_orders() -> None:
    lines = PRICES + np.arange(100) / 100
    totals = np.bincount(ORDERS, lines)[ORDERS]
    told = found({"line": lines, "total": totals})
    assert told.said == {"amount": "line"}
    assert "total" in told.why
