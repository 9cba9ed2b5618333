"""The people of a workspace: who they are, what they may do, links that let others in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.web.people.signing import let_in
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Member, NotHere, Owner, Parts, Viewer
from forwhom.workspace.people import Role, role_named

routes = APIRouter(prefix="/w/{workspace}")

#: What roles are called, and what each may do.
ROLES = {
    Role.VIEWER: (later("Viewer"), later("may look at everything")),
    Role.COMMENTER: (later("Commenter"), later("may also comment")),
    Role.EDITOR: (later("Editor"), later("may also change everything")),
    Role.OWNER: (later("Owner"), later("may also let people in, and take data out")),
}
#: What is written down of accesses, in words.
ACCESSES = {
    "looked": later("looked at"),
    "exported": later("took out"),
    "shared": later("made a link to look at"),
    "invited": later("made a link"),
    "joined": later("joined"),
    "token": later("made a token"),
}
#: Longest time that a link is open, in days.
_LONGEST = 90

Text = Annotated[str, Form(max_length=300)]


@routes.get("/people")
def people(request: Request, who: Viewer, parts: Parts) -> Response:
    """Show who is in a workspace, and, to its owners, links and accesses."""
    with speaking(language_of(request)):
        return _shown(request, who, parts)


@routes.post("/people/invite")
def invite(
    request: Request, who: Owner, parts: Parts, role: Text = "editor",
    days: Annotated[int, Form()] = 14,
) -> Response:  # fmt: skip
    """Make a link that lets people in; it is shown once."""
    with speaking(language_of(request)):
        if not 1 <= days <= _LONGEST:
            raise OptionError(
                tr("A link is open for 1 to {n} days.", n=_LONGEST), tr("Type fewer days.")
            )
        wanted = role_named(role)
        _, token = parts.people.invite(who.workspace, wanted, who.who, timedelta(days=days))
        parts.audit.note(who.workspace, who.who, "invited", tr(ROLES[wanted][0]))
        link = f"{parts.settings.address_for_others(str(request.base_url))}/join/{token}"
        return _shown(request, who, parts, link)


@routes.post("/people/revoke")
def revoke(who: Owner, parts: Parts, link: Text) -> Response:
    """Close a link for good."""
    parts.people.revoke(who.workspace, link)
    return _back(who)


@routes.post("/people/role")
def change(who: Owner, parts: Parts, person: Text, role: Text) -> Response:
    """Give a member another role, or take them out."""
    if parts.people.role(who.workspace, person) is None:
        raise NotHere
    if role == "none":
        parts.people.leave(who.workspace, person)
    else:
        parts.people.assign(who.workspace, person, role_named(role))
    return _back(who)


@routes.post("/people/me")
def rename(who: Viewer, parts: Parts, name: Text) -> Response:
    """Change the name under which others see this person."""
    parts.people.rename(who.who.id, name)
    return _back(who)


@routes.post("/people/sign-out")
def sign_out(who: Viewer, parts: Parts) -> Response:
    """End this person's sessions everywhere, and open one new one here."""
    parts.people.close_sessions(who.who.id)
    return let_in(parts, who.who, f"/w/{who.workspace}/people")


@routes.post("/name")
def name_workspace(who: Owner, parts: Parts, name: Text) -> Response:
    """Give the workspace another name."""
    parts.people.name_workspace(who.workspace, name)
    return _back(who)


def _shown(request: Request, who: Member, parts: Services, link: str = "") -> Response:
    owns = who.may(Role.OWNER)
    roles = {role.name.lower(): (tr(name), tr(what)) for role, (name, what) in ROLES.items()}
    accesses = parts.audit.last(who.workspace) if owns else []
    return page(
        request, "people/people.html.jinja", who=who, members=parts.people.members(who.workspace),
        links=parts.people.invitations(who.workspace) if owns else [], link=link, roles=roles,
        accesses=[(one, tr(ACCESSES.get(one.what, one.what))) for one in accesses], owns=owns,
        name=parts.people.workspace_name(who.workspace), title=tr("People"),
    )  # fmt: skip


def _back(who: Member) -> Response:
    return RedirectResponse(f"/w/{who.workspace}/people", 303)
