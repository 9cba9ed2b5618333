"""Classes of alignment and severity, for many items and replicates at once.

The rule itself stands in :mod:`forwhom.documents.misalignment`; this is the same in arrays.
"""

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment.ratings import Flags, Numbers
from forwhom.documents.canvas.ratings import HIGHEST, Thresholds
from forwhom.documents.misalignment import WIDEST
from forwhom.documents.results.alignment import AlignmentClass

#: In the order in which they are asked for; the first that fits is the class.
CLASSES: tuple[AlignmentClass, ...] = ("unwanted", "misaligned", "strong", "sufficient", "weak")


def extremes(medians: Numbers, rated: Flags) -> tuple[Numbers, Numbers]:
    """Return the highest and the lowest median over segments, shape (items, replicates).

    ``medians`` have shape (items, segments, replicates), ``rated`` (items, segments). NaN where a
    segment with ratings has none in a replicate: a class without it would compare something else.
    """
    there = rated[:, :, None]
    highest = np.where(there, medians, -np.inf).max(axis=1)
    lowest = np.where(there, medians, np.inf).min(axis=1)
    none = ~rated.any(axis=1)
    highest[none], lowest[none] = np.nan, np.nan
    return highest, lowest


def classify(medians: Numbers, rated: Flags, thresholds: Thresholds) -> NDArray[np.int8]:
    """Return positions in :data:`CLASSES`, -1 where nothing can be compared."""
    high, low = extremes(medians, rated)
    gap = high - low
    conditions = [
        np.isnan(gap),
        high <= 0,
        ((high > 0) & (low < 0)) | (gap >= thresholds.misaligned_gap),
        (low >= thresholds.strong) & (gap <= thresholds.strong_gap),
        low >= thresholds.sufficient,
    ]
    return np.select(conditions, [-1, 0, 1, 2, 3], 4).astype(np.int8)


def weighed(
    medians: Numbers,
    asked: Flags,
    importance: Numbers,
    power: Numbers,
    rated: Flags | None = None,
) -> Numbers:
    """Return the severity that the opposition of each segment makes; -inf where it is not asked.

    ``medians`` and the answer have shape (items, segments, replicates), ``asked`` (items,
    segments), ``importance`` (items,) and ``power`` (segments,). Each is set against the highest
    median of all that have ratings, ``rated``; left out: of those that are asked.
    """
    high = extremes(medians, asked if rated is None else rated)[0][:, None, :]
    conflict = np.minimum(np.maximum(high, 0), np.maximum(-medians, 0)) / HIGHEST
    size = np.maximum(conflict, (high - medians) / WIDEST)
    weight = importance[:, None, None] * power[None, :, None]
    return np.where(asked[:, :, None], size * weight, -np.inf)
