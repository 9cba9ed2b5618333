"""Fit counts of levels by tilts: one base that all classes share, and a slope per class.

``log P(level m | class c) = a_m + b_c . s_m - log Z_c`` with given scores ``s`` of the levels
(adjacent-category logits; Goodman 1979, Magidson 1996; exponential tilts, Anderson 1972). The base
``a`` is free, so that with one class every margin is fitted exactly. A design X (features ×
classes) can bind the slopes, ``b_c = B x_c``: then classes are the points of a line, or of lines.

A cycle is a Newton step for the slopes, which falls into small blocks when the base stands still,
and a step of iterative scaling for the base. Both never lower the likelihood, so a few cycles a
pass are a generalized M-step (Dempster, Laird and Rubin 1977), whose fixed points are the same.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_jit = nb.njit(nogil=True, cache=True, error_model="numpy")

CYCLES = 3
#: A cycle that gains less than this part of the likelihood is the last one: EM goes on anyway.
ENOUGH = 1e-10
#: Longest step of a slope, its largest value, and the lowest base (a logarithm): all finite.
LONGEST = 1.5
STEEPEST = 100.0
LOWEST = -200.0
#: Most times that a step which overshoots is cut in half.
HALVINGS = 12


class Tilting:
    """Which slopes there are: scores of the levels (levels, D), and what binds the classes.

    ``design`` has shape (features, classes); without it every class has slopes of its own.
    """

    def __init__(self, scores: Floats, design: Floats | None = None) -> None:
        self.scores = np.ascontiguousarray(scores)
        self.slopes_of = np.linalg.pinv(scores - scores.mean(axis=0))
        self.design = None if design is None else np.ascontiguousarray(design)
        self.features_of = None if design is None else np.linalg.pinv(design)

    @property
    def saturated(self) -> bool:
        """Whether any probabilities follow it: there is nothing to bind them."""
        levels, width = self.scores.shape
        return self.design is None and width >= levels - 1


def tilted(
    counts: Floats,
    current: Floats,
    tilting: Tilting,
    cycles: int = CYCLES,
    enough: float = ENOUGH,
) -> Floats:
    """Return probabilities (S, levels, classes) that fit weighted counts of the same shape better.

    ``current`` are probabilities to begin with; they need not follow the model. A cycle that gains
    less than ``enough``, as part of the log-likelihood, is the last one.
    """
    free = tilting.design is None or tilting.features_of is None
    design = np.eye(counts.shape[2]) if tilting.design is None else tilting.design
    features_of = design if tilting.features_of is None else tilting.features_of
    out = np.empty_like(counts)
    fit_all(
        np.ascontiguousarray(counts), np.ascontiguousarray(current), tilting.scores,
        tilting.slopes_of, design, features_of, free, cycles, enough, out,
    )  # fmt: skip
    return out


@_jit
def fit_all(counts, current, scores, slopes_of, design, features_of, free, cycles, enough, out):
    """Fit every start; ``slopes_of`` and ``features_of`` are the inverses of scores and design."""
    n_levels, width = scores.shape
    n_features, n_classes = design.shape
    base, slopes = np.empty(n_levels), np.empty((width, n_features))
    trial = np.empty((n_levels, n_classes))
    for s in range(len(counts)):
        sizes, totals = counts[s].sum(axis=0), counts[s].sum(axis=1)
        probs = out[s]
        _recover(current[s], sizes, scores, slopes_of, design, features_of, free, base, slopes)
        value = _evaluate(counts[s], sizes, base, _tilts(slopes, design, free), scores, probs)
        flat, level = _flat(totals)
        if not value >= flat:
            base[:], slopes[:], value = level, 0.0, flat
            for c in range(n_classes):
                probs[:, c] = np.exp(level) / np.exp(level).sum()
        for _ in range(cycles):
            before = value
            step = _newton(counts[s], sizes, scores, design, probs, free)
            _move(counts[s], sizes, base, slopes, step, design, free, scores, probs, trial, value)
            _rescale(totals, sizes, probs, base)
            tilts = _tilts(slopes, design, free)
            value = _evaluate(counts[s], sizes, base, tilts, scores, probs)
            # Near the end of EM the slopes hardly move: one cycle is enough.
            if value - before <= enough * abs(value):
                break


@_jit
def _tilts(slopes, design, free):
    return slopes.copy() if free else slopes @ design


@_jit
def _flat(totals):
    """Log-likelihood and base of classes that are all alike."""
    level = np.log(np.maximum(totals, 1e-300))
    level = np.maximum(level - level.max(), LOWEST)
    return (totals * (level - math.log(np.exp(level).sum()))).sum(), level


@_jit
def _recover(probs, sizes, scores, slopes_of, design, features_of, free, base, slopes):
    """Base and slopes of probabilities: exact when they follow the model, near them otherwise."""
    logs = np.log(np.maximum(probs, 1e-300))
    found = slopes_of @ logs
    if not free:
        found = found @ features_of
    slopes[:] = np.minimum(np.maximum(found, -STEEPEST), STEEPEST)
    logs -= scores @ _tilts(slopes, design, free)
    share = (sizes + 1e-300) / (sizes + 1e-300).sum()
    for m in range(len(base)):
        base[m] = (logs[m] * share).sum()
    base[:] = np.maximum(base - base.max(), LOWEST)


@_jit
def _evaluate(counts, sizes, base, tilt, scores, probs):
    """Write the probabilities (levels, classes); return the log-likelihood of the counts."""
    n_levels, width = scores.shape
    value = 0.0
    for c in range(tilt.shape[1]):
        top = -np.inf
        for m in range(n_levels):
            v = base[m]
            for d in range(width):
                v += scores[m, d] * tilt[d, c]
            probs[m, c] = v
            top = max(top, v)
            value += counts[m, c] * v
        total = 0.0
        for m in range(n_levels):
            probs[m, c] = math.exp(probs[m, c] - top)
            total += probs[m, c]
        value -= sizes[c] * (top + math.log(total))
        for m in range(n_levels):
            probs[m, c] /= total
    return value


@_jit
def _newton(counts, sizes, scores, design, probs, free):
    """Newton step of the slopes (D, features) with the base held."""
    width, n_features = scores.shape[1], len(design)
    gradient = np.zeros((n_features, width))
    # Slopes of free classes do not meet: a block of each stands in the place of the whole.
    curvature = np.zeros((n_features, width, 1 if free else n_features, width))
    for c in range(len(sizes)):
        mean, ahead = np.zeros(width), np.zeros(width)
        for m in range(len(scores)):
            for d in range(width):
                mean[d] += probs[m, c] * scores[m, d]
                ahead[d] += counts[m, c] * scores[m, d]
        ahead -= sizes[c] * mean
        spread = sizes[c] * _covariance(probs[:, c], scores, mean)
        if free:
            gradient[c] = ahead
            curvature[c, :, 0, :] = spread
        else:
            _add_feature_products(design[:, c], ahead, spread, gradient, curvature)
    step = np.zeros((width, n_features))
    if free:
        for c in range(n_features):
            step[:, c] = _solved(curvature[c, :, 0, :].copy(), gradient[c])
    else:
        size = n_features * width
        found = _solved(curvature.reshape(size, size), gradient.reshape(size))
        step[:] = found.reshape(n_features, width).T
    longest = np.abs(step).max()
    if not longest <= LONGEST:
        step *= LONGEST / longest if np.isfinite(longest) else 0.0
    return step


@_jit
def _covariance(p, scores, mean):
    width = scores.shape[1]
    spread = np.zeros((width, width))
    for m in range(len(p)):
        for d in range(width):
            for e in range(width):
                spread[d, e] += p[m] * (scores[m, d] - mean[d]) * (scores[m, e] - mean[e])
    return spread


@_jit
def _add_feature_products(x, ahead, spread, gradient, curvature):
    for f in range(len(x)):
        if x[f] != 0.0:
            gradient[f] += x[f] * ahead
            for g in range(len(x)):
                if x[g] != 0.0:
                    curvature[f, :, g, :] += x[f] * x[g] * spread


@_jit
def _solved(matrix, right):
    """Solve a system that a ridge makes regular: a direction without data stays where it is."""
    trace = 0.0
    for i in range(len(matrix)):
        trace += matrix[i, i]
    for i in range(len(matrix)):
        matrix[i, i] += 1e-9 * trace + 1e-9
    if len(matrix) == 1:
        return right / matrix[0, 0]
    return np.linalg.solve(matrix, right)


@_jit
def _move(counts, sizes, base, slopes, step, design, free, scores, probs, trial, value):
    """Take the step, or as much of it as does not overshoot."""
    length = 1.0
    for _ in range(HALVINGS):
        there = np.minimum(np.maximum(slopes + length * step, -STEEPEST), STEEPEST)
        found = _evaluate(counts, sizes, base, _tilts(there, design, free), scores, trial)
        if found >= value - 1e-13 * abs(value):
            slopes[:], probs[:] = there, trial
            return
        length *= 0.5


@_jit
def _rescale(totals, sizes, probs, base):
    """Scale the base so that the levels get nearer to their totals (one iterative scaling)."""
    for m in range(len(base)):
        expected = 0.0
        for c in range(len(sizes)):
            expected += sizes[c] * probs[m, c]
        base[m] += math.log(max(totals[m], 1e-300) / max(expected, 1e-300))
    top = base.max()
    for m in range(len(base)):
        base[m] = max(base[m] - top, LOWEST)
