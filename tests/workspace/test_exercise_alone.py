"""What an exercise shows, asks and writes down, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forwhom.errors import OptionError
from forwhom.workspace.canvases import _stacks
from forwhom.workspace.changes import Changes, Insert, Move, Put, Remove, carried, value_at
from forwhom.workspace.database import moment_text
from forwhom.workspace.exercise import Cell, Participant, Setup, State, Voice
from forwhom.workspace.exercises import Opened, Rated
from forwhom.workspace.files import inside
from forwhom.workspace.log import Author, Event
from forwhom.workspace.outcomes import Outcome, middles, rater_names, ratings_csv, showable

CELL = Cell("s", "i", "desirable")


def opened(kind: Any = "alignment", *, anonymous: bool = True, **more: Any) -> Opened:
    items = ({"id": "i", "text": "It"}, {"id": "j", "text": "That"})
    sides = ({"id": "s", "name": "S"}, {"id": "t", "name": "T"})
    setup = Setup.model_validate({
        "canvas": "c", "kind": kind, "title": "T", "language": "en", "items": items,
        "sides": sides, "anonymous": anonymous,
        **{k: v for k, v in more.items() if k in Setup.model_fields},
    })  # fmt: skip
    state = {k: v for k, v in more.items() if k in State.model_fields}
    return Opened("e", "w", "c", "code", 1, 1, State(setup=setup, **state))


def people(*speaks: dict[str, Voice], name: str = "Ana") -> list[Participant]:
    return [Participant(f"p{i}", i + 1, name, one) for i, one in enumerate(speaks)]


def rated(who: int, value: int | None, cell: Cell = CELL, number: int = 1) -> Rated:
    return Rated(f"p{who}", number, cell, value, late=False)


def test_three_of_one_kind_are_shown_and_two_are_not() -> None:
    voices: list[dict[str, Voice]] = [{"s": "direct"}] * 3 + [{"s": "proxy"}] * 2
    own = [rated(i, i) for i in range(5)]
    assert showable(opened(), people(*voices), own) == own[:3]
    assert showable(opened(anonymous=False), people(*voices), own) == own
    # Who does not know is counted with nobody, and a round or a cell by itself.
    unsaid = [rated(0, 1), rated(1, 2), rated(2, None)]
    assert showable(opened(), people(*voices), unsaid) == []
    apart = [rated(0, 1), rated(1, 2), rated(2, 3, number=2)]
    assert showable(opened(), people(*voices), apart) == []
    other = [rated(0, 1), rated(1, 2), rated(2, 3, Cell("s", "j", "desirable"))]
    assert showable(opened(), people(*voices), other) == []
    with_one_unsaid = [*own[:3], rated(0, None)]
    assert showable(opened(), people(*voices), with_one_unsaid) == with_one_unsaid


def test_people_of_one_name_are_told_apart_where_names_are_said() -> None:
    two = people({}, {})
    assert rater_names(opened(anonymous=False), two) == {"p0": "Ana 1", "p1": "Ana 2"}
    assert rater_names(opened(anonymous=False), two[:1]) == {"p0": "Ana"}
    hidden = rater_names(opened(), two)
    assert len(set(hidden.values())) == 2
    assert all(one.startswith("r") and len(one) == 9 for one in hidden.values())


def outcome(own: list[Rated], who: list[Participant]) -> Outcome:
    return Outcome(tuple(own), tuple(who), 0, 0, None)


def test_ratings_are_written_by_round_and_rater() -> None:
    who = [Participant("p0", 1, "Zoe", {"s": "direct"}), Participant("p1", 2, "=Ana", {})]
    own = [rated(0, 3), rated(1, None), rated(1, 5, number=2), rated(1, 4, Cell("t", "i", "x"))]
    found = opened(anonymous=False)
    assert ratings_csv(found, outcome(own, who)).splitlines() == [
        "round,rater,mode,segment,item,value",
        "1,'=Ana,proxy,s,i,",
        "1,'=Ana,proxy,t,i,4",
        "1,Zoe,direct,s,i,3",
        "2,'=Ana,proxy,s,i,5",
    ]
    weights = opened("weights", anonymous=False)
    assert ratings_csv(weights, outcome([rated(0, 3)], who)).splitlines() == [
        "round,judge,criterion,weight", "1,Zoe,i,3",
    ]  # fmt: skip


def test_needs_are_a_line_for_each_segment_that_somebody_speaks_for() -> None:
    who = [
        Participant("p0", 1, "Zoe", {"s": "direct", "t": "proxy"}),
        Participant("p1", 2, "Ana", {"s": "direct"}),
    ]
    asked = [Cell("s", "i", "importance"), Cell("s", "i", "satisfaction")]
    own = [rated(0, 9, asked[0]), rated(0, 2, asked[1]), rated(0, 8, asked[0], 2),
           rated(1, 7, asked[0]), rated(1, None, asked[1])]  # fmt: skip
    text = ratings_csv(opened("needs", anonymous=False), outcome(own, who))
    assert text.splitlines() == [
        "respondent,segment,need,importance,satisfaction", "Ana,s,i,7,", "Zoe.s,s,i,8,2",
    ]  # fmt: skip


def test_the_middle_is_that_of_the_last_round() -> None:
    other = Cell("t", "i", "desirable")
    own = [rated(0, 1), rated(1, 9), rated(0, 4, number=2), rated(1, 7, number=2),
           rated(2, None, number=2), rated(0, 5, other), rated(0, None, other, 2)]  # fmt: skip
    found = middles(outcome(own, []))
    assert list(found) == [CELL]
    assert (found[CELL].n, found[CELL].median, found[CELL].low, found[CELL].high) == (2, 5.5, 4, 7)


@pytest.mark.parametrize(
    ("state", "moment", "takes"),
    [
        ({"round": 1, "stage": "rating"}, "5", True),
        ({"round": 0, "stage": "gathering"}, "5", False),
        ({"round": 1, "stage": "closed"}, "5", False),
        ({"round": 1, "stage": "rating", "opens": "5"}, "5", True),
        ({"round": 1, "stage": "rating", "opens": "6"}, "5", False),
        ({"round": 1, "stage": "rating", "closes": "5"}, "5", False),
        ({"round": 1, "stage": "rating", "closes": "6"}, "5", True),
    ],
)
def test_when_ratings_are_taken(state: dict[str, Any], moment: str, takes: bool) -> None:
    assert opened(**state).state.is_open(moment) is takes


def test_what_somebody_is_asked() -> None:
    def cells(kind: str, speaks: dict[str, Voice]) -> list[tuple[str, str, str]]:
        return [tuple(cell) for cell in opened(kind).state.cells(speaks)]

    assert cells("alignment", {"t": "proxy"}) == [("t", "i", "desirable"), ("t", "j", "desirable")]
    assert cells("needs", {"s": "direct"})[:2] == [
        ("s", "i", "importance"), ("s", "i", "satisfaction"),
    ]  # fmt: skip
    assert cells("weights", {}) == [("", "i", "weight"), ("", "j", "weight")]
    assert cells("alignment", {}) == []


def test_the_timer_counts_down_to_nothing() -> None:
    def left(seconds: int) -> int:
        ends = moment_text(datetime.now(UTC) + timedelta(seconds=seconds))
        return opened(round=1, stage="rating", ends=ends).seconds_left

    assert 590 <= left(600) <= 600
    assert left(-60) == 0
    assert opened(round=1, stage="rating").seconds_left == 0


def events(*told: tuple[str, str]) -> list[Event]:
    made = [Event(i, "d", kind, "", Author(who, who), 0, {}) for i, (who, kind) in enumerate(told)]
    return [Event(99, "d", "created", "", Author("a", "a"), 0, {}), *made]


@pytest.mark.parametrize(
    ("told", "undo", "redo"),
    [
        ([], [], []),
        ([("a", "edited"), ("b", "edited"), ("a", "edited")], [0, 2], []),
        ([("a", "edited"), ("a", "edited"), ("a", "undone")], [0], [2]),
        ([("a", "edited"), ("a", "undone"), ("a", "redone")], [2], []),
        ([("a", "edited"), ("a", "edited"), *[("a", "undone")] * 2, ("a", "redone")], [4], [2]),
        ([("a", "edited"), ("a", "undone"), ("a", "edited")], [2], []),
        ([("a", "edited"), ("b", "undone"), ("b", "redone")], [0], []),
        ([("a", "undone"), ("a", "redone"), ("a", "edited")], [2], []),
    ],
)
def test_what_can_be_undone_and_done_again(
    told: list[tuple[str, str]], undo: list[int], redo: list[int]
) -> None:
    back, again = _stacks(events(*told), "a")
    assert ([one.sequence for one in back], [one.sequence for one in again]) == (undo, redo)


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a\\b", "a\0b"])
def test_names_that_lead_out_of_the_folder_are_refused(name: str) -> None:
    with pytest.raises(OptionError, match="leads out of the document's folder"):
        inside(name)


def test_names_below_the_folder_are_paths() -> None:
    assert str(inside("a/b.csv")) == "a/b.csv"
    assert str(inside("..a")) == "..a"


@pytest.mark.parametrize(
    ("place", "change", "after"),
    [
        (("a", 2, "t"), Insert(at=("a", 2), value=0), ("a", 3, "t")),
        (("a", 2, "t"), Insert(at=("a", 3), value=0), ("a", 2, "t")),
        (("a", 2, "t"), Insert(at=("b", 0), value=0), ("a", 2, "t")),
        (("a", 2, "t"), Remove(at=("a", 1)), ("a", 1, "t")),
        (("a", 2, "t"), Remove(at=("a", 2)), None),
        (("a", 2, "t"), Remove(at=("a", 3)), ("a", 2, "t")),
        (("a", 2, "t"), Move(at=("a", 2), to=("a", 0)), ("a", 0, "t")),
        (("a", 2, "t"), Move(at=("a", 0), to=("a", 3)), ("a", 1, "t")),
        (("a", 2, "t"), Move(at=("a", 3), to=("a", 0)), ("a", 3, "t")),
        (("a", 2, "t"), Move(at=("a", 2), to=("b", 1)), ("b", 1, "t")),
        (("a",), Remove(at=("a", 0)), ("a",)),
        (("a", 2, "t"), Put(at=("a", 2, "t"), value=0), ("a", 2, "t")),
    ],
)
def test_where_a_place_is_after_a_change(place: Any, change: Any, after: Any) -> None:
    assert carried(place, change) == after


def test_what_stands_at_a_place() -> None:
    data = {"a": [{"t": 1}]}
    assert value_at(data, ("a", 0, "t")) == 1
    assert value_at(data, ()) is data
    for place in (("a", 1), ("a", "t"), ("b",), ("a", 0, "t", "u")):
        assert value_at(data, place) is None
    assert Changes().changes == ()
