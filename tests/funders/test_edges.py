"""Bounds of what is said of money, and names that stand for one organization."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.funders.concentration import concentration, gross, level, shares_of
from forwhom.funders.forecast import Forecast
from forwhom.funders.organizations import Named, Organization, Organizations
from forwhom.funders.proposals import proposals

from .activities import activity, find, receiver, transaction
from .conftest import Write


@pytest.mark.parametrize(
    ("index", "said"),
    [(999.9, "low"), (1000.0, "moderate"), (1800.0, "moderate"), (1800.1, "high")],
)
def test_the_bounds_of_the_merger_guidelines(index: float, said: str) -> None:
    assert level(index) == said


def test_what_was_paid_back_has_no_share() -> None:
    amounts = {"a": 300, "b": 100, "c": -50, "d": 0}
    assert shares_of(amounts) == [("a", 0.75), ("b", 0.25)]
    assert gross(amounts) == 400
    [found] = concentration("givers", amounts, {**amounts, "nobody": 100})
    assert (found.hhi, found.equal, found.organizations) == (6250.0, 1.6, 2)
    assert (found.largest, found.largest_share, found.top_three_share) == ("a", 0.75, 1.0)
    assert (found.named_share, found.level) == (0.8, "high")
    assert concentration("givers", {"c": -50}, {}) == []
    # Shares of floating point may sum to a little more than everything.
    [found] = concentration("givers", {"a": 1, "b": 6, "c": 23}, {"a": 30})
    assert found.top_three_share == 1.0


def test_a_number_without_letters_is_known_by_its_only_name() -> None:
    known = Organizations()
    keys = known._keys(
        [
            Organization("21", "Red Cross", "10"),
            Organization("21", "", "10"),
            Organization("22", "Fund", "10"),
            Organization("22", "Other fund", "10"),
            Organization("22", "", "10"),
            Organization("XX-1", "Clinic", "10"),
            Organization("", "clinic", "10"),
        ]
    )
    assert keys == [
        "name red cross", "name red cross", "name fund", "name other fund", "ref 22",
        "ref XX-1", "ref XX-1",
    ]  # fmt: skip
    known.number(Organization("55", "", "10"))
    _, named = known.merged()
    assert named == {"55": Named("55", "55", "government")}


def test_whom_the_canvas_knows_is_passed_over_and_the_next_one_is_proposed(write: Write) -> None:
    money = {"Donor": 300, "Fund": 200, "Bank": 100}
    found = find(
        write(*(activity(who, transaction(3, n, receiver("Clinic"))) for who, n in money.items()))
    )
    canvas = parse_canvas(
        "forwhom: 1\nkind: canvas\nsegments: [{id: s, name: S}]\n"
        "participants: [{id: x, name: X, organization: donor, roles: [donor]}]\n"
    )
    names = [one.participant["name"] for one in proposals(found, canvas, most=10)]
    assert names == ["Fund", "Bank"]


@pytest.mark.parametrize(
    ("end", "ending"), [("2026-11-24", 0), ("2026-11-25", 0), ("2026-11-26", 1), ("2026-12-31", 1)]
)
def test_a_flow_ends_after_today(end: str, ending: int) -> None:
    forecast = Forecast("2026-11-25")
    forecast.add_flow("2026-10-01", end, 9_200, "USD")
    assert sum(forecast.ending.values()) == ending
    spent, planned = sum(forecast.spent.values()), sum(forecast.planned.values())
    assert spent + planned == 9_200
    assert (planned > 0) == bool(ending)
