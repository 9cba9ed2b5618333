"""Responses that nobody gave much thought to are counted, and stay."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from forwhom.customers.drafting import draft_study

N = 120
RNG = np.random.default_rng(8)
TOOL = {
    "ResponseId": [f"R{i}" for i in range(N)], "Progress": [100] * N, "UserLanguage": ["EN"] * N,
}  # fmt: skip


def survey(fast: int, straight: int) -> pa.Table:
    seconds = RNG.integers(200, 400, N)
    seconds[:fast] = 40
    answers = RNG.integers(1, 6, (6, N))
    answers[:, (answers == answers[0]).all(axis=0)] = np.array([1, 2, 3, 4, 5, 1])[:, None]
    answers[:, :straight] = 3
    grid = {f"Q1_{i}": answers[i] for i in range(6)}
    return pa.table(TOOL | {"Duration (in seconds)": seconds} | grid)


def test_fast_and_straight_answers_are_counted_and_stay() -> None:
    draft = draft_study({"survey": survey(7, 5)})
    assert any(
        n.startswith("survey: 7 responses were given in less than a third of the usual time")
        and "5.8%" in n for n in draft.notes
    )  # fmt: skip
    assert any(
        "survey: 5 responses have the same answer to all 6 questions from Q1_0 to Q1_5" in n
        for n in draft.notes
    )
    assert draft.study.customers is not None
    assert draft.study.customers.leave_out == {}


def test_nothing_is_said_where_all_took_their_time_or_no_tool_asked() -> None:
    told = draft_study({"survey": survey(0, 0)}).notes
    assert not any("usual time" in note or "same answer" in note for note in told)
    plain = survey(7, 5).drop_columns(["ResponseId", "Progress", "UserLanguage"])
    assert not any("same answer" in note for note in draft_study({"people": plain}).notes)
