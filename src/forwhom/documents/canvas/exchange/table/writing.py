"""A canvas as one flat table (CSV), for spreadsheets and boards: a row for each thing it says."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from forwhom.documents.canvas.exchange.table.captions import Cards
from forwhom.documents.canvas.exchange.table.headings import COLUMNS, FIELDS, cell_of
from forwhom.documents.canvas.file import canvas_data, check_canvas
from forwhom.documents.canvas.frameworks import Framework, framework_of
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.cells import harmless

#: Kinds of row that are items of a list of the canvas: its key, and the key of their text.
LISTS: dict[str, tuple[str, str]] = {
    "segment": ("segments", "name"),
    "participant": ("participants", "name"),
    "need": ("needs", "statement"),
    "persona": ("personas", "name"),
    "proposition": ("propositions", "name"),
    "competitor": ("competitors", "name"),
    "value-curve": ("value_curves", ""),
    "hypothesis": ("hypotheses", "statement"),
    "question": ("questions", "text"),
    "funding": ("funding", ""),
    "kpi": ("kpis", "name"),
    "evidence": ("evidence", "statement"),
    "exchange": ("exchanges", "brings"),
    "actor": ("actors", "name"),
    "funding-feature": ("funding_features", "feature"),
    "change": ("history", "note"),
    "not-for": ("not_for", ""),
}
#: Kinds of row that belong to another row: the list that holds that row, their key in it, and the
#: key of their text.
CHILDREN: dict[str, tuple[tuple[str, ...], str, str]] = {
    "product": (("propositions",), "products", "text"),
    "feature": (("propositions",), "features", "text"),
    "benefit": (("propositions",), "benefits", "text"),
    "relief": (("propositions",), "relieves", "text"),
    "experience": (("propositions",), "experience", "text"),
    "fit": (("propositions",), "fit", "how"),
    "claim": (("segments", "personas"), "claims", "text"),
}
#: The key that the column 'detail' holds.
DETAIL = {
    "segment": "description",
    "proposition": "description",
    "persona": "summary",
    "note": "detail",
}


def csv_text(canvas: Canvas) -> str:
    """Return a canvas as CSV: UTF-8 with a byte order mark, as spreadsheets expect it."""
    check_canvas(canvas)
    cards = Cards(canvas)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(canvas):
        row["card"] = cards.said(row)
        writer.writerow([harmless(row.get(column, "")) for column in COLUMNS])
    return "\ufeff" + out.getvalue()


def _rows(canvas: Canvas) -> Iterator[dict[str, str]]:
    data = canvas_data(canvas)
    framework = framework_of(canvas)
    ratings = _taken_out(data.get("alignment"), "ratings")
    blocks = data.pop("blocks", {})
    lists = {key: data.pop(key, []) for key, _ in LISTS.values()}
    del data["kind"]
    for key, value in data.items():
        yield {"kind": "canvas", "id": key} | _said(value)
    for kind, (key, text) in LISTS.items():
        for item in lists[key]:
            yield from _item(kind, item, text, framework)
    for topic, notes in blocks.items():
        block = framework.block_of(topic)
        shown = {"topic": topic, "block": "" if block is None else block.name}
        if not notes:
            yield {"kind": "topic"} | shown
        for note in notes:
            yield _row("note", dict(note), "text") | shown
    for rating in ratings:
        yield _row("rating", rating, "")


def _taken_out(data: dict[str, Any] | None, key: str) -> list[Any]:
    found: list[Any] = [] if data is None else data.pop(key, [])
    return found


def _said(value: Any) -> dict[str, str]:
    """A value as text, where it is text that is not empty, or else as JSON."""
    return {"text": value} if isinstance(value, str) and value else {"extra": _json(value)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _item(kind: str, item: Any, text: str, framework: Framework) -> Iterator[dict[str, str]]:
    if isinstance(item, str):
        yield {"kind": kind, "text": item}
        return
    item = dict(item)
    children = [
        (name, item.pop(key, []), inner)
        for name, (holders, key, inner) in CHILDREN.items()
        if LISTS[kind][0] in holders
    ]
    name = str(item.pop("kind", "job")) if kind == "need" else kind
    row = _row(name, item, text) | {"block": _heading(framework, LISTS[kind][0])}
    yield row
    for name, rows, inner in children:
        for child in rows:
            yield _row(name, dict(child), inner) | {"of": row.get("id", "")}


def _heading(framework: Framework, key: str) -> str:
    shows = (block.name for block in framework.blocks if key in block.shows)
    return next(shows, "")


def _row(kind: str, item: dict[str, Any], text: str) -> dict[str, str]:
    row = {"kind": kind, "id": item.pop("id", "")}
    if text:
        row["text"] = item.pop(text, "")
    row["detail"] = item.pop(DETAIL.get(kind, ""), "")
    row["segments"] = ", ".join(_segments(item))
    for column, (key, shape) in FIELDS.get(kind, {}).items():
        if item.get(key) not in (None, "", []):
            row[column] = cell_of(item.pop(key), shape)
    if item:
        row["extra"] = _json(item)
    return row


def _segments(item: dict[str, Any]) -> list[str]:
    one = item.pop("segment", None)
    return [one] if isinstance(one, str) else item.pop("segments", [])


def segments_key(kind: str) -> str:
    """Return the key that the column 'segments' fills for a kind of row."""
    return "segment" if kind in ("persona", "value-curve", "rating") else "segments"


def items_of(data: Mapping[str, Any], holders: tuple[str, ...]) -> Iterator[tuple[str, int, Any]]:
    """Yield the items of some lists: the list, the position, the item."""
    for holder in holders:
        for index, item in enumerate(data.get(holder, ())):
            yield holder, index, item
