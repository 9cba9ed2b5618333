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
from functools import lru_cache

import numba as nb
import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.kernels import exponentials

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
#: What makes a curvature regular, as part of it and in all.
RIDGE = 1e-9


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
    design = _apart(counts.shape[2]) if tilting.design is None else tilting.design
    features_of = design if tilting.features_of is None else tilting.features_of
    out = np.empty(counts.shape)
    # In one order of bytes, so that one kernel is compiled.
    counts, logs = np.ascontiguousarray(counts), np.log(np.maximum(current, 1e-300), order="C")
    fit_all(
        counts, logs, tilting.scores,
        tilting.slopes_of, design, features_of, free, cycles, enough, out,
    )  # fmt: skip
    return out


@lru_cache
def _apart(n_classes: int) -> Floats:
    """The design of classes that nothing binds."""
    return np.eye(n_classes)


@_jit
def fit_all(counts, logs, scores, slopes_of, design, features_of, free, cycles, enough, out):
    """Fit every start; ``slopes_of`` and ``features_of`` are the inverses of scores and design."""
    n_levels, width = scores.shape
    n_features, n_classes = design.shape
    base, totals = np.empty(n_levels), np.empty(n_levels)
    slopes, tilts = np.empty((width, n_features)), np.empty((width, n_classes))
    wanted, sizes = np.empty((width, n_classes)), np.empty(n_classes)
    trial, scratch = np.empty((n_levels, n_classes)), np.empty(n_levels * n_classes)
    rows = np.empty((2, n_classes))
    for s in range(len(counts)):
        probs = out[s]
        _add_up(counts[s], scores, sizes, totals, wanted)
        told, ways = (sizes, totals, wanted), (scores, design, free)
        _recover(logs[s], sizes, ways, slopes_of, features_of, base, slopes, tilts)
        value = _evaluate(told, base, tilts, scores, probs, scratch, rows)
        flat, level = _flat(totals)
        if not value >= flat:
            base[:], slopes[:], tilts[:], value = level, 0.0, 0.0, flat
            value = _evaluate(told, base, tilts, scores, probs, scratch, rows)
        for _ in range(cycles):
            before = value
            step = _newton(told, ways, probs)
            value = _move(
                told, ways, step, base, slopes, tilts, probs, value, (trial, scratch, rows)
            )
            value += _rescale(told, base, probs, rows)
            # Near the end of EM the slopes hardly move: one cycle is enough.
            if value - before <= enough * abs(value):
                break


@_jit
def _add_up(counts, scores, sizes, totals, wanted):
    """Add counts up over levels and over classes, and the scores that each class has in all."""
    sizes[:], totals[:], wanted[:] = 0.0, 0.0, 0.0
    for m in range(len(totals)):
        total = 0.0
        for c in range(len(sizes)):
            sizes[c] += counts[m, c]
            total += counts[m, c]
        totals[m] = total
        for d in range(len(wanted)):
            for c in range(len(sizes)):
                wanted[d, c] += scores[m, d] * counts[m, c]


@_jit
def _flat(totals):
    """Log-likelihood and base of classes that are all alike."""
    level = np.log(np.maximum(totals, 1e-300))
    level = np.maximum(level - level.max(), LOWEST)
    return (totals * (level - math.log(np.exp(level).sum()))).sum(), level


@_jit
def _recover(logs, sizes, ways, slopes_of, features_of, base, slopes, tilts):
    """Base and slopes of probabilities: exact when they follow the model, near them otherwise."""
    scores, design, free = ways
    tilts[:] = 0.0
    for d in range(len(tilts)):
        for m in range(len(logs)):
            for c in range(len(sizes)):
                tilts[d, c] += slopes_of[d, m] * logs[m, c]
    found = tilts.copy() if free else tilts @ features_of
    slopes[:] = np.minimum(np.maximum(found, -STEEPEST), STEEPEST)
    _tilt(slopes, design, free, tilts)
    # Empty classes say nothing; where all are empty, they are alike.
    shares = (sizes + 1e-300) / (sizes + 1e-300).sum()
    lean = np.zeros(len(tilts))
    for d in range(len(tilts)):
        for c in range(len(sizes)):
            lean[d] += shares[c] * tilts[d, c]
    for m in range(len(base)):
        base[m] = 0.0
        for c in range(len(sizes)):
            base[m] += shares[c] * logs[m, c]
        for d in range(len(tilts)):
            base[m] -= scores[m, d] * lean[d]
    base[:] = np.maximum(base - base.max(), LOWEST)


@_jit
def _tilt(slopes, design, free, tilts):
    """Write the slope of each class, (D, classes)."""
    if free:
        tilts[:] = slopes
    else:
        tilts[:] = slopes @ design


@_jit
def _evaluate(told, base, tilts, scores, probs, scratch, rows):
    """Write the probabilities (levels, classes); return the log-likelihood of the counts."""
    sizes, totals, wanted = told
    top, total = rows
    n_levels, n_classes = probs.shape
    top[:], total[:] = -np.inf, 0.0
    value = 0.0
    for m in range(n_levels):
        value += totals[m] * base[m]
        for c in range(n_classes):
            probs[m, c] = base[m]
        for d in range(len(tilts)):
            for c in range(n_classes):
                probs[m, c] += scores[m, d] * tilts[d, c]
        for c in range(n_classes):
            top[c] = max(top[c], probs[m, c])
    for m in range(n_levels):
        for c in range(n_classes):
            probs[m, c] -= top[c]
    exponentials(probs.reshape(n_levels * n_classes), scratch, n_levels * n_classes)
    for m in range(n_levels):
        for c in range(n_classes):
            total[c] += probs[m, c]
    for d in range(len(tilts)):
        for c in range(n_classes):
            value += wanted[d, c] * tilts[d, c]
    for c in range(n_classes):
        value -= sizes[c] * (top[c] + math.log(total[c]))
        total[c] = 1.0 / total[c]
    for m in range(n_levels):
        for c in range(n_classes):
            probs[m, c] *= total[c]
    return value


@_jit
def _newton(told, ways, probs):
    """Newton step of the slopes (D, features) with the base held."""
    sizes, _, wanted = told
    scores, design, free = ways
    width, n_classes = wanted.shape
    ahead, spread = np.empty((width, n_classes)), np.empty((width, width, n_classes))
    _differences(sizes, wanted, scores, probs, ahead, spread)
    # Slopes of free classes do not meet: each has a block of its own.
    step = _blockwise(ahead, spread) if free else _bound(ahead, spread, design)
    longest = np.abs(step).max()
    if not longest <= LONGEST:
        step *= LONGEST / longest if np.isfinite(longest) else 0.0
    return step


@_jit
def _differences(sizes, wanted, scores, probs, ahead, spread):
    """How far each class is from the scores that it has, and how these vary in it."""
    width, n_classes = wanted.shape
    mean, near = np.zeros((width, n_classes)), np.empty((width, n_classes))
    spread[:] = 0.0
    for m in range(len(scores)):
        for d in range(width):
            for c in range(n_classes):
                mean[d, c] += probs[m, c] * scores[m, d]
    for m in range(len(scores)):
        for d in range(width):
            for c in range(n_classes):
                near[d, c] = scores[m, d] - mean[d, c]
            for e in range(d + 1):
                for c in range(n_classes):
                    spread[d, e, c] += probs[m, c] * near[d, c] * near[e, c]
    for d in range(width):
        for c in range(n_classes):
            ahead[d, c] = wanted[d, c] - sizes[c] * mean[d, c]
        for e in range(d + 1):
            for c in range(n_classes):
                spread[d, e, c] *= sizes[c]
                spread[e, d, c] = spread[d, e, c]


@_jit
def _blockwise(ahead, spread):
    """Solve for each class alone."""
    width, n_classes = ahead.shape
    step = np.empty((width, n_classes))
    for c in range(n_classes):
        if width == 1:
            step[0, c] = ahead[0, c] / ((1.0 + RIDGE) * spread[0, 0, c] + RIDGE)
        elif width == 2:
            ridge = RIDGE * (spread[0, 0, c] + spread[1, 1, c]) + RIDGE
            first, second = spread[0, 0, c] + ridge, spread[1, 1, c] + ridge
            shared = spread[0, 1, c]
            across = first * second - shared * shared
            step[0, c] = (second * ahead[0, c] - shared * ahead[1, c]) / across
            step[1, c] = (first * ahead[1, c] - shared * ahead[0, c]) / across
        else:
            step[:, c] = _solved(spread[:, :, c].copy(), ahead[:, c].copy())
    return step


@_jit
def _bound(ahead, spread, design):
    """Solve for what binds the classes, (D, features)."""
    width, n_classes = ahead.shape
    n_features = len(design)
    gradient = np.zeros((n_features, width))
    curvature = np.zeros((n_features, width, n_features, width))
    for f in range(n_features):
        for d in range(width):
            for c in range(n_classes):
                gradient[f, d] += design[f, c] * ahead[d, c]
        for g in range(f + 1):
            _add_products(design[f], design[g], spread, curvature[f, :, g])
            curvature[g, :, f] = curvature[f, :, g]
    size = n_features * width
    found = _solved(curvature.reshape(size, size), gradient.reshape(size))
    return found.reshape(n_features, width).T.copy()


@_jit
def _add_products(one, other, spread, block):
    """Add up what two features have in common; most are of different segments."""
    width = len(block)
    for c in range(len(one)):
        both = one[c] * other[c]
        if both != 0.0:
            for d in range(width):
                for e in range(width):
                    block[d, e] += both * spread[d, e, c]


@_jit
def _solved(matrix, right):
    """Solve a system that a ridge makes regular: a direction without data stays where it is."""
    trace = 0.0
    for i in range(len(matrix)):
        trace += matrix[i, i]
    for i in range(len(matrix)):
        matrix[i, i] += RIDGE * trace + RIDGE
    return np.linalg.solve(matrix, right)


@_jit
def _move(told, ways, step, base, slopes, tilts, probs, value, work):
    """Take the step, or as much of it as does not overshoot; return the log-likelihood."""
    scores, design, free = ways
    trial, scratch, rows = work
    length = 1.0
    for _ in range(HALVINGS):
        there = np.minimum(np.maximum(slopes + length * step, -STEEPEST), STEEPEST)
        _tilt(there, design, free, tilts)
        found = _evaluate(told, base, tilts, scores, trial, scratch, rows)
        if found >= value - 1e-13 * abs(value):
            slopes[:], probs[:] = there, trial
            return found
        length *= 0.5
    return value


@_jit
def _rescale(told, base, probs, rows):
    """Scale the base so that the levels get nearer to their totals (one iterative scaling).

    Probabilities follow, and the log-likelihood that this gains is returned.
    """
    sizes, totals, _ = told
    _, total = rows
    total[:] = 0.0
    before = base.copy()
    for m in range(len(base)):
        expected = 0.0
        for c in range(len(sizes)):
            expected += sizes[c] * probs[m, c]
        base[m] += math.log(max(totals[m], 1e-300) / max(expected, 1e-300))
    base[:] = np.maximum(base - base.max(), LOWEST)
    gain = 0.0
    for m in range(len(base)):
        grown = base[m] - before[m]
        gain += totals[m] * grown
        factor = math.exp(grown)
        for c in range(len(sizes)):
            probs[m, c] *= factor
            total[c] += probs[m, c]
    for c in range(len(sizes)):
        gain -= sizes[c] * math.log(total[c])
        total[c] = 1.0 / total[c]
    for m in range(len(base)):
        for c in range(len(sizes)):
            probs[m, c] *= total[c]
    return gain
