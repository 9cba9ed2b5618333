"""A canvas as people see it: the board, the page, the map of a purchase."""

from forwhom.report.canvas.board import Board, board_of
from forwhom.report.canvas.formats import (
    FORMATS,
    Format,
    check_paper,
    draw_canvas,
    write_drawing,
    write_made,
)
from forwhom.report.canvas.map import MAP_FORMS, draw_purchase_map

__all__ = [
    "FORMATS",
    "MAP_FORMS",
    "Board",
    "Format",
    "board_of",
    "check_paper",
    "draw_canvas",
    "draw_purchase_map",
    "write_drawing",
    "write_made",
]
