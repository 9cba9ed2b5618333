"""YAML text as plain values that remember where they stand.

ruamel.yaml parses the text to nodes; plain Python values are built from them here, so that every
mistake has a line and a column, dates and times stay text until a model wants them, nothing but
plain values can come in, and an alias bomb is refused instead of expanded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver

from forwhom.documents.repairs import repair
from forwhom.errors import DocumentError, SourceMissing

#: A study that a person wrote is some kilobytes; beyond this it is something else.
MAX_BYTES = 5_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 50
#: Values, and the ends of lists and mappings; what has more is refused before it is all read.
_MAX_EVENTS = 2 * MAX_VALUES + 10
_TOO_MANY = "too many or too deeply nested values"

_MAP, _SEQ, _STR, _NULL = (f"tag:yaml.org,2002:{t}" for t in ("map", "seq", "str", "null"))
_TYPED = {f"tag:yaml.org,2002:{t}" for t in ("bool", "int", "float")}
_TEXT = {_STR, "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"}
_KEYS = _TEXT | _TYPED
_MERGE = "tag:yaml.org,2002:merge"

# In brackets the C library takes every question mark for a sign, as YAML did before 1.2, and
# refuses "[Who pays?]". It reads a character for private use in the place of one that ends a word.
_ASKED = re.compile(r"""(?<=[^\s\[\]{},?"'])\?+""")
_STAND_IN = "\ue000"

# A byte order mark, which the C library does not count, line breaks that only it knows, and what
# stands in for question marks: as itself, or as the escape that says it.
_PECULIAR = re.compile(rf"[\ufeff\x85\u2028\u2029{_STAND_IN}]|\\(?:u|U0000)[eE]000")

#: What is told as it is: a repair would guess at something else.
_KNOWN_WELL = re.compile(r"'\\t'|another document|undefined alias '\w+'")

#: Half a character (a lone surrogate): an escape can write it, and no file can hold it.
HALF = re.compile("[\ud800-\udfff]")

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlText:
    """A parsed YAML text."""

    name: str  # what messages call it: the path as the user gave it
    text: str  # the text itself
    root: Node | None  # its nodes; ``None`` when the text holds no value

    @cached_property
    def data(self) -> Any:
        """The plain values: dict, list, str, int, float, bool, None."""
        return None if self.root is None else _Builder(self).build(self.root, 0)

    def place(self, location: Location) -> str:
        """Return ``name:line:column`` of a key path, as far as the path exists."""
        line, column = 0, 0
        node = self.root
        for step in location:
            found = _child(node, step)
            if found is not None:
                mark, node = found
                line, column = mark.line, mark.column
        return f"{self.name}:{line + 1}:{column + 1}"

    def written(self, location: Location) -> str | None:
        """Return the text of the scalar at a key path, as written: ``012`` stays ``"012"``."""
        node = self.root
        for step in location:
            found = _child(node, step)
            if found is None:
                return None
            node = found[1]
        return str(node.value) if isinstance(node, ScalarNode) else None

    def rest_of_line(self, location: Location) -> str:
        """Return what follows a text without quotes in its line; empty for every other value."""
        node = self.root
        for step in location:
            found = _child(node, step)
            if found is None:
                return ""
            node = found[1]
        if not isinstance(node, ScalarNode) or node.style:
            return ""
        line: str = self._lines[node.end_mark.line]
        return line[node.end_mark.column :]

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def in_braces(self, location: Location) -> bool:
        """Whether the keys at a key path are written in braces, ``{a: 1, b: 2}``."""
        node = self.root
        for step in location:
            found = _child(node, step)
            if found is None:
                return False
            node = found[1]
        return isinstance(node, MappingNode) and bool(node.flow_style)

    def error(self, node: Node, problem: str, advice: str) -> DocumentError:
        """Build the error that says where ``node`` stands."""
        mark = node.start_mark
        return DocumentError(f"{self.name}:{mark.line + 1}:{mark.column + 1}: {problem}", advice)


def read_text(path: str | Path, what: str, most: int | None = None) -> str:
    """Read a document's text, with its mistakes said."""
    place = Path(path)
    if not place.exists():
        near = "" if place.parent.is_dir() else f"There is no folder {place.parent}. "
        raise SourceMissing(f"There is no file {place}.", f"{near}Expected {what}.")
    if place.is_dir():
        raise DocumentError(f"{place}:1:1: this is a folder.", f"Expected {what}: name the file.")
    try:
        with place.open("rb") as file:
            content = file.read() if most is None else file.read(most + 1)
    except OSError as error:
        raise DocumentError(
            f"{place}:1:1: the file cannot be read: {error.strerror or error}.",
            "Check its permissions.",
        ) from error
    if most is not None and len(content) > most:
        raise _too_large(str(place), most)
    return decode(content, str(place), what)


def _too_large(name: str, most: int) -> DocumentError:
    return DocumentError(
        f"{name}:1:1: this is too large for a document that people write.",
        f"Expected at most {most // 1_000_000} MB; is this a data file?",
    )


def decode(content: bytes, name: str, what: str) -> str:
    """Decode UTF-8 (a byte order mark is taken off), or say the line that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise DocumentError(
            f"{name}:{line}:{column}: this is not UTF-8 text.",
            f"Expected {what}; save it as UTF-8.",
        ) from error


def parse_yaml(text: str, name: str) -> YamlText:
    """Parse YAML text."""
    if len(text) > MAX_BYTES:
        raise _too_large(name, MAX_BYTES)
    try:
        root = _compose(text)
    except MarkedYAMLError as error:
        raise _not_yaml(error, name, text) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise DocumentError(
            f"{name}:{line}:{column}: a character that text cannot hold "
            f"(U+{ord(text[error.position]):04X}).",
            "Remove it; is this a YAML file?",
        ) from error
    except (YAMLError, RecursionError, ValueError, AssertionError) as error:
        raise DocumentError(
            f"{name}:1:1: this is not YAML.", "Is it nested too deeply, or another kind of file?"
        ) from error
    parsed = YamlText(name, text, root)
    _ = parsed.data  # duplicate keys and the like are said now
    return parsed


def _compose(text: str) -> Node | None:
    """Parse with the C library; where it finds a mistake, ask ruamel's own parser for the words."""
    root: Node | None
    try:
        if not _PECULIAR.search(text):
            shown = _without_questions(text)
            root = _composed(shown)
            if shown != text:
                _put_questions_back(root)
            return root
    except (YAMLError, ValueError) as error:
        if getattr(error, "problem", "") == _TOO_MANY:
            raise  # as it stands, before it is all read a second time
    reader = _Yaml(typ="safe", pure=True)
    reader.Composer = _Bounded
    root = reader.compose(text)
    return root


class _Yaml(YAML):
    """Without extensions: to seek them on the disk takes longer than to read a short text."""

    def official_plug_ins(self) -> list[str]:
        return []


def _without_questions(text: str) -> str:
    return _ASKED.sub(lambda found: _STAND_IN * len(found[0]), text)


def _put_questions_back(root: Node | None) -> None:
    seen, waiting = set[int](), [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            if _STAND_IN in node.value:
                node.value = node.value.replace(_STAND_IN, "?")
        elif isinstance(node, MappingNode):
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value


class _TooMuch(Exception):
    """Stops the C library, which would go deeper and deeper."""


class _Modern(VersionedResolver):
    """YAML 1.2: each plain text is resolved once and kept, and what is too deep or too long stops.

    The C library calls it for every node; to resolve each anew took most of the time.
    """

    processing_version = (1, 2)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._count = self._depth = 0

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return _plain_tag(value)
        return super().resolve(kind, value, implicit)

    def descend_resolver(self, *_: Any) -> None:
        self._count += 1
        self._depth += 1
        if self._count > _MAX_EVENTS or self._depth > MAX_DEPTH + 2:
            raise _TooMuch

    def ascend_resolver(self) -> None:
        self._depth -= 1


@lru_cache(maxsize=20_000)
def _plain_tag(value: str) -> Any:
    return VersionedResolver((1, 2)).resolve(ScalarNode, value, (True, False))


def _composed(text: str) -> Node | None:
    reader = _Yaml(typ="safe")
    reader.Resolver = _Modern
    try:
        root: Node | None = reader.compose(text)
    except _TooMuch:
        raise _excess(text) from None
    return root


def _excess(text: str) -> MarkedYAMLError:
    """Return where a text becomes too deep or too long."""
    depth, mark = 0, None
    for count, event in enumerate(_Yaml(typ="safe").parse(text)):
        mark = event.start_mark
        if count > _MAX_EVENTS or depth > MAX_DEPTH + 1:
            break
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
    return MarkedYAMLError(problem=_TOO_MANY, problem_mark=mark)


class _Bounded(Composer):
    """Stops at the value that is one too many, instead of reading on for a minute."""

    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.warn_double_anchors = False  # YAML allows an anchor twice; the last one counts
        self.count += 1
        if self.count > MAX_VALUES:
            mark = self.parser.peek_event().start_mark
            raise MarkedYAMLError(problem=_TOO_MANY, problem_mark=mark)
        return super().compose_node(parent, index)


def _first_mistake(text: str) -> int | None:
    """Return the line, from 0, at which a text stops being YAML."""
    try:
        for _ in _Yaml(typ="safe").parse(_without_questions(text)):
            pass
    except MarkedYAMLError as error:
        return (error.problem_mark or error.context_mark).line if error.problem_mark else 0
    except (YAMLError, RecursionError, ValueError, AssertionError):
        return 0
    return None


def _not_yaml(error: MarkedYAMLError, name: str, text: str) -> DocumentError:
    problem = str(error.problem or error.context or "")
    mark = error.problem_mark or error.context_mark
    advice = "Compare with the lines around it."
    if problem == _TOO_MANY:
        return _too_many(name, mark.line + 1, mark.column + 1)
    if mark is not None and not _KNOWN_WELL.search(problem):
        begun = [error.context_mark.line] if error.context_mark is not None else []
        # A text that goes on in the next line is noticed there, or a line later.
        lines = [mark.line, *begun, mark.line - 1, mark.line - 2]
        found = repair(text, lines, _first_mistake)
        if found is not None:
            place = f"{name}:{found.line + 1}:{found.column + 1}"
            return DocumentError(f"{place}: this is not YAML: {found.problem}.", found.advice)
    if "'\\t'" in problem:
        problem, advice = "a tab is used as indentation", "Use two spaces for each tab."
    elif "mapping values are not allowed" in problem:
        problem = "a ':' where none can be"
        advice = "Put text that holds ': ' in quotes, and align keys of one level."
    elif "cannot start any token" in problem:
        problem = problem.replace("found character", "a value cannot start with").split(" that")[0]
        advice = "Put the text in quotes."
    elif "another document" in problem:
        problem, advice = "a second document starts here ('---')", "Use one file for each document."
    elif "undefined alias" in problem:
        advice = "Define it above with '&name', or put the text in quotes."
    elif error.context and error.context_mark is not None:
        begun = error.context_mark.line + 1
        problem = f"{problem} ({error.context}, begun in line {begun})"
        advice = "Close the bracket or quote, or align the key with its neighbors."
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return DocumentError(f"{name}:{line}:{column}: this is not YAML: {problem}.", advice)


def _too_many(name: str, line: int, column: int) -> DocumentError:
    return DocumentError(
        f"{name}:{line}:{column}: {_TOO_MANY}.",
        f"Expected at most {MAX_VALUES} values, {MAX_DEPTH} deep; do aliases (*name) "
        "repeat each other?",
    )


class _Builder:
    """Plain values from nodes: counts them, because an alias may repeat a whole tree."""

    def __init__(self, source: YamlText) -> None:
        self.source = source
        self.count = 0
        self.constructor = _Yaml(typ="safe", pure=True).constructor

    def build(self, node: Node, depth: int) -> Any:
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            mark = node.start_mark
            raise _too_many(self.source.name, mark.line + 1, mark.column + 1)
        if isinstance(node, MappingNode) and node.tag == _MAP:
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode) and node.tag == _SEQ:
            return [self.build(child, depth + 1) for child in node.value]
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        raise self._no_tag(node)

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged = self._merge(value_node, depth) | merged
                continue
            key = self._key(key_node)
            if key in own:
                raise self.source.error(
                    key_node, f"the key {key!r} is here twice.", "Keep one of them."
                )
            own[key] = self.build(value_node, depth + 1)
        return merged | own

    def _merge(self, node: Node, depth: int) -> dict[str, Any]:
        parts = node.value if isinstance(node, SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in parts:
            value = self.build(part, depth + 1)
            if not isinstance(value, dict):
                raise self.source.error(part, "'<<' merges keys only.", "Name a mapping after it.")
            merged = value | merged
        return merged

    def _key(self, node: Node) -> str:
        if isinstance(node, ScalarNode) and node.tag in _KEYS:
            # A column may be called 2017 or true; a key is always text.
            key = str(node.value)
            if key[:1].isspace() and isinstance(node, ScalarNode) and not node.style:
                sign = f"U+{ord(key[0]):04X}"
                raise self.source.error(
                    node,
                    f"the line begins with a space of another kind ({sign}), which YAML does not "
                    "count.",
                    "Delete the spaces before the key, and type them anew.",
                )
            return key
        raise self.source.error(node, "a key must be text.", "Put it in quotes.")

    def _scalar(self, node: ScalarNode) -> Any:
        tag = node.tag
        if tag in _TEXT:
            if HALF.search(node.value):
                raise self.source.error(node, "this holds half a character.", "Remove it.")
            return str(node.value)
        if tag == _NULL:
            return None
        if tag in _TYPED:
            try:
                return self.constructor.construct_object(node)
            except (ValueError, YAMLError) as error:
                raise self.source.error(
                    node, f"{str(node.value)[:40]!r} is not a number.", "Put text in quotes."
                ) from error
        raise self._no_tag(node)

    def _no_tag(self, node: Node) -> DocumentError:
        return self.source.error(
            node,
            f"the tag {str(node.tag)[:40]!r} is not used here.",
            "Remove it, or quote the text.",
        )


def _child(node: Node | None, step: str | int) -> tuple[Any, Node] | None:
    if isinstance(node, MappingNode):
        for key, value in pairs(node):
            if key.value == step:
                return key.start_mark, value
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None


def pairs(node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
    """Yield the key and value nodes of a mapping, those that it merges last."""
    merged: list[MappingNode] = []
    for key, value in node.value:
        if key.tag == _MERGE:
            parts = value.value if isinstance(value, SequenceNode) else [value]
            merged += [part for part in parts if isinstance(part, MappingNode)]
        else:
            yield key, value
    for part in merged:
        yield from pairs(part)
