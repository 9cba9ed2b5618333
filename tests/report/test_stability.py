"""Whether the segments would be found again, on the page and in text."""

from __future__ import annotations

import pytest
from tests.report.judged import judged
from tests.report.test_structure import CLAIMS, own_words

from forwhom.documents.segmentation import Segmentation
from forwhom.documents.stability import NumberStability, SegmentStability, Stability
from forwhom.report.segmentation import charts, report_html, summarize, summary_text
from forwhom.report.segmentation.charts.curves import _RIGHT, _room_for


def replicated(name: str, *, warm: float = 0.93, numbers: int = 3) -> Segmentation:
    """The grocery customers, with the stability of some numbers of segments."""
    base = judged(name)
    k = len(base.segments)
    tried = sorted([k, *(other for other in range(2, 9) if other != k)][:numbers])
    return base.model_copy(
        update={
            "stability": Stability(
                replicates=100,
                rows=4000,
                rows_in_all=10_000,
                reading="reproducible",
                numbers=[
                    NumberStability(k=i, agreement=0.91 - 0.1 * abs(k - i), low=-0.02, high=1.0,
                                    warm=warm)
                    for i in tried
                ],
                segments=[
                    SegmentStability(segment=s.id, jaccard=0.9 if s.id > 1 else 0.5,
                                     found=95 if s.id > 1 else 12)
                    for s in base.segments
                ],
            )
        }
    )  # fmt: skip


@pytest.mark.parametrize("name", ["clear", "scale", "unclear"])
def test_the_answer_and_the_page_say_it(name: str) -> None:
    found = replicated(name)
    (said,) = [s for s in found.answer.sentences if s.startswith("Would we find")]
    assert f"the {found.noun}s again? Yes: in 100 random re-weightings" in said
    assert f"; {found.noun} 1 is mostly lost)" in said
    page = report_html(found)
    for told in ("Would we find them again?", "12 of 100", "95 of 100", "Agreement as a table",
                 "4,000 customers stand for all"):  # fmt: skip
        assert told in page
    assert said in " ".join(summary_text(found, 100_000).split())
    if name != "clear":
        words = own_words(found, page)
        assert not CLAIMS.search(words), CLAIMS.search(words)


def test_text_compares_the_numbers_where_several_were_replicated() -> None:
    assert "how well they are found again (1 is the same)" in summary_text(replicated("scale"), 200)
    assert "found again (1 is" not in summary_text(replicated("scale", numbers=1), 200)
    assert "Agreement as a table" not in report_html(replicated("scale", numbers=1))


def test_the_curve_marks_what_was_chosen_and_says_its_values() -> None:
    again = summarize(replicated("scale")).again
    assert again is not None
    drawn = charts.stability_curve(again)
    assert f"{again.chosen} chosen" in drawn
    assert f"{again.chosen}: 0.91" in drawn
    assert drawn.count('class="point main"') == len(again.numbers)


def test_several_optima_are_told_on_the_page() -> None:
    told = "nearly equally good solutions a search ends in"
    assert told not in report_html(replicated("scale"))
    many = replicated("scale", warm=1.0)
    stability = many.stability
    assert stability is not None
    numbers = [n.model_copy(update={"agreement": 0.8}) for n in stability.numbers]
    lower = stability.model_copy(update={"numbers": numbers})
    assert told in report_html(many.model_copy(update={"stability": lower}))


def test_nothing_is_said_where_nothing_tested_it() -> None:
    found = judged("scale")
    assert summarize(found).again is None
    assert "Would we find the segments" not in report_html(found)


def test_names_of_curves_have_room_beside_them() -> None:
    """On paper the drawing is some 590 px wide, and a letter in bold 8."""
    assert _room_for(("BIC", "ICL")) == _RIGHT
    for names in (("from these", "at random"), ("BIC", "ICL")):
        assert (_room_for(names) + 3) / 100 * 590 + 7.5 * max(map(len, names)) < 590
