"""What moves along a factor: expected values at points of it, and how well a customer is placed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import CategoricalItem, DirichletMultinomialItem, Item, TiltItem
from forwhom.mixture.continuum import FittedClasses
from forwhom.mixture.families.distribution import Arrays
from forwhom.mixture.parameters import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moved:
    """One number that moves along a factor: a variable's value, or the share of a level."""

    variable: str
    level: str | None
    loading: float  # correlation with the factor
    values: Floats  # expected value at each point asked for


def positions(fitted: FittedClasses, z: Floats) -> Floats:
    """Expected place of each row on each dimension of the factor, (rows, dimensions)."""
    return fitted.responsibilities @ z


def reliability(fitted: FittedClasses, z: Floats) -> float:
    """Share of the variance of the (first) factor that the variables determine, 0 to 1."""
    weights = fitted.data.design.row_weights
    place = positions(fitted, z)[:, 0]
    mean = float(np.average(place, weights=weights))
    variance = float(np.average((place - mean) ** 2, weights=weights))
    of_factor = float(fitted.weights @ z[:, 0] ** 2 - (fitted.weights @ z[:, 0]) ** 2)
    return float(np.clip(variance / of_factor, 0.0, 1.0))


def moved_along(fitted: FittedClasses, z: Floats, points: Floats) -> list[Moved]:
    """What moves along the first dimension, strongest first; ``points`` are places on it."""
    weights = fitted.weights
    line = z[:, 0] - weights @ z[:, 0]
    sd = np.sqrt(weights @ line**2)
    found = []
    ordered = {i.variable for i in fitted.data.design.items if i.scores and not i.cuts}
    at = fitted.data.layout.items(_at(fitted, z, points).parts)
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
    return sorted(_strongest_level(found), key=lambda m: -abs(m.loading))


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


def _at(fitted: FittedClasses, z: Floats, points: Floats) -> Parameters:
    """Parameters at points of the first dimension, where the others are 0: natural ones are linear.

    The curve of a squared factor is a sum of its own, so the basis is that of the features.
    """
    features = fitted.classes.features
    segments = fitted.classes.n_segments
    shares = fitted.classes.by_segment(fitted.weights)
    basis = np.zeros((len(features), len(points)))
    basis[:segments] = shares[:, None] / shares.sum()
    dimensions = z.shape[1]
    basis[segments] = points
    if len(features) > segments + dimensions:  # curved
        basis[segments + dimensions :] = -1 / np.sqrt(2)
        basis[segments + dimensions] = (points**2 - 1) / np.sqrt(2)
    mix = np.linalg.pinv(features) @ basis
    parts: list[Arrays] = [(np.full((1, len(points)), 1 / len(points)),)]
    for distribution, arrays in zip(
        fitted.data.layout.distributions[1:], fitted.parameters.parts[1:], strict=True
    ):
        parts.append(
            distribution.parameters(tuple(x @ mix for x in distribution.coordinates(arrays)))
        )
    return Parameters(tuple(parts))
