"""Decisions about segments and weights that judges give alone, on a database in one file."""

from __future__ import annotations

from datetime import date

import pytest

from forwhom.documents.canvas.file import parse_canvas
from forwhom.errors import OptionError, SourceMissing
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Change, Insert, Put
from forwhom.workspace.decisions import decision, segment_at
from forwhom.workspace.weighing import Weighing, Weighings, judges_of

from .conftest import Team

CANVAS = """\
forwhom: 1
kind: canvas
segments:
  - {id: early, name: Early birds}
  - id: late
    name: Late risers
    status: ignore
    decision: {reason: We do not know, date: 2026-01-02}
decision:
  criteria: [{id: fit, name: Fit}, {id: size, name: Size}]
  judges: [{id: ana, weights: {fit: 1}}]
evidence:
  - {id: e1, statement: They come at six.}
"""
TODAY = date(2026, 3, 4)


@pytest.fixture
def version() -> Version:
    return Version("d", 1, parse_canvas(CANVAS), CANVAS)


def test_a_segment_is_found_by_its_id(version: Version) -> None:
    assert [segment_at(version.canvas, one) for one in ("early", "late")] == [0, 1]
    with pytest.raises(SourceMissing, match="This segment is not here"):
        segment_at(version.canvas, "gone")


def places(changes: list[Change]) -> dict[tuple[str | int, ...], object]:
    return {tuple(one.at): one.value for one in changes if isinstance(one, Put | Insert)}


def test_a_first_decision_is_put_as_one(version: Version) -> None:
    told = places(decision(version, "early", "serve", " They pay. ", ["e1", "e1"], "Ana", TODAY))
    put = told[("segments", 0, "decision")]
    assert isinstance(put, dict)
    assert (put["reason"], put["date"], put["by"]) == ("They pay.", "2026-03-04", "Ana")
    assert [one.split("@")[0] for one in put["evidence"]] == ["e1"]
    assert told[("segments", 0, "status")] == "serve"
    assert told[("history", 0)] == {
        "date": "2026-03-04", "what": "decided", "item": "early", "instead": "serve", "by": "Ana",
        "note": "They pay.",
    }  # fmt: skip


def test_a_later_decision_is_put_key_by_key(version: Version) -> None:
    told = places(decision(version, "late", "serve", "They pay.", [], "", TODAY))
    here = ("segments", 1, "decision")
    assert here not in told
    assert told[(*here, "reason")] == "They pay."
    assert told[(*here, "by")] is None
    assert told[(*here, "evidence")] is None
    assert "by" not in told[("history", 0)]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("status", "reason", "evidence", "said"),
    [
        ("candidate", "They pay.", [], "Nothing is chosen yet"),
        ("", "They pay.", [], "Nothing is chosen yet"),
        ("serve", "  ", [], "A decision needs a reason"),
        ("serve", "They pay.", ["e2"], "This evidence is not here any more: 'e2'"),
    ],
)
def test_decisions_that_cannot_be(
    version: Version, status: str, reason: str, evidence: list[str], said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        decision(version, "early", status, reason, evidence, "Ana", TODAY)


def test_weights_are_given_alone_and_revealed_once(quick_team: Team) -> None:
    rounds = Weighings(quick_team.database)
    place, ana, ben = quick_team.place, quick_team.ana, quick_team.ben
    assert rounds.of(place, "c") is None
    with pytest.raises(SourceMissing, match="Nobody has asked for weights yet"):
        rounds.give(place, "c", ana, {"fit": 1.0})
    rounds.ask(place, "c", ana)
    first = rounds.of(place, "c")
    assert first is not None
    assert (first.given, first.revealed) == ({}, None)
    rounds.ask(place, "c", ben)  # one is open
    assert rounds.of(place, "c") == first
    assert rounds.of(place, "other") is None
    with pytest.raises(OptionError, match="Nobody has given weights yet"):
        rounds.reveal(place, "c", ana)
    with pytest.raises(OptionError, match="No criterion has a weight above 0"):
        rounds.give(place, "c", ana, {"fit": 0.0})
    rounds.give(place, "c", ben, {"fit": 1.0})
    rounds.give(place, "c", ana, {"fit": 2.0})
    rounds.give(place, "c", ben, {"fit": 3.0, "size": 0.0})
    found = rounds.reveal(place, "c", ana)
    assert [(one.name, dict(w)) for one, w in found.given.items()] == [
        ("Ben", {"fit": 3.0, "size": 0.0}), ("Ana", {"fit": 2.0}),
    ]  # fmt: skip
    assert (found.of(ana), found.of(ben)["fit"]) == ({"fit": 2.0}, 3.0)
    again = rounds.reveal(place, "c", ben)
    assert again.revealed == found.revealed is not None
    with pytest.raises(OptionError, match="revealed already"):
        rounds.give(place, "c", ana, {"fit": 1.0})
    rounds.ask(place, "c", ana)
    anew = rounds.of(place, "c")
    assert anew is not None
    assert (anew.id != found.id, anew.given) == (True, {})


def test_revealed_weights_become_judges_of_the_canvas(quick_team: Team, version: Version) -> None:
    ana, ben = quick_team.ana, quick_team.ben
    found = Weighing("k", {ana: {"fit": 2.0, "gone": 1.0}, ben: {"size": 1.0}}, None)
    (changed, new) = judges_of(version.canvas, found)
    assert isinstance(changed, Put)
    assert (tuple(changed.at), changed.value) == (
        ("decision", "judges", 0, "weights"), {"fit": 2.0},
    )  # fmt: skip
    assert isinstance(new, Insert)
    assert (tuple(new.at), new.value) == (
        ("decision", "judges", 1), {"id": "ben", "weights": {"size": 1.0}},
    )  # fmt: skip
    same = Weighing("k", {ana: {"fit": 1.0}}, None)
    assert list(judges_of(version.canvas, same)) == []
    bare = parse_canvas("forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}]\n")
    assert list(judges_of(bare, found)) == []
