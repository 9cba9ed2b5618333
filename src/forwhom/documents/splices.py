"""Where the values of a YAML text stand in it, and what to replace to change them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import MappingNode, Node, ScalarNode, SequenceNode

from forwhom.documents.yamlfile import Location
from forwhom.documents.yamlwriting import flow, key, mapping_lines, sequence_lines

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"

# What can stand before a dash of a list, and before an alias in one.
_DASH = re.compile(r"(?:[&!]\S*|\s|#[^\n]*)*-")
_ALIAS = re.compile(r"(?:[&!][^\s,\[\]{}]*|[\s,\[-]|#[^\n]*)*(\*[^\s,\[\]{}]+)")
_ALIAS_OF_KEY = re.compile(r"\s*:\s*(\*[^\s,\[\]{}]+)")
_KEEP = re.compile(r"(?:[&!]\S*\s+)*[|>]\d*\+")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")
_COLON = re.compile(r"\s*:")
_COMMENT = re.compile(r"( *)#[^\n]*(?:\n|\Z)")

Pair: TypeAlias = tuple[ScalarNode, Node]
#: Where something starts and ends in the text.
Span: TypeAlias = tuple[int, int]
#: Start, end, and what comes in place of the text between them.
Splice: TypeAlias = tuple[int, int, str]
#: Keys and positions that edits touch: as a whole (None), or what is touched inside them.
Touched: TypeAlias = "dict[str | int, Touched | None]"


@dataclass(frozen=True)
class Reached:
    """A value in the text: its node, its span, and what it hangs on."""

    node: Node
    span: Span
    behind: int  # where the colon or dash before it ends
    column: int  # of its key or dash
    flow: bool  # whether it stands in brackets or braces


@dataclass(frozen=True)
class Text:
    """The text before the edits: where values stand in it, and what to replace."""

    text: str

    def mapping(self, node: Node | None, data: Any, touched: Touched) -> Iterator[Splice]:
        """Yield what changes in a mapping: values, then keys that are new, then keys that go."""
        assert isinstance(node, MappingNode)
        # What '<<' merges in belongs to others too: a changed copy is written.
        pairs: dict[str | int, Pair] = {
            pair[0].value: pair for pair in node.value if pair[0].tag != _MERGE
        }
        for step, inside in touched.items():
            if step in data and step in pairs:
                pair = pairs[step]
                span = self.span(pair)
                empty = _is_empty(pair, span) and "#" not in self.text[slice(*span)]
                if not node.flow_style and inside is not None and empty:
                    yield from self._filled(pair, span, data[step])
                else:
                    over = int(pair[0].start_mark.column)
                    yield from self._value(pair[1], span, data[step], inside, over)
        new = {str(step): data[step] for step in touched if step in data and step not in pairs}
        gone = [pair for step, pair in pairs.items() if step in touched and step not in data]
        kept = [pair for pair in node.value if pair not in gone]
        if not kept:
            yield self._anew(node, new)
            return
        if new:
            yield self._added(node, self.span(kept[-1])[1], new)
        for pair in gone:
            yield self._removed(node, pair, kept)

    def _sequence(self, node: SequenceNode, data: Any, touched: Touched) -> Iterator[Splice]:
        spans = self.items(node)
        for step, inside in touched.items():
            if isinstance(step, int) and step < len(spans):
                yield from self._value(node.value[step], spans[step], data[step], inside)
        new, last = data[len(spans) :], spans[-1][1]
        if new and node.flow_style:
            yield last, last, "".join(f", {flow(value)}" for value in new)
        elif new:
            column = self.column(self.dashes(node)[0])
            at = self.tail(self.next_line(last), column)
            lines = sequence_lines(new, column)
            yield self.lines_at(at, "".join(line + self.line_break for line in lines))

    def _value(
        self, node: Node, span: Span, value: Any, inside: Touched | None, over: int = -1
    ) -> Iterator[Splice]:
        # What an alias repeats belongs to others too: a changed copy is written in its place.
        if inside is not None and not is_alias(node, span):
            if isinstance(node, MappingNode) and isinstance(value, dict):
                yield from self.mapping(node, value, inside)
                return
            if isinstance(node, SequenceNode) and node.value and isinstance(value, list):
                yield from self._sequence(node, value, inside)
                return
            if isinstance(node, SequenceNode) and "#" in self.text[slice(*span)]:
                at = self.text.index("[", span[0]) + 1  # it holds nothing but a comment
                yield at, at, flow(value)[1:-1]
                return
        # A list may have its dashes below the key; what comes in its place stands deeper.
        dashed = isinstance(node, SequenceNode) and not node.flow_style
        deeper = "  " if dashed and self.column(span[0]) <= over else ""
        yield self._replaced(span, deeper + flow(value))

    def _replaced(self, span: Span, new: str) -> Splice:
        start, end = self._behind_anchor(span[0]), span[1]
        if start == end and self.text[start - 1] not in ":-":  # a of {a, b: 1}, without a colon
            new = f": {new}"
        return start, end, " " + new if self.text[start - 1] in ":-" else new

    def _behind_anchor(self, start: int) -> int:
        """Skip an anchor: others may repeat it, and without it the text would be broken."""
        anchor = _ANCHOR.match(self.text, start)
        return start if anchor is None else anchor.end()

    def _filled(self, pair: Pair, span: Span, value: Any) -> Iterator[Splice]:
        """Give a key without value one: on its line, or below it and its comment."""
        lines = mapping_lines({str(pair[0].value): value}, pair[0].start_mark.column)
        if len(lines) == 1:
            yield self._replaced(span, flow(value))
            return
        start = self._behind_anchor(span[0])
        yield len(self.text[:start].rstrip(" ")), span[1], ""
        yield self._lines(span[1], lines[1:])

    def _added(self, node: MappingNode, after: int, new: dict[str, Any]) -> Splice:
        if node.flow_style:
            return after, after, "".join(f", {key(name)}: {flow(v)}" for name, v in new.items())
        return self._lines(after, mapping_lines(new, node.value[0][0].start_mark.column))

    def _anew(self, node: MappingNode, new: dict[str, Any]) -> Splice:
        """Write a mapping that keeps none of its keys."""
        if not node.value:
            at = self.text.index("{", node.start_mark.index) + 1
            return at, at, flow(new)[1:-1]
        start, end = node.value[0][0].start_mark.index, self.span(node.value[-1])[1]
        return start, end, flow(new)[1:-1] if node.flow_style else flow(new)

    def _removed(self, node: MappingNode, pair: Pair, kept: list[Pair]) -> Splice:
        at = node.value.index(pair)
        following = node.value[at + 1 :]
        start, end = pair[0].start_mark.index, self.span(pair)[1]
        if node.flow_style:
            if any(other in kept for other in following):
                return start, following[0][0].start_mark.index, ""
            return self.span(node.value[at - 1])[1], end, ""
        line, after = self.text.rfind("\n", 0, start) + 1, self.next_line(end)
        if not self.text[line:start].strip():
            return line, after, ""
        # It stands behind a dash, and the next key takes its place.
        next_key = following[0][0].start_mark.index
        if following[0] not in kept or self.text[after:next_key].strip():
            return len(self.text[:start].rstrip(" ")), after, self.line_break
        return start, next_key, ""

    def _lines(self, after: int, lines: list[str]) -> Splice:
        written = "".join(line + self.line_break for line in lines)
        return self.lines_at(self.next_line(after), written)

    def lines_at(self, at: int, lines: str) -> Splice:
        """Put lines, each with its line end, where a line starts or the text ends."""
        if self.text[at - 1] == "\n":
            return at, at, lines
        return at, at, self.line_break + lines.removesuffix(self.line_break)

    def next_line(self, at: int) -> int:
        return self.text.find("\n", at) + 1 or len(self.text)

    def tail(self, at: int, column: int) -> int:
        """Skip comments that stand deeper than a column: they belong to the item above them."""
        comment = _COMMENT.match(self.text, at)
        while comment is not None and comment.end(1) - at > column:
            at = comment.end()
            comment = _COMMENT.match(self.text, at)
        return at

    def line_start(self, at: int) -> int:
        """Return where the line of a place starts."""
        return self.text.rfind("\n", 0, at) + 1

    @property
    def line_break(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def reached(self, root: Node | None, location: Location) -> Reached | None:
        """Return the value at a key path; None where it is not written, or through an alias."""
        found = Reached(root, (0, len(self.text)), 0, -2, flow=False) if root else None
        for step in location:
            found = found and self._below(found, step)
        return found

    def _below(self, over: Reached, step: str | int) -> Reached | None:
        node, in_flow = over.node, over.flow or bool(getattr(over.node, "flow_style", False))
        if isinstance(node, MappingNode):
            for pair in node.value:
                if pair[0].value == step and pair[0].tag != _MERGE:
                    span, name = self.span(pair), pair[0]
                    colon = _COLON.match(self.text, name.end_mark.index)
                    behind = colon.end() if colon else int(name.end_mark.index)
                    found = Reached(pair[1], span, behind, name.start_mark.column, in_flow)
                    return None if is_alias(pair[1], span) else found
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            span, item = self.items(node)[step], node.value[step]
            dash = span[0] if in_flow else self.dashes(node)[step]
            found = Reached(item, span, dash + (not in_flow), self.column(dash), in_flow)
            return None if is_alias(item, span) else found
        return None

    def dashes(self, node: SequenceNode) -> list[int]:
        """Return where the dashes of a list in block style stand."""
        found, at = [], int(node.start_mark.index)
        for _, end in self.items(node):
            dash = _DASH.match(self.text, at)
            assert dash is not None
            found.append(dash.end() - 1)
            at = end
        return found

    def column(self, at: int) -> int:
        """Return how far from the start of its line a place stands."""
        return at - self.line_start(at)

    def span(self, pair: Pair) -> Span:
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
        return value.start_mark.index, self.end(value)

    def items(self, node: SequenceNode) -> list[Span]:
        """Where the text of each item of a list starts and ends."""
        spans: list[Span] = []
        at = int(node.start_mark.index)
        for item in node.value:
            start = int(item.start_mark.index)
            if start < at:  # an alias: its node stands where its anchor is
                match = _ALIAS.match(self.text, at)
                assert match is not None
                spans.append(match.span(1))
            else:
                spans.append((start, self.end(item)))
            at = spans[-1][1]
        return spans

    def keeps_blank_lines(self, value: Node) -> bool:
        """Whether a value ends with text to which the blank lines after it belong."""
        while not isinstance(value, ScalarNode):
            if not value.value:
                return False
            last = value.value[-1]
            value = last[1] if isinstance(value, MappingNode) else last
        return bool(value.style and _KEEP.match(self.text, value.start_mark.index))

    def end(self, value: Node) -> int:
        """Where a value ends; block collections end with their last value, not at the next key."""
        if isinstance(value, MappingNode | SequenceNode) and value.value and not value.flow_style:
            if isinstance(value, SequenceNode):
                return self.items(value)[-1][1]
            return self.span(value.value[-1])[1]
        start, end = int(value.start_mark.index), int(value.end_mark.index)
        if isinstance(value, ScalarNode) and value.style in ("|", ">"):
            if _KEEP.match(self.text, start):  # its blank lines are part of it
                return end - 1 if self.text[:end].endswith("\n") else end
            end = len(self.text[:end].rstrip())
        return end


def is_alias(node: Node, span: Span) -> bool:
    """Whether an alias stands there; its node stands where its anchor is."""
    return bool(node.start_mark.index < span[0])


def _is_empty(pair: Pair, span: Span) -> bool:
    value = pair[1]
    none = value.tag == _NULL or (isinstance(value, SequenceNode) and not value.value)
    return none and not is_alias(value, span)
