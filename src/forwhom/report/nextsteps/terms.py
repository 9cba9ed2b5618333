"""What steps and stakes are called, and the sentences that say how much there is to do."""

from forwhom.documents.results.nextsteps import STEPS, NextSteps, Stake, Step, Task
from forwhom.wording import count, counted, lowered

HEADLINE = "What comes next"
LATER = "Then, once what stands above is there"
STEP_NAMES: dict[Step, str] = {
    "research": "Market research",
    "personas": "Personas",
    "needs": "Needs",
    "competitors": "Competitors",
    "hypotheses": "Hypotheses",
    "model": "Business model",
}
CHANGES: dict[Stake, str] = {
    "model": "whether the model holds",
    "whom": "whom you serve",
    "offer": "what you offer",
    "way": "the way you work",
    "words": "how something is said",
}


def summary(found: NextSteps) -> str:
    """Return in a sentence how much there is to do, and what the first of it would change."""
    if not found.tasks:
        return "Nothing is missing that forwhom looks for. Look again when something was learned."
    number = counted(len(found.tasks), "thing to do", "things to do")
    first = CHANGES[found.tasks[0].stake]
    return f"{number}; the first would change {first}."


def would_change(task: Task) -> str:
    """Return what a task would change, and what rests on it."""
    resting = f"; {task.resting} in the canvas" if task.touches and task.resting else ""
    return f"Would change {CHANGES[task.stake]}{resting}."


def standing(found: NextSteps) -> list[tuple[str, str, int]]:
    """Return for each step its name, what the canvas has of it, and how much is to do."""
    return [
        (
            STEP_NAMES[step],
            ", ".join(f"{n:,} {lowered(what)}" if n else f"no {lowered(what)}"
                      for what, n in found.there[step].items()),
            sum(task.step == step for task in found.tasks),
        )
        for step in STEPS
    ]  # fmt: skip


def to_do(number: int) -> str:
    """Return how much is to do in a step."""
    return f"{count(number, 'thing')} to do" if number else "nothing to do"
