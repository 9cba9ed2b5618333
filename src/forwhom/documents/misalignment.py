"""Which ratings count, the class of an item, and how much a misalignment weighs."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from forwhom.documents.canvas.ratings import HIGHEST, LOWEST, Rating, Thresholds
from forwhom.documents.results.alignment import AlignmentClass, SeverityLevel

#: A cell takes the ratings of members alone when at least this many of them rated.
ENOUGH_MEMBERS = 2
#: The longest way between two segments.
WIDEST = HIGHEST - LOWEST


class Opposition(NamedTuple):
    """The segment whose opposition to an item weighs most, and the severity that it makes."""

    segment: str
    severity: float


class Risks(NamedTuple):
    """What opposition to an item puts at risk; neither of the two hides the other."""

    #: that it is not bought or not used: the power to stop that counts
    adoption: Opposition
    #: that it does no good: who it is for counts fully, however little it can stop; None where no
    #: segment that benefits has ratings
    sustainability: Opposition | None

    @property
    def heavier(self) -> Opposition:
        """The one that weighs more; adoption where both weigh the same."""
        harm = self.sustainability
        return harm if harm and harm.severity > self.adoption.severity else self.adoption


def latest(cells: Sequence[Hashable], direct: Sequence[bool], rounds: Sequence[int]) -> list[bool]:
    """Return which ratings are of the last round in which their cell was rated.

    Members of a segment and those who speak for it have rounds of their own: a team rates again
    what members were asked once.
    """
    last: dict[tuple[Hashable, bool], int] = {}
    for kind, turn in zip(zip(cells, direct, strict=True), rounds, strict=True):
        last[kind] = max(last.get(kind, 0), turn)
    kinds = zip(cells, direct, strict=True)
    return [last[kind] == turn for kind, turn in zip(kinds, rounds, strict=True)]


def counted(cells: Sequence[Hashable], direct: Sequence[bool]) -> list[bool]:
    """Return which ratings count in their cell: members alone where enough of them rated.

    Nobody knows better than members what they want; a single member is no group, and is joined
    with those who speak for the segment.
    """
    members = Counter(cell for cell, own in zip(cells, direct, strict=True) if own)
    pairs = zip(cells, direct, strict=True)
    return [own or members[cell] < ENOUGH_MEMBERS for cell, own in pairs]


def current(ratings: Iterable[Rating]) -> list[Rating]:
    """Return the ratings that count now, each in its cell of an item and a segment."""
    found = list(ratings)
    turns = latest(_cells(found), [r.mode == "direct" for r in found], [r.round for r in found])
    found = [rating for rating, now in zip(found, turns, strict=True) if now]
    counts = counted(_cells(found), [r.mode == "direct" for r in found])
    return [rating for rating, counts_now in zip(found, counts, strict=True) if counts_now]


def medians(ratings: Iterable[Rating]) -> dict[str, dict[str, float]]:
    """Return item to segment to the median of the ratings that count now."""
    values: dict[str, dict[str, list[float]]] = {}
    for rating in current(ratings):
        values.setdefault(rating.item, {}).setdefault(rating.segment, []).append(rating.value)
    return {item: {s: median(v) for s, v in cells.items()} for item, cells in values.items()}


def class_of(medians: Collection[float], thresholds: Thresholds) -> AlignmentClass:
    """Return the class of an item with these medians, one a segment that rated it."""
    if len(medians) < 2:
        return "not-compared"
    high, low = max(medians), min(medians)
    if high <= 0:
        return "unwanted"
    if low < 0 or high - low >= thresholds.misaligned_gap:
        return "misaligned"
    if low >= thresholds.strong and high - low <= thresholds.strong_gap:
        return "strong"
    return "sufficient" if low >= thresholds.sufficient else "weak"


def conflict(high: float, low: float) -> float:
    """Return how far two medians are on opposite sides: the weaker of the two, 0 to 1."""
    return min(max(0.0, high), max(0.0, -low)) / HIGHEST


def opposition(
    medians: Mapping[str, float], importance: float | None, power: Mapping[str, float]
) -> Opposition:
    """Return which segment's opposition weighs most, and how much.

    Against a segment with median x stands the highest median h: the difference counts
    max(min(h above 0, x below 0) / 5, (h - x) / 10), times the importance of the item, times the
    power of the segment, both 0 to 1; importance that nobody said counts as 1. With equal power the
    segment with the lowest median has the largest; of several with the same weight it is the one
    that wants the item least. Only segments in ``power`` are asked for.
    """
    high = max(medians.values())
    importance = 1.0 if importance is None else importance
    found = {
        segment: max(conflict(high, x), (high - x) / WIDEST) * (importance * power[segment])
        for segment, x in medians.items()
        if segment in power
    }
    worst = min(found, key=lambda segment: (-found[segment], medians[segment]))
    return Opposition(worst, found[worst])


def risks(
    medians: Mapping[str, float],
    importance: float | None,
    power: Mapping[str, float],
    target_impact: Collection[str],
) -> Risks:
    """Return what the opposition to an item puts at risk: adoption, and sustainability."""
    harmed = {one: 1.0 for one in medians if one in target_impact}
    harm = opposition(medians, importance, harmed) if harmed else None
    return Risks(opposition(medians, importance, power), harm)


def level_of(severity: float, thresholds: Thresholds) -> SeverityLevel:
    """Return the level of a severity: low, medium or high."""
    if severity >= thresholds.high:
        return "high"
    return "medium" if severity >= thresholds.medium else "low"


def _cells(ratings: Iterable[Rating]) -> list[tuple[str, str]]:
    return [(rating.item, rating.segment) for rating in ratings]
