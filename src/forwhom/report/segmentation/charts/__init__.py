"""Charts as SVG: positions across are percentages, so that they fit a phone and a page."""

from forwhom.report.segmentation.charts.bars import effect_bar, share_bar, share_ribbon
from forwhom.report.segmentation.charts.calibration import calibration_plot
from forwhom.report.segmentation.charts.curves import (
    accuracy_curve,
    selection_curves,
    stability_curve,
)
from forwhom.report.segmentation.charts.dots import contrast_axis, contrast_dots, contrast_limit
from forwhom.report.segmentation.charts.flows import flow_plot
from forwhom.report.segmentation.charts.overlap import overlap_map
from forwhom.report.segmentation.charts.structure import island_picture, scale_picture

__all__ = [
    "accuracy_curve",
    "calibration_plot",
    "contrast_axis",
    "contrast_dots",
    "contrast_limit",
    "effect_bar",
    "flow_plot",
    "island_picture",
    "overlap_map",
    "scale_picture",
    "selection_curves",
    "share_bar",
    "share_ribbon",
    "stability_curve",
]
