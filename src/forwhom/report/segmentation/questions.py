"""The typing tool: which few questions place a new customer, and how well."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.wording import listed, percent


@dataclass(frozen=True)
class Question:
    """One question, with the accuracy of asking it and those before it."""

    label: str
    answers: str
    accuracy: float
    accuracy_text: str
    right_text: str
    recommended: bool


@dataclass(frozen=True)
class Questions:
    """The questions in their order, and what they reach."""

    questions: tuple[Question, ...]
    recommended: int
    majority: float
    sentence: str
    noun: str

    @property
    def briefly(self) -> str:
        """What to ask, and what it reaches, in a line."""
        asked = self.questions[: self.recommended]
        return (
            f"To place a new customer, ask for {listed([q.label for q in asked], most=None)}: "
            f"{asked[-1].accuracy_text} end in the same {self.noun} as with all variables"
            + (f", and {asked[-1].right_text} in the right one." if asked[-1].right_text else ".")
        )

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The questions as a table."""
        return [
            (
                f"{i}. {q.label}",
                q.accuracy_text,
                q.right_text or "–",
                "yes" if q.recommended else "no",
            )
            for i, q in enumerate(self.questions, 1)
        ]


def questions(segmentation: Segmentation) -> Questions | None:
    """Return the typing tool in words; ``None`` when there is none."""
    tool = segmentation.typing_tool
    if tool is None or not tool.steps:
        return None
    variables = {v.name: v for v in segmentation.variables}
    recommended = min(max(tool.recommended, 1), len(tool.steps))
    asked = tuple(
        Question(
            label=variables[s.variable].label if s.variable in variables else s.variable,
            answers=_answers(variables.get(s.variable)),
            accuracy=s.accuracy,
            accuracy_text=percent(s.accuracy),
            right_text="" if s.right is None else percent(s.right),
            recommended=position <= recommended,
        )
        for position, s in enumerate(tool.steps, start=1)
    )
    these = "This one question puts" if recommended == 1 else f"These {recommended} questions put"
    sentence = (
        f"{these} {asked[recommended - 1].accuracy_text} of customers into the same "
        f"{segmentation.noun} as all variables together. Always guessing the largest is right for "
        f"{percent(tool.majority)}."
    )
    right = asked[recommended - 1].right_text
    if right and tool.right_by_all is not None:
        sentence += (
            f" The right {segmentation.noun} is another question, since not even all variables "
            f"tell it for sure: {right} are expected to end in it, and with all variables "
            f"{percent(tool.right_by_all)}."
        )
    return Questions(asked, recommended, tool.majority, sentence, segmentation.noun)


def _answers(variable: Variable | None) -> str:
    if variable is None:
        return ""
    if variable.levels:
        shown = variable.levels[:6]
        more = len(variable.levels) - len(shown)
        return " / ".join(shown) + (f" / and {more} more" if more else "")
    return f"a number, in {variable.unit}" if variable.unit else "a number"
