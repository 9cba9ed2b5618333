"""The shape of a mixture: how variables depend on each other within segments, and on a factor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Covariance = Literal["diagonal", "full", "tied"]


@dataclass(frozen=True)
class Classes:
    """Classes that the engine fits in place of segments: the points of a common factor in each.

    A class c belongs to ``segment[c]``, has the fixed share ``exp(log_share[c])`` of it, and its
    slopes are ``B x_c`` with ``features`` x of shape (features, classes): which segment it is, and
    where it stands on the factor.
    """

    segment: Ints
    log_share: Floats
    features: Floats
    #: Where each class stands on the factors, shape (classes, dimensions).
    places: Floats
    #: Free parameters that a rotation of the factors takes back.
    rotations: int = 0
    #: Bands that the one segment of a continuum is cut into; their shares are not free.
    band: Ints | None = None

    @property
    def n_segments(self) -> int:
        """Segments that the classes belong to."""
        return int(self.segment.max()) + 1

    @property
    def parts(self) -> Ints:
        """What a reader calls a segment, for each class: its band, where there are bands."""
        return self.segment if self.band is None else self.band

    def by_segment(self, classes: Floats) -> Floats:
        """Add up over the classes of each segment, along the last axis."""
        return added_up(classes, self.segment)

    def ordered(self, order: NDArray[np.integer]) -> tuple[Classes, Ints]:
        """Put segments or bands into another order: the new classes, and the old one of each."""
        number = np.argsort(order)
        if self.band is not None:
            return replace(self, band=number[self.band]), np.arange(len(self.band))
        k = len(order)
        moved = np.argsort(number[self.segment], kind="stable")
        features = np.vstack([self.features[order], self.features[k:]])[:, moved]
        classes = replace(
            self,
            segment=number[self.segment][moved],
            log_share=self.log_share[moved],
            features=features,
            places=self.places[moved],
        )
        return classes, moved


def added_up(values: Floats, parts: Ints) -> Floats:
    """Add up over the classes of each part, along the last axis."""
    member = parts[:, None] == np.arange(int(parts.max()) + 1)
    return np.asarray(values @ member.astype(np.float64))


@dataclass(frozen=True)
class Shape:
    """What a model lets differ: matrices, spreads of tilts, classes within segments."""

    #: ``"full"`` or ``"tied"`` join all continuous variables in one block
    covariance: Covariance = "diagonal"
    #: scores of a level that segments can weigh: where it stands (1), and how far out as well (2)
    degree: int = 1
    classes: Classes | None = None


PLAIN = Shape()
