"""Boards of other tools become canvases; what has no block is kept and said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forwhom.documents.canvas.exchange.boards.lines import board_of_lines
from forwhom.documents.canvas.exchange.boards.rows import board_of_rows
from forwhom.documents.canvas.exchange.carrying import Imported
from forwhom.errors import DocumentError, OptionError
from forwhom.pipeline.importing import import_canvas


def read(tmp_path: Path, name: str, text: str | dict[str, Any] | list[Any]) -> Imported:
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return import_canvas(path)


def said(done: Imported) -> dict[str, list[str]]:
    """What stands in each block, with segments and propositions at theirs."""
    found = {topic: [note.text for note in notes] for topic, notes in done.canvas.blocks.items()}
    if done.canvas.segments:
        found["segments"] = [segment.name for segment in done.canvas.segments]
    if done.canvas.propositions:
        found["propositions"] = [one.name for one in done.canvas.propositions]
    return found


MARKDOWN = """---
title: "Meal plan"
---
# Business Model Canvas

## 1. Customer Segments
- [ ] Busy parents
  - two jobs, small children
- Students

## Value Proposition
* A plan for the week

**Kanäle**
1. Newsletter

Costs: Rent; Servers

## Parking lot
- Ask the bank
"""


def test_markdown_with_headings_and_bullets(tmp_path: Path) -> None:
    done = read(tmp_path, "board.md", MARKDOWN)
    assert said(done) == {
        "segments": ["Busy parents", "Students"], "propositions": ["A plan for the week"],
        "channels": ["Newsletter"], "cost_structure": ["Rent", "Servers"],
    }  # fmt: skip
    assert done.canvas.title == "Meal plan"
    assert done.canvas.segments[0].description == "two jobs, small children"
    assert done.lost == [
        "'Ask the bank' (under 'Parking lot') has no block; it is kept as a comment at the end"
    ]
    assert done.text.endswith("# - Ask the bank  (under 'Parking lot')\n")
    assert "'Kanäle' is the block 'channels': 1 note" in done.changed


@pytest.mark.parametrize(
    ("text", "stickies"),
    [
        ("Business Model Canvas\n\nKey Partners\nSchools\nBanks, big\n\nChannels\nWeb\n",
         {"Key Partners": ["Schools", "Banks, big"], "Channels": ["Web"]}),
        ("Channels\nWeb\n\nCosts\nRent\n\nParking lot\nAsk\n",
         {"Channels": ["Web"], "Costs": ["Rent"], "Parking lot": ["Ask"]}),
        ("- Channels\n  - Web\n    - daily\n- Costs\n  - Rent\n",
         {"Channels": ["Web\ndaily"], "Costs": ["Rent"]}),
        ("Channels\n--------\n- Web\nCosts\n-----\n- Rent\n",
         {"Channels": ["Web"], "Costs": ["Rent"]}),
        ("# Plan\n\nAn introduction.\n\n# Channels\n- Web\n<!-- - Fax -->\n",
         {"": ["An introduction."], "Channels": ["Web"]}),
    ],
)  # fmt: skip
def test_lines_stand_under_their_headings(text: str, stickies: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for sticky in board_of_lines(text).stickies:
        found.setdefault(sticky.heading, []).append(sticky.text)
    assert found == stickies


@pytest.mark.parametrize(
    ("rows", "stickies", "lost"),
    [
        # One row a sticky note, whatever the columns are called.
        ([["ID", "Text", "Type", "Area", "Tags"], ["1", "Schools", "Sticky", "Key Partners", ""],
          ["2", "Channels", "Area", "", ""], ["3", "Web", "Sticky", "Channels", "urgent"],
          ["4", "Loose", "Sticky", "", ""]],
         {"Key Partners": ["Schools"], "Channels": ["Web"], "": ["Loose"]},
         ["the column 'ID'", "the column 'Type'", "the column 'Tags'"]),
        ([["Feld", "Inhalt"], ["Kunden", "Eltern"], ["Kosten", "Miete"], ["Ideen", "Radio"]],
         {"Kunden": ["Eltern"], "Kosten": ["Miete"], "Ideen": ["Radio"]}, []),
        ([["Wer", "Was", "Wo"], ["Ada", "Wir senden Briefe", "Kanäle"],
          ["Bo", "Wir zahlen Miete", "Kosten"]],
         {"Kanäle": ["Wir senden Briefe"], "Kosten": ["Wir zahlen Miete"]}, ["the column 'Wer'"]),
        # A column for each block.
        ([["Channels", "Costs", "Parking"], ["Web", "Rent", "Ask"], ["Shop", "", ""]],
         {"Channels": ["Web", "Shop"], "Costs": ["Rent"], "": ["Ask"]}, []),
        # A board drawn in a sheet: headings anywhere, notes below.
        ([["Meal plan", "", ""], ["Key Partners", "", "Channels"], ["Schools", "", "Web"],
          ["Costs", "", "Revenues"], ["- Rent\n- Servers", "", "Fees"]],
         {"Key Partners": ["Schools"], "Channels": ["Web"], "Costs": ["Rent", "Servers"],
          "Revenues": ["Fees"]}, []),
        # A row for each block.
        ([["Channels", "Web", "Shop"], ["Costs", "Rent", ""]],
         {"Channels": ["Web", "Shop"], "Costs": ["Rent"]}, []),
        # Lines in a column, with a comma that was not quoted.
        ([["Channels"], ["Web", "shop"], [""], ["Costs"], ["Rent"]],
         {"Channels": ["Web, shop"], "Costs": ["Rent"]}, []),
    ],
)  # fmt: skip
def test_tables_of_any_shape(
    rows: list[list[str]], stickies: dict[str, list[str]], lost: list[str]
) -> None:
    board = board_of_rows(rows)
    found: dict[str, list[str]] = {}
    for sticky in board.stickies:
        found.setdefault(sticky.heading, []).append(sticky.text)
    assert found == stickies
    assert list(board.lost) == lost


def node(text: str, x: float, y: float, kind: str = "text", **more: Any) -> dict[str, Any]:
    key = {"text": "text", "group": "label", "file": "file", "link": "url"}[kind]
    size = {"width": 400, "height": 400} if kind == "group" else {"width": 80, "height": 40}
    return {"id": f"{text}{x}", "type": kind, key: text, "x": x, "y": y} | size | more


def test_a_board_of_obsidian(tmp_path: Path) -> None:
    nodes = [
        node("Channels", 0, 0, "group"), node("Web", 20, 20), node("Shop\nwith a door", 20, 80),
        node("Parking lot", 1000, 0, "group"), node("Ask", 1020, 20),
        node("# Costs", 0, 600), node("Rent", 0, 700), node("Servers", 10, 780),
        node("Revenues", 500, 600), node("Fees", 500, 700),
        node("Partners\n- Schools\n- Banks", 0, 1500),
        node("plan.md", 20, 200, "file"), {"id": "x", "type": "text"}, 7,
    ]  # fmt: skip
    done = read(tmp_path, "b.canvas", {"nodes": nodes, "edges": [{"id": "e"}]})
    assert said(done) == {
        "channels": ["Web", "Shop", "plan.md"], "cost_structure": ["Rent", "Servers"],
        "revenue_streams": ["Fees"], "key_partners": ["Schools", "Banks"],
    }  # fmt: skip
    assert done.canvas.blocks["channels"][1].detail == "with a door"
    assert done.lost == [
        "'Ask' (under 'Parking lot') has no block; it is kept as a comment at the end",
        "1 arrow between cards",
    ]


def item(kind: str, text: str, x: float, y: float, parent: str = "", **more: Any) -> dict[str, Any]:
    key = "title" if kind in ("frame", "card") else "content"
    size = {"width": 600, "height": 400} if kind == "frame" else {"width": 50}
    place = {"x": x, "y": y, "origin": "center"}
    found = {"id": f"{text}-{kind}", "type": kind, "data": {key: text}}
    found |= {"position": place, "geometry": size}
    return found | ({"parent": {"id": parent}} if parent else {}) | more


def test_items_of_miro(tmp_path: Path) -> None:
    items = [
        item("frame", "Channels", 300, 200), item("frame", "Board", 3000, 2000),
        item("sticky_note", "<p>Web &amp; <b>shop</b></p>", 50, 50, "Channels-frame"),
        item("text", "<p>Key Partners</p>", 60, 20, "Board-frame"),
        item("text", "<p>Costs</p>", 400, 20, "Board-frame"),
        item("sticky_note", "<p>Schools</p>", 60, 120, "Board-frame"),
        item("card", "Rent", 400, 150, "Board-frame"),
        item("sticky_note", "<p>Ask</p>", 9000, -9000), {"type": "image", "id": "i"},
        {"type": "connector", "id": "c"},
    ]  # fmt: skip
    done = read(tmp_path, "miro.json", {"data": items, "total": len(items)})
    assert said(done) == {
        "channels": ["Web & shop"], "key_partners": ["Schools"], "cost_structure": ["Rent"]
    }  # fmt: skip
    assert done.lost == [
        "'Ask' has no block; it is kept as a comment at the end",
        "1 item without text",
    ]


def test_headings_of_another_framework_choose_it(tmp_path: Path) -> None:
    done = read(tmp_path, "lean.md", "# Problem\n- Waste\n# Key Metrics\n- Orders\n# UVP\n- Ease\n")
    assert done.canvas.framework == "lean-canvas"
    assert said(done) == {
        "customer_problem": ["Waste"], "kpi": ["Orders"], "propositions": ["Ease"]
    }  # fmt: skip


def test_a_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Channels", "Costs"], ["Web", 1200], ["Shop", None]):
        book.active.append(row)
    book.create_sheet("Notes").append(["kind", "text"])
    book["Notes"].append(["segment", "Parents"])
    book.save(tmp_path / "board.xlsx")
    assert said(import_canvas(tmp_path / "board.xlsx")) == {
        "channels": ["Web", "Shop"], "cost_structure": ["1200"]
    }  # fmt: skip
    assert said(import_canvas(f"{tmp_path / 'board.xlsx'}#Notes")) == {"segments": ["Parents"]}


def test_nothing_is_lost_whatever_a_board_says(tmp_path: Path) -> None:
    odd = ["# hash", "a: b", "- dash", "'quote'", '"', "é\u00a0ü", "x" * 300, "1", "true", "{a}"]
    rows = [["Text", "Block"], *([one, "Channels"] for one in odd), *([one, "?"] for one in odd)]
    path = tmp_path / "b.csv"
    path.write_text(
        "\n".join(",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in r) for r in rows)
    )
    done = import_canvas(path)
    assert said(done)["channels"] == odd
    assert all(f"# - {one}  (under '?')" in done.text for one in odd)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("b.csv", "kind;text\nwant;x\nnonsense;y\n", "there is no kind 'nonsense'"),
        ("b.csv", "a,b\n1,2\n", r"b.csv:1:1: no block .* was found among 'a, b' and '1, 2'"),
        ("b.csv", "", r"b.csv:1:1: no block of a canvas was found\. Expected headings such as"),
        ("b.md", "just words\n", "no block of a canvas was found"),
        ("b.canvas", '{"nodes": []}', "no block of a canvas was found"),
        ("b.canvas", '{"nodes": [', "b.canvas:1:.*ends too early"),
        ("b.json", '{"data": [{"type": "text", "data": {"content": "x"}}]}', "no block"),
        ("b.json", '{"forwhom": 1, "kind": "canvas", "nodes": []}', "there is no key 'nodes'"),
    ],
)  # fmt: skip
def test_what_is_no_board_is_said(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        read(tmp_path, name, text)


def test_a_text_file_that_holds_the_flat_table_is_read_as_one(tmp_path: Path) -> None:
    done = read(tmp_path, "notes.txt", "kind\ttext\nsegment\tParents\n")
    assert said(done) == {"segments": ["Parents"]}


def test_a_name_that_says_no_format_is_said(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"ends with '\.docx'"):
        import_canvas(tmp_path / "b.docx")
