"""The shares of the segments: the distribution that has no column of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forwhom.mixture.families.distribution import (
    SMALLEST,
    Arrays,
    Distribution,
    Floats,
    Ints,
    Sums,
    Terms,
)
from forwhom.mixture.families.scores import RowScores, Scores, numbered


class Shares(Distribution):
    """How many customers each segment has, one array (S, K); the first of all distributions.

    Where segments fall into classes it has the classes' shares: those of the segments are free.
    """

    binds = True

    def blank(self, n_starts: int, k: int) -> Arrays:
        return (np.full((n_starts, k), 1 / k),)

    def _bound(self, shares: Floats) -> Arrays:
        """Keep the shares of classes within segments as they must be."""
        classes = self.shape.classes
        if classes is None:
            return (shares,)
        return (classes.by_segment(shares)[:, classes.segment] * np.exp(classes.log_share),)

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        return (arrays[0] / copies,)

    def fill(self, arrays: Arrays, terms: Terms) -> None:
        terms.const[:] += np.log(np.maximum(arrays[0], SMALLEST))

    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        weights = sums.segments + prior / sums.segments.shape[1]
        return self._bound(weights / weights.sum(axis=1, keepdims=True))

    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        extra = prior / arrays[0].shape[1]
        return np.asarray(extra * np.log(np.maximum(arrays[0], SMALLEST)).sum(axis=1))

    def coordinates(self, arrays: Arrays) -> Arrays:
        return (np.log(np.maximum(arrays[0], SMALLEST)),)

    def parameters(self, coordinates: Arrays) -> Arrays:
        w = np.exp(coordinates[0] - coordinates[0].max(axis=1, keepdims=True))
        return self._bound(w / w.sum(axis=1, keepdims=True))

    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        return (np.sqrt(arrays[0]),)

    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Logits of the shares against that of the last segment."""
        shares, n = arrays[0][0], len(weights)
        known = weights.sum(axis=0) + prior / len(shares)
        vectors = np.eye(len(shares))
        if self.shape.classes is not None:
            vectors = self.shape.classes.by_segment(vectors)
            shares = self.shape.classes.by_segment(shares)
        k = len(shares)
        spread = (np.diag(shares) - np.outer(shares, shares))[:-1, :-1]
        vectors = (vectors - shares)[:, :-1]

        def compute(segment: int, rows: slice) -> Floats:
            return np.tile(vectors[segment], (len(range(*rows.indices(n))), 1))

        index = numbered(len(known), k - 1, 0)
        return [RowScores((), index, known[:, None, None] * spread, compute)]

    def n_parameters(self, k: int, marginal: Floats) -> int:
        classes = self.shape.classes
        return k - 1 if classes is None else classes.n_segments - 1 - classes.rotations

    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        return (arrays[0][0],)
