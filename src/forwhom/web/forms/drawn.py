"""A board as it is drawn: once for all who look at it in the same way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from forwhom.documents.canvas.frameworks import Block
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr
from forwhom.report.canvas.board import Board, Panel, board_of
from forwhom.report.canvas.cards import Card
from forwhom.report.canvas.page import places_of
from forwhom.report.canvas.picture import ELSEWHERE, WHY_ELSEWHERE
from forwhom.web.forms import places
from forwhom.web.server.keeping import Kept
from forwhom.web.server.rendering import filled
from forwhom.workspace.canvases import Version

View = Literal["board", "outline"]


#: How many cards are measured to say how wide blocks must be.
_MEASURED = 90
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


@dataclass(frozen=True)
class Look:
    """How somebody looks at a version: nothing else changes what they are shown."""

    view: View
    #: The address of the canvas, or of the link to it.
    base: str
    may_edit: bool
    #: Whether cards lead to their forms.
    leads_on: bool = True


@dataclass(frozen=True)
class Drawn:
    """A board that was drawn."""

    title: str
    frame: str
    text: Markup


_DRAWN = Kept[Drawn](64)
_PLACES = Kept[str](256)


def drawn_of(found: Version, look: Look) -> Drawn:
    """Return the board of a version; all who look at it in the same way are given the same."""
    return _DRAWN.get((found.key, look), lambda: _drawn(found, look))


def _drawn(found: Version, look: Look) -> Drawn:
    board = board_of(found.canvas)
    columns, elsewhere = columns_of(board), elsewhere_of(board)
    if not look.leads_on:
        columns, elsewhere = _plain(columns), _plain(elsewhere)
    text = filled(
        "canvas/board.part.jinja", found=found, board=board, view=look.view, base=look.base,
        columns=columns, elsewhere=elsewhere, may_edit=look.may_edit, labels=_labels(),
        names={one.number: one.name for one in board.members},
    )  # fmt: skip
    return Drawn(board.title, board.framework.id, text)


def _plain(columns: list[Column]) -> list[Column]:
    """Return blocks whose cards lead nowhere: the form of a part is not for everybody."""
    return [
        replace(one, cards=tuple(replace(card, at="", index=-1) for card in one.cards), drop="")
        for one in columns
    ]


def places_in(found: Version) -> str:
    """Return where the blocks of a canvas stand, as a style."""
    return _PLACES.get(found.key, lambda: _places(found))


def _places(found: Version) -> str:
    """Measure how wide blocks must be; of many cards some tell, and all would take a second."""
    drawn = board_of(found.canvas)
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


def _labels() -> dict[str, str]:
    """Return what stands above what no block shows."""
    return {"elsewhere": tr(ELSEWHERE), "why_elsewhere": tr(WHY_ELSEWHERE)}
