from collections.abc import Iterator

from forwhom.documents.results.alignment import AlignmentResult
from forwhom.languages.catalog import speaking, tr
from forwhom.report.alignment.summary import AlignmentSummary, HeatRow, summarize_alignment
from forwhom.report.outline.text import WEAKENS, bulleted
from forwhom.wording import beside, folded


def alignment_text(result: AlignmentResult, width: int = 80) -> str:
    """Return the answer as plain text: what is misaligned first, then every item."""
    with speaking(result.language):
        return "\n".join(_lines(summarize_alignment(result), max(width, 40))) + "\n"


def _lines(summary: AlignmentSummary, width: int) -> Iterator[str]:
    if summary.title:
        yield from folded(summary.title, width)
        yield ""
    yield from folded(summary.headline, width)
    for sentence in summary.sentences:
        yield from folded(sentence, width)
    for row in summary.rows:
        yield ""
        yield from _row(row, summary, width)
    yield from bulleted(tr("Since the round before"), summary.class_changes, width)
    divided = (
        f"{segment}, {item}: {camps}. {advice}"
        for segment, item, _, camps, advice in summary.divided.rows
    )
    yield from bulleted(tr("Divided within a segment"), divided, width)
    if summary.agreement.rows:
        yield ""
        scope, name, metric, value, interval, *_ = summary.agreement.rows[0]
        how_far = f"{name}, {metric}: {value} ({interval})"
        said = tr("Agreement, {scope}: {how_far}", scope=scope, how_far=how_far)
        yield from folded(said, width)
    yield from bulleted(tr(WEAKENS), summary.warnings, width)


def _row(row: HeatRow, summary: AlignmentSummary, width: int) -> Iterator[str]:
    kind = row.class_name + (f", {row.sureness}" if row.sureness else "")
    if row.severity:
        kind += tr(", severity {level}", level=row.severity_text)
        kind += f": {', '.join(row.risks)}" if row.risks else ""
    yield from folded(row.statement, width)
    yield from folded(kind, width, "  ", "  ")
    cells = [
        f"{name} {cell.text} ({cell.stance})"
        for name, cell in zip(summary.segments, row.cells, strict=True)
    ]
    yield from folded(beside(cells), width, "  ", "  ")
