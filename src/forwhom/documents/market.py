"""What kind of market: mass, niche, segmented, diversified or multi-sided, and how near the next.

One rule for what was found in data and for what a canvas claims. Source of the types: A.
Osterwalder and Y. Pigneur, *Business Model Generation* (2010). That segments which have less than
half of what they need in common have nothing to do with each other, and that a niche is a tenth of
its market or less, are conventions; the numbers beside them say how near they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import MarketType
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.sides import side_of, sides_of
from forwhom.documents.names import name_key
from forwhom.documents.segmentation import Evidence, Interval, Segment
from forwhom.documents.separateness import CriterionVerdict, Separateness
from forwhom.documents.structure import Structure
from forwhom.documents.verdict import groups_in
from forwhom.languages.catalog import later, later_in, tr, tr_in
from forwhom.languages.retelling import told
from forwhom.wording import count, decimal, listed, percent

#: A market of its own is a niche up to this part of the whole one.
NICHE = 0.1
#: More than this part of the people on both sides, and there are no two sides; more than this part
#: of one side must deal with more than one of the other; with nobody on this part of all.
BOTH, CHOOSES, LARGEST = 0.1, 0.5, 0.5

#: How unlike two segments are in what they need, 1 where half is in common, and its interval.
Unlike: TypeAlias = tuple[float, float, float]
_KINDS: tuple[MarketType, ...] = ("mass", "niche", "segmented", "diversified", "multi-sided")
_IS: dict[MarketType, str] = {
    "mass": later("A mass market."),
    "niche": later("A niche market."),
    "segmented": later("A segmented market."),
    "diversified": later("A diversified market."),
    "multi-sided": later("A multi-sided market."),
}
_CALLED: dict[MarketType, str] = {
    "mass": later_in("market", "mass"),
    "niche": later_in("market", "niche"),
    "segmented": later_in("market", "segmented"),
    "diversified": later_in("market", "diversified"),
    "multi-sided": later_in("market", "multi-sided"),
}


class Nearness(Document):
    """A number that led to a type, and where another type would begin."""

    what: str
    value: float
    interval: Interval | None = None
    border: float = Field(description="Where the other type would begin.")
    beyond: str = Field(description="What it would be beyond that.")

    def __str__(self) -> str:
        within = self.interval
        said = {
            "what": told(self.what), "value": decimal(self.value),
            "beyond": told(self.beyond), "border": decimal(self.border),
        }  # fmt: skip
        if within is None:
            return tr("{what}: {value}; {beyond} {border}.", **said)
        ends = {"low": decimal(within.low), "high": decimal(within.high)}
        return tr("{what}: {value} ({low} to {high}); {beyond} {border}.", **said, **ends)


class Sides(Document):
    """Two kinds of customers who deal with each other, by a table of what they did."""

    names: tuple[str, str]
    members: tuple[int, int] = Field(description="To multiples of the threshold.")
    interactions: int
    both: float = Field(
        description="Part of the people who stand on both sides; of a multiple of the threshold."
    )
    both_interval: Interval
    chooses: tuple[float, float] = Field(
        description="Of those who came back, the part with more than one partner; by side."
    )
    chooses_intervals: tuple[Interval, Interval]
    dominated: tuple[bool | None, bool | None] = Field(
        description="Whether one member takes part in more than half of everything; None: unsure."
    )
    verdict: Literal["yes", "no", "unknown"]
    why: str = Field(description="What the verdict rests on, in a sentence.")


class Market(Document):
    """The type of a market as far as it is known, and what led there."""

    type: MarketType | None = Field(description="None: nobody can tell.")
    possible: list[MarketType] = Field(description="What is not ruled out.")
    why: list[str] = Field(description="What led there, in sentences.")
    near: list[Nearness] = Field(default_factory=list)
    sides: Sides | None = None
    claimed: MarketType | None = Field(default=None, description="What the canvas says.")
    evidence: list[Evidence] = Field(default_factory=list)

    @property
    def headline(self) -> str:
        """The type in a sentence, and what the canvas says of it."""
        if self.type is not None:
            said = tr(_IS[self.type])
        else:
            kinds = [tr_in("market", _CALLED[kind]) for kind in self.possible]
            said = tr(
                "Whether it is a {kinds} market we cannot tell.", kinds=listed(kinds, None, "or")
            )
        if self.claimed is None:
            return said
        if self.claimed == self.type:
            same = tr("The canvas says the same.")
            return f"{said} {same}"
        claimed = tr_in("market", _CALLED[self.claimed])
        if self.claimed in self.possible:
            more = tr("The canvas says {kind}, which may be.", kind=claimed)
        else:
            more = tr("The canvas says {kind}, which does not agree.", kind=claimed)
        return f"{said} {more}"

    def __str__(self) -> str:
        return "\n".join([self.headline, *map(told, self.why), *map(str, self.near)])


class Segments(Protocol):
    """What is asked of a segmentation, or of what becomes one."""

    @property
    def structure(self) -> Structure | None: ...
    @property
    def separateness(self) -> Separateness | None: ...
    @property
    def segments(self) -> Sequence[Segment]: ...


@dataclass(frozen=True)
class Made:
    """Segments that are being described."""

    segments: Sequence[Segment]
    structure: Structure | None
    separateness: Separateness | None


def market_of(found: Segments, *, sides: Sides | None = None, part: float | None = None) -> Market:
    """Return the type of the market that segments stand for.

    ``sides`` is what a table of interactions says, and ``part`` which part of the whole market
    these customers are a sample of.
    """
    why: list[str] = []
    possible = set(_KINDS)
    if sides is not None and sides.verdict == "yes":
        return Market(type="multi-sided", possible=["multi-sided"], why=[sides.why], sides=sides)
    if sides is None:
        why.append(
            "Whether it also has two sides, customers who need each other, nobody looked at."
        )
    else:
        why.append(sides.why)
    if sides is None or sides.verdict == "no":
        possible -= {"multi-sided"}
    near: list[Nearness] = []
    one, known = _is_one(found)
    why.insert(0, known)
    if one is True:
        possible -= {"segmented", "diversified"}
        possible -= _whole(part, why, near)
    elif one is False:
        possible -= {"mass", "niche"}
        possible -= _alike(found, why, near)
    left = [kind for kind in _KINDS if kind in possible]
    kind = left[0] if len(left) == 1 else None
    return Market(type=kind, possible=left, why=why, near=near, sides=sides)


def _is_one(found: Segments) -> tuple[bool | None, str]:
    """Whether customers are one kind as to what they need, None where nobody can tell; and why."""
    structure, k = found.structure, len(found.segments)
    if k > 1 and (structure is None or structure.verdict == "unclear"):
        return None, "Data do not show whether there are groups."
    if structure is not None and structure.verdict == "scale":
        return True, "Customers differ by degrees, not in kind."
    groups = 1 if structure is not None and structure.verdict == "one" else k
    groups = groups if structure is None else min(groups, groups_in(structure, k))
    if groups == 1:
        return True, "Data show one kind of customer."
    offers = [one for _, _, one in _offers(found)]
    pairs = k * (k - 1) // 2
    if len(offers) == pairs and all(one.verdict == "equivalent" for one in offers):
        return True, f"There are {groups} groups, and they need the same."
    return False, f"There are {groups} groups of customers."


def _whole(part: float | None, why: list[str], near: list[Nearness]) -> set[MarketType]:
    """Return what the part of the whole market rules out: mass or niche."""
    if part is None:
        why.append(
            "Whether these customers are most people or a few, data of our own customers cannot "
            "tell: --part says which part of the whole market they stand for."
        )
        return set()
    beyond = "a mass market from" if part <= NICHE else "a niche up to"
    near.append(
        Nearness(what="Part of the whole market, as given", value=part, border=NICHE, beyond=beyond)
    )
    why.append(f"They stand for {percent(part)} of the whole market.")
    return {"mass"} if part <= NICHE else {"niche"}


def _alike(found: Segments, why: list[str], near: list[Nearness]) -> set[MarketType]:
    """Return what the needs of the segments rule out: segmented or diversified."""
    known = list(_unlikes(found))
    ids = [segment.id for segment in found.segments]
    if not known:
        why.append(
            "What they need no variable says, so that nobody knows whether they have anything to "
            "do with each other: give variables with the criterion 'offer' in the study."
        )
        return set()
    sure = [(a, b) for a, b, one in known if one[2] < 1]
    apart = {(a, b) for a, b, one in known if one[1] > 1}
    every = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]
    maybe = [pair for pair in every if pair not in apart]
    near += _deciding(known, ids)
    if len(_joined(ids, sure)) == 1:
        why.append("What they need is related: they have half of it and more in common.")
        return {"diversified"}
    if len(_joined(ids, maybe)) > 1:
        parts = [listed([str(i) for i in one], None) for one in _joined(ids, maybe)]
        why.append(f"What they need has little in common between {listed(parts, None)}.")
        return {"segmented"}
    why.append("Whether they have half of what they need in common nobody can tell yet.")
    return set()


def _unlikes(found: Segments) -> Iterator[tuple[int, int, Unlike]]:
    """Yield pairs of segments with how unlike their needs are; files of before do not say it."""
    for first, second, one in _offers(found):
        if one.unlike is not None and one.unlike_low is not None and one.unlike_high is not None:
            yield first, second, (one.unlike, one.unlike_low, one.unlike_high)


def _offers(found: Segments) -> Iterator[tuple[int, int, CriterionVerdict]]:
    pairs = [] if found.separateness is None else found.separateness.pairs
    for pair in pairs:
        for one in pair.criteria:
            if one.criterion == "offer":
                yield pair.first, pair.second, one


def _deciding(known: Sequence[tuple[int, int, Unlike]], ids: Sequence[int]) -> list[Nearness]:
    """Return the pair that decides: the widest gap that all segments must be joined across."""
    order = sorted(known, key=lambda pair: (pair[2][0], pair[0], pair[1]))
    joined: list[tuple[int, int]] = []
    last = None
    for first, second, one in order:
        before = len(_joined(ids, joined))
        joined.append((first, second))
        if len(_joined(ids, joined)) < before:
            last = (first, second, one)
    if last is None:
        return []
    first, second, (value, low, high) = last
    return [
        Nearness(
            what=f"How unlike {first} and {second} are in what they need (1: half in common)",
            value=value,
            interval=Interval(low=low, high=high),
            border=1.0,
            beyond=later("segmented below") if value > 1 else later("diversified from"),
        )
    ]


def _joined(ids: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the groups that pairs make of segments."""
    of = {one: one for one in ids}
    for a, b in pairs:
        old, new = of[b], of[a]
        of = {one: new if root == old else root for one, root in of.items()}
    roots = dict.fromkeys(of.values())
    return [[one for one in ids if of[one] == root] for root in roots]


#: Type of market to the least and most segments that it has, and what it means.
RANGES: dict[MarketType, tuple[int, int | None, str]] = {
    "mass": (1, 1, "does not tell segments apart"),
    "niche": (1, 1, "is one specialized segment"),
    "segmented": (2, None, "tells segments apart that differ a little"),
    "diversified": (2, None, "serves segments that have nothing to do with each other"),
}


def counted_segments(canvas: Canvas, kind: MarketType | None) -> int:
    """Return how many segments of a canvas make its market.

    Those that are left out do not count, nor those with a market of their own or that somebody else
    pays for. Buyer, user and target impact of one offer count as one.
    """
    counted = [
        s for s in canvas.segments
        if s.status in ("serve", "candidate") and s.sponsor is None
        and s.market_type in (None, kind)
    ]  # fmt: skip
    offered = {
        frozenset(p.id for p in canvas.propositions if segment.id in p.segments)
        for segment in counted
        if "buyer" in segment.buti
    }
    alone = len([s for s in counted if not s.buti])
    return alone + max(len(offered), int(any(segment.buti for segment in counted)))


def fits(kind: MarketType, segments: int) -> bool:
    """Whether a type of market may have so many segments."""
    least, most, _ = RANGES.get(kind, (1, None, ""))
    return least <= segments and (most is None or segments <= most)


def market_of_canvas(canvas: Canvas) -> Market:
    """Return what a canvas says of its market: by its segments, sides and exchanges."""
    claimed, number = canvas.market_type, counted_segments(canvas, canvas.market_type)
    named = [
        side for side, segments in sides_of(canvas.segments).items()
        if any(segment.side.strip() for segment in segments)
    ]  # fmt: skip
    why = [f"For its market count {count(number, 'segment')} of the canvas."]
    if len(named) > 1:
        giving = {name_key(one.giver) for one in canvas.exchanges}
        silent = [side for side in named if not _gives(canvas, side, giving)]
        why.append(f"They stand on {len(named)} sides: {listed(named)}.")
        if silent:
            why.append(f"Nobody has written down what {listed(silent)} brings to another side.")
        return Market(type="multi-sided", possible=["multi-sided"], why=why, claimed=claimed)
    possible = [kind for kind in RANGES if number and fits(kind, number)]
    if claimed == "multi-sided":
        why.append("It has fewer than two sides.")
    why.append(
        "Mass or niche, segmented or diversified, no canvas can tell by itself: data of customers "
        "do, as far as they reach."
    )
    return Market(type=None, possible=possible or list(_KINDS), why=why, claimed=claimed)


def _gives(canvas: Canvas, side: str, giving: set[str]) -> bool:
    own = {name_key(side)} | {
        name_key(s.id) for s in canvas.segments if name_key(side_of(s)) == name_key(side)
    }
    return bool(own & giving)
