from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from forwhom.documents.base import expect
from forwhom.documents.results.funding import Funding
from forwhom.languages.catalog import later, speaking_all, tr, tr_count
from forwhom.languages.codes import is_right_to_left
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.mirroring import mirrored
from forwhom.report.drawing.palette import ACCENTS, accent_name, colored, colors
from forwhom.report.drawing.svg import element, picture, rect
from forwhom.report.funding.nodes import Band, Diagram, Middle, Node, diagram
from forwhom.wording import money, number

#: Width, the room for names at both sides, and the width of a bar; in pixels.
WIDTH, _SIDE, _BAR = 900, 215, 14
_TOP, _BOTTOM, _GAP = 44, 16, 10
#: Height of the money in the column that has the least nodes.
_MONEY = 420.0
_SIZE, _LINE, _LINES = 13, 16, 3
_HEADINGS = {"sector": later("What for"), "country": later("Where")}
_FONT = "'Noto Sans', 'Segoe UI', Roboto, 'Liberation Sans', Helvetica, Arial, sans-serif"


class _Box(NamedTuple):
    """Where a node stands: the bar, and the lines of its name around its middle."""

    node: Node
    x: float
    y: float
    height: float
    lines: tuple[str, ...]


#: What stands in the columns, by what is between givers and receivers.
_SIDES: dict[Middle, str] = {
    "": later("Givers on the left, receivers on the right."),
    "sector": later("Givers on the left, then what it is for, receivers on the right."),
    "country": later("Givers on the left, then where, receivers on the right."),
}
_SIDES_MIRRORED: dict[Middle, str] = {
    "": later("Givers on the right, receivers on the left."),
    "sector": later("Givers on the right, then what it is for, receivers on the left."),
    "country": later("Givers on the right, then where, receivers on the left."),
}


def sankey_svg(
    found: Funding, *, middle: Middle = "", top: int = 10, standalone: bool = True
) -> str:
    """Return the flows as a drawing (SVG).

    Parameters
    ----------
    found
        Who funds whom.
    middle
        What stands between givers and receivers: ``""``, ``"sector"`` or ``"country"``.
    top
        Givers, receivers and sectors to draw; all others are drawn together.
    standalone
        A file of its own, with its colors; otherwise a part of a page that has the style.

    Returns
    -------
    str
        The drawing, with a title and a description in words.
    """
    expect(found, Funding, "Who funds whom", "forwhom.funding")
    with speaking_all(found.language):
        return _sankey(found, middle, top, standalone)


def _sankey(found: Funding, middle: Middle, top: int, standalone: bool) -> str:
    drawn = diagram(found, middle, top)
    total = max(sum(node.amount for node in drawn.columns[0]), 0.01)
    scale = _MONEY / total
    slots = [[_slot(node, scale, middle and i == 1) for node in column]
             for i, column in enumerate(drawn.columns)]  # fmt: skip
    height = max(sum(slot) + _GAP * (len(slot) - 1) for slot in slots)
    boxes = [
        _column(
            column,
            slots[index],
            _across(index, len(slots)),
            height,
            scale,
            bool(middle) and index == 1,
        )
        for index, column in enumerate(drawn.columns)
    ]
    parts: list[Markup] = _headings(middle)
    for index, bands in enumerate(drawn.bands):
        parts += _bands(bands, boxes[index], boxes[index + 1], scale)
    for index, column_boxes in enumerate(boxes):
        for box in column_boxes:
            parts += _node(box, index, len(boxes))
    return _picture(found, drawn, middle, parts, height + _TOP + _BOTTOM, standalone)


def _color(accent: int) -> str:
    """Return the color of a node or band; 0 stands for what is no single organization."""
    return colors()[accent_name(accent) if accent else "control"]


def _across(column: int, columns: int) -> float:
    left, right = float(_SIDE), float(WIDTH - _SIDE - _BAR)
    return left + (right - left) * column / (columns - 1)


def _name_lines(node: Node, between: object) -> tuple[str, ...]:
    width = 175 if between else _SIDE - 14
    return (*wrapped(node.name, width, _SIZE, _LINES), node.said)


def _slot(node: Node, scale: float, between: object) -> float:
    """Return the height that a node takes: its bar, or its name where that is higher."""
    return max(node.amount * scale, _LINE * len(_name_lines(node, between)) + 2.0)


def _column(
    nodes: Sequence[Node],
    slots: Sequence[float],
    x: float,
    height: float,
    scale: float,
    between: bool,
) -> list[_Box]:
    used = sum(slots) + _GAP * (len(slots) - 1)
    # What is free goes between the nodes, so that both sides begin and end together.
    gap = _GAP + (height - used) / (len(slots) - 1) if len(slots) > 1 else 0.0
    gap = min(gap, 60.0)
    y = _TOP + (height - sum(slots) - gap * (len(slots) - 1)) / 2
    boxes = []
    for node, slot in zip(nodes, slots, strict=True):
        bar = max(node.amount * scale, 1.5)
        boxes.append(_Box(node, x, y + (slot - bar) / 2, bar, _name_lines(node, between)))
        y += slot + gap
    return boxes


def _bands(
    bands: Sequence[Band], starts: Sequence[_Box], ends: Sequence[_Box], scale: float
) -> list[Markup]:
    order = {box.node.id: index for index, box in enumerate(starts)}
    later = {box.node.id: index for index, box in enumerate(ends)}
    left = {box.node.id: box.y for box in starts}
    right = {box.node.id: box.y for box in ends}
    names = {box.node.id: box.node.name for box in (*starts, *ends)}
    ends_at: dict[Band, float] = {}
    for band in sorted(bands, key=lambda b: (later[b.end], order[b.start], b.accent)):
        ends_at[band] = right[band.end]
        right[band.end] += band.amount * scale
    parts = []
    for band in sorted(bands, key=lambda b: (order[b.start], later[b.end], b.accent)):
        high = max(band.amount * scale, 0.75)
        x1, x2 = starts[0].x + _BAR, ends[0].x
        path = _ribbon(x1, left[band.start], x2, ends_at[band], high)
        left[band.start] += band.amount * scale
        way = tr("{giver} → {receiver}", giver=names[band.start], receiver=names[band.end])
        said = f"{way}: {number(band.amount)}"
        parts.append(
            element(
                "path",
                element("title", said),
                d=path,
                fill=_color(band.accent),
                fill_opacity="0.38",
                class_=f"band c{band.accent}",
            )
        )
    return parts


def _ribbon(x1: float, y1: float, x2: float, y2: float, high: float) -> str:
    bend = (x1 + x2) / 2
    return (
        f"M{x1:.1f},{y1:.2f}C{bend:.1f},{y1:.2f} {bend:.1f},{y2:.2f} {x2:.1f},{y2:.2f}"
        f"V{y2 + high:.2f}C{bend:.1f},{y2 + high:.2f} {bend:.1f},{y1 + high:.2f} "
        f"{x1:.1f},{y1 + high:.2f}Z"
    )


def _node(box: _Box, column: int, columns: int) -> list[Markup]:
    node = box.node
    bar = rect(
        box.x,
        box.y,
        _BAR,
        box.height,
        fill="none" if node.unknown else _color(node.accent),
        stroke=_color(0) if node.unknown else None,
        stroke_dasharray="3 2" if node.unknown else None,
        stroke_width="1.5" if node.unknown else None,
        class_="bar unknown" if node.unknown else f"bar c{node.accent}",
    )
    first = column == 0
    x = box.x - 8 if first else box.x + _BAR + 8
    top = box.y + box.height / 2 - _LINE * (len(box.lines) - 1) / 2 + 4.5
    halo, known = 0 < column < columns - 1, colors()
    texts = [
        element(
            "text",
            line,
            x=x,
            y=top + _LINE * index,
            fill=known["muted" if index == len(box.lines) - 1 else "ink"],
            text_anchor="end" if first else None,
            font_style="italic" if node.unknown and index < len(box.lines) - 1 else None,
            # A halo keeps the name readable where bands pass behind it.
            stroke=known["paper"] if halo else None,
            stroke_width="4" if halo else None,
            stroke_linejoin="round" if halo else None,
            paint_order="stroke" if halo else None,
            class_=("said" if index == len(box.lines) - 1 else "name") + (" over" if halo else ""),
        )
        for index, line in enumerate(box.lines)
    ]
    return [bar, *texts]


def _headings(middle: Middle) -> list[Markup]:
    places = [
        (_SIDE - 8.0, tr("Who gives"), "end"),
        (WIDTH - _SIDE + 8.0, tr("Who receives"), None),
    ]
    if middle:
        places.append((_across(1, 3) + _BAR + 8, tr(_HEADINGS[middle]), None))
    return [
        element(
            "text",
            text,
            x=x,
            y=18,
            fill=colors()["muted"],
            font_weight="700",
            text_anchor=anchor,
            class_="said",
        )
        for x, text, anchor in places
    ]


def _picture(
    found: Funding,
    drawn: Diagram,
    middle: Middle,
    parts: Sequence[Markup],
    height: float,
    alone: bool,
) -> str:
    paper = element(
        "rect", width=WIDTH, height=round(height), fill=colors()["paper"], class_="paper"
    )
    made = picture(
        "sankey",
        tr("Who funds whom"),
        _described(found, drawn, middle),
        round(height),
        # Our own rules, and nothing from the data.
        *([element("style", Markup(_dark_style())), paper] if alone else []),
        *parts,
        width=WIDTH,
        class_="sankey",
        alone=alone,
        font_family=_FONT,
        font_size=_SIZE,
    )
    return mirrored(made) if is_right_to_left(found.language) else made


def _described(found: Funding, drawn: Diagram, middle: Middle) -> str:
    names = {node.id: node.name for column in drawn.columns for node in column}
    sides = _SIDES_MIRRORED if is_right_to_left(found.language) else _SIDES
    total = money(found.total, found.currency)
    said = [tr("{amount} in all.", amount=total), tr(sides[middle])]
    bands = sorted(drawn.bands[0], key=lambda band: -band.amount)[:8]
    said += [
        tr("{giver} to {receiver}: {amount}.",
           giver=names[band.start], receiver=names[band.end], amount=number(band.amount))
        for band in bands
    ]  # fmt: skip
    if drawn.not_drawn:
        said.append(
            tr_count(
                "{n} flow is not drawn: more came back than went out.",
                "{n} flows are not drawn: more came back than went out.",
                drawn.not_drawn,
            )
        )
    return " ".join(said)


def _dark_style() -> str:
    """Return the colors of a dark screen; all others stand in the drawing itself."""
    rules = [".paper { fill: var(--paper); }", "text { fill: var(--ink); }"]
    rules += [".said { fill: var(--muted); }", ".over { stroke: var(--paper); }"]
    rules += [".unknown { fill: none; stroke: var(--control); }"]
    names = ["control", *(accent_name(index) for index in range(1, ACCENTS + 1))]
    rules += [f".c{index} {{ fill: var(--{name}); }}" for index, name in enumerate(names)]
    return colored(f"@media (prefers-color-scheme: dark) {{ {' '.join(rules)} }}")
