"""The typing tool, earlier names and progress by hand, on and beside each bound."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from forwhom.documents.segmentation import Variable
from forwhom.errors import DataError
from forwhom.personas import describe_segments
from forwhom.personas.segments import renamed
from forwhom.personas.succession import _given_name, _notes
from forwhom.personas.typing_tool import _choose, _Half
from forwhom.tables.columns import Column


def number(measure: str = "continuous", **more: Any) -> Variable:
    return Variable.model_validate(
        {"name": "x", "label": "X", "measure": measure, "use": "active", **more}
    )


def half(*densities: list[list[float]], assignment: list[int], **more: Any) -> _Half:
    given = {"weights": np.ones(len(assignment)), "chances": None, "parts": None} | more
    rows = np.arange(len(assignment))
    return _Half(rows, [np.array(one) for one in densities], np.array(assignment), **given)


def test_surprise_is_the_mean_negative_log_probability() -> None:
    weights = np.array([1.0, 3.0])
    one = half(assignment=[0, 1], weights=weights)
    scores = np.log(np.array([[0.8, 0.2], [0.6, 0.4]])) + np.array([[5.0], [-7.0]])
    assert one.surprise(scores) == pytest.approx(-(np.log(0.8) + 3 * np.log(0.4)) / 4)
    assert one.surprise(np.array([[0.0, -100.0], [0.0, -100.0]])) == pytest.approx(3 * 50 / 4)
    assert one.accuracy(scores) == 0.25


def test_segments_of_several_classes_are_their_sum() -> None:
    one = half(assignment=[1], parts=np.array([0, 1, 1]), chances=np.array([[0.31234, 0.68766]]))
    scores = np.log(np.array([[0.4, 0.3, 0.3]]))
    assert np.exp(one.by_segment(scores)) == pytest.approx(np.array([[0.4, 0.6]]))
    assert one.placed(scores).tolist() == [1]
    assert one.right(np.array([0])) == 0.3123
    assert half(assignment=[1]).right(np.array([0])) is None


def test_questions_end_where_nearly_all_are_placed() -> None:
    wrong_once = np.where(np.arange(2) == np.repeat([0, 1], 200)[:, None], 0.0, -5.0)
    wrong_once[:2] = wrong_once[:2, ::-1]
    fine = wrong_once.tolist()
    assignment = np.repeat([0, 1], 200).tolist()
    both = half(fine, fine, assignment=assignment)
    start = np.log(np.array([0.5, 0.5]))
    steps = _choose([("a",), ("b",)], start, both, both, 0.5)
    assert [(s.variable, s.accuracy) for s in steps] == [("a", 0.995)]
    wrong_once[2] = wrong_once[2, ::-1]
    both = half(wrong_once.tolist(), fine, assignment=assignment)
    steps = _choose([("a",), ("b",)], start, both, both, 0.5)
    assert [s.variable for s in steps] == ["b"]
    both = half(wrong_once.tolist(), wrong_once.tolist(), assignment=assignment)
    assert len(_choose([("a",), ("b",)], start, both, both, 0.5)) == 2


def test_what_does_not_fit_twelve_questions_any_more_is_left_out() -> None:
    noise = [[0.0, 0.0]] * 4
    names = [
        tuple(f"{letter}{i}" for i in range(n)) for letter, n in (("a", 7), ("b", 6), ("c", 5))
    ]
    both = half(noise, noise, noise, assignment=[0, 1, 0, 1])
    steps = _choose(names, np.zeros(2), both, both, 0.5)
    assert [s.variable for s in steps] == [*names[0], *names[2]]
    names = [("a",) * 12, ("b",)]
    both = half(noise, noise, assignment=[0, 1, 0, 1])
    assert len(_choose(names, np.zeros(2), both, both, 0.5)) == 12


def test_names_that_a_person_gave_are_kept_and_who_has_no_successor_is_told() -> None:
    old: Any = SimpleNamespace(
        segments=[
            SimpleNamespace(id=1, name="Regulars", proposed_name="Frequent"),
            SimpleNamespace(id=2, name="Rare", proposed_name="Rare"),
        ]
    )
    assert [_given_name(old, i) for i in (0, 1, -1)] == ["Regulars", None, None]
    assert _notes(old, np.array([0, 1])) == []
    assert _notes(old, np.array([-1, 0, -1])) == [
        "Segment 2 of the earlier run (Rare) has no successor.",
        "Segments without a predecessor in the earlier run: 1, 3.",
    ]


def test_names_of_a_method_and_of_a_person_are_put_over_proposed_ones() -> None:
    columns = {"x": Column("x", np.arange(40.0))}
    member = np.eye(2)[np.repeat([0, 1], 20)]
    steps: list[tuple[str, float]] = []
    found = describe_segments(
        columns, [number()], member, progress=lambda what, done: steps.append((what, done))
    )
    assert steps == [
        ("Profiling segments", 0.0),
        ("Finding what distinguishes segments", 0.05),
        ("Building typical members", 0.55),
        ("Describing segments", 1.0),
    ]
    named = renamed(found, ["A", "B"], [None, "Mine"])
    assert [(s.name, s.proposed_name) for s in named] == [("A", "A"), ("Mine", "B")]
    assert renamed(found, None, None) == found
    with pytest.raises(DataError, match="'x' has 39 values for 40 customers"):
        describe_segments({"x": Column("x", np.arange(39.0))}, [number()], member)
