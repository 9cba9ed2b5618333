"""The heat map: what each segment says of each item, with class and severity in words."""

from collections.abc import Sequence

from markupsafe import Markup

from forwhom.documents.results.alignment import AlignmentResult
from forwhom.languages.catalog import later, speaking, tr
from forwhom.languages.codes import is_right_to_left
from forwhom.report.alignment.summary import (
    AlignmentSummary,
    HeatCell,
    HeatRow,
    summarize_alignment,
)
from forwhom.report.alignment.terms import LEVELS
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.mirroring import mirrored
from forwhom.report.drawing.palette import drawing_style
from forwhom.report.drawing.svg import circle, element, picture, rect, stacked

#: The strongest shade; the text stays readable on it in light and dark.
STRONGEST = 0.5
# With four segments and two views, the map fits a page of 1100 pixels.
_LABEL, _CELL, _CLASS, _SEVERITY, _VIEW = 196, 92, 130, 116, 98
_ROW, _HEAD, _EDGE, _GUTTER = 58, 76, 16, 14
_TITLE = later("What each segment says of each item")


def heat_map(summary: AlignmentSummary) -> Markup:
    """Return the heat map as part of a page: items by segments, the heaviest item first."""
    body, width, height = _drawn(summary, 0, 0)
    drawing = picture(
        "alignment-map",
        tr(_TITLE),
        _said(summary),
        height,
        *body,
        width=width,
        class_="fixed align",
    )
    return mirrored(drawing) if is_right_to_left(summary.language) else drawing


def alignment_svg(result: AlignmentResult) -> str:
    """Return the heat map as a drawing of its own (SVG), for slides and documents."""
    with speaking(result.language):
        drawing = _alone(summarize_alignment(result))
    return mirrored(drawing) if is_right_to_left(result.language) else f"{drawing}\n"


def _alone(summary: AlignmentSummary) -> Markup:
    title = f"{summary.title}: {summary.headline}" if summary.title else summary.headline
    heading = wrapped(title, 900, 20, 1)[0]
    body, width, height = _drawn(summary, _EDGE, _EDGE + 40)
    whole_width, whole_height = width + 2 * _EDGE, height + 2 * _EDGE + 40
    return picture(
        "alignment-map",
        title,
        _said(summary),
        whole_height,
        # Our own file; no text of a document stands in it.
        element("style", Markup(drawing_style("alignment/drawing.css"))),
        rect(0, 0, whole_width, whole_height, class_="paper"),
        element("text", heading, x=_EDGE, y=_EDGE + 20, class_="heading"),
        *body,
        width=whole_width,
        class_="align",
        alone=True,
    )


def _drawn(summary: AlignmentSummary, left: int, top: int) -> tuple[list[Markup], int, int]:
    """Return the elements, and the width and height that they take."""
    columns = len(summary.segments)
    width = _LABEL + _CELL * columns + _GUTTER + _CLASS + _SEVERITY
    width += _VIEW * len(summary.view_names)
    parts = _heads(summary, left, top)
    for number, row in enumerate(summary.rows):
        parts += _row(row, left, top + _HEAD + _ROW * number, width)
    return parts, width, _HEAD + _ROW * len(summary.rows)


def _heads(summary: AlignmentSummary, left: int, top: int) -> list[Markup]:
    parts = [element("text", tr("Item"), x=left, y=top + _HEAD - 12, class_="strong")]
    x = left + _LABEL
    for name in summary.segments:
        lines = wrapped(name, _CELL - 8, 12.5, 4)
        parts += _lines(lines, x + _CELL / 2, top + _HEAD - 12, "strong middle", up=True)
        x += _CELL
    x += _GUTTER
    widths = (_CLASS, _SEVERITY, *(_VIEW for _ in summary.view_names))
    for name, width in zip(
        (tr("Alignment"), tr("Severity"), *summary.view_names), widths, strict=True
    ):
        parts.append(element("text", name, x=x, y=top + _HEAD - 12, class_="strong"))
        x += width
    return parts


def _lines(
    lines: Sequence[str], x: float, y: float, class_: str, *, up: bool = False, step: int = 15
) -> list[Markup]:
    start = y - step * (len(lines) - 1) if up else y
    return stacked(lines, x, start, step, class_=class_)


def _row(row: HeatRow, left: int, y: int, width: int) -> list[Markup]:
    lines = wrapped(row.statement, _LABEL - 16, 12.5, 3)
    middle = y + _ROW / 2
    parts = [element("line", x1=left, x2=left + width, y1=y, y2=y, class_="grid")]
    parts += _lines(lines, left, middle + 4 - 7.5 * (len(lines) - 1), "label")
    x = left + _LABEL
    for cell in row.cells:
        parts += _cell(cell, x, y)
        x += _CELL
    x += _GUTTER
    parts.append(_mark(row.kind, x + 5, middle - 9))
    parts.append(element("text", row.class_name, x=x + 16, y=middle - 4, class_="strong"))
    parts.append(element("text", row.sureness, x=x + 16, y=middle + 13, class_="tick"))
    x += _CLASS
    weight = "strong" if row.severity in ("medium", "high") else "label"
    first = middle + 4 - 8 * len(row.risks)
    parts.append(element("text", row.severity_text, x=x, y=first, class_=weight))
    parts += _lines([risk.rpartition(" ")[0] for risk in row.risks], x, first + 16, "tick")
    x += _SEVERITY
    for name in row.views:
        parts.append(element("text", name, x=x, y=middle + 4, class_="label"))
        x += _VIEW
    return parts


def _cell(cell: HeatCell, x: float, y: float) -> list[Markup]:
    side = "none" if not cell.value else "wanted" if cell.value > 0 else "against"
    shade = STRONGEST * min(abs(cell.value or 0.0) / 5, 1.0)
    box = rect(
        x + 2, y + 3, _CELL - 4, _ROW - 6,
        element("title", f"{cell.text}, {cell.stance}: {cell.detail}"),
        rx=3, fill_opacity=shade if side != "none" else None, class_=f"cell-{side}",
    )  # fmt: skip
    middle = x + _CELL / 2
    return [
        box,
        element("text", cell.text, x=middle, y=y + 27, class_="number middle"),
        element("text", cell.stance, x=middle, y=y + 44, class_="small middle"),
    ]


def _mark(kind: str, x: float, y: float) -> Markup:
    """Return a sign of the class that differs in shape, not only in color."""
    if kind == "misaligned":
        points = f"{x - 6},{y + 5} {x + 6},{y + 5} {x},{y - 6}"
        return element("polygon", points=points, class_="mark-misaligned")
    if kind == "unwanted":
        return rect(x - 5, y - 5, 10, 10, class_="mark-unwanted")
    name = "mark-strong" if kind in ("strong", "sufficient") else "mark-weak"
    return circle(x, y, 5.0, class_=name)


def _said(summary: AlignmentSummary) -> str:
    return " ".join(
        f"{row.statement}: "
        + ", ".join(
            f"{name} {cell.text}" for name, cell in zip(summary.segments, row.cells, strict=True)
        )
        + f"; {row.class_name.lower()}"
        + (tr(", severity {level}", level=tr(LEVELS[row.severity])) if row.severity else "")
        + (f" ({', '.join(row.risks)})." if row.risks else ".")
        for row in summary.rows
    )
