"""Weights at which another segment leads, by hand, and what draws of respondents rest on."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.choices.respondents import Answers, opportunity, resample
from forwhom.choices.weighing import Turn, _overtakes, turning_weight


def turn(criterion: list[float], rest: list[float], weight: float) -> Turn | None:
    return turning_weight(np.array(criterion), np.array(rest), weight)


def test_the_nearest_weight_at_which_another_leads() -> None:
    # 4 + 4w against 8 - 8w: equal at a third; the third segment would lead from 0.9 on only.
    assert turn([8, 0], [4, 8], 0.5) == Turn(0.333333333, 1)
    assert turn([8, 0, 0], [4, 8, 5], 0.5) == Turn(0.333333333, 1)
    assert turn([8, 0, 10], [4, 8, -14], 0.5) == Turn(0.333333333, 1)
    assert turn([8, 0, 10], [4, 8, 2], 0.4) == Turn(0.333333333, 1)
    assert turn([8, 0, 10], [4, 8, 2], 0.45) == Turn(0.5, 2)
    assert turn([5, 4], [5, 4], 0.5) is None  # always ahead by as much
    assert turn([5, 1], [5, 5], 0.5) is None  # level only where nothing of it counts
    assert turn([5, 5], [5, 1], 0.5) is None  # level only where nothing else counts


@pytest.mark.parametrize(
    ("slope", "weight", "room"),
    [(1, 0.0, False), (1, 0.3, True), (1, 1.0, True), (-1, 0.0, True), (-1, 0.3, True),
     (-1, 1.0, False)],
)  # fmt: skip
def test_where_two_are_level_the_other_leads_on_one_side(
    slope: float, weight: float, room: bool
) -> None:
    assert _overtakes(weight, weight, slope) == room


@pytest.mark.parametrize(
    ("crossing", "weight", "room"),
    [(0.0, 0.5, False), (0.1, 0.5, True), (1.0, 0.5, False), (0.9, 0.5, True)],
)
def test_beyond_the_end_of_the_weights_nobody_leads(
    crossing: float, weight: float, room: bool
) -> None:
    assert _overtakes(crossing, weight, 1.0) == room


def test_an_opportunity_never_counts_satisfaction_beyond_importance() -> None:
    found = opportunity(np.array([8.0, 5.0, 4.0]), np.array([3.0, 9.0, 4.0]))
    assert found.tolist() == [13.0, 5.0, 4.0]


def test_only_whole_answers_that_are_shown_count() -> None:
    nan = np.nan
    answers = Answers(
        needs=["n"], segments=[None] * 4,
        importance=np.array([[8.0], [6.0], [nan], [2.0]]),
        satisfaction=np.array([[4.0], [2.0], [9.0], [8.0]]),
    )  # fmt: skip
    shown = np.array([[True], [True], [True], [False]])
    found = resample(answers, shown, draws=200, seed=1, name="all")
    assert (found.n.tolist(), found.importance.tolist(), found.satisfaction.tolist()) == (
        [2], [7.0], [3.0],
    )  # fmt: skip
    assert set(found.importance_draws[:, 0].tolist()) == {6.0, 7.0, 8.0}
    assert set(found.satisfaction_draws[:, 0].tolist()) == {2.0, 3.0, 4.0}
    assert found.importance_draws.shape == (200, 1)
