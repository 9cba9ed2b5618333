"""What comes next for a canvas: things to do, in the order of what they would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.languages.catalog import later_count, tr_count
from forwhom.wording import listed

#: The five steps by which segments are found, and the business model around them.
Step = Literal["research", "personas", "needs", "competitors", "hypotheses", "model"]
#: What a thing to do would change, the most first.
Stake = Literal["model", "whom", "offer", "way", "words"]

STEPS: tuple[Step, ...] = get_args(Step)
STAKES: tuple[Stake, ...] = get_args(Stake)


#: What may rest on a thing to do, as it is counted.
TOUCHED = {
    "claim": later_count("{n} claim", "{n} claims"),
    "competitor": later_count("{n} competitor", "{n} competitors"),
    "decision": later_count("{n} decision", "{n} decisions"),
    "finding": later_count("{n} finding", "{n} findings"),
    "need": later_count("{n} need", "{n} needs"),
    "open question": later_count("{n} open question", "{n} open questions"),
    "proposition": later_count("{n} proposition", "{n} propositions"),
    "segment": later_count("{n} segment", "{n} segments"),
}


class Task(Document):
    """One thing to do: what, why, what it would change, and where to begin."""

    id: str = Field(description="Name of the kind of thing to do; of the linter, the rule.")
    step: Step = Field(description="Which of the steps it belongs to.")
    stake: Stake = Field(
        description="What it would change: whether the model holds, whom we serve, what we offer, "
        "the way we work, or only words."
    )
    what: str = Field(description="What to do.")
    now: str = Field(description="How it is now.")
    why: str = Field(default="", description="Why it matters.")
    about: list[str] = Field(
        default_factory=list, description="What it is about, as the canvas calls it."
    )
    touches: dict[str, int] = Field(
        default_factory=dict, description="How many things of the canvas rest on it."
    )
    begin: str = Field(default="", description="What to type: a part of a canvas, or a command.")
    after: list[str] = Field(
        default_factory=list, description="Other things to do of this canvas that come first."
    )
    places: list[str] = Field(
        default_factory=list, description="Where in the file: file, line, column."
    )
    rules: list[str] = Field(
        default_factory=list, description="Rules of the linter whose findings it answers."
    )

    @property
    def weight(self) -> int:
        """How many things rest on it."""
        return sum(self.touches.values())

    @property
    def resting(self) -> str:
        """What rests on it, in words."""
        return listed([tr_count(*TOUCHED[what], n) for what, n in self.touches.items() if n])


class NextSteps(Document):
    """What comes next for a canvas, and why."""

    forwhom: Literal[1] = 1
    kind: Literal["next-steps"] = "next-steps"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    file: str = Field(default="", description="The canvas; empty when it was made in memory.")
    tasks: list[Task] = Field(
        description="What to do, in order: first what waits for nothing, by what it would change."
    )
    there: dict[Step, dict[str, int]] = Field(
        description="For each step, what the canvas has of it."
    )
    notes: list[str] = Field(default_factory=list, description="What could not be looked at.")

    @property
    def now(self) -> list[Task]:
        """The tasks that wait for nothing."""
        return [task for task in self.tasks if not task.after]

    @property
    def later(self) -> list[Task]:
        """The tasks that wait for others."""
        return [task for task in self.tasks if task.after]


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """Return tasks by what they would change; those that wait for others come after them."""
    there = {task.id for task in tasks}
    found = [
        task.model_copy(update={"after": [one for one in task.after if one in there]})
        for task in tasks
    ]
    found.sort(key=lambda t: (STAKES.index(t.stake), -t.weight, STEPS.index(t.step), t.id))
    depth = _depths({task.id: task.after for task in found})
    return sorted(found, key=lambda task: depth[task.id])


def _depths(after: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many tasks stand before each, one after the other."""
    known: dict[str, int] = {}

    def depth(task: str) -> int:
        if task not in known:
            known[task] = 1 + max(map(depth, after[task]), default=-1)
        return known[task]

    for task in after:
        depth(task)
    return known
