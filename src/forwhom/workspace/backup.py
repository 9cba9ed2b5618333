"""Everything of a database in one file, and back: also from SQLite to PostgreSQL."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, Table, insert, select

from forwhom.documents.files import check_output, written_aside
from forwhom.errors import OutputError, SourceError, SourceMissing
from forwhom.version import __version__
from forwhom.workspace.database import Database, now
from forwhom.workspace.migrating import migrate, revision_of

_MANIFEST = "forwhom.json"
_KIND = "forwhom-backup"
#: Who is signed in is nobody's document, and a token that was closed since must not come back.
_LEFT_OUT = frozenset({"session", "token", "alembic_version"})
#: Rows that are written at once.
_AT_ONCE = 200


def back_up(database: Database, place: Path, *, overwrite: bool = False) -> int:
    """Write everything that a database holds at one moment into a file; return its rows."""
    check_output(place, overwrite=overwrite)
    count = 0
    with (
        written_aside(place) as aside,
        database.reading() as connection,
        zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        about = {
            "kind": _KIND, "forwhom": __version__, "revision": revision_of(connection),
            "written": now(),
        }  # fmt: skip
        archive.writestr(_MANIFEST, json.dumps(about))
        for table in _tables(connection):
            with archive.open(f"{table.name}.jsonl", "w") as file:
                for row in connection.execute(select(table)):
                    values = {name: _plain(value) for name, value in row._mapping.items()}
                    file.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
                    count += 1
    return count


def restore(database: Database, place: Path) -> int:
    """Fill an empty database from a backup, all or nothing; return the rows."""
    try:
        with zipfile.ZipFile(place) as archive:
            about = _manifest(archive, place)
            migrate(database, until=about["revision"])
            with database.writing() as connection:
                count = _fill(connection, archive)
    except FileNotFoundError:
        raise SourceMissing(f"There is no file {place}.", "Name a backup.") from None
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError(
            f"{place} is no whole backup of forwhom.", "It may be cut off; take another."
        ) from error
    migrate(database)
    return count


def _manifest(archive: zipfile.ZipFile, place: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(archive.read(_MANIFEST))
    if about.get("kind") != _KIND:
        raise SourceError(f"{place} is no backup of forwhom.", "Name a file of forwhom backup.")
    return about


def _fill(connection: Connection, archive: zipfile.ZipFile) -> int:
    tables = _tables(connection)
    full = [t.name for t in tables if connection.execute(select(t).limit(1)).first()]
    if full:
        raise OutputError(
            f"This database is not empty: it has {', '.join(full)}.",
            "Restore into a new one, so that nothing is lost.",
        )
    count = 0
    for table in tables:
        rows: list[dict[str, Any]] = []
        for row in _rows(archive, table):
            rows.append(row)
            count += 1
            if len(rows) == _AT_ONCE:
                connection.execute(insert(table), rows)
                rows = []
        if rows:
            connection.execute(insert(table), rows)
    return count


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    blobs = {c.name for c in table.columns if isinstance(c.type, LargeBinary)}
    with archive.open(f"{table.name}.jsonl") as file:
        for line in file:
            row: dict[str, Any] = json.loads(line)
            for name in blobs & row.keys():
                row[name] = None if row[name] is None else base64.b64decode(row[name])
            yield row


def _tables(connection: Connection) -> list[Table]:
    """Return the tables as the database has them, those that others name first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in _LEFT_OUT]


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value
