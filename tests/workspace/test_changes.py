"""Places after others' changes: what two people do to one list never gets into each other's way."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forwhom.documents.edits import Edits
from forwhom.documents.yamlfile import parse_yaml
from forwhom.workspace.canvases import _past
from forwhom.workspace.changes import Change, Insert, Move, Put, Remove, carried, made, value_at

TEXT = "a: [{t: a0}, {t: a1}, {t: a2}, {t: a3}]\nb: [{t: b0}, {t: b1}]\n"


def edits() -> Edits:
    return Edits(parse_yaml(TEXT, "x"))


@st.composite
def some_changes(draw: st.DrawFn, who: str, most: int) -> list[Change]:
    """Changes one after the other, each of what the ones before have left."""
    session, found = edits(), list[Change]()
    for number in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from("ab"))
        there = len(session.data[name])
        kind = draw(st.sampled_from(["insert", "set", "remove", "move"])) if there else "insert"
        index = draw(st.integers(0, there - 1 if kind != "insert" else there))
        change: Change
        if kind == "insert":
            change = Insert(at=(name, index), value={"t": f"{who}{number}"})
        elif kind == "set":
            change = Put(at=(name, index, "t"), value=f"{who}{number}")
        elif kind == "remove":
            change = Remove(at=(name, index))
        else:
            goal = draw(st.sampled_from("ab"))
            last = len(session.data[goal]) - (goal == name)
            change = Move(at=(name, index), to=(goal, draw(st.integers(0, last))))
        made(session, [change])
        found.append(change)
    return found


def texts(data: Any) -> list[str]:
    return [one["t"] for name in "ab" for one in data[name]]


def as_copy(session: Edits) -> Any:
    return copy.deepcopy(session.data)


@given(some_changes("m", 2), some_changes("t", 4))
def test_what_both_do_is_there_whoever_was_first(mine: list[Change], theirs: list[Change]) -> None:
    first = edits()
    made(first, theirs)
    left = theirs
    done = []
    for change in mine:
        here, left = _past(change, left)
        if here is not None:
            made(first, [here])
            done.append(here)
    second = edits()
    made(second, mine)
    made(second, left)
    ours = {text for text in texts(first.data) if text[0] in "mt"}
    if len(done) == len(mine) and not met(mine, theirs):
        assert sorted(texts(first.data)) == sorted(texts(second.data))
        assert ours == {text for text in texts(second.data) if text[0] in "mt"}


def met(mine: list[Change], theirs: list[Change]) -> bool:
    """Whether both set or took out something: then one of them is asked."""
    kinds = (Put, Remove)
    return any(isinstance(m, kinds) for m in mine) and any(isinstance(t, kinds) for t in theirs)


@given(some_changes("t", 4), st.sampled_from("ab"), st.integers(0, 3))
def test_a_place_is_where_its_item_went(theirs: list[Change], name: str, index: int) -> None:
    session = edits()
    place: tuple[str | int, ...] | None = (name, index)
    item = value_at(session.data, (name, index))
    if item is None:
        return
    session.set((name, index, "id"), "it")
    for change in theirs:
        place = None if place is None else carried(place, change)
    made(session, theirs)
    there = [
        (part, at)
        for part in "ab"
        for at, one in enumerate(session.data[part])
        if one.get("id") == "it"
    ]
    assert ([] if place is None else [place]) == there


@given(some_changes("m", 4))
def test_the_way_back_leads_back(mine: list[Change]) -> None:
    session = edits()
    before = as_copy(session)
    back = made(session, mine)
    made(session, back)
    assert session.data == before
