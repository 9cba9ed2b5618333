"""Segmentations of a workspace: what was found, the names that people gave, who belongs where.

The text and every name are in the log. Who belongs where are rows of people: they are a file
beside it, kept only where an owner wants it, and really deleted.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from forwhom.documents import Segmentation, dump_segmentation, rename_segment
from forwhom.documents.segmentationfile import parse_segmentation
from forwhom.errors import SourceMissing
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.workspace import log
from forwhom.workspace.conflict import Clash, Conflict
from forwhom.workspace.database import Database, new_id, now
from forwhom.workspace.files import Files
from forwhom.workspace.log import Author, Event
from forwhom.workspace.shape import document, file

SEGMENTATION = "segmentation"
MEMBERS = "members.parquet"
#: Segmentations that are kept parsed.
_KEPT = 16


@dataclass(frozen=True)
class Found:
    """A segmentation as it was after one event."""

    document: str
    number: int
    segmentation: Segmentation
    text: str

    @property
    def title(self) -> str:
        """What it is called in lists, which are kept: in no reader's language."""
        with speaking(SOURCE):
            return self.segmentation.title or self.segmentation.answer.headline


class Segmentations:
    """The segmentations of a database."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files
        self._parsed: OrderedDict[tuple[str, int], Found] = OrderedDict()
        self._guard = threading.Lock()

    def create(self, place: str, who: Author, text: str, members: bytes | None = None) -> Found:
        """Take a segmentation in; its text stays as it is."""
        found = parse_segmentation(text, "segmentation.json")
        key = new_id()
        with self._database.writing() as connection:
            made = Found(key, 0, found, text)
            connection.execute(
                insert(document).values(
                    id=key, workspace=place, kind=SEGMENTATION, created=now(), title=made.title,
                    version=0, text=text, gone=False,
                )
            )  # fmt: skip
            if members is not None:
                self._files.keep(connection, key, {MEMBERS: members})
            body = {"text": text}
            number = log.append(connection, place, "created", who, body, document=key)
            made = Found(key, number, found, text)
            _set(connection, made)
        return self._remember(made)

    def head(self, key: str) -> Found:
        """Return a segmentation as it is now."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(document.c.version, document.c.text).where(
                    document.c.id == key, document.c.kind == SEGMENTATION, ~document.c.gone
                )
            ).one_or_none()
        if row is None:
            raise SourceMissing("This segmentation is not here.", "It may have been taken away.")
        return self._found(key, row.version, row.text)

    def at(self, key: str, number: int) -> Found:
        """Return a segmentation as it was after an event: what follows from the log alone."""
        with self._database.reading() as connection:
            events = log.events_of(connection, key, until=number)
        told = [one for one in events if one.kind in ("created", "renamed")]
        if not told or told[-1].sequence != number:
            raise SourceMissing(f"This segmentation has no version {number}.", "")
        text = str(told[0].body["text"])
        for one in told[1:]:
            found = parse_segmentation(text)
            name = str(one.body["name"])
            text = dump_segmentation(rename_segment(found, one.body["segment"], name))
        return self._found(key, number, text)

    def events(self, key: str) -> list[Event]:
        """Return everything that happened to a segmentation, in order."""
        with self._database.reading() as connection:
            return log.events_of(connection, key)

    def rename(
        self, key: str, who: Author, seen: int, segment: int, name: str, over: int = 0
    ) -> Found:
        """Give a segment another name, unless somebody gave it one since it was looked at.

        Who was shown the name of version ``over`` gives another instead of it.

        Raises
        ------
        Conflict
            Somebody else gave it a name since.
        """
        before = _name_in(self.at(key, seen).segmentation, segment)
        with self._database.writing() as connection:
            row = connection.execute(
                select(document.c.workspace, document.c.version, document.c.text)
                .where(document.c.id == key)
                .with_for_update()
            ).one()
            head = parse_segmentation(row.text)
            renamed = rename_segment(head, segment, name)
            theirs, mine = _name_in(head, segment), _name_in(renamed, segment)
            if theirs == mine:
                return self._found(key, row.version, row.text)
            if theirs != before and row.version != over:
                last = log.events_of(connection, key, until=row.version)[-1]
                clash = Clash(("segments", segment, "name"), before, theirs, mine)
                raise Conflict([clash], last.who.name, row.version)
            body = {"segment": segment, "name": " ".join(name.split())}
            text = dump_segmentation(renamed)
            number = log.append(
                connection, row.workspace, "renamed", who, body, document=key, seen=seen
            )
            done = Found(key, number, renamed, text)
            _set(connection, done)
        return self._remember(done)

    def members(self, key: str) -> bytes | None:
        """Return who belongs where, as Parquet; None where it is not kept."""
        with self._database.reading() as connection:
            found = select(file.c.content).where(file.c.document == key, file.c.name == MEMBERS)
            content: bytes | None = connection.execute(found).scalar_one_or_none()
        return content

    def has_members(self, key: str) -> bool:
        """Whether it is kept who belongs where."""
        return MEMBERS in self._files.names(key)

    def delete_members(self, key: str, who: Author) -> None:
        """Delete who belongs where, for good."""
        with self._database.writing() as connection:
            _delete_members(connection, key, who)

    def forget_members(self, before: str, who: Author) -> None:
        """Delete who belongs where of everything that was found before a moment."""
        with self._database.writing() as connection:
            old = connection.execute(
                select(document.c.id)
                .join(file, file.c.document == document.c.id)
                .where(
                    document.c.kind == SEGMENTATION, document.c.created < before,
                    file.c.name == MEMBERS,
                )
            ).scalars()  # fmt: skip
            for key in list(old):
                _delete_members(connection, key, who)

    def _found(self, key: str, number: int, text: str) -> Found:
        with self._guard:
            kept = self._parsed.get((key, number))
        return kept or self._remember(Found(key, number, parse_segmentation(text), text))

    def _remember(self, found: Found) -> Found:
        with self._guard:
            self._parsed[found.document, found.number] = found
            while len(self._parsed) > _KEPT:
                self._parsed.popitem(last=False)
        return found


def _set(connection: Connection, found: Found) -> None:
    connection.execute(
        update(document)
        .where(document.c.id == found.document)
        .values(version=found.number, text=found.text, title=found.title)
    )


def _delete_members(connection: Connection, key: str, who: Author) -> None:
    place = connection.execute(
        select(document.c.workspace).where(document.c.id == key)
    ).scalar_one()
    gone = connection.execute(delete(file).where(file.c.document == key, file.c.name == MEMBERS))
    if gone.rowcount:
        log.append(connection, place, "members deleted", who, {}, document=key)


def _name_in(segmentation: Segmentation, segment: int) -> str:
    return next((one.name for one in segmentation.segments if one.id == segment), "")
