"""An experiment before its data: segments found, sizes computed, the plan sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.experiment import ExperimentPlan, PlannedSegment
from forwhom.documents.experimentfile import AnyPlan, check_plan, plan_of, sealed
from forwhom.documents.names import Names
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.testcards import asked_of, hypothesis_of
from forwhom.errors import DataError, DocumentError, OptionError
from forwhom.evidence.experimentsizes import Size, Sizes, sizes_of, with_sizes
from forwhom.wording import count, percent


@dataclass(frozen=True)
class Planned:
    """A plan that is sealed, and what it can tell.

    Parameters
    ----------
    plan
        The plan with its sizes and its seal.
    text
        Its file; what a person wrote is as it was.
    sizes
        Customers by arm and power, of each segment and of all together.
    """

    plan: ExperimentPlan
    text: str
    sizes: Sizes

    @property
    def sentences(self) -> list[str]:
        """What the plan says, a sentence each."""
        plan, seal = self.plan, self.plan.sealed
        assert seal is not None
        every = [*self.sizes.segments, self.sizes.overall]
        return [
            f"We believe: {plan.statement}",
            f"We are right if {plan.treated!r} has {asked_of(plan)} (in {plan.outcome.column!r}).",
            *(self._told(one) for one in (every if len(self.sizes.segments) != 1 else every[:1])),
            *self._notes(),
            f"Sealed on {seal.date} as {seal.fingerprint}; a verdict on a plan that changed since "
            "is refused.",
        ]

    def _told(self, one: Size) -> str:
        control, treated = one.arms
        told = (
            f"{one.label}: {control:,} customers of {self.plan.control!r} and {treated:,} of "
            f"{self.plan.treated!r} find an effect of "
            f"{self.plan.outcome.difference(self.plan.sign * self.plan.effect)} with a chance of "
            f"{percent(one.power)}"
        )
        if one.power < self.plan.power - 0.005:
            return f"{told}; {one.needed:,} in all are needed for {percent(self.plan.power)}."
        return f"{told}."

    def _notes(self) -> list[str]:
        plan, notes = self.plan, []
        if len(plan.segments) > 1:
            notes.append(
                f"The chance of any wrong verdict among the {len(plan.segments)} segments is "
                f"{percent(plan.alpha)} at most, if the true effect just reaches the threshold."
            )
        if len(plan.looks) > 1:
            parts = ", ".join(percent(part) for part in plan.looks)
            notes.append(
                f"{count(len(plan.looks), 'look')} planned, after {parts} of the customers; what "
                "is read between them does not count."
            )
        return notes

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def plan_experiment(
    plan: AnyPlan,
    *,
    canvas: AnyCanvas | None = None,
    segmentation: AnySegmentation | None = None,
    again: bool = False,
    today: date | None = None,
) -> Planned:
    """Say how many customers an experiment needs, and seal its plan before there are data.

    Parameters
    ----------
    plan
        An ExperimentPlan, or its file.
    canvas
        A canvas with the hypothesis that the plan names; its segments are those of the plan where
        this names none.
    segmentation
        The segmentation whose segments these are, so that members of another model are noticed.
    again
        Whether a plan that was sealed and changed since may be sealed again: only before anybody
        has seen data. The earlier seal stays in it.
    today
        The day of the seal; left out: today.

    Returns
    -------
    Planned
        The sealed plan, its text, and customers by arm and power of each segment.

    Raises
    ------
    DocumentError
        The plan is not sound, or names a segment that is not there.
    OptionError
        The canvas has no such hypothesis, or the plan changed since it was sealed.

    Examples
    --------
    >>> import forwhom as fw
    >>> plan = fw.ExperimentPlan(
    ...     forwhom=1, kind="plan", id="reminder", statement="A reminder brings customers back",
    ...     outcome={"column": "ordered", "kind": "share", "baseline": 0.1},
    ...     arms={"control": 1, "reminder": 1}, effect=0.05,
    ... )
    >>> fw.plan_experiment(plan).sizes.overall.arms
    (686, 686)
    """
    found = plan_of(plan)
    check_plan(found)
    known = None if canvas is None else canvas_of(canvas)
    segments = None if segmentation is None else segmentation_of(segmentation)
    named = _named(found, known, segments)
    check_plan(named)
    sizes = sizes_of(named)
    done, text = sealed(found, with_sizes(named, sizes), today or date.today(), again=again)
    return Planned(done, text, sizes)


def _named(
    plan: ExperimentPlan, canvas: Canvas | None, segmentation: Segmentation | None
) -> ExperimentPlan:
    """Return a plan whose segments have the ids, names and numbers of those that it means."""
    changes: dict[str, object] = {}
    wanted = list(plan.segments)
    if plan.hypothesis is not None and canvas is not None:
        _, hypothesis = hypothesis_of(canvas, plan.hypothesis)
        wanted = wanted or [PlannedSegment(id=one) for one in hypothesis.segments]
    known: dict[str, PlannedSegment] = {}
    if segmentation is not None:
        changes["lineage"] = segmentation.lineage
        for one in segmentation.segments:
            name = f"segment-{one.id}"
            known[name] = PlannedSegment(id=name, name=one.name, number=one.id)
    if canvas is not None:
        if segmentation is None and canvas.seeded_from:
            changes["lineage"] = canvas.seeded_from
        for seg in canvas.segments:
            known[seg.id] = PlannedSegment(id=seg.id, name=seg.name, number=seg.discovered)
    if known and wanted:
        changes["segments"] = _found(plan, wanted, known, segmentation)
    elif wanted:
        changes["segments"] = wanted
    if plan.lineage and changes.get("lineage", plan.lineage) != plan.lineage:
        raise OptionError(
            "the plan is for the segments of another segmentation.",
            "Give that one; or take 'lineage' out of the plan, and seal it again.",
        )
    return plan.model_copy(update=changes)


def _found(
    plan: ExperimentPlan,
    wanted: list[PlannedSegment],
    known: dict[str, PlannedSegment],
    segmentation: Segmentation | None,
) -> list[PlannedSegment]:
    where = "in the canvas" if segmentation is None else "in the segmentation"
    names = Names("segment", where, {one.id: one.name for one in known.values()})
    numbers = {str(one.number): one.id for one in known.values() if one.number is not None}
    found = []
    for index, one in enumerate(wanted):
        try:
            meant = known[numbers.get(one.id) or names.find(one.id)]
        except DataError as error:
            place = plan.place("segments", index)
            raise DocumentError(f"{place}: {error.problem}", error.advice) from error
        found.append(
            one.model_copy(update={"id": meant.id, "name": meant.name, "number": meant.number})
        )
    return found
