"""Files that a document names, such as ratings: kept in the database, laid out when read."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, delete, insert, select

from forwhom.errors import OptionError
from forwhom.workspace.database import Database, new_id
from forwhom.workspace.shape import file

#: Largest file that a document may name, in bytes.
MOST = 50_000_000


class Files:
    """Files of documents; each document has a folder of its own, and nothing leads out of it."""

    def __init__(self, database: Database, root: Path) -> None:
        self._database = database
        self._root = root
        self._laid: dict[str, dict[str, str]] = {}
        self._guard = threading.Lock()

    def folder(self, document: str) -> Path:
        """Return the folder that holds the files of a document as the database has them."""
        folder = self._root / document
        with self._database.reading() as connection:
            rows = connection.execute(
                select(file.c.id, file.c.name, file.c.digest).where(file.c.document == document)
            ).all()
            wanted = {row.name: row.digest for row in rows}
            with self._guard:
                if self._laid.get(document) == wanted and folder.is_dir():
                    return folder
                folder.mkdir(parents=True, exist_ok=True)
                for row in rows:
                    content = connection.execute(
                        select(file.c.content).where(file.c.id == row.id)
                    ).scalar_one()
                    _lay(folder, row.name, content)
                self._laid[document] = wanted
        return folder

    def prepared(self, document: str, files: dict[str, bytes]) -> Path:
        """Lay files out for a document that is not in the database yet."""
        folder = self._root / document
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            _lay(folder, name, content)
        return folder

    def keep(self, connection: Connection, document: str, files: dict[str, bytes]) -> None:
        """Put files of a document into the database; those of the same name are replaced."""
        for name, content in files.items():
            inside(name)
            if len(content) > MOST:
                raise OptionError(
                    f"{name} has {len(content):,} bytes.", f"A file has at most {MOST:,}."
                )
            connection.execute(delete(file).where(file.c.document == document, file.c.name == name))
            digest = hashlib.sha256(content).hexdigest()
            connection.execute(
                insert(file).values(
                    id=new_id(), document=document, name=name, digest=digest, content=content
                )
            )

    def contents(self, document: str) -> dict[str, bytes]:
        """Return a document's files by their names."""
        with self._database.reading() as connection:
            found = select(file.c.name, file.c.content).where(file.c.document == document)
            return {row.name: row.content for row in connection.execute(found)}

    def names(self, document: str) -> list[str]:
        """Return the names of a document's files."""
        with self._database.reading() as connection:
            found = select(file.c.name).where(file.c.document == document).order_by(file.c.name)
            return list(connection.execute(found).scalars())


def inside(name: str) -> PurePosixPath:
    """Return a name as a path below a document's folder, or refuse it."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise OptionError(
            f"{name!r} leads out of the document's folder.", "Expected a name such as ratings.csv."
        )
    return path


def _lay(folder: Path, name: str, content: bytes) -> None:
    place = folder / inside(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
