"""The answer: how sure and how separate, in words."""

from __future__ import annotations

from forwhom.documents import Segmentation, answer
from forwhom.documents.fitting import Fit
from forwhom.documents.models import RulesModel


def test_judgments_follow_their_bounds() -> None:
    assert [answer.how_sure(p) for p in (0.95, 0.85, 0.75, 0.5)] == [
        "very sure", "sure", "fairly sure", "unsure",
    ]  # fmt: skip
    assert answer.how_separate(0.8) == "clearly separated"
    assert answer.how_separate(0.1) == "strongly overlapping"


def test_what_the_weights_are_worth_is_said() -> None:
    fit = Fit(method="rules", seed=0, n_effective=640.4)
    found = Segmentation(
        created="2024-01-01T00:00:00Z", version="0", n=1000, weight="w", variables=[],
        model=RulesModel(rules=[]), fit=fit, segments=[], overlap=[],
    )  # fmt: skip
    told = found.answer.sentences[-1]
    assert told.endswith("1,000 customers say as much as 640 equally weighted customers.")
    older = found.model_copy(update={"fit": fit.model_copy(update={"n_effective": None})})
    assert older.answer.sentences[-1] == "Shares are weighted by “w”; counts are not."
