"""What moves along a factor: expected values at points of it, and how well a customer is placed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import CategoricalItem, DirichletMultinomialItem, Item, TiltItem
from forwhom.mixture.families.distribution import Arrays
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.shape import Classes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moved:
    """One number that moves along a factor: a variable's value, or the share of a level."""

    variable: str
    level: str | None
    loading: float  # correlation with the factor
    values: Floats  # expected value at each point asked for


def reliability(fitted: FittedMixture) -> float:
    """Share of the variance of the (first) factor that the variables determine, 0 to 1."""
    line, shares = _classes(fitted).places[:, 0], fitted.class_weights
    of_factor = float(shares @ line**2 - (shares @ line) ** 2)
    spread = variance(row_places(fitted), fitted.data.design.row_weights)
    return float(np.clip(spread / of_factor, 0.0, 1.0))


def row_places(fitted: FittedMixture) -> Floats:
    """Expected place of each row of the design on the (first) factor, (rows,)."""
    return np.asarray(fitted.class_responsibilities @ _classes(fitted).places[:, 0])


def variance(values: Floats, weights: Floats) -> float:
    """Weighted variance."""
    mean = float(np.average(values, weights=weights))
    return float(np.average((values - mean) ** 2, weights=weights))


def _classes(fitted: FittedMixture) -> Classes:
    assert fitted.classes is not None
    return fitted.classes


def moved_along(fitted: FittedMixture, points: Floats) -> list[Moved]:
    """What moves along the first dimension, strongest first; ``points`` are places on it."""
    weights, z = fitted.class_weights, _classes(fitted).places
    line = z[:, 0] - weights @ z[:, 0]
    sd = np.sqrt(weights @ line**2)
    found = []
    ordered = {i.variable for i in fitted.data.design.items if i.scores and not i.cuts}
    at = fitted.data.layout.items(at_points(fitted, points).parts)
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


def direction(fitted: FittedMixture) -> float:
    """Return 1.0 where most variables rise along the factor, and -1.0 where most of them fall."""
    loadings = np.array([moved.loading for moved in moved_along(fitted, np.zeros(1))])
    return -1.0 if float(loadings @ np.abs(loadings)) < 0 else 1.0


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


def at_points(fitted: FittedMixture, points: Floats) -> Parameters:
    """Parameters at points of the first dimension, where the others are 0: natural ones are linear.

    The curve of a squared factor is a sum of its own, so the basis is that of the features.
    """
    classes = _classes(fitted)
    features, segments = classes.features, classes.n_segments
    shares = classes.by_segment(fitted.class_weights)
    basis = np.zeros((len(features), len(points)))
    basis[:segments] = shares[:, None] / shares.sum()
    dimensions = classes.places.shape[1]
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
