"""Bring a database to the shape of today; an empty one gets everything."""

from __future__ import annotations

from functools import cache
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
    script = _steps()
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        seen = revision_of(connection)
        if until == "head" and seen == script.get_current_head():
            return
        found = seen or (None if until == "head" else until)
        if found is not None and found not in {one.revision for one in script.walk_revisions()}:
            raise SourceError(
                "This database was made by a newer forwhom.", "Install that one, or a newer."
            )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, until)


@cache
def _steps() -> ScriptDirectory:
    """Return the steps that there are."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    """Return what Alembic is told."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def revision_of(connection: Connection) -> str | None:
    """Return the last step that a database has seen; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
