"""Comments of ours in YAML: above the line that they speak of, in every style, and out again."""

from __future__ import annotations

import pytest

from forwhom.documents.edits import Edits
from forwhom.documents.yamlfile import parse_yaml
from forwhom.errors import OutputError

BLOCK = """\
# Ours.

a: 1
notes:
  # The first.
  - text: one  # kept
    of: [x]
  - {text: two, of: [y]}
"""
FLOW = "{a: 1,\n notes: [{text: one},\n  {text: two}]}"


@pytest.mark.parametrize(
    ("text", "at", "before"),
    [
        (BLOCK, ("notes", 0, "text"), "  - text: one"),
        (BLOCK, ("notes", 0, "of"), "    of: [x]"),
        (BLOCK, ("notes", 1, "text"), "  - {text: two"),
        (BLOCK, (), "a: 1"),
        (BLOCK, ("nothing",), "a: 1"),
        (FLOW, ("notes", 1), "  {text: two}"),
        (FLOW, (), "{a: 1,"),
        (BLOCK.replace("\n", "\r\n"), ("notes", 0, "of"), "    of: [x]"),
        ("a: |+\n  text\n\n\nb: 2\n", ("b",), "b: 2"),
        ("- not: used\n- x: 1\n", (1, "x"), "- x: 1"),
    ],
)
def test_it_stands_above_the_line_that_it_speaks_of_and_goes_again(
    text: str, at: tuple[str | int, ...], before: str
) -> None:
    edits = Edits(parse_yaml(text, "x"))
    edits.comment(at, "lint: ignore[FW1] a\nreason\x07")
    done = edits.written()
    indent = before[: len(before) - len(before.lstrip())]
    lines = done.text.splitlines()
    place = lines.index(f"{indent}# lint: ignore[FW1] a reason")
    assert lines[place + 1].startswith(before)
    assert done.data == parse_yaml(text, "x").data
    edits.uncomment(at, "lint: ignore[FW1] a reason")
    assert edits.written().text == text


def test_what_is_edited_besides_is_kept() -> None:
    edits = Edits(parse_yaml(BLOCK, "x"))
    edits.insert(("notes",), 0, {"text": "zero"})
    edits.comment(("notes", 1), "one")
    edits.comment(("notes", 1), "two")
    edits.set(("notes", 1, "text"), "other")
    done = edits.written()
    assert "  # one\n  # two\n  - text: other  # kept" in done.text
    edits.uncomment(("notes", 1), "one")
    edits.remove(("notes", 1))
    assert "two" not in edits.written().text.partition("{text")[0]


def test_a_line_that_begins_inside_a_text_is_refused_in_words() -> None:
    edits = Edits(parse_yaml('{a: "one\n  two", b: 1}', "x"))
    with pytest.raises(OutputError, match="touching something else"):
        edits.comment(("b",), "why")
