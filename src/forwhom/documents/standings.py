"""How the needs of a canvas stand: the class of each rated one, what it puts at risk, who acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.ratings import Rating, Strategy
from forwhom.documents.canvas.value import TOP, Need
from forwhom.documents.misalignment import Risks, class_of, level_of, medians, risks
from forwhom.documents.results.alignment import AlignmentClass, SeverityLevel


@dataclass(frozen=True)
class Standing:
    """A need that segments rated."""

    need: Need
    medians: Mapping[str, float]  # by segment
    alignment: AlignmentClass
    risks: Risks
    #: what it asks for; None where segments are not misaligned
    level: SeverityLevel | None
    #: of adoption and, where those who are to benefit rated, of sustainability
    levels: Mapping[str, SeverityLevel]
    strategies: Sequence[Strategy]  # those that were not dropped

    @property
    def answered(self) -> bool:
        """Whether a strategy says what will be done."""
        return any(strategy.action.strip() for strategy in self.strategies)

    @property
    def pressing(self) -> bool:
        """Whether something has to be done."""
        return self.level in ("medium", "high")


def standings(canvas: Canvas, ratings: Sequence[Rating] | None = None) -> list[Standing]:
    """Return how each rated need of a canvas stands; left out: by the ratings in the canvas."""
    alignment = canvas.alignment
    if alignment is None:
        return []
    said = medians(alignment.ratings if ratings is None else ratings)
    listed = alignment.items or [need.id for need in canvas.needs]
    needs = {need.id: need for need in canvas.needs}
    rated = [needs[one] for one in dict.fromkeys(listed) if one in said]
    return [_standing(canvas, need, said[need.id], alignment.strategies) for need in rated]


def _standing(
    canvas: Canvas, need: Need, said: Mapping[str, float], strategies: Sequence[Strategy]
) -> Standing:
    assert canvas.alignment is not None
    limits = canvas.alignment.thresholds
    importance = None if need.importance is None else need.importance / TOP
    power = {segment.id: segment.power for segment in canvas.segments}
    benefit = {s.id for s in canvas.segments if "target-impact" in s.buti}
    found, alignment = risks(said, importance, power, benefit), class_of(said.values(), limits)
    levels = {"adoption": level_of(found.adoption.severity, limits)}
    if found.sustainability is not None:
        levels["sustainability"] = level_of(found.sustainability.severity, limits)
    against = alignment == "misaligned"
    return Standing(
        need=need,
        medians=said,
        alignment=alignment,
        risks=found,
        level=level_of(found.heavier.severity, limits) if against else None,
        levels=levels if against else {},
        strategies=[s for s in strategies if s.item == need.id and s.status != "dropped"],
    )
