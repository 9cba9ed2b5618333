"""Whether the segments of a canvas are separate, pair by pair, by the five criteria.

Each criterion has its own place under ``separate`` of a segment. Where both segments of a pair
say it there, their words decide; elsewhere needs, propositions and notes do, by whose they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from forwhom.documents.base import Criterion
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.separateness import PaidAspect, Profitability, Trait
from forwhom.documents.canvas.suspects import suspects
from forwhom.documents.results.separation import (
    ComparedCriterion,
    Merge,
    RestsOn,
    SegmentPair,
    Separation,
    Verdict,
)
from forwhom.documents.yamlfile import Location
from forwhom.wording import amount_words, count, counted, listed

#: Worths that differ by less than this part of the larger one are the same, where no range says.
SUBSTANTIAL = 0.25
#: What each criterion is called in a sentence.
CALLED: Mapping[Criterion, str] = {
    "offer": "offer",
    "channel": "channel",
    "relationship": "relationship",
    "profitability": "profitability",
    "price": "what they pay for",
}
_ORDER: tuple[Verdict, ...] = ("different", "same", "unknown")
#: Topics of notes that speak to a criterion.
_CHANNELS = ("channels",)
_RELATIONSHIPS = ("customer_relationships", "customer_engagement", "service_model")
_REVENUE = ("revenue_streams",)
_PAYING = {"pays": "pays", "sponsored": "is paid for", "none": "pays nothing"}


@dataclass(frozen=True)
class _Entry:
    """Something that holds for a segment: what tells it from others, its text, its evidence."""

    key: object
    text: str
    place: Location
    evidence: Sequence[str] = ()


#: A verdict, and why.
_Told = tuple[Verdict, str]


@dataclass(frozen=True)
class _Layer:
    """What holds for two segments in one part of the canvas, and whether it is the same."""

    first: list[_Entry]
    second: list[_Entry]
    verdict: Verdict
    because: str


def _layer(
    name: str,
    first: Iterable[_Entry],
    second: Iterable[_Entry],
    told: _Told | None = None,
) -> _Layer:
    """Return two sides compared: as told, or else by whether both hold the same."""
    one, other = list(first), list(second)
    if not (one and other):
        missing = "one of them" if one or other else "both"
        return _Layer(one, other, "unknown", f"the canvas says no {name} of {missing}")
    verdict, because = told or _by_keys(name, one, other)
    return _Layer(one, other, verdict, because)


def _by_keys(name: str, first: Sequence[_Entry], second: Sequence[_Entry]) -> _Told:
    same = {entry.key for entry in first} == {entry.key for entry in second}
    return ("same", f"the same {name}") if same else ("different", f"other {name}")


def separate_segments(canvas: Canvas) -> Separation:
    """Compare every two segments that are served, or may be, by the five criteria."""
    pairs = list(pairs_of(canvas))
    merges = list(_merges(canvas, pairs))
    return Separation(
        title=canvas.title,
        language=canvas.language,
        pairs=pairs,
        merges=merges,
        sentences=list(_sentences(pairs, merges)),
        notes=list(_notes(pairs)),
    )


def pairs_of(canvas: Canvas) -> Iterator[SegmentPair]:
    """Yield every two segments that are served, or may be, compared."""
    changed = [one.location for one in suspects(canvas)]
    known = [
        (i, s) for i, s in enumerate(canvas.segments) if s.status in ("serve", "candidate")
    ]  # fmt: skip
    for first, second in itertools.combinations(known, 2):
        yield SegmentPair(
            first=first[1].id,
            first_name=first[1].name,
            first_number=first[0] + 1,
            second=second[1].id,
            second_name=second[1].name,
            second_number=second[0] + 1,
            criteria=[
                _criterion(criterion, layers, changed)
                for criterion, layers in _layers(canvas, first, second)
            ],
            apart_by=_apart_by(first[1], second[1]),
        )


def _apart_by(first: CanvasSegment, second: CanvasSegment) -> Literal["", "role", "side"]:
    if first.buti and second.buti and not set(first.buti) & set(second.buti):
        return "role"
    return "side" if first.side and second.side and first.side != second.side else ""


#: A segment with its position in the canvas.
_Placed = tuple[int, CanvasSegment]


def _layers(
    canvas: Canvas, first: _Placed, second: _Placed
) -> Iterator[tuple[Criterion, list[_Layer]]]:
    """Yield for each criterion where it may be said: in its own place first, then elsewhere."""

    def layer(name: str, said: Callable[..., Iterable[_Entry]], *of: str) -> _Layer:
        return _layer(name, said(canvas, first, *of), said(canvas, second, *of))

    offer = [layer("needs", _needs), layer("propositions", _offered)]
    yield "offer", [_stated("offer", first, second), *offer]
    yield "channel", [_stated("channel", first, second), layer("channels", _noted, *_CHANNELS)]
    kinds = layer("relationships", _noted, *_RELATIONSHIPS)
    yield "relationship", [_stated("relationship", first, second), kinds]
    yield "profitability", [_profit(first, second), _revenue(first, second)]
    yield "price", [_paid(first, second), layer("streams of revenue", _noted, *_REVENUE)]


def _criterion(
    criterion: Criterion, layers: Sequence[_Layer], changed: Sequence[Location]
) -> ComparedCriterion:
    """Compare by one criterion: its own place decides, then any other that shows a difference."""
    own, *others = layers
    elsewhere = [one for one in others if one.verdict != "unknown"]
    used = [own] if own.verdict != "unknown" or not elsewhere else elsewhere
    if own.verdict == "unknown" and not elsewhere and not (own.first and own.second):
        used = others[:1]
    verdicts = {one.verdict for one in used}
    verdict: Verdict = next(v for v in _ORDER if v in verdicts)
    entries = [entry for one in used for entry in (*one.first, *one.second)]
    first = {entry.key: entry.text for one in used for entry in one.first}
    second = {entry.key: entry.text for one in used for entry in one.second}
    return ComparedCriterion(
        criterion=criterion,
        verdict=verdict,
        because=listed([one.because for one in used], most=None),
        first=[text for key, text in first.items() if key not in second],
        second=[text for key, text in second.items() if key not in first],
        both=[text for key, text in first.items() if key in second],
        rests_on="nothing" if verdict == "unknown" else _rests_on(used),
        evidence=list(dict.fromkeys(cited(c)[0] for e in entries for c in e.evidence)),
        suspect=any(place[: len(e.place)] == e.place for e in entries for place in changed),
    )


def _rests_on(layers: Sequence[_Layer]) -> RestsOn:
    first = any(entry.evidence for one in layers for entry in one.first)
    second = any(entry.evidence for one in layers for entry in one.second)
    return "evidence" if first and second else "evidence-in-part" if first or second else "team"


def _normal(text: str) -> str:
    return " ".join(text.split()).strip(" .!").casefold()


def _stated(criterion: Criterion, first: _Placed, second: _Placed) -> _Layer:
    """What the segments say in the place of a criterion; the same words are the same."""
    sides = []
    for index, segment in (first, second):
        trait: Trait | None = getattr(segment.separate, criterion, None)
        place = ("segments", index, "separate", criterion)
        known = [] if trait is None else [trait]
        sides.append([_Entry(_normal(t.text), t.text, place, t.evidence) for t in known])
    same = [e.key for e in sides[0]] == [e.key for e in sides[1]]
    return _layer(CALLED[criterion], sides[0], sides[1], _said(same))


def _said(same: bool) -> _Told:
    return ("same", "so it is said of both") if same else ("different", "so it is said")


def _needs(canvas: Canvas, one: _Placed) -> Iterator[_Entry]:
    for index, need in enumerate(canvas.needs):
        if one[1].id in need.segments:
            yield _Entry(need.id, need.statement, ("needs", index), need.evidence)


def _offered(canvas: Canvas, one: _Placed) -> Iterator[_Entry]:
    for index, proposition in enumerate(canvas.propositions):
        if one[1].id in proposition.segments:
            place = ("propositions", index, "evidence")
            yield _Entry(proposition.id, proposition.name, place, proposition.evidence)


def _noted(canvas: Canvas, one: _Placed, *topics: str) -> Iterator[_Entry]:
    for topic in topics:
        for index, note in enumerate(canvas.blocks.get(topic, ())):
            if one[1].id in canvas.reached_by(note):
                yield _Entry((topic, index), note.text, ("blocks", topic, index), note.evidence)
    for index, proposition in enumerate(canvas.propositions if topics == _CHANNELS else ()):
        if one[1].id in proposition.segments and proposition.outreach.strip():
            place = ("propositions", index, "outreach")
            yield _Entry(place, proposition.outreach, place)


def _revenue(first: _Placed, second: _Placed) -> _Layer:
    """Whether each segment pays: who does is worth another amount; two who do may be, too."""
    one, other = list(_paying(first)), list(_paying(second))
    told: _Told = "unknown", "nobody says how profitable they are"
    if one and other and one[0].key != other[0].key:
        told = "different", "one of them pays and the other does not"
    return _layer("revenue", one, other, told)


def _paying(one: _Placed) -> Iterator[_Entry]:
    revenue = one[1].revenue or ("sponsored" if one[1].sponsor else None)
    if revenue is not None:
        yield _Entry(revenue == "pays", _PAYING[revenue], ("segments", one[0], "revenue"))


def _profit(first: _Placed, second: _Placed) -> _Layer:
    """What a customer of each segment is worth."""
    a, b = (one[1].separate.profitability if one[1].separate else None for one in (first, second))
    told = None if a is None or b is None else _profits(a, b)
    return _layer("profitability", _profit_of(first, a), _profit_of(second, b), told)


def _profit_of(one: _Placed, profit: Profitability | None) -> Iterator[_Entry]:
    if profit is not None:
        level = [f"{profit.level} profitability"] if profit.level else []
        amount = amount_words(profit.value, profit.low, profit.high, profit.unit)
        facts = [*level, *([amount] if amount else [])]
        text = f"{profit.text} ({', '.join(facts)})" if facts else profit.text
        place = ("segments", one[0], "separate", "profitability")
        yield _Entry(_normal(text), text, place, profit.evidence)


def _profits(a: Profitability, b: Profitability) -> _Told:
    found = _numbers(a, b, a.value, b.value)
    if found is not None:
        return found
    if a.level and b.level:
        return ("same", "the same level") if a.level == b.level else ("different", "another level")
    return _said(_normal(a.text) == _normal(b.text))


def _numbers(
    a: Profitability | PaidAspect, b: Profitability | PaidAspect, x: float | None, y: float | None
) -> _Told | None:
    """Compare two amounts; None where one of them is not known."""
    if x is None or y is None:
        return None
    if _normal(a.unit) != _normal(b.unit):
        return "unknown", "amounts in different units"
    near = abs(x - y) <= SUBSTANTIAL * max(abs(x), abs(y))
    if None in (a.low, a.high, b.low, b.high):
        return ("same", "amounts are near") if near else ("different", "other amounts")
    low, high = max(a.low or 0.0, b.low or 0.0), min(a.high or 0.0, b.high or 0.0)
    if low > high:
        return "different", "ranges of the amounts do not touch"
    return ("same", "amounts are near") if near else ("unknown", "ranges of the amounts overlap")


def _paid(first: _Placed, second: _Placed) -> _Layer:
    """What each segment is willing to pay for, aspect by aspect."""
    sides = [one[1].separate.price if one[1].separate else [] for one in (first, second)]
    entries = [_paid_by(one, side) for one, side in zip((first, second), sides, strict=True)]
    return _layer("aspects that they pay for", entries[0], entries[1], _aspects(*sides))


def _paid_by(one: _Placed, paid: Sequence[PaidAspect]) -> Iterator[_Entry]:
    for index, aspect in enumerate(paid):
        amount = amount_words(aspect.worth, aspect.low, aspect.high, aspect.unit)
        text = f"{aspect.aspect}: {amount}" if amount else aspect.aspect
        place = ("segments", one[0], "separate", "price", index)
        yield _Entry((_aspect(aspect), _normal(text)), text, place, aspect.evidence)


def _aspect(paid: PaidAspect) -> str:
    return paid.offer or _normal(paid.aspect)


def _aspects(first: Sequence[PaidAspect], second: Sequence[PaidAspect]) -> _Told:
    one, other = ({_aspect(p): p for p in side if p.worth != 0} for side in (first, second))
    if one.keys() != other.keys():
        return "different", "they pay for other aspects"
    found = [_numbers(a, other[key], a.worth, other[key].worth) for key, a in one.items()]
    verdicts = {told[0] for told in found if told is not None}
    if "different" in verdicts:
        return "different", "the same aspects are worth other amounts to them"
    if "unknown" in verdicts:
        return "unknown", "what the same aspects are worth cannot be told apart"
    return "same", "they pay for the same aspects"


def _merges(canvas: Canvas, pairs: Sequence[SegmentPair]) -> Iterator[Merge]:
    """Yield groups of segments no two of which differ: the largest first, each segment once."""
    alike = {frozenset((pair.first, pair.second)) for pair in pairs if pair.not_told_apart}
    names = {segment.id: segment.name for segment in canvas.segments}
    left = [segment.id for segment in canvas.segments]
    while left:
        group: list[str] = [left.pop(0)]
        for one in list(left):
            if all(frozenset((one, other)) in alike for other in group):
                group.append(one)
                left.remove(one)
        if len(group) > 1:
            inside = [p for p in pairs if {p.first, p.second} <= set(group)]
            unless = [c for c in CALLED if any(c in pair.by("unknown") for pair in inside)]
            yield Merge(segments=group, names=[names[i] for i in group], unless=unless)


def _sentences(pairs: Sequence[SegmentPair], merges: Sequence[Merge]) -> Iterator[str]:
    if not pairs:
        yield "The canvas has no two segments that are served or may be, so nothing is compared."
        return
    apart = sum(bool(p.by("different") or p.apart_by) for p in pairs)
    alike, unseen = sum(p.not_told_apart for p in pairs), sum(p.unseen for p in pairs)
    if apart:
        pairs_said = count(len(pairs), "pair")
        yield f"Something that is known makes {apart} of {pairs_said} of segments separate."
    if alike:
        yield (
            f"Nothing that is known tells {count(alike, 'pair')} apart; one offer, channel and "
            "relationship would do for both."
        )
    if unseen:
        yield f"Nobody has looked at {count(unseen, 'pair')}: nothing is known of both."
    if merges:
        yield f"{counted(len(merges), 'merge')} can be proposed."


def _notes(pairs: Sequence[SegmentPair]) -> Iterator[str]:
    every = [one for pair in pairs for one in pair.criteria]
    told = [one for one in every if one.verdict != "unknown"]
    team = sum(one.rests_on == "team" for one in told)
    if team:
        yield (
            f"{team} of {count(len(told), 'answer')} rest on what the team says, without evidence."
        )
    changed = sum(one.suspect for one in told)
    if changed:
        yield f"Evidence of {count(changed, 'answer')} has changed since somebody looked at it."
    silent = [CALLED[c] for c in CALLED if all(c in p.by("unknown") for p in pairs)]
    if pairs and silent:
        yield f"Of no pair is known: {listed(silent, most=None)}."
