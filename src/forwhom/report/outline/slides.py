"""An outline as a deck of slides: a page for each section, its tables as tables."""

from collections.abc import Iterable, Iterator

from forwhom.languages.catalog import tr
from forwhom.languages.codes import is_right_to_left
from forwhom.report.deck import Deck, Grid, Page, Part, Text
from forwhom.report.outline.text import WEAKENS
from forwhom.report.outline.tree import Line, Outline, Section, Table, plain
from forwhom.wording import clean


def outline_deck(outline: Outline) -> Deck:
    """Return all that an outline says as a deck."""
    opening = [line for s in outline.sections if s.opens for line in s.sentences]
    titled = clean(outline.title).strip()
    pages = [_page(section) for section in outline.sections]
    if outline.notes:
        pages.append(Page(tr(WEAKENS), tuple(bullets(outline.notes))))
    return Deck(
        title=titled or outline.headline,
        under=(
            *([Text(outline.headline, "strong")] if titled else []),
            *(Text(plain(line)) for line in opening),
        ),
        language=outline.language,
        pages=tuple(page for page in pages if page.parts),
        mirrored=is_right_to_left(outline.language),
    )


def bullets(lines: Iterable[Line]) -> Iterator[Text]:
    """Yield lines as a list."""
    return (Text(plain(line), level=1) for line in lines)


def _page(section: Section) -> Page:
    named = plain(section.name) or plain(section.heading)
    return Page(named or (section.table.label if section.table else ""), tuple(_parts(section)))


def _parts(section: Section) -> Iterator[Part]:
    if section.over:
        yield Text(plain(section.over), "strong")
    yield from bullets(() if section.opens else section.sentences)
    if section.notes:
        yield Text(tr(WEAKENS), "heading")
        yield from bullets(section.notes)
    yield from bullets(section.items)
    if section.statement:
        statement = "".join(text for text, _ in section.statement)
        yield Text(tr("Positioning: {statement}", statement=statement))
    yield from bullets(section.gaps)
    yield from (Text(paragraph) for paragraph in section.paragraphs)
    if section.chart is not None:
        yield section.chart
    if section.table is not None and section.table.rows:
        yield grid_of(section.table)
        if section.table.caption:
            yield Text(section.table.caption, "quiet")


def grid_of(table: Table) -> Grid:
    """Return a table as that of a slide; its label is what a screen reader says of it."""
    headings, rows = table.counted()
    return Grid.of(
        table.label,
        tuple(map(plain, headings)),
        [tuple(map(plain, row)) for row in rows],
        lead=1 + len(headings) - len(table.headings),
    )
