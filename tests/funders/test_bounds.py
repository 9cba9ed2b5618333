"""Amounts, days, shares and codes on a bound, and beside it."""

from __future__ import annotations

import pytest

from forwhom.documents.aid.names import sector_code
from forwhom.documents.canvas import parse_canvas
from forwhom.funders.cliff import _first_gap
from forwhom.funders.division import Scope
from forwhom.funders.economy import _shown, propose_economy
from forwhom.funders.forecast import Account, Forecast, _in_force, same
from forwhom.funders.iati.activities import Organization, Period, Transaction
from forwhom.funders.iati.shares import shares_of
from forwhom.funders.quarters import quarter_name

from .activities import activity, find, receiver, transaction
from .conftest import Write


def period(start: str, end: str, revised: bool = False) -> Period:
    return Period(start, end, 100, "USD", revised)


@pytest.mark.parametrize(
    ("start", "end", "stays"),
    [
        ("2026-01-01", "2026-03-31", True), ("2026-01-01", "2026-04-01", False),
        ("2026-06-30", "2026-12-31", False), ("2026-07-01", "2026-12-31", True),
    ],
)  # fmt: skip
def test_a_revised_budget_replaces_those_that_share_a_day(
    start: str, end: str, stays: bool
) -> None:
    old, new = period(start, end), period("2026-04-01", "2026-06-30", revised=True)
    assert _in_force([old, new]) == ([old, new] if stays else [new])
    assert _in_force([old]) == [old]


@pytest.mark.parametrize(
    ("parent", "children", "alike"),
    [
        (1000, (600, 390), True), (1000, (600, 389), False), (1000, (600, 410), True),
        (1000, (600, 411), False), (-1000, (-990,), True), (-1000, (-989,), False),
        (0, (0,), False), (0, (1,), False),
    ],
)  # fmt: skip
def test_money_is_the_same_within_a_hundredth(
    parent: int, children: tuple[int, ...], alike: bool
) -> None:
    assert same({"USD": parent}, *({"USD": one} for one in children)) == alike
    assert not same({"USD": 100}, {"EUR": 100})


@pytest.mark.parametrize(
    ("enough", "gap"),
    [
        ([True, True], []), ([True, False], [2]), ([False, False, True], []),
        ([False, False, False, True, False], [5]), ([False] * 4 + [True], [1, 2, 3, 4]),
        ([False] * 6 + [True, False], [1, 2, 3, 4, 5, 6]),
        ([True] + [False] * 4 + [True], [2, 3, 4, 5]),
    ],
)  # fmt: skip
def test_a_year_with_too_little_is_a_gap_and_three_quarters_are_none(
    enough: list[bool], gap: list[int]
) -> None:
    assert _first_gap(list(enumerate(enough, 1))) == gap


def test_a_flow_is_spread_over_its_days() -> None:
    forecast = Forecast("2026-11-25")
    forecast.add_flow("2026-10-01", "2026-12-31", 9_200, "USD")
    quarter = forecast.first + 4
    assert quarter_name(quarter) == "2026-Q4"
    assert dict(forecast.spent) == {(quarter, "USD"): 5_600}
    assert dict(forecast.planned) == {(quarter, "USD"): 3_600}
    # A hundred cents a day, of a quarter of 91.310625 days.
    assert dict(forecast.ends) == {(quarter, "USD"): 9_131}
    short = Forecast("2026-11-25")
    short.add_flow("", "2026-12-05", 500, "USD")
    assert (dict(short.spent), dict(short.planned)) == ({}, {(quarter, "USD"): 500})
    assert dict(short.ends) == {(quarter, "USD"): 500}  # it never brings more than it is
    short.add_flow("", "2026-11-26", 100, "USD")
    assert dict(short.planned) == {(quarter, "USD"): 600}
    past = Forecast("2026-11-25")
    past.add_flow("", "2026-11-25", 700, "USD")
    assert (dict(past.spent), dict(past.planned)) == ({(quarter, "USD"): 700}, {})
    for start, end in (("2026-12-02", "2026-12-01"), ("soon", ""), ("", "")):
        past.add_flow(start, end, 1, "USD")
    assert past.without_days == 3
    past.add_flow("2026-12-01", "2026-12-01", 9_000, "USD")
    assert (past.without_days, past.planned[(quarter, "USD")]) == (3, 9_000)
    assert past.ends[(quarter, "USD")] == 9_000
    past.add_flow("2026-12-02", "", 500, "USD")  # one day alone
    assert (past.without_days, past.planned[(quarter, "USD")]) == (3, 9_500)


def test_what_is_left_is_what_was_committed_and_not_spent() -> None:
    def paid(cents: int) -> Transaction:
        return Transaction("3", "2026-01-01", cents, "USD", None, None, None, None, False, "", "")

    account = Account()
    account.add("committed", "receiver", paid(50))
    assert (account.left, account.committed, account.gave, account.spent) == ({}, {}, False, [])
    account.add("committed", "giver", paid(100))
    assert (account.left, account.committed, account.gave) == ({"USD": 100}, {"USD": 100}, False)
    account.add("spent", "receiver", paid(7))
    assert (account.gave, account.left) == (False, {"USD": 100})
    account.add("spent", "giver", paid(30))
    assert (account.left, account.committed, account.gave) == ({"USD": 70}, {"USD": 100}, True)
    assert account.spent == [
        ("receiver", "2026-01-01", "USD", 7), ("giver", "2026-01-01", "USD", 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "shares"),
    [
        ((("a", "99"), ("b", None)), {"a": 0.99, "b": 0.01}),
        ((("a", "99"),), {"a": 1.0}),
        ((("a", "98.9"),), {"a": 0.989, "": 0.011}),
        ((("a", "60"), ("b", "60"), ("c", None)), {"a": 0.5, "b": 0.5}),
        ((("a", "20"), ("b", None), ("c", "x")), {"a": 0.2, "b": 0.4, "c": 0.4}),
        ((("a", None), ("b", "")), {"a": 0.5, "b": 0.5}),
        ((("a", "30"), ("a", "20"), ("", "10")), {"a": 0.5, "": 0.5}),
        ((("a", "0"),), {"": 1.0}),
        ((("a", "1000000"), ("b", "1000001"), ("c", "1e6")), {"a": 0.5, "c": 0.5}),
    ],
)
def test_shares_of_what_is_written(
    written: tuple[tuple[str, str | None], ...], shares: dict[str, float]
) -> None:
    assert dict(shares_of(written)) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("word", "code"), [("122", "122"), ("12220", "122"), ("12", "12"), ("1222", "1222")]
)
def test_a_code_of_a_sector_has_three_or_five_digits(word: str, code: str) -> None:
    assert sector_code(word) == code


@pytest.mark.parametrize(
    ("word", "code", "kept"),
    [("12220", "122", True), ("1225", "122", True), ("12", "122", True), ("13", "122", False),
     ("122", "", False), ("HEALTH", "122", True), ("fish", "122", False)],
)  # fmt: skip
def test_a_sector_is_asked_for_by_its_first_digits_or_a_word(
    word: str, code: str, kept: bool
) -> None:
    assert Scope(word).keeps(code, "KE") == kept


def test_half_of_the_money_is_most_of_it(write: Write) -> None:
    def said(*amounts: int) -> list[str]:
        made = [activity(f"F{i}", transaction(3, n, receiver("R"))) for i, n in enumerate(amounts)]
        found = find(write(*made))
        return propose_economy(found, parse_canvas("forwhom: 1\nkind: canvas\n"))[1]

    assert "one-giver" in said(50, 50)
    assert "one-giver" not in said(49, 49, 2)
    assert "money-by-aim" in said(50)
    unnamed = [transaction(3, 25), transaction(3, 75, receiver("R"))]
    found = find(write(activity("F", *unnamed)))
    assert "receivers-not-named" in [one.id for one in _shown(found)]
    less = find(write(activity("F", *unnamed, transaction(3, 1, receiver("R")))))
    assert "receivers-not-named" not in [one.id for one in _shown(less)]


@pytest.mark.parametrize(("next_quarter", "falls"), [(50, "2027-Q2"), (49.99, "2027-Q1")])
def test_half_of_the_past_year_is_enough(write: Write, next_quarter: float, falls: str) -> None:
    spent = transaction(3, 400, receiver("R"), day="2026-02-01")
    planned = (
        '<budget><period-start iso-date="2027-01-01"/><period-end iso-date="2027-03-31"/>'
        f"<value>{next_quarter}</value></budget>"
    )
    cliff = find(write(activity("A", spent, planned))).cliff
    assert (cliff.reference, cliff.falls, cliff.last) == (100, falls, "2027-Q1")
    known = "nothing is known any more" if next_quarter == 50 else "only 50% of that is known"
    assert f"From {falls} on, {known}" in cliff.statement
    back = find(write(activity("A", spent.replace("400", "-400"), planned))).cliff
    assert (back.reference, back.falls) == (0, "")
    assert "so there is no level to compare it with" in back.statement


@pytest.mark.parametrize(
    ("others", "cents", "said"), [(9, 9, False), (9, 10, True), (8, 10, False)]
)
def test_one_of_ten_flows_is_more_than_half(
    write: Write, others: int, cents: int, said: bool
) -> None:
    paid = [transaction(3, 0.01, receiver(f"R{n}")) for n in range(others)]
    found = find(write(activity("A", *paid, transaction(3, cents / 100, receiver("R")))))
    assert any("is it a mistake of writing?" in note for note in found.notes) == said


def test_nobody_is_named_without_a_role(write: Write) -> None:
    nobody = "<participating-org><narrative>X</narrative></participating-org>"
    found = find(write(activity("A", nobody, transaction(3, 1, receiver("R")))))
    assert "X" not in {one.name for one in found.organizations}
    assert Organization("", "X", "") != Organization("x", "X", "")
