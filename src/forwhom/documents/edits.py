"""Change one key or list in YAML text; every other character stays where it is.

Writing a parsed document back would keep comments, but not the alignment of columns, quotes and
line breaks that a person chose. Here only the text of the changed key is replaced.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import MappingNode, Node, ScalarNode, SequenceNode

from forwhom.documents.yamlfile import Location, parse_yaml
from forwhom.documents.yamlwriting import flow, key, mapping_lines, sequence_lines

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"

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
        if isinstance(node, SequenceNode) and isinstance(step, int):
            node, data = node.value[step], data[step]
            if depth + 1 == len(location) and value is not None:
                return text[: node.start_mark.index] + flow(value) + text[_end(text, node) :]
            continue
        assert isinstance(node, MappingNode)
        data = data.get(step)
        pair = next((p for p in _own(node) if p[0].value == step), None)
        rest = location[depth + 1 :]
        if pair is None:
            return text if value is None else _insert(text, node, str(step), _nested(rest, value))
        if not rest:
            return _remove(text, node, pair) if value is None else _replace(text, pair, flow(value))
        if value is not None and pair[1].tag == _NULL:
            return _fill(text, node, pair, rest, value)
        if _is_alias(pair):
            # What the alias repeats belongs to others too: write a changed copy in its place.
            copied = parse_yaml(set_key(flow(data), rest, value, name), name).data
            return _replace(text, pair, flow(copied))
        node = pair[1]
        if not isinstance(node, MappingNode | SequenceNode):
            return text if value is None else _replace(text, pair, flow(_nested(rest, value)))
    return text


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
    node = _node_at(parse_yaml(text, name).root, location)
    if not isinstance(node, SequenceNode) or not node.value:
        return set_key(set_key(text, location, None, name), location, [value], name)
    if node.flow_style:
        at = _end(text, node.value[-1])
        return text[:at] + f", {flow(value)}" + text[at:]
    at = _line_end(text, _end(text, node))
    lines = sequence_lines([value], node.start_mark.column)
    return text[:at] + "".join(_break(text) + line for line in lines) + text[at:]


def _node_at(node: Node | None, location: Location) -> Node | None:
    for step in location:
        if isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, MappingNode):
            node = next((v for k, v in _own(node) if k.value == step), None)
        else:
            return None
    return node


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
        after = text.index(":", name.end_mark.index) + 1
        return after, after
    return value.start_mark.index, _end(text, value)


def _end(text: str, value: Node) -> int:
    """Where a value ends; block collections end with their last value, not at the next key."""
    if isinstance(value, MappingNode | SequenceNode) and value.value and not value.flow_style:
        last = value.value[-1]
        return _span(text, last)[1] if isinstance(value, MappingNode) else _end(text, last)
    end = int(value.end_mark.index)
    if isinstance(value, ScalarNode) and value.style in ("|", ">"):
        end = len(text[:end].rstrip())
    return end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _replace(text: str, pair: Pair, new: str) -> str:
    start, end = _span(text, pair)
    space = " " if text[start - 1] == ":" else ""
    return text[:start] + space + new + text[end:]


def _fill(text: str, node: MappingNode, pair: Pair, rest: Location, value: object) -> str:
    """Give a key without value its first inner key."""
    inner = _nested(rest, value)
    start, end = _span(text, pair)
    if node.flow_style or len(rest) == 1 or start != end:
        return _replace(text, pair, flow(inner))
    at = _line_end(text, start)
    indent = " " * (pair[0].start_mark.column + 2)
    name, below = next(iter(inner.items()))
    return text[:at] + f"{_break(text)}{indent}{key(name)}: {flow(below)}" + text[at:]


def _insert(text: str, node: MappingNode, name: str, value: Any) -> str:
    if node.flow_style:
        new = f"{key(name)}: {flow(value)}"
        if not node.value:
            at = text.index("{", node.start_mark.index) + 1
            return text[:at] + new + text[at:]
        at = _span(text, node.value[-1])[1]
        return text[:at] + f", {new}" + text[at:]
    at = _line_end(text, _span(text, node.value[-1])[1])
    column = node.value[0][0].start_mark.column
    lines = mapping_lines({name: value}, column)
    return text[:at] + "".join(_break(text) + line for line in lines) + text[at:]


def _remove(text: str, node: MappingNode, pair: Pair) -> str:
    start, end = pair[0].start_mark.index, _span(text, pair)[1]
    if len(node.value) == 1:
        if node.flow_style:
            return text[:start] + text[end:]
        return text[:start] + "{}" + text[end:]
    if not node.flow_style:
        before = text.rfind("\n", 0, start) + 1
        after = text.find("\n", end) + 1 or len(text)
        return text[:before] + text[after:]
    at = next(i for i, other in enumerate(node.value) if other[0] is pair[0])
    if at + 1 < len(node.value):
        return text[:start] + text[node.value[at + 1][0].start_mark.index :]
    return text[: _span(text, node.value[at - 1])[1]] + text[end:]
