"""The answer of the alignment exercise: where buyer, user and target impact want the same.

It holds medians, classes and agreement, and no rater's name.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import Buti, NeedKind
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.segmentation import Interval, Source
from forwhom.wording import count

#: How the segments stand on one item, in the order in which the classes are asked for.
AlignmentClass = Literal[
    "unwanted", "misaligned", "strong", "sufficient", "weak", "not-compared"
]  # fmt: skip

#: What a misalignment asks for: nothing, a change, a new thought.
SeverityLevel = Literal["low", "medium", "high"]

#: With fewer raters, the bootstrap knows too little of how raters differ.
FEW = 5

#: Which segments are compared: all; buyer against user; buyer against target impact.
ViewName = Literal["all", "adoption", "sustainability"]


class RatedSegment(Document):
    """A segment for which items were rated."""

    id: str
    name: str
    buti: list[Buti] = Field(default_factory=list, description="Buyer, user or target impact.")
    power: float = Field(
        default=1.0, description="How far it can stop the purchase or the use, 0 to 1."
    )
    raters: int = Field(default=0, description="How many raters rated for it.")
    direct: int = Field(default=0, description="How many of them speak for themselves.")


class RatedItem(Document):
    """A need that was rated."""

    id: str
    statement: str
    kind: NeedKind | None = Field(default=None, description="None where no canvas says.")
    importance: float | None = Field(
        default=None, description="0 to 1; None where nobody said: it then counts as 1."
    )
    strategies: list[str] = Field(
        default_factory=list, description="Strategies for it that were not dropped, by id."
    )
    answered: bool = Field(
        default=False, description="Whether one of these strategies says what will be done."
    )


class Camp(Document):
    """One of two groups of raters who see the same thing differently."""

    n: int = Field(description="Raters in it; at least two.")
    median: float


class Cell(Document):
    """How desirable one item is for one segment."""

    item: str
    segment: str
    n: int = Field(description="Ratings behind it; 0 where nobody rated.")
    round: int | None = Field(default=None, description="The last round of the ratings that count.")
    basis: Literal["direct", "proxy", "both", "none"] = Field(
        description="Whose ratings count: members of the segment, people who speak for it, or both."
    )
    median: float | None = Field(default=None, description="-5 to 5; None where nobody rated.")
    interval: Interval | None = Field(
        default=None, description="Of the median; None below two ratings."
    )
    consensus: float | None = Field(
        default=None, description="Tastle and Wierman: 1 all equal, 0 half at each end."
    )
    disagree: bool = Field(default=False, description="Consensus is below the threshold.")
    camps: list[Camp] = Field(
        default_factory=list, description="Two camps, lower first; empty where there is one mind."
    )


class Severity(Document):
    """How much a difference weighs: size of the difference, importance, power of who is against."""

    value: float = Field(description="0 to 1.")
    interval: Interval | None = None
    level: SeverityLevel | None = Field(
        default=None, description="None where the segments are not misaligned."
    )
    opposed: str | None = Field(
        default=None, description="The segment whose opposition weighs most; None without a gap."
    )


class ItemAlignment(Document):
    """How the segments of a view stand on one item."""

    item: str
    segments: list[str] = Field(description="Segments with ratings, which are compared.")
    gap: float | None = Field(default=None, description="Highest less lowest median, 0 to 10.")
    conflict: float | None = Field(
        default=None, description="min(highest above 0, lowest below 0) / 5: 0 to 1."
    )
    alignment: AlignmentClass
    probabilities: dict[AlignmentClass, float] = Field(
        default_factory=dict,
        description="Share of bootstrap replicates in each class; empty where a segment has a "
        "single rater.",
    )
    probability: float | None = Field(
        default=None, description="Of its class; None where probabilities are empty."
    )
    undecided: bool = Field(
        default=False, description="The probability of its class is below the threshold."
    )
    adoption: Severity | None = Field(
        default=None,
        description="Risk that it is not bought or used: each segment with its power.",
    )
    sustainability: Severity | None = Field(
        default=None,
        description="Risk that it does no good: target impact, which counts fully whatever its "
        "power. None where no segment of that kind has ratings.",
    )
    severity: Severity | None = Field(
        default=None, description="The heavier of the two; None where nothing is compared."
    )


class View(Document):
    """The same items, for some of the segments."""

    name: ViewName
    segments: list[str] = Field(description="The segments that it compares.")
    items: list[ItemAlignment]


class Agreement(Document):
    """How far raters agree, beyond chance, over the items of one segment or of all."""

    coefficient: Literal["krippendorff-alpha", "gwet-ac2", "kendall-w"]
    metric: Literal["ordinal", "interval", "nominal", "quadratic", "rank"] = Field(
        description="What counts as a small or a large difference."
    )
    segment: str | None = Field(description="None: the items of all segments together.")
    value: float | None = Field(description="None where it is not defined; the note says why.")
    interval: Interval | None = Field(default=None, description="Items drawn anew, with the seed.")
    units: int = Field(description="Pairs of item and segment behind it.")
    raters: int
    note: str = ""


class VarianceShare(Document):
    """How much of the differences between ratings comes from one source."""

    source: Literal["item", "segment", "segment-by-item", "rater", "rest"]
    variance: float = Field(description="Estimated component; below 0 counts as 0 in the share.")
    share: float = Field(description="Of the sum of the components, 0 to 1.")


class ProxyError(Document):
    """What people guess for a segment, against what its members say."""

    segment: str
    item: str | None = Field(description="None: over all items that both rated.")
    items: int = Field(description="Items that both rated.")
    bias: float = Field(description="Guess less own rating: above 0, the team thinks too well.")
    interval: Interval | None = Field(default=None, description="Of the bias.")
    error: float = Field(description="Mean absolute difference.")
    opposite: int = Field(description="Items on which guess and own rating differ in sign.")


class Change(Document):
    """One cell from one round to the next, by those who rated in both."""

    item: str
    segment: str
    before_round: int
    after_round: int
    raters: int = Field(description="Raters who rated in both rounds.")
    moved: int = Field(description="How many of them changed their rating.")
    before: float = Field(description="Their median before.")
    after: float = Field(description="Their median after.")
    interval: Interval | None = Field(default=None, description="Of after less before.")
    consensus_before: float
    consensus_after: float


class ClassChange(Document):
    """An item whose class is another one since the last round."""

    item: str
    before: AlignmentClass
    after: AlignmentClass


class AlignmentResult(Document):
    """Where segments want the same, where they do not, and how sure that is."""

    forwhom: Literal[1] = 1
    kind: Literal["alignment"] = "alignment"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    version: str = Field(default="", description="Version of forwhom that computed it.")
    seed: int
    replicates: int
    sources: list[Source] = Field(default_factory=list, description="Tables that were read.")
    raters: int
    ratings: int
    rounds: int = Field(description="The last round.")
    thresholds: Thresholds = Thresholds()
    segments: list[RatedSegment]
    items: list[RatedItem]
    cells: list[Cell] = Field(description="Every item for every segment, items in order.")
    views: list[View] = Field(description="All segments first; then adoption, sustainability.")
    agreement: list[Agreement] = Field(default_factory=list)
    variance: list[VarianceShare] = Field(default_factory=list)
    proxies: list[ProxyError] = Field(default_factory=list)
    changes: list[Change] = Field(default_factory=list)
    class_changes: list[ClassChange] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list, description="What a reader must know.")

    @property
    def overall(self) -> View:
        """The view of all segments."""
        return self.views[0]

    @property
    def pressing(self) -> list[ItemAlignment]:
        """Misalignments of medium or high severity, the heaviest first."""
        found = [
            item
            for item in self.overall.items
            if item.severity is not None and item.severity.level in ("medium", "high")
        ]
        return sorted(found, key=lambda item: -item.severity.value if item.severity else 0.0)

    @property
    def unanswered(self) -> list[ItemAlignment]:
        """The pressing ones for which no strategy says what will be done."""
        answered = {item.id for item in self.items if item.answered}
        return [item for item in self.pressing if item.item not in answered]

    def __str__(self) -> str:
        """Return each item with its class, a line each."""
        statements = {item.id: item.statement for item in self.items}
        lines = [f"{count(len(self.items), 'item')} rated by {count(self.raters, 'rater')}"]
        if self.title:
            lines[0] = f"{self.title}: {lines[0]}"
        for item in self.overall.items:
            level = item.severity.level if item.severity else None
            doubt = ", undecided" if item.undecided else ""
            weight = f", severity {level}" if level else ""
            lines.append(f"{statements[item.item]}: {item.alignment}{weight}{doubt}")
        return "\n".join(lines)

    __repr__ = __str__
