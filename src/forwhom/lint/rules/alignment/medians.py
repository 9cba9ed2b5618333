"""Medians of ratings, without arrays: enough to see what is badly misaligned."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from forwhom.documents.canvas.ratings import HIGHEST, Alignment, Thresholds
from forwhom.lint.view import View


def medians(alignment: Alignment) -> dict[str, dict[str, float]]:
    """Return item to segment to the median of the ratings of the last round.

    Examples -------- >>> from forwhom.documents.canvas.ratings import Rating >>> ratings =
    [Rating(rater=r, segment="a", item="i", value=v) for r, v in (("x", 1), ("y", 3))] >>>
    medians(Alignment(ratings=ratings)) {'i': {'a': 2.0}}
    """
    last: dict[str, int] = {}
    for rating in alignment.ratings:
        last[rating.item] = max(last.get(rating.item, 1), rating.round)
    values: dict[str, dict[str, list[float]]] = {}
    for rating in alignment.ratings:
        if rating.round == last[rating.item]:
            cells = values.setdefault(rating.item, {})
            cells.setdefault(rating.segment, []).append(rating.value)
    return {item: {s: median(v) for s, v in cells.items()} for item, cells in values.items()}


def misaligned(cells: Mapping[str, float], thresholds: Thresholds) -> bool:
    """Whether segments want different things: their signs differ, or they are far apart."""
    low, high = min(cells.values()), max(cells.values())
    if len(cells) < 2 or high <= 0:
        return False
    return low < 0 or high - low >= thresholds.misaligned_gap


def severity(view: View, item: str, cells: Mapping[str, float]) -> float:
    """Return how bad a misalignment is, 0 to 1: conflict or gap, times importance and power."""
    low, high = min(cells.values()), max(cells.values())
    conflict = min(max(high, 0.0), max(-low, 0.0)) / HIGHEST
    need = view.needs[item]
    importance = 1.0 if need.importance is None else need.importance / 10
    opposed = min(cells, key=lambda segment: cells[segment])
    return max(conflict, (high - low) / 10) * importance * view.segments[opposed].power
