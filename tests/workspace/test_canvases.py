"""Canvases of a team: nothing is ever lost, nothing is overwritten in silence."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from forwhom.documents.canvas import file
from forwhom.errors import DocumentError, SourceMissing
from forwhom.workspace import canvases
from forwhom.workspace.canvases import Canvases
from forwhom.workspace.changes import Change, Insert, Move, Put, Remove
from forwhom.workspace.conflict import Conflict
from forwhom.workspace.documents import Documents
from forwhom.workspace.files import Files

from .conftest import CANVAS, Team


def notes(team: Team, key: str) -> list[str]:
    canvas = team.canvases.head(key).canvas
    return [note.text for note in canvas.blocks["channels"]]


def note(index: int, *inside: str) -> tuple[str | int, ...]:
    return ("blocks", "channels", index, *inside)


def begun(team: Team) -> str:
    return team.canvases.create(team.place, team.ana, CANVAS).document


def test_a_canvas_is_the_text_that_came_in(team: Team) -> None:
    key = begun(team)
    head = team.canvases.head(key)
    assert head.text == CANVAS
    assert head.number == team.canvases.events(key)[-1].sequence


def test_a_change_touches_only_what_it_is_about(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    done = team.canvases.edit(key, team.ana, seen, [Put(at=note(1, "text"), value="The fair")])
    assert done.text == CANVAS.replace("The market", "The fair")


def test_a_canvas_that_is_not_sound_is_refused_and_nothing_is_written(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    with pytest.raises(DocumentError, match="there is no segment 'nobody'"):
        team.canvases.edit(key, team.ana, seen, [Put(at=note(0, "segments"), value=["nobody"])])
    assert team.canvases.head(key).number == seen


def test_changes_of_different_things_both_stay(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    team.canvases.edit(key, team.ana, seen, [Insert(at=note(0), value={"text": "The web"})])
    team.canvases.edit(key, team.ben, seen, [Put(at=note(2, "text"), value="The truck")])
    assert notes(team, key) == ["The web", "The shop", "The market", "The truck"]


def test_two_who_change_the_same_are_asked(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    team.canvases.edit(key, team.ana, seen, [Remove(at=note(0))])
    team.canvases.edit(key, team.ana, team.canvases.head(key).number,
                       [Put(at=note(0, "text"), value="The fair")])  # fmt: skip
    with pytest.raises(Conflict) as caught:
        team.canvases.edit(key, team.ben, seen, [Put(at=note(1, "text"), value="The hall")])
    clash = caught.value.clashes[0]
    assert (clash.before, clash.theirs, clash.yours) == ("The market", "The fair", "The hall")
    assert clash.at == note(0, "text")
    assert caught.value.who == "Ana"
    assert notes(team, key) == ["The fair", "The van"]


def test_who_changes_what_was_taken_out_is_told(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    team.canvases.edit(key, team.ana, seen, [Remove(at=note(1))])
    with pytest.raises(Conflict) as caught:
        team.canvases.edit(key, team.ben, seen, [Put(at=note(1, "text"), value="The hall")])
    assert caught.value.clashes[0].at is None


def test_who_takes_out_what_was_changed_is_asked(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    team.canvases.edit(key, team.ana, seen, [Put(at=note(1, "text"), value="The fair")])
    with pytest.raises(Conflict):
        team.canvases.edit(key, team.ben, seen, [Remove(at=note(1))])
    assert "The fair" in notes(team, key)


def test_who_adds_to_a_text_that_was_put_in_its_place_is_told(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    other = CANVAS.replace("    - text: The shop   # since 1950\n", "")
    team.canvases.replace(key, team.ana, seen, other)
    with pytest.raises(Conflict):
        team.canvases.edit(key, team.ben, seen, [Remove(at=note(0))])
    team.canvases.edit(key, team.ben, seen, [Put(at=("title",), value="Rolls")])
    assert team.canvases.head(key).text == other.replace("Bread", "Rolls")


def test_a_card_that_was_moved_is_changed_where_it_is_now(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number
    move = Move(at=note(0), to=("blocks", "key_partners", 0))
    team.canvases.edit(key, team.ana, seen, [move])
    team.canvases.edit(key, team.ben, seen, [Put(at=note(0, "text"), value="Our shop")])
    canvas = team.canvases.head(key).canvas
    assert [one.text for one in canvas.blocks["key_partners"]] == ["Our shop"]


def test_everybody_undoes_their_own(team: Team) -> None:
    key = begun(team)
    first = team.canvases.head(key).number
    team.canvases.edit(key, team.ana, first, [Put(at=note(0, "text"), value="Our shop")])
    team.canvases.edit(key, team.ben, first, [Put(at=note(2, "text"), value="The truck")])
    team.canvases.undo(key, team.ana)
    assert notes(team, key) == ["The shop", "The market", "The truck"]
    assert team.canvases.undo(key, team.ana) is None
    team.canvases.redo(key, team.ana)
    assert notes(team, key) == ["Our shop", "The market", "The truck"]
    team.canvases.undo(key, team.ben)
    team.canvases.undo(key, team.ana)
    assert team.canvases.head(key).text == CANVAS


def test_what_is_undone_at_once_has_its_comments_back(team: Team) -> None:
    key = begun(team)
    team.canvases.edit(key, team.ana, team.canvases.head(key).number, [Remove(at=note(1))])
    assert "summer" not in team.canvases.head(key).text
    team.canvases.undo(key, team.ana)
    assert team.canvases.head(key).text == CANVAS


def test_every_version_is_there_and_comes_back(team: Team) -> None:
    key = begun(team)
    for name in ("A", "B", "C"):
        seen = team.canvases.head(key).number
        team.canvases.edit(key, team.ana, seen, [Put(at=("title",), value=name)])
    events = team.canvases.events(key)
    assert [team.canvases.at(key, e.sequence).canvas.title for e in events] == ["Bread", *"ABC"]
    team.canvases.restore(key, team.ben, events[1].sequence)
    assert team.canvases.head(key).canvas.title == "A"
    assert [e.kind for e in team.canvases.events(key)][-1] == "restored"
    with pytest.raises(SourceMissing):
        team.canvases.at(key, 999)


def random_change(rng: random.Random, data: Any) -> Change | None:
    channels = data["blocks"].get("channels") or []
    partners = data["blocks"].get("key_partners") or []
    kind = rng.choice(["set", "insert", "remove", "move", "title"])
    if kind == "title":
        return Put(at=("title",), value=f"T{rng.randrange(100)}")
    if kind == "insert" or not channels:
        at = rng.randrange(len(channels) + 1)
        return Insert(at=note(at), value={"text": f"N{rng.randrange(1000)}"})
    index = rng.randrange(len(channels))
    if kind == "set":
        return Put(at=note(index, "text"), value=f"S{rng.randrange(1000)}")
    if kind == "remove":
        return Remove(at=note(index))
    if rng.random() < 0.5:
        return Move(at=note(index), to=("blocks", "key_partners", rng.randrange(len(partners) + 1)))
    return Move(at=note(index), to=note(rng.randrange(len(channels))))


def test_an_old_version_is_near_a_text_that_was_kept(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, other = begun(team), begun(team)
    for number in range(25):
        for one in (key, other):
            seen = team.canvases.head(one).number
            team.canvases.edit(one, team.ana, seen, [Put(at=note(0, "text"), value=f"n{number}")])
    fresh, made = Canvases(team.database, Files(team.database, tmp_path)), []
    monkeypatch.setattr(
        canvases, "edited", lambda *given: made.append(1) or file.edited(*given)
    )  # fmt: skip
    events = team.canvases.events(key)
    said = [fresh.at(key, one.sequence).canvas.blocks["channels"][0].text for one in events[:0:-1]]
    assert said == [f"n{number}" for number in range(24, -1, -1)]
    assert len(made) <= 25


def test_a_canvas_that_is_written_to_pushes_no_other_one_out(team: Team) -> None:
    other, key = begun(team), begun(team)
    first = team.canvases.head(key).number
    for number in range(2 * canvases._KEPT_OF_ONE):
        seen = team.canvases.head(key).number
        team.canvases.edit(key, team.ana, seen, [Put(at=("title",), value=f"T{number}")])
    kept = [place[0] for place in team.canvases._parsed]
    assert kept.count(key) == canvases._KEPT_OF_ONE
    assert other in kept
    # Who looks at a version that is not kept changes it all the same.
    done = team.canvases.edit(key, team.ana, first, [Put(at=note(1, "text"), value="The fair")])
    assert done.canvas.title == f"T{number}"


def test_two_editors_at_random_overwrite_nothing(team: Team) -> None:
    """Each works from an old version; what is refused is refused, the rest follows from the log."""
    key = begun(team)
    rng = random.Random(7)
    seen = {who.id: team.canvases.head(key).number for who in (team.ana, team.ben)}
    written: list[str] = []
    for _ in range(60):
        who = rng.choice([team.ana, team.ben])
        old = team.canvases.at(key, seen[who.id])
        change = random_change(rng, old.data)
        assert change is not None
        before = team.canvases.head(key)
        try:
            done = team.canvases.edit(key, who, seen[who.id], [change])
        except Conflict:
            assert team.canvases.head(key).number == before.number
            seen[who.id] = before.number
            continue
        assert changed_only_what_was_asked(before.data, done.data, change)
        written.append(done.text)
        if rng.random() < 0.4:
            seen[who.id] = done.number
    assert len(written) > 20
    assert team.canvases.replayed(key) == team.canvases.head(key).text


def changed_only_what_was_asked(before: Any, after: Any, change: Change) -> bool:
    """No text of anybody else is gone: what is missing is what the change sets or takes out."""
    old, new = texts(before), texts(after)
    gone = len([one for one in old if one not in new])
    return gone <= (1 if isinstance(change, Put | Remove) else 0)


def texts(data: Any) -> Sequence[str]:
    found = [one["text"] for notes in data["blocks"].values() for one in notes or ()]
    return [data["title"], *found]


def test_many_at_once_lose_nothing(team: Team) -> None:
    key = begun(team)
    seen = team.canvases.head(key).number

    def add(number: int) -> None:
        who = team.ana if number % 2 else team.ben
        insert = Insert(at=note(0), value={"text": f"from {number}"})
        team.canvases.edit(key, who, seen, [insert])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(12)))
    assert {f"from {n}" for n in range(12)} <= set(notes(team, key))
    numbers = [event.sequence for event in team.canvases.events(key)]
    assert numbers == list(range(numbers[0], numbers[0] + 13))


def test_a_list_tells_the_framework_and_the_day_of_the_last_change(team: Team) -> None:
    key, listed = begun(team), Documents(team.database)
    first = listed.one(key)
    assert (first.framework, first.version) == ("business-model-canvas", 1)
    seen = team.canvases.head(key).number
    team.canvases.edit(key, team.ana, seen, [Put(at=("framework",), value="lean-canvas")])
    [one] = listed.listed(team.place)
    assert one.framework == "lean-canvas"
    assert one.created < one.changed == team.canvases.events(key)[-1].at
