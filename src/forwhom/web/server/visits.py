"""Who is asking, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forwhom.web.server.services import Services, services
from forwhom.workspace.log import Author
from forwhom.workspace.people import SESSION, Role, Visit

COOKIE = "forwhom"
#: Without accounts: our own files, and phones that take part in an exercise. Programs have tokens.
_WITHOUT = ("/static/", "/x", "/api/")


class SignIn(Exception):
    """Somebody must sign in first."""


class NotHere(Exception):
    """There is nothing here, or nothing for this person: both look the same."""


class NotAllowed(Exception):
    """Somebody may look, but not do that."""


@dataclass(frozen=True)
class Member:
    """Somebody in a workspace."""

    workspace: str
    who: Author
    role: Role

    def may(self, role: Role) -> bool:
        """Whether they may do what a role may."""
        return self.role >= role


class Sessions:
    """Says who is asking; on a machine's own server without accounts, its one person."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(_WITHOUT):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        parts = services(connection)
        token = connection.cookies.get(COOKIE, "")
        visit = await run_in_threadpool(parts.people.visit, token) if token else None
        if visit is None and parts.settings.is_local:
            token, visit = await run_in_threadpool(_one_person, parts)
            send = _with_cookie(send, cookie(token, parts))
        scope["visit"] = visit
        await self._app(scope, receive, send)


def _one_person(parts: Services) -> tuple[str, Visit | None]:
    """Let the person of this machine in, unless people here have accounts."""
    if parts.people.any_account():
        return "", None
    who = parts.people.of_this_machine()
    token = parts.people.open_session(who)
    return token, parts.people.visit(token)


def cookie(token: str, parts: Services) -> str:
    """Return the header that keeps a token in a browser; an empty token ends it."""
    age = int(SESSION.total_seconds()) if token else 0
    secure = "; Secure" if parts.settings.https else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"


def _with_cookie(send: Send, header: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", header)
        await send(message)

    return sent


async def signed_in(request: Request) -> Visit:
    """Return who is signed in; there is nothing to wait for, so no thread is needed."""
    visit: Visit | None = request.scope.get("visit")
    if visit is None:
        raise SignIn
    return visit


Anybody = Annotated[Visit, Depends(signed_in)]


def member(role: Role) -> Callable[..., Member]:
    """Return a check that somebody may do what a role may in the workspace of the address."""

    def check(workspace: str, request: Request, visit: Anybody) -> Member:
        found = services(request).people.role(workspace, visit.who.id)
        if found is None:
            raise NotHere
        if found < role:
            raise NotAllowed
        return Member(workspace, visit.who, found)

    check.role = role  # type: ignore[attr-defined]
    return check


Viewer = Annotated[Member, Depends(member(Role.VIEWER))]
Commenter = Annotated[Member, Depends(member(Role.COMMENTER))]
Editor = Annotated[Member, Depends(member(Role.EDITOR))]
Owner = Annotated[Member, Depends(member(Role.OWNER))]


async def _parts(request: Request) -> Services:
    """Return the services of the app; nothing to wait for, so no thread is needed."""
    return services(request)


Parts = Annotated[Services, Depends(_parts)]
