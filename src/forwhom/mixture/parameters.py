"""Parameters of S mixtures at once, whatever their distributions are.

The leading axis S runs over starts: all of them are columns of one product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.families.distribution import Arrays, Floats
from forwhom.mixture.layout import Layout


@dataclass(frozen=True)
class Parameters:
    """Parameters of S mixtures with K segments: the arrays of each distribution of a layout."""

    parts: tuple[Arrays, ...]

    @property
    def weights(self) -> Floats:
        """Shares of the segments, shape (S, K)."""
        return self.parts[0][0]

    @property
    def n_starts(self) -> int:
        """S."""
        return len(self.weights)

    def pick(self, index: NDArray[np.integer]) -> Parameters:
        """Keep some of the starts."""
        return self._each(lambda array: array[index])

    def order(self, segments: NDArray[np.integer]) -> Parameters:
        """Reorder the segments of every start."""
        return self._each(lambda array: array[..., segments])

    def _each(self, change: Callable[[Floats], Floats]) -> Parameters:
        return Parameters(tuple(tuple(map(change, arrays)) for arrays in self.parts))


def stack(several: Sequence[Parameters]) -> Parameters:
    """Put several sets of starts behind each other."""
    return Parameters(
        tuple(
            tuple(np.concatenate(arrays) for arrays in zip(*part, strict=True))
            for part in zip(*(p.parts for p in several), strict=True)
        )
    )


def flatten(p: Parameters, layout: Layout) -> Floats:
    """Coordinates without bounds, shape (S, P)."""
    pairs = zip(layout.distributions, p.parts, strict=True)
    return _side_by_side([d.coordinates(arrays) for d, arrays in pairs])


def metric(p: Parameters, layout: Layout) -> Floats:
    """Square root of the complete-data information of each coordinate, shape (S, P)."""
    pairs = zip(layout.distributions, p.parts, strict=True)
    return _side_by_side([d.information(arrays, p.weights) for d, arrays in pairs])


def _side_by_side(parts: Sequence[Arrays]) -> Floats:
    return np.concatenate([x.reshape(len(x), -1) for arrays in parts for x in arrays], axis=1)


def unflatten(u: Floats, like: Parameters, layout: Layout) -> Parameters:
    """Parameters from coordinates of the same shapes as another set of starts has."""
    found, at = [], 0
    for distribution, arrays in zip(layout.distributions, like.parts, strict=True):
        coordinates = []
        for array in arrays:
            width = math.prod(array.shape[1:])
            coordinates.append(u[:, at : at + width].reshape(len(u), *array.shape[1:]))
            at += width
        found.append(distribution.parameters(tuple(coordinates)))
    return Parameters(tuple(found))


def degenerate(p: Parameters, layout: Layout) -> NDArray[np.bool_]:
    """Starts that ended on a point mass: a variance at its floor, or a singular matrix."""
    pairs = zip(layout.distributions, p.parts, strict=True)
    return np.asarray(np.any([d.degenerate(arrays) for d, arrays in pairs], axis=0))
