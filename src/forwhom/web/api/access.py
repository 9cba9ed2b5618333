"""Which program asks, for whom, and what it may do: by a token alone, never by a cookie."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from forwhom.errors import ForwhomError
from forwhom.web.api.problems import Refused, answer_to, no_token, not_allowed
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Member, NotHere
from forwhom.workspace import tokens
from forwhom.workspace.tokens import Bearer

PREFIX = "/api/v1"
#: What is there for everybody: how the API is to be used.
_OPEN = frozenset({"", "/", "/openapi.json"})
_SCHEME = HTTPBearer(
    scheme_name="token", auto_error=False,
    description="A token made on the page Tokens of a workspace.",
)  # fmt: skip
Shown = Annotated[HTTPAuthorizationCredentials | None, Security(_SCHEME)]


@dataclass(frozen=True)
class Caller(Member):
    """A program in a workspace: the person for whom it acts, and what its token is for."""

    bearer: Bearer


class Bearers:
    """Says whose token was sent, before anything of the body is read; refuses who sent none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].removeprefix(PREFIX) in _OPEN:
            await self._app(scope, receive, send)
            return
        parts: Services = scope["app"].state.services
        try:
            scope["bearer"] = await run_in_threadpool(_bearer, parts, Headers(scope=scope))
        except (Refused, ForwhomError) as error:
            await answer_to(error, parts)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _bearer(parts: Services, headers: Headers) -> Bearer:
    kind, _, secret = headers.get("authorization", "").partition(" ")
    found = parts.tokens.shown(secret.strip()) if kind.lower() == "bearer" and secret else None
    if found is None:
        if secret:
            parts.limits.check("guess", "token")
        raise no_token()
    parts.limits.check("call", found.id)
    return found


def anybody(request: Request, shown: Shown) -> Bearer:  # noqa: ARG001 - it stands in the description
    """Return whose token was sent."""
    found: Bearer = request.scope["bearer"]
    return found


def allowed(scope: tokens.Scope) -> Callable[..., Caller]:
    """Return a check that a token may do what a scope is for in the workspace of the address."""

    def check(
        workspace: str,
        request: Request,
        shown: Annotated[HTTPAuthorizationCredentials | None, Security(_SCHEME, scopes=[scope])],  # noqa: ARG001
    ) -> Caller:
        bearer: Bearer = request.scope["bearer"]
        if bearer.workspace != workspace:
            raise NotHere
        if not bearer.may(scope):
            raise not_allowed(scope, has_scope=scope in bearer.scopes)
        return Caller(workspace, bearer.who, bearer.role, bearer)

    check.scope = scope  # type: ignore[attr-defined]
    return check


Anybody = Annotated[Bearer, Security(anybody)]
Reader = Annotated[Caller, Security(allowed("read"))]
Writer = Annotated[Caller, Security(allowed("write"))]
Analyst = Annotated[Caller, Security(allowed("data"))]
Keeper = Annotated[Caller, Security(allowed("members"))]
