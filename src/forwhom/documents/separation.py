"""Whether the segments of a canvas are separate, pair by pair, by the five criteria.

Each criterion has its own place under ``separate`` of a segment. Where both segments of a pair
say it there, their words decide; elsewhere needs, propositions and notes do, by whose they are.
What data say of the pair stands beside it, and answers where the canvas says nothing.
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
from forwhom.documents.measuredpairs import beside, measured_pairs
from forwhom.documents.results.separation import (
    ComparedCriterion,
    Merge,
    RestsOn,
    SegmentPair,
    Separation,
    Verdict,
)
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import later, tr, tr_count, whole
from forwhom.wording import amount_words, begun, listed

#: Worths that differ by less than this part of the larger one are the same, where no range says.
SUBSTANTIAL = 0.25
#: What each criterion is called in a sentence.
CALLED: Mapping[Criterion, str] = {
    "offer": later("offer"),
    "channel": later("channel"),
    "relationship": later("relationship"),
    "profitability": later("profitability"),
    "price": later("what they pay for"),
}
_ORDER: tuple[Verdict, ...] = ("different", "same", "unknown")
#: Topics of notes that speak to a criterion.
_CHANNELS = ("channels",)
_RELATIONSHIPS = ("customer_relationships", "customer_engagement", "service_model")
_REVENUE = ("revenue_streams",)
_PAYING = {"pays": later("pays"), "sponsored": later("is paid for"), "none": later("pays nothing")}
_PROFITABLE = {
    "low": later("low profitability"),
    "medium": later("medium profitability"),
    "high": later("high profitability"),
}


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
class _Words:
    """What is said of a part of the canvas: both hold the same, another, or somebody lacks it."""

    same: str
    other: str
    lacked_by_one: str
    lacked_by_both: str


_NEEDS = _Words(
    later("the same needs"),
    later("other needs"),
    later("the canvas says no needs of one of them"),
    later("the canvas says no needs of both"),
)
_PROPOSITIONS = _Words(
    later("the same propositions"),
    later("other propositions"),
    later("the canvas says no propositions of one of them"),
    later("the canvas says no propositions of both"),
)
_CHANNEL_WORDS = _Words(
    later("the same channels"),
    later("other channels"),
    later("the canvas says no channels of one of them"),
    later("the canvas says no channels of both"),
)
_RELATIONSHIP_WORDS = _Words(
    later("the same relationships"),
    later("other relationships"),
    later("the canvas says no relationships of one of them"),
    later("the canvas says no relationships of both"),
)
_STREAMS = _Words(
    later("the same streams of revenue"),
    later("other streams of revenue"),
    later("the canvas says no streams of revenue of one of them"),
    later("the canvas says no streams of revenue of both"),
)
_REVENUE_WORDS = _Words(
    later("the same revenue"),
    later("other revenue"),
    later("the canvas says no revenue of one of them"),
    later("the canvas says no revenue of both"),
)
_ASPECTS = _Words(
    later("the same aspects that they pay for"),
    later("other aspects that they pay for"),
    later("the canvas says no aspects that they pay for of one of them"),
    later("the canvas says no aspects that they pay for of both"),
)
#: Of the place of a criterion: that both say the same is said in other words.
_STATED: Mapping[Criterion, tuple[str, str]] = {
    "offer": (
        later("the canvas says no offer of one of them"),
        later("the canvas says no offer of both"),
    ),
    "channel": (
        later("the canvas says no channel of one of them"),
        later("the canvas says no channel of both"),
    ),
    "relationship": (
        later("the canvas says no relationship of one of them"),
        later("the canvas says no relationship of both"),
    ),
    "profitability": (
        later("the canvas says no profitability of one of them"),
        later("the canvas says no profitability of both"),
    ),
}


@dataclass(frozen=True)
class _Layer:
    """What holds for two segments in one part of the canvas, and whether it is the same."""

    first: list[_Entry]
    second: list[_Entry]
    verdict: Verdict
    because: str


def _layer(
    words: _Words,
    first: Iterable[_Entry],
    second: Iterable[_Entry],
    told: _Told | None = None,
) -> _Layer:
    """Return two sides compared: as told, or else by whether both hold the same."""
    one, other = list(first), list(second)
    if not (one and other):
        missing = words.lacked_by_one if one or other else words.lacked_by_both
        return _Layer(one, other, "unknown", tr(missing))
    verdict, because = told or _by_keys(words, one, other)
    return _Layer(one, other, verdict, tr(because))


def _by_keys(words: _Words, first: Sequence[_Entry], second: Sequence[_Entry]) -> _Told:
    same = {entry.key for entry in first} == {entry.key for entry in second}
    return ("same", words.same) if same else ("different", words.other)


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
    measured = measured_pairs(canvas)
    known = [
        (i, s) for i, s in enumerate(canvas.segments) if s.status in ("serve", "candidate")
    ]  # fmt: skip
    for first, second in itertools.combinations(known, 2):
        both = frozenset((first[1].id, second[1].id))
        yield SegmentPair(
            first=first[1].id,
            first_name=first[1].name,
            first_number=first[0] + 1,
            second=second[1].id,
            second_name=second[1].name,
            second_number=second[0] + 1,
            criteria=[
                beside(_criterion(criterion, layers, changed), measured.get((both, criterion)))
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

    def layer(words: _Words, said: Callable[..., Iterable[_Entry]], *of: str) -> _Layer:
        return _layer(words, said(canvas, first, *of), said(canvas, second, *of))

    offer = [layer(_NEEDS, _needs), layer(_PROPOSITIONS, _offered)]
    yield "offer", [_stated("offer", first, second), *offer]
    channels = layer(_CHANNEL_WORDS, _noted, *_CHANNELS)
    yield "channel", [_stated("channel", first, second), channels]
    kinds = layer(_RELATIONSHIP_WORDS, _noted, *_RELATIONSHIPS)
    yield "relationship", [_stated("relationship", first, second), kinds]
    yield "profitability", [_profit(first, second), _revenue(first, second)]
    yield "price", [_paid(first, second), layer(_STREAMS, _noted, *_REVENUE)]


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
    return _layer(_words_of(criterion), sides[0], sides[1], _said(same))


def _words_of(criterion: Criterion) -> _Words:
    return _Words("", "", *_STATED[criterion])


def _said(same: bool) -> _Told:
    if same:
        return "same", later("so it is said of both")
    return "different", later("so it is said")


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
    told: _Told = "unknown", later("nobody says how profitable they are")
    if one and other and one[0].key != other[0].key:
        told = "different", later("one of them pays and the other does not")
    return _layer(_REVENUE_WORDS, one, other, told)


def _paying(one: _Placed) -> Iterator[_Entry]:
    revenue = one[1].revenue or ("sponsored" if one[1].sponsor else None)
    if revenue is not None:
        yield _Entry(revenue == "pays", tr(_PAYING[revenue]), ("segments", one[0], "revenue"))


def _profit(first: _Placed, second: _Placed) -> _Layer:
    """What a customer of each segment is worth."""
    a, b = (one[1].separate.profitability if one[1].separate else None for one in (first, second))
    told = None if a is None or b is None else _profits(a, b)
    words = _words_of("profitability")
    return _layer(words, _profit_of(first, a), _profit_of(second, b), told)


def _profit_of(one: _Placed, profit: Profitability | None) -> Iterator[_Entry]:
    if profit is not None:
        level = [tr(_PROFITABLE[profit.level])] if profit.level else []
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
        if a.level == b.level:
            return "same", later("the same level")
        return "different", later("another level")
    return _said(_normal(a.text) == _normal(b.text))


def _numbers(
    a: Profitability | PaidAspect, b: Profitability | PaidAspect, x: float | None, y: float | None
) -> _Told | None:
    """Compare two amounts; None where one of them is not known."""
    if x is None or y is None:
        return None
    if _normal(a.unit) != _normal(b.unit):
        return "unknown", later("amounts in different units")
    near = abs(x - y) <= SUBSTANTIAL * max(abs(x), abs(y))
    alike: _Told = "same", later("amounts are near")
    if None in (a.low, a.high, b.low, b.high):
        return alike if near else ("different", later("other amounts"))
    low, high = max(a.low or 0.0, b.low or 0.0), min(a.high or 0.0, b.high or 0.0)
    if low > high:
        return "different", later("ranges of the amounts do not touch")
    return alike if near else ("unknown", later("ranges of the amounts overlap"))


def _paid(first: _Placed, second: _Placed) -> _Layer:
    """What each segment is willing to pay for, aspect by aspect."""
    sides = [one[1].separate.price if one[1].separate else [] for one in (first, second)]
    entries = [_paid_by(one, side) for one, side in zip((first, second), sides, strict=True)]
    return _layer(_ASPECTS, entries[0], entries[1], _aspects(*sides))


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
        return "different", later("they pay for other aspects")
    found = [_numbers(a, other[key], a.worth, other[key].worth) for key, a in one.items()]
    verdicts = {told[0] for told in found if told is not None}
    if "different" in verdicts:
        return "different", later("the same aspects are worth other amounts to them")
    if "unknown" in verdicts:
        return "unknown", later("what the same aspects are worth cannot be told apart")
    return "same", later("they pay for the same aspects")


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
        yield tr(
            "The canvas has no two segments that are served or may be, so nothing is compared."
        )
        return
    apart = sum(bool(p.by("different") or p.apart_by) for p in pairs)
    alike, unseen = sum(p.not_told_apart for p in pairs), sum(p.unseen for p in pairs)
    if apart:
        yield tr_count(
            "Something that is known makes {some} of {n} pair of segments separate.",
            "Something that is known makes {some} of {n} pairs of segments separate.",
            len(pairs),
            some=whole(apart),
        )
    if alike:
        yield tr_count(
            "Nothing that is known tells {n} pair apart; one offer, channel and relationship would "
            "do for both.",
            "Nothing that is known tells {n} pairs apart; one offer, channel and relationship "
            "would do for both.",
            alike,
        )
    if unseen:
        yield tr_count(
            "Nobody has looked at {n} pair: nothing is known of both.",
            "Nobody has looked at {n} pairs: nothing is known of both.",
            unseen,
        )
    if merges:
        n = len(merges)
        said = tr_count("{n} merge can be proposed.", "{n} merges can be proposed.", n)
        yield begun(n, said)


def _notes(pairs: Sequence[SegmentPair]) -> Iterator[str]:
    every = [one for pair in pairs for one in pair.criteria]
    told = [one for one in every if one.verdict != "unknown"]
    team = sum(one.rests_on == "team" for one in told)
    if team:
        yield tr_count(
            "{team} of {n} answer rest on what the team says, without evidence.",
            "{team} of {n} answers rest on what the team says, without evidence.",
            len(told),
            team=whole(team),
        )
    changed = sum(one.suspect for one in told)
    if changed:
        yield tr_count(
            "Evidence of {n} answer has changed since somebody looked at it.",
            "Evidence of {n} answers has changed since somebody looked at it.",
            changed,
        )
    against = sum(one.contradicted for one in every)
    if against:
        yield tr_count(
            "Data contradict {n} answer of the canvas.",
            "Data contradict {n} answers of the canvas.",
            against,
        )
    silent = [tr(CALLED[c]) for c in CALLED if all(c in p.by("unknown") for p in pairs)]
    if pairs and silent:
        yield tr("Of no pair is known: {criteria}.", criteria=listed(silent, most=None))
