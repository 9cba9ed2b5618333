"""Items of lists that come, go and move: their comments go with them, and nothing else changes."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forwhom.documents import edits as edits_module
from forwhom.documents.edits import Edits
from forwhom.documents.yamlfile import YamlText, parse_yaml
from forwhom.errors import OptionError, OutputError

from .handwritten import Handwriting, comments

CALM = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 10**9)

Path_ = tuple[str | int, ...]
NEW: list[Any] = ["new", {"text": "new", "l": [1]}, [1, "x"], "a: b, c", 3, {"d": {"e": 1}}]


def edits_of(text: str) -> Edits:
    return Edits(parse_yaml(text, "x"))


def after(text: str, edit: Callable[[Edits], None]) -> str:
    edits = edits_of(text)
    edit(edits)
    return edits.written().text


@pytest.mark.parametrize(
    ("text", "location", "index", "value", "expected"),
    [
        # Behind dashes: above the comments of the item that it comes before.
        ("a:\n  - 1\n  # two\n  - 2\n", ("a",), 1, 9, "a:\n  - 1\n  - 9\n  # two\n  - 2\n"),
        ("a:  # all\n  # one\n  - 1\n", ("a",), 0, 9, "a:  # all\n  - 9\n  # one\n  - 1\n"),
        ("a:\n- 1\nb: 2\n", ("a",), 1, "x", "a:\n- 1\n- x\nb: 2\n"),
        ("a:\n  - b: 1\n    # c: 2\n", ("a",), 1, 3, "a:\n  - b: 1\n    # c: 2\n  - 3\n"),
        ("a:\n  # about all\n\n  - 1\n", ("a",), 0, 2, "a:\n  # about all\n\n  - 2\n  - 1\n"),
        ("a:\n  - - 1\n    - 2\n", ("a", 0), 0, 9, "a:\n  - - 9\n    - 1\n    - 2\n"),
        ("a:\n  - 1", ("a",), 1, 2, "a:\n  - 1\n  - 2"),
        ("a:\r\n  - 1\r\n", ("a",), 0, {"b": {"c": 1}},
         "a:\r\n  - b: {c: 1}\r\n  - 1\r\n"),
        # With the blank lines that all its neighbors have.
        ("a:\n  - 1\n\n  - 2\nb: 1\n", ("a",), 1, 9, "a:\n  - 1\n\n  - 9\n\n  - 2\nb: 1\n"),
        ("a:\n  - 1\n\n  - 2\nb: 1\n", ("a",), 0, 9, "a:\n  - 9\n\n  - 1\n\n  - 2\nb: 1\n"),
        ("a:\n  - 1\n\n  - 2\nb: 1\n", ("a",), 2, 9, "a:\n  - 1\n\n  - 2\n\n  - 9\nb: 1\n"),
        ("a:\n  - 1\n\n  - 2\n  - 3\n", ("a",), 1, 9, "a:\n  - 1\n  - 9\n\n  - 2\n  - 3\n"),
        # In brackets.
        ("a: [1, 2]  # few\n", ("a",), 1, 9, "a: [1, 9, 2]  # few\n"),
        ("a: [1, 2]\n", ("a",), 2, "x, y", "a: [1, 2, \"x, y\"]\n"),
        ("a: [\n  1,  # one\n  2\n]\n", ("a",), 1, 9, "a: [\n  1,  # one\n  9,\n  2\n]\n"),
        ("a: [\n  1,  # one\n  2\n]\n", ("a",), 2, 9, "a: [\n  1,  # one\n  2,\n  9\n]\n"),
        ("a: [\n  1,\n  2,  # two\n]\n", ("a",), 2, 9, "a: [\n  1,\n  2,  # two\n  9,\n]\n"),
        # Where there was none.
        ("a: []  # none\n", ("a",), 0, 1, "a: [1]  # none\n"),
        ("a: [\n  # none yet\n]\n", ("a",), 0, 1, "a: [1\n  # none yet\n]\n"),
        ("a:\nb: 1\n", ("a",), 0, 1, "a: [1]\nb: 1\n"),
        ("b: 1\n", ("a",), 0, 1, "b: 1\na: [1]\n"),
        # What an alias repeats is copied.
        ("a: &x [1]\nb: *x\n", ("b",), 0, 2, "a: &x [1]\nb: [2, 1]\n"),
    ],
)  # fmt: skip
def test_an_item_is_inserted(
    text: str, location: Path_, index: int, value: Any, expected: str
) -> None:
    assert after(text, lambda e: e.insert(location, index, value)) == expected


@pytest.mark.parametrize(
    ("text", "location", "expected"),
    [
        ("a:\n  - 1\n  # two\n  - 2  # yes\n  - 3\n", ("a", 1), "a:\n  - 1\n  - 3\n"),
        ("a:\n  - 1\n  # both\n\n  - 2\n", ("a", 1), "a:\n  - 1\n  # both\n\n"),
        ("a:\n  - b: 1\n    # c: 2\n  - 3\n", ("a", 0), "a:\n  - 3\n"),
        ("a:\n  - |\n    b\n    # text\n  # two\n  - 2\n", ("a", 0), "a:\n  # two\n  - 2\n"),
        ("a:\n  - 1\n\n  - 2\n\n  - 3\n", ("a", 1), "a:\n  - 1\n\n  - 3\n"),
        ("a:\n  - 1\n\n  - 2\n", ("a", 0), "a:\n  - 2\n"),
        ("a:\n  - 1\n  - 2", ("a", 1), "a:\n  - 1"),
        # The last one leaves an empty list.
        ("a:  # why\n  # one\n  - 1\nb: 2\n", ("a", 0), "a: []  # why\nb: 2\n"),
        ("a: &x\n- 1\nb: 2\n", ("a", 0), "a: &x []\nb: 2\n"),
        ("a:\n  - - 1  # one\n  - 2\n", ("a", 0, 0), "a:\n  - []\n  - 2\n"),
        ("a: [1]  # one\n", ("a", 0), "a: []  # one\n"),
        ("a: [\n  # one\n  1,\n]\n", ("a", 0), "a: [\n]\n"),
        # Behind the dash of another list.
        ("a:\n  - - 1\n    - 2\n", ("a", 0, 0), "a:\n  - - 2\n"),
        ("a:\n  - - 1\n    # two\n    - 2\n", ("a", 0, 0), "a:\n  -\n    # two\n    - 2\n"),
        # In brackets.
        ("a: [1, 2, 3]\n", ("a", 0), "a: [2, 3]\n"),
        ("a: [1, 2, 3]\n", ("a", 1), "a: [1, 3]\n"),
        ("a: [1, 2, 3]\n", ("a", 2), "a: [1, 2]\n"),
        ("a: [1, 2, ]\n", ("a", 1), "a: [1, ]\n"),
        ("a: [1, 2,  # two\n  3]\n", ("a", 1), "a: [1,   # two\n  3]\n"),
        ("a: [1,  # one\n  2]\n", ("a", 1), "a: [1  # one\n  ]\n"),
        ("a: [\n  1,  # one\n  # two\n  2,\n  3\n]\n", ("a", 1), "a: [\n  1,  # one\n  3\n]\n"),
        ("a: [\n  1,  # one\n  2  # two\n]\n", ("a", 1), "a: [\n  1  # one\n]\n"),
        # Text that keeps its blank lines gets no more of them.
        ("a:\n  - |+\n    b\n\n  - 1\n\nc: 1\n", ("a", 1), "a:\n  - |+\n    b\n\nc: 1\n"),
        # Keys.
        ("a:\n  b: 1\n  c: 2\n", ("a", "b"), "a:\n  c: 2\n"),
        ("a: &x [1, 2]\nb: *x\n", ("b", 0), "a: &x [1, 2]\nb: [2]\n"),
    ],
)
def test_an_item_is_removed(text: str, location: Path_, expected: str) -> None:
    assert after(text, lambda e: e.remove(location)) == expected


@pytest.mark.parametrize(
    ("text", "indexes", "expected"),
    [
        ("a:\n  - 1\n  # two\n  - 2\n  - 3\n", [1, 2], "a:\n  - 1\n"),
        ("a:\n  - 1\n\n  - 2\n\n  # three\n  - 3\n", [1, 0], "a:\n  # three\n  - 3\n"),
        ("a:\n  - 1\n\n  - 2\n\n  - 3\n", [0, 2], "a:\n  - 2\n"),
        ("a:  # all\n  # one\n  - 1\n\n  - 2\nb: 1\n", [0, 1], "a: []  # all\nb: 1\n"),
        ("a: [1, 2, 3]\n", [0, 2], "a: [2]\n"),
        ("a:\n  - 1\nb: &x [1]\n", [0], "a: []\nb: &x [1]\n"),
    ],
)
def test_several_items_are_removed(text: str, indexes: list[int], expected: str) -> None:
    assert after(text, lambda e: e.remove_several(("a",), indexes)) == expected


def test_several_items_behind_another_dash_are_removed() -> None:
    text = "a:\n  - - 1\n    - 2\n    - 3\n"
    assert after(text, lambda e: e.remove_several(("a", 0), [0, 1])) == "a:\n  - - 3\n"


@pytest.mark.parametrize(
    ("text", "source", "target", "index", "expected"),
    [
        # In its list.
        ("a:\n  # one\n  - 1  # !\n  - 2\n  - 3\n", ("a", 0), ("a",), 1,
         "a:\n  - 2\n  # one\n  - 1  # !\n  - 3\n"),
        ("a:\n  - 1\n\n  # two\n  - 2\n", ("a", 1), ("a",), 0,
         "a:\n  # two\n  - 2\n\n  - 1\n"),
        ("a:\n  - 1\n  - 2", ("a", 0), ("a",), 1, "a:\n  - 2\n  - 1"),
        ("a: [1, 2, 3]\n", ("a", 0), ("a",), 2, "a: [2, 3, 1]\n"),
        ("a: [1, 2, 3]\n", ("a", 2), ("a",), 0, "a: [3, 1, 2]\n"),
        ("a: [\n  1,  # one\n  2  # two\n]\n", ("a", 0), ("a",), 1,
         "a: [\n  2,  # two\n  1  # one\n]\n"),
        # Into another one, as deep as it is there.
        ("a:\n- b: |\n    t\n  c: 1\nd:\n    - 1\n", ("a", 0), ("d",), 0,
         "a: []\nd:\n    - b: |\n        t\n      c: 1\n    - 1\n"),
        ("a:\n      # one\n      - b: 1\n        c: 2\n      - 1\nd:\n- 1\n", ("a", 0), ("d",), 1,
         "a:\n      - 1\nd:\n- 1\n# one\n- b: 1\n  c: 2\n"),
        # Into one that is empty or not there.
        ("a:\n  - b: 1  # one\n    c: 2\n  - 1\nd: []  # none\n", ("a", 0), ("d",), 0,
         "a:\n  - 1\nd:  # none\n  - b: 1  # one\n    c: 2\n"),
        ("a:\n  - b: 1  # one\n  - 1\n", ("a", 0), ("d",), 0,
         "a:\n  - 1\nd:\n  - b: 1  # one\n"),
        ("a: {b: [1], c: []}\n", ("a", "b", 0), ("a", "c"), 0, "a: {b: [], c: [1]}\n"),
        # From one style to the other.
        ("a: [x, {y: 1, z: 2}]  # few\nd:\n  - 1\n", ("a", 1), ("d",), 0,
         "a: [x]  # few\nd:\n  - {y: 1, z: 2}\n  - 1\n"),
        ("a:\n  # one\n  - b: 1  # b\n    c: 2\n  - 1\nd: [x]\n", ("a", 0), ("d",), 0,
         "a:\n  - 1\nd: [\n    # one\n    # b\n    {b: 1, c: 2},\n    x]\n"),
        ("a:\n  - 'it''s'\n  - 1\nd: [x]\n", ("a", 0), ("d",), 1,
         "a:\n  - 1\nd: [x, 'it''s']\n"),
        ("a:\n  - x, y\n  - 1\nd: [x]\n", ("a", 0), ("d",), 1,
         "a:\n  - 1\nd: [x, \"x, y\"]\n"),
        # Up and down.
        ("a:\n  - b:\n      - 1\n      - 2  # two\n", ("a", 0, "b", 1), ("a",), 0,
         "a:\n  - 2  # two\n  - b:\n      - 1\n"),
        ("a:\n  # one\n  - 1\n  - b:\n      - 2\n", ("a", 0), ("a", 1, "b"), 1,
         "a:\n  - b:\n      - 2\n      # one\n      - 1\n"),
        # Through an alias: its copy is written.
        ("a: &x [1, 2]\nb: *x\nc: [3]\n", ("b", 0), ("c",), 0,
         "a: &x [1, 2]\nb: [2]\nc: [1, 3]\n"),
        ("a: [&x 1, 2]\nb: [*x]\n", ("b", 0), ("a",), 2, "a: [&x 1, 2, *x]\nb: []\n"),
    ],
)  # fmt: skip
def test_an_item_is_moved(
    text: str, source: Path_, target: Path_, index: int, expected: str
) -> None:
    assert after(text, lambda e: e.move(source, target, index)) == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: &x [1]\nb: *x\n", lambda e: e.insert(("a",), 0, 2)),
        ("a: &x [1]\nb: *x\n", lambda e: e.remove(("a", 0))),
        ("a: [&x 1]\nb: *x\n", lambda e: e.remove(("a", 0))),
        ("a: [&x 1]\nb: [*x]\n", lambda e: e.move(("a", 0), ("b",), 1)),
    ],
)
def test_what_would_change_something_else_is_refused(
    text: str, edit: Callable[[Edits], None]
) -> None:
    with pytest.raises(OutputError, match=r"x: .* without touching something else: "):
        after(text, edit)


@pytest.mark.parametrize(
    "edit",
    [
        lambda e: e.insert(("a",), 3, 1),
        lambda e: e.insert(("a",), -1, 1),
        lambda e: e.insert(("b",), 0, 1),
        lambda e: e.insert(("c",), 1, 1),
        lambda e: e.insert(("a", 7, "c"), 0, 1),
        lambda e: e.remove(("a", 2)),
        lambda e: e.remove(("b", 0)),
        lambda e: e.move(("a", 0), ("a",), 2),
        lambda e: e.move(("a", 0), ("b",), 0),
        lambda e: e.move(("a", 0), ("a", 0, "x"), 0),
        lambda e: e.move(("a",), ("c",), 0),
    ],
)
def test_a_place_that_is_not_there_is_said(edit: Callable[[Edits], None]) -> None:
    edits = edits_of("a: [1, {x: []}]\nb: text\n")
    with pytest.raises(OptionError, match=r"has no place|cannot be moved"):
        edit(edits)
    assert edits.written().text == "a: [1, {x: []}]\nb: text\n"


def lists(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, list[Any]]]:
    if isinstance(value, list):
        yield path, value
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from lists(inner, (*path, step))


def at(data: Any, path: Path_) -> Any:
    for step in path:
        data = data[step]
    return data


def _drawn(seed: int, *, alone: bool) -> tuple[str, Any, list[tuple[Path_, list[Any]]]]:
    text = "".join(Handwriting(seed, alone=alone).parts())
    data = parse_yaml(text, "x").data
    return text, data, list(lists(data))


@CALM
@given(SEEDS, st.booleans())
def test_what_is_inserted_and_removed_leaves_the_text_as_it_was(seed: int, last: bool) -> None:
    text, data, found = _drawn(seed, alone=True)
    draw = random.Random(seed)
    shorter = text.rstrip("\r\n")
    text = shorter if not last and parse_yaml(shorter, "x").data == data else text
    for path, items in draw.sample(found, min(3, len(found))):
        edits, index = edits_of(text), draw.randint(0, len(items))
        edits.insert(path, index, draw.choice(NEW))
        done = edits.written()
        assert comments(done.text) == comments(text)
        edits.remove((*path, index))
        assert edits.data == data
        assert edits.written().text == text or not items


@CALM
@given(SEEDS)
def test_what_is_moved_keeps_its_comments_and_comes_back(seed: int) -> None:
    text, data, found = _drawn(seed, alone=False)
    draw = random.Random(seed)
    for path, items in draw.sample(found, min(5, len(found))):
        goal, others = draw.choice(found)
        one = draw.randrange(len(items)) if items else 0
        if not items or goal[: len(path) + 1] == (*path, one):
            continue
        index, edits = draw.randint(0, len(others) - (goal == path)), edits_of(text)
        edits.move((*path, one), goal, index)
        done, wanted = edits.written(), copy.deepcopy(data)
        into = at(wanted, goal)
        into.insert(index, at(wanted, path).pop(one))
        assert done.data == wanted
        assert comments(done.text) == comments(text)
        if goal == path:
            edits.move((*goal, index), path, one)
            assert edits.written().text == text


SAME = ["a:\n  - 1\n  # two\n  - {b: 2}  # 2\n\n  - c: 3\n", "d:\n  # x\n  - |\n    x\n\n  - y\n"]


@pytest.mark.parametrize("order", [SAME, SAME[::-1]])
def test_between_lists_of_one_depth_an_item_comes_back(order: list[str]) -> None:
    text = "".join(order)
    for one in range(3):
        for index in range(3):
            edits = edits_of(text)
            edits.move(("a", one), ("d",), index)
            assert edits.written().text != text
            edits.move(("d", index), ("a",), one)
            assert edits.written().text == text, (one, index)


def _edit(draw: random.Random, edits: Edits, data: Any) -> Path_:
    """Edit text and data in the same way; return what is touched, by its first step."""
    path, items = draw.choice(list(lists(data)))
    kind = draw.choice(["insert", "remove", "move", "set", "append"]) if items else "insert"
    index, value = draw.randrange(len(items)) if items else 0, draw.choice(NEW)
    if kind == "insert":
        edits.insert(path, index, value)
        items.insert(index, copy.deepcopy(value))
    elif kind == "remove":
        edits.remove((*path, index))
        del items[index]
    elif kind == "set":
        edits.set((*path, index), value)
        items[index] = copy.deepcopy(value)
    elif kind == "append":
        edits.append(path, value)
        items.append(copy.deepcopy(value))
    else:
        goal, into = draw.choice(list(lists(data)))
        if goal[: len(path) + 1] == (*path, index):
            return ()
        to = draw.randint(0, len(into) - (goal == path))
        edits.move((*path, index), goal, to)
        into.insert(to, items.pop(index))
        return path[0], goal[0]
    return (path[0],)


@CALM
@given(SEEDS)
def test_many_edits_are_those_of_plain_lists_and_what_they_do_not_touch_stays(seed: int) -> None:
    parts, draw = Handwriting(seed).parts(), random.Random(seed)
    edits = edits_of("".join(parts))
    data, touched = copy.deepcopy(edits.data), set[str | int]()
    for _ in range(draw.randint(1, 6) if list(lists(data)) else 0):
        touched |= {*_edit(draw, edits, data)}
        assert edits.data == data
    done = edits.written()
    assert done.data == data
    for number, part in enumerate(parts):
        if f"s{number}" not in touched:
            assert part in done.text


def test_edits_of_lists_that_have_nothing_to_do_with_each_other_are_parsed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = []

    def counted(text: str, name: str) -> YamlText:
        parsed.append(name)
        return parse_yaml(text, name)

    monkeypatch.setattr(edits_module, "parse_yaml", counted)
    text = "a:\n" + "".join(f"  - {{n: {i}, l: [x, y]}}\n" for i in range(50)) + "b: [1, 2]\n"
    edits = edits_of(text)
    for number in range(50):
        edits.remove(("a", number, "l", 0))
    edits.move(("b", 0), ("b",), 1)
    edits.set(("c",), 1)
    done = edits.written()
    assert done.text == text.replace("[x, y]", "[y]").replace("[1, 2]", "[2, 1]") + "c: 1\n"
    assert len(parsed) == 1
    edits.remove(("a", 0))
    edits.remove(("a", 0))
    assert edits.written().text.startswith("a:\n  - {n: 2, ")
    assert len(parsed) == 3
