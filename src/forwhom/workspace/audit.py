"""Who looked at what, and who took it out of a workspace: kept for its owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from forwhom.workspace.database import Database, moment_text, new_id, now
from forwhom.workspace.log import Author
from forwhom.workspace.shape import access

#: Somebody who looks again within this time looked once.
_ONCE = timedelta(hours=1)


@dataclass(frozen=True)
class Access:
    """Somebody looked at something, or took it out."""

    at: str
    who: Author
    what: str
    about: str


class Audit:
    """The accesses of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, place: str, who: Author, what: str, about: str, *, once: bool = False) -> None:
        """Write down an access; one that comes often is written ``once`` an hour."""
        if once and self._is_noted(place, who, what, about):
            return
        with self._database.writing() as connection:
            connection.execute(
                insert(access).values(
                    id=new_id(), workspace=place, at=now(), who=who.id, name=who.name, what=what,
                    about=about,
                )
            )  # fmt: skip

    def last(self, place: str, most: int = 200) -> list[Access]:
        """Return the accesses of a workspace, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(access)
                .where(access.c.workspace == place)
                .order_by(access.c.at.desc())
                .limit(most)
            ).all()
        return [Access(r.at, Author(r.who, r.name), r.what, r.about) for r in rows]

    def _is_noted(self, place: str, who: Author, what: str, about: str) -> bool:
        since = moment_text(datetime.now(UTC) - _ONCE)
        with self._database.reading() as connection:
            found = connection.execute(
                select(access.c.id).where(
                    access.c.workspace == place, access.c.who == who.id, access.c.name == who.name,
                    access.c.what == what, access.c.about == about, access.c.at > since,
                ).limit(1)
            )  # fmt: skip
            return found.first() is not None
