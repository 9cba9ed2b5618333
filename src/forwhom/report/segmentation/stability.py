"""Would the segments be found again: by number of segments, and one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.again import READINGS, again_of, optima_of
from forwhom.documents.nouns import forms_of
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.stability import FOUND, NumberStability, Stability
from forwhom.documents.verdict import Noun
from forwhom.languages.catalog import tr, tr_count, whole
from forwhom.report.segmentation.cards import Card
from forwhom.wording import apart, between, decimal, joined, percent


@dataclass(frozen=True)
class Again:
    """Agreement of replicates over numbers of segments, and how often each segment is found."""

    noun: Noun
    chosen: int
    sentences: tuple[str, ...]
    numbers: tuple[NumberStability, ...]
    segments: tuple[tuple[Card | str, ...], ...]

    @property
    def briefly(self) -> str:
        """The agreement of every number of segments in a line; empty where one was replicated."""
        if len(self.numbers) < 2:
            return ""
        told = [f"{one.k}: {decimal(one.agreement)}" for one in self.numbers]
        said = tr(
            "Number of {nouns} by how well they are found again (1 is the same)",
            **forms_of(self.noun),
        )
        return f"{said}  {joined(told)}"

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The agreement of every number of segments as a table."""
        return [
            (
                tr("{k} (chosen)", k=one.k) if one.k == self.chosen else str(one.k),
                decimal(one.agreement),
                between(apart(decimal(one.low)), apart(decimal(one.high))),
                decimal(one.warm),
            )
            for one in self.numbers
        ]


def again(segmentation: Segmentation, cards: Sequence[Card]) -> Again | None:
    """Return whether the segments would be found again; ``None`` where nothing tested it."""
    stability, k = segmentation.stability, len(segmentation.segments)
    told = None if stability is None else stability.of(k)
    if stability is None or told is None:
        return None
    return Again(
        noun=segmentation.noun,
        chosen=k,
        sentences=tuple(_sentences(segmentation, stability, told)),
        numbers=tuple(stability.numbers),
        segments=tuple(
            (
                cards[s.segment - 1],
                decimal(s.jaccard),
                tr("{found} of {all}", found=s.found, all=stability.replicates),
            )
            for s in stability.segments
        ),
    )


def _sentences(
    segmentation: Segmentation, stability: Stability, told: NumberStability
) -> Iterator[str]:
    yield again_of(stability, told.k, segmentation.noun)
    yield tr(READINGS[stability.reading])
    yield " ".join(_how(segmentation, stability, told))
    optima = optima_of(told, segmentation.noun)
    if optima:
        yield optima


def _how(segmentation: Segmentation, stability: Stability, told: NumberStability) -> Iterator[str]:
    """Yield how they were sought again, and what counts as found."""
    yield tr_count(
        "{n} replicate of the customers, each counting every customer 0, 1, 2 or more times at "
        "random, were fitted anew from random starts.",
        "{n} replicates of the customers, each counting every customer 0, 1, 2 or more times at "
        "random, were fitted anew from random starts.",
        stability.replicates,
    )
    agreement = between(apart(decimal(told.low)), apart(decimal(told.high)))
    yield tr("In {part} of them the agreement is {range}.", part=percent(0.9), range=agreement)
    yield tr(
        "A {noun} counts as found again where customers in both it and one of a replicate are at "
        "least {part} of those in either.",
        part=percent(FOUND),
        **forms_of(segmentation.noun),
    )
    if stability.rows < stability.rows_in_all:
        yield tr(
            "{rows} customers stand for all; with all of them, agreement would be higher rather "
            "than lower.",
            rows=whole(stability.rows),
        )
