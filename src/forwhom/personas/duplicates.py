"""Not the same thing twice: of near-duplicate variables, one is said.

The stronger one, but one that formed the segments before one that only describes them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from forwhom.documents.segmentation import Distinction
from forwhom.statistics.membership import Floats
from forwhom.tables.columns import Column

#: Two variables that correlate this much say the same thing.
SAME = 0.8


@dataclass(frozen=True)
class Said:
    """A distinction with the values that it talks about."""

    distinction: Distinction
    column: Column
    formed_segments: bool

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What it talks about: a number, whether there is any of it, or one level."""
        return self.distinction.variable, self.distinction.level, self.distinction.kind

    def values(self, rows: NDArray[np.intp]) -> Floats:
        """Return the ranks of a number, or whether a level is there; NaN where missing."""
        values = self.column.values[rows].astype(np.float64)
        if self.column.levels is not None:
            code = self.column.levels.index(self.distinction.level or "")
            return np.where(values < 0, np.nan, (values == code).astype(np.float64))
        if self.distinction.kind == "h":
            return np.where(np.isnan(values), np.nan, (values > 0).astype(np.float64))
        observed = np.isfinite(values)
        ranks = np.full(len(values), np.nan)
        ranks[observed] = rankdata(values[observed])
        return ranks


def drop_repetitions(found: list[list[Said]], rows: NDArray[np.intp]) -> list[list[Distinction]]:
    """Return the distinctions of each segment, strongest first, each thing said once.

    Parameters
    ----------
    found
        The distinctions of each segment.
    rows
        The sample of rows in which correlations are measured.
    """
    distinct = {said.key: said for group in found for said in group}
    place = {key: i for i, key in enumerate(distinct)}
    correlation = _correlations([said.values(rows) for said in distinct.values()])
    kept: list[list[Distinction]] = []
    for group in found:
        chosen: list[Said] = []
        # What formed the segments is said rather than what only describes them.
        for said in sorted(
            group, key=lambda s: (not s.formed_segments, -abs(s.distinction.effect))
        ):
            row = correlation[place[said.key]]
            if all(abs(row[place[other.key]]) < SAME for other in chosen):
                chosen.append(said)
        distinctions = [said.distinction for said in chosen]
        kept.append(sorted(distinctions, key=lambda d: -abs(d.effect)))
    return kept


def _correlations(every: list[Floats]) -> Floats:
    """Return the correlations of vectors over the rows that both have, 0 when one is constant."""
    if not every:
        return np.zeros((0, 0))
    values = np.array(every)
    observed = (~np.isnan(values)).astype(np.float64)
    n = np.maximum(observed.sum(axis=1, keepdims=True), 1.0)
    filled = np.where(observed > 0, values, 0.0)
    centered = np.where(observed > 0, filled - filled.sum(axis=1, keepdims=True) / n, 0.0)
    squares = centered**2 @ observed.T
    scale = np.sqrt(squares * squares.T)
    products = centered @ centered.T
    correlations: Floats = np.divide(
        products, scale, out=np.zeros_like(products), where=scale > 1e-12
    )
    return correlations
