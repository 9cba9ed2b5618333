import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forwhom.documents.canvas.exchange.carrying import Imported
from forwhom.documents.canvas.exchange.table.headings import (
    COLUMNS,
    FIELDS,
    NEED_KINDS,
    OWN,
    value_of,
)
from forwhom.documents.canvas.exchange.table.writing import (
    CHILDREN,
    DETAIL,
    LISTS,
    items_of,
    segments_key,
)
from forwhom.documents.canvas.file import canvas_text, check_canvas
from forwhom.documents.canvas.frameworks import read_framework
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.cells import as_it_was
from forwhom.documents.headings import heading_key, topic_of
from forwhom.documents.ids import slug, unused
from forwhom.documents.mistakes import Mistake, refused, validated
from forwhom.documents.names import name_key
from forwhom.documents.study import Origin
from forwhom.documents.yamlfile import MAX_BYTES, MAX_VALUES, Location
from forwhom.errors import DocumentError, ForwhomError, nearest
from forwhom.wording import listed

_WHAT = "a canvas"
_KINDS = ("canvas", *LISTS, *NEED_KINDS, *CHILDREN, "topic", "note", "rating")

#: Where a part of a canvas stands in the table: its row, and its column.
Cell = tuple[int, str]


def parse_csv(text: str, path: str | Path = "notes.csv") -> Imported:
    """Read a canvas from a flat table."""
    table = _parsed(text.removeprefix("\ufeff"), str(path))
    reader = _Reader(table, Path(path).parent)
    reader.read()
    if reader.mistakes:
        raise refused(reader.mistakes, table.place)
    canvas = validated(Canvas, table, _WHAT)
    canvas._origin = Origin(path=Path(path), source=table)
    check_canvas(canvas)
    others = [name for name in table.columns if name and name not in COLUMNS]
    lost = [f"the column {name!r}" for name in others] + list(reader.unread)
    return Imported(
        canvas=canvas, text=canvas_text(canvas), lost=lost, changed=reader.changed
    )  # fmt: skip


@dataclass
class _Table:
    """The rows of a table, the canvas made from them, and in which cell each part stands."""

    name: str
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[Location, Cell] = field(default_factory=dict)

    def place(self, location: Location) -> str:
        """Return ``name:line:cell`` of a part of the canvas."""
        for end in range(len(location), 0, -1):
            if location[:end] in self.cells:
                line, column = self.cells[location[:end]]
                cell = self.columns.index(column) + 1 if column in self.columns else 1
                return f"{self.name}:{line}:{cell}"
        return f"{self.name}:1:1"

    def written(self, location: Location) -> str | None:  # noqa: ARG002 - as YAML's twin
        """Text is text already; numbers come from JSON and are numbers."""
        return None


def _parsed(text: str, name: str) -> _Table:
    if len(text) > MAX_BYTES:
        raise DocumentError(
            f"{name}:1:1: this is too large for a canvas.",
            f"Expected at most {MAX_BYTES // 1_000_000} MB; is this a data file?",
        )
    rows = list(lines_of(text, name))
    columns = [as_it_was(cell).strip().lower() for cell in rows[0][1]] if rows else []
    for wanted in ("kind", "text"):
        if wanted not in columns:
            found = f"its columns are: {', '.join(columns)[:80]}" if rows else "it is empty"
            raise DocumentError(
                f"{name}:1:1: there is no column {wanted!r}; {found}.",
                f"Expected a table with the columns {', '.join(COLUMNS)}; the first three will do.",
            )
    for index, column in enumerate(columns):
        if column in COLUMNS and column in columns[:index]:
            problem = f"{name}:1:{index + 1}: the column {column!r} is here twice."
            raise DocumentError(problem, "Keep one of them.")
    table = _Table(name, columns, [])
    for line, cells in rows[1:]:
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            raise DocumentError(
                f"{name}:{line}:{len(columns) + 1}: this row has more cells than the heading.",
                "Put text that holds the separator in quotes.",
            )
        row = dict(zip(columns, (as_it_was(cell) for cell in cells), strict=False))
        if any(row.values()):
            table.rows.append((line, row))
    return table


def is_flat(heading: Sequence[str]) -> bool:
    """Whether the first row of a table is that of the flat table of a canvas."""
    names = {as_it_was(cell).strip().lower() for cell in heading}
    return "kind" in names or {"text", "block", "topic"} <= names


def lines_of(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row, with the line where it begins."""
    heading = text.split("\n", 1)[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = csv.field_size_limit(MAX_BYTES)
    line = 1
    try:
        for count, cells in enumerate(reader):
            if count > MAX_VALUES:
                raise DocumentError(f"{name}:{line}:1: too many rows.", "Is this a data file?")
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError(
            f"{name}:{line}:1: this row is not CSV: {error}.",
            "A quote inside a quoted cell is written twice; close every quote.",
        ) from error
    finally:
        csv.field_size_limit(before)


class _Reader:
    """Builds the canvas of a table, row by row."""

    def __init__(self, table: _Table, folder: Path) -> None:
        self.table = table
        self.folder = folder
        self.data: dict[str, Any] = {"forwhom": 1}
        self.mistakes: list[Mistake] = []
        self.changed: list[str] = []
        #: Key to column, of the row that is read.
        self.columns: dict[str, str] = {}
        #: What rows have in columns that say nothing for their kind, each once.
        self.unread: dict[str, None] = {}
        self.taken = {row.get("id", "") for _, row in table.rows}
        #: Headings of the framework's blocks, to the topics of new notes there.
        self.own_headings: dict[str, str] | None = None
        #: Segments of the table by id and by name, as they are compared.
        self.segments = {
            name_key(name)
            for _, row in table.rows
            if row.get("kind", "").strip().lower() == "segment"
            for name in (row.get("id", ""), row.get("text", ""), slug(row.get("text", "")))
            if name_key(name)
        }

    def read(self) -> None:
        children = []
        for number, (line, row) in enumerate(self.table.rows):
            kind = row.get("kind", "").strip().lower()
            self._at(("rows", number), line, "kind")
            if kind in CHILDREN:
                children.append((number, line, kind, row))
            elif kind in _KINDS:
                self._row(number, line, kind, row)
            else:
                problem = f"there is no kind {kind[:40]!r}." if kind else "the kind is missing."
                advice = nearest(kind, _KINDS) or f"Expected one of: {', '.join(_KINDS)}."
                self._wrong(number, "kind", problem, advice)
        places = {
            (holder, item.get("id")): (holder, index)
            for holder, index, item in items_of(self.data, ("segments", "personas", "propositions"))
        }
        for number, line, kind, row in children:
            self._child(number, line, kind, row, places)
        self.data["kind"] = "canvas"
        self.table.data = self.data

    def _wrong(self, number: int, column: str, problem: str, advice: str) -> None:
        location = ("rows", number, column)
        self._at(location, self.table.rows[number][0], column)
        self.mistakes.append(Mistake(location, problem, advice))

    def _at(self, location: Location, line: int, column: str) -> None:
        self.table.cells[location] = (line, column)

    def _row(self, number: int, line: int, kind: str, row: dict[str, str]) -> None:
        if kind == "canvas":
            self._setting(number, line, row)
        elif kind == "not-for":
            found = self.data.setdefault("not_for", [])
            self._at(("not_for", len(found)), line, "text")
            found.append(row.get("text", ""))
        elif kind in ("note", "topic"):
            self._note(number, line, kind, row)
        elif kind == "rating":
            alignment = self.data.setdefault("alignment", {})
            if isinstance(alignment, dict):
                item = self._item(number, kind, "", row)
                ratings = alignment.setdefault("ratings", [])
                self._append(("alignment", "ratings"), ratings, line, item)
        else:
            name = "need" if kind in NEED_KINDS else kind
            key, text = LISTS[name]
            item = self._item(number, name, text, row)
            if kind in NEED_KINDS:
                item["kind"] = kind
            if "id" in _fields(name):
                self._name(item, row, name)
            self._append((key,), self.data.setdefault(key, []), line, item)

    def _setting(self, number: int, line: int, row: dict[str, str]) -> None:
        key = row.get("id", "").strip()
        if not key or key in ("kind", "blocks") or any(key == own for own, _ in LISTS.values()):
            problem = f"a row of the kind 'canvas' cannot set {key[:40]!r}."
            self._wrong(number, "id", problem, "Expected a key of a canvas, such as 'title'.")
            return
        column = "extra" if row.get("extra") else "text"
        self._at((key,), line, column)
        value = self._extra(number, row) if column == "extra" else row.get("text", "")
        if key == "alignment" and isinstance(value, dict) and "alignment" in self.data:
            value = value | self.data["alignment"]  # rows of ratings came first
        self.data[key] = value

    def _note(self, number: int, line: int, kind: str, row: dict[str, str]) -> None:
        heading = row.get("block", "").strip()
        topic = row.get("topic", "").strip() or self._topic(heading)
        if not topic:
            advice = "Fill the column 'topic', such as 'channels', or 'block' with a heading."
            self._wrong(number, "topic", "this note has no topic.", advice)
            return
        blocks = self.data.setdefault("blocks", {})
        self.table.cells.setdefault(("blocks", topic), (line, "topic"))
        notes = blocks.setdefault(topic, [])
        if kind == "note":
            item = self._item(number, kind, "text", row)
            self._append(("blocks", topic), notes, line, item)

    def _topic(self, block: str) -> str:
        """The topic of new notes in a block, by its heading in the framework or anywhere."""
        if block and self.own_headings is None:
            name = str(self.data.get("framework", "business-model-canvas"))
            try:
                blocks = read_framework(name, self.folder).blocks
            except (ForwhomError, OSError):
                blocks = []  # said once, when the whole canvas is checked
            self.own_headings = {heading_key(one.name): one.topics[0] for one in blocks}
        own = self.own_headings or {}
        return own.get(heading_key(block)) or topic_of(block) or block

    def _child(
        self, number: int, line: int, kind: str, row: dict[str, str],
        places: dict[tuple[str, Any], tuple[str, int]],
    ) -> None:  # fmt: skip
        holders, key, text = CHILDREN[kind]
        owner = row.get("of", "").strip()
        owners = {
            name_key(str(name)): (h, i)
            for h, i, one in items_of(self.data, holders)
            for name in (one.get("name"), one.get("id"))
        }
        found = next((places[h, owner] for h in holders if (h, owner) in places), None)
        found = found or owners.get(name_key(owner))
        if found is None:
            known = [name for holder, name in places if holder in holders]
            wanted = listed([holder[:-1] for holder in holders], last="or")
            problem = f"there is no {wanted} {owner[:40]!r} that this {kind} belongs to."
            self._wrong(number, "of", problem, nearest(owner, known) or "Fill the column 'of'.")
            return
        holder, index = found
        item = self._item(number, kind, text, row)
        if kind not in ("fit", "claim"):
            self._name(item, row, kind)
        rows = self.data[holder][index].setdefault(key, [])
        if isinstance(rows, list):
            self._append((holder, index, key), rows, line, item)

    def _item(self, number: int, kind: str, text: str, row: dict[str, str]) -> dict[str, Any]:
        """The keys and values of a row; remembers in which column each stands."""
        item = self._extra(number, row) if row.get("extra") else {}
        if not isinstance(item, dict):
            self._wrong(number, "extra", "'extra' is not keys and values.", _EXTRA)
            item = {}
        self.columns = {"id": "id", **dict.fromkeys(item, "extra")}
        detail = DETAIL.get(kind, "detail")
        whom, key = self._segments_in(row.get("segments", "")), segments_key(kind)
        if row.get("id", "").strip():
            self._set(item, "id", row["id"].strip(), "id")
        if text:
            self._set(item, text, row.get("text", ""), "text")
        if row.get("detail"):
            self._set(item, detail, row["detail"], "detail")
        if whom:
            self._set(item, key, whom if key == "segments" else ", ".join(whom), "segments")
        self._own(item, kind, row)
        return item

    def _segments_in(self, cell: str) -> list[str]:
        """The segments that a cell lists: names may hold spaces and commas, ids hold neither."""
        if name_key(cell) in self.segments:
            return [cell.strip()]
        found: list[str] = []
        parts = [one.strip() for one in re.split(r"[,;\n]", cell) if one.strip()]
        while parts:
            # The longest run of parts that is a name; a comma may stand in one.
            ends = range(len(parts), 0, -1)
            end = next((e for e in ends if name_key(", ".join(parts[:e])) in self.segments), 0)
            words = parts[0].split()
            if end:
                found.append(", ".join(parts[:end]))
            elif all(name_key(word) in self.segments for word in words):
                found += words
            else:
                found.append(parts[0])
            parts = parts[max(end, 1) :]
        return found

    def _own(self, item: dict[str, Any], kind: str, row: dict[str, str]) -> None:
        """Take what stands in the columns of a kind of row; say which others are not read."""
        fields = FIELDS.get(kind, {})
        for column in OWN:
            cell = row.get(column, "")
            if column not in fields:
                if cell.strip():
                    shown = row.get("kind", "").strip().lower()
                    self.unread[f"the column {column!r} of rows of the kind {shown!r}"] = None
                continue
            key, shape = fields[column]
            if cell if shape == "text" else cell.strip():
                self._set(item, key, value_of(cell, shape), column)

    def _set(self, item: dict[str, Any], key: str, value: Any, column: str) -> None:
        item[key] = value
        self.columns[key] = column

    def _extra(self, number: int, row: dict[str, str]) -> Any:
        try:
            return json.loads(row["extra"], parse_constant=_no_constant)
        except (ValueError, RecursionError):
            self._wrong(number, "extra", "'extra' is not JSON.", _EXTRA)
            return {}

    def _append(
        self, place: Location, rows: list[Any], line: int, item: dict[str, Any]
    ) -> None:  # fmt: skip
        here: Location = (*place, len(rows))
        self._at(here, line, "kind")
        for key in item:
            self._at((*here, key), line, self.columns.get(key, "kind"))
        rows.append(item)

    def _name(self, item: dict[str, Any], row: dict[str, str], kind: str) -> None:
        """Give an item an id where the table has none."""
        if "id" not in item:
            item["id"] = unused(slug(row.get("text", "")) or kind, self.taken)
            self.taken.add(item["id"])
            self.changed.append(
                f"the {kind} {row.get('text', '')[:40]!r} has the id {item['id']!r}"
            )


_EXTRA = 'Expected JSON such as {"detail": "more"}, or nothing.'


def _fields(kind: str) -> set[str]:
    """The columns that a kind of row cannot do without."""
    return set() if kind in ("funding", "change", "exchange") else {"id"}


def _no_constant(word: str) -> Any:
    raise ValueError(word)
