"""A canvas as people see it: the board, the page, the map of a purchase."""

from forwhom.report.canvas.board import Board, board_of
from forwhom.report.canvas.formats import Format, draw_canvas, format_of, write_drawing, write_made
from forwhom.report.canvas.map import draw_purchase_map

__all__ = [
    "Board",
    "Format",
    "board_of",
    "draw_canvas",
    "draw_purchase_map",
    "format_of",
    "write_drawing",
    "write_made",
]
