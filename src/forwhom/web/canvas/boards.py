"""The board: the canvas in its framework, as everybody sees it now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from forwhom.documents.canvas.drafting import new_canvas
from forwhom.documents.canvas.file import edited, edits_of
from forwhom.languages.catalog import speaking, tr
from forwhom.web.forms.drawn import Drawn, Look, View, drawn_of, places_in
from forwhom.web.forms.items import base_of, canvas_in
from forwhom.web.server import examples
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.visits import Editor, Member, NotHere, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}")


@routes.post("/canvases")
def begin(
    request: Request,
    who: Editor,
    parts: Parts,
    framework: Annotated[str, Form(max_length=100)] = "business-model-canvas",
    title: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Begin a canvas: empty, in a framework, in the language of the page that it begins on."""
    text = new_canvas(framework, title=title.strip(), language=language_of(request))
    made = parts.canvases.create(who.workspace, who.who, text)
    return RedirectResponse(f"/w/{who.workspace}/canvas/{made.document}", 303)


@routes.post("/examples/{name}")
def begin_from(who: Editor, parts: Parts, name: str) -> Response:
    """Begin a canvas from a worked example: its text to the letter, and the files that it names."""
    if name not in examples.titles():
        raise NotHere
    made = parts.canvases.create(who.workspace, who.who, *examples.contents(name))
    return RedirectResponse(f"/w/{who.workspace}/canvas/{made.document}", 303)


@routes.post("/canvas/{key}/copy")
def copy(
    who: Editor, parts: Parts, key: str, title: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Begin a canvas from this one: its text to the letter, but for the title, and its files."""
    found = canvas_in(parts, who, key)
    edits = edits_of(found.canvas)
    with speaking(found.canvas.language):
        wanted = title.strip() or tr("Copy of {title}", title=found.canvas.title or tr("Untitled"))
    edits.set(("title",), wanted)
    _, text = edited(found.canvas, edits)
    made = parts.canvases.create(who.workspace, who.who, text, parts.files.contents(key))
    return RedirectResponse(f"/w/{who.workspace}/canvas/{made.document}", 303)


@routes.get("/canvas/{key}")
def board(request: Request, who: Viewer, parts: Parts, key: str, view: View = "board") -> Response:
    """Show the board, or the same content as an outline."""
    found = canvas_in(parts, who, key)
    parts.audit.note(who.workspace, who.who, "looked", found.canvas.title, once=True)
    look = _look(who, key, view)
    drawn = _drawn(found, look)
    with speaking(found.canvas.language):
        return page(
            request, "canvas/board.html.jinja", who=who, found=found, drawn=drawn, view=view,
            base=look.base, may_edit=look.may_edit, title=drawn.title,
            segments=found.canvas.segments,
        )  # fmt: skip


@routes.get("/canvas/{key}/board")
def part(who: Viewer, parts: Parts, key: str, view: View = "board") -> Response:
    """Return what changes on the board, to be put in the place of what is shown."""
    return HTMLResponse(_drawn(canvas_in(parts, who, key), _look(who, key, view)).text)


@routes.get("/canvas/{key}/places.css")
def layout(who: Viewer, parts: Parts, key: str) -> Response:
    """Return where the blocks of the framework stand."""
    return layout_of(canvas_in(parts, who, key))


@routes.post("/canvas/{key}/undo")
def undo(who: Editor, parts: Parts, key: str) -> Response:
    """Undo what this person did last."""
    canvas_in(parts, who, key)
    done = parts.canvases.undo(key, who.who)
    return Response(status_code=204, headers={"HX-Trigger": "saved" if done else "nothing"})


@routes.post("/canvas/{key}/redo")
def redo(who: Editor, parts: Parts, key: str) -> Response:
    """Do again what this person undid last."""
    canvas_in(parts, who, key)
    done = parts.canvases.redo(key, who.who)
    return Response(status_code=204, headers={"HX-Trigger": "saved" if done else "nothing"})


def _look(who: Member, key: str, view: View) -> Look:
    return Look(view, base_of(who, key), who.may(Role.EDITOR))


def _drawn(found: Version, look: Look) -> Drawn:
    with speaking(found.canvas.language):
        return drawn_of(found, look)


def layout_of(found: Version) -> Response:
    """Return where the blocks of a canvas stand, as a style."""
    headers = {"cache-control": "no-cache"}
    return Response(places_in(found), media_type="text/css", headers=headers)
