"""Canvases of a workspace: the log of changes is the truth, the text follows from it.

Every version is the number of an event. A text is what its events make of the first one, so a
comment that somebody made in the file is still there as long as what it stands at is untouched.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.file import edited, edits_of
from forwhom.documents.edits import Edits
from forwhom.documents.yamlfile import YamlText
from forwhom.errors import OutputError, SourceMissing
from forwhom.workspace import log
from forwhom.workspace.changes import (
    Change,
    Changes,
    Insert,
    Move,
    Put,
    Silence,
    made,
    moved,
    value_at,
)
from forwhom.workspace.conflict import Clash, Conflict
from forwhom.workspace.database import Database, new_id, now
from forwhom.workspace.files import Files
from forwhom.workspace.log import Author, Event
from forwhom.workspace.shape import document, snapshot

CANVAS = "canvas"
#: A text is kept after so many changes, so that an old version is there at once.
_SNAPSHOT_EVERY = 10
#: Versions that are kept parsed, in all and of one canvas: those who write look at one of the last.
#: Each is thousands of objects, through which garbage is looked for while everybody waits.
_KEPT, _KEPT_OF_ONE = 64, 8
#: How often a change is tried again because somebody else was first.
_ATTEMPTS = 20


@dataclass(frozen=True)
class Version:
    """A canvas as it was after one event."""

    document: str
    number: int
    canvas: Canvas
    text: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it from all others, also from those of another database."""
        return self.document, self.number, self.text

    @property
    def data(self) -> Any:
        """The plain values of its text."""
        source = self.canvas._origin.source
        assert isinstance(source, YamlText)
        return source.data


class Canvases:
    """The canvases of a database."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files
        self._parsed: OrderedDict[tuple[str, int], Version] = OrderedDict()
        self._guard = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}

    def create(
        self, workspace: str, who: Author, text: str, files: dict[str, bytes] | None = None
    ) -> Version:
        """Take a canvas in, with the files that it names; its text stays as it is."""
        key = new_id()
        folder = self._files.prepared(key, files or {})
        canvas = parse_canvas(text, folder / "canvas.yaml")
        with self._database.writing() as connection:
            values = {"id": key, "workspace": workspace, "kind": CANVAS, "created": now()}
            connection.execute(
                insert(document).values(
                    **values, title=canvas.title, version=0, text=text, gone=False
                )
            )
            self._files.keep(connection, key, files or {})
            body = Changes(text=text)
            number = self._append(connection, workspace, key, "created", who, body, 0)
            self._set(connection, Version(key, number, canvas, text))
        return self._remember(Version(key, number, canvas, text))

    def attach(self, key: str, files: dict[str, bytes]) -> None:
        """Keep files beside a canvas, for it to name."""
        with self._database.writing() as connection:
            self._files.keep(connection, key, files)
        self._files.folder(key)

    def first_texts(self, workspace: str) -> frozenset[str]:
        """Return the texts that canvases of a workspace began as."""
        with self._database.reading() as connection:
            events = log.events_of_kind(connection, workspace, "created")
        return frozenset(Changes.model_validate(one.body).text or "" for one in events)

    def head(self, key: str) -> Version:
        """Return a canvas as it is now."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(document.c.version, document.c.text).where(
                    document.c.id == key, document.c.kind == CANVAS, document.c.gone.is_(False)
                )
            ).one_or_none()
        if row is None:
            raise SourceMissing("This canvas is not here.", "It may have been taken away.")
        return self._version(key, row.version, row.text)

    def at(self, key: str, number: int) -> Version:
        """Return a canvas as it was after an event."""
        with self._guard:
            kept = self._parsed.get((key, number))
        if kept is not None:
            return kept
        with self._database.reading() as connection:
            events = log.events_of(connection, key, until=number)
            if not events or events[-1].sequence != number:
                raise SourceMissing(f"This canvas has no version {number}.", "")
            text = self._replayed(connection, key, events)
        return self._version(key, number, text)

    def edit(
        self, key: str, who: Author, seen: int, changes: Sequence[Change], over: int = 0
    ) -> Version:
        """Change a canvas that was looked at in one version.

        Who was shown what others wrote up to the version ``over`` writes over it, if it is the
        newest still.

        Raises
        ------
        Conflict
            Somebody else changed the same since.
        DocumentError
            It would not be a sound canvas.
        """
        body = Changes(changes=tuple(changes))
        return self._changed(key, who, seen, body, "changed", over)

    def replace(
        self, key: str, who: Author, seen: int, text: str, kind: str = "replaced"
    ) -> Version:
        """Put a whole text in the place of a canvas that was looked at in one version."""
        for _ in range(_ATTEMPTS):
            head = self.head(key)
            if head.number != seen:
                raise Conflict([], self._last(key), head.number)
            canvas = parse_canvas(text, self._files.folder(key) / "canvas.yaml")
            done = self._written(head, who, seen, Changes(text=text), kind, canvas, text)
            if done is not None:
                return done
        raise _too_busy()

    def restore(self, key: str, who: Author, number: int) -> Version:
        """Bring an old version back; what came after it stays in the history."""
        old = self.at(key, number)
        return self.replace(key, who, self.head(key).number, old.text, "restored")

    def events(self, key: str) -> list[Event]:
        """Return everything that happened to a canvas, in order."""
        with self._database.reading() as connection:
            return log.events_of(connection, key)

    def undo(self, key: str, who: Author) -> Version | None:
        """Undo the last change of a person that is not undone yet; None when there is none."""
        undone, _ = _stacks(self.events(key), who.id)
        return self._reversed(key, who, undone[-1], "undone") if undone else None

    def redo(self, key: str, who: Author) -> Version | None:
        """Do again what a person undid last; None when there is nothing."""
        _, again = _stacks(self.events(key), who.id)
        return self._reversed(key, who, again[-1], "redone") if again else None

    def replayed(self, key: str) -> str:
        """Return the text that follows from the log alone, from its first event."""
        with self._database.reading() as connection:
            return self._folded(key, "", log.events_of(connection, key))

    def _reversed(self, key: str, who: Author, what: Event, kind: str) -> Version:
        events = self.events(key)
        place = next(i for i, one in enumerate(events) if one.sequence == what.sequence)
        if place == 0:
            return self.head(key)
        before = self.at(key, events[place - 1].sequence)
        body = Changes.model_validate(what.body)
        if body.text is not None and not body.changes:
            return self.replace(key, who, what.sequence, before.text, kind)
        # Where nothing came after it, the text is the old one to the letter, comments included.
        exact = before.text if what.sequence == events[-1].sequence else None
        back = made(edits_of(before.canvas), body.changes)
        changes = Changes(changes=tuple(back), text=exact, of=_target(what, body))
        return self._changed(key, who, what.sequence, changes, kind)

    def _changed(
        self, key: str, who: Author, seen: int, changes: Changes, kind: str, over: int = 0
    ) -> Version:
        # Who works out a change while others write would be late again and again.
        with self._turn(key):
            for _ in range(_ATTEMPTS):
                head = self.head(key)
                body, canvas, text = self._worked_out(head, seen, changes, over)
                if text == head.text:
                    return head
                done = self._written(head, who, seen, body, kind, canvas, text)
                if done is not None:
                    return done
        raise _too_busy()

    def _turn(self, key: str) -> threading.Lock:
        """Return what lets those who change one canvas on this server wait for each other."""
        with self._guard:
            return self._turns.setdefault(key, threading.Lock())

    def _worked_out(
        self, head: Version, seen: int, changes: Changes, over: int
    ) -> tuple[Changes, Canvas, str]:
        """Return changes of a version that was seen as those of the newest, and what they make."""
        if head.number == seen and changes.text is not None:
            path = self._files.folder(head.document) / "canvas.yaml"
            return changes, parse_canvas(changes.text, path), changes.text
        edits = edits_of(head.canvas)
        if head.number == seen:
            asked = changes.changes
            made(edits, asked)
        else:
            is_shown = head.number == over
            asked = self._carried(
                head.document, seen, head, changes.changes, edits, is_shown=is_shown
            )
        canvas, text = edited(head.canvas, edits)
        return Changes(changes=asked, of=changes.of), canvas, text

    def _carried(
        self, key: str, seen: int, head: Version, changes: Sequence[Change], edits: Edits,
        *, is_shown: bool,
    ) -> tuple[Change, ...]:  # fmt: skip
        """Make changes of an older version in the newest, and return them, or refuse them."""
        with self._database.reading() as connection:
            between = log.events_of(connection, key, after=seen)
        bodies = [Changes.model_validate(one.body) for one in between]
        whole = any(body.text is not None and not body.changes for body in bodies)
        if whole and not all(isinstance(change, Put) for change in changes):
            # A whole text took its place: nobody knows where in it a place of the old one is.
            raise Conflict([], between[-1].who.name, head.number)
        theirs = [change for body in bodies for change in body.changes]
        old = edits_of(self.at(key, seen).canvas)
        mine: list[Change] = []
        clashes: list[Clash] = []
        for change in changes:
            here, theirs = _past(change, theirs)
            is_chosen = is_shown and here is not None
            clash = None if is_chosen else _clash(change, here, old, edits)
            made(old, [change])
            if clash is not None:
                clashes.append(clash)
            elif here is not None:
                mine.append(here)
                made(edits, [here])
        if clashes:
            raise Conflict(clashes, between[-1].who.name if between else "", head.number)
        return tuple(mine)

    def _written(
        self, head: Version, who: Author, seen: int, body: Changes, kind: str,
        canvas: Canvas, text: str,
    ) -> Version | None:  # fmt: skip
        """Write a new version, unless somebody else was first."""
        key = head.document
        with self._database.writing() as connection:
            row = connection.execute(
                select(document.c.workspace, document.c.version)
                .where(document.c.id == key)
                .with_for_update()
            ).one()
            if row.version != head.number:
                return None
            number = self._append(connection, row.workspace, key, kind, who, body, seen)
            done = Version(key, number, canvas, text)
            self._set(connection, done)
        return self._remember(done)

    def _append(
        self, connection: Connection, workspace: str, key: str, kind: str, who: Author,
        body: Changes, seen: int,
    ) -> int:  # fmt: skip
        said = body.model_dump(mode="json", exclude_none=True)
        return log.append(connection, workspace, kind, who, said, document=key, seen=seen)

    def _set(self, connection: Connection, version: Version) -> None:
        connection.execute(
            update(document)
            .where(document.c.id == version.document)
            .values(
                version=version.number,
                text=version.text,
                title=version.canvas.title,
                framework=version.canvas.framework,
            )
        )
        kept = connection.execute(
            select(func.max(snapshot.c.version)).where(snapshot.c.document == version.document)
        ).scalar_one()
        if log.how_many(connection, version.document, after=kept or 0) >= _SNAPSHOT_EVERY:
            connection.execute(
                insert(snapshot).values(
                    document=version.document, version=version.number, text=version.text
                )
            )

    def _replayed(self, connection: Connection, key: str, events: Sequence[Event]) -> str:
        """Return the text after events, from the last one that was kept."""
        row = connection.execute(
            select(snapshot.c.version, snapshot.c.text)
            .where(snapshot.c.document == key, snapshot.c.version <= events[-1].sequence)
            .order_by(snapshot.c.version.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return self._folded(key, "", events)
        return self._folded(key, row.text, [e for e in events if e.sequence > row.version])

    def _folded(self, key: str, text: str, events: Sequence[Event]) -> str:
        canvas: Canvas | None = None
        for one in events:
            body = Changes.model_validate(one.body)
            if body.text is not None:
                canvas, text = None, body.text
                continue
            path = self._files.folder(key) / "canvas.yaml"
            canvas = canvas or parse_canvas(text, path)
            edits = edits_of(canvas)
            made(edits, body.changes)
            canvas, text = edited(canvas, edits)
            # A history is walked back from here: the versions on the way are asked for next.
            self._remember(Version(key, one.sequence, canvas, text))
        return text

    def _version(self, key: str, number: int, text: str) -> Version:
        with self._guard:
            kept = self._parsed.get((key, number))
        if kept is not None:
            return kept
        canvas = parse_canvas(text, self._files.folder(key) / "canvas.yaml")
        return self._remember(Version(key, number, canvas, text))

    def _remember(self, version: Version) -> Version:
        with self._guard:
            self._parsed[version.document, version.number] = version
            of_one = [place for place in self._parsed if place[0] == version.document]
            for place in of_one[:-_KEPT_OF_ONE]:
                del self._parsed[place]
            while len(self._parsed) > _KEPT:
                self._parsed.popitem(last=False)
        return version

    def _last(self, key: str) -> str:
        return self.events(key)[-1].who.name


def _past(mine: Change, theirs: Sequence[Change]) -> tuple[Change | None, list[Change]]:
    """Bring a change past those of others: what it is after them, and what they are after it."""
    at: Change | None = mine
    after: list[Change] = []
    for other in theirs:
        kept = other if at is None else moved(other, at, first=True)
        at = None if at is None else moved(at, other)
        if kept is not None:
            after.append(kept)
    return at, after


def _clash(change: Change, here: Change | None, old: Edits, now: Edits) -> Clash | None:
    """Return what two people want of one place; None when they do not meet."""
    before = value_at(old.data, change.at)
    yours = change.value if isinstance(change, Put | Insert) else None
    if here is None:
        return Clash(None, before, None, yours)
    if isinstance(change, Insert | Move | Silence):
        return None
    theirs = value_at(now.data, here.at)
    return None if theirs in (before, yours) else Clash(here.at, before, theirs, yours)


def _stacks(events: Sequence[Event], who: str) -> tuple[list[Event], list[Event]]:
    """Return what a person can undo and do again, the next one last."""
    undo: list[Event] = []
    redo: list[Event] = []
    for one in events[1:]:
        if one.who.id != who:
            continue
        if one.kind == "undone" and undo:
            undo.pop()
            redo.append(one)
        elif one.kind == "redone" and redo:
            redo.pop()
            undo.append(one)
        elif one.kind not in ("undone", "redone"):
            undo.append(one)
            redo.clear()
    return undo, redo


def _target(what: Event, body: Changes) -> int:
    return what.sequence if body.of is None else body.of


def _too_busy() -> OutputError:
    return OutputError(
        "Others changed this canvas faster than your change could be written.", "Try again."
    )
