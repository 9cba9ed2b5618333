"""Take something out of a canvas: first what else that means, in words, then all of it at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from forwhom.documents.canvas.references import items as named_items
from forwhom.documents.canvas.removing import Removal, removal_of
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import speaking
from forwhom.web.forms import places
from forwhom.web.forms.items import At, Seen, canvas_in, saved
from forwhom.web.server.rendering import page
from forwhom.web.server.visits import Editor, Parts
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Change, Put, Remove

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")


@routes.post("/remove")
def remove(
    request: Request, who: Editor, parts: Parts, key: str, at: At, version: Seen,
    sure: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Take something out; where others name it, say what goes with it before."""
    found = canvas_in(parts, who, key, version)
    way = places.read(at)
    with speaking(found.canvas.language):
        removal = _removal(found, way)
        if removal is not None and removal.also and not sure:
            return page(request, "canvas/removal.part.jinja", 409, removal=removal)
        return saved(request, parts, who, found, _edits(found, way, removal))


def _removal(found: Version, way: Location) -> Removal | None:
    """Return what goes with a thing that others can name; None for one that nobody can."""
    known = {one.location: one.id for one in named_items(found.canvas)}
    return removal_of(found.canvas, known[way]) if way in known else None


def _edits(found: Version, way: Location, removal: Removal | None) -> list[Change]:
    if removal is None:
        return [Remove(at=way)]
    return [
        Remove(at=place) if isinstance(place[-1], int) else Put(at=place)
        for place in removal.in_turn(found.data, found.canvas)
    ]
