"""A canvas as people see it: the board, the page, the map of a purchase."""

from forwhom.report.canvas.board import board_of
from forwhom.report.canvas.map import MAP_FORMS, draw_purchase_map
from forwhom.report.canvas.purchase import purchase_text
from forwhom.report.canvas.writing import FORMS, check_paper, draw_canvas, write_drawing

__all__ = [
    "FORMS",
    "MAP_FORMS",
    "board_of",
    "check_paper",
    "draw_canvas",
    "draw_purchase_map",
    "purchase_text",
    "write_drawing",
]
