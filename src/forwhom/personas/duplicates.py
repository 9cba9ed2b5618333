"""Not the same thing twice: of near-duplicate variables, one is said.

The stronger one, but one that formed the segments before one that only describes them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.segmentation import Distinction
from forwhom.statistics.correlation import correlations, ranks
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
        return ranks(values)


def drop_repetitions(found: list[list[Said]], rows: NDArray[np.intp]) -> list[list[Distinction]]:
    """Return the distinctions of each segment, strongest first, each thing said once.

    Correlations are measured in the sample of ``rows``.
    """
    distinct = {said.key: said for group in found for said in group}
    place = {key: i for i, key in enumerate(distinct)}
    values = [said.values(rows) for said in distinct.values()]
    correlation = correlations(np.array(values).reshape(len(values), len(rows)))
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
