"""The answer: how sure and how separate, in words."""

from __future__ import annotations

from forwhom.documents import answer


def test_judgments_follow_their_bounds() -> None:
    assert [answer.how_sure(p) for p in (0.95, 0.85, 0.75, 0.5)] == [
        "very sure", "sure", "fairly sure", "unsure",
    ]  # fmt: skip
    assert answer.how_separate(0.8) == "clearly separated"
    assert answer.how_separate(0.1) == "strongly overlapping"
