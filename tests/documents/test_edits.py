from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forwhom.documents.canvas import Canvas, canvas_text
from forwhom.documents.edits import Edits
from forwhom.documents.yamlfile import parse_yaml
from forwhom.errors import OutputError

from .canvas.strategies import canvases

CALM = settings(max_examples=15, suppress_health_check=list(HealthCheck))

Path_ = tuple[str | int, ...]


def loaded(text: str) -> Any:
    return parse_yaml(text, "x").data


def edits_of(text: str) -> Edits:
    return Edits(parse_yaml(text, "x"))


def set_key(text: str, location: Path_, value: object) -> str:
    edits = edits_of(text)
    edits.set(location, value)
    return edits.written().text


def append_item(text: str, location: Path_, value: object) -> str:
    edits = edits_of(text)
    edits.append(location, value)
    return edits.written().text


@pytest.mark.parametrize(
    ("text", "location", "value", "expected"),
    [
        # Lists in block style: the indentation of the items is kept.
        ("a:\n  - 1\n", ("a",), 2, "a:\n  - 1\n  - 2\n"),
        ("a:\n- 1\nb: 2\n", ("a",), 2, "a:\n- 1\n- 2\nb: 2\n"),
        ("a:\n    - x: 1\n      y: 2\n", ("a",), {"x": 3},
         "a:\n    - x: 1\n      y: 2\n    - {x: 3}\n"),
        ("a:\n  - 1", ("a",), 2, "a:\n  - 1\n  - 2"),
        ("a:\n  - 1\n\n\nb: 2\n", ("a",), 2, "a:\n  - 1\n  - 2\n\n\nb: 2\n"),
        ("a:\n  - 1  # one\n  # end\nb: 2\n", ("a",), 2,
         "a:\n  - 1  # one\n  - 2\n  # end\nb: 2\n"),
        ("a:\n  - |\n    text\n\nb: 2\n", ("a",), "x", "a:\n  - |\n    text\n  - x\n\nb: 2\n"),
        ("a:\n  -\n", ("a",), 2, "a:\n  -\n  - 2\n"),
        ("a:\n  - \n  # why\n", ("a",), 2, "a:\n  - \n  - 2\n  # why\n"),
        ("a:\n  - - 1\n    - 2\n", ("a", 0), 3, "a:\n  - - 1\n    - 2\n    - 3\n"),
        ("a:\n  - - 1\n    - 2\n", ("a",), 3, "a:\n  - - 1\n    - 2\n  - 3\n"),
        ("a:\n  - b:\n      - 1\n  - c\n", ("a", 0, "b"), 2,
         "a:\n  - b:\n      - 1\n      - 2\n  - c\n"),
        ("a:\n  - b: [1]\n    c: 2\n", ("a", 0, "b"), 2, "a:\n  - b: [1, 2]\n    c: 2\n"),
        # Lists in flow style.
        ("a: [1]  # few\n", ("a",), 2, "a: [1, 2]  # few\n"),
        ("a: [1, ]\n", ("a",), 2, "a: [1, 2, ]\n"),
        ("a: [\n  1,  # one\n  2\n]\n", ("a",), 3, "a: [\n  1,  # one\n  2, 3\n]\n"),
        ("a: [[1], [2]]\n", ("a", 1), 3, "a: [[1], [2, 3]]\n"),
        ("a: ['é😀']\n", ("a",), "ü: 1", "a: ['é😀', \"ü: 1\"]\n"),
        ("{a: {b: [x]}}", ("a", "b"), "z", "{a: {b: [x, z]}}"),
        # Lists that are empty, null, or not there.
        ("a: []  # none\n", ("a",), 1, "a: [1]  # none\n"),
        ("a: []\n# end\n", ("a",), {"b": 1}, None),
        ("a:\nb: 2\n", ("a",), 1, "a: [1]\nb: 2\n"),
        ("a:  # to fill\nb: 2\n", ("a",), 1, "a: [1]  # to fill\nb: 2\n"),
        ("a: ~\nb: 2\n", ("a",), 1, "a: [1]\nb: 2\n"),
        ("a: null # x\n", ("a",), 1, "a: [1] # x\n"),
        ("b: 2\n", ("a",), 1, "b: 2\na: [1]\n"),
        ("b: {}\n", ("b", "a"), 1, "b: {a: [1]}\n"),
        ("b:\n", ("b", "a"), 1, None),
        ("b:\n  c: 1\n", ("b", "a"), {"x": {"y": 1}}, None),
        ("s:\n  - id: a\n    n: 1\n", ("s", 0, "l"), {"x": 1}, None),
        # Windows.
        ("a:\r\n  - 1\r\nb: 2\r\n", ("a",), 2, "a:\r\n  - 1\r\n  - 2\r\nb: 2\r\n"),
        ("a:\r\n  - b: |\r\n      x\r\nc: 1\r\n", ("a",), 2,
         "a:\r\n  - b: |\r\n      x\r\n  - 2\r\nc: 1\r\n"),
        # Anchors and aliases: what an alias repeats stays as it is.
        ("a: &x [1]\nb: *x\n", ("b",), 2, None),
        ("a: [&x 1, *x]\nb: 1\n", ("a",), 2, "a: [&x 1, *x, 2]\nb: 1\n"),
        ("a:\n  - &x {b: 1}\n  - *x\nc: 1\n", ("a",), 2,
         "a:\n  - &x {b: 1}\n  - *x\n  - 2\nc: 1\n"),
        ("d: &d {k: 1}\na:\n  - <<: *d\n    l: [1]\n", ("a", 0, "l"), 2, None),
        # A document that begins or ends explicitly.
        ("---\na:\n  - 1\n...\n", ("a",), 2, "---\na:\n  - 1\n  - 2\n...\n"),
        ("---\nb: 1\n...\n", ("a",), 2, "---\nb: 1\na: [2]\n...\n"),
    ],
)  # fmt: skip
def test_an_item_is_appended(
    text: str, location: Path_, value: object, expected: str | None
) -> None:
    done = append_item(text, location, value)
    assert loaded(done) == appended(loaded(text), location, value)
    if expected is not None:
        assert done == expected


@pytest.mark.parametrize(
    ("text", "location", "value", "expected"),
    [
        ("a:\n  - 1\n  - 2\n", ("a", 1), 3, "a:\n  - 1\n  - 3\n"),
        ("a: [1, 'two', 3]\n", ("a", 1), 2, "a: [1, 2, 3]\n"),
        ("a:\n  - x: 1\n    y: 2  # two\n", ("a", 0, "x"), 3, "a:\n  - x: 3\n    y: 2  # two\n"),
        ("a:\n  - x: 1\n    y: 2\n", ("a", 0, "x"), None, None),
        ("a:\n  - x: 1\n", ("a", 0, "x"), None, None),
        ("a:\n  - x: 1\n", ("a", 0, "z"), 5, "a:\n  - x: 1\n    z: 5\n"),
        ("a:\n  - {x: 1}\n", ("a", 0, "z"), 5, "a:\n  - {x: 1, z: 5}\n"),
        ("a:\n  - {}\n", ("a", 0, "z"), 5, "a:\n  - {z: 5}\n"),
        ("a:\n  -\n  - 1\n", ("a", 0, "z"), 5, None),
        ("a:\n  - - 1\n    - 2\n", ("a", 0, 1), 5, "a:\n  - - 1\n    - 5\n"),
        ("a:\n  -\n  - 1\n", ("a", 0), 5, None),
        ("a:\n  - x\n  - y\n", ("a", 0), {"b": [1, {"c": 2}]}, None),
        ("a: {b: [1, 2]}\n", ("a", "b"), None, "a: {}\n"),
        ("a:\n  b:\n    - 1\n  c: 1\n", ("a", "b"), None, "a:\n  c: 1\n"),
        ("a:\n  b:\n    - 1\n", ("a", "b"), None, None),
        ("x: 1\na:\n  - 1\n  - 2  # two\n", ("a",), None, "x: 1\n"),
        ("a:\n  - 1\n  - 2  # two\nb: 1\n", ("a",), [3], None),
        ("é: 'ü'\nb: 1  # ☃\n", ("b",), 2, "é: 'ü'\nb: 2  # ☃\n"),
        ("a: 'it''s'  # q\n", ("a",), "x", "a: x  # q\n"),
        ("a: >-\n  one\n  two\n\nb: 1\n", ("a",), "x", "a: x\n\nb: 1\n"),
        ("a: |\n  one\n# after\nb: 1\n", ("a",), "x", "a: x\n# after\nb: 1\n"),
        ("a: one\n  two\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
        ("\"a b\": 1\n", ("a b",), 2, "\"a b\": 2\n"),
        ("'a': 1\n", ("a",), None, None),
        ("? a\n: 1\n", ("a",), 2, "? a\n: 2\n"),
        ("a: &x 1\nb: *x\n", ("b",), 2, "a: &x 1\nb: 2\n"),
        ("a: 1\nb: &x 1\n", ("b",), 2, "a: 1\nb: &x 2\n"),
        ("a: &x {c: 1}\nb: *x\n", ("b", "c"), 2, None),
        ("a: !!str 1\n", ("a",), "x", None),
        ("a: 1\r\nb:\r\n  - c: 1\r\n", ("b", 0, "d"), {"e": {"f": 1}}, None),
        ("# only\n\na: 1\n", ("a",), None, None),
        ("a: {b: 1,\n    c: 2}  # x\n", ("a", "b"), None, None),
        ("a: {b: 1,\n    c: 2}  # x\n", ("a", "c"), None, None),
        ("a: {b: 1, # one\n    c: 2}\n", ("a", "c"), None, None),
        ("a: {b, c: 1}\n", ("a", "b"), 2, None),
    ],
)  # fmt: skip
def test_a_value_is_set(text: str, location: Path_, value: object, expected: str | None) -> None:
    done = set_key(text, location, value)
    assert loaded(done) == edited(loaded(text), location, value)
    if expected is not None:
        assert done == expected


@pytest.mark.parametrize("start", ["\ufeff", "%YAML 1.2\n---\n", "---\n", "\n\n"])
def test_where_the_text_begins_does_not_matter(start: str) -> None:
    assert set_key(start + "a: 1\nb: 2\n", ("a",), 3) == start + "a: 3\nb: 2\n"
    assert append_item(start + "a: [1]\n", ("a",), 3) == start + "a: [1, 3]\n"


def edited(data: Any, location: Path_, value: Any) -> Any:
    """The plain edit: set a value, or remove a key."""
    if not location:
        return value
    step, *rest = location
    if isinstance(data, list):
        return [edited(v, tuple(rest), value) if i == step else v for i, v in enumerate(data)]
    data = data if isinstance(data, dict) else {}
    if value is None and (not rest or step not in data):
        return {key: inner for key, inner in data.items() if key != step}
    return data | {step: edited(data.get(step), tuple(rest), value)}


def appended(data: Any, location: Path_, value: Any) -> Any:
    found = data
    for step in location:
        found = found[step] if isinstance(step, int) else (found or {}).get(step)
    return edited(data, location, [*(found or []), value])


#: Values that edits write: text of any kind, numbers, lists and mappings.
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.text(max_size=12) | st.integers(-99, 99) | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("abc-#: ", min_size=1, max_size=4), inner, min_size=1, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


@st.composite
def messy(draw: Any) -> str:
    """A canvas as people leave it: comments, blank lines, Windows line ends, no last line end."""
    lines = canvas_text(draw(canvases())).splitlines()
    made: list[str] = []
    for line in lines:
        if draw(st.integers(0, 5)) == 0:
            made.append(draw(st.sampled_from(["", "# note", "      # deep", "   "])))
        made.append(line + draw(st.sampled_from(["", "", "", "  # why", "   "])))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(made) + draw(st.sampled_from(["", end, end + end]))


@CALM
@given(messy(), st.data())
def test_setting_a_value_is_the_plain_edit(text: str, data: st.DataObject) -> None:
    before = loaded(text)
    found = [path for path, _ in places(before)][1:]
    path = data.draw(st.sampled_from(found))
    value = data.draw(VALUES | st.none())
    if value is None and isinstance(path[-1], int):
        return  # a list keeps its items
    assert loaded(set_key(text, path, value)) == edited(before, path, value)


@CALM
@given(messy(), st.data())
def test_adding_a_key_is_the_plain_edit(text: str, data: st.DataObject) -> None:
    before = loaded(text)
    holders = [path for path, value in places(before) if isinstance(value, dict)]
    path = (*data.draw(st.sampled_from(holders)), "new-key")
    value = data.draw(VALUES)
    done = set_key(text, path, value)
    assert loaded(done) == edited(before, path, value)
    assert loaded(set_key(done, path, None)) == edited(before, path, None)


@CALM
@given(messy(), st.data())
def test_appending_is_the_plain_edit_and_touches_nothing_else(
    text: str, data: st.DataObject
) -> None:
    before = loaded(text)
    lists = [path for path, value in places(before) if isinstance(value, list)]
    holders = [(*p, "new-list") for p, value in places(before) if isinstance(value, dict)]
    path = data.draw(st.sampled_from(lists + holders))
    value = data.draw(VALUES)
    done = append_item(text, path, value)
    assert loaded(done) == appended(before, path, value)
    # Every line that was there is there; only the line of a list in [] or an empty one changes.
    left = difflib.ndiff(text.splitlines(), done.splitlines())
    assert sum(line.startswith("- ") for line in left) <= 1


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        # Of several keys that are new, the first comes first; the innermost is added first.
        ("a:\n  b: 1\n", {("d",): 1, ("a", "c"): 2, ("e",): 3},
         "a:\n  b: 1\n  c: 2\nd: 1\ne: 3\n"),
        ("a: {b: 1}  # x\n", {("a", "c"): 2, ("a", "d"): 3}, "a: {b: 1, c: 2, d: 3}  # x\n"),
        ("a: {}\n", {("a", "c"): 2, ("a", "d"): 3}, "a: {c: 2, d: 3}\n"),
        ("a:\n", {("a", "c"): 2, ("a", "d"): 3}, "a: {c: 2, d: 3}\n"),
        ("a:  # x\nb: 1\n", {("a", "c", "x"): 2, ("a", "d", "z"): 3},
         "a:  # x\n  c: {x: 2}\n  d: {z: 3}\nb: 1\n"),
        # Keys that go, with their neighbors.
        ("a: {b: 1, c: 2, d: 3}\n", {("a", "b"): None, ("a", "c"): None}, "a: {d: 3}\n"),
        ("a: {b: 1, c: 2, d: 3}\n", {("a", "d"): None, ("a", "c"): None}, "a: {b: 1}\n"),
        ("a: {b: 1, c: 2}\n", {("a", "c"): None, ("a", "d"): 3}, "a: {b: 1, d: 3}\n"),
        ("a: {b: 1}\n", {("a", "b"): None, ("a", "d"): 3}, "a: {d: 3}\n"),
        ("a:\n  b: 1\n", {("a", "b"): None, ("a", "d"): 3}, "a:\n  {d: 3}\n"),
        ("a:\n  b: 1\n  c: 2\n", {("a", "c"): None, ("d",): 3}, "a:\n  b: 1\nd: 3\n"),
        ("a:\r\n  b: 1\r\n  c: 2\r\nd: 3\r\n", {("a", "b"): None, ("a", "c"): 3},
         "a:\r\n  c: 3\r\nd: 3\r\n"),
        ("- x: 1\n", {}, "- x: 1\n"),
        ("a:\n  - x: 1\n    y: 2\n    z: 3\n", {("a", 0, "x"): None, ("a", 0, "y"): None},
         "a:\n  -\n    z: 3\n"),
        ("a: 1\nb: 2\nc: 3\n", {("a",): None, ("b",): None, ("d",): 4}, "c: 3\nd: 4\n"),
        # The last word counts, whatever was said before.
        ("a: 1\nb: 2\n", {("c",): 1, ("c", "d"): 2, ("b",): None}, "a: 1\nc: {d: 2}\n"),
        ("a: {b: 1}\n", {("a", "b"): 2, ("a",): None, ("a", "c"): 3}, "a: {c: 3}\n"),
        ("a: {b: 1}\n", {("a",): {"x": 1}, ("a", "x"): 2}, "a: {x: 2}\n"),
        # An alias becomes a copy, which further edits change.
        ("a: &x {c: 1}\nb: *x\n", {("b", "c"): 2, ("b", "d"): 3},
         "a: &x {c: 1}\nb: {c: 2, d: 3}\n"),
        ("a: &x {c: 1}\nb: *x\n", {("a", "c"): 2, ("b", "c"): 2}, "a: &x {c: 2}\nb: {c: 2}\n"),
        # What '<<' merges in is written out where it changes.
        ("a: &x {c: 1}\nb:\n  <<: *x\n", {("b", "c"): 2}, "a: &x {c: 1}\nb:\n  <<: *x\n  c: 2\n"),
        # Not a number stays what it is.
        ("a: .nan\nb: 1\n", {("b",): 2}, "a: .nan\nb: 2\n"),
    ],
)  # fmt: skip
def test_edits_are_written_together(text: str, edits: dict[Path_, object], expected: str) -> None:
    done = edits_of(text)
    for location, value in edits.items():
        done.set(location, value)
    assert done.written().text == expected


@pytest.mark.parametrize(
    ("text", "location", "value"),
    [
        ("a: &x {c: 1}\nb: *x\n", ("a", "c"), 2),
        ("a: &x [1]\nb: [*x]\n", ("a", 0), 2),
        ("a: &x {c: 1}\nb: {<<: *x}\n", ("a", "d"), 2),
        ("a: &x {c: 1}\nb: {<<: *x, d: 1}\n", ("b", "c"), None),
    ],
)
def test_what_would_change_something_else_is_refused(
    text: str, location: Path_, value: object
) -> None:
    edits = edits_of(text)
    edits.set(location, value)
    with pytest.raises(OutputError, match=r"x: .* without touching something else: '[ab]"):
        edits.written()


def test_edits_leave_what_they_are_given_alone() -> None:
    source, value = parse_yaml("a: [1]\n", "x"), {"b": [1], "c": (1, 2)}
    edits = Edits(source)
    edits.append(("a",), value)
    edits.append(("a", 1, "b"), 2)
    assert edits.written().text == "a: [1, {b: [1, 2], c: [1, 2]}]\n"
    assert (source.data, value) == ({"a": [1]}, {"b": [1], "c": (1, 2)})


@CALM
@given(messy(), st.data())
def test_many_edits_together_are_the_plain_edits(text: str, data: st.DataObject) -> None:
    edits, wanted = edits_of(text), loaded(text)
    for number in range(data.draw(st.integers(2, 8))):
        found = list(places(wanted))
        path, there = data.draw(st.sampled_from(found))
        value = data.draw(VALUES)
        if isinstance(there, list):
            edits.append(path, value)
            wanted = appended(wanted, path, value)
        elif isinstance(there, dict) and data.draw(st.booleans()):
            edits.set((*path, f"new-{number}"), value)
            wanted = edited(wanted, (*path, f"new-{number}"), value)
        elif path:
            gone = isinstance(path[-1], str) and data.draw(st.booleans())
            edits.set(path, None if gone else value)
            wanted = edited(wanted, path, None if gone else value)
    assert edits.data == wanted
    assert loaded(edits.written().text) == wanted


def test_a_canvas_in_memory_is_the_same_after_an_edit_and_back() -> None:
    canvas = Canvas(forwhom=1, kind="canvas", title="A")
    text = canvas_text(canvas)
    for number in range(3):
        text = append_item(text, ("not_for",), f"people {number}")
    assert loaded(text)["not_for"] == [f"people {number}" for number in range(3)]
    assert set_key(text, ("not_for",), None) == canvas_text(canvas)
