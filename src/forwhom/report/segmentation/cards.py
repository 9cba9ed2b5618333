"""Segment cards: who a segment is, what distinguishes it, its typical member."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.answer import how_sure
from forwhom.documents.segmentation import Distinction, Segment, Segmentation, Variable
from forwhom.documents.verdict import Noun, standing_of
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.report.drawing.palette import accent
from forwhom.report.segmentation.worth import Brought, brought
from forwhom.wording import apart, decimal, listed, opened, percent, percent_range

#: How many differences and values a card shows before the rest is folded away.
SHOWN_DIFFERENCES = 5
SHOWN_VALUES = 6
#: How large a difference is, by Cohen's bounds.
_SIZES = (
    (0.8, later("large difference")),
    (0.5, later("medium difference")),
    (0.2, later("small difference")),
)
#: How many values of a typical member the page holds at all; nobody reads a hundred.
MOST_VALUES = 40


@dataclass(frozen=True)
class Difference:
    """One statement about a segment, with its effect against the other customers."""

    statement: str
    effect: float
    low: float | None
    high: float | None
    size: str
    briefly: str
    number: str


@dataclass(frozen=True)
class Member:
    """A made-up typical member: labels and values, the telling ones first."""

    based_on: int
    first: tuple[tuple[str, str], ...]
    rest: tuple[tuple[str, str], ...]
    elsewhere: int


@dataclass(frozen=True)
class Card:
    """One segment, as a reader meets it."""

    id: int
    accent: int
    noun: Noun
    name: str
    proposed_name: str | None
    share: float
    low: float
    high: float
    share_text: str
    interval_text: str
    interval_level: str
    n: int
    customers: str
    sure: str
    #: How sure it is who belongs here: in a word, and in a sentence.
    sureness: str
    certainty: str
    #: A group of its own, or a slice of one continuum with others; empty where nothing tested it.
    standing: str
    brings: Brought | None  # None where no amounts are known
    tagline: str
    first: tuple[Difference, ...]
    rest: tuple[Difference, ...]
    member: Member | None


def cards(segmentation: Segmentation) -> tuple[Card, ...]:
    """Return a card for each segment, in the order of the segments."""
    variables = {v.name: v for v in segmentation.variables}
    mixture, several = segmentation.fit.method == "mixture", len(segmentation.segments) > 1
    structure, k, noun = segmentation.structure, len(segmentation.segments), segmentation.noun
    return tuple(
        _card(
            s,
            segmentation.size_of(s),
            variables,
            mixture,
            mixture and several,
            noun,
            standing_of(structure, s, k),
        )
        for s in segmentation.segments
    )


def _card(
    segment: Segment,
    size: int,
    variables: dict[str, Variable],
    mixture: bool,
    doubt: bool,
    noun: Noun,
    standing: str,
) -> Card:
    interval = segment.share_interval
    differences = tuple(_difference(d) for d in segment.distinctions)
    return Card(
        id=segment.id,
        accent=accent(segment.id),
        noun=noun,
        name=segment.name,
        proposed_name=None if segment.name == segment.proposed_name else segment.proposed_name,
        share=segment.share,
        low=interval.low,
        high=interval.high,
        share_text=percent(segment.share),
        interval_text=percent_range(interval.low, interval.high),
        interval_level=percent(interval.level),
        n=size,
        customers=_customers(size, doubt),
        sure=percent(segment.certainty.mean_probability) if mixture else "",
        sureness=_sureness(segment) if doubt else "",
        certainty=_certainty(segment) if doubt else "",
        standing=standing,
        brings=brought(segment, variables),
        tagline=tagline(segment),
        first=differences[:SHOWN_DIFFERENCES],
        rest=differences[SHOWN_DIFFERENCES:],
        member=_member(segment, variables),
    )


def tagline(segment: Segment) -> str:
    """Return who they are in one line: what the name leaves out, or the strongest statement."""
    name = segment.name.casefold()
    if name.endswith(f" {segment.id}") and segment.distinctions:
        return opened(segment.distinctions[0].statement)  # a number says nothing of them
    phrases = list(dict.fromkeys(d.phrase for d in segment.distinctions if d.phrase))[:3]
    if any(phrase.casefold() not in name for phrase in phrases):
        return opened(listed(phrases))
    return opened(segment.distinctions[0].statement) if segment.distinctions else ""


def _customers(n: int, doubt: bool) -> str:
    if doubt:
        return tr_count("{n} customer most likely here", "{n} customers most likely here", n)
    return tr_count("{n} customer", "{n} customers", n)


def _sureness(segment: Segment) -> str:
    return how_sure(segment.certainty.mean_probability)


def _certainty(segment: Segment) -> str:
    return tr(
        "{sure}: members belong here with a probability of {mean} on average; {part} of them with "
        "at least {least}.",
        sure=opened(_sureness(segment)),
        mean=percent(segment.certainty.mean_probability),
        part=percent(segment.certainty.sure),
        least=percent(0.8),
    )


def _difference(distinction: Distinction) -> Difference:
    interval = distinction.interval
    effect = decimal(distinction.effect, sign=True)
    number = tr("Cohen’s {kind} {effect}", kind=distinction.kind, effect=apart(effect))
    if interval is not None:
        number += f" ({ends_of(interval.low, interval.high)})"
    return Difference(
        statement=opened(distinction.statement),
        effect=distinction.effect,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        size=_how_large(distinction.effect),
        briefly=f"{distinction.kind} = {effect}",
        number=number,
    )


def ends_of(low: float, high: float) -> str:
    """Return a range of effects, each with its sign, also where both ends are said alike."""
    low_end, high_end = (apart(decimal(end, sign=True)) for end in (low, high))
    return tr("{low} to {high}", low=low_end, high=high_end)


def _how_large(effect: float) -> str:
    """Return the size of a difference in words."""
    said = (tr(word) for least, word in _SIZES if abs(effect) >= least)
    return next(said, tr("very small difference"))


def _member(segment: Segment, variables: dict[str, Variable]) -> Member | None:
    typical = segment.typical_member
    if typical is None:
        return None
    # What distinguishes the segment tells most about its member, then what formed it.
    told = {d.variable: rank for rank, d in reversed(list(enumerate(segment.distinctions)))}

    def order(name: str) -> tuple[int, bool]:
        variable = variables.get(name)
        return told.get(name, len(told) + 1), variable is None or variable.use != "active"

    pairs = tuple(
        (variables[name].label if name in variables else name, typical.values[name])
        for name in sorted(typical.values, key=order)
    )
    return Member(
        based_on=typical.based_on,
        first=pairs[:SHOWN_VALUES],
        rest=pairs[SHOWN_VALUES:MOST_VALUES],
        elsewhere=len(pairs[MOST_VALUES:]),
    )
