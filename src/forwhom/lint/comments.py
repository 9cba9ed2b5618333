"""Comments that silence a line: ``# lint: ignore[FW101] the reason``."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter

from ruamel.yaml import MappingNode, Node, ScalarNode, SequenceNode

from forwhom.documents.canvas.model import Canvas
from forwhom.documents.comments import first_line
from forwhom.documents.yamlfile import YamlText

_COMMENT = re.compile(r"#[ \t]*lint:[ \t]*ignore(?P<codes>\[[^\]\n]*\])?(?P<reason>[^\n]*)")
_WORD = re.compile(r"\w")

#: Line and column, from 0.
_Place = tuple[int, int]


@dataclass(frozen=True)
class Silence:
    """A comment that silences findings."""

    line: int  # ``line``, ``column``: where the comment stands, from 1
    column: int
    #: the line whose findings it silences: its own, or the next one when it stands alone
    target: int
    rules: tuple[str, ...]  # codes or names of rules, as written
    reason: str  # why, as written
    #: those of its words that silenced a finding, or whose rule did not run
    used: set[str] = field(default_factory=set)


def silences(canvas: Canvas) -> list[Silence]:
    """Return the comments of a canvas that silence a line, in the order of the file."""
    source = canvas._origin.source
    if not isinstance(source, YamlText):
        return []
    matches = list(_COMMENT.finditer(source.text))
    if not matches:
        return []
    spans = sorted(_scalars(source.root))
    lines = source.text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    found = []
    for match in matches:
        line = bisect_right(starts, match.start()) - 1
        column = match.start() - starts[line]
        before = bisect_right(spans, (line, column), key=itemgetter(0)) - 1
        if before < 0 or spans[before][1] <= (line, column):
            found.append(_silence(match, lines, line, column))
    return found


def about_whole(canvas: Canvas, found: list[Silence]) -> list[Silence]:
    """Return the comments that speak of the whole canvas: in line 1, or above its content."""
    source = canvas._origin.source
    first = 1 + first_line(source) if isinstance(source, YamlText) else 1
    return [one for one in found if one.target in (1, first)]


def _silence(match: re.Match[str], lines: list[str], line: int, column: int) -> Silence:
    target = line
    if not lines[line][:column].strip():
        below = range(line + 1, len(lines))
        content = (i for i in below if lines[i].strip() and not lines[i].lstrip().startswith("#"))
        target = next(content, line)
    words = (match["codes"] or "[]")[1:-1].split(",")
    reason = match["reason"].strip(" \t\r:-–—")
    return Silence(
        line=line + 1,
        column=column + 1,
        target=target + 1,
        rules=tuple(word.strip() for word in words if word.strip()),
        reason=reason if _WORD.search(reason) else "",
    )


def _scalars(root: Node | None) -> list[tuple[_Place, _Place]]:
    """Where texts begin and end: what looks like a comment in there is none."""
    spans: list[tuple[_Place, _Place]] = []
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            start, end = node.start_mark, node.end_mark
            spans.append(((start.line, start.column), (end.line, end.column)))
        elif isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
    return spans
