"""Where a person begins: their workspaces, and what is in each."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas.frameworks import framework_names, read_framework
from forwhom.languages.catalog import speaking, tr
from forwhom.web.server import examples
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.visits import Anybody, NotHere, Parts, Viewer
from forwhom.workspace.people import Role

routes = APIRouter()


@routes.get("/")
def home(request: Request, visit: Anybody, parts: Parts) -> Response:
    """Go to the only workspace, or show them all."""
    found = parts.people.workspaces(visit.who.id)
    if len(found) == 1:
        return RedirectResponse(f"/w/{found[0][0]}", 303)
    with speaking(language_of(request)):
        return page(
            request, "people/workspaces.html.jinja", workspaces=found, title=tr("Workspaces")
        )


@routes.get("/w/{workspace}")
def workspace(request: Request, who: Viewer, parts: Parts) -> Response:
    """Show what is in a workspace."""
    names = {key: name for key, name, _ in parts.people.workspaces(who.who.id)}
    if who.workspace not in names:
        raise NotHere
    with speaking(language_of(request)):
        known = [read_framework(name) for name in framework_names()]
        frames = {one.id: tr(one.name) for one in known}
        return page(
            request, "people/workspace.html.jinja", who=who, title=names[who.workspace],
            documents=parts.documents.listed(who.workspace), frameworks=frames, known=known,
            may_edit=who.may(Role.EDITOR), examples=examples.titles(),
            mentions=parts.comments.mentioning(who.workspace, who.who),
        )  # fmt: skip
