"""What a link shows to those who take no part: one canvas, and nothing else of its workspace."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from forwhom.languages.catalog import speaking
from forwhom.web.canvas.boards import layout_of
from forwhom.web.canvas.drawn import Look, View, drawn_of
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import NotHere, Parts
from forwhom.workspace.canvases import Version

routes = APIRouter(prefix="/r/{token}")


@routes.get("")
def shared(request: Request, parts: Parts, token: str, view: View = "board") -> Response:
    """Show the board, or the same content as an outline."""
    found = _found(parts, token)
    look = Look(view, f"/r/{token}", may_edit=False, leads_on=False)
    with speaking(found.canvas.language):
        drawn = drawn_of(found, look)
        answer = page(
            request, "canvas/shared.html.jinja", found=found, drawn=drawn, view=view,
            base=look.base, may_edit=False, title=drawn.title, segments=found.canvas.segments,
        )  # fmt: skip
    answer.headers["x-robots-tag"] = "noindex"
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@routes.get("/places.css")
def layout(parts: Parts, token: str) -> Response:
    """Return where the blocks of the framework stand."""
    return layout_of(_found(parts, token))


def _found(parts: Services, token: str) -> Version:
    key = parts.shares.shown(token)
    if key is None:
        raise NotHere
    return parts.canvases.head(key)
