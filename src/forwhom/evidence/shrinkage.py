"""Estimates that know of each other: intervals that hold also for what was picked out.

Of thousands of statements those are told that stand out, and what stands out is partly chance.
The distribution of the true effects is learned from all estimates, as a mixture of normal
distributions around zero, and each estimate is drawn toward it. Source: M. Stephens, "False
discovery rates: a new deal", Biostatistics 18 (2017) 275-294.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

#: Passes of EM, and halvings by which quantiles are found.
_PASSES, _HALVINGS = 100, 60
#: Pseudo-effects that are zero, as where nothing tells none is there; and of each other spread, as
#: a few estimates rule none out.
_NULL, _ANY = 9.0, 1.0
#: Estimates that the distribution is learned from, at most.
_MOST = 5000


@dataclass(frozen=True)
class Effects:
    """The distribution of true effects: a mixture of normal distributions around zero."""

    spreads: Floats  # standard deviations, shape (G,); the first is 0
    shares: Floats  # (G,)

    @classmethod
    def learned(cls, estimates: Floats, errors: Floats) -> Effects:
        """Learn the distribution from estimates and their standard errors, shape (n,)."""
        step = max(len(estimates) // _MOST, 1)
        order = np.lexsort((errors, estimates))[::step]
        b, s = estimates[order], errors[order]
        if not len(b):
            return cls(np.zeros(1), np.ones(1))
        widest = 2 * float(np.sqrt(np.maximum(b**2 - s**2, 0.0).max()))
        narrowest = float(s.min()) / 4
        grid = narrowest * np.sqrt(2.0) ** np.arange(60)
        spreads = np.concatenate([[0.0], grid[grid <= max(widest, narrowest)]])
        log = _log_density(b[:, None], s[:, None], spreads)
        density = np.exp(log - log.max(axis=1, keepdims=True))
        prior = np.full(len(spreads), _ANY)
        prior[0] = _NULL
        shares = np.full(len(spreads), 1 / len(spreads))
        for _ in range(_PASSES):
            mixed = density * shares
            parts = mixed / np.maximum(mixed.sum(axis=1, keepdims=True), 1e-300)
            shares = parts.sum(axis=0) + prior
            shares /= shares.sum()
        return cls(spreads, shares)

    def quantiles(self, estimates: Floats, errors: Floats, levels: Floats) -> Floats:
        """Return quantiles of true effects given their estimates, shape (n, levels)."""
        b, s = estimates[:, None], errors[:, None]
        log = _log_density(b, s, self.spreads) + np.log(np.maximum(self.shares, 1e-300))
        weight = np.exp(log - log.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        shrink = (self.spreads / np.hypot(s, self.spreads)) ** 2
        center, width = shrink * b, np.sqrt(shrink) * s
        found = np.empty((len(estimates), len(levels)))
        for j, level in enumerate(levels):
            low = (center - 9 * width).min(axis=1) - 1e-9
            high = (center + 9 * width).max(axis=1) + 1e-9
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                z = (middle[:, None] - center) / np.maximum(width, 1e-12)
                below = (weight * ndtr(z)).sum(axis=1) < level
                low, high = np.where(below, middle, low), np.where(below, high, middle)
            found[:, j] = (low + high) / 2
        return found


def _log_density(estimates: Floats, errors: Floats, spreads: Floats) -> Floats:
    """Return how likely estimates are for each spread of the truth, up to a constant, (n, G)."""
    total = np.hypot(errors, spreads)
    return np.asarray(-0.5 * (estimates / total) ** 2 - np.log(total))
