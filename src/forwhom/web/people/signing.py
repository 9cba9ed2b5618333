"""Signing in and out, the first account, and links that let people in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.languages.retelling import told
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import COOKIE, NotHere, Parts, cookie
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role

routes = APIRouter()

Text = Annotated[str, Form(max_length=1000)]


@routes.get("/sign-in")
def ask(request: Request, parts: Parts, next: str = "/") -> Response:  # noqa: A002
    """Show the form to sign in."""
    with speaking(language_of(request)):
        return _asked(request, parts, ours(next))


@routes.post("/sign-in")
def sign_in(
    request: Request, parts: Parts, email: Text = "", password: Text = "", onward: Text = "/"
) -> Response:
    """Sign somebody in."""
    parts.limits.check("sign-in", email.strip().lower())
    who = parts.people.signed_in(email, password)
    if who is None:
        with speaking(language_of(request)):
            problem = tr("This address and this password do not belong together.")
            return _asked(request, parts, ours(onward), 422, email=email, problem=problem)
    return let_in(parts, who, ours(onward))


@routes.post("/sign-out")
def sign_out(request: Request, parts: Parts) -> Response:
    """End this session."""
    parts.people.close_session(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.headers["set-cookie"] = cookie("", parts)
    return answer


@routes.get("/join/{token}")
def invitation(request: Request, parts: Parts, token: str) -> Response:
    """Show what a link invites to."""
    found = _invited(parts, token)
    with speaking(language_of(request)):
        return page(
            request, "people/join.html.jinja", name=found[1], role=found[2], problem="",
            token=token, typed={"name": "", "email": ""},
        )  # fmt: skip


@routes.post("/join/{token}")
def join(
    request: Request, parts: Parts, token: str, name: Text = "", email: Text = "",
    password: Text = "",
) -> Response:  # fmt: skip
    """Let somebody into a workspace, with a new account or the one that is signed in."""
    found = _invited(parts, token)
    visit = request.scope.get("visit")
    try:
        who = visit.who if visit is not None else parts.people.enroll(name, email, password)
    except OptionError as error:
        with speaking(language_of(request)):
            return page(
                request, "people/join.html.jinja", 422, name=found[1], role=found[2], token=token,
                problem=told(f"{error}"), typed={"name": name, "email": email},
            )  # fmt: skip
    parts.people.join(found[0], who.id, found[2])
    return let_in(parts, who, f"/w/{found[0]}")


def _asked(
    request: Request, parts: Services, onward: str, status: int = 200, *, email: str = "",
    problem: str = "",
) -> Response:  # fmt: skip
    return page(
        request, "people/sign-in.html.jinja", status, onward=onward, email=email, problem=problem,
        elsewhere=bool(parts.settings.issuer),
    )  # fmt: skip


def _invited(parts: Services, token: str) -> tuple[str, str, Role]:
    """Return what a link gives; guesses are counted, however many true links are opened."""
    found = parts.people.invited(token)
    if found is None:
        parts.limits.check("guess", "link")
        raise NotHere
    return found


def let_in(parts: Services, who: Author, onward: str) -> Response:
    """Open a session, always a new one, and go on."""
    answer = RedirectResponse(onward, 303)
    answer.headers["set-cookie"] = cookie(parts.people.open_session(who), parts)
    return answer


def ours(address: str) -> str:
    """Return where to go on to; only ever a page of ours."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and "\n" not in address and "\r" not in address else "/"
