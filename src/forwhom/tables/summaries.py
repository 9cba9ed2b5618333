"""Summaries of arrays and of counted values: NumPy only, the same numbers from every engine."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Quantiles of numbers that a summary holds.
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class NumberStatistics:
    """Statistics of numbers; the fields are those of :class:`Summary`."""

    minimum: float
    maximum: float
    mean: float
    sd: float
    quantiles: Mapping[float, float]
    zeros: float
    negatives: int
    whole: bool


def counted_statistics(values: NDArray[np.float64], counts: NDArray[np.int64]) -> NumberStatistics:
    """Compute statistics of numbers from different values and how often each occurs.

    Infinity is left out.
    """
    finite = np.flatnonzero(np.isfinite(values))
    if len(finite) == 0:
        nothing = float("nan")
        return NumberStatistics(nothing, nothing, nothing, nothing, {}, 0.0, 0, whole=False)
    order = finite[np.argsort(values[finite])]
    x, w = values[order], counts[order]
    n = int(w.sum())
    with np.errstate(over="ignore"):  # what is too large to be squared has an infinite spread
        mean = float(np.dot(x, w) / n)
        spread = float(np.dot((x - mean) ** 2, w) / max(n - 1, 1))
    cumulated = np.cumsum(w)
    return NumberStatistics(
        minimum=float(x[0]),
        maximum=float(x[-1]),
        mean=mean,
        sd=float(np.sqrt(spread)),
        quantiles={q: _quantile(x, cumulated, q) for q in QUANTILES},
        zeros=float(w[x == 0].sum() / n),
        negatives=int(w[x < 0].sum()),
        whole=bool(np.all(x == np.floor(x))),
    )


def _quantile(x: NDArray[np.float64], cumulated: NDArray[np.int64], q: float) -> float:
    """Interpolate linearly between order statistics of counted values."""
    position = q * (cumulated[-1] - 1)
    below = int(np.floor(position))
    first = x[np.searchsorted(cumulated, below, side="right")]
    second = x[np.searchsorted(cumulated, min(below + 1, cumulated[-1] - 1), side="right")]
    return float(first if first == second else first + (position - below) * (second - first))
