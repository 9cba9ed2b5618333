"""Comments on the parts of a canvas."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.languages.catalog import speaking, tr
from forwhom.web.forms import places
from forwhom.web.forms.fields import title_of
from forwhom.web.forms.items import canvas_in
from forwhom.web.server.rendering import is_part, page
from forwhom.web.server.visits import Commenter, Parts, Viewer
from forwhom.workspace.changes import value_at
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")


@routes.get("/comments")
def comments(request: Request, who: Viewer, parts: Parts, key: str, at: str = "") -> Response:
    """Show the comments of a canvas, or of one part of it."""
    found = canvas_in(parts, who, key)
    way = places.read(at)
    said = [one for one in parts.comments.of(key) if not at or one.at == way]
    with speaking(found.canvas.language):
        template = (
            "canvas/comments.part.jinja" if is_part(request) else "canvas/comments.html.jinja"
        )
        return page(
            request, template, who=who, found=found, at=at, comments=said,
            title=found.canvas.title or tr("Untitled"), written=places.written,
            may_comment=who.may(Role.COMMENTER),
        )  # fmt: skip


@routes.post("/comments")
def write(
    request: Request, who: Commenter, parts: Parts, key: str, version: Annotated[int, Form()],
    text: Annotated[str, Form(max_length=6000)] = "", at: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Add a comment to a part of a canvas."""
    found = canvas_in(parts, who, key, version)
    way = places.read(at)
    with speaking(found.canvas.language):
        about = title_of(value_at(found.data, way)) if way else found.canvas.title
        parts.comments.write(key, who.who, text, at=way, version=version, about=about)
    return _after(request, who.workspace, key)


@routes.post("/comments/resolve")
def resolve(
    request: Request, who: Commenter, parts: Parts, key: str, comment: Annotated[str, Form()],
    again: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Say that a comment needs nobody any more, or that it does again."""
    canvas_in(parts, who, key)
    parts.comments.resolve(key, comment, who.who, is_open=again)
    return _after(request, who.workspace, key)


def _after(request: Request, workspace: str, key: str) -> Response:
    if is_part(request):
        return Response(status_code=204, headers={"HX-Trigger": "commented"})
    return RedirectResponse(f"/w/{workspace}/canvas/{key}/comments", 303)
