"""Bivariate residuals: pairs of variables that the segments do not make independent.

Within a segment the variables should be independent. For each pair the table that the model
expects is compared with the observed one: Pearson's chi-square divided by its degrees of freedom
(Vermunt and Magidson 2005). Numbers are cut into bins, so that every pair has one measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import Item
from forwhom.documents.segmentation import Residual
from forwhom.mixture.cells import Cells
from forwhom.mixture.families import family_of
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]

#: Customers that are looked at, evenly spread; more do not change the picture.
MOST_ROWS = 100_000


def bivariate_residuals(
    items: list[Item],
    weights: Floats,
    columns: Mapping[str, Column],
    sample_weights: Floats | None = None,
    threshold: int = 1,
) -> list[Residual]:
    """Measure what the segments leave unexplained between each pair of variables, largest first.

    About 1 is expected; above about 4 the pair deserves a look. Pairs inside a block with a
    covariance matrix are left out, since their association is part of the model. Of a table of two
    by two, the measure would give the counts; so cells of fewer customers than the ``threshold``
    count as what is expected, as far as that is few too, and measures have two digits.
    """
    n = len(next(iter(columns.values())))
    rows = np.unique(np.linspace(0, n - 1, min(n, MOST_ROWS)).astype(np.int64))
    w = None if sample_weights is None else sample_weights[rows]
    seen = {name: replace(c, values=c.values[rows]) for name, c in columns.items()}
    cells = [family_of(item).cells(item, seen) for item in items]
    found = [
        Residual(
            first=a.variable, second=b.variable, value=_pearson(a, b, weights, w, threshold)
        )
        for (i, a), (j, b) in combinations([(i, c) for i, own in enumerate(cells) for c in own], 2)
        if i != j
    ]  # fmt: skip
    return sorted(found, key=lambda r: -r.value)


def _pearson(a: Cells, b: Cells, weights: Floats, w: Floats | None, threshold: int) -> float:
    freedom = (a.probs.shape[1] - 1) * (b.probs.shape[1] - 1)
    observed = _together(a, b, w)
    if freedom == 0 or not observed.any():
        return 0.0
    expected = ((a.probs * weights[:, None]).T @ b.probs).ravel()
    expected = expected / expected.sum() * observed.sum()
    if threshold > 1:
        people = observed if w is None else _together(a, b, None)
        observed = _without_few(observed, expected, people, freedom, threshold)
    # A cell that nobody is expected in says nothing.
    use = expected > 1e-3
    found = float(((observed - expected)[use] ** 2 / expected[use]).sum() / freedom)
    return found if threshold <= 1 else float(f"{found:.1e}")


def _together(a: Cells, b: Cells, w: Floats | None) -> Floats:
    """Count the customers in each pair of cells, by weight if there is one; shape (pairs,)."""
    # Who has no answer is counted in a row or column of its own: faster than to leave them out.
    wide = b.probs.shape[1] + 1
    pairs = (a.codes + 1) * wide + (b.codes + 1)
    counts = np.bincount(pairs, w, minlength=(a.probs.shape[1] + 1) * wide)
    return np.asarray(counts.reshape(-1, wide)[1:, 1:].ravel(), dtype=np.float64)


def _without_few(
    observed: Floats,
    expected: Floats,
    people: Floats,
    freedom: int,
    threshold: int,
) -> Floats:
    """Return cells of which those of few say no more than that they are few."""
    small = (people > 0) & (people < threshold)
    likely = np.clip(expected, 0.5, threshold - 0.5)
    if freedom > 1 or not small.any():
        return np.where(small, likely, observed)
    # Of two by two cells, one and the margins are all.
    first = int(np.flatnonzero(small)[0])
    turn = np.array([1.0, -1.0, -1.0, 1.0]) * (1.0 if first in (0, 3) else -1.0)
    return np.asarray(observed + turn * (likely[first] - observed[first]))
