"""Weights that judges give alone: nobody sees another's until somebody reveals them all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.references import items
from forwhom.documents.ids import slug, unused
from forwhom.errors import OptionError, SourceMissing
from forwhom.languages.catalog import tr
from forwhom.workspace import log
from forwhom.workspace.changes import Change, Insert, Put
from forwhom.workspace.database import Database, new_id, now
from forwhom.workspace.log import Author, Event
from forwhom.workspace.shape import document

WEIGHING = "weighing"
_ASKED, _WEIGHED, _REVEALED = "asked for weights", "weighed", "revealed"


@dataclass(frozen=True)
class Weighing:
    """One round: who has given weights, what they are, and whether they were revealed."""

    id: str
    #: The last weights of each person, those first who gave theirs first.
    given: Mapping[Author, Mapping[str, float]]
    revealed: Event | None

    def of(self, who: Author) -> Mapping[str, float]:
        """Return what one person gave."""
        return next((w for one, w in self.given.items() if one.id == who.id), {})


class Weighings:
    """The rounds of a database; each is a document of its own, so a canvas never holds it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, workspace: str, canvas: str) -> Weighing | None:
        """Return the newest round for a canvas; None where nobody has asked."""
        with self._database.reading() as connection:
            key = _newest(connection, workspace, canvas)
            return None if key is None else _round(connection, key)

    def ask(self, workspace: str, canvas: str, who: Author) -> None:
        """Begin a round, unless one is open."""
        with self._database.writing() as connection:
            key = _newest(connection, workspace, canvas)
            if key is not None and _round(connection, key).revealed is None:
                return
            key = new_id()
            values = {"id": key, "workspace": workspace, "kind": WEIGHING, "created": now()}
            text = json.dumps({"canvas": canvas})
            connection.execute(
                insert(document).values(**values, title="", version=0, text=text, gone=False)
            )
            _append(connection, workspace, key, _ASKED, who, {})

    def give(
        self, workspace: str, canvas: str, who: Author, weights: Mapping[str, float]
    ) -> None:  # fmt: skip
        """Keep the weights of one person; those they gave before stay in the log."""
        if not any(weights.values()):
            raise OptionError(
                tr("No criterion has a weight above 0."),
                tr("Give a weight to what counts most to you."),
            )
        with self._database.writing() as connection:
            key = _open(connection, workspace, canvas)
            _append(connection, workspace, key, _WEIGHED, who, {"weights": dict(weights)})

    def reveal(self, workspace: str, canvas: str, who: Author) -> Weighing:
        """End a round, and return what everybody gave; a round that has ended is as it was."""
        with self._database.writing() as connection:
            key = _newest(connection, workspace, canvas)
            if key is None or not _round(connection, key).given:
                raise OptionError(
                    tr("Nobody has given weights yet, so there is nothing to reveal."),
                    tr("Ask for weights first, or load the page again."),
                )
            if _round(connection, key).revealed is None:
                _append(connection, workspace, key, _REVEALED, who, {})
            return _round(connection, key)


def judges_of(canvas: Canvas, found: Weighing) -> Iterator[Change]:
    """Yield the changes that bring weights into the decision matrix of a canvas."""
    matrix = canvas.decision
    if matrix is None:
        return
    judges = {one.id: i for i, one in enumerate(matrix.judges)}
    taken = {item.id for item in items(canvas)} - set(judges)
    criteria = {one.id for one in matrix.criteria}
    added = len(judges)
    for who, weights in found.given.items():
        name = unused(slug(who.name, every_script=True) or "judge", taken)
        taken.add(name)
        known = {criterion: w for criterion, w in weights.items() if criterion in criteria}
        if name in judges:
            if matrix.judges[judges[name]].weights != known:
                yield Put(at=("decision", "judges", judges[name], "weights"), value=known)
        else:
            new = {"id": name, "weights": known}
            yield Insert(at=("decision", "judges", added), value=new)
            added += 1


def _newest(connection: Connection, workspace: str, canvas: str) -> str | None:
    rows = connection.execute(
        select(document.c.id, document.c.text)
        .where(
            document.c.workspace == workspace, document.c.kind == WEIGHING, ~document.c.gone
        )
        .order_by(document.c.version.desc())
    ).all()  # fmt: skip
    return next((row.id for row in rows if json.loads(row.text)["canvas"] == canvas), None)


def _open(connection: Connection, workspace: str, canvas: str) -> str:
    """Return the round in which weights can be given."""
    key = _newest(connection, workspace, canvas)
    if key is None:
        raise SourceMissing(
            tr("Nobody has asked for weights yet."),
            tr("Ask for weights first, or load the page again."),
        )
    if _round(connection, key).revealed is not None:
        raise OptionError(
            tr("These weights were revealed already."),
            tr("Ask for weights first, or load the page again."),
        )
    return key


def _round(connection: Connection, key: str) -> Weighing:
    given: dict[str, tuple[Author, Mapping[str, float]]] = {}
    revealed = None
    for event in log.events_of(connection, key):
        if event.kind == _WEIGHED:
            given[event.who.id] = (event.who, event.body["weights"])
        elif event.kind == _REVEALED:
            revealed = event
    return Weighing(key, dict(given.values()), revealed)


def _append(
    connection: Connection, workspace: str, key: str, kind: str, who: Author,
    body: dict[str, object],
) -> None:  # fmt: skip
    number = log.append(connection, workspace, kind, who, body, document=key)
    connection.execute(update(document).where(document.c.id == key).values(version=number))
