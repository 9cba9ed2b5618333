"""One part of a canvas: look at it, change it, add to it, move it, take it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas.references import items as named_items
from forwhom.documents.ids import slug, unused
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.web.forms import places
from forwhom.web.forms.drawn import Look, drawn_of
from forwhom.web.forms.fields import Field, Sheet, sheet, title_key, title_of, type_at
from forwhom.web.forms.filled import changed, typed, whole
from forwhom.web.server.rendering import is_part, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, NotHere, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Change, Insert, Move, Put, value_at
from forwhom.workspace.conflict import Conflict
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")

At = Annotated[str, Form(max_length=500)]
Seen = Annotated[int, Form()]


async def form_of(request: Request) -> FormData:
    """Return what was typed."""
    return await request.form()


Typed = Annotated[FormData, Depends(form_of)]


def base_of(who: Member, key: str) -> str:
    """Return the address of a canvas."""
    return f"/w/{who.workspace}/canvas/{key}"


def canvas_in(parts: Services, who: Member, key: str, version: int = 0) -> Version:
    """Return a canvas of this workspace, as it is now or was in one version."""
    if parts.documents.workspace_of(key) != who.workspace:
        raise NotHere
    return parts.canvases.at(key, version) if version else parts.canvases.head(key)


@routes.get("/item")
def show(
    request: Request, who: Viewer, parts: Parts, key: str, at: str = "", version: int = 0
) -> Response:
    """Show one part as a form."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        return _shown(request, who, parts, found, places.read(at))


@routes.get("/new")
def blank(
    request: Request, who: Editor, parts: Parts, key: str, at: str, segment: str = ""
) -> Response:
    """Show the empty form of something new in a list, for a segment where one is named."""
    found = canvas_in(parts, who, key)
    way = places.read(at)
    with speaking(found.canvas.language):
        given = {"segments": [segment], "segment": segment} if segment else {}
        made = sheet(found.canvas, (*way, 0), given)
        if made is None:
            raise NotHere
        return page(
            request, "forms/item.html.jinja", who=who, found=found, at=at, sheet=made, is_new=True,
            title=tr("New"), moves=(), comments=(), may_edit=True, may_comment=True,
        )  # fmt: skip


@routes.post("/item")
def save(
    request: Request, who: Editor, parts: Parts, key: str, form: Typed, version: Seen, at: At = ""
) -> Response:
    """Change one part; only fields that were changed are written."""
    found = canvas_in(parts, who, key, version)
    way = places.read(at)
    with speaking(found.canvas.language):
        made = sheet(found.canvas, way, value_at(found.data, way))
        if made is None:
            raise NotHere
        here = made.holder
        values = list(changed(value_at(found.data, here) or {}, typed(made.fields, form)))
        edits: list[Change] = [Put(at=(*here, *inner), value=value) for inner, value in values]
        if values and _may_begin(found, here):
            edits = [Put(at=here, value=whole(values))]
        return saved(request, parts, who, found, edits, made)


@routes.post("/new")
def create(
    request: Request, who: Editor, parts: Parts, key: str, form: Typed, version: Seen, at: At = ""
) -> Response:
    """Add something to a list, with all its fields."""
    found = canvas_in(parts, who, key, version)
    way = places.read(at)
    with speaking(found.canvas.language):
        made = sheet(found.canvas, (*way, 0), {})
        if made is None:
            raise NotHere
        value = _with_id(found, way, whole(typed(made.fields, form)))
        return saved(request, parts, who, found, [_appended(found, way, value)], made)


@routes.post("/add")
def add(
    request: Request, who: Editor, parts: Parts, key: str, at: At, version: Seen,
    text: Annotated[str, Form(max_length=5000)] = "", segment: At = "", buti: At = "",
) -> Response:  # fmt: skip
    """Add something by its text alone, as a sticky note."""
    found = canvas_in(parts, who, key, version)
    way = places.read(at)
    with speaking(found.canvas.language):
        model = type_at((*way, 0))
        name = title_key(model)
        if not name and model is not str:
            raise NotHere
        said = " ".join(text.split())
        if not said:
            raise OptionError(tr("There is no text yet."), tr("Type something."))
        value: Any = said if model is str else _with_id(found, way, {name: said})
        if isinstance(value, dict) and segment and "segments" in model.model_fields:
            value["segments"] = [segment]
        if isinstance(value, dict) and buti and "buti" in model.model_fields:
            value["buti"] = [buti]
        return saved(request, parts, who, found, [_appended(found, way, value)])


@routes.post("/move")
def move(
    request: Request, who: Editor, parts: Parts, key: str, at: At, to: At, version: Seen
) -> Response:
    """Move something within its list, or to another list of the same kind."""
    found = canvas_in(parts, who, key, version)
    way, goal = places.read(at), places.read(to)
    if type_at(way) is None or type_at(way) is not type_at(goal) or way[-1:] == goal[-1:] == ():
        raise NotHere
    with speaking(found.canvas.language):
        return saved(request, parts, who, found, [Move(at=way, to=goal)] if way != goal else [])


@routes.post("/mark")
def mark(
    request: Request, who: Editor, parts: Parts, key: str, at: At, version: Seen,
    number: Annotated[int, Form()] = 1,
) -> Response:  # fmt: skip
    """Give a part to a segment by its number, or take it from it."""
    found = canvas_in(parts, who, key, version)
    way = places.read(at)
    with speaking(found.canvas.language):
        model, segments = type_at(way), found.canvas.segments
        if (
            "segments" not in getattr(model, "model_fields", {})
            or value_at(found.data, way) is None
        ):
            raise OptionError(tr("This is for no segment in particular."), tr("Choose a note."))
        if not 1 <= number <= len(segments):
            raise OptionError(
                tr("There is no segment {number}.", number=number), tr("Look at the key.")
            )
        one, here = segments[number - 1], (*way, "segments")
        now = value_at(found.data, here) or []
        kept = [name for name in now if name not in (one.id, one.name)]
        chosen = kept if len(kept) < len(now) else [*now, one.id]
        return saved(request, parts, who, found, [Put(at=here, value=chosen or None)])


def saved(
    request: Request, parts: Services, who: Member, found: Version, edits: list[Change],
    made: Sheet | None = None, back: str = "",
) -> Response:  # fmt: skip
    """Write changes; where somebody else was first, show both and let the person choose."""
    done = found
    try:
        if edits:
            done = parts.canvases.edit(found.document, who.who, found.number, edits, over(request))
            # All who look at it are being told, and ask for it next: by then it is drawn.
            drawn_of(done, Look("board", base_of(who, done.document), may_edit=True))
    except Conflict as conflict:
        if back and not is_part(request):
            raise
        return both_texts(request, conflict, lambda at: _field_name(made, at))
    if back and not is_part(request):
        return RedirectResponse(back, 303)
    return kept(done.number)


def over(request: Request) -> int:
    """Return up to which version a person saw what others wrote, and wants their own; else 0."""
    said = request.headers.get("x-over", "")
    return int(said) if re.fullmatch(r"[0-9]{1,12}", said) else 0


def both_texts(
    request: Request, conflict: Conflict, name: Callable[[Location | None], str],
    said: Callable[[Location | None, Any], str] | None = None,
) -> Response:  # fmt: skip
    """Show what two people want of the same, and let the second choose."""
    words = said or (lambda _, value: plain(value))
    rows = [
        (name(one.at), words(one.at, one.theirs), words(one.at, one.yours), one.at is None)
        for one in conflict.clashes
    ]
    return page(request, "forms/conflict.part.jinja", 409, conflict=conflict, rows=rows)


def kept(number: int) -> Response:
    """Say that it is kept, and in which version: what is typed meanwhile is typed into that one."""
    return Response(status_code=204, headers={"HX-Trigger": "saved", "X-Version": str(number)})


def _may_begin(found: Version, way: Location) -> bool:
    """Whether a place is a part that is not there yet of something that is."""
    holder = value_at(found.data, way[:-1]) if way else None
    return isinstance(holder, dict) and isinstance(way[-1], str) and way[-1] not in holder


def _shown(
    request: Request, who: Member, parts: Services, found: Version, way: Location
) -> Response:
    data = value_at(found.data, way)
    made = sheet(found.canvas, way, data)
    if made is None or (way and data is None and not _may_begin(found, way)):
        raise NotHere
    return page(
        request, "forms/item.html.jinja", who=who, found=found, at=places.written(way), sheet=made,
        is_new=False, title=made.title, moves=_neighbors(found, way), written=places.written,
        comments=[one for one in parts.comments.of(found.document) if one.at == way],
        may_edit=who.may(Role.EDITOR), may_comment=who.may(Role.COMMENTER),
    )  # fmt: skip


def _neighbors(found: Version, way: Location) -> tuple[tuple[str, str], ...]:
    """Return where something in a list can go: before, behind, and other blocks."""
    *lists, index = way or ("",)
    if not isinstance(index, int):
        return ()
    there = value_at(found.data, tuple(lists))
    moves = []
    if index > 0:
        moves.append((places.written((*lists, index - 1)), tr("Up")))
    if isinstance(there, list) and index < len(there) - 1:
        moves.append((places.written((*lists, index + 1)), tr("Down")))
    if way[0] == "blocks":
        moves += list(_blocks(found, way))
    return tuple(moves)


def _blocks(found: Version, way: Location) -> list[tuple[str, str]]:
    from forwhom.documents.canvas import framework_of

    there: Any = found.data.get("blocks") or {}
    return [
        (places.written(("blocks", topic, len(there.get(topic) or ()))), tr(block.name))
        for block in framework_of(found.canvas).blocks
        for topic in block.topics[:1]
        if way[1] not in block.topics
    ]


def _appended(found: Version, way: Location, value: Any) -> Insert:
    there = value_at(found.data, way)
    return Insert(at=(*way, len(there) if isinstance(there, list) else 0), value=value)


def _with_id(found: Version, way: Location, value: dict[str, Any]) -> dict[str, Any]:
    """Give something new the id that its kind needs, made of its text."""
    model = type_at((*way, 0))
    info = getattr(model, "model_fields", {}).get("id")
    if info is None or not info.is_required():
        return value
    taken = {one.id for one in named_items(found.canvas)}
    wanted = slug(title_of(value), every_script=True) or str(way[-1]).rstrip("s")
    return {"id": unused(wanted, taken), **value}


def _field_name(made: Sheet | None, at: Location | None) -> str:
    if made is None or at is None:
        return ""
    labels = {one.name: one.label for one in _flat(made.fields)}
    return next((labels[n] for n in labels if n.split(".")[-1] == str(at[-1])), str(at[-1]))


def _flat(fields: tuple[Field, ...]) -> list[Field]:
    return [one for each in fields for one in (each, *_flat(each.inside))]


def plain(value: Any) -> str:
    """Return a value as it is read beside another."""
    if isinstance(value, list):
        return ", ".join(plain(one) for one in value)
    if isinstance(value, dict):
        return title_of(value)
    return "" if value is None else str(value)
