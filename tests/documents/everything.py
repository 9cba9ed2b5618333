"""What documents are made into, and what is said of text in which one thing is wrong.

Many slips in every line of a small canvas and a small study, carried to other formats and back,
tables with small cells: more than a person would write by hand, the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from forwhom.documents.canvas import (
    accept_claims,
    framework_names,
    new_canvas,
    parse_canvas,
    seed_canvas,
)
from forwhom.documents.canvas.exchange.exporting import exported
from forwhom.documents.canvas.exchange.importing import import_canvas
from forwhom.documents.privacy import coarse_count, rounded_within, withheld_cells
from forwhom.documents.studyfile import parse_study
from forwhom.errors import ForwhomError

from .canvas.segmentations import first, refit

CANVAS = """forwhom: 1
kind: canvas
title: Penny Path
created: 2026-10-01
segments:
  - id: planners
    name: Parents who plan
    size: {share: 0.34, customers: 844}
    buti: [buyer, user]
needs: [{id: teach, statement: Teach my children, segments: [planners], importance: 8}]
participants:
  - {id: head, name: Head, veto: true, influences: [{on: head, strength: strong}]}
blocks:
  channels:
    - {text: School news, segments: [planners]}
"""
STUDY = """forwhom: 1
customers: {table: customers.csv, id: customer_id, missing: [-99]}
events:
  - {table: sales.csv, customer: customer_id, time: day, amount: paid}
variables:
  visits: {measure: count, use: active, role: frequency}
  plan:
    measure: nominal
    use: active
"""
#: What may go wrong in a line.
SLIPS: dict[str, Callable[[str], str]] = {
    "left out": lambda line: "",
    "twice": lambda line: f"{line}\n{line}",
    "one space in": lambda line: f" {line}",
    "one space out": lambda line: line.removeprefix(" "),
    "a tab": lambda line: line.replace("  ", "\t", 1),
    "no space after the colon": lambda line: line.replace(": ", ":", 1),
    "no colon": lambda line: line.replace(":", "", 1),
    "two colons": lambda line: line.replace(": ", ": a: ", 1),
    "no dash": lambda line: line.replace("- ", "  ", 1),
    "a bracket too few": lambda line: line.replace("}", "", 1),
    "a comma too few": lambda line: line.replace(", ", " ", 1),
    "a comma too many": lambda line: line.replace(", ", ",, ", 1),
    "a capital": lambda line: line.replace("i", "I", 1),
    "another key": lambda line: line.replace("e: ", "y: ", 1),
    "a list": lambda line: line.replace(": ", ": [", 1) + "]",
    "words": lambda line: f"{line.rpartition(': ')[0]}: about a third, or more",
    "a number": lambda line: f"{line.rpartition(': ')[0]}: 7,5",
    "percent": lambda line: f"{line.rpartition(': ')[0]}: 40%",
    "a day": lambda line: f"{line.rpartition(': ')[0]}: 27.11.2026",
    "yes": lambda line: f"{line.rpartition(': ')[0]}: ja",
    "nothing": lambda line: f"{line.rpartition(': ')[0]}:",
    "a quote": lambda line: line.replace(": ", ': "', 1),
    "a star": lambda line: line.replace(": ", ": *", 1),
    "curly quotes": lambda line: line.replace(": ", ": “", 1) + "”",
}
MARKDOWN = """# Business Model Canvas

## 1. Customer Segments
- [ ] Busy parents
  - two jobs, small children
* Students

**Kanäle**
1. Newsletter

Costs: Rent; Servers

## Parking lot
- Ask the bank
"""
TABLE = "Area,Text,Who\nKey Partners,Schools,Ada\nCosts,Rent; power,\nIdeas,Radio,Bo\n,Loose,\n"
JSON_CANVAS = """{"nodes": [
 {"id": "1", "type": "group", "label": "Channels", "x": 0, "y": 0, "width": 200, "height": 200},
 {"id": "2", "type": "text", "text": "Web", "x": 10, "y": 10, "width": 50, "height": 20},
 {"id": "3", "type": "text", "text": "Loose", "x": 900, "y": 10, "width": 50, "height": 20}]}"""


def of_slips() -> Iterator[tuple[str, str]]:
    """What is said of one slip in each line."""
    for name, slip in SLIPS.items():
        for text, parse in ((CANVAS, parse_canvas), (STUDY, parse_study)):
            lines = text.splitlines()
            said = []
            for number, line in enumerate(lines):
                wrong = [*lines[:number], slip(line), *lines[number + 1 :]]
                try:
                    read = parse("\n".join(wrong) + "\n", "a.yaml")
                    said.append(repr(read.model_dump(mode="json", exclude_defaults=True)))
                except ForwhomError as error:
                    said.append(f"{error.problem}\n{error.advice}")
            yield f"{name} {'canvas' if text is CANVAS else 'study'}", "\n".join(said)


def of_carrying(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Canvases in other formats and back, boards of other tools, and new canvases."""
    boards = {"board.md": MARKDOWN, "board.csv": TABLE, "board.canvas": JSON_CANVAS}
    with TemporaryDirectory() as folder:
        for name, written in texts.items():
            canvas = parse_canvas(written)
            for form in ("bmml", "csv", "json", "yaml"):
                done = exported(canvas, form)  # type: ignore[arg-type]
                yield f"{name}.{form}", "\n".join([done.text, *done.lost, *done.changed])
                boards[f"{name}.{form}"] = done.text
        for name, text in boards.items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            back = import_canvas(path)
            told = "\n".join([back.text, *back.lost, *back.changed])
            yield f"back from {name}", told.replace(folder, ".")
    for framework in framework_names():
        yield f"new {framework}", new_canvas(framework, title="Ours", schema="canvas.schema.json")


def of_seeding() -> Iterator[tuple[str, str]]:
    """A canvas of segments, the same when the segments are others, and what a person accepts."""
    for claims in (1, 5):
        new = seed_canvas(first(), claims=claims)
        again = seed_canvas(refit(), parse_canvas(new.text), same_numbers=True, claims=claims)
        back = seed_canvas(first(), parse_canvas(again.text), same_numbers=True)
        for name, done in (("new", new), ("again", again), ("back", back)):
            said = [done.added, done.changed, done.gone, done.suspect]
            yield f"{claims} {name}", "\n".join([done.text, *map(str, said)])
        accepted = accept_claims(
            parse_canvas(again.text), again.suspect[:3], by="Ada", today=date(2026, 12, 26)
        )
        yield f"{claims} accepted", repr(accepted)


def of_privacy() -> Iterator[tuple[str, str]]:
    """What is withheld of tables with small cells, and rounded counts."""
    state, tables = 1, []
    for number in range(300):
        rows, columns = 1 + number % 5, 1 + number % 4
        table = []
        for _ in range(rows):
            line = []
            for _ in range(columns):
                state = (state * 1103515245 + 12345) % 2**31
                value = state >> 16
                line.append(value % 12 if value % 3 else value % 60)
            table.append(line)
        tables.append(table)
    for totals in (False, True):
        masks = [withheld_cells(table, 10, totals=totals) for table in tables]
        yield f"withheld {'with' if totals else 'without'} totals", repr(masks)
    counts = [coarse_count(n, total, t) for t in (1, 5, 10) for total in (7, 30) for n in range(8)]
    yield "coarse counts", repr(counts)
    numbers = [rounded_within(n, n - w, n + w) for n in (0.0, 137.42, -5.5) for w in (0.0, 1, 40)]
    yield "rounded numbers", repr(numbers)
