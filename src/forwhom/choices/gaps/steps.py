"""What comes next for a canvas: all that is missing or weak, in the order of what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from forwhom.choices.gaps import learning, offers, research
from forwhom.choices.gaps.findings import weaknesses
from forwhom.choices.gaps.situation import Situation
from forwhom.documents.canvas import Canvas
from forwhom.documents.results.nextsteps import NextSteps, Step, Task, in_order
from forwhom.languages.catalog import speaking_all
from forwhom.lint import LintResult
from forwhom.lint.engine import unread_texts

#: What asks for something, along the steps.
_ASKING: tuple[Callable[[Situation], Iterator[Task]], ...] = (
    research.segments,
    research.exchanges,
    research.political_economy,
    research.evidence,
    research.purchase,
    research.alignment,
    research.personas,
    offers.needs,
    offers.propositions,
    offers.misalignments,
    offers.competitors,
    learning.hypotheses,
    learning.tests,
    learning.measures,
)


def steps_of(found: Situation, weak: LintResult, notes: Sequence[str] = ()) -> NextSteps:
    """Return what comes next for a canvas that was looked through by the linter."""
    canvas = found.canvas
    with speaking_all(canvas.language):
        missing = [task for ask in _ASKING for task in ask(found)]
        covered = [code for task in missing for code in task.rules]
        tasks = in_order([*missing, *weaknesses(weak, covered)])
        unread = unread_texts(canvas)
    return NextSteps(
        title=canvas.title,
        language=canvas.language,
        file=weak.file,
        tasks=tasks,
        there=_there(canvas),
        notes=[*notes, *unread],
    )


def _there(canvas: Canvas) -> dict[Step, dict[str, int]]:
    return {
        "research": {
            "segments": len(canvas.segments),
            "evidence": len(canvas.evidence),
            "participants": len(canvas.participants),
        },
        "personas": {"personas": len(canvas.personas)},
        "needs": {"needs": len(canvas.needs), "propositions": len(canvas.propositions)},
        "competitors": {
            "competitors": len(canvas.competitors), "value curves": len(canvas.value_curves),
        },
        "hypotheses": {
            "hypotheses": len(canvas.hypotheses),
            "results of tests": sum(h.learning is not None for h in canvas.hypotheses),
        },
        "model": {"notes": sum(map(len, canvas.blocks.values())), "KPIs": len(canvas.kpis)},
    }  # fmt: skip
