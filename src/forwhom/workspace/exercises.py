"""Exercises of a workspace: opened from a canvas, joined by a code, rated on phones.

Steps of an exercise are events of the log. Ratings are rows of their own, each with an id that the
phone made: so none is doubled, none wakes everybody's boards, and what counts is the last of each
cell and round. Nothing is ever changed or taken out.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from forwhom.errors import OptionError
from forwhom.languages.catalog import later
from forwhom.workspace import log
from forwhom.workspace.database import Database, new_id, now
from forwhom.workspace.exercise import (
    Cell,
    Given,
    Participant,
    Setup,
    State,
    Voice,
    begun,
    ends_of,
    voices,
)
from forwhom.workspace.log import Author
from forwhom.workspace.shape import document, exercise, participant, rating

EXERCISE = "exercise"
#: Signs that nobody takes for another one; eight of them are not found by trying.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONG = 8
#: Most who take part in one exercise.
MOST_PEOPLE = 500

Step = Literal["rate", "reveal", "close", "reopen"]


@dataclass(frozen=True)
class Opened:
    """An exercise as it stands."""

    id: str
    workspace: str
    canvas: str
    code: str
    #: The event that brought it here; `moved` also grows with every rating.
    version: int
    moved: int
    state: State

    @property
    def setup(self) -> Setup:
        """What was settled before it began."""
        return self.state.setup

    @property
    def seconds_left(self) -> int:
        """How much of the round is left by its timer."""
        if not self.state.ends:
            return 0
        left = datetime.fromisoformat(self.state.ends) - datetime.now(UTC)
        return max(0, round(left.total_seconds()))

    @property
    def takes_ratings(self) -> bool:
        """Whether it takes ratings now."""
        return self.state.is_open(now())


@dataclass(frozen=True)
class Rated:
    """A rating that counts: the last one of its cell and round."""

    participant: str
    round: int
    cell: Cell
    value: int | None
    late: bool


@dataclass(frozen=True)
class Progress:
    """How far somebody is; what they said is told to nobody."""

    participant: Participant
    done: int
    of: int

    @property
    def finished(self) -> bool:
        """Whether everything is answered, "don't know" included."""
        return self.done >= self.of


@dataclass(frozen=True)
class Kept:
    """What became of ratings that a phone sent."""

    kept: tuple[str, ...]
    #: Id, and why it was not kept.
    refused: tuple[tuple[str, str], ...]


class Exercises:
    """The exercises of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, workspace: str, who: Author, setup: Setup) -> Opened:
        """Open an exercise."""
        state = begun(setup)
        key, code = new_id(), "".join(secrets.choice(_SIGNS) for _ in range(_LONG))
        with self._database.writing() as connection:
            connection.execute(
                insert(document).values(
                    id=key, workspace=workspace, kind=EXERCISE, title=setup.title, version=0,
                    text="", created=now(), gone=False,
                )
            )  # fmt: skip
            connection.execute(
                insert(exercise).values(document=key, canvas=setup.canvas, code=code, moved=0)
            )
            self._set(connection, workspace, key, who, state, "exercise opened")
            return self._one(connection, exercise.c.document == key)  # type: ignore[return-value]

    def of_canvas(self, workspace: str, canvas: str) -> list[Opened]:
        """Return the exercises that were opened from a canvas, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                _STANDING.where(exercise.c.canvas == canvas, document.c.workspace == workspace)
                .order_by(document.c.created.desc())
            )  # fmt: skip
            return [_opened(row) for row in rows]

    def get(self, key: str) -> Opened | None:
        """Return an exercise by its id."""
        with self._database.reading() as connection:
            return self._one(connection, exercise.c.document == key)

    def by_code(self, code: str) -> Opened | None:
        """Return an exercise by what people typed; spaces and small letters do not matter."""
        typed = "".join(sign for sign in code.upper() if sign in _SIGNS)
        with self._database.reading() as connection:
            return self._one(connection, exercise.c.code == typed)

    def step(self, key: str, who: Author, seen: int, step: Step) -> Opened:
        """Take an exercise a step on, as somebody saw it."""
        with self._database.writing() as connection:
            found = self._one(connection, exercise.c.document == key, lock=True)
            if found is None or found.version != seen:
                raise OptionError(
                    later("Somebody else has moved this exercise on."),
                    later("Look at where it stands now; then go on."),
                )
            self._set(
                connection, found.workspace, key, who, _after(found.state, step), f"exercise {step}"
            )
            return self._one(connection, exercise.c.document == key)  # type: ignore[return-value]

    def touch(self, key: str) -> None:
        """Let open pages of an exercise look again."""
        with self._database.writing() as connection:
            _moved(connection, key)

    def join(self, found: Opened, wanted: Mapping[str, str], name: str) -> tuple[str, Participant]:
        """Let somebody take part, and return the token that only their browser keeps."""
        speaks = voices(found.setup, wanted)
        name = "" if found.setup.anonymous else " ".join(name.split())[:200]
        if not found.setup.anonymous and not name:
            raise OptionError(later("Your name is missing."), later("Type it, or a code name."))
        if found.state.stage == "closed":
            raise OptionError(later("This exercise is closed."), "")
        token, key = secrets.token_urlsafe(24), new_id()
        with self._database.writing() as connection:
            _moved(connection, found.id)
            number = (
                1
                + connection.execute(
                    select(func.count()).where(participant.c.exercise == found.id)
                ).scalar_one()
            )
            if number > MOST_PEOPLE:
                raise OptionError(later("This exercise is full."), "")
            connection.execute(
                insert(participant).values(
                    id=key, exercise=found.id, token=_digest(token), number=number, name=name,
                    speaks=json.dumps(speaks), joined=now(),
                )
            )  # fmt: skip
        return token, Participant(key, number, name, speaks)

    def participant(self, key: str, token: str) -> Participant | None:
        """Return whose token this is in an exercise; None when it is nobody's."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(participant).where(
                    participant.c.exercise == key, participant.c.token == _digest(token)
                )
            ).one_or_none()
        return None if row is None else _participant(row)

    def participants(self, key: str) -> list[Participant]:
        """Return who takes part, in the order in which they came."""
        with self._database.reading() as connection:
            return _participants(connection, key)

    def rate(self, found: Opened, who: Participant, given: Sequence[Given]) -> Kept:
        """Keep ratings of somebody; those that were sent before are kept once."""
        asked = frozenset(found.state.cells(who.speaks))
        right, refused = [], []
        for one in given:
            why = _wrong(found, one, asked)
            if why:
                refused.append((one.id, why))
            else:
                right.append(one)
        if right:
            with self._database.writing() as connection:
                self._keep(connection, found, who, right)
        return Kept(tuple(one.id for one in right), tuple(refused))

    def _keep(
        self, connection: Connection, found: Opened, who: Participant, given: Sequence[Given]
    ) -> None:
        # Whoever raises this number writes alone until the end: nothing comes between.
        last = _moved(connection, found.id, len(given))
        have = set(
            connection.execute(
                select(rating.c.id).where(
                    rating.c.participant == who.id, rating.c.id.in_([one.id for one in given])
                )
            ).scalars()
        )
        state, moment = found.state, now()
        rows = [
            {
                "participant": who.id, "id": one.id, "exercise": found.id,
                "sequence": last - len(given) + 1 + place, "round": one.round,
                "segment": one.segment, "item": one.item, "measure": one.measure,
                "value": one.value, "at": moment,
                "late": one.round != state.round or state.stage != "rating",
            }
            for place, one in enumerate({one.id: one for one in given}.values())
            if one.id not in have
        ]  # fmt: skip
        if rows:
            connection.execute(insert(rating), rows)

    def ratings(self, key: str) -> list[Rated]:
        """Return the ratings that count: the last of each cell and round, "don't know" too."""
        with self._database.reading() as connection:
            return _counting(connection, rating.c.exercise == key)

    def own(self, who: Participant, turn: int) -> dict[Cell, int | None]:
        """Return what somebody said in a round."""
        with self._database.reading() as connection:
            found = _counting(
                connection, (rating.c.participant == who.id) & (rating.c.round == turn)
            )
        return {one.cell: one.value for one in found}

    def progress(self, found: Opened) -> list[Progress]:
        """Return how far everybody is in the round of today."""
        with self._database.reading() as connection:
            people = _participants(connection, found.id)
            rows = connection.execute(
                select(rating.c.participant, func.count(func.distinct(_CELL)))
                .where(rating.c.exercise == found.id, rating.c.round == found.state.round)
                .group_by(rating.c.participant)
            )
            counts = {who: int(n) for who, n in rows}
        return [
            Progress(one, counts.get(one.id, 0), len(list(found.state.cells(one.speaks))))
            for one in people
        ]

    def _one(self, connection: Connection, where: Any, *, lock: bool = False) -> Opened | None:
        wanted = _STANDING.where(where)
        row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
        return None if row is None else _opened(row)

    def _set(
        self, connection: Connection, place: str, key: str, who: Author, state: State, kind: str
    ) -> None:
        text = state.model_dump_json()
        version = log.append(connection, place, kind, who, json.loads(text), document=key)
        connection.execute(
            update(document).where(document.c.id == key).values(version=version, text=text)
        )
        _moved(connection, key)


def steps_of(connection: Connection, key: str) -> int:
    """Return a number that grows with every step of an exercise."""
    found = connection.execute(select(document.c.version).where(document.c.id == key))
    return int(found.scalar_one_or_none() or 0)


def moved_of(connection: Connection, key: str) -> int:
    """Return a number that grows with everything that happens in an exercise."""
    found = connection.execute(select(exercise.c.moved).where(exercise.c.document == key))
    return int(found.scalar_one_or_none() or 0)


_STANDING = select(
    document.c.id, document.c.workspace, document.c.version, document.c.text,
    exercise.c.canvas, exercise.c.code, exercise.c.moved,
).join(exercise, exercise.c.document == document.c.id).where(~document.c.gone)  # fmt: skip
_CELL = rating.c.segment + "\n" + rating.c.item + "\n" + rating.c.measure


def _opened(row: Any) -> Opened:
    state = State.model_validate_json(row.text)
    return Opened(row.id, row.workspace, row.canvas, row.code, row.version, row.moved, state)


def _participant(row: Any) -> Participant:
    speaks: dict[str, Voice] = json.loads(row.speaks)
    return Participant(row.id, row.number, row.name, speaks)


def _participants(connection: Connection, key: str) -> list[Participant]:
    rows = connection.execute(
        select(participant)
        .where(participant.c.exercise == key)
        .order_by(participant.c.number)
    )  # fmt: skip
    return [_participant(row) for row in rows]


def _counting(connection: Connection, where: Any) -> list[Rated]:
    rows = connection.execute(select(rating).where(where).order_by(rating.c.sequence))
    last: dict[tuple[str, int, Cell], Rated] = {}
    for row in rows:
        cell = Cell(row.segment, row.item, row.measure)
        one = Rated(row.participant, row.round, cell, row.value, row.late)
        last[one.participant, one.round, cell] = one
    return list(last.values())


def _moved(connection: Connection, key: str, by: int = 1) -> int:
    done: int = connection.execute(
        update(exercise)
        .where(exercise.c.document == key)
        .values(moved=exercise.c.moved + by)
        .returning(exercise.c.moved)
    ).scalar_one()
    return done


def _wrong(found: Opened, given: Given, asked: frozenset[Cell]) -> str:
    """Return why a rating cannot be kept; empty where it can."""
    low, high = ends_of(found.setup.kind)
    if not found.takes_ratings:
        return later("This exercise takes no ratings now.")
    if not 1 <= given.round <= found.state.round:
        return later("This round has not begun.")
    if given.cell not in asked:
        return later("Nobody asked you this.")
    if given.value is not None and not low <= given.value <= high:
        return later("A rating is a whole number on the scale that is shown.")
    return ""


def _after(state: State, step: Step) -> State:
    """Return where an exercise stands after a step."""
    setup, stage = state.setup, state.stage
    if step == "rate" and stage in ("gathering", "revealed"):
        ends = ""
        if setup.way == "group":
            ends = (datetime.now(UTC) + timedelta(minutes=setup.timer)).isoformat()
        return state.model_copy(update={"stage": "rating", "round": state.round + 1, "ends": ends})
    if step == "reveal" and stage == "rating":
        return state.model_copy(update={"stage": "revealed", "ends": ""})
    if step == "close" and stage != "closed":
        return state.model_copy(update={"stage": "closed", "ends": ""})
    if step == "reopen" and stage == "closed":
        return state.model_copy(update={"stage": "revealed" if state.round else "gathering"})
    raise OptionError(
        later("This step does not follow from where the exercise stands."),
        later("Load the page again."),
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
