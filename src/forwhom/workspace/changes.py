"""Changes of a document by key path: what each does, and where things are after others' changes.

A person names a place as it was in the version on their screen. `carried` says where that place
is now; whether somebody else has changed what stands there is told by comparing the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from forwhom.documents.edits import Edits
from forwhom.documents.yamlfile import Location

_Path = Annotated[tuple[str | int, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Put(_Part):
    """Set the value at a place; None takes the key away."""

    do: Literal["set"] = "set"
    at: _Path
    value: Any = None


class Insert(_Part):
    """Add an item to a list, before the one at this position."""

    do: Literal["insert"] = "insert"
    at: _Path
    value: Any


class Remove(_Part):
    """Take an item out of a list."""

    do: Literal["remove"] = "remove"
    at: _Path


class Move(_Part):
    """Take an item out of a list, and put it where ``to`` says once it is out."""

    do: Literal["move"] = "move"
    at: _Path
    to: _Path


class Silence(_Part):
    """Set findings of rules aside at a place, with the reason, as a comment; or say them again."""

    do: Literal["silence"] = "silence"
    #: Empty: the whole document.
    at: tuple[str | int, ...] = ()
    rules: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]
    over: bool = False

    @property
    def words(self) -> str:
        """What the comment says."""
        return f"lint: ignore[{', '.join(self.rules)}] {self.reason}"


Change: TypeAlias = Annotated[Put | Insert | Remove | Move | Silence, Field(discriminator="do")]


class Changes(BaseModel):
    """What one event changes, in order; or the whole text, where that took its place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    changes: tuple[Change, ...] = ()
    text: str | None = None
    #: The event that is undone or done again by this one.
    of: int | None = None


def value_at(data: Any, location: Location) -> Any:
    """Return the value at a key path; None where there is none."""
    for step in location:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def carried(location: Location, change: Change) -> Location | None:
    """Return where a place is after a change; None when what it is in was taken away."""
    at = tuple(location)
    match change:
        case Insert():
            return _pushed(at, change.at)
        case Remove():
            return _pulled(at, change.at)
        case Move():
            out = _pulled(at, change.at)
            if out is None:
                return (*change.to, *at[len(change.at) :])
            return _pushed(out, change.to)
        case Put() | Silence():
            return at


def moved(change: Change, other: Change, *, first: bool = False) -> Change | None:
    """Return a change as it must be once another one is made; None when its place is gone."""
    if isinstance(change, Insert):
        slot = _slot(change.at, other, first)
        return None if slot is None else Insert(at=slot, value=change.value)
    at = carried(change.at, other)
    if at is None:
        return None
    if isinstance(change, Move):
        if first and isinstance(other, Move) and other.at == change.at:
            return None  # both move the same, and the other one has the last word
        # Where it goes is said of the list without it; what others do is said of the list with it.
        goal = _slot(_with_it(change.to, change.at), other, first)
        return None if goal is None else Move(at=at, to=_without_it(goal, at))
    return change.model_copy(update={"at": at})


def _with_it(to: Location, at: Location) -> Location:
    """Return a place of a list without an item as a place of the list with it."""
    depth = len(at) - 1
    if not _same_list(to, at) or int(to[depth]) <= int(at[depth]):
        return to
    return (*to[:depth], int(to[depth]) + 1, *to[depth + 1 :])


def _without_it(to: Location, at: Location) -> Location:
    """Return a place of a list with an item as a place of the list without it."""
    depth = len(at) - 1
    if not _same_list(to, at) or int(to[depth]) <= int(at[depth]):
        return to
    return (*to[:depth], int(to[depth]) - 1, *to[depth + 1 :])


def _slot(gap: Location, other: Change, first: bool) -> Location | None:
    """Return where the gap is, after another change, into which something new goes.

    Where both put something into the same gap, this one comes ``first`` or second.
    """
    *way, index = gap
    holder = carried(tuple(way), other)
    if holder is None or not isinstance(index, int):
        return None
    match other:
        case Insert():
            index += _comes_before(other.at, gap, first)
        case Remove():
            index -= _was_before(other.at, gap)
        case Move():
            goal = _with_it(other.to, other.at)
            index += _comes_before(goal, gap, first) - _was_before(other.at, gap)
    return (*holder, index)


def _was_before(gone: Location, gap: Location) -> bool:
    return tuple(gone[:-1]) == tuple(gap[:-1]) and int(gone[-1]) < int(gap[-1])


def _comes_before(new: Location, gap: Location, first: bool) -> bool:
    if tuple(new[:-1]) != tuple(gap[:-1]):
        return False
    return int(new[-1]) < int(gap[-1]) or (not first and new[-1] == gap[-1])


def _pushed(at: Location, new: Location) -> Location:
    """Where a place is after an item was put into a list."""
    depth = len(new) - 1
    if not _same_list(at, new) or int(at[depth]) < int(new[depth]):
        return at
    return (*at[:depth], int(at[depth]) + 1, *at[depth + 1 :])


def _pulled(at: Location, gone: Location) -> Location | None:
    """Where a place is after an item was taken out of a list; None when it was in that item."""
    depth = len(gone) - 1
    if not _same_list(at, gone):
        return at
    here, there = int(at[depth]), int(gone[depth])
    if here == there:
        return None
    return at if here < there else (*at[:depth], here - 1, *at[depth + 1 :])


def _same_list(at: Location, other: Location) -> bool:
    depth = len(other) - 1
    return (
        len(at) > depth
        and tuple(at[:depth]) == tuple(other[:depth])
        and isinstance(at[depth], int)
        and isinstance(other[depth], int)
    )


def made(edits: Edits, changes: Iterable[Change]) -> list[Change]:
    """Make changes in an edit session, and return those that lead back."""
    back: list[Change] = []
    for change in changes:
        before = value_at(edits.data, change.at)
        match change:
            case Put():
                back.append(Put(at=change.at, value=before))
            case Insert():
                back.append(Remove(at=change.at))
            case Remove():
                back.append(Insert(at=change.at, value=before))
            case Move():
                back.append(Move(at=change.to, to=change.at))
            case Silence():
                back.append(change.model_copy(update={"over": not change.over}))
        _make(edits, change)
    return back[::-1]


def _make(edits: Edits, change: Change) -> None:
    match change:
        case Put():
            edits.set(change.at, change.value)
        case Insert():
            *way, index = change.at
            edits.insert(tuple(way), int(index), change.value)
        case Remove():
            edits.remove(change.at)
        case Move():
            *way, index = change.to
            edits.move(change.at, tuple(way), int(index))
        case Silence(over=False):
            edits.comment(change.at, change.words)
        case Silence():
            edits.uncomment(change.at, change.words)
