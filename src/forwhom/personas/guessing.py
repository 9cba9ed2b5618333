"""How many more customers questions place right than always saying the largest segment does.

Three things make that uncertain. Customers are a sample, and so are the parameters that say where
they belong: both are in the influence of each customer on the difference. And the segments may not
be found again: then what is right changes from one replicate of the customers to the next. The
interval reaches as far as the one or the other does. Where segments are rules or cut points, what
they say is right by definition, and the difference is one of paired proportions.

Source: A. Agresti and Y. Min, Statistics in Medicine 24 (2005) 729-740 (half an observation more).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from forwhom.documents.segmentation import Interval
from forwhom.mixture.replicates import Refits
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Floats, Learned

Labels = NDArray[np.intp]
_ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Judged:
    """Customers who are placed by a few questions, and what is known of where they belong."""

    placed: Labels  # (m,)
    largest: int
    weights: Floats  # (m,)

    def ahead(self, k: int) -> Floats:
        """Return what is gained over the largest by placing each, if it is of a segment; (m, K)."""
        gained = np.zeros((len(self.placed), k))
        gained[np.arange(len(self.placed)), self.placed] = 1.0
        gained[:, self.largest] -= 1.0
        return gained

    def among(self, chances: Floats) -> float:
        """Return the difference, by the probability of each segment (m, K)."""
        gained = (self.ahead(chances.shape[1]) * chances).sum(axis=1)
        return float(self.weights @ gained / self.weights.sum())

    @property
    def _unseen(self) -> float:
        """Variance by customers who are placed elsewhere and are not among these."""
        effective = self.weights.sum() ** 2 / (self.weights @ self.weights)
        return float((effective + 2) ** -2)

    def error_of_rules(self, truth: Labels, k: int) -> float:
        """Return the standard error of the difference where the right segment is known."""
        gained = self.ahead(k)[np.arange(len(truth)), truth]
        return self._error_of_sample(gained)

    def _error_of_sample(self, gained: Floats) -> float:
        off = self.weights * (gained - self.weights @ gained / self.weights.sum())
        return float(np.sqrt(off @ off / self.weights.sum() ** 2 + self._unseen))

    def error_of_learned(
        self, chances: Floats, learned: Learned, at: Labels, factor: float
    ) -> float:
        """Return the standard error where segments were learned, these customers being ``at``.

        ``factor`` customers of the sample stand behind each of whom the influence is known.
        """
        k, total = chances.shape[1], float(self.weights.sum())
        gained = self.ahead(k)
        own = (gained * chances).sum(axis=1)
        influence = np.zeros((len(learned.customers), 1))
        for segment in range(k):
            pulls = np.zeros_like(influence)
            pulls[at, 0] = self.weights * gained[:, segment] / (total * factor)
            influence += learned.moved(learned.slopes(segment, pulls))
        influence[at, 0] += (own - self.weights @ own / total) / (total * np.sqrt(factor))
        return float(np.sqrt(learned.covariance(influence)[0, 0] + self._unseen))


def again(judged: Judged, refits: Refits, k: int) -> Floats:
    """Return the difference in each replicate, if its segments are the right ones; (R,)."""
    found = []
    for labels in refits.cold:
        table = np.bincount(refits.found * k + labels, refits.weights, k * k).reshape(k, k)
        same = np.empty(k, dtype=np.intp)
        here, there = linear_sum_assignment(table, maximize=True)
        same[there] = here
        found.append(judged.among(np.eye(k)[same[labels]]))
    return np.array(found)


def interval_of_gain(value: float, error: float, replicates: Floats | None = None) -> Interval:
    """Return the interval of a difference, which holds those of the replicates, too."""
    low, high = value - Z95 * error, value + Z95 * error
    if replicates is not None:
        ends = np.quantile(replicates, _ENDS)
        low, high = min(low, float(ends[0])), max(high, float(ends[1]))
    return Interval(low=round(max(low, -1.0), 4), high=round(min(high, 1.0), 4))
