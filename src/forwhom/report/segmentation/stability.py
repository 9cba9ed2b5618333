"""Would the segments be found again: by number of segments, and one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.again import READINGS, again_of, optima_of
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.stability import FOUND, NumberStability, Stability
from forwhom.report.segmentation.cards import Card
from forwhom.wording import between, count, decimal, percent


@dataclass(frozen=True)
class Again:
    """Agreement of replicates over numbers of segments, and how often each segment is found."""

    noun: str
    chosen: int
    sentences: tuple[str, ...]
    numbers: tuple[NumberStability, ...]
    segments: tuple[tuple[Card | str, ...], ...]

    @property
    def briefly(self) -> str:
        """The agreement of every number of segments in a line; empty where one was replicated."""
        if len(self.numbers) < 2:
            return ""
        told = ", ".join(f"{one.k}: {decimal(one.agreement)}" for one in self.numbers)
        return f"Number of {self.noun}s by how well they are found again (1 is the same)  {told}"

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The agreement of every number of segments as a table."""
        return [
            (
                f"{one.k} (chosen)" if one.k == self.chosen else str(one.k),
                decimal(one.agreement),
                between(decimal(one.low), decimal(one.high)),
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
            (cards[s.segment - 1], decimal(s.jaccard), f"{s.found} of {stability.replicates}")
            for s in stability.segments
        ),
    )


def _sentences(
    segmentation: Segmentation, stability: Stability, told: NumberStability
) -> Iterator[str]:
    yield again_of(stability, told.k, segmentation.noun)
    yield READINGS[stability.reading]
    fewer = (
        f" {stability.rows:,} customers stand for all; with all of them, agreement would be "
        "higher rather than lower."
        if stability.rows < stability.rows_in_all
        else ""
    )
    yield (
        f"{count(stability.replicates, 'replicate')} of the customers, each counting every "
        "customer 0, 1, 2 or more times at random, were fitted anew from random starts. In 90% of "
        f"them the agreement is {between(decimal(told.low), decimal(told.high))}. A "
        f"{segmentation.noun} counts as found again where customers in both it and one of a "
        f"replicate are at least {percent(FOUND)} of those in either.{fewer}"
    )
    optima = optima_of(told, segmentation.noun)
    if optima:
        yield optima
