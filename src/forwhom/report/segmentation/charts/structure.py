"""Pictures of the verdict on structure: customers along a scale, and segments as islands."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from markupsafe import Markup

from forwhom.documents.nouns import forms_of
from forwhom.languages.catalog import later, tr
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.svg import across, circle, element, line, picture, rect
from forwhom.report.segmentation.cards import Card
from forwhom.report.segmentation.charts.turning import turned
from forwhom.report.segmentation.structure import Band, Differences, Move
from forwhom.wording import beside, listed, percent

_CURVE = NormalDist()
#: The scale is drawn so far to both sides of its middle, in standard deviations.
_REACH = 2.6
_COLUMNS = 52
_TOP, _BASE, _ROW = 22, 132, 46
#: Borders whose labels would stand nearer than this, in percent of the width, share one.
_APART = 11.0
#: A band that is narrower, in percent of the width, has no room for its number.
_NUMBERED = 5.5
#: The lower tenth, the middle and the upper tenth, and what they are called.
_MARKS = (
    (-1.2816, later("lower tenth")),
    (0.0, later("middle")),
    (1.2816, later("upper tenth")),
)

#: Pixels that islands need on the narrowest screen, and the largest and smallest circles.
_NARROW, _LARGEST, _SMALLEST, _GAP = 290.0, 38.0, 11.0, 10.0
_HEIGHT, _AWAY = 168, 34


@turned
def scale_picture(differences: Differences) -> Markup:
    """Return customers along the scale, with its bands and their borders, and what moves."""
    bands, moves = differences.bands, differences.drawn
    height = _BASE + 50 + _ROW * len(moves)
    children = [
        *_columns(bands),
        line(0, _BASE, "100%", _BASE, class_="zero"),
        *_borders(bands),
        *_numbers(bands),
        *_marks(moves),
    ]
    return picture("scale", tr("Customers along the scale"), _along(differences), height, *children)


@turned
def island_picture(differences: Differences) -> Markup:
    """Return segments as circles, in one frame and joined where they are one continuum."""
    laid = _laid_out(differences.islands)
    circles = [circle for island in laid for circle in island.circles]
    frames = [
        rect(across(i.start), 3, across(i.width), _HEIGHT - 6, rx=8, class_="frame") for i in laid
    ]
    return picture(
        "islands",
        tr("How the {nouns} hang together", **forms_of(differences.noun)),
        _together(differences),
        _HEIGHT,
        *frames,
        *_lines(differences, {card.id: (across(x), y) for card, x, y, _ in circles}),
        *(_round(card, across(x), y, r) for card, x, y, r in circles),
        class_="islands",
    )


def _x(z: float) -> float:
    return 50 + 50 * min(max(z / _REACH, -1.0), 1.0)


def _border(share: float) -> float:
    """Return where the border stands below which there is this share of the customers."""
    return _x(_CURVE.inv_cdf(share)) if 0 < share < 1 else 100.0 * (share >= 1)


def _columns(bands: Sequence[Band]) -> Iterator[Markup]:
    width = 100 / _COLUMNS
    for column in range(_COLUMNS):
        z = _REACH * (2 * (column + 0.5) / _COLUMNS - 1)
        tall = (_BASE - _TOP) * math.exp(-z * z / 2)
        share = _CURVE.cdf(z)
        band = next((one for one in bands if share <= one.high), bands[-1] if bands else None)
        yield rect(
            across(column * width + 0.15 * width),
            _BASE - tall,
            across(0.7 * width),
            tall,
            class_="fill a1" if band is None else f"fill a{band.card.accent}",
        )


def _borders(bands: Sequence[Band]) -> Iterator[Markup]:
    last = -_APART
    for band in bands[:-1]:
        place = _border(band.high)
        yield line(across(place), _TOP - 4, across(place), _BASE, class_="border")
        if place - last >= _APART:
            yield element("text", percent(band.high), x=across(place), y=12, class_="tick middle")
            last = place


def _numbers(bands: Sequence[Band]) -> Iterator[Markup]:
    for band in bands:
        low, high = _border(band.low), _border(band.high)
        if high - low > _NUMBERED:
            yield _round(band.card, across((low + high) / 2), _BASE + 16, 9.0)


def _marks(moves: Sequence[Move]) -> Iterator[Markup]:
    """Yield what moves: its name, and its values under the places where they are expected."""
    for z, name in _MARKS if moves else ():
        yield line(across(_x(z)), _BASE, across(_x(z)), _BASE + 6, class_="zero")
        yield element("text", tr(name), x=across(_x(z)), y=_BASE + 44, class_="tick middle")
    for index, move in enumerate(moves):
        y = _BASE + 54 + _ROW * index
        yield line(0, y, "100%", y, class_="grid")
        label = wrapped(move.label + move.unit, _NARROW, 12, 1)[0]
        yield element("text", label, x=0, y=y + 17, class_="label")
        for (z, _), value in zip(_MARKS, move.values, strict=True):
            yield element("text", value, x=across(_x(z)), y=y + 36, class_="strong middle")


def _along(differences: Differences) -> str:
    bands, moves = map(_band, differences.bands), map(_move, differences.drawn)
    said = []
    if differences.bands:
        forms = forms_of(differences.noun)
        said.append(tr("The {nouns} from low to high: {bands}.", bands=beside(bands), **forms))
    if differences.drawn:
        said.append(tr("What moves: {moves}.", moves=beside(moves)))
    return " ".join(said) or tr("Customers spread around the middle of the scale.")


def _band(band: Band) -> str:
    return tr(
        "{name}, from {low} to {high} of the customers",
        name=f"{band.card.id} {band.card.name}",
        low=percent(band.low),
        high=percent(band.high),
    )


def _move(move: Move) -> str:
    low, middle, high = move.values
    return tr(
        "{what} {low} at the lower tenth, {middle} in the middle, {high} at the upper tenth",
        what=move.label + move.unit,
        low=low,
        middle=middle,
        high=high,
    )


@dataclass(frozen=True)
class _Island:
    """The frame of an island and the circles in it, in percent of the width and in pixels."""

    start: float
    width: float
    circles: tuple[tuple[Card, float, float, float], ...]


def _laid_out(islands: Sequence[Sequence[Card]]) -> list[_Island]:
    """Return islands from left to right, so that they fit the narrowest screen."""
    radii = _radii([card for island in islands for card in island])
    needs = [sum(2 * radii[card.id] + _GAP for card in island) + 2 * _GAP for island in islands]
    unit, start, laid = 100 / sum(needs), 0.0, []
    for island, need in zip(islands, needs, strict=True):
        circles, x = [], start + _GAP
        for index, card in enumerate(island):
            r = radii[card.id]
            # Circles of one island go up and down, so that a line passes the one between.
            y = _HEIGHT / 2 + (0 if len(island) == 1 else _AWAY if index % 2 else -_AWAY)
            circles.append((card, unit * (x + _GAP / 2 + r), y, r))
            x += 2 * r + _GAP
        laid.append(_Island(unit * (start + _GAP / 3), unit * (need - _GAP / 1.5), tuple(circles)))
        start += need
    return laid


def _radii(cards: Sequence[Card]) -> dict[int, float]:
    largest = max((card.share for card in cards), default=1.0) or 1.0
    parts = {card.id: math.sqrt(max(card.share, 0.0) / largest) for card in cards}
    room = (_NARROW - _GAP * len(cards)) / (2 * sum(parts.values()) or 1.0)
    return {n: max(min(_LARGEST, room) * part, _SMALLEST) for n, part in parts.items()}


def _lines(differences: Differences, places: Mapping[int, tuple[str, float]]) -> Iterator[Markup]:
    for one in differences.links:
        ends = (*places[one.first], *places[one.second])
        if one.joined:
            yield line(*ends, class_="link", stroke_width=min(2 + 30 * one.overlap, 9.0))
        else:
            yield line(*ends, class_="link", stroke_width=1.5, stroke_dasharray="3 5")


def _round(card: Card, x: str, y: float, r: float) -> Markup:
    return element(
        "g",
        circle(x, y, r),
        element("text", str(card.id), x=x, y=y + 4),
        class_=f"dot a{card.accent}",
    )


def _together(differences: Differences) -> str:
    told = []
    for island in differences.islands:
        names = listed([f"{card.id} {card.name}" for card in island], most=None)
        told.append(
            tr("{name} stands alone", name=names)
            if len(island) == 1
            else tr("{names} hang together", names=names)
        )
    shared = [
        tr(
            "{first} and {second} overlap by {part}",
            first=one.first,
            second=one.second,
            part=percent(one.overlap),
        )
        for one in differences.links
    ]
    return f"{beside([*told, *shared])}."
