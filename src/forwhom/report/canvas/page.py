import math
from collections.abc import Iterator, Sequence

from forwhom.languages.catalog import tr
from forwhom.report.canvas.board import Board
from forwhom.report.canvas.cards import SUSPECT
from forwhom.report.canvas.entries import NO_EVIDENCE, Section
from forwhom.report.canvas.layout import column_widths
from forwhom.report.canvas.picture import ELSEWHERE, WHY_ELSEWHERE
from forwhom.report.drawing.lettering import right_to_left
from forwhom.report.drawing.palette import accent
from forwhom.report.filling import filled

#: A screen is wide from here on, and a block holds words from here on, in rem.
_WIDE, _NARROWEST = 64, 11


def board_html(board: Board, sections: tuple[Section, ...]) -> str:
    """Return a board and the sections below it as one page."""
    return filled(
        "canvas/page.html.jinja",
        "canvas/page.css",
        more_style="\n".join(places_of(board)),
        pictures=any(p.of != "share" for s in sections for e in s.entries for p in e.pictures),
        board=board,
        sections=sections,
        names={m.number: m.name for m in board.members},
        language=board.language,
        elsewhere=tr(ELSEWHERE),
        why_elsewhere=tr(WHY_ELSEWHERE),
        suspect=tr(SUSPECT),
        no_evidence=tr(NO_EVIDENCE),
        accent=accent,
        side=lambda text: "rtl" if right_to_left(text, board.mirrored) else "ltr",
    )


def places_of(board: Board) -> Iterator[str]:
    """Yield where blocks stand, on a wide screen and on paper, as CSS; numbers alone."""
    widths = column_widths(board)
    yield f"\n@media print, (min-width: {_wide(board, widths)}rem) {{"
    columns = " ".join(f"minmax(0, {round(width)}fr)" for width in widths)
    yield f"  .board.main {{ display: grid; columns: auto; grid-template-columns: {columns}; }}"
    yield "  .board.main > * { margin-bottom: 0; }"
    for index, block in enumerate(board.framework.blocks, 1):
        place = block.place
        yield (
            f"  .p{index} {{ grid-column: {place.column} / span {place.width}; "
            f"grid-row: {place.row} / span {place.height}; }}"
        )
    yield "}\n"


def _wide(board: Board, widths: Sequence[float]) -> int:
    """Return from which width of a screen on no block is too narrow for words, in rem."""
    taken = [
        sum(widths[block.place.column - 1 : block.place.column - 1 + block.place.width])
        for block in board.framework.blocks
    ]
    return max(_WIDE, math.ceil(_NARROWEST * sum(widths) / min(taken)))
