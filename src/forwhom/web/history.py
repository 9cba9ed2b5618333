"""The history of a canvas: who did what and when, every version, and the way back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.languages.catalog import speaking
from forwhom.web.items import canvas_in
from forwhom.web.rendering import page
from forwhom.web.visits import Editor, Parts, Viewer
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")


@routes.get("/history")
def history(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show everything that happened to a canvas, the newest first."""
    found = canvas_in(parts, who, key)
    events = parts.canvases.events(key)
    with speaking(found.canvas.language):
        return page(
            request, "history.html.jinja", who=who, found=found, events=events[::-1],
            may_edit=who.may(Role.EDITOR), title=found.canvas.title,
        )  # fmt: skip


@routes.post("/restore")
def restore(who: Editor, parts: Parts, key: str, version: Annotated[int, Form()]) -> Response:
    """Bring an old version back."""
    canvas_in(parts, who, key)
    parts.canvases.restore(key, who.who, version)
    return RedirectResponse(f"/w/{who.workspace}/canvas/{key}", 303)


@routes.get("/canvas.yaml")
def file(who: Viewer, parts: Parts, key: str, version: int = 0) -> Response:
    """Return the canvas as a file, as it is now or was in one version."""
    found = canvas_in(parts, who, key, version)
    return Response(
        found.text,
        media_type="application/yaml",
        headers={"content-disposition": 'attachment; filename="canvas.yaml"'},
    )
