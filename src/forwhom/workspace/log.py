"""The log of a workspace: what happened, one after the other, never changed and without gaps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from forwhom.workspace.database import now
from forwhom.workspace.shape import event, workspace


@dataclass(frozen=True)
class Author:
    """Who does something: a person by id, and the name that others read."""

    id: str
    name: str


@dataclass(frozen=True)
class Event:
    """One thing that happened."""

    sequence: int
    document: str | None
    kind: str
    at: str
    who: Author
    seen: int
    body: dict[str, Any]


def append(
    connection: Connection,
    place: str,
    kind: str,
    who: Author,
    body: dict[str, Any],
    *,
    document: str | None = None,
    seen: int = 0,
) -> int:
    """Add an event to the log of a workspace, and return its number."""
    # The counter's row holds everybody else until this transaction ends: no number is skipped.
    sequence: int = connection.execute(
        update(workspace)
        .where(workspace.c.id == place)
        .values(sequence=workspace.c.sequence + 1)
        .returning(workspace.c.sequence)
    ).scalar_one()
    connection.execute(
        insert(event).values(
            workspace=place, sequence=sequence, document=document, kind=kind, at=now(), who=who.id,
            name=who.name, seen=seen, body=json.dumps(body, ensure_ascii=False),
        )
    )  # fmt: skip
    return sequence


def sequence_of(connection: Connection, place: str) -> int:
    """Return the number of the last event of a workspace."""
    found = connection.execute(select(workspace.c.sequence).where(workspace.c.id == place))
    return int(found.scalar_one_or_none() or 0)


def events_of(
    connection: Connection, document: str, after: int = 0, until: int | None = None
) -> list[Event]:
    """Return the events of a document in order: after one number, up to another."""
    wanted = select(event).where(event.c.document == document, event.c.sequence > after)
    if until is not None:
        wanted = wanted.where(event.c.sequence <= until)
    return _events(connection.execute(wanted.order_by(event.c.sequence)).all())


def how_many(connection: Connection, document: str, after: int) -> int:
    """Return how many events a document has after a number."""
    counted = select(func.count()).where(event.c.document == document, event.c.sequence > after)
    return int(connection.execute(counted).scalar_one())


def events_of_kind(connection: Connection, place: str, kind: str) -> list[Event]:
    """Return the events of one kind in a workspace, in order."""
    wanted = select(event).where(event.c.workspace == place, event.c.kind == kind)
    return _events(connection.execute(wanted.order_by(event.c.sequence)).all())


def events_since(connection: Connection, place: str, after: int, most: int = 500) -> list[Event]:
    """Return the events of a workspace after a number, in order."""
    wanted = select(event).where(event.c.workspace == place, event.c.sequence > after)
    return _events(connection.execute(wanted.order_by(event.c.sequence).limit(most)).all())


def _events(rows: Sequence[Row[Any]]) -> list[Event]:
    return [
        Event(
            row.sequence, row.document, row.kind, row.at, Author(row.who, row.name), row.seen,
            json.loads(row.body),
        )
        for row in rows
    ]  # fmt: skip
