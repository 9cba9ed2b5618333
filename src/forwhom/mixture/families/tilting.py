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
#: Longest step of a slope, its largest value, and the lowest base (a logarithm): all finite.
LONGEST = 1.5
STEEPEST = 100.0
LOWEST = -200.0
#: Most times that a step which overshoots is cut in half.
HALVINGS = 12


def tilted(
    counts: Floats,
    current: Floats,
    scores: Floats,
    design: Floats | None = None,
    cycles: int = CYCLES,
) -> Floats:
    """Return probabilities (S, levels, classes) that fit weighted counts of the same shape better.

    ``scores`` has shape (levels, D), ``design`` (features, classes); without it every class has
    slopes of its own. ``current`` are probabilities to begin with; they need not follow the model.
    """
    free = design is None
    x = np.eye(counts.shape[2]) if design is None else np.ascontiguousarray(design)
    out = np.empty_like(counts)
    centered = scores - scores.mean(axis=0)
    slopes_of = np.linalg.pinv(centered)
    features_of = np.linalg.pinv(x) if not free else x
    fit_all(
        np.ascontiguousarray(counts), np.ascontiguousarray(current), np.ascontiguousarray(scores),
        slopes_of, x, features_of, free, cycles, out,
    )  # fmt: skip
    return out


@_jit
def fit_all(counts, current, scores, slopes_of, design, features_of, free, cycles, out):
    """Fit every start; ``slopes_of`` and ``features_of`` are the inverses of scores and design."""
    n_levels, width = scores.shape
    n_features, n_classes = design.shape
    for s in range(len(counts)):
        sizes, totals = counts[s].sum(axis=0), counts[s].sum(axis=1)
        base, slopes = np.empty(n_levels), np.empty((width, n_features))
        logs, trial = np.empty((n_levels, n_classes)), np.empty((n_levels, n_classes))
        _recover(current[s], sizes, scores, slopes_of, design, features_of, base, slopes)
        value = _evaluate(counts[s], base, slopes @ design, scores, logs)
        level = np.log(np.maximum(totals, 1e-300))
        level = np.maximum(level - level.max(), LOWEST)
        flat = _evaluate(counts[s], level, np.zeros((width, n_classes)), scores, trial)
        if not value >= flat:
            base[:], slopes[:], logs[:] = level, 0.0, trial
            value = flat
        for _ in range(cycles):
            step = _newton(counts[s], sizes, scores, design, logs, free)
            value = _move(counts[s], base, slopes, step, design, scores, logs, trial, value)
            _rescale(totals, sizes, logs, base)
            value = _evaluate(counts[s], base, slopes @ design, scores, logs)
        out[s] = np.exp(logs)


@_jit
def _recover(probs, sizes, scores, slopes_of, design, features_of, base, slopes):
    """Base and slopes of probabilities: exact when they follow the model, near them otherwise."""
    logs = np.log(np.maximum(probs, 1e-300))
    slopes[:] = np.minimum(np.maximum((slopes_of @ logs) @ features_of, -STEEPEST), STEEPEST)
    rest = logs - scores @ (slopes @ design)
    share = (sizes + 1e-300) / (sizes + 1e-300).sum()
    base[:] = rest @ share
    base[:] = np.maximum(base - base.max(), LOWEST)


@_jit
def _evaluate(counts, base, tilt, scores, logs):
    """Write the log probabilities (levels, classes); return the log-likelihood of the counts."""
    n_levels, width = scores.shape
    value = 0.0
    for c in range(tilt.shape[1]):
        top = -np.inf
        for m in range(n_levels):
            v = base[m]
            for d in range(width):
                v += scores[m, d] * tilt[d, c]
            logs[m, c] = v
            top = max(top, v)
        total = 0.0
        for m in range(n_levels):
            total += math.exp(logs[m, c] - top)
        normalizer = top + math.log(total)
        for m in range(n_levels):
            logs[m, c] -= normalizer
            value += counts[m, c] * logs[m, c]
    return value


@_jit
def _newton(counts, sizes, scores, design, logs, free):
    """Newton step of the slopes (D, features) with the base held."""
    width, n_features = scores.shape[1], len(design)
    gradient = np.zeros((n_features, width))
    # Slopes of free classes do not meet: a block of each stands in the place of the whole.
    curvature = np.zeros((n_features, width, 1 if free else n_features, width))
    for c in range(len(sizes)):
        p = np.exp(logs[:, c])
        mean = p @ scores
        ahead = scores.T @ np.ascontiguousarray(counts[:, c]) - sizes[c] * mean
        spread = sizes[c] * _covariance(p, scores, mean)
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
def _move(counts, base, slopes, step, design, scores, logs, trial, value):
    """Take the step, or as much of it as does not overshoot; return the log-likelihood."""
    length = 1.0
    for _ in range(HALVINGS):
        there = np.minimum(np.maximum(slopes + length * step, -STEEPEST), STEEPEST)
        found = _evaluate(counts, base, there @ design, scores, trial)
        if found >= value - 1e-13 * abs(value):
            slopes[:], logs[:] = there, trial
            return found
        length *= 0.5
    return value


@_jit
def _rescale(totals, sizes, logs, base):
    """Scale the base so that the levels get nearer to their totals (one iterative scaling)."""
    for m in range(len(base)):
        expected = 0.0
        for c in range(len(sizes)):
            expected += sizes[c] * math.exp(logs[m, c])
        base[m] += math.log(max(totals[m], 1e-300) / max(expected, 1e-300))
    top = base.max()
    for m in range(len(base)):
        base[m] = max(base[m] - top, LOWEST)
