"""The report as Markdown, for wikis and for reading in a diff: what the slides say, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forwhom.documents.segmentation import Segmentation
from forwhom.languages.catalog import speaking_asked
from forwhom.report.deck import Grid, Part, Text
from forwhom.report.outline.markdown import escaped, escaped_inside
from forwhom.report.segmentation.slides import report_deck


def report_markdown(segmentation: Segmentation, *, language: str | None = None) -> str:
    """Return the report as Markdown; text that somebody wrote is escaped."""
    with speaking_asked(language):
        deck = report_deck(segmentation)
    lines = [f"# {escaped(deck.title)}", *_texts(deck.under)]
    for page in deck.pages:
        lines += ["", f"## {escaped(page.title)}", *_texts(page.parts)]
    return "\n".join(lines) + "\n"


def _texts(parts: Iterable[Part]) -> Iterator[str]:
    listing = False
    for part in parts:
        if isinstance(part, Text):
            item = part.level > 0 and part.look == "plain"
            if not (item and listing):
                yield ""
            listing = item
            yield _paragraph(part, item=item)
        elif isinstance(part, Grid):  # which tells the shares of every chart, too
            rows = [tuple(cell.text for cell in row) for row in part.rows]
            listing = False
            yield from _table(part.headings, rows)


def _paragraph(text: Text, *, item: bool) -> str:
    said = escaped(text.whole)
    if text.look == "heading":
        return f"### {said}"
    if text.look == "strong":
        return f"**{said}**"
    return f"{'  ' * (text.level - 1)}- {said}" if item else said


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from ("", f"| {' | '.join(map(escaped_inside, headings))} |")
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(map(escaped_inside, row))} |"
