"""Can we defend these segments? Seven questions, what is known of each, and what is not."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import Field

from forwhom.documents.again import again_of, found_again
from forwhom.documents.base import Document
from forwhom.documents.ledger import FRESH, stale
from forwhom.documents.market import market_of
from forwhom.documents.segmentation import Segment, Segmentation
from forwhom.documents.value import OFF, SUBSTANTIAL, Value, next_units
from forwhom.documents.verdict import groups_in, sentences_of
from forwhom.languages.catalog import later
from forwhom.wording import count, counted, listed, passed, percent, quantity

#: ``yes``: it can be defended; ``no``: it cannot; ``open``: nobody looked, or nobody can tell.
State = Literal["yes", "open", "no"]

#: Share of customers that the questions to ask must place in the right segment.
PLACED = 0.8
#: Days after which an answer is too old to use unseen; after FRESH days it needs another look.
OLD = 365
#: What a verdict on a later period says of it.
_STILL: dict[str, State] = {"keep": "yes", "watch": "open", "refit": "no", "unknown": "open"}

#: Each question, with a word for it.
QUESTIONS = {
    "structure": later("Is there structure?"),
    "stable": later("Would we find them again?"),
    "separate": later("Are they separate?"),
    "matter": later("Do they matter?"),
    "fair": later("Is it fair?"),
    "reach": later("Can we reach them?"),
    "true": later("Is it still true?"),
}


class Defended(Document):
    """One question and what is known of it."""

    id: str
    question: str
    state: State
    why: str = Field(description="What the state rests on, in a sentence.")
    evidence: list[str] = Field(default_factory=list, description="Ids of evidence behind it.")


class Defense(Document):
    """Whether segments can be defended: each question with its state and the reason."""

    noun: str = "segment"
    headline: str = Field(description="How many questions are answered, in a sentence.")
    questions: list[Defended]
    market: str = Field(default="", description="What kind of market they make, in a sentence.")

    def __str__(self) -> str:
        lines = [f"{q.state:4}  {q.question} {q.why}" for q in self.questions]
        return "\n".join([self.headline, *lines, *([self.market] if self.market else [])])


Answer = tuple[State, str, list[str]]


def defense_of_segmentation(segmentation: Segmentation, today: date | None = None) -> Defense:
    """Return what is known of each question; ``today`` is the day that its age is counted to."""
    day = today or datetime.now(UTC).date()
    answered: dict[str, Callable[[Segmentation], Answer]] = {
        "structure": _structure,
        "stable": _stable,
        "separate": _separate,
        "matter": _matter,
        "fair": _fair,
        "reach": _reach,
        "true": lambda found: _true(found, day),
    }
    told = []
    for key, question in QUESTIONS.items():
        state, why, evidence = answered[key](segmentation)
        told.append(Defended(id=key, question=question, state=state, why=why, evidence=evidence))
    return Defense(
        noun=segmentation.noun,
        headline=_headline(told, segmentation.noun),
        questions=told,
        market=market_of(segmentation).headline,
    )


def _headline(told: Sequence[Defended], noun: str) -> str:
    said = {s: sum(q.state == s for q in told) for s in ("yes", "open", "no")}
    parts = [f"{said['yes']} of {len(told)} with yes"]
    parts += [f"{said[s]} {w}" for s, w in (("no", "with no"), ("open", "open")) if said[s]]
    return f"Can we defend these {noun}s? {listed(parts)}"


def _structure(found: Segmentation) -> Answer:
    structure, k = found.structure, len(found.segments)
    if structure is None:
        return "open", "Nothing tested it.", []
    known = {variable.name: variable for variable in found.variables}
    why = next(sentences_of(structure, k, known), "")
    groups = structure.verdict in ("clear", "likely") and groups_in(structure, k) == k > 1
    state: State = "yes" if groups else "no" if structure.verdict == "one" else "open"
    return state, why, _ids(found, "segments.structure")


def _stable(found: Segmentation) -> Answer:
    stability, k = found.stability, len(found.segments)
    told = "" if stability is None else again_of(stability, k, found.noun)
    if stability is None or not told:
        asked = "'forwhom discover --stability 100' does."
        return "open", f"Nothing sought them again in re-weighted customers; {asked}", []
    # What being found again does not say is answered above.
    why = told.partition("? ")[2].partition(" That alone")[0]
    return found_again(stability), why, _ids(found, "segments.stability")


def _separate(found: Segmentation) -> Answer:
    if len(found.segments) == 1:
        return "open", "There is only one.", []
    told = found.separateness
    if told is None or not any(pair.criteria for pair in told.pairs):
        return "open", "Nothing says what they need, pay for and are reached by.", []
    if told.merges:
        joined = listed([listed([str(i) for i in ids], most=None) for ids in told.merges])
        return "no", f"{joined} could be one: nothing that was compared differs.", []
    alike = [f"{p.first} and {p.second}" for p in told.pairs if not p.by("different")]
    if alike:
        return "open", f"Of {listed(alike)} we cannot tell.", []
    circular = [
        p for p in told.pairs if all(c.formed for c in p.criteria if c.verdict == "different")
    ]
    if circular:
        pairs = listed([f"{p.first} and {p.second}" for p in circular])
        return "open", f"What tells {pairs} apart is only what formed them.", []
    return "yes", "Every two differ in something that did not form them.", []


def _matter(found: Segmentation) -> Answer:
    value, here = found.value, {segment.id for segment in found.segments}
    if value is not None and {v.segment for v in value.segments if v.value} == here:
        return _will_matter(found, value)
    return _matters_now(found)


def _will_matter(found: Segmentation, value: Value) -> Answer:
    """Whether each is sure to bring enough: Kotler's substantial."""
    told = {one.segment: one.matters for one in value.segments}
    small = [s for s in found.segments if told[s.id] == "no"]
    unsure = [s for s in found.segments if told[s.id] == "open"]
    evidence = [id_ for s in found.segments for id_ in _ids(found, f"segment-{s.id}.value-ahead")]
    ahead = f"in the {next_units(value.horizon, value.unit)}"
    least = f"{percent(SUBSTANTIAL)} of what all are expected to bring {ahead}"
    if value.asked and value.at_least is not None:
        least = f"{quantity(value.at_least, value.money, 3)} {ahead}"
    off = value.off
    if off is not None and abs(off) > OFF:
        more = "more" if off > 0 else "less"
        why = (
            f"What is expected {ahead} cannot be relied on: for time held back, "
            f"{percent(abs(off))} {more} was expected than followed."
        )
        return "open", why, evidence
    if small:
        return "no", f"{_each(small, 'bring')} less than {least}.", evidence
    if unsure:
        return "open", f"Whether {_each(unsure, 'bring')} {least} we cannot tell.", evidence
    return "yes", f"Each brings {least}, or more.", evidence


def _matters_now(found: Segmentation) -> Answer:
    money = [s.worth.revenue for s in found.segments if s.worth and s.worth.revenue]
    if len(money) == len(found.segments) > 0:
        what, verb = "of the revenue", "bring"
        ends = [(m.interval.low, m.interval.high) for m in money]
    else:
        what, verb = "of the customers", "hold"
        ends = [(s.share_interval.low, s.share_interval.high) for s in found.segments]
    small = [s for s, (_, high) in zip(found.segments, ends, strict=True) if high < SUBSTANTIAL]
    unsure = [s for s, (low, _) in zip(found.segments, ends, strict=True) if low < SUBSTANTIAL]
    least = f"{percent(SUBSTANTIAL)} {what}"
    evidence = [id_ for s in found.segments for id_ in _ids(found, f"segment-{s.id}.revenue")]
    if small:
        return "no", f"{_each(small, verb)} less than {least}.", evidence
    if unsure:
        return "open", f"Whether {_each(unsure, verb)} {least} we cannot tell.", evidence
    if not money:
        return "open", f"Each holds {least} or more; money is not known.", evidence
    return "yes", f"Each brings {least} or more.", evidence


def of_blanks(evidence: str) -> bool:
    """Return whether it is about what is not known, and not about whom segments favor."""
    return evidence.endswith((".unknown", ".blanks", ".blanks-move"))


def unfair(evidence: str, verdict: str) -> bool:
    """Return whether what is known of fairness is wrong whatever is decided."""
    away = evidence.endswith(".blanks-move") and verdict == "apart"
    return ".proxy." in evidence or ".missing." in evidence or away


def _fair(found: Segmentation) -> Answer:
    told = [e for e in found.evidence if e.id.startswith("fairness.")]
    if not any(v.use == "protected" for v in found.variables):
        return "open", "No protected attribute is among the data, so nobody knows.", []
    if not told:
        why = "Nobody looked, or too few people share an answer."
        return "open", f"{why} 'forwhom fairness' looks.", []
    off = [e for e in told if unfair(e.id, e.verdict)]
    uneven = [e for e in told if e.verdict == "apart" and not of_blanks(e.id)]
    spread = [e for e in told if e.verdict == "alike"]
    ids = [e.id for e in told]
    if off:
        return "no", " ".join(e.statement for e in off), ids
    if uneven:
        return "open", f"{uneven[0].statement} Whether that is fair depends on the decision.", ids
    if len(spread) == len(told):
        return "yes", " ".join(e.statement for e in spread), ids
    return "open", " ".join(e.statement for e in told if e not in spread), ids


def _reach(found: Segmentation) -> Answer:
    channels = {v.name: v.label for v in found.variables if v.criterion == "channel"}
    known = [s for s in found.segments if any(d.variable in channels for d in s.distinctions)]
    tool = found.typing_tool
    placed = tool.steps[tool.recommended - 1].right if tool and tool.steps else None
    asked = (
        f"{counted(tool.recommended, 'question places', 'questions place')} {percent(placed)} of "
        f"customers in the right {found.noun}"
        if tool is not None and placed is not None
        else "Nothing says how to recognize a member"
    )
    if not channels:
        return "open", f"{asked}; no variable tells through which channel they are reached.", []
    if len(known) < len(found.segments):
        left = [s for s in found.segments if s not in known]
        return "open", f"{asked}; {_named(left)} cannot be told from others by channel.", []
    enough = placed is not None and placed >= PLACED
    why = f"{asked}; each differs from the others in {listed(list(channels.values()))}."
    return "yes" if enough else "open", why, []


def _true(found: Segmentation, today: date) -> Answer:
    told, why = found.refreshed, stale(found, today)
    gone = told is not None and told.verdict == "refit" and told.lineage == found.lineage
    if told is not None and (gone or not why):
        # That segments are no longer true does not become better with time.
        state: State = _STILL.get(told.verdict, "open")
        said = f"Held against {count(told.n, 'customer')} as of {told.day}. {told.headline}"
        return state, said, ["refresh.verdict"]
    ended = _ended(found, today) if told is None else None
    if ended is not None:
        return ended
    age = max((today - made_on(found)).days, 0)
    when = f"Found {passed(age)} ago" if age else "It is new"
    if told is not None:
        when += f"; a later period was looked at, but that is stale, since {why}"
    if age > OLD:
        return "no", f"{when}: too long to rely on; discover again with newer data.", []
    if age > FRESH:
        if told is not None:
            return "open", f"{when}; 'forwhom refresh' looks again.", []
        return "open", f"{when}, and not looked at since; 'forwhom refresh' looks.", []
    return "yes", f"{when}; look again after {FRESH} days.", []


def looked_at(found: Segmentation) -> date:
    """Return the day on which it was found, or a later period was last held against it."""
    told = found.refreshed
    return made_on(found) if told is None else datetime.fromisoformat(told.created).date()


def _ended(found: Segmentation, today: date) -> Answer | None:
    """What it says that the events end long before; None where they do not, or nobody knows."""
    until = max((source.months[-1] for source in found.sources if source.months), default="")
    if not until:
        return None
    year, month = map(int, until.split("-"))
    since = (today - date(year, month, monthrange(year, month)[1])).days
    ends = f"The events end in {until}, {passed(max(since, 0))} ago"
    if since > OLD:
        return "no", f"{ends}: too long to rely on; discover again with newer data.", []
    return ("open", f"{ends}; score newer customers.", []) if since > FRESH else None


def made_on(found: Segmentation) -> date:
    """Return the day on which it was found."""
    return datetime.fromisoformat(found.created).date()


def _ids(found: Segmentation, start: str) -> list[str]:
    return [e.id for e in found.evidence if e.id == start or e.id.startswith(f"{start}.")]


def _named(segments: Sequence[Segment]) -> str:
    return listed([f"{s.id} ({s.name})" for s in segments])


def _each(segments: Sequence[Segment], verb: str) -> str:
    return f"{_named(segments)} {verb}{'s' if len(segments) == 1 else ''}"
