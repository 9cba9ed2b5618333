"""Segment cards: who a segment is, what distinguishes it, its typical member."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.answer import how_sure
from forwhom.documents.segmentation import Distinction, Segment, Segmentation, Variable
from forwhom.documents.verdict import standing_of
from forwhom.report.drawing.palette import accent
from forwhom.report.segmentation.worth import Brought, brought
from forwhom.wording import count, decimal, listed, opened, percent, percent_range

#: How many differences and values a card shows before the rest is folded away.
SHOWN_DIFFERENCES = 5
SHOWN_VALUES = 6
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
    noun: str
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
    noun: str,
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
        customers=f"{count(size, 'customer')}{' most likely here' if doubt else ''}",
        sure=percent(segment.certainty.mean_probability) if mixture else "",
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


def _certainty(segment: Segment) -> str:
    certainty = segment.certainty
    return (
        f"{how_sure(certainty.mean_probability).capitalize()}: members belong here with a "
        f"probability of {percent(certainty.mean_probability)} on average; "
        f"{percent(certainty.sure)} of them with at least 80%."
    )


def _difference(distinction: Distinction) -> Difference:
    interval = distinction.interval
    effect = decimal(distinction.effect, sign=True)
    number = f"Cohen’s {distinction.kind} {effect}"
    if interval is not None:
        number += f" ({decimal(interval.low, sign=True)} to {decimal(interval.high, sign=True)})"
    return Difference(
        statement=opened(distinction.statement),
        effect=distinction.effect,
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        size=_how_large(distinction.effect),
        briefly=f"{distinction.kind} = {effect}",
        number=number,
    )


def _how_large(effect: float) -> str:
    """Return the size of a difference in words, by Cohen's bounds 0.2, 0.5 and 0.8."""
    for least, word in ((0.8, "large"), (0.5, "medium"), (0.2, "small")):
        if abs(effect) >= least:
            return f"{word} difference"
    return "very small difference"


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
