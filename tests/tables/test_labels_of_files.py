"""Labels, sets of answers and kinds that files of SPSS, Stata and SAS bring, without a file."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from forwhom.tables.statistical import (
    Statistical,
    _array,
    _is_numbered,
    _kind,
    _only_ends,
    _Plan,
    _plan,
    _plans,
    _within,
)


def meta(**more: Any) -> Any:
    told = {
        "column_names": ["x"], "original_variable_types": {}, "readstat_variable_types": {},
        "variable_measure": {}, "missing_ranges": {}, "variable_value_labels": {}, "mr_sets": {},
    }  # fmt: skip
    return SimpleNamespace(**told | more)


FIVE = {1.0: "Bad", 2.0: "Poor", 3.0: "Fair", 4.0: "Good", 5.0: "Best"}


@pytest.mark.parametrize(
    ("words", "measure", "kind", "levels"),
    [
        (FIVE, "ordinal", "levels", tuple(FIVE.values())),
        (FIVE, "nominal", "levels", None),
        (FIVE, "unknown", "levels", None),
        (FIVE, "scale", "number", None),
        ({1.0: "Bad", 5.0: "Best"}, "ordinal", "number", None),
        ({1.0: "Bad", 5.0: "Best"}, "nominal", "levels", None),
        ({1.0: "Bad", 2.0: "Best"}, "unknown", "levels", None),
        ({1.0: "1", 2.0: "2", 3.0: "3", 4.0: "4"}, "unknown", "levels", ("1", "2", "3", "4")),
        ({1.0: "1", 2.0: "2", 3.0: "3"}, "unknown", "levels", None),
        ({}, "ordinal", "number", None),
    ],
)
def test_what_value_labels_make_of_a_column(
    words: dict[float, str], measure: str, kind: str, levels: tuple[str, ...] | None
) -> None:
    said = Statistical()
    told = meta(variable_value_labels={"x": words}, variable_measure={"x": measure})
    assert _plan(told, "x", said, "f").kind == kind
    assert said.levels.get("x") == levels
    text = meta(variable_value_labels={"x": words}, readstat_variable_types={"x": "string"})
    assert _plan(text, "x", Statistical(), "f").kind == "text"


def test_labels_of_missing_codes_are_no_levels_and_twins_keep_their_codes() -> None:
    said = Statistical()
    told = meta(
        variable_value_labels={"x": {1.0: "a", 2.0: "a", 8.0: "b", 9.0: "c", 99.0: "d"}},
        missing_ranges={"x": [{"lo": 8.0, "hi": 9.0}, 99.0]}, variable_measure={"x": "nominal"},
    )  # fmt: skip
    assert _plan(told, "x", said, "f").words == {1.0: "a (1)", 2.0: "a (2)"}
    assert said.notes[0].startswith("f: several codes of 'x' have the label 'a'")
    assert [_within(code, {"lo": 8, "hi": 9}) for code in (7, 8, 9, 10)] == [False, True, True,
                                                                            False]  # fmt: skip
    assert not _within("x", 9)


@pytest.mark.parametrize(
    ("codes", "ends"),
    [([1], True), ([1, 3], True), ([1, 2], False), ([1, 2, 5], True), ([1, 2, 4], False),
     ([1, 2, 3, 9], False)],
)  # fmt: skip
def test_words_for_the_ends_of_a_scale_alone(codes: list[int], ends: bool) -> None:
    assert _only_ends({float(code): "w" for code in codes}) is ends


def test_steps_called_by_their_numbers() -> None:
    assert _is_numbered({1.0: "Bad", 2.0: "2.", 3.0: " 3", 4.0: "Good"})
    assert not _is_numbered({1.0: "Bad", 2.0: "2", 3.0: "x", 4.0: "Good"})
    assert not _is_numbered({1.0: "Bad", 2.0: "2", 3.0: "Good"})
    assert not _is_numbered({1.0: "Bad", 2.0: "2", 3.0: "Good", 9.0: "Don't know"})


@pytest.mark.parametrize(
    ("form", "stored", "kind"),
    [("A10", "string", "text"), ("DATETIME20", "double", "time"), ("%tc", "double", "time"),
     ("ADATE10", "double", "date"), ("%td", "double", "date"), ("TIME8", "double", "clock"),
     ("F8.2", "double", "number"), ("", "double", "number")],
)  # fmt: skip
def test_kinds_by_the_form_of_a_file(form: str, stored: str, kind: str) -> None:
    assert _kind(form, stored) == kind


def test_sets_of_answers_say_no_where_another_was_chosen() -> None:
    chosen = _Plan("a", ("a", "a", "b"), "chosen", counted="1")
    rows = {"a": [1.0, None, None, 2.0], "b": [None, 1.0, None, None]}
    assert _array(chosen, rows).to_pylist() == [True, False, None, False]
    among = _Plan("a: x", ("a", "b"), "among", counted=2.0)
    assert _array(among, rows).to_pylist() == [False, False, None, True]
    sets = {"s": {"variable_list": ["a", "b"], "is_dichotomy": False, "label": "Which?"}}
    told = meta(column_names=["a", "b"], mr_sets=sets,
                variable_value_labels={"a": {2.0: "Tea", 1.0: "Milk"}})  # fmt: skip
    said = Statistical()
    assert [(p.name, p.counted) for p in _plans(told, said, "f")] == [
        ("a: Milk", 1.0), ("a: Tea", 2.0),
    ]  # fmt: skip
    assert said.labels == {"a: Milk": "Which?: Milk", "a: Tea": "Which?: Tea"}
    assert said.notes == ["f: 1 multiple-response set: each answer is a yes or no."]


def test_cells_of_each_kind() -> None:
    def told(kind: str, values: Sequence[Any], **words: Any) -> list[Any]:
        return list(_array(_Plan("a", ("a",), kind, **words), {"a": list(values)}).to_pylist())

    assert told("levels", [1.0, 2.0, None], words={1.0: "a"}) == ["a", "2", None]
    assert told("text", ["x ", "  ", None, 3]) == ["x", None, None, "3"]
    assert told("number", [1, 2.5, "x", None]) == [1.0, 2.5, None, None]
    assert told("clock", [3, None]) == ["3", None]
