"""Ordered levels: a base that all segments share, and a slope per segment.

``log P(level m | segment k) = a_m + b_k * score_m - log Z_k`` (adjacent-category logits; Goodman
1979, Magidson 1996) with equally spaced scores.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from forwhom.mixture.families.categorical import LEAST_START, Categorical, Multinomial
from forwhom.mixture.families.distribution import Arrays, Floats
from forwhom.tables.columns import Column


class Tilts(Multinomial):
    """Probabilities of levels that stand on a line; two levels are a binary variable."""

    @cached_property
    def scores(self) -> list[Floats]:
        items = [self.design.items[column] for column in self.columns]
        return [powers(np.array(item.scores), self.shape.degree) for item in items]

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        n_starts, _, k = neutral[0].shape
        tilt = np.ones_like(neutral[0])
        # What classes differ in besides where they stand, they differ less in.
        for d, steepness in enumerate((1.5, 0.5)[: self.shape.degree]):
            slopes = rng.normal(0.0, steepness, size=(n_starts, len(self.size), k))
            line = [
                scores[:, d] if d < scores.shape[1] else 0 * scores[:, 0] for scores in self.scores
            ]
            # Scores that reach further need less steep slopes.
            steps = np.concatenate([s / max(1.0, np.abs(s).max()) ** 0.5 for s in line])
            tilt *= np.exp(np.repeat(slopes, self.size, axis=1) * steps[:, None])
        return (np.maximum(self.normalized(neutral[0] * tilt), LEAST_START),)

    def comparable(self) -> Floats:
        """Scores, so that numbers in bins are compared as numbers are."""
        found = []
        for column, scores in zip(self.columns.tolist(), self.scores, strict=True):
            codes = self.design.item_codes(column)
            line = np.append(scores[:, 0], np.nan)[codes]
            spread = np.nanstd(line)
            found.append((line - np.nanmean(line)) / (spread if spread > 0 else 1.0))
        return np.array(found)


class Ordinal(Categorical):
    """Ordered levels; what is fitted is written and scored as any probability per level."""

    name = "ordinal"
    coded = Tilts

    def scores(self, n_levels: int) -> tuple[float, ...]:
        return tuple(np.linspace(-1.0, 1.0, n_levels).tolist())

    def per_segment(self, column: Column) -> int:
        return 1


def powers(scores: Floats, degree: int) -> Floats:
    """Scores and, of degree 2, how far out they are, shape (levels, D); never more than levels."""
    table = np.stack([scores, scores**2 - np.mean(scores**2)], axis=1)[:, :degree]
    return table[:, : max(1, len(scores) - 1)]
