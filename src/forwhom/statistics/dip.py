"""How far the values of one number are from having one mode: Hartigan and Hartigan's dip (1985)."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_options = {"nogil": True, "error_model": "numpy"}
_jit = nb.njit(cache=True, **_options)
_part = nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_options)


def dip(points: Floats, below: Floats, through: Floats) -> float:
    """Return the smallest distance of a distribution function from a unimodal one.

    The function has the values ``below`` just under the ascending ``points`` and ``through`` at
    them, shape (n,), and is a straight line between two points wherever these leave a rise.

    Examples
    --------
    >>> half = np.array([0.0, 0.5, 1.0])  # two equal point masses
    >>> dip(np.array([0.0, 1.0]), half[:-1], half[1:])
    0.25
    """
    return float(_dip(points, below, through))


def spread(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the distribution function of values whose mass lies evenly around each.

    The mass of a value reaches halfway to the next ones, so that rounded and counted values have
    no more modes than what was rounded. That of a round number reaches to the next ones as round:
    people say 50 and 100, and mean what lies around; and that of a value as frequent as many
    around it, over these. Returns the knots and the function there.
    """
    distinct, where = np.unique(values, return_inverse=True)
    mass = np.bincount(where, weights=weights)
    gap = np.concatenate([[0.0], np.diff(distinct), [0.0]])
    low, high = _reach(distinct, mass, gap, float(mass.sum()) / 4)
    density = mass / mass.sum() / (high - low)
    knots, at = np.unique(np.concatenate([low, high]), return_inverse=True)
    slopes = np.cumsum(np.bincount(at, weights=np.concatenate([density, -density])))
    share = np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(knots))])
    return knots, share


@_jit  # type: ignore[untyped-decorator]
def _dip(x: Floats, below: Floats, through: Floats) -> float:
    """Shrink the interval of the mode until what is inside is no farther than what is outside."""
    low, high = 0, len(x) - 1
    reached = 0.0  # twice the distance
    while True:
        convex = _hull(x, below, low, high, 1.0)  # greatest convex minorant
        concave = _hull(x, through, low, high, -1.0)  # least concave majorant
        under, over = _along(x, below, convex), _along(x, through, concave)
        gap, first, last = _widest(under, over, convex, concave)
        if gap <= reached:
            break
        # An atom at the mode itself costs nothing: a unimodal distribution may have one there.
        for i in range(low, first):
            reached = max(reached, through[i] - under[i])
        for i in range(last + 1, high + 1):
            reached = max(reached, over[i] - below[i])
        if first == low and last == high:
            break
        low, high = first, last
    return reached / 2


@_part  # type: ignore[untyped-decorator]
def _widest(under: Floats, over: Floats, convex: Ints, concave: Ints) -> tuple[float, int, int]:
    """Return the widest gap between minorant and majorant, and the points that enclose it."""
    gap, first, last = -1.0, convex[0], concave[-1]
    at = 0
    for i in convex:
        while concave[at] < i:
            at += 1
        if over[i] - under[i] > gap:
            gap, first, last = over[i] - under[i], i, concave[at]
    at = 0
    for i in concave:
        while at + 1 < len(convex) and convex[at + 1] <= i:
            at += 1
        if over[i] - under[i] > gap:
            gap, first, last = over[i] - under[i], convex[at], i
    return gap, first, last


@_part  # type: ignore[untyped-decorator]
def _hull(x: Floats, y: Floats, low: int, high: int, sign: float) -> Ints:
    """Return the points on the lower (sign 1) or upper (-1) hull between low and high."""
    kept = np.empty(high - low + 1, dtype=np.int64)
    size = 0
    for i in range(low, high + 1):
        while size > 1:
            a, b = kept[size - 2], kept[size - 1]
            turn = (y[b] - y[a]) * (x[i] - x[a]) - (y[i] - y[a]) * (x[b] - x[a])
            if sign * turn < 0:
                break
            size -= 1
        kept[size] = i
        size += 1
    return kept[:size]


@_part  # type: ignore[untyped-decorator]
def _along(x: Floats, y: Floats, knots: Ints) -> Floats:
    """Return the line through some points, at every point between the first and the last."""
    line = np.empty(len(x))
    for s in range(len(knots) - 1):
        a, b = knots[s], knots[s + 1]
        slope = (y[b] - y[a]) / (x[b] - x[a])
        for i in range(a, b):
            line[i] = y[a] + slope * (x[i] - x[a])
    line[knots[-1]] = y[knots[-1]]
    return line


@_jit  # type: ignore[untyped-decorator]
def _reach(x: Floats, mass: Floats, gap: Floats, quarter: float) -> tuple[Floats, Floats]:
    """Return where the mass of each value begins and ends; ``gap`` lies before and after each."""
    low, high = np.empty(len(x)), np.empty(len(x))
    for i in range(len(x)):
        below, above = _next(x, mass, i, -1), _next(x, mass, i, 1)
        end = (below == 0 and above <= 0) or (above == 0 and below <= 0)
        if end or mass[i] > quarter:  # a spike, not a round number
            below, above = gap[i], gap[i + 1]
        elif below < 0 and above < 0:  # a price that many pay, and as many less and more
            below, above = -below, -above
        low[i] = x[i] - (below if below > 0 else above) / 2
        high[i] = x[i] + (above if above > 0 else below) / 2
    return low, high


@_part  # type: ignore[untyped-decorator]
def _next(x: Floats, mass: Floats, i: int, step: int) -> float:
    """Return how far the next value is that is half as frequent.

    Negative is how far it is until as many lie between without one; 0 where not even these do.
    """
    skipped, j = 0.0, i + step
    while 0 <= j < len(x):
        distance = abs(float(x[j] - x[i]))
        if 2 * mass[j] >= mass[i]:
            return distance
        skipped += mass[j]
        if skipped >= mass[i]:
            return -distance
        j += step
    return 0.0
