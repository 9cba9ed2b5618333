"""Boards as things with a place: those of Obsidian (JSON Canvas) and of Miro (items of its API)."""

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forwhom.documents.canvas.exchange.boards.lines import board_of_lines
from forwhom.documents.canvas.exchange.boards.placing import Board, Sticky
from forwhom.documents.headings import topic_of
from forwhom.wording import count


@dataclass(frozen=True)
class _Thing:
    """A card, a frame or a heading: what it says, and from where to where it reaches."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    holds: bool = False  # whether it is there to hold others

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    def encloses(self, other: "_Thing") -> bool:
        """Whether the middle of another thing lies in this one."""
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        inside = self.left <= x <= self.right and self.top <= y <= self.bottom
        return inside and self is not other and self.area > other.area

    def above(self, other: "_Thing") -> float:
        """How far another thing is from this heading, if it is below it; infinite if it is not."""
        if other.top < self.top:
            return math.inf
        beside = max(self.left - other.right, other.left - self.right, 0.0)
        return beside * 4 + max(other.top - self.bottom, 0.0)


def is_json_canvas(data: object) -> bool:
    """Whether this is a board of Obsidian: JSON Canvas, https://jsoncanvas.org/spec/1.0/."""
    nodes = data.get("nodes") if isinstance(data, dict) else None
    return isinstance(nodes, list) and "forwhom" not in data  # type: ignore[operator]


def is_miro(data: object) -> bool:
    """Whether these are items of a board of Miro, as its REST API (v2) returns them."""
    return any("type" in one for one in _miro_items(data))


def board_of_json_canvas(data: Mapping[str, Any]) -> Board:
    """Read the cards of a JSON Canvas; a group holds the cards on it."""
    things, lost = [], []
    for node in data["nodes"]:
        if not isinstance(node, dict):
            continue
        said = {"text": "text", "group": "label", "file": "file", "link": "url"}
        text = str(node.get(said.get(str(node.get("type")), "text")) or "").strip()
        left, top = _number(node.get("x")), _number(node.get("y"))
        wide, high = _number(node.get("width")), _number(node.get("height"))
        group = node.get("type") == "group"
        if text:
            things.append(_Thing(text, left, top, left + wide, top + high, group))
    edges = data.get("edges")
    if isinstance(edges, list) and edges:
        lost.append(count(len(edges), "arrow between cards", "arrows between cards"))
    return Board(_stickies(things), lost=lost)


def board_of_miro(data: object) -> Board:
    """Read the items of a board of Miro; a frame holds the items in it."""
    items = _miro_items(data)
    frames = {str(one.get("id")): one for one in items if one.get("type") == "frame"}
    things, lost = [], 0
    for item in items:
        text = _plain(_said(item))
        if item.get("type") == "connector" or not text:
            lost += item.get("type") not in ("frame", "connector") or bool(text)
            continue
        things.append(_placed(item, text, frames))
    others = [count(lost, "item without text", "items without text")] if lost else []
    title = data.get("name", "") if isinstance(data, dict) else ""
    return Board(_stickies(things), title if isinstance(title, str) else "", others)


def _miro_items(data: object) -> list[dict[str, Any]]:
    found = data
    if isinstance(data, dict):
        found = next((data[key] for key in ("data", "items", "widgets") if key in data), None)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _said(item: Mapping[str, Any]) -> str:
    inner = item.get("data")
    held = inner if isinstance(inner, dict) else item
    parts = [held.get(key) for key in ("title", "content", "plainText", "text", "description")]
    return "<br>".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))


def _placed(item: Mapping[str, Any], text: str, frames: Mapping[str, Any]) -> _Thing:
    """An item with its corners on the board: Miro counts from the middle, and within a frame."""
    x, y, wide, high = _box(item)
    parent = item.get("parent")
    frame = frames.get(str(parent.get("id"))) if isinstance(parent, dict) else None
    if frame is not None and frame is not item:
        fx, fy, fw, fh = _box(frame)
        x, y = x + fx - fw / 2, y + fy - fh / 2
    holds = item.get("type") == "frame"
    return _Thing(text, x - wide / 2, y - high / 2, x + wide / 2, y + high / 2, holds)


def _box(item: Mapping[str, Any]) -> tuple[float, float, float, float]:
    place, size = item.get("position"), item.get("geometry")
    place = place if isinstance(place, dict) else item
    size = size if isinstance(size, dict) else item
    return (
        _number(place.get("x")),
        _number(place.get("y")),
        _number(size.get("width")),
        _number(size.get("height")),
    )


def _number(value: object) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if fits else 0.0  # type: ignore[arg-type]


def _plain(text: str) -> str:
    """Text without the tags of HTML; a paragraph is a line."""
    lines = re.sub(r"(?i)</p>|<br\s*/?>|</li>|</div>", "\n", text)
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def _stickies(things: Sequence[_Thing]) -> list[Sticky]:
    """Give each card the heading that holds it, or else the nearest one above it."""
    headings = [thing for thing in things if topic_of(thing.text) is not None]
    holders = [thing for thing in things if thing.holds]
    found: list[Sticky] = []
    for thing in things:
        if thing.holds or thing in headings:
            continue
        own = board_of_lines(thing.text).stickies
        if any(topic_of(sticky.heading) for sticky in own):
            found += own  # a card that holds a heading with its notes
            continue
        around = sorted((h for h in holders if h.encloses(thing)), key=lambda h: h.area)
        known = [h for h in around if topic_of(h.text)]
        boxes = sorted((h for h in headings if h.encloses(thing)), key=lambda h: h.area)
        # Within a group of no block, such as a parking lot, no heading outside of it counts.
        inside = [h for h in headings if not around or around[0].encloses(h)]
        near = min(inside, key=lambda h: h.above(thing), default=None)
        holder = next(iter([*known, *boxes]), None)
        if holder is None and near is not None and math.isfinite(near.above(thing)):
            holder = near
        under = holder.text if holder else (around[0].text if around else "")
        found.append(Sticky(thing.text, under))
    return found
