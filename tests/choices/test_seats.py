"""Who sits where in a purchase, and who makes it one of an organization."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forwhom.choices.purchase.influence import reached_from
from forwhom.choices.purchase.tracing import purchase_map
from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.participants import (
    Person,
    PurchaseMap,
    purchases_of,
    seats_of,
    tells_buti_apart,
)


def canvas_of(participants: list[dict[str, Any]], **more: Any) -> Canvas:
    data = {"forwhom": 1, "kind": "canvas", "segments": [{"id": "s", "name": "Schools"}]}
    named = [{"name": p["id"].capitalize(), **p} for p in participants]
    return parse_canvas(json.dumps(data | {"participants": named} | more))


def map_of(*participants: dict[str, Any], **more: Any) -> PurchaseMap:
    return purchase_map(canvas_of(list(participants), **more))


def seat(found: PurchaseMap, crossing: str, purchase: int = 0) -> tuple[str, list[str], list[str]]:
    one = next(s for s in found.purchases[purchase].seats if s.crossing == crossing)
    return one.presence, one.participants, one.segments


def test_influence_goes_in_circles_without_end() -> None:
    ring = [
        Person.model_validate({"id": a, "name": a, "influences": [{"on": b}]})
        for a, b in ("ab", "bc", "ca")
    ]
    assert reached_from("a", ring) == {"b", "c"}


def test_who_sits_where() -> None:
    canvas = parse_canvas(
        "{forwhom: 1, kind: canvas, segments: [{id: renters, name: Renters, revenue: pays}],"
        " participants: [{id: ana, name: Renter, roles: [user, decision-maker]}]}"
    )
    [(segment, people)] = purchases_of(canvas)
    seats = [(seat.does, seat.presence) for seat in seats_of(segment, people, canvas)]
    assert seats == [("pays", "segment"), ("decides", "named"), ("uses it", "named")]
    text = "{forwhom: 1, kind: canvas, segments: [{id: a, name: A, buti: [user]}]}"
    assert not tells_buti_apart(parse_canvas(text))


@pytest.mark.parametrize(
    ("sponsor", "roles", "presence", "participants", "segments"),
    [
        ("ana", {"ana": ["donor"], "ben": ["donor"]}, "named", ["ana", "ben"], []),
        ("ben", {"ana": ["donor"], "ben": ["donor"]}, "named", ["ben", "ana"], []),
        ("ben", {"ana": ["donor"], "ben": ["user"]}, "named", ["ben", "ana"], []),
        ("t", {"ana": ["donor"]}, "named", ["ana"], ["t"]),
        ("t", {"ana": ["user"]}, "segment", [], ["t"]),
    ],
)
def test_a_sponsor_pays_first_and_sits_there_once(
    sponsor: str, roles: dict[str, list[str]], presence: str, participants: list[str],
    segments: list[str],
) -> None:  # fmt: skip
    people = [{"id": who, "name": who.title(), "roles": given, "segments": ["s"]}
              for who, given in roles.items()]  # fmt: skip
    canvas = Canvas.model_validate(
        {
            "forwhom": 1,
            "kind": "canvas",
            "segments": [{"id": "s", "name": "S", "sponsor": sponsor}, {"id": "t", "name": "T"}],
            "participants": people,
        }
    )
    [pays] = [
        seat
        for segment, them in purchases_of(canvas)
        if segment.id == "s"
        for seat in seats_of(segment, them, canvas)
        if seat.does == "pays"
    ]
    assert (pays.presence, pays.participants, pays.segments) == (presence, participants, segments)


def test_who_pays_decides_uses_and_benefits_need_not_stand_in_one_segment() -> None:
    segments = [
        {"id": "ngo", "name": "NGO", "buti": ["buyer"], "revenue": "pays"},
        {"id": "staff", "name": "Staff", "buti": ["user"], "sponsor": "ngo"},
        {"id": "people", "name": "People", "buti": ["target-impact"], "sponsor": "ngo"},
    ]
    people = [
        {"id": "boss", "roles": ["decision-maker"], "segments": ["ngo"]},
        {"id": "desk", "roles": ["purchaser"], "segments": ["ngo"], "veto": True},
        {"id": "ada", "roles": ["user"], "segments": ["staff"]},
        {"id": "eve", "roles": ["target-impact"], "segments": ["people"]},
    ]
    found = map_of(*people, segments=segments)
    for place in range(3):
        seats = {s.crossing: s for s in found.purchases[place].seats}
        assert seats["decides"].participants == ["boss"]
        assert seats["signs"].participants == ["desk"]
        assert seats["uses"].participants == ["ada"]
        assert seats["benefits"].participants == ["eve"]
        assert "part-missing" not in {f.kind for f in found.purchases[place].failures}
        assert [v.participant for v in found.purchases[place].vetoes] == ["desk"]


@pytest.mark.parametrize(
    ("segments", "decides"),
    [
        # Without buyer, user and target impact, those who pay decide, also through a third.
        ([{"id": "a", "sponsor": "b"}, {"id": "b", "sponsor": "c"}, {"id": "c"}], True),
        # A segment that nothing connects with this one decides nothing for it.
        ([{"id": "a"}, {"id": "c"}], False),
        # Who pays for others does not have their decision-makers.
        ([{"id": "a"}, {"id": "c", "sponsor": "a"}], False),
        ([{"id": "a", "buti": ["user"]}, {"id": "c", "buti": ["buyer"]}], True),
        ([{"id": "a", "buti": ["user"]}, {"id": "c", "buti": ["user", "target-impact"]}], False),
    ],
)
def test_a_decider_of_another_segment_counts_where_the_two_are_connected(segments, decides) -> None:
    named = [{"name": s["id"], **s} for s in segments]
    people = [
        {"id": "ada", "roles": ["user"], "segments": ["a"]},
        {"id": "boss", "roles": ["decision-maker"], "segments": ["c"]},
    ]
    found = map_of(*people, segments=named).purchases[0]
    seat_of = {s.crossing: s.participants for s in found.seats}
    assert seat_of["decides"] == (["boss"] if decides else [])


@pytest.mark.parametrize("role", ["gatekeeper", "approver"])
def test_a_city_that_watches_over_it_makes_no_rider_an_organization(role: str) -> None:
    segments = [{"id": "r", "name": "Riders", "revenue": "pays"}]
    people = [
        {"id": "ada", "roles": ["user", "decision-maker", "buyer"], "segments": ["r"]},
        {"id": "city", "roles": [role], "organization": "City council", "segments": ["r"]},
    ]
    alone = map_of(people[0], segments=segments).purchases[0]
    watched = map_of(*people, segments=segments).purchases[0]
    assert [s.crossing for s in watched.seats if s.presence == "missing"] == [
        s.crossing for s in alone.seats if s.presence == "missing"
    ]
    assert "role-missing" not in {f.kind for f in watched.failures}


def test_whoever_approves_what_others_use_makes_an_organization() -> None:
    segments = [{"id": "r", "name": "Schools", "revenue": "pays"}]
    teacher = {"id": "ada", "roles": ["user"], "segments": ["r"]}
    head = {"id": "bo", "roles": ["decision-maker", "buyer"], "segments": ["r"]}
    board = {"id": "board", "roles": ["approver"], "segments": ["r"]}
    found = map_of(teacher, head, board, segments=segments).purchases[0]
    assert "role-missing" in {f.kind for f in found.failures}
