"""The board: the canvas in its framework, as everybody sees it now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas.drafting import new_canvas
from forwhom.documents.canvas.file import edited, edits_of
from forwhom.documents.canvas.frameworks import Block
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import speaking, tr
from forwhom.report.canvas.board import Board, Panel, board_of
from forwhom.report.canvas.cards import Card
from forwhom.report.canvas.page import places_of
from forwhom.report.canvas.picture import ELSEWHERE, WHY_ELSEWHERE
from forwhom.web.forms import places
from forwhom.web.forms.items import canvas_in
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}")

#: How many cards are measured to say how wide blocks must be.
_MEASURED = 90
View = Literal["board", "outline"]

#: Parts of a canvas that a block shows and that a person adds to by a text alone.
_LISTS = {
    "segments": "segments",
    "buyers": "segments",
    "users": "segments",
    "target_impact": "segments",
    "other_segments": "segments",
    "propositions": "propositions",
    "needs": "needs",
    "kpis": "kpis",
}
_BUTI = {"buyers": "buyer", "users": "user", "target_impact": "target-impact"}


@dataclass(frozen=True)
class Slot:
    """Where what is typed into a block goes."""

    at: str
    label: str
    buti: str = ""


@dataclass(frozen=True)
class Shown:
    """A card on the board: where it stands, and a name that stays while it does."""

    card: Card
    key: str
    at: str
    #: Position among those that it can be moved among; -1 where it cannot.
    index: int

    @property
    def name(self) -> str:
        """Its first words."""
        return self.card.texts[0] if self.card.texts else ""


@dataclass(frozen=True)
class Column:
    """A block with its cards, and where new ones go."""

    panel: Panel
    cards: tuple[Shown, ...]
    slots: tuple[Slot, ...]
    #: The list that cards can be dropped into.
    drop: str


@routes.post("/canvases")
def begin(
    who: Editor,
    parts: Parts,
    framework: Annotated[str, Form(max_length=100)] = "business-model-canvas",
    title: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Begin a canvas: empty, in a framework."""
    text = new_canvas(framework, title=title.strip())
    made = parts.canvases.create(who.workspace, who.who, text)
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
    parts.audit.note(
        who.workspace, who.who, "looked", canvas_in(parts, who, key).canvas.title, once=True
    )
    return _page(request, who, parts, key, view, "canvas/board.html.jinja")


@routes.get("/canvas/{key}/board")
def part(request: Request, who: Viewer, parts: Parts, key: str, view: View = "board") -> Response:
    """Return what changes on the board, to be put in the place of what is shown."""
    return _page(request, who, parts, key, view, "canvas/board.part.jinja")


@routes.get("/canvas/{key}/places.css")
def layout(who: Viewer, parts: Parts, key: str) -> Response:
    """Return where the blocks of the framework stand."""
    found = canvas_in(parts, who, key)
    return layout_of(found)


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


def _page(
    request: Request, who: Member, parts: Services, key: str, view: View, template: str
) -> Response:
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        drawn = board_of(found.canvas)
        return page(
            request, template, who=who, found=found, board=drawn, view=view,
            base=f"/w/{who.workspace}/canvas/{key}",
            columns=columns_of(drawn), elsewhere=elsewhere_of(drawn),
            names={one.number: one.name for one in drawn.members},
            may_edit=who.may(Role.EDITOR), title=drawn.title, labels=labels(),
            here=parts.hub.present(who.workspace), segments=found.canvas.segments,
        )  # fmt: skip


def layout_of(found: Version) -> Response:
    """Return where the blocks of a canvas stand, as a style."""
    lines = _layout(_One(found.document, found.number, found))
    return Response(lines, media_type="text/css", headers={"cache-control": "no-cache"})


@dataclass(frozen=True)
class _One:
    """A version, for what is kept of it."""

    document: str
    number: int
    version: Version = field(compare=False)


@lru_cache(maxsize=256)
def _layout(one: _One) -> str:
    """Measure how wide blocks must be; of many cards some tell, and all would take a second."""
    drawn = board_of(one.version.canvas)
    most = max(1, _MEASURED // len(drawn.panels))
    some = tuple(replace(panel, cards=panel.cards[:most]) for panel in drawn.panels)
    return "\n".join(places_of(replace(drawn, panels=some)))


def columns_of(drawn: Board) -> list[Column]:
    """Return the blocks of a board, with what can be done in each."""
    blocks = {block.id: block for block in drawn.framework.blocks}
    return [
        Column(panel, tuple(_shown(panel.cards, panel.id)), tuple(_slots(blocks[panel.id])),
               f"blocks/{blocks[panel.id].topics[0]}")
        for panel in drawn.panels
    ]  # fmt: skip


def card_keys(drawn: Board) -> dict[str, str]:
    """Return the key of the card of each part of a canvas that is on the board, by its place."""
    columns = [*columns_of(drawn), *elsewhere_of(drawn)]
    return {one.at: one.key for column in reversed(columns) for one in column.cards if one.at}


def elsewhere_of(drawn: Board) -> list[Column]:
    """Return what no block of the framework shows."""
    return [
        Column(panel, tuple(_shown(panel.cards, panel.id)), (), "") for panel in drawn.elsewhere
    ]


def _shown(cards: tuple[Card, ...], panel: str) -> list[Shown]:
    made: list[Shown] = []
    taken: dict[str, int] = {}
    for card in cards:
        first = f"{panel}:{card.kind}:{card.texts[0] if card.texts else ''}"
        taken[first] = taken.get(first, 0) + 1
        key = hashlib.sha256(f"{first}:{taken[first]}".encode()).hexdigest()[:12]
        at = places.written(card.at) if card.at is not None else ""
        made.append(Shown(card, key, at, _index(card.at)))
    return made


def _index(at: Location | None) -> int:
    last = at[-1] if at else None
    return last if isinstance(last, int) else -1


def _slots(block: Block) -> list[Slot]:
    """Return what a person can add to a block, the usual first."""
    made = [
        Slot(_LISTS[part], _what(_LISTS[part]), _BUTI.get(part, ""))
        for part in block.shows
        if part in _LISTS
    ]
    made.append(Slot(f"blocks/{block.topics[0]}", _what("note")))
    return made


def _what(part: str) -> str:
    return {
        "segments": tr("Add a segment"),
        "propositions": tr("Add a proposition"),
        "needs": tr("Add a need"),
        "kpis": tr("Add a KPI"),
        "note": tr("Add a note"),
    }[part]


def labels() -> dict[str, str]:
    """Return what stands above what no block shows."""
    return {"elsewhere": tr(ELSEWHERE), "why_elsewhere": tr(WHY_ELSEWHERE)}
