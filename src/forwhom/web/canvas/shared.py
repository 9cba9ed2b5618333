"""What a link shows to those who take no part: one canvas, and nothing else of its workspace."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from forwhom.languages.catalog import speaking
from forwhom.web.canvas.boards import layout_of
from forwhom.web.forms.drawn import Drawn, Look, View, drawn_of
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import NotHere, Parts
from forwhom.workspace.canvases import Version
from forwhom.workspace.documents import version_of

routes = APIRouter(prefix="/r/{token}")


@routes.get("")
def shared(request: Request, parts: Parts, token: str, view: View = "board") -> Response:
    """Show the board, or the same content as an outline."""
    found = _found(parts, token)
    with speaking(found.canvas.language):
        drawn = _drawn(found, token, view)
        return _quiet(page(
            request, "canvas/shared.html.jinja", found=found, drawn=drawn, view=view,
            base=f"/r/{token}", may_edit=False, title=drawn.title,
            segments=found.canvas.segments,
        ))  # fmt: skip


@routes.get("/board")
def part(parts: Parts, token: str, view: View = "board") -> Response:
    """Return what changes on the board."""
    found = _found(parts, token)
    with speaking(found.canvas.language):
        return _quiet(HTMLResponse(_drawn(found, token, view).text))


@routes.get("/live")
def live(parts: Parts, token: str, after: int = 0) -> StreamingResponse:
    """Tell whenever this canvas has changed, and of nothing else in its workspace."""
    key = _key(parts, token)
    # Nobody has a name here: who looks through a link is told to nobody, and hears of nobody.
    return StreamingResponse(
        parts.hub.follow(f"shared {key}", "", after, partial(version_of, key=key)),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@routes.get("/places.css")
def layout(parts: Parts, token: str) -> Response:
    """Return where the blocks of the framework stand."""
    return layout_of(_found(parts, token))


def _key(parts: Services, token: str) -> str:
    key = parts.shares.shown(token)
    if key is None:
        raise NotHere
    return key


def _found(parts: Services, token: str) -> Version:
    return parts.canvases.head(_key(parts, token))


def _drawn(found: Version, token: str, view: View) -> Drawn:
    return drawn_of(found, Look(view, f"/r/{token}", may_edit=False, leads_on=False))


def _quiet(answer: Response) -> Response:
    """Keep the link out of what search engines and other sites are told."""
    answer.headers["x-robots-tag"] = "noindex"
    answer.headers["referrer-policy"] = "no-referrer"
    return answer
