"""An alignment as a deck: the heat map as a table, what is misaligned and what is done about it."""

from collections.abc import Iterator
from dataclasses import replace

from forwhom.documents.results.alignment import AlignmentResult
from forwhom.languages.catalog import speaking, tr
from forwhom.languages.codes import is_right_to_left
from forwhom.report.alignment.heat import STRONGEST
from forwhom.report.alignment.summary import (
    AlignmentSummary,
    HeatCell,
    HeatRow,
    Misalignment,
    summarize_alignment,
)
from forwhom.report.alignment.terms import CLASSES
from forwhom.report.deck import Cell, Deck, Grid, Page, Text, deck_pptx
from forwhom.report.outline import Table, deck_markdown, grid_of, grids_csv
from forwhom.report.outline.slides import bullets
from forwhom.report.outline.text import WEAKENS
from forwhom.wording import opened


def alignment_pptx(result: AlignmentResult) -> bytes:
    """Return the alignment as a deck for PowerPoint."""
    with speaking(result.language):
        return deck_pptx(_deck(summarize_alignment(result)))


def alignment_markdown(result: AlignmentResult) -> str:
    """Return the alignment as Markdown: what its slides say."""
    with speaking(result.language):
        return deck_markdown(_deck(summarize_alignment(result)))


def alignment_csv(result: AlignmentResult) -> str:
    """Return the heat map as CSV: a row for each item, what each segment says, how it aligns."""
    with speaking(result.language):
        summary = summarize_alignment(result)
        heat = _heat(summary)
        # A number is one for a spreadsheet, and no formula: without words, and with its plain sign.
        rows = tuple(
            (cells[0], *(Cell(_number(one)) for one in row.cells), *cells[1 + len(row.cells) :])
            for row, cells in zip(summary.rows, heat.rows, strict=True)
        )
        return grids_csv([replace(heat, rows=rows)])


def _number(cell: HeatCell) -> str:
    return cell.text.removeprefix("+").replace("−", "-")


def _deck(summary: AlignmentSummary) -> Deck:
    return Deck(
        title=summary.title or summary.headline,
        under=(
            *([Text(summary.headline, "strong")] if summary.title else []),
            *map(Text, summary.sentences),
        ),
        language=summary.language,
        pages=tuple(page for page in _pages(summary) if page.parts),
        mirrored=is_right_to_left(summary.language),
    )


def _pages(summary: AlignmentSummary) -> Iterator[Page]:
    told = tr(
        "Each number is the median rating of an item for a segment, from −5 (very undesirable) to "
        "+5 (very desirable). The heaviest misalignment comes first. A fear or a pain is rated by "
        "how desirable it is to be spared it."
    )
    yield Page(tr("Item by item"), (_heat(summary), Text(told, "quiet")) if summary.rows else ())
    yield Page(tr("What the classes mean"), (_classes(summary),) if summary.rows else ())
    worked = [text for one in summary.misalignments for text in _misaligned(one)]
    yield Page(tr("What to do about misalignments"), tuple(worked))
    yield _views(summary)
    for table in (summary.divided, summary.proxies, summary.changes, summary.agreement):
        yield _tabled(table)
    yield Page(tr("Since the round before"), tuple(bullets(summary.class_changes)))
    yield Page(tr(WEAKENS), tuple(bullets(summary.warnings)))


def _views(summary: AlignmentSummary) -> Page:
    headings = (tr("View"), tr("Compares"), tr("Items"), tr("Heaviest"))
    rows = [
        (f"{view.name}\n{view.question}", view.segments, view.counts, view.worst)
        for view in summary.views
    ]
    grid = Grid.of(tr("Views"), headings, rows)
    return Page(tr("Will it be adopted, will it last"), (grid,) if rows else ())


def _tabled(table: Table) -> Page:
    if not table.rows:
        return Page(table.label, ())
    return Page(table.label, (grid_of(table), Text(table.caption, "quiet")))


def _heat(summary: AlignmentSummary) -> Grid:
    """The heat map: what each segment says in numbers and words, its color is only added."""
    return Grid(
        tr("What each segment says of each item"),
        (
            tr("Item"), *summary.segments, tr("Alignment"), tr("Severity"), *summary.view_names,
        ),
        tuple(_row(row) for row in summary.rows),
    )  # fmt: skip


def _row(row: HeatRow) -> tuple[Cell, ...]:
    kind = "\n".join(filter(None, [row.class_name, row.sureness]))
    heavy = row.severity in ("medium", "high")
    severity = "\n".join([row.severity_text, *row.risks])
    return (
        Cell(row.statement),
        *map(_cell, row.cells),
        Cell(kind),
        Cell(severity, "notice" if heavy else "", 1.0),
        *map(Cell, row.views),
    )


def _cell(cell: HeatCell) -> Cell:
    value = cell.value or 0.0
    fill = "" if not value else "accent-1" if value > 0 else "accent-2"
    return Cell(f"{cell.text}\n{cell.stance}", fill, STRONGEST * min(abs(value) / 5, 1.0))


def _classes(summary: AlignmentSummary) -> Grid:
    found = [row.class_name for row in summary.rows]
    rows = [
        (tr(name), tr(meaning), str(found.count(tr(name)))) for name, meaning in CLASSES.values()
    ]
    headings = (tr("Alignment"), tr("What it says"), tr("Items"))
    return Grid.of(tr("What the classes mean"), headings, rows)


def _misaligned(one: Misalignment) -> Iterator[Text]:
    yield Text(one.statement, "heading")
    if one.level_text:
        yield Text(opened(one.level_text), "fact")
    yield Text(one.sides)
    yield Text(one.numbers, "quiet")
    if one.action:
        yield Text(one.action, "strong")
    yield Text(tr("Strategy: {strategy}.", strategy=one.strategy))
    if one.probabilities:
        said = tr("Probability of each class: {classes}.", classes=one.probabilities)
        yield Text(said, "quiet")
