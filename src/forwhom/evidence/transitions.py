"""Where customers went from one period to the next, without a cell of few."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forwhom.documents.privacy import coarse_count, is_small, withheld_cells
from forwhom.documents.refresh import Transitions

Ints = NDArray[np.int64]


def transitions_of(
    before_ids: pa.Array,
    before: Ints,
    now_ids: pa.Array,
    now: Ints,
    *,
    k: int,
    threshold: int,
) -> Transitions | None:
    """Count customers by segment then and now, 1 to K and 0 for none; None without one in both."""
    at = pc.index_in(now_ids, before_ids).to_numpy(zero_copy_only=False)
    here = ~np.isnan(at.astype(float))
    if not here.any():
        return None
    # Places: segments in their order, then none of them; the last row and column are elsewhere.
    counts = np.zeros((k + 2, k + 2), dtype=np.int64)
    then = _place(before[at[here].astype(np.int64)], k)
    np.add.at(counts, (then, _place(now[here], k)), 1)
    np.add.at(counts, (np.full((~here).sum(), k + 1), _place(now[~here], k)), 1)
    stayed_away = np.ones(len(before), dtype=bool)
    stayed_away[at[here].astype(np.int64)] = False
    np.add.at(counts, (_place(before[stayed_away], k), np.full(stayed_away.sum(), k + 1)), 1)
    hidden = withheld_cells(counts.tolist(), threshold)
    shown = [
        [None if hide else int(n) for n, hide in zip(row, mask, strict=True)]
        for row, mask in zip(counts, hidden, strict=True)
    ]
    same = [shown[i][i] for i in range(k + 1)]
    known = [n for n in same if n is not None]
    both = int(here.sum())
    if any(is_small(n - both, threshold) for n in (len(before), len(now))):
        # Else it would tell how few came, or left.
        both = coarse_count(both, len(now), threshold)
    stayed = round(sum(known) / both, 3) if len(known) == len(same) else None
    inner = counts[: k + 1, : k + 1]
    chance = float(inner.sum(axis=1) @ inner.sum(axis=0)) / float(inner.sum()) ** 2
    return Transitions(
        segments=[*range(1, k + 1), 0],
        both=both,
        table=[row[: k + 1] for row in shown[: k + 1]],
        new=shown[k + 1][: k + 1],
        left=[row[k + 1] for row in shown[: k + 1]],
        stayed=stayed,
        by_chance=None if stayed is None else round(chance, 2),
    )


def _place(segments: Ints, k: int) -> Ints:
    """Return the row of a segment: none of them comes last."""
    return np.asarray(np.where(segments > 0, segments - 1, k))
