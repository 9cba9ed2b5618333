"""What data say of two segments of a canvas, by the evidence that it cites for the pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from forwhom.documents.base import Criterion
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.suspects import GONE
from forwhom.documents.results.separation import ComparedCriterion, Measured
from forwhom.documents.results.separation import Verdict as Said
from forwhom.documents.separateness import BY_WHAT_FORMED, Verdict
from forwhom.languages.catalog import later, tr

_CRITERIA: Mapping[str, Criterion] = {one: one for one in get_args(Criterion)}
_VERDICTS: Mapping[str, Verdict] = {one: one for one in get_args(Verdict)}
#: What a measured verdict answers where the canvas says nothing, and why.
_ANSWERS: Mapping[Verdict, tuple[Said, str]] = {
    "different": ("different", later("data say so")),
    "equivalent": ("same", later("data say so")),
    "undecided": ("unknown", later("data cannot tell")),
}


def measured_pairs(canvas: Canvas) -> Mapping[tuple[frozenset[str], Criterion], Measured]:
    """Return what was measured of two segments by a criterion, wherever the canvas cites it.

    The id of such evidence ends with the criterion, as in ``segments-1-2.channel``, and it holds a
    verdict; what else is cited for a pair says nothing here, nor does what is gone.
    """
    known = {evidence.id: evidence for evidence in canvas.evidence}
    found: dict[tuple[frozenset[str], Criterion], Measured] = {}
    for pair in canvas.pairs:
        for evidence in (known[cited(one)[0]] for one in pair.evidence):
            criterion = _CRITERIA.get(evidence.id.rpartition(".")[2])
            verdict = _VERDICTS.get(evidence.verdict)
            if criterion is None or verdict is None or evidence.fingerprint == GONE:
                continue
            between = evidence.interval
            found[frozenset(pair.segments), criterion] = Measured(
                verdict=verdict,
                statement=evidence.statement,
                effect=evidence.value,
                low=None if between is None else between.low,
                high=None if between is None else between.high,
                formed=BY_WHAT_FORMED in evidence.method,
                evidence=evidence.id,
            )
    return found


def beside(said: ComparedCriterion, measured: Measured | None) -> ComparedCriterion:
    """Put what was measured beside what the canvas says; where that is nothing, it answers."""
    if measured is None or said.verdict != "unknown":
        return said.model_copy(update={"measured": measured})
    verdict, because = _ANSWERS[measured.verdict]
    answer = {
        "verdict": verdict,
        "because": tr(because),
        "rests_on": "evidence",
        "evidence": [*said.evidence, measured.evidence],
    }
    return said.model_copy(update={"measured": measured, **answer})
