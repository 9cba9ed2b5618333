"""A plain summary of a Segmentation: everything on page and terminal, before any markup."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.answer import Answer
from forwhom.documents.defense import Defense, defense_of_segmentation, looked_at
from forwhom.documents.nouns import forms_of
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.telling import told_segmentation
from forwhom.documents.verdict import MEANINGS, Noun
from forwhom.languages.catalog import later, tr, whole
from forwhom.report.segmentation.ahead import Ahead, ahead
from forwhom.report.segmentation.background import (
    Computation,
    Data,
    Pairs,
    computation,
    data,
    pairs,
)
from forwhom.report.segmentation.cards import Card, cards
from forwhom.report.segmentation.criteria import Criteria, criteria
from forwhom.report.segmentation.fair import Fair, fair
from forwhom.report.segmentation.notes import gathered
from forwhom.report.segmentation.profiles import (
    Contrast,
    ProfileTables,
    contrasts,
    profile_tables,
    withheld,
)
from forwhom.report.segmentation.questions import Questions, questions
from forwhom.report.segmentation.refreshed import Refreshed, refreshed
from forwhom.report.segmentation.selection import Selection, selection
from forwhom.report.segmentation.stability import Again, again
from forwhom.report.segmentation.structure import Differences, differences
from forwhom.report.segmentation.terms import term
from forwhom.wording import decimal, percent

#: What heads the parts of sums, and the money that a customer leaves after costs.
_REVENUE, _ORDERS = later("Of the revenue"), later("Of the orders")
_LEFT = later("Margin of a customer")


@dataclass(frozen=True)
class Summary:
    """What the report says, in the order in which it says it."""

    title: str
    answer: Answer
    #: What each segment may be called.
    noun: Noun
    #: What the number of customers of a card counts.
    members: str
    #: Whether customers in doubt count in part.
    doubt: bool
    #: Whether the segments can be defended, on the day that they were found.
    defense: Defense
    cards: tuple[Card, ...]
    #: What they will bring, where purchases are known.
    ahead: Ahead | None
    differences: Differences | None
    again: Again | None
    contrasts: tuple[Contrast, ...]
    profiles: ProfileTables
    selection: Selection | None
    overlap: tuple[tuple[float, ...], ...]
    questions: Questions | None
    criteria: Criteria | None
    fair: Fair | None
    refreshed: Refreshed | None
    pairs: Pairs | None
    data: Data
    computation: Computation
    #: What was found in the data and what was done about it, as it was noted.
    notes: tuple[str, ...]

    @property
    def called(self) -> dict[str, str]:
        """What the segments may be called, in every form that a message has a place for."""
        return forms_of(self.noun)

    @property
    def meaning(self) -> str:
        """What the word for a segment means."""
        return tr(MEANINGS[self.noun])

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a text says after the segments, a line for each part that a page has."""
        parts = (
            self.selection, self.again, self.criteria, self.ahead, self.questions, self.fair,
            self.refreshed,
        )  # fmt: skip
        return tuple(part.briefly for part in parts if part is not None and part.briefly)

    @property
    def asides(self) -> tuple[str, ...]:
        """What a text says quietly: what was left out, how numbers were modeled, and notes."""
        return (*filter(None, [self.data.briefly, self.computation.briefly]), *self.notes)

    @property
    def contrast_rows(self) -> list[tuple[str, ...]]:
        """The differences as a table, a column for each segment."""
        return [
            (
                one.label,
                *(tr("not shown") if v is None else decimal(v, sign=True) for v in one.values),
            )
            for one in self.contrasts
        ]

    @property
    def size_rows(self) -> list[tuple[Card | str, ...]]:
        """The sizes as a table."""
        return [(c, c.share_text, c.interval_text, whole(c.n)) for c in self.cards]

    @property
    def worth_headings(self) -> tuple[str, ...]:
        """The columns of what each segment brings; empty where no amounts are known."""
        known = [card.brings for card in self.cards if card.brings is not None]
        if not known or len(self.cards) < 2:
            return ()
        averages = dict.fromkeys(label for one in known for label, _ in one.averages)
        sums = [
            *([tr(_REVENUE)] if any(one.revenue for one in known) else []),
            *([tr(_ORDERS)] if any(one.orders for one in known) else []),
            *([tr(_LEFT)] if any(one.margin for one in known) else []),
        ]
        return (self.called["Noun"], tr("Customers"), *sums, *averages)

    @property
    def worth_rows(self) -> list[tuple[Card | str, ...]]:
        """What each segment brings, as a table."""
        return [(card, card.share_text, *_worth_cells(card, self)) for card in self.cards]

    @property
    def overlap_rows(self) -> list[tuple[Card | str, ...]]:
        """The overlap as a table, a column for each segment."""
        return [
            (card, *map(percent, row)) for card, row in zip(self.cards, self.overlap, strict=True)
        ]


def summarize(segmentation: Segmentation) -> Summary:
    """Return the plain summary that page and terminal are filled from, as it is spoken."""
    return summary_of(told_segmentation(segmentation))


def summary_of(segmentation: Segmentation) -> Summary:
    """Return the summary of a segmentation that is told already."""
    several = len(segmentation.segments) > 1
    shown = cards(segmentation)
    return Summary(
        title=segmentation.title,
        answer=segmentation.answer,
        noun=segmentation.noun,
        doubt=segmentation.members != "Customers",
        members=term("members", segmentation.members),
        defense=defense_of_segmentation(segmentation, looked_at(segmentation)),
        cards=shown,
        ahead=ahead(segmentation, shown),
        differences=differences(segmentation, shown),
        again=again(segmentation, shown),
        contrasts=contrasts(segmentation) if several else (),
        profiles=profile_tables(segmentation),
        selection=selection(segmentation),
        overlap=tuple(tuple(row) for row in segmentation.overlap) if several else (),
        questions=questions(segmentation) if several else None,
        criteria=criteria(segmentation) if several else None,
        fair=fair(segmentation),
        refreshed=refreshed(segmentation, shown),
        pairs=pairs(segmentation),
        data=data(segmentation),
        computation=computation(segmentation),
        notes=gathered(segmentation.quality.notes),
    )


def _worth_cells(card: Card, summary: Summary) -> list[str]:
    brings = card.brings
    cells = {} if brings is None else dict(brings.averages)
    if brings is not None:
        cells |= {tr(_REVENUE): brings.revenue, tr(_ORDERS): brings.orders}
        cells |= {tr(_LEFT): brings.margin}
    return [cells.get(heading) or withheld() for heading in summary.worth_headings[2:]]
