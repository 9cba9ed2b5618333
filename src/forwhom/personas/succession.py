"""A new model of the same customers keeps the numbers and names of the old segments."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from forwhom.documents import Segmentation
from forwhom.mixture import FittedMixture
from forwhom.mixture.matching import match_segments
from forwhom.mixture.scoring import score
from forwhom.tables.columns import Column


def in_old_order(
    fitted: FittedMixture,
    columns: Mapping[str, Column],
    weights: NDArray[np.float64] | None,
    old: Segmentation | None,
) -> tuple[FittedMixture, list[str | None] | None, list[str]]:
    """Order the segments like those of ``old`` that hold mostly the same customers."""
    if old is None:
        return fitted, None, []
    before = score(old.model, columns).probabilities
    order, partner = match_segments(before, fitted.responsibilities(), weights)
    names = [_given_name(old, segment) for segment in partner]
    return fitted.ordered(order), names, _notes(old, partner)


def _given_name(old: Segmentation, segment: int) -> str | None:
    if segment < 0:
        return None
    known = old.segments[segment]
    return known.name if known.name != known.proposed_name else None


def _notes(old: Segmentation, partner: NDArray[np.int64]) -> list[str]:
    lost = [s for i, s in enumerate(old.segments) if i not in partner]
    new = [str(place + 1) for place in np.flatnonzero(partner < 0)]
    notes = [f"Segment {s.id} of the earlier run ({s.name}) has no successor." for s in lost]
    if new:
        notes.append(f"Segments without a predecessor in the earlier run: {', '.join(new)}.")
    return notes
