"""Bring a database to the shape of today; an empty one gets everything."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from forwhom.errors import SourceError
from forwhom.workspace.database import Database

_FOLDER = Path(__file__).parent / "migrations"
#: Several servers may start at once; the first one migrates, the others wait.
_LOCK = 4_701_226


def migrate(database: Database, until: str = "head") -> None:
    """Make all steps that a database has not seen, up to one of them, all or none."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        script = ScriptDirectory.from_config(config)
        found = revision_of(connection) or (None if until == "head" else until)
        if found is not None and found not in {one.revision for one in script.walk_revisions()}:
            raise SourceError(
                "This database was made by a newer forwhom.", "Install that one, or a newer."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, until)


def revision_of(connection: Connection) -> str | None:
    """Return the last step that a database has seen; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
