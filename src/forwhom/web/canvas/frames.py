"""The framework of a canvas: another one shows the same notes in other blocks; none is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas import Canvas, Framework, homeless
from forwhom.documents.canvas.frameworks import framework_names, read_framework
from forwhom.languages.catalog import speaking, tr
from forwhom.web.forms.items import Seen, canvas_in, saved
from forwhom.web.server.rendering import is_part, page
from forwhom.web.server.visits import Editor, Parts
from forwhom.workspace.changes import Put

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")

Name = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class Offered:
    """A framework that a canvas can have, and how many of its notes no block of it would show."""

    frame: Framework
    elsewhere: int


@routes.get("/frame")
def frames(request: Request, who: Editor, parts: Parts, key: str) -> Response:
    """Show every framework with its blocks, and what would stand elsewhere."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        offered = [_offered(found.canvas, name) for name in framework_names()]
        return page(
            request, "canvas/frame.html.jinja", who=who, found=found, offered=offered,
            title=tr("Framework"),
        )  # fmt: skip


@routes.post("/frame")
def change(
    request: Request, who: Editor, parts: Parts, key: str, version: Seen,
    framework: Name = "business-model-canvas",
) -> Response:  # fmt: skip
    """Show the canvas in another framework; every note stays."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        name = read_framework(framework).id if framework in framework_names() else ""
        edits = [Put(at=("framework",), value=name)] if name else []
        done = saved(request, parts, who, found, [*edits])
    if done.status_code == 204 and not is_part(request):
        return RedirectResponse(f"/w/{who.workspace}/canvas/{key}", 303)
    return done


def _offered(canvas: Canvas, name: str) -> Offered:
    frame = read_framework(name)
    return Offered(frame, sum(len(canvas.blocks[topic]) for topic in homeless(canvas, frame)))
