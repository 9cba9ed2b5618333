"""The tools of an assistant by the Model Context Protocol, on standard input or over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio.from_thread import run
from anyio.to_thread import run_sync
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from forwhom.assistants.desk import Desk
from forwhom.errors import ForwhomError, SourceMissing
from forwhom.version import __version__

_ABOUT = (
    "Customer segments that can be defended, from the tables of one folder, and the canvas in "
    "which a team decides. Read the first sentence of an answer first: it says whether there are "
    "groups at all, and 'we cannot tell' is an answer. Never claim more than it says. Rows of "
    "people are not shown. A canvas is never changed: propose, and let a person decide."
)


def server(folder: Path) -> MCPServer[Any]:
    """Return the server of a folder."""
    from mcp.server.mcpserver import MCPServer

    if not folder.is_dir():
        raise SourceMissing(f"There is no folder {folder}.", "Name the one with your tables.")
    made: MCPServer[Any] = MCPServer("forwhom", instructions=_ABOUT, version=__version__)
    desk = Desk(folder)

    _look(made, desk)
    _decide(made, desk)
    return made


def _look(made: MCPServer[Any], desk: Desk) -> None:
    """Give a server the tools for data and what was found in them."""

    @made.tool()
    async def files() -> str:
        """List the tables, segmentations and canvases that are here."""
        return await _done(desk.files)

    @made.tool()
    async def profile(table: str) -> str:
        """Say what is in a table and what each column is good for; no row is shown."""
        return await _done(desk.profile, table)

    @made.tool()
    async def discover(tables: list[str], into: str, ctx: Context, k_max: int = 8) -> str:
        """Find segments in tables of customers or purchases, and write them into a new folder."""
        return await _done(partial(desk.discover, progress=_reporting(ctx)), tables, into, k_max)

    @made.tool()
    async def show(segmentation: str) -> str:
        """Tell the answer of a segmentation: who the segments are, how sure, what weakens it."""
        return await _done(desk.show, segmentation)

    @made.tool()
    async def evidence(segmentation: str, about: str = "") -> str:
        """Tell what was computed, with intervals and methods; about: words that must be in it."""
        return await _done(desk.evidence, segmentation, about)


def _decide(made: MCPServer[Any], desk: Desk) -> None:
    """Give a server the tools for what a team makes of it."""

    @made.tool()
    async def defend(document: str) -> str:
        """Say of a segmentation or a canvas which of seven questions it can answer, and why."""
        return await _done(desk.defend, document)

    @made.tool()
    async def lint(canvas: str) -> str:
        """Say what is weak in a canvas, with line and advice."""
        return await _done(desk.lint, canvas)

    @made.tool()
    async def read_canvas(canvas: str, part: str = "") -> str:
        """Return a canvas, or one part of it such as 'segments', 'needs' or 'blocks'."""
        return await _done(desk.read_canvas, canvas, part)

    @made.tool()
    async def propose(canvas: str, changes: list[dict[str, Any]]) -> str:
        """Write a changed copy beside a canvas for a person to accept; the canvas stays as it is.

        A change is {"do": "set", "at": ["segments", 0, "name"], "value": ...}, or "insert" (at,
        value), "remove" (at), "move" (at, to); "at" is a path of keys and positions.
        """
        return await _done(desk.propose, canvas, changes)


async def _done(call: Callable[..., str], *given: Any) -> str:
    """Do the work beside the connection, and say what is wrong in words."""
    try:
        return await run_sync(call, *given)
    except ForwhomError as error:
        raise ToolError(str(error)) from error


def _reporting(ctx: Context) -> Callable[[str, float], None]:
    """Return what tells the client how far the work is."""
    return lambda words, fraction: run(ctx.report_progress, fraction, 1.0, words)


def tools(made: MCPServer[Any]) -> dict[str, str]:
    """Return the tools of a server, with the first sentence of each."""
    return {one.name: (one.description or "").split("\n")[0] for one in anyio.run(made.list_tools)}
