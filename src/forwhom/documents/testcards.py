"""From an experiment to the canvas: its test card before the data, its learning card after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forwhom.documents.canvas.file import AnyCanvas, canvas_of, edited, edits_of
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.strategy import Hypothesis
from forwhom.documents.canvas.suspects import evidence_data
from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.segmentation import Evidence
from forwhom.errors import DocumentError, OptionError, nearest
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.wording import apart, typed


def hypothesis_of(canvas: Canvas, name: str) -> tuple[int, Hypothesis]:
    """Return where a hypothesis stands in a canvas, and what it says."""
    for index, one in enumerate(canvas.hypotheses):
        if one.id == name:
            return index, one
    known = [one.id for one in canvas.hypotheses]
    some = f"It has: {', '.join(known)}." if known else "It has none; write it down there first."
    raise OptionError(f"the canvas has no hypothesis {name!r}.", nearest(name, known) or some)


def with_test(canvas: AnyCanvas, plan: ExperimentPlan) -> str:
    """Return the text of a canvas whose hypothesis says how it is tested, where it did not yet.

    It is said in the language that is spoken.
    """
    known = canvas_of(canvas)
    index, hypothesis = hypothesis_of(known, plan.hypothesis or "")
    assert plan.sealed is not None
    card = {
        "test": _test(plan),
        "metric": tr(
            "{column} ({what})", column=plan.outcome.column, what=tr(_KINDS[plan.outcome.kind])
        ),
        "threshold": typed(asked_of(plan)),
        "stated": plan.sealed.date,
    }
    edits = edits_of(known)
    for key, text in card.items():
        if not getattr(hypothesis, key):
            edits.set(("hypotheses", index, key), text)
    return edited(known, edits)[1]


_MEAN = later("mean")
_KINDS = {"share": later("share of customers"), "mean": _MEAN, "money": _MEAN, "count": _MEAN}


def _test(plan: ExperimentPlan) -> str:
    return tr_count(
        "Experiment {plan}: {treated} against {control}, {n} customer",
        "Experiment {plan}: {treated} against {control}, {n} customers",
        plan.overall.customers or 0,
        plan=plan.id,
        treated=plan.treated,
        control=plan.control,
    )


def asked_of(plan: ExperimentPlan) -> str:
    """Return from when on we are right, in words: ``'at least +2 points'``."""
    difference, arm = plan.outcome.difference(plan.sign * plan.threshold), apart(plan.control)
    if plan.threshold == 0 and plan.sign > 0:
        return tr("more than {arm}, a difference above 0", arm=arm)
    if plan.threshold == 0:
        return tr("less than {arm}, a difference below 0", arm=arm)
    if plan.sign > 0:
        return tr("at least {difference} against {arm}", difference=difference, arm=arm)
    return tr("at most {difference} against {arm}", difference=difference, arm=arm)


def with_learning(
    canvas: AnyCanvas,
    plan: ExperimentPlan,
    learning: Mapping[str, Any],
    evidence: Sequence[Evidence],
    *,
    source: str,
) -> str:
    """Return the text of a canvas with what an experiment showed, each number by citation.

    A learning of another test is never written over; of the same experiment, words that a person
    wrote (``learned``, ``therefore``) stay.
    """
    known = canvas_of(canvas)
    index, hypothesis = hypothesis_of(known, plan.hypothesis or "")
    names = {one.id for one in evidence}
    before = hypothesis.learning
    if before is not None and not names & {cited(one)[0] for one in before.evidence}:
        raise DocumentError(
            f"{known.place('hypotheses', index, 'learning') or 'the canvas'}: the hypothesis "
            f"{hypothesis.id!r} has a learning already, and it is not of this experiment.",
            "Keep it, and state what you test now as a new hypothesis; or take it away first.",
        )
    edits = edits_of(known)
    place = ("hypotheses", index, "learning")
    citations = [f"{one.id}@{one.fingerprint}" for one in evidence]
    told = {**learning, "evidence": citations}
    if before is None:
        edits.set(place, told)
    else:
        was = before.model_dump()
        for key, value in told.items():
            if was[key] != value:
                edits.set((*place, key), value)
    there = {one.id: (at, one) for at, one in enumerate(known.evidence)}
    for one in evidence:
        fields = one.model_dump() | {"source": source, "date": learning["date"]}
        fields["statement"] = typed(one.statement)
        now = evidence_data(CanvasEvidence.model_validate(fields))
        if one.id not in there:
            edits.append(("evidence",), now)
            continue
        at, old = there[one.id]
        said = evidence_data(old)
        if old.fingerprint != one.fingerprint:
            now["previous"] = old.statement
            for key in dict.fromkeys([*said, *now]):
                if said.get(key) != now.get(key):
                    edits.set(("evidence", at, key), now.get(key))
    return edited(known, edits)[1]
