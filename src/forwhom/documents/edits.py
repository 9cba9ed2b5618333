"""Change one key or list in YAML text; every other character stays where it is.

Writing a parsed document back would keep comments, but not the alignment of columns, quotes and
line breaks that a person chose. Here only the text of the changed key is replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import MappingNode, Node, ScalarNode, SequenceNode

from forwhom.documents.yamlfile import Location, parse_yaml
from forwhom.documents.yamlwriting import flow, key, mapping_lines, sequence_lines

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"

# What can stand before the first dash of a list, and before an alias in one.
_DASH = re.compile(r"(?:[&!]\S*|\s|#[^\n]*)*-")
_ALIAS = re.compile(r"(?:[&!][^\s,\[\]{}]*|[\s,\[-]|#[^\n]*)*(\*[^\s,\[\]{}]+)")
_KEEP = re.compile(r"(?:[&!]\S*\s+)*[|>]\d*\+")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")
_COLON = re.compile(r"\s*:")

Pair = tuple[ScalarNode, Node]


def set_key(text: str, location: Location, value: object | None, name: str = "text") -> str:
    """Set, add or remove the value at a key path.

    Parameters
    ----------
    text
        YAML whose top is a mapping.
    location
        Keys from the top, and positions in lists; keys that do not exist are added.
    value
        A plain value, or ``None`` to remove the key.
    name
        What messages call the text.

    Examples
    --------
    >>> print(set_key("a: {b: 1}  # why", ("a", "c"), 2))
    a: {b: 1, c: 2}  # why
    >>> print(set_key("a: {b: 1, c: 2}  # why", ("a", "b"), None))
    a: {c: 2}  # why
    """
    source = parse_yaml(text, name)
    node, data = source.root, source.data
    for depth, step in enumerate(location):
        rest = location[depth + 1 :]
        if isinstance(node, SequenceNode) and isinstance(step, int):
            below = data[step]
            place = _Place(node, None, node.value[step], _items(text, node)[step])
        else:
            assert isinstance(node, MappingNode)
            below, pair = data.get(step), _pair(node, step)
            if pair is None:
                # What '<<' merges in belongs to others too: write a changed copy.
                copied = _changed(below, rest, value)
                return text if value is None else _insert(text, node, str(step), copied)
            place = _Place(node, pair, pair[1], _span(text, pair))
        if not rest or place.aliased or not isinstance(place.child, MappingNode | SequenceNode):
            return _put(text, place, below, rest, value)
        node, data = place.child, below
    return text


@dataclass(frozen=True)
class _Place:
    """A value in the text: what holds it, its key if it has one, its node, where it stands."""

    node: MappingNode | SequenceNode
    pair: Pair | None
    child: Node
    span: tuple[int, int]

    @property
    def aliased(self) -> bool:
        """Whether an alias stands there; its node stands where its anchor is."""
        return int(self.child.start_mark.index) < self.span[0]


def _put(text: str, place: _Place, data: Any, rest: Location, value: object | None) -> str:
    """Set or remove what is at a place, or inside it where it holds no keys of its own."""
    node, pair = place.node, place.pair
    if not rest and value is None:  # a list keeps its items
        if isinstance(node, MappingNode) and pair is not None:
            return _remove(text, node, pair)
        return text
    if not rest:
        return _replace(text, place.span, flow(value))
    if place.aliased:
        # What an alias repeats belongs to others too: write a changed copy in its place.
        return _replace(text, place.span, flow(_changed(data, rest, value)))
    if value is None:
        return text
    if isinstance(node, MappingNode) and pair is not None and place.child.tag == _NULL:
        return _fill(text, node, pair, rest, value)
    return _replace(text, place.span, flow(_nested(rest, value)))


def _pair(node: MappingNode, step: str | int) -> Pair | None:
    return next((pair for pair in _own(node) if pair[0].value == step), None)


def _changed(data: Any, location: Location, value: object | None) -> Any:
    """Plain values with one of them changed."""
    if not location:
        return value
    step, *rest = location
    if isinstance(data, list) and isinstance(step, int):
        return [
            _changed(one, tuple(rest), value) if index == step else one
            for index, one in enumerate(data)
        ]
    data = data if isinstance(data, dict) else {}
    if value is None and (not rest or step not in data):
        return {key: one for key, one in data.items() if key != step}
    return data | {str(step): _changed(data.get(str(step)), tuple(rest), value)}


def append_item(text: str, location: Location, value: object, name: str = "text") -> str:
    r"""Add an item at the end of the list at a key path; the list is made where there is none.

    Parameters
    ----------
    text
        YAML whose top is a mapping.
    location
        Keys and positions from the top to the list.
    value
        A plain value.
    name
        What messages call the text.

    Examples
    --------
    >>> print(append_item("a:\n  - b: 1  # why\n  # end\n", ("a",), {"b": 2}), end="")
    a:
      - b: 1  # why
      - {b: 2}
      # end
    >>> print(append_item("a: [1, 2]  # few", ("a",), 3))
    a: [1, 2, 3]  # few
    """
    source = parse_yaml(text, name)
    node, aliased = _found(text, source.root, location)
    if not isinstance(node, SequenceNode) or not node.value:
        return _first_item(text, location, value, name)
    if aliased:
        data = source.data
        for step in location:
            data = data[step]
        return set_key(text, location, [*data, value], name)
    last = _items(text, node)[-1][1]
    if node.flow_style:
        return text[:last] + f", {flow(value)}" + text[last:]
    dash = _DASH.match(text, node.start_mark.index)
    assert dash is not None
    column = dash.end() - 1 - (text.rfind("\n", 0, dash.end()) + 1)
    return _with_lines(text, last, sequence_lines([value], column))


def _first_item(text: str, location: Location, value: object, name: str) -> str:
    """Give a list that is empty, or is not there, its first item."""
    above, aliased = _found(text, parse_yaml(text, name).root, location[:-1])
    pair = _pair(above, location[-1]) if isinstance(above, MappingNode) else None
    flowing = isinstance(above, MappingNode) and above.flow_style
    if pair is None or aliased or flowing or _is_alias(pair):
        return set_key(text, location, [value], name)
    start, end = _span(text, pair)
    lines = mapping_lines({str(location[-1]): [value]}, pair[0].start_mark.column)
    if len(lines) == 1:
        return _replace(text, (start, end), flow([value]))
    # The key stays where it is, with its comment; the item goes below it.
    before = text[:start].rstrip(" ")
    return _with_lines(before + text[end:], len(before), lines[1:])


def _with_lines(text: str, after: int, lines: list[str]) -> str:
    at = _line_end(text, after)
    return text[:at] + "".join(_break(text) + line for line in lines) + text[at:]


def _found(text: str, node: Node | None, location: Location) -> tuple[Node | None, bool]:
    """Return the node at a key path, and whether an alias is on the way to it."""
    aliased = False
    for step in location:
        if isinstance(node, SequenceNode) and isinstance(step, int):
            child, span = node.value[step], _items(text, node)[step]
        elif isinstance(node, MappingNode) and (pair := _pair(node, step)) is not None:
            child, span = pair[1], _span(text, pair)
        else:
            return None, aliased
        aliased = aliased or child.start_mark.index < span[0]
        node = child
    return node, aliased


def _own(node: MappingNode) -> list[Pair]:
    return [pair for pair in node.value if pair[0].tag != _MERGE]


def _nested(location: Location, value: object) -> Any:
    for step in reversed(location):
        value = {str(step): value}
    return value


def _is_alias(pair: Pair) -> bool:
    return bool(pair[1].start_mark.index < pair[0].start_mark.index)


def _span(text: str, pair: Pair) -> tuple[int, int]:
    """Where the text of a value starts and ends."""
    name, value = pair
    if _is_alias(pair):
        match = re.compile(r"\s*:\s*(\*[^\s,\[\]{}]+)").match(text, name.end_mark.index)
        assert match is not None
        return match.span(1)
    if value.tag == _NULL and value.start_mark.index == value.end_mark.index:
        colon = _COLON.match(text, name.end_mark.index)
        after = name.end_mark.index if colon is None else colon.end()
        return after, after
    return value.start_mark.index, _end(text, value)


def _items(text: str, node: SequenceNode) -> list[tuple[int, int]]:
    """Where the text of each item of a list starts and ends."""
    spans: list[tuple[int, int]] = []
    at = int(node.start_mark.index)
    for item in node.value:
        start = int(item.start_mark.index)
        if start < at:  # an alias: its node stands where its anchor is
            match = _ALIAS.match(text, at)
            assert match is not None
            spans.append(match.span(1))
        else:
            spans.append((start, _end(text, item)))
        at = spans[-1][1]
    return spans


def _end(text: str, value: Node) -> int:
    """Where a value ends; block collections end with their last value, not at the next key."""
    if isinstance(value, MappingNode | SequenceNode) and value.value and not value.flow_style:
        if isinstance(value, SequenceNode):
            return _items(text, value)[-1][1]
        return _span(text, value.value[-1])[1]
    start, end = int(value.start_mark.index), int(value.end_mark.index)
    if isinstance(value, ScalarNode) and value.style in ("|", ">"):
        if _KEEP.match(text, start):  # its blank lines are part of it
            return end - 1 if text[:end].endswith("\n") else end
        end = len(text[:end].rstrip())
    return end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _replace(text: str, span: tuple[int, int], new: str) -> str:
    start, end = span
    anchor = _ANCHOR.match(text, start)
    if anchor is not None:  # others may repeat it; without its name, the text would be broken
        start = anchor.end()
    if start == end and text[start - 1] not in ":-":  # a key of {a, b: 1}, without a colon
        new = f": {new}"
    space = " " if text[start - 1] in ":-" else ""
    return text[:start] + space + new + text[end:]


def _fill(text: str, node: MappingNode, pair: Pair, rest: Location, value: object) -> str:
    """Give a key without value its first inner key."""
    inner = _nested(rest, value)
    start, end = _span(text, pair)
    if node.flow_style or len(rest) == 1 or start != end:
        return _replace(text, (start, end), flow(inner))
    indent = " " * (pair[0].start_mark.column + 2)
    name, below = next(iter(inner.items()))
    return _with_lines(text, start, [f"{indent}{key(name)}: {flow(below)}"])


def _insert(text: str, node: MappingNode, name: str, value: Any) -> str:
    if node.flow_style:
        new = f"{key(name)}: {flow(value)}"
        if not node.value:
            at = text.index("{", node.start_mark.index) + 1
            return text[:at] + new + text[at:]
        at = _span(text, node.value[-1])[1]
        return text[:at] + f", {new}" + text[at:]
    column = node.value[0][0].start_mark.column
    return _with_lines(text, _span(text, node.value[-1])[1], mapping_lines({name: value}, column))


def _remove(text: str, node: MappingNode, pair: Pair) -> str:
    start, end = pair[0].start_mark.index, _span(text, pair)[1]
    if len(node.value) == 1:
        if node.flow_style:
            return text[:start] + text[end:]
        return text[:start] + "{}" + text[end:]
    at = next(i for i, other in enumerate(node.value) if other[0] is pair[0])
    if not node.flow_style:
        before = text.rfind("\n", 0, start) + 1
        after = text.find("\n", end) + 1 or len(text)
        if not text[before:start].strip():
            return text[:before] + text[after:]
        # It stands behind a dash, and the next key takes its place.
        following = node.value[at + 1][0].start_mark.index
        if text[after:following].strip():
            return text[:start].rstrip(" ") + _break(text) + text[after:]
        return text[:start] + text[following:]
    if at + 1 < len(node.value):
        return text[:start] + text[node.value[at + 1][0].start_mark.index :]
    return text[: _span(text, node.value[at - 1])[1]] + text[end:]
