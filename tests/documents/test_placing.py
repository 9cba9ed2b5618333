"""Questions that place customers no better than guessing are told so, wherever they are told."""

from __future__ import annotations

import pytest
from tests.report.made import typical

from forwhom.documents.defense import defense_of_segmentation
from forwhom.documents.placing import Gain, gain_of, told_of_guessing
from forwhom.documents.segmentation import Interval, Segmentation, TypingStep, TypingTool
from forwhom.languages.catalog import speaking
from forwhom.report.segmentation import report_html, summary_text


def asked(
    right: float | None, accuracy: float = 0.5, recommended: int = 2, steps: int = 3
) -> Segmentation:
    """A segmentation whose largest segment holds 21 %, 17 to 25 %, and a tool of some questions."""
    found = typical()
    first, *others = found.segments
    largest = first.model_copy(
        update={"share": 0.21, "share_interval": Interval(low=0.17, high=0.25)}
    )
    smaller = [one.model_copy(update={"share": 0.1}) for one in others]
    names = [v.name for v in found.variables][:steps]
    return found.model_copy(
        update={
            "segments": [*smaller, largest],
            "typing_tool": TypingTool(
                steps=[TypingStep(variable=v, accuracy=accuracy, right=right) for v in names],
                recommended=recommended,
                majority=0.24,
                right_by_all=None if right is None else right,
            ),
        }
    )


@pytest.mark.parametrize(
    ("found", "gain"),
    [
        (asked(0.14), "no"),
        (asked(0.21), "no"),
        (asked(0.22), "unsure"),
        (asked(0.25), "unsure"),
        (asked(0.26), "yes"),
        (asked(None), "yes"),
        (asked(None, accuracy=0.24), "no"),
        (asked(0.9, accuracy=0.24), "no"),
        (asked(0.9, recommended=0), "no"),
        (asked(0.9, steps=0), None),
        (typical().model_copy(update={"typing_tool": None}), None),
    ],
)
def test_questions_are_held_against_always_saying_the_largest(
    found: Segmentation, gain: Gain
) -> None:
    assert gain_of(found) == gain
    assert bool(told_of_guessing(found)) == (gain in ("no", "unsure"))


def test_it_is_said_in_whole_sentences_for_one_and_for_several() -> None:
    no = "place customers no better than always guessing the largest, which holds 21% of them."
    assert told_of_guessing(asked(0.14)) == f"These 2 questions {no}"
    one = f"This one question {no.replace('place', 'places', 1)}"
    assert told_of_guessing(asked(0.14, recommended=1)) == one
    assert told_of_guessing(asked(0.14, recommended=0)) == one
    assert told_of_guessing(asked(0.22)) == (
        "Whether these 2 questions place customers better than always guessing the largest, which "
        "holds 21% of them (17% to 25%), we cannot tell."
    )
    with speaking("de"):
        assert told_of_guessing(asked(0.14)).startswith("Diese 2 Fragen ordnen Kunden nicht besser")


def test_who_is_placed_no_better_than_by_guessing_is_not_reached() -> None:
    def reach(found: Segmentation) -> tuple[str, str]:
        told = {d.variable for s in found.segments for d in s.distinctions}
        variables = [
            v.model_copy(update={"criterion": "channel" if v.name in told else None})
            for v in found.variables
        ]
        reached = found.model_copy(update={"variables": variables})
        [one] = [q for q in defense_of_segmentation(reached).questions if q.id == "reach"]
        return one.state, one.why

    said = "place customers no better than always guessing the largest, which holds 21% of them."
    assert reach(asked(0.9))[0] == "yes"
    assert said not in reach(asked(0.9))[1]
    assert reach(asked(0.9, accuracy=0.24))[0] == "open"
    state, why = reach(asked(0.14))
    assert (state, said in why) == ("open", True)
    assert why.startswith("Two questions place 14% of customers in the right ")
    assert reach(asked(0.9, recommended=0))[1].startswith("One question places 90% of customers")


def test_report_and_text_say_it_and_recommend_no_such_question() -> None:
    useless, useful = asked(0.14), asked(0.6)
    said = "place customers no better than always guessing the largest"
    assert said in report_html(useless)
    assert said in " ".join(summary_text(useless).split())
    assert said not in report_html(useful) + summary_text(useful)
    assert ">ask 2</text>" in report_html(useful)
    assert ">ask 2</text>" not in report_html(useless)
