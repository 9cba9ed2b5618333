"""Documents of a workspace, whatever they are: where they are, what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from forwhom.workspace import log
from forwhom.workspace.database import Database
from forwhom.workspace.log import Author
from forwhom.workspace.shape import document, event


@dataclass(frozen=True)
class Listed:
    """A document in a list."""

    id: str
    kind: str
    title: str
    version: int
    created: str
    changed: str
    #: of a canvas
    framework: str


#: What a list tells of a document: nothing of its text, which may be long.
_LISTED = select(
    document.c.id, document.c.kind, document.c.title, document.c.version, document.c.created,
    func.coalesce(event.c.at, document.c.created).label("changed"), document.c.framework,
).outerjoin_from(
    document,
    event,
    (event.c.workspace == document.c.workspace) & (event.c.sequence == document.c.version),
)  # fmt: skip


def version_of(connection: Connection, key: str) -> int:
    """Return the number of the event that a document is as of; 0 where it is not there."""
    wanted = select(document.c.version).where(document.c.id == key, ~document.c.gone)
    return connection.execute(wanted).scalar_one_or_none() or 0


class Documents:
    """The documents of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def workspace_of(self, key: str) -> str | None:
        """Return the workspace that a document is in; None where it is in none."""
        with self._database.reading() as connection:
            return connection.execute(
                select(document.c.workspace).where(document.c.id == key, ~document.c.gone)
            ).scalar_one_or_none()

    def listed(self, workspace: str, *, gone: bool = False) -> list[Listed]:
        """Return the documents of a workspace, those last changed first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                _LISTED.where(
                    document.c.workspace == workspace, document.c.gone.is_(gone)
                ).order_by(document.c.version.desc())
            ).all()
        return [Listed(**row._mapping) for row in rows]

    def one(self, key: str) -> Listed:
        """Return one document as it stands in a list."""
        with self._database.reading() as connection:
            row = connection.execute(_LISTED.where(document.c.id == key)).one()
        return Listed(**row._mapping)

    def put_away(self, key: str, who: Author, *, gone: bool = True) -> None:
        """Take a document out of sight, or bring it back; nothing is deleted."""
        with self._database.writing() as connection:
            place = connection.execute(
                select(document.c.workspace).where(document.c.id == key)
            ).scalar_one()
            connection.execute(update(document).where(document.c.id == key).values(gone=gone))
            log.append(connection, place, "put away" if gone else "brought back", who, {"key": key})
