"""What weights of customers are worth: the number of equal customers that say as much.

Every criterion, prior and interval takes the weights from here, so that all count alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def effective_size(weights: Floats) -> float:
    """Return how many equal weights say as much as sampling weights do (Kish 1965)."""
    scaled = weights / weights.max()
    return float(scaled.sum() ** 2 / (scaled @ scaled))


def sampling_weights(weights: Floats) -> Floats:
    """Scale weights, of which only the proportions count, to sum to their effective size."""
    scaled = weights / weights.max()
    total = scaled.sum()
    return np.asarray(scaled * (total / (scaled @ scaled)))


def counting_weights(weights: Floats) -> Floats:
    """Return weights that sum to the number of customers that they count for.

    Whole numbers are frequencies: a weight of 2 is two equal customers. All others are sampling
    weights. Sampling weights that were scaled before come back unchanged: where they are all
    whole, they are 0 or 1, and both readings are one.
    """
    return weights if is_counting(weights) else sampling_weights(weights)


def is_counting(weights: Floats) -> bool:
    """Return whether weights are frequencies: a row of weight 2 is two customers."""
    return bool((weights == np.floor(weights)).all())
