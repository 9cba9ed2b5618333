"""The items of a list in a YAML text: each with its own comments, to take out and to put in.

A comment line directly above an item belongs to it, unless it stands deeper than the dash: then it
is the end of the item before. A comment behind an item belongs to it if no other item is there.
Blank lines between two items go and come with one of them, so that what goes and comes back leaves
the text as it was; a comment with blank lines around it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ruamel.yaml import MappingNode, Node, ScalarNode, SequenceNode

from forwhom.documents.splices import Reached, Span, Splice, Text, is_alias
from forwhom.documents.yamlwriting import flow, sequence_lines

#: What can stand between an item in brackets and the comma after it.
_COMMA = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*,")
_REST = re.compile(r"([ \t]*(?:#[^\n\r]*)?)\r?(?:\n|\Z)")
_REMARK = re.compile(r"(?:^|(?<=\s))#[^\n\r]*", re.MULTILINE)
_BLANK = re.compile(r"(?:[ \t\r]*\n)*")
#: An anchor and a tag, which stay where a list was.
_PROPERTIES = re.compile(r"(?:[ \t]+[&!][^\s,\[\]{}]*)*")
#: Text that means the same in brackets as behind a dash.
_EVERYWHERE = re.compile(r"[^\[\]{},\n]*|['\"].*", re.DOTALL)


@dataclass(frozen=True)
class ItemText:
    """An item as it is written behind a dash and in brackets, with its comments."""

    block: str  # its lines, from the first comment on; each has its line end
    column: int  # of the dash in them
    flow: str
    above: tuple[str, ...] = ()  # comments that go above it in brackets
    beside: str = ""  # and the one behind it, with the space before it
    gap: str = ""  # blank lines between it and its neighbor

    def at(self, column: int) -> str:
        """Return the lines with the dash at a column."""
        more = column - self.column
        lines = self.block.split("\n")
        if more > 0:
            return "\n".join(" " * more + line if line.strip("\r") else line for line in lines)
        return "\n".join(line[min(-more, len(line) - len(line.lstrip(" "))) :] for line in lines)

    def between(self, indent: int, comma: str, line_break: str) -> str:
        """Return its lines for a list in brackets."""
        lines = [*self.above, self.flow + comma + self.beside]
        return "".join(" " * indent + line + line_break for line in lines)


def items_of(text: Text, held: Reached) -> DashedItems | BracketedItems:
    """Return the items of a list that stands in a text."""
    node = held.node
    assert isinstance(node, SequenceNode)
    if node.flow_style:
        return BracketedItems(text, held, node, text.items(node))
    return DashedItems(text, held, node, text.items(node))


def filled(text: Text, held: Reached, item: ItemText) -> Iterator[Splice]:
    """Yield what puts the first item into an empty list."""
    start, end = held.span
    inside = text.text[start:end]
    if held.flow or "#" in inside:
        at = start + inside.index("[") + 1
        broken = text.line_break + item.between(held.column + 4, "", text.line_break)
        yield at, at, broken if item.above or item.beside else item.flow
        return
    properties = _PROPERTIES.match(text.text, held.behind)
    assert properties is not None
    yield properties.end(), end, ""
    yield text.lines_at(text.next_line(end), item.at(held.column + 2))


@dataclass(frozen=True)
class _Items:
    text: Text
    held: Reached
    node: SequenceNode
    spans: list[Span]

    @property
    def on_own_lines(self) -> bool:
        """Whether each item has lines for itself, so that several can go at once."""
        return False

    def made(self, value: Any) -> ItemText:
        """Return a value as an item of this list."""
        lines = "".join(line + self.text.line_break for line in sequence_lines([value], 0))
        return ItemText(lines, 0, flow(value), gap=self._usual_gap())

    def _usual_gap(self) -> str:
        return ""

    def _comments_above(self, start: int, least: int, deepest: int) -> int:
        """Return where the comment lines directly above a line begin, that are not deeper."""
        while start > least:
            above = self.text.line_start(start - 1)
            line = self.text.text[above:start]
            depth = len(line) - len(line.lstrip(" "))
            if above < least or line[depth : depth + 1] != "#" or depth > deepest:
                break
            start = above
        return start

    def _remarks(self, start: int, end: int, node: Node | None = None) -> Iterator[str]:
        """Yield the comments in a part of the text; those of an item stand between its values."""
        at = start
        for left, right in [] if node is None else _scalars(self.text, node):
            yield from _REMARK.findall(self.text.text[at:left])
            at = right
        yield from _REMARK.findall(self.text.text[at:end])

    def _is_short(self, index: int) -> bool:
        """Whether an item can stand in brackets as it is written."""
        node, (start, end) = self.node.value[index], self.spans[index]
        if is_alias(node, self.spans[index]):
            return True
        if isinstance(node, ScalarNode) and node.style not in ("|", ">"):
            return bool(_EVERYWHERE.fullmatch(self.text.text, start, end)) and start < end
        return not isinstance(node, ScalarNode) and bool(node.flow_style)


@dataclass(frozen=True)
class DashedItems(_Items):
    """Items behind dashes, each on lines of its own."""

    def own(self, index: int, value: Any) -> ItemText:
        """Return an item with its comments; ``value`` is what it says."""
        text, dash = self.text.text, self._dashes[index]
        column = self.text.column(dash)
        start, end = self._lines(index)
        block = text[start:end] if self._is_first_on_line(dash) else " " * column + text[dash:end]
        if not block.endswith("\n"):
            block += self.text.line_break
        gap = self._gap(index or 1)
        if not self._is_short(index):
            above = tuple(self._remarks(start, end, self.node.value[index]))
            return ItemText(block, column, flow(value), above, gap=gap)
        from_, to = self.spans[index]
        above = (*self._remarks(start, from_), *self._remarks(to, end))
        return ItemText(block, column, text[from_:to], above, gap=gap)

    def removed(self, *indexes: int) -> Iterator[Splice]:
        """Yield what takes items out; where all go, an empty list is left."""
        kept = [index for index in range(len(self.spans)) if index not in indexes]
        if not kept:
            properties = _PROPERTIES.match(self.text.text, self.held.behind)
            assert properties is not None
            yield properties.end(), properties.end(), " []"
        for index in sorted(indexes):
            start, end = self._lines(index)
            if kept and index > kept[0]:
                start -= len(self._gap(index))
                before = max(one for one in kept if one < index)
                if self.text.keeps_blank_lines(self.node.value[before]):
                    blank = _BLANK.match(self.text.text, end)
                    end = blank.end() if blank else end
            else:
                end += len(self._gap(index + 1))
            if not self._is_first_on_line(self._dashes[index]):
                yield self._behind_a_dash(index, end)
            else:
                yield start, end, ""

    def _behind_a_dash(self, index: int, end: int) -> Splice:
        text, dash = self.text.text, self._dashes[index]
        following = self._dashes[index + 1] if index + 1 < len(self.spans) else 0
        if following and end == self.text.line_start(following):  # it takes the place
            return dash, following, ""
        end -= len(text[:end]) - len(text[:end].rstrip("\r\n"))
        return len(text[:dash].rstrip(" ")), end, ""

    def inserted(self, index: int, item: ItemText) -> Iterator[Splice]:
        """Yield what puts an item before another one, or at the end."""
        lines = item.at(self.text.column(self._dashes[0]))
        if index == len(self.spans):
            yield self.text.lines_at(self._end(index - 1), item.gap + lines)
        elif index:
            start, gap = self._lines(index)[0], self._gap(index)
            alone = start - len(gap) > self._end(index - 1)  # a comment that stays is between
            start -= len(gap)
            yield start, start, lines if alone else item.gap + lines
        elif self._is_first_on_line(self._dashes[0]):
            start = self._lines(0)[0]
            yield start, start, lines + item.gap
        else:
            dash = self._dashes[0]
            first = lines.lstrip(" ") + item.gap
            yield dash, dash, first + " " * self.text.column(dash)

    @property
    def on_own_lines(self) -> bool:
        """Whether each item has lines for itself, so that several can go at once."""
        return self._is_first_on_line(self._dashes[0])

    def _usual_gap(self) -> str:
        """Return the blank lines between all neighbors, where these are the same."""
        gaps = {self._gap(index) for index in range(1, len(self.spans))}
        return gaps.pop() if len(gaps) == 1 else ""

    def _gap(self, index: int) -> str:
        """Return the blank lines above an item, if there is nothing else below the one before."""
        if index >= len(self.spans):
            return ""
        between = self.text.text[self._end(index - 1) : self._lines(index)[0]]
        return "" if between.strip() else between

    @cached_property
    def _dashes(self) -> list[int]:
        return self.text.dashes(self.node)

    def _is_first_on_line(self, at: int) -> bool:
        return not self.text.text[self.text.line_start(at) : at].strip(" ")

    def _lines(self, index: int) -> Span:
        """Return where the lines of an item start and end, comments included."""
        dash = self._dashes[index]
        column = self.text.column(dash)
        least = self._end(index - 1) if index else self.text.next_line(self.held.behind)
        start = self._comments_above(self.text.line_start(dash), least, column)
        return start, self._end(index)

    def _end(self, index: int) -> int:
        at = self.text.next_line(self.spans[index][1])
        return self.text.tail(at, self.text.column(self._dashes[index]))


@dataclass(frozen=True)
class BracketedItems(_Items):
    """Items in brackets: behind each other, or each on lines of its own."""

    def own(self, index: int, value: Any) -> ItemText:
        """Return an item with its comments; ``value`` is what it says."""
        start, end = self.spans[index]
        said = self.text.text[start:end]
        if isinstance(self.node.value[index], ScalarNode) and "\n" in said:
            said = flow(value)
        above: tuple[str, ...] = ()
        beside = ""
        lines = self._lines(index)
        if lines is not None:
            above = tuple(self._remarks(lines[0], start))
            rest = _REST.match(self.text.text, self._comma(index) or end)
            beside = rest[1] if rest else ""
        written = [*above, f"- {said}{beside}"]
        block = "".join(line + self.text.line_break for line in written)
        return ItemText(block, 0, said, above, beside)

    def removed(self, index: int) -> Iterator[Splice]:
        """Yield what takes an item out, with the comma that it no longer needs."""
        (start, end), comma = self.spans[index], self._comma(index)
        lines = self._lines(index)
        last = index == len(self.spans) - 1
        before = self._comma(index - 1) if index and last else None
        if lines is not None:
            if before is not None and comma is None:
                yield before - 1, before, ""
            yield *lines, ""
        elif not last:
            assert comma is not None
            text = self.text.text
            after = len(text) - len(text[comma:].lstrip(" "))
            yield start, after if text[after] not in "\r\n#" else comma, ""
        elif before is None:
            yield start, comma or end, ""
        elif "\n" in self.text.text[before:start]:
            yield before - 1, before, ""
            yield start, end, ""
        else:
            yield self.spans[index - 1][1], end, ""

    def inserted(self, index: int, item: ItemText) -> Iterator[Splice]:
        """Yield what puts an item before another one, or at the end."""
        last = index == len(self.spans)
        beside = index - 1 if last else index
        start, end = self.spans[beside]
        lines, comma = self._lines(beside), self._comma(beside)
        remarks, line_break = bool(item.above or item.beside), self.text.line_break
        indent = self.text.column(start) if lines else self.held.column + 4
        if lines is not None and not last:
            yield lines[0], lines[0], item.between(indent, ",", line_break)
        elif lines is not None:
            if comma is None:
                yield end, end, ","
            new = item.between(indent, "," if comma is not None else "", line_break)
            yield lines[1], lines[1], new
        elif not remarks:
            yield (end, end, f", {item.flow}") if last else (start, start, f"{item.flow}, ")
        elif last:
            yield end, end, f",{line_break}{item.between(indent, '', line_break)}"
        else:
            new = item.between(indent, ",", line_break)
            yield start, start, f"{line_break}{new}{' ' * indent}"

    def _comma(self, index: int) -> int | None:
        """Return where the comma behind an item ends."""
        found = _COMMA.match(self.text.text, self.spans[index][1])
        return None if found is None else found.end()

    def _lines(self, index: int) -> Span | None:
        """Return where the lines of an item start and end, if it has lines for itself."""
        start, end = self.spans[index]
        line = self.text.line_start(start)
        rest = _REST.match(self.text.text, self._comma(index) or end)
        if self.text.text[line:start].strip(" ") or rest is None:
            return None
        opened = self.text.next_line(self.node.start_mark.index)
        least = self.text.next_line(self.spans[index - 1][1]) if index else opened
        return self._comments_above(line, least, start - line), rest.end()


def _scalars(text: Text, node: Node) -> Iterator[Span]:
    """Yield where the single values in a node stand, keys included, without the aliases."""
    if isinstance(node, ScalarNode):
        start, end = int(node.start_mark.index), text.end(node)
        yield (text.next_line(start) if node.style in ("|", ">") else start), end
    elif isinstance(node, SequenceNode):
        for item, span in zip(node.value, text.items(node), strict=True):
            if not is_alias(item, span):
                yield from _scalars(text, item)
    elif isinstance(node, MappingNode):
        for name, value in node.value:
            yield name.start_mark.index, name.end_mark.index
            if not is_alias(value, text.span((name, value))):
                yield from _scalars(text, value)
