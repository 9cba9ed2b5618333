"""Ratings, classes and severities in plain words, the same in the terminal and on the page."""

from collections.abc import Sequence

from forwhom.documents.results.alignment import (
    AlignmentClass,
    AlignmentResult,
    Cell,
    ItemAlignment,
    RatedItem,
    SeverityLevel,
    ViewName,
)
from forwhom.documents.segmentation import Interval
from forwhom.languages.catalog import later, tr
from forwhom.wording import between, decimal, listed, percent, signed

#: What a class is called, the worst first, and what it means.
CLASSES: dict[AlignmentClass, tuple[str, str]] = {
    "misaligned": (
        later("Misaligned"),
        later("some segments want it and others are against it, or far apart"),
    ),
    "unwanted": (later("Unwanted"), later("no segment wants it")),
    "weak": (later("Weak"), later("no segment is against it, but one wants it too little")),
    "sufficient": (later("Sufficient"), later("every segment can live with it")),
    "strong": (later("Strong"), later("every segment wants it")),
    "not-compared": (later("Not compared"), later("fewer than two segments have ratings")),
}

#: What a severity asks for.
ACTIONS: dict[SeverityLevel, str] = {
    "low": later("Small enough to live with."),
    "medium": later("Change this part of the proposition, or win over {opposed}."),
    "high": later("Rethink the proposition, or whether one model can serve {both}."),
}

#: What it asks for where the harm to those whom it is for weighs more than the power to stop it.
HARMS: dict[SeverityLevel, str] = {
    "low": later("Small enough to live with."),
    "medium": later(
        "Change this part of the proposition: those who are to benefit ({opposed}) are against it."
    ),
    "high": later(
        "Rethink the proposition: those who are to benefit ({opposed}) are strongly against it, "
        "and however little they can stop, the harm counts fully."
    ),
}

LEVELS: dict[SeverityLevel, str] = {
    "low": later("low"),
    "medium": later("medium"),
    "high": later("high"),
}

VIEWS: dict[ViewName, tuple[str, str]] = {
    "all": (later("All segments"), later("every segment with ratings")),
    "adoption": (later("Adoption"), later("buyer against user: will it be bought and used?")),
    "sustainability": (
        later("Sustainability"),
        later("buyer against target impact: will it be paid for as long as it does good?"),
    ),
}

#: A sentence with more names is no sentence; the table has them all.
MOST_NAMED = 8

#: Needs of these kinds are rated by how desirable it is to be spared them.
UNWELCOME = ("fear", "pain")

COEFFICIENTS = {
    "krippendorff-alpha": "α (Krippendorff)",
    "gwet-ac2": "AC2 (Gwet)",
    "kendall-w": "W (Kendall)",
}
METRICS = {
    "ordinal": later("ordinal"),
    "interval": later("interval"),
    "nominal": later("nominal"),
    "quadratic": later("quadratic weights"),
    "rank": later("ranks"),
}
SOURCES = {
    "item": (later("Items"), later("some items are wanted more than others, by everybody")),
    "segment": (later("Segments"), later("some segments want more than others, whatever the item")),
    "segment-by-item": (
        later("Segments by item"),
        later("segments want different items: misalignment"),
    ),
    "rater": (later("Raters"), later("some raters give higher ratings than others")),
    "rest": (
        later("The rest"),
        later("raters who see the same item for the same segment differently"),
    ),
}


def rating_range(interval: Interval | None) -> str:
    """Return an interval of ratings: ``'+2 to +4'``; empty where it is not known."""
    return "" if interval is None else between(signed(interval.low), signed(interval.high))


def number_range(interval: Interval | None) -> str:
    """Return an interval of numbers without sign; empty where it is not known."""
    return "" if interval is None else between(decimal(interval.low), decimal(interval.high))


def chance(probability: float) -> str:
    """Return a probability of the bootstrap, which is never as sure as all of its replicates."""
    if probability > 0.99:
        return tr("over {limit}", limit=percent(0.99, decimals=0))
    return percent(probability)


def stance(cell: Cell) -> str:
    """Return how a segment stands to an item, in a few words."""
    if cell.median is None:
        return tr("not rated")
    if cell.camps:
        return tr("two camps")
    if cell.disagree:
        return tr("divided")
    if cell.median > 0:
        return tr("desirable") if cell.median >= 3 else tr("welcome")
    if cell.median < 0:
        return tr("undesirable") if cell.median <= -3 else tr("unwelcome")
    return tr("indifferent")


def class_name(item: ItemAlignment) -> str:
    """Return what the class of an item is called."""
    return tr(CLASSES[item.alignment][0])


def harms_most(item: ItemAlignment) -> bool:
    """Return whether harm to those whom it is for weighs more than the risk for adoption."""
    adoption, harm = item.adoption, item.sustainability
    return adoption is not None and harm is not None and harm.value > adoption.value


def risks(item: ItemAlignment) -> tuple[str, ...]:
    """Return what a misalignment puts at risk, adoption and sustainability apart.

    Empty where no segment that benefits has ratings: then there is one risk, the severity itself.
    """
    adoption, harm = item.adoption, item.sustainability
    if adoption is None or harm is None or adoption.level is None or harm.level is None:
        return ()
    return (
        tr(
            "adoption {level} ({value})",
            level=tr(LEVELS[adoption.level]),
            value=decimal(adoption.value),
        ),
        tr(
            "sustainability {level} ({value})",
            level=tr(LEVELS[harm.level]),
            value=decimal(harm.value),
        ),
    )


def _said(item: RatedItem) -> str:
    """Return the statement; of a fear or a pain, also that it is one."""
    kind = {"fear": tr("fear"), "pain": tr("pain")}.get(item.kind or "", "")
    return f"{item.statement} ({kind})" if kind else item.statement


class Names:
    """Statements of items and names of segments, by id."""

    def __init__(self, result: AlignmentResult) -> None:
        self.items = {item.id: _said(item) for item in result.items}
        self.segments = {segment.id: segment.name for segment in result.segments}

    def action(self, item: ItemAlignment) -> str:
        """Return what a misalignment asks for; empty for everything else."""
        if item.severity is None or item.severity.level is None:
            return ""
        opposed = self.segments.get(item.severity.opposed or "") or tr("the opposed segment")
        both = self.several(item.segments)
        actions = HARMS if harms_most(item) else ACTIONS
        return tr(actions[item.severity.level], opposed=opposed, both=both)

    def several(self, ids: Sequence[str]) -> str:
        """Return names of segments as a list in a sentence that stays a sentence."""
        return listed([self.segments[one] for one in ids], MOST_NAMED - 1)
