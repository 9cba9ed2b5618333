"""Links with which somebody who takes no part may look at one canvas, until they are over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from forwhom.workspace.database import Database, digest_of, moment_text, new_id, now
from forwhom.workspace.log import Author
from forwhom.workspace.shape import document, share


@dataclass(frozen=True)
class Share:
    """A link to look at a canvas."""

    id: str
    made_by: str
    created: str
    expires: str
    revoked: bool

    @property
    def is_open(self) -> bool:
        """Whether it still shows anything."""
        return not self.revoked and self.expires > now()


class Shares:
    """The links of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, key: str, by: Author, lasting: timedelta) -> tuple[str, str]:
        """Make a link to a canvas: its id, and the token that only the link holds."""
        one, token = new_id(), secrets.token_urlsafe(24)
        expires = moment_text(datetime.now(UTC) + lasting)
        with self._database.writing() as connection:
            connection.execute(
                insert(share).values(
                    id=one, document=key, token=digest_of(token), made_by=by.name, created=now(),
                    expires=expires, revoked=False,
                )
            )  # fmt: skip
        return one, token

    def shown(self, token: str) -> str | None:
        """Return the canvas that a link shows; None when it is over."""
        with self._database.reading() as connection:
            return connection.execute(
                select(share.c.document)
                .join(document, document.c.id == share.c.document)
                .where(
                    share.c.token == digest_of(token), ~share.c.revoked, share.c.expires > now(),
                    ~document.c.gone,
                )
            ).scalar_one_or_none()  # fmt: skip

    def listed(self, key: str) -> list[Share]:
        """Return the links to a canvas, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(share).where(share.c.document == key).order_by(share.c.created.desc())
            ).all()
        return [Share(r.id, r.made_by, r.created, r.expires, r.revoked) for r in rows]

    def revoke(self, key: str, one: str) -> None:
        """Close a link to a canvas for good."""
        with self._database.writing() as connection:
            connection.execute(
                update(share).where(share.c.document == key, share.c.id == one).values(revoked=True)
            )
