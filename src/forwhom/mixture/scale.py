"""What moves along a factor: expected values at points of it, and how well a customer is placed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import CategoricalItem, DirichletMultinomialItem, Item, TiltItem
from forwhom.mixture.continuum import powers
from forwhom.mixture.families.distribution import Arrays
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.shape import Classes

Floats = NDArray[np.float64]


#: The axis of the first dimension.
FIRST = np.ones(1)
#: Turns of every pair of axes, after which nothing moves.
SWEEPS = 20


@dataclass(frozen=True)
class Moved:
    """One number that moves along an axis: a variable's value, or the share of a level."""

    variable: str
    level: str | None
    loading: float  # correlation with the factor
    values: Floats  # expected value at each point asked for


def reliability(fitted: FittedMixture, axis: Floats = FIRST) -> float:
    """Share of the variance along an axis that the variables determine, 0 to 1."""
    line, shares = _line(fitted, axis), fitted.class_weights
    of_factor = float(shares @ line**2 - (shares @ line) ** 2)
    spread = variance(row_places(fitted, axis), fitted.data.design.row_weights)
    return float(np.clip(spread / of_factor, 0.0, 1.0))


def row_places(fitted: FittedMixture, axis: Floats = FIRST) -> Floats:
    """Expected place of each row of the design along an axis, (rows,)."""
    return np.asarray(fitted.class_responsibilities @ _line(fitted, axis))


def _line(fitted: FittedMixture, axis: Floats) -> Floats:
    """Place of each class along an axis, (classes,)."""
    return np.asarray(_classes(fitted).places[:, : len(axis)] @ axis)


def variance(values: Floats, weights: Floats) -> float:
    """Weighted variance."""
    mean = float(np.average(values, weights=weights))
    return float(np.average((values - mean) ** 2, weights=weights))


def _classes(fitted: FittedMixture) -> Classes:
    assert fitted.classes is not None
    return fitted.classes


def moved_along(fitted: FittedMixture, points: Floats, axis: Floats = FIRST) -> list[Moved]:
    """What moves along an axis (dimensions,), strongest first; ``points`` are places on it."""
    found = _strongest_level(_moved(fitted, points, axis))
    return sorted(found, key=lambda m: -abs(m.loading))


def axes(fitted: FittedMixture) -> Floats:
    """Return the axes that are plainest to tell, strongest first, as rows (dimensions, dimensions).

    Several factors may be turned without a change of the model; they are turned so that each
    variable moves along few of them (varimax; Kaiser 1958), and upward where most variables rise.
    """
    one_by_one = np.eye(_classes(fitted).places.shape[1])
    found = [[m.loading for m in _moved(fitted, np.zeros(1), axis)] for axis in one_by_one]
    loadings = np.array(found).T
    turned = varimax(loadings)
    told = loadings @ turned
    up = np.where((told * np.abs(told)).sum(axis=0) < 0, -1.0, 1.0)
    order = np.argsort(-(told**2).sum(axis=0), kind="stable")
    return np.asarray((turned * up)[:, order].T)


def varimax(loadings: Floats) -> Floats:
    """Return the rotation (dimensions, dimensions) that makes loadings (n, dimensions) simple.

    Examples
    --------
    >>> both = np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2.0)
    >>> np.abs(both @ varimax(both)).round(6).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    n, dimensions = loadings.shape
    turned = np.eye(dimensions)
    for _ in range(SWEEPS):
        for i, j in combinations(range(dimensions), 2):
            x, y = (loadings @ turned[:, [i, j]]).T
            u, v = x**2 - y**2, 2 * x * y
            sine = 2 * (u @ v - u.sum() * v.sum() / n)
            cosine = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / n
            angle = 0.25 * np.arctan2(sine, cosine)
            c, s = np.cos(angle), np.sin(angle)
            turned[:, [i, j]] = turned[:, [i, j]] @ np.array([[c, -s], [s, c]])
    return turned


def _moved(fitted: FittedMixture, points: Floats, axis: Floats) -> list[Moved]:
    """What moves along an axis: every variable, or every level of one."""
    weights = fitted.class_weights
    line = _line(fitted, axis)
    line = line - weights @ line
    sd = np.sqrt(weights @ line**2)
    found = []
    ordered = {i.variable for i in fitted.data.design.items if i.scores and not i.cuts}
    at = fitted.data.layout.items(at_points(fitted, points, axis).parts)
    for item, there in zip(fitted.items(), at, strict=True):
        for (level, mean, square), (_, values, _) in zip(
            _moments(item, ordered), _moments(there, ordered), strict=True
        ):
            center = weights @ mean
            spread = np.sqrt(np.maximum(weights @ square - center**2, 1e-300))
            loading = float(weights @ (line * mean) / (sd * spread))
            [*names] = item.names
            name = level if isinstance(item, DirichletMultinomialItem) else names[0]
            shown = None if isinstance(item, DirichletMultinomialItem) else level
            found.append(Moved(str(name), shown, loading, values))
    return found


def _strongest_level(found: list[Moved]) -> Iterator[Moved]:
    """Keep the level of each variable that moves most."""
    best: dict[str, Moved] = {}
    for one in found:
        if one.variable not in best or abs(one.loading) > abs(best[one.variable].loading):
            best[one.variable] = one
    return iter(best.values())


def _moments(item: Item, ordered: Collection[str]) -> Iterator[tuple[str | None, Floats, Floats]]:
    """Level, mean and mean square under each class; ratings are told by their mean or top level."""
    if isinstance(item, TiltItem):
        p, centers = np.asarray(item.probabilities), np.asarray(item.centers)
        yield None, p @ centers, p @ centers**2
    elif isinstance(item, CategoricalItem):
        p = np.asarray(item.probabilities)
        numbers = as_numbers(item.levels) if item.variable in ordered else None
        if numbers is not None:
            yield None, p @ numbers, p @ numbers**2
            return
        top = item.variable in ordered or len(item.levels) == 2
        for code in range(len(item.levels) - 1 if top else 0, len(item.levels)):
            yield item.levels[code], p[:, code], p[:, code]
    elif isinstance(item, DirichletMultinomialItem):
        for part, share in zip(item.variables, np.asarray(item.shares).T, strict=True):
            alone = share * (share * item.precision + 1) / (item.precision + 1)
            yield part, share, alone


def as_numbers(levels: Sequence[str]) -> Floats | None:
    """Return levels that are numbers as such, else None."""
    try:
        return np.array([float(level) for level in levels])
    except ValueError:
        return None


def at_points(fitted: FittedMixture, points: Floats, axis: Floats = FIRST) -> Parameters:
    """Parameters at points along an axis: natural ones are linear in the features.

    The powers of a factor that bends are sums of their own, so the basis is that of the features.
    """
    classes = _classes(fitted)
    features, segments = classes.features, classes.n_segments
    shares = classes.by_segment(fitted.class_weights)
    basis = np.zeros((len(features), len(points)))
    basis[:segments] = shares[:, None] / shares.sum()
    dimensions = classes.places.shape[1]
    z = np.zeros((dimensions, len(points)))
    z[: len(axis)] = np.outer(axis, points)
    bends = (len(features) - segments) // dimensions - 1
    basis[segments:] = powers(z.T, bends).T
    mix = np.linalg.pinv(features) @ basis
    parts: list[Arrays] = [(np.full((1, len(points)), 1 / len(points)),)]
    for distribution, arrays in zip(
        fitted.data.layout.distributions[1:], fitted.parameters.parts[1:], strict=True
    ):
        parts.append(
            distribution.parameters(tuple(x @ mix for x in distribution.coordinates(arrays)))
        )
    return Parameters(tuple(parts))
