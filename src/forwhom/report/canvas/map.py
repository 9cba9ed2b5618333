from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.base import expect
from forwhom.documents.canvas.keynames import STRENGTHS
from forwhom.documents.participants import CROSSWALK, PurchaseMap
from forwhom.languages.catalog import later, speaking_all, tr, tr_count
from forwhom.report.canvas.layout import FACTS, GAP, HEADING, MARGIN, TITLE, Block, text_block
from forwhom.report.canvas.network import (
    BOX,
    COLUMN,
    COLUMNS,
    INSIDE,
    LANE,
    STANCES,
    Network,
    Seated,
    network_of,
)
from forwhom.report.canvas.routes import Route, Streets, arrows_of, streets_of
from forwhom.report.canvas.setting import sheet_files
from forwhom.report.canvas.sheet import Box, Sheet, Style
from forwhom.report.drawing.lettering import text_width
from forwhom.report.forms import Forms
from forwhom.report.typesetting import SHEET, typeset
from forwhom.wording import begun, listed

#: How thick an arrow is, by how much it counts.
THICKNESS = {"weak": 1.4, "medium": 2.6, "strong": 4.6}
WORD = Style(11, 14, color="muted", bold=True)
SENTENCE = Style(13, 18)
#: Narrowest sheet, so that sentences below a small map stay readable.
NARROWEST = 900.0
KEY = later(
    "Arrows show who influences whom; a thicker one counts more, and the word at its head says how "
    "much. A double border marks a veto."
)


def draw_purchase_map(found: PurchaseMap, format: str = "svg") -> str | bytes:  # noqa: A002
    """Draw who takes part in a purchase, with arrows of influence, stances and vetoes.

    Parameters
    ----------
    found
        The map, as `purchase_map` returns it.
    format
        ``"svg"``, ``"png"`` or ``"pdf"``.

    Returns
    -------
    str or bytes
        Text for SVG, bytes for PNG and PDF; the same map gives the same.

    Raises
    ------
    OptionError
        This is no map, or there is no such format.

    Examples
    --------
    >>> from forwhom.documents.participants import Person
    >>> ada = Person(id="ada", name="Ada", roles=["decision-maker"], stance="supports")
    >>> made = draw_purchase_map(PurchaseMap(people=[ada], segments={}, purchases=[]))
    >>> ">Ada</text>" in made, ">+ For it</text>" in made
    (True, True)
    """
    expect(found, PurchaseMap, "A map of a purchase", "forwhom.purchase_map")
    return MAP_FORMS.made(found, format)


def _drawn(found: PurchaseMap) -> tuple[Sheet, str, str, str]:
    """Return the sheet with its title, what it shows in words, and its language."""
    with speaking_all(found.language):
        made = _Map(found)
        title = tr("Who takes part")
        title = f"{title}: {found.title}" if found.title else title
        return made.sheet(), title, made.said(), found.language


def _svg(found: PurchaseMap) -> str:
    sheet, *said = _drawn(found)
    return sheet.svg(*said)


#: What a map can be drawn as.
MAP_FORMS = Forms(
    svg=_svg,
    png=lambda found: typeset(SHEET, "png", sheet_files(*_drawn(found))),
    pdf=lambda found: typeset(SHEET, "pdf", sheet_files(*_drawn(found))),
)


@dataclass(frozen=True)
class _Part:
    """Sentences below the map, under one heading."""

    heading: Block
    lines: tuple[Block, ...]

    @property
    def height(self) -> float:
        return self.heading.height + 4 + sum(b.height + 6 for b in self.lines)


class _Map:
    """A map in the making: its network, its streets, and the sentences below."""

    def __init__(self, found: PurchaseMap) -> None:
        self._found = found
        self._mirrored = found.right_to_left
        self._network: Network = network_of(found)
        title = found.title or tr("Who takes part in the purchase")
        self._width = NARROWEST
        if self._network.seated:
            self._width = max(NARROWEST, streets_of(self._network, 0.0, 0.0).width)
        self._head = (
            text_block(title, self._width, TITLE, self._mirrored),
            text_block(tr(KEY), self._width, FACTS, self._mirrored),
        )
        top = MARGIN + sum(b.height for b in self._head) + 2 * GAP
        self._top = top
        empty = Streets((), (), (), (), 0.0, top)
        self._streets = empty
        if self._network.seated:
            self._streets = streets_of(self._network, MARGIN, top + COLUMN.leading + GAP)
        self._parts = self._sentences()

    def said(self) -> str:
        """Return what the map shows, in words."""
        people, arrows = self._found.people, arrows_of(self._network)
        vetoes = [p.name for p in people if p.veto]
        told = "{}, {}.".format(
            begun(len(people), tr_count("{n} participant", "{n} participants", len(people))),
            tr_count("{n} arrow of influence", "{n} arrows of influence", len(arrows)),
        )
        return told + (" " + tr("Can stop it: {names}.", names=listed(vetoes)) if vetoes else "")

    def sheet(self) -> Sheet:
        """Return the drawing."""
        y = self._streets.bottom + 3 * GAP
        columns = 2 if len(self._parts) > 1 and self._width >= 2 * 440 else 1
        wide = (self._width - 3 * GAP * (columns - 1)) / columns
        ends = [y] * columns
        places = []
        for part in self._parts:
            shortest = min(range(columns), key=lambda i: ends[i])
            places.append((MARGIN + shortest * (wide + 3 * GAP), ends[shortest]))
            ends[shortest] += part.height + 2 * GAP
        sheet = Sheet(self._width + 2 * MARGIN, max(ends) + MARGIN - GAP, self._mirrored)
        at = MARGIN
        for block in self._head:
            at = sheet.lines(list(block.lines), MARGIN, at, block.style)
        self._draw_streets(sheet)
        for part, (x, top) in zip(self._parts, places, strict=True):
            at = sheet.lines(list(part.heading.lines), x, top, part.heading.style) + 4
            for block in part.lines:
                at = sheet.lines(list(block.lines), x, at, block.style) + 6
        return sheet

    def _sentences(self) -> list[_Part]:
        made = [
            self._part(tr("Where it can fail: {name}", name=p.name), [f.text for f in p.failures])
            for p in self._found.purchases
            if p.failures
        ]
        arrows = [
            tr(
                "{who} on {whom}: {strength}",
                who=a.source.person.name,
                whom=a.target.person.name,
                strength=tr(STRENGTHS[a.influence.strength]),
            )
            + (f", {a.influence.note}" if a.influence.note else "")
            for a in arrows_of(self._network)
        ]
        return [*made, *([self._part(tr("Who influences whom"), arrows)] if arrows else [])]

    def _part(self, heading: str, sentences: list[str]) -> _Part:
        wide = (self._width - 3 * GAP) / 2 if self._width >= 2 * 440 else self._width
        return _Part(
            text_block(heading, wide, HEADING, self._mirrored),
            tuple(text_block(s, wide, SENTENCE, self._mirrored) for s in sentences),
        )

    def _draw_streets(self, sheet: Sheet) -> None:
        streets = self._streets
        for name, x in streets.columns:
            block = text_block(name, 240, COLUMN, self._mirrored)
            sheet.lines(list(block.lines), x, self._top, COLUMN)
        for _, box in streets.lanes:
            sheet.box(box, "surface", stroke="line", rx=8, class_="lane")
        self._say_who_is_missing(sheet)
        for route in streets.routes:
            _draw_route(sheet, route)
        for heading, box in streets.lanes:
            # Arrows run behind headings.
            widths = [text_width(one.text, LANE.size, bold=True) for one in heading.lines]
            wide = max(widths, default=0.0)
            sheet.box(Box(box.x + 8, box.y + 5, wide + 8, heading.height + 2), "surface")
            sheet.lines(list(heading.lines), box.x + 12, box.y + 6, LANE)
        for one, box in streets.boxes:
            _draw_box(sheet, one, box)

    def _say_who_is_missing(self, sheet: Sheet) -> None:
        """In a column without a box, a quiet word says who else does this, or that nobody does."""
        taken = {one.column for one in self._network.seated}
        quiet = Style(12.5, 16, color="muted", italic=True)
        y = self._streets.boxes[0][1].y if self._streets.boxes else 0.0
        for index, (_, roles) in enumerate(COLUMNS):
            if index in taken or index >= len(self._streets.columns):
                continue
            text = self._instead(roles)
            block = text_block(text, BOX, quiet, self._mirrored)
            sheet.lines(list(block.lines), self._streets.columns[index][1], y, quiet)

    def _instead(self, roles: frozenset[str]) -> str:
        """Who does what a column says, when nobody stands in it."""
        also = [p.name for p in self._found.people if roles & set(p.roles)]
        if also:
            return tr("Also done by {names}", names=listed(also))
        parts = {row.id for row in CROSSWALK if roles & {*row.roles}}
        seats = [s for p in self._found.purchases for s in p.seats if s.crossing in parts]
        ids = dict.fromkeys(i for seat in seats for i in seat.segments)
        if ids:
            named = listed([self._found.segments[i] for i in ids])
            return tr("Done by the segment: {names}", names=named)
        if any(seat.presence == "nobody" for seat in seats):
            return tr("Nobody, and that is decided")
        return tr("Nobody is named")


def _draw_box(sheet: Sheet, one: Seated, box: Box) -> None:
    _, color = STANCES[one.person.stance]
    dashes = "5 4" if one.person.stance == "unknown" else None
    if one.person.veto:
        outer = Box(box.x - 4, box.y - 4, box.width + 8, box.height + 8)
        sheet.box(outer, "paper", stroke="notice-line", stroke_width=2.5, rx=9, class_="veto")
    sheet.box(
        box, "surface", stroke=color, stroke_width=2, rx=6, stroke_dasharray=dashes, class_="box"
    )
    sheet.box(Box(box.x, box.y, box.width, box.height), color, fill_opacity=0.07, rx=6)
    y = box.y + INSIDE + (box.height - one.height) / 2
    for block in one.texts:
        y = sheet.lines(list(block.lines), box.x + INSIDE, y, block.style) + 2


def _draw_route(sheet: Sheet, route: Route) -> None:
    arrow = route.arrow
    thick = THICKNESS[arrow.influence.strength]
    _, color = STANCES[arrow.source.person.stance]
    points = [(sheet.across(x), y) for x, y in route.corners]
    (x1, y1), (x2, _) = points[-2], points[-1]
    forward = 1.0 if x2 > x1 else -1.0
    # The tip ends before the border of the box, also where a veto has a second one.
    gap = 6.5 if arrow.target.person.veto else 2.0
    tip, size = x2 - forward * gap, 6.0 + 1.4 * thick
    points[-1] = (tip - forward * (size - 1), y1)
    path = _rounded(points)
    sheet.draw("path", d=path, fill="none", stroke="surface", stroke_width=thick + 4)
    sheet.draw("path", d=path, fill="none", stroke=color, stroke_width=thick, class_="arrow")
    half = 2.5 + 1.1 * thick
    back = tip - forward * size
    sheet.draw(
        "polygon", fill=color,
        points=f"{tip:.1f},{y1:.1f} {back:.1f},{y1 - half:.1f} {back:.1f},{y1 + half:.1f}",
    )  # fmt: skip
    word = text_block(tr(STRENGTHS[arrow.influence.strength]), 60, WORD).lines[0].text
    middle = sheet.across(route.corners[-1][0] + (-36 if arrow.enters_left else 36))
    sheet.middle(word, sheet.across(middle), y1 - 4 - thick / 2, WORD)


def _rounded(points: list[tuple[float, float]], radius: float = 7.0) -> str:
    """Return a path along corners, each a little round."""
    said = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        before = min(radius, (abs(bx - ax) + abs(by - ay)) / 2)
        after = min(radius, (abs(cx - bx) + abs(cy - by)) / 2)
        inx, iny = _towards((bx, by), (ax, ay), before)
        outx, outy = _towards((bx, by), (cx, cy), after)
        said.append(f"L{inx:.1f} {iny:.1f}Q{bx:.1f} {by:.1f} {outx:.1f} {outy:.1f}")
    said.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(said)


def _towards(
    start: tuple[float, float], end: tuple[float, float], by: float
) -> tuple[float, float]:
    """Return the point so far from a corner towards the next; lines run along the axes."""
    (x, y), (ex, ey) = start, end
    right, down = ex - x, ey - y
    length = abs(right) + abs(down) or 1.0
    return x + right / length * by, y + down / length * by
