"""How sure, how separate, how large."""

from __future__ import annotations

from forwhom.report.segmentation import judgments


def test_judgments_follow_their_bounds() -> None:
    assert [judgments.how_sure(p) for p in (0.95, 0.85, 0.75, 0.5)] == [
        "very sure", "sure", "fairly sure", "unsure",
    ]  # fmt: skip
    assert judgments.how_separate(0.8) == "clearly separated"
    assert judgments.how_separate(0.1) == "strongly overlapping"
    assert judgments.how_large(-0.9) == "large difference"
    assert judgments.how_large(0.1) == "very small difference"
