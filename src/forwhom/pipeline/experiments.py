"""An experiment: its plan sealed before the data, and read by it after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from forwhom.customers.members import read_members
from forwhom.customers.trials import gather_trial
from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.experiment import ExperimentPlan, PlannedSegment
from forwhom.documents.experimentfile import AnyPlan, check_plan, plan_of, sealed
from forwhom.documents.names import Names
from forwhom.documents.results.experiment import ExperimentReading
from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.segmentationfile import FILE_NAME as SEGMENTATION
from forwhom.documents.testcards import asked_of, hypothesis_of, with_learning, with_test
from forwhom.errors import DataError, DocumentError, OptionError
from forwhom.evidence.experiments import experiment_evidence, read_arms
from forwhom.evidence.experimentsizes import Size, Sizes, sizes_of, with_sizes
from forwhom.languages.catalog import SOURCE, chosen, speaking, tr, tr_count, whole
from forwhom.pipeline.scoring import score
from forwhom.progress import Progress, share, silent
from forwhom.tables import fingerprint, held, open_table
from forwhom.wording import apart, joined, listed, percent, typed


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
    language
        In which it is told, also on the canvas.
    """

    plan: ExperimentPlan
    text: str
    sizes: Sizes
    language: str = SOURCE

    @property
    def sentences(self) -> list[str]:
        """What the plan says, a sentence each."""
        every = [*self.sizes.segments, self.sizes.overall]
        shown = every if len(self.sizes.segments) != 1 else every[:1]
        with speaking(self.language):
            return [*self.asked, *(self._told(one) for one in shown), *self.terms]

    @property
    def asked(self) -> list[str]:
        """What is believed, and from when on that is right."""
        plan = self.plan
        with speaking(self.language):
            return [
                tr("We believe: {statement}", statement=plan.statement),
                tr(
                    "We are right if {arm} has {asked} (in {column}).",
                    arm=apart(repr(plan.treated)), asked=asked_of(plan),
                    column=apart(repr(plan.outcome.column)),
                ),
            ]  # fmt: skip

    @property
    def terms(self) -> list[str]:
        """How often a verdict is wrong, when somebody looks, and as what the plan is sealed."""
        with speaking(self.language):
            return [*self._terms()]

    def _terms(self) -> Iterator[str]:
        plan, seal = self.plan, self.plan.sealed
        assert seal is not None
        if len(plan.segments) > 1:
            yield tr_count(
                "The chance of any wrong verdict among the {n} segment is {chance} at most, if the "
                "true effect just reaches the threshold.",
                "The chance of any wrong verdict among the {n} segments is {chance} at most, if "
                "the true effect just reaches the threshold.",
                len(plan.segments),
                chance=percent(plan.alpha),
            )
        if len(plan.looks) > 1:
            yield tr_count(
                "{n} look planned, after {parts} of the customers; what is read between them does "
                "not count.",
                "{n} looks planned, after {parts} of the customers; what is read between them "
                "does not count.",
                len(plan.looks),
                parts=joined([*map(percent, plan.looks)]),
            )
        yield tr(
            "Sealed on {day} as {mark}; a verdict on a plan that changed since is refused.",
            day=apart(seal.date), mark=apart(seal.fingerprint),
        )  # fmt: skip

    def _told(self, one: Size) -> str:
        plan, (control, treated) = self.plan, one.arms
        said = {
            "segment": apart(one.label), "n": whole(control), "control": apart(repr(plan.control)),
            "more": whole(treated), "treated": apart(repr(plan.treated)),
            "effect": plan.outcome.difference(plan.sign * plan.effect),
            "chance": percent(one.power),
        }  # fmt: skip
        if one.power < plan.power - 0.005:
            return tr(
                "{segment}: {n} customers of {control} and {more} of {treated} find an effect of "
                "{effect} with a chance of {chance}; {needed} in all are needed for {power}.",
                **said, needed=whole(one.needed), power=percent(plan.power),
            )  # fmt: skip
        return tr(
            "{segment}: {n} customers of {control} and {more} of {treated} find an effect of "
            "{effect} with a chance of {chance}.", **said
        )  # fmt: skip

    def on_canvas(self, canvas: AnyCanvas) -> str:
        """Return the text of a canvas whose hypothesis says how it is tested, where it did not.

        Parameters
        ----------
        canvas
            A canvas with the hypothesis that the plan names, or its path.

        Returns
        -------
        str
            The canvas; what a person wrote is as it was.

        Raises
        ------
        OptionError
            The canvas has no such hypothesis.
        """
        with speaking(self.language):
            return with_test(canvas, self.plan)

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def plan_experiment(
    plan: AnyPlan,
    *,
    canvas: AnyCanvas | None = None,
    segmentation: AnySegmentation | None = None,
    again: bool = False,
    today: date | None = None,
    language: str | None = None,
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
    language
        In which it is told, also on the canvas: ``"de"`` or ``"ar"``; left out: that of the canvas,
        or else English.

    Returns
    -------
    Planned
        The sealed plan, its text, and customers by arm and power of each segment.

    Raises
    ------
    DocumentError
        The plan is not sound, or names a segment that is not there.
    OptionError
        The canvas has no such hypothesis, the plan changed since it was sealed, or forwhom does not
        speak the language.

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
    spoken = chosen(language, SOURCE if known is None else known.language, whole=True)
    segments = None if segmentation is None else segmentation_of(segmentation)
    named = _named(found, known, segments)
    check_plan(named)
    with speaking(spoken):
        sizes = sizes_of(named)
    done, text = sealed(found, with_sizes(named, sizes), today or date.today(), again=again)
    return Planned(done, text, sizes, spoken)


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


@dataclass(frozen=True)
class ReadExperiment:
    """What an experiment shows.

    Parameters
    ----------
    reading
        The effect in each segment, how sure it is, and the verdict.
    evidence
        The same as items that a canvas can cite; empty where there is no verdict.
    plan
        The plan that it was read by.
    source
        What the data are called.
    """

    reading: ExperimentReading
    evidence: list[Evidence]
    plan: ExperimentPlan
    source: str

    @property
    def learning(self) -> dict[str, Any]:
        """The learning card: what was observed, the value, the result, how many observations."""
        [*_, whole] = self.reading.effects
        assert whole.customers is not None
        results = {"supported": "supported", "refuted": "refuted"}
        return {
            "date": self.reading.last or date.today().isoformat(),
            "observed": self._observed(),
            "value": whole.difference,
            "result": results.get(whole.verdict, "unclear"),
            "data_points": sum(whole.customers),
        }

    def _observed(self) -> str:
        with speaking(self.reading.language):
            return typed(" ".join(self.reading.sentences[:2]))

    def on_canvas(self, canvas: AnyCanvas) -> str:
        """Return the text of a canvas whose hypothesis has the learning card.

        Parameters
        ----------
        canvas
            A canvas with the hypothesis that the plan names, or its path.

        Returns
        -------
        str
            The canvas; what a person wrote is as it was.

        Raises
        ------
        OptionError
            There is no verdict, or the canvas has no such hypothesis.
        DocumentError
            The hypothesis has a learning of another test.
        """
        if self.reading.blocked:
            raise OptionError(
                "there is no verdict, so that nothing was learned.", self.reading.blocked
            )
        return with_learning(canvas, self.plan, self.learning, self.evidence, source=self.source)

    def __str__(self) -> str:
        with speaking(self.reading.language):
            return str(self.reading)


def read_experiment(
    plan: AnyPlan,
    data: object,
    *,
    members: object | None = None,
    segmentation: AnySegmentation | None = None,
    customers: object | None = None,
    closed: bool = False,
    threshold: int = 10,
    language: str | None = None,
    progress: Progress | None = None,
) -> ReadExperiment:
    """Say what an experiment shows of each segment, by the plan that was sealed before.

    Parameters
    ----------
    plan
        The sealed plan, or its file.
    data
        A table with one row for each customer: id, arm, outcome; the segment, unless ``members``
        or ``customers`` tell it; and the day where looks are planned.
    members
        A table of members that forwhom wrote, or the folder of a run: who is in which segment.
    segmentation
        The model: members of another one are refused, and with ``customers`` it places these.
    customers
        Tables of the study from before the experiment, to be placed by the segmentation.
    closed
        Whether no more data will come, although fewer customers are there than planned.
    threshold
        Segments with an arm of fewer customers are withheld, and numbers that would tell of fewer.
    language
        In which it is told, also on its page: ``"de"`` or ``"ar"``; left out: English.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    ReadExperiment
        Effects with intervals, verdicts, evidence.

    Raises
    ------
    OptionError
        The plan is not sealed, or changed since.
    DataError
        The data do not fit the plan: an arm or a segment that it does not know, a customer in two
        arms or twice, an outcome of another kind, a day before the plan.

    Examples
    --------
    >>> read_experiment("plan.yaml", "results.csv")  # doctest: +SKIP
    """
    known, say = plan_of(plan), progress or silent
    _check_sealed(known)
    say("reading the data", 0.0)
    table = held(open_table(data))
    placed = _members(known, members, segmentation, customers, share(say, 0.1, 0.5))
    gathered = gather_trial(known, table, placed, threshold)
    say("comparing the arms", 0.6)
    spoken = chosen(language, "en", whole=True)
    with speaking(spoken):
        reading = read_arms(known, gathered.trial, closed=closed, threshold=threshold)
        notes = [*gathered.notes(), *reading.notes]
        reading = reading.model_copy(update={"notes": notes, "language": spoken})
        evidence = experiment_evidence(reading, source=fingerprint(table))
    say("done", 1.0)
    return ReadExperiment(reading, evidence, known, table.name)


def _check_sealed(plan: ExperimentPlan) -> None:
    if plan.sealed is None:
        raise OptionError(
            f"{plan.place()}: the plan is not sealed, so that nobody knows what was asked for "
            "before the data.",
            "'forwhom experiment plan' seals it, before there are data.",
        )
    changes = plan.changes()
    if changes:
        raise OptionError(
            f"{plan.place()}: the plan changed since it was sealed on {plan.sealed.date}: "
            f"{listed(changes, most=None)}. There is no verdict on a changed plan.",
            "Read it as it was sealed; what you think now is a new hypothesis, for new data.",
        )


def _members(
    plan: ExperimentPlan,
    members: object | None,
    segmentation: AnySegmentation | None,
    customers: object | None,
    progress: Progress,
) -> pa.Table | None:
    """Return who is in which segment, by the model that the plan was made with."""
    if members is None and customers is None:
        return None
    if not isinstance(members, str | PathLike | pa.Table | None):
        raise OptionError("'members' is no table of members.", "Give its path, or the folder.")
    if segmentation is None and isinstance(members, str | PathLike):
        folder = Path(members) if Path(members).is_dir() else Path(members).parent
        segmentation = folder if (folder / SEGMENTATION).exists() else None
    if segmentation is not None:
        found = segmentation_of(segmentation)
        if plan.lineage and found.lineage != plan.lineage:
            raise DataError(
                "these are members of another model than that of the plan: the segments have the "
                "same numbers, and are others.",
                "Give the folder of the run that the plan was made with.",
            )
    if customers is None:
        return members if isinstance(members, pa.Table) else read_members(str(members))
    if segmentation is None:
        raise OptionError(
            "customers are placed into segments by a model, and none is given.",
            "Give its folder as the segmentation (--segmentation).",
        )
    return score(segmentation, customers, progress=progress).table
