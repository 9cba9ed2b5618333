"""The history of a canvas: who did what and when, every version, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas.comparing import compare_canvases
from forwhom.languages.catalog import later, speaking, tr
from forwhom.web.forms.items import canvas_in
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Parts, Viewer
from forwhom.wording import listed
from forwhom.workspace.changes import Changes, Silence
from forwhom.workspace.log import Event
from forwhom.workspace.people import Role

#: How many events a page shows, and how many differences of each.
_SHOWN, _MOST = 20, 8
_KINDS = {
    "created": later("began it"),
    "changed": later("changed it"),
    "undone": later("undid a change"),
    "redone": later("did it again"),
    "restored": later("brought an old version back"),
    "replaced": later("put a file in its place"),
    "seeded": later("seeded it from a segmentation"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    event: Event
    kind: str
    said: tuple[str, ...]
    more: int


routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")


@routes.get("/history")
def history(request: Request, who: Viewer, parts: Parts, key: str, before: int = 0) -> Response:
    """Show everything that happened to a canvas, the newest first."""
    found = canvas_in(parts, who, key)
    events = parts.canvases.events(key)
    end = len([one for one in events if not before or one.sequence < before])
    start = max(0, end - _SHOWN)
    with speaking(found.canvas.language):
        shown = [_entry(parts, key, events, at) for at in range(start, end)]
        return page(
            request, "canvas/history.html.jinja", who=who, found=found, entries=shown[::-1],
            newest=events[-1].sequence, older=events[start].sequence if start else 0,
            may_edit=who.may(Role.EDITOR), title=found.canvas.title,
        )  # fmt: skip


@routes.get("/compare")
def compare(request: Request, who: Viewer, parts: Parts, key: str, a: int, b: int) -> Response:
    """Show in words what differs between two versions."""
    found = canvas_in(parts, who, key)
    old, new = parts.canvases.at(key, a), parts.canvases.at(key, b)
    with speaking(found.canvas.language):
        return page(
            request, "canvas/compare.html.jinja", who=who, found=found, a=a, b=b,
            differences=compare_canvases(old.canvas, new.canvas), title=found.canvas.title,
        )  # fmt: skip


def _entry(parts: Services, key: str, events: list[Event], at: int) -> Entry:
    """Return one line of the history: what happened, and what is other since."""
    one = events[at]
    said = [*_silences(one)]
    if at:
        old = parts.canvases.at(key, events[at - 1].sequence).canvas
        new = parts.canvases.at(key, one.sequence).canvas
        said += [difference.sentence for difference in compare_canvases(old, new)]
    return Entry(one, tr(_KINDS.get(one.kind, one.kind)), tuple(said[:_MOST]), len(said) - _MOST)


def _silences(event: Event) -> Iterator[str]:
    """Yield what was set aside: a comment, in which a comparison sees nothing."""
    for change in Changes.model_validate(event.body).changes:
        if isinstance(change, Silence):
            rules = listed(change.rules)
            if change.over:
                yield tr("{rules} may be said again.", rules=rules)
            else:
                yield tr("{rules} was set aside: {reason}", rules=rules, reason=change.reason)


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
    parts.audit.note(who.workspace, who.who, "exported", found.canvas.title)
    return Response(
        found.text,
        media_type="application/yaml",
        headers={"content-disposition": 'attachment; filename="canvas.yaml"'},
    )
