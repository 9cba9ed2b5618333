"""Can we defend these segments? Seven questions, what is known of each, and what is not."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from pydantic import Field

from forwhom.documents.again import found_again, told_again
from forwhom.documents.base import Document
from forwhom.documents.canvas.model import CanvasEvidence
from forwhom.documents.ledger import FRESH, stale
from forwhom.documents.market import market_of
from forwhom.documents.nouns import phrase
from forwhom.documents.placing import gain_of, told_of_guessing
from forwhom.documents.segmentation import Evidence, Segment, Segmentation
from forwhom.documents.separateness import PairVerdict
from forwhom.documents.value import OFF, SUBSTANTIAL, Value, time_ahead
from forwhom.documents.verdict import groups_in, sentences_of
from forwhom.languages import retelling
from forwhom.languages.catalog import later, later_count, tr, tr_count, whole
from forwhom.wording import apart, beside, listed, percent, quantity, tr_counted

#: ``yes``: it can be defended; ``no``: it cannot; ``open``: nobody looked, or nobody can tell.
State = Literal["yes", "open", "no"]

#: Share of customers that the questions to ask must place in the right segment.
PLACED = 0.8
#: Days after which an answer is too old to use unseen; after FRESH days it needs another look.
OLD = 365
#: What stands in ids of evidence on answers that one group lacks, and of how many alike one reads.
_MISSING, _MOST_ALIKE = ".missing.", 3
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
        told.append(
            Defended(id=key, question=tr(question), state=state, why=why, evidence=evidence)
        )
    return Defense(
        noun=segmentation.noun,
        headline=_headline(told, segmentation.noun),
        questions=told,
        market=market_of(segmentation).headline,
    )


def _headline(told: Sequence[Defended], noun: str) -> str:
    yes, no, still = (whole(sum(q.state == s for q in told)) for s in ("yes", "no", "open"))
    parts, n = phrase("these", noun), whole(len(told))
    if no == still == "0":
        return tr("Can we defend {parts}? {yes} of {n} with yes", parts=parts, n=n, yes=yes)
    if still == "0":
        return tr(
            "Can we defend {parts}? {yes} of {n} with yes and {no} with no",
            parts=parts, n=n, yes=yes, no=no,
        )  # fmt: skip
    if no == "0":
        return tr(
            "Can we defend {parts}? {yes} of {n} with yes and {open} open",
            parts=parts, n=n, yes=yes, open=still,
        )  # fmt: skip
    return tr(
        "Can we defend {parts}? {yes} of {n} with yes, {no} with no and {open} open",
        parts=parts, n=n, yes=yes, no=no, open=still,
    )  # fmt: skip


def _structure(found: Segmentation) -> Answer:
    structure, k = found.structure, len(found.segments)
    if structure is None:
        return "open", tr("Nothing tested it."), []
    known = {variable.name: variable for variable in found.variables}
    why = next(sentences_of(structure, k, known), "")
    groups = structure.verdict in ("clear", "likely") and groups_in(structure, k) == k > 1
    state: State = "yes" if groups else "no" if structure.verdict == "one" else "open"
    return state, why, _ids(found, "segments.structure")


def _stable(found: Segmentation) -> Answer:
    stability, k = found.stability, len(found.segments)
    # What being found again does not say is answered above.
    why = "" if stability is None else told_again(stability, k, found.noun)
    if stability is None or not why:
        why = tr(
            "Nothing sought them again in re-weighted customers; 'forwhom discover --stability "
            "100' does."
        )
        return "open", why, []
    return found_again(stability), why, _ids(found, "segments.stability")


def _separate(found: Segmentation) -> Answer:
    if len(found.segments) == 1:
        return "open", tr("There is only one."), []
    told = found.separateness
    if told is None or not any(pair.criteria for pair in told.pairs):
        return "open", tr("Nothing says what they need, pay for and are reached by."), []
    if told.merges:
        joined = listed([listed([str(i) for i in ids], most=None) for ids in told.merges])
        why = tr("{ids} could be one: nothing that was compared differs.", ids=joined)
        return "no", why, []
    alike = [pair for pair in told.pairs if not pair.by("different")]
    if alike:
        return "open", tr("Of {pairs} we cannot tell.", pairs=_paired(alike)), []
    circular = [
        p for p in told.pairs if all(c.formed for c in p.criteria if c.verdict == "different")
    ]
    if circular:
        why = tr("What tells {pairs} apart is only what formed them.", pairs=_paired(circular))
        return "open", why, []
    return "yes", tr("Every two differ in something that did not form them."), []


def _paired(pairs: Sequence[PairVerdict]) -> str:
    return listed([listed([str(pair.first), str(pair.second)]) for pair in pairs])


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
    off = value.off
    if off is not None and abs(off) > OFF:
        return "open", _unreliable(value, off), evidence
    least = _least_ahead(value)
    if small:
        why = tr_count(
            "{names} brings less than {least}.", "{names} bring less than {least}.",
            len(small), names=_named(small), least=least,
        )  # fmt: skip
        return "no", why, evidence
    if unsure:
        why = tr_count(
            "Whether {names} brings {least} we cannot tell.",
            "Whether {names} bring {least} we cannot tell.",
            len(unsure), names=_named(unsure), least=least,
        )  # fmt: skip
        return "open", why, evidence
    return "yes", tr("Each brings {least}, or more.", least=least), evidence


def _least_ahead(value: Value) -> str:
    """Return how much makes a segment substantial: a part of all, or the amount that was named."""
    when = time_ahead(value.horizon, value.unit)
    if value.asked and value.at_least is not None:
        amount = apart(quantity(value.at_least, value.money, 3))
        return tr("{amount} {ahead}", amount=amount, ahead=when)
    part = percent(SUBSTANTIAL)
    return tr("{part} of what all are expected to bring {ahead}", part=part, ahead=when)


def _unreliable(value: Value, off: float) -> str:
    """Say that more or less was expected than followed."""
    when, share = time_ahead(value.horizon, value.unit), percent(abs(off))
    if off > 0:
        return tr(
            "What is expected {ahead} cannot be relied on: for time held back, {share} more was "
            "expected than followed.",
            ahead=when,
            share=share,
        )
    return tr(
        "What is expected {ahead} cannot be relied on: for time held back, {share} less was "
        "expected than followed.",
        ahead=when,
        share=share,
    )


#: What is said of a part of the revenue, or of the customers, that is too small or may be.
_LESS_REVENUE = later_count(
    "{names} brings less than {least} of the revenue.",
    "{names} bring less than {least} of the revenue.",
)
_UNSURE_REVENUE = later_count(
    "Whether {names} brings {least} of the revenue we cannot tell.",
    "Whether {names} bring {least} of the revenue we cannot tell.",
)
_LESS_CUSTOMERS = later_count(
    "{names} holds less than {least} of the customers.",
    "{names} hold less than {least} of the customers.",
)
_UNSURE_CUSTOMERS = later_count(
    "Whether {names} holds {least} of the customers we cannot tell.",
    "Whether {names} hold {least} of the customers we cannot tell.",
)


def _matters_now(found: Segmentation) -> Answer:
    money = [s.worth.revenue for s in found.segments if s.worth and s.worth.revenue]
    if len(money) == len(found.segments) > 0:
        less, open_ = _LESS_REVENUE, _UNSURE_REVENUE
        ends = [(m.interval.low, m.interval.high) for m in money]
    else:
        less, open_ = _LESS_CUSTOMERS, _UNSURE_CUSTOMERS
        ends = [(s.share_interval.low, s.share_interval.high) for s in found.segments]
    small = [s for s, (_, high) in zip(found.segments, ends, strict=True) if high < SUBSTANTIAL]
    unsure = [s for s, (low, _) in zip(found.segments, ends, strict=True) if low < SUBSTANTIAL]
    least = percent(SUBSTANTIAL)
    evidence = [id_ for s in found.segments for id_ in _ids(found, f"segment-{s.id}.revenue")]
    if small:
        return "no", tr_count(*less, len(small), names=_named(small), least=least), evidence
    if unsure:
        return "open", tr_count(*open_, len(unsure), names=_named(unsure), least=least), evidence
    if not money:
        why = tr("Each holds {least} of the customers or more; money is not known.", least=least)
        return "open", why, evidence
    return "yes", tr("Each brings {least} of the revenue or more.", least=least), evidence


def of_blanks(evidence: str) -> bool:
    """Return whether it is about what is not known, and not about whom segments favor."""
    return evidence.endswith((".unknown", ".blanks", ".blanks-move"))


def unfair(evidence: str, verdict: str) -> bool:
    """Return whether what is known of fairness is wrong whatever is decided."""
    away = evidence.endswith(".blanks-move") and verdict == "apart"
    return ".proxy." in evidence or _MISSING in evidence or away


def stated(evidence: Sequence[Evidence | CanvasEvidence]) -> str:
    """Return what evidence says, which is kept in English, as readers read it."""
    return " ".join(statements(evidence))


def statements(evidence: Sequence[Evidence | CanvasEvidence]) -> list[str]:
    """Return the same as sentences; of answers that one attribute lacks, the first few."""
    told: list[str] = []
    kinds = [one.id.partition(_MISSING)[0] if _MISSING in one.id else one.id for one in evidence]
    for kind in dict.fromkeys(kinds):
        own = [one for one, of in zip(evidence, kinds, strict=True) if of == kind]
        # One more sentence takes no more room than to say that there is one more.
        shown = own if len(own) <= _MOST_ALIKE + 1 else own[:_MOST_ALIKE]
        told += [retelling.told(one.statement) for one in shown]
        if more := len(own) - len(shown):
            told.append(
                tr_count(
                    "And {n} more answer is missing so.", "And {n} more answers are missing so.",
                    more,
                )
            )  # fmt: skip
    return told


def _fair(found: Segmentation) -> Answer:
    told = [e for e in found.evidence if e.id.startswith("fairness.")]
    if not any(v.use == "protected" for v in found.variables):
        return "open", tr("No protected attribute is among the data, so nobody knows."), []
    if not told:
        why = tr("Nobody looked, or too few people share an answer. 'forwhom fairness' looks.")
        return "open", why, []
    off = [e for e in told if unfair(e.id, e.verdict)]
    uneven = [e for e in told if e.verdict == "apart" and not of_blanks(e.id)]
    spread = [e for e in told if e.verdict == "alike"]
    ids = [e.id for e in told]
    if off:
        return "no", stated(off), ids
    if uneven:
        depends = tr("Whether that is fair depends on the decision.")
        return "open", f"{stated(uneven[:1])} {depends}", ids
    if len(spread) == len(told):
        return "yes", stated(spread), ids
    return "open", stated([e for e in told if e not in spread]), ids


def _reach(found: Segmentation) -> Answer:
    channels = {v.name: v.label for v in found.variables if v.criterion == "channel"}
    known = [s for s in found.segments if any(d.variable in channels for d in s.distinctions)]
    asked, placed = _recognized(found)
    # Who is placed no better than by guessing is not reached, whatever the share.
    guessing = f" {told_of_guessing(found)}".rstrip()
    if not channels:
        why = tr("no variable tells through which channel they are reached.")
        return "open", beside((asked, why)) + guessing, []
    if len(known) < len(found.segments):
        left = _named([s for s in found.segments if s not in known])
        why = tr("{names} cannot be told from others by channel.", names=left)
        return "open", beside((asked, why)) + guessing, []
    enough = placed is not None and placed >= PLACED and gain_of(found) == "yes"
    labels = listed(list(map(apart, channels.values())))
    why = tr("each differs from the others in {variables}.", variables=labels)
    return "yes" if enough else "open", beside((asked, why)) + guessing, []


def _recognized(found: Segmentation) -> tuple[str, float | None]:
    """Return how many questions place how many customers, in words, and that share."""
    tool = found.typing_tool
    placed = tool.steps[tool.asked - 1].right if tool and tool.steps else None
    if tool is None or placed is None:
        return tr("Nothing says how to recognize a member"), None
    said = tr_counted(
        "{n} question places {share} of customers {where}",
        "{n} questions place {share} of customers {where}",
        tool.asked,
        share=percent(placed),
        where=phrase("in the right", found.noun),
    )
    return said, placed


def _true(found: Segmentation, today: date) -> Answer:
    told, why = found.refreshed, stale(found, today)
    gone = told is not None and told.verdict == "refit" and told.lineage == found.lineage
    if told is not None and (gone or not why):
        # That segments are no longer true does not become better with time.
        state: State = _STILL.get(told.verdict, "open")
        held = tr_count(
            "Held against {n} customer as of {day}.",
            "Held against {n} customers as of {day}.",
            told.n,
            day=told.day,
        )
        return state, f"{held} {told.headline}", ["refresh.verdict"]
    ended = _ended(found, today) if told is None else None
    if ended is not None:
        return ended
    age = max((today - made_on(found)).days, 0)
    when = tr("Found {ago}", ago=_ago(age)) if age else tr("It is new")
    if told is not None:
        past = tr("a later period was looked at, but that is stale, since {why}", why=why)
        when = beside((when, past))
    if age > OLD:
        too_old = tr("{when}: too long to rely on; discover again with newer data.", when=when)
        return "no", too_old, []
    if age > FRESH:
        if told is not None:
            return "open", tr("{when}; 'forwhom refresh' looks again.", when=when), []
        return (
            "open",
            tr("{when}, and not looked at since; 'forwhom refresh' looks.", when=when),
            [],
        )
    again = tr_count(
        "{when}; look again after {n} day.", "{when}; look again after {n} days.", FRESH, when=when
    )
    return "yes", again, []


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
    ends = tr("The events end in {month}, {ago}", month=apart(until), ago=_ago(max(since, 0)))
    if since > OLD:
        why = tr("{when}: too long to rely on; discover again with newer data.", when=ends)
        return "no", why, []
    if since > FRESH:
        return "open", tr("{when}; score newer customers.", when=ends), []
    return None


def _ago(days: int) -> str:
    """Return how long ago something was, as people say it: whole days, months or years."""
    if days < 90:
        return tr_count("{n} day ago", "{n} days ago", days)
    years = int(days / 365.25)
    if years > 1:
        return tr_count("{n} year ago", "{n} years ago", years)
    return tr_count("{n} month ago", "{n} months ago", int(days / 30.44))


def made_on(found: Segmentation) -> date:
    """Return the day on which it was found."""
    return datetime.fromisoformat(found.created).date()


def _ids(found: Segmentation, start: str) -> list[str]:
    return [e.id for e in found.evidence if e.id == start or e.id.startswith(f"{start}.")]


def _named(segments: Sequence[Segment]) -> str:
    return listed([f"{s.id} ({apart(s.name)})" for s in segments])
