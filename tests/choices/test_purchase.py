"""Who can stop a purchase, who is missing, where it can fail: against cases worked out by hand."""

from __future__ import annotations

import json
import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.choices.purchase.influence import power_of, reached_from
from forwhom.choices.purchase.tracing import purchase_map
from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.kinds import Role
from forwhom.documents.participants import (
    CROSSWALK,
    PurchaseMap,
)
from forwhom.lint import lint_canvas

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
        (["user", "initiator"], "missing", "missing", "missing"),
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
    ada["organization"] = "Clinic"
    found = map_of(ada)
    assert found.purchases[0].in_all_roles == ["ada"]
    assert "Ada uses it, decides and pays; nobody else has a say." in found.text
    assert map_of(ada, {"id": "bo", "roles": ["user"]}).purchases[0].in_all_roles == []


def test_what_is_missing_is_said_the_serious_first() -> None:
    found = map_of({"id": "ada", "roles": ["recommender", "gatekeeper"]})
    assert kinds(found) == ["part-missing"] * 3 + ["nobody-for-it", "role-missing"]
    assert [(f.text, f.stops) for f in found.failures[:3]] == [
        ("It is not known who pays.", True),
        ("It is not known who decides.", True),
        ("It is not known who uses it.", False),
    ]
    assert found.stopping == found.failures[:2]
    assert found.failures[-1].text == "Nobody is named who benefits in the end."


def seat(found: PurchaseMap, crossing: str, purchase: int = 0) -> tuple[str, list[str], list[str]]:
    one = next(s for s in found.purchases[purchase].seats if s.crossing == crossing)
    return one.presence, one.participants, one.segments


RENTER = {"id": "renter", "roles": ["user", "buyer", "decision-maker"], "stance": "supports"}


def test_people_who_buy_for_themselves_are_no_single_point_and_need_nobody_else() -> None:
    found = map_of(RENTER, segments=[{"id": "s", "name": "Renters", "revenue": "pays"}])
    assert found.failures == []
    assert [s.crossing for s in found.purchases[0].seats] == ["pays", "decides", "signs", "uses"]
    assert seat(found, "pays") == ("segment", ["renter"], ["s"])


@pytest.mark.parametrize(
    ("segment", "more"),
    [
        ({"bases": ["firmographic"]}, {}),
        ({"buti": ["target-impact"]}, {}),
        ({"buti": ["buyer", "user"]}, {}),
        ({}, {"organization": "Clinic"}),
        ({}, {"roles": [*RENTER["roles"], "initiator"]}),
        ({}, {"roles": [*RENTER["roles"], "purchaser"]}),
    ],
)
def test_whoever_buys_for_an_organization_or_for_others_is_asked_for_more(
    segment: dict[str, Any], more: dict[str, Any]
) -> None:
    segments = [{"id": "s", "name": "Renters", "revenue": "pays", **segment}]
    found = map_of(RENTER | {"segments": ["s"]} | more, segments=segments)
    assert "single-point" in kinds(found)
    assert "role-missing" in kinds(found)


def test_one_word_for_a_workshop_makes_nobody_an_organization() -> None:
    segments = [{"id": "s", "name": "Renters", "revenue": "pays", "buti": ["user"]}]
    assert map_of(RENTER, segments=segments).failures == []
    aid = map_of(RENTER, segments=segments, framework="aid-sustainability")
    assert "role-missing" in kinds(aid)


@pytest.mark.parametrize(
    ("segment", "pays", "said"),
    [
        ({"revenue": "pays"}, ("segment", [], ["s"]), ""),
        ({"revenue": "none"}, ("nobody", [], []), ""),
        ({"revenue": "sponsored", "sponsor": "t"}, ("segment", [], ["t"]), ""),
        ({"sponsor": "bank"}, ("named", ["bank"], []), ""),
        ({"revenue": "sponsored"}, ("missing", [], []), "It is not known who pays."),
        ({}, ("missing", [], []), "It is not known who pays."),
    ],
)
def test_who_pays_is_said_by_revenue_and_sponsor(
    segment: dict[str, Any], pays: tuple[str, list[str], list[str]], said: str
) -> None:
    segments = [{"id": "s", "name": "Schools", **segment}, {"id": "t", "name": "Towns"}]
    found = map_of(
        {"id": "ada", "roles": ["user", "decision-maker"], "segments": ["s"]},
        {"id": "bank", "segments": ["t"]},
        segments=segments,
    )
    assert seat(found, "pays") == pays
    assert [f.text for f in found.purchases[0].failures if "pays" in f.text] == [said][: len(said)]
    assert ("bank" in found.purchases[0].participants) == (segment.get("sponsor") == "bank")


def test_a_decision_that_nobody_pays_comes_before_a_role_that_may_mean_it() -> None:
    segments = [{"id": "s", "name": "Schools", "revenue": "none"}]
    found = map_of({"id": "ada", "roles": ["buyer", "approver"]}, segments=segments)
    assert seat(found, "pays") == ("nobody", [], [])
    assert "part-unclear" not in kinds(found)
    donor = map_of({"id": "ada", "roles": ["donor"]}, segments=segments)
    assert seat(donor, "pays") == ("named", ["ada"], [])


def test_who_pays_beside_a_sponsor_does_not_pay_alone() -> None:
    segments = [{"id": "s", "name": "Schools", "sponsor": "t"}, {"id": "t", "name": "Towns"}]
    found = map_of({"id": "ada", "roles": ["donor"], "segments": ["s"]}, segments=segments)
    assert seat(found, "pays") == ("named", ["ada"], ["t"])
    assert "single-point" not in kinds(found)


def test_a_note_says_from_whom_money_comes() -> None:
    note = {"text": "A fee for each child", "segments": ["s"]}
    ada = {"id": "ada", "roles": ["user", "decision-maker"]}
    found = map_of(ada, blocks={"revenue_streams": [note]})
    assert seat(found, "pays") == ("segment", [], ["s"])


def test_a_sponsor_who_is_against_it_has_power() -> None:
    segments = [{"id": "s", "name": "Schools", "sponsor": "bank"}]
    found = map_of(*SOUND, {"id": "bank", "stance": "opposes"}, segments=segments)
    (failure,) = found.stopping
    assert failure.text == "Bank is against it and pays for it."


def test_only_what_can_stop_a_purchase_stops_it() -> None:
    gus = {"id": "gus", "veto": True}
    stopping = {f.kind for people in ((), ({"id": "ada"},), (*SOUND, gus))
                for f in map_of(*people).stopping}  # fmt: skip
    assert stopping == {"nobody-named", "part-missing", "unreached-veto"}
    first, *rest = SOUND
    reached = map_of(first | {"influences": [{"on": "gus"}]}, *rest, gus)
    assert reached.failures
    assert reached.stopping == []


@pytest.mark.parametrize("revenue", [None, "pays", "none", "sponsored"])
@pytest.mark.parametrize("buti", [[], ["user"], ["buyer", "user"]])
@pytest.mark.parametrize("roles", [["user"], ["buyer"], ["decision-maker", "user"], ["approver"]])
def test_the_linter_and_the_map_say_that_the_same_is_missing(
    revenue: str | None, buti: list[str], roles: list[str]
) -> None:
    segments = [{"id": "s", "name": "Schools", "buti": buti, "revenue": revenue}]
    canvas = canvas_of([{"id": "ada", "roles": roles}], segments=segments)
    (purchase,) = purchase_map(canvas).purchases
    missing = [f.text.removeprefix("It is not known who ") for f in purchase.failures
               if f.kind == "part-missing"]  # fmt: skip
    said = [d.message for d in lint_canvas(canvas, select=["FW303"]).diagnostics]
    assert bool(said) == bool(missing)
    assert all(one.removesuffix(".") in said[0] for one in missing)


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


@settings(max_examples=60)
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
