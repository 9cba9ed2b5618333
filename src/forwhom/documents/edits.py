"""Edits of YAML text: every character that no edit is about stays where it is.

Writing a parsed document back would keep comments, but not the alignment of columns, quotes and
line breaks that a person chose. Here edits are collected, and then only the text that they touch
is replaced; the text is parsed once before, and once after.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import MappingNode, Node, ScalarNode, SequenceNode

from forwhom.documents.mistakes import path_of
from forwhom.documents.yamlfile import Location, YamlText, parse_yaml
from forwhom.documents.yamlwriting import flow, key, mapping_lines, sequence_lines
from forwhom.errors import OutputError

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"

# What can stand before the first dash of a list, and before an alias in one.
_DASH = re.compile(r"(?:[&!]\S*|\s|#[^\n]*)*-")
_ALIAS = re.compile(r"(?:[&!][^\s,\[\]{}]*|[\s,\[-]|#[^\n]*)*(\*[^\s,\[\]{}]+)")
_ALIAS_OF_KEY = re.compile(r"\s*:\s*(\*[^\s,\[\]{}]+)")
_KEEP = re.compile(r"(?:[&!]\S*\s+)*[|>]\d*\+")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")
_COLON = re.compile(r"\s*:")

_Pair: TypeAlias = tuple[ScalarNode, Node]
#: Where something starts and ends in the text.
_Span: TypeAlias = tuple[int, int]
#: Start, end, and what comes in place of the text between them.
_Splice: TypeAlias = tuple[int, int, str]
#: Keys and positions that edits touch: as a whole (None), or what is touched inside them.
_Touched: TypeAlias = "dict[str | int, _Touched | None]"


class Edits:
    """Changes of a YAML text whose top is a mapping; they are written all at once."""

    def __init__(self, source: YamlText) -> None:
        self._source = source
        self._touched: _Touched = {}
        #: The plain values, as the edits so far want them.
        self.data: Any = copy.deepcopy(source.data)

    def set(self, location: Location, value: object | None) -> None:
        """Set the value at a key path, adding keys that are not there; None takes the key away."""
        *way, last = location
        holder = self._holder(way, add=value is not None)
        if value is not None:
            holder[last] = _plain(value)
        elif isinstance(holder, dict) and last in holder:  # a list keeps its items
            del holder[last]
        else:
            return
        self._touch(location)

    def append(self, location: Location, value: object) -> None:
        """Add an item at the end of the list at a key path; it is made where there is none."""
        *way, last = location
        holder = self._holder(way, add=True)
        if not isinstance(_inside(holder, last), list):
            holder[last] = []
        holder[last].append(_plain(value))
        self._touch((*location, len(holder[last]) - 1))

    def written(self) -> YamlText:
        """Return the text with every edit, once it is checked to say what was meant and no more."""
        if not self._touched:
            return self._source
        text, at, parts = self._source.text, 0, []
        splices = _Text(text).mapping(self._source.root, self.data, self._touched)
        # Stable: of what is added at one place, the innermost comes first.
        for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
            parts += [text[at:start], new]
            at = max(at, end)
        done = parse_yaml("".join([*parts, text[at:]]), self._source.name)
        found, wanted = dict(_leaves(done.data)), dict(_leaves(self.data))
        for place in [*wanted, *found] if found != wanted else ():
            if found.get(place) == wanted.get(place):
                continue
            raise OutputError(
                f"{done.name}: this cannot be done without touching something else: "
                f"{path_of(place)!r} would not be what it should be.",
                "An alias (*name) repeats what changes; write it out where it is repeated.",
            )
        return done

    def _holder(self, way: list[str | int], *, add: bool) -> Any:
        holder: Any = self.data
        for step in way:
            below = _inside(holder, step)
            if not isinstance(below, dict | list):
                if not add:
                    return None
                below = holder[step] = {}
            holder = below
        return holder

    def _touch(self, location: Location) -> None:
        touched = self._touched
        for step in location[:-1]:
            inside = touched.setdefault(step, {})
            if inside is None:
                return
            touched = inside
        touched[location[-1]] = None


def _inside(holder: Any, step: Any) -> Any:
    return holder[step] if isinstance(holder, list) else holder.get(step)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _leaves(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Yield every single value with its place, as text that tells 1 from true and NaN from text."""
    if isinstance(value, dict | list) and value:
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(one, (*location, step))
    else:
        yield location, repr(value)


@dataclass(frozen=True)
class _Text:
    """The text before the edits: says what to replace in it."""

    text: str

    def mapping(self, node: Node | None, data: Any, touched: _Touched) -> Iterator[_Splice]:
        """Yield what changes in a mapping: values, then keys that are new, then keys that go."""
        assert isinstance(node, MappingNode)
        # What '<<' merges in belongs to others too: a changed copy is written.
        pairs: dict[str | int, _Pair] = {
            pair[0].value: pair for pair in node.value if pair[0].tag != _MERGE
        }
        for step, inside in touched.items():
            if step in data and step in pairs:
                pair = pairs[step]
                span = self._span(pair)
                if not node.flow_style and inside is not None and _is_empty(pair, span):
                    yield from self._filled(pair, span, data[step])
                else:
                    yield from self._value(pair[1], span, data[step], inside)
        new = {str(step): data[step] for step in touched if step in data and step not in pairs}
        gone = [pair for step, pair in pairs.items() if step in touched and step not in data]
        kept = [pair for pair in node.value if pair not in gone]
        if not kept:
            yield self._anew(node, new)
            return
        if new:
            yield self._added(node, self._span(kept[-1])[1], new)
        for pair in gone:
            yield self._removed(node, pair, kept)

    def _sequence(self, node: SequenceNode, data: Any, touched: _Touched) -> Iterator[_Splice]:
        spans = self._items(node)
        for step, inside in touched.items():
            if isinstance(step, int) and step < len(spans):
                yield from self._value(node.value[step], spans[step], data[step], inside)
        new, last = data[len(spans) :], spans[-1][1]
        if new and node.flow_style:
            yield last, last, "".join(f", {flow(value)}" for value in new)
        elif new:
            dash = _DASH.match(self.text, node.start_mark.index)
            assert dash is not None
            column = dash.end() - 1 - (self.text.rfind("\n", 0, dash.end()) + 1)
            yield self._lines(last, sequence_lines(new, column))

    def _value(
        self, node: Node, span: _Span, value: Any, inside: _Touched | None
    ) -> Iterator[_Splice]:
        # What an alias repeats belongs to others too: a changed copy is written in its place.
        if inside is not None and not _is_alias(node, span):
            if isinstance(node, MappingNode) and isinstance(value, dict):
                yield from self.mapping(node, value, inside)
                return
            if isinstance(node, SequenceNode) and node.value and isinstance(value, list):
                yield from self._sequence(node, value, inside)
                return
        yield self._replaced(span, flow(value))

    def _replaced(self, span: _Span, new: str) -> _Splice:
        start, end = self._behind_anchor(span[0]), span[1]
        if start == end and self.text[start - 1] not in ":-":  # a of {a, b: 1}, without a colon
            new = f": {new}"
        return start, end, " " + new if self.text[start - 1] in ":-" else new

    def _behind_anchor(self, start: int) -> int:
        """Skip an anchor: others may repeat it, and without it the text would be broken."""
        anchor = _ANCHOR.match(self.text, start)
        return start if anchor is None else anchor.end()

    def _filled(self, pair: _Pair, span: _Span, value: Any) -> Iterator[_Splice]:
        """Give a key without value one: on its line, or below it and its comment."""
        lines = mapping_lines({str(pair[0].value): value}, pair[0].start_mark.column)
        if len(lines) == 1:
            yield self._replaced(span, flow(value))
            return
        start = self._behind_anchor(span[0])
        yield len(self.text[:start].rstrip(" ")), span[1], ""
        yield self._lines(span[1], lines[1:])

    def _added(self, node: MappingNode, after: int, new: dict[str, Any]) -> _Splice:
        if node.flow_style:
            return after, after, "".join(f", {key(name)}: {flow(v)}" for name, v in new.items())
        return self._lines(after, mapping_lines(new, node.value[0][0].start_mark.column))

    def _anew(self, node: MappingNode, new: dict[str, Any]) -> _Splice:
        """Write a mapping that keeps none of its keys."""
        if not node.value:
            at = self.text.index("{", node.start_mark.index) + 1
            return at, at, flow(new)[1:-1]
        start, end = node.value[0][0].start_mark.index, self._span(node.value[-1])[1]
        return start, end, flow(new)[1:-1] if node.flow_style else flow(new)

    def _removed(self, node: MappingNode, pair: _Pair, kept: list[_Pair]) -> _Splice:
        at = node.value.index(pair)
        following = node.value[at + 1 :]
        start, end = pair[0].start_mark.index, self._span(pair)[1]
        if node.flow_style:
            if any(other in kept for other in following):
                return start, following[0][0].start_mark.index, ""
            return self._span(node.value[at - 1])[1], end, ""
        line, after = self.text.rfind("\n", 0, start) + 1, self._next_line(end)
        if not self.text[line:start].strip():
            return line, after, ""
        # It stands behind a dash, and the next key takes its place.
        next_key = following[0][0].start_mark.index
        if following[0] not in kept or self.text[after:next_key].strip():
            return len(self.text[:start].rstrip(" ")), after, self._break
        return start, next_key, ""

    def _lines(self, after: int, lines: list[str]) -> _Splice:
        at = self._next_line(after)
        if self.text[at - 1] == "\n":
            return at, at, "".join(line + self._break for line in lines)
        return at, at, "".join(self._break + line for line in lines)

    def _next_line(self, at: int) -> int:
        return self.text.find("\n", at) + 1 or len(self.text)

    @property
    def _break(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _span(self, pair: _Pair) -> _Span:
        """Where the text of a value starts and ends."""
        name, value = pair
        if value.start_mark.index < name.start_mark.index:  # an alias
            match = _ALIAS_OF_KEY.match(self.text, name.end_mark.index)
            assert match is not None
            return match.span(1)
        if value.tag == _NULL and value.start_mark.index == value.end_mark.index:
            colon = _COLON.match(self.text, name.end_mark.index)
            after = name.end_mark.index if colon is None else colon.end()
            return after, after
        return value.start_mark.index, self._end(value)

    def _items(self, node: SequenceNode) -> list[_Span]:
        """Where the text of each item of a list starts and ends."""
        spans: list[_Span] = []
        at = int(node.start_mark.index)
        for item in node.value:
            start = int(item.start_mark.index)
            if start < at:  # an alias: its node stands where its anchor is
                match = _ALIAS.match(self.text, at)
                assert match is not None
                spans.append(match.span(1))
            else:
                spans.append((start, self._end(item)))
            at = spans[-1][1]
        return spans

    def _end(self, value: Node) -> int:
        """Where a value ends; block collections end with their last value, not at the next key."""
        if isinstance(value, MappingNode | SequenceNode) and value.value and not value.flow_style:
            if isinstance(value, SequenceNode):
                return self._items(value)[-1][1]
            return self._span(value.value[-1])[1]
        start, end = int(value.start_mark.index), int(value.end_mark.index)
        if isinstance(value, ScalarNode) and value.style in ("|", ">"):
            if _KEEP.match(self.text, start):  # its blank lines are part of it
                return end - 1 if self.text[:end].endswith("\n") else end
            end = len(self.text[:end].rstrip())
        return end


def _is_alias(node: Node, span: _Span) -> bool:
    """Whether an alias stands there; its node stands where its anchor is."""
    return bool(node.start_mark.index < span[0])


def _is_empty(pair: _Pair, span: _Span) -> bool:
    value = pair[1]
    none = value.tag == _NULL or (isinstance(value, SequenceNode) and not value.value)
    return none and not _is_alias(value, span)
