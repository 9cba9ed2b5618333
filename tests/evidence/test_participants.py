"""Who can stop a purchase, who is missing, where it can fail: against cases worked out by hand."""

from __future__ import annotations

import json
import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.words import Role
from forwhom.documents.participants import CROSSWALK, Person, PurchaseMap
from forwhom.evidence.influence import power_of, reached_from
from forwhom.evidence.participants import purchase_map

ROLES = typing.get_args(Role)


def canvas_of(participants: list[dict[str, Any]], **more: Any) -> Canvas:
    data = {"forwhom": 1, "kind": "canvas", "segments": [{"id": "s", "name": "Schools"}]}
    named = [{"name": p["id"].capitalize(), **p} for p in participants]
    return parse_canvas(json.dumps(data | {"participants": named} | more))


def map_of(*participants: dict[str, Any], **more: Any) -> PurchaseMap:
    return purchase_map(canvas_of(list(participants), **more))


def kinds(found: PurchaseMap) -> list[str]:
    return [failure.kind for failure in found.failures]


SOUND = (
    {"id": "ada", "roles": ["donor"], "stance": "supports"},
    {"id": "ann", "roles": ["donor"], "stance": "supports"},
    {"id": "bo", "roles": ["decision-maker", "purchaser"], "stance": "supports"},
    {"id": "bea", "roles": ["approver"], "stance": "supports"},
    {"id": "cy", "roles": ["user"], "stance": "supports"},
    {"id": "di", "roles": ["influencer"], "stance": "neutral"},
    {"id": "ed", "roles": ["recommender"], "stance": "neutral"},
    {"id": "flo", "roles": ["target-impact"], "stance": "unknown"},
)


def test_a_purchase_with_everybody_cannot_fail() -> None:
    found = map_of(*SOUND)
    assert found.failures == []
    assert found.text == "Schools\n- Nothing in the canvas says that it can fail."
    assert {seat.presence for seat in found.purchases[0].seats} == {"named"}


def test_nobody_named_is_one_sentence_and_not_seven() -> None:
    found = map_of()
    assert kinds(found) == ["nobody-named"]
    assert found.failures[0].text == "Nobody is named who takes part in the purchase of Schools."


def test_every_role_stands_somewhere_in_the_crosswalk() -> None:
    placed = {role for row in CROSSWALK for role in (*row.roles, *row.perhaps)}
    assert placed == set(ROLES)
    target = next(row for row in CROSSWALK if row.id == "benefits")
    assert (target.participants, target.buying_center) == ([], [])
    assert all(row.buti for row in CROSSWALK if row.needed)


@pytest.mark.parametrize(
    ("roles", "pays", "decides", "signs"),
    [
        (["donor"], "named", "missing", "missing"),
        (["buyer"], "perhaps", "missing", "perhaps"),
        (["approver"], "perhaps", "named", "missing"),
        (["purchaser"], "missing", "missing", "named"),
        (["gatekeeper"], "missing", "missing", "perhaps"),
        (["user"], "missing", "missing", "missing"),
    ],
)
def test_words_of_all_three_sets_are_understood(
    roles: list[str], pays: str, decides: str, signs: str
) -> None:
    (purchase,) = map_of({"id": "ada", "roles": roles}).purchases
    seats = {seat.crossing: seat.presence for seat in purchase.seats}
    assert (seats["pays"], seats["decides"], seats["signs"]) == (pays, decides, signs)


def test_a_buyer_may_mean_two_things_and_somebody_should_say() -> None:
    found = map_of({"id": "ada", "roles": ["buyer", "user"]})
    (unclear,) = [f for f in found.failures if f.kind == "part-unclear"]
    assert unclear.text == (
        "It is not clear who pays: Ada may, but “buyer” can mean more than one part of a purchase."
    )


def test_segments_stand_for_users_and_those_who_benefit() -> None:
    segments = [
        {"id": "s", "name": "Schools", "buti": ["user"]},
        {"id": "c", "name": "Children", "buti": ["target-impact"]},
    ]
    found = map_of({"id": "ada", "roles": ["donor"]}, segments=segments)
    assert [p.segment for p in found.purchases] == ["s"]
    seats = {seat.crossing: seat for seat in found.purchases[0].seats}
    assert (seats["uses"].presence, seats["uses"].segments) == ("segment", ["s"])
    assert (seats["benefits"].presence, seats["benefits"].segments) == ("segment", ["c"])


def test_segments_that_are_not_served_have_no_purchase() -> None:
    segments = [{"id": "s", "name": "Schools", "status": "ignore"}]
    assert map_of(segments=segments).purchases == []
    assert "No segment may be served yet" in map_of(segments=segments).text


def test_only_those_of_a_segment_take_part_and_those_who_name_none() -> None:
    segments = [{"id": "s", "name": "Schools"}, {"id": "b", "name": "Banks"}]
    found = map_of(
        {"id": "ada", "segments": ["s"]}, {"id": "bo"}, {"id": "cy", "segments": ["b"]},
        segments=segments,
    )  # fmt: skip
    assert [p.participants for p in found.purchases] == [["ada", "bo"], ["bo", "cy"]]


def test_a_veto_of_somebody_who_is_against_it_comes_first() -> None:
    found = map_of(*SOUND, {"id": "gus", "stance": "opposes", "veto": True})
    assert kinds(found) == ["opposed-veto"]
    assert found.failures[0].text == (
        "Gus is against it and can stop the purchase alone. Nobody who is for it has influence "
        "there."
    )
    assert found.purchases[0].opposed == ["gus"]


def test_who_could_talk_to_a_veto_is_named_also_through_others() -> None:
    found = map_of(
        *SOUND,
        {"id": "gus", "stance": "opposes", "vetoes": ["bo"]},
        {"id": "hal", "influences": [{"on": "gus"}]},
        {"id": "ida", "stance": "supports", "influences": [{"on": "hal"}]},
    )
    assert found.failures[0].text == (
        "Gus is against it and can stop the decision of Bo. Ida could talk to them."
    )
    assert found.purchases[0].vetoes[0].reached_by == ["ida"]
    assert found.failures[1].text == (
        "Only Ida is for it and has influence on Gus, who can stop it."
    )


@pytest.mark.parametrize(
    ("stance", "reached", "kind", "said"),
    [
        ("unknown", False, "unreached-veto", "nobody knows what they think"),
        ("unknown", True, "unknown-veto", "Ada and Bo could ask."),
        ("neutral", False, "unreached-veto", "they are neutral"),
        ("supports", False, None, ""),
    ],
)
def test_a_veto_that_nobody_has_asked(
    stance: str, reached: bool, kind: str | None, said: str
) -> None:
    arrows = [{"on": "gus"}] if reached else []
    first, second, third, *rest = (dict(one) for one in SOUND)
    first["influences"] = third["influences"] = arrows
    found = map_of(first, second, third, *rest, {"id": "gus", "stance": stance, "veto": True})
    assert kinds(found) == ([kind] if kind else [])
    assert said in "".join(f.text for f in found.failures)


@pytest.mark.parametrize(
    ("more", "power"),
    [
        ({"roles": ["gatekeeper"]}, "has a say as gatekeeper"),
        ({"influences": [{"on": "ed"}]}, ""),
        ({"influences": [{"on": "bo"}]}, "has influence on Bo"),
        ({}, ""),
    ],
)
def test_opposition_counts_where_it_has_power(more: dict[str, Any], power: str) -> None:
    found = map_of(*SOUND, {"id": "gus", "stance": "opposes", **more})
    said = [f.text for f in found.failures if f.kind == "opposed-power"]
    assert said == ([f"Gus is against it and {power}."] if power else [])


def test_one_who_pays_or_decides_alone_is_a_single_point() -> None:
    found = map_of(*(one for one in SOUND if one["id"] not in ("ann", "bea")))
    assert kinds(found) == ["single-point", "single-point"]
    assert found.failures[0].text.startswith("Ada alone pays")
    assert found.failures[1].participants == ["bo"]


def test_one_person_in_all_roles() -> None:
    ada = {"id": "ada", "roles": ["user", "buyer", "decision-maker"], "stance": "supports"}
    found = map_of(ada)
    assert found.purchases[0].in_all_roles == ["ada"]
    assert "Ada uses it, decides and pays; nobody else has a say." in found.text
    assert map_of(ada, {"id": "bo", "roles": ["user"]}).purchases[0].in_all_roles == []


def test_what_is_missing_is_said_the_serious_first() -> None:
    found = map_of({"id": "ada", "roles": ["recommender"]})
    assert kinds(found) == ["part-missing"] * 3 + ["nobody-for-it", "role-missing"]
    assert [f.text for f in found.failures[:3]] == [
        "It is not known who pays.",
        "It is not known who decides.",
        "It is not known who uses it.",
    ]
    assert found.failures[-1].text == "Nobody is named who places the order or benefits in the end."


@st.composite
def people(draw: Any) -> list[dict[str, Any]]:
    count = draw(st.integers(0, 7))
    ids = [f"p{i}" for i in range(count)]
    return [
        {
            "id": one,
            "roles": draw(st.lists(st.sampled_from(ROLES), max_size=3)),
            "stance": draw(st.sampled_from(["supports", "neutral", "opposes", "unknown"])),
            "veto": draw(st.booleans()),
            "vetoes": draw(st.lists(st.sampled_from(ids), max_size=2)),
            "influences": [
                {"on": other} for other in draw(st.lists(st.sampled_from(ids), max_size=3))
            ],
        }
        for one in ids
    ]


@settings(max_examples=60, deadline=None)
@given(people())
def test_what_holds_for_every_purchase(participants: list[dict[str, Any]]) -> None:
    found = map_of(*participants)
    (purchase,) = found.purchases
    people = {p.id: p for p in found.people}
    assert purchase_map(canvas_of(participants)) == found
    assert PurchaseMap.model_validate_json(found.model_dump_json()) == found
    opposed = {p["id"] for p in participants if p["stance"] == "opposes"}
    assert set(purchase.opposed) <= opposed
    for veto in purchase.vetoes:
        assert people[veto.participant].veto
        for name in veto.reached_by:
            assert people[name].stance == "supports"
            assert veto.participant in reached_from(name, found.people)
    for holder in (p for p in found.people if p.veto and p.stance == "opposes"):
        assert "can stop it" in power_of(holder, found.people)
        assert holder.id in {i for f in purchase.failures for i in f.participants}


def test_influence_goes_in_circles_without_end() -> None:
    ring = [
        Person.model_validate({"id": a, "name": a, "influences": [{"on": b}]})
        for a, b in ("ab", "bc", "ca")
    ]
    assert reached_from("a", ring) == {"b", "c"}
