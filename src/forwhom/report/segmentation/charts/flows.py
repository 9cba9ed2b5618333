"""Where customers went: ribbons from the segments of before to those of now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from forwhom.documents.refresh import Transitions
from forwhom.languages.catalog import tr, tr_count, whole
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.palette import accent_name, colored, colors
from forwhom.report.drawing.svg import element, picture, rect, stacked
from forwhom.report.segmentation.charts.turning import turned

#: Width, the room for names at both sides, and the width of a bar; in pixels.
WIDTH, _SIDE, _BAR = 720, 190, 12
_TOP, _BOTTOM, _GAP, _LINE, _SIZE = 34, 10, 12, 15, 12
#: Height of all customers together.
_ALL = 380.0
#: Ids of what is no segment: none of them, and elsewhere.
_NONE, _ELSEWHERE = 0, -1


class _Box(NamedTuple):
    id: int
    n: int
    y: float
    height: float
    lines: tuple[str, ...]


@turned
def flow_plot(
    told: Transitions, names: Mapping[int, str], *, standalone: bool = False
) -> Markup:  # fmt: skip
    """Return ribbons as wide as the customers who went that way; withheld ones are not drawn.

    ``standalone`` is a file of its own, with its colors; else it is part of a page with a style.
    """
    flows = _flows(told)
    left, right = (dict.fromkeys((*told.segments, _ELSEWHERE), 0) for _ in range(2))
    for start, end, n in flows:
        left[start] += n
        right[end] += n
    scale = _ALL / max(sum(left.values()), 1)
    part = _in_part(told)
    before = _boxes(left, names, scale, tr("Not there yet"), part[0])
    now = _boxes(right, names, scale, tr("No longer there"), part[1])
    height = max(box.y + max(box.height, _LINE * len(box.lines)) for box in (*before, *now))
    bars = [one for box in before for one in _bar(box, True)]
    bars += [one for box in now for one in _bar(box, False)]
    paper = [element("style", Markup(_dark())), _paper(height + _BOTTOM)] if standalone else []
    return picture(
        "flows", tr("Where customers went"), _described(told, names), round(height + _BOTTOM),
        *paper, *_headings(), *_ribbons(flows, before, now, scale), *bars, width=WIDTH,
        class_="flows", alone=standalone, font_size=_SIZE,
        font_family="'Noto Sans', 'Liberation Sans', Helvetica, Arial, sans-serif",
    )  # fmt: skip


def _in_part(told: Transitions) -> tuple[set[int], set[int]]:
    """Return of which segments, before and now, some customers are not drawn."""
    rows = {
        s
        for s, row, left in zip(told.segments, told.table, told.left, strict=True)
        if None in (*row, left)
    }
    columns = {
        s
        for i, (s, new) in enumerate(zip(told.segments, told.new, strict=True))
        if None in (*(row[i] for row in told.table), new)
    }
    rows |= {_ELSEWHERE} if None in told.new else set()
    return rows, columns | ({_ELSEWHERE} if None in told.left else set())


def _flows(told: Transitions) -> list[tuple[int, int, int]]:
    found = [
        (start, end, n)
        for start, row in zip(told.segments, told.table, strict=True)
        for end, n in zip(told.segments, row, strict=True)
        if n
    ]
    found += [(_ELSEWHERE, s, n) for s, n in zip(told.segments, told.new, strict=True) if n]
    return found + [(s, _ELSEWHERE, n) for s, n in zip(told.segments, told.left, strict=True) if n]


def _boxes(
    counts: Mapping[int, int],
    names: Mapping[int, str],
    scale: float,
    elsewhere: str,
    in_part: Collection[int],
) -> list[_Box]:
    boxes, y = [], float(_TOP)
    for one, n in counts.items():
        if not n:
            continue
        known = {_NONE: tr("None of these"), _ELSEWHERE: elsewhere}
        name = known.get(one) or f"{one} {names[one]}"
        said = (
            tr_count("{n} of them drawn", "{n} of them drawn", n)
            if one in in_part
            else tr_count("{n} customer", "{n} customers", n)
        )
        lines = (*wrapped(name, _SIDE - 16, _SIZE, 2), said)
        height = max(n * scale, 1.5)
        boxes.append(_Box(one, n, y, height, lines))
        y += max(height, _LINE * len(lines)) + _GAP
    return boxes


def _ribbons(
    flows: Sequence[tuple[int, int, int]], left: Sequence[_Box], right: Sequence[_Box], scale: float
) -> list[Markup]:
    places = (
        {box.id: at for at, box in enumerate(left)},
        {box.id: at for at, box in enumerate(right)},
    )
    starts, ends = {b.id: b.y for b in left}, {b.id: b.y for b in right}
    ordered = sorted(flows, key=lambda f: (places[1][f[1]], places[0][f[0]]))
    arriving = {}
    for flow in ordered:
        arriving[flow] = ends[flow[1]]
        ends[flow[1]] += flow[2] * scale
    parts = []
    for start, end, n in sorted(flows, key=lambda f: (places[0][f[0]], places[1][f[1]])):
        high = max(n * scale, 0.75)
        path = _ribbon(_SIDE + _BAR, starts[start], WIDTH - _SIDE - _BAR,
                       arriving[start, end, n], high)  # fmt: skip
        starts[start] += n * scale
        of = start if start > 0 else end
        parts.append(
            element(
                "path", element("title", f"{_short(start)} → {_short(end)}: {whole(n)}"), d=path,
                fill=_color(of), class_=_class(of),
                fill_opacity="0.55" if start == end else "0.28",
            )
        )  # fmt: skip
    return parts


def _ribbon(x1: float, y1: float, x2: float, y2: float, high: float) -> str:
    bend = (x1 + x2) / 2
    return (
        f"M{x1:.1f},{y1:.2f}C{bend:.1f},{y1:.2f} {bend:.1f},{y2:.2f} {x2:.1f},{y2:.2f}"
        f"V{y2 + high:.2f}C{bend:.1f},{y2 + high:.2f} {bend:.1f},{y1 + high:.2f} "
        f"{x1:.1f},{y1 + high:.2f}Z"
    )


def _short(one: int) -> str:
    return {_NONE: tr("none"), _ELSEWHERE: tr("elsewhere")}.get(one) or str(one)


def _color(one: int) -> str:
    return colors()[accent_name(one) if one > 0 else "control"]


def _class(one: int) -> str:
    return f"fill a{_accent(one)}" if one > 0 else "elsewhere"


def _accent(one: int) -> str:
    return accent_name(one).removeprefix("accent-")


def _bar(box: _Box, first: bool) -> list[Markup]:
    x = float(_SIDE if first else WIDTH - _SIDE - _BAR)
    top = box.y + max(box.height, _LINE * len(box.lines)) / 2 - _LINE * len(box.lines) / 2 + 11
    if box.height > _LINE * len(box.lines):
        top = box.y + box.height / 2 - _LINE * len(box.lines) / 2 + 11
    place = {"x": x - 8 if first else x + _BAR + 8, "step": _LINE}
    anchor = "end" if first else "start"
    return [
        rect(x, box.y, _BAR, box.height, fill=_color(box.id), class_=_class(box.id)),
        *stacked(box.lines[:-1], place["x"], top, _LINE, text_anchor=anchor, class_="label",
                 fill=colors()["ink"]),
        element("text", box.lines[-1], x=place["x"], y=top + _LINE * (len(box.lines) - 1),
                text_anchor=anchor, class_="label quiet", fill=colors()["muted"]),
    ]  # fmt: skip


def _headings() -> list[Markup]:
    return [
        element("text", text, x=x, y=16, text_anchor=anchor, class_="label quiet",
                fill=colors()["muted"], font_weight="700")
        for text, x, anchor in (
            (tr("Before"), _SIDE - 8, "end"), (tr("Now"), WIDTH - _SIDE + 8, "start"),
        )
    ]  # fmt: skip


def _described(told: Transitions, names: Mapping[int, str]) -> str:
    moved = sorted(
        ((n, s, e) for s, e, n in _flows(told) if s != e and s > 0 and e > 0), reverse=True
    )[:5]
    said = [tr_count("{n} customer in both periods.", "{n} customers in both periods.", told.both)]
    said += [
        tr("From {first} to {last}: {n}.", first=names[s], last=names[e], n=whole(n))
        for n, s, e in moved
    ]
    return " ".join(said)


def _paper(height: float) -> Markup:
    return element(
        "rect", width=WIDTH, height=round(height), fill=colors()["paper"], class_="paper"
    )


def _dark() -> str:
    """Return the colors of a dark screen; all others stand in the drawing itself."""
    rules = [".paper { fill: var(--paper); }", ".label { fill: var(--ink); }"]
    rules += [".quiet { fill: var(--muted); }", ".elsewhere { fill: var(--control); }"]
    rules += [f".a{n} {{ fill: var(--accent-{n}); }}" for n in range(1, 13)]
    return colored(f"@media (prefers-color-scheme: dark) {{ {' '.join(rules)} }}")
