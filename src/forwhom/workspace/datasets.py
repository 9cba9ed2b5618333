"""Tables of a workspace: rows of people on the disk of the server, and the study that speaks of
them in the log. The rows are deleted when somebody asks, and by themselves after some days.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from sqlalchemy import Connection, insert, select, update

from forwhom.documents.edits import Edits
from forwhom.documents.files import path_meant
from forwhom.documents.study import Study
from forwhom.documents.studyfile import parse_study
from forwhom.documents.yamlfile import YamlText
from forwhom.errors import OptionError, SourceError, SourceMissing
from forwhom.suffixes import TABLE, TABLES, ends_with
from forwhom.workspace import log
from forwhom.workspace.changes import Change, Changes, Put, made, value_at
from forwhom.workspace.conflict import Clash, Conflict, NotNow
from forwhom.workspace.database import Database, new_id, now
from forwhom.workspace.log import Author
from forwhom.workspace.shape import document

DATA = "data"
STUDY = "study.yaml"
_LOOK = "look.json"
_ROWS, _WORK = "rows", "work"
#: Files that tables are read from, archives of them among them.
KINDS = (*(end for ends in TABLES.values() for end in ends), "zip")
#: Signs that mean something in the name of a table, or on some disk.
_UNSAFE = re.compile(r"[^\w.\- ]+")
_BLOCK = 1 << 20
_LONGEST = 100


@dataclass(frozen=True)
class Dataset:
    """Tables, and the study that says what they mean; no text: nobody has looked yet."""

    document: str
    workspace: str
    title: str
    number: int
    text: str
    created: str

    @property
    def study(self) -> Study | None:
        """What the tables mean."""
        return parse_study(self.text, STUDY) if self.text else None


class Datasets:
    """The tables of a database, each in a folder of its own that only this program reads."""

    def __init__(self, database: Database, root: Path) -> None:
        self._database = database
        self._root = root

    def create(self, place: str, who: Author, files: Sequence[tuple[str, BinaryIO | Path]]) -> str:
        """Take tables in: streams are written to disk block by block, paths stay where they are."""
        named = _named([name for name, _ in files])
        key = new_id()
        rows = self._root / key / _ROWS
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            rows.parent.mkdir(mode=0o700)
            rows.mkdir()
            for name, (_, source) in zip(named, files, strict=True):
                _lay(rows / name, source)
        except OSError as error:
            shutil.rmtree(self._root / key, ignore_errors=True)
            raise SourceError(
                f"The server could not keep the file: {error.strerror}.", "Is its disk full?"
            ) from error
        with self._database.writing() as connection:
            connection.execute(
                insert(document).values(
                    id=key, workspace=place, kind=DATA, created=now(), title=", ".join(named),
                    version=0, text="", gone=False,
                )
            )  # fmt: skip
            number = log.append(connection, place, "uploaded", who, {"files": named}, document=key)
            _set(connection, key, number, "")
        return key

    def head(self, key: str) -> Dataset:
        """Return tables with their study as it is now."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(document).where(
                    document.c.id == key, document.c.kind == DATA, ~document.c.gone
                )
            ).one_or_none()
        if row is None:
            raise SourceMissing("These tables are not here.", "They may have been deleted.")
        return Dataset(key, row.workspace, row.title, row.version, row.text, row.created)

    def rows(self, key: str) -> Path:
        """Return the folder of the tables."""
        return self._root / key / _ROWS

    def names(self, key: str) -> list[str]:
        """Return the names of the tables' files."""
        folder = self.rows(key)
        # An engine that runs out of memory puts a hidden folder of its own beside the tables.
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(one.name for one in found if not one.name.startswith("."))

    def places(self, key: str) -> list[Path]:
        """Return the files that stay where they are, and are only read."""
        found = (self.rows(key) / name for name in self.names(key))
        return [one.readlink() for one in found if one.is_symlink()]

    def work(self, key: str, job: str) -> Path:
        """Return a new folder for what a job makes, which goes with the tables."""
        folder = self._root / key / _WORK / job
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        return folder

    def look(self, key: str) -> dict[str, Any] | None:
        """Return what was seen in the tables; None where nobody has looked."""
        file = self._root / key / _LOOK
        found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return found or None

    def drafted(self, key: str, who: Author, study: str, look: str) -> None:
        """Keep what was seen in the tables, and the study that was drafted."""
        (self._root / key / _LOOK).write_text(look, encoding="utf-8")
        self._write(key, who, self.head(key).number, "drafted", Changes(text=study), study)

    def at(self, key: str, number: int) -> Dataset:
        """Return tables with their study as it was after an event."""
        head = self.head(key)
        if head.number == number:
            return head
        with self._database.reading() as connection:
            events = log.events_of(connection, key, until=number)
        told = [one for one in events if one.kind in ("drafted", "changed")]
        if not told or told[-1].sequence != number:
            raise SourceMissing(f"The study of these tables has no version {number}.", "")
        text = ""
        for one in told:
            body = Changes.model_validate(one.body)
            text = body.text if body.text is not None else _changed(text, body.changes)
        return replace(head, number=number, text=text)

    def change(
        self, key: str, who: Author, seen: int, changes: Sequence[Put], over: int = 0
    ) -> Dataset:
        """Change what the study said in one version; what it must not say is refused with its line.

        Who was shown what others wrote up to the version ``over`` writes over it.

        Raises
        ------
        Conflict
            Somebody else changed the same since.
        """
        head = self.head(key)
        if head.number not in (seen, over):
            self._check_apart(self.at(key, seen), head, changes)
        text = _changed(head.text, changes)
        parse_study(text, STUDY)
        if text != head.text:
            self._write(key, who, head.number, "changed", Changes(changes=tuple(changes)), text)
        return self.head(key)

    def _check_apart(self, before: Dataset, head: Dataset, changes: Sequence[Put]) -> None:
        """Refuse changes of what somebody else has changed since a version to something else."""
        old, new = _source(before.text).data, _source(head.text).data
        clashes = [
            Clash(one.at, was, theirs, one.value)
            for one in changes
            if (theirs := value_at(new, one.at)) not in (was := value_at(old, one.at), one.value)
        ]
        if clashes:
            with self._database.reading() as connection:
                last = log.events_of(connection, head.document, until=head.number)[-1]
            raise Conflict(clashes, last.who.name, head.number)

    def delete(self, key: str, who: Author) -> None:
        """Delete the rows and what was seen in them, for good; what was found of them stays."""
        shutil.rmtree(self._root / key, ignore_errors=True)
        with self._database.writing() as connection:
            row = connection.execute(
                select(document.c.workspace, document.c.gone).where(document.c.id == key)
            ).one()
            if not row.gone:
                connection.execute(update(document).where(document.c.id == key).values(gone=True))
                log.append(connection, row.workspace, "rows deleted", who, {}, document=key)

    def forget(self, before: str, who: Author) -> None:
        """Delete all tables that were brought before a moment."""
        for key, created in self._kept().items():
            if created < before:
                self.delete(key, who)

    def clear(self, before: float) -> None:
        """Delete folders that nothing names any more and that nobody has touched for a while."""
        kept = self._kept()
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder.name not in kept and folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)

    def _kept(self) -> dict[str, str]:
        """Return the tables that are kept, and since when."""
        with self._database.reading() as connection:
            return {
                row.id: row.created
                for row in connection.execute(
                    select(document.c.id, document.c.created).where(
                        document.c.kind == DATA, ~document.c.gone
                    )
                ).all()
            }

    def _write(self, key: str, who: Author, seen: int, kind: str, body: Changes, text: str) -> None:
        with self._database.writing() as connection:
            row = connection.execute(
                select(document.c.workspace, document.c.version)
                .where(document.c.id == key)
                .with_for_update()
            ).one()
            if row.version != seen:
                raise NotNow(
                    "Somebody changed what the columns are for while you were looking.",
                    "Load the page again, and change it there.",
                )
            said = body.model_dump(mode="json", exclude_none=True)
            number = log.append(connection, row.workspace, kind, who, said, document=key, seen=seen)
            _set(connection, key, number, text)


def readable(path: str, folders: Sequence[Path]) -> Path:
    """Return a file that the server may read because it is in a folder that may be read."""
    found = path_meant(path)
    real = found.resolve()
    inside = any(real.is_relative_to(folder.resolve()) for folder in folders)
    if not inside or not real.is_file():
        # The same words for both: whoever asks learns nothing of other folders.
        raise SourceMissing(
            f"There is no file {path} that this server may read.",
            "Name one in a folder that 'forwhom serve --readable FOLDER' names.",
        )
    return real


def _named(names: Sequence[str]) -> list[str]:
    """Return names under which files lie: of a kind that is read, each once, without a folder."""
    if not names:
        raise OptionError("No file was chosen.", f"Choose {TABLE}.")
    found: list[str] = []
    for name in names:
        own = PurePath(name.replace("\\", "/")).name
        safe = _UNSAFE.sub("_", own).strip(" .")[-_LONGEST:]
        if not safe or not ends_with(safe, KINDS):
            raise SourceError(f"{own[:60]!r} is no table that is read.", f"Expected {TABLE}.")
        while safe in found:
            safe = f"another {safe}"
        found.append(safe)
    return found


def _lay(place: Path, source: BinaryIO | Path) -> None:
    if isinstance(source, Path):
        place.symlink_to(source)
        return
    with place.open("xb") as out:
        shutil.copyfileobj(source, out, _BLOCK)


def _source(text: str) -> YamlText:
    source = parse_study(text, STUDY)._origin.source
    assert isinstance(source, YamlText)
    return source


def _changed(text: str, changes: Iterable[Change]) -> str:
    edits = Edits(_source(text))
    made(edits, changes)
    return edits.written().text


def _set(connection: Connection, key: str, number: int, text: str) -> None:
    connection.execute(
        update(document).where(document.c.id == key).values(version=number, text=text)
    )


def changed_uses(
    study: Study, asked: Mapping[str, Mapping[str, str | None]], protected: frozenset[str]
) -> list[Put]:
    """Return the changes of a study that give columns other uses, measures and labels.

    A protected attribute never forms segments, whoever asks.
    """
    changes: list[Put] = []
    for name, said in asked.items():
        use = said.get("use")
        if name in protected and use not in (None, "protected", "ignore"):
            raise OptionError(
                f"{name!r} is a protected attribute: it is only checked for fairness.",
                "Leave it as it is, or let it take no part.",
            )
        if use == "id":
            changes += _as_id(study, name)
            continue
        known = study.variables.get(name)
        if "measure" in said and known is not None and known.levels and known.measure:
            changes.append(Put(at=("variables", name, "levels"), value=None))
        changes += [
            Put(at=("variables", name, key), value=value or None) for key, value in said.items()
        ]
    return changes


def _as_id(study: Study, name: str) -> list[Put]:
    """Let a column say who the customer is; the one that did takes no part."""
    if study.customers is None:
        raise OptionError(
            "There is no table with one row per customer.", "Say it in the table of events."
        )
    before = study.customers.id
    changes = [Put(at=("customers", "id"), value=name)]
    if name in study.variables:
        changes.append(Put(at=("variables", name), value=None))
    if before is not None and before != name:
        changes.append(Put(at=("variables", before, "use"), value="ignore"))
    return changes
