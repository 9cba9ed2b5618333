"""Tokens of programs: made by a person for what they may do themselves, shown once, closed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.languages.retelling import told
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Member, NotHere, Parts, Viewer
from forwhom.workspace.people import Role
from forwhom.workspace.tokens import LONGEST_DAYS, LONGEST_NAME, SCOPES, Scope, Token

routes = APIRouter(prefix="/w/{workspace}")

#: What each scope is for, in words.
USES: dict[Scope, str] = {
    "read": later("reads canvases and segmentations, and takes them out"),
    "write": later("changes canvases, and takes canvases and segmentations in"),
    "data": later("brings tables, sees what is in them, and looks for segments"),
    "members": later("takes out who belongs where: rows of people"),
}
#: How long a token lasts where nobody says it, in days.
_USUAL = 90

Text = Annotated[str, Form(max_length=300)]


@routes.get("/tokens")
def tokens(request: Request, who: Viewer, parts: Parts) -> Response:
    """Show a person's tokens, and to an owner everybody's."""
    with speaking(language_of(request)):
        return _shown(request, who, parts)


@routes.post("/tokens")
def make(
    request: Request, who: Viewer, parts: Parts, name: Text = "",
    scopes: Annotated[list[str] | None, Form()] = None, days: Annotated[int, Form()] = _USUAL,
) -> Response:  # fmt: skip
    """Make a token; it is shown once."""
    typed = {"name": name, "scopes": scopes or [], "days": days}
    with speaking(language_of(request)):
        try:
            _, token = parts.tokens.make(who.workspace, who.who, who.role, name, scopes or [], days)
        except OptionError as error:
            return _shown(request, who, parts, typed=typed, problem=told(str(error)))
        parts.audit.note(who.workspace, who.who, "token", name)
        return _shown(request, who, parts, token=token)


@routes.post("/tokens/close")
def close(who: Viewer, parts: Parts, token: Text) -> Response:
    """Let a token count no more: one's own, or as an owner anybody's."""
    if token not in [one.id for one in _seen(who, parts)]:
        raise NotHere
    parts.tokens.revoke(who.workspace, token)
    return RedirectResponse(f"/w/{who.workspace}/tokens", 303)


def _seen(who: Member, parts: Services) -> list[Token]:
    """Return the tokens that somebody sees, and may close."""
    return parts.tokens.listed(who.workspace, None if who.may(Role.OWNER) else who.who.id)


def _shown(
    request: Request, who: Member, parts: Services, *, token: str = "", problem: str = "",
    typed: dict[str, object] | None = None,
) -> Response:  # fmt: skip
    blank = {"name": "", "scopes": ["read"], "days": _USUAL}
    return page(
        request, "people/tokens.html.jinja", 422 if problem else 200, who=who, token=token,
        problem=problem, typed=typed or blank, tokens=_seen(who, parts),
        scopes={one: tr(USES[one]) for one in SCOPES if who.role >= SCOPES[one]},
        longest_days=LONGEST_DAYS, longest_name=LONGEST_NAME, title=tr("Tokens"),
        name=parts.people.workspace_name(who.workspace),
    )  # fmt: skip
