"""What is said to a program when something is wrong: one shape, the words of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from forwhom.errors import (
    DocumentError,
    DriverMissing,
    ForwhomError,
    OutputError,
    SourceMissing,
)
from forwhom.web.server.limits import TooOften
from forwhom.web.server.refusals import without_folders
from forwhom.web.server.safety import TOO_LARGE, too_large
from forwhom.web.server.services import Services
from forwhom.web.server.visits import NotHere
from forwhom.workspace.conflict import Conflict, NotNow
from forwhom.workspace.tokens import SCOPES, Scope

MEDIA = "application/problem+json"
#: Where a kind of problem is described.
_PAGE = "/api/v1/#"
#: Beginning of a line that tells of a place in a document.
_PLACE = re.compile(r"^(?:[^:\n]+):(\d+):(\d+): (.*)$")


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its name, its status, and what it is."""

    name: str
    status: int
    title: str


#: Every kind that there is; names stay.
KINDS = (
    Kind("no-token", 401, "No token that counts was sent"),
    Kind("not-allowed", 403, "The token may not do this"),
    Kind("not-here", 404, "There is nothing here"),
    Kind("no-such-method", 405, "This cannot be done with what is here"),
    Kind("not-now", 409, "Something else must happen first"),
    Kind("changed", 412, "It is not what it was when you looked"),
    Kind("too-large", 413, "This is larger than the server takes"),
    Kind("wrong-kind", 415, "This kind of content is not taken here"),
    Kind("wrong-name", 421, "This server has another name"),
    Kind("document", 422, "The document is not sound"),
    Kind("unusable", 422, "What was sent cannot be used"),
    Kind("no-version", 428, "It was not said which version is changed"),
    Kind("too-often", 429, "This was asked for too often"),
    Kind("mistake", 500, "A mistake of forwhom"),
    Kind("not-installed", 501, "The server lacks a package for this"),
    Kind("away", 503, "The server cannot do this at the moment"),
)
_BY_NAME = {one.name: one for one in KINDS}
#: What a framework refuses by its status alone.
_BY_STATUS = {400: "unusable", **{one.status: one.name for one in KINDS}}


class Spot(BaseModel):
    """One thing that is wrong in a document, and where."""

    line: int = Field(description="Line in what was sent, from 1.")
    column: int = Field(description="Column in the line, from 1.")
    detail: str = Field(description="What is wrong there, and what to do.")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it, with what to do about it."""

    model_config = ConfigDict(json_schema_extra={"required": ["type", "title", "status", "detail"]})

    type: str = Field(description="The kind of problem: where it is described.")
    title: str = Field(description="What kind of problem it is.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, as the command line says it.")
    advice: str = Field(default="", description="What was expected, and what to do.")
    places: list[Spot] | None = Field(
        default=None, description="Of a document: every mistake with its place."
    )
    version: int | None = Field(
        default=None, description="Of what somebody else changed: its version now."
    )


class Refused(Exception):
    """A request that is refused with one kind of problem."""

    def __init__(
        self, kind: str, detail: str, advice: str = "", version: int | None = None
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.advice, self.version = kind, detail, advice, version

    def answer(self) -> Response:
        """Return what is said of it."""
        return answer(self.kind, self.detail, self.advice, version=self.version)


def no_token() -> Refused:
    """Return the refusal of who shows no token, or one that counts no more."""
    return Refused(
        "no-token", "This needs a token that counts.",
        "Send 'Authorization: Bearer …' with one made on the page Tokens of the workspace; it may "
        "be over or closed, or its person may have left.",
    )  # fmt: skip


def not_allowed(scope: Scope, *, has_scope: bool) -> Refused:
    """Return the refusal of a token that may not do something."""
    role = SCOPES[scope].name.lower()
    if has_scope:
        return Refused(
            "not-allowed", f"The person of this token has no role any more that may {scope!r}.",
            f"It needs the role {role}: ask an owner.",
        )  # fmt: skip
    return Refused(
        "not-allowed", f"This token is not for {scope!r}.",
        f"Make one with this scope; its person needs the role {role}.",
    )  # fmt: skip


def changed(version: int, who: str = "") -> Refused:
    """Return the refusal of who saw an older version than there is."""
    said = f"{who or 'Somebody'} changed this: it is at version {version} now."
    return Refused("changed", said, "Read it again, and change what you find there.", version)


def wrong_kind(kind: str, wanted: str) -> Refused:
    """Return the refusal of a body of another kind than is taken."""
    said = f"{kind or 'A body without a content type'} is not taken here."
    return Refused("wrong-kind", said, f"Send {wanted}.")


def kind_of(request: Request) -> str:
    """Return of which kind a body is, as it is sent."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def say_what_is_wrong(app: FastAPI, parts: Services) -> None:
    """Give the API its answers to everything that can go wrong."""

    def wrong(_: Request, error: Exception) -> Response:
        assert isinstance(error, ForwhomError | Refused)
        return answer_to(error, parts)

    app.add_exception_handler(ForwhomError, wrong)
    app.add_exception_handler(Refused, wrong)
    app.add_exception_handler(NotHere, _not_here)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(ClientDisconnect, _by_status)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _mistake)


def answer(
    kind: str, detail: str, advice: str = "", *, headers: dict[str, str] | None = None,
    places: list[Spot] | None = None, version: int | None = None,
) -> Response:  # fmt: skip
    """Return a problem as a response."""
    known = _BY_NAME[kind]
    said = Problem(
        type=f"{_PAGE}{kind}", title=known.title, status=known.status, detail=detail,
        advice=advice, places=places, version=version,
    )  # fmt: skip
    own = {} if version is None else {"etag": f'"{version}"'}
    own |= {"www-authenticate": "Bearer"} if known.status == 401 else {}
    body = said.model_dump(exclude_none=True)
    return JSONResponse(body, known.status, headers={**own, **(headers or {})}, media_type=MEDIA)


def at_the_gate(status: int, said: str) -> Response:
    """Return the refusal of a request that gets no further than the gate."""
    return answer({403: "not-allowed"}.get(status, _BY_STATUS[status]), said.strip())


def answer_to(error: ForwhomError | Refused, parts: Services) -> Response:
    """Return the response to something that was refused, or that went wrong in words."""
    if isinstance(error, Refused):
        return error.answer()
    problem, advice = (without_folders(one, parts) for one in (error.problem, error.advice))
    match error:
        case Conflict():
            return changed(error.version, error.who).answer()
        case TooOften():
            again = {"retry-after": str(error.seconds)}
            return answer("too-often", problem, advice, headers=again)
        case DocumentError():
            places = list(_places(problem, advice)) or None
            return answer("document", problem, advice, places=places)
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (NotNow, "not-now"), (SourceMissing, "not-here"), (DriverMissing, "not-installed"),
        (OutputError, "away"),
    )  # fmt: skip
    kind = next((name for known, name in kinds if isinstance(error, known)), "unusable")
    return answer(kind, problem, advice)


def _places(problem: str, advice: str) -> Iterator[Spot]:
    """Yield what a message tells of a document, place by place."""
    lines = problem.split("\n")
    for line in lines:
        found = _PLACE.match(line)
        if found is not None:
            said = f"{found[3]} {advice}".strip() if len(lines) == 1 else found[3]
            yield Spot(line=int(found[1]), column=int(found[2]), detail=said)


def _not_here(_: Request, __: Exception) -> Response:
    return answer("not-here", "There is nothing here.", "The address may be wrong.")


def _by_status(request: Request, error: Exception) -> Response:
    if request.scope.get(TOO_LARGE):
        most = request.app.state.services.settings.most_bytes
        return answer("too-large", too_large(most).strip())
    status = error.status_code if isinstance(error, HTTPException) else 400
    if status == 404:
        return _not_here(request, error)
    kind = _BY_STATUS.get(status, "unusable")
    detail = str(getattr(error, "detail", "")) or "The body ended too early."
    return answer(kind, detail, headers=dict(getattr(error, "headers", None) or {}))


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    field = getattr(request.scope.get("route"), "body_field", None)
    wanted = "" if field is None else field.field_info.media_type
    if wanted and kind_of(request) != wanted:
        return wrong_kind(kind_of(request), wanted).answer()
    said = "; ".join(dict.fromkeys(map(_told, error.errors())))
    return answer("unusable", f"{said}.", "Compare with the description at /api/v1/.")


def _told(one: dict[str, Any]) -> str:
    """Return what is wrong with one value that was sent."""
    where, *steps = one["loc"]
    name = ".".join(str(step) for step in steps) if one["type"] != "json_invalid" else ""
    reason = one["msg"].removeprefix("Value error, ")
    return f"{where} {name!r}: {reason}" if name else f"{where}: {reason}"


def _mistake(_: Request, error: Exception) -> Response:
    said = f"Something went wrong that forwhom did not expect ({type(error).__name__})."
    return answer("mistake", said, "Please report it, with what you sent.")
