"""Continua: customers on a line or a surface, fitted on the same bins as segments are.

A continuum is a mixture of very many classes that differ in one way: class q stands at the point
z_q of a common factor, has the share that a normal distribution gives it, and tilts every variable
by ``(b + λ z_q) . s`` (a latent trait model with Gauss and Hermite's nodes; Bock and Aitkin 1981,
Heinen 1996). So its likelihood is comparable to that of segments, and the engine is the same.
Segments may have a common factor besides: response style, or the size of a customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture, fitted_by
from forwhom.mixture.maximization import fit_partition
from forwhom.mixture.parameters import Parameters, stack
from forwhom.mixture.shape import Classes, Shape

Floats = NDArray[np.float64]

#: Nodes along each of so many dimensions; those with less weight than this are left out.
NODES = {1: 13, 2: 7, 3: 5}
LEAST_WEIGHT = 1e-4
#: Nodes around a closed scale.
CIRCLE = 16
#: Passes and tolerance (gain per customer): a hundredth of a unit of BIC does not matter.
PASSES, TOL = 300, 1e-7
#: Passes after which the best start is chosen.
SCREEN_PASSES = 15


@dataclass(frozen=True)
class Continuum:
    """A way in which customers can differ by degrees."""

    name: str
    dimensions: int
    #: How often what moves along it may turn: powers of the factor besides the first.
    bends: int = 0
    #: Whether it has no ends: places all around a circle, as seasons and hours have them.
    closed: bool = False
    #: Variables under which it has too many parameters to be told from segments.
    least_variables: int = 2


CONTINUA = (
    Continuum("one factor", 1),
    Continuum("curved", 1, bends=1, least_variables=3),
    Continuum("curved twice", 1, bends=2, least_variables=4),
    Continuum("two factors", 2, least_variables=4),
    Continuum("closed", 2, closed=True, least_variables=4),
    Continuum("curved surface", 2, bends=1, least_variables=4),
    Continuum("three factors", 3, least_variables=7),
)


def nodes(dimensions: int) -> tuple[Floats, Floats]:
    """Points (nodes, dimensions) of a standard normal distribution, and logs of their weights."""
    z, weight = np.polynomial.hermite_e.hermegauss(NODES[dimensions])
    logs = np.log(weight / weight.sum())
    grid = np.stack(np.meshgrid(*[z] * dimensions, indexing="ij"), axis=-1).reshape(-1, dimensions)
    total = np.sum(np.meshgrid(*[logs] * dimensions, indexing="ij"), axis=0).ravel()
    kept = total > np.log(LEAST_WEIGHT) if dimensions > 1 else np.ones(len(total), dtype=bool)
    total = total[kept]
    return grid[kept], total - np.log(np.exp(total).sum())


def circle() -> tuple[Floats, Floats]:
    """Points (nodes, 2) around a circle, with variance 1 along each axis, and logs of weights."""
    angles = 2 * np.pi * np.arange(CIRCLE) / CIRCLE
    z = np.sqrt(2.0) * np.column_stack([np.cos(angles), np.sin(angles)])
    return z, np.full(CIRCLE, -np.log(CIRCLE))


def powers(z: Floats, bends: int) -> Floats:
    """A factor and its powers, unrelated where it is standard normal: Hermite's polynomials."""
    found = [z, (z**2 - 1) / np.sqrt(2), (z**3 - 3 * z) / np.sqrt(6)]
    return np.hstack(found[: 1 + bends])


def classes_at(z: Floats, logs: Floats, k: int = 1, *, bends: int = 0) -> Classes:
    """Return k segments, each with classes at points z (nodes, dimensions) of a common factor."""
    dimensions = z.shape[1]
    basis = powers(z, bends)
    segment = np.repeat(np.arange(k), len(z))
    features = np.vstack([segment == np.arange(k)[:, None], np.tile(basis.T, k)])
    free = 0 if bends else dimensions * (dimensions - 1) // 2
    return Classes(segment, np.tile(logs, k), features.astype(np.float64), np.tile(z, (k, 1)), free)


def fit_continuum(
    design: Design,
    kind: Continuum,
    degree: int,
    *,
    prior: float = 1.0,
    n_threads: int | None = None,
) -> FittedMixture:
    """Fit a continuum, from the directions in which customers differ most."""
    places = circle() if kind.closed else nodes(kind.dimensions)
    classes = classes_at(*places, bends=kind.bends)
    data = Expectation(design, Shape(degree=degree, classes=classes), n_threads)
    starts = [
        fit_partition(data, near(classes.places, axes), max(prior, 0.1))
        for axes in _axes(data, kind.dimensions)
    ]
    return converge(data, stack(starts), prior)


def fit_with_factor(fitted: FittedMixture, *, prior: float = 1.0) -> FittedMixture:
    """Fit the segments of a mixture with a factor that is common to all of them."""
    classes = classes_at(*nodes(1), fitted.k)
    degree, design = fitted.data.layout.shape.degree, fitted.data.design
    shape = Shape(degree=degree, classes=classes)
    data = Expectation(design, shape, fitted.data.n_threads)
    own = fitted.data.responsibilities(fitted.parameters)[:, classes.segment]
    starts = [
        fit_partition(data, _shares(own * near(classes.places, axes)), max(prior, 0.1))
        for axes in _axes(data, 1)
    ]
    return converge(data, stack(starts), prior)


def converge(data: Expectation, starts: Parameters, prior: float) -> FittedMixture:
    """Run the best of some starts to its end."""
    if starts.n_starts > 1:
        short = run_em(data, starts, prior=prior, tol=TOL, max_iter=SCREEN_PASSES)
        starts = short.parameters.pick(np.array([int(np.argmax(short.objective))]))
    runs = run_em(data, starts, prior=prior, tol=TOL, max_iter=PASSES)
    return fitted_by(data, runs)


def _shares(found: Floats) -> Floats:
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def near(z: Floats, axes: Floats) -> Floats:
    """Soft membership of rows in nodes z, by where they stand on axes (rows, dimensions)."""
    distance = ((axes[:, None, :] - z[None]) ** 2).sum(axis=2)
    logs = -distance - 0.15 * (z**2).sum(axis=1)
    logs -= logs.max(axis=1, keepdims=True)
    return _shares(np.exp(logs))


def _axes(data: Expectation, dimensions: int) -> Sequence[Floats]:
    """Principal axes to start from: the first ones, the next one first, and random ones."""
    values = indicators(data.design)
    weights = data.design.row_weights
    values = values - np.average(values, axis=0, weights=weights)
    scale = np.sqrt(np.average(values**2, axis=0, weights=weights))
    values = values[:, scale > 0] / scale[scale > 0]
    _, directions = np.linalg.eigh((values * weights[:, None]).T @ values)
    principal = directions[:, ::-1]
    rng = np.random.default_rng([dimensions, values.shape[1]])
    wanted = [principal[:, :dimensions], rng.normal(size=(values.shape[1], dimensions))]
    if values.shape[1] > dimensions:
        wanted.append(principal[:, 1 : dimensions + 1])
    found = []
    for one in wanted:
        axes = values @ one
        found.append(axes / np.maximum(axes.std(axis=0), 1e-9))
    return found


def indicators(design: Design) -> Floats:
    """Numbers that stand for all coded items: scores, or one column per level; (rows, columns)."""
    columns = []
    for index, item in enumerate(design.items):
        codes = design.item_codes(index)
        table = np.array(item.scores)[:, None] if item.scores else np.eye(len(item.levels))
        mean = table[codes[codes >= 0]].mean(axis=0)
        columns.append(np.where((codes >= 0)[:, None], table[codes], mean))
    return np.hstack(columns)
