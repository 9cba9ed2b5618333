"""Values on, and beside, the bounds that decide what is said of a segment."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.segmentation import Distinction, TypingStep, Variable
from forwhom.personas.duplicates import Said
from forwhom.personas.numbers import _Any
from forwhom.personas.typical import _Nearest, _nearest, _typical_value
from forwhom.personas.typing_tool import _best_item, _Half, _recommended
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column


def halves(*densities: list[list[float]], assignment: list[int]) -> _Half:
    return _Half(
        np.arange(len(assignment)),
        [np.array(one) for one in densities],
        np.array(assignment),
        np.ones(len(assignment)),
        None,
        None,
    )


def test_the_most_accurate_question_comes_before_the_least_surprising_one() -> None:
    sure_but_wrong_once = [[0.0, -9.0], [0.0, -9.0], [-0.1, 0.0], [-9.0, 0.0]]
    right_but_hardly = [[0.0, -0.01], [0.0, -0.01], [0.0, -0.01], [-0.01, 0.0]]
    half = halves(sure_but_wrong_once, right_but_hardly, assignment=[0, 0, 0, 1])
    start = np.zeros((4, 2))
    assert half.accuracy(start + half.densities[0]) == 0.75
    assert half.accuracy(start + half.densities[1]) == 1.0
    assert _best_item([0, 1], start, half) == 1
    surer = halves([[0.0, -0.1]], [[0.0, -5.0]], assignment=[0])
    assert _best_item([0, 1], np.zeros((1, 2)), surer) == 1, "of equals, the least surprise"
    assert (
        _best_item([1, 0], np.zeros((1, 2)), halves([[0.0, -1.0]], [[0.0, -1.0]], assignment=[0]))
        == 0
    )


@pytest.mark.parametrize(
    ("accuracies", "majority", "wanted"),
    [
        ([0.6, 0.9, 0.95], 0.5, 2),
        ([0.6, 0.899, 0.95], 0.5, 3),
        ([0.5, 0.5], 0.6, 0),
        ([0.7, 0.71], 0.5, 1),
    ],
)
def test_the_fewest_questions_that_are_good_enough(
    accuracies: list[float], majority: float, wanted: int
) -> None:
    steps = [TypingStep(variable=f"x{i}", accuracy=a) for i, a in enumerate(accuracies)]
    assert _recommended(steps, majority) == wanted


def two_segments(n: int) -> Membership:
    return Membership.of(np.eye(2)[np.arange(n) % 2])


def test_half_a_dollar_is_some_of_it() -> None:
    values = np.tile([0.5, 0.0, 0.5, 0.5], 20)
    found = _Any.of("spend", values, two_segments(80), 10)
    assert found.shares(0) == (1.0, 0.5)
    assert found.shares(1) == (0.5, 1.0)
    said = Distinction(
        variable="spend", kind="h", effect=1.0, statement="any", phrase="any", inside=1.0, rest=0.5
    )
    any_of_it = Said(said, Column("spend", values), formed_segments=True)
    assert any_of_it.values(np.arange(4)).tolist() == [1.0, 0.0, 1.0, 1.0]


def test_a_typical_value_needs_as_many_customers_as_the_threshold() -> None:
    variable = Variable(name="x", label="X", measure="count", use="active")
    column = Column("x", np.arange(40.0))
    few, enough = np.arange(9), np.arange(10)
    assert _typical_value(variable, column, _Nearest(few, np.ones(9)), 10) is None
    assert _typical_value(variable, column, _Nearest(enough, np.ones(10)), 10) is not None
    member = two_segments(18)
    assert _nearest(np.zeros(18), member, 0, 10) is None
    assert _nearest(np.zeros(18), member, 0, 9) is not None
