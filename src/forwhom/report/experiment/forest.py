"""The forest: the effect in each segment with its intervals, beside the threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forwhom.documents.results.experiment import VERDICTS, Effect, ExperimentReading
from forwhom.languages.catalog import percent_sign, speaking, spelled, tr
from forwhom.languages.codes import is_right_to_left
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.mirroring import mirrored
from forwhom.report.drawing.palette import drawing_style
from forwhom.report.drawing.svg import circle, element, line, picture, rect
from forwhom.wording import signed

_NAME, _PLOT, _NUMBERS, _VERDICT, _EDGE = 180, 380, 190, 104, 20
_ROW, _HEAD, _FOOT = 54, 92, 74
_WIDTH = _NAME + _PLOT + _NUMBERS + _VERDICT + 2 * _EDGE
#: The class of what is drawn of a verdict; of the others, it is open.
_MARKS = {"supported": "yes", "refuted": "no"}


@dataclass(frozen=True)
class _Scale:
    """From a difference to a place across the drawing."""

    low: float
    high: float

    @classmethod
    def of(cls, effects: Sequence[Effect], threshold: float) -> _Scale:
        ends = [0.0, threshold]
        for one in effects:
            for interval in (one.sure, one.pooled_interval):
                ends += [] if interval is None else [interval.low, interval.high]
        low, high = min(ends), max(ends)
        room = 0.06 * (high - low) or 1.0
        return cls(low - room, high + room)

    def x(self, value: float) -> float:
        place = (value - self.low) / (self.high - self.low)
        return _EDGE + _NAME + _PLOT * min(max(place, 0.0), 1.0)

    def marks(self) -> list[float]:
        """Return round numbers inside."""
        step = 10 ** math.floor(math.log10((self.high - self.low) / 3))
        factors = (f for f in (1, 2, 5, 10) if (self.high - self.low) / (f * step) <= 6)
        step *= next(factors)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [n * step for n in range(first, last + 1)]


def forest_svg(found: ExperimentReading) -> str:
    """Return the effects as a drawing of its own (SVG)."""
    with speaking(found.language):
        return f"{_turned(_drawn(found, alone=True), found.language)}\n"


def forest(found: ExperimentReading) -> Markup:
    """Return the effects as part of a page."""
    with speaking(found.language):
        return _turned(_drawn(found, alone=False), found.language)


def _turned(drawing: Markup, language: str) -> Markup:
    """Return a drawing as readers of a language see it: from the right, where they read so."""
    return mirrored(drawing) if is_right_to_left(language) else drawing


def _drawn(found: ExperimentReading, *, alone: bool) -> Markup:
    shown = found.effects
    scale = _Scale.of(shown, found.threshold)
    bottom = _HEAD + _ROW * len(shown)
    height = bottom + _FOOT
    parts = [
        rect(0, 0, _WIDTH, height, class_="paper"),
        *_heads(found),
        *_axis(found, scale, bottom),
    ]
    for index, one in enumerate(shown):
        parts += _row(found, one, scale, _HEAD + _ROW * index)
    parts += _legend(found, bottom + 56)
    style = [element("style", Markup(drawing_style("experiment/drawing.css")))] if alone else []
    return picture(
        "experiment",
        found.title or found.statement,
        " ".join(found.sentences),
        height,
        *style,
        *parts,
        width=_WIDTH,
        class_="forest",
        alone=alone,
    )


def _heads(found: ExperimentReading) -> list[Markup]:
    title = wrapped(found.title or found.statement, _WIDTH - 2 * _EDGE, 18, 1)[0]
    outcome = found.outcome
    unit = tr("points") if outcome.is_share else outcome.unit or outcome.column
    what = tr(
        "Difference in {outcome}, {treated} less {control} ({unit})", outcome=outcome.column,
        treated=found.arms[1], control=found.arms[0], unit=unit,
    )  # fmt: skip
    y = _HEAD - 14
    return [
        element("text", title, x=_EDGE, y=34, class_="heading"),
        element("text", wrapped(what, _WIDTH - 2 * _EDGE, 13, 1)[0], x=_EDGE, y=56, class_="tick"),
        element("text", tr("Segment"), x=_EDGE, y=y, class_="strong"),
        element("text", tr("Effect and interval"), x=_numbers(), y=y, class_="strong"),
        element("text", tr("Verdict"), x=_numbers() + _NUMBERS, y=y, class_="strong"),
    ]


def _numbers() -> int:
    return _EDGE + _NAME + _PLOT + 14


def _axis(found: ExperimentReading, scale: _Scale, bottom: int) -> list[Markup]:
    parts = []
    factor = 100 if found.outcome.is_share else 1
    for mark in scale.marks():
        x = scale.x(mark)
        parts.append(line(x, _HEAD, x, bottom, "zero" if abs(mark) < 1e-12 else "grid"))
        text = signed(round(factor * mark, 6))
        parts.append(element("text", text, x=x, y=bottom + 17, class_="tick middle"))
    x = scale.x(found.threshold)
    parts.append(line(x, _HEAD - 6, x, bottom, "asked"))
    asked = tr("threshold") if abs(found.threshold) > 0 else tr("threshold: 0")
    parts.append(element("text", asked, x=x, y=_HEAD - 12, class_="tick middle asked-for"))
    return parts


def _row(found: ExperimentReading, one: Effect, scale: _Scale, top: int) -> list[Markup]:
    middle = top + _ROW / 2
    name, mark = tr(VERDICTS[one.verdict]), _MARKS.get(one.verdict, "open")
    lines = wrapped(one.label, _NAME - 12, 13, 2)
    weight = "label" if one.segment is not None else "strong"
    parts = [line(_EDGE, top, _WIDTH - _EDGE, top, "grid")]
    parts += [
        element("text", text, x=_EDGE, y=middle + 4 - 8 * (len(lines) - 1) + 16 * i, class_=weight)
        for i, text in enumerate(lines)
    ]
    parts.append(
        element("text", name, x=_numbers() + _NUMBERS, y=middle + 4, class_=f"strong said-{mark}")
    )
    if one.sure is None or one.interval is None or one.difference is None:
        text = tr("too few customers") if one.verdict == "withheld" else "–"
        return [*parts, element("text", text, x=_numbers(), y=middle + 4, class_="tick")]
    y = middle - (7 if one.pooled_interval is not None else 0)
    parts.append(line(scale.x(one.sure.low), y, scale.x(one.sure.high), y, f"thin mark-{mark}"))
    ends = scale.x(one.interval.low), scale.x(one.interval.high)
    parts.append(line(ends[0], y, ends[1], y, f"thick mark-{mark}"))
    side = 11.0 if one.segment is None else 9.0
    x = scale.x(one.difference)
    parts.append(rect(x - side / 2, y - side / 2, side, side, class_=f"dot-{mark}"))
    if one.pooled is not None and one.pooled_interval is not None:
        y += 15
        low, high = (scale.x(end) for end in (one.pooled_interval.low, one.pooled_interval.high))
        parts.append(line(low, y, high, y, "pooled"))
        parts.append(circle(scale.x(one.pooled), y, 4.0, class_="pooled-dot"))
    told = found.outcome.difference(one.difference)
    between = found.outcome.between(one.sure.low, one.sure.high)
    parts.append(element("text", told, x=_numbers(), y=middle - 3, class_="strong"))
    parts.append(element("text", between, x=_numbers(), y=middle + 14, class_="tick"))
    return parts


def _legend(found: ExperimentReading, y: int) -> list[Markup]:
    """Say what the lines are."""
    parts = [
        rect(_EDGE, y - 9, 9, 9, class_="dot-open"),
        line(_EDGE + 16, y - 4.5, _EDGE + 46, y - 4.5, "thick mark-open"),
    ]
    several = len(found.segments) > 1
    level = f"{spelled(f'{100 * (1 - found.alpha):g}')}{percent_sign()}"
    said = tr("by itself, {level}", level=level)
    parts.append(element("text", said, x=_EDGE + 52, y=y, class_="tick"))
    x = _EDGE + 160
    if several:
        parts.append(line(x, y - 4.5, x + 30, y - 4.5, "thin mark-open"))
        text = tr("of all segments at once: the verdict")
        parts.append(element("text", text, x=x + 36, y=y, class_="tick"))
        x += 276
    if any(one.pooled is not None for one in found.segments):
        parts.append(line(x, y - 4.5, x + 30, y - 4.5, "pooled"))
        parts.append(circle(x + 15, y - 4.5, 4.0, class_="pooled-dot"))
        text = tr("with the other segments in mind (partly pooled)")
        parts.append(element("text", text, x=x + 36, y=y, class_="tick"))
    return parts
