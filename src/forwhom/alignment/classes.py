"""Classes of alignment and severity, for many items and replicates at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment.ratings import Flags, Numbers
from forwhom.documents.alignment import AlignmentClass, SeverityLevel
from forwhom.documents.canvas.ratings import HIGHEST, LOWEST, Thresholds

#: In the order in which they are asked for; the first that fits is the class.
CLASSES: tuple[AlignmentClass, ...] = ("unwanted", "misaligned", "strong", "sufficient", "weak")

#: The longest way between two segments.
WIDEST = HIGHEST - LOWEST


@dataclass(frozen=True)
class Extremes:
    """Highest and lowest median over the segments that rated, shape (items, replicates).

    Parameters
    ----------
    highest, lowest
        NaN where nothing can be compared.
    """

    highest: Numbers
    lowest: Numbers

    @property
    def gap(self) -> Numbers:
        """Highest less lowest."""
        return self.highest - self.lowest

    @property
    def conflict(self) -> Numbers:
        """How far segments want opposite things: the weaker of the two sides, 0 to 1."""
        return np.minimum(np.maximum(self.highest, 0), np.maximum(-self.lowest, 0)) / HIGHEST


def extremes(medians: Numbers, rated: Flags) -> Extremes:
    """Return highest and lowest medians over segments.

    Parameters
    ----------
    medians
        Shape (items, segments, replicates); NaN where a replicate has no rating.
    rated
        Which segments have ratings at all, shape (items, segments).

    Returns
    -------
    Extremes
        NaN where a segment with ratings has none in a replicate, or no segment has ratings: a
        class without it would compare something else.
    """
    there = rated[:, :, None]
    highest = np.where(there, medians, -np.inf).max(axis=1)
    lowest = np.where(there, medians, np.inf).min(axis=1)
    none = ~rated.any(axis=1)
    highest[none], lowest[none] = np.nan, np.nan
    return Extremes(highest, lowest)


def classify(found: Extremes, thresholds: Thresholds) -> NDArray[np.int8]:
    """Return positions in :data:`CLASSES`, -1 where nothing can be compared.

    Examples
    --------
    >>> sides = Extremes(np.array([0.0, 5.0, 4.0, 2.0]), np.array([-3.0, -1.0, 3.0, 0.0]))
    >>> [CLASSES[code] for code in classify(sides, Thresholds())]
    ['unwanted', 'misaligned', 'strong', 'sufficient']
    """
    high, low, gap = found.highest, found.lowest, found.gap
    conditions = [
        np.isnan(gap),
        high <= 0,
        ((high > 0) & (low < 0)) | (gap >= thresholds.misaligned_gap),
        (low >= thresholds.strong) & (gap <= thresholds.strong_gap),
        low >= thresholds.sufficient,
    ]
    return np.select(conditions, [-1, 0, 1, 2, 3], 4).astype(np.int8)


def weighed(medians: Numbers, rated: Flags, importance: Numbers, power: Numbers) -> Numbers:
    """Return the severity that the opposition of each segment has.

    Against a segment with median x stands the highest median h: the difference counts
    max(min(h above 0, x below 0) / 5, (h - x) / 10), times the importance of the item, times the
    power of the segment. The severity of the item is the largest of them: with equal power it is
    that of the segment with the lowest median.

    Parameters
    ----------
    medians
        Shape (items, segments, replicates).
    rated
        Shape (items, segments).
    importance
        0 to 1, shape (items,).
    power
        0 to 1, shape (segments,).

    Returns
    -------
    numpy.ndarray
        Shape (items, segments, replicates); -inf for segments without ratings.
    """
    sides = extremes(medians, rated)
    high = sides.highest[:, None, :]
    conflict = np.minimum(np.maximum(high, 0), np.maximum(-medians, 0)) / HIGHEST
    size = np.maximum(conflict, (high - medians) / WIDEST)
    weight = importance[:, None, None] * power[None, :, None]
    return np.where(rated[:, :, None], size * weight, -np.inf)


def level_of(severity: float, thresholds: Thresholds) -> SeverityLevel:
    """Return the level of a severity: low, medium or high."""
    if severity >= thresholds.high:
        return "high"
    return "medium" if severity >= thresholds.medium else "low"
