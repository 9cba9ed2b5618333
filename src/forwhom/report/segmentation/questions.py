"""The typing tool: which few questions place a new customer, and how well."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.nouns import forms_of
from forwhom.documents.placing import gain_of, told_of_guessing
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.verdict import Noun
from forwhom.languages.catalog import tr, tr_count
from forwhom.languages.units import unit_alone
from forwhom.wording import apart, listed, percent


@dataclass(frozen=True)
class Question:
    """One question, with the accuracy of asking it and those before it."""

    label: str
    answers: str
    accuracy: float
    accuracy_text: str
    right_text: str
    recommended: bool
    worth: bool


@dataclass(frozen=True)
class Questions:
    """The questions in their order, and what they reach."""

    questions: tuple[Question, ...]
    recommended: int
    majority: float
    sentence: str
    noun: Noun
    guessing: str  # that they are no better than that; empty where they are

    @property
    def briefly(self) -> str:
        """What to ask, and what it reaches, in a line."""
        asked = self.questions[: self.recommended]
        said = {
            "labels": listed([apart(q.label) for q in asked], most=None),
            "part": asked[-1].accuracy_text,
            **forms_of(self.noun),
        }
        if not asked[-1].right_text:
            told = tr(
                "To place a new customer, ask for {labels}: {part} end in the same {noun} as with "
                "all variables.",
                **said,
            )
        else:
            told = tr(
                "To place a new customer, ask for {labels}: {part} end in the same {noun} as with "
                "all variables, and {right} in the right one.",
                right=asked[-1].right_text,
                **said,
            )
        return f"{told} {self.guessing}".rstrip()

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The questions as a table."""
        return [
            (
                f"{i}. {q.label}",
                q.accuracy_text,
                q.right_text or "–",
                tr("yes") if q.worth else tr("no"),
            )
            for i, q in enumerate(self.questions, 1)
        ]


def questions(segmentation: Segmentation) -> Questions | None:
    """Return the typing tool in words; ``None`` when there is none."""
    tool = segmentation.typing_tool
    if tool is None or not tool.steps:
        return None
    variables = {v.name: v for v in segmentation.variables}
    recommended, gain = tool.asked, gain_of(segmentation)
    asked = tuple(
        Question(
            label=variables[s.variable].label if s.variable in variables else s.variable,
            answers=_answers(variables.get(s.variable)),
            accuracy=s.accuracy,
            accuracy_text=percent(s.accuracy),
            right_text="" if s.right is None else percent(s.right),
            recommended=position <= recommended,
            worth=position <= recommended and gain != "no",
        )
        for position, s in enumerate(tool.steps, start=1)
    )
    noun = segmentation.noun
    sentence = _placed(asked[recommended - 1], recommended, tool.majority, noun)
    right = asked[recommended - 1].right_text
    if right and tool.right_by_all is not None:
        said = tr(
            "The right {noun} is another question, since not even all variables tell it for sure: "
            "{right} are expected to end in it, and with all variables {all}.",
            right=right,
            all=percent(tool.right_by_all),
            **forms_of(noun),
        )
        sentence += f" {said}"
    guessing = told_of_guessing(segmentation)
    sentence = f"{sentence} {guessing}".rstrip()
    return Questions(asked, recommended, tool.majority, sentence, noun, guessing)


def _placed(last: Question, recommended: int, majority: float, noun: Noun) -> str:
    """Say where so many questions place customers, and where guessing does."""
    said = tr_count(
        "This one question puts {part} of customers into the same {noun} as all variables "
        "together.",
        "These {n} questions put {part} of customers into the same {noun} as all variables "
        "together.",
        recommended,
        part=last.accuracy_text,
        **forms_of(noun),
    )
    guess = tr("Always guessing the largest is right for {part}.", part=percent(majority))
    return f"{said} {guess}"


def _answers(variable: Variable | None) -> str:
    if variable is None:
        return ""
    if variable.levels:
        shown = variable.levels[:6]
        more = len(variable.levels) - len(shown)
        told = [*shown, tr_count("and {n} more", "and {n} more", more)] if more else shown
        return " / ".join(told)
    if not variable.unit:
        return tr("a number")
    return tr("a number, in {unit}", unit=apart(unit_alone(variable.unit)))
