"""Bands of a sliding scale: the points of a continuum, put together between borders.

Borders are those with which bands keep most of the differences along a normal scale (Max 1960;
Lloyd 1982). A band is no more than a stretch: the model stays the continuum, so that a customer's
probability of a band is that of the places in it, and those near a border are in two of them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtr

from forwhom.mixture.continuum import (
    Continuum,
    classes_at,
    converge,
    fit_continuum,
    fit_with_factor,
)
from forwhom.mixture.design import Design
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.sampling import sample_of
from forwhom.mixture.scale import at_points, axes, row_places, variance
from forwhom.mixture.shape import Floats, Ints, Shape, added_up

#: Numbers of bands that are good to work with.
FEWEST, MOST = 3, 5
#: Share of the customers who have to be expected in the band that they are of, for more bands.
RIGHT = 0.7
#: Customers that the scale is learned from; all of them only correct it.
ROWS = 20_000
#: Points in a band at the end of the scale, and in one between two others.
OUTER, INNER = 5, 3
#: Beyond this there is nobody on a normal scale.
END = 8.0


def borders(n: int) -> Floats:
    """Return the borders between n bands of a standard normal scale, shape (n - 1,).

    Examples
    --------
    >>> borders(3).round(3).tolist()
    [-0.612, 0.612]
    """
    found = np.linspace(-1.0, 1.0, n + 1)[1:-1] * 1.5
    for _ in range(1000):
        centers = _centers(found)
        found = 0.5 * (centers[1:] + centers[:-1])
    return np.asarray(0.5 * (found - found[::-1]))  # as symmetric as the scale


def _centers(cuts: Floats) -> Floats:
    """Mean of a standard normal distribution in each of the bands between some cuts."""
    ends = np.concatenate([[-END], cuts, [END]])
    density = np.exp(-0.5 * ends**2) / np.sqrt(2.0 * np.pi)
    return np.asarray(-np.diff(density) / np.diff(ndtr(ends)))


def points(cuts: Floats) -> tuple[Floats, Floats, Ints]:
    """Return points for bands between cuts: places, their log shares, and the band of each."""
    ends = [-END, *cuts.tolist(), END]
    found, shares, band = [], [], []
    for i in range(len(ends) - 1):
        n = OUTER if i in (0, len(ends) - 2) else INNER
        z, weight = gauss(ends[i], ends[i + 1], n)
        found.append(z)
        shares.append(weight)
        band += [i] * n
    share = np.concatenate(shares)
    return np.concatenate(found), np.log(share / share.sum()), np.array(band)


def gauss(low: float, high: float, n: int) -> tuple[Floats, Floats]:
    """Gauss's points and weights for a standard normal distribution between two ends.

    By Stieltjes' procedure on a fine grid, and the eigenvalues of Jacobi's matrix (Golub and Welsch
    1969).

    Examples
    --------
    >>> z, share = gauss(-8.0, 8.0, 3)
    >>> z.round(3).tolist(), share.round(3).tolist()
    ([-1.732, -0.0, 1.732], [0.167, 0.667, 0.167])
    """
    edges = np.linspace(low, high, 4001)
    mass, grid = np.diff(ndtr(edges)), 0.5 * (edges[1:] + edges[:-1])
    before, now, norm = np.zeros_like(grid), np.ones_like(grid), 1.0
    diagonal, beside = [], []
    for _ in range(n):
        size = float(mass @ now**2)
        diagonal.append(float(mass @ (grid * now**2)) / size)
        beside.append(size / norm)  # of the first nothing depends: before it is nothing
        before, now = now, (grid - diagonal[-1]) * now - beside[-1] * before
        norm = size
    off = np.sqrt(beside[1:])
    z, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(off, 1) + np.diag(off, -1))
    return z, mass.sum() * vectors[0] ** 2


def fit_bands(
    design: Design,
    kind: Continuum,
    degree: int,
    numbers: Sequence[int],
    *,
    prior: float = 1.0,
    n_threads: int | None = None,
) -> FittedMixture:
    """Fit one factor to customers and cut it into bands, the lowest first.

    Of the ``numbers`` of bands it is the largest with which enough customers are expected in the
    band that they are of, or else the smallest. Up is where most of the variables rise.
    """
    part, _ = sample_of(design, ROWS)
    scale = fit_continuum(part, kind, degree, prior=prior, n_threads=n_threads)
    for n in sorted(numbers, reverse=True):
        z, log_shares, band = points(borders(n))
        classes = classes_at(z[:, None], log_shares, bends=kind.bends)
        shape = Shape(degree=degree, classes=replace(classes, band=band))
        start = _placed(scale, log_shares, z)
        if n == min(numbers) or _right(part, shape, start) >= RIGHT:
            break
    return converge(Expectation(design, shape, n_threads), start, prior)


def with_factor(fitted: FittedMixture, *, prior: float = 1.0) -> FittedMixture:
    """Fit segments with a factor common to all of them to many customers, the largest first."""
    data = fitted.data
    sample, _ = sample_of(data.design, ROWS)
    part = Expectation(sample, data.layout.shape, data.n_threads)
    styled = fit_with_factor(replace(fitted, data=part), prior=prior)
    shape = styled.data.layout.shape
    found = converge(Expectation(data.design, shape, data.n_threads), styled.parameters, prior)
    return found.ordered(np.argsort(-found.weights, kind="stable"))


def kept(fitted: FittedMixture) -> float:
    """Share of the differences along the scale, as far as they are known, that bands keep."""
    place, weights = row_places(fitted), fitted.data.design.row_weights
    band = fitted.row_responsibilities.argmax(axis=1)
    sums, sizes = np.bincount(band, weights * place), np.bincount(band, weights)
    mean = (sums / np.maximum(sizes, 1e-300))[band]
    return float(np.clip(variance(mean, weights) / variance(place, weights), 0.0, 1.0))


def _placed(scale: FittedMixture, log_shares: Floats, z: Floats) -> Parameters:
    """Take the parameters of a scale at other places, up where most variables rise."""
    found = at_points(scale, z, axes(scale)[0])
    return Parameters(((np.exp(log_shares)[None],), *found.parts[1:]))


def _right(design: Design, shape: Shape, parameters: Parameters) -> float:
    """Share of the customers that are expected in the band where they are put."""
    assert shape.classes is not None
    chances = Expectation(design, shape).responsibilities(parameters)
    best = added_up(chances, shape.classes.parts).max(axis=1)
    return float(np.average(best, weights=design.row_weights))
