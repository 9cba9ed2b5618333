"""The stream that tells an open page that there is something new."""

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from forwhom.web.server.visits import Parts, Viewer

routes = APIRouter()


@routes.get("/w/{workspace}/live")
async def live(who: Viewer, parts: Parts, after: int = 0) -> StreamingResponse:
    """Tell a page whenever its workspace moves on."""
    return StreamingResponse(
        parts.hub.stream(who.workspace, who.who.name, after),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
