from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.errors import DriverMissing, OptionError

database = click.option(
    "--database", default="forwhom.db", show_default=True,
    help="Where everything is kept: a file (SQLite), or postgresql://...",
)  # fmt: skip


@contextmanager
def needing_web() -> Iterator[None]:
    """Say what to install where a package of the web app is missing."""
    try:
        yield
    except ImportError as error:
        if isinstance(error, DriverMissing):
            raise
        raise DriverMissing(
            f"The web app needs the package {error.name!r}.", "Run: pip install 'forwhom[web]'."
        ) from error


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
    prepare: bool,
    as_json: bool,
) -> None:
    """Open the web app: canvases for teams and workshops, in a browser.

    On this machine alone it asks for no name and no password. Where others can reach it, it has
    accounts, and prints the link of the first owner. Canvases in FOLDER are taken in, each once.
    """
    with needing_web():
        from forwhom.web.serving import serve as run
        from forwhom.web.settings import Settings
    place = Path("forwhom-files") if "://" in database else Path(f"{database}.files")
    organization = [
        os.environ.get(f"FORWHOM_OIDC_{name}", "") for name in ("ISSUER", "ID", "SECRET")
    ]
    if any(organization) and not all(organization):
        raise OptionError(
            "Accounts of an organization need FORWHOM_OIDC_ISSUER, FORWHOM_OIDC_ID and "
            "FORWHOM_OIDC_SECRET.",
            "Set all three, or none.",
        )
    issuer, client, secret = organization
    settings = Settings(
        database,
        place,
        host,
        port,
        names,
        https,
        issuer=issuer,
        client=client,
        client_secret=secret,
    )
    run(settings, folder, lambda line: terminal.write(line, err=as_json), only_prepare=prepare)
