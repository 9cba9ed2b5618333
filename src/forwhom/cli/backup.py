from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.cli.serve import database as where


@options.command(
    "forwhom backup -o forwhom.zip",
    "forwhom backup --database postgresql://forwhom@localhost/forwhom -o backup.zip --force",
)
@where
@options.output("Where to write the backup (.zip).", required=True)
@options.force
def backup(*, database: str, output: Path, force: bool, as_json: bool) -> None:
    """Write everything that the web app keeps into one file, while it goes on running.

    It holds every canvas with its whole history, people, links, comments and files. Tables that
    were uploaded, and who is signed in, are not in it.
    """
    options.check_place(output, force, "zip")
    with options.needing("web", "The web app"):
        from forwhom.workspace.backup import back_up
        from forwhom.workspace.database import existing
    with closing(existing(database)) as opened:
        rows = back_up(opened, output, overwrite=force)
    if as_json:
        terminal.print_json({"file": str(output), "rows": rows})
    else:
        terminal.write(f"Wrote {output}: {rows:,} rows")


@options.command(
    "forwhom restore forwhom.zip --database restored.db",
    "forwhom restore forwhom.zip --database postgresql://forwhom@localhost/forwhom",
)
@click.argument("source", metavar="BACKUP", type=options.PATH)
@where
def restore(*, source: Path, database: str, as_json: bool) -> None:
    """Fill an empty database of the web app from a backup, all of it or nothing.

    A backup of SQLite may be restored into PostgreSQL, and the other way round.
    """
    with options.needing("web", "The web app"):
        from forwhom.workspace.backup import restore as run
        from forwhom.workspace.database import Database
    with closing(Database(database)) as opened:
        rows = run(opened, source)
    if as_json:
        terminal.print_json({"database": database.rsplit("@", maxsplit=1)[-1], "rows": rows})
    else:
        terminal.write(f"Restored {rows:,} rows; run: forwhom serve --database {database}")
