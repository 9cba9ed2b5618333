"""Charts as SVG: positions across are percentages, so that they fit a phone and a page."""

from forwhom.report.charts.bars import effect_bar, share_bar, share_ribbon
from forwhom.report.charts.curves import accuracy_curve, selection_curves
from forwhom.report.charts.dots import contrast_axis, contrast_dots, contrast_limit
from forwhom.report.charts.heat import overlap_map

__all__ = [
    "accuracy_curve",
    "contrast_axis",
    "contrast_dots",
    "contrast_limit",
    "effect_bar",
    "overlap_map",
    "selection_curves",
    "share_bar",
    "share_ribbon",
]
