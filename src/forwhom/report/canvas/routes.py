"""How arrows run on a map: along gutters and corridors, never through a box.

An arrow leaves its box sideways, runs down or up a gutter, where it must along a corridor between
two rows to another gutter, and enters its box sideways. Arrows that would lie on each other get
tracks of their own, and gutters and corridors are as wide as their tracks need.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from forwhom.documents.canvas.people import Influence
from forwhom.report.canvas.layout import Block
from forwhom.report.canvas.network import APART, BOX, PORT, Network, Seated
from forwhom.report.canvas.sheet import Box

#: Distance of tracks; room for the word at the head of an arrow; room without one.
TRACK, HEAD, BARE = 11.0, 70.0, 20.0
#: Height of the heading of a lane, and room around a lane.
LANE_HEAD, LANE_APART = 11.0, 16.0


@dataclass(frozen=True)
class Arrow:
    """An arrow of influence between two boxes, and how it leaves and enters them."""

    source: Seated
    target: Seated
    influence: Influence

    @property
    def leaves_right(self) -> bool:
        """Whether it leaves at the right side of its box."""
        return self.target.column >= self.source.column

    @property
    def enters_left(self) -> bool:
        """Whether it enters at the left side of its box."""
        return self.target.column > self.source.column

    @property
    def gutters(self) -> tuple[int, int]:
        """The gutter that it leaves into, and the one from which it enters."""
        leaves = self.source.column + (1 if self.leaves_right else 0)
        enters = self.target.column + (0 if self.enters_left else 1)
        return leaves, enters

    @property
    def corridor(self) -> int | None:
        """The corridor that it takes between two gutters: above this row; None for none."""
        if self.gutters[0] == self.gutters[1]:
            return None
        return self.target.row + (1 if self.source.row > self.target.row else 0)


@dataclass(frozen=True)
class Route:
    """An arrow with its corners, from the box that it leaves to the one that it enters."""

    arrow: Arrow
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Streets:
    """All places of a map: boxes, lanes, columns, and the corners of arrows."""

    boxes: tuple[tuple[Seated, Box], ...]
    lanes: tuple[tuple[Block, Box], ...]
    columns: tuple[tuple[str, float], ...]
    routes: tuple[Route, ...]
    width: float
    bottom: float


def arrows_of(network: Network) -> list[Arrow]:
    """Return the arrows of a map; nobody influences themselves."""
    by_id = {one.person.id: one for one in network.seated}
    return [
        Arrow(source, by_id[influence.on], influence)
        for source in network.seated
        for influence in source.person.influences
        if influence.on in by_id and influence.on != source.person.id
    ]


def streets_of(network: Network, left: float, top: float) -> Streets:
    """Return where everything of a map stands, from its upper left corner."""
    arrows = arrows_of(network)
    lanes_in = _Corridors(network, arrows)
    rows, lanes, bottom = lanes_in.rows(top)
    ports = _Ports(arrows, rows)
    gutters = _Gutters(network, arrows, ports, lanes_in)
    xs = gutters.columns(left)
    boxes = tuple(
        (one, Box(xs[one.column], rows[one.row][0], BOX, ports.height(one)))
        for one in network.seated
    )
    width = gutters.end(xs) - left
    return Streets(
        boxes,
        tuple((heading, Box(left, y, width, height)) for heading, y, height in lanes),
        tuple(zip(network.columns, xs, strict=True)),
        tuple(gutters.route(arrow, xs) for arrow in arrows),
        width,
        bottom,
    )


class _Ports:
    """Where arrows touch their boxes: one place for each, from top to bottom."""

    def __init__(self, arrows: Sequence[Arrow], rows: Sequence[tuple[float, float]]) -> None:
        self._rows = rows
        self._sides: dict[tuple[str, bool], list[tuple[int, int, Arrow, bool]]] = {}
        for index, arrow in enumerate(arrows):
            leaving = (arrow.source.person.id, arrow.leaves_right)
            entering = (arrow.target.person.id, not arrow.enters_left)
            self._sides.setdefault(leaving, []).append((arrow.target.row, index, arrow, True))
            self._sides.setdefault(entering, []).append((arrow.source.row, index, arrow, False))
        for side in self._sides.values():
            side.sort(key=lambda port: port[:2])

    def count(self, one: Seated) -> int:
        """Return how many arrows touch the busier side of a box."""
        return max(len(self._sides.get((one.person.id, right), ())) for right in (True, False))

    def height(self, one: Seated) -> float:
        """Return how high a box is: as its text or its ports need."""
        return max(one.height, PORT * (self.count(one) + 1.5))

    def y(self, arrow: Arrow, leaving: bool) -> float:
        """Return where an arrow leaves or enters its box.

        Ports stand on one raster in the whole row, those of left sides half a step lower, so that
        lines which face each other across a gutter never meet.
        """
        one = arrow.source if leaving else arrow.target
        right = arrow.leaves_right if leaving else not arrow.enters_left
        side = self._sides[(one.person.id, right)]
        place = next(i for i, port in enumerate(side) if port[2] is arrow and port[3] is leaving)
        first = (math.floor(self.height(one) / PORT - 0.5) - len(side)) // 2
        step = place + first + (1.0 if right else 1.5)
        return self._rows[one.row][0] + PORT * step


def _tracks(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return a track for each span, so that no two on one track touch."""
    ends: list[float] = []
    tracks = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, end = spans[index]
        free = next((t for t, last in enumerate(ends) if last < start - 1e-9), len(ends))
        if free == len(ends):
            ends.append(0.0)
        ends[free] = end
        tracks[index] = free
    return tracks


class _Corridors:
    """Rows of boxes, with room above each for the arrows that run across."""

    def __init__(self, network: Network, arrows: Sequence[Arrow]) -> None:
        self._network = network
        ports = _Ports(arrows, [(0.0, 0.0)] * network.rows)
        self._heights = [0.0] * network.rows
        for one in network.seated:
            self._heights[one.row] = max(self._heights[one.row], ports.height(one))
        self._track: dict[int, int] = {}
        self._counts = [0] * (network.rows + 1)
        for corridor in range(network.rows + 1):
            inside = [i for i, a in enumerate(arrows) if a.corridor == corridor]
            spans = [(float(min(g)), float(max(g))) for g in (arrows[i].gutters for i in inside)]
            for index, track in zip(inside, _tracks(spans), strict=True):
                self._track[id(arrows[index])] = track
                self._counts[corridor] = max(self._counts[corridor], track + 1)
        self._tops: list[float] = []

    def rows(
        self, top: float
    ) -> tuple[list[tuple[float, float]], list[tuple[Block, float, float]], float]:
        """Return top and height of rows, the bands of lanes, and where all ends."""
        placed: list[tuple[float, float]] = []
        bands: list[tuple[Block, float, float]] = []
        y = top
        for lane in self._network.lanes:
            start = y
            y += LANE_HEAD + lane.heading.height
            for row in range(lane.first, lane.first + lane.rows):
                self._tops.append(y)
                y += self._room(row)
                placed.append((y, self._heights[row]))
                y += self._heights[row]
            y += APART
            last = lane.first + lane.rows == self._network.rows
            if last:  # below everything runs one more corridor
                self._tops.append(y - APART)
                y += max(self._room(self._network.rows) - APART, 0.0)
            bands.append((lane.heading, start, y - start))
            y += LANE_APART
        return placed, bands, y - LANE_APART

    def _room(self, corridor: int) -> float:
        return APART / 2 + TRACK * (self._counts[corridor] + 1)

    def y(self, arrow: Arrow) -> float:
        """Return where an arrow runs across."""
        assert arrow.corridor is not None
        return self._tops[arrow.corridor] + APART / 4 + TRACK * (self._track[id(arrow)] + 1)


class _Gutters:
    """Room beside the columns for arrows that run up and down."""

    def __init__(
        self, network: Network, arrows: Sequence[Arrow], ports: _Ports, corridors: _Corridors
    ) -> None:
        self._ports, self._corridors = ports, corridors
        count = len(network.columns) + 1
        self._left, self._right = [BARE] * count, [BARE] * count
        self._counts = [0] * count
        self._track: dict[tuple[int, int], int] = {}
        spans: list[list[tuple[Arrow, tuple[float, float]]]] = [[] for _ in range(count)]
        for arrow in arrows:
            _, enters = arrow.gutters
            # The word stands beside the box that an arrow enters.
            if arrow.enters_left:
                self._right[enters] = HEAD
            else:
                self._left[enters] = HEAD
            for gutter, span in self._spans(arrow):
                spans[gutter].append((arrow, span))
        for gutter, inside in enumerate(spans):
            for (arrow, _), track in zip(inside, _tracks([s for _, s in inside]), strict=True):
                self._track[(gutter, id(arrow))] = track
                self._counts[gutter] = max(self._counts[gutter], track + 1)

    def _spans(self, arrow: Arrow) -> list[tuple[int, tuple[float, float]]]:
        leaves, enters = arrow.gutters
        start, end = self._ports.y(arrow, True), self._ports.y(arrow, False)
        if arrow.corridor is None:
            return [(leaves, (min(start, end), max(start, end)))]
        across = self._corridors.y(arrow)
        return [
            (leaves, (min(start, across), max(start, across))),
            (enters, (min(across, end), max(across, end))),
        ]

    def _width(self, gutter: int) -> float:
        tracks = TRACK * self._counts[gutter]
        edge = gutter in (0, len(self._counts) - 1)
        if edge and not self._counts[gutter]:
            return LANE_APART
        return self._left[gutter] + tracks + self._right[gutter]

    def columns(self, left: float) -> list[float]:
        """Return the left edges of the columns."""
        xs, x = [], left
        for gutter in range(len(self._counts) - 1):
            x += self._width(gutter)
            xs.append(x)
            x += BOX
        return xs

    def end(self, xs: Sequence[float]) -> float:
        """Return the right edge of the map."""
        return xs[-1] + BOX + self._width(len(self._counts) - 1)

    def route(self, arrow: Arrow, xs: Sequence[float]) -> Route:
        """Return the corners of an arrow."""
        leaves, enters = arrow.gutters
        start, end = self._ports.y(arrow, True), self._ports.y(arrow, False)
        out = xs[arrow.source.column] + (BOX if arrow.leaves_right else 0.0)
        into = xs[arrow.target.column] + (0.0 if arrow.enters_left else BOX)
        first = self._x(arrow, leaves, xs)
        if arrow.corridor is None:
            corners = ((out, start), (first, start), (first, end), (into, end))
            return Route(arrow, corners)
        across, second = self._corridors.y(arrow), self._x(arrow, enters, xs)
        return Route(
            arrow,
            (
                (out, start), (first, start), (first, across), (second, across), (second, end),
                (into, end),
            ),
        )  # fmt: skip

    def _x(self, arrow: Arrow, gutter: int, xs: Sequence[float]) -> float:
        start = xs[gutter - 1] + BOX if gutter else xs[0] - self._width(0)
        return start + self._left[gutter] + TRACK * (self._track[(gutter, id(arrow))] + 0.5)
