"""What slides say without slides: as Markdown, and their tables as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from forwhom.documents.cells import harmless
from forwhom.report.deck import Deck, Grid, Page, Text
from forwhom.report.outline.markdown import escaped, escaped_inside
from forwhom.wording import clean


def deck_markdown(deck: Deck) -> str:
    """Return the texts and tables of a deck as Markdown; what people wrote is shown as it is."""
    lines = [f"# {escaped(deck.title)}", *(line for one in deck.under for line in _text(one))]
    for page in deck.pages:
        lines += _page(page)
    return "\n".join(lines) + "\n"


def _page(page: Page) -> Iterator[str]:
    yield from ("", f"## {escaped(page.title)}")
    for part in page.parts:
        if isinstance(part, Text):
            yield from _text(part)
        elif isinstance(part, Grid):
            yield from _grid(part)


def _text(text: Text) -> Iterator[str]:
    said = escaped(text.whole)
    if text.look == "heading":
        yield from ("", f"### {said}")
    elif text.look == "strong":
        yield from ("", f"**{said}**")
    else:
        yield from ("", f"- {said}" if text.bullet else said)


def _grid(grid: Grid) -> Iterator[str]:
    yield from ("", f"| {' | '.join(map(escaped_inside, grid.headings))} |")
    yield f"|{'---|' * len(grid.headings)}"
    for row in grid.rows:
        yield f"| {' | '.join(escaped_inside(cell.text) for cell in row)} |"


def grids_csv(grids: Sequence[Grid]) -> str:
    """Return tables as CSV, with an empty line between two; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number, grid in enumerate(grids):
        if number:
            writer.writerow([])
        for row in (grid.headings, *([cell.text for cell in row] for row in grid.rows)):
            writer.writerow([harmless(" ".join(clean(cell).split())) for cell in row])
    return "\ufeff" + out.getvalue()
