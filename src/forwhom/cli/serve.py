from __future__ import annotations

import os
from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.errors import OptionError

database = click.option(
    "--database", default="forwhom.db", show_default=True,
    help="Where everything is kept: a file (SQLite), or postgresql://...",
)  # fmt: skip


@options.command(
    "forwhom serve",
    "forwhom serve canvases --port 8400",
    "forwhom serve --database postgresql://forwhom@localhost/forwhom --host 0.0.0.0 "
    "--name canvas.example.org --https",
)
@click.argument("folder", type=options.PATH, required=False)
@database
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8321, show_default=True,
    help="Port to listen at.",
)  # fmt: skip
@click.option(
    "--name", "names", multiple=True,
    help="Name under which browsers ask for it; may be repeated.",
)  # fmt: skip
@click.option("--https", is_flag=True, help="A proxy before it speaks HTTPS.")
@click.option(
    "--readable", type=options.PATH, multiple=True,
    help="Folder whose tables people may name instead of uploading them; may be repeated.",
)  # fmt: skip
@click.option(
    "--keep-days", type=click.IntRange(0), default=30, show_default=True,
    help="Days after which rows of people are deleted by themselves; 0: never.",
)  # fmt: skip
@click.option(
    "--most-mb", type=click.IntRange(1), default=200, show_default=True, help="Largest upload.",
)  # fmt: skip
@click.option(
    "--most-minutes", type=click.IntRange(1), default=60, show_default=True,
    help="Longest that segments are looked for.",
)  # fmt: skip
@click.option(
    "--most-memory", type=click.IntRange(100), default=8000, show_default=True,
    help="Most MB of memory that this may take.",
)  # fmt: skip
@click.option(
    "--prepare", is_flag=True, help="Bring the database up to date, take FOLDER in, and stop."
)
def serve(
    *,
    folder: Path | None,
    database: str,
    host: str,
    port: int,
    names: tuple[str, ...],
    https: bool,
    readable: tuple[Path, ...],
    keep_days: int,
    most_mb: int,
    most_minutes: int,
    most_memory: int,
    prepare: bool,
    as_json: bool,
) -> None:
    """Open the web app: canvases for teams and workshops, in a browser.

    On this machine alone it asks for no name and no password. Where others can reach it, it has
    accounts, and prints the link of the first owner. Canvases and
    segmentations in FOLDER are taken in, each once.
    """

    def say(line: str) -> None:
        terminal.write(line, err=as_json)

    say("Starting the web app. After an installation this takes some seconds.")
    with options.needing("web", "The web app"):
        from forwhom.web.server.settings import Settings
        from forwhom.web.serving import serve as run
    place = Path("forwhom-files") if "://" in database else Path(f"{database}.files")
    issuer, client, secret = _organization()
    settings = Settings(
        database, place, host, port, names, https, readable=readable, keep_days=keep_days,
        most_bytes=most_mb * 1_000_000, most_seconds=most_minutes * 60,
        most_memory=most_memory * 1_000_000, issuer=issuer, client=client,
        client_secret=secret,
    )  # fmt: skip
    run(settings, folder, say, only_prepare=prepare)


def _organization() -> tuple[str, str, str]:
    """Return where accounts of an organization are, as the environment says it."""
    found = [os.environ.get(f"FORWHOM_OIDC_{name}", "") for name in ("ISSUER", "ID", "SECRET")]
    if any(found) and not all(found):
        raise OptionError(
            "Accounts of an organization need FORWHOM_OIDC_ISSUER, FORWHOM_OIDC_ID and "
            "FORWHOM_OIDC_SECRET.",
            "Set all three, or none.",
        )
    issuer, client, secret = found
    return issuer, client, secret
