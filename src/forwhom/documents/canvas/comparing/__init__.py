"""Two versions of a canvas, compared in words."""

from forwhom.documents.canvas.comparing.comparison import compare_canvases, comparison_of
from forwhom.documents.canvas.comparing.differences import CanvasComparison, Difference

__all__ = ["CanvasComparison", "Difference", "compare_canvases", "comparison_of"]
