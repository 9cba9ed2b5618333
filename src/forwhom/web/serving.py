"""Start the server: the database, what a folder holds, the first link, and the address."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType

from forwhom.errors import OptionError
from forwhom.web.app import app_of
from forwhom.web.canvas.taking import check_folder, take_in
from forwhom.web.server.services import Services, opened
from forwhom.web.server.settings import Settings
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role

#: How long the link is open that makes the first owner.
_FIRST = timedelta(hours=2)
#: How long open streams may take to end when the server stops, in seconds.
_PATIENCE = 3
#: How long one request may keep the interpreter while others wait for it, in seconds. A rating that
#: comes while a board is drawn would wait the usual five milliseconds several times.
_TURN = 0.0005
#: After how many new objects garbage is looked for, and how seldom among old ones. A canvas goes as
#: soon as nobody needs it; what is garbage is little, and to look through all that is kept would
#: hold everybody up, a third of a second each time.
_GARBAGE = (50_000, 20, 50)


def serve(
    settings: Settings,
    folder: Path | None,
    say: Callable[[str], None],
    *,
    only_prepare: bool = False,
) -> None:
    """Serve the web app until it is stopped, or only prepare what it needs."""
    import uvicorn

    check_folder(folder)
    parts = opened(settings)
    prepare(parts, folder, say)
    if only_prepare:
        parts.database.close()
        return
    say(f"forwhom is at {settings.address} (stop it with Ctrl+C)")
    config = uvicorn.Config(
        app_of(parts),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=_PATIENCE,
        server_header=False,
        proxy_headers=settings.https,
    )
    sys.setswitchinterval(_TURN)

    class Server(uvicorn.Server):
        """A server whose open pages do not hold it up when it is stopped."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            parts.hub.end()
            super().handle_exit(sig, frame)

    server = Server(config)
    gc.collect()
    gc.freeze()  # what is loaded stays
    gc.set_threshold(*_GARBAGE)
    server.run()
    if not server.started:
        raise OptionError(
            f"Nothing can listen at {settings.host}:{settings.port}.",
            "Another program may do so already; give another --port.",
        )


def prepare(parts: Services, folder: Path | None, say: Callable[[str], None]) -> None:
    """Make what is missing: a workspace with its owner, or a link for the first owner."""
    settings = parts.settings
    accounts = parts.people.any_account()
    if settings.is_local and not accounts:
        who = parts.people.of_this_machine()
        mine = parts.people.workspaces(who.id)
        place = mine[0][0] if mine else parts.people.new_workspace("Workspace", who)
    else:
        who = Author("", "forwhom")
        place = parts.people.first_workspace() or parts.people.new_workspace("Workspace")
    say(f"Everything is kept in {settings.database}")
    if folder is not None:
        take_in(parts, place, who, folder, say)
    if not settings.is_local and not accounts:
        _, token = parts.people.invite(place, Role.OWNER, who, _FIRST)
        say(f"Nobody has an account yet. The first owner: {settings.address}/join/{token}")
