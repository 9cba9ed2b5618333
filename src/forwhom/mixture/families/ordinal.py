"""Ordinal variables: thresholds that all segments share, one slope per segment.

``log P(level m | segment k) = a_m + b_k * score_m - log Z_k`` (adjacent-category logits; Goodman
1979, Magidson 1996). Its natural parameter multiplies the score of the level, so it stays in the
exponential family; the thresholds ``a`` are shared, which couples the segments. Newton's method
solves the concave problem in a few steps.
"""

from __future__ import annotations

import numpy as np

from forwhom.mixture.families.categorical import LEAST_START, Categorical, Multinomial
from forwhom.mixture.families.distribution import Arrays, Floats
from forwhom.tables.columns import Column

STEPS = 25
#: Most times that a step which overshoots is cut in half.
HALVINGS = 30


class AdjacentCategories(Multinomial):
    """Probabilities of ordered levels; two levels are a binary variable."""

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        slopes = rng.normal(0.0, 1.5, size=(len(neutral[0]), len(self.size), neutral[0].shape[2]))
        steps = np.concatenate([scores(size) for size in self.size.tolist()])
        tilt = np.exp(np.repeat(slopes, self.size, axis=1) * steps[:, None])
        return (np.maximum(self.normalized(neutral[0] * tilt), LEAST_START),)

    def fitted(self, counts: Floats, current: Floats, marginal: Floats) -> Floats:
        probs = super().fitted(counts, current, marginal)
        for at in self.places():
            if at.stop - at.start > 2:
                probs[:, at] = ordinal_mstep(counts[:, at], current[:, at])
        return probs

    def _count(self, levels: int, k: int) -> int:
        return (levels - 1) + (k - 1) if levels > 2 else super()._count(levels, k)


class Ordinal(Categorical):
    """Ordered levels; what is fitted is written and scored as any probability per level."""

    name = "ordinal"
    coded = AdjacentCategories

    def per_segment(self, column: Column) -> int:
        return 1


def scores(n_levels: int) -> Floats:
    """Equally spaced scores from -1 to 1, shape (levels,)."""
    return np.linspace(-1.0, 1.0, n_levels)


def ordinal_mstep(counts: Floats, current: Floats) -> Floats:
    """Fit weighted counts (S, levels, K); ``current`` probabilities need not follow the model."""
    n_starts, n_levels, _ = counts.shape
    score = scores(n_levels)
    totals = counts.sum(axis=1)
    scale = np.maximum(totals.sum(axis=1), 1e-300)
    theta, value = _start(counts, current, totals, score)
    for _ in range(STEPS):
        step, decrement = _newton(theta, counts, totals, score)
        if (decrement <= 1e-14 * scale).all():
            break
        length = np.ones((n_starts, 1))
        for _ in range(HALVINGS):
            trial = theta + length * step
            trial_value = _objective(trial, counts, score)
            worse = trial_value < value - 1e-12 * np.abs(value)
            if not worse.any():
                break
            length[worse] *= 0.5
        better = trial_value >= value
        theta[better], value[better] = trial[better], trial_value[better]
        if not better.any():
            break
    return _probabilities(theta, score)


def _probabilities(theta: Floats, score: Floats) -> Floats:
    logits = theta[:, : len(score), None] + theta[:, None, len(score) :] * score[:, None]
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def _objective(theta: Floats, counts: Floats, score: Floats) -> Floats:
    p = _probabilities(theta, score)
    return np.asarray((counts * np.log(np.maximum(p, 1e-300))).sum(axis=(1, 2)))


def _start(counts: Floats, current: Floats, totals: Floats, score: Floats) -> tuple[Floats, Floats]:
    """Start near the current probabilities, or from equal segments where those explain more.

    Near a boundary the current ones can be so far from the counts that Newton would not return.
    """
    near = _project(current, totals, score)
    equal = np.zeros_like(near)
    equal[:, : len(score)] = np.log(np.maximum(counts.sum(axis=2), 1e-300))
    value, other = _objective(near, counts, score), _objective(equal, counts, score)
    better = other > value
    return np.where(better[:, None], equal, near), np.where(better, other, value)


def _project(current: Floats, totals: Floats, score: Floats) -> Floats:
    """Thresholds and slopes near the given probabilities (exact when they follow the model)."""
    logs = np.log(np.maximum(current, 1e-300))
    centered = score - score.mean()
    slopes = np.einsum("m,smk->sk", centered, logs) / (centered @ centered)
    rest = logs - slopes[:, None, :] * score[:, None]
    rest -= rest.mean(axis=1, keepdims=True)
    share = (totals + 1e-300) / (totals + 1e-300).sum(axis=1, keepdims=True)
    return np.concatenate([np.einsum("smk,sk->sm", rest, share), slopes], axis=1)


def _newton(theta: Floats, counts: Floats, totals: Floats, score: Floats) -> tuple[Floats, Floats]:
    """Newton step and the decrement (the gain it promises), per start."""
    n_starts, n_levels, k = counts.shape
    p = _probabilities(theta, score)
    residual = counts - totals[:, None, :] * p
    gradient = np.concatenate(
        [residual.sum(axis=2), np.einsum("m,smk->sk", score, residual)], axis=1
    )
    weighted = totals[:, None, :] * p
    mean = np.einsum("m,smk->sk", score, p)
    size = n_levels + k
    hessian = np.zeros((n_starts, size, size))
    levels, slopes = np.arange(n_levels), n_levels + np.arange(k)
    hessian[:, :n_levels, :n_levels] = -np.einsum("smk,slk->sml", weighted, p)
    hessian[:, levels, levels] += weighted.sum(axis=2)
    cross = weighted * (score[:, None] - mean[:, None, :])
    hessian[:, :n_levels, n_levels:] = cross
    hessian[:, n_levels:, :n_levels] = np.swapaxes(cross, 1, 2)
    hessian[:, slopes, slopes] = np.einsum("m,smk->sk", score, cross)
    # Two directions change nothing (all thresholds; all slopes with the thresholds): the gradient
    # is zero along them, and a small ridge makes the system solvable.
    trace = np.trace(hessian, axis1=1, axis2=2)
    hessian += (1e-10 * trace + 1e-300)[:, None, None] * np.eye(size)
    step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
    return step, np.einsum("si,si->s", gradient, step)
