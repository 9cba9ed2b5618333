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
from collections.abc import Sequence
from functools import lru_cache

import numba as nb
import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.kernels import exponentials

Floats = NDArray[np.float64]

_options = {"nogil": True, "error_model": "numpy"}
_jit = nb.njit(cache=True, **_options)
_part = nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_options)

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

    ``design`` has shape (features, classes), and some of its rows sum to one for every class;
    without it every class has slopes of its own.
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


class Tiltings:
    """What binds several items, each with the first of its rows, for one call of the kernel."""

    def __init__(self, tiltings: Sequence[Tilting], first: Sequence[int]) -> None:
        self._design, self._features_of = tiltings[0].design, tiltings[0].features_of
        shapes = np.array([one.scores.shape for one in tiltings])
        begin = np.cumsum(shapes.prod(axis=1)) - shapes.prod(axis=1)
        self._at = np.column_stack([first, shapes, begin]).astype(np.int64)
        self._scores = np.concatenate([one.scores.ravel() for one in tiltings])
        self._slopes_of = np.concatenate([one.slopes_of.ravel() for one in tiltings])

    @classmethod
    def of(cls, tiltings: Sequence[Tilting], first: Sequence[int]) -> Tiltings | None:
        """Return those that bind something, if any do."""
        pairs = zip(tiltings, first, strict=True)
        bound = [(one, row) for one, row in pairs if not one.saturated]
        return cls([one for one, _ in bound], [row for _, row in bound]) if bound else None

    def fit(
        self,
        counts: Floats,
        current: Floats,
        out: Floats,
        cycles: int = CYCLES,
        enough: float = ENOUGH,
    ) -> None:
        """Write probabilities (S, levels, classes) that fit weighted counts better into ``out``.

        ``current`` are probabilities to begin with; they need not follow the model. A cycle that
        gains less than ``enough``, as part of the log-likelihood, is the last one.
        """
        free = self._design is None or self._features_of is None
        design = _apart(counts.shape[2]) if self._design is None else self._design
        features_of = design if self._features_of is None else self._features_of
        # In one order of bytes, so that one kernel is compiled.
        counts, logs = np.ascontiguousarray(counts), np.log(np.maximum(current, 1e-300), order="C")
        fit_all(
            counts, logs, self._at, self._scores,
            self._slopes_of, design, features_of, free, cycles, enough, out,
        )  # fmt: skip


def tilted(
    counts: Floats,
    current: Floats,
    tilting: Tilting,
    cycles: int = CYCLES,
    enough: float = ENOUGH,
) -> Floats:
    """Return probabilities of one item, as :meth:`Tiltings.fit` writes them."""
    out = np.empty(counts.shape)
    Tiltings([tilting], [0]).fit(counts, current, out, cycles, enough)
    return out


@lru_cache
def _apart(n_classes: int) -> Floats:
    """The design of classes that nothing binds."""
    return np.eye(n_classes)


@_jit
def fit_all(counts, logs, at, scores, slopes_of, design, features_of, free, cycles, enough, out):
    """Fit the items of every start; each has a row of ``at``.

    It holds the first row of the item, its levels, the width of its scores, and where these begin;
    ``slopes_of`` and ``features_of`` are the inverses of scores and design.
    """
    for j in range(len(at)):
        first, n_levels, width, begin = at[j, 0], at[j, 1], at[j, 2], at[j, 3]
        end = begin + n_levels * width
        own = scores[begin:end].reshape(n_levels, width)
        inverse = slopes_of[begin:end].reshape(width, n_levels)
        ways = (own, design, free)
        _fit_item((counts, logs, out), first, ways, (inverse, features_of), cycles, enough)


@_part
def _rows(array, s, first, n_levels):
    """The rows of an item in one start, (levels, classes)."""
    n_classes = array.shape[2]
    begin = (s * array.shape[1] + first) * n_classes
    flat = array.reshape(array.size)
    return flat[begin : begin + n_levels * n_classes].reshape(n_levels, n_classes)


@_part
def _fit_item(arrays, first, ways, inverses, cycles, enough):
    """Fit one item of every start."""
    scores, design, _free = ways
    slopes_of, features_of = inverses
    n_levels, width = scores.shape
    n_features, n_classes = design.shape
    base, totals, level = np.empty(n_levels), np.empty(n_levels), np.empty(n_levels)
    slopes, tilts = np.empty((width, n_features)), np.empty((width, n_classes))
    wanted, sizes = np.empty((width, n_classes)), np.empty(n_classes)
    trial, scratch = np.empty((n_levels, n_classes)), np.empty(n_levels * n_classes)
    rows, there = np.empty((2, n_classes)), np.empty((width, n_features))
    told = (sizes, totals, wanted)
    for s in range(len(arrays[0])):
        counts, logs = _rows(arrays[0], s, first, n_levels), _rows(arrays[1], s, first, n_levels)
        probs = _rows(arrays[2], s, first, n_levels)
        _add_up(counts, scores, sizes, totals, wanted)
        _recover(logs, sizes, ways, slopes_of, features_of, base, slopes, tilts)
        value = _evaluate(told, base, tilts, scores, probs, scratch, rows)
        if not value >= _flat(totals, level):
            slopes[:], tilts[:] = 0.0, 0.0
            for m in range(n_levels):
                base[m] = level[m]
            value = _evaluate(told, base, tilts, scores, probs, scratch, rows)
        for _ in range(cycles):
            before = value
            step = _newton(told, ways, probs)
            value = _move(
                told, ways, step, base, slopes, tilts, probs, value, (there, trial, scratch, rows)
            )
            value += _rescale(told, base, probs, rows)
            # Near the end of EM the slopes hardly move: one cycle is enough.
            if value - before <= enough * abs(value):
                break


@_part
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


@_part
def _flat(totals, level):
    """Write the base of classes that are all alike; return its log-likelihood."""
    whole, value = 0.0, 0.0
    for m in range(len(totals)):
        level[m] = math.log(max(totals[m], 1e-300))
    _lower(level)
    for m in range(len(totals)):
        whole += math.exp(level[m])
    for m in range(len(totals)):
        value += totals[m] * (level[m] - math.log(whole))
    return value


@_part
def _lower(base):
    """Move a base so that its highest level is 0, and none is below the lowest."""
    top = -np.inf
    for m in range(len(base)):
        top = max(top, base[m])
    for m in range(len(base)):
        base[m] = max(base[m] - top, LOWEST)


@_part
def _recover(logs, sizes, ways, slopes_of, features_of, base, slopes, tilts):
    """Base and slopes of probabilities: exact when they follow the model, near them otherwise."""
    scores, design, free = ways
    tilts[:] = 0.0
    for d in range(len(tilts)):
        for m in range(len(logs)):
            for c in range(len(sizes)):
                tilts[d, c] += slopes_of[d, m] * logs[m, c]
    _tilt(tilts, features_of, free, slopes)
    for d in range(len(slopes)):
        for f in range(slopes.shape[1]):
            slopes[d, f] = _within(slopes[d, f])
    _tilt(slopes, design, free, tilts)
    # Empty classes say nothing; where all are empty, they are alike.
    whole = 0.0
    for c in range(len(sizes)):
        whole += sizes[c] + 1e-300
    for m in range(len(base)):
        base[m] = 0.0
        for c in range(len(sizes)):
            off = logs[m, c]
            for d in range(len(tilts)):
                off -= scores[m, d] * tilts[d, c]
            base[m] += (sizes[c] + 1e-300) / whole * off
    _lower(base)


@_part
def _within(slope):
    """A slope that is not too steep."""
    return min(max(slope, -STEEPEST), STEEPEST)


@_part
def _tilt(slopes, design, free, tilts):
    """Write the slope of each class, (D, classes): ``slopes @ design`` where that binds them."""
    for d in range(len(tilts)):
        for c in range(tilts.shape[1]):
            if free:
                tilts[d, c] = slopes[d, c]
            else:
                tilts[d, c] = 0.0
                for f in range(len(design)):
                    tilts[d, c] += slopes[d, f] * design[f, c]


@_part
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


@_part
def _newton(told, ways, probs):
    """Newton step of the slopes (D, features) with the base held."""
    sizes, _, wanted = told
    scores, design, free = ways
    width, n_classes = wanted.shape
    ahead, spread = np.empty((width, n_classes)), np.empty((width, width, n_classes))
    _differences(sizes, wanted, scores, probs, ahead, spread)
    # Slopes of free classes do not meet: each has a block of its own.
    step = _blockwise(ahead, spread) if free else _bound(ahead, spread, design)
    longest, finite = 0.0, True
    for d in range(width):
        for f in range(step.shape[1]):
            longest = max(longest, abs(step[d, f]))
            finite = finite and math.isfinite(step[d, f])
    if longest > LONGEST or not finite:
        for d in range(width):
            for f in range(step.shape[1]):
                step[d, f] = step[d, f] * (LONGEST / longest) if finite else 0.0
    return step


@_part
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


@_part
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
            found = _solved(spread[:, :, c].copy(), ahead[:, c].copy())
            for d in range(width):
                step[d, c] = found[d]
    return step


@_part
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
            for d in range(width):
                for e in range(width):
                    curvature[g, d, f, e] = curvature[f, d, g, e]
    size = n_features * width
    found = _solved(curvature.reshape(size, size), gradient.reshape(size))
    step = np.empty((width, n_features))
    for f in range(n_features):
        for d in range(width):
            step[d, f] = found[f * width + d]
    return step


@_part
def _add_products(one, other, spread, block):
    """Add up what two features have in common; most are of different segments."""
    width = len(block)
    for c in range(len(one)):
        both = one[c] * other[c]
        if both != 0.0:
            for d in range(width):
                for e in range(width):
                    block[d, e] += both * spread[d, e, c]


@_part
def _solved(matrix, right):
    """Solve a system that a ridge makes regular: a direction without data stays where it is.

    The matrix is symmetric and positive definite, so that elimination needs no order of pivots.
    That of LAPACK would cost more to compile than all the rest of the model.
    """
    n = len(matrix)
    trace = 0.0
    for i in range(n):
        trace += matrix[i, i]
    for i in range(n):
        matrix[i, i] += RIDGE * trace + RIDGE
    for i in range(n):
        for j in range(i + 1, n):
            factor = matrix[j, i] / matrix[i, i]
            right[j] -= factor * right[i]
            for k in range(i + 1, n):
                matrix[j, k] -= factor * matrix[i, k]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            right[i] -= matrix[i, k] * right[k]
        right[i] /= matrix[i, i]
    return right


@_part
def _move(told, ways, step, base, slopes, tilts, probs, value, work):
    """Take the step, or as much of it as does not overshoot; return the log-likelihood."""
    scores, design, free = ways
    there, trial, scratch, rows = work
    length = 1.0
    for _ in range(HALVINGS):
        for d in range(len(there)):
            for f in range(there.shape[1]):
                there[d, f] = _within(slopes[d, f] + length * step[d, f])
        _tilt(there, design, free, tilts)
        found = _evaluate(told, base, tilts, scores, trial, scratch, rows)
        if found >= value - 1e-13 * abs(value):
            _copy(there, slopes)
            _copy(trial, probs)
            return found
        length *= 0.5
    return value


@_part
def _copy(source, target):
    """Copy a matrix, number by number: numba compiles an assignment of arrays for seconds."""
    for i in range(len(source)):
        for j in range(source.shape[1]):
            target[i, j] = source[i, j]


@_part
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
    _lower(base)
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
