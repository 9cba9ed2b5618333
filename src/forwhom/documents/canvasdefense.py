"""Can we defend the segments of a canvas? The seven questions, by what it says and cites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.references import citations
from forwhom.documents.canvas.suspects import GONE, suspects
from forwhom.documents.defense import (
    OLD,
    QUESTIONS,
    Answer,
    Defended,
    Defense,
    State,
    of_blanks,
    stated,
    unfair,
)
from forwhom.documents.ledger import FRESH
from forwhom.documents.results.separation import ComparedCriterion, SegmentPair
from forwhom.documents.separation import pairs_of
from forwhom.documents.value import SUBSTANTIAL
from forwhom.languages.catalog import tr, tr_count
from forwhom.wording import beside, listed, percent


def defense_of_canvas(canvas: Canvas, today: date | None = None) -> Defense:
    """Return what a canvas knows of each question about the segments that it may serve."""
    known = _Known(canvas, today or datetime.now(UTC).date())
    told = []
    for key, question in QUESTIONS.items():
        nobody = tr("The canvas has no segment that is served or may be.")
        state, why, evidence = _ANSWERS[key](known) if known.segments else ("open", nobody, [])
        told.append(
            Defended(id=key, question=tr(question), state=state, why=why, evidence=evidence)
        )
    said = {state: sum(one.state == state for one in told) for state in ("yes", "no", "open")}
    headline = tr(
        "Can we defend these segments? {yes} of {n} with yes, {no} with no, {open} open",
        n=len(told),
        **said,
    )
    return Defense(headline=headline, questions=told)


def last_day(canvas: Canvas) -> date | None:
    """Return the last day that stands in a canvas: its answers are as of then."""
    dates = [one.date for one in canvas.evidence] + [one.date for one in canvas.history]
    known = [day for day in (canvas.created, canvas.updated, *dates) if day]
    return date.fromisoformat(max(known)) if known else None


@dataclass(frozen=True)
class _Known:
    """A canvas, with what more than one question asks of it."""

    canvas: Canvas
    day: date

    @cached_property
    def segments(self) -> list[CanvasSegment]:
        return [s for s in self.canvas.segments if s.status in ("serve", "candidate")]

    @cached_property
    def evidence(self) -> Mapping[str, CanvasEvidence]:
        return {e.id: e for e in self.canvas.evidence if e.fingerprint != GONE}

    @cached_property
    def pairs(self) -> list[SegmentPair]:
        return list(pairs_of(self.canvas))

    def rests(self, evidence: Iterable[str]) -> bool:
        """Whether some of what is cited is there."""
        return any(cited(one)[0] in self.evidence for one in evidence)


def _structure(known: _Known) -> Answer:
    ids = [one for one in ("segments.structure",) if one in known.evidence]
    if ids and known.evidence[ids[0]].verdict == "one":
        return "no", tr("Data show one group of customers, not several."), ids
    untested = [s for s in known.segments if s.standing is None]
    if len(untested) == len(known.segments):
        return "open", tr("Nobody asked data whether they are groups."), ids
    if untested:
        why = tr(
            "Nobody asked data whether these are groups: {names}.", names=_named(known, untested)
        )
        return "open", why, ids
    unproven = [s for s in known.segments if s.standing == "unproven"]
    if unproven:
        why = tr("Data do not show that these are groups: {names}.", names=_named(known, unproven))
        return "open", why, ids
    parts = [s for s in known.segments if s.standing != "group"]
    if parts:
        why = tr(
            "These are parts of a scale, not kinds of people: {names}.", names=_named(known, parts)
        )
        return "open", why, ids
    return "yes", tr("Data show that each is a group of its own."), ids


def _stable(known: _Known) -> Answer:
    found = known.evidence.get("segments.stability")
    if found is None:
        return "open", tr("Nothing sought them again in re-weighted customers."), []
    if not found.verdict:  # of an earlier version
        return "open", stated([found]), [found.id]
    if found.verdict == "no":
        return "no", tr("Sought again in re-weighted customers, they were not found."), [found.id]
    if found.verdict == "open":
        why = tr("Sought again in re-weighted customers, some of them were mostly lost.")
        return "open", why, [found.id]
    others = [s for s in known.segments if s.discovered is None]
    if others:
        return (
            "open",
            tr("Nobody sought these in data: {names}.", names=_named(known, others)),
            [found.id],
        )
    return "yes", tr("Sought again in re-weighted customers, they were found."), [found.id]


def _separate(known: _Known) -> Answer:
    if len(known.segments) == 1:
        return "open", tr("There is only one."), []
    ids = [c.measured.evidence for pair in known.pairs for c in pair.criteria if c.measured]
    alike = [pair for pair in known.pairs if pair.not_told_apart]
    if alike:
        why = tr("Nothing that is known tells these apart: {pairs}.", pairs=_paired(known, alike))
        return "no", why, ids
    against = [p for p in known.pairs if any(c.contradicted for c in p.criteria)]
    if against:
        why = tr(
            "Data contradict what the canvas says of these: {pairs}.", pairs=_paired(known, against)
        )
        return "open", why, ids
    silent = [p for p in known.pairs if not (p.by("different") or p.apart_by)]
    if silent:
        return "open", tr("Of these we cannot tell: {pairs}.", pairs=_paired(known, silent)), ids
    team = [p for p in known.pairs if not (p.apart_by or any(map(_proven, p.criteria)))]
    if team:
        why = tr("That these differ rests on the team alone: {pairs}.", pairs=_paired(known, team))
        return "open", why, ids
    formed = [p for p in known.pairs if not (p.apart_by or any(map(_proves, p.criteria)))]
    if formed:
        why = tr(
            "What tells these apart is only what formed them: {pairs}.",
            pairs=_paired(known, formed),
        )
        return "open", why, ids
    if any(not any(map(_proves, pair.criteria)) for pair in known.pairs):
        return "yes", tr("Every two differ: in role or side, or in what evidence shows."), ids
    return "yes", tr("Every two differ in something that evidence shows."), ids


def _proven(one: ComparedCriterion) -> bool:
    """Whether evidence shows a difference: data, or what both sides cite."""
    if one.measured is not None and one.measured.verdict == "different":
        return True
    return one.verdict == "different" and one.rests_on == "evidence"


def _proves(one: ComparedCriterion) -> bool:
    """Whether what shows a difference is more than what formed the segments."""
    return _proven(one) and not (one.measured is not None and one.measured.formed)


#: The part of the revenue, or of the customers, that a segment surely has, and has at most.
_Ends = tuple[float, float]
#: Evidence that says what a segment brings.
_MONEY = ("value-ahead", "revenue")
#: The same where a verdict says whether it is enough.
_AHEAD: Mapping[str, _Ends] = {"yes": (1.0, 1.0), "open": (0.0, 1.0), "no": (0.0, 0.0)}


def _matter(known: _Known) -> Answer:
    money: dict[str, _Ends] = dict(_money(known))
    sizes = {s.id: ends for s in known.segments if s.id not in money and (ends := _size(s))}
    names = [f"segment-{s.discovered}.{what}" for s in known.segments for what in _MONEY]
    ids = [name for name in names if name in known.evidence]
    least = percent(SUBSTANTIAL)
    small = _those(known, money, lambda ends: ends[1] < SUBSTANTIAL)
    if small:
        why = tr("Less than {least} of the revenue each: {names}.", least=least, names=small)
        return "no", why, ids
    small = _those(known, sizes, lambda ends: ends[1] < SUBSTANTIAL)
    if small:
        why = tr("Less than {least} of the customers each: {names}.", least=least, names=small)
        return "no", why, ids
    unsure = _those(known, money | sizes, lambda ends: ends[0] < SUBSTANTIAL)
    if unsure:
        said = tr("Whether these reach {least} we cannot tell: {names}.", least=least, names=unsure)
        return "open", said, ids
    unknown = [s for s in known.segments if s.id not in money | sizes]
    if unknown:
        return (
            "open",
            tr(
                "What part of all customers these are, nobody says: {names}.",
                names=_named(known, unknown),
            ),
            ids,
        )
    if sizes:
        why = tr("Each holds {least} of the customers or more; of some, money is not known.",
                 least=least)  # fmt: skip
        return "open", why, ids
    return "yes", tr("Each brings {least} of the revenue or more.", least=least), ids


def _money(known: _Known) -> Iterator[tuple[str, _Ends]]:
    """Yield the part of the revenue of segments that are to pay, where data say it."""
    for segment in known.segments:
        ahead = known.evidence.get(f"segment-{segment.discovered}.value-ahead")
        evidence = known.evidence.get(f"segment-{segment.discovered}.revenue")
        if segment.revenue in ("sponsored", "none"):
            continue
        if ahead is not None and ahead.verdict in _AHEAD:
            yield segment.id, _AHEAD[ahead.verdict]
        elif evidence is not None and evidence.interval is not None:
            yield segment.id, (evidence.interval.low, evidence.interval.high)


def _size(segment: CanvasSegment) -> _Ends | None:
    size = segment.size
    if size is None or size.share is None:
        return None
    low = size.share if size.low is None else size.low
    return low, size.share if size.high is None else size.high


def _those(known: _Known, parts: Mapping[str, _Ends], is_so: Callable[[_Ends], bool]) -> str:
    return _named(known, [s for s in known.segments if s.id in parts and is_so(parts[s.id])])


def _fair(known: _Known) -> Answer:
    told = [e for id_, e in known.evidence.items() if id_.startswith("fairness.")]
    if not told:
        return "open", tr("Nobody looked at protected attributes; 'forwhom fairness' does."), []
    ids = [e.id for e in told]
    off = [e for e in told if unfair(e.id, e.verdict)]
    if off:
        return "no", stated(off), ids
    uneven = [e for e in told if e.verdict == "apart" and not of_blanks(e.id)]
    if uneven:
        depends = tr("Whether that is fair depends on the decision.")
        return "open", f"{stated(uneven[:1])} {depends}", ids
    unsure = [e for e in told if e.verdict != "alike"]
    return "open" if unsure else "yes", stated(unsure or told), ids


def _reach(known: _Known) -> Answer:
    reached = {s.id: list(_channels(known, s)) for s in known.segments}
    silent = [s for s in known.segments if not reached[s.id]]
    if silent:
        why = tr("Nobody says through which channel these are reached: {names}.",
                 names=_named(known, silent))  # fmt: skip
        return "open", why, []
    offered = {segment for p in known.canvas.propositions for segment in p.segments}
    without = [s for s in known.segments if s.id not in offered]
    if without:
        return "open", tr("Nothing is offered to these: {names}.", names=_named(known, without)), []
    ids = sorted({cited(one)[0] for found in reached.values() for one in found if one})
    team = [s for s in known.segments if not known.rests(reached[s.id])]
    if team:
        why = tr("Only the team says through which channel these are reached: {names}.",
                 names=_named(known, team))  # fmt: skip
        return "open", why, ids
    return "yes", tr("Evidence speaks for a channel to each, and each is offered something."), ids


def _channels(known: _Known, segment: CanvasSegment) -> Iterator[str]:
    """Yield what is cited for each channel to a segment; "" for one that cites nothing."""
    own = segment.separate.channel if segment.separate else None
    said = [] if own is None else [own.evidence]
    notes = known.canvas.blocks.get("channels", ())
    said += [n.evidence for n in notes if segment.id in known.canvas.reached_by(n)]
    said += [
        [] for p in known.canvas.propositions if segment.id in p.segments and p.outreach.strip()
    ]
    for evidence in said:
        yield from evidence or [""]


def _true(known: _Known) -> Answer:
    changed = len(suspects(known.canvas))
    if changed:
        why = tr_count(
            "Evidence of {n} statement has changed since somebody looked at it.",
            "Evidence of {n} statements has changed since somebody looked at it.",
            changed,
        )
        return "open", why, []
    names = {cited(citation)[0] for _, citation in citations(known.canvas)}
    days = [e.date for e in known.evidence.values() if e.id in names and e.date]
    if not days:
        return "open", tr("Nothing that is cited says from when it is."), []
    age = max((known.day - date.fromisoformat(min(days))).days, 0)
    old: State = "no" if age > OLD else "open" if age > FRESH else "yes"
    why = tr("The oldest evidence that is cited is of {day}.", day=min(days))
    return old, why, []


_ANSWERS: Mapping[str, Callable[[_Known], Answer]] = {
    "structure": _structure,
    "stable": _stable,
    "separate": _separate,
    "matter": _matter,
    "fair": _fair,
    "reach": _reach,
    "true": _true,
}


def _called(known: _Known, segment: str) -> str:
    """The number that a segment has on the board, and its name."""
    ids = [one.id for one in known.canvas.segments]
    at = ids.index(segment)
    return f"{at + 1} ({known.canvas.segments[at].name})"


def _named(known: _Known, segments: Sequence[CanvasSegment]) -> str:
    """Name segments; all of them need no names."""
    if len(segments) == len(known.segments) > 1:
        return tr("all of them")
    return listed([_called(known, segment.id) for segment in segments])


def _paired(known: _Known, pairs: Sequence[SegmentPair]) -> str:
    """Name pairs; more than three are as many more."""
    both = tr("{first} and {last}")
    said = [
        both.format(first=_called(known, pair.first), last=_called(known, pair.second))
        for pair in pairs
    ]
    more = len(said) - 3
    return beside(said[:3] + ([tr("{n} more", n=more)] if more > 0 else []))
