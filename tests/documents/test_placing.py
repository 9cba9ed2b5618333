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
    low: float | None, high: float = 0.0, recommended: int = 2, steps: int = 3, right: float = 0.9
) -> Segmentation:
    """A segmentation whose largest segment holds 21 %, and a tool of some questions."""
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
                steps=[TypingStep(variable=v, accuracy=0.95, right=right) for v in names],
                recommended=recommended,
                majority=0.24,
                right_by_all=right,
                gain_interval=None if low is None else Interval(low=low, high=high),
            ),
        }
    )


YES, NO, UNSURE = asked(0.3, 0.4), asked(-0.071, 0.012), asked(-0.132, 0.27)


@pytest.mark.parametrize(
    ("found", "gain"),
    [
        (YES, "yes"),
        (NO, "no"),
        (UNSURE, "unsure"),
        (asked(0.021, 0.4), "yes"),
        (asked(0.02, 0.4), "unsure"),
        (asked(0.0, 0.02), "no"),
        (asked(0.0, 0.021), "unsure"),
        (asked(0.3, 0.4, recommended=0), "yes"),
        (asked(None), "unsure"),
        (asked(0.3, 0.4, steps=0), None),
        (typical().model_copy(update={"typing_tool": None}), None),
    ],
)
def test_the_whole_interval_decides(found: Segmentation, gain: Gain) -> None:
    assert gain_of(found) == gain
    assert bool(told_of_guessing(found)) == (gain in ("no", "unsure"))


def test_it_is_said_in_whole_sentences_for_one_and_for_several() -> None:
    no = "place customers hardly better than always guessing the largest, which holds 21% of them."
    more = "Of 100 customers, −7.1 to 1.2 more are placed right."
    assert told_of_guessing(NO) == f"These 2 questions {no} {more}"
    one = f"This one question {no.replace('place', 'places', 1)} {more}"
    assert told_of_guessing(asked(-0.071, 0.012, recommended=1)) == one
    assert told_of_guessing(asked(-0.071, 0.012, recommended=0)) == one
    open_ = (
        "Whether these 2 questions place customers better than always guessing the largest, which "
        "holds 21% of them, we cannot tell."
    )
    assert told_of_guessing(asked(None)) == open_
    more = "Of 100 customers, −13 to 27 more are placed right."
    assert told_of_guessing(UNSURE) == f"{open_} {more}"
    with speaking("de"):
        assert told_of_guessing(NO).startswith("Diese 2 Fragen ordnen Kunden kaum besser zu")


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

    said = "place customers hardly better than always guessing the largest"
    assert reach(YES)[0] == "yes"
    assert "guessing" not in reach(YES)[1]
    state, why = reach(UNSURE)
    assert (state, "we cannot tell" in why) == ("open", True)
    state, why = reach(NO)
    assert (state, said in why) == ("open", True)
    assert why.startswith("Two questions place 90% of customers in the right ")
    one = asked(0.3, 0.4, recommended=0)
    assert reach(one)[1].startswith("One question places 90% of customers")


def test_report_and_text_say_it_and_recommend_no_such_question() -> None:
    said = "place customers hardly better than always guessing the largest"
    assert said in report_html(NO)
    assert said in " ".join(summary_text(NO).split())
    assert "guessing the largest, which" not in report_html(YES) + summary_text(YES)
    assert "we cannot tell" in report_html(UNSURE)
    assert ">ask 2</text>" in report_html(YES)
    assert ">ask 2</text>" in report_html(UNSURE)
    assert ">ask 2</text>" not in report_html(NO)
