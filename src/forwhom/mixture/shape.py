"""The shape of a mixture: how variables depend on each other within segments, and on a factor."""

from __future__ import annotations

from dataclasses import dataclass
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
    #: Free parameters that a rotation of the factors takes back.
    rotations: int = 0

    @property
    def n_segments(self) -> int:
        """Segments that the classes belong to."""
        return int(self.segment.max()) + 1

    def by_segment(self, classes: Floats) -> Floats:
        """Add up over the classes of each segment, along the last axis."""
        member = self.segment[:, None] == np.arange(self.n_segments)
        return np.asarray(classes @ member.astype(np.float64))


@dataclass(frozen=True)
class Shape:
    """What a model lets differ: matrices, spreads of tilts, classes within segments."""

    #: ``"full"`` or ``"tied"`` join all continuous variables in one block
    covariance: Covariance = "diagonal"
    #: scores of a level that segments can weigh: where it stands (1), and how far out as well (2)
    degree: int = 1
    classes: Classes | None = None


PLAIN = Shape()
