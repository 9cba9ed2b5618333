"""Comments on any part of a document: they stay with what they speak of, wherever it goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError
from forwhom.workspace import log
from forwhom.workspace.changes import Change, Changes, carried
from forwhom.workspace.database import Database, new_id, now
from forwhom.workspace.log import Author
from forwhom.workspace.shape import comment, document

#: Longest comment.
MOST = 5000
_MENTION = re.compile(r"@([\w.-]+)")


@dataclass(frozen=True)
class Comment:
    """What somebody said of a part of a document."""

    id: str
    #: Where what it speaks of is now; None where it was taken out.
    at: Location | None
    about: str
    text: str
    who: Author
    written: str
    resolved_by: str

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to look at it."""
        return not self.resolved_by

    def mentions(self, name: str) -> bool:
        """Whether it calls somebody by the first or by the whole name."""
        called = {one.lower().rstrip(".") for one in _MENTION.findall(self.text)}
        words = name.lower().split()
        return bool(words) and bool(called & {words[0], "".join(words), ".".join(words)})


class Comments:
    """The comments of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(
        self, key: str, who: Author, text: str, *, at: Location, version: int, about: str
    ) -> str:
        """Add a comment to a part of a document, as it was in a version."""
        said = text.strip()
        if not said:
            raise OptionError("There is no text yet.", "Type something.")
        if len(said) > MOST:
            raise OptionError(
                f"This comment has {len(said):,} characters.", f"Expected at most {MOST:,}."
            )
        made = new_id()
        with self._database.writing() as connection:
            place = connection.execute(
                select(document.c.workspace).where(document.c.id == key)
            ).scalar_one()
            connection.execute(
                insert(comment).values(
                    id=made, workspace=place, document=key, at=_written(at), version=version,
                    about=about, text=said, who=who.id, name=who.name, written=now(),
                    resolved_by="",
                )
            )  # fmt: skip
            log.append(connection, place, "commented", who, {"comment": made, "document": key})
        return made

    def resolve(self, key: str, made: str, who: Author, *, is_open: bool = False) -> None:
        """Say that nobody has to look at a comment any more, or that somebody has to again."""
        with self._database.writing() as connection:
            place = connection.execute(
                update(comment)
                .where(comment.c.id == made, comment.c.document == key)
                .values(resolved_by="" if is_open else who.name)
                .returning(comment.c.workspace)
            ).scalar_one_or_none()
            if place is None:
                raise OptionError("This comment is not here.", "Load the page again.")
            kind = "opened again" if is_open else "resolved"
            log.append(connection, place, kind, who, {"comment": made, "document": key})

    def of(self, key: str) -> list[Comment]:
        """Return the comments of a document in order, each where its part is now."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(comment).where(comment.c.document == key).order_by(comment.c.written)
            ).all()
            first = min((row.version for row in rows), default=0)
            events = log.events_of(connection, key, after=first) if rows else []
        steps = [(e.sequence, Changes.model_validate(e.body).changes) for e in events]
        return [
            Comment(
                row.id, _now(_read(row.at), row.version, steps), row.about, row.text,
                Author(row.who, row.name), row.written, row.resolved_by,
            )
            for row in rows
        ]  # fmt: skip

    def mentioning(self, place: str, who: Author) -> list[tuple[str, Comment]]:
        """Return the open comments of a workspace that call somebody, with their documents."""
        with self._database.reading() as connection:
            keys = connection.execute(
                select(comment.c.document)
                .join(document, document.c.id == comment.c.document)
                .where(comment.c.workspace == place, comment.c.resolved_by == "", ~document.c.gone)
                .distinct()
            ).scalars()
            found = list(keys)
        return [
            (key, one)
            for key in sorted(found)
            for one in self.of(key)
            if one.is_open and one.mentions(who.name)
        ]


def _now(
    at: Location, version: int, steps: Sequence[tuple[int, Sequence[Change]]]
) -> Location | None:
    """Return where a place of a version is after all that happened since."""
    here: Location | None = at
    for number, changes in steps:
        if number <= version:
            continue
        for change in changes:
            if here is None:
                return None
            here = carried(here, change)
    return here


def _written(at: Location) -> str:
    return "/".join(str(step) for step in at)


def _read(text: str) -> Location:
    steps = text.split("/") if text else []
    return tuple(int(step) if step.isdecimal() else step for step in steps)
