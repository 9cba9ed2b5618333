"""What steps and stakes are called, and the sentences that say how much there is to do."""

from forwhom.documents.results.nextsteps import STEPS, NextSteps, Stake, Step, Task
from forwhom.languages.catalog import later, later_count, tr, tr_count
from forwhom.wording import beside, joined, lowered, tr_counted

HEADLINE = later("What comes next")
LATER = later("Then, once what stands above is there")
STEP_NAMES: dict[Step, str] = {
    "research": later("Market research"),
    "personas": later("Personas"),
    "needs": later("Needs"),
    "competitors": later("Competitors"),
    "hypotheses": later("Hypotheses"),
    "model": later("Business model"),
}
CHANGES: dict[Stake, str] = {
    "model": later("whether the model holds"),
    "whom": later("whom you serve"),
    "offer": later("what you offer"),
    "way": later("the way you work"),
    "words": later("how something is said"),
}
#: What a canvas has of each step: some, or none.
_THERE = {
    "segments": (later_count("{n} segment", "{n} segments"), later("no segments")),
    "evidence": (
        later_count("{n} item of evidence", "{n} items of evidence"),
        later("no evidence"),
    ),
    "participants": (later_count("{n} participant", "{n} participants"), later("no participants")),
    "personas": (later_count("{n} persona", "{n} personas"), later("no personas")),
    "needs": (later_count("{n} need", "{n} needs"), later("no needs")),
    "propositions": (later_count("{n} proposition", "{n} propositions"), later("no propositions")),
    "competitors": (later_count("{n} competitor", "{n} competitors"), later("no competitors")),
    "value curves": (later_count("{n} value curve", "{n} value curves"), later("no value curves")),
    "hypotheses": (later_count("{n} hypothesis", "{n} hypotheses"), later("no hypotheses")),
    "results of tests": (
        later_count("{n} result of a test", "{n} results of tests"),
        later("no results of tests"),
    ),
    "notes": (later_count("{n} note", "{n} notes"), later("no notes")),
    "KPIs": (later_count("{n} KPI", "{n} KPIs"), later("no KPIs")),
}


def summary(found: NextSteps) -> str:
    """Return in a sentence how much there is to do, and what the first of it would change."""
    if not found.tasks:
        return tr(
            "Nothing is missing that forwhom looks for. Look again when something was learned."
        )
    return tr_counted(
        "{n} thing to do; the first would change {what}.",
        "{n} things to do; the first would change {what}.",
        len(found.tasks),
        what=tr(CHANGES[found.tasks[0].stake]),
    )


def title_of(found: NextSteps) -> str:
    """Return the title of the canvas, and what this says of it."""
    headline = tr(HEADLINE)
    return f"{found.title}: {lowered(headline)}" if found.title.strip() else headline


def would_change(task: Task) -> str:
    """Return what a task would change, and what rests on it."""
    what, resting = tr(CHANGES[task.stake]), task.resting
    if not resting:
        return tr("Would change {what}.", what=what)
    return tr("Would change {what}; {things} in the canvas.", what=what, things=resting)


def places_of(task: Task) -> str:
    """Return where a task is about in files, each file named once: ``'a.yaml:3:1, 9:5'``."""
    files: dict[str, list[str]] = {}
    for place in task.places:
        file, line, column = place.rsplit(":", 2)
        files.setdefault(file, []).append(f"{line}:{column}")
    return beside([f"{file}:{', '.join(lines)}" for file, lines in files.items()])


def standing(found: NextSteps) -> list[tuple[str, str, int]]:
    """Return for each step its name, what the canvas has of it, and how much is to do."""
    return [
        (
            tr(STEP_NAMES[step]),
            joined([_there(what, n) for what, n in found.there[step].items()]),
            sum(task.step == step for task in found.tasks),
        )
        for step in STEPS
    ]


def _there(what: str, n: int) -> str:
    some, none = _THERE[what]
    return tr_count(*some, n) if n else tr(none)


def to_do(number: int) -> str:
    """Return how much is to do in a step."""
    return (
        tr_count("{n} thing to do", "{n} things to do", number) if number else tr("nothing to do")
    )
