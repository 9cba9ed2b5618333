"""Charts that can be edited: their numbers stand in a sheet behind them."""

from __future__ import annotations

from typing import Any

from forwhom.report.deck.ink import Ink
from forwhom.report.deck.pages import Bars, Points
from forwhom.report.drawing.palette import accent_name
from forwhom.wording import clean

_LETTERS = 12
#: The dot of a segment, and the number inside of it.
_DOT, _INSIDE = 20, 10
#: Axes of a plot go from 0 to this.
_MOST = 10


def draw_chart(on: Any, chart: Bars | Points, where: list[int], ink: Ink) -> None:
    """Draw a chart on a slide, with the words that a screen reader says of it."""
    if isinstance(chart, Bars):
        made = _bars(on, chart, where, ink)
    else:
        made = _points(on, chart, where, ink)
    ink.describe(made, chart.said)
    font = made.chart.font
    font.size = ink.points(_LETTERS)[0]
    ink.color(font.color, "ink")
    made.chart.has_title = False


def _bars(on: Any, chart: Bars, where: list[int], ink: Ink) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK

    data: Any = CategoryChartData(number_format="0%")  # type: ignore[no-untyped-call]
    data.categories = [clean(name) for name in chart.names]
    data.add_series(chart.series, chart.shares)
    made = on.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *where, data)
    made.chart.has_legend = False
    plot = made.chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0%", False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    names, values = made.chart.category_axis, made.chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    ink.fill(names.format.line.fill, "line")
    values.visible, values.has_major_gridlines = False, False
    values.minimum_scale = 0
    values.reverse_order = ink.mirrored
    for point, number in enumerate(chart.numbers):
        ink.fill(plot.series[0].points[point].format.fill, accent_name(number))
    return made


def _points(on: Any, chart: Points, where: list[int], ink: Ink) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import (
        XL_CHART_TYPE,
        XL_LABEL_POSITION,
        XL_LEGEND_POSITION,
        XL_MARKER_STYLE,
    )

    data: Any = XyChartData(number_format="0.0")  # type: ignore[no-untyped-call]
    for spot in chart.spots:
        data.add_series(clean(f"{spot.number} {spot.name}")).add_data_point(spot.x, spot.y)
    made = on.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *where, data)
    for series, spot in zip(made.chart.plots[0].series, chart.spots, strict=True):
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, _DOT
        ink.fill(series.marker.format.fill, accent_name(spot.number))
        ink.fill(series.marker.format.line.fill, "surface")
        label = series.points[0].data_label
        label.position, label.has_text_frame = XL_LABEL_POSITION.CENTER, True
        run = label.text_frame.paragraphs[0].add_run()
        run.text, run.font.bold, run.font.size = str(spot.number), True, ink.points(_INSIDE)[0]
        ink.color(run.font.color, "on-accent")
    made.chart.has_legend = True
    made.chart.legend.position = XL_LEGEND_POSITION.RIGHT
    made.chart.legend.include_in_layout = False
    for axis, said in (
        (made.chart.category_axis, chart.across),
        (made.chart.value_axis, chart.up),
    ):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, _MOST, _MOST / 2
        axis.has_title = True
        axis.axis_title.text_frame.text = said
        axis.has_major_gridlines = True
        ink.fill(axis.major_gridlines.format.line.fill, "line")
    made.chart.category_axis.reverse_order = ink.mirrored
    return made
