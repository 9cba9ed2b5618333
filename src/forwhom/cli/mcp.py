from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@options.command("forwhom mcp", "forwhom mcp data", "forwhom mcp data --http 8400")
@click.argument("folder", type=options.PATH, default=".")
@click.option(
    "--http", type=click.IntRange(1, 65535), metavar="PORT",
    help="Speak over HTTP on this machine, at this port; left out: standard input and output.",
)  # fmt: skip
@click.option("--list", "show", is_flag=True, help="Only say which tools an assistant gets.")
def mcp(*, folder: Path, http: int | None, show: bool, as_json: bool) -> None:
    """Let an assistant work with the files of a folder, by the Model Context Protocol.

    It profiles tables, discovers segments, tells answers and evidence, lints canvases and proposes
    changes of them. It sees no row of a table and nothing outside FOLDER, and overwrites nothing:
    a proposal is a copy that a person accepts.
    """
    with options.needing("assistants", "An assistant"):
        from forwhom.assistants.server import server, tools
    made = server(folder)
    if show:
        from forwhom.cli import terminal

        found = tools(made)
        terminal.tell(found, *(f"{n}: {what}" for n, what in found.items()), as_json=as_json)
    elif http is None:
        made.run("stdio")
    else:
        made.run("streamable-http", host="127.0.0.1", port=http)
